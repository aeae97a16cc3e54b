"""Which block drivers a QEMU tells of although it cannot use them, for their module is not installed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from qapidoc_ext.introspect.objects import types_of_branches
from qapidoc_ext.introspect.reply import Command, Introspection, Object
from qapidoc_ext.introspect.smallest import smallest
from qapidoc_ext.qmp.machine import Machine

_NO_NAME = "#"
"""No node can have this name. QEMU looks for the driver before it looks at the name, and opens nothing before both."""


def without_module(program: Path, introspection: Introspection) -> frozenset[str]:
    """The drivers that the introspection of this program has, and of which QEMU says that it does not know them.

    QEMU is started for it, and loads the module of every driver that has one: it is to be asked only where the modules
    that it finds are its own.

    :raise MachineError: it cannot be started, or ends, or does not answer.
    """

    async def ask() -> frozenset[str]:
        async with Machine.start(program) as machine:
            return frozenset([driver async for driver in _unknown(machine, introspection)])

    return asyncio.run(ask())


async def _unknown(machine: Machine, introspection: Introspection) -> AsyncIterator[str]:
    command = introspection.entities.get("blockdev-add")
    options = introspection.entities.get(command.arg_type) if isinstance(command, Command) else None
    if not isinstance(options, Object) or not options.tag:
        return
    for driver in types_of_branches(options):
        arguments = smallest(options.name, introspection, {options.tag: driver, "node-name": _NO_NAME})
        reply = await machine.execute({"execute": "blockdev-add", "arguments": arguments})
        error = reply.get("error")
        if isinstance(error, dict) and error.get("desc") == f"Unknown driver '{driver}'":
            yield driver
