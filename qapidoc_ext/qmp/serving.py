"""A QEMU with the interface of an option, for one client that is not ours."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from qemu.qmp import ConnectError

from qapidoc_ext.qmp import process as processes
from qapidoc_ext.qmp.confinement import confinement_of
from qapidoc_ext.qmp.directory import private_directory, scratch
from qapidoc_ext.qmp.interruption import signals_cancel
from qapidoc_ext.qmp.machine import MachineError
from qapidoc_ext.qmp.shim.options import make_of
from qapidoc_ext.qmp.shim.relay import Relay, RelayError

_PAUSE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What a client has to know."""

    socket: Path
    """To which it connects."""
    folder: Path | None
    """The working directory of QEMU, which is gone afterwards; None where somebody else started the QEMU."""


def serve(
    option: str, qemu: Path, *, is_running: bool = False, address: Path | None = None, ready: Callable[[Served], object]
) -> None:
    """Serves one client, until it is gone or QEMU is; then nothing is left.

    SIGHUP, SIGINT and SIGTERM end it, and have their usual effect then. Only in the main thread.

    :param qemu: a program, or, where the QEMU is running already, the socket of its QMP monitor.
    :param address: where the socket for the client is made; else it is in a temporary directory.
    :param ready: is called when a client can connect.
    :raise MachineError: QEMU is not there or ends before a client comes, the socket cannot be made, or the client or
        QEMU says what is not understood.
    """
    asyncio.run(_serve(Relay(make_of(option)), qemu, ready, address=address, is_running=is_running))


async def _serve(
    relay: Relay, qemu: Path, ready: Callable[[Served], object], *, address: Path | None, is_running: bool
) -> None:
    with signals_cancel():
        try:
            with scratch() as parent:
                path = address or parent / "qmp.socket"
                async with _connected(qemu) if is_running else _started(qemu, parent) as (monitor, folder, ended):
                    served = Served(socket=path, folder=folder)
                    await _between(relay, monitor, path, ended, lambda: ready(served))
        except ConnectError as error:
            raise MachineError(f"{error.error_message}: {error.exc}", "") from error
        except RelayError as error:
            raise MachineError(str(error), "") from error
        except OSError as error:
            raise MachineError(f"{error.filename or qemu}: {error.strerror}", "") from error


_Qemu = tuple[socket.socket, Path | None, Callable[[], str]]
"""Its monitor, its working directory, and what says how it has ended; "" while it runs or where that is not known."""


@asynccontextmanager
async def _started(program: Path, parent: Path) -> AsyncIterator[_Qemu]:
    launch = processes.Launch(program=program, confinement=confinement_of(program))
    ours, theirs = socket.socketpair()
    with (
        ours,
        theirs,
        private_directory(parent, launch.confinement.owner) as directory,
        processes.running(launch, directory.path, theirs) as process,
    ):
        theirs.close()
        yield ours, directory.path, lambda: processes.ending(process)


@asynccontextmanager
async def _connected(path: Path) -> AsyncIterator[_Qemu]:
    with socket.socket(socket.AF_UNIX) as monitor:
        monitor.connect(str(path))
        yield monitor, None, str


async def _between(
    relay: Relay, monitor: socket.socket, path: Path, ended: Callable[[], str], ready: Callable[[], object]
) -> None:
    _check_free(path)  # asyncio would take the place of another socket
    await relay.listen(str(path))
    joining = asyncio.ensure_future(relay.join(monitor))
    try:
        ready()
        while not joining.done() and not ended():
            await asyncio.wait([joining], timeout=_PAUSE)
        if not joining.done():
            raise MachineError(f"QEMU {ended()} before a client came", "")
        await joining
        await relay.ended()
    finally:
        joining.cancel()
        await asyncio.wait([joining])
        await relay.close()
        _remove(path)


def _check_free(path: Path) -> None:
    if path.exists():
        raise MachineError(f"{path} exists already", "")


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
