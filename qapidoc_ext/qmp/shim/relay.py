"""A QMP server that stands between a client and a QEMU.

What an option does not change is passed on as it is, byte for byte, in its order. The shim sends requests of its own
under ids that no client can know, so that it recognises their replies whatever else QEMU says in between.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from qapidoc_ext.introspect.reply import Introspection, decode
from qapidoc_ext.qmp.shim import message as messages
from qapidoc_ext.qmp.shim.ends import ClientEnd, QemuEnd
from qapidoc_ext.qmp.shim.message import Exchange, Message


class RelayError(Exception):
    """A shim gives up, because it does not understand the client or QEMU. `str()` says why."""


class Interface(Protocol):
    """What a client gets to see of a QEMU."""

    def exchange(self, request: Message) -> Exchange | None:
        """What QEMU is asked in the place of a request, which may be changed; None where it gets it as it is."""


Make = Callable[[Introspection], Interface]
"""From what a QEMU says of its interface to what a client gets to see of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pending:
    """A request of the shim's that QEMU has not answered yet."""

    answer: Callable[[Message], Message]
    id: tuple[object, ...]
    """The id that the client gave its request, if any."""


class Relay:
    """Between one client and one QEMU, until either is gone."""

    def __init__(self, make: Make | None = None) -> None:
        """Without `make`, nothing is changed."""
        self._make = make
        self._interface: asyncio.Future[Interface | None] | None = None
        self._are_joined = asyncio.Event()
        self._client = ClientEnd(self._are_joined, self._from_client)
        self._qemu = QemuEnd(self._are_joined, self._from_qemu)
        self._pending: dict[str, _Pending] = {}
        self._mark = f"qapidoc_ext-{secrets.token_hex(16)}-"
        self._count = 0
        self._fault: Exception | None = None
        """Why it could not go on."""

    async def listen(self, address: str | tuple[str, int]) -> None:
        """Makes a socket, as QEMU does with `-qmp unix:PATH,server=on`, for one client.

        :raise qemu.qmp.ConnectError: it cannot be made.
        """
        await self._client.start_server(address)

    async def join(self, qemu: socket.socket, client: socket.socket | None = None) -> None:
        """Speaks with a QEMU, whose monitor is this socket, for a client: the one that comes, where there is no socket.

        :raise qemu.qmp.ConnectError: one of them is gone.
        """
        await (self._client.connect(client) if client else self._client.accept())
        await self._qemu.connect(qemu)
        self._are_joined.set()

    async def ended(self) -> None:
        """Waits until the client or QEMU is gone, and leaves the other one.

        :raise RelayError: neither is gone, but one said what cannot be understood.
        """
        ends = [asyncio.ensure_future(end.gone()) for end in (self._client, self._qemu)]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            await self.close()
        if self._fault:
            raise RelayError(f"the shim cannot go on: {self._fault}") from self._fault

    async def close(self) -> None:
        """Leaves both."""
        for end in (self._qemu, self._client):
            self._fault = await end.leave() or self._fault
        if self._interface:
            self._interface.cancel()

    async def _from_client(self, content: bytes) -> None:
        request = messages.decode(content) if self._make else None
        exchange = await self._exchange(request) if request else None
        if request is None or exchange is None:
            await self._qemu.give(content)
        else:
            await self._ask(exchange.request, exchange.answer, *([request["id"]] if "id" in request else []))
        if request and request.get("execute") == "qmp_capabilities" and not self._is_known():
            self._interface = asyncio.get_running_loop().create_future()
            await self._ask({"execute": "query-qmp-schema"}, partial(self._learn, self._interface))

    async def _exchange(self, request: Message) -> Exchange | None:
        interface = await asyncio.shield(self._interface) if self._interface else None
        return interface.exchange(request) if interface and "exec-oob" not in request else None

    def _is_known(self) -> bool:
        return bool(self._interface and self._interface.done() and self._interface.result())

    async def _ask(self, request: Message, answer: Callable[[Message], Message], *id_: object) -> None:
        self._count += 1
        name = f"{self._mark}{self._count}"
        self._pending[name] = _Pending(answer=answer, id=id_)
        await self._qemu.give(messages.encode({**request, "id": name}))

    def _learn(self, interface: asyncio.Future[Interface | None], reply: Message) -> Message:
        """Takes the reply to the shim's own request, of which the client gets nothing."""
        assert self._make
        interface.set_result(self._make(decode(reply["return"])) if "return" in reply else None)
        return {}

    async def _from_qemu(self, line: bytes) -> None:
        pending = None
        if self._mark.encode() in line:
            reply = json.loads(line)
            pending = self._pending.pop(reply.pop("id", ""), None)
        if pending is None:
            await self._client.give(line)
        elif answer := pending.answer(reply):
            await self._client.give(messages.encode(answer | dict(zip(["id"], pending.id, strict=False))) + b"\r\n")


@asynccontextmanager
async def between(qemu: socket.socket, make: Make) -> AsyncIterator[socket.socket]:
    """The socket of a client of this QEMU, which has a shim before it while the block lasts.

    :raise RelayError: the client or QEMU said what cannot be understood.
    """
    relay = Relay(make)
    client, ours = socket.socketpair()
    with client, ours:
        await relay.join(qemu, ours)
        ending = asyncio.ensure_future(relay.ended())
        try:
            yield client
        finally:
            await relay.close()
            await ending
