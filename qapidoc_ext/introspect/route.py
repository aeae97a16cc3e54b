"""The way from a command or event to a type, in an introspection: how a client comes to what it asks about."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum as Enumeration

from qapidoc_ext.introspect.reply import Alternate, Array, Command, Entity, Event, Introspection, Object
from qapidoc_ext.introspect.walk import step


class HopKind(Enumeration):
    """How an entity leads to another one."""

    ARGUMENTS = "arg-type"
    RETURN = "ret-type"
    ELEMENT = "element-type"
    MEMBER = "members"
    BRANCH = "variants"
    ALTERNATIVE = "alternatives"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A step from an entity to the type that it names there."""

    kind: HopKind
    name: str = ""
    """Of the member; the case of the branch; what `meta-type` says of the alternative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The way from a command or event to one of the types that its messages hold."""

    start: str
    """The name of the command or event."""
    hops: tuple[Hop, ...] = ()

    @property
    def query(self) -> str:
        """The same way as one of libvirt's query strings, which take no step through arrays and alternates."""
        return "/".join([self.start, *(_step(hop) for hop in self.hops if hop.kind not in _SILENT)])


_SILENT = frozenset([HopKind.ELEMENT, HopKind.ALTERNATIVE])


def _step(hop: Hop) -> str:
    match hop.kind:
        case HopKind.MEMBER:
            return step(hop.name)
        case HopKind.BRANCH:
            return f"+{hop.name}"
        case _:
            return str(hop.kind.value)


def routes(introspection: Introspection) -> dict[str, Route]:
    """A shortest way to every entity, by its name: through what a client sends before what QEMU says."""
    found: dict[str, Route] = {}
    commands = [entity for entity in introspection.entities.values() if isinstance(entity, Command)]
    events = [entity for entity in introspection.entities.values() if isinstance(entity, Event)]
    starts = [
        [(entity.arg_type, _first(entity, HopKind.ARGUMENTS)) for entity in commands],
        [(entity.ret_type, _first(entity, HopKind.RETURN)) for entity in commands],
        [(entity.arg_type, _first(entity, HopKind.ARGUMENTS)) for entity in events],
    ]
    for entity in (*commands, *events):
        found[entity.name] = Route(start=entity.name)
    for start in starts:
        _extend(found, deque(start), introspection)
    return found


def _first(entity: Command | Event, kind: HopKind) -> Route:
    return Route(start=entity.name, hops=(Hop(kind=kind),))


def _extend(found: dict[str, Route], pending: deque[tuple[str, Route]], introspection: Introspection) -> None:
    while pending:
        name, route = pending.popleft()
        if name not in found:
            found[name] = route
            for target, hop in _hops(introspection.entities[name], introspection):
                pending.append((target, replace(route, hops=(*route.hops, hop))))


def _hops(entity: Entity, introspection: Introspection) -> Iterator[tuple[str, Hop]]:
    match entity:
        case Array(element_type=target):
            yield target, Hop(kind=HopKind.ELEMENT)
        case Object(members=members, variants=variants):
            for member in members:
                yield member.type, Hop(kind=HopKind.MEMBER, name=member.name)
            for variant in variants:
                yield variant.type, Hop(kind=HopKind.BRANCH, name=variant.case)
        case Alternate(members=alternatives):
            for alternative in alternatives:
                meta_type = str(introspection.entities[alternative.type].__struct_config__.tag)
                yield alternative.type, Hop(kind=HopKind.ALTERNATIVE, name=meta_type)
        case _:
            pass
