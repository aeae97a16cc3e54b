"""What an author says about a definition as a whole."""

from __future__ import annotations

from docutils import nodes

from qapidoc_ext.render.build import literal, paragraph, section
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.example import judged_example
from qapidoc_ext.schema.coverage import is_bare
from qapidoc_ext.schema.doc import Section, SectionKind
from qapidoc_ext.schema.model import Definition, Union
from qapidoc_ext.source import Prose


def introduction(definition: Definition, context: Context) -> list[nodes.Node]:
    """What is said about the definition as a whole before its parts are described; that it has no text, where so."""
    if definition.doc is None:
        return context.prose(None)
    if is_bare(definition):
        said = in_short(None, context, has_doc=True)
    else:
        said = [node for part in _texts(definition)[0] for node in _text(part, context)]
    return [*said, *_of_tag(definition, context)]


def in_short(text: Prose | None, context: Context, *, has_doc: bool) -> list[nodes.Node]:
    """What is said about a definition as a whole; where nothing is, whether there is a doc comment all the same."""
    return context.prose(text, otherwise="Not documented as a whole." if has_doc else "Not documented.")


def _of_tag(definition: Definition, context: Context) -> list[nodes.Node]:
    """What is said about the member that selects the branch of a simple union: its table does not list that one."""
    if not isinstance(definition, Union) or not definition.is_simple or definition.doc is None:
        return []
    text = definition.doc.prose(SectionKind.MEMBER, "type")
    return [paragraph(literal("type"), ":"), *context.prose(text)] if text and text.text else []


def remarks(definition: Definition, context: Context) -> list[nodes.section]:
    """What is said about the definition as a whole behind that: notes, examples, and further text."""
    parts = _texts(definition)[1]
    are_examples = {part.kind is SectionKind.EXAMPLE for part in parts}
    title = "Notes and examples" if len(are_examples) > 1 else "Examples" if True in are_examples else "Notes"
    content = [node for part in parts for node in _text(part, context)]
    return [section("_notes", title, *content)] if content else []


def _texts(definition: Definition) -> tuple[list[Section], list[Section]]:
    shown = [
        part
        for part in (definition.doc.sections if definition.doc else ())
        if part.kind in {SectionKind.TEXT, SectionKind.NOTE, SectionKind.EXAMPLE}
    ]
    introduction = shown[:1] if shown and shown[0].kind is SectionKind.TEXT else []
    return introduction, shown[len(introduction) :]


def _text(part: Section, context: Context) -> list[nodes.Node]:
    match part.kind:
        case SectionKind.NOTE:
            return [nodes.note("", *context.prose(part.prose))]
        case SectionKind.EXAMPLE:
            judged = context.judged.get(part.prose.location._replace(column=0))
            return [
                judged_example(
                    "Example", judged, nodes.literal_block(part.prose.text, part.prose.text, language="none")
                )
            ]
        case _:
            return context.prose(part.prose)
