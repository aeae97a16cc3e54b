"""An introspection with something more, or less."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from qapidoc_ext.introspect.reply import (
    Command,
    Entity,
    Enum,
    EnumMember,
    Event,
    Introspection,
    Member,
    Object,
    types_of,
)

_Part = TypeVar("_Part", Entity, Member, EnumMember)


def branch_types(introspection: Introspection, union: str, branches: Iterable[str]) -> frozenset[str]:
    """The names of the types that these branches of a union have; other branches may share them."""
    entity = introspection.entities[union]
    assert isinstance(entity, Object)
    return frozenset(variant.type for variant in entity.variants if variant.case in set(branches))


def branches_with(introspection: Introspection, union: str, feature: str) -> frozenset[str]:
    """The branches of a union whose type has a feature."""
    entity = introspection.entities[union]
    assert isinstance(entity, Object)
    return frozenset(
        variant.case for variant in entity.variants if feature in introspection.entities[variant.type].features
    )


def with_entities(introspection: Introspection, *entities: Entity) -> Introspection:
    """The introspection with these too, or in the place of those of the same names."""
    return Introspection(entities={**introspection.entities, **{entity.name: entity for entity in entities}})


def with_member(introspection: Introspection, type_: str, member: Member) -> Introspection:
    """The introspection where an object type has this member too."""
    entity = introspection.entities[type_]
    assert isinstance(entity, Object)
    return with_entities(introspection, msgspec.structs.replace(entity, members=(*entity.members, member)))


def mapped_members(
    introspection: Introspection, type_: str, change: Callable[[Member], Member | None]
) -> Introspection:
    """The introspection where an object type has other members; it loses those that become None."""
    entity = introspection.entities[type_]
    assert isinstance(entity, Object)
    members = tuple(filter(None, map(change, entity.members)))
    return with_entities(introspection, msgspec.structs.replace(entity, members=members))


def without_members(introspection: Introspection, command: str, name: str) -> Introspection:
    """The introspection where nothing that a command takes or returns has a member of this name."""
    for type_ in reached(introspection, [command] if command in introspection.entities else []):
        if isinstance(introspection.entities[type_], Object):
            introspection = mapped_members(introspection, type_, lambda member: None if member.name == name else member)
    return introspection


def unused_name(introspection: Introspection) -> str:
    """The name of a type that is not there: types are numbered."""
    return str(1 + max((int(name) for name in introspection.entities if name.isdecimal()), default=0))


def without_features(introspection: Introspection) -> Introspection:
    """The introspection without a feature anywhere, as before QEMU 4.1."""
    return Introspection(entities={name: _plain(entity) for name, entity in introspection.entities.items()})


def without_commands(introspection: Introspection, *names: str) -> Introspection:
    """The introspection without these commands, and without the types that only they have."""
    entities = introspection.entities
    left = [name for name, entity in entities.items() if isinstance(entity, Command | Event) and name not in names]
    found = reached(introspection, left)
    return Introspection(entities={name: entity for name, entity in entities.items() if name in found})


def reached(introspection: Introspection, start: Iterable[str]) -> set[str]:
    """The names of these entities and of all types that they lead to."""
    found: set[str] = set()
    pending = deque(start)
    while pending:
        name = pending.popleft()
        if name not in found:
            found.add(name)
            pending.extend(types_of(introspection.entities[name]))
    return found


def _plain(entity: Entity) -> Entity:
    match entity:
        case Object(members=members):
            plain = msgspec.structs.replace(entity, members=tuple(map(_bare, members)))
            return _bare(plain)
        case Enum(members=tuple() as values):
            return _bare(msgspec.structs.replace(entity, members=tuple(map(_bare, values))))
        case _:
            return _bare(entity)


def _bare(part: _Part) -> _Part:
    return msgspec.structs.replace(part, features=()) if part.features else part
