"""`python -m qapidoc_ext try`, as a program, with a real QEMU and clients that are not ours."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from qemu.qmp import ExecuteError, QMPClient

from qapidoc_ext.cli import main

WAIT = 60


@dataclass(frozen=True, kw_only=True)
class Trying:
    process: subprocess.Popen[str]
    said: str
    """Up to the line that says how to end it."""
    socket: Path

    def end(self) -> int:
        """The status, when nothing is left."""
        status = self.process.wait(WAIT)
        if folder := re.search(r"^Files .* are in (\S+),", self.said, re.MULTILINE):
            until(lambda: not Path(folder[1]).parent.exists())
        assert not self.socket.exists()
        return status


Try = Callable[..., Trying]
Monitored = Callable[..., AbstractContextManager[subprocess.Popen[bytes]]]


@pytest.fixture
def start(tmp_path: Path, emulator: Path) -> Iterator[Try]:
    started: list[subprocess.Popen[str]] = []

    def start(option: str, *more: str) -> Trying:
        code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
        code += "; signal.signal(signal.SIGHUP, 0)"  # whoever runs the tests may ignore both
        code += "; from qapidoc_ext.cli import main"
        path = tmp_path / "the socket"
        arguments = ["try", option, "--socket", str(path), *(more or ["--qemu", str(emulator)])]
        process = subprocess.Popen(
            [sys.executable, "-c", f"{code}; raise SystemExit(main({arguments}))"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        assert process.stdout
        said = ""
        while "Ctrl-C" not in said and (line := process.stdout.readline()):
            said += line
        return Trying(process=process, said=said, socket=path)

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def until(holds: Callable[[], bool]) -> None:
    for _ in range(WAIT * 20):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it does not come to hold")


async def ask(path: Path, command: str, arguments: dict[str, object] | None = None) -> object:
    client = QMPClient("test")
    await client.connect(str(path))
    try:
        return await client.execute(command, arguments)
    except ExecuteError as error:
        return str(error)
    finally:
        with suppress(EOFError):  # it has gone first
            await client.disconnect()


def test_a_client_gets_the_interface_of_the_option_and_everything_ends_with_it(start: Try) -> None:
    trying = start("2")
    assert trying.said.startswith("A QEMU with the interface of option 2-never-false: query-qemu-features, whose")
    assert "we chose: the type of its result" in trying.said
    assert str(trying.socket) in trying.said
    assert asyncio.run(ask(trying.socket, "query-qemu-features")) == {"file-dynamic-auto-read-only": True}
    assert trying.end() == 0


def test_qmp_shell_connects_to_it_as_it_says(start: Try) -> None:
    trying = start("3")
    command = re.findall("^    (.+)", trying.said, re.MULTILINE)
    line = "blockdev-add driver=file filename=disk.raw node-name=n dynamic-read-only=true\n"
    result = subprocess.run(
        ["sh", "-c", *command], input=line, capture_output=True, text=True, check=True, timeout=WAIT
    )
    assert "Driver 'file' cannot do dynamic-read-only without auto-read-only" in result.stdout
    assert trying.end() == 0


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP)]
)
def test_a_signal_ends_it_before_a_client_has_come(number: signal.Signals, status: int, start: Try) -> None:
    trying = start("4")
    trying.process.send_signal(number)
    assert trying.end() == status
    assert trying.process.stdout
    assert trying.process.stdout.read() == ""


def test_qemu_ends_it(start: Try) -> None:
    trying = start("5")
    assert asyncio.run(ask(trying.socket, "quit")) == {}
    assert trying.end() == 0


def test_qemu_may_be_one_that_runs_already(start: Try, monitored: Monitored, tmp_path: Path) -> None:
    monitor = tmp_path / "monitor.socket"
    with monitored(monitor, "-S") as qemu:
        trying = start("1", "--monitor", str(monitor))
        request = {"driver": "null-co", "node-name": "n", "auto-read-only": True}
        said = asyncio.run(ask(trying.socket, "blockdev-add", request))
        assert said == "Parameter 'auto-read-only' is unexpected"
        assert trying.end() == 0
        trying = start("3+nul-co", "--monitor", str(monitor))  # its monitor is for the client alone
        with suppress(Exception):
            asyncio.run(ask(trying.socket, "query-status"))
        assert trying.process.stdout
        assert trying.process.stdout.read() == "the shim cannot go on: this QEMU has no driver 'nul-co'\n"
        assert trying.end() == 1
        assert qemu.poll() is None  # it is not ours


def test_a_qemu_that_ends_before_a_client_comes(start: Try, tmp_path: Path) -> None:
    program = tmp_path / "qemu-system-none"
    more_than_a_pipe_holds = "head -c 200000 /dev/zero | tr '\\0' '\\n' >&2"
    program.write_text(f"#!/bin/sh\nsleep 1\n{more_than_a_pipe_holds}\necho no luck >&2\nexit 3\n")
    program.chmod(0o755)
    trying = start("3", "--qemu", str(program))
    assert trying.process.stdout
    said = trying.process.stdout.read()
    assert said == "QEMU exited with status 3 before a client came\nQEMU said on stderr:\n    no luck\n"
    assert trying.end() == 1


def test_a_driver_that_qemu_does_not_have_is_told_before_a_client_comes(start: Try) -> None:
    trying = start("3+nul-co")
    assert trying.said == "this QEMU has no driver 'nul-co'\n"
    assert trying.end() == 1


def test_help_lists_all_that_an_option_can_be(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["try", "-h"])
    said = " ".join(capsys.readouterr().out.split())
    assert "6-set-read-only; 2 and 6 are the first of their variants, OPTION+DRIVER is OPTION where this driver" in said


def test_an_output_that_cannot_be_written(emulator: Path, tmp_path: Path) -> None:
    arguments = [sys.executable, "-m", "qapidoc_ext", "try", "3", "--qemu", str(emulator), "--socket", "qmp.socket"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            arguments, stdout=full, stderr=subprocess.PIPE, text=True, check=False, cwd=tmp_path, timeout=WAIT
        )
    assert (done.returncode, done.stderr) == (1, "the output cannot be written: No space left on device\n")


@pytest.fixture
def folder(tmp_path: Path, emulator: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current one, with a file in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(emulator.parent), prepend=os.pathsep)
    (tmp_path / "file").write_text("mine")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--monitor", "none.socket"], "none.socket: No such file or directory\n"),
        (["--socket", "file"], "file exists already\n"),
        (["--socket", "none/socket"], "none/socket: no socket can be made: No such file or directory\n"),
        (["--socket", "x" * 200], f"{'x' * 200}: no socket can be made: AF_UNIX path too long\n"),
        (["--qemu", "none"], "none is neither a program nor a folder of programs\n"),
    ],
)
def test_what_cannot_be_is_said(
    arguments: list[str], message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["try", "3", *arguments]) == 1
    assert capsys.readouterr().err.startswith(message)
    assert (folder / "file").read_text() == "mine"
