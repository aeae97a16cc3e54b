"""Decisions in time, and as a graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from docutils import nodes

from qapidoc_ext.adr.decision import Decision, changes
from qapidoc_ext.adr.reference import Passage
from qapidoc_ext.adr.relation import PHRASES, Relation
from qapidoc_ext.adr.status import Status
from qapidoc_ext.render.build import row, table
from qapidoc_ext.render.citation import Citation
from qapidoc_ext.render.decision import SHAPES, LinkTo, status_label

FILLS = {
    Status.PROPOSED: "#eef1f5",
    Status.ACCEPTED: "#d7efd9",
    Status.REJECTED: "#f7dcda",
    Status.DEFERRED: "#fbefcf",
    Status.SUPERSEDED: "#e6e0f0",
    Status.WITHDRAWN: "#e8e8e8",
}
"""The colour of each status in the graph, light enough for black text."""


def timeline(decisions: Iterable[Decision], link: LinkTo, citation: Citation) -> nodes.Element:
    """Every change of status, the first one first; what the discussion says is told from what came after it."""
    rows = (
        row(
            [
                str(change.on),
                "discussion" if isinstance(change.source, Passage) else "afterwards",
                link(decision.number),
                status_label(change.status),
                change.by,
                citation.source(change.source),
            ]
        )
        for change, decision in changes(decisions)
    )
    return table("decision-timeline", ["Date", "When", "Decision", "Status", "By", "Source"], rows)


def graph(
    decisions: Iterable[Decision], relations: Iterable[tuple[int, Relation]], address: Callable[[int], str]
) -> str:
    """The relations, in Graphviz's language."""
    lines = [
        "digraph decisions {",
        'graph [rankdir="TB", bgcolor="transparent", nodesep="0.15", ranksep="0.45"]',
        'node [shape="box", style="rounded,filled", margin="0.06,0.04", color="#777777"]',
        'node [fontname="sans-serif", fontsize="11"]',
        'edge [fontname="sans-serif", fontsize="9", color="#888888", fontcolor="#888888", arrowsize="0.7"]',
    ]
    for one in decisions:
        label = f"{one.number:04} {SHAPES[one.status]} {one.status.value}\\n{_wrapped(one.title)}"
        attributes = {"label": label, "URL": address(one.number), "target": "_top", "fillcolor": FILLS[one.status]}
        text = ", ".join(f"{name}={_quoted(value)}" for name, value in attributes.items())
        lines.append(f"{one.number} [{text}]")
    for number, relation in relations:
        own, back = PHRASES[relation.type]
        ends = ', dir="none"' if own == back else ""
        lines.append(f"{number} -> {relation.to} [label={_quoted(own)}{ends}]")
    return "\n".join([*lines, "}"])


def _wrapped(title: str, width: int = 17) -> str:
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\\n".join(line.replace("\\", "") for line in lines)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'
