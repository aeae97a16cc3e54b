"""Whether a value is of a type, by what an introspection says."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec import UNSET

from qapidoc_ext.introspect.objects import branches_of, members_of, types_of_branches
from qapidoc_ext.introspect.partial import PartialObject, Unwritten
from qapidoc_ext.introspect.reply import Array, Builtin, Entity, Enum, Introspection, Member, Object
from qapidoc_ext.introspect.walk import forms
from qapidoc_ext.schema.closest import hint

MAXIMUM_DEPTH = 1024
"""How deep a message may nest: QEMU's own JSON parser refuses what is deeper."""
PHRASES: Mapping[str, str] = {
    "array": "an array",
    "boolean": "true or false",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}
"""What a value is, by what JSON calls it."""
_INTEGER = "an integer"
_INTEGERS = range(-(2**63), 2**64)
"""QEMU takes larger ones for numbers that are no integers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with a message. `str()` gives `$.arguments.cache.direct: message`."""

    path: str
    """From the message as a whole, `$`, to the value."""
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value that is yet to be checked."""

    path: str
    value: object
    type: str
    depth: int = 2
    """The message is 1, and what it holds is 2."""
    is_open: bool = False
    """Whether it can have members that its type does not say."""


def value_faults(introspection: Introspection, start: Value) -> tuple[Fault, ...]:
    """What is wrong with a value, in its order. Does not recurse: how deep it nests is up to who sent it."""
    faults: list[Fault] = []
    pending = [start]
    while pending:
        below: list[Value] = []
        for found in _check(pending.pop(), introspection):
            if isinstance(found, Fault):
                faults.append(found)
            else:
                below.append(found)
        pending.extend(reversed(below))
    return tuple(faults)


def _check(value: Value, introspection: Introspection) -> Iterator[Fault | Value]:
    """What is wrong with the value itself, and the values in it."""
    taken = forms(introspection.entities[value.type], introspection)
    match taken.get(form_of(value.value)), value.value:
        case _ if value.depth > MAXIMUM_DEPTH:
            yield Fault(path=value.path, message=f"nests deeper than {MAXIMUM_DEPTH}, which QEMU refuses")
        case _ if "any" in taken:
            yield from _inside_any(value)
        case _ if form_of(value.value) == "":
            pass
        case None, other:
            expected = " or ".join(_INTEGER if _is_integer(type_) else PHRASES[form] for form, type_ in taken.items())
            yield Fault(path=value.path, message=f"expected {expected}, got {phrase_of(other)}")
        case type_, int() | float() as other if _is_integer(type_) and not (type(other) is int and other in _INTEGERS):
            yield Fault(path=value.path, message=f"expected {_INTEGER}, got {phrase_of(other)}")
        case Enum(values=values), str() as name if name not in values:
            yield Fault(path=value.path, message=f"'{name}' is not a value that it can have{hint(name, values)}")
        case Array(element_type=element), list() as items:
            for index, item in enumerate(items):
                yield _inside(value, f"[{index}]", item, element)
        case Object() as type_, dict() as members:
            yield from _check_object(value, type_, members, introspection)
        case _:
            pass


def _inside_any(value: Value) -> Iterator[Value]:
    """The values in one that can be any: they may be whatever they are, but not nest without end."""
    match value.value:
        case list() as items:
            yield from (_inside(value, f"[{index}]", item, value.type) for index, item in enumerate(items))
        case dict() as members:
            yield from (_inside(value, step(name), item, value.type) for name, item in members.items())
        case _:
            pass


def _is_integer(type_: Entity | None) -> bool:
    return isinstance(type_, Builtin) and type_.json_type == "int"


def _check_object(
    value: Value, type_: Object, given: Mapping[str, object], introspection: Introspection
) -> Iterator[Fault | Value]:
    members, others, selected = _members(type_, given, introspection)
    mandatory = [] if isinstance(given, PartialObject) else [name for name in members if members[name].default is UNSET]
    yield from missing_members([name for name in mandatory if name not in given], value.path, selected)
    for name, item in given.items():
        if name in members:
            yield _inside(value, step(name), item, members[name].type)
        elif name not in others and not value.is_open:
            near = hint(name, members)
            yield Fault(path=value.path + step(name), message=f"there is no member '{name}'{selected}{near}")


def _members(
    type_: Object, given: Mapping[str, object], introspection: Introspection
) -> tuple[dict[str, Member], Collection[str], str]:
    """The members that the values of an object's tags allow, those that others would allow, and what the values are."""
    members = members_of(type_)
    selected = ""
    passed: set[str] = set()
    while type_.tag and type_.name not in passed:
        passed.add(type_.name)
        case = given.get(type_.tag)
        branches = types_of_branches(type_)
        if not isinstance(case, str) or case not in branches:
            return members, {name for branch in branches_of(type_, introspection).values() for name in branch}, selected
        selected = f"{selected or ' where'}{' and' if selected else ''} '{type_.tag}' is '{case}'"
        branch = introspection.entities[branches[case]]
        if not isinstance(branch, Object):
            break
        type_ = branch
        members |= members_of(type_)
    return members, (), selected


def _inside(value: Value, step: str, item: object, type_: str) -> Value:
    return Value(path=value.path + step, value=item, type=type_, depth=value.depth + 1)


def step(name: str) -> str:
    """The step to a member, as JSONPath writes it."""
    return f".{name}" if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", name) else f"[{json.dumps(name, ensure_ascii=False)}]"


_FORMS = {
    dict: "object",
    PartialObject: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
}


def form_of(value: object) -> str:
    """What JSON calls the value; empty where it is not written what it is."""
    if isinstance(value, Unwritten):
        return value.form
    return "null" if value is None else _FORMS.get(type(value), f"a Python {type(value).__name__}")


def phrase_of(value: object) -> str:
    """The value, or, where it is long, what it is: `5`, `an array`."""
    if value is None or isinstance(value, bool | float):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value) if value in _INTEGERS else "one of more than 64 bits"
    return PHRASES.get(form_of(value), form_of(value))


def missing_members(names: Sequence[str], path: str, selected: str = "") -> Iterator[Fault]:
    """That these members of one object are not there, as one fault; none where all are."""
    quoted = [f"'{name}'" for name in names]
    match quoted:
        case []:
            pass
        case [name]:
            yield Fault(path=path, message=f"the member {name} is missing{selected}")
        case [*others, last]:
            yield Fault(path=path, message=f"the members {', '.join(others)} and {last} are missing{selected}")
