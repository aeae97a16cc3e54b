"""Which versions of QEMU have what a schema defines, by the introspections that they gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qapidoc_ext.introspect.generate import Description, describe
from qapidoc_ext.introspect.objects import members_of, moved_members, types_of_branches
from qapidoc_ext.introspect.part import Part, PartKind, branch, feature, member, parts, value
from qapidoc_ext.introspect.reply import Command, Event, Introspection, Object
from qapidoc_ext.introspect.walk import Pair, pairs
from qapidoc_ext.schema import model
from qapidoc_ext.schema.views import local_parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A command, an event, or a part of any definition, in the definition that writes it."""

    definition: str
    part: Part | None = None

    def __str__(self) -> str:
        """As in `BlockdevOptionsFile.aio`, or `MigrationCapability.x-colo (feature unstable)`."""
        if self.part is None:
            return self.definition
        if self.part.kind is PartKind.FEATURE:
            holder = f"{self.definition}.{self.part.of.name}" if self.part.of else self.definition
            return f"{holder} (feature {self.part.name})"
        return f"{self.definition}.{self.part.name}"


def items(schema: model.Schema) -> Iterator[Item]:
    """What a client can see of a schema by its name, in the schema's order: of types, their parts only."""
    for module in schema.modules:
        for name in module.definitions:
            definition = schema.definitions[name]
            if isinstance(definition, model.Command | model.Event):
                yield Item(definition=name)
            yield from (Item(definition=name, part=part) for part in _parts(definition))


def history(schema: model.Schema, recordings: Mapping[str, Introspection]) -> dict[Item, tuple[str, ...]]:
    """The versions that have each item, in the order of the recordings. What no message can have is left out.

    A version has a member of a type where it has it in one of the places in which the schema uses the type, whatever
    it called the type.

    :raise ReplyError: the schema refers to a type that it does not define.
    """
    description = describe(schema)
    visible = _seen(schema, description, description.introspection)
    seen = {version: _seen(schema, description, recording) for version, recording in recordings.items()}
    return {
        item: tuple(version for version, found in seen.items() if item in found)
        for item in items(schema)
        if item in visible
    }


def _parts(definition: model.Definition) -> Iterator[Part]:
    """The parts that a definition itself writes."""
    yield from (feature(item.name) for item in definition.features)
    for written in local_parts(definition):
        part = member(written.name) if isinstance(written, model.Member) else value(written.name)
        yield part
        yield from (feature(item.name, part) for item in written.features)
    if isinstance(definition, model.Union):
        yield from (branch(item.name) for item in definition.branches)


def _seen(schema: model.Schema, description: Description, recording: Introspection) -> set[Item]:
    """The items that a recording has."""
    found: set[Item] = set()
    for pair in pairs(description.introspection, recording):
        if isinstance(pair.first, Command | Event):
            found.add(Item(definition=pair.first.name))
        there = set(parts(pair.second))
        places = [(pair.first.name, part) for part in parts(pair.first) if part in there]
        for entity, part in [*places, *_moved(pair, description.introspection, recording)]:
            found.add(_item(schema, description.definitions[entity], part))
    return found


def _moved(pair: Pair, first: Introspection, second: Introspection) -> Iterator[tuple[str, Part]]:
    """The members that the second has at another place, in a branch or beside the branches."""
    if isinstance(pair.first, Object) and isinstance(pair.second, Object):
        for item in moved_members(pair.first, pair.second, first, second):
            is_in_branch = item.first.name not in members_of(pair.first)
            entity = types_of_branches(pair.first)[item.case] if is_in_branch else pair.first.name
            yield entity, member(item.first.name)


def _item(schema: model.Schema, name: str, part: Part) -> Item:
    """The item that a part of an entity is, by the name of the entity's definition."""
    if name not in schema.definitions:  # the type of inline arguments or data, or of the branch of a simple union
        name = name.removeprefix("q_obj_").removesuffix("-arg")
    for written in (part, part.of):
        if written and written.kind is PartKind.MEMBER:
            name = _owner(schema, name, written.name)
    return Item(definition=name, part=part)


def _owner(schema: model.Schema, name: str, member_name: str) -> str:
    """The definition that writes a member of an object: itself, or one of its bases."""
    passed: set[str] = set()
    while name not in passed:
        passed.add(name)
        match schema.definitions.get(name):
            case model.Struct(base=model.TypeRef(name=base), members=members) if all(
                item.name != member_name for item in members
            ):
                name = base
            case model.Union(base=model.TypeRef(name=base)):
                name = base
            case _:
                pass
    return name
