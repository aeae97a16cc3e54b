"""The page that says how much of a schema is documented."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes

from qapidoc_ext.render.build import folded, label, labels, paragraph, row, section, separated, table
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.views import CoverageView
from qapidoc_ext.schema.coverage import Coverage

_COLUMNS = ["Module", "Definitions", "without text", "Members, values, alternatives", "without text"]


def coverage_page(view: CoverageView, context: Context) -> nodes.section:
    """Numbers by module, and what has no text."""
    rows = [_row(context.link("mod", item.module), [item]) for item in view.modules]
    rows.append(_row("all", view.modules))
    definitions = sum(len(item.bare_definitions) for item in view.modules)
    parts = sum(len(item.bare_parts) for item in view.modules)
    return section(
        f"coverage-{context.namespace}",
        "Coverage",
        labels([label("count", f"without text: {definitions} definitions, {parts} members, values and alternatives")]),
        table("coverage", _COLUMNS, rows),
        section("_bare", "Without text", *_lists(view, context)),
    )


def _row(name: str | nodes.Node, items: list[Coverage] | tuple[Coverage, ...]) -> nodes.row:
    counts = [
        sum(item.definitions for item in items),
        sum(len(item.bare_definitions) for item in items),
        sum(item.parts for item in items),
        sum(len(item.bare_parts) for item in items),
    ]
    return row([name, *map(str, counts)])


def _lists(view: CoverageView, context: Context) -> Iterator[nodes.Node]:
    found = [item for item in view.modules if item.bare_definitions or item.bare_parts]
    for item in found:
        links = [context.link("any", name) for name in item.bare_definitions]
        links += [context.link("member", f"{definition}.{part}") for definition, part in item.bare_parts]
        yield folded(f"{item.module}: {len(links)}", paragraph(separated(links)))
    if not found:
        yield paragraph("Everything has a text.")
