"""`python -m qapidoc_ext adr`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from qapidoc_ext.adr.front_matter_schema import schema
from qapidoc_ext.adr.new import NewError, new_record
from qapidoc_ext.adr.records import records
from qapidoc_ext.adr.shown import unreadable
from qapidoc_ext.cli import judge
from qapidoc_ext.source import Finding, Location

HELP = "check or judge decision records, write a new one, or print the schema of their front matter"
_FOLDER = Path("adr")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    actions = parser.add_subparsers(metavar="check|judge|new|schema", required=True)
    checking = actions.add_parser("check", help="say everything that is wrong with records and their discussion")
    checking.add_argument("folder", nargs="*", type=Path, default=[_FOLDER], help="of the records (default: adr)")
    checking.set_defaults(do=_check, parser=checking)
    judging = actions.add_parser("judge", help=judge.HELP)
    judge.add_arguments(judging)
    judging.set_defaults(do=judge.judge, parser=judging)
    writing = actions.add_parser("new", help="write a record with all sections, under the next free number")
    writing.add_argument("title", help="what is decided on")
    writing.add_argument("--folder", type=Path, default=_FOLDER, help="of the records (default: adr)")
    writing.add_argument("--by", required=True, metavar="NAME", help="who proposes it")
    writing.set_defaults(do=_new, parser=writing)
    printing = actions.add_parser("schema", help="print the JSON schema of a record's front matter")
    printing.set_defaults(do=_schema, parser=printing)


def act(options: argparse.Namespace) -> int:
    """1 where something is wrong, else 0."""
    status: int = options.do(options)
    return status


def _check(options: argparse.Namespace) -> int:
    findings = [finding for folder in options.folder for finding in _findings(folder)]
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


def _findings(folder: Path) -> tuple[Finding, ...]:
    if not folder.is_dir():
        return (Finding(location=Location(path=str(folder)), message="no such folder"),)
    found = records(folder)
    findings = tuple(sorted({*found.findings, *unreadable(found.pages)}))
    if not found.records and not findings:
        print(f"{folder}: no records stand here", file=sys.stderr)
    return findings


def _new(options: argparse.Namespace) -> int:
    try:
        print(new_record(options.folder, options.title, options.by))
    except NewError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _schema(options: argparse.Namespace) -> int:
    del options
    print(schema(), end="")
    return 0
