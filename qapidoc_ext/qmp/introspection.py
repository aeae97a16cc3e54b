"""What a running QEMU says of its interface."""

from __future__ import annotations

import asyncio
from pathlib import Path

from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.qmp import binary
from qapidoc_ext.qmp.directory import scratch
from qapidoc_ext.qmp.machine import MachineError, Qemu


def ask(program: Path) -> tuple[Qemu, Introspection]:
    """Which QEMU this program is, and its introspection. It is started for it, and gone afterwards.

    :raise MachineError: it cannot be started, or does not answer, or with something that is no introspection.
    """
    try:
        with scratch() as parent:
            found = asyncio.run(binary.ask(program, parent))
    except OSError as error:
        raise MachineError(f"no temporary directory: {error.strerror}", "") from error
    return found.qemu, found.introspection


def introspection_of(program: Path) -> Introspection:
    """The introspection alone.

    :raise MachineError: as :func:`ask`.
    """
    return ask(program)[1]
