"""Tables as a builder can show them: all that ours can do, only those of HTML can."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

from qapidoc_ext.sphinx_ext import lists

_LINE = 76
"""Characters that a table of plain text may take, unless its words are longer."""
_WORD = 40
"""Characters of a word in a table that is not broken."""
_MARKS = 2
"""What stands around a literal."""


def fit_tables(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Make the tables of a page such that this builder can show them."""
    if app.builder.format == "html":
        take_anchors_from_wrappers(doctree)
        return
    if app.builder.format in lists.FORMATS:
        lists.list_descriptions(doctree)
    if app.builder.format in lists.COMPARISON_FORMATS:
        lists.list_comparisons(doctree)
    list_inner_tables(doctree)
    if app.builder.format == "man":
        split_spans(doctree)
    if app.builder.format in {"text", "latex", "texinfo"}:
        set_widths(doctree)
    if app.builder.format == "latex":
        break_tables(doctree)


def take_anchors_from_wrappers(doctree: nodes.Element) -> None:
    """Leave the anchor of a table to the table: the theme furo gives it to what it puts around it too."""
    for table in doctree.findall(nodes.table):
        if isinstance(table.parent, nodes.container) and table.parent["ids"] == table["ids"]:
            table.parent["ids"] = []


def list_inner_tables(doctree: nodes.Element) -> None:
    """Make lists of the tables in cells of others: manual pages and plain text have none, LaTeX not in long ones."""
    inner = dict.fromkeys(table for entry in doctree.findall(nodes.entry) for table in entry.findall(nodes.table))
    for table in inner:
        rows = [row for row in lists.rows_of(table) if isinstance(row.parent, nodes.tbody)]
        table.replace_self(nodes.bullet_list("", *map(_item, rows), bullet="*"))


def _item(row: nodes.row) -> nodes.list_item:
    """What the cells hold; what begins with a paragraph goes on where one ended."""
    item = nodes.list_item("", ids=row["ids"])
    for cell in row.children:
        first, *others = cell.children or [nodes.paragraph()]
        if type(first) is nodes.paragraph and item.children and type(item[-1]) is nodes.paragraph:
            item[-1].extend([*([nodes.Text(": ")] if item[-1].children and first.children else []), *first.children])
        else:
            item.append(first)
        item.extend(others)
    return item


def split_spans(doctree: nodes.Element) -> None:
    """Put empty cells beside a cell that spans columns: in manual pages, every cell takes one."""
    for entry in list(doctree.findall(nodes.entry)):
        width = entry.attributes.pop("morecols", 0)
        entry.replace_self([entry, *(nodes.entry() for _ in range(width))])


def set_widths(doctree: nodes.Element) -> None:
    """Give the columns that are as wide as they need the number of characters that this is in plain text."""
    for group in doctree.findall(nodes.tgroup):
        columns = [child for child in group.children if isinstance(child, nodes.colspec)]
        if "colwidths-given" not in group.parent["classes"] and all(column["colwidth"] == 1 for column in columns):
            for column, width in zip(columns, _widths(group, len(columns)), strict=True):
                column["colwidth"] = width


def break_tables(doctree: nodes.Element) -> None:
    """Let our tables go on on the next page, and have columns of the widths that are set."""
    for table in doctree.findall(nodes.table):
        if "qapi-table" in table["classes"]:
            others = [name for name in table["classes"] if name != "colwidths-auto"]
            table["classes"] = [*others, "colwidths-given", "longtable"]


def _widths(group: nodes.tgroup, count: int) -> list[int]:
    """What each column needs; where that is too much, what its longest words need, and a share of the rest."""
    cells = [row.children for row in group.findall(nodes.row) if len(row.children) == count]
    texts = [[cell.astext() for cell in column] for column in zip(*cells, strict=True)] or [[""]] * count
    lines = [_MARKS + max(len(line) for text in column for line in [*text.splitlines(), ""]) for column in texts]
    words = [_MARKS + max(len(word) for text in column for word in [*text.split(), ""]) for column in texts]
    widths = [min(width, _WORD) for width in words]
    left = _LINE - 3 * count - 1 - sum(widths)
    for done, index in enumerate(sorted(range(count), key=lambda index: lines[index] - widths[index])):
        more = max(min(lines[index] - widths[index], left // (count - done)), 0)
        widths[index] += more
        left -= more
    return widths
