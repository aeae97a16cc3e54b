"""JSON as an example writes it: with gaps, placeholders, captures and references.

A request is a pattern without gaps and placeholders; :func:`fill` gives the JSON value that is sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias, assert_never

from qapidoc_ext.source import Location

Scalar = None | bool | int | float | str
Json: TypeAlias = "Scalar | list[Json] | dict[str, Json]"
Captures = Mapping[str, Json]
"""What earlier steps captured, by name."""


def as_json(value: Json) -> str:
    """The value on one line, where what a reader would not see, or see in another order, is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]


class Kind(Enum):
    """What a placeholder stands for. A boolean is neither `int` nor `num`."""

    INT = "int"
    STR = "str"
    NUM = "num"
    BOOL = "bool"
    ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant(_Node):
    """Exactly this value."""

    value: Scalar

    def __str__(self) -> str:
        return as_json(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(_Node):
    """`...`: any run of items in an array, any text in a string, and elsewhere any value."""

    def __str__(self) -> str:
        return "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(_Node):
    """`${name}`: a captured value; within a string, its text."""

    name: str

    def __str__(self) -> str:
        return f"${{{self.name}}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder(_Node):
    """`<int>` or `<int:name>`: any value of a kind."""

    kind: Kind
    capture: str = ""
    """The name that keeps the value for later steps; "" keeps nothing."""

    def __str__(self) -> str:
        return f"<{self.kind.value}:{self.capture}>" if self.capture else f"<{self.kind.value}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template(_Node):
    """A string with gaps or references in it."""

    pieces: tuple[str | Gap | Reference, ...]

    def __str__(self) -> str:
        return f'"{"".join(_quoted(piece) for piece in self.pieces)}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayPattern(_Node):
    """An array whose items are as these say, in this order."""

    items: tuple[Pattern, ...]

    def __str__(self) -> str:
        return f"[{', '.join(map(str, self.items))}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectPattern(_Node):
    """An object whose members are as these say, in any order."""

    members: tuple[tuple[str, Pattern], ...]
    open: bool = False
    """Whether it may have more members, which `...` says."""

    def __str__(self) -> str:
        members = [f"{as_json(name)}: {value}" for name, value in self.members]
        return f"{{{', '.join([*members, '...'] if self.open else members)}}}"

    def member(self, name: str) -> Pattern | None:
        """What the member of this name is to be, None where the pattern does not name it."""
        return dict(self.members).get(name)


Pattern: TypeAlias = Constant | Gap | Reference | Placeholder | Template | ArrayPattern | ObjectPattern


def walk(pattern: Pattern) -> Iterator[Pattern]:
    """The pattern and everything in it, in the order of the text."""
    yield pattern
    match pattern:
        case Template():
            yield from (piece for piece in pattern.pieces if not isinstance(piece, str))
        case ArrayPattern():
            for item in pattern.items:
                yield from walk(item)
        case ObjectPattern():
            for _, value in pattern.members:
                yield from walk(value)
        case Constant() | Gap() | Reference() | Placeholder():
            pass
        case _:
            assert_never(pattern)


def constant(value: Json, location: Location) -> Constant | ArrayPattern | ObjectPattern:
    """The pattern that just this value matches."""
    match value:
        case list():
            return ArrayPattern(location=location, items=tuple(constant(item, location) for item in value))
        case dict():
            members = tuple((name, constant(item, location)) for name, item in value.items())
            return ObjectPattern(location=location, members=members)
        case _:
            return Constant(location=location, value=value)


def fill(pattern: Pattern, captures: Captures) -> Json:
    """The value of a pattern that has neither gap nor placeholder."""
    match pattern:
        case Constant():
            return pattern.value
        case Reference():
            return captures[pattern.name]
        case Template():
            return "".join(map(str, substituted(pattern, captures)))
        case ArrayPattern():
            return [fill(item, captures) for item in pattern.items]
        case ObjectPattern():
            return fill_object(pattern, captures)
        case Gap() | Placeholder():
            raise ValueError(f"{pattern} has no value of its own")
        case _:
            assert_never(pattern)


def fill_object(pattern: ObjectPattern, captures: Captures) -> dict[str, Json]:
    """As :func:`fill`, of an object."""
    return {name: fill(value, captures) for name, value in pattern.members}


def substituted(template: Template, captures: Captures) -> list[str | Gap]:
    """The pieces of a string, with the text of what was captured in the place of references."""
    return [_text(captures[piece.name]) if isinstance(piece, Reference) else piece for piece in template.pieces]


def _quoted(piece: str | Gap | Reference) -> str:
    return as_json(piece)[1:-1] if isinstance(piece, str) else str(piece)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)
