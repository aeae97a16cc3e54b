"""The parts of an entity that may be there in one QEMU and not in another."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple, assert_never

from qapidoc_ext.introspect.reply import (
    Alternate,
    Array,
    Builtin,
    Command,
    Entity,
    Enum,
    Event,
    Object,
)


class PartKind(StrEnum):
    """What a part is."""

    MEMBER = "member"
    BRANCH = "branch"
    VALUE = "value"
    ALTERNATIVE = "alternative"
    FEATURE = "feature"


class Part(NamedTuple):
    """A part of an entity, by name; an alternative's is its type's, or the one that a schema gives it.

    Many sets hold many of them, so it is a tuple.
    """

    kind: PartKind
    name: str
    of: Part | None = None
    """The part that has it, such as the member or value that has a feature; None where the entity itself has it."""


def member(name: str, of: Part | None = None) -> Part:
    """The member of an object, or of what a part of it holds."""
    return Part(kind=PartKind.MEMBER, name=name, of=of)


def branch(name: str, of: Part | None = None) -> Part:
    """The branch of an object, or of what a part of it holds, that this value of its tag selects."""
    return Part(kind=PartKind.BRANCH, name=name, of=of)


def value(name: str, of: Part | None = None) -> Part:
    """The value of an enum, or of the enum that a part holds."""
    return Part(kind=PartKind.VALUE, name=name, of=of)


def alternative(name: str) -> Part:
    """The alternative of an alternate that has this type, or this name in the schema: no message has that."""
    return Part(kind=PartKind.ALTERNATIVE, name=name)


def feature(name: str, of: Part | None = None) -> Part:
    """The feature of an entity, or of one of its members or values."""
    return Part(kind=PartKind.FEATURE, name=name, of=of)


def parts(entity: Entity) -> Iterator[Part]:
    """The parts of an entity, in its order."""
    yield from (feature(name) for name in entity.features)
    match entity:
        case Builtin() | Array() | Command() | Event():
            pass
        case Enum():
            yield from map(value, entity.values)
            for enum_member in entity.members or ():
                yield from (feature(name, value(enum_member.name)) for name in enum_member.features)
        case Object():
            for item in entity.members:
                yield member(item.name)
                yield from (feature(name, member(item.name)) for name in item.features)
            yield from (branch(variant.case) for variant in entity.variants)
        case Alternate():
            yield from (alternative(one.type) for one in entity.members)
        case _:
            assert_never(entity)
