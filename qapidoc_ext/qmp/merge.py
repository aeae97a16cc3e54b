"""A pattern and a value that it does not match, to the pattern that it should have been: what still matches stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from qapidoc_ext.qmp.match import Matched, Mismatched, match
from qapidoc_ext.qmp.pattern import (
    ArrayPattern,
    Captures,
    Gap,
    Json,
    Kind,
    ObjectPattern,
    Pattern,
    Placeholder,
    constant,
)


def merged(pattern: Pattern, value: Json, captures: Captures) -> Pattern:
    """A pattern that the value matches. It is the same object where the value matches already."""
    if _matches(pattern, value, captures):
        return pattern
    found = _closest(pattern, value, captures)
    return found if _matches(found, value, captures) else constant(value, pattern.location)


def _closest(pattern: Pattern, value: Json, captures: Captures) -> Pattern:
    match pattern, value:
        case ObjectPattern(), dict():
            return _merged_object(pattern, value, captures)
        case ArrayPattern(), list():
            return replace(pattern, items=tuple(_merged_items(pattern, value, captures)))
        case Placeholder(), _ if kind := _kind_of(value):
            return replace(pattern, kind=kind)
        case _:
            return constant(value, pattern.location)


def _matches(pattern: Pattern, value: Json, captures: Captures) -> bool:
    return isinstance(match(pattern, value, captures), Matched)


def _merged_object(pattern: ObjectPattern, value: dict[str, Json], captures: Captures) -> ObjectPattern:
    kept = [(name, merged(member, value[name], captures)) for name, member in pattern.members if name in value]
    names = {name for name, _ in kept}
    added = [(name, constant(item, pattern.location)) for name, item in value.items() if name not in names]
    return replace(pattern, members=(*kept, *([] if pattern.open else added)))


def _merged_items(pattern: ArrayPattern, values: Sequence[Json], captures: Captures) -> Iterator[Pattern]:
    if any(isinstance(item, Gap) for item in pattern.items):
        yield from _with_gaps(pattern.items, values, captures)
        return
    item_at = value_at = 0
    for item, value in [*_pairs(pattern.items, values, captures), (len(pattern.items), len(values))]:
        replaced = pattern.items[item_at:item]
        for number, new in enumerate(values[value_at:value]):
            has_old = number < len(replaced)
            yield merged(replaced[number], new, captures) if has_old else constant(new, pattern.location)
        yield from pattern.items[item : item + 1]
        item_at, value_at = item + 1, value + 1


def _pairs(items: Sequence[Pattern], values: Sequence[Json], captures: Captures) -> Iterator[tuple[int, int]]:
    """The places of the items that match values in the same order, as many as there can be."""
    fits = [[_matches(item, value, captures) for value in values] for item in items]
    most = [[0] * (len(values) + 1) for _ in range(len(items) + 1)]
    """Of the pairs from these places on."""
    for item in reversed(range(len(items))):
        for value in reversed(range(len(values))):
            pair = most[item + 1][value + 1] + 1 if fits[item][value] else 0
            most[item][value] = max(pair, most[item + 1][value], most[item][value + 1])
    item = value = 0
    while item < len(items) and value < len(values):
        if fits[item][value] and most[item][value] == most[item + 1][value + 1] + 1:
            yield item, value
            item, value = item + 1, value + 1
        elif most[item + 1][value] >= most[item][value + 1]:
            item += 1
        else:
            value += 1


def _with_gaps(items: Sequence[Pattern], values: Sequence[Json], captures: Captures) -> Iterator[Pattern]:
    """The items, each merged with a value: behind a gap with the one that it fits best, in the end with the last."""
    at = 0
    is_behind_gap = False
    last = max(number for number, item in enumerate(items) if isinstance(item, Gap))
    for number, item in enumerate(items):
        if isinstance(item, Gap):
            yield item
            if number == last:
                at = max(at, len(values) - (len(items) - number - 1))
        elif at < len(values):
            places = range(at, len(values) if is_behind_gap else at + 1)
            at = min(places, key=lambda place: _faults(item, values[place], captures))
            yield merged(item, values[at], captures)
            at += 1
        is_behind_gap = isinstance(item, Gap)


def _faults(pattern: Pattern, value: Json, captures: Captures) -> int:
    result = match(pattern, value, captures)
    return len(result.mismatches) if isinstance(result, Mismatched) else 0


def _kind_of(value: Json) -> Kind | None:
    """The kind of placeholder that stands for such a value, None where there is none."""
    match value:
        case bool():
            return Kind.BOOL
        case int():
            return Kind.INT
        case float():
            return Kind.NUM
        case str():
            return Kind.STR
        case _:
            return None
