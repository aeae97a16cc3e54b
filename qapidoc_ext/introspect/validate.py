"""Whether a message is one that a client can send, or that QEMU can send, by what an introspection says.

The form of the messages is that of QEMU's `docs/interop/qmp-spec`. To check against a schema, take the introspection
that it describes (:func:`qapidoc_ext.introspect.generate.describe`). A message of which a part is not written
(:mod:`.partial`) is checked as far as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from msgspec import UNSET

from qapidoc_ext.introspect.closest import hint
from qapidoc_ext.introspect.objects import branches_of, members_of, types_of_branches
from qapidoc_ext.introspect.partial import PartialObject, Unwritten
from qapidoc_ext.introspect.reply import Array, Builtin, Command, Entity, Enum, Event, Introspection, Member, Object
from qapidoc_ext.introspect.walk import forms

MAXIMUM_DEPTH = 1024
"""How deep a message may nest: QEMU's own JSON parser refuses what is deeper."""
_ACCEPT_PROPERTIES = frozenset({"device_add", "netdev_add", "object-add"})
"""The commands that take the properties of a device or an object beside the arguments that they say, unless their
arguments are a union (`netdev_add` is one from 5.0 on, `object-add` from 6.0 on)."""
_ERROR = {"class": "string", "desc": "string"}
_TIMESTAMP = {"seconds": "number", "microseconds": "number"}
_PHRASES = {
    "array": "an array",
    "boolean": "true or false",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}
_INTEGER = "an integer"
_LARGEST_INTEGER = 2**64
"""Longer ones are not worth a line in a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong with a message. `str()` gives `$.arguments.cache.direct: message`."""

    path: str
    """From the message as a whole, `$`, to the value."""
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def validate_request(introspection: Introspection, request: object) -> tuple[Fault, ...]:
    """What is wrong with a command that a client sends: `{"execute": ..., "arguments": ...}`, as JSON decodes it."""
    top = "exec-oob" if isinstance(request, dict) and "exec-oob" in request else "execute"
    faults = _envelope(request, mandatory=(top,), optional=("arguments", "id"))
    if not isinstance(request, dict) or top not in request:
        return faults
    command = _named(introspection, Command, request[top])
    if command is None:
        return faults + _unknown(introspection, Command, request[top], f"$.{top}")
    if top == "exec-oob" and not command.allow_oob:
        faults += (Fault(path="$.exec-oob", message=f"'{command.name}' does not allow out-of-band execution"),)
    is_open = command.name in _ACCEPT_PROPERTIES
    arguments = _Value(
        path="$.arguments", value=request.get("arguments", type(request)()), type=command.arg_type, is_open=is_open
    )
    return faults + _faults(introspection, arguments)


def validate_reply(introspection: Introspection, command: str | None, reply: object) -> tuple[Fault, ...]:
    """What is wrong with QEMU's reply to a command: `{"return": ...}` or `{"error": ...}`, as JSON decodes it.

    Where it is not known which command that is (None), what `return` holds can be anything.
    """
    if isinstance(reply, dict) and "error" in reply:
        return _envelope(reply, mandatory=("error",), optional=("id",)) + _flat(reply["error"], "$.error", _ERROR)
    faults = _envelope(reply, mandatory=("return",), optional=("id",))
    if command is None:
        return faults
    entity = _named(introspection, Command, command)
    if entity is None:
        return faults + _unknown(introspection, Command, command, "$")
    if not isinstance(reply, dict) or "return" not in reply:
        return faults
    return faults + _faults(introspection, _Value(path="$.return", value=reply["return"], type=entity.ret_type))


def validate_event(introspection: Introspection, message: object) -> tuple[Fault, ...]:
    """What is wrong with an event: `{"event": ..., "data": ..., "timestamp": ...}`, as JSON decodes it."""
    faults = _envelope(message, mandatory=("event", "timestamp"), optional=("data",))
    if not isinstance(message, dict) or "event" not in message:
        return faults
    if "timestamp" in message:
        faults += _flat(message["timestamp"], "$.timestamp", _TIMESTAMP)
    event = _named(introspection, Event, message["event"])
    if event is None:
        return faults + _unknown(introspection, Event, message["event"], "$.event")
    return faults + _faults(
        introspection, _Value(path="$.data", value=message.get("data", type(message)()), type=event.arg_type)
    )


def _envelope(
    message: object, *, mandatory: Collection[str], optional: Collection[str] = (), path: str = "$"
) -> tuple[Fault, ...]:
    """What is wrong with the members that a message has whatever it is about."""
    if isinstance(message, Unwritten) and message.form in {"", "object"}:
        return ()
    if not isinstance(message, dict):
        return (Fault(path=path, message=f"expected an object, got {_phrase(message)}"),)
    known = [*mandatory, *optional]
    missing = [] if isinstance(message, PartialObject) else [name for name in mandatory if name not in message]
    unknown = [name for name in message if name not in known]
    return (
        *_missing(missing, path),
        *(Fault(path=path + step(name), message=f"there is no member '{name}'{hint(name, known)}") for name in unknown),
    )


def _missing(names: Sequence[str], path: str, selected: str = "") -> Iterator[Fault]:
    quoted = [f"'{name}'" for name in names]
    match quoted:
        case []:
            pass
        case [name]:
            yield Fault(path=path, message=f"the member {name} is missing{selected}")
        case [*others, last]:
            yield Fault(path=path, message=f"the members {', '.join(others)} and {last} are missing{selected}")


def _flat(value: object, path: str, members: Mapping[str, str]) -> tuple[Fault, ...]:
    """What is wrong with an object that has these members and no others, of these forms."""
    given = value if isinstance(value, dict) else {}
    return _envelope(value, mandatory=members, path=path) + tuple(
        Fault(path=f"{path}.{name}", message=f"expected {_PHRASES[form]}, got {_phrase(given[name])}")
        for name, form in members.items()
        if name in given and _form(given[name]) not in {form, ""}
    )


_Named = TypeVar("_Named", Command, Event)


def _named(introspection: Introspection, kind: type[_Named], name: object) -> _Named | None:
    entity = introspection.entities.get(name) if isinstance(name, str) else None
    return entity if isinstance(entity, kind) else None


def _unknown(introspection: Introspection, kind: type[Command | Event], name: object, path: str) -> tuple[Fault, ...]:
    if isinstance(name, str):
        names = [entity.name for entity in introspection.entities.values() if isinstance(entity, kind)]
        return (Fault(path=path, message=f"there is no {kind.__name__.lower()} '{name}'{hint(name, names)}"),)
    if isinstance(name, Unwritten) and name.form in {"", "string"}:
        return ()
    return (Fault(path=path, message=f"expected a string, got {_phrase(name)}"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """A value that is yet to be checked."""

    path: str
    value: object
    type: str
    depth: int = 2
    """The message is 1, and what it holds is 2."""
    is_open: bool = False
    """Whether it can have members that its type does not say."""


def _faults(introspection: Introspection, start: _Value) -> tuple[Fault, ...]:
    """What is wrong with a value, in its order. Does not recurse: how deep it nests is up to who sent it."""
    faults: list[Fault] = []
    pending = [start]
    while pending:
        below: list[_Value] = []
        for found in _check(pending.pop(), introspection):
            if isinstance(found, Fault):
                faults.append(found)
            else:
                below.append(found)
        pending.extend(reversed(below))
    return tuple(faults)


def _check(value: _Value, introspection: Introspection) -> Iterator[Fault | _Value]:
    """What is wrong with the value itself, and the values in it."""
    taken = forms(introspection.entities[value.type], introspection)
    match taken.get(_form(value.value)), value.value:
        case _ if value.depth > MAXIMUM_DEPTH:
            yield Fault(path=value.path, message=f"nests deeper than {MAXIMUM_DEPTH}, which QEMU refuses")
        case _ if "any" in taken or _form(value.value) == "":
            pass
        case None, other:
            expected = " or ".join(_INTEGER if _is_integer(type_) else _PHRASES[form] for form, type_ in taken.items())
            yield Fault(path=value.path, message=f"expected {expected}, got {_phrase(other)}")
        case type_, float() as other if _is_integer(type_):
            yield Fault(path=value.path, message=f"expected {_INTEGER}, got {_phrase(other)}")
        case Enum(values=values), str() as name if name not in values:
            yield Fault(path=value.path, message=f"'{name}' is not a value that it can have{hint(name, values)}")
        case Array(element_type=element), list() as items:
            for index, item in enumerate(items):
                yield _inside(value, f"[{index}]", item, element)
        case Object() as type_, dict() as members:
            yield from _check_object(value, type_, members, introspection)
        case _:
            pass


def _is_integer(type_: Entity | None) -> bool:
    return isinstance(type_, Builtin) and type_.json_type == "int"


def _check_object(
    value: _Value, type_: Object, given: Mapping[str, object], introspection: Introspection
) -> Iterator[Fault | _Value]:
    members, others, selected = _members(type_, given, introspection)
    mandatory = [] if isinstance(given, PartialObject) else [name for name in members if members[name].default is UNSET]
    yield from _missing([name for name in mandatory if name not in given], value.path, selected)
    for name, item in given.items():
        if name in members:
            yield _inside(value, step(name), item, members[name].type)
        elif name not in others and (type_.tag or not value.is_open):
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


def _inside(value: _Value, step: str, item: object, type_: str) -> _Value:
    return _Value(path=value.path + step, value=item, type=type_, depth=value.depth + 1)


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


def _form(value: object) -> str:
    """What JSON calls the value; empty where it is not written what it is."""
    if isinstance(value, Unwritten):
        return value.form
    return "null" if value is None else _FORMS.get(type(value), f"a Python {type(value).__name__}")


def _phrase(value: object) -> str:
    if value is None or isinstance(value, bool | float):
        return json.dumps(value)
    if isinstance(value, int) and abs(value) < _LARGEST_INTEGER:
        return str(value)
    return _PHRASES.get(_form(value), _form(value))
