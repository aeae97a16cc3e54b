"""The outline of a record's Markdown: its front matter and its headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.front_matter import front_matter_plugin

from qapidoc_ext.source import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading that stands at the top level of the text, not in a quotation or a list."""

    level: int
    """1 is the title."""
    text: str
    is_empty: bool
    """Nothing stands below it before the next heading of its own level or above."""
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the checks of a record need to know of its text."""

    path: str
    front_matter: str | None
    """The text between the first line and the next `---`; its first line is line 2 of the file."""
    headings: tuple[Heading, ...]


def page(text: str, path: str) -> Page:
    """The outline of a Markdown text, read the way that MyST reads it. Any text has one."""
    tokens = MarkdownIt("commonmark").use(front_matter_plugin).parse(text)
    blocks = SyntaxTreeNode(tokens).children
    front_matter = next((block.content for block in blocks if block.type == "front_matter"), None)
    return Page(path=path, front_matter=front_matter, headings=tuple(_headings(blocks, path)))


def _headings(blocks: list[SyntaxTreeNode], path: str) -> Iterator[Heading]:
    for block, following in zip_longest(blocks, blocks[1:]):
        if block.type == "heading" and block.map is not None:
            level = _level(block)
            yield Heading(
                level=level,
                text="".join(child.content for child in block.children),
                is_empty=following is None or (following.type == "heading" and _level(following) <= level),
                location=Location(path=path, line=block.map[0] + 1, column=1),
            )


def _level(heading: SyntaxTreeNode) -> int:
    return int(heading.tag.removeprefix("h"))
