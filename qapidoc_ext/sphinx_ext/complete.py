"""Content that is complete once it is rendered, kept out of the way of the reading phase.

Sphinx walks each document some forty times while it reads it, for footnotes, substitutions, images and the like. What a
schema gives hardly ever has any of these, and there is a lot of it: it is put into one node of the document, which is
opened before the first references are resolved. What does have them stays in the document as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.config import Config
from sphinx.transforms import SphinxSmartQuotes
from sphinx.transforms.post_transforms import SphinxPostTransform

from qapidoc_ext.render.nodes import fold, fold_title, whole_example
from qapidoc_ext.sphinx_ext.nodes import rendered

_CLASSES = frozenset(
    [
        nodes.admonition,
        nodes.block_quote,
        nodes.bullet_list,
        nodes.caution,
        nodes.colspec,
        nodes.container,
        nodes.definition,
        nodes.definition_list,
        nodes.definition_list_item,
        nodes.emphasis,
        nodes.entry,
        nodes.enumerated_list,
        nodes.important,
        nodes.inline,
        nodes.line,
        nodes.line_block,
        nodes.list_item,
        nodes.literal,
        nodes.literal_block,
        nodes.note,
        nodes.paragraph,
        nodes.row,
        nodes.rubric,
        nodes.strong,
        nodes.table,
        nodes.tbody,
        nodes.term,
        nodes.tgroup,
        nodes.thead,
        nodes.tip,
        nodes.warning,
        addnodes.pending_xref,
        fold,
        fold_title,
        whole_example,
    ]
)
"""Nodes that nothing in the reading phase changes or asks for, but for the quotation marks in their text."""
_FOR_QUOTES = re.compile(r"""["'`\\\0]|--|\.\.\.|\. \. \.""")


def is_complete(node: nodes.Node, named: Mapping[str, nodes.Node]) -> bool:
    """Whether the reading phase has nothing to do with a node or what it holds. The named nodes have names, by id."""
    if isinstance(node, nodes.Text):
        return True
    assert isinstance(node, nodes.Element)
    return (
        _is_complete_itself(node)
        and not any(named.get(anchor) is node for anchor in node.attributes["ids"])
        and all(is_complete(child, named) for child in node.children)
    )


def _is_complete_itself(node: nodes.Element) -> bool:
    if isinstance(node, nodes.reference):
        return "refuri" in node.attributes or "refid" in node.attributes
    if isinstance(node, nodes.title):
        return isinstance(node.parent, nodes.admonition)  # that of a table may have a number
    return type(node) in _CLASSES


def keep_aside(parent: nodes.Element, document: nodes.document, config: Config) -> None:
    """Put what is complete in a section, in those in it, or in the content of a definition into nodes of its own."""
    if config.language != "en":
        return  # translations need the text
    kept: list[nodes.Node] = []
    run: list[nodes.Node] = []
    for child in parent.children:
        if is_complete(child, document.ids):
            run.append(child)
            continue
        kept += _aside(run, document)
        run = []
        kept.append(child)
        if isinstance(child, nodes.section | addnodes.desc | addnodes.desc_content):
            keep_aside(child, document, config)
    parent.children = []
    parent.extend([*kept, *_aside(run, document)])


def _aside(run: list[nodes.Node], document: nodes.document) -> list[nodes.Node]:
    if not run:
        return []
    content = nodes.Element("", *run)
    _set_quotes(content, document)
    return [rendered(content=content)]


class _Texts:
    """As much of a document as the transform of quotation marks asks for."""

    def __init__(self, document: nodes.document, texts: Iterable[nodes.TextElement]) -> None:
        self.settings = document.settings
        self.reporter = document.reporter
        self._texts = texts

    def findall(self, condition: object) -> Iterable[nodes.TextElement]:
        del condition
        return self._texts


def _set_quotes(content: nodes.Element, document: nodes.document) -> None:
    """Sphinx's own transform, on just those texts that it can change."""
    texts = dict.fromkeys(_quoted(content, None))
    transform = SphinxSmartQuotes(document, startnode=None)
    transform.document = _Texts(document, texts)  # type: ignore[assignment]
    transform.apply()


def _quoted(node: nodes.Element, block: nodes.TextElement | None) -> Iterator[nodes.TextElement]:
    for child in node.children:
        if isinstance(child, nodes.Text):
            if block is not None and _FOR_QUOTES.search(child):
                yield block
        elif isinstance(child, nodes.TextElement):
            yield from _quoted(child, block if block is not None else child)
        elif isinstance(child, nodes.Element):
            yield from _quoted(child, None)


class OpenRendered(SphinxPostTransform):
    """Puts what was kept aside back where it belongs, before anything is resolved."""

    default_priority = 1

    def run(self, **kwargs: Any) -> None:
        """Nothing is left in the document that a builder would not know."""
        del kwargs
        for node in list(self.document.findall(rendered)):
            content = node["content"]
            parent = node.parent
            assert isinstance(parent, nodes.Element)
            children, content.children = content.children, []
            node.replace_self(children)
