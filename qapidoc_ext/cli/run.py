"""`python -m qapidoc_ext run`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import assert_never

from rich.console import Console
from rich.text import Text

from qapidoc_ext.qmp.outcome import Failed, Passed, Run, Skipped
from qapidoc_ext.qmp.programs import Programs
from qapidoc_ext.qmp.run import Rules, by_session, run_all
from qapidoc_ext.qmp.script import Script, parse_file
from qapidoc_ext.source import SourceError

HELP = "execute examples against QEMUs of their own"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.add_argument("file", nargs="+", type=Path, help="a .qmp file")
    parser.add_argument(
        "--qemu",
        action="append",
        default=[],
        metavar="FOLDER",
        help="the folder of QEMU's programs; else they are on PATH. It can be given more than once",
    )
    parser.add_argument(
        "--no-host-steps", action="store_true", help="skip examples that have steps outside QEMU ('>>>')"
    )
    parser.add_argument("--confined", action="store_true", help="fail where a QEMU cannot be fully confined")


def act(options: argparse.Namespace) -> int:
    """1 where an example cannot be read or has failed, else 0."""
    rules = Rules(host_steps=not options.no_host_steps, confined=options.confined)
    scripts, is_readable = _read(options.file)
    runs = [run for folder in options.qemu or [""] for run in _run(scripts, Programs(folder=folder), rules)]
    return 0 if is_readable and not any(isinstance(run.outcome, Failed) for run in runs) else 1


def _read(files: Iterable[Path]) -> tuple[list[Script], bool]:
    """The examples that can be read, and whether all can; the faults of the others are on stderr."""
    scripts: list[Script] = []
    is_readable = True
    for file in files:
        try:
            scripts.append(parse_file(file))
        except SourceError as error:
            print(error, file=sys.stderr)
            is_readable = False
    return scripts, is_readable


def _run(scripts: Sequence[Script], programs: Programs, rules: Rules) -> list[Run]:
    """What happened, which is on stdout."""
    console = Console(highlight=False, soft_wrap=True)
    with console.status("") as status:
        sessions = run_all(
            by_session(scripts), programs, rules, started=lambda script: status.update(f"{script.location.path} ...")
        )
    runs = [run for session in sessions for run in session]
    for run in runs:
        console.print(_outcome(run))
    return runs


def _outcome(run: Run) -> Text:
    machines = [f"QEMU {qemu.version} ({qemu.program}, {qemu.confinement})" for qemu in run.qemus]
    said = f"{run.script.location.path}{' on ' if machines else ''}{' and '.join(dict.fromkeys(machines))}"
    match run.outcome:
        case Passed():
            return Text.assemble(("passed ", "green"), said)
        case Skipped(reason=reason):
            return Text.assemble(("skipped ", "yellow"), f"{said}: {reason}")
        case Failed():
            return Text.assemble(("failed ", "red"), f"{said}\n{run.outcome}")
        case _:
            assert_never(run.outcome)
