"""What a QEMU built from a schema would say of itself: the schema as an introspection.

The rules are those of the section "Client JSON Protocol introspection" in QEMU's `docs/devel/qapi-code-gen`, and what
its builds make of them: types are numbered in the order in which commands and events, and then the types themselves,
first refer to them. They are numbered before conditions are looked at, and so have the numbers of a real build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Literal, TypeVar, assert_never

from msgspec import UNSET
from msgspec.structs import replace as replace_fields

from qapidoc_ext.introspect import part, reply
from qapidoc_ext.introspect.implicit import EMPTY, with_implicit_types
from qapidoc_ext.introspect.part import Part
from qapidoc_ext.introspect.reply import Entity, Introspection
from qapidoc_ext.schema import model
from qapidoc_ext.schema.condition import Condition, is_true, symbols
from qapidoc_ext.schema.views import members_of, values_without_branch

_JSON_TYPES: Mapping[str, Literal["string", "number", "int", "boolean", "null", "value"]] = {
    "str": "string",
    "number": "number",
    "int": "int",
    "bool": "boolean",
    "null": "null",
    "any": "value",
}
"""Of the built-in types that a reply has. The others are integers, and become `int`."""
_ENUM_MEMBERS_SINCE = (6, 2)
"""The version of QEMU that was the first to have `members` in an enum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entity, or a part of one."""

    entity: str
    """Its name, masked where it is a type."""
    part: Part | None = None


@dataclass(frozen=True, kw_only=True)
class Description:
    """All that a schema describes, whatever the configuration."""

    introspection: Introspection
    conditions: Mapping[Place, Condition]
    """Of what is not always there."""
    definitions: Mapping[str, str]
    """The name of the definition, by that of the entity; `q_obj_NAME-arg` is what `NAME` takes or brings."""

    @cached_property
    def entities(self) -> dict[str, str]:
        """The name of the entity, by that of the definition: none has two."""
        return {name: entity for entity, name in self.definitions.items()}


def generate(schema: model.Schema, is_defined: Callable[[str], bool]) -> Introspection:
    """The introspection of a QEMU that was built from the schema with these symbols defined.

    :raise ReplyError: something is there that refers to a type which the schema, with these symbols, does not define.
    """
    return configured(describe(schema), is_defined)


def describe(schema: model.Schema, also: Iterable[str] = ()) -> Description:
    """The introspection of a QEMU that has all that the schema describes.

    :param also: types that are in it behind all others, even where no command and no event refers to them.
    :raise ReplyError: the schema has the fault that a command or an event has the name of another entity.
    """
    describer = _Describer(with_implicit_types(schema))
    entities = list(describer.entities(also))
    return Description(
        introspection=reply.introspection(entities),
        conditions=describer.conditions,
        definitions=describer.definitions,
    )


def configured(description: Description, is_defined: Callable[[str], bool]) -> Introspection:
    """What is there with these symbols defined.

    :raise ReplyError: something is there that refers to a type which, with these symbols, is not.
    """
    known = {name: is_defined(name) for one in description.conditions.values() for name in symbols(one)}

    def is_there(entity: Entity, part: Part | None = None) -> bool:
        condition = description.conditions.get(Place(entity=entity.name, part=part))
        return condition is None or bool(is_true(condition, known))

    entities = filter(is_there, description.introspection.entities.values())
    return reply.introspection(_only(entity, partial(is_there, entity)) for entity in entities)


class _Describer:
    """Makes the entities of a schema, and keeps the conditions under which they and their parts are there."""

    def __init__(self, schema: model.Schema) -> None:
        self.conditions: dict[Place, Condition] = {}
        self.definitions: dict[str, str] = {}
        self._schema = schema
        self._used: dict[str, model.TypeRef] = {}
        """The types that were referred to, in this order, by what is written for them."""
        self._masks: dict[str, str] = {}
        """The number of a defined type, by its name."""
        self._has_enum_members = is_new(schema.version, _ENUM_MEMBERS_SINCE)

    def entities(self, also: Iterable[str]) -> Iterator[Entity]:
        for module in self._schema.modules:
            for name in module.definitions:
                definition = self._schema.definitions[name]
                if isinstance(definition, model.Command | model.Event):
                    yield self._defined(definition, name)
        yield from self._types(0)
        done = len(self._used)
        for name in also:
            self._use(model.TypeRef(name=name, location=self._schema.definitions[name].location))
        yield from self._types(done)

    def _types(self, done: int) -> Iterator[Entity]:
        while done < len(self._used):  # each can refer to more
            yield self._type(list(self._used.values())[done])
            done += 1

    def _type(self, type_: model.TypeRef) -> Entity:
        if type_.is_array:
            return self._array(type_)
        definition = self._schema.definitions.get(type_.name)
        if definition is None:
            return reply.Builtin(name=type_.name, json_type=_JSON_TYPES[type_.name])
        return self._defined(definition, self._mask(type_.name))

    def _array(self, array: model.TypeRef) -> Entity:
        element = self._use(replace(array, is_array=False))
        name = f"[{element}]"
        definition = self._schema.definitions.get(array.name)
        self._note(definition.condition if definition else None, name)
        return reply.Array(name=name, element_type=element)

    def _defined(self, definition: model.Definition, name: str) -> Entity:
        self._note(definition.condition, name)
        self.definitions[name] = definition.name
        features = self._features(definition.features, name)
        match definition:
            case model.Command():
                return reply.Command(
                    name=name,
                    features=features,
                    arg_type=self._use_data(definition.arguments),
                    ret_type=self._use(definition.returns or EMPTY),
                    allow_oob=definition.allow_oob,
                )
            case model.Event():
                return reply.Event(name=name, features=features, arg_type=self._use_data(definition.data))
            case model.Struct() | model.Union():
                return self._object(definition, name, features)
            case model.Alternate():
                return self._alternate(definition, name, features)
            case model.Enum():
                return self._enum(definition, name, features)
            case _:
                assert_never(definition)

    def _object(self, item: model.Struct | model.Union, name: str, features: tuple[str, ...]) -> Entity:
        reference = model.TypeRef(name=item.name, location=item.location)
        members = tuple(self._member(member, name) for member in members_of(reference, self._schema))
        if isinstance(item, model.Struct):
            return reply.Object(name=name, features=features, members=members)
        return reply.Object(
            name=name,
            features=features,
            members=members,
            tag=item.discriminator,
            variants=tuple(self._variants(item, name)),
        )

    def _member(self, member: model.Member, name: str) -> reply.Member:
        place = part.member(member.name)
        self._note(member.condition, name, place)
        return reply.Member(
            name=member.name,
            type=self._use(member.type),
            default=None if member.is_optional else UNSET,
            features=self._features(member.features, name, place),
        )

    def _variants(self, union: model.Union, name: str) -> Iterator[reply.Variant]:
        """The branches, and behind them one without members for each value of the discriminator that has none."""
        for branch in union.branches:
            self._note(branch.condition, name, part.branch(branch.name))
            yield reply.Variant(case=branch.name, type=self._use(branch.type))
        for value in values_without_branch(union, self._schema):
            self._note(value.condition, name, part.branch(value.name))
            yield reply.Variant(case=value.name, type=self._use(EMPTY))

    def _alternate(self, alternate: model.Alternate, name: str, features: tuple[str, ...]) -> Entity:
        members = []
        for alternative in alternate.alternatives:
            type_ = self._use(alternative.type)
            self._note(alternative.condition, name, part.alternative(type_))
            members.append(reply.Alternative(type=type_))
        return reply.Alternate(name=name, features=features, members=tuple(members))

    def _enum(self, enum: model.Enum, name: str, features: tuple[str, ...]) -> Entity:
        for value in enum.values:
            self._note(value.condition, name, part.value(value.name))
        members = tuple(
            reply.EnumMember(name=value.name, features=self._features(value.features, name, part.value(value.name)))
            for value in enum.values
        )
        return reply.Enum(
            name=name,
            features=features,
            values=tuple(value.name for value in enum.values),
            members=members if self._has_enum_members else None,
        )

    def _features(self, features: Iterable[model.Feature], name: str, of: Part | None = None) -> tuple[str, ...]:
        for feature in features:
            self._note(feature.condition, name, part.feature(feature.name, of))
        return tuple(feature.name for feature in features)

    def _use_data(self, data: model.Members | model.TypeRef) -> str:
        assert isinstance(data, model.TypeRef), "the implicit types are defined"
        return self._use(data)

    def _use(self, type_: model.TypeRef) -> str:
        """The name that the type has in the reply, which will have the type too."""
        if type_.name not in self._schema.definitions:
            type_ = replace(type_, name=type_.name if type_.name in _JSON_TYPES else "int")
        self._used.setdefault(str(type_), type_)
        if type_.is_array:
            return f"[{self._use(replace(type_, is_array=False))}]"
        return self._mask(type_.name) if type_.name in self._schema.definitions else type_.name

    def _mask(self, name: str) -> str:
        return self._masks.setdefault(name, str(len(self._masks)))

    def _note(self, condition: Condition | None, entity: str, part: Part | None = None) -> None:
        if condition:
            self.conditions[Place(entity=entity, part=part)] = condition


def _only(entity: Entity, is_there: Callable[[Part], bool]) -> Entity:
    """The entity without the parts that are not there."""
    features = tuple(name for name in entity.features if is_there(part.feature(name)))
    match entity:
        case reply.Builtin() | reply.Array() | reply.Command() | reply.Event():
            return replace_fields(entity, features=features)
        case reply.Object():
            members = [item for item in entity.members if is_there(part.member(item.name))]
            return replace_fields(
                entity,
                features=features,
                members=tuple(_with_features(item, part.member(item.name), is_there) for item in members),
                variants=tuple(item for item in entity.variants if is_there(part.branch(item.case))),
            )
        case reply.Alternate():
            alternatives = tuple(item for item in entity.members if is_there(part.alternative(item.type)))
            return replace_fields(entity, features=features, members=alternatives)
        case reply.Enum():
            values = tuple(name for name in entity.values if is_there(part.value(name)))
            enum_members = tuple(
                _with_features(item, part.value(item.name), is_there)
                for item in entity.members or ()
                if item.name in values
            )
            return replace_fields(
                entity, features=features, values=values, members=None if entity.members is None else enum_members
            )
        case _:
            assert_never(entity)


_Featured = TypeVar("_Featured", reply.Member, reply.EnumMember)


def _with_features(item: _Featured, of: Part, is_there: Callable[[Part], bool]) -> _Featured:
    features = tuple(name for name in item.features if is_there(part.feature(name, of)))
    return replace_fields(item, features=features)


def is_new(version: str, since: tuple[int, ...]) -> bool:
    """Whether a schema of this version has what a QEMU has since another one; a schema of no version is a new one."""
    numbers = model.release(version)
    return not numbers or numbers >= since
