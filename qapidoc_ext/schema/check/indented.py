"""Documentation comments as they are written since QEMU 8.1: the text of a member or a tag is indented."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qapidoc_ext.schema.check.outline import LineFault, Outline, first_written, leading_spaces
from qapidoc_ext.schema.parser import Line

_NAME = re.compile(r"@([^:]*): *")
_TAG = re.compile(r"(Returns|Errors|Since|Notes?|Examples?|TODO):(?!:) *")


def read_indented(
    lines: Sequence[Line], outline: Outline, *, end: int | None, equals_headings: bool
) -> list[LineFault]:
    """Fill the outline from the lines of a comment. Returns what is found only when all of it is read.

    `end` is the line of the `##` that ends the comment, None where it has no end.
    """
    reader = _Reader(lines, outline, end)
    if lines and lines[0][1].startswith("@"):
        reader.definition(equals_headings=equals_headings)
    else:
        reader.text(equals_headings=equals_headings)
    return reader.empty


class _Reader:
    """A position in the lines of a comment. Each method leaves it behind what it has read."""

    def __init__(self, lines: Sequence[Line], outline: Outline, end: int | None) -> None:
        self._lines = lines
        self._end = end
        self._outline = outline
        self._next = 0
        self._is_described = False
        """Whether descriptions of members are over."""
        self._tags: dict[str, int] = {}
        self.empty: list[LineFault] = []
        """The sections without text."""

    def text(self, *, equals_headings: bool) -> None:
        for index, (number, text) in enumerate(self._lines):
            if name := _NAME.match(text):
                message = f"'@{name[1]}:' can only stand in the comment of a definition, whose first line names it"
                self._outline.report(number, message)
            elif equals_headings and index and text.startswith("="):
                self._outline.report(number, "a '=' heading must be the first line of its comment")

    def definition(self, *, equals_headings: bool) -> None:
        self._outline.read_name(self._lines[0])
        self._next = first_written(self._lines, 1)
        while self._next < len(self._lines):
            number, text = self._lines[self._next]
            if text == "Features:":
                self._features(number)
            elif text.startswith("@") and _NAME.match(text):
                self._members(number)
            elif tag := _TAG.match(text):
                self._tagged(number, tag)
            else:
                if equals_headings and text.startswith("="):
                    self._outline.report(number, "the comment of a definition can have no '=' heading")
                self._paragraph()
            self._next = first_written(self._lines, self._next)

    def _features(self, number: int) -> None:
        if self._outline.features:
            self._outline.report(number, "a second 'Features:'")
        self._next = first_written(self._lines, self._next + 1)
        if not self._described(self._outline.features):
            at = self._lines[self._next][0] if self._next < len(self._lines) else self._end
            if at is not None:
                self._outline.report(at, "behind 'Features:', the features are missing")
        self._is_described = True

    def _members(self, number: int) -> None:
        if self._is_described:
            self._outline.report(number, "a member must be described above 'Features:' and the sections with tags")
        self._described(self._outline.members)
        self._is_described = True

    def _described(self, found: dict[str, int]) -> bool:
        """Read the descriptions of members or features that stand here. Returns whether there is one."""
        is_any = False
        while self._next < len(self._lines) and (name := _NAME.match(self._lines[self._next][1])):
            number, text = self._lines[self._next]
            self._outline.add(found, name[1], number)
            self._indented(f"@{name[1]}", number, text[name.end() :])
            is_any = True
        return is_any

    def _tagged(self, number: int, tag: re.Match[str]) -> None:
        kind = tag[1]
        if kind.startswith(("Note", "Example")):
            directive = "note" if kind.startswith("Note") else "qmp-example"
            self._outline.report(number, f"'{kind}:' is no longer a tag; there is the directive '.. {directive}::'")
        elif kind != "TODO":
            if kind in self._tags:
                self._outline.report(number, f"a second '{kind}:'")
            self._tags.setdefault(kind, number)
        self._outline.returns = self._tags.get("Returns", 0)
        self._outline.errors = self._tags.get("Errors", 0)
        self._indented(kind, number, tag.string[tag.end() :])
        self._is_described = True

    def _paragraph(self) -> None:
        while self._next < len(self._lines) and self._lines[self._next][1]:
            self._next += 1

    def _indented(self, what: str, number: int, text: str) -> None:
        """Read the text of a section, which goes on for as long as lines are indented as its first one is."""
        lines = self._lines
        self._next = start = first_written(lines, self._next + 1)
        indent = leading_spaces(lines[start][1]) if start < len(lines) else 0
        if not indent:
            if not text:
                self.empty.append(LineFault(line=number, message=f"behind '{what}:', the text is missing"))
            return
        while self._next + 1 < len(lines):
            self._next += 1
            following = lines[self._next][1]
            if following and not following[:indent].isspace():
                if self._next == start + 1 and not _NAME.match(following):
                    message = f"this line must be indented by {indent}, as the one above it, or follow a blank line"
                    self._outline.report(lines[self._next][0], message)
                return
        self._next = len(lines)
