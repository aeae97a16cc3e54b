"""The examples that stand in a file: a .qmp file, which is one, or a document in Markdown or reStructuredText.

In a document it is what a build finds there: the content of directives `qmp-example`. One with the option `file` shows
a file that has the example, and is left out here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from qapidoc_ext.qmp.script import Script, parse, parse_file
from qapidoc_ext.source import Location, SourceError, fault, read_text

DIRECTIVE = "qmp-example"
SUFFIXES = (".qmp", ".md", ".rst")

_FENCE = re.compile(r"\{(?P<directive>[^}\s]+)\}")
_VERBATIM = frozenset(
    {"code", "code-block", "code-cell", "eval-rst", "literalinclude", "math", "parsed-literal", "raw"}
)
"""Directives whose content is no text with directives in it."""
_RST_EXAMPLE = re.compile(rf"\.\. {DIRECTIVE}::[ \t]*")
_RST_VERBATIM = re.compile(rf"\.\. (?:(?:{'|'.join(_VERBATIM)})::.*|(?!\S+::).*)|(?!\.\. ).*::[ \t]*")
"""What comes below is verbatim, or a comment."""
_NOT_RUN = re.compile(r"^:(?:file|annotated):", re.MULTILINE)
"""The option of an example that is in another file, and that of one which QEMU's manual shows as text."""


def examples_in(path: Path) -> list[Script | SourceError]:
    """The examples in a file, in its order. In the place of one that has faults stands what they are.

    :raise SourceError: the file cannot be read, or its name has another suffix.
    """
    if path.suffix not in SUFFIXES:
        raise fault(Location(path=str(path)), f"not a file that has examples: its name ends in {', '.join(SUFFIXES)}")
    if path.suffix == ".qmp":
        return [_read(lambda: parse_file(path))]
    text = read_text(path)
    found = _in_markdown(text, 1, 0) if path.suffix == ".md" else _in_restructuredtext(text.split("\n"))
    return [
        _read(lambda: parse(content, Location(str(path), line, column)))  # noqa: B023 (it is called at once)
        for content, line, column in found
        if not _NOT_RUN.search(content)
    ]


def _read(read: Callable[[], Script]) -> Script | SourceError:
    try:
        return read()
    except SourceError as error:
        return error


_Text = tuple[str, int, int]
"""A text, and the line and the column in which it begins."""


def _in_markdown(text: str, line: int, indentation: int) -> Iterator[_Text]:
    """The content of the directives in a text that begins in this line, and is indented so far."""
    lines = text.split("\n")
    for token in _MARKDOWN.parse(text):
        found = _FENCE.match(token.info) if token.type in {"fence", "colon_fence"} else None
        if found is None or token.map is None:
            continue
        first = token.map[0] + 1
        content = token.content.removesuffix("\n")
        inner = indentation + _indentation(lines[first:], content)
        if found["directive"] == DIRECTIVE:
            yield content, line + first, inner + 1
        elif found["directive"] not in _VERBATIM:
            yield from _in_markdown(token.content, line + first, inner)


def _indentation(lines: Iterable[str], content: str) -> int:
    """How far the content is indented in its lines."""
    pairs = zip(lines, content.split("\n"), strict=False)
    return next((len(written) - len(line) for written, line in pairs if line.strip()), 0)


def _in_restructuredtext(lines: Sequence[str]) -> Iterator[_Text]:
    number = 0
    while number < len(lines):
        begins = lines[number].lstrip(" ")
        below = _below(lines, number)
        if _RST_EXAMPLE.fullmatch(begins):
            yield from _content(lines[number + 1 : below], number + 2)
            number = below
        else:
            number = below if _RST_VERBATIM.fullmatch(begins) else number + 1


def _below(lines: Sequence[str], number: int) -> int:
    """The first line behind this one that is indented no deeper."""
    depth = _depth(lines[number])
    deeper = takewhile(lambda line: not line.strip() or _depth(line) > depth, lines[number + 1 :])
    return number + 1 + sum(1 for _ in deeper)


def _content(lines: Sequence[str], line: int) -> Iterator[_Text]:
    """The lines without what they are all indented by, and without the empty ones around them."""
    filled = [number for number, content in enumerate(lines) if content.strip()]
    if filled:
        depth = min(_depth(lines[number]) for number in filled)
        content = "\n".join(content[depth:] for content in lines[filled[0] : filled[-1] + 1])
        yield content, line + filled[0], depth + 1


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


_MARKDOWN = MarkdownIt("commonmark").use(colon_fence_plugin).use(front_matter_plugin)
