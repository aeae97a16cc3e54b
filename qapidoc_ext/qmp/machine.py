"""A running QEMU, and what it says."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack, asynccontextmanager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from qemu import qmp
from qemu.qmp import ConnectError, QMPClient, QMPError, Runstate

from qapidoc_ext.qmp import process as processes
from qapidoc_ext.qmp.confinement import confinement_of
from qapidoc_ext.qmp.depth import MAXIMUM_DEPTH, is_deeper
from qapidoc_ext.qmp.directory import Directory, private_directory, scratch
from qapidoc_ext.qmp.pattern import Json
from qapidoc_ext.qmp.shim.relay import Make, RelayError, between
from qapidoc_ext.qmp.stderr import Stderr

DEADLINE = 20.0
"""Seconds that QEMU has to answer: on a busy machine, its start alone can take five."""

_ENDING_PAUSE = 0.01
_ENDING_ATTEMPTS = 50
"""Half a second: a QEMU that closed its monitor has that long to end, so that a message can say how it ended."""

MAXIMUM_EVENTS = 10_000
"""That a machine may send before somebody takes them: some megabytes."""

_WITHOUT_ERROR = "exited with status 0"

Message = dict[str, Json]


class MachineError(Exception):
    """QEMU did not start, did not answer or ended. `str()` says what happened, how it ended, and what it said."""

    def __init__(self, what: str, stderr: str = "") -> None:
        super().__init__(f"{what}\n{quoted(stderr)}" if stderr else what)
        self.what = what
        self.stderr = stderr


def quoted(stderr: str) -> str:
    """The lines that QEMU said on its stderr, as a message quotes them."""
    return "\n".join(["QEMU said on stderr:", *(f"    {line}" for line in stderr.splitlines())])


class Qemu(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which QEMU it was. Recordings have it as JSON."""

    version: str
    """`7.2.22`"""
    package: str
    """What the distribution calls its build: `Debian 1:7.2+dfsg-7`; "" where QEMU says nothing."""
    program: str
    """Its path; in a recording only the name, for the folder is that of some machine."""
    confinement: str
    """With which rights it ran: `as user 65533, without network, in its seccomp sandbox`."""
    started: datetime

    @property
    def is_storage_daemon(self) -> bool:
        """Whether it is QEMU's storage daemon."""
        return processes.is_storage_daemon(Path(self.program))


class _Triple(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    major: int
    minor: int
    micro: int


class _Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The type `VersionInfo` of QEMU's control.json, which the greeting has."""

    qemu: _Triple
    package: str


class _FloodError(Exception):
    """QEMU sends events faster than anybody asks for them."""


class _Client(QMPClient):
    """A client that does not print every message for a log which nobody reads, as its own hooks do.

    The events that wait until somebody asks for them have no limit of their own.
    """

    waiting = 0
    """Events that nobody has asked for."""

    def _cb_outbound(self, msg: qmp.Message) -> qmp.Message:
        return msg

    def _cb_inbound(self, msg: qmp.Message) -> qmp.Message:
        self.waiting += "event" in msg
        if self.waiting > MAXIMUM_EVENTS:
            raise _FloodError(f"it sent {self.waiting} events that nobody asked for")
        return msg


class Machine:
    """One QEMU, with its QMP monitor and its private directory. Made by :meth:`launch` and :meth:`start`."""

    qemu: Qemu

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        monitor: socket.socket,
        stderr: Stderr,
        directory: Directory,
        deadline: float,
    ) -> None:
        self.directory = directory
        self._monitor = monitor
        self.pid = process.pid
        self._process = process
        self._stderr = stderr
        self.deadline = deadline
        """Seconds that each reply may take."""
        self._client = _Client("qapidoc_ext")
        self._client.logger.propagate = False
        self._client.logger.addHandler(logging.NullHandler())

    @classmethod
    @asynccontextmanager
    async def start(
        cls, program: Path, *, deadline: float = DEADLINE, option: Make | None = None
    ) -> AsyncIterator[Machine]:
        """As :meth:`launch`, in a directory of its own, which is gone behind the block too.

        :raise MachineError: it cannot be started, or does not greet.
        """
        launch = processes.Launch(program=program, confinement=confinement_of(program))
        with ExitStack() as stack:
            try:
                parent = stack.enter_context(scratch())
                directory = stack.enter_context(private_directory(parent, launch.confinement.owner))
            except OSError as error:
                raise MachineError(f"no directory for QEMU: {error.strerror}") from error
            async with cls.launch(launch, directory, deadline=deadline, option=option) as machine:
                yield machine

    @classmethod
    @asynccontextmanager
    async def launch(
        cls, launch: processes.Launch, directory: Directory, *, deadline: float = DEADLINE, option: Make | None = None
    ) -> AsyncIterator[Machine]:
        """A QEMU that has greeted, and runs in this directory. Behind the block it is gone.

        :param option: the interface that it is to have, where that is not its own.
        :raise MachineError: it cannot be started, or does not greet.
        """
        with ExitStack() as stack:
            try:
                process, ours = stack.enter_context(processes.running(launch, directory.path))
            except OSError as error:
                raise MachineError(f"{launch.program} cannot be started: {error.strerror}") from error
            stderr = stack.enter_context(Stderr.listening(process))
            machine = cls(process, ours, stderr, directory, deadline)
            try:
                async with between(ours, option) if option else nullcontext(ours) as monitor:
                    try:
                        await machine._connect(monitor, launch)
                        yield machine
                    finally:
                        processes.kill(process)  # first, for a QEMU that hangs would hold up the disconnection
                        await machine._disconnect()
            except RelayError as error:
                raise MachineError(str(error), machine.stderr()) from error

    def stderr(self) -> str:
        """The last lines that QEMU has said on its stderr; "" where it said nothing."""
        return self._stderr.tail()

    async def execute(self, message: Message) -> Message:
        """The reply to a command, a success or an error; without an `id` where the command has none.

        :raise MachineError: QEMU does not answer within the deadline, or is gone.
        """
        command = f"{message.get('execute', 'the command')!s:.100}"
        try:
            async with asyncio.timeout(self.deadline):
                # Its public methods return a success without its message.
                reply = await self._client._raw(message, assign_id="id" not in message)  # noqa: SLF001
        except TimeoutError:
            raise self._error(f"QEMU did not answer {command} within {self.deadline:g} s") from None
        except (QMPError, EOFError, OSError) as error:
            raise await self._lost(f"QEMU did not answer {command}: {await self._disconnect()}") from error
        decoded = self._decoded(reply)
        return {name: value for name, value in decoded.items() if name != "id" or "id" in message}

    async def event(self) -> Message:
        """The next event, however long it takes.

        :raise MachineError: QEMU is gone.
        """
        event = asyncio.ensure_future(self._client.events.get())
        lost = asyncio.ensure_future(self._connection_lost())
        try:
            await asyncio.wait({event, lost}, return_when=asyncio.FIRST_COMPLETED)
            if event.done():
                self._client.waiting -= 1
                return self._decoded(event.result())
        finally:
            event.cancel()
            lost.cancel()
        raise await self._lost(f"QEMU sends no more events: {await self._disconnect()}")

    def send_descriptor(self, descriptor: int) -> None:
        """Sends a descriptor, which the next request can take: `getfd` or `add-fd`.

        :raise MachineError: QEMU is gone.
        """
        try:
            socket.send_fds(self._monitor, [b" "], [descriptor])  # a shim between us and QEMU would not pass it on
        except OSError as error:
            raise self._error("QEMU takes no descriptor") from error

    def ending(self) -> str:
        """How QEMU has ended; "" while it runs."""
        return processes.ending(self._process)

    async def ended(self) -> str:
        """How QEMU has ended: `exited with status 1`, `was killed by SIGSEGV`.

        :raise MachineError: it does not end within the deadline.
        """
        try:
            async with asyncio.timeout(self.deadline):
                while not (ending := self.ending()):  # noqa: ASYNC110 (nothing tells, and the process is not waited for)
                    await asyncio.sleep(_ENDING_PAUSE)
        except TimeoutError:
            raise self._error(f"QEMU did not end within {self.deadline:g} s") from None
        return ending

    async def settle(self) -> None:
        """Nothing, where QEMU still answers or ends as it was told to: it can crash just after its last reply.

        :raise MachineError: it does neither.
        """
        try:
            await self.execute({"execute": "query-version"})
        except MachineError as error:
            if self._client.runstate is not Runstate.RUNNING:
                with suppress(MachineError):
                    await self.ended()
            if self.ending() != _WITHOUT_ERROR:
                raise MachineError(f"behind the last step: {error.what}", error.stderr) from error

    def check(self) -> None:
        """Nothing, where QEMU runs or has ended as it was told to.

        :raise MachineError: it has ended in another way.
        """
        ending = self.ending()
        if ending not in {"", _WITHOUT_ERROR}:
            raise MachineError(f"QEMU {ending}", self.stderr())

    async def _connect(self, monitor: socket.socket, launch: processes.Launch) -> None:
        try:
            async with asyncio.timeout(self.deadline):
                await self._client.connect(monitor)
        except TimeoutError:
            raise self._error(f"QEMU did not greet within {self.deadline:g} s") from None
        except ConnectError as error:
            raise await self._lost(f"QEMU did not greet: {_reason(error.exc)}") from error
        greeting = self._client.greeting
        try:
            version = msgspec.convert(self._decoded(greeting.QMP.version if greeting else {}), _Version)
        except msgspec.ValidationError as error:
            raise self._error(f"QEMU's greeting is not one: {error}") from error
        self.qemu = Qemu(
            version=".".join(map(str, msgspec.structs.astuple(version.qemu))),
            package=version.package.strip(" ()"),
            program=str(launch.program),
            confinement=str(launch.confinement),
            started=datetime.now(UTC),
        )

    async def _disconnect(self) -> str:
        """Ends the client's tasks. Returns why they had ended already; "" where they had not, or it was said before."""
        try:
            if self._client.runstate is not Runstate.IDLE:
                async with asyncio.timeout(self.deadline):
                    await self._client.disconnect()
        except Exception as error:  # noqa: BLE001 (the client raises whatever ended its tasks)
            return _reason(error)
        return ""

    async def _connection_lost(self) -> None:
        while self._client.runstate is Runstate.RUNNING:
            await self._client.runstate_changed()

    def _decoded(self, message: Mapping[str, object]) -> Message:
        """The message, which the client decodes less strictly than JSON is defined."""
        try:
            decoded = msgspec.json.decode(json.dumps(dict(message), allow_nan=False), type=dict[str, Any])
        except (ValueError, msgspec.MsgspecError, RecursionError) as error:
            raise self._error(f"QEMU sent what is not JSON: {error}") from error
        if is_deeper(decoded, MAXIMUM_DEPTH):
            raise self._error(f"QEMU sent more than {MAXIMUM_DEPTH} arrays and objects in each other")
        return decoded

    async def _lost(self, what: str) -> MachineError:
        """What happened, when QEMU has had a moment to end."""
        for _ in range(_ENDING_ATTEMPTS):
            if self.ending():
                break
            await asyncio.sleep(_ENDING_PAUSE)
        return self._error(what)

    def _error(self, what: str) -> MachineError:
        """What happened, with how QEMU ended."""
        return MachineError(f"{what}; it {self.ending() or 'still runs'}", self.stderr())


def _reason(error: Exception) -> str:
    if isinstance(error, EOFError | ConnectionError):
        return "it closed its monitor"
    if isinstance(error, _FloodError):
        return str(error)
    if str(error).startswith("Separator is "):  # asyncio's words, all that the client keeps of LimitOverrunError
        return "it sent a message of more than 10 MiB"
    return "what it sent is not QMP: " + (str(error).partition("\n")[0] or type(error).__name__)
