"""Directives whose content is computed when their document is read: from schemas, or from recorded introspections."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from qapidoc_ext.adr.computed import REFERENCE, answers_of, schemas_of
from qapidoc_ext.adr.interface import interface_change
from qapidoc_ext.adr.shown import INTERFACE, RECORDED
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.interface_reference import anchor, interface_reference, names
from qapidoc_ext.render.reference import Reference, kind
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.source import Location, SourceError
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.examples import content_start
from qapidoc_ext.sphinx_ext.nodes import record_view
from qapidoc_ext.sphinx_ext.objects import Object
from qapidoc_ext.sphinx_ext.prose import parser

COMPUTED = "something computed"
"""What a page with one of these directives has on it."""


class ComputedDirective(SphinxDirective):
    """Any of these directives."""

    def run(self) -> list[nodes.Node]:
        """The content; where it has faults, that it has some: they are told when all documents are read."""
        place, domain = Location(*self.get_source_info()), qapi_domain(self.env)
        domain.note_page(COMPUTED)
        try:
            return self.computed(place)
        except SourceError as error:
            domain.note_computed_faults(place, error)
            return [nodes.paragraph("", "What belongs here has faults.")]

    def computed(self, place: Location) -> list[nodes.Node]:
        """The content of the directive, which stands at this place.

        :raise SourceError: it has faults.
        """
        raise NotImplementedError

    def view(self, view: str, computed: object) -> record_view:
        """A node that stands for what is shown of the result."""
        return record_view(view=view, argument="", computed=computed, name=self.options.get("name", ""))

    def schemas(self, directive: str, place: Location) -> tuple[Schema, Schema]:
        """The schemas that the directive of this name compares, whose files the document depends on.

        :raise SourceError: an option is missing, or a schema has faults.
        """
        found = schemas_of(directive, self.options, place)
        for file in {module.path for schema in found for module in schema.modules}:
            self.env.note_dependency(file)
        return found


class InterfaceChangeDirective(ComputedDirective):
    """`interface-change`: the definitions in which the schemas `:before:` and `:after:` differ."""

    option_spec: ClassVar[OptionSpec] = dict.fromkeys(("name", "before", "after"), directives.unchanged)

    def computed(self, place: Location) -> list[nodes.Node]:
        """A node that stands for the definitions, and what a client notices."""
        return [self.view(INTERFACE, interface_change(*self.schemas(INTERFACE, place)))]


class RecordedAnswersDirective(ComputedDirective):
    """`recorded-answers`: what recorded introspections answer to the lines of the content."""

    has_content = True
    option_spec: ClassVar[OptionSpec] = dict.fromkeys(("name", "versions"), directives.unchanged)

    def computed(self, place: Location) -> list[nodes.Node]:
        """A node that stands for the table, and the queries."""
        return [self.view(RECORDED, answers_of(self.options, list(self.content), content_start(self), place))]


class InterfaceReferenceDirective(ComputedDirective):
    """`interface-reference NAME`: the schema `:after:`, with what differs from `:before:` marked.

    The name is that of a namespace: `{qapi:any}` does not find these definitions, unless it stands before theirs.
    """

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = dict.fromkeys(("before", "after"), directives.unchanged)

    def computed(self, place: Location) -> list[nodes.Node]:
        """The definitions."""
        domain, namespace = qapi_domain(self.env), self.arguments[0]
        before, after = self.schemas(REFERENCE, place)
        old, new = (Reference(schema=schema, namespace=namespace, words={}) for schema in (before, after))
        here = self.env.current_document.docname
        for one in (old, new):
            found = [(kind(one.schema.definitions[name]), name) for name in names(one)]
            domain.note([Object(namespace, kind, name, here, anchor(name)) for kind, name in found])
        context = Context(namespace=namespace, parse=parser(self.state, domain.any_role()))
        return interface_reference(old, new, context)
