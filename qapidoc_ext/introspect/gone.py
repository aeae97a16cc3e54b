"""What earlier versions of QEMU have, and a schema does not describe."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from qapidoc_ext.introspect.change import Action, Subject
from qapidoc_ext.introspect.compare import compare, has
from qapidoc_ext.introspect.probe import QueryError, probe
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
    found: dict[tuple[str, Subject], list[str]] = {}
    for version, introspection in recordings.items():
        for change in compare(introspection, described):
            for path in (change.path, change.in_replies):
                if change.action is Action.REMOVED and path and has(introspection, path):
                    found.setdefault((path, change.subject), []).append(version)
    versions = tuple(recordings)
    told = [
        Gone(path=path, subject=subject, seen=spans([*_having(path, had, recordings)], versions))
        for (path, subject), had in found.items()
    ]
    return tuple(sorted(told, key=lambda one: (-versions.index(one.seen[-1].last), one.path)))


def _having(path: str, told: Collection[str], recordings: Mapping[str, Introspection]) -> Iterator[str]:
    """The versions that have it, also those in which the comparison tells it of another command with the same type.

    Those that have a feature for which there is no query string are the ones of which the comparison told it.
    """
    for version, introspection in recordings.items():
        with suppress(QueryError):
            if version in told or probe(introspection, path):
                yield version
