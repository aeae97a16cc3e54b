"""The steps of an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from qapidoc_ext.qmp import host
from qapidoc_ext.qmp.pattern import ObjectPattern
from qapidoc_ext.source import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment(_Step):
    """`#` lines that follow each other: text for the reader, with an empty line between paragraphs."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(_Step):
    """`->` or `(QEMU)`: a command to send."""

    message: ObjectPattern
    shell: str
    """What stands after `(QEMU)`; "" where the request is written as JSON."""
    reply_is_read: bool = False
    """Whether a `<-` says what the reply is to be. Where none does, it has to be a success."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedReply(_Step):
    """`<-` with `return` or `error`: what the reply to the request before it is to be."""

    pattern: ObjectPattern


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedEvent(_Step):
    """`<-` with `event`: an event that has come or is to come."""

    pattern: ObjectPattern


@dataclass(frozen=True, slots=True, kw_only=True)
class HostStep(_Step):
    """`>>>`: something that happens outside QEMU."""

    text: str
    """The call as it is written."""
    call: host.Call
    expected: object
    """What the call is to return: None where nothing stands below it."""
    expected_location: Location


Step: TypeAlias = Comment | Request | ExpectedReply | ExpectedEvent | HostStep
