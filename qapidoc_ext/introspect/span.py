"""Runs of versions that have something."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import NamedTuple


class Span(NamedTuple):
    """Versions that follow each other among those that were recorded, all of which have it."""

    first: str
    last: str


def spans(having: Collection[str], versions: Sequence[str]) -> tuple[Span, ...]:
    """The runs of these versions among all that were looked at, the oldest first; none where no version has it."""
    runs: list[Span] = []
    is_running = False
    for version in versions:
        if version in having:
            runs[-1:] = [runs[-1]._replace(last=version)] if is_running else [*runs[-1:], Span(version, version)]
        is_running = version in having
    return tuple(runs)


@cache
def common(one: tuple[Span, ...], other: tuple[Span, ...], versions: tuple[str, ...]) -> tuple[Span, ...]:
    """The runs of the versions that are in one and in the other."""
    return spans(having(one, versions) & having(other, versions), versions)


def having(runs: Iterable[Span], versions: Sequence[str]) -> set[str]:
    """The versions in these runs, of all that were looked at."""
    return {text for run in runs for text in versions[versions.index(run.first) : versions.index(run.last) + 1]}


def words(runs: Sequence[Span], versions: Sequence[str]) -> str:
    """The runs in words: `since 4.1.0`, `2.5.0 to 3.1.0 and since 5.0.0`, `in no recording up to 10.0.0`.

    What the oldest recording has may be older than that.
    """
    return " and ".join(_words(run, versions) for run in runs) or f"in no recording up to {versions[-1]}"


def _words(run: Span, versions: Sequence[str]) -> str:
    if run.last == versions[-1]:
        return f"since {run.first} or before" if run.first == versions[0] else f"since {run.first}"
    return f"{run.first} only" if run.first == run.last else f"{run.first} to {run.last}"
