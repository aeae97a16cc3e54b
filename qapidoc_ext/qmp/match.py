"""Whether a value is as a pattern says, and what of it the pattern looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar, assert_never

from qapidoc_ext.qmp.pattern import (
    ArrayPattern,
    Captures,
    Constant,
    Gap,
    Json,
    Kind,
    ObjectPattern,
    Pattern,
    Placeholder,
    Reference,
    Template,
    as_json,
    constant,
    substituted,
)
from qapidoc_ext.qmp.shown import Elided, Shown, ShownArray, ShownObject, elided, skipped, whole
from qapidoc_ext.source import Finding, Location

MAXIMUM_QUOTATION = 200
"""Characters of a value that a message quotes."""

_IGNORED = ("id", "timestamp")
"""Members of a message that count only where the pattern names them: they are different in every run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The value is as the pattern says."""

    shown: Shown
    captures: Captures = field(default_factory=dict)
    """What this pattern captured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One difference."""

    location: Location
    """Of the part of the pattern that the value does not fulfil."""
    path: str
    """Where in the value: `$.return[0].drv`."""
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, got {self.got}"

    def finding(self) -> Finding:
        """The difference as a fault of the example."""
        return Finding(location=self.location, message=str(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatched:
    """The value is not as the pattern says; holds every difference, at least one."""

    mismatches: tuple[Mismatch, ...]


Result: TypeAlias = Matched | Mismatched


def match_message(pattern: ObjectPattern, message: dict[str, Json], captures: Captures) -> Result:
    """Whether a reply or an event is as the pattern says; `captures` holds what earlier steps captured."""
    return match(pattern, counted(pattern, message), captures)


def counted(pattern: ObjectPattern, message: Mapping[str, Json]) -> dict[str, Json]:
    """What of a reply or an event counts for the pattern: `id` and `timestamp` only where it names them."""
    ignored = [name for name in _IGNORED if pattern.member(name) is None]
    return {name: value for name, value in message.items() if name not in ignored}


def match_reply(patterns: Sequence[ObjectPattern], message: dict[str, Json], captures: Captures) -> Result:
    """Whether a reply is as one of the patterns says; where it is not, how it differs from the first."""
    results = [match_message(pattern, message, captures) for pattern in patterns]
    return next((result for result in results if isinstance(result, Matched)), results[0])


def match_returned(expected: object, value: object) -> Captures | None:
    """What a call's value gives to later steps; None where it is not what is expected."""
    if not isinstance(expected, Placeholder):
        return {} if type(value) is type(expected) and value == expected else None
    if not isinstance(value, str | bool) or not _is_of_kind(expected.kind, value):
        return None
    return {expected.capture: value} if expected.capture else {}


def match(pattern: Pattern, value: Json, captures: Captures, path: str = "$") -> Result:
    """Whether the value, which stands at this path, is as the pattern says."""
    if isinstance(pattern, Reference):
        pattern = constant(captures[pattern.name], pattern.location)
    match pattern:
        case Constant():
            return _match_constant(pattern, value, path)
        case Gap():
            return Matched(shown=skipped(value))
        case Placeholder():
            return _match_placeholder(pattern, value, path)
        case Template():
            return _match_template(pattern, value, captures, path)
        case ArrayPattern():
            return _match_array(pattern, value, captures, path)
        case ObjectPattern():
            return _match_object(pattern, value, captures, path)
        case _:
            assert_never(pattern)


def quotation(value: Json) -> str:
    """The value as a message quotes it: JSON, cut where it is long."""
    text = as_json(value)
    rest = len(text) - MAXIMUM_QUOTATION
    return f"{text[:MAXIMUM_QUOTATION]} (and {rest} more characters)" if rest > 0 else text


def _match_constant(pattern: Constant, value: Json, path: str) -> Result:
    is_same = isinstance(value, bool) == isinstance(pattern.value, bool) and value == pattern.value
    return Matched(shown=whole(value)) if is_same else _different(pattern, value, path)


def _match_placeholder(pattern: Placeholder, value: Json, path: str) -> Result:
    if not _is_of_kind(pattern.kind, value):
        return _different(pattern, value, path)
    return Matched(shown=whole(value), captures={pattern.capture: value} if pattern.capture else {})


def _is_of_kind(kind: Kind, value: Json) -> bool:
    match kind:
        case Kind.ANY:
            return True
        case Kind.STR:
            return isinstance(value, str)
        case Kind.BOOL:
            return isinstance(value, bool)
        case Kind.INT:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.NUM:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _:
            assert_never(kind)


def _match_template(pattern: Template, value: Json, captures: Captures, path: str) -> Result:
    if not isinstance(value, str):
        return _different(pattern, value, path)
    first, *others = ("".join(segment) for segment in _segments(substituted(pattern, captures)))
    return Matched(shown=value) if _stands_in(value, first, others) else _different(pattern, value, path)


def _stands_in(text: str, first: str, others: list[str]) -> bool:
    """Whether the text is `first`, and then each of the others after any text."""
    if not others:
        return text == first
    if not text.startswith(first):
        return False
    at = len(first)
    for other in others[:-1]:
        found = text.find(other, at)
        if found < 0:
            return False
        at = found + len(other)
    return text.endswith(others[-1]) and at <= len(text) - len(others[-1])


def _match_object(pattern: ObjectPattern, value: Json, captures: Captures, path: str) -> Result:
    if not isinstance(value, dict):
        return _different(pattern, value, path)
    names = [name for name, _ in pattern.members]
    results = [_match_member(name, member, value, captures, path) for name, member in pattern.members]
    others = [name for name in value if name not in names]
    mismatches = _mismatches(results)
    if others and not pattern.open:
        mismatches += _mismatch(pattern, path, "no other member", ", ".join(map(quotation, others)))
    if mismatches:
        return Mismatched(mismatches=mismatches)
    matched = _matched(results)
    members = zip(names, (result.shown for result in matched), strict=True)
    return Matched(shown=ShownObject(members=(*members, *elided(len(others)))), captures=_captures(matched))


def _match_member(name: str, member: Pattern, value: dict[str, Json], captures: Captures, path: str) -> Result:
    step = f".{name}" if re.fullmatch(r"[\w-]+", name) else f"[{quotation(name)}]"
    if name not in value:
        return Mismatched(mismatches=_mismatch(member, path + step, str(member), "no such member"))
    return match(member, value[name], captures, path + step)


def _match_array(pattern: ArrayPattern, value: Json, captures: Captures, path: str) -> Result:
    if not isinstance(value, list):
        return _different(pattern, value, path)
    segments: list[list[Pattern]] = _segments(pattern.items)
    if len(segments) == 1 and len(value) != len(pattern.items):
        got = f"{len(value)}: {quotation(value)}"
        wanted = "1 item" if len(pattern.items) == 1 else f"{len(pattern.items)} items"
        return Mismatched(mismatches=_mismatch(pattern, path, wanted, got))
    items: list[Shown | Elided] = []
    captured: dict[str, Json] = {}
    behind = 0
    for number, segment in enumerate(segments):
        latest = len(value) - len(segment)
        earliest = latest if number == len(segments) - 1 else behind
        positions = range(max(earliest, behind), (min(latest, 0) if number == 0 else latest) + 1)
        placed = _place(segment, value, positions, captures, path)
        if isinstance(placed, Mismatched):
            return placed
        position, matched = placed
        items += [*elided(position - behind), *(result.shown for result in matched)]
        captured.update(_captures(matched))
        behind = position + len(segment)
    return Matched(shown=ShownArray(items=tuple(items)), captures=captured)


def _place(
    segment: Sequence[Pattern], value: list[Json], positions: range, captures: Captures, path: str
) -> tuple[int, list[Matched]] | Mismatched:
    """The first of the positions at which the items are as the segment says, with what it matched there."""
    nearest: tuple[Mismatch, ...] = ()
    for position in positions:
        items = enumerate(value[position : position + len(segment)], position)
        results = [
            match(part, item, captures, f"{path}[{at}]") for part, (at, item) in zip(segment, items, strict=True)
        ]
        mismatches = _mismatches(results)
        if not mismatches:
            return position, _matched(results)
        if not nearest or len(mismatches) < len(nearest):
            nearest = mismatches
    if len(positions) == 1:
        return Mismatched(mismatches=nearest)
    wanted = ", ".join(map(str, segment))
    got = f"none among {len(value)} items" + (f"; the nearest differs in {nearest[0]}" if nearest else "")
    return Mismatched(mismatches=_mismatch(segment[0], path, wanted, got))


_Item = TypeVar("_Item")


def _segments(items: Iterable[_Item | Gap]) -> list[list[_Item]]:
    """The items between the gaps, at least one list of them."""
    segments: list[list[_Item]] = [[]]
    for item in items:
        if isinstance(item, Gap):
            segments.append([])
        else:
            segments[-1].append(item)
    return segments


def _different(pattern: Pattern, value: Json, path: str) -> Mismatched:
    return Mismatched(mismatches=_mismatch(pattern, path, str(pattern), quotation(value)))


def _mismatch(pattern: Pattern, path: str, expected: str, got: str) -> tuple[Mismatch]:
    return (Mismatch(location=pattern.location, path=path, expected=expected, got=got),)


def _mismatches(results: Iterable[Result]) -> tuple[Mismatch, ...]:
    return tuple(mismatch for result in results if isinstance(result, Mismatched) for mismatch in result.mismatches)


def _matched(results: Iterable[Result]) -> list[Matched]:
    return [result for result in results if isinstance(result, Matched)]


def _captures(matched: Iterable[Matched]) -> Captures:
    return {name: value for result in matched for name, value in result.captures.items()}
