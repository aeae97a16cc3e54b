"""What the objects of two introspections have in common, with and without branches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from qapidoc_ext.introspect.reply import Entity, Introspection, Member, Object

_Item = TypeVar("_Item")


def members_of(item: Object) -> dict[str, Member]:
    """The members that an object has whatever its branch, by name."""
    return {member.name: member for member in item.members}


def types_of_branches(item: Object) -> dict[str, str]:
    """The name of the type that each branch adds to an object, by case."""
    return {variant.case: variant.type for variant in item.variants}


def branches_of(item: Object, introspection: Introspection) -> dict[str, dict[str, Member]]:
    """The members that each branch adds to an object, by case."""
    types = {variant.case: introspection.entities[variant.type] for variant in item.variants}
    return {case: members_of(type_) for case, type_ in types.items() if isinstance(type_, Object)}


def shared(one: Mapping[str, _Item], other: Mapping[str, _Item]) -> Iterator[tuple[str, _Item, _Item]]:
    """The names that both have, in the order of the first, each with what it is in the one and in the other."""
    for name, item in one.items():
        if name in other:
            yield name, item, other[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A member that is the same on the wire, and belongs to a branch in one introspection only."""

    case: str
    first: Member
    second: Member


def moved_members(one: Object, other: Object, first: Introspection, second: Introspection) -> Iterator[Moved]:
    """The members that every branch of one object has, and that only some branches of the other have."""
    if not one.variants and not other.variants:
        return
    mine, its = members_of(one), members_of(other)
    for case, members in branches_of(other, second).items():
        for name, member, its_member in shared(mine, members):
            if name not in its:
                yield Moved(case=case, first=member, second=its_member)
    for case, members in branches_of(one, first).items():
        for name, member, its_member in shared(members, its):
            if name not in mine:
                yield Moved(case=case, first=member, second=its_member)


_TAKE_PROPERTIES = frozenset({"device_add", "netdev_add", "object-add"})


def takes_properties(command: str, arguments: Entity) -> bool:
    """Whether a command takes the properties of a device or an object beside the arguments that it says.

    It does not where its arguments are a union: `netdev_add` is one from 5.0 on, `object-add` from 6.0 on.
    """
    return command in _TAKE_PROPERTIES and isinstance(arguments, Object) and not arguments.tag
