"""Files that are replaced as a whole, or not at all."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from qapidoc_ext.qmp.replace import replace_file

ROOT = Path(__file__).parents[2]


def test_a_file_keeps_its_permissions_and_a_new_one_has_the_usual(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("before")
    old.chmod(0o640)
    replace_file(old, b"after")
    assert (old.read_text(), old.stat().st_mode & 0o777) == ("after", 0o640)
    replace_file(new, b"")
    other = tmp_path / "other"
    other.touch()
    assert new.stat().st_mode == other.stat().st_mode
    assert len(list(tmp_path.iterdir())) == 3


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("before")
    (tmp_path / "link").symlink_to("file")
    replace_file(tmp_path / "link", b"after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "after"


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to("fifo")
    for name in ("fifo", "link"):
        with pytest.raises(OSError, match="not a regular file"):
            replace_file(tmp_path / name, b"after")
    assert (tmp_path / "fifo").is_fifo()


def test_where_there_is_no_room_the_old_file_stays_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("before")
    imports = "from pathlib import Path; from qapidoc_ext.qmp.replace import replace_file"
    program = f"{imports}; replace_file(Path({str(file)!r}), b'x' * 5000)"
    result = subprocess.run(
        [sys.executable, "-c", program],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert b"OSError: [Errno 27] File too large" in result.stderr
    assert file.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        replace_file(tmp_path / "no" / "file", b"")
    assert os.listdir(tmp_path) == []  # noqa: PTH208 (nothing at all)
