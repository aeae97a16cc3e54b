"""A decision record: one design option, what was decided about it, by whom, when, and where that is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import PurePath
from typing import Annotated, Any

from msgspec import Meta

from qapidoc_ext.adr import front_matter
from qapidoc_ext.adr.front_matter import Name, Reading, Text
from qapidoc_ext.adr.page import Page, page
from qapidoc_ext.source import Finding, Location, SourceError, fault


class Status(Enum):
    """What has become of an option."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


NEXT: dict[Status, frozenset[Status]] = {
    Status.PROPOSED: frozenset({Status.ACCEPTED, Status.REJECTED, Status.DEFERRED, Status.WITHDRAWN}),
    Status.DEFERRED: frozenset({Status.PROPOSED, Status.ACCEPTED, Status.REJECTED}),
    Status.ACCEPTED: frozenset({Status.SUPERSEDED}),
    Status.REJECTED: frozenset(),
    Status.SUPERSEDED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
"""The statuses that may follow a status. Where none may, the status is final."""

Number = Annotated[int, Meta(ge=1, le=9999, description="a number from 1 to 9999")]
Option = Annotated[int, Meta(ge=1, le=6, description="the number of an option, 1 to 6")]
MessageName = Annotated[str, Meta(pattern=r"^M[1-9]\d*$", description="a message's name, such as M5")]
Lines = Annotated[str, Meta(pattern=r"^[1-9]\d*(-[1-9]\d*)?$", description="lines, such as 924-941")]
MessageId = Annotated[str, Meta(pattern=r"^[^\s<>@]+@[^\s<>@]+$", description="a Message-ID, without < and >")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A place in the discussion that the decision is about."""

    message: MessageName
    lines: Lines
    """Of the whole discussion's text, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that came after the discussion: hindsight."""

    mail: MessageId


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of status."""

    status: Status
    on: date
    by: Text
    source: Passage | Mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the front matter of a decision record says."""

    number: Number
    title: Text
    option: Option
    """The discussion's own number of the option."""
    status: Status
    proposers: tuple[Text, ...]
    history: tuple[Change, ...]
    """From the first status to the present one."""
    confirmation: tuple[Name, ...]
    """The names of the examples that show what the record says."""

    @property
    def date(self) -> date:
        """The day of the last change of status."""
        return self.history[-1].on

    @property
    def status_in_discussion(self) -> Status:
        """The last status that the discussion itself gives."""
        return [change.status for change in self.history if isinstance(change.source, Passage)][-1]


def parse(text: str, path: str) -> Decision:
    """The decision that a Markdown text with front matter records; `path` is its file's.

    :raise SourceError: the front matter is not well-formed, does not hold what a decision needs, contradicts
        itself, the title or the file's name.
    """
    outline = page(text, path)
    if outline.front_matter is None:
        location = Location(path=path, line=1, column=1)
        raise fault(location, "no front matter: a record starts with a line ---, YAML, and a line ---")
    reading = front_matter.read(outline.front_matter, Decision, Location(path=path, line=2, column=1))
    findings = [
        *reading.findings,
        *_other_title(reading, outline),
        *_other_number(reading, path),
        *_impossible_history(reading),
    ]
    if findings:
        raise SourceError(sorted(findings))
    decision: Decision = reading.parts[()]
    return decision


def _other_title(reading: Reading, outline: Page) -> Iterator[Finding]:
    heading = next((heading.text for heading in outline.headings if heading.level == 1), None)
    title = reading.parts.get(("title",))
    if title is not None and title != heading:
        says = "there is none" if heading is None else f"it says {heading!r}"
        yield _finding(reading, ("title",), f"the page's heading must say the same, and {says}")


def _other_number(reading: Reading, path: str) -> Iterator[Finding]:
    number = reading.parts.get(("number",))
    name = PurePath(path).name
    if number is not None and not name.startswith(f"{number:04}-"):
        yield _finding(reading, ("number",), f"the file's name must start with {number:04}-, and it is {name!r}")


def _impossible_history(reading: Reading) -> Iterator[Finding]:
    yield from _wrong_ends(reading)
    for path, before, after in _neighbours(reading, "status"):
        if after not in NEXT[before]:
            yield _finding(reading, path, _not_next(before, after))
    for path, before, after in _neighbours(reading, "on"):
        if after < before:
            yield _finding(reading, path, f"{after} is before {before}, the day of the change above")
    for path, before, after in _neighbours(reading, "source"):
        if isinstance(before, Mail) and isinstance(after, Passage):
            yield _finding(reading, path, "the discussion comes before the mail above, which came after it")


def _wrong_ends(reading: Reading) -> Iterator[Finding]:
    """What is wrong with the first and the last change of the history."""
    if reading.parts.get(("history", 0, "status"), Status.PROPOSED) is not Status.PROPOSED:
        yield _finding(reading, ("history", 0, "status"), "the first status must be proposed")
    if isinstance(reading.parts.get(("history", 0, "source")), Mail):
        yield _finding(reading, ("history", 0, "source"), "an option is proposed in a message of the discussion")
    number_of_changes = sum(path[:-1] == ("history",) for path in reading.locations)
    last = reading.parts.get(("history", number_of_changes - 1, "status"))
    status = reading.parts.get(("status",))
    if last is not None and status is not None and last is not status:
        yield _finding(reading, ("status",), f"must be the last one of the history, {last.value}")


def _neighbours(reading: Reading, key: str) -> Iterator[tuple[front_matter.Path, Any, Any]]:
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


def _finding(reading: Reading, path: front_matter.Path, message: str) -> Finding:
    return Finding(location=reading.locations[path], message=f"{front_matter.name(path)}: {message}")
