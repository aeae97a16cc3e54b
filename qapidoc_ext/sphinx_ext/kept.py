"""Nodes that are kept aside while a document is read, and put back while it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from docutils import nodes
from docutils.transforms import Transform
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import ReferencesResolver, SphinxPostTransform

_INDIFFERENT = frozenset(["sphinx", "sphinx_design", "myst_parser", "qapidoc_ext"])
"""Packages whose transforms for HTML change none of the nodes that can wait, but for their references."""
_ASKS_ALL = "sphinx.ext.extlinks"


class rendered(nodes.General, nodes.Element):  # noqa: N801 - docutils' nodes are named like this
    """Content that nothing changes while a document is read.

    The attribute `holder` has it, pickled: an element of no meaning, whose children it is. `can_wait` says whether the
    transforms of the writing phase, too, only resolve the references in it.
    """


class Selection:
    """As much of a document as a transform asks for, with just some of its nodes."""

    def __init__(self, document: nodes.document, found: Iterable[nodes.Node]) -> None:
        self.settings = document.settings
        self.reporter = document.reporter
        self._found = found

    def findall(self, condition: object) -> Iterable[nodes.Node]:
        """The nodes: they are what the transform looks for."""
        del condition
        return self._found


def apply_to(transform: type[SphinxTransform], document: nodes.document, found: Iterable[nodes.Node]) -> None:
    """Let a transform of Sphinx change just these nodes of a document."""
    applied = transform(document, startnode=None)
    applied.document = Selection(document, found)  # type: ignore[assignment]
    applied.apply()


class OpenAtFirst(SphinxPostTransform):
    """Puts back what was kept aside before anything is resolved: all that cannot wait."""

    default_priority = 1
    something_waits: ClassVar[bool]

    def run(self, **_arguments: Any) -> None:
        """What waits stays."""
        for node in list(self.document.findall(rendered)):
            if not (self.something_waits and node["can_wait"]):
                _open(node)


class OpenAtLast(SphinxPostTransform):
    """Puts back what waited, with its references resolved."""

    default_priority = 980

    def run(self, **_arguments: Any) -> None:
        """Nothing is left in the document that a builder would not know."""
        references: list[nodes.Node] = []
        for node in list(self.document.findall(rendered)):
            references += node["holder"].value().findall(addnodes.pending_xref)
            _open(node)
        apply_to(ReferencesResolver, self.document, references)


def open_in_time(app: Sphinx) -> None:
    """Register the transforms, the last one before the first of those that may ask for what it puts back."""
    last = min([OpenAtLast.default_priority, *((found.default_priority or 0) - 1 for found in _asking(app))])
    waits = app.builder.format == "html" and last > ReferencesResolver.default_priority
    app.add_post_transform(type(OpenAtFirst.__name__, (OpenAtFirst,), {"something_waits": waits}))
    app.add_post_transform(type(OpenAtLast.__name__, (OpenAtLast,), {"default_priority": last}))


def _asking(app: Sphinx) -> Iterator[type[Transform]]:
    for transform in app.registry.get_post_transforms():
        if transform.__module__.partition(".")[0] not in _INDIFFERENT or transform.__module__ == _ASKS_ALL:
            yield transform


def _open(node: rendered) -> None:
    holder = node["holder"].value()
    children, holder.children = holder.children, []
    node.replace_self(children)
