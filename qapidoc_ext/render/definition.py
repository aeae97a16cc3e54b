"""The page of a definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from docutils import nodes

from qapidoc_ext.render.build import condition_label, label, labels, literal, paragraph, row, section, table
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.example import judged_example
from qapidoc_ext.render.parts import branch_row, features_section, members_table, own_link, type_link, values_table
from qapidoc_ext.schema.doc import Section, SectionKind
from qapidoc_ext.schema.model import Alternate, Command, Definition, Enum, Event, Members, Struct, TypeRef, Union
from qapidoc_ext.schema.views import local_parts


def kind(definition: Definition) -> str:
    """What a definition is, in QAPI's word for it."""
    return type(definition).__name__.lower()


def upstream_anchor(definition: Definition, namespace: str) -> str:
    """The anchor that QEMU's own manual has for a definition; other sites link to it."""
    word = "object" if isinstance(definition, Struct | Union) else kind(definition)
    return f"{word}-{namespace.upper()}-{definition.module}.{definition.name}"


def definition_page(definition: Definition, context: Context) -> nodes.section:
    """All that a schema says of a definition."""
    context = context.on_page_with([part.name for part in local_parts(definition)])
    return section(
        upstream_anchor(definition, context.namespace),
        literal(definition.name),
        _head(definition, context),
        *introduction(definition, context),
        *_signature(definition, context),
        *features_section(definition.features, context),
        *_outcome(definition, context),
        *remarks(definition, context),
    )


def _head(definition: Definition, context: Context) -> nodes.paragraph:
    items: list[nodes.Node] = [
        label("kind", kind(definition)),
        label("module", "module ", context.link("mod", definition.module)),
    ]
    if definition.doc and (since := definition.doc.prose(SectionKind.SINCE)):
        items.append(label("since", f"since {since.text}"))
    if definition.condition:
        items.append(condition_label(definition.condition))
    items += [label("feature", context.link("feature", feature.name)) for feature in definition.features]
    return labels(items + [label("property", text) for text in _properties(definition)])


def _properties(definition: Definition) -> Iterator[str]:
    """What is special about how a command is executed, in QAPI's words."""
    if isinstance(definition, Command):
        yield from ["allow-oob"] if definition.allow_oob else []
        yield from ["allow-preconfig"] if definition.allow_preconfig else []
        yield from ["coroutine"] if definition.coroutine else []
        yield from [] if definition.success_response else ["no success-response"]


def _signature(definition: Definition, context: Context) -> Iterator[nodes.Node]:
    match definition:
        case Command(arguments=arguments):
            yield from _members("Arguments", arguments, context)
        case Event(data=data):
            yield from _members("Data", data, context)
        case Struct(base=base, members=members):
            yield from _members("Members", members, context, base)
        case Union(base=base):
            yield from (
                _simple_members(definition, context) if definition.is_simple else _members("Members", base, context)
            )
            yield _branches(definition, context)
        case Alternate(alternatives=alternatives):
            rows = [branch_row(branch, literal(branch.name), context) for branch in alternatives]
            yield section(
                "_alternatives", "Alternatives", table("alternatives", ["Alternative", "Type", "Description"], rows)
            )
        case Enum(values=values):
            yield section("_values", "Values", values_table(values, context))
        case _:
            assert_never(definition)


def _members(
    title: str, members: Members | TypeRef, context: Context, base: TypeRef | None = None
) -> Iterator[nodes.Node]:
    content: list[nodes.Node] = []
    named = members if isinstance(members, TypeRef) else base
    if named:
        content.append(paragraph("The members of ", type_link(named, context), "."))
    if isinstance(members, tuple) and members:
        content += [paragraph("And these:")] if named else []
        content.append(members_table(members, context))
    yield section("_members", title, *(content or [paragraph("None.")]))


def _simple_members(union: Union, context: Context) -> Iterator[nodes.section]:
    """The members that a simple union has on the wire, where no schema lists them."""
    rows = [
        row(
            [
                [own_link(name), nodes.Text(" "), label("mandatory", "mandatory")],
                "as the branches below say",
                context.prose(union.doc.prose(SectionKind.MEMBER, name) if union.doc else None),
            ],
            identifier=name,
        )
        for name in ("type", "data")
    ]
    yield section("_members", "Members", table("members", ["Name", "Type", "Description"], rows))


def _branches(union: Union, context: Context) -> nodes.section:
    rows = [
        branch_row(branch, context.link("branch", f"{union.name}.{branch.name}", branch.name), context)
        for branch in union.branches
    ]
    if union.discriminator:
        intro = paragraph(
            "Further members depend on the value of ", literal(union.discriminator), ": they are those of the type."
        )
    else:
        intro = paragraph(
            "The value of ", literal("type"), " is one of these, that of ", literal("data"), " is of its type."
        )
    return section("_branches", "Branches", intro, table("branches", ["Branch", "Type", "Description"], rows))


def _outcome(definition: Definition, context: Context) -> Iterator[nodes.Node]:
    if not isinstance(definition, Command):
        return
    doc = definition.doc
    described = doc.prose(SectionKind.RETURNS) if doc else None
    content = context.prose(described, otherwise="")
    if definition.returns:
        content.insert(0, paragraph(type_link(definition.returns, context), classes=["qapi-returns"]))
    yield section("_returns", "Returns", *(content or [paragraph("Nothing, an empty object.")]))
    if doc and (errors := doc.prose(SectionKind.ERRORS)):
        yield section("_errors", "Errors", *context.prose(errors))


def introduction(definition: Definition, context: Context) -> list[nodes.Node]:
    """What is said about the definition as a whole before its parts are described; that it has no text, where so."""
    if definition.doc is None:
        return context.prose(None)
    return [node for part in _texts(definition)[0] for node in _text(part, context)]


def remarks(definition: Definition, context: Context) -> list[nodes.Node]:
    """What is said about the definition as a whole behind that: notes, examples, and further text."""
    return [node for part in _texts(definition)[1] for node in _text(part, context)]


def _texts(definition: Definition) -> tuple[list[Section], list[Section]]:
    shown = [
        section
        for section in (definition.doc.sections if definition.doc else ())
        if section.kind in {SectionKind.TEXT, SectionKind.NOTE, SectionKind.EXAMPLE}
    ]
    introduction = shown[:1] if shown and shown[0].kind is SectionKind.TEXT else []
    return introduction, shown[len(introduction) :]


def _text(part: Section, context: Context) -> list[nodes.Node]:
    match part.kind:
        case SectionKind.NOTE:
            return [nodes.note("", *context.prose(part.prose))]
        case SectionKind.EXAMPLE:
            judged = context.judged.get(part.prose.location._replace(column=0))
            return [judged_example("Example", judged, nodes.literal_block("", part.prose.text, language="none"))]
        case _:
            return context.prose(part.prose)
