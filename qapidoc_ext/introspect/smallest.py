"""The smallest value that a type takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from msgspec import UNSET

from qapidoc_ext.introspect.objects import members_of, types_of_branches
from qapidoc_ext.introspect.reply import Alternate, Array, Builtin, Command, Enum, Event, Introspection, Object

_MAXIMUM_DEPTH = 20
"""QEMU's own types need 4; a type that needs itself has no value at all."""
_OF_BUILTIN: Mapping[str, object] = {
    "string": "",
    "number": 0,
    "int": 0,
    "boolean": False,
    "null": None,
    "object": {},
    "array": [],
    "value": None,
}


def smallest(type_: str, introspection: Introspection, chosen: Mapping[str, str] | None = None) -> Any:
    """A value of the type without anything optional: 0, "", [], the first value of an enum.

    Where it can be an object or something else, it is something else.

    `chosen` has members of an object that are to have another value, such as the one that selects the branch.

    :raise ValueError: there is no value of a moderate depth.
    """
    return _smallest(type_, introspection, chosen or {}, _MAXIMUM_DEPTH)


def _smallest(type_: str, introspection: Introspection, chosen: Mapping[str, str], depth: int) -> Any:
    if depth == 0:
        raise ValueError(f"the type '{type_}' needs itself")
    match entity := introspection.entities[type_]:
        case Builtin():
            return _OF_BUILTIN[entity.json_type]
        case Enum():
            return next(iter(entity.values), "")
        case Array():
            return []
        case Alternate():
            names = [item.type for item in entity.members]
            simple = [name for name in names if not isinstance(introspection.entities[name], Object)]
            return _smallest((simple or names)[0], introspection, {}, depth - 1)
        case Object():
            return _object(entity, introspection, chosen, depth)
        case Command() | Event():
            raise ValueError(f"'{type_}' is not a type")
        case _:
            assert_never(entity)


def _object(item: Object, introspection: Introspection, chosen: Mapping[str, str], depth: int) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, member in members_of(item).items():
        if member.default is UNSET or name in chosen:
            made[name] = chosen.get(name) or _smallest(member.type, introspection, {}, depth - 1)
    if item.tag:
        branch = types_of_branches(item).get(made.get(item.tag, ""))
        made |= _smallest(branch, introspection, {}, depth - 1) if branch else {}
    return made
