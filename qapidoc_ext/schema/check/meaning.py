"""What definitions say about each other: whether the types that they name exist and may stand where they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import assert_never

from qapidoc_ext.schema.check.documentation import superfluous, undescribed
from qapidoc_ext.schema.check.features import definition_feature_faults, feature_faults, number_faults
from qapidoc_ext.schema.check.names import c_name
from qapidoc_ext.schema.check.objects import ObjectTypes
from qapidoc_ext.schema.check.outline import Outline
from qapidoc_ext.schema.check.place import in_definition
from qapidoc_ext.schema.check.pragmas import Pragmas
from qapidoc_ext.schema.check.types import TypeNames, describe, exists, json_types, resolve
from qapidoc_ext.schema.dialect import Dialect
from qapidoc_ext.schema.model import (
    Alternate,
    Command,
    Definition,
    Enum,
    Event,
    Members,
    Schema,
    Struct,
    TypeRef,
    Union,
)
from qapidoc_ext.source import Finding

Outlines = Mapping[str, Outline]
"""What the comments of definitions describe, by the name of the definition."""


def meaning_faults(schema: Schema, outlines: Outlines, pragmas: Pragmas, dialect: Dialect) -> Iterator[Finding]:
    """What is wrong with the definitions of a schema, beyond the form of each."""
    names = TypeNames(schema)
    judge = _Judge(schema, names, pragmas, dialect)
    for name, definition in schema.definitions.items():
        yield from _array_faults(definition, names)
        yield from judge.faults(definition)
        if outline := outlines.get(name):
            yield from undescribed(definition, outline, pragmas, dialect)
            if not dialect.comments_last:
                yield from superfluous(definition, outline, dialect)
    if dialect.comments_last:
        for name, outline in outlines.items():
            yield from superfluous(schema.definitions[name], outline, dialect)
    yield from number_faults(schema, dialect)


def _array_faults(definition: Definition, names: TypeNames) -> Iterator[Finding]:
    for type_ in types_of(definition):
        if type_.is_array:
            yield from names.faults(type_, definition)


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


def _types_in(data: Members | TypeRef) -> Iterator[TypeRef]:
    if isinstance(data, TypeRef):
        yield data
    else:
        yield from (member.type for member in data)


class _Judge:
    """The schema that is judged, and what was found out about its object types."""

    def __init__(self, schema: Schema, names: TypeNames, pragmas: Pragmas, dialect: Dialect) -> None:
        self._schema = schema
        self._names = names
        self._pragmas = pragmas
        self._dialect = dialect
        self._objects = ObjectTypes(schema, names, dialect)

    def faults(self, definition: Definition) -> Iterator[Finding]:
        match definition:
            case Struct() | Union():
                yield from self._objects.faults(definition)
            case Enum():
                yield from self._enum(definition)
            case Alternate():
                yield from self._alternate(definition)
            case Command():
                yield from self._arguments(definition, definition.arguments)
                yield from self._returns(definition)
            case Event():
                yield from self._arguments(definition, definition.data)
            case _:
                assert_never(definition)

    def _enum(self, enum: Enum) -> Iterator[Finding]:
        yield from definition_feature_faults(enum, self._dialect)
        seen: dict[str, str] = {}
        for value in enum.values:
            yield from feature_faults(value.features, enum)
            if value.name and (first := seen.get(c_name(value.name))):
                message = f"the value '{value.name}' clashes with '{first}'"
                yield in_definition(enum.start, value.location, message)
            seen.setdefault(c_name(value.name), value.name)

    def _alternate(self, alternate: Alternate) -> Iterator[Finding]:
        yield from definition_feature_faults(alternate, self._dialect)
        names: dict[str, str] = {}
        types: dict[str, str] = {}
        for branch in alternate.alternatives:
            found = json_types(branch.type, self._schema)
            if not exists(branch.type, self._schema):
                yield from () if branch.type.is_array else self._names.faults(branch.type, alternate)
            elif not found or (branch.type.is_array and not self._dialect.array_alternatives):
                message = f"an alternative cannot be {describe(branch.type, self._schema)}"
                yield in_definition(alternate.start, branch.location, message)
            if first := names.get(c_name(branch.name)) or next((types[type_] for type_ in found if type_ in types), ""):
                message = f"'{branch.name}' cannot be told apart from '{first}'"
                yield in_definition(alternate.start, branch.location, message)
            names.setdefault(c_name(branch.name), branch.name)
            types.update(dict.fromkeys(found, branch.name))

    def _arguments(self, definition: Command | Event, data: Members | TypeRef) -> Iterator[Finding]:
        yield from definition_feature_faults(definition, self._dialect)
        if isinstance(data, TypeRef):
            yield from self._argument_type(definition, data)
        else:
            yield from self._objects.member_faults(data, definition, {})
        member = self._objects.conditional(data)
        if member and not definition.is_boxed and self._dialect.conditions_need_boxed:
            message = f"the argument '{member.name}' has a condition, which needs 'boxed': true"
            yield in_definition(definition.start, definition.location, message)

    def _argument_type(self, definition: Command | Event, type_: TypeRef) -> Iterator[Finding]:
        match resolve(type_, self._schema):
            case Struct() as struct:
                yield from self._objects.faults(struct)
            case Union() as union:
                if not definition.is_boxed:
                    message = f"arguments of {describe(type_, self._schema)} need 'boxed': true"
                    yield in_definition(definition.start, type_.location, message)
                yield from self._objects.faults(union)
            case _ if exists(type_, self._schema):
                message = f"arguments must be of an object type, unlike {describe(type_, self._schema)}"
                yield in_definition(definition.start, type_.location, message)
            case _:
                yield from self._names.faults(type_, definition)

    def _returns(self, command: Command) -> Iterator[Finding]:
        type_ = command.returns
        if type_ is None:
            return
        if not exists(type_, self._schema):
            yield from () if type_.is_array else self._names.faults(type_, command)
            return
        element = replace(type_, is_array=False)
        is_object = isinstance(resolve(element, self._schema), Struct | Union)
        if not is_object and command.name not in self._pragmas.command_returns:
            message = f"a command must return objects, unlike {describe(type_, self._schema)}"
            yield in_definition(command.start, type_.location, message)
