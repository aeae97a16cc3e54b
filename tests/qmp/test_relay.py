"""A shim between a client and a QEMU, or between a client and a peer that plays QEMU."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qapidoc_ext.qmp.confinement import confinement_of
from qapidoc_ext.qmp.directory import private_directory, scratch
from qapidoc_ext.qmp.process import Launch, running
from qapidoc_ext.qmp.shim.baseline import Baseline
from qapidoc_ext.qmp.shim.message import Exchange, Message
from qapidoc_ext.qmp.shim.options import make_of
from qapidoc_ext.qmp.shim.relay import Make, Relay, RelayError, between

pytestmark = pytest.mark.usefixtures("nothing_is_left")

TIMEOUT = 20
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=5,
)


class Nothing:
    """An interface that looks at everything and changes nothing."""

    def exchange(self, _request: Message) -> Exchange | None:
        return None


@dataclass
class Line:
    """One end of a connection, read message by message."""

    socket: socket.socket
    buffer: bytes = field(default=b"")

    def __post_init__(self) -> None:
        self.socket.settimeout(TIMEOUT)

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self.socket.sendall(part)

    def ask(self, *messages: object) -> None:
        self.send(*(json.dumps(message).encode() for message in messages))

    def line(self) -> bytes:
        """The next line; b"" at the end."""
        while b"\n" not in self.buffer:
            data = self.socket.recv(1 << 16)
            if not data:
                return b""
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line + b"\n"

    def message(self) -> Any:
        return json.loads(self.line())

    def reply(self) -> Any:
        while "event" in (message := self.message()):
            pass
        return message


@contextmanager
def shim(make: Make | None, qemu: socket.socket) -> Iterator[tuple[Line, Callable[[], None]]]:
    """A client of a shim before this QEMU, and what waits until the shim has ended, and raises what it raises."""
    client, theirs = socket.socketpair()

    async def serve() -> None:
        relay = Relay(make)
        await relay.join(qemu, theirs)
        await relay.ended()

    failures: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(serve())
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()

    def ended() -> None:
        thread.join(TIMEOUT)
        assert not thread.is_alive()
        if failures:
            raise failures[0]

    with client, theirs:
        try:
            yield Line(client), ended
        finally:
            client.close()
            qemu.close()
            thread.join(TIMEOUT)
            assert not thread.is_alive()


@contextmanager
def peer(make: Make | None) -> Iterator[tuple[Line, Line, Callable[[], None]]]:
    ours, theirs = socket.socketpair()
    with ours, shim(make, theirs) as (client, ended):
        yield client, Line(ours), ended


@contextmanager
def qemu_monitor(program: Path) -> Iterator[socket.socket]:
    launch = Launch(program=program, confinement=confinement_of(program))
    with ExitStack() as stack:
        directory = stack.enter_context(private_directory(stack.enter_context(scratch()), launch.confinement.owner))
        yield stack.enter_context(running(launch, directory.path))[1]


@contextmanager
def negotiated(program: Path, make: Make | None) -> Iterator[Line]:
    with qemu_monitor(program) as monitor, shim(make, monitor) as (client, _):
        assert "QMP" in client.message()
        client.ask({"execute": "qmp_capabilities"})
        assert client.message() == {"return": {}}
        yield client


# A peer in the place of QEMU.


@pytest.mark.parametrize("make", [None, lambda _native: Nothing()])
def test_what_a_client_sends_arrives_as_it_is(make: Make | None) -> None:
    with peer(make) as (client, qemu, _):

        @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
        @given(
            messages=st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=3), max_size=5),
            cut=st.integers(1, 9),
        )
        def arrives(messages: list[object], cut: int) -> None:
            content = b"".join(json.dumps(message).encode() for message in [*messages, {"last": []}])
            client.send(*(content[place : place + cut] for place in range(0, len(content), cut)))
            got = b""
            while len(got) < len(content):
                got += qemu.socket.recv(1 << 16)
            assert got == content

        arrives()


@pytest.mark.parametrize("make", [None, lambda _native: Nothing()])
def test_what_qemu_says_arrives_as_it_is(make: Make | None) -> None:
    with peer(make) as (client, qemu, _):

        @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
        @given(messages=st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=3), max_size=5))
        def arrives(messages: list[object]) -> None:
            lines = [json.dumps(message).encode() + b"\r\n" for message in messages]
            qemu.send(*lines)
            assert [client.line() for _ in lines] == lines

        arrives()


def test_no_event_is_lost_when_the_client_reads_late() -> None:
    with peer(lambda _native: Nothing()) as (client, qemu, ended):
        events = [
            json.dumps({"event": "E", "data": {"n": n, "s": "x" * 200}}).encode() + b"\r\n" for n in range(20_000)
        ]
        sender = threading.Thread(target=qemu.send, args=events)
        sender.start()
        assert [client.line() for _ in events] == events
        qemu.socket.close()
        assert client.line() == b""
        sender.join()
        ended()


def test_it_ends_with_its_client() -> None:
    with peer(None) as (client, qemu, ended):
        client.socket.close()
        assert qemu.line() == b""
        ended()


def test_it_ends_with_its_qemu() -> None:
    with peer(None) as (client, qemu, ended):
        qemu.send(b'{"event": "SHUTDOWN"}\r\n')
        qemu.socket.close()
        assert client.line() == b'{"event": "SHUTDOWN"}\r\n'
        assert client.line() == b""
        ended()


def test_a_client_that_does_not_read_does_not_keep_it() -> None:
    with peer(None) as (_, qemu, ended):
        qemu.socket.settimeout(1)
        with pytest.raises(TimeoutError):
            qemu.send(*[b'{"event": "E"}\r\n' * 1000] * 10_000)
        qemu.socket.close()
        ended()


def test_an_introspection_that_is_none() -> None:
    with peer(Baseline) as (client, qemu, ended):
        client.ask({"execute": "qmp_capabilities"})
        negotiation = b'{"execute": "qmp_capabilities"}'
        sent = b""
        while sent.count(b"}") < 2:
            sent += qemu.socket.recv(1 << 16)
        assert sent.startswith(negotiation)
        request = json.loads(sent.removeprefix(negotiation))
        qemu.send(json.dumps({"return": [{"name": "x"}], "id": request["id"]}).encode() + b"\r\n")
        assert client.line() == b""
        with pytest.raises(RelayError, match="the shim cannot go on: not what query-qmp-schema returns"):
            ended()


def test_a_message_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qapidoc_ext.qmp.shim.framing.MAXIMUM_SIZE", 1000)
    with peer(None) as (client, _, ended):
        client.send(b'{"execute": "' + b"x" * 2000)
        assert client.line() == b""
        with pytest.raises(RelayError, match="a message of more than 1000 bytes"):
            ended()


# A live QEMU.

REQUESTS = st.sampled_from(
    [
        b'{"execute": "query-status"}',
        b'{"execute": "query-version", "id": ["\xc3\xa4", {"a": 1}]}',
        b"{'execute': 'query-name', 'id': 'it\\'s'}",
        b'{"execute": "query-kvm", "arguments": {"a": 1}}',
        b'{"execute": "nonesuch", "id": null}',
        b'{"execute": "cont"}',
        b'{"execute": "stop", "id": 1e2}',
        b'{"execute": "qmp_capabilities"}',
        b'{"execute": 3}',
        b'{"exec-oob": "query-name"}',
        b'{"a": }',
        b'{"execute": "query-name", "execute": "stop"}',
        b"nonsense\n",
        b"[1, 2]",
        b"}",
        b'{"execute": "blockdev-add", "arguments": {"driver": "null-co", "node-name": "n", "auto-read-only": 1}}',
        b'{"execute": "blockdev-add", "arguments": {"driver": "null-co", "node-name": "n"}}',
        b'{"execute": "blockdev-del", "arguments": {"node-name": "n"}}',
        b'{"execute": "query-named-block-nodes"}',
    ]
)


@pytest.mark.parametrize("make", [None, Baseline])
def test_qemu_says_the_same_with_and_without_it(make: Make | None, program: Path) -> None:
    with qemu_monitor(program) as direct_monitor, negotiated(program, make) as client:
        direct = Line(direct_monitor)
        direct.message()
        direct.ask({"execute": "qmp_capabilities"})
        direct.message()
        count = 0

        @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
        @given(requests=st.lists(REQUESTS, max_size=12), between=st.sampled_from([b"", b"\n", b" \r\n\t"]))
        def says_the_same(requests: list[bytes], between: bytes) -> None:
            nonlocal count
            count += 1
            last = json.dumps({"execute": "query-uuid", "id": f"end {count}"}).encode()
            for line in (direct, client):
                line.send(between.join([*requests, last]))
            assert list(until(client, f"end {count}")) == list(until(direct, f"end {count}"))

        says_the_same()


def until(line: Line, name: str) -> Iterator[object]:
    """What comes until the reply with this id; events without their time."""
    while (message := line.message()).get("id") != name:
        message.pop("timestamp", None)
        yield message


def test_replies_of_its_own_come_in_their_order(program: Path) -> None:
    with negotiated(program, make_of("2-never-false")) as client:
        names = ["query-version", "query-qemu-features", "query-status", "blockdev-reopen", "query-qmp-schema"]
        client.ask(*({"execute": name, "id": {"at": place}} for place, name in enumerate(names)))
        replies = [client.message() for _ in names]
        assert [reply["id"]["at"] for reply in replies] == [0, 1, 2, 3, 4]
        assert replies[1]["return"] == {"file-dynamic-auto-read-only": True}
        assert replies[3]["error"] == {
            "class": "CommandNotFound",
            "desc": "The command blockdev-reopen has not been found",
        }
        client.ask({"execute": "query-qemu-features"})
        assert "id" not in client.message()


def test_before_the_negotiation_qemu_refuses_what_the_option_adds_too(program: Path) -> None:
    with qemu_monitor(program) as monitor, shim(make_of("2-never-false"), monitor) as (client, _):
        client.message()
        client.ask(
            {"execute": "query-qemu-features", "id": 1}, {"execute": "qmp_capabilities", "arguments": {"enable": 5}}
        )
        assert client.message()["error"]["class"] == "CommandNotFound"
        assert client.message()["error"]["class"] == "GenericError"
        client.ask({"execute": "qmp_capabilities"}, {"execute": "query-qemu-features", "arguments": {"a": 1}, "id": 2})
        assert client.message() == {"return": {}}
        assert client.message() == {"id": 2, "error": {"class": "GenericError", "desc": "Parameter 'a' is unexpected"}}


def test_out_of_band_execution_passes_through(program: Path) -> None:
    with qemu_monitor(program) as monitor, shim(Baseline, monitor) as (client, _):
        assert client.message()["QMP"]["capabilities"] == ["oob"]
        client.ask({"execute": "qmp_capabilities", "arguments": {"enable": ["oob"]}})
        assert client.message() == {"return": {}}
        client.ask({"exec-oob": "migrate-pause", "id": "now"}, {"exec-oob": "query-name", "id": "never"})
        paused, refused = client.message(), client.message()
        assert (paused["id"], "OOB" in paused["error"]["desc"]) == ("now", False)  # there is no migration
        assert (refused["id"], refused["error"]["desc"]) == ("never", "The command query-name does not support OOB")


def test_the_last_that_qemu_says_arrives(program: Path) -> None:
    with qemu_monitor(program) as monitor, shim(Baseline, monitor) as (client, ended):
        client.message()
        client.ask({"execute": "qmp_capabilities"}, {"execute": "quit", "id": "bye"})
        assert client.message() == {"return": {}}
        rest = [client.message(), client.message()]
        assert {"return": {}, "id": "bye"} in rest
        assert "SHUTDOWN" in [message.get("event") for message in rest]
        assert client.line() == b""
        ended()


def test_qemu_may_break_its_lines(program: Path) -> None:
    ours, theirs = socket.socketpair()
    monitor = ("-chardev", f"socket,id=m,fd={theirs.fileno()}", "-mon", "chardev=m,mode=control,pretty=on")
    command = [str(program), "-machine", "none", "-nodefaults", "-display", "none", "-S", *monitor]
    with ours, subprocess.Popen(command, pass_fds=[theirs.fileno()]) as qemu:
        theirs.close()
        with shim(make_of("2-never-false"), ours) as (client, _):
            client.ask({"execute": "qmp_capabilities"}, {"execute": "query-qemu-features"}, {"execute": "query-kvm"})
            text = client.line()
            while b'"enabled"' not in text:
                line = client.line()
                assert line
                text += line
        qemu.kill()
    assert b'{\r\n    "QMP": {\r\n' in text
    assert b'{"return":{"file-dynamic-auto-read-only":true}}\r\n' in text


def test_a_block_of_code_has_a_shim_while_it_lasts(program: Path) -> None:
    async def greeting() -> bytes:
        with qemu_monitor(program) as monitor:
            async with between(monitor, Baseline) as client:
                reader, writer = await asyncio.open_connection(sock=client)
                line = await reader.readline()
                writer.close()
                await writer.wait_closed()
                return line

    assert b"QMP" in asyncio.run(greeting())
