"""`python -m qapidoc_ext run`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import assert_never

from rich.console import Console
from rich.text import Text

from qapidoc_ext.qmp.outcome import Failed, Passed, Run, Skipped
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.run import run
from qapidoc_ext.qmp.script import parse_file
from qapidoc_ext.source import SourceError

HELP = "execute examples against a QEMU of their own"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.add_argument("file", nargs="+", type=Path, help="a .qmp file")
    parser.add_argument(
        "--qemu", default="", metavar="FOLDER", help="the folder of QEMU's programs; else they are on PATH"
    )


def act(options: argparse.Namespace) -> int:
    """1 where an example cannot be read or has failed, else 0."""
    programs = Programs(folder=options.qemu)
    return max([_run_file(file, programs) for file in options.file])


def _run_file(file: Path, programs: Programs) -> int:
    try:
        script = parse_file(file)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1
    console = Console(highlight=False, soft_wrap=True)
    with console.status(f"{file} ..."):
        result = run(script, programs)
    console.print(_outcome(file, result))
    return 1 if isinstance(result.outcome, Failed) else 0


def _outcome(file: Path, result: Run) -> Text:
    qemu = f" on QEMU {result.qemu.version} ({result.qemu.program})" if result.qemu else ""
    match result.outcome:
        case Passed():
            return Text.assemble(("passed ", "green"), f"{file}{qemu}")
        case Skipped(reason=reason):
            return Text.assemble(("skipped ", "yellow"), f"{file}{qemu}: {reason}")
        case Failed():
            return Text.assemble(("failed ", "red"), f"{file}{qemu}\n{result.outcome}")
        case _:
            assert_never(result.outcome)
