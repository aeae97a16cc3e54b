"""A table of examples against versions of QEMU, from recordings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from docutils import nodes

from qapidoc_ext.qmp.recording import Recording
from qapidoc_ext.render.build import Cell, label, row, wide_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An example, and what is recorded of it."""

    title: nodes.Node
    """A link to where the example is shown."""
    now: str
    """What this build says of it."""
    recordings: Mapping[str, Recording]
    """By the version of the QEMU."""


def matrix(pages: Iterable[tuple[nodes.Node, Iterable[Row]]], versions: Sequence[str]) -> nodes.container:
    """The table, in what scrolls, of pages with their examples.

    Only what this build itself says is not a recording; each of these has its date.
    """
    head = row(["Example", "This build", *(_heading(version) for version in versions)])
    body = [
        one for page, rows in pages for one in (wide_row(page, len(head)), *(_row(each, versions) for each in rows))
    ]
    columns = [nodes.colspec(colwidth=1) for _ in head]
    group = nodes.tgroup("", *columns, nodes.thead("", head), nodes.tbody("", *body), cols=len(columns))
    table = nodes.table("", group, classes=["qmp-matrix", "colwidths-auto"])
    return nodes.container("", table, classes=["qmp-scrolled"])


def _row(each: Row, versions: Sequence[str]) -> nodes.row:
    return row([each.title, each.now, *(_cell(each.recordings.get(version)) for version in versions)])


def _heading(version: str) -> Cell:
    return [nodes.Text(f"QEMU {version} "), label("recorded", "◷ recorded")]


def _cell(recording: Recording | None) -> Cell:
    if recording is None:
        return [nodes.inline("", "not recorded", classes=["qapi-missing"])]
    date = nodes.inline("", f"{recording.date:%Y-%m-%d}", classes=["qmp-date"])
    if recording.skipped:
        return [nodes.inline("", f"○ {recording.skipped}", classes=["qmp-lacks"]), nodes.Text(" "), date]
    return [nodes.inline("", "● passed"), nodes.Text(" "), date]
