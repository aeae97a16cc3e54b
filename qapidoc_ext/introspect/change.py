"""One thing that a client notices when one QEMU takes the place of another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum as Enumeration


class Subject(Enumeration):
    """What has changed."""

    COMMAND = "command"
    EVENT = "event"
    MEMBER = "member"
    TYPE = "type"
    ELEMENT_TYPE = "type of the elements"
    BRANCH = "branch"
    VALUE = "value"
    FEATURE = "feature"
    MEMBER_FEATURE = "feature of a member"
    VALUE_FEATURE = "feature of a value"
    OUT_OF_BAND = "out-of-band execution"


class Action(Enumeration):
    """How it has changed."""

    ADDED = "added"
    REMOVED = "removed"
    MADE_MANDATORY = "made mandatory"
    MADE_OPTIONAL = "made optional"
    CHANGED = "changed"


class Effect(Enumeration):
    """What a change means for a client that was written for the old QEMU."""

    COMPATIBLE = "compatible"
    BREAKING = "breaking"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change."""

    path: str
    """A query string that leads to it. The feature of a member or value is written as the one of a type is."""
    subject: Subject
    action: Action
    detail: str = ""
    """Of a type: what it was and what it is."""
    in_replies: str = ""
    """The query string that leads to it in a reply or an event, where `path` leads to it in a request."""
    requests: Effect | None = None
    """None where it has no part in a request."""
    replies: Effect | None = None
    """None where it has no part in a reply or an event."""

    @property
    def is_breaking(self) -> bool:
        """Whether it breaks requests, or replies and events."""
        return Effect.BREAKING in {self.requests, self.replies}

    @property
    def what(self) -> str:
        """`type changed from string to object`."""
        detail = f" from {self.detail}" if self.detail else ""
        return f"{self.subject.value} {self.action.value}{detail}"

    def __str__(self) -> str:
        replies = "replies and events" + (f" at {self.in_replies}" if self.in_replies else "")
        sides = {"requests": self.requests, replies: self.replies}
        effects = ", ".join(f"{effect.value} for {side}" for side, effect in sides.items() if effect)
        return f"{self.path}: {self.what} ({effects})"
