"""Files that are replaced as a whole, or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from qapidoc_ext.source import Location, fault

_NEW_FILE = 0o666
"""The permissions of a new file, less what the umask takes away."""


def replace_file(path: Path, content: bytes) -> None:
    """Write the file. Whoever reads it meanwhile sees what was there before. Its permissions stay.

    :raise OSError: it cannot be written, or is no regular file; what was there before is still there, and nothing else.
    """
    path = path.resolve()  # a symbolic link stays one
    if path.exists() and not (path.is_file() or path.is_dir()):  # a folder is refused by what follows
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), _permissions(path))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def rewrite(path: Path, content: bytes) -> None:
    """As :func:`replace_file`, for what is told like other faults of the file.

    :raise SourceError: it cannot be written.
    """
    try:
        replace_file(path, content)
    except OSError as error:
        raise fault(Location(path=str(path)), f"cannot be written: {error.strerror}") from error


def _permissions(path: Path) -> int:
    try:
        return path.stat().st_mode & 0o777
    except FileNotFoundError:
        umask = os.umask(0o077)
        os.umask(umask)
        return _NEW_FILE & ~umask
