from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from qapidoc_ext.qmp import loop_device
from qapidoc_ext.qmp.confinement import UNPRIVILEGED
from qapidoc_ext.qmp.directory import (
    Directory,
    HostError,
    make_loop_device,
    opened,
    perform,
    private_directory,
    scratch,
)
from qapidoc_ext.qmp.host import (
    AccessMode,
    Call,
    Chmod,
    Ending,
    Exists,
    FileCall,
    Image,
    LoopDevice,
    Probe,
    Read,
    Remove,
    SendFd,
    Write,
    parse,
)

USERS = [None, *([UNPRIVILEGED] if os.geteuid() == 0 else [])]


@pytest.fixture(params=USERS, ids=["ourselves", "unprivileged"][: len(USERS)])
def directory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Directory]:
    """The directory of each user that there can be; `tmp_path` itself is closed to all but us."""
    with private_directory(tmp_path, request.param) as directory:
        yield directory
    assert os.geteuid() == os.getuid()


def done(call: FileCall, directory: Directory) -> object:
    return perform(call, directory, os.getpid())


@pytest.mark.parametrize(
    ("text", "call"),
    [
        ('image("a", 5, 0o640)', Image(name="a", size=5, mode=0o640)),
        ('loop_device("a", "b.raw")', LoopDevice(name="a", image="b.raw")),
        ('write("a", 5, b"x")', Write(name="a", offset=5, data=b"x")),
        ('read("a", 5, 6)', Read(name="a", offset=5, length=6)),
        ('chmod("a", 0o400)', Chmod(name="a", mode=0o400)),
        ('exists("a")', Exists(name="a")),
        ('remove("a")', Remove(name="a")),
        ('access_mode("a")', AccessMode(name="a")),
        ('send_fd("a", "O_RDWR")', SendFd(name="a", access_mode="O_RDWR")),
        ('probe("stop")', Probe(query="stop")),
        ("ending()", Ending()),
    ],
)
def test_each_function_takes_its_arguments_in_their_order(text: str, call: Call) -> None:
    assert parse(f"dst.{text}") == ("dst", call)


def test_an_image_is_made_of_zeros_and_belongs_to_the_user(directory: Directory) -> None:
    assert done(Image(name="disk.raw", size=4096, mode=0o640), directory) is None
    file = directory.path / "disk.raw"
    assert file.read_bytes() == bytes(4096)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert file.stat().st_uid == (os.getuid() if directory.user is None else directory.user)
    assert file.stat().st_gid == (os.getgid() if directory.user is None else directory.user)


def test_an_image_that_is_there_is_not_touched(directory: Directory) -> None:
    (directory.path / "disk.raw").write_bytes(b"old")
    with pytest.raises(HostError, match=r"disk.raw: File exists"):
        done(Image(name="disk.raw", size=0), directory)
    assert (directory.path / "disk.raw").read_bytes() == b"old"


def test_an_image_is_not_made_behind_a_link(directory: Directory) -> None:
    (directory.path / "disk.raw").symlink_to(directory.path / "elsewhere")
    with pytest.raises(HostError, match=r"disk.raw: File exists"):
        done(Image(name="disk.raw", size=0), directory)
    assert not (directory.path / "elsewhere").exists()


def test_bytes_are_written_and_read(directory: Directory) -> None:
    done(Image(name="disk.raw", size=8), directory)
    done(Write(name="disk.raw", offset=3, data=b"abc"), directory)
    assert done(Read(name="disk.raw", offset=2, length=100), directory) == b"\0abc\0\0"


def test_a_file_is_there_until_it_is_removed(directory: Directory) -> None:
    assert done(Exists(name="disk.raw"), directory) is False
    done(Image(name="disk.raw", size=0), directory)
    assert done(Exists(name="disk.raw"), directory) is True
    done(Remove(name="disk.raw"), directory)
    assert done(Exists(name="disk.raw"), directory) is False


def test_permissions_are_set_and_hold(directory: Directory) -> None:
    done(Image(name="disk.raw", size=1), directory)
    done(Chmod(name="disk.raw", mode=0), directory)
    assert stat.S_IMODE((directory.path / "disk.raw").stat().st_mode) == 0
    if directory.user is not None or os.geteuid() != 0:
        with pytest.raises(HostError, match=r"disk.raw: Permission denied"):
            done(Read(name="disk.raw", offset=0, length=1), directory)
    done(Chmod(name="disk.raw", mode=0o400), directory)
    assert done(Read(name="disk.raw", offset=0, length=1), directory) == b"\0"


@pytest.mark.parametrize(
    "call",
    [
        Read(name="link", offset=0, length=1),
        Write(name="link", offset=0, data=b"x"),
        Chmod(name="link", mode=0o777),
        AccessMode(name="link"),
    ],
    ids=["read", "write", "chmod", "access_mode"],
)
def test_nothing_is_done_behind_a_link(call: FileCall, directory: Directory) -> None:
    target = directory.path / "target"
    target.write_bytes(b"secret")
    target.chmod(0o600)
    (directory.path / "link").symlink_to("target")
    with pytest.raises(HostError, match=r"link: neither a regular file nor a block device"):
        done(call, directory)
    assert (target.read_bytes(), stat.S_IMODE(target.stat().st_mode)) == (b"secret", 0o600)


def test_the_access_mode_is_that_of_the_descriptors_that_hold_the_file(tmp_path: Path) -> None:
    with private_directory(tmp_path, None) as private:

        def mode() -> object:
            return done(AccessMode(name="disk.raw"), private)

        file = private.path / "disk.raw"
        file.touch()
        (private.path / "other.raw").touch()
        assert mode() == "not open"
        with file.open("rb"), (private.path / "other.raw").open("wb"):
            assert mode() == "O_RDONLY"
            with file.open("r+b"):
                assert mode() == "O_RDONLY, O_RDWR"
        with file.open("ab"):
            assert mode() == "O_WRONLY"
        assert mode() == "not open"


def test_a_file_that_is_not_there_has_no_access_mode(directory: Directory) -> None:
    with pytest.raises(HostError, match=r"disk.raw: No such file or directory"):
        done(AccessMode(name="disk.raw"), directory)


def test_a_descriptor_to_send_is_opened_as_it_is_asked_for(directory: Directory) -> None:
    done(Image(name="disk.raw", size=4), directory)
    with opened(SendFd(name="disk.raw", access_mode="O_RDONLY"), directory) as descriptor:
        assert os.read(descriptor, 9) == bytes(4)
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.write(descriptor, b"x")
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
    with (
        pytest.raises(HostError, match=r"nothing: No such file"),
        opened(SendFd(name="nothing", access_mode="O_RDWR"), directory),
    ):
        pass


def test_temporary_files_are_gone_behind_the_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with scratch() as parent:
        assert parent.parent == tmp_path
        with private_directory(parent, None) as directory:
            assert stat.S_IMODE(directory.path.stat().st_mode) == 0o700
            (directory.path / "file").touch()
        assert not directory.path.exists()
        (parent / "more").mkdir()
    assert list(tmp_path.iterdir()) == []


def test_where_no_directory_can_be_made_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nothing"))
    with pytest.raises(OSError, match=r"nothing") as raised, scratch():
        pass
    assert "No such file or directory" in str(raised.value.strerror)


def attached(file: Path) -> list[Path]:
    """The loop devices that have the content of the file."""
    held = Path("/sys/block").glob("loop*/loop/backing_file")
    return [found for found in held if found.read_text().startswith(str(file))]


def test_where_there_can_be_no_loop_device_the_step_says_why(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop_device, "_CONTROL", "/nothing/here")
    done(Image(name="disk.raw", size=4096), directory)
    with pytest.raises(HostError, match=r"disk: No such file or directory"):
        make_loop_device(LoopDevice(name="disk", image="disk.raw"), directory)


@pytest.mark.skipif(os.geteuid() != 0, reason="loop devices take root")
@pytest.mark.needs_a_version
def test_a_loop_device_lasts_as_long_as_the_directory(tmp_path: Path) -> None:
    if obstacle := loop_device.obstacle():
        pytest.skip(f"no loop device: {obstacle}")
    with private_directory(tmp_path, UNPRIVILEGED) as directory:
        done(Image(name="disk.raw", size=4096), directory)
        done(Write(name="disk.raw", offset=512, data=b"abc"), directory)
        make_loop_device(LoopDevice(name="disk", image="disk.raw"), directory)
        device = (directory.path / "disk").stat()
        assert stat.S_ISBLK(device.st_mode)
        assert stat.S_IMODE(device.st_mode) == 0o600
        assert (device.st_uid, device.st_gid) == (UNPRIVILEGED, UNPRIVILEGED)
        assert done(Read(name="disk", offset=512, length=3), directory) == b"abc"
        assert attached(directory.path / "disk.raw")
        done(Chmod(name="disk", mode=0), directory)
        with pytest.raises(HostError, match=r"disk: Permission denied"):
            done(Read(name="disk", offset=512, length=3), directory)
        with pytest.raises(HostError, match=r"disk: File exists"):
            make_loop_device(LoopDevice(name="disk", image="disk.raw"), directory)
        (directory.path / "link").symlink_to("/etc/passwd")
        with pytest.raises(HostError, match=r"link: neither a regular file nor a block device"):
            make_loop_device(LoopDevice(name="other", image="link"), directory)
    assert attached(directory.path / "disk.raw") == []
    assert list(tmp_path.iterdir()) == []


def test_why_there_is_no_loop_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_device, "_CONTROL", "/nothing/here")
    loop_device.obstacle.cache_clear()
    assert loop_device.obstacle() == "No such file or directory"
    loop_device.obstacle.cache_clear()
