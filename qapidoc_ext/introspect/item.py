"""What a schema defines, and the parts of that, as versions of QEMU have them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qapidoc_ext.introspect.part import Part, PartKind, alternative, branch, feature, member, value
from qapidoc_ext.schema import model, views

WRAPPED = "data"
"""The only member of a branch that comes from a simple union: what the branch is about is in there."""


class Item(NamedTuple):
    """A definition, or a part of one: mostly in the definition that writes it, otherwise in a place of its own."""

    definition: str
    part: Part | None = None

    def __str__(self) -> str:
        """As in `BlockdevOptionsFile.aio`, `BlockdevOptions (branch file)` or `job-cancel.force (feature unstable)`."""
        match self.part:
            case None:
                return self.definition
            case Part(kind=PartKind.FEATURE | PartKind.BRANCH | PartKind.ALTERNATIVE as kind, name=name, of=of):
                return f"{Item(self.definition, of)} ({kind} {name})"
            case Part(name=name, of=None):
                return f"{self.definition}.{name}"
            case Part(name=name, of=of):
                return f"{Item(self.definition, of)}.{name}"


def items(schema: model.Schema) -> Iterator[Item]:
    """Every definition, each with the parts that it writes itself, in the schema's order."""
    for module in schema.modules:
        for name in module.definitions:
            yield Item(definition=name)
            yield from (Item(definition=name, part=part) for part in _parts(schema.definitions[name]))


def places(schema: model.Schema) -> Iterator[Item]:
    """What a command, an event or a type has from a type, and the members that there are where a branch is selected.

    What the members of a branch hold is followed one step: the `server` of several drivers is not as old in each.

    Other versions can have the type, or a member of it, without having it in this place.
    """
    for definition in schema.definitions.values():
        match definition:
            case model.Command(arguments=model.TypeRef() as type_) | model.Event(data=model.TypeRef() as type_):
                yield from (Item(definition.name, part) for part in _parts_taken(type_, schema))
            case model.Struct() | model.Union():
                base = definition.base if isinstance(definition.base, model.TypeRef) else None
                yield from (Item(definition.name, member(one.name)) for one in views.members_of(base, schema))
            case _:
                pass
        if isinstance(definition, model.Union):
            yield from (Item(definition.name, part) for part in _options(definition, schema))


def _options(union: model.Union, schema: model.Schema) -> Iterator[Part]:
    always = views.members_of(union.base, schema)
    for item in union.branches:
        if union.is_simple:
            yield from _content(item.type, schema, member(WRAPPED, branch(item.name)))
        else:
            for one in (*always, *views.members_of(item.type, schema)):
                option = member(one.name, branch(item.name))
                yield option
                yield from _content(one.type, schema, option)


def _content(type_: model.TypeRef, schema: model.Schema, of: Part) -> Iterator[Part]:
    """The members that an object of a type has there, with their values, and its branches with what they add."""
    for one in views.members_of(type_, schema):
        part = member(one.name, of)
        yield part
        enum = schema.definitions.get(one.type.name)
        yield from (value(item.name, part) for item in (enum.values if isinstance(enum, model.Enum) else ()))
    definition = schema.definitions.get(type_.name)
    if isinstance(definition, model.Union) and not definition.is_simple:
        for case in definition.branches:
            selected = branch(case.name, of)
            yield selected
            yield from (member(one.name, selected) for one in views.members_of(case.type, schema))


def _parts_taken(type_: model.TypeRef, schema: model.Schema) -> Iterator[Part]:
    for written in views.members_of(type_, schema):
        yield member(written.name)
        yield from (feature(item.name, member(written.name)) for item in written.features)
    definition = schema.definitions.get(type_.name)
    if isinstance(definition, model.Union):
        yield from (branch(item.name) for item in definition.branches)


def _parts(definition: model.Definition) -> Iterator[Part]:
    """The parts that a definition itself writes."""
    yield from (feature(item.name) for item in definition.features)
    for written in views.local_parts(definition):
        part = member(written.name) if isinstance(written, model.Member) else value(written.name)
        yield part
        yield from (feature(item.name, part) for item in written.features)
    match definition:
        case model.Union(branches=branches):
            yield from (branch(item.name) for item in branches)
        case model.Alternate(alternatives=alternatives):
            yield from (alternative(item.name) for item in alternatives)
        case _:
            pass
