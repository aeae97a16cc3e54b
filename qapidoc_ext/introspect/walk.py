"""Two introspections, walked side by side: what in one is what in the other, whatever the names of types are."""

from __future__ import annotations

import string
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum as Enumeration
from typing import Any, assert_never

from qapidoc_ext.introspect.objects import Moved, members_of, moved_members, shared, types_of_branches
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

_LETTERS = frozenset(string.ascii_letters)
_NONE: frozenset[str] = frozenset()


class Direction(Enumeration):
    """Who sends what a type describes."""

    REQUEST = "request"
    """The client: the arguments of a command."""
    REPLY = "reply"
    """QEMU: what a command returns, the data of an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An entity of the first introspection, and what stands in its place in the second."""

    path: str
    """The shortest of libvirt's query strings that leads there, in both: `blockdev-add/arg-type/+file`."""
    direction: Direction
    first: Entity
    second: Entity
    are_elements: bool = False
    """Whether the query string leads to an array, whose elements these are."""
    moved: frozenset[str] = frozenset()
    """Where they are branches: the members that one has, and that stand beside the branch in the other."""
    member: tuple[str, ...] = ()
    """Where they are not two types of one kind: what has a value of them, the same in each direction."""


def pairs(first: Introspection, second: Introspection) -> Iterator[Pair]:
    """The commands and events that both have, and every type that is reached by the same steps from there.

    A command stands for a request, an event for a reply. Two types come once in each direction; but those that every
    schema has, arrays, alternates, and two that are not of one kind, once for each member. Two built-in types that are
    the same do not come.
    """
    pending = deque(_start(first, second))
    seen: set[_Identity] = set()
    while pending:
        pair = pending.popleft()
        yield pair
        pending.extend(_below(pair, first, second, seen))


def counterparts(first: Introspection, second: Introspection) -> Iterator[tuple[Entity, Entity]]:
    """The entities of all pairs, once each: which two there are, and not where."""
    pending = deque((pair.first, pair.second) for pair in _start(first, second))
    seen: set[tuple[str, str]] = set()
    while pending:
        one, other = pending.popleft()
        yield one, other
        for _, name, its_name, _ in _steps(one, other, first, second):
            if (name, its_name) not in seen:
                seen.add((name, its_name))
                pending.append((first.entities[name], second.entities[its_name]))


def forms(entity: Entity, introspection: Introspection) -> Mapping[str, Entity]:
    """The types that a value of a type can be of, by what JSON calls it: `any` where it can be any."""
    found: dict[str, Entity] = {}
    passed: set[str] = set()  # nothing keeps a hostile introspection from having alternates that hold each other
    pending = [entity]
    while pending:
        item = pending.pop()
        if not isinstance(item, Alternate):
            found[_form(item)] = item
        elif item.name not in passed:
            passed.add(item.name)
            pending.extend(introspection.entities[one.type] for one in reversed(item.members))
    return found


def _form(entity: Builtin | Enum | Array | Object | Command | Event) -> str:
    match entity:
        case Array():
            return "array"
        case Object() | Command() | Event():
            return "object"
        case Enum():
            return "string"
        case Builtin():
            return {"value": "any", "int": "number"}.get(entity.json_type, entity.json_type)
        case _:
            assert_never(entity)


def step(name: str) -> str:
    """The step of a query string that leads to a member: names that start with no letter need a space."""
    return name if name[:1] in _LETTERS else f" {name}"


def _start(first: Introspection, second: Introspection) -> Iterator[Pair]:
    for name, entity in first.entities.items():
        match entity, second.entities.get(name):
            case (Command(), Command() as other):
                yield Pair(path=name, direction=Direction.REQUEST, first=entity, second=other)
            case (Event(), Event() as other):
                yield Pair(path=name, direction=Direction.REPLY, first=entity, second=other)
            case _:
                pass


_Step = tuple[str, str, str, Mapping[str, Any]]
"""The steps from a pair, the names of the types that they lead to, and what else their pair has."""
_Identity = tuple[Direction, str, str, frozenset[str], tuple[str, ...]]
_OF_MEMBERS = (Builtin, Array, Alternate)


def _below(pair: Pair, first: Introspection, second: Introspection, seen: set[_Identity]) -> Iterator[Pair]:
    """What a pair leads to and was not seen. Most was: it is known before a path is put together."""
    for steps, one, other, more in _steps(pair.first, pair.second, first, second):
        entity, its_entity = first.entities[one], second.entities[other]
        if isinstance(entity, Builtin) and entity == its_entity:
            continue  # as most are
        direction, moved = more.get("direction", pair.direction), more.get("moved", _NONE)
        member = (pair.first.name, pair.second.name, more.get("step", steps)) if steps else pair.member
        member = () if _are_of_one_kind(entity, its_entity) else member
        identity = (direction, one, other, moved, member)
        if identity not in seen:
            seen.add(identity)
            yield Pair(
                path=pair.path + steps,
                direction=direction,
                first=entity,
                second=its_entity,
                are_elements=more.get("are_elements", not steps and pair.are_elements),
                moved=moved,
                member=member,
            )


def _are_of_one_kind(one: Entity, other: Entity) -> bool:
    """Whether a difference between them is one of a type, and not one of the member that has it."""
    return type(one) is type(other) and not isinstance(one, _OF_MEMBERS)


def _steps(one: Entity, other: Entity, first: Introspection, second: Introspection) -> Iterator[_Step]:
    match one, other:
        case (Command(), Command()):
            yield "/arg-type", one.arg_type, other.arg_type, {}
            yield "/ret-type", one.ret_type, other.ret_type, {"direction": Direction.REPLY}
        case (Event(), Event()):
            yield "/arg-type", one.arg_type, other.arg_type, {}
        case (Array(), Array()):
            yield "", one.element_type, other.element_type, {"are_elements": True}
        case (Object(), Object()):
            yield from _steps_of_objects(one, other, list(moved_members(one, other, first, second)))
        case (Alternate(), _) | (_, Alternate()):
            for _, form, its_form in shared(forms(one, first), forms(other, second)):
                yield "", form.name, its_form.name, {}
        case _:
            pass


def _steps_of_objects(one: Object, other: Object, moved: Iterable[Moved]) -> Iterator[_Step]:
    for name, member, its_member in shared(members_of(one), members_of(other)):
        yield f"/{step(name)}", member.type, its_member.type, {}
    types, its_types = types_of_branches(one), types_of_branches(other)
    for item in moved:
        # Of branches that are of one type, it is one member.
        of_type = f"/{types.get(item.case)} {its_types.get(item.case)}/{item.first.name}"
        yield f"/+{item.case}/{step(item.first.name)}", item.first.type, item.second.type, {"step": of_type}
    for case, type_, its_type in shared(types, its_types):
        names = frozenset(item.first.name for item in moved if item.case == case)
        yield f"/+{case}", type_, its_type, {"moved": names}
