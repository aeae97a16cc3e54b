"""What the examples of a build did when they last ran: nothing that has not changed runs again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from qapidoc_ext.qmp.recording import Recording
from qapidoc_ext.qmp.replace import replace_file
from qapidoc_ext.source import Location, fault, read_bytes


class CachedRun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A run of this build or an earlier one, and the digest of what it ran on."""

    environment: str
    recording: Recording


Cache = Mapping[str, CachedRun]
"""Runs by the digests of their examples' content."""


def read_cache(path: Path) -> dict[str, CachedRun]:
    """What an earlier build has written; nothing where there is no such file.

    :raise SourceError: the file holds something else.
    """
    if not path.exists():
        return {}
    try:
        runs = msgspec.json.decode(read_bytes(path), type=list[CachedRun])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise fault(Location(path=str(path)), f"not the results of examples, all run again: {error}") from error
    return {run.recording.content: run for run in runs}


def write_cache(path: Path, runs: Iterable[CachedRun]) -> None:
    """Keep the runs for the next build.

    :raise OSError: they cannot be written.
    """
    replace_file(path, msgspec.json.encode(list(runs)))
