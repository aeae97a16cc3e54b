"""Content that is complete once it is rendered, kept out of the way of Sphinx's transforms.

Sphinx walks each document some forty times while it reads it, and some twenty times while it writes it, for footnotes,
substitutions, images and the like. What a schema gives hardly ever has any of these, and there is a lot of it: it is
put into nodes of the document, which are opened when it is written. What does have them stays in the document as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxSmartQuotes

from qapidoc_ext.render.nodes import fold, fold_title, whole_example
from qapidoc_ext.sphinx_ext.kept import apply_to, rendered
from qapidoc_ext.sphinx_ext.pickled import Pickled

_CLASSES = frozenset(
    [
        nodes.abbreviation,
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
_PYTHON = frozenset(["default", "guess", "py", "py3", "pycon", "pycon3", "python", "python3"])
"""Languages of blocks that may be sessions, of which Sphinx removes the flags for doctest."""
_FOR_QUOTES = re.compile(r"""["'`\\\0]|--|\.\.\.|\. \. \.""")


def is_complete(content: nodes.Node, named: Mapping[str, nodes.Node]) -> bool:
    """Whether the reading phase has nothing to do with a node or what it holds. The named nodes have names, by id."""
    elements = [node for node in all_in(content) if isinstance(node, nodes.Element)]
    anchors = ((anchor, node) for node in elements for anchor in node.attributes["ids"])
    return all(map(_is_complete_itself, elements)) and not any(named.get(anchor) is node for anchor, node in anchors)


def all_in(content: nodes.Node) -> list[nodes.Element | nodes.Text]:
    """A node and all that it holds, level by level: the list grows while it is gone through.

    That takes half of the time of docutils' own `findall`.
    """
    assert isinstance(content, nodes.Element | nodes.Text)
    found: list[nodes.Element | nodes.Text] = [content]
    for node in found:
        found.extend(node.children)  # type: ignore[arg-type]
    return found


def _is_complete_itself(node: nodes.Element) -> bool:
    if type(node) in _CLASSES:
        return True
    if isinstance(node, nodes.reference):
        return "refuri" in node.attributes or "refid" in node.attributes
    return isinstance(node, nodes.title) and isinstance(node.parent, nodes.admonition)  # a table's may have a number


def is_changed_when_written(content: nodes.Node) -> bool:
    """Whether transforms of the writing phase other than the one that resolves references change a complete node."""
    return any(map(_is_changed_itself, all_in(content)))


def _is_changed_itself(node: nodes.Node) -> bool:
    match node:
        case nodes.literal_block():
            return node.get("language") in _PYTHON or "language" not in node
        case nodes.container():
            return "design_component" in node
        case addnodes.pending_xref():
            return "intersphinx" in node or node["reftype"] == "myst"
        case _:
            return False


def keep_aside(parent: nodes.Element, document: nodes.document, env: BuildEnvironment) -> None:
    """Put what is complete in a section, in those in it, or in the content of a definition into nodes of its own."""
    if env.config.language != "en" or env.versioning_condition:
        return  # translations need the text, and so does what gathers it for them
    kept: list[nodes.Node] = []
    for complete, children in groupby(parent.children, lambda child: is_complete(child, document.ids)):
        run = list(children)
        if complete:
            kept += _aside(run, document)
            continue
        kept += run
        for child in run:
            if isinstance(child, nodes.section | addnodes.desc | addnodes.desc_content):
                keep_aside(child, document, env)
    parent.children = []
    parent.extend(kept)


def _aside(run: Iterable[nodes.Node], document: nodes.document) -> Iterator[rendered]:
    for changed, content in groupby(run, is_changed_when_written):
        holder = nodes.Element("", *content)
        _set_quotes(holder, document)
        yield rendered(holder=Pickled(holder), can_wait=not changed)


def _set_quotes(content: nodes.Element, document: nodes.document) -> None:
    """Sphinx's own transform, on just those texts that it can change."""
    texts = (node for node in all_in(content) if isinstance(node, nodes.Text) and _FOR_QUOTES.search(node))
    if found := dict.fromkeys(block for text in texts if (block := _block_of(text))):
        apply_to(SphinxSmartQuotes, document, found)


def _block_of(text: nodes.Text) -> nodes.TextElement | None:
    """The outermost element that is text as a whole, such as a paragraph."""
    block, parent = None, text.parent
    while isinstance(parent, nodes.TextElement):
        block, parent = parent, parent.parent
    return block
