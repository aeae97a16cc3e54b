"""What is wrong with the definitions of a schema, beyond the form of each one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from qapidoc_ext.schema.model import (
    BUILTIN_TYPES,
    Alternate,
    Command,
    Definition,
    Enum,
    Event,
    Member,
    Schema,
    Struct,
    TypeRef,
    Union,
)
from qapidoc_ext.schema.views import members_of
from qapidoc_ext.source import Finding


def check(schema: Schema) -> Iterator[Finding]:
    """Every fault: types that do not exist, comments on another name, discriminators and branches that do not fit."""
    for definition in schema.definitions.values():
        yield from _check_types(definition, schema)
        if definition.doc and definition.doc.name != definition.name:
            message = f"the comment above '{definition.name}' documents '{definition.doc.name}'"
            yield Finding(location=definition.doc.location, message=message)
        if isinstance(definition, Union) and definition.discriminator:
            yield from _check_discriminator(definition, schema)


def types_of(definition: Definition) -> Iterator[TypeRef]:
    """The types that a definition names, in its order."""
    match definition:
        case Command(arguments=data, returns=returns):
            yield from _types_in(data)
            yield from [returns] if returns else []
        case Event(data=data):
            yield from _types_in(data)
        case Struct(base=base, members=members):
            yield from [base] if base else []
            yield from _types_in(members)
        case Union(base=base, branches=branches):
            yield from _types_in(base)
            yield from (branch.type for branch in branches)
        case Alternate(alternatives=alternatives):
            yield from (alternative.type for alternative in alternatives)
        case Enum():
            pass
        case _:
            assert_never(definition)


def _types_in(data: tuple[Member, ...] | TypeRef) -> Iterator[TypeRef]:
    if isinstance(data, TypeRef):
        yield data
    else:
        yield from (member.type for member in data)


def _check_types(definition: Definition, schema: Schema) -> Iterator[Finding]:
    for type_ in types_of(definition):
        match schema.definitions.get(type_.name):
            case None if type_.name and type_.name not in BUILTIN_TYPES:
                yield Finding(location=type_.location, message=f"there is no type '{type_.name}'")
            case Command() | Event():
                yield Finding(location=type_.location, message=f"'{type_.name}' is not a type")
            case _:
                pass


def _check_discriminator(union: Union, schema: Schema) -> Iterator[Finding]:
    member = next((m for m in members_of(union.base, schema) if m.name == union.discriminator), None)
    if member is None:
        message = f"the base has no member '{union.discriminator}', which the discriminator names"
        yield Finding(location=union.location, message=message)
        return
    enum = schema.definitions.get(member.type.name)
    if not isinstance(enum, Enum):
        message = f"the discriminator '{union.discriminator}' must be of an enum type"
        yield Finding(location=union.location, message=message)
        return
    values = {value.name for value in enum.values}
    for branch in union.branches:
        if branch.name not in values:
            yield Finding(location=branch.location, message=f"'{branch.name}' is not a value of '{enum.name}'")
