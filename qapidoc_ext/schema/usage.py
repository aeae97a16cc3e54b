"""Who uses what: the definitions that name a definition, and the commands and events that lead to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum as Enumeration
from typing import assert_never

from qapidoc_ext.schema.model import (
    Alternate,
    Branch,
    Command,
    Definition,
    Enum,
    Event,
    Members,
    Schema,
    Struct,
    TypeRef,
    Union,
)


class Role(Enumeration):
    """What a definition uses a type as."""

    ARGUMENTS = "arguments of"
    ARGUMENT = "argument of"
    RETURN = "returned by"
    DATA = "data of"
    DATUM = "datum of"
    MEMBER = "member of"
    BASE = "base of"
    BRANCH = "branch of"
    ALTERNATIVE = "alternative of"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One place that names a type."""

    definition: str
    role: Role
    part: str = ""
    """The member, branch or alternative that has the type; empty where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The commands and events whose messages can hold a value of a type, at any depth."""

    sent: tuple[str, ...] = ()
    """Commands that take it."""
    returned: tuple[str, ...] = ()
    """Commands that return it."""
    emitted: tuple[str, ...] = ()
    """Events that bring it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Who uses what, by the name of what is used, in the order of the schema."""

    uses: Mapping[str, tuple[Use, ...]] = field(default_factory=dict)
    reach: Mapping[str, Reach] = field(default_factory=dict)


def usage(schema: Schema) -> Usage:
    """Who uses what in a schema."""
    uses: dict[str, list[Use]] = {}
    refers: dict[str, list[str]] = {}
    for definition in schema.definitions.values():
        for name, use in _uses(definition):
            uses.setdefault(name, []).append(use)
            refers.setdefault(definition.name, []).append(name)
    return Usage(uses={name: tuple(found) for name, found in uses.items()}, reach=_reach(schema, refers))


def _uses(definition: Definition) -> Iterator[tuple[str, Use]]:
    match definition:
        case Command(arguments=arguments, returns=returns):
            yield from _data(definition, arguments, Role.ARGUMENTS, Role.ARGUMENT)
            yield from _data(definition, returns or (), Role.RETURN, Role.RETURN)
        case Event(data=data):
            yield from _data(definition, data, Role.DATA, Role.DATUM)
        case Struct(base=base, members=members):
            yield from _data(definition, base or (), Role.BASE, Role.BASE)
            yield from _data(definition, members, Role.BASE, Role.MEMBER)
        case Union(base=base, branches=branches):
            yield from _data(definition, base, Role.BASE, Role.MEMBER)
            yield from _branches(definition, branches, Role.BRANCH)
        case Alternate(alternatives=alternatives):
            yield from _branches(definition, alternatives, Role.ALTERNATIVE)
        case Enum():
            pass
        case _:
            assert_never(definition)


def _branches(definition: Definition, branches: Iterable[Branch], role: Role) -> Iterator[tuple[str, Use]]:
    for branch in branches:
        yield branch.type.name, Use(definition=definition.name, role=role, part=branch.name)


def _data(definition: Definition, data: Members | TypeRef, whole: Role, one: Role) -> Iterator[tuple[str, Use]]:
    if isinstance(data, TypeRef):
        yield data.name, Use(definition=definition.name, role=whole)
    else:
        for member in data:
            yield member.type.name, Use(definition=definition.name, role=one, part=member.name)


def _reach(schema: Schema, refers: Mapping[str, Iterable[str]]) -> dict[str, Reach]:
    sent: dict[str, list[str]] = {}
    returned: dict[str, list[str]] = {}
    emitted: dict[str, list[str]] = {}
    for definition in schema.definitions.values():
        match definition:
            case Command(returns=returns):
                given = [name for name, use in _uses(definition) if use.role is not Role.RETURN]
                _note(definition.name, given, refers, sent)
                _note(definition.name, [returns.name] if returns else [], refers, returned)
            case Event():
                _note(definition.name, refers.get(definition.name, ()), refers, emitted)
            case _:
                pass
    return {
        name: Reach(
            sent=tuple(sent.get(name, ())),
            returned=tuple(returned.get(name, ())),
            emitted=tuple(emitted.get(name, ())),
        )
        for name in schema.definitions
    }


def _note(user: str, start: Iterable[str], refers: Mapping[str, Iterable[str]], reached: dict[str, list[str]]) -> None:
    """Note the user with each type that is reached from where it starts."""
    pending = list(start)
    seen: set[str] = set()
    while pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            reached.setdefault(name, []).append(user)
            pending.extend(refers.get(name, ()))
