"""Decisions side by side, by the criteria that they are measured by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qapidoc_ext.adr import facts
from qapidoc_ext.adr.decision import Decision, Record
from qapidoc_ext.adr.discussion import Argument, Discussion
from qapidoc_ext.adr.judgement import Judgement
from qapidoc_ext.adr.page import Directive, Page
from qapidoc_ext.adr.verdict import Criterion
from qapidoc_ext.qmp.trial import Facts
from qapidoc_ext.source import Finding

COMPARISON = "decision-comparison"
"""The directive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A decision by a criterion."""

    judgement: Judgement | None
    """None where nobody gives a verdict."""
    arguments: tuple[Argument, ...] = ()
    """That are about it, as the verdict says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The same facts below the verdicts of several decisions: that is one piece of evidence, and not several."""

    subjects: tuple[str, ...]
    """What found them: an example, or a scenario."""
    numbers: tuple[int, ...]
    """Of the decisions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A criterion, and how each decision comes out by it."""

    criterion: Criterion
    cells: tuple[Cell, ...]
    shared: tuple[Shared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The whole table."""

    decisions: tuple[Decision, ...]
    lines: tuple[Line, ...]
    unused: tuple[tuple[Decision, tuple[Argument, ...]], ...]
    """The arguments about a decision that no verdict names."""


def compared(argument: str, decisions: Sequence[Decision]) -> list[Decision]:
    """What the directive compares: the records that it names, else those of options, else all that have verdicts.

    :raise ValueError: it names what is no number of a record, or one twice.
    """
    if not argument:
        options = [one for one in decisions if one.option is not None]
        return options or [one for one in decisions if one.criteria]
    known = {str(one.number): one for one in decisions}
    named = argument.split()
    if unknown := [text for text in named if text not in known]:
        raise ValueError(f"there is no record {unknown[0]}")
    if len(set(named)) != len(named):
        raise ValueError("a record is named twice")
    return [known[text] for text in named]


def comparison(
    decisions: Sequence[Decision],
    found: Iterable[Judgement],
    criteria: Iterable[Criterion],
    discussion: Discussion | None,
) -> Comparison:
    """The decisions, in this order, by each of the criteria."""
    chosen = [one.number for one in decisions]
    judged = {(one.record.decision.number, one.verdict.criterion): one for one in found}
    about = {one.number: _arguments(one, discussion) for one in decisions}
    arguments = {argument.id: argument for own in about.values() for argument in own}
    lines = tuple(_line(criterion, chosen, judged, arguments) for criterion in criteria)
    named = {argument.id for line in lines for cell in line.cells for argument in cell.arguments}
    unused = tuple(
        (one, left) for one in decisions if (left := tuple(own for own in about[one.number] if own.id not in named))
    )
    return Comparison(decisions=tuple(decisions), lines=lines, unused=unused)


def _arguments(decision: Decision, discussion: Discussion | None) -> tuple[Argument, ...]:
    proposal = discussion.option(decision.option) if discussion else None
    return proposal.arguments if proposal else ()


def _line(
    criterion: Criterion,
    chosen: Sequence[int],
    judged: Mapping[tuple[int, str], Judgement],
    arguments: Mapping[str, Argument],
) -> Line:
    found = [judged.get((number, criterion.id)) for number in chosen]
    cells = tuple(
        Cell(
            judgement=one,
            arguments=tuple(arguments[name] for name in one.verdict.arguments if name in arguments) if one else (),
        )
        for one in found
    )
    return Line(criterion=criterion, cells=cells, shared=tuple(_shared(chosen, found)))


def _shared(chosen: Sequence[int], found: Sequence[Judgement | None]) -> Iterator[Shared]:
    by_facts: dict[tuple[str, Facts], list[int]] = {}
    for number, one in zip(chosen, found, strict=True):
        for ground in one.grounds if one else ():
            counting = facts.chosen(ground.facts or (), one.verdict.about) if one else ()
            if counting and number not in by_facts.setdefault((ground.subject, counting), []):
                by_facts[ground.subject, counting].append(number)
    by_numbers: dict[tuple[int, ...], list[str]] = {}
    for (subject, _), sharing in by_facts.items():
        by_numbers.setdefault(tuple(sharing), []).append(subject)
    for numbers, subjects in by_numbers.items():
        if len(numbers) > 1:
            yield Shared(subjects=tuple(subjects), numbers=numbers)


def faults(page: Page, records: Mapping[str, Record]) -> Iterator[Finding]:
    """What is wrong with the comparisons of a page."""
    decisions = [one.decision for one in records.values()]
    for directive in page.directives:
        if directive.name == COMPARISON:
            yield from _faults(directive, decisions)


def _faults(directive: Directive, decisions: Sequence[Decision]) -> Iterator[Finding]:
    try:
        compared(directive.argument, decisions)
    except ValueError as error:
        yield Finding(location=directive.location, message=f"{COMPARISON}: {error}")
