"""`python -m qapidoc_ext`: what the extension does in a build, by hand."""

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
from qapidoc_ext.qmp.run import run
from qapidoc_ext.qmp.script import parse_file
from qapidoc_ext.schema.dialect import DIALECTS, Dialect, dialect_of
from qapidoc_ext.schema.load import check, version_above
from qapidoc_ext.source import Finding, SourceError


def main(arguments: Sequence[str] | None = None) -> int:
    """What a command line asks for. Returns 0 where all is well, 1 where something is not, 130 where interrupted.

    :raise SystemExit: with 2, the command line is wrong; with 0, it asks for help.
    """
    options = _parser().parse_args(arguments)
    try:
        if options.action == "run":
            return _run(options.file, options.qemu)
        return _check(options.file, DIALECTS.get(options.dialect))
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qapidoc_ext", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    judge = actions.add_parser("check", help="say everything that is wrong with QAPI schemas")
    judge.add_argument("file", nargs="+", type=Path, help="the schema's first file, such as qapi/qapi-schema.json")
    judge.add_argument(
        "--dialect",
        choices=DIALECTS,
        help="the QEMU whose rules hold; else that of the file VERSION above the schema, or the newest",
    )
    run = actions.add_parser("run", help="execute examples against a QEMU of their own")
    run.add_argument("file", nargs="+", type=Path, help="a .qmp file")
    run.add_argument(
        "--qemu", default="", metavar="FOLDER", help="the folder of QEMU's programs; else they are on PATH"
    )
    return parser


def _check(files: Iterable[Path], dialect: Dialect | None) -> int:
    findings = [finding for file in files for finding in check(file, dialect or dialect_of(version_above(file)))]
    _print_faults(findings)
    return 1 if findings else 0


def _run(files: Iterable[Path], folder: str) -> int:
    return max([_run_file(file, Programs(folder=folder)) for file in files])


def _run_file(file: Path, programs: Programs) -> int:
    try:
        script = parse_file(file)
    except SourceError as error:
        _print_faults(error.findings)
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


def _print_faults(findings: Iterable[Finding]) -> None:
    for finding in findings:
        print(finding, file=sys.stderr)  # noqa: T201 - this is a program's output
