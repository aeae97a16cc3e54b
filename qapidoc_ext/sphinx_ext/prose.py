"""An author's reStructuredText in a schema, parsed where a directive stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from docutils import nodes
from docutils.parsers.rst import roles
from docutils.parsers.rst.languages import en as english
from docutils.parsers.rst.states import RSTState
from docutils.statemachine import StringList
from docutils.utils import Reporter
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import register_role, switch_source_input
from sphinx.util.parsing import nested_parse_to_nodes
from sphinx.util.typing import RoleFunction

from qapidoc_ext.render.context import Parse
from qapidoc_ext.render.example import schema_example
from qapidoc_ext.source import Prose
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.nodes import qmp_example

_IN_SCHEMA = "qapi:in-schema"
_ENGLISH: Any = english  # the types that docutils has for its languages do not take its own modules


def parser(state: RSTState, any_role: RoleFunction) -> Parse:
    """A parser of schema text, whose messages name the schema's file and line.

    `any_role` is the role of text in single backticks, as in QEMU's manual.
    """

    def parse(prose: Prose) -> list[nodes.Node]:
        lines = prose.text.expandtabs().split("\n")
        first = prose.location.line - 1  # docutils counts from 0
        places = [(prose.location.path, first + index) for index in range(len(lines))]
        content = StringList(lines, items=places)
        with switch_source_input(state, content), _default_role(any_role):
            return _as_schema_text(nested_parse_to_nodes(state, content))

    return parse


@contextmanager
def _default_role(role: RoleFunction) -> Iterator[None]:
    before: Any = roles.role("", _ENGLISH, 0, Reporter("", 4, 4))[0]
    register_role("", role)
    try:
        yield
    finally:
        register_role("", before)


def _as_schema_text(parsed: list[nodes.Node]) -> list[nodes.Node]:
    container = nodes.Element("", *parsed)
    for reference in container.findall(addnodes.pending_xref):
        reference[_IN_SCHEMA] = True
    for example in list(container.findall(qmp_example)):
        block = nodes.literal_block("", example["source"].text, language="none")
        example.replace_self(schema_example(example["title"], block))
    return list(container.children)


def keep_as_text(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """The text of a reference to what this site cannot have.

    A schema refers to QEMU's other manuals and to other schemas, in single backticks too; and where no schema is
    loaded, nothing in one can be referred to.
    """
    del app
    to_other_manual = node.get(_IN_SCHEMA) and (node.get("refdomain") == "std" or node["reftype"] == "any")
    to_no_schema = node.get("refdomain") == "qapi" and not qapi_domain(env).schemas
    return contnode if to_other_manual or to_no_schema else None
