"""The examples in the documentation comments of a schema, divided into messages.

An example is what the tags `Example` and `Examples` have, or, from 9.1 on, the content of `.. qmp-example::`. Of what
stands in it, these are messages, and everything else is text for the reader, such as a line for a shell:

- what begins with a line that has `->` (a client sends it) or `<-` (QEMU sends it) in front;
- in a tag, which QEMU never read, also what begins with a line that has `{` in front.

A message goes on with lines that are indented further than its first one, with lines that begin with `}` or `]`, and
where a mark stands alone, with a line that begins with `{`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qapidoc_ext.schema.doc import Doc, SectionKind
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.source import Location, Prose, SourceText

_DIRECTIVE = re.compile(r"(?P<indent> *)\.\. qmp-example::$")
_OPTION = re.compile(r" *:[\w-]+:(?: |$)")
_FIRST_LINE = re.compile(r"(?P<indent> *)(?:(?P<mark>->|<-)(?: +|$)|(?=\{))(?P<body>.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it is written, as offsets into the text that it stands in."""

    mark: str
    """`->` or `<-`; empty where there is none."""
    indent: int
    """Of the first line: the number of spaces."""
    start: int
    """Behind the mark."""
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocExample:
    """An example in a documentation comment."""

    location: Location
    """Of its first line, as a whole."""
    definition: str
    """The name of what the comment documents; empty for text that stands for itself."""
    text: SourceText
    messages: tuple[Message, ...]
    """As offsets into `text`."""


def doc_examples(schema: Schema) -> Iterator[DocExample]:
    """The examples of a schema, module by module."""
    for module in schema.modules:
        docs = [schema.definitions[name].doc for name in module.definitions]
        for doc in [*module.docs, *docs]:
            yield from _of_doc(doc) if doc else ()


def _of_doc(doc: Doc) -> Iterator[DocExample]:
    for section in doc.sections:
        lines = list(_lines(section.prose.text))
        if section.kind is SectionKind.EXAMPLE:
            yield _example(doc, section.prose, lines, has_marks=False)
        elif "qmp-example::" in section.prose.text:
            for content in _contents(lines):
                yield _example(doc, section.prose, content, has_marks=True)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for line in text.split("\n"):
        yield _Line(line, start)
        start += len(line) + 1


def _contents(lines: list[_Line]) -> Iterator[list[_Line]]:
    """The lines of each directive's content, which is indented, without its options and the blank lines around it."""
    for index, line in enumerate(lines):
        if not (directive := _DIRECTIVE.match(line.text)):
            continue
        content: list[_Line] = []
        for below in lines[index + 1 :]:
            if below.text and below.indent <= len(directive["indent"]):
                break
            if content or (below.text and not _OPTION.match(below.text)):
                content.append(below)
        if content:
            yield content


def _example(doc: Doc, prose: Prose, lines: list[_Line], *, has_marks: bool) -> DocExample:
    text = SourceText(prose.text, prose.location)
    return DocExample(
        location=Location(prose.location.path, text.line(lines[0].start)),
        definition=doc.name,
        text=text,
        messages=tuple(_messages(lines, has_marks=has_marks)),
    )


def _messages(lines: list[_Line], *, has_marks: bool) -> Iterator[Message]:
    current: Message | None = None
    for line in lines:
        if not line.text:
            continue
        first = _FIRST_LINE.match(line.text)
        if current and _goes_on(current, line, first):
            current = replace(current, end=line.end)
            continue
        if current:
            yield current
        current = None
        if first and (first["mark"] or not has_marks):
            indent, body = len(first["indent"]), line.start + first.start("body")
            current = Message(mark=first["mark"] or "", indent=indent, start=body, end=line.end)
    if current:
        yield current


def _goes_on(message: Message, line: _Line, first: re.Match[str] | None) -> bool:
    if first and first["mark"]:
        return False
    is_alone = message.start == message.end
    return line.indent > message.indent or line.text.lstrip()[:1] in ("}", "]") or (is_alone and first is not None)
