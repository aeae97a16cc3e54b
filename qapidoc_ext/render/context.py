"""What the functions that render a part of a schema share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from docutils import nodes
from sphinx import addnodes

from qapidoc_ext.introspect.observed import NOTHING, Observed
from qapidoc_ext.qmp.doc_faults import JudgedExample
from qapidoc_ext.render.build import literal, paragraph
from qapidoc_ext.render.prose import link_names
from qapidoc_ext.source import Location, Prose

Parse = Callable[[Prose], list[nodes.Node]]
"""Turns an author's reStructuredText into nodes; a fault in it is reported at the place of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where a page belongs, and how a schema's text becomes nodes.

    It has no schema: all that a page shows is in its view, see :mod:`qapidoc_ext.render.views`.
    """

    namespace: str
    """Of the schema among those that are documented together: `qmp`."""
    parse: Parse
    judged: Mapping[Location, JudgedExample] = field(default_factory=dict)
    """The examples of the schema's comments, by the place of the first line."""
    observed: Observed = NOTHING
    """What versions of QEMU have of it."""
    folder: str = ""
    """The folder of the namespace's pages, from the top of the sources; "" where other pages cannot be linked to."""
    anchors: Mapping[str, str] = field(default_factory=dict)
    """The anchors of the parts that the page has, by name; `@name` links to them."""

    def observing(self, observed: Observed) -> Context:
        """The same context, for a place of which this was observed."""
        return replace(self, observed=observed)

    def on_page_with(self, names: Iterable[str], prefix: str = "") -> Context:
        """The context of a page that has these parts too, whose anchors begin with the prefix."""
        return replace(self, anchors={**self.anchors, **{name: prefix + name for name in names}})

    def link(self, role: str, target: str, text: str | nodes.inline = "") -> addnodes.pending_xref:
        """A reference by name; Sphinx resolves it once all documents are read. A text that is a string is literal."""
        return addnodes.pending_xref(
            "",
            text if isinstance(text, nodes.inline) else literal(text or target),
            refdomain="qapi",
            reftype=role,
            reftarget=target,
            refexplicit=bool(text),
            refwarn=False,
            **{"qapi:namespace": self.namespace},
        )

    def link_part(self, definition: str, part: str) -> addnodes.pending_xref:
        """A reference to a member or value of a definition; to the definition itself where the part is empty."""
        return self.link("member", f"{definition}.{part}") if part else self.link("any", definition)

    def prose(self, prose: Prose | None, *, otherwise: str = "Not documented.") -> list[nodes.Node]:
        """An author's text, its `@names` linked. Where there is none, that is said."""
        if prose is None or not prose.text:
            return [paragraph(nodes.emphasis("", otherwise), classes=["qapi-missing"])] if otherwise else []
        return link_names(self.parse(prose), self.link_name)

    def link_name(self, name: str) -> nodes.Node:
        """The literal name, linked to what it means on the page or elsewhere."""
        if name in self.anchors:
            return nodes.reference("", "", literal(name), refid=self.anchors[name], internal=True)
        return self.link("any", name)
