"""What drivers do with `read-only` and `auto-read-only`, as it was measured: a row for each combination of the two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from docutils import nodes

from qapidoc_ext.qmp.outcome import Failed, Passed, Run, Skipped
from qapidoc_ext.qmp.read_only import Facts, Probe, facts_of, semantics
from qapidoc_ext.qmp.read_only_examples import Combination, Subject
from qapidoc_ext.render.build import linked, row, table, wide_row
from qapidoc_ext.render.transcript import badge, evidence, example_anchor

_COLUMNS = ("Members", "Idle", "Writer attached", "Writer gone", "No write permission", "Semantics")
_NOT_OBSERVABLE = "not observable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A subject, and what its examples did."""

    subject: Subject
    runs: Sequence[tuple[Combination, Run | None]]
    """None for an example that has faults."""
    address: str | None
    """Of the page that has the transcripts, from the page that has the table; none where there is no such page."""


def read_only_table(measured: Iterable[Measured]) -> nodes.table:
    """The table: its rows grouped by subject, each with a link to its transcript."""
    return table("read-only", _COLUMNS, [each for subject in measured for each in _rows(subject)])


def _rows(measured: Measured) -> Iterator[nodes.row]:
    subject = measured.subject
    title = linked(subject.title, measured.address)
    target = f": {subject.target}. " if subject.target else ": there is no target. "
    said = ", ".join(dict.fromkeys(evidence(run) for _, run in measured.runs if run))
    about = nodes.inline("", target + said, classes=["qapi-read-only-target"])
    yield wide_row([title, about], len(_COLUMNS))
    for combination, run in measured.runs:
        address = None if measured.address is None else f"{measured.address}#{example_anchor(combination.name)}"
        members = str(combination).replace(", ", ",\n")  # each member on a line of its own, where there is room
        yield _row(linked(members, address), run)


def _row(members: nodes.Node, run: Run | None) -> nodes.row:
    facts = facts_of(run) if run else None
    if run is None or facts is None:
        return nodes.row("", *row([members]), *wide_row(f"not measured: {_why(run)}", len(_COLUMNS) - 1))
    name = nodes.strong("", semantics(facts).value)
    recorded = [nodes.Text(f" ({badge(run)})")] if run.not_executed else []
    return row([members, *_probes(facts), [name, *recorded]])


def _why(run: Run | None) -> str:
    match run.outcome if run else None:
        case None:
            return "the example has faults"
        case Skipped(reason=reason):
            return reason
        case Failed(findings=findings):
            return findings[0].message
        case Passed():
            return "the example found out nothing"
        case outcome:
            assert_never(outcome)


def _probes(facts: Facts) -> Iterator[str]:
    yield _said(facts.idle)
    yield _said(facts.writer)
    yield _said(facts.gone)
    yield _said(facts.locked) if facts.locked else _NOT_OBSERVABLE


def _said(probe: Probe) -> str:
    """`ro`, the access mode, and whether a writer was accepted, where one came."""
    if probe.ro is None:
        return "no node"
    writer = {True: "accepted", False: "refused", None: ""}[probe.accepts_writer]
    return " · ".join(filter(None, [str(probe.ro).lower(), probe.access or _NOT_OBSERVABLE, writer]))
