"""Documentation comments as they were written before QEMU 8.1: text is aligned with the first word behind its tag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from qapidoc_ext.schema.check.outline import Outline, leading_spaces
from qapidoc_ext.schema.parser import Line

_TAGS = frozenset({"Returns:", "Since:", "Note:", "Notes:", "Example:", "Examples:", "TODO:"})
_NAME = re.compile(r"@\S*:\s*")
_NAME_IN_TEXT = re.compile(r"@\S+:")
_TAG = re.compile(r"\S*:\s*")


class _Part(Enum):
    """Where in the comment of a definition a line stands."""

    BODY = "body"
    MEMBERS = "members"
    FEATURES = "features"
    SECTIONS = "sections"


def read_aligned(lines: Sequence[Line], outline: Outline, *, end: int | None) -> None:
    """Fill the outline from the lines of a comment. `end` is the number of the line that ends it, if one does."""
    reader = _Reader(outline)
    for line in lines:
        reader.line(*line)
    if end is not None:
        reader.end_section(end)


class _Reader:
    """The part and the section of the comment that is being read."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._part = _Part.BODY
        self._section = ""
        """The tag of the section, or the name that it describes; empty for text without one."""
        self._indent = 0
        self._has_text = False
        self._has_lines = False
        """Whether the section has a line, be it a blank one."""
        self._follows_blank = False
        self._seen: set[str] = set()

    def line(self, number: int, text: str) -> None:
        outline = self._outline
        word = text.split(" ", 1)[0]
        is_name = word.startswith("@") and word.endswith(":")
        if not text:
            self._take(number, "")
        elif not outline.name and not self._has_lines and text.startswith("@"):
            outline.read_name((number, text))
        elif not outline.name:
            self._take(number, text)
        elif text.startswith("="):
            outline.report(number, "the comment of a definition can have no '=' heading")
        elif is_name and self._part is _Part.SECTIONS:
            outline.report(number, f"'{word}' must be described above the sections with tags")
        elif is_name:
            self._describe(number, text, word[1:-1])
        elif word in _TAGS:
            self._start_tag(number, text, word)
        elif text == "Features:" and self._features_may_follow():
            self._part = _Part.FEATURES
        else:
            if self._part in {_Part.MEMBERS, _Part.FEATURES} and self._follows_blank and not text[0].isspace():
                self._start_section(number, "", 0)
                self._part = _Part.SECTIONS
            self._take(number, text)

    def end_section(self, number: int) -> None:
        if self._section and not self._has_text:
            self._outline.report(number, f"the text of '{self._section}' is missing")

    def _features_may_follow(self) -> bool:
        return self._part is _Part.BODY or (self._part is _Part.MEMBERS and self._follows_blank)

    def _describe(self, number: int, text: str, name: str) -> None:
        if self._part is _Part.BODY:
            self._part = _Part.MEMBERS
        found = self._outline.features if self._part is _Part.FEATURES else self._outline.members
        self._outline.add(found, name, number)
        self._start_text(number, text, _NAME, f"@{name}")

    def _start_tag(self, number: int, text: str, tag: str) -> None:
        if tag in {"Returns:", "Since:"}:
            if tag in self._seen:
                self._outline.report(number, f"a second '{tag}'")
            self._seen.add(tag)
        if tag == "Returns:":
            self._outline.returns = self._outline.returns or number
        self._part = _Part.SECTIONS
        self._start_text(number, text, _TAG, tag)

    def _start_text(self, number: int, text: str, start: re.Pattern[str], section: str) -> None:
        found = start.match(text)
        width = found.end() if found else 0
        self._start_section(number, section, width if text[width:] else 0)
        self._take(number, " " * width + text[width:] if text[width:] else "")

    def _start_section(self, number: int, section: str, indent: int) -> None:
        self.end_section(number)
        self._section = section
        self._indent = indent
        self._has_text = self._has_lines = self._follows_blank = False

    def _take(self, number: int, text: str) -> None:
        if found := _NAME_IN_TEXT.match(text):
            self._outline.report(number, f"'{found[0]}' cannot stand in this text")
        elif text and leading_spaces(text) < self._indent:
            self._outline.report(number, f"this line must be indented by {self._indent}, as the text above it")
        self._follows_blank = self._has_lines and not text.strip()
        self._has_lines = True
        self._has_text = self._has_text or bool(text.strip())
