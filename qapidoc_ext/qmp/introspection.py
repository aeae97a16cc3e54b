"""What a running QEMU says of its interface."""

from __future__ import annotations

import asyncio
from pathlib import Path

from qapidoc_ext.introspect.reply import Introspection, decode
from qapidoc_ext.qmp.machine import Machine


def introspection_of(program: Path) -> Introspection:
    """The introspection of the QEMU that this program is, which is started for it, and gone afterwards.

    :raise MachineError: it cannot be started, or does not answer.
    :raise ReplyError: it answers with something else.
    """

    async def ask() -> Introspection:
        async with Machine.start(program) as machine:
            reply = await machine.execute({"execute": "query-qmp-schema"})
            return decode(reply.get("return"))

    return asyncio.run(ask())
