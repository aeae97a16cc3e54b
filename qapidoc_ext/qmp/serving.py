"""A QEMU with the interface of an option, for one client that is not ours."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from qemu.qmp import ConnectError

from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.qmp import binary
from qapidoc_ext.qmp import process as processes
from qapidoc_ext.qmp.confinement import confinement_of
from qapidoc_ext.qmp.directory import private_directory, scratch
from qapidoc_ext.qmp.interruption import signals_cancel
from qapidoc_ext.qmp.machine import MachineError
from qapidoc_ext.qmp.shim.baseline import Baseline
from qapidoc_ext.qmp.shim.options import learned, make_of
from qapidoc_ext.qmp.shim.relay import Make, Relay, RelayError
from qapidoc_ext.qmp.stderr import Stderr

_PAUSE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What a client has to know."""

    socket: Path
    """To which it connects."""
    folder: Path | None
    """The working directory of QEMU, which is gone afterwards; None where somebody else started the QEMU."""


def serve(
    option: str, qemu: Path, *, is_running: bool, address: Path | None, ready: Callable[[Served], object]
) -> None:
    """Serves one client, until it is gone or QEMU is; then nothing is left.

    SIGHUP, SIGINT and SIGTERM end it, and have their usual effect then. Only in the main thread.

    :param qemu: a program, or, where the QEMU is running already, the socket of its QMP monitor.
    :param address: where the socket for the client is made; None: in a temporary directory.
    :param ready: is called when a client can connect.
    :raise MachineError: QEMU is not there or ends before a client comes, or lacks the driver that the option names, the
        socket cannot be made, or the client or QEMU says what is not understood.
    """
    asyncio.run(_serve(option, qemu, ready, address=address, is_running=is_running))


def _make_of(option: str) -> Make:
    def make(native: Introspection) -> Baseline:
        interface = make_of(option)(native)
        if interface.unknown:
            raise ValueError(f"this QEMU has no driver '{', '.join(interface.unknown)}'")
        return interface

    return make


async def _serve(
    option: str, qemu: Path, ready: Callable[[Served], object], *, address: Path | None, is_running: bool
) -> None:
    with signals_cancel():
        try:
            with scratch() as parent:
                path = address or parent / "qmp.socket"
                if learned(option) and not is_running:  # the monitor of one that runs is for the client alone
                    await _check_driver(option, qemu, parent)
                async with _connected(qemu) if is_running else _started(qemu, parent) as running:
                    served = Served(socket=path, folder=running.folder)
                    await _between(Relay(_make_of(option)), running, path, lambda: ready(served))
        except ConnectError as error:
            raise MachineError(f"{error.error_message}: {error.exc}") from error
        except RelayError as error:
            raise MachineError(str(error)) from error
        except OSError as error:
            raise MachineError(f"{error.filename or qemu}: {error.strerror}") from error


async def _check_driver(option: str, program: Path, parent: Path) -> None:
    """Nothing, where the option can be made of a QEMU. Another one is asked: the client's own is for the client."""
    try:
        _make_of(option)((await binary.ask(program, parent)).introspection)
    except ValueError as error:
        raise MachineError(str(error)) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Qemu:
    """A QEMU. Of one that somebody else has started only the monitor is known."""

    monitor: socket.socket
    folder: Path | None = None
    """Its working directory."""
    ended: Callable[[], str] = str
    """Says how it has ended; "" while it runs."""
    stderr: Callable[[], str] = str
    """The last that it has said there."""


@asynccontextmanager
async def _started(program: Path, parent: Path) -> AsyncIterator[_Qemu]:
    launch = processes.Launch(program=program, confinement=confinement_of(program))
    with (
        private_directory(parent, launch.confinement.owner) as directory,
        processes.running(launch, directory.path) as (process, monitor),
        Stderr.listening(process) as stderr,
    ):
        ended = partial(processes.ending, process)
        yield _Qemu(monitor=monitor, folder=directory.path, ended=ended, stderr=stderr.tail)


@asynccontextmanager
async def _connected(path: Path) -> AsyncIterator[_Qemu]:
    with socket.socket(socket.AF_UNIX) as monitor:
        monitor.connect(str(path))
        yield _Qemu(monitor=monitor)


async def _between(relay: Relay, qemu: _Qemu, path: Path, ready: Callable[[], object]) -> None:
    _check_free(path)  # asyncio would take the place of another socket
    try:
        await relay.listen(str(path))
    except ConnectError as error:
        raise MachineError(f"{path}: no socket can be made: {_reason(error.exc)}") from error
    joining = asyncio.ensure_future(relay.join(qemu.monitor))
    try:
        ready()
        while not joining.done() and not qemu.ended():
            await asyncio.wait([joining], timeout=_PAUSE)
        if not joining.done():
            raise MachineError(f"QEMU {qemu.ended()} before a client came", qemu.stderr())
        await joining
        await relay.ended()
    finally:
        joining.cancel()
        await asyncio.wait([joining])
        await relay.close()
        _remove(path)


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _check_free(path: Path) -> None:
    if path.exists():
        raise MachineError(f"{path} exists already")


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
