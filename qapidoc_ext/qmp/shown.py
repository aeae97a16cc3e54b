"""Values as they are to be shown: what a pattern looked at, with a mark where it skipped something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from qapidoc_ext.qmp.pattern import Json, Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Elided:
    """Items of an array or members of an object that `...` stood for."""

    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownArray:
    """An array."""

    items: tuple[Shown | Elided, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownObject:
    """An object: the members that the pattern names, in the pattern's order, then a mark for the others."""

    members: tuple[tuple[str, Shown] | Elided, ...]


Shown: TypeAlias = Scalar | ShownArray | ShownObject


def whole(value: Json) -> Shown:
    """All of the value."""
    match value:
        case list():
            return ShownArray(items=tuple(whole(item) for item in value))
        case dict():
            return ShownObject(members=tuple((name, whole(item)) for name, item in value.items()))
        case _:
            return value


def skipped(value: Json) -> Shown:
    """The value without what is in it; a value that is neither array nor object is shown all the same."""
    match value:
        case list():
            return ShownArray(items=elided(len(value)))
        case dict():
            return ShownObject(members=elided(len(value)))
        case _:
            return value


def elided(count: int) -> tuple[Elided, ...]:
    """The mark for so many items or members, none where there are none."""
    return (Elided(count=count),) if count else ()
