"""The steps of an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from qapidoc_ext.qmp import host
from qapidoc_ext.qmp.pattern import Constant, ObjectPattern, Pattern
from qapidoc_ext.source import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    location: Location
    hidden: bool = False
    """Whether it is executed and not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(_Step):
    """`#` lines that follow each other: text for the reader, with an empty line between paragraphs."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(_Step):
    """`->` or `(QEMU)`: a command to send."""

    machine: str
    message: ObjectPattern
    shell: str
    """What stands after `(QEMU)`; "" where the request is written as JSON."""
    reply_is_read: bool = False
    """Whether a `<-` says what the reply is to be. Where none does, it has to be a success."""
    may_end: bool = False
    """Whether the machine may end instead of a reply, because the next step says how it ended."""

    @property
    def command(self) -> str:
        """The name of the command; "" where the request names none, or one that an earlier step captured."""
        return _text(self.message.member("execute") or self.message.member("exec-oob"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedReply(_Step):
    """`<-` with `return` or `error`: what the reply to the request before it is to be."""

    machine: str
    pattern: ObjectPattern
    others: tuple[ObjectPattern, ...] = ()
    """What it may be instead, each after a `|`: the first that fits counts."""

    @property
    def patterns(self) -> tuple[ObjectPattern, ...]:
        """All that it may be."""
        return self.pattern, *self.others


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedEvent(_Step):
    """`<-` with `event`: an event that has come or is to come."""

    machine: str
    pattern: ObjectPattern

    @property
    def event(self) -> str:
        """The name of the event; "" where it is not said just so."""
        return _text(self.pattern.member("event"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HostStep(_Step):
    """`>>>`: something that happens outside QEMU."""

    machine: str
    text: str
    """The call as it is written."""
    call: host.Call
    expected: object
    """What the call is to return: None where nothing stands below it, a `Placeholder` for any value of its kind."""
    expected_location: Location


Step: TypeAlias = Comment | Request | ExpectedReply | ExpectedEvent | HostStep


def _text(pattern: Pattern | None) -> str:
    return pattern.value if isinstance(pattern, Constant) and isinstance(pattern.value, str) else ""
