"""The two that a shim speaks with: a client, to which it is the server, and a QEMU, to which it is the client."""

from __future__ import annotations

import asyncio
import logging
import select
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress

from qemu.qmp.protocol import AsyncProtocol, Runstate

from qapidoc_ext.qmp.shim.framing import Framing

LONGEST_LINE = 10 * 1024 * 1024
"""Bytes that QEMU may send in one line, as much as other clients take."""
_NAME = "qapidoc_ext-shim"
_LOGGER = logging.getLogger(AsyncProtocol.logger.name).getChild(_NAME)
_LOGGER.propagate = False  # that somebody goes is no error here
_LOGGER.addHandler(logging.NullHandler())
_CHUNK = 64 * 1024
_PATIENCE = 2.0
"""Seconds that one has to take what is still to be said when the other has gone."""
_PAUSE = 0.5
"""Seconds until it is noticed that one has gone whose last words nobody takes."""


class _End(AsyncProtocol[bytes]):
    """One of the two that a shim speaks with."""

    def __init__(self, are_joined: asyncio.Event, taken: Callable[[bytes], Awaitable[None]]) -> None:
        super().__init__(_NAME, LONGEST_LINE)
        self._are_joined = are_joined
        """Nothing is read before: there would be nobody to take it."""
        self._taken = taken
        self._leaving = asyncio.Lock()

    async def give(self, content: bytes) -> None:
        """Sends it. Waits while the other one does not read."""
        assert self._writer
        self._do_send(content)
        await self._writer.drain()

    async def gone(self) -> None:
        """Waits until it has gone, and what it said before is passed on, or nobody takes that."""
        while self.runstate is Runstate.RUNNING and not self._has_hung_up():
            await self._changed_within(_PAUSE)
        if self.runstate is Runstate.RUNNING:
            await self._changed_within(_PATIENCE)

    async def _changed_within(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.runstate_changed()

    def _has_hung_up(self) -> bool:
        """Whether it has gone, which the reader does not notice while it waits for the other end to take something."""
        assert self._writer
        descriptor = self._writer.get_extra_info("socket").fileno()
        if descriptor < 0:
            return True
        poll = select.poll()
        poll.register(descriptor, select.POLLRDHUP)
        return bool(poll.poll(0))

    async def leave(self) -> Exception | None:
        """Ends the connection. Returns what ended it already, unless the other one was simply gone."""
        async with self._leaving:
            try:
                await self._disconnected()
            except (EOFError, OSError):
                return None
            except Exception as error:  # noqa: BLE001 (whatever ended the tasks is raised)
                return error
        return None

    async def _disconnected(self) -> None:
        if self.runstate is Runstate.IDLE:
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self.disconnect()
        except TimeoutError:  # it does not read
            if self._writer:
                self._writer.transport.abort()
            await self.disconnect()

    def _cb_inbound(self, msg: bytes) -> bytes:
        return msg

    def _cb_outbound(self, msg: bytes) -> bytes:
        return msg

    def _do_send(self, msg: bytes) -> None:
        assert self._writer
        self._writer.write(msg)

    async def _do_recv(self) -> bytes:
        await self._are_joined.wait()
        return await self._received()

    async def _received(self) -> bytes:
        raise NotImplementedError

    async def _on_message(self, msg: bytes) -> None:
        await self._taken(msg)


class ClientEnd(_End):
    """The client, to which the shim is the server."""

    def __init__(self, are_joined: asyncio.Event, taken: Callable[[bytes], Awaitable[None]]) -> None:
        super().__init__(are_joined, taken)
        self._framing = Framing()
        self._parts: Iterator[bytes] = iter(())

    async def _received(self) -> bytes:
        assert self._reader
        while (part := next(self._parts, None)) is None:
            if not (data := await self._reader.read(_CHUNK)):
                raise EOFError
            self._parts = self._framing.take(data)
        return part


class QemuEnd(_End):
    """QEMU, to which the shim is the client."""

    async def _received(self) -> bytes:
        """A message. QEMU ends each with a line end, and with `pretty=on` has more of them within."""
        line = await self._readline()
        if line.rstrip() == b"{":
            while not line.endswith((b"\n}\r\n", b"\n}\n")):
                line += await self._readline()
        return line
