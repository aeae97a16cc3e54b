"""What the page of a record has to show, and does not."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from qapidoc_ext.adr.decision import Record
from qapidoc_ext.adr.discussion import Discussion, Proposal, Stance
from qapidoc_ext.adr.ground import Grounds, find
from qapidoc_ext.adr.shown import ARGUMENTS, EXAMPLE, FITTING
from qapidoc_ext.source import Finding, Location


def faults(
    record: Record, discussion: Discussion | None, criteria: Collection[str], every: Grounds
) -> Iterator[Finding]:
    """Examples, and arguments of the option, that are not there; verdicts that rest on nothing.

    :param every: what all pages show that a verdict can rest on.
    """
    proposal = discussion.option(record.decision.option) if discussion else None
    yield from _confirmation(record, every)
    yield from _verdicts(record, criteria, every)
    yield from _arguments(record, proposal)
    yield from _unknown_arguments(record, proposal)


def _confirmation(record: Record, every: Grounds) -> Iterator[Finding]:
    for index, label in enumerate(record.decision.confirmation):
        own = every.get((record.page.path, label))
        if own is None or own.directive != EXAMPLE:
            yield record.finding(("confirmation", index), f"this page shows no example with the name '{label}'")


def _verdicts(record: Record, criteria: Collection[str], every: Grounds) -> Iterator[Finding]:
    """Verdicts by a criterion that there is not, and on what nobody shows, or what is evidence of another kind."""
    for index, verdict in enumerate(record.decision.criteria):
        if verdict.criterion not in criteria:
            yield record.finding(("criteria", index, "criterion"), f"there is no criterion {verdict.criterion}")
        for number, label in enumerate(verdict.evidence):
            place = ("criteria", index, "evidence", number)
            ground = find(label, record.page.path, every)
            if ground is None:
                yield record.finding(place, f"no page shows anything with the name '{label}'")
            elif verdict.kind not in FITTING[ground.directive]:
                message = f"'{label}' is a {ground.directive}, which is no {verdict.kind.value} evidence"
                yield record.finding(place, message)


def _unknown_arguments(record: Record, proposal: Proposal | None) -> Iterator[Finding]:
    """Arguments that a verdict names, and that nobody has about this option."""
    known = {argument.id for argument in proposal.arguments} if proposal else set()
    for index, verdict in enumerate(record.decision.criteria):
        for number, identifier in enumerate(verdict.arguments):
            if identifier not in known:
                place = ("criteria", index, "arguments", number)
                yield record.finding(place, f"this option has no argument '{identifier}'")


def _arguments(record: Record, proposal: Proposal | None) -> Iterator[Finding]:
    """Arguments about the option that the page does not show, and directives that show none."""
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
