"""A decision record: what was decided about something, by whom, when, and where that is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Any

from qapidoc_ext.adr import front_matter
from qapidoc_ext.adr.discussion import Option
from qapidoc_ext.adr.front_matter import KeyPath, Name, Reading, Text
from qapidoc_ext.adr.page import Page
from qapidoc_ext.adr.reference import Passage, Reference
from qapidoc_ext.adr.relation import Number, Relation
from qapidoc_ext.adr.status import NEXT, Status
from qapidoc_ext.adr.verdict import Evidence, Position, Verdict
from qapidoc_ext.source import Finding, Location, SourceError, fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of status."""

    status: Status
    on: date
    by: Text
    source: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the front matter of a decision record says."""

    number: Number
    title: Text
    option: Option | None = None
    """The discussion's own number of the option, if the record is about one."""
    status: Status
    proposers: tuple[Text, ...]
    history: tuple[Change, ...]
    """From the first status to the present one."""
    relations: tuple[Relation, ...] = ()
    """Those that no other record has already."""
    positions: tuple[Position, ...] = ()
    criteria: tuple[Verdict, ...] = ()
    confirmation: tuple[Name, ...] = ()
    """The names of the examples that show what the record says."""
    unconfirmed: Text | None = None
    """Why there is no example."""

    @property
    def date(self) -> date:
        """The day of the last change of status."""
        return self.history[-1].on

    @property
    def status_in_discussion(self) -> Status | None:
        """The last status that the discussion itself gives; None where it gives none."""
        return next((one.status for one in reversed(self.history) if isinstance(one.source, Passage)), None)


def changes(decisions: Iterable[Decision]) -> list[tuple[Change, Decision]]:
    """Every change of status, in the order of time; on one day, in the order of the records."""
    found = [(change, decision) for decision in decisions for change in decision.history]
    return sorted(found, key=lambda item: (item[0].on, item[1].number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(front_matter.Located):
    """A decision record as a file, with the places in its front matter."""

    decision: Decision
    page: Page


def record(outline: Page) -> Record:
    """The record that a page with front matter is.

    :raise SourceError: the front matter is not well-formed, does not hold what a decision needs, contradicts
        itself, the title or the file's name.
    """
    if outline.front_matter is None:
        location = Location(path=outline.path, line=1, column=1)
        raise fault(location, "no front matter: a record starts with a line ---, YAML, and a line ---")
    reading = front_matter.read(outline.front_matter, Decision, Location(path=outline.path, line=2, column=1))
    findings = [
        *reading.findings,
        *_other_title(reading, outline),
        *_other_number(reading, outline.path),
        *_impossible_history(reading),
        *_unconfirmed(reading),
        *_unfounded(reading),
    ]
    if findings:
        raise SourceError(sorted(findings))
    return Record(decision=reading.parts[()], page=outline, locations=reading.locations)


def _other_title(reading: Reading, outline: Page) -> Iterator[Finding]:
    heading = next((heading.text for heading in outline.headings if heading.level == 1), None)
    title = reading.parts.get(("title",))
    if title is not None and title != heading:
        says = "there is none" if heading is None else f"it says {heading!r}"
        yield reading.finding(("title",), f"the page's heading must say the same, and {says}")


def _other_number(reading: Reading, path: str) -> Iterator[Finding]:
    number = reading.parts.get(("number",))
    name = PurePath(path).name
    if number is not None and not name.startswith(f"{number:04}-"):
        yield reading.finding(("number",), f"the file's name must start with {number:04}-, and it is {name!r}")


def _impossible_history(reading: Reading) -> Iterator[Finding]:
    yield from _wrong_ends(reading)
    for path, before, after in _neighbours(reading, "status"):
        if after not in NEXT[before]:
            yield reading.finding(path, _not_next(before, after))
    for path, before, after in _neighbours(reading, "on"):
        if after < before:
            yield reading.finding(path, f"{after} is before {before}, the day of the change above")
    for path, before, after in _neighbours(reading, "source"):
        if not isinstance(before, Passage) and isinstance(after, Passage):
            yield reading.finding(path, "the discussion comes before what stands above, which came after it")


def _wrong_ends(reading: Reading) -> Iterator[Finding]:
    """What is wrong with the first and the last change of the history."""
    if reading.parts.get(("history", 0, "status"), Status.PROPOSED) is not Status.PROPOSED:
        yield reading.finding(("history", 0, "status"), "the first status must be proposed")
    first = reading.parts.get(("history", 0, "source"))
    if ("option",) in reading.parts and first is not None and not isinstance(first, Passage):
        yield reading.finding(("history", 0, "source"), "an option is proposed in a message of the discussion")
    number_of_changes = sum(path[:-1] == ("history",) for path in reading.locations)
    last = reading.parts.get(("history", number_of_changes - 1, "status"))
    status = reading.parts.get(("status",))
    if last is not None and status is not None and last is not status:
        yield reading.finding(("status",), f"must be the last one of the history, {last.value}")


def _unconfirmed(reading: Reading) -> Iterator[Finding]:
    """A record is confirmed by an example, or says why it is not."""
    has_example, has_reason = (key in reading.locations for key in (("confirmation",), ("unconfirmed",)))
    if () in reading.parts and has_example is has_reason:
        message = "confirmation: give the names of examples, or say under 'unconfirmed' why there is none"
        yield Finding(location=reading.locations["number",], message=message)


def _unfounded(reading: Reading) -> Iterator[Finding]:
    """Verdicts that rest on nothing, and those by a criterion that has one already."""
    seen: set[str] = set()
    for path, verdict in reading.parts.items():
        if isinstance(verdict, Verdict):
            if verdict.kind is not Evidence.ASSERTED and not verdict.evidence:
                yield reading.finding(path, f"{verdict.kind.value} without evidence; name it, or say asserted")
            if verdict.kind is Evidence.ASSERTED and verdict.evidence:
                yield reading.finding((*path, "evidence"), "what has evidence is not only asserted")
            if not verdict.evidence and (verdict.judged or verdict.about):
                yield reading.finding(path, "facts without evidence that they are of")
            if verdict.criterion in seen:
                yield reading.finding((*path, "criterion"), f"a second verdict by {verdict.criterion}")
            seen.add(verdict.criterion)


def _neighbours(reading: Reading, key: str) -> Iterator[tuple[KeyPath, Any, Any]]:
    """Where a change has this key, what the change above says there, and what it says itself."""
    for path, after in reading.parts.items():
        match path:
            case ("history", int(index), str(own_key)) if own_key == key:
                before = reading.parts.get(("history", index - 1, key))
                if before is not None:
                    yield path, before, after


def _not_next(before: Status, after: Status) -> str:
    allowed = " or ".join(status.value for status in Status if status in NEXT[before])
    return f"{after.value} cannot follow {before.value}, {f'only {allowed} can' if allowed else 'which is final'}"
