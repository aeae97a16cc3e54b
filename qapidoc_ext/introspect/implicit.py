"""The types that a schema implies without a definition: those of inline arguments, of simple unions, and `QType`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qapidoc_ext.schema.model import (
    Branch,
    Command,
    Definition,
    Enum,
    Event,
    Member,
    Members,
    Schema,
    Struct,
    TypeRef,
    Union,
    Value,
)
from qapidoc_ext.source import Location

_NOWHERE = Location(path="")
EMPTY = TypeRef(name="q_empty", location=_NOWHERE)
"""The type of arguments, data and branches that have no members."""
_Q_TYPES = ("none", "qnull", "qnum", "qstring", "qdict", "qlist", "qbool")


def with_implicit_types(schema: Schema) -> Schema:
    """The same schema with a definition for each type that it implies, named as QEMU's generator names it.

    Arguments and data are then always a type, and every union has a discriminator.
    """
    definitions: dict[str, Definition] = {
        EMPTY.name: Struct(name=EMPTY.name, module="", location=_NOWHERE, start=_NOWHERE),
        "QType": Enum(
            name="QType",
            module="",
            location=_NOWHERE,
            start=_NOWHERE,
            values=tuple(Value(name=name, location=_NOWHERE) for name in _Q_TYPES),
        ),
    }
    for definition in schema.definitions.values():
        definitions.update((made.name, made) for made in _explicit(definition, schema))
    return replace(schema, definitions=definitions)


def _explicit(definition: Definition, schema: Schema) -> Iterator[Definition]:
    match definition:
        case Command(arguments=tuple(members)):
            arguments = _arguments(definition, members)
            yield from [arguments] if members else []
            yield replace(definition, arguments=_reference(arguments.name, definition) if members else EMPTY)
        case Event(data=tuple(members)):
            arguments = _arguments(definition, members)
            yield from [arguments] if members else []
            yield replace(definition, data=_reference(arguments.name, definition) if members else EMPTY)
        case Union() if definition.is_simple:
            yield from _from_simple_union(definition, schema)
        case _:
            yield definition


def _arguments(definition: Command | Event, members: Members) -> Struct:
    return Struct(
        name=f"q_obj_{definition.name}-arg",
        module=definition.module,
        location=definition.location,
        start=definition.start,
        condition=definition.condition,
        members=members,
    )


def _from_simple_union(union: Union, schema: Schema) -> Iterator[Definition]:
    """The union as one with a discriminator, its enum, and around each branch's type an object that holds it."""
    kind = Enum(
        name=f"{union.name}Kind",
        module=union.module,
        location=union.location,
        start=union.start,
        condition=union.condition,
        values=tuple(Value(name=b.name, condition=b.condition, location=b.location) for b in union.branches),
    )
    wrappers = [_wrapper(branch, union, schema) for branch in union.branches]
    yield kind
    yield from wrappers
    yield replace(
        union,
        base=(Member(name="type", type=_reference(kind.name, union), location=union.location),),
        discriminator="type",
        branches=tuple(
            replace(branch, type=_reference(wrapper.name, union))
            for branch, wrapper in zip(union.branches, wrappers, strict=True)
        ),
    )


def _wrapper(branch: Branch, union: Union, schema: Schema) -> Struct:
    wrapped = schema.definitions.get(branch.type.name)
    name = f"{branch.type.name}List" if branch.type.is_array else branch.type.name
    return Struct(
        name=f"q_obj_{name}-wrapper",
        module=union.module,
        location=branch.location,
        start=union.start,
        condition=wrapped.condition if wrapped else None,
        members=(Member(name="data", type=branch.type, location=branch.location),),
    )


def _reference(name: str, definition: Definition) -> TypeRef:
    return TypeRef(name=name, location=definition.location)
