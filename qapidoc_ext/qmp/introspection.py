"""What a running QEMU says of its interface."""

from __future__ import annotations

import asyncio
from pathlib import Path

from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.qmp import binary
from qapidoc_ext.qmp.directory import scratch
from qapidoc_ext.qmp.interruption import signals_cancel
from qapidoc_ext.qmp.machine import MachineError, Qemu


def ask(program: Path) -> tuple[Qemu, Introspection]:
    """Which QEMU this program is, and its introspection. It is started for it, and gone afterwards.

    Only in the main thread.

    :raise MachineError: it cannot be started, or does not answer, or with something that is no introspection.
    """
    try:
        with scratch() as parent:
            found = asyncio.run(_asked(program, parent))
    except OSError as error:
        raise MachineError(f"no temporary directory: {error.strerror}") from error
    return found.qemu, found.introspection


async def _asked(program: Path, parent: Path) -> binary.Binary:
    with signals_cancel():  # a program may have started others, which would be left
        return await binary.ask(program, parent)


def introspection_of(program: Path) -> Introspection:
    """The introspection alone.

    :raise MachineError: as :func:`ask`.
    """
    return ask(program)[1]
