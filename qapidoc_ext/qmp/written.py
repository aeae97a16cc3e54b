"""A pattern as the value that it says, where it says one: what a message is checked by before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from qapidoc_ext.introspect.partial import PartialObject, Unwritten
from qapidoc_ext.introspect.values import step
from qapidoc_ext.qmp.pattern import (
    ArrayPattern,
    Constant,
    Gap,
    Kind,
    ObjectPattern,
    Pattern,
    Placeholder,
    Reference,
    Template,
)

_FORMS = {Kind.INT: "number", Kind.NUM: "number", Kind.STR: "string", Kind.BOOL: "boolean", Kind.ANY: ""}


def written(pattern: Pattern) -> object:
    """The value, with :mod:`qapidoc_ext.introspect.partial`'s in the place of what is not written."""
    match pattern:
        case Constant():
            return pattern.value
        case Template():
            return Unwritten(form="string")
        case Placeholder():
            return Unwritten(form=_FORMS[pattern.kind])
        case Gap() | Reference():
            return Unwritten()
        case ArrayPattern():
            return [written(item) for item in pattern.items]
        case ObjectPattern():
            members = {name: written(value) for name, value in pattern.members}
            return PartialObject(members) if pattern.open else members
        case _:
            assert_never(pattern)


def by_path(pattern: Pattern, path: str = "$") -> Iterator[tuple[str, Pattern]]:
    """The pattern and that of each value in it, by the path that a fault of the value has."""
    yield path, pattern
    match pattern:
        case ArrayPattern():
            for index, item in enumerate(pattern.items):
                yield from by_path(item, f"{path}[{index}]")
        case ObjectPattern():
            for name, value in pattern.members:
                yield from by_path(value, path + step(name))
        case _:
            pass
