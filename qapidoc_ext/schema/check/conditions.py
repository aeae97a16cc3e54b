"""The form of `if`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qapidoc_ext.schema.check.place import Fault
from qapidoc_ext.schema.dialect import Dialect
from qapidoc_ext.schema.lexer import String
from qapidoc_ext.schema.parser import Array, Object, Value

_SYMBOL = re.compile(r"[A-Z][A-Z0-9_]*")


def condition_faults(value: Value, dialect: Dialect) -> Iterator[Fault]:
    """What is wrong with the value of `if`."""
    if dialect.c_conditions and not (dialect.object_conditions and isinstance(value, Object)):
        yield from _c_faults(value)
    else:
        yield from _object_faults(value)


def _c_faults(value: Value) -> Iterator[Fault]:
    if isinstance(value, Array) and not value.items:
        yield Fault(value.offset, "an empty list of conditions is useless")
    for item in value.items if isinstance(value, Array) else [value]:
        if not isinstance(item, String):
            yield Fault(item.offset, "a condition must be a string, or a list of strings")
        elif not item.value.strip():
            yield Fault(item.offset, "an empty condition says nothing")


def _object_faults(value: Value) -> Iterator[Fault]:
    match value:
        case String(value=symbol):
            if not _SYMBOL.fullmatch(symbol):
                yield Fault(value.offset, f"a condition is a symbol such as CONFIG_LINUX, unlike '{symbol}'")
        case Object(members=members) if len(members) == 1 and members.keys() <= {"all", "any", "not"}:
            [(key, (_, inner))] = members.items()
            yield from _object_faults(inner) if key == "not" else _list_faults(key, inner)
        case Object():
            yield Fault(value.offset, "a condition's object must have exactly one of the keys 'all', 'any' and 'not'")
        case _:
            yield Fault(value.offset, "a condition must be a string, or an object with 'all', 'any' or 'not'")


def _list_faults(key: str, value: Value) -> Iterator[Fault]:
    if not isinstance(value, Array):
        yield Fault(value.offset, f"the value of '{key}' must be a list of conditions")
        return
    if not value.items:
        yield Fault(value.offset, f"'{key}' of no conditions is useless")
    for item in value.items:
        yield from _object_faults(item)
