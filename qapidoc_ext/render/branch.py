"""The page of a branch of a union, and the one that lists them."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes

from qapidoc_ext.introspect.command_line import INSTEAD, OWN_NAMES
from qapidoc_ext.introspect.detect import ASKED
from qapidoc_ext.introspect.request import request
from qapidoc_ext.introspect.sample import Json
from qapidoc_ext.render.build import (
    Cell,
    condition_label,
    label,
    labels,
    literal,
    paragraph,
    row,
    section,
    separated,
    table,
)
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.members import Table, Titled, members_table
from qapidoc_ext.render.parts import feature_labels, features_section, marked, type_link, value_names
from qapidoc_ext.render.text import in_short, introduction, remarks
from qapidoc_ext.render.versions import branch_versions, head_labels, seen_nodes
from qapidoc_ext.render.views import BranchView, UnionRow, UnionView
from qapidoc_ext.render.wire import block, json_text, python_program


def branch_page(view: BranchView, context: Context) -> nodes.section:
    """All options that a branch of a union has, its own and the common ones, how it is asked for, its features."""
    groups = (*view.own.groups, *view.common)
    members = [row.member for group in groups for row in group.rows]
    context = context.on_page_with(member.name for member in members)
    context = context.observing(context.observed.in_branch(view.union, view.branch, members, is_simple=view.is_simple))
    type_ = view.type
    return section(
        f"branch-{view.union}.{view.branch.name}",
        literal(view.branch.name),
        _head(view, context),
        *(context.prose(view.branch.doc, otherwise="")),
        *(introduction(type_, context) if type_ else ()),
        _options(view, context),
        *(remarks(type_, context) if type_ else ()),
        *_requests(view, context),
        *features_section(view.features, context),
        *_siblings(view, context),
        *branch_versions(view, context),
    )


def _head(view: BranchView, context: Context) -> nodes.paragraph:
    items: list[nodes.Node] = [
        label("kind", view.word),
        label("union", "of ", context.link("type", view.union)),
        label("type", "type ", *type_link(view.branch.type, context)),
    ]
    conditions = dict.fromkeys([view.branch.condition, view.type.condition if view.type else None])
    items += [condition_label(condition) for condition in conditions if condition]
    items += head_labels(view.branch.location, context)
    return labels(items + feature_labels(view.features, context))


def _options(view: BranchView, context: Context) -> nodes.section:
    groups = list(_groups(view, context))
    members = [row.member for _, rows in groups for row in rows] if view.wrapped is None else view.wrapped
    mandatory = [member.name for member in members if not member.is_optional]
    name = context.link_name if view.wrapped is None else literal
    named = [nodes.Text(": "), *separated(map(name, mandatory))] if mandatory else []
    count = paragraph(f"{len(members)} options, {len(mandatory)} of them mandatory", named, ".")
    made_of = Table(groups=groups, object=view.own, paged=False, name="Option", tag=view.discriminator)
    return section(
        "_options", "Options", *_wrapping(view), count, *_detection(view, context), members_table(made_of, context)
    )


def _groups(view: BranchView, context: Context) -> Iterator[Titled]:
    for group in view.own.groups:
        origin = context.link("type", group.origin or view.own.name)
        yield [nodes.Text(f"Of this {view.word}, from "), origin], group.rows
    for group in view.common:
        origin = context.link("type", group.origin or view.union)
        yield [nodes.Text(f"Common to every {view.word}, from "), origin], group.rows


def _detection(view: BranchView, context: Context) -> Iterator[nodes.paragraph]:
    """How a client finds out whether a QEMU has an option."""
    if view.query and view.own.groups:
        above = view.query.partition(f"/+{view.branch.name}")[0]
        has_common = bool(view.common) and not view.is_simple
        common: list[Cell] = [f", one that is common to every {view.word} at ", literal(f"{above}/OPTION")]
        yield paragraph(
            "In the reply to ",
            context.link("cmd", ASKED),
            f", an option of this {view.word} is found at ",
            literal(f"{view.query}/OPTION"),
            *(common if has_common else ()),
            "; these are libvirt's query strings.",
        )


def _wrapping(view: BranchView) -> Iterator[nodes.Node]:
    """What a simple union, or one that was, puts around the options."""
    if view.is_simple or view.wrapped is not None:
        text = "; the options are the members of "
        yield paragraph(literal("type"), " is ", literal(view.branch.name), text, literal("data"), ".")


def _requests(view: BranchView, context: Context) -> Iterator[nodes.section]:
    made = view.requests
    if made is None:
        return
    yield section(
        "_minimal",
        "Minimal request",
        *_refused(view),
        paragraph(
            "With what the schema says is mandatory; whether QEMU asks for more was not tried. "
            "Values in capitals, and the number 1, are placeholders."
        ),
        *_forms(made.command, made.minimal_arguments, made.minimal, view.command_lines[0], context),
        *_own_names(view),
    )
    yield section(
        "_full",
        "Full request",
        *_refused(view),
        paragraph(
            "With all options that are not deprecated. It is valid by the schema; "
            "whether QEMU takes these options together and with these values was not tried."
        ),
        *_forms(made.command, made.full_arguments, made.full, view.command_lines[1], context),
    )


def _refused(view: BranchView) -> Iterator[nodes.paragraph]:
    """That the schema allows what QEMU does not."""
    if option := INSTEAD.get((view.union, view.branch.name)):
        text = "QEMU refuses it, although the schema allows it: what it describes, the option "
        yield paragraph(text, literal(option), " takes.")


def _own_names(view: BranchView) -> Iterator[nodes.paragraph]:
    """Why nothing is said of the command line, where one might look for it."""
    if view.union in OWN_NAMES:
        text = " takes options with names of its own, which are not those of the schema, and no JSON."
        yield paragraph("On the command line, ", literal(OWN_NAMES[view.union]), text)


def _forms(
    command: str, arguments: Json, value: Json, lines: tuple[str, ...], context: Context
) -> Iterator[nodes.Node]:
    if command:
        yield paragraph("As QMP, with ", context.link("cmd", command), ":")
        yield block(json_text(request(command, arguments)))
    else:
        yield paragraph("As JSON; no command takes it:")
        yield block(json_text(value))
    if lines:
        yield paragraph("On the command line", ", in either form:" if len(lines) > 1 else ":")
        yield block("\n".join(lines))
    if command:
        yield paragraph("As Python, with the package ", literal("qemu.qmp"), ":")
        yield block(python_program(command, arguments))


def _siblings(view: BranchView, context: Context) -> Iterator[nodes.section]:
    if view.siblings:
        links = separated(context.link("branch", f"{view.union}.{name}", name) for name in view.siblings)
        yield section("_siblings", "With the same options", paragraph(links, "."))


def union_page(view: UnionView, context: Context) -> nodes.section:
    """The branches of a union, each with its features and its condition."""
    name = view.union.name
    taker: list[Cell] = [", which ", context.link("cmd", view.command), " takes"] if view.command else []
    versions = ["Versions"] if context.observed.versions else []
    columns = [view.word.capitalize(), "Options", *versions, "Description"]
    return section(
        f"branches-{name}",
        [nodes.Text("Branches of "), literal(name)],
        labels([label("kind", view.word), label("count", f"{len(view.rows)} branches")]),
        paragraph("Each is a branch of ", context.link("type", name), *taker, "."),
        table("union", columns, [_union_row(name, item, context) for item in view.rows]),
        *_others(view),
    )


def _others(view: UnionView) -> Iterator[nodes.paragraph]:
    if view.others:
        yield paragraph("No branch, and so no options of their own: ", value_names(view.others), ".")


def _union_row(union: str, item: UnionRow, context: Context) -> nodes.row:
    branch = item.branch
    said = in_short(item.summary, context, has_doc=item.has_doc)
    return row(
        [
            context.link("branch", f"{union}.{branch.name}", branch.name),
            f"{item.options}, {item.mandatory} mandatory",
            *([seen_nodes(context.observed.of(branch.location), context)] if context.observed.versions else []),
            marked(item.features, item.condition, said, context),
        ]
    )
