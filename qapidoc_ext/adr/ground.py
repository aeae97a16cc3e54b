"""The evidence that the pages of a folder show, as facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from qapidoc_ext.adr import facts
from qapidoc_ext.adr.computed import answers_of, interface_of
from qapidoc_ext.adr.page import Directive, Page
from qapidoc_ext.adr.scenarios import SCENARIO
from qapidoc_ext.adr.shown import EXAMPLE, FITTING, INTERFACE, attempts_on, script_of
from qapidoc_ext.qmp.outcome import Failed, Run, Skipped
from qapidoc_ext.qmp.scenario import Attempt, trial
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.qmp.trial import Facts
from qapidoc_ext.source import Location, SourceError


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A piece of evidence."""

    name: str
    directive: str
    """The name of the directive that shows it."""
    path: str
    """Of its page."""
    subject: str
    """What stands before its facts: its name, or that of a scenario, where options can have the same facts."""
    facts: Facts | None
    """None where this build does not have them."""
    qemu: tuple[str, ...] = ()
    """The versions of the QEMUs that an example ran on."""
    is_recorded: bool = False
    """Whether that was not in this build."""
    missing: str = ""
    """Why there are no facts."""
    failed: str = ""
    """What went wrong in an example that is no evidence because of that; an attempt may fail, if a QEMU was there."""


_NOT_RUN = "nobody has run it"
Place = tuple[str, str]
"""The path of a page, and the name of what it shows."""
Grounds = Mapping[Place, Ground]


def grounds(pages: Iterable[Page], runs: Mapping[Place, Run]) -> dict[Place, Ground]:
    """All evidence of the pages; what examples found out is known only from their runs."""
    return {(page.path, one.name): one for page in pages for one in _of_page(page, runs)}


def find(name: str, path: str, every: Grounds) -> Ground | None:
    """The evidence of this name: what the page itself shows, or else the first page that shows it."""
    own = every.get((path, name))
    return own or next((one for (_, other), one in every.items() if other == name), None)


def scripts(pages: Iterable[Page]) -> dict[Place, Script]:
    """The examples of the pages that can be read; in the place of a name that one has not stands where it is."""
    found = {}
    for page in pages:
        for directive in page.directives:
            script = script_of(directive, page.path) if directive.name == EXAMPLE else None
            if script:
                found[page.path, script.header.name or str(directive.location)] = script
            attempts = attempts_on(directive) if directive.name == SCENARIO else ()
            found.update({(page.path, one.name): one.script for one in attempts if one.script})
    return found


def _of_page(page: Page, runs: Mapping[Place, Run]) -> Iterator[Ground]:
    for directive in page.directives:
        if directive.name == EXAMPLE:
            script = script_of(directive, page.path)
            label = script.header.name if script else directive.options.get("name")
            if label:
                yield _of_example(label, page.path, runs)
        elif directive.name == SCENARIO:
            yield from (_of_attempt(attempt, page.path, runs) for attempt in attempts_on(directive))
        elif directive.name in FITTING and (name := directive.options.get("name")):
            found = _computed(directive)
            yield Ground(name=name, directive=directive.name, path=page.path, subject=name, facts=found)


def _of_example(name: str, path: str, runs: Mapping[Place, Run]) -> Ground:
    run = runs.get((path, name))
    ground = Ground(name=name, directive=EXAMPLE, path=path, subject=name, facts=None, missing=_NOT_RUN)
    return _with_run(ground, run, facts.of_run(run)) if run else ground


def _of_attempt(attempt: Attempt, path: str, runs: Mapping[Place, Run]) -> Ground:
    run = runs.get((path, attempt.name))
    ground = Ground(
        name=attempt.name, directive=SCENARIO, path=path, subject=attempt.scenario, facts=None, missing=_NOT_RUN
    )
    if run is None:
        return ground if attempt.script else replace(ground, facts=trial(attempt, None).facts, missing="")
    tried = trial(attempt, run)
    return _with_run(ground, run, None if tried.not_tried else tried.facts)


def _with_run(ground: Ground, run: Run, found: Facts | None) -> Ground:
    return replace(
        ground,
        facts=found,
        qemu=tuple(dict.fromkeys(qemu.version for qemu in run.qemus)),
        is_recorded=bool(run.not_executed),
        missing=run.outcome.reason if isinstance(run.outcome, Skipped) else "",
        failed=str(run.outcome)
        if isinstance(run.outcome, Failed) and (ground.directive == EXAMPLE or not run.qemus)
        else "",
    )


def _computed(directive: Directive) -> Facts | None:
    """What a directive shows that needs no QEMU; None where it has faults, which are told elsewhere."""
    place = directive.location
    try:
        if directive.name == INTERFACE:
            return facts.of_change(interface_of(directive.options, place))
        start = Location(path=place.path, line=directive.content_line)
        return facts.of_answers(answers_of(directive.options, directive.content.splitlines(), start, place))
    except SourceError:
        return None
