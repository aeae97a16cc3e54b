"""What earlier builds have finished, so that the next one need not do it again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

from qapidoc_ext.qmp.replace import replace_file
from qapidoc_ext.source import SourceError, read_bytes

FILE = "qapidoc-finished.json"
"""Beside the doctrees."""
_PACKAGE = Path(__file__).parent.parent


class Finished:
    """Pieces of work, each by its name with a digest of all that it is made from.

    They are kept in a file beside the doctrees. A build that is interrupted writes none, and so finishes nothing.
    """

    def __init__(self, doctrees: Path, *, fresh: bool = False) -> None:
        """With `fresh`, nothing has been finished."""
        self.path = doctrees / FILE
        self._before = {} if fresh else _read(self.path)
        self._now: dict[str, str] = {}

    def has(self, work: str, digest: str) -> bool:
        """Whether this was finished, made from the same; never if that is "". If not, it is to be done now."""
        self._now[work] = digest
        return bool(digest) and self._before.get(work) == digest

    def said(self, work: str) -> str:
        """What was last noted of it; "" for what was never finished."""
        return self._now.get(work, self._before.get(work, ""))

    def note(self, work: str, digest: str) -> None:
        """It is being finished, made from this; "": it has to be done again."""
        self._now[work] = digest

    def forget(self, begin: str, end: str = "", *, but: Collection[str]) -> None:
        """Forget what earlier builds have finished, of the works whose names begin and end so, except for these."""
        self._before = {
            work: digest
            for work, digest in self._before.items()
            if work in but or not (work.startswith(begin) and work.endswith(end))
        }

    def keep(self) -> None:
        """Let the next build know.

        :raise OSError: the file cannot be written; what it held before is still there.
        """
        replace_file(self.path, msgspec.json.encode(self._before | self._now))


def _read(path: Path) -> dict[str, str]:
    try:
        return msgspec.json.decode(read_bytes(path), type=dict[str, str])
    except (SourceError, msgspec.DecodeError, UnicodeDecodeError):
        return {}  # no earlier build, or what none has written


def digest(*values: object) -> str:
    """The digest of values whose `repr` says all that they hold."""
    return sha256(repr(values).encode()).hexdigest()


def status(paths: Iterable[Path]) -> list[object]:
    """What tells that files have been changed, without reading them."""
    return [(str(path), *_status(path)) for path in sorted(paths)]


def _status(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


@cache
def env_version() -> int:
    """The version of what this program keeps in Sphinx's environment, another one whenever a file of it has changed.

    Then Sphinx reads all documents again, and nothing that an earlier version has finished counts.
    """
    files = sorted(path for path in _PACKAGE.rglob("*") if path.suffix != ".pyc" and path.is_file())
    contents = [(str(path.relative_to(_PACKAGE)), sha256(path.read_bytes()).digest()) for path in files]
    return int(digest(contents)[:12], 16)
