"""Definitions, as the text of a schema: the other direction of `parser` and `build`, without the documentation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from qapidoc_ext.schema.condition import All, Any, Condition, Not, Symbol
from qapidoc_ext.schema.model import (
    Alternate,
    Branch,
    Command,
    Definition,
    Enum,
    Event,
    Feature,
    Member,
    Struct,
    TypeRef,
    Union,
    Value,
)

_WIDTH = 80
_Json = str | bool | Sequence["_Json"] | Mapping[str, "_Json"]


def definition_text(definition: Definition) -> str:
    """A definition, as a schema of QEMU 6.2 or newer has it. What has its default is left out."""
    keys: dict[str, _Json] = _keys(definition)
    keys |= _condition(definition.condition) | _features(definition.features)
    return _text(keys, 0)


def _keys(definition: Definition) -> dict[str, _Json]:
    match definition:
        case Enum():
            prefix: dict[str, _Json] = {"prefix": definition.prefix} if definition.prefix else {}
            return {"enum": definition.name, **prefix, "data": [_named(value) for value in definition.values]}
        case Struct():
            base: dict[str, _Json] = {"base": _type(definition.base)} if definition.base else {}
            return {"struct": definition.name, **base, "data": _members(definition.members)}
        case Union():
            return {"union": definition.name, **_base(definition), "data": _branches(definition.branches)}
        case Alternate():
            return {"alternate": definition.name, "data": _branches(definition.alternatives)}
        case Event():
            boxed: dict[str, _Json] = {"boxed": True} if definition.is_boxed else {}
            return {"event": definition.name, **_data(definition.data), **boxed}
        case Command():
            returns: dict[str, _Json] = {"returns": _type(definition.returns)} if definition.returns else {}
            return {"command": definition.name, **_data(definition.arguments), **returns, **_flags(definition)}
        case _:
            assert_never(definition)


def _base(union: Union) -> dict[str, _Json]:
    if union.is_simple:
        return {}
    base = _type(union.base) if isinstance(union.base, TypeRef) else _members(union.base)
    return {"base": base, "discriminator": union.discriminator}


def _data(data: Sequence[Member] | TypeRef) -> dict[str, _Json]:
    if isinstance(data, TypeRef):
        return {"data": _type(data)}
    return {"data": _members(data)} if data else {}


def _flags(command: Command) -> dict[str, _Json]:
    flags = {
        "boxed": (command.is_boxed, True),
        "gen": (command.gen, False),
        "success-response": (command.success_response, False),
        "allow-oob": (command.allow_oob, True),
        "allow-preconfig": (command.allow_preconfig, True),
        "coroutine": (command.coroutine, True),
    }
    return {key: value for key, (value, worth_saying) in flags.items() if value is worth_saying}


def _members(members: Sequence[Member]) -> dict[str, _Json]:
    return {
        "*" * member.is_optional + member.name: _short_or_long(
            "type", _type(member.type), _condition(member.condition) | _features(member.features)
        )
        for member in members
    }


def _branches(branches: Sequence[Branch]) -> dict[str, _Json]:
    return {
        branch.name: _short_or_long("type", _type(branch.type), _condition(branch.condition)) for branch in branches
    }


def _named(item: Value | Feature) -> _Json:
    features = _features(item.features) if isinstance(item, Value) else {}
    return _short_or_long("name", item.name, _condition(item.condition) | features)


def _short_or_long(key: str, value: _Json, others: Mapping[str, _Json]) -> _Json:
    return {key: value, **others} if others else value


def _type(reference: TypeRef) -> _Json:
    return [reference.name] if reference.is_array else reference.name


def _condition(condition: Condition | None) -> dict[str, _Json]:
    return {"if": _if(condition)} if condition else {}


def _if(condition: Condition) -> _Json:
    match condition:
        case Symbol(name):
            return name
        case All(conditions):
            return {"all": [_if(inner) for inner in conditions]}
        case Any(conditions):
            return {"any": [_if(inner) for inner in conditions]}
        case Not(inner):
            return {"not": _if(inner)}
        case _:
            assert_never(condition)


def _features(features: Sequence[Feature]) -> dict[str, _Json]:
    return {"features": [_named(feature) for feature in features]} if features else {}


def _text(value: _Json, column: int) -> str:
    """A value that starts in a column, counted from 0; on lines of its own for each item where one is too long."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return "'{}'".format(value.replace("\\", "\\\\"))
        case Mapping():
            inner = column + 2
            items = [f"'{key}': {_text(item, inner + len(key) + 4)}" for key, item in value.items()]
            return _enclosed("{ ", items, " }", column)
        case _:
            return _enclosed("[ ", [_text(item, column + 2) for item in value], " ]", column)


def _enclosed(opening: str, items: Sequence[str], closing: str, column: int) -> str:
    if not items:
        return opening.strip() + closing.strip()
    line = opening + ", ".join(items) + closing
    if column + len(line) <= _WIDTH and "\n" not in line:
        return line
    return opening + (",\n" + " " * (column + 2)).join(items) + closing
