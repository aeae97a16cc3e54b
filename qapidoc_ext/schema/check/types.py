"""Types that definitions name: whether they exist, and what they are."""

from __future__ import annotations

from collections.abc import Iterator

from qapidoc_ext.schema.check.place import in_definition
from qapidoc_ext.schema.closest import hint
from qapidoc_ext.schema.model import (
    BUILTIN_TYPES,
    Alternate,
    Command,
    Definition,
    Enum,
    Event,
    Schema,
    Struct,
    TypeRef,
    Union,
)
from qapidoc_ext.source import Finding

_HINTS = 20
"""So many names that are missing are told with those that are close: each is compared with all names of the schema."""
_INTEGERS = frozenset(name for name in BUILTIN_TYPES if "int" in name) | {"size"}


def resolve(type_: TypeRef, schema: Schema) -> Definition | None:
    """The definition of a type; None for an array, for a built-in type and for one that does not exist."""
    found = None if type_.is_array else schema.definitions.get(type_.name)
    return None if isinstance(found, Command | Event) else found


def exists(type_: TypeRef, schema: Schema) -> bool:
    """Whether there is such a type."""
    found = schema.definitions.get(type_.name)
    return type_.name in BUILTIN_TYPES or (found is not None and not isinstance(found, Command | Event))


class TypeNames:
    """The names of a schema's types. Those that are close to one that is missing are looked for a few times only."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._hints: dict[str, str] = {}
        """By the name that is missing."""

    def faults(self, type_: TypeRef, definition: Definition) -> Iterator[Finding]:
        """That a definition names a type that does not exist, as far as that can be said."""
        schema = self._schema
        if type_.name in schema.definitions and not exists(type_, schema):
            yield in_definition(definition.start, type_.location, f"'{type_.name}' is not a type")
        elif type_.is_name and schema.is_complete and type_.name not in schema.unread and not exists(type_, schema):
            message = f"there is no type '{type_.name}'{self._hint(type_.name)}"
            yield in_definition(definition.start, type_.location, message)

    def _hint(self, name: str) -> str:
        if name not in self._hints and len(self._hints) < _HINTS:
            definitions = self._schema.definitions.values()
            defined = (each.name for each in definitions if not isinstance(each, Command | Event))
            self._hints[name] = hint(name, [*BUILTIN_TYPES, *defined])
        return self._hints.get(name, "")


def describe(type_: TypeRef, schema: Schema) -> str:
    """A type and its kind: `the union 'BlockdevOptions'`."""
    found = resolve(type_, schema)
    if type_.is_array:
        return f"the array {type_}"
    return f"the {type(found).__name__.lower() if found else 'built-in type'} '{type_.name}'"


def json_types(type_: TypeRef, schema: Schema) -> frozenset[str]:
    """What the JSON values of a type are, with what they may be given as on a command line.

    Empty for a type whose values can be anything, so that they are not told apart from others.
    """
    if type_.is_array:
        return frozenset({"array"})
    match resolve(type_, schema):
        case Struct() | Union():
            return frozenset({"object"})
        case Enum(values=values):
            names = [value.name for value in values]
            is_number = any(name[:1] in "-+0123456789." for name in names if name)
            is_boolean = any(name in {"on", "off"} for name in names)
            return frozenset({"string", *(["number"] * is_number), *(["boolean"] * is_boolean)})
        case Alternate():
            return frozenset()
        case _:
            return _builtin_json_types(type_.name)


def _builtin_json_types(name: str) -> frozenset[str]:
    match name:
        case "str":
            return frozenset({"string", "number", "boolean"})
        case "QType":
            return frozenset({"string"})
        case "bool":
            return frozenset({"boolean"})
        case "null":
            return frozenset({"null"})
        case "number":
            return frozenset({"number"})
        case _:
            return frozenset({"number"}) if name in _INTEGERS else frozenset()
