"""The text of an example, divided into blocks by what their first line begins with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from qapidoc_ext.source import SourceText

UNNAMED = "QEMU"
"""What qmp-shell's prompt has in the place of the name of a machine."""


class Marker(Enum):
    """What a block begins with."""

    OPTION = ":"
    COMMENT = "#"
    SEND = "->"
    EXPECT = "<-"
    SHELL = "()"
    HOST = ">>>"
    NONE = ""
    """Nothing that a line of an example can begin with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together, as offsets."""

    marker: Marker
    machine: str
    """The name that the marker has: `src` of `src->` and of `(src)`; "" where it has none."""
    hidden: bool
    """Whether the lines begin with `~`: they are executed and not shown."""
    start: int
    body: int
    """Behind the marker and the white space that follows it."""
    first_line_end: int
    end: int


_HIDDEN = re.compile(r"^~ ?", re.MULTILINE)
_LINE = re.compile(
    r"""(?P<blank> [ \t\r]* $ )
      | (?: (?P<name>[A-Za-z]\w*)? (?P<arrow> -> | <- ) (?=\s|$)
          | \( (?P<shell>[A-Za-z]\w*) \) (?=\s|$)
          | (?P<other> >>> (?=\s|$) | [#:] ) )?
        [ \t]* (?P<body> .* )
    """,
    re.VERBOSE | re.MULTILINE | re.ASCII,
)


def without_marks(text: SourceText) -> SourceText:
    """The text without the `~` that hide lines, where every other character stays in its place."""
    return SourceText(content=_HIDDEN.sub(lambda mark: " " * len(mark[0]), text.content), start=text.start)


def divide(text: SourceText) -> Iterator[Block]:
    """The blocks of a text, in order.

    An indented line continues `->` and `<-`, any line without a marker continues `>>>`, and `#` continues `#`. A hidden
    line continues only a hidden block, and the other way round.
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
        hidden = _HIDDEN.match(content, line.start())
        start = hidden.end() if hidden else line.start()
        parts = _LINE.match(content, start, line.end())
        if parts is None or parts["blank"] is not None:
            yield None
            continue
        yield Block(
            marker=Marker("()" if parts["shell"] else parts["arrow"] or parts["other"] or ""),
            machine=parts["name"] or _shell_machine(parts["shell"]),
            hidden=hidden is not None,
            start=start,
            body=parts.start("body"),
            first_line_end=line.end(),
            end=line.end(),
        )


def _shell_machine(name: str | None) -> str:
    return "" if name is None or name == UNNAMED else name


def _continues(content: str, line: Block, block: Block) -> bool:
    if line.hidden is not block.hidden:
        return False
    match block.marker:
        case Marker.SEND | Marker.EXPECT:
            return line.marker is Marker.NONE and content[line.start] in " \t"
        case Marker.HOST:
            return line.marker is Marker.NONE
        case Marker.COMMENT:
            return line.marker is Marker.COMMENT
        case _:
            return False
