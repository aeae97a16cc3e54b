from __future__ import annotations

import os
from pathlib import Path

import pytest

from qapidoc_ext.qmp.host import AccessMode, HostError, Image, perform


def test_an_image_is_made_of_zeros(tmp_path: Path) -> None:
    assert perform(Image(name="disk.raw", size=4096), tmp_path, os.getpid()) is None
    assert (tmp_path / "disk.raw").read_bytes() == bytes(4096)


def test_an_image_that_is_there_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "disk.raw").write_bytes(b"old")
    with pytest.raises(HostError, match=r"disk.raw: File exists"):
        perform(Image(name="disk.raw", size=0), tmp_path, os.getpid())
    assert (tmp_path / "disk.raw").read_bytes() == b"old"


def test_an_image_is_not_made_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk.raw").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(HostError, match=r"disk.raw: File exists"):
        perform(Image(name="disk.raw", size=0), tmp_path, os.getpid())
    assert not (tmp_path / "elsewhere").exists()


def mode(directory: Path) -> object:
    return perform(AccessMode(name="disk.raw"), directory, os.getpid())


def test_the_access_mode_is_that_of_the_descriptors_that_hold_the_file(tmp_path: Path) -> None:
    file = tmp_path / "disk.raw"
    file.touch()
    assert mode(tmp_path) == "not open"
    with file.open("rb"):
        assert mode(tmp_path) == "O_RDONLY"
        with file.open("r+b"):
            assert mode(tmp_path) == "O_RDONLY, O_RDWR"
    with file.open("ab"):
        assert mode(tmp_path) == "O_WRONLY"
    assert mode(tmp_path) == "not open"


def test_only_the_file_of_this_name_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "disk.raw").touch()
    with (tmp_path / "other.raw").open("wb"):
        assert mode(tmp_path) == "not open"


def test_a_file_that_is_not_there_has_no_access_mode(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"disk.raw: No such file or directory"):
        mode(tmp_path)


def test_a_link_has_no_access_mode(tmp_path: Path) -> None:
    (tmp_path / "disk.raw").symlink_to("/etc/passwd")
    with pytest.raises(HostError, match=r"disk.raw: not a regular file"):
        mode(tmp_path)
