"""Work that another process does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sphinx.errors import SphinxError

from qapidoc_ext.sphinx_ext.beside import beside

NOT_WAITED_FOR = """
import os, signal
from types import SimpleNamespace
from qapidoc_ext.sphinx_ext.beside import beside
waits = [beside(SimpleNamespace(parallel=2), lambda: bytes(1_000_000)) for _ in range(2)]
"""

# Each process that reads ends the one that has begun it; what it then sends is more than a pipe holds.
KILLED_WHILE_READING = """
import os, signal
from contextlib import suppress
extensions = ["qapidoc_ext"]
begun = os.getpid()

def end(app, docname, source):
    if os.getpid() != begun:
        with suppress(ProcessLookupError):
            os.kill(begun, signal.SIGKILL)
        app.env.metadata[docname]["more"] = "." * 1_000_000

def setup(app):
    app.connect("source-read", end)
"""


def app(processes: int) -> Any:
    return SimpleNamespace(parallel=processes)


def test_another_process_works_where_there_may_be_several() -> None:
    one, two = (beside(app(processes), os.getpid) for processes in (1, 2))
    assert one() == one() == os.getpid()
    assert two() == two() != os.getpid()


def test_this_process_works_where_there_can_be_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qapidoc_ext.sphinx_ext.beside.parallel_available", False)
    assert beside(app(2), os.getpid)() == os.getpid()


@pytest.mark.parametrize(
    ("end", "status"), [("raise SystemExit(3)", 3), ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL)]
)
def test_no_process_is_left_where_nobody_has_waited(end: str, status: int) -> None:
    program = f"{NOT_WAITED_FOR}{end}"
    # which comes back when all have ended that could write
    ended = subprocess.run([sys.executable, "-c", program], timeout=30, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (status, b"")


def test_no_process_that_reads_is_left_where_the_build_is_killed(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(KILLED_WHILE_READING)
    for number in range(10):
        (tmp_path / f"{number}.rst").write_text("Title\n=====\n")
    command = [sys.executable, "-m", "sphinx", "-q", "-j", "2", str(tmp_path), str(tmp_path / "html")]
    # which comes back when all have ended that could write
    ended = subprocess.run(command, timeout=30, capture_output=True, check=False)
    assert (ended.returncode, ended.stderr) == (-signal.SIGKILL, b"")


def test_a_process_that_is_killed_while_it_tells_its_result_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def send_a_part(connection: Connection, content: bytes) -> None:
        os.write(connection.fileno(), content[:-1])
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(Connection, "_send", send_a_part)
    wait = beside(app(2), lambda: "some text")
    with pytest.raises(SphinxError, match="was killed from outside"):
        wait()
