"""An author's reStructuredText in a schema, parsed where a directive stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any

from docutils import nodes
from docutils.parsers.rst import roles
from docutils.parsers.rst.languages import en as english
from docutils.parsers.rst.states import RSTState
from docutils.statemachine import StringList
from docutils.utils import Reporter
from sphinx import addnodes
from sphinx.util.docutils import register_role, switch_source_input
from sphinx.util.parsing import nested_parse_to_nodes
from sphinx.util.typing import RoleFunction

from qapidoc_ext.render.context import Parse
from qapidoc_ext.render.example import schema_example
from qapidoc_ext.source import Location, Prose
from qapidoc_ext.sphinx_ext.nodes import qmp_example
from qapidoc_ext.sphinx_ext.plain import plain_paragraphs

IN_SCHEMA = "qapi:in-schema"
"""Marks a reference in a text that was written for another set of documents."""
_OPTION = re.compile(r"(?<![\w-])--(?=\w)")
_ENGLISH: Any = english  # the types that docutils has for its languages do not take its own modules


def parser(state: RSTState, any_role: RoleFunction) -> Parse:
    """A parser of schema text for a site that has none of QEMU's other manuals.

    `any_role` is the role of text in single backticks, as in QEMU's manual.
    """

    def parse(prose: Prose) -> list[nodes.Node]:
        with _default_role(any_role):
            parsed = _parsed(state, prose)
        for reference in parsed.findall(addnodes.pending_xref):
            reference[IN_SCHEMA] = True
        return list(parsed.children)

    return _sparing(parse)


def manual_parser(state: RSTState) -> Parse:
    """A parser of schema text for QEMU's own manual: it refers to what there is in the other documents."""
    return _sparing(lambda prose: list(_parsed(state, prose).children))


def _sparing(parse: Parse) -> Parse:
    """The parser, asked only for a text that has markup."""

    def parse_markup(prose: Prose) -> list[nodes.Node]:
        plain = plain_paragraphs(prose)
        parsed = parse(prose) if plain is None else plain
        if _OPTION.search(prose.text):
            _keep_options(parsed)
        return parsed

    return parse_markup


def _keep_options(parsed: Iterable[nodes.Node]) -> None:
    """Keep Sphinx from making a dash of the two hyphens that an option begins with: no shell takes that for one."""
    for text in chain.from_iterable(node.findall(nodes.Text) for node in parsed):
        if _OPTION.search(text):
            text.parent["support_smartquotes"] = False


def _parsed(state: RSTState, prose: Prose) -> nodes.Element:
    """The text, in an element of no meaning. Messages name the schema's file and line."""
    content = located([prose])
    with switch_source_input(state, content):
        parsed = with_shown_examples(nested_parse_to_nodes(state, content))
    for reference in list(parsed.findall(nodes.reference)):
        if reference.get("refuri", "").endswith("://"):  # docutils takes what an address begins with for a whole one
            reference.replace_self(reference.children)
    return parsed


def located(texts: Iterable[Prose | str]) -> StringList:
    """Texts as docutils reads them, each line with its place in the schema. A plain string has none of its own."""
    result = StringList()
    place = Location(path="", line=1)
    for text in texts:
        place = text.location if isinstance(text, Prose) else place
        for index, line in enumerate((text.text if isinstance(text, Prose) else text).expandtabs().split("\n")):
            # docutils counts lines from 0
            result.append(line, place.path, place.line - 1 + (index if isinstance(text, Prose) else 0))
    return result


@contextmanager
def _default_role(role: RoleFunction) -> Iterator[None]:
    before: Any = roles.role("", _ENGLISH, 0, Reporter("", 4, 4))[0]
    register_role("", role)
    try:
        yield
    finally:
        register_role("", before)


def with_shown_examples(parsed: Iterable[nodes.Node]) -> nodes.Element:
    """What was parsed, in an element of no meaning; examples are shown as they are written."""
    container = nodes.Element("", *parsed)
    for example in list(container.findall(qmp_example)):
        block = nodes.literal_block(example.rawsource, example.rawsource, language="QMP")
        example.replace_self(schema_example(example["title"], block))
    return container
