"""`python -m qapidoc_ext check`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from qapidoc_ext.qmp.doc_faults import judged_examples
from qapidoc_ext.schema.dialect import DIALECTS, Dialect, dialect_of
from qapidoc_ext.schema.load import check, load, version_above
from qapidoc_ext.source import Finding

HELP = "say everything that is wrong with QAPI schemas"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be given behind the action."""
    parser.add_argument("file", nargs="+", type=Path, help="the schema's first file, such as qapi/qapi-schema.json")
    parser.add_argument(
        "--dialect",
        choices=DIALECTS,
        help="the QEMU whose rules hold; else that of the file VERSION above the schema, or the newest",
    )
    parser.add_argument(
        "--examples",
        action="store_true",
        help="say, too, which examples in the documentation comments are not what the schema allows",
    )


def act(options: argparse.Namespace) -> int:
    """1 where there is a fault, else 0."""
    given = DIALECTS.get(options.dialect)
    findings: list[Finding] = []
    for file in options.file:
        dialect = given or dialect_of(version_above(file))
        findings += _check_with_examples(file, dialect) if options.examples else check(file, dialect)
    for finding in findings:
        print(finding, file=sys.stderr)
    return 1 if findings else 0


def _check_with_examples(file: Path, dialect: Dialect) -> tuple[Finding, ...]:
    """What is wrong with a schema and with the examples in its comments; prints how many of these there are."""
    loaded = load(file, dialect)
    if loaded.findings and load(file).findings:  # faults in any dialect, such as a type that is not there
        print(f"{file}: the examples are not checked: the schema has faults", file=sys.stderr)
        return loaded.findings
    judged = judged_examples(loaded.schema)
    messages = sum(len(one.example.messages) for one in judged)
    faulty = sum(bool(one.faults) for one in judged)
    print(f"{file}: examples: {len(judged)}, messages in them: {messages}, examples with faults: {faulty}")
    return (*loaded.findings, *(fault for one in judged for fault in one.faults))
