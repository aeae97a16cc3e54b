"""The directive `interface-reference`: a schema that is not the one of this build, documented on one page."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from qapidoc_ext.adr.computed import schemas_of
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.interface_reference import anchor, interface_reference, names
from qapidoc_ext.render.reference import Reference, kind
from qapidoc_ext.source import Location, SourceError
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.objects import Object
from qapidoc_ext.sphinx_ext.prose import parser


class InterfaceReferenceDirective(SphinxDirective):
    """`interface-reference NAME`: the schema `:after:`, with what differs from `:before:` marked.

    The name is that of a namespace: `{qapi:any}` does not find these definitions, unless it stands before theirs.
    """

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = dict.fromkeys(("before", "after"), directives.unchanged_required)

    def run(self) -> list[nodes.Node]:
        """The definitions; nothing where a schema has faults."""
        place = Location(*self.get_source_info())
        try:
            before, after = schemas_of(self.name, self.options, place)
        except SourceError as error:
            qapi_domain(self.env).note_computed_faults(place, error)
            return [nodes.paragraph("", "What belongs here has faults.")]
        for file in {module.path for schema in (before, after) for module in schema.modules}:
            self.env.note_dependency(str(file))
        domain, namespace = qapi_domain(self.env), self.arguments[0]
        old, new = (Reference(schema=schema, namespace=namespace, words={}) for schema in (before, after))
        here = self.env.current_document.docname
        for one in (old, new):
            found = [(kind(one.schema.definitions[name]), name) for name in names(one)]
            domain.note([Object(namespace, kind, name, here, anchor(name)) for kind, name in found])
        context = Context(namespace=namespace, parse=parser(self.state, domain.any_role()))
        return interface_reference(old, new, context)
