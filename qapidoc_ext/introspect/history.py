"""Which versions of QEMU have what a schema defines, by the introspections that they gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

import msgspec

from qapidoc_ext.introspect.generate import Description, describe
from qapidoc_ext.introspect.item import Item, items, places
from qapidoc_ext.introspect.objects import branches_of, members_of, moved_members, shared, types_of_branches
from qapidoc_ext.introspect.part import Part, PartKind, alternative, branch, member, parts, value
from qapidoc_ext.introspect.reply import Alternate, Array, Command, Entity, Enum, Event, Introspection, Member, Object
from qapidoc_ext.introspect.walk import counterparts, forms
from qapidoc_ext.schema import model


def history(schema: model.Schema, recordings: Mapping[str, Introspection]) -> dict[Item, tuple[str, ...]]:
    """The versions that have each item, in the order of the recordings; what is in a place of its own comes last.

    What no message can have is left out.

    A version has a member of a type where it has it in one of the places in which the schema uses the type, whatever
    it called the type. It has the type where it has a part of it, or a type of the same kind in one of these places. It
    has an alternative where it takes such a value in one of them, of whatever type.

    :raise ReplyError: the schema has the fault that a command or an event has the name of another entity.
    """
    finder = Finder(schema, describe(schema))
    seen = {version: finder.found_in(recording) for version, recording in recordings.items()}
    return {
        item: tuple(version for version, found in seen.items() if item in found)
        for item in chain(items(schema), places(schema))
        if item in finder.visible
    }


class Finder:
    """Finds the items of a schema in introspections."""

    visible: frozenset[Item]
    """The items that a message can have."""

    def __init__(self, schema: model.Schema, description: Description) -> None:
        self._schema = schema
        self._description = description
        self._items = {name: self._items_of(entity) for name, entity in description.introspection.entities.items()}
        """The parts of an entity, each with the item that it is."""
        self._inherited = {
            name: self._inherited_of(entity) for name, entity in description.introspection.entities.items()
        }
        """The members that an entity has from its base, each with the item that it is in this place."""
        self._options = {name: self._options_of(entity) for name, entity in description.introspection.entities.items()}
        """The members that there are where a branch of an entity is selected, by its case, each with its item."""
        self.visible = frozenset(self.found_in(description.introspection))

    def found_in(self, introspection: Introspection) -> set[Item]:
        """The items that a QEMU with this introspection has."""
        found: set[Item] = set()
        alternatives: set[Item] = set()
        described = self._description.introspection
        found.update(_taken(described, introspection))
        introspection = _with_arguments_of_today(introspection)
        for one, other in counterparts(described, introspection):
            its = frozenset(parts(other))
            for ours in (self._items[one.name], self._inherited[one.name]):
                found.update(map(ours.__getitem__, ours.keys() & its))
            if type(one) is type(other):
                found.update(self._definition_of(one))
            alternatives.update(self._alternatives(one, other, introspection))
            if (options := self._options[one.name]) and isinstance(other, Object):
                for case, its_options in _options_in(other, introspection):
                    ours = options.get(case, {})
                    found.update(map(ours.__getitem__, ours.keys() & its_options))
            found.update(
                _item(self._schema, self._description.definitions[entity], part)
                for entity, part in _moved(one, other, described, introspection)
            )
        return found.union(map(Item, {item.definition for item in found}), alternatives)

    def item(self, entity: str, part: Part | None) -> Item | None:
        """The item that a definition's entity, or a part of any, is; None for a part that no schema writes."""
        return self._items[entity].get(part) if part else Item(self._description.definitions[entity])

    def _items_of(self, entity: Entity) -> dict[Part, Item]:
        definition = self._description.definitions.get(entity.name)
        if definition is None:
            return {}
        named = (part for part in parts(entity) if part.kind is not PartKind.ALTERNATIVE)
        return {part: _item(self._schema, definition, part) for part in named}

    def _alternatives(self, one: Entity, other: Entity, introspection: Introspection) -> Iterator[Item]:
        """The alternatives of the first whose values the second takes."""
        definition = self._schema.definitions.get(self._description.definitions.get(one.name, ""))
        if isinstance(one, Alternate) and isinstance(definition, model.Alternate):
            taken = forms(other, introspection).keys()
            described = self._description.introspection
            for written, item in zip(definition.alternatives, one.members, strict=True):
                if forms(described.entities[item.type], described).keys() & taken:
                    yield Item(definition.name, alternative(written.name))

    def _options_of(self, entity: Entity) -> dict[str, dict[Part, Item]]:
        name = self._description.definitions.get(entity.name)
        if name is None or not isinstance(entity, Object):
            return {}
        found = _options_in(entity, self._description.introspection)
        return {case: {part: Item(name, part) for part in options} for case, options in found}

    def _inherited_of(self, entity: Entity) -> dict[Part, Item]:
        name = self._description.definitions.get(entity.name)
        if name not in self._schema.definitions:
            return {}
        inherited = (part for part, item in self._items[entity.name].items() if item.definition != name)
        return {part: Item(name, part) for part in inherited if part.kind is PartKind.MEMBER}

    def _definition_of(self, entity: Entity) -> Iterator[Item]:
        name = self._description.definitions.get(entity.name)
        if name in self._schema.definitions:
            yield Item(definition=name)


def _taken(first: Introspection, second: Introspection) -> Iterator[Item]:
    """What the commands and events of both take directly, in both."""
    for name, one, other in shared(first.entities, second.entities):
        match one, other:
            case (Command(arg_type=type_), Command(arg_type=its_type)) | (
                Event(arg_type=type_),
                Event(arg_type=its_type),
            ):
                arguments, its = first.entities[type_], second.entities[its_type]
                there = {*parts(its), *_moved_out(arguments, its, first, second)}
                yield from (Item(name, part) for part in _content(arguments) if part in there)
            case _:
                pass


def _content(entity: Entity) -> Iterator[Part]:
    """The parts but the features of the entity itself, which are not those of a command that takes it."""
    return (part for part in parts(entity) if part.kind is not PartKind.FEATURE or part.of)


def _options_in(entity: Object, introspection: Introspection) -> Iterator[tuple[str, frozenset[Part]]]:
    """The members that there are where a branch is selected, also those of what they hold, by its case."""
    always = members_of(entity)
    for case, members in branches_of(entity, introspection).items():
        yield case, frozenset(_options(always | members, branch(case), introspection))


def _options(members: Mapping[str, Member], of: Part, introspection: Introspection) -> Iterator[Part]:
    for name, one in members.items():
        option = member(name, of)
        yield option
        if isinstance(held := _element(one.type, introspection), Object):
            yield from _content_there(held, option, introspection)


def _content_there(held: Object, of: Part, introspection: Introspection) -> Iterator[Part]:
    for name, one in members_of(held).items():
        yield member(name, of)
        if isinstance(enum := _element(one.type, introspection), Enum):
            yield from (value(item, member(name, of)) for item in enum.values)
    for case, members in branches_of(held, introspection).items():
        yield branch(case, of)
        yield from (member(name, branch(case, of)) for name in members)


def _element(type_: str, introspection: Introspection) -> Entity:
    """The type; of an array, that of its elements. No schema has arrays of arrays."""
    entity = introspection.entities[type_]
    return introspection.entities[entity.element_type] if isinstance(entity, Array) else entity


def _moved_out(one: Entity, other: Entity, first: Introspection, second: Introspection) -> Iterator[Part]:
    """The members that the second has in branches only."""
    if isinstance(one, Object) and isinstance(other, Object):
        yield from (member(item.first.name) for item in moved_members(one, other, first, second))


def _with_arguments_of_today(introspection: Introspection) -> Introspection:
    """The introspection as it would be if `blockdev-add` had its arguments in no `options`, as it had up to 2.7."""
    entities = introspection.entities
    match entities.get("blockdev-add"):
        case Command(arg_type=arguments) as command:
            match entities[arguments]:
                case Object(members=(Member(name="options", type=type_),), tag=None):
                    command = msgspec.structs.replace(command, arg_type=type_)
                    return Introspection(entities={**entities, command.name: command})
    return introspection


def _moved(one: Entity, other: Entity, first: Introspection, second: Introspection) -> Iterator[tuple[str, Part]]:
    """The members that the second has at another place, in a branch or beside the branches."""
    if isinstance(one, Object) and isinstance(other, Object):
        for item in moved_members(one, other, first, second):
            is_in_branch = item.first.name not in members_of(one)
            entity = types_of_branches(one)[item.case] if is_in_branch else one.name
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
