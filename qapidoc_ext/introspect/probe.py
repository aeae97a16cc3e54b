"""libvirt's query strings: whether something is in an introspection.

`blockdev-add/arg-type/+file/$dynamic-auto-read-only` walks from the command `blockdev-add` to the type of its
arguments, to the branch `file`, and asks for a feature there. A step is a name, with at most one modifier in front of
it, which is any character that is not an ASCII letter: `*` an optional member, `+` a branch, `$` a feature, `^` a value
of an enum, `!` the JSON type of a built-in type. Arrays and alternates take no step of their own.
"""

from __future__ import annotations

import string
from typing import assert_never

import msgspec

from qapidoc_ext.introspect.reply import (
    Alternate,
    Array,
    Builtin,
    Command,
    Entity,
    Enum,
    Event,
    Introspection,
    Object,
)

MAXIMUM_HOPS = 1001
"""How many entities a query may visit: types can refer to themselves."""

Steps = tuple[str, ...]
Visits = list[tuple[Entity, Steps]]
"""The entities that a query has come to, in this order, each with the steps that were left there."""


class QueryError(Exception):
    """A query is not well-formed, or leads nowhere that an answer could be. The message names the query."""


class DeadEndError(QueryError):
    """A query leads to an entity that does not exist, or round in a circle."""


def check(query: str) -> None:
    """Nothing, where the query can be asked of an introspection.

    :raise QueryError: the query or a step of it is empty.
    """
    if not query:
        raise QueryError("a query is empty")
    if not all(query.split("/")):
        raise QueryError(f"'{query}': a step is empty")


def probe(introspection: Introspection, query: str) -> bool:
    """Whether the query finds something.

    :raise QueryError: the query is empty, has an empty step, or steps after one that ends it; as in libvirt, that is
        noticed only where the walk gets there.
    :raise DeadEndError: the query leads to an entity that does not exist, or round in a circle.
    """
    return walk(introspection, query)[0]


def walk(introspection: Introspection, query: str) -> tuple[bool, Visits]:
    """Whether the query finds something, and how it went.

    :raise QueryError: as :func:`probe`.
    """
    first, *steps = query.split("/")
    if not query:
        raise QueryError("a query is empty")
    visits: Visits = []
    reachable = tuple(steps[: MAXIMUM_HOPS + 1])  # each step takes a visit
    pending = [(first, reachable)] if first in introspection.entities else []
    while pending:
        name, left = pending.pop()
        if name not in introspection.entities:
            raise DeadEndError(f"'{query}': leads to '{name}', which does not exist")
        if len(visits) == MAXIMUM_HOPS:
            raise DeadEndError(f"'{query}': visits more than {MAXIMUM_HOPS} entities")
        entity = introspection.entities[name]
        visits.append((entity, left))
        try:
            found = _step(entity, left) if left else True
        except ValueError as error:
            raise QueryError(f"'{query}': {error}") from None
        if found is True:
            return True, visits
        pending.extend(reversed(found or ()))
    return False, visits


_Arrivals = bool | list[tuple[str, Steps]]
"""Found or not, or the types to go on with, in order, each with the steps that are left."""


def _step(entity: Entity, steps: Steps) -> _Arrivals:
    match entity:
        case Array():
            return [(entity.element_type, steps)]
        case Alternate():
            return [(alternative.type, steps) for alternative in entity.members]
        case Command() | Event():
            return _from_command(entity, steps)
        case Object():
            return _from_object(entity, steps)
        case Enum():
            return _from_enum(entity, steps)
        case Builtin():
            return _from_builtin(entity, steps)
        case _:
            assert_never(entity)


def _from_command(command: Command | Event, steps: Steps) -> _Arrivals:
    modifier, name = _modifier(steps[0])
    match modifier:
        case "$":
            return _end(steps[1:], found=name in command.features)
        case "*" | "+" | "^" | "!":
            return False
        case _:
            target = msgspec.to_builtins(command).get(name)
            return [(target, steps[1:])] if isinstance(target, str) else False


def _from_object(item: Object, steps: Steps) -> _Arrivals:
    modifier, name = _modifier(steps[0])
    match modifier:
        case "$":
            return _end(steps[1:], found=name in item.features)
        case "^" | "!":
            return False
        case "+":
            return [(variant.type, steps[1:]) for variant in item.variants if variant.case == name][:1]
        case _:
            members = [member for member in item.members if member.name == name]
            optional_only = modifier == "*"
            return [(member.type, steps[1:]) for member in members if not optional_only or member.default is None]


def _from_enum(enum: Enum, steps: Steps) -> bool:
    if not steps[0].startswith("^"):
        return False
    value, rest = steps[0][1:], steps[1:]
    if not rest:
        return value in (enum.values if enum.members is None else [member.name for member in enum.members])
    if len(rest) > 1 or not rest[0].startswith("$"):
        raise ValueError(f"only a feature can follow '{steps[0]}'")
    return any(rest[0][1:] in member.features for member in enum.members or () if member.name == value)


def _from_builtin(builtin: Builtin, steps: Steps) -> bool:
    if not steps[0].startswith("!"):
        return False
    return _end(steps[1:], found=builtin.json_type == steps[0][1:])


def _modifier(step: str) -> tuple[str, str]:
    if not step:
        raise ValueError("a step is empty")
    return ("", step) if step[0] in string.ascii_letters else (step[0], step[1:])


def _end(rest: Steps, *, found: bool) -> bool:
    if rest:
        raise ValueError(f"nothing can follow the step before '{rest[0]}'")
    return found
