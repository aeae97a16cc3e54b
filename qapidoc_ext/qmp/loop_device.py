"""Block devices whose content is an image: Linux's loop devices. They take root."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import struct
import tempfile
from functools import cache
from pathlib import Path

_CONTROL = "/dev/loop-control"
_GET_FREE = 0x4C82  # LOOP_CTL_GET_FREE of <linux/loop.h>, as what follows
_CONFIGURE = 0x4C0A  # LOOP_CONFIGURE, of Linux 5.8
_AUTOCLEAR = 4  # LO_FLAGS_AUTOCLEAR
_CONFIGURATION = struct.Struct("=2I 5Q 3I I 240x")
"""`struct loop_config`, in it the flags of `struct loop_info64`."""
_ATTEMPTS = 10


def attach(image: int, path: Path, user: int | None) -> int:
    """Make a block device at this path, which belongs to a user and may be written by that user alone.

    :param image: a descriptor of the file that has the content.
    :return: a descriptor. The kernel detaches the device when nobody holds it open, however we end.
    :raise OSError: it cannot be made.
    """
    device = _attached(image)
    try:
        os.mknod(path, stat.S_IFBLK | 0o600, os.fstat(device).st_rdev)
        if user is not None:
            os.chown(path, user, user)
    except OSError:
        os.close(device)
        raise
    return device


def _attached(image: int) -> int:
    """A descriptor of a loop device. Somebody else may take the one that was free: then it is the next one."""
    for _ in range(_ATTEMPTS):
        try:
            return _configured(image)
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise
    return _configured(image)


def _configured(image: int) -> int:
    device = os.open(f"/dev/loop{_free()}", os.O_RDWR)
    try:
        fcntl.ioctl(device, _CONFIGURE, _CONFIGURATION.pack(image, *[0] * 9, _AUTOCLEAR))
    except OSError:
        os.close(device)
        raise
    return device


def _free() -> int:
    control = os.open(_CONTROL, os.O_RDWR)
    try:
        return fcntl.ioctl(control, _GET_FREE)
    finally:
        os.close(control)


@cache
def obstacle() -> str:
    """Why there can be no loop device; "" where there can be one that is opened by its path."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as image:
        image.truncate(512)
        path = Path(folder, "device")
        try:
            device = attach(image.fileno(), path, None)
            try:
                os.close(os.open(path, os.O_RDONLY))
            finally:
                os.close(device)
        except OSError as error:
            return error.strerror or str(error)
    return ""
