"""The pages that list definitions: of a branch, a feature, a module, a whole schema."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from docutils import nodes
from sphinx import addnodes

from qapidoc_ext.render.build import condition_label, group_row, label, labels, literal, paragraph, row, section, table
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.definition import introduction, kind, remarks
from qapidoc_ext.render.parts import branch_row, features_section, member_row, type_link
from qapidoc_ext.render.versions import branch_versions, feature_versions, head_labels, version_links
from qapidoc_ext.schema.doc import Doc, Heading, SectionKind, split_at_headings
from qapidoc_ext.schema.model import Command, Definition, Event, Module, Schema, Union
from qapidoc_ext.schema.views import BranchView, Carrier
from qapidoc_ext.source import Prose


def branch_page(view: BranchView, word: str, context: Context) -> nodes.section:
    """All options that a branch of a union has, its own and those of every branch, and its features."""
    context = context.on_page_with([member.name for member in (*view.own, *view.common)])
    type_ = view.type
    return section(
        f"branch-{view.union.name}.{view.branch.name}",
        literal(view.branch.name),
        _branch_head(view, word, context),
        *(introduction(type_, context) if type_ else ()),
        _options(view, word, context),
        *_nested_branches(type_, context),
        *features_section(type_.features if type_ else (), context),
        *(remarks(type_, context) if type_ else ()),
        *branch_versions(view, word, context),
    )


def _branch_head(view: BranchView, word: str, context: Context) -> nodes.paragraph:
    items: list[nodes.Node] = [
        label("kind", word),
        label("union", "of ", context.link("type", view.union.name)),
        label("type", "type ", *type_link(view.branch.type, context)),
    ]
    if view.branch.condition:
        items.append(condition_label(view.branch.condition))
    items += head_labels(view.branch.location, context)
    features = view.type.features if view.type else ()
    return labels(items + [label("feature", context.link("feature", feature.name)) for feature in features])


def _options(view: BranchView, word: str, context: Context) -> nodes.section:
    members = (*view.own, *view.common)
    mandatory = sum(not member.is_optional for member in members)
    own = group_row([nodes.Text(f"Of this {word}, from "), *type_link(view.branch.type, context)], width=3)
    common = group_row([nodes.Text(f"Common to every {word}, from "), context.link("type", view.union.name)], width=3)
    rows = [
        *([own] if view.own else []),
        *(member_row(member, context) for member in view.own),
        common,
        *(member_row(member, context) for member in view.common),
    ]
    count = paragraph(f"{len(members)} options, {mandatory} of them mandatory.")
    return section("_options", "Options", count, table("members", ["Option", "Type", "Description"], rows))


def _nested_branches(type_: Definition | None, context: Context) -> list[nodes.Node]:
    if not isinstance(type_, Union):
        return []
    rows = [branch_row(branch, literal(branch.name), context) for branch in type_.branches]
    intro = paragraph("Further options depend on the value of ", literal(type_.discriminator), ":")
    return [section("_branches", "Branches", intro, table("branches", ["Value", "Type", "Description"], rows))]


def feature_page(name: str, carriers: Sequence[Carrier], context: Context) -> nodes.section:
    """Who carries a feature, under which condition, and what each says that it means."""
    rows = [
        row(
            [
                context.link("any", carrier.definition.name),
                literal(carrier.part.name) if carrier.part else "the whole",
                condition_label(carrier.feature.condition) if carrier.feature.condition else "always",
                context.prose(carrier.feature.doc),
            ]
        )
        for carrier in carriers
    ]
    plural = "one place carries" if len(rows) == 1 else f"{len(rows)} places carry"
    return section(
        f"feature-{name}",
        literal(name),
        labels([label("kind", "feature"), label("count", f"{plural} it")]),
        section("_carriers", "Who carries it", table("carriers", ["Definition", "Part", "Present", "Meaning"], rows)),
        *feature_versions(carriers, context),
    )


def module_page(module: Module, context: Context) -> nodes.section:
    """What a file of the schema says of itself, and what it defines."""
    page = section(
        f"module-{context.namespace.upper()}-{module.name}",
        literal(module.name),
        labels([label("kind", "module"), label("count", f"{len(module.definitions)} definitions")]),
    )
    definitions = [context.schema.definitions[name] for name in module.definitions]
    in_order = sorted([*module.docs, *definitions], key=lambda item: item.location.line)
    for is_text, group in groupby(in_order, key=lambda item: isinstance(item, Doc)):
        if is_text:
            page += [node for doc in group if isinstance(doc, Doc) for node in _free_text(doc, context)]
        else:
            rows = [_listed(definition, context) for definition in group if not isinstance(definition, Doc)]
            _last_section(page).append(table("definitions", ["Name", "Kind", "Description"], rows))
    return page


def _last_section(page: nodes.section) -> nodes.section:
    """The section that a text ended in, if it has headings: nothing may stand beside a section but another one."""
    last = page.children[-1]
    return _last_section(last) if isinstance(last, nodes.section) else page


def _free_text(doc: Doc, context: Context) -> list[nodes.Node]:
    return [
        node
        for text in doc.sections
        for part in split_at_headings(text.prose)
        for node in ([nodes.rubric("", part.text)] if isinstance(part, Heading) else context.prose(part))
    ]


def _listed(definition: Definition, context: Context) -> nodes.row:
    text = definition.doc.prose(SectionKind.TEXT) if definition.doc else None
    items = [label("kind", kind(definition))]
    summary = context.prose(first_paragraph(text) if text else None)
    return row([context.link("any", definition.name), items, summary])


def first_paragraph(prose: Prose) -> Prose:
    """The text up to its first blank line."""
    return Prose(text=prose.text.split("\n\n", 1)[0], location=prose.location)


def index_page(title: str, unions: Sequence[Union], features: Iterable[str], context: Context) -> nodes.section:
    """The way into the reference of a schema: its modules, its branch pages, its features."""
    schema = context.schema
    modules = [_counted(module, context) for module in schema.modules]
    return section(
        f"index-{context.namespace}",
        title,
        paragraph(_extent(schema)),
        *version_links(context),
        *(_branch_list(union, context) for union in unions),
        section("_features", "Feature flags", _links("feature", features, context)),
        section("_modules", "Modules", table("modules", ["Module", "Commands", "Events", "Types"], modules)),
    )


def _branch_list(union: Union, context: Context) -> nodes.section:
    names = [f"{union.name}.{branch.name}" for branch in union.branches]
    items = [context.link("branch", name, name.rpartition(".")[2]) for name in names]
    title = [nodes.Text("Branches of "), literal(union.name)]
    return section(f"_branches.{union.name}", title, paragraph(_separated(items)))


def _links(role: str, names: Iterable[str], context: Context) -> nodes.paragraph:
    return paragraph(_separated([context.link(role, name) for name in names]))


def _separated(items: Sequence[nodes.Node]) -> list[nodes.Node]:
    return [node for item in items for node in (item, nodes.Text(" "))]


def _counted(module: Module, context: Context) -> nodes.row:
    kinds = Counter(
        type(definition) if isinstance(definition, Command | Event) else Definition
        for definition in map(context.schema.definitions.__getitem__, module.definitions)
    )
    return row([context.link("mod", module.name), *(str(kinds[key]) for key in (Command, Event, Definition))])


def summary(schema: Schema | None, address: str) -> nodes.Element:
    """What a build documents of a schema, or that it documents nothing, in a paragraph for the first page."""
    if schema is None:
        text = "This build had no QAPI schema: it has no QMP reference, and links into it are plain text."
        return nodes.warning("", paragraph(text))
    link = addnodes.pending_xref(
        "",
        nodes.inline("", "The QMP reference"),
        refdomain="std",
        reftype="doc",
        reftarget=address,
        refexplicit=True,
        refwarn=True,
    )
    return paragraph(link, ": ", _extent(schema))


def _extent(schema: Schema) -> str:
    version = f"QEMU {schema.version}" if schema.version else "a QEMU of unknown version"
    return f"{len(schema.definitions)} definitions in {len(schema.modules)} modules, from the schema of {version}."
