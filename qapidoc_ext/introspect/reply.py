"""The reply to `query-qmp-schema`, decoded strictly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, assert_never

import msgspec
from msgspec import UNSET, Struct, UnsetType


class ReplyError(Exception):
    """A value is not what `query-qmp-schema` returns. The message says where in the value, and why."""


class _Written(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is left out of a reply where it says nothing more than its absence."""


class _Info(_Written, frozen=True, kw_only=True, rename="kebab", tag_field="meta-type"):
    """What an entity of every meta-type has. The rules are those of `SchemaInfo` in QEMU's introspect.json."""

    name: str
    """That of a command, an event or a built-in type; a type's is masked and differs from build to build."""
    features: tuple[str, ...] = ()


class Builtin(_Info, frozen=True, kw_only=True, tag="builtin"):
    """A predefined type."""

    json_type: Literal["string", "number", "int", "boolean", "null", "object", "array", "value"]


class EnumMember(_Written, frozen=True, kw_only=True):
    """A value of an enum, with its own features."""

    name: str
    features: tuple[str, ...] = ()


class Enum(_Info, frozen=True, kw_only=True, tag="enum"):
    """An enumeration type."""

    values: tuple[str, ...]
    members: tuple[EnumMember, ...] | None = None
    """None before QEMU 6.2, which was the first to say them."""


class Array(_Info, frozen=True, kw_only=True, tag="array"):
    """An array type."""

    element_type: str


class Member(_Written, frozen=True, kw_only=True):
    """A member of an object type."""

    name: str
    type: str
    default: UnsetType | None = UNSET
    """None where the member is optional: the value is always null. Unset where it is mandatory."""
    features: tuple[str, ...] = ()


class Variant(_Written, frozen=True, kw_only=True):
    """The members that an object has besides where its tag has the value `case`."""

    case: str
    type: str


class Object(_Info, frozen=True, kw_only=True, tag="object"):
    """An object type: a struct, or a union where it has variants."""

    members: tuple[Member, ...]
    tag: str | None = None
    variants: tuple[Variant, ...] = ()


class Alternative(_Written, frozen=True, kw_only=True):
    """One of the types that a value of an alternate can have."""

    type: str


class Alternate(_Info, frozen=True, kw_only=True, tag="alternate"):
    """An alternate type."""

    members: tuple[Alternative, ...]


class Command(_Info, frozen=True, kw_only=True, tag="command"):
    """A command; `arg_type` is an object type without members where it takes no arguments, and so is `ret_type`."""

    arg_type: str
    ret_type: str
    allow_oob: bool = False


class Event(_Info, frozen=True, kw_only=True, tag="event"):
    """An event."""

    arg_type: str


Entity = Builtin | Enum | Array | Object | Alternate | Command | Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Introspection:
    """What one QEMU says of its interface."""

    entities: Mapping[str, Entity]


def decode(value: object) -> Introspection:
    """What the array says that `query-qmp-schema` returned.

    :raise ReplyError: the array has an item that is not an entity, two of one name, or a reference to none.
    """
    try:
        entities = msgspec.convert(value, tuple[Entity, ...])
    except msgspec.ValidationError as error:
        raise ReplyError(f"not what query-qmp-schema returns: {error}") from error
    return introspection(entities)


def introspection(entities: Iterable[Entity]) -> Introspection:
    """The introspection that consists of these entities, in this order.

    :raise ReplyError: two have one name, or one refers to another that is not there.
    """
    entities = tuple(entities)
    by_name = {entity.name: entity for entity in entities}
    _check_unique(entities)
    _check_references(by_name)
    return Introspection(entities=by_name)


def encode(introspection: Introspection) -> list[dict[str, Any]]:
    """The array that `query-qmp-schema` returns where this is what QEMU has: :func:`decode` reads it back."""
    entities = tuple(introspection.entities.values())
    return msgspec.json.decode(msgspec.json.encode(entities), type=list[dict[str, Any]])


def _check_unique(entities: Iterable[Entity]) -> None:
    seen: set[str] = set()
    for entity in entities:
        if entity.name in seen:
            raise ReplyError(f"two entities have the name '{entity.name}'")
        seen.add(entity.name)


def _check_references(entities: Mapping[str, Entity]) -> None:
    for entity in entities.values():
        for name in types_of(entity):
            if name not in entities:
                raise ReplyError(f"'{entity.name}' refers to '{name}', which is not there")


def types_of(entity: Entity) -> Iterator[str]:
    """The names of the types that an entity refers to, in its order."""
    match entity:
        case Builtin() | Enum():
            pass
        case Array():
            yield entity.element_type
        case Object():
            yield from (member.type for member in entity.members)
            yield from (variant.type for variant in entity.variants)
        case Alternate():
            yield from (alternative.type for alternative in entity.members)
        case Command():
            yield from (entity.arg_type, entity.ret_type)
        case Event():
            yield entity.arg_type
        case _:
            assert_never(entity)
