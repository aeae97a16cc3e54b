"""Lists derived from a schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from qapidoc_ext.schema.model import (
    Command,
    Definition,
    Enum,
    Event,
    Feature,
    Member,
    Members,
    Schema,
    Struct,
    TypeRef,
    Union,
    Value,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """What carries a feature: a definition as a whole, or one of its members or values."""

    definition: Definition
    part: Member | Value | None
    feature: Feature


def carriers(schema: Schema) -> dict[str, list[Carrier]]:
    """Everything that carries a feature, by the feature's name, in the order of the schema."""
    found: dict[str, list[Carrier]] = {}
    for definition in schema.definitions.values():
        for part, features in _features_of(definition):
            for feature in features:
                carrier = Carrier(definition=definition, part=part, feature=feature)
                found.setdefault(feature.name, []).append(carrier)
    return found


def _features_of(definition: Definition) -> Iterator[tuple[Member | Value | None, tuple[Feature, ...]]]:
    yield None, definition.features
    for part in local_parts(definition):
        yield part, part.features


def experimental_by_name_only(schema: Schema) -> Iterator[tuple[str, str]]:
    """The definitions, and members and values of theirs, whose names begin with `x-` and which are not `unstable`.

    Each is the name of a definition and that of its part, "" for the whole of it.
    """
    for definition in schema.definitions.values():
        for part, features in _features_of(definition):
            is_unstable = any(feature.name == "unstable" for feature in features)
            if (part or definition).name.startswith("x-") and not is_unstable:
                yield definition.name, part.name if part else ""


def local_parts(definition: Definition) -> tuple[Member | Value, ...]:
    """The members or values that a definition itself lists, without those of a type that it names."""
    match definition:
        case Command(arguments=tuple(members)) | Event(data=tuple(members)) | Union(base=tuple(members)):
            return members
        case Struct(members=members):
            return members
        case Enum(values=values):
            return values
        case _:
            return ()


def members_of(data: Members | TypeRef | None, schema: Schema) -> Members:
    """The members that an object has whatever its branch: those of a base first, as they are on the wire."""
    return tuple(chain.from_iterable(members for _, members in groups_of(data, schema)))


def groups_of(data: Members | TypeRef | None, schema: Schema) -> tuple[tuple[str, Members], ...]:
    """The same members, with the name of the definition that lists them; empty for those that `data` itself lists."""
    groups: list[tuple[str, Members]] = []
    seen: set[str] = set()
    origin = ""
    while isinstance(data, TypeRef) and data.name not in seen:  # a base may, wrongly, be its own base
        seen.add(data.name)
        origin = data.name
        match schema.definitions.get(data.name):
            case Struct(base=base, members=members):
                groups.append((origin, members))
                data = base
            case Union(base=base):
                data = base
            case _:
                data = None
    if isinstance(data, tuple):
        groups.append((origin, data))
    return tuple(reversed(groups))


def properties(definition: Definition) -> Iterator[str]:
    """What is special about how a command is executed, in QAPI's words."""
    if isinstance(definition, Command):
        yield from ["allow-oob"] if definition.allow_oob else []
        yield from ["allow-preconfig"] if definition.allow_preconfig else []
        yield from ["coroutine"] if definition.coroutine else []
        yield from [] if definition.success_response else ["no success-response"]
        yield from [] if definition.gen else ["no gen"]


def discriminator_enum(union: Union, schema: Schema) -> Enum | None:
    """The type of a union's discriminator; None for a simple union, and where a fault keeps it from being an enum."""
    types = (member.type.name for member in members_of(union.base, schema) if member.name == union.discriminator)
    found = schema.definitions.get(next(types, ""))
    return found if isinstance(found, Enum) else None


def values_without_branch(union: Union, schema: Schema) -> tuple[Value, ...]:
    """The values of a union's discriminator that select no branch, and so add no members."""
    enum = discriminator_enum(union, schema)
    taken = {branch.name for branch in union.branches}
    return tuple(value for value in enum.values if value.name not in taken) if enum else ()
