"""What only HTML shows: the place of an anchor, room between labels, a link of a name to itself."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

_WITHOUT_ANCHOR = (nodes.row, nodes.list_item, nodes.paragraph, nodes.container, nodes.rubric, nodes.admonition)
"""Those whose identifiers the builders of LaTeX and Texinfo leave out."""

SIGNS = {
    "\N{CHECK MARK}": r"\checkmark",
    "\N{MULTIPLICATION X}": r"\times",
    "\N{MINUS SIGN}": "-",
    "\N{NOT EQUAL TO}": r"\neq",
    "\N{CIRCLED DIVISION SLASH}": r"\oslash",
    "\N{BLACK RIGHT-POINTING TRIANGLE}": r"\blacktriangleright",
    "\N{WARNING SIGN}": r"\triangle",
    "\N{WHITE DIAMOND}": r"\lozenge",
    "\N{WHITE DIAMOND CONTAINING BLACK SMALL DIAMOND}": r"\blacklozenge",
    "\N{WHITE CIRCLE}": r"\circ",
    "\N{BLACK CIRCLE}": r"\bullet",
    "\N{CIRCLE WITH LEFT HALF BLACK}": r"\odot",
    "\N{WHITE CIRCLE WITH UPPER RIGHT QUADRANT}": r"\circledcirc",
    "\N{RIGHTWARDS ARROW WITH HOOK}": r"\hookrightarrow",
    "\N{LEFTWARDS ARROW}": r"\leftarrow",
    "\N{RIGHTWARDS ARROW}": r"\rightarrow",
    "\N{HEAVY DOUBLE TURNED COMMA QUOTATION MARK ORNAMENT}": r"\mathrm{``}",
}
"""Signs that our pages have, by what LaTeX draws for each: its usual fonts have none of them."""
_SIGN = re.compile(f"([{''.join(SIGNS)}])")


def show_unlike_html(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Show the same in another way, where the builder is one for documents to be read and not of HTML."""
    if app.builder.format in {"text", "latex", "man", "texinfo"}:
        say_in_words(doctree)
    if app.builder.format == "man":
        show_no_addresses(doctree)
    if app.builder.format == "latex":
        draw_signs(doctree)
    if app.builder.format in {"latex", "texinfo"}:
        keep_anchors(doctree)


def say_in_words(doctree: nodes.Element) -> None:
    """Put commas between labels in a row, and make a name that links to itself plain."""
    for labels in doctree.findall(nodes.paragraph):
        if "qapi-labels" in labels["classes"]:
            for space in [node for node in labels.children if node.astext() == " "]:
                labels.replace(space, nodes.Text(", "))
    for link in list(doctree.findall(nodes.reference)):
        if "qapi-own-link" in link["classes"]:
            link.replace_self(link.children)


def show_no_addresses(doctree: nodes.Element) -> None:
    """Make links within the documents plain: a manual page would show the addresses, which lead nowhere."""
    for link in list(doctree.findall(nodes.reference)):
        if link.get("internal"):
            link.replace_self(link.children)


def draw_signs(doctree: nodes.Element) -> None:
    """Put what LaTeX draws in the place of signs."""
    for text in list(doctree.findall(nodes.Text)):
        if _SIGN.search(text) and not isinstance(text.parent, nodes.literal | nodes.literal_block):
            parts = [part for part in _SIGN.split(text) if part]
            text.parent.replace(text, [_drawn(part) if part in SIGNS else nodes.Text(part) for part in parts])


def _drawn(sign: str) -> nodes.raw:
    return nodes.raw("", rf"\({SIGNS[sign]}\)", format="latex")


def keep_anchors(doctree: nodes.Element) -> None:
    """Put targets into what has identifiers, so that links lead there."""
    for node in list(doctree.findall()):
        if isinstance(node, _WITHOUT_ANCHOR) and node["ids"]:
            given = {other.get("refid") for other in node.parent.children if isinstance(other, nodes.target)}
            ids, node["ids"] = [name for name in node["ids"] if name not in given], []
            target = nodes.target("", "", ids=ids)
            if isinstance(node, nodes.rubric | nodes.container):  # in the head of a table it would be there twice
                node.replace_self([target, node])
            else:
                next(node.findall(nodes.paragraph), node).insert(0, target)
