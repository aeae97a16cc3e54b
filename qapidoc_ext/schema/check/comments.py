"""The form of documentation comments."""

from __future__ import annotations

import re
from operator import attrgetter
from typing import assert_never

from qapidoc_ext.schema.check.aligned import read_aligned
from qapidoc_ext.schema.check.indented import read_indented
from qapidoc_ext.schema.check.layout import layout_faults, may_have_layout_faults
from qapidoc_ext.schema.check.outline import LineFault, Outline
from qapidoc_ext.schema.dialect import Dialect, Grammar
from qapidoc_ext.schema.parser import Comment, lines_of
from qapidoc_ext.source import SourceText

_NO_SPACE = re.compile(r"\n[ \t]*(#)(?![#\n ])(?=.)")
_SPACE = re.compile(r"\s*")


def outline_of(comment: Comment, source: SourceText, dialect: Dialect) -> Outline:
    """What a comment describes, with what is wrong with its form."""
    outline = Outline(path=source.start.path, line=comment.line)
    opening, *rest = comment.text.split("\n")
    if opening != "##":
        outline.report(outline.line, "nothing may stand behind the '##' that starts a documentation comment")
    closing = rest.pop().lstrip() if rest and rest[-1].lstrip().startswith("##") else ""
    end = outline.line + len(rest) + 1
    faults = [
        LineFault(line=outline.line + comment.text.count("\n", 0, found.start(1)), message="missing space after '#'")
        for found in _NO_SPACE.finditer(comment.text)
    ]
    if dialect.layout and may_have_layout_faults(comment):
        faults += layout_faults(comment.lines)
    late = _read(comment, outline, dialect, end if closing else None)
    outline.faults[:] = sorted([*faults, *outline.faults], key=attrgetter("line"))
    if not closing:
        outline.report(_line_behind(comment, source), "a documentation comment must end with a line '##'")
    elif closing != "##":
        outline.report(end, "nothing may stand behind the '##' that ends a documentation comment")
    outline.faults += late
    return outline


def _read(comment: Comment, outline: Outline, dialect: Dialect, end: int | None) -> list[LineFault]:
    """Fill the outline. Returns what is found only when all of the comment is read."""
    match dialect.grammar:
        case Grammar.ALIGNED:
            read_aligned(lines_of(comment.text.split("\n"), comment.line), outline, end=end)
        case Grammar.INDENTED:
            return read_indented(comment.lines, outline, end=end, equals_headings=dialect.equals_headings)
        case Grammar.EITHER:
            if comment.lines and comment.lines[0][1].startswith("@"):
                outline.read_name(comment.lines[0])
        case _:
            assert_never(dialect.grammar)
    return []


def _line_behind(comment: Comment, source: SourceText) -> int:
    """The line of what stands behind a comment, or the last one of the file."""
    end = comment.offset + len(comment.text)
    space = _SPACE.match(source.content, end)
    return source.location(min(space.end() if space else end, max(len(source.content) - 1, 0))).line
