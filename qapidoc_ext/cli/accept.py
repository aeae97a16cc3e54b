"""`python -m qapidoc_ext accept`."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from qapidoc_ext.cli import examples
from qapidoc_ext.qmp.accept import Accepted, accept, rewritten
from qapidoc_ext.qmp.outcome import Failed, Skipped
from qapidoc_ext.qmp.programs import Programs, programs_at
from qapidoc_ext.qmp.replace import rewrite
from qapidoc_ext.qmp.run import Rules
from qapidoc_ext.source import Location, SourceError, fault, read_bytes

HELP = "let examples that fail expect what QEMU says"
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.add_argument("file", nargs="+", type=Path, help=examples.FILE_HELP)
    parser.add_argument("--qemu", default="", metavar="BINARY", help=examples.QEMU_HELP)
    parser.add_argument("--yes", action="store_true", help="write without asking")
    examples.add_rules(parser)


def act(options: argparse.Namespace) -> int:
    """1 where an example still fails, or a file was to be changed and is not, else 0."""
    if os.environ.get("CI"):
        print("accept changes what examples expect, and with CI in the environment nobody looks at it", file=sys.stderr)
        return 1
    programs, rules = programs_at(options.qemu), examples.rules(options)
    return max([_status(file, programs, rules, is_asked=not options.yes) for file in options.file])


def _status(file: Path, programs: Programs, rules: Rules, *, is_asked: bool) -> int:
    """What is wrong with one file keeps no other from being looked at."""
    try:
        return _accept(file, programs, rules, is_asked=is_asked)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1


def _accept(file: Path, programs: Programs, rules: Rules, *, is_asked: bool) -> int:
    before = read_bytes(file)
    sessions, is_readable = examples.read_sessions([file])
    accepted = [accept(session, programs, rules) for session in sessions]
    for line in _said(accepted):
        print(line, file=sys.stderr)
    is_right = is_readable and not any(isinstance(run.outcome, Failed) for each in accepted for run in each.runs)
    if all(each.before == each.after for each in accepted):
        return 0 if is_right else 1
    content = before.decode()
    after = rewritten(content, accepted)
    _print_difference(file, content, after)
    if is_asked and not _agreed(file):
        print(f"{file} stays as it is; --yes writes without asking", file=sys.stderr)
        return 1
    if read_bytes(file) != before:
        raise fault(Location(path=str(file)), "has changed since its examples ran, and stays as it is")
    rewrite(file, after.encode())
    return 0 if is_right else 1


def _said(accepted: Sequence[Accepted]) -> Iterator[str]:
    """What still fails, or did not run."""
    for run in (run for each in accepted for run in each.runs):
        match run.outcome:
            case Failed() as outcome:
                yield str(outcome)
            case Skipped(reason=reason):
                yield f"{run.script.location}: not executed: {reason}"
            case _:
                pass


def _print_difference(file: Path, before: str, after: str) -> None:
    console = Console(highlight=False, soft_wrap=True)
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), str(file), str(file), lineterm="")
    for line in lines:
        console.print(Text(line, _COLOURS.get(line[:1], "")))


def _agreed(file: Path) -> bool:
    """What the user says; without a terminal there is nobody to ask."""
    if not sys.stdin.isatty():
        return False
    return input(f"Write {file}? [y/N] ").strip().lower() in {"y", "yes"}
