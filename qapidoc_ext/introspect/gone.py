"""What earlier versions of QEMU have, and a schema does not describe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qapidoc_ext.introspect.change import Action, Subject
from qapidoc_ext.introspect.compare import compare
from qapidoc_ext.introspect.probe import probe
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.introspect.span import Span, spans


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """One thing that is described no longer."""

    path: str
    """The query string that leads to it."""
    subject: Subject
    seen: tuple[Span, ...]
    """The versions that have it."""

    @property
    def is_whole(self) -> bool:
        """Whether it is a command or an event, not a part of one."""
        return self.subject in {Subject.COMMAND, Subject.EVENT}


def gone(described: Introspection, recordings: Mapping[str, Introspection]) -> tuple[Gone, ...]:
    """What each of these versions has and a schema does not, what was there last first.

    What is gone with the command, the member or the branch that leads to it is not told beside that. What differs in a
    type is told in one request and in one reply or event, however often the type is used.
    """
    found = {
        (path, change.subject): None
        for introspection in recordings.values()
        for change in compare(introspection, described)
        for path in (change.path, change.in_replies)
        # An object that became a union lacks a member in a branch, which the old one does not have.
        if change.action is Action.REMOVED and path and probe(introspection, path)
    }
    versions = tuple(recordings)
    told = [Gone(path=path, subject=subject, seen=_having(path, recordings)) for path, subject in found]
    return tuple(sorted(told, key=lambda one: (-versions.index(one.seen[-1].last), one.path)))


def _having(path: str, recordings: Mapping[str, Introspection]) -> tuple[Span, ...]:
    """The versions that have it, also those in which the comparison tells it of another command with the same type."""
    return spans([version for version, one in recordings.items() if probe(one, path)], tuple(recordings))
