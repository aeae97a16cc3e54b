"""The parts of a value that have a given type, wherever the schema lets them stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from qapidoc_ext.introspect.objects import members_of, types_of_branches
from qapidoc_ext.introspect.reply import Array, Introspection, Member, Object
from qapidoc_ext.introspect.values import form_of
from qapidoc_ext.introspect.walk import forms
from qapidoc_ext.qmp.shim.message import RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An object in a value."""

    path: str
    """What QEMU's messages put before the name of a member: `file.`, `options[0].file.`; "" for the value itself."""
    value: dict[str, Any]


def parts(introspection: Introspection, start: tuple[str, object], wanted: str) -> Iterator[Part]:
    """The objects of the type `wanted` in a value; `start` is the name of the value's type, and the value.

    An object that holds others comes before them, and may be changed when it comes. Does not recurse: how deep a value
    nests is up to who sent it.
    """
    pending = [("", *start)]
    while pending:
        path, type_, value = pending.pop()
        match forms(introspection.entities[type_], introspection).get(form_of(value)), value:
            case Array(element_type=element), list() as items:
                pending += [(f"{path}[{index}]", element, item) for index, item in reversed([*enumerate(items)])]
            case Object() as item, dict() as members:
                prefix = f"{path}." if path else ""
                if item.name == wanted:
                    yield Part(path=prefix, value=members)
                types = members_of_value(introspection, item, members)
                known = [(f"{prefix}{name}", types[name].type, members[name]) for name in members if name in types]
                pending += reversed(known)
            case _:
                pass


def members_of_value(introspection: Introspection, type_: Object, value: dict[str, Any]) -> dict[str, Member]:
    """The members that an object can have, where its tags have the values that they have."""
    found = members_of(type_)
    passed: set[str] = set()
    while type_.tag and type_.name not in passed:
        passed.add(type_.name)
        tag = value.get(type_.tag)
        branch = introspection.entities.get(types_of_branches(type_).get(tag, "") if isinstance(tag, str) else "")
        if not isinstance(branch, Object):
            break
        type_ = branch
        found |= members_of(type_)
    return found


_EXPECTED: Mapping[type | None, Literal["boolean", "string", "null"]] = {bool: "boolean", str: "string", None: "null"}


def take(part: Part, member: str, type_: type | None) -> Any:
    """Takes a member out of an object.

    :raise RefusedError: it is missing, or of another type than the one wanted; None is that of null.
    """
    if member not in part.value:
        raise RefusedError(f"Parameter '{part.path}{member}' is missing")
    value = part.value.pop(member)
    if value is not None if type_ is None else type(value) is not type_:
        raise RefusedError(f"Invalid parameter type for '{part.path}{member}', expected: {_EXPECTED[type_]}")
    return value
