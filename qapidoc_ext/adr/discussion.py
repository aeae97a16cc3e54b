"""A discussion that decisions come from, as data: who said what, in which message, in which lines; in our own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated

from msgspec import Meta

from qapidoc_ext.adr.front_matter import Name, Text
from qapidoc_ext.adr.reference import Lines, MessageId, MessageName, Passage, Url

Option = Annotated[int, Meta(ge=1, le=9999, description="the number of an option, from 1")]
LineCount = Annotated[int, Meta(ge=1, description="a number of lines, from 1")]
Time = Annotated[
    str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d(Z|[+-]\d\d:\d\d)$", description="a time, such as 14:56+02:00")
]


PARTS = {
    "messages": "messages",
    "calendar": "messages",
    "participants": "participants",
    "terms": "terms",
    "table": "tables",
    "corrections": "corrections",
    "ideas": "ideas",
    "questions": "questions",
    "constraints": "constraints",
    "outcome": "outcome",
    "checklist": "checklist",
}
"""What a page can show of a discussion, and what it is made of. `calendar` is the messages in the order of time."""


class Stance(Enum):
    """What an argument speaks for."""

    PRO = "pro"
    CON = "con"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Passage):
    """What somebody said."""

    author: Name
    """The id of a participant."""
    text: Text
    """In our own words. Text in backticks is a name as it is on the wire."""
    reported_by: Name | None = None
    """The author of the message, where that is somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Statement):
    """A statement that can be referred to."""

    id: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody who wrote a message."""

    id: Name
    name: Text
    role: Text
    need: Statement | None = None
    """What they need of the outcome."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message of the discussion."""

    id: MessageName
    author: Name
    lines: Lines
    on: date | None = None
    time: Time | None = None
    """None where only the day is known, or not even that."""
    basis: Text
    """Where day and time come from."""
    message_id: MessageId | None = None
    """None where the text of the discussion does not give it."""
    replies_to: MessageName | None = None
    about: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word that the discussion defines."""

    id: Name
    word: Text
    meaning: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Passage):
    """A row of a table."""

    cells: tuple[Text, ...]
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What one message sets out in a table, or could have."""

    id: Name
    title: Text
    columns: tuple[Text, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument(Item):
    """What somebody said for or against an option."""

    stance: Stance
    replies: tuple[Statement, ...] = ()
    corrections: tuple[Name, ...] = ()
    """The ids of the corrections with which it has to be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An option, and all that was said of it."""

    option: Option
    title: Text
    introduced: Statement
    numbered: Passage | None = None
    """Where it got its number, if it did not have it from the start."""
    rationale: Statement
    interface: Statement
    arguments: tuple[Argument, ...]
    standing: tuple[Statement, ...] = ()
    """What the last messages say of it."""
    note: Text | None = None
    """Our own observation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A passage that must not be read as it stands."""

    id: Name
    original: Passage
    what: Text
    steps: tuple[Statement, ...] = ()
    """Who questioned, corrected or accepted it. Where nobody did, it is our own observation."""
    reading: Text
    """What holds in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint(Item):
    """Something that any solution has to live with."""

    confirmed: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """Something that was not numbered as an option."""

    id: Name
    title: Text
    statements: tuple[Statement, ...] = ()
    """The idea, and what was said of it. None: nobody mentions it, and the note says why it stands here."""
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Item):
    """Something that somebody wanted to know."""

    answers: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What nobody said, and we noticed."""

    id: Name
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Discussion:
    """A whole discussion."""

    title: Text
    place: Text
    """Where it was held, such as the name of a mailing list."""
    lines: LineCount
    """How many lines its text has; every passage counts in that text."""
    source: Text
    """Where the text is from, and how its lines are counted."""
    archive: Url | None = None
    """What stands before a Message-ID in the address of a mail."""
    participants: tuple[Participant, ...]
    messages: tuple[Message, ...]
    terms: tuple[Term, ...] = ()
    tables: tuple[Table, ...] = ()
    options: tuple[Proposal, ...]
    corrections: tuple[Correction, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    ideas: tuple[Idea, ...] = ()
    outcome: tuple[Item, ...] = ()
    """What was decided, or suggested as the decision."""
    questions: tuple[Question, ...] = ()
    checklist: tuple[Item, ...] = ()
    observations: tuple[Observation, ...] = ()

    def message(self, name: str) -> Message | None:
        """The message with this name."""
        return next((message for message in self.messages if message.id == name), None)

    def participant(self, identifier: str) -> str:
        """The name of a participant; the id itself where there is none."""
        return next((one.name for one in self.participants if one.id == identifier), identifier)

    def ids(self, part: str) -> set[str]:
        """The ids of the items in one of its parts."""
        items = [*getattr(self, PARTS[part]), *(self.observations if part == "outcome" else ())]
        return {item.id for item in items}

    def option(self, number: int | None) -> Proposal | None:
        """The option with this number."""
        return next((option for option in self.options if option.option == number), None)


def span(message: Message) -> range:
    """The numbers of a message's lines."""
    return Passage(message=message.id, lines=message.lines).span
