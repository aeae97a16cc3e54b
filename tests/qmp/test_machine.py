from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qapidoc_ext.qmp.confinement import confinement_of
from qapidoc_ext.qmp.machine import DEADLINE, Machine, MachineError, Message

pytestmark = pytest.mark.usefixtures("nothing_is_left")


def with_machine(program: Path, use: Callable[[Machine], Awaitable[object]], deadline: float = DEADLINE) -> object:
    async def whole() -> object:
        async with Machine.start(program, deadline=deadline) as machine:
            return await use(machine)

    return asyncio.run(whole())


async def version(machine: Machine) -> Message:
    return await machine.execute({"execute": "query-version"})


def error(program: Path, use: Callable[[Machine], Awaitable[object]] = version, deadline: float = DEADLINE) -> str:
    with pytest.raises(MachineError) as raised:
        with_machine(program, use, deadline)
    return str(raised.value)


def script(directory: Path, content: str) -> Path:
    """A program that is no QEMU: Python, to which `fd` is the number of the monitor's socket."""
    file = directory / "program"
    read_number = "import os, re, sys, time; fd = int(re.search(r'fd=([0-9]+)', ' '.join(sys.argv))[1])"
    file.write_text(f"#!{sys.executable} -S\n{read_number}\n{content}\n")
    file.chmod(0o755)
    return file


def test_qemu_answers_and_says_which_it_is(program: Path) -> None:
    async def use(machine: Machine) -> None:
        reply = await version(machine)
        assert isinstance(reply["return"], dict)
        numbers = reply["return"]["qemu"]
        assert isinstance(numbers, dict)
        assert machine.qemu.version == "{major}.{minor}.{micro}".format(**numbers)
        assert machine.qemu.package in str(reply["return"]["package"])
        assert machine.qemu.program == str(program)

    with_machine(program, use)


def test_qemu_runs_in_a_directory_of_its_own(program: Path) -> None:
    async def use(machine: Machine) -> None:
        assert os.readlink(f"/proc/{machine.pid}/cwd") == str(machine.directory.path)  # noqa: PTH115 (not in a coroutine)
        assert os.stat(machine.directory.path).st_mode & 0o777 == 0o700  # noqa: PTH116
        assert os.getsid(machine.pid) == machine.pid

    with_machine(program, use)


def test_an_id_is_sent_as_it_is_given(program: Path) -> None:
    async def use(machine: Machine) -> Message:
        return await machine.execute({"execute": "query-kvm", "id": "mine"})

    reply = with_machine(program, use)
    assert isinstance(reply, dict)
    assert reply["id"] == "mine"


def test_a_program_that_ends_at_once() -> None:
    assert error(Path("/bin/false")) == "QEMU did not greet: it closed its monitor; it exited with status 1"


def test_a_program_that_cannot_be_executed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "program"
    file.write_text("#!/nowhere\n")
    file.chmod(0o755)
    assert "No such file or directory" in error(file)
    bare = replace(confinement_of(file), ends_with_us=False, no_network=False)  # as without setpriv and unshare
    monkeypatch.setattr("qapidoc_ext.qmp.machine.confinement_of", lambda _program: bare)
    assert error(file) == f"{file} cannot be started: No such file or directory"


def test_qemu_that_refuses_its_arguments(program: Path, tmp_path: Path) -> None:
    file = tmp_path / "program"
    file.write_text(f'#!/bin/sh\nexec {program} -nonsense "$@"\n')
    file.chmod(0o755)
    message = error(file)
    assert message.startswith(
        "QEMU did not greet: it closed its monitor; it exited with status 1\nQEMU said on stderr:\n"
    )
    assert "-nonsense: invalid option" in message


def test_a_program_that_says_nothing(tmp_path: Path) -> None:
    message = error(script(tmp_path, "time.sleep(60)"), deadline=0.2)
    assert message == "QEMU did not greet within 0.2 s; it still runs"


def test_a_program_that_ends_by_a_signal(tmp_path: Path) -> None:
    message = error(script(tmp_path, "os.kill(os.getpid(), 6)"))
    assert message == "QEMU did not greet: it closed its monitor; it was killed by SIGABRT"


def test_a_program_that_closes_its_monitor(tmp_path: Path) -> None:
    message = error(script(tmp_path, "os.close(fd); time.sleep(60)"))
    assert message == "QEMU did not greet: it closed its monitor; it still runs"


def test_a_program_that_greets_with_something_else(tmp_path: Path) -> None:
    message = error(script(tmp_path, "os.write(fd, b'SSH-2.0\\n'); time.sleep(60)"))
    assert message.startswith("QEMU did not greet: ")
    assert message.endswith("; it still runs")


def test_a_program_whose_greeting_has_another_version(tmp_path: Path) -> None:
    greeting = b'{"QMP": {"version": {"qemu": 7}, "capabilities": []}}\n{"return": {}}\n'
    message = error(script(tmp_path, f"os.write(fd, {greeting!r}); time.sleep(60)"))
    assert message == "QEMU's greeting is not one: Expected `object`, got `int` - at `$.qemu`; it still runs"


def answering(directory: Path, answer: bytes, times: int = 1) -> Path:
    """A program that greets, and answers the first command so, the answer repeated so often."""
    version = '{"qemu": {"major": 1, "minor": 2, "micro": 3}, "package": ""}'
    greeting = f'{{"QMP": {{"version": {version}, "capabilities": []}}}}\n{{"return": {{}}}}\n'
    wait = "asked = b''\nwhile b'query-version' not in asked: asked += os.read(fd, 99)"
    say = f"os.set_blocking(fd, True); os.write(fd, {answer!r} * {times})"
    return script(directory, f"os.write(fd, {greeting.encode()!r})\n{wait}\n{say}; time.sleep(60)")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b'{"return": NaN, "id": "__qmp#00000"}\n', "Out of range float values"),
        (b'{"return": 1e999, "id": "__qmp#00000"}\n', "Out of range float values"),
        (
            b'{"return": "\\ud800", "id": "__qmp#00000"}\n',
            "JSON is malformed: unexpected end of escaped utf-16 surrogate",
        ),
    ],
)
def test_a_program_that_answers_with_what_is_nearly_json(answer: bytes, reason: str, tmp_path: Path) -> None:
    assert error(answering(tmp_path, answer)).startswith(f"QEMU sent what is not JSON: {reason}")


def test_a_program_whose_answer_is_too_long(tmp_path: Path) -> None:
    message = error(answering(tmp_path, b"x" * 1024, times=11 * 1024))
    assert message.startswith("QEMU did not answer query-version: it sent a message of more than 10 MiB; it ")


@pytest.mark.parametrize(
    "answer",
    [
        b"[]\n",
        b'{"return": "\xff", "id": "__qmp#00000"}\n',
        b'{"error": {"class": "GenericError", "desc": "no id"}}\n',
        b'{"return": ' + b"[" * 100_000 + b"\n",
    ],
    ids=["list", "not UTF-8", "no id", "depth"],
)
def test_a_program_that_answers_with_what_is_not_qmp(answer: bytes, tmp_path: Path) -> None:
    message = error(answering(tmp_path, answer))
    assert message.startswith("QEMU did not answer query-version: what it sent is not QMP: ")


def test_a_program_that_says_very_much_on_its_stderr(tmp_path: Path) -> None:
    message = error(script(tmp_path, "while True: os.write(2, b'\\x1b[31mspam\\n' * 1000)"), deadline=2)
    what, *quotation = message.splitlines()
    assert what == "QEMU did not greet within 2 s; it still runs"
    assert quotation[-2] == "    ?[31mspam"
    assert len(message) < 8000


def test_a_program_that_floods_us_with_events(tmp_path: Path) -> None:
    event = b'{"event": "X", "timestamp": {"seconds": 1, "microseconds": 1}}\n'
    program = answering(tmp_path, event * 100_000)
    assert error(program).startswith(
        "QEMU did not answer query-version: it sent 10001 events that nobody asked for; it "
    )


def test_qemu_that_is_killed(program: Path) -> None:
    async def use(machine: Machine) -> None:
        os.kill(machine.pid, signal.SIGKILL)
        await version(machine)

    assert error(program, use) == "QEMU did not answer query-version: it closed its monitor; it was killed by SIGKILL"


def test_qemu_that_is_killed_while_an_event_is_waited_for(program: Path) -> None:
    async def use(machine: Machine) -> None:
        asyncio.get_running_loop().call_later(0.1, os.kill, machine.pid, signal.SIGSEGV)
        await machine.event()

    assert error(program, use) == "QEMU sends no more events: it closed its monitor; it was killed by SIGSEGV"


def test_qemu_that_is_stopped(program: Path) -> None:
    async def use(machine: Machine) -> None:
        machine.deadline = 1
        os.kill(machine.pid, signal.SIGSTOP)
        await version(machine)

    assert error(program, use) == "QEMU did not answer query-version within 1 s; it still runs"


def test_a_check_tells_a_crash_from_an_end(program: Path) -> None:
    async def quit_it(machine: Machine) -> None:
        machine.check()
        await machine.execute({"execute": "quit"})
        shutdown = await machine.event()
        assert shutdown["event"] == "SHUTDOWN"
        with pytest.raises(MachineError, match="it exited with status 0"):
            await machine.event()
        machine.check()

    async def crash_it(machine: Machine) -> None:
        os.kill(machine.pid, signal.SIGSEGV)
        with pytest.raises(MachineError):
            await version(machine)
        machine.check()

    with_machine(program, quit_it)
    assert error(program, crash_it) == "QEMU was killed by SIGSEGV"


def test_a_machine_that_settles_answers_or_ends_as_it_was_told_to(program: Path) -> None:
    async def answer(machine: Machine) -> None:
        await machine.settle()

    async def quit_it(machine: Machine) -> None:
        await machine.execute({"execute": "quit"})
        await machine.settle()

    def send(number: int) -> Callable[[Machine], Awaitable[object]]:
        async def use(machine: Machine) -> None:
            machine.deadline = 1
            os.kill(machine.pid, number)
            await machine.settle()

        return use

    with_machine(program, answer)
    with_machine(program, quit_it)
    what = "behind the last step: QEMU did not answer query-version"
    assert error(program, send(signal.SIGSEGV)) == f"{what}: it closed its monitor; it was killed by SIGSEGV"
    assert error(program, send(signal.SIGSTOP)) == f"{what} within 1 s; it still runs"


def test_a_failure_of_the_user_ends_qemu_too(program: Path) -> None:
    async def use(machine: Machine) -> None:
        os.kill(machine.pid, signal.SIGSTOP)
        raise LookupError

    with pytest.raises(LookupError):
        with_machine(program, use)


def test_the_client_says_nothing_on_the_terminal(program: Path, capfd: pytest.CaptureFixture[str]) -> None:
    terminal = logging.StreamHandler()
    logging.getLogger().addHandler(terminal)
    try:
        error(Path("/bin/false"))
        with_machine(program, version)
    finally:
        logging.getLogger().removeHandler(terminal)
    assert capfd.readouterr() == ("", "")
