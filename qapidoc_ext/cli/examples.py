"""Where a command line takes examples from, and the QEMUs that run them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from qapidoc_ext.qmp.documents import examples_in
from qapidoc_ext.qmp.run import Rules, by_session
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.source import SourceError

FILE_HELP = "a .qmp file, or a document (.md, .rst) with examples in it"
QEMU_HELP = "a folder of QEMU's programs, or the emulator in it; else they are on PATH"


def add_rules(parser: argparse.ArgumentParser) -> None:
    """The options that say how examples run."""
    parser.add_argument(
        "--no-host-steps", action="store_true", help="skip examples that have steps outside QEMU ('>>>')"
    )
    parser.add_argument("--confined", action="store_true", help="fail where a QEMU cannot be fully confined")


def rules(options: argparse.Namespace) -> Rules:
    """What these options say."""
    return Rules(host_steps=not options.no_host_steps, confined=options.confined)


def read_sessions(files: Iterable[Path]) -> tuple[list[list[Script]], bool]:
    """The examples that can be read, by session, and whether all can.

    The faults of the others are on stderr, as are the files that have none.

    The .qmp files that name the same session share it; a document has its own.
    """
    sessions: dict[object, list[Script]] = {}
    is_readable = True
    for file in files:
        found = _examples(file)
        if not found:
            print(f"{file}: no examples stand here", file=sys.stderr)
        for fault in found:
            if isinstance(fault, SourceError):
                print(fault, file=sys.stderr)
                is_readable = False
        for session in by_session([example for example in found if isinstance(example, Script)]):
            name = session[0].header.session if file.suffix == ".qmp" else ""
            sessions.setdefault(name or len(sessions), []).extend(session)
    return list(sessions.values()), is_readable


def _examples(file: Path) -> list[Script | SourceError]:
    try:
        return examples_in(file)
    except SourceError as error:
        return [error]
