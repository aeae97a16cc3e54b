"""Decision records: the summary at the top of a record, and the table of all records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import assert_never

from docutils import nodes

from qapidoc_ext.adr.decision import Change, Decision, Mail, Passage, Status
from qapidoc_ext.render.build import Cell, literal, paragraph, row, table

SHAPES = {
    Status.PROPOSED: "○",
    Status.ACCEPTED: "●",
    Status.REJECTED: "✕",
    Status.DEFERRED: "◐",
    Status.SUPERSEDED: "↪",
    Status.WITHDRAWN: "⊘",
}
"""What stands before a status, so that two of them differ in more than colour."""

CONFIRMATION = "confirmation"
"""The id that docutils gives to the section *Confirmation*, which every record has."""

ARCHIVE = "https://lore.kernel.org/qemu-devel/"
"""The mailing list's public archive, which finds a mail by its Message-ID."""


def summary(decision: Decision, evidence: Mapping[str, str]) -> list[nodes.Node]:
    """What stands below the title of a record: its status, how it came to it, and what confirms it.

    `evidence` says of each example on the page, by its name, whether it was executed.
    """
    facts = [
        _fact("Option", f"{decision.option} of the discussion"),
        _fact("Proposed by", ", ".join(decision.proposers)),
        _fact("At the end of the discussion", _status(decision.status_in_discussion)),
        _fact("Confirmation", list(_examples(decision.confirmation, evidence))),
    ]
    content = [
        paragraph(_status(decision.status), f" on {decision.date}"),
        nodes.field_list("", *facts),
        nodes.rubric("", "History"),
        table("decision-history", ["Status", "Date", "By", "Source"], map(_change, decision.history)),
    ]
    return [nodes.container("", *content, classes=["decision-summary"])]


def index(decisions: Iterable[Decision], link: Callable[[Decision], nodes.Node]) -> nodes.Element:
    """The table of the decisions, in the order of their numbers; `link` gives a title as a link to its record."""
    ordered = sorted(decisions, key=lambda decision: decision.number)
    rows = (
        row(
            [
                f"{decision.number:04}",
                link(decision),
                str(decision.option),
                _status(decision.status),
                str(decision.date),
            ]
        )
        for decision in ordered
    )
    return table("decision-index", ["Number", "Decision", "Option", "Status", "Date"], rows)


def _status(status: Status) -> nodes.inline:
    text = f"{SHAPES[status]} {status.value}"
    return nodes.inline("", text, classes=["decision-status", f"decision-status-{status.value}"])


def _fact(name: str, value: Cell) -> nodes.field:
    return nodes.field("", nodes.field_name("", name), nodes.field_body("", paragraph(value)))


def _examples(names: Iterable[str], evidence: Mapping[str, str]) -> Iterator[nodes.Node]:
    for name in names:
        yield nodes.reference("", "", literal(name), internal=True, refid=CONFIRMATION)
        yield nodes.Text(f": {evidence.get(name, 'not on this page')} ")


def _change(change: Change) -> nodes.row:
    return row([_status(change.status), str(change.on), change.by, _source(change.source)])


def _source(source: Passage | Mail) -> Cell:
    match source:
        case Passage():
            return f"the discussion: {source.message}, {_lines(source.lines)}"
        case Mail():
            link = nodes.reference("", source.mail, refuri=f"{ARCHIVE}{source.mail}/")
            return [nodes.Text("hindsight: the mail "), link]
        case _:
            assert_never(source)


def _lines(lines: str) -> str:
    first, dash, last = lines.partition("-")
    return f"lines {first}\N{EN DASH}{last}" if dash else f"line {first}"
