"""Lists for tables that describe something in each row, by builders whose tables do not suit long texts.

In LaTeX, a row does not go on on the next page, and a name that is wider than its column is covered by the next one.
In Texinfo and in manual pages, names take the room of the texts.
"""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes

from qapidoc_ext.render.nodes import fold

FORMATS = frozenset({"latex", "man", "texinfo"})
"""Those of these builders."""
COMPARISON_FORMATS = FORMATS | {"text"}
"""Those of builders whose lines are too short for decisions side by side."""


def list_descriptions(doctree: nodes.Element) -> None:
    """Make lists of those of our tables whose last column has descriptions."""
    for table in list(doctree.findall(nodes.table)):
        if "qapi-table" in table["classes"]:
            head, *rows = rows_of(table)
            if _cells(head)[-1].astext() == "Description":
                parts: list[nodes.Node] = []
                for row in rows:
                    _add(row, parts)
                table.replace_self(parts)


def list_comparisons(doctree: nodes.Element) -> None:
    """Make lists of comparisons: of the decisions, and below each criterion of what is said of each of them."""
    for table in list(doctree.findall(nodes.table)):
        if "qapi-comparison" in table["classes"]:
            head, *rows = rows_of(table)
            parts: list[nodes.Node] = [_bullets(_cells(head)[1:])]
            for row in rows:
                about, *cells = _cells(row)
                term, *others = about.children
                parts += (
                    [nodes.definition_list("", _item(term.children, [*others, _bullets(cells)], row["ids"]))]
                    if cells
                    else about.children
                )
            table.replace_self(parts)


def _bullets(cells: Iterable[nodes.entry]) -> nodes.bullet_list:
    return nodes.bullet_list("", *(nodes.list_item("", *cell.children) for cell in cells), bullet="*")


def rows_of(table: nodes.table) -> list[nodes.row]:
    """The rows of the table itself, those of its head first."""
    return [row for row in table.findall(nodes.row) if row.parent.parent.parent is table]


def _add(row: nodes.row, parts: list[nodes.Node]) -> None:
    """Go on with a row: it is an item, belongs to the one before it, or says what the next ones have in common."""
    *about, cell = _cells(row)
    content = cell.children
    before = parts[-1] if parts else None
    items = before if isinstance(before, nodes.definition_list) else nodes.definition_list()
    if about:
        items += _item(_term(about), content, row["ids"])
    elif row["ids"]:
        first, *others = content[0].children if isinstance(content[0], fold) else content
        items += _item(first.children, others, row["ids"])
    elif "qapi-inside" in row["classes"] and items is before:
        _last_description(items).extend(content)
    else:
        parts += content
        return
    if items is not before:
        parts.append(items)


def _last_description(items: nodes.definition_list) -> nodes.Element:
    return [part for part in items.findall(nodes.definition) if part.parent.parent is items][-1]


def _cells(row: nodes.row) -> list[nodes.entry]:
    return [cell for cell in row.children if isinstance(cell, nodes.entry)]


def _item(term: Iterable[nodes.Node], description: Iterable[nodes.Node], ids: list[str]) -> nodes.definition_list_item:
    """What is described, which is the target of links to `ids`, and its description."""
    named = nodes.term("", "", *term, ids=ids)
    return nodes.definition_list_item("", named, nodes.definition("", *description))


def _term(cells: Iterable[nodes.entry]) -> list[nodes.Node]:
    """A name, and in parentheses what is said of it before its description."""
    words: list[list[nodes.Node]] = []
    for cell in cells:
        words.append([])
        for node in (node for block in cell.children for node in block.children):
            if node.astext() == " ":
                words.append([])
            else:
                words[-1].append(node)
    first, *others = [word for word in words if word]
    between = [node for word in others for node in (nodes.Text(", "), *word)][1:]
    return [*first, *([nodes.Text(" ("), *between, nodes.Text(")")] if between else [])]
