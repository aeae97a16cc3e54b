"""The outline of a record's Markdown: its front matter, its headings, its directives and its roles."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from qapidoc_ext.qmp.documents import FENCES, directive_of, with_options
from qapidoc_ext.source import Location, SourceError, SourceText


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
class Directive:
    """A directive of the text, not one within another directive."""

    name: str
    argument: str
    options: Mapping[str, str]
    content: str
    """Without the options."""
    location: Location
    content_line: int
    """The number of the content's first line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role within the text, in a table too."""

    name: str
    text: str
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the checks of a record need to know of its text."""

    path: str
    text: str
    """All of it."""
    front_matter: str | None
    """The text between the first line and the next `---`; its first line is line 2 of the file."""
    headings: tuple[Heading, ...]
    directives: tuple[Directive, ...]
    roles: tuple[Role, ...]


_OPTION = re.compile(r"[ \t]*:(?P<name>[\w-]+):[ \t]*(?P<value>.*)")


def page(text: str, path: str) -> Page:
    """The outline of a Markdown text, read the way that MyST reads it. Any text has one."""
    parser = MarkdownIt("commonmark").use(front_matter_plugin).use(colon_fence_plugin).use(myst_role_plugin)
    tokens = parser.parse(text)
    blocks = SyntaxTreeNode(tokens).children
    front_matter = next((block.content for block in blocks if block.type == "front_matter"), None)
    return Page(
        path=path,
        text=text,
        front_matter=front_matter,
        headings=tuple(_headings(blocks, path)),
        directives=tuple(_directives(tokens, path)),
        roles=tuple(_roles(tokens, path)),
    )


def _directives(tokens: Sequence[Token], path: str) -> Iterator[Directive]:
    for token in tokens:
        name, argument = directive_of(token.info) if token.type in FENCES else ("", "")
        if name and token.map is not None:
            written = SourceText(token.content, Location(path=path, line=token.map[0] + 2))
            content = with_options(written)
            lines = (written if isinstance(content, SourceError) else content).content.splitlines()
            options: dict[str, str] = {}
            while lines and (option := _OPTION.fullmatch(lines[0])):
                options[option["name"]] = option["value"].strip()
                del lines[0]
            yield Directive(
                name=name,
                argument=argument,
                options=options,
                content="\n".join(lines),
                location=Location(path=path, line=token.map[0] + 1, column=1),
                content_line=written.start.line + len(options),
            )


def _roles(tokens: Sequence[Token], path: str) -> Iterator[Role]:
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        for child in token.children or ():
            if child.type in {"softbreak", "hardbreak"}:
                line += 1
            elif child.type == "myst_role":
                yield Role(name=child.meta["name"], text=child.content, location=Location(path=path, line=line))


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
