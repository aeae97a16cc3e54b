"""The private directory of an example, and what happens to files in it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import assert_never

from qapidoc_ext.qmp.host import (
    ACCESS_MODES,
    AccessMode,
    Chmod,
    Exists,
    FileCall,
    Image,
    LoopDevice,
    Read,
    Remove,
    SendFd,
    Write,
)
from qapidoc_ext.qmp.loop_device import attach

_MADE_AND_REMOVED = """
directory=$(mktemp -d -- "$1/qapidoc-XXXXXXXX") || exit
echo "$directory"
exec >/dev/null
cat
rm -rf -- "$directory" || { sleep 1; rm -rf -- "$directory"; }
"""
"""The end of standard input says that whoever uses the directory has finished, or is dead."""


class HostError(Exception):
    """A host step could not be done. The message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """A directory that only one user may enter."""

    path: Path
    descriptor: int
    """Of the directory: its files are reached even where its path leads through what the user may not enter."""
    user: int | None
    """The number of the user and the group that it belongs to; None is whoever runs this."""
    kept: ExitStack = field(default_factory=ExitStack)
    """What lasts as long as the directory."""


@contextmanager
def scratch() -> Iterator[Path]:
    """A new directory for temporary files, which is removed behind the block, however this process ends.

    A shell removes it: it notices when we are killed, too.

    :raise OSError: it cannot be made.
    """
    keeper = subprocess.Popen(  # noqa: S603 (our own text)
        ["/bin/sh", "-c", _MADE_AND_REMOVED, "sh", tempfile.gettempdir()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    with keeper:
        assert keeper.stdin
        assert keeper.stdout
        assert keeper.stderr
        path = os.fsdecode(keeper.stdout.readline().removesuffix(b"\n"))
        if not path:
            raise OSError(0, keeper.stderr.read().decode(errors="replace").strip() or "no directory could be made")
        try:
            Path(path).chmod(0o711)
            yield Path(path)
        finally:
            keeper.stdin.close()


@contextmanager
def private_directory(parent: Path, user: int | None) -> Iterator[Directory]:
    """A new directory that belongs to a user, and is removed behind the block.

    :raise OSError: it cannot be made.
    """
    path = Path(tempfile.mkdtemp(dir=parent))
    try:
        if user is not None:
            os.chown(path, user, user)
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        with ExitStack() as kept:
            kept.callback(os.close, descriptor)
            yield Directory(path=path, descriptor=descriptor, user=user, kept=kept)
    finally:
        shutil.rmtree(path, ignore_errors=True)


def perform(call: FileCall, directory: Directory, pid: int) -> object:
    """What the call returns, done as the user of the directory; `pid` is the machine's.

    :raise HostError: it cannot be done, or concerns something else than a regular file or a block device.
    """
    try:
        with _acting_as(directory.user):
            return _performed(call, directory.descriptor, pid)
    except OSError as error:
        raise HostError(f"{call.name}: {error.strerror}") from error


@contextmanager
def opened(call: SendFd, directory: Directory) -> Iterator[int]:
    """A descriptor of the file of the call.

    :raise HostError: it cannot be opened, or is neither a regular file nor a block device.
    """
    try:
        with _acting_as(directory.user):
            descriptor = _open(call.name, directory.descriptor, call.flags)
    except OSError as error:
        raise HostError(f"{call.name}: {error.strerror}") from error
    with _closing(descriptor):
        yield descriptor


def make_loop_device(call: LoopDevice, directory: Directory) -> None:
    """Make the block device of the call, as root. It is attached as long as the directory is there.

    It is made where only we are, so that nothing can be put in its place before it belongs to the user.

    :raise HostError: it cannot be made.
    """
    try:
        with (
            opened(SendFd(name=call.image, access_mode="O_RDWR"), directory) as image,
            private_directory(directory.path.parent, None) as ours,
        ):
            device = attach(image, ours.path / call.name, directory.user)
            directory.kept.callback(os.close, device)
            os.link(ours.path / call.name, call.name, dst_dir_fd=directory.descriptor)
    except OSError as error:
        raise HostError(f"{call.name}: {error.strerror}") from error


def _performed(call: FileCall, directory: int, pid: int) -> object:
    match call:
        case Exists():
            return _exists(call.name, directory)
        case Read():
            with _closing(_open(call.name, directory, os.O_RDONLY)) as file:
                return os.pread(file, call.length, call.offset)
        case AccessMode():
            return _access_mode(call.name, directory, pid)
        case Image() | Chmod() | Remove() | Write():
            _change(call, directory)
            return None
        case _:
            assert_never(call)


def _change(call: Image | Chmod | Remove | Write, directory: int) -> None:
    match call:
        case Image():
            _make_image(call, directory)
        case Chmod():
            with _closing(_open(call.name, directory, os.O_PATH)) as file:
                Path(f"/proc/self/fd/{file}").chmod(call.mode)
        case Remove():
            os.unlink(call.name, dir_fd=directory)
        case Write():
            with _closing(_open(call.name, directory, os.O_WRONLY)) as file:
                _write(file, call.offset, call.data)
        case _:
            assert_never(call)


def _make_image(call: Image, directory: int) -> None:
    with _closing(os.open(call.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=directory)) as file:
        os.fchmod(file, call.mode)
        os.truncate(file, call.size)


def _exists(name: str, directory: int) -> bool:
    try:
        os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _write(file: int, offset: int, data: bytes) -> None:
    while data:
        written = os.pwrite(file, data, offset)
        data, offset = data[written:], offset + written


@contextmanager
def _closing(descriptor: int) -> Iterator[int]:
    """The descriptor, which is closed behind the block."""
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _status(name: str, directory: int) -> os.stat_result:
    """Of a regular file or a block device."""
    status = os.stat(name, dir_fd=directory, follow_symlinks=False)
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISBLK(status.st_mode)):
        raise HostError(f"{name}: neither a regular file nor a block device")
    return status


def _open(name: str, directory: int, flags: int) -> int:
    _status(name, directory)
    return os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory)


def _access_mode(name: str, directory: int, pid: int) -> str:
    modes = set(_modes(pid, _status(name, directory)))
    return ", ".join(name for name, mode in ACCESS_MODES.items() if mode in modes) or "not open"


def _modes(pid: int, file: os.stat_result) -> Iterator[int]:
    """The access mode of every descriptor by which the process holds the file."""
    process = Path("/proc", str(pid))
    for descriptor in process.joinpath("fd").iterdir():
        try:
            held = descriptor.stat()
            info = process.joinpath("fdinfo", descriptor.name).read_text()
        except FileNotFoundError:  # closed since it was listed
            continue
        if os.path.samestat(held, file):
            flags = dict(line.split(":", 1) for line in info.splitlines())["flags"]
            yield int(flags, 8) & os.O_ACCMODE


@contextmanager
def _acting_as(user: int | None) -> Iterator[None]:
    """Within the block, this process has the rights of the user.

    Files are made and opened with these rights, and `/proc` tells of another process with the same user and group even
    where root may not ask, as in containers without CAP_SYS_PTRACE.
    """
    if user is None:
        yield
        return
    groups, group = os.getgroups(), os.getegid()
    os.setgroups([])
    os.setegid(user)
    os.seteuid(user)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)
        os.setgroups(groups)
