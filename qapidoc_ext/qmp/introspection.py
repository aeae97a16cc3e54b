"""What a running QEMU says of its interface."""

from __future__ import annotations

import asyncio
from pathlib import Path

from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.qmp.binary import ask
from qapidoc_ext.qmp.directory import scratch
from qapidoc_ext.qmp.machine import MachineError


def introspection_of(program: Path) -> Introspection:
    """The introspection of the QEMU that this program is, which is started for it, and gone afterwards.

    :raise MachineError: it cannot be started, or does not answer, or with something that is no introspection.
    """
    try:
        with scratch() as parent:
            return asyncio.run(ask(program, parent)).introspection
    except OSError as error:
        raise MachineError(f"no temporary directory: {error.strerror}", "") from error
