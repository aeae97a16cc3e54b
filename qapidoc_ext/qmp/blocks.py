"""The text of an example, divided into blocks by what their first line begins with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from qapidoc_ext.source import SourceText


class Marker(Enum):
    """What a block begins with."""

    OPTION = ":"
    COMMENT = "#"
    SEND = "->"
    EXPECT = "<-"
    SHELL = "(QEMU)"
    HOST = ">>>"
    NONE = ""
    """Nothing that a line of an example can begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together, as offsets."""

    marker: Marker
    start: int
    body: int
    """Behind the marker and the white space that follows it."""
    first_line_end: int
    end: int


_LINE = re.compile(
    r"""(?P<blank> [ \t\r]* $ )
      | (?P<marker> (?: -> | <- | \(QEMU\) | >>> ) (?=\s|$) | [#:] )?
        [ \t]* (?P<body> .* )
    """,
    re.VERBOSE | re.MULTILINE,
)


def divide(text: SourceText) -> Iterator[Block]:
    """The blocks of a text, in order.

    An indented line continues `->` and `<-`, any line without a marker continues `>>>`, and `#` continues `#`.
    """
    current: Block | None = None
    for line in _lines(text.content):
        if line is None or current is None:
            finished, current = current, line
        elif _continues(text.content, line, current):
            finished, current = None, replace(current, end=line.end)
        else:
            finished, current = current, line
        if finished:
            yield finished
    if current:
        yield current


def _lines(content: str) -> Iterator[Block | None]:
    """Every line as a block of its own; an empty one is None."""
    for line in re.finditer(r".+|^$", content, re.MULTILINE):
        parts = _LINE.match(content, *line.span())
        if parts is None or parts["blank"] is not None:
            yield None
            continue
        yield Block(
            marker=Marker(parts["marker"] or ""),
            start=line.start(),
            body=parts.start("body"),
            first_line_end=line.end(),
            end=line.end(),
        )


def _continues(content: str, line: Block, block: Block) -> bool:
    match block.marker:
        case Marker.SEND | Marker.EXPECT:
            return line.marker is Marker.NONE and content[line.start] in " \t"
        case Marker.HOST:
            return line.marker is Marker.NONE
        case Marker.COMMENT:
            return line.marker is Marker.COMMENT
        case _:
            return False
