"""`python -m qapidoc_ext recordings`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from qapidoc_ext.cli import examples
from qapidoc_ext.qmp.archive import Kept, fitting, read_archive
from qapidoc_ext.qmp.digest import content_digest
from qapidoc_ext.source import Location, fault

HELP = "list the recordings of examples, and find those of none"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.add_argument("folder", type=Path, help="the folder of the recordings")
    parser.add_argument("file", nargs="+", type=Path, help=examples.FILE_HELP)


def act(options: argparse.Namespace) -> int:
    """1 where a recording is of none of the examples, or not what one expects, or something cannot be read, else 0."""
    if not options.folder.is_dir():
        raise fault(Location(path=str(options.folder)), "no such folder")
    sessions, is_readable = examples.read_sessions(options.file)
    scripts = {content_digest(session, script): script for session in sessions for script in session}
    archive = fitting(read_archive(options.folder), scripts)
    for finding in archive.findings:
        print(finding, file=sys.stderr)
    unused = archive.unused(scripts)
    for kept in archive.kept:
        print(_line(kept, is_unused=kept in unused))
    return 1 if unused or archive.findings or not is_readable else 0


def _line(kept: Kept, *, is_unused: bool) -> str:
    recording = kept.recording
    word = "unused" if is_unused else "skipped" if recording.skipped else "passed"
    return f"{word:8} {kept.path} {recording.date:%Y-%m-%d}{f' {recording.skipped}' if recording.skipped else ''}"
