"""`python -m qapidoc_ext run`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import assert_never

from rich.console import Console
from rich.text import Text

from qapidoc_ext.cli import examples
from qapidoc_ext.cli.matrix import name_of, print_matrix
from qapidoc_ext.qmp.archive import Archive
from qapidoc_ext.qmp.digest import Environment
from qapidoc_ext.qmp.known import examples as examples_of
from qapidoc_ext.qmp.known import write
from qapidoc_ext.qmp.outcome import Failed, Passed, Run, Skipped
from qapidoc_ext.qmp.programs import Programs, programs_at
from qapidoc_ext.qmp.run import Rules, Session, run_all

HELP = "execute examples against QEMUs of their own"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.add_argument("file", nargs="+", type=Path, help=examples.FILE_HELP)
    parser.add_argument(
        "--qemu",
        action="append",
        metavar="BINARY",
        help=f"{examples.QEMU_HELP}. Given more than once, it makes a table of the examples against these QEMUs",
    )
    parser.add_argument("--record", type=Path, metavar="FOLDER", help="keep what happened as recordings in this folder")
    examples.add_rules(parser)


def act(options: argparse.Namespace) -> int:
    """1 where an example cannot be read or has failed, or a recording cannot be kept, else 0."""
    programs = [programs_at(path) for path in options.qemu or [""]]
    sessions, is_readable = examples.read_sessions(options.file)
    console = Console(highlight=False, soft_wrap=True)
    rules = examples.rules(options)
    columns = [_column(console, sessions, each, rules) for each in programs]
    are_kept = [
        _record(options.record, sessions, each, rules, column)
        for each, column in zip(programs, columns, strict=True)
        if options.record
    ]
    runs = [run for column in columns for run in column.values()]
    for run in runs:
        if len(columns) == 1 or isinstance(run.outcome, Failed):
            console.print(_said(run))
    if len(columns) > 1:
        print_matrix([(each.emulator or each.folder, column) for each, column in zip(programs, columns, strict=True)])
    return 0 if is_readable and all(are_kept) and not any(isinstance(run.outcome, Failed) for run in runs) else 1


def _column(console: Console, sessions: Sequence[Session], programs: Programs, rules: Rules) -> dict[int, Run]:
    """What happened with one QEMU, by the identity of the script."""
    with console.status("") as status:
        ran = run_all(
            sessions, programs, rules, started=lambda script: status.update(Text(f"{script.location.path} ..."))
        )
    return {id(run.script): run for session in ran for run in session}


def _record(
    folder: Path,
    sessions: Sequence[Session],
    programs: Programs,
    rules: Rules,
    runs: Mapping[int, Run],
) -> bool:
    """Whether all that is to be recorded could be; what could not, and why, is on stderr."""
    environment = Environment(programs, rules)
    found = [example for session in sessions for example in examples_of(session, environment)]
    try:
        findings = write(Archive(folder=folder.absolute()), found, runs)
    except OSError as error:
        print(f"{error.filename or folder}: recordings cannot be written: {error.strerror}", file=sys.stderr)
        return False
    for finding in findings:
        print(finding, file=sys.stderr)
    return not findings


def _said(run: Run) -> Text:
    machines = [f"QEMU {qemu.version} ({qemu.program}, {qemu.confinement})" for qemu in run.qemus]
    said = f"{name_of(run.script)}{' on ' if machines else ''}{' and '.join(dict.fromkeys(machines))}"
    match run.outcome:
        case Passed():
            return Text.assemble(("passed ", "green"), said)
        case Skipped(reason=reason):
            return Text.assemble(("skipped ", "yellow"), f"{said}: {reason}")
        case Failed():
            return Text.assemble(("failed ", "red"), f"{said}\n{run.outcome}")
        case _:
            assert_never(run.outcome)
