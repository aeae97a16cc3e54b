"""How a QEMU was built, as far as its introspection shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from qapidoc_ext.introspect.generate import Description, Place
from qapidoc_ext.introspect.part import parts
from qapidoc_ext.introspect.reply import Command, Event, Introspection
from qapidoc_ext.introspect.walk import pairs
from qapidoc_ext.schema.condition import All, Any, Condition, Not, Symbol, is_true


def configuration(description: Description, introspection: Introspection) -> dict[str, bool]:
    """Whether each symbol was defined when this QEMU was built, as far as that can be told by what it has.

    Where things that need a symbol disagree (a later version, a distribution's change), most of them decide.
    """
    seen = list(_evidence(description, introspection))
    known: dict[str, bool] = {}
    while len(more := _decided(seen, known) | known) > len(known):
        known = more
    return known


def _decided(seen: Iterable[tuple[Condition, bool]], known: Mapping[str, bool]) -> dict[str, bool]:
    votes: dict[str, Counter[bool]] = {}
    for condition, is_there in seen:
        for name, truth in _implied(condition, known, truth=is_there):
            votes.setdefault(name, Counter())[truth] += 1
    return {name: count.most_common(1)[0][0] for name, count in votes.items()}


def _evidence(description: Description, introspection: Introspection) -> Iterator[tuple[Condition, bool]]:
    """The conditions, each with whether that is there which needs it."""
    for name, entity in description.introspection.entities.items():
        condition = description.conditions.get(Place(entity=name))
        if condition and isinstance(entity, Command | Event):
            yield condition, name in introspection.entities
    for pair in pairs(description.introspection, introspection):
        there = set(parts(pair.second))
        for part in parts(pair.first):
            condition = description.conditions.get(Place(entity=pair.first.name, part=part))
            if condition:
                yield condition, part in there


def _implied(condition: Condition, known: Mapping[str, bool], *, truth: bool) -> Iterator[tuple[str, bool]]:
    """The symbols that are decided once the condition is."""
    match condition:
        case Symbol(name):
            yield name, truth
        case Not(inner):
            yield from _implied(inner, known, truth=not truth)
        case All(conditions) | Any(conditions):
            each = isinstance(condition, All)  # what each one is where the whole is so too
            undecided = [inner for inner in conditions if truth is each or is_true(inner, known) is not each]
            if truth is each or len(undecided) == 1:
                for inner in undecided:
                    yield from _implied(inner, known, truth=truth)
        case _:
            assert_never(condition)
