"""What the tests of this layer share: a real QEMU, and the proof that nothing is left of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qapidoc_ext.qmp.programs import Programs


@pytest.fixture(scope="session")
def programs(emulator: Path) -> Programs:
    """The QEMU in the folder $QEMU_BIN, or on PATH."""
    del emulator  # which is there
    return Programs(folder=os.environ.get("QEMU_BIN", ""))


@pytest.fixture
def program(emulator: Path) -> Path:
    return emulator


@pytest.fixture
def children() -> Callable[[int], set[int]]:
    """The processes that a process started and did not wait for."""
    return _children


@pytest.fixture
def nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fails the test when a process or a temporary file of it is still there."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    before = _children(os.getpid())
    yield
    assert _children(os.getpid()) - before == set()
    assert list(temporary.iterdir()) == []


def _children(parent: int) -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = status.read_text().rpartition(")")[2].split()
        except OSError:  # ended since it was listed
            continue
        if int(after_name[1]) == parent:
            found.add(int(status.parent.name))
    return found
