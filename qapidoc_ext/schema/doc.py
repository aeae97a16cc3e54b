"""Documentation comments, in the dialects from QEMU 5.2 on.

A comment is read leniently: whatever the dialect, every line of it ends up in some section. What changed over time:
the text of a member was aligned with its first line, later it is indented by four; the tags `Note`, `Notes`, `Example`
and `Examples` became reStructuredText directives in 9.1; `= heading` became a reStructuredText heading in 10.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from qapidoc_ext.schema.parser import Comment, Line
from qapidoc_ext.source import Location, Prose, SourceText


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
    start = source.location(comment.offset)
    first = start._replace(column=start.column + len("# "))
    lines = comment.lines
    name = _NAME.fullmatch(lines[0][1]) if lines else None
    if name is None or name["text"]:
        text = Section(kind=SectionKind.TEXT, prose=_prose(lines, first))
        return Doc(location=start, sections=(text,) if text.prose.text else ())
    sections = [_section(*part, first) for part in _split(lines[1:])]
    kept = tuple(s for s in sections if s.prose.text or s.kind in {SectionKind.MEMBER, SectionKind.FEATURE})
    return Doc(location=start, name=name["name"], sections=kept)


def split_at_headings(prose: Prose) -> list[Heading | Prose]:
    """Text that stands for itself, cut at its `= headings`."""
    parts: list[Heading | Prose] = []
    lines: list[Line] = []
    for number, text in enumerate(prose.text.split("\n"), prose.location.line):
        if heading := _HEADING.fullmatch(text):
            parts += [_prose(lines, prose.location), Heading(level=len(heading["level"]), text=heading["text"])]
            lines = []
        else:
            lines.append((number, text))
    parts.append(_prose(lines, prose.location))
    return [part for part in parts if part.text]


_Part = tuple[SectionKind, str, list[Line]]


def _split(lines: list[Line]) -> list[_Part]:
    """The sections of a definition's comment: kind, name, and lines, the first one without its tag."""
    parts: list[_Part] = [(SectionKind.TEXT, "", [])]
    described = SectionKind.MEMBER
    for line in lines:
        number, text = line
        kind, _, body = parts[-1]
        if not text or text[0] == " ":
            body.append(line)
        elif text == "Features:":
            described = SectionKind.FEATURE
            parts.append((SectionKind.TEXT, "", []))
        elif name := _NAME.match(text):
            parts.append((described, name["name"], [(number, name["text"])]))
        elif tag := _TAG.match(text):
            described = SectionKind.MEMBER
            parts.append((_TAGS[tag["tag"]], "", [(number, tag["text"])]))
        elif kind is not SectionKind.TEXT and _ends(kind, body):
            parts.append((SectionKind.TEXT, "", [line]))
        else:
            body.append(line)
    return parts


def _ends(kind: SectionKind, body: list[Line]) -> bool:
    """Whether the section goes no further than the line above one that is not indented.

    A section ends at a paragraph that is not indented. Before 9.1, the whole text of a tag could stand below it
    without any indentation; it then goes on to the next tag, as that of an example always did.
    """
    if len(body) < 2 or body[-1][1]:  # noqa: PLR2004 - the tag's own line, and a blank one
        return False
    is_tag = kind not in {SectionKind.MEMBER, SectionKind.FEATURE}
    written = [text for _, text in body[1:] if text]
    starts_below = not body[0][1] and not (written and written[0].startswith(" "))
    return not (is_tag and (kind is SectionKind.EXAMPLE or starts_below))


def _section(kind: SectionKind, name: str, lines: list[Line], first: Location) -> Section:
    """The first line, what stands behind a tag, says nothing about the indentation of the others."""
    if kind is SectionKind.TEXT or not lines[0][1]:
        return Section(kind=kind, name=name, prose=_prose(lines, first))
    number, text = lines[0]
    rest = f"\n{_dedent(lines[1:])[1]}" if len(lines) > 1 else ""
    prose = Prose(text=(text + rest).rstrip(), location=Location(first.path, number))
    return Section(kind=kind, name=name, prose=prose)


def _prose(lines: list[Line], first: Location) -> Prose:
    """The lines as one text, without blank lines around it and without the indentation that all have.

    They are of the file of `first`, and begin in its column.
    """
    start = next((index for index, (_, text) in enumerate(lines) if text), None)
    if start is None:
        return Prose(text="", location=Location(path=first.path, line=first.line))
    indent, text = _dedent(lines[start:])
    return Prose(text=text.rstrip(), location=Location(first.path, lines[start][0], first.column + indent))


def _dedent(lines: list[Line]) -> tuple[int, str]:
    """The width of the indentation that all lines have, and the text without it."""
    indents = [len(text) - len(text.lstrip()) for _, text in lines if text]
    indent = min(indents, default=0)
    return indent, "\n".join([text[indent:] for _, text in lines])
