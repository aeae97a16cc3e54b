"""Where things were written: the values that every message of this package starts with."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MAXIMUM_SIZE = 64 * 1024 * 1024
"""Bytes. QEMU's largest schema file has under 0.3 MiB: what is larger than this was named by mistake."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Location:
    """A place in a text file. `str()` gives `PATH:LINE:COLUMN`, which Sphinx takes as a warning's location."""

    path: str
    line: int = 0
    """Counted from 1; 0 is the file as a whole."""
    column: int = 0
    """Counted from 1; 0 is the line as a whole."""

    def __str__(self) -> str:
        return ":".join([self.path, *(str(number) for number in (self.line, self.column) if number)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Text that an author wrote in reStructuredText; line N of `text` stands N lines below `location`."""

    text: str
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """One fault, and where it is. `str()` gives `PATH:LINE:COLUMN: message`."""

    location: Location
    message: str

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"


class SourceError(Exception):
    """A text cannot be used. Holds every fault that was found in it, at least one, in the order of the text."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


def fault(location: Location, message: str) -> SourceError:
    """The error that holds just this fault."""
    return SourceError([Finding(location=location, message=message)])


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


def read_text(path: Path) -> str:
    """The text of a file, decoded as UTF-8.

    :raise SourceError: there is no such file, it is not a regular one (a FIFO would wait for ever), it is larger
        than :data:`MAXIMUM_SIZE`, or it is not UTF-8.
    """
    location = Location(path=str(path))
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise fault(location, "not a regular file")
            if status.st_size > MAXIMUM_SIZE:
                raise fault(location, f"larger than {MAXIMUM_SIZE} bytes")
            content = file.read()
    except OSError as error:
        raise fault(location, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise fault(location, "cannot be read: the path holds a NUL character") from error
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise fault(Location(path=location.path, line=line, column=column), "not UTF-8") from error
