"""What a type consists of, as a table: members, branches, and what nested types consist of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from docutils import nodes

from qapidoc_ext.render.build import (
    Cell,
    folded,
    label,
    literal,
    paragraph,
    row,
    separated,
    table,
    wide_row,
)
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.parts import description, own_link, since_mark, type_link, value_names, values_table
from qapidoc_ext.schema.model import Branch, Enum, Member, Value
from qapidoc_ext.schema.shape import Case, Choice, Group, Inside, Object, Row
from qapidoc_ext.schema.words import only_where

_WIDTH = 3
"""Columns."""
_LISTED = 8
"""Values of an enum that are named where it is folded."""
Titled = tuple[Cell, Sequence[Row]]
"""Members that have something in common, and what that is; nothing where it need not be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a table of members is made of."""

    groups: Sequence[Titled]
    object: Object
    """The type, whose branches come last."""
    paged: bool
    """Whether its branches have pages of their own."""
    name: str = "Name"
    """For what a row is about."""
    prefix: str = ""
    """Of the anchors: the way to the object from what the page is about, `cache.`."""
    tag: str = ""
    """The member that has just one value here; its other values belong to other pages."""


def object_table(item: Object, context: Context, *, paged: bool = False, prefix: str = "") -> nodes.Node:
    """What an object type consists of, each group of members with the definition that they come from."""
    titles = [_origin(group, context) if group.origin or len(item.groups) > 1 else "" for group in item.groups]
    groups = [(title, group.rows) for title, group in zip(titles, item.groups, strict=True)]
    return members_table(Table(groups=groups, object=item, paged=paged, prefix=prefix), context)


def _origin(group: Group, context: Context) -> Cell:
    return [nodes.Text("From "), context.link("any", group.origin)] if group.origin else "Its own"


def members_table(made_of: Table, context: Context) -> nodes.Node:
    """The table; a sentence where there is nothing to list."""
    item = made_of.object
    context = context.on_page_with([row.member.name for _, rows in made_of.groups for row in rows], made_of.prefix)
    rows: list[nodes.row] = []
    for title, members in made_of.groups:
        rows += [wide_row(title, _WIDTH)] if title else []
        rows += [row for member in members for row in _member_rows(member, made_of, context)]
    rows += [_case_row(case, made_of, context) for case in item.cases]
    rows += [_others_row(item)] if item.others else []
    return table("members", [made_of.name, "Type", "Description"], rows) if rows else paragraph("None.")


def _member_rows(item: Row, made_of: Table, context: Context) -> Iterator[nodes.row]:
    """A member, and below it what its type consists of, where that is shown."""
    member = item.member
    anchor = made_of.prefix + member.name
    cells = [
        [own_link(member.name, anchor), *_marks(item, context)],
        type_link(member.type, context),
        description(member, context),
    ]
    yield row(cells, identifier=anchor)
    if item.inside:
        if member.name == made_of.tag:
            inside = _inside(item.inside, context.observing(context.observed.anywhere()), f"{anchor}.")
        else:
            inside = _inside_of(member, item.inside, context, f"{anchor}.")
        yield wide_row([inside], _WIDTH, classes=["qapi-inside"])


def _members(item: Object) -> Iterator[Member]:
    return (row.member for group in item.groups for row in group.rows)


def _marks(item: Row, context: Context) -> Iterator[nodes.Node]:
    """Whether the member is mandatory, its default, and since when it is there, as far as its text says so."""
    presence = "optional" if item.member.is_optional else "mandatory"
    yield from (nodes.Text(" "), label(presence, presence))
    if item.default:
        yield from (nodes.Text(" "), label("default", "default ", literal(item.default)))
    yield from since_mark(item.member, context)


def _inside_of(holder: Member | Branch, item: Inside, context: Context, prefix: str) -> nodes.Node:
    """What is shown of what a member or an alternative holds: no version has any of it that does not have that."""
    return _inside(item, context.observing(context.observed.inside(holder.location, _parts(item))), prefix)


def _parts(item: Inside) -> Iterator[Member | Value | Branch]:
    match item:
        case Enum(values=values):
            yield from values
        case Object(cases=cases):
            yield from _members(item)
            yield from (case.branch for case in cases)
        case Choice():
            pass


def _inside(item: Inside, context: Context, prefix: str) -> nodes.Node:
    match item:
        case Enum(values=values):
            names = [literal(value.name) for value in values]
            title = separated(names) if len(names) <= _LISTED else f"one of {len(names)} values"
            return folded(title, values_table(values, context.on_page_with([v.name for v in values], prefix), prefix))
        case Object():
            count = sum(len(group.rows) for group in item.groups)
            branches = f", {len(item.cases)} branches" if item.cases else ""
            title = [literal(item.name), nodes.Text(f": {count} member{'s' * (count != 1)}{branches}")]
            return folded(title, object_table(item, context, prefix=prefix))
        case Choice(name=name, alternatives=alternatives):
            title = [literal(name), nodes.Text(f": one of {len(alternatives)} types")]
            return folded(title, alternatives_table(alternatives, context, prefix))
        case _:
            assert_never(item)


def alternatives_table(
    alternatives: Iterable[tuple[Branch, Inside | None]], context: Context, prefix: str = ""
) -> nodes.table:
    """The types that a value of an alternate can be of."""
    rows: list[nodes.row] = []
    for branch, inside in alternatives:
        anchor = prefix + branch.name
        text = description(branch, context)
        rows.append(row([own_link(branch.name, anchor), type_link(branch.type, context), text], identifier=anchor))
        if inside:
            content = _inside_of(branch, inside, context, f"{anchor}.")
            rows.append(wide_row([content], _WIDTH, classes=["qapi-inside"]))
    return table("alternatives", ["Alternative", "Type", "Description"], rows)


def _case_row(case: Case, made_of: Table, context: Context) -> nodes.row:
    """A branch: the value that selects it, and what it adds; the whole of that where it is shown here."""
    branch, union = case.branch, made_of.object
    anchor = f"{made_of.prefix}_branch.{branch.name}"
    name: nodes.Node = literal(branch.name)
    if made_of.paged:
        name = context.link("branch", f"{union.name}.{branch.name}", branch.name)
    when = [literal(union.discriminator or "type"), nodes.Text(" is "), name, nodes.Text(": ")]
    what = [nodes.Text("data is ")] if union.is_simple else []
    extent = [] if union.is_simple else [nodes.Text(f", {case.count} member{'s' * (case.count != 1)}")]
    text = description(branch, context, otherwise="")
    if case.inside is None:
        line = paragraph(when, what, type_link(branch.type, context), extent)
        return wide_row([line, *text], _WIDTH, identifier=anchor, classes=["qapi-branch"])
    title = [*when, *what, literal(str(branch.type)), *extent, *_condition_words(branch)]
    content = [paragraph("From ", type_link(branch.type, context), "."), *text]
    members = _members(case.inside)
    context = context.observing(context.observed.in_branch(union.name, branch, members, is_simple=union.is_simple))
    nested = object_table(case.inside, context, prefix=f"{anchor}.")
    return wide_row([folded(title, *content, nested)], _WIDTH, identifier=anchor, classes=["qapi-branch"])


def _condition_words(branch: Branch) -> list[nodes.Node]:
    return [nodes.Text(f", {only_where(branch.condition)}")] if branch.condition else []


def _others_row(item: Object) -> nodes.row:
    """The values of the discriminator that add no members."""
    line = paragraph("Nothing more where ", literal(item.discriminator), " is ", value_names(item.others), ".")
    return wide_row([line], _WIDTH, classes=["qapi-branch"])
