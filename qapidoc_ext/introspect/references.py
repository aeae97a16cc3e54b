"""What in an introspection refers to a type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from qapidoc_ext.introspect.part import Part, branch, member
from qapidoc_ext.introspect.reply import Alternate, Array, Builtin, Command, Enum, Event, Introspection, Object


class Reference(NamedTuple):
    """An entity, or a member or branch of one, that has a type; the element's type where it has an array."""

    entity: str
    part: Part | None
    to: str


def references(introspection: Introspection) -> Iterator[Reference]:
    """All of them, in the order of the introspection."""
    for entity, part, name in _references(introspection):
        type_ = introspection.entities[name]
        while isinstance(type_, Array):
            type_ = introspection.entities[type_.element_type]
        yield Reference(entity, part, type_.name)


def _references(introspection: Introspection) -> Iterator[Reference]:
    for entity in introspection.entities.values():
        match entity:
            case Command():
                yield Reference(entity.name, None, entity.arg_type)
                yield Reference(entity.name, None, entity.ret_type)
            case Event():
                yield Reference(entity.name, None, entity.arg_type)
            case Object():
                yield from (Reference(entity.name, member(item.name), item.type) for item in entity.members)
                yield from (Reference(entity.name, branch(item.case), item.type) for item in entity.variants)
            case Alternate():
                yield from (Reference(entity.name, None, item.type) for item in entity.members)
            case Array() | Builtin() | Enum():
                pass
