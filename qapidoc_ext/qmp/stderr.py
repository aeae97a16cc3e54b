"""The last that a process said on its stderr."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

CAPACITY = 4096
"""Bytes that are kept."""

_CHUNK = 64 * 1024
"""Bytes that a pipe holds, so that one reading empties it."""

_UNPRINTABLE = re.compile(r"[^\n\t\x20-\x7e\xa0-\uffff]")


class Stderr:
    """A pipe that is read as soon as something is in it, of which only the end is kept.

    So a process that says much is not held up, as by a pipe that nobody reads, and fills no disk, as by a file.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr
        self._descriptor = process.stderr.fileno()
        self._end = b""
        os.set_blocking(self._descriptor, False)

    @classmethod
    @contextmanager
    def listening(cls, process: subprocess.Popen[bytes]) -> Iterator[Stderr]:
        """That of the process, read while the block runs; within a running event loop."""
        stderr = cls(process)
        loop = asyncio.get_running_loop()
        loop.add_reader(stderr._descriptor, stderr._read)
        try:
            yield stderr
        finally:
            loop.remove_reader(stderr._descriptor)

    def tail(self) -> str:
        """The last lines that the process has said until now; "" where it said nothing."""
        self._read()
        return _UNPRINTABLE.sub("?", self._end.decode(errors="backslashreplace")).strip()

    def _read(self) -> None:
        try:
            chunk = os.read(self._descriptor, _CHUNK)
        except BlockingIOError:
            return
        self._end = (self._end + chunk)[-CAPACITY:]
        if not chunk:
            asyncio.get_running_loop().remove_reader(self._descriptor)
