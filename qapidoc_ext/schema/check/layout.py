"""How the lines of a comment are laid out, since QEMU 10.2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qapidoc_ext.schema.check.outline import LineFault, leading_spaces
from qapidoc_ext.schema.parser import Comment, Line

MAXIMUM_LENGTH = 70
"""Of a line, with its `# `."""

_LITERAL = re.compile(r"(?:\.\. +qmp-example)? *::")
_ADDRESS = re.compile(r" *(?:https?|ftp)://[^ ]*")
_ONE_SPACE = re.compile(r"[.!?] [A-Z0-9(]")
_NO_SENTENCE = re.compile(r"(?:.*\b)?e\.g\.| *\d\.")


def may_have_layout_faults(comment: Comment) -> bool:
    """Whether a comment has to be read line by line: most need not."""
    is_long = max(map(len, comment.text.split("\n"))) > MAXIMUM_LENGTH
    return is_long or _ONE_SPACE.search(comment.text) is not None


def layout_faults(lines: Sequence[Line]) -> Iterator[LineFault]:
    """Lines that are too long, and sentences with one space between them, outside of literal text and examples."""
    for number, text in _outside_of_literals(lines):
        if len(text) + 2 > MAXIMUM_LENGTH and not _ADDRESS.fullmatch(text):
            yield LineFault(line=number, message=f"this line has more than {MAXIMUM_LENGTH} characters")
        for found in _ONE_SPACE.finditer(text):
            if not _NO_SENTENCE.fullmatch(text, 0, found.start() + 1):
                yield LineFault(line=number, message="there must be two spaces between sentences")
                break


def _outside_of_literals(lines: Sequence[Line]) -> Iterator[Line]:
    is_literal = False
    indent = 0
    for number, text in lines:
        if _LITERAL.fullmatch(text):
            is_literal = True
            indent = 0
        elif is_literal and text:
            indent = indent or leading_spaces(text)
            is_literal = leading_spaces(text) >= indent
        if not is_literal:
            yield number, text
