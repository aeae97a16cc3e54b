"""What the page of a record shows, and what it has to show."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from qapidoc_ext.adr.decision import Record
from qapidoc_ext.adr.discussion import Discussion, Stance
from qapidoc_ext.adr.page import Directive, Page
from qapidoc_ext.adr.scenarios import SCENARIO, attempts_of
from qapidoc_ext.adr.verdict import Evidence
from qapidoc_ext.qmp.scenario import Attempt
from qapidoc_ext.qmp.script import Script, parse, parse_file
from qapidoc_ext.source import Finding, Location, SourceError

ARGUMENTS = "decision-arguments"
EXAMPLE = "qmp-example"
INTERFACE = "interface-change"
RECORDED = "recorded-answers"
FITTING = {
    EXAMPLE: {Evidence.LIVE, Evidence.SIMULATED},
    INTERFACE: {Evidence.SIMULATED},
    RECORDED: {Evidence.RECORDED},
    SCENARIO: {Evidence.SIMULATED},
}
"""What each directive can be evidence of."""


def attempts_on(directive: Directive) -> list[Attempt]:
    """What a scenario's directive shows; nothing where it has faults, which are told elsewhere."""
    try:
        return attempts_of(directive.argument, directive.options, directive.location)
    except SourceError:
        return []


def script_of(directive: Directive, path: str) -> Script | None:
    """The example that a directive on this page shows; None where it has faults, which whoever runs it tells."""
    try:
        return _read(directive, path)
    except SourceError:
        return None


def unreadable(pages: Iterable[Page]) -> Iterator[Finding]:
    """What is wrong with the examples that cannot be read, for whoever does not run them."""
    for page in pages:
        for directive in page.directives:
            if directive.name == EXAMPLE:
                try:
                    _read(directive, page.path)
                except SourceError as error:
                    yield from error.findings


def _read(directive: Directive, path: str) -> Script:
    options = {key: value for key, value in directive.options.items() if key != "file"}
    text = "\n".join([*(f":{key}: {value}".rstrip() for key, value in options.items()), directive.content])
    if "file" in directive.options:
        return parse_file(Path(path).parent / directive.options["file"])
    return parse(text, Location(path=path, line=directive.content_line - len(options)))


def faults(
    record: Record, discussion: Discussion | None, criteria: Collection[str], shown: Mapping[tuple[str, str], str]
) -> Iterator[Finding]:
    """What the page should show and does not: examples, arguments of the option; verdicts that rest on nothing.

    :param shown: the directives of what the pages of the folder show that a verdict can rest on, by path and name.
    """
    own = {label: directive for (path, label), directive in shown.items() if path == record.page.path}
    for index, label in enumerate(record.decision.confirmation):
        if own.get(label) != EXAMPLE:
            yield record.finding(("confirmation", index), f"this page shows no example with the name '{label}'")
    found = dict(own)
    for (_, label), directive in shown.items():
        found.setdefault(label, directive)
    for index, verdict in enumerate(record.decision.criteria):
        if verdict.criterion not in criteria:
            yield record.finding(("criteria", index, "criterion"), f"there is no criterion {verdict.criterion}")
        for number, label in enumerate(verdict.evidence):
            place = ("criteria", index, "evidence", number)
            if label not in found:
                yield record.finding(place, f"no page shows anything with the name '{label}'")
            elif verdict.kind not in FITTING[found[label]]:
                yield record.finding(place, f"'{label}' is a {found[label]}, which is no {verdict.kind.value} evidence")
    yield from _arguments(record, discussion)
    yield from _unknown_arguments(record, discussion)


def _unknown_arguments(record: Record, discussion: Discussion | None) -> Iterator[Finding]:
    """Arguments that a verdict names, and that nobody has about this option."""
    proposal = discussion.option(record.decision.option) if discussion else None
    known = {argument.id for argument in proposal.arguments} if proposal else set()
    for index, verdict in enumerate(record.decision.criteria):
        for number, identifier in enumerate(verdict.arguments):
            if identifier not in known:
                place = ("criteria", index, "arguments", number)
                yield record.finding(place, f"this option has no argument '{identifier}'")


def _arguments(record: Record, discussion: Discussion | None) -> Iterator[Finding]:
    proposal = discussion.option(record.decision.option) if discussion else None
    shown: set[str] = set()
    for directive in record.page.directives:
        if directive.name == ARGUMENTS:
            if directive.argument not in {stance.value for stance in Stance}:
                message = f"{ARGUMENTS}: expected pro, con or neutral, got '{directive.argument}'"
                yield Finding(location=directive.location, message=message)
            if proposal is None:
                message = f"{ARGUMENTS}: this record is about no option of a discussion"
                yield Finding(location=directive.location, message=message)
            shown.add(directive.argument)
    for argument in proposal.arguments if proposal else ():
        if argument.stance.value not in shown:
            message = f"argument {argument.id} is not shown; add the directive '{ARGUMENTS} {argument.stance.value}'"
            yield Finding(location=Location(path=record.page.path, line=1), message=message)
