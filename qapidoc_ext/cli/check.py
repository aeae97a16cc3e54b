"""`python -m qapidoc_ext check`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from qapidoc_ext.schema.dialect import DIALECTS, dialect_of
from qapidoc_ext.schema.load import check, version_above

HELP = "say everything that is wrong with QAPI schemas"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.add_argument("file", nargs="+", type=Path, help="the schema's first file, such as qapi/qapi-schema.json")
    parser.add_argument(
        "--dialect",
        choices=DIALECTS,
        help="the QEMU whose rules hold; else that of the file VERSION above the schema, or the newest",
    )


def act(options: argparse.Namespace) -> int:
    """1 where there is a fault, else 0."""
    dialect = DIALECTS.get(options.dialect)
    findings = [found for file in options.file for found in check(file, dialect or dialect_of(version_above(file)))]
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0
