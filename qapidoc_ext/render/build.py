"""The nodes that all pages are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes
from sphinx import addnodes

from qapidoc_ext.render.nodes import fold, fold_title
from qapidoc_ext.schema import condition
from qapidoc_ext.schema.words import only_where, words

Cell = str | nodes.Node | Sequence[nodes.Node]


def section(identifier: str, title: Cell, *content: nodes.Node) -> nodes.section:
    """A section. Its title may be literal text: the name of something in a schema is never markup."""
    return nodes.section("", nodes.title("", "", *_nodes(title)), *content, ids=[identifier])


def paragraph(*parts: Cell, classes: Iterable[str] = ()) -> nodes.paragraph:
    """A paragraph of text and inline nodes."""
    return nodes.paragraph("", "", *(node for part in parts for node in _nodes(part)), classes=list(classes))


def literal(text: str, classes: Iterable[str] = ()) -> nodes.literal:
    """A name or a value as it is on the wire."""
    return nodes.literal("", text, classes=list(classes))


def inline(text: str, mark: str = "`") -> list[nodes.Node]:
    """Text in which what stands between two marks is a name or a value as it is on the wire."""
    pieces = text.split(mark)
    return [literal(piece) if index % 2 else nodes.Text(piece) for index, piece in enumerate(pieces) if piece]


def linked(text: str, address: str | None) -> nodes.Node:
    """A link; the text alone where there is no address."""
    return nodes.Text(text) if address is None else nodes.reference("", text, internal=True, refuri=address)


def sphinx_link(kind: str, target: str, text: str, *, is_there: bool) -> addnodes.pending_xref:
    """A link to a document (`doc`) or to a label (`ref`); to one that need not be there it may become text."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", text),
        refdomain="std",
        reftype=kind,
        reftarget=target,
        refexplicit=True,
        refwarn=is_there,
    )


def label(kind: str, *parts: Cell) -> nodes.inline:
    """A few words that are set off from the text, such as the kind of a definition."""
    content = [node for part in parts for node in _nodes(part)]
    return nodes.inline("", "", *content, classes=["qapi-label", f"qapi-label-{kind}"])


def labels(items: Iterable[nodes.Node]) -> nodes.paragraph:
    """Labels in a row."""
    spaced = [node for item in items for node in (item, nodes.Text(" "))]
    return paragraph(spaced[:-1], classes=["qapi-labels"])


def condition_label(value: condition.Condition) -> nodes.inline:
    """What QEMU must have been built for and with: in words, and behind them as the schema has it.

    The words name a symbol that they do not know; where they name all, the schema's form would say nothing more.
    """
    said = words(value)
    is_said = all(name in said for name in condition.symbols(value))
    raw: list[Cell] = [] if is_said else [" ", literal(condition.text(value))]
    return label("condition", only_where(value), *raw)


def folded(title: Cell, *content: nodes.Node) -> fold:
    """What a reader opens to see; the title is seen at once."""
    return fold("", fold_title("", "", *_nodes(title)), *content, classes=["qapi-fold"])


def separated(items: Iterable[Cell], separator: str = ", ") -> list[nodes.Node]:
    """The items, with text between them."""
    return [node for item in items for node in (*_nodes(item), nodes.Text(separator))][:-1]


def bullets(items: Iterable[nodes.Node], classes: Iterable[str] = ()) -> nodes.bullet_list:
    """A list without numbers."""
    return nodes.bullet_list("", *(nodes.list_item("", item) for item in items), classes=list(classes))


def table(name: str, header: Sequence[Cell], rows: Iterable[nodes.row]) -> nodes.table:
    """A table whose columns are as wide as they need."""
    columns = [nodes.colspec(colwidth=1) for _ in header]
    head = nodes.thead("", row(header))
    group = nodes.tgroup("", *columns, head, nodes.tbody("", *rows), cols=len(header))
    return nodes.table("", group, classes=["qapi-table", f"qapi-{name}", "colwidths-auto"])


def row(cells: Iterable[Cell], *, identifier: str = "") -> nodes.row:
    """A row of a table, which is the target of links to `identifier`."""
    return nodes.row("", *map(_entry, cells), ids=[identifier] if identifier else [])


def wide_row(content: Cell, width: int, *, identifier: str = "", classes: Iterable[str] = ("qapi-group",)) -> nodes.row:
    """A row of one cell, about the rows below it unless `classes` says something else; `width` counts the columns."""
    entry = _entry(content)
    if width > 1:
        entry["morecols"] = width - 1
    return nodes.row("", entry, classes=list(classes), ids=[identifier] if identifier else [])


def tabs(items: Iterable[tuple[str, bool, Iterable[nodes.Node]]]) -> nodes.container:
    """What sphinx-design makes tabs of: the label of each, whether it is open, and its content."""
    return nodes.container("", *(_tab(*item) for item in items), design_component="tab-set", classes=["sd-tab-set"])


def _tab(name: str, is_open: bool, content: Iterable[nodes.Node]) -> nodes.container:  # noqa: FBT001
    title = nodes.rubric("", name, classes=["sd-tab-label"])
    inside = nodes.container("", *content, design_component="tab-content", classes=["sd-tab-content"])
    tab = nodes.container("", title, inside, design_component="tab-item", classes=["sd-tab-item"])
    tab["selected"] = is_open
    return tab


def _entry(cell: Cell) -> nodes.entry:
    content = _nodes(cell)
    if all(isinstance(node, nodes.Inline | nodes.Text) for node in content):
        return nodes.entry("", nodes.paragraph("", "", *content))
    return nodes.entry("", *content)


def _nodes(cell: Cell) -> list[nodes.Node]:
    match cell:
        case str():
            return [nodes.Text(cell)] if cell else []
        case nodes.Node():
            return [cell]
        case _:
            return list(cell)
