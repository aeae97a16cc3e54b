"""Text without markup, which becomes paragraphs without docutils' parser: most of what a schema says is such text."""

from __future__ import annotations

import re

from docutils import nodes

from qapidoc_ext.source import Prose

_LIST_MARK = re.compile(r"\(?(?:[A-Za-z]|[0-9]+|[ivxlcdmIVXLCDM]+)[.)]")
_PLAIN = re.compile(
    r"""
    (?: [A-Za-z0-9@'"(]                  # No mark of a list, field, option, table, comment, doctest or title begins so.
        (?: [A-Za-z0-9 .,;!?/+=%#~^$&(){}'"-]
          | \N{RIGHT SINGLE QUOTATION MARK}
          | (?<![A-Za-z0-9.+_-]) @       # in no address
          | _ (?=[A-Za-z0-9])            # no reference
          | : (?=[ \n]|\Z)               # no address, role or literal block
        )*
        (?<![ ])
        (?: \n (?=[^\n]) | \Z)
    )+
    """,
    re.VERBOSE,
)


def plain_paragraphs(prose: Prose) -> list[nodes.Node] | None:
    """The paragraphs of a text without markup; None for a text that may have some."""
    paragraphs: list[nodes.Node] = []
    line = prose.location.line
    for text in prose.text.split("\n\n"):
        if not _is_plain(text):
            return None
        paragraph = nodes.paragraph(text, text)
        paragraph.source, paragraph.line = prose.location.path, line
        paragraphs.append(paragraph)
        line += text.count("\n") + 2
    return paragraphs


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and not any(map(_LIST_MARK.match, text.split("\n")))
