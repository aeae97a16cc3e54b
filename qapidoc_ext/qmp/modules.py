"""What a QEMU tells of although it cannot use it.

Block drivers, types of objects, and backends of character devices, networks, displays and sound can be in its schema
only.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from qapidoc_ext.introspect.generate import Description
from qapidoc_ext.introspect.item import Item
from qapidoc_ext.introspect.objects import types_of_branches
from qapidoc_ext.introspect.part import branch, value
from qapidoc_ext.introspect.reply import Array, Command, Enum, Introspection, Object
from qapidoc_ext.introspect.request import request
from qapidoc_ext.introspect.sample import Sampler
from qapidoc_ext.qmp.listed import listed
from qapidoc_ext.qmp.machine import Machine, MachineError

_NO_NAME = "#"
"""No node can have this name. QEMU looks for the driver before it looks at the name, and opens nothing before both."""


class _Type(msgspec.Struct, frozen=True):
    """What is looked at of an `ObjectTypeInfo`, as QEMU's qom.json calls it."""

    name: str


class _Option(NamedTuple):
    """An option of the command line, of which the schema describes the backends that it can be."""

    name: str
    command: str
    """The command that takes such a backend, or that says which there are."""
    enum: str
    union: str
    unlisted: frozenset[str] = frozenset()
    """What `help` never lists, and the option or one like it takes."""


_OPTIONS = (
    _Option("display", "query-display-options", "DisplayType", "DisplayOptions", frozenset(["default"])),
    _Option("netdev", "netdev_add", "NetClientDriver", "Netdev", frozenset(["none", "nic"])),  # of -net and -nic
    _Option("audiodev", "query-audiodevs", "AudiodevDriver", "Audiodev"),
)


def without_module(program: Path, introspection: Introspection) -> frozenset[Item]:
    """The values and branches in this program's introspection of drivers, objects and backends that it does not know.

    QEMU is started for it, and loads the module of everything that has one: it is to be asked only where the modules
    that it finds are its own.

    :raise MachineError: it cannot be started, or ends, or does not answer, or with something else than types.
    """

    async def ask() -> frozenset[Item]:
        async with Machine.start(program) as machine:
            drivers = [name async for name in _drivers(machine, introspection)]
            types = await _types(machine, introspection)
            devices = await _character_devices(machine, introspection)
            of_drivers = _called(drivers, "BlockdevDriver", "BlockdevOptions", "BlockdevCreateOptions")
            of_types = _called(types, "ObjectType", "ObjectOptions")
            return frozenset([*of_drivers, *of_types, *_called(devices, "ChardevBackendKind", "ChardevBackend")])

    return asyncio.run(ask()).union(*(_not_listed(program, option, introspection) for option in _OPTIONS))


def _called(names: Collection[str], enum: str, *unions: str) -> Iterator[Item]:
    """The values with these names, and the branches that they select, if any."""
    yield from (Item(enum, value(name)) for name in names)
    yield from (Item(union, branch(name)) for union in unions for name in names)


async def _drivers(machine: Machine, introspection: Introspection) -> AsyncIterator[str]:
    options = _options("blockdev-add", introspection)
    if options is None or not options.tag:
        return
    everything = Description(introspection=introspection, conditions={}, definitions={})
    for driver in types_of_branches(options):
        sample = Sampler(description=everything, cases={options.name: driver}).value(options.name)
        reply = await machine.execute(request("blockdev-add", sample | {"node-name": _NO_NAME}))
        error = reply.get("error")
        if isinstance(error, dict) and error.get("desc") == f"Unknown driver '{driver}'":
            yield driver


async def _types(machine: Machine, introspection: Introspection) -> list[str]:
    options = _options("object-add", introspection)
    if options is None or not options.tag:
        return []
    return _unknown(options, await _types_that_are(machine, "user-creatable"), introspection)


async def _character_devices(machine: Machine, introspection: Introspection) -> list[str]:
    """QEMU makes each as an object of the type `chardev-NAME`."""
    options = _options("chardev-add", introspection)
    members = {member.name: member.type for member in options.members} if options else {}
    backend = introspection.entities.get(members.get("backend", ""))
    if not isinstance(backend, Object):
        return []
    types = await _types_that_are(machine, "chardev")
    return _unknown(backend, {name.removeprefix("chardev-") for name in types}, introspection)


def _not_listed(program: Path, option: _Option, introspection: Introspection) -> Iterator[Item]:
    backends = _taken_or_returned(option.command, introspection)
    if backends and (names := listed(program, option.name)):
        missing = _unknown(backends, names | option.unlisted, introspection)
        yield from _called(missing, option.enum, option.union)


def _taken_or_returned(command: str, introspection: Introspection) -> Object | None:
    """The union that a command takes, or that it returns some of."""
    entity = introspection.entities.get(command)
    for name in (entity.arg_type, entity.ret_type) if isinstance(entity, Command) else ():
        found = introspection.entities[name]
        found = introspection.entities[found.element_type] if isinstance(found, Array) else found
        if isinstance(found, Object) and found.tag:
            return found
    return None


async def _types_that_are(machine: Machine, kind: str) -> frozenset[str]:
    """The types that implement this one, once QEMU has loaded all modules; empty where it does not list its types."""
    reply = await machine.execute({"execute": "qom-list-types", "arguments": {"implements": kind}})
    if "return" not in reply:
        return frozenset()
    try:
        return frozenset(listed.name for listed in msgspec.convert(reply["return"], tuple[_Type, ...]))
    except msgspec.ValidationError as error:
        raise MachineError(f"QEMU's reply to qom-list-types is not one: {error}") from error


def _unknown(options: Object, known: Collection[str], introspection: Introspection) -> list[str]:
    """The values of the tag that are not among those that QEMU knows; none where it knows none: it was not told."""
    return [name for name in _values_of_tag(options, introspection) if name not in known] if known else []


def _values_of_tag(options: Object, introspection: Introspection) -> Iterator[str]:
    """The values that select a branch, and those that have none: `can-bus` adds nothing to what all objects take."""
    for member in options.members:
        if member.name == options.tag and isinstance(enum := introspection.entities[member.type], Enum):
            yield from enum.values


def _options(command: str, introspection: Introspection) -> Object | None:
    """What the command takes; None where that is no object type, or there is no such command."""
    entity = introspection.entities.get(command)
    options = introspection.entities.get(entity.arg_type) if isinstance(entity, Command) else None
    return options if isinstance(options, Object) else None
