"""Where things were written: the values that every message of this package starts with."""

from __future__ import annotations

import os
import stat
import sys
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

MAXIMUM_SIZE = 8 * 1024 * 1024
"""Bytes. QEMU's largest schema file has under 0.3 MiB: what is larger than this was named by mistake."""


class Location(NamedTuple):
    """A place in a text file. `str()` gives `PATH:LINE:COLUMN`, which Sphinx takes as a warning's location."""

    path: str
    line: int = 0
    """Counted from 1; 0 is the file as a whole."""
    column: int = 0
    """Counted from 1; 0 is the line as a whole."""

    def __str__(self) -> str:
        return ":".join([_shown(self.path), *(str(number) for number in (self.line, self.column) if number)])


def _shown(path: str) -> str:
    """The path, where characters that a terminal would obey are escaped: anything can be the name of a file."""
    if path.isprintable():
        return path
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """Text that an author wrote in reStructuredText; line N of `text` stands N lines below `location`."""

    text: str
    location: Location
    """Its column is that in which every line of the text begins, 0 where they begin in different ones."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """One fault, and where it is. `str()` gives `PATH:LINE:COLUMN: message`."""

    location: Location
    message: str

    def __str__(self) -> str:
        return f"{self.location}: {self.message}"

    def named_at(self, place: Location) -> Finding:
        """A fault of a file as a whole, at the place that names the file; any other as it is."""
        return self if self.location.line else Finding(location=place, message=str(self))


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


@dataclass(frozen=True)
class SourceText:
    """A text that stands somewhere in a file, which turns offsets into places."""

    content: str
    start: Location
    """Of the first character. Where it has a column, every line of the text begins in that column."""

    @cached_property
    def _first(self) -> tuple[int, int]:
        """The line and the column of the first character."""
        return max(self.start.line, 1), max(self.start.column, 1)

    @cached_property
    def _line_starts(self) -> list[int]:
        return list(accumulate(map((1).__add__, map(len, self.content.split("\n"))), initial=0))

    def line(self, offset: int) -> int:
        """The number of the line in the file of a character, which is counted from 0."""
        return self._first[0] + bisect_right(self._line_starts, offset) - 1

    def location(self, offset: int) -> Location:
        """The place of a character, counted from 0."""
        index = bisect_right(self._line_starts, offset) - 1
        line, column = self._first
        return Location(self.start.path, line + index, column + offset - self._line_starts[index])

    def offset(self, location: Location) -> int:
        """Of the character at a place: the other way round."""
        line, column = self._first
        return self._line_starts[location.line - line] + location.column - column

    def finding(self, offset: int, message: str) -> Finding:
        """A fault at the place of a character."""
        return Finding(location=self.location(offset), message=message)

    def fault(self, offset: int, message: str) -> SourceError:
        """The error that holds just the fault at the place of a character."""
        return SourceError([self.finding(offset, message)])


def real(path: Path) -> Path:
    """The path without symbolic links, as far as they can be followed; `Path.resolve` raises where they loop."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:
        return path  # it holds a NUL character: no file has it


def read_source(path: Path) -> SourceText:
    """A whole file.

    :raise SourceError: as :func:`read_text` does.
    """
    return SourceText(read_text(path), Location(path=str(path), line=1, column=1))


def read_bytes(path: Path) -> bytes:
    """What a file holds.

    :raise SourceError: there is no such file, it is not a regular one (a FIFO would wait for ever), or it is larger
        than :data:`MAXIMUM_SIZE`.
    """
    location = Location(path=str(path))
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise fault(location, "not a regular file")
            if status.st_size > MAXIMUM_SIZE:
                raise fault(location, f"larger than {MAXIMUM_SIZE} bytes")
            return file.read() or b""  # None where a file of the kernel has nothing to say yet
    except OSError as error:
        raise fault(location, f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise fault(location, "cannot be read: the path holds a NUL character") from error


def read_text(path: Path) -> str:
    """The text of a file, decoded as UTF-8. Its lines end with a line feed, whatever they end with in the file.

    :raise SourceError: as :func:`read_bytes`, or it is not UTF-8.
    """
    return _decoded(read_bytes(path), path)


def read_stdin() -> str:
    """The text on standard input, decoded as UTF-8.

    :raise SourceError: it is larger than :data:`MAXIMUM_SIZE`, or not UTF-8.
    """
    path = Path("<stdin>")
    content = sys.stdin.buffer.read(MAXIMUM_SIZE + 1)
    if len(content) > MAXIMUM_SIZE:
        raise fault(Location(path=str(path)), f"larger than {MAXIMUM_SIZE} bytes")
    return _decoded(content, path)


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode().replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise fault(place(content, error.start, path), "not UTF-8") from error


def place(content: bytes, offset: int, path: Path) -> Location:
    """The place of a byte in a file."""
    line = content.count(b"\n", 0, offset) + 1
    return Location(path=str(path), line=line, column=offset - content.rfind(b"\n", 0, offset))
