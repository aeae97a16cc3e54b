"""A table of examples against QEMUs, on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from rich.console import Console
from rich.table import Table
from rich.text import Text

from qapidoc_ext.qmp.outcome import Failed, Outcome, Passed, Run, Skipped
from qapidoc_ext.qmp.script import Script

_PLAIN_WIDTH = 10_000
"""Characters of a line where no terminal shows it, so that nothing is cut."""


def print_matrix(columns: Sequence[tuple[str, Mapping[int, Run]]]) -> None:
    """Print the runs of examples, which have the same keys in each column; without frames where nobody looks on.

    :param columns: where a QEMU is found, and what it did.
    """
    is_terminal = sys.stdout.isatty()
    table = Table() if is_terminal else Table(box=None, pad_edge=False)
    table.add_column("example")
    for place, runs in columns:
        table.add_column(Text(_heading(place, runs.values())))
    for key, run in columns[0][1].items():
        table.add_row(Text(name_of(run.script)), *(_cell(runs[key].outcome) for _, runs in columns))
    Console(highlight=False, width=None if is_terminal else _PLAIN_WIDTH).print(table)


def name_of(script: Script) -> str:
    """The file of an example, and in a document its name or its place."""
    if script.location.path.endswith(".qmp"):
        return script.location.path
    return f"{script.location} {script.header.name}".rstrip()


def _heading(place: str, runs: Iterable[Run]) -> str:
    """The version of a QEMU, or where it is found, if all its runs failed before it said so."""
    for run in runs:
        if run.qemus:
            return run.qemus[0].version
        if isinstance(run.outcome, Skipped) and run.outcome.version:
            return run.outcome.version
    return place or "on PATH"


def _cell(outcome: Outcome) -> Text:
    match outcome:
        case Passed():
            return Text("passed", "green")
        case Failed():
            return Text("failed", "red")
        case Skipped(reason=reason):
            return Text.assemble(("skipped", "yellow"), f": {reason}")
        case _:
            assert_never(outcome)
