"""The sources of generated pages, parsed with as much of reStructuredText as they have.

A field, a comment and a directive: docutils makes three state machines for these, each with a dozen states of which all
transitions are compiled, and that takes as long as to render what the page shows.
"""

from __future__ import annotations

import re

from docutils import nodes
from docutils.parsers.rst import states
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.parsers import RSTParser

from qapidoc_ext.sphinx_ext.pages import SOURCE


class Source(states.Body):
    """The state of a machine that reads such a source."""

    initial_transitions = ("explicit_markup", "field_marker")

    def field_marker(
        self, match: re.Match[str], _context: list[str], next_state: str | None
    ) -> tuple[list[str], str | None, list[str]]:
        """A field, put with those before it."""
        field, _ = self.field(match)  # type: ignore[no-untyped-call]
        if not self.parent.children:
            self.parent += nodes.field_list()
        self.parent[-1] += field
        return [], next_state, []

    def explicit_list(self, _blank_finish: object) -> None:
        """What follows is read by this machine."""


class PageParser(RSTParser):
    """A parser of reStructuredText."""

    def parse(self, inputstring: str | StringList, document: nodes.document) -> None:
        """Parse a document, as docutils does where it is written by hand."""
        config = document.settings.env.config
        is_decorated = config.rst_prolog or config.rst_epilog
        usual = self.state_classes, self.initial_state
        if not is_decorated and isinstance(inputstring, str) and SOURCE.fullmatch(inputstring):
            self.state_classes, self.initial_state = (Source,), Source.__name__  # type: ignore[assignment]
        super().parse(inputstring, document)
        self.state_classes, self.initial_state = usual  # Sphinx 8 parses the next document with the same parser


def register(app: Sphinx) -> None:
    """Let documents in reStructuredText be parsed by this, where no other extension has a parser of its own."""
    if app.registry.get_source_parser("restructuredtext") is RSTParser:
        app.add_source_parser(PageParser, override=True)
