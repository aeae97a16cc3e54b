"""What a build keeps of its runs for the next one."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qapidoc_ext.qmp.cache import CachedRun, read_cache, write_cache
from qapidoc_ext.qmp.digest import identity
from qapidoc_ext.qmp.recording import Recording
from qapidoc_ext.source import SourceError

RUNS = [
    CachedRun(
        environment="e", recording=Recording(content=content, version="9.2.0", date=datetime(2026, 1, 2, tzinfo=UTC))
    )
    for content in ("x", "y")
]


def test_what_is_kept_is_found_by_its_content(tmp_path: Path) -> None:
    assert read_cache(tmp_path / "runs.json") == {}
    write_cache(tmp_path / "runs.json", RUNS)
    assert read_cache(tmp_path / "runs.json") == {"x": RUNS[0], "y": RUNS[1]}


DEEP = b'[{"recording": {"answers": [{"message": {"a": ' + b"[" * 100_000


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", DEEP, b'[{"environment": "e"}]'], ids=range(5))
def test_what_holds_something_else_is_said(content: bytes, tmp_path: Path) -> None:
    (path := tmp_path / "runs.json").write_bytes(content)
    with pytest.raises(SourceError, match="not the results of examples, all run again: ") as error:
        read_cache(path)
    assert error.value.findings[0].location.path == str(path)


def test_a_program_with_the_size_and_the_time_of_another_is_another(tmp_path: Path) -> None:
    program = tmp_path / "qemu"
    program.write_bytes(b"\x7fELF 1")
    before, times = identity(program), program.stat()
    program.write_bytes(b"\x7fELF 2")
    os.utime(program, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert identity(program) != before
