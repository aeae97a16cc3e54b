"""Messages made from a schema: what goes over the wire for a definition, and the request for a branch of a union."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from qapidoc_ext.introspect.generate import Description
from qapidoc_ext.introspect.item import WRAPPED
from qapidoc_ext.introspect.reply import Array, Command, Entity, Event, Introspection, Member, Object
from qapidoc_ext.introspect.sample import Json, NoValueError, Sampler
from qapidoc_ext.introspect.walk import step

_NEEDED = {"blockdev-add": ("node-name",)}
"""Optional members, by command, without which QEMU refuses every request of a client."""
_FULL = 2
"""Levels of a full request that have all members."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """How a branch of a union is asked for."""

    command: str
    """The command; empty where none takes the union."""
    minimal: Json
    """The value of the union with its mandatory members."""
    full: Json
    """The same with all members that are not deprecated."""
    member: str = ""
    """The argument that the value is of; empty where it is the arguments as a whole."""
    minimal_arguments: Json = None
    full_arguments: Json = None


def entity_of(name: str, description: Description) -> str:
    """The name that the introspection has for a definition; empty where it does not have it."""
    if name in description.introspection.entities:
        return name
    return description.entities.get(name, "")


def messages(name: str, description: Description) -> tuple[Json, ...]:
    """What a definition is on the wire, with the optional members: a request and its reply, an event, or a value.

    Nothing, where the introspection does not have it, or it has no value.
    """
    try:
        return _messages(name, description)
    except NoValueError:
        return ()


def _messages(name: str, description: Description) -> tuple[Json, ...]:
    sampler = Sampler(description=description, depth=1)
    entity = description.introspection.entities.get(entity_of(name, description))
    match entity:
        case None:
            return ()
        case Command():
            arguments = sampler.value(entity.arg_type)
            return (request(name, arguments), {"return": sampler.value(entity.ret_type)})
        case Event():
            data = sampler.value(entity.arg_type)
            timestamp = {"seconds": 1, "microseconds": 1}
            return ({"event": name} | ({"data": data} if data else {}) | {"timestamp": timestamp},)
        case _:
            return (sampler.value(entity.name),)


def requests(union: str, case: str, description: Description) -> Requests | None:
    """The requests for a branch of a union; None where the introspection does not have the union, or it no value."""
    entity = entity_of(union, description)
    try:
        return _requests(entity, case, description) if entity else None
    except NoValueError:
        return None


def _requests(entity: str, case: str, description: Description) -> Requests:
    command, member = next(_takers(entity, description.introspection), (None, None))
    sampler = Sampler(description=description, cases={entity: case})
    full = replace(sampler, depth=_FULL).value(entity)
    minimal = sampler.value(entity)
    if command:
        needed = {name: full[name] for name in _NEEDED.get(command.name, ()) if name in full}
        minimal |= {name: value for name, value in needed.items() if name not in minimal}
    made = Requests(command=command.name if command else "", minimal=minimal, full=full)
    if command is None:
        return made
    if member is None:
        return replace(made, minimal_arguments=minimal, full_arguments=full)
    is_array = isinstance(description.introspection.entities[member.type], Array)
    around = sampler.value(command.arg_type)
    return replace(
        made,
        member=member.name,
        minimal_arguments=around | {member.name: [minimal] if is_array else minimal},
        full_arguments=around | {member.name: [full] if is_array else full},
    )


def query(made: Requests, case: str, *, is_wrapped: bool) -> str:
    """The query string that leads to the options of a branch. Empty where no command takes the union.

    In a simple union, and in what was one, a member holds them.
    """
    if not made.command:
        return ""
    steps = [made.command, "arg-type", *([step(made.member)] if made.member else []), f"+{case}"]
    return "/".join([*steps, *([WRAPPED] if is_wrapped else [])])


def request(command: str, arguments: Json) -> Json:
    """A request as a client sends it."""
    return {"execute": command} | ({"arguments": arguments} if arguments else {})


def _takers(entity: str, introspection: Introspection) -> Iterator[tuple[Command, Member | None]]:
    """The commands whose arguments are of the type, or have a member of it; the deprecated ones last."""
    commands = [item for item in introspection.entities.values() if isinstance(item, Command)]
    for command in sorted(commands, key=lambda item: "deprecated" in item.features):
        arguments = introspection.entities[command.arg_type]
        if command.arg_type == entity:
            yield command, None
        elif isinstance(arguments, Object):
            yield from ((command, m) for m in arguments.members if _is_of(m, entity, introspection.entities))


def _is_of(member: Member, entity: str, entities: Mapping[str, Entity]) -> bool:
    type_ = entities[member.type]
    return entity in {member.type, type_.element_type if isinstance(type_, Array) else ""}
