"""A schema as pages of a reference, on one page, with what differs from another schema marked."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes

from qapidoc_ext.render.build import folded, label, labels, literal, paragraph, row, table
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.definition import definition_page
from qapidoc_ext.render.reference import Reference

NEW, GONE, CHANGED = "new", "gone", "changed"
"""What a mark says of a definition, a member, a value, a feature or a branch."""
_Difference = tuple[str, str, list[tuple[str, str]], nodes.section]
"""The name of a definition, its mark, those of its parts with their anchors, and the section."""
_SIGNS = {NEW: "+", GONE: "\N{MINUS SIGN}", CHANGED: "\N{NOT EQUAL TO}"}


def interface_reference(before: Reference, after: Reference, context: Context) -> list[nodes.Node]:
    """The definitions that differ, with what is new and what is gone; folded, those that are the same."""
    differing: list[_Difference] = []
    same: list[nodes.section] = []
    for name in dict.fromkeys([*names(after), *names(before)]):
        old = _section(before, name, context) if name in names(before) else None
        new = _section(after, name, context) if name in names(after) else None
        match old, new:
            case nodes.section(), nodes.section():
                parts = _mark_rows(old, new)
                is_changed = parts or old.astext() != new.astext()
                mark, section = CHANGED if is_changed else "", new
            case _, nodes.section():
                parts, mark, section = [], NEW, new
            case _:
                assert old is not None
                parts, mark, section = [], GONE, old
        if mark:
            section.insert(1, labels([_label(mark)]))
            differing.append((name, mark, parts, section))
        else:
            same.append(section)
    folds = [_folded(section) for section in same]
    shown: list[nodes.Node] = [_list(differing), *(section for *_, section in differing)]
    return [*shown, paragraph("The same in both:"), *folds] if folds else shown


def _folded(section: nodes.section) -> nodes.Node:
    """A definition whose title is seen; its anchor is inside, for a link to what is inside opens it."""
    title, *content = section.children
    return folded(title.astext(), nodes.container("", *content, ids=section["ids"]))


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


def _mark_rows(old: nodes.section, new: nodes.section) -> list[tuple[str, str]]:
    """Mark the rows of tables that only one of the two has, or that differ; put those that are gone where they were.

    Returns the mark and the anchor of each.
    """
    before, after = _rows(old), _rows(new)
    marks = {identifier: NEW for identifier in after if identifier not in before}
    marks |= {one: CHANGED for one in after if one in before and _own_text(after[one]) != _own_text(before[one])}
    marks |= {identifier: GONE for identifier in before if identifier not in after}
    for identifier, mark in marks.items():
        found = before[identifier] if mark is GONE else after[identifier]
        _mark_row(found, mark)
        if mark is GONE:
            _put_back(found, after)
    return [(mark, identifier) for identifier, mark in marks.items()]


def _rows(section: nodes.section) -> dict[str, nodes.row]:
    return {found["ids"][0]: found for found in section.findall(nodes.row) if found["ids"]}


def _own_text(found: nodes.row) -> str:
    """What a row says, without the tables that are in it."""
    inner = "".join(table.astext() for table in found.findall(nodes.table))
    return found.astext().replace(inner, "") if inner else found.astext()


def _put_back(gone: nodes.row, after: dict[str, nodes.row]) -> None:
    """Put a row behind the one that it stood behind, or else before the first of them that is there."""
    siblings = [one for one in gone.parent.children if isinstance(one, nodes.row)]
    earlier = siblings[: siblings.index(gone)]
    there = [after[one["ids"][0]] for one in reversed(earlier) if one["ids"] and one["ids"][0] in after]
    later = [after[one["ids"][0]] for one in siblings if one["ids"] and one["ids"][0] in after]
    if beside := there or later:
        put = after[gone["ids"][0]] = gone.deepcopy()
        rows = beside[0].parent
        rows.insert(rows.index(beside[0]) + bool(there), put)


def _mark_row(found: nodes.row, mark: str) -> None:
    found["classes"].append(f"interface-{mark}")
    cell = found.next_node(nodes.paragraph)
    if cell is not None:
        cell.insert(0, [_label(mark), nodes.Text(" ")])


def _label(mark: str) -> nodes.inline:
    return label(f"interface-{mark}", f"{_SIGNS[mark]} {mark}")


def _list(differing: Sequence[_Difference]) -> nodes.Node:
    if not differing:
        return paragraph("The two schemas define the same.")
    rows = [row([_link(name), _said(name, mark, parts)]) for name, mark, parts, _ in differing]
    return table("interface-differences", ["Definition", "What differs"], rows)


def _said(name: str, mark: str, parts: Sequence[tuple[str, str]]) -> list[nodes.Node]:
    """The parts that differ; where there are none, the mark of the definition itself."""
    said: list[nodes.Node] = []
    for own, identifier in parts or [(mark, "")]:
        part = _words(identifier.removeprefix(f"{name}."))
        said += [_label(own), nodes.Text(" "), *part, *([nodes.Text(" ")] if part else [])]
    return said


def _words(part: str) -> list[nodes.Node]:
    """What a part of a definition is called, by its anchor: a member of a branch is "`a` of branch `b`"."""
    outer, mark, inner = part.rpartition("_branch.")
    if mark:
        branch, _, member = inner.partition(".")
        around = _words(outer.removesuffix("."))
        return [
            *([literal(member), nodes.Text(" of ")] if member else []),
            *[nodes.Text("branch "), literal(branch)],
            *([nodes.Text(" of "), *around] if around else []),
        ]
    if part.startswith("_feature."):
        return [nodes.Text("feature "), literal(part.removeprefix("_feature."))]
    return [literal(part)] if part else []


def _link(name: str) -> nodes.reference:
    return nodes.reference("", "", literal(name), internal=True, refid=anchor(name))
