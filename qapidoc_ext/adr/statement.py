"""What a page states: its paragraphs, items of lists and rows of tables, each with what it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from qapidoc_ext.qmp.documents import FENCES, directive_of
from qapidoc_ext.source import Location

LINK = "link"
"""Stands among the marks of what has a link."""
_SECTION = "h2"
_LISTS = {"bullet_list", "ordered_list"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A paragraph, an item of a list or a row of a table, at the top level of a page."""

    section: str
    """The heading of the second level above it; empty where there is none."""
    marks: frozenset[str]
    """The names of its roles, and :data:`LINK`. Items and rows have those of the paragraph directly above them too."""
    leads_to: str
    """What stands directly below: the name of a directive, `table` or `list`; empty for all else."""
    location: Location


def statements(text: str, path: str) -> Iterator[Statement]:
    """The statements of a Markdown text. What stands in directives, quotations and HTML is none."""
    parser = MarkdownIt("commonmark").enable("table")
    for plugin in (front_matter_plugin, colon_fence_plugin, myst_role_plugin, myst_block_plugin):
        parser.use(plugin)
    section, above = "", frozenset[str]()
    blocks = SyntaxTreeNode(parser.parse(text)).children
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        if block.type == "heading" and block.tag == _SECTION:
            section = "".join(child.content for child in block.children)
        for part in _parts(block):
            marks = frozenset(_marks(part)) | (above if part is not block else frozenset())
            line = part.map[0] + 1 if part.map else 0
            location = Location(path=path, line=line)
            leads_to = _kind(following) if part is block else ""
            yield Statement(section=section, marks=marks, leads_to=leads_to, location=location)
        above = frozenset(_marks(block)) if block.type == "paragraph" else frozenset()


def _parts(block: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    if block.type == "paragraph":
        return [block]
    if block.type in _LISTS:
        return block.children
    return [row for body in block.children if body.type == "tbody" for row in body.children]


def _kind(block: SyntaxTreeNode | None) -> str:
    if block is None:
        return ""
    if block.type in FENCES:
        return directive_of(block.info)[0]
    return "list" if block.type in _LISTS else "table" if block.type == "table" else ""


def _marks(node: SyntaxTreeNode) -> Iterator[str]:
    for one in node.walk():
        if one.type == "myst_role":
            yield one.meta["name"]
        elif one.type == "link":
            yield LINK
