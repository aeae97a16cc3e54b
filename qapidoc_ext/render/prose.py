"""What `@name` refers to in an author's text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from docutils import nodes

_NAME = re.compile(r"@(?P<name>\w(?:[\w.-]*\w)?)")
_VERBATIM = nodes.FixedTextElement | nodes.literal | nodes.reference


def link_names(content: Iterable[nodes.Node], link: Callable[[str], nodes.Node]) -> list[nodes.Node]:
    """The content, with each `@name` in it that is not verbatim text replaced by the node that `link` gives for it."""
    container = nodes.Element("", *content)
    for text in list(container.findall(nodes.Text)):
        if not isinstance(text.parent, _VERBATIM):
            _replace_names(text, link)
    return list(container.children)


def names_in(text: str) -> set[str]:
    """The names that have an `@` before them."""
    return {found["name"] for found in _NAME.finditer(text)}


def _replace_names(text: nodes.Text, link: Callable[[str], nodes.Node]) -> None:
    pieces: list[nodes.Node] = []
    end = 0
    for found in _NAME.finditer(text):
        pieces += [nodes.Text(text[end : found.start()]), link(found["name"])]
        end = found.end()
    if pieces:
        pieces.append(nodes.Text(text[end:]))
        text.parent.replace(text, [piece for piece in pieces if piece.astext()])
