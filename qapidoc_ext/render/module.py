"""The page of a module."""

from __future__ import annotations

from itertools import groupby

from docutils import nodes

from qapidoc_ext.render.build import label, labels, literal, row, section, table
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.parts import marked
from qapidoc_ext.render.text import in_short
from qapidoc_ext.render.views import Listed, ModuleView
from qapidoc_ext.schema.doc import Doc, Heading, split_at_headings


def module_page(view: ModuleView, context: Context) -> nodes.section:
    """What a file of the schema says of itself, and what it defines: between two texts, commands and events first."""
    count = sum(isinstance(item, Listed) for item in view.content)
    page = section(
        f"module-{context.namespace.upper()}-{view.name}",
        literal(view.name),
        labels([label("kind", "module"), label("count", f"{count} definitions")]),
    )
    for is_text, group in groupby(view.content, key=lambda item: isinstance(item, Doc)):
        if is_text:
            page += [node for doc in group if isinstance(doc, Doc) for node in _free_text(doc, context)]
        else:
            listed = sorted((item for item in group if isinstance(item, Listed)), key=_place)
            rows = [_row(item, context) for item in listed]
            _last_section(page).append(table("definitions", ["Name", "Kind", "Description"], rows))
    return page


def _place(item: Listed) -> int:
    return {"command": 0, "event": 1}.get(item.kind, 2)


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


def _row(item: Listed, context: Context) -> nodes.row:
    said = in_short(item.summary, context, has_doc=item.has_doc)
    text = marked(item.features, item.condition, said, context)
    return row([context.link("any", item.name), [label("kind", item.kind)], text])
