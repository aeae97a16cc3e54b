"""Definitions that stand on one page: each is what its own page has, without sections and with ids of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from docutils import nodes
from sphinx import addnodes

from qapidoc_ext.render.context import Context
from qapidoc_ext.render.definition import definition_page, upstream_kind
from qapidoc_ext.render.views import DefinitionView

Named = Mapping[str, nodes.Node]
"""The nodes of a document that have names, by id."""


def definition_part(view: DefinitionView, context: Context, anchors: Sequence[str], named: Named) -> addnodes.desc:
    """A definition on a page that it shares with others, with these anchors.

    Nodes that have names in the document are an author's targets, and keep their ids.
    """
    definition, page = view.definition, definition_page(view, context)
    word = upstream_kind(definition)
    signature = addnodes.desc_signature(
        "",
        "",
        addnodes.desc_annotation("", f"{word.title()} "),
        addnodes.desc_name("", definition.name),
        ids=list(anchors),
        classes=["qapi"],
        _toc_name=definition.name,
    )
    content = addnodes.desc_content("", *_without_sections(page))
    _own_ids(content, definition.name, named)
    return addnodes.desc("", signature, content, domain="qapi", objtype=word, desctype=word, classes=["qapi", word])


def _without_sections(parent: nodes.section) -> Iterator[nodes.Node]:
    """What a section holds, with a rubric where each section in it begins."""
    for node in list(parent.children)[1:]:
        if isinstance(node, nodes.section):
            title = node[0]
            yield nodes.rubric("", "", *(title.children if isinstance(title, nodes.Element) else ()), ids=node["ids"])
            yield from _without_sections(node)
        else:
            yield node


def _own_ids(node: nodes.Element, name: str, named: Named) -> None:
    """Put the definition's name before every id in it and in the links to these: `NAME.MEMBER`."""
    attributes = node.attributes
    if attributes["ids"]:
        attributes["ids"] = [
            anchor if named.get(anchor) is node else part_anchor(name, anchor) for anchor in attributes["ids"]
        ]
    if "refid" in attributes:
        attributes["refid"] = part_anchor(name, attributes["refid"])
    for child in node.children:
        if isinstance(child, nodes.Element):
            _own_ids(child, name, named)


def part_anchor(name: str, anchor: str) -> str:
    """The anchor that a part of a definition has on a page that the definition shares with others."""
    return f"{name}.{anchor}"
