"""What a running QEMU says of its interface."""

from __future__ import annotations

import asyncio
from pathlib import Path

from qapidoc_ext.introspect.reply import Introspection, decode
from qapidoc_ext.qmp.machine import Machine, Qemu


def ask(program: Path) -> tuple[Qemu, Introspection]:
    """Which QEMU this program is, and its introspection. It is started for it, and gone afterwards.

    :raise MachineError: it cannot be started, or does not answer.
    :raise ReplyError: it answers with something else.
    """

    async def answer() -> tuple[Qemu, Introspection]:
        async with Machine.start(program) as machine:
            reply = await machine.execute({"execute": "query-qmp-schema"})
            return machine.qemu, decode(reply.get("return"))

    return asyncio.run(answer())


def introspection_of(program: Path) -> Introspection:
    """The introspection alone.

    :raise MachineError: as :func:`ask`.
    :raise ReplyError: as :func:`ask`.
    """
    return ask(program)[1]
