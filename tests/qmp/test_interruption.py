"""Another Python runs an example that waits for ever, and gets a signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

EXAMPLE = ':name: waits\n>>> vm.image("started", size=0)\n-> {"execute": "stop"}\n<- {"event": "RESUME"}\n'
PROGRAM = """
import signal, sys
from pathlib import Path
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.run import Rules, run
from qapidoc_ext.qmp.script import parse_file
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore these
signal.signal(signal.SIGHUP, signal.SIG_DFL)
exec(sys.argv[3])
run(parse_file(Path(sys.argv[1])), Programs(folder=sys.argv[2]), Rules(deadline=60))
"""


@dataclass(frozen=True, kw_only=True)
class Running:
    python: subprocess.Popen[bytes]
    processes: tuple[int, ...]
    """QEMU, and the shell that removes temporary files."""
    temporary: Path

    def end(self, number: int) -> int:
        """Sends the signal. Returns the status of the Python, when nothing else is left."""
        self.python.send_signal(number)
        status = self.python.wait(timeout=60)
        until(lambda: not any(map(runs, self.processes)))
        assert list(self.temporary.iterdir()) == []
        return status


Start = Callable[[str], Running]


@pytest.fixture
def start(tmp_path: Path, program: Path, children: Callable[[int], set[int]]) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def start(preparation: str) -> Running:
        (tmp_path / "waits.qmp").write_text(EXAMPLE)
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        python = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path / "waits.qmp"), str(program.parent), preparation],
            env={**os.environ, "TMPDIR": str(temporary)},
            stderr=subprocess.DEVNULL,
        )
        started.append(python)
        until(lambda: list(temporary.glob("*/*/started")))
        processes = sorted(children(python.pid), key=name)
        assert [name(process)[:5] for process in processes] == ["(qemu", "(sh)"]
        return Running(python=python, processes=tuple(processes), temporary=temporary)

    yield start
    for python in started:
        python.kill()
        python.wait()


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def name(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().split()[1]


def runs(pid: int) -> bool:
    """Whether the process is there and no zombie, which nobody may wait for once its parent is gone."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_qemu_and_has_its_usual_effect(number: signal.Signals, start: Start) -> None:
    running = start("")
    assert all(map(runs, running.processes))
    assert running.end(number) == -number


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_program_that_handles_a_signal_itself_is_asked_after_qemu_is_gone(
    number: signal.Signals, start: Start
) -> None:
    left = "len(list(Path(sys.argv[1]).with_name('temporary').iterdir()))"
    running = start(f"signal.signal({number}, lambda *_: sys.exit(7 + {left}))")
    assert running.end(number) == 7


def test_a_signal_that_is_ignored_stays_so(start: Start) -> None:
    running = start("signal.signal(signal.SIGHUP, signal.SIG_IGN)")
    running.python.send_signal(signal.SIGHUP)
    time.sleep(0.2)
    assert all(map(runs, running.processes))
    assert running.end(signal.SIGTERM) == -signal.SIGTERM


def test_nothing_outlives_a_python_that_is_killed(start: Start) -> None:
    running = start("")
    assert running.end(signal.SIGKILL) == -signal.SIGKILL
