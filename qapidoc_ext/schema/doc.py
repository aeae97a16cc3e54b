"""Documentation comments, in the dialects from QEMU 5.2 on.

A comment is read leniently: whatever the dialect, every line of it ends up in some section. What changed over time:
the text of a member was aligned with its first line, later it is indented by four; the tags `Note`, `Notes`, `Example`
and `Examples` became reStructuredText directives in 9.1; `= heading` became a reStructuredText heading in 10.1.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from enum import Enum

from qapidoc_ext.schema.lexer import SourceText
from qapidoc_ext.schema.parser import Comment
from qapidoc_ext.source import Location, Prose


class SectionKind(Enum):
    """What a section of a documentation comment is about."""

    TEXT = "text"
    MEMBER = "member"
    FEATURE = "feature"
    RETURNS = "Returns"
    ERRORS = "Errors"
    SINCE = "Since"
    NOTE = "Note"
    EXAMPLE = "Example"
    TODO = "TODO"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a documentation comment, without its tag."""

    kind: SectionKind
    name: str = ""
    """Of the member, value or feature that the section is about; empty for the other kinds."""
    prose: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of the form `= text`, as it was before 10.1."""

    level: int
    """1 for `=`, 2 for `==` and so on."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doc:
    """A documentation comment."""

    location: Location
    name: str = ""
    """Of the definition that it documents; empty for text that stands for itself."""
    sections: tuple[Section, ...] = ()

    def prose(self, kind: SectionKind, name: str = "") -> Prose | None:
        """The text of the first section of this kind that has this name."""
        return next((s.prose for s in self.sections if s.kind is kind and s.name == name), None)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


_TAGS = {
    "Returns": SectionKind.RETURNS,
    "Errors": SectionKind.ERRORS,
    "Since": SectionKind.SINCE,
    "Note": SectionKind.NOTE,
    "Notes": SectionKind.NOTE,
    "Example": SectionKind.EXAMPLE,
    "Examples": SectionKind.EXAMPLE,
    "TODO": SectionKind.TODO,
}
_TAG = re.compile(rf"(?P<tag>{'|'.join(_TAGS)}):(?!:)\s*(?P<text>.*)")
_NAME = re.compile(r"@(?P<name>[^\s:]+):\s*(?P<text>.*)")
_HEADING = re.compile(r"(?P<level>=+) +(?P<text>\S.*)")


def read_doc(comment: Comment, source: SourceText) -> Doc:
    """What a documentation comment says."""
    first = source.location(comment.offset)
    lines = _lines(comment, first.line)
    name = _NAME.fullmatch(lines[0].text) if lines else None
    if name is None or name["text"]:
        text = Section(kind=SectionKind.TEXT, prose=_prose(lines, first))
        return Doc(location=first, sections=(text,) if text.prose.text else ())
    sections = [_section(*part, first) for part in _split(lines[1:])]
    kept = tuple(s for s in sections if s.prose.text or s.kind in {SectionKind.MEMBER, SectionKind.FEATURE})
    return Doc(location=first, name=name["name"], sections=kept)


def split_at_headings(prose: Prose) -> list[Heading | Prose]:
    """Text that stands for itself, cut at its `= headings`."""
    parts: list[Heading | Prose] = []
    lines: list[_Line] = []
    for number, text in enumerate(prose.text.split("\n"), prose.location.line):
        if heading := _HEADING.fullmatch(text):
            parts += [_prose(lines, prose.location), Heading(level=len(heading["level"]), text=heading["text"])]
            lines = []
        else:
            lines.append(_Line(number, text))
    parts.append(_prose(lines, prose.location))
    return [part for part in parts if part.text]


def _lines(comment: Comment, number: int) -> list[_Line]:
    """The lines between the two `##`, without their `#`."""
    _, *rest = comment.text.split("\n")
    if rest and rest[-1].lstrip().startswith("##"):
        rest.pop()
    return [
        _Line(number, raw.lstrip()[1:].removeprefix(" ").rstrip()) for number, raw in enumerate(rest, number + 1)
    ]


_Part = tuple[SectionKind, str, list[_Line]]


def _split(lines: list[_Line]) -> list[_Part]:
    """The sections of a definition's comment: kind, name, and lines, the first one without its tag."""
    parts: list[_Part] = [(SectionKind.TEXT, "", [])]
    described = SectionKind.MEMBER
    for line in lines:
        kind, _, body = parts[-1]
        if line.text == "Features:":
            described = SectionKind.FEATURE
            parts.append((SectionKind.TEXT, "", []))
        elif name := _NAME.match(line.text):
            parts.append((described, name["name"], [_Line(line.number, name["text"])]))
        elif tag := _TAG.match(line.text):
            described = SectionKind.MEMBER
            parts.append((_TAGS[tag["tag"]], "", [_Line(line.number, tag["text"])]))
        elif line.text and kind is not SectionKind.TEXT and _ends(kind, body, line):
            parts.append((SectionKind.TEXT, "", [line]))
        else:
            body.append(line)
    return parts


def _ends(kind: SectionKind, body: list[_Line], line: _Line) -> bool:
    """Whether the section goes no further than the line above this one.

    A section ends at a paragraph that is not indented. Before 9.1, the whole text of a tag could stand below it
    without any indentation; it then goes on to the next tag, as that of an example always did.
    """
    follows_blank_line = len(body) > 1 and not body[-1].text
    if line.text.startswith(" ") or not follows_blank_line:
        return False
    is_tag = kind not in {SectionKind.MEMBER, SectionKind.FEATURE}
    written = [below.text for below in body[1:] if below.text]
    starts_below = not body[0].text and not (written and written[0].startswith(" "))
    return not (is_tag and (kind is SectionKind.EXAMPLE or starts_below))


def _section(kind: SectionKind, name: str, lines: list[_Line], first: Location) -> Section:
    """The first line, what stands behind a tag, says nothing about the indentation of the others."""
    if kind is SectionKind.TEXT or not lines[0].text:
        return Section(kind=kind, name=name, prose=_prose(lines, first))
    rest = textwrap.dedent("".join(f"\n{line.text}" for line in lines[1:])).rstrip()
    location = Location(path=first.path, line=lines[0].number)
    return Section(kind=kind, name=name, prose=Prose(text=lines[0].text + rest, location=location))


def _prose(lines: list[_Line], first: Location) -> Prose:
    """The lines as one text, without blank lines around it and without the indentation that all have."""
    written = [index for index, line in enumerate(lines) if line.text] or [len(lines)]
    text = textwrap.dedent("\n".join(line.text for line in lines[written[0] :])).rstrip()
    line = lines[written[0]].number if text else first.line
    return Prose(text=text, location=Location(path=first.path, line=line))
