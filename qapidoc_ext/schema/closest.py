"""The names that somebody may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST = 3
_ALL = 8
"""So few names are all said."""


def closest(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that are most like this one in whatever case, the closest first; at most three."""
    by_folded: dict[str, list[str]] = {}
    for known in dict.fromkeys(names):
        by_folded.setdefault(known.casefold(), []).append(known)
    matches = get_close_matches(name.casefold(), by_folded, n=_MOST)
    return tuple(known for folded in matches for known in by_folded[folded])[:_MOST]


def hint(name: str, names: Iterable[str]) -> str:
    """What to add to a message that says that there is no such name: the closest ones, or all if they are few."""
    known = list(dict.fromkeys(names))
    if near := closest(name, known):
        return f"; close to it: {', '.join(near)}"
    return f"; there is: {', '.join(known)}" if 0 < len(known) <= _ALL else ""
