"""A schema as pages of a reference, on one page, with what differs from another schema marked."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes

from qapidoc_ext.render.build import folded, label, labels, paragraph, row, table
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.definition import definition_page
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.schema.printer import definition_text

NEW, GONE, CHANGED = "new", "gone", "changed"
"""What a mark says of a definition, a member, a value, a feature or a branch."""
_SIGNS = {NEW: "+", GONE: "\N{MINUS SIGN}", CHANGED: "\N{NOT EQUAL TO}"}


def interface_reference(before: Reference, after: Reference, context: Context) -> list[nodes.Node]:
    """The definitions that differ, with what is new and what is gone; folded, those that are the same."""
    differing, same = [], []
    for name in dict.fromkeys([*names(after), *names(before)]):
        old = _section(before, name, context) if name in names(before) else None
        new = _section(after, name, context) if name in names(after) else None
        mark = _mark(before, after, name)
        section = new or old
        assert section is not None
        if old and new:
            _mark_rows(old, new)
        if mark or (old and new and old.astext() != new.astext()):
            section.insert(1, labels([_label(mark or CHANGED)]))
            differing.append((name, section))
        else:
            same.append(section)
    folds = [folded(_title(section), *section.children[1:]) for section in same]
    shown: list[nodes.Node] = [_list(differing), *(section for _, section in differing)]
    return [*shown, paragraph("The same in both:"), *folds] if folds else shown


def _title(section: nodes.section) -> str:
    return section.children[0].astext()


def names(reference: Reference) -> list[str]:
    """The definitions that the schema's files have, in their order."""
    return [name for module in reference.schema.modules for name in module.definitions]


def _section(reference: Reference, name: str, context: Context) -> nodes.section:
    """The page of a definition. Its anchors begin with the name of the definition, for others stand beside it."""
    section = definition_page(reference.definition(name), context)
    for node in section.findall(nodes.Element):
        if node is not section:
            node["ids"] = [f"{name}.{anchor}" for anchor in node["ids"]]
        if "refid" in node:
            node["refid"] = f"{name}.{node['refid']}"
    section["ids"] = [anchor(name)]
    return section


def anchor(name: str) -> str:
    """The anchor of a definition."""
    return f"interface-{name}"


def _mark(before: Reference, after: Reference, name: str) -> str:
    """What a mark at the definition says; empty, where it is the same in both, but for what other types bring."""
    old, new = (one.schema.definitions.get(name) for one in (before, after))
    if old is None or name not in names(before):
        return NEW
    if new is None or name not in names(after):
        return GONE
    return CHANGED if definition_text(old) != definition_text(new) else ""


def _mark_rows(old: nodes.section, new: nodes.section) -> None:
    """Mark the rows of tables that only one of the two has, or that differ; put those that are gone where they were."""
    before, after = _rows(old), _rows(new)
    for identifier, found in after.items():
        if identifier not in before:
            _mark_row(found, NEW)
        elif _own_text(found) != _own_text(before[identifier]):
            _mark_row(found, CHANGED)
    for identifier, found in before.items():
        if identifier not in after:
            _mark_row(found, GONE)
            _put_back(found, after)


def _rows(section: nodes.section) -> dict[str, nodes.row]:
    return {found["ids"][0]: found for found in section.findall(nodes.row) if found["ids"]}


def _own_text(found: nodes.row) -> str:
    """What a row says, without the tables that are in it."""
    inner = "".join(table.astext() for table in found.findall(nodes.table))
    return found.astext().replace(inner, "") if inner else found.astext()


def _put_back(gone: nodes.row, after: dict[str, nodes.row]) -> None:
    """Put a row behind the one that it stood behind, where that is still there, or else before the first of them."""
    siblings = [one for one in gone.parent.children if isinstance(one, nodes.row)]
    earlier = siblings[: siblings.index(gone)]
    there = [after[one["ids"][0]] for one in reversed(earlier) if one["ids"] and one["ids"][0] in after]
    later = [after[one["ids"][0]] for one in siblings if one["ids"] and one["ids"][0] in after]
    if there:
        there[0].parent.insert(there[0].parent.index(there[0]) + 1, _copy(gone))
    elif later:
        later[0].parent.insert(later[0].parent.index(later[0]), _copy(gone))


def _copy(gone: nodes.row) -> nodes.row:
    """The row, without anchors: what is gone is no target of links."""
    copied = gone.deepcopy()
    for node in copied.findall(nodes.Element):
        node["ids"] = []
    return copied


def _mark_row(found: nodes.row, mark: str) -> None:
    found["classes"].append(f"interface-{mark}")
    cell = found.next_node(nodes.paragraph)
    if cell is not None:
        cell.insert(0, [_label(mark), nodes.Text(" ")])


def _label(mark: str) -> nodes.inline:
    return label(f"interface-{mark}", f"{_SIGNS[mark]} {mark}")


def _list(differing: list[tuple[str, nodes.section]]) -> nodes.Node:
    if not differing:
        return paragraph("The two schemas define the same.")
    rows = [row([_link(name), list(_marks(section))]) for name, section in differing]
    return table("interface-differences", ["Definition", "What differs"], rows)


def _link(name: str) -> nodes.reference:
    return nodes.reference("", "", nodes.literal("", name), internal=True, refid=anchor(name))


def _marks(section: nodes.section) -> Iterator[nodes.Node]:
    for mark in (NEW, GONE, CHANGED):
        if f"interface-{mark}" in section.pformat():
            yield from (_label(mark), nodes.Text(" "))
