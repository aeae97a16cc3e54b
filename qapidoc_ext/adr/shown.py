"""What the page of a record shows, and what it has to show."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from qapidoc_ext.adr.decision import Record
from qapidoc_ext.adr.discussion import Discussion, Stance
from qapidoc_ext.adr.front_matter import name
from qapidoc_ext.adr.page import Directive, Page
from qapidoc_ext.adr.verdict import Evidence
from qapidoc_ext.qmp.script import parse, parse_file
from qapidoc_ext.source import Finding, Location, SourceError

ARGUMENTS = "decision-arguments"
EXAMPLE = "qmp-example"
INTERFACE = "interface-change"
RECORDED = "recorded-answers"
FITTING = {
    EXAMPLE: {Evidence.LIVE, Evidence.SIMULATED},
    INTERFACE: {Evidence.SIMULATED},
    RECORDED: {Evidence.RECORDED},
}
"""What each directive can be evidence of."""


def evidence(page: Page) -> dict[str, str]:
    """What the page shows that a verdict can rest on: the name of each, and of its directive."""
    found = {}
    for directive in page.directives:
        if directive.name in FITTING and (label := _name(directive, page)):
            found[label] = directive.name
    return found


def _name(directive: Directive, page: Page) -> str:
    if directive.name != EXAMPLE:
        return directive.options.get("name", "")
    try:
        if file := directive.options.get("file", ""):
            return parse_file(Path(page.path).parent / file).header.name
        return parse(directive.content, Location(path=page.path, line=1)).header.name
    except SourceError:  # whoever runs the example tells what is wrong with it
        return ""


def faults(record: Record, discussion: Discussion | None, criteria: Collection[str]) -> Iterator[Finding]:
    """What the page should show and does not: examples, evidence of verdicts, arguments of the option."""
    found = evidence(record.page)
    for index, label in enumerate(record.decision.confirmation):
        if found.get(label) != EXAMPLE:
            yield _finding(record, ("confirmation", index), f"this page shows no example with the name '{label}'")
    for index, verdict in enumerate(record.decision.criteria):
        if verdict.criterion not in criteria:
            yield _finding(record, ("criteria", index, "criterion"), f"there is no criterion {verdict.criterion}")
        for number, label in enumerate(verdict.evidence):
            place = ("criteria", index, "evidence", number)
            if label not in found:
                yield _finding(record, place, f"this page shows nothing with the name '{label}'")
            elif verdict.kind not in FITTING[found[label]]:
                yield _finding(
                    record, place, f"'{label}' is a {found[label]}, which is no {verdict.kind.value} evidence"
                )
    yield from _arguments(record, discussion)


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


def _finding(record: Record, place: tuple[str | int, ...], message: str) -> Finding:
    return Finding(location=record.locations[place], message=f"{name(place)}: {message}")
