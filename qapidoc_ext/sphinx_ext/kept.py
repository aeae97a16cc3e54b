"""Nodes that are kept aside while a document is read, and put back while it is written.

What nothing but its own visitors has to do with is put back at the very last, when a page is made of it: with many
processes, Sphinx has one apply the transforms of all documents, and all make the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, NoReturn

from docutils import nodes
from docutils.transforms import Transform
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import ReferencesResolver, SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

_INDIFFERENT = frozenset(["sphinx", "sphinx_design", "myst_parser", "qapidoc_ext"])
"""Packages whose code for HTML changes none of the nodes that can wait, but for their references."""
_MAKE_PAGES_OF_DOCUMENTS = frozenset(["html", "dirhtml"])
"""Builders that make a page of each document as it is."""
_ASKS_ALL = "sphinx.ext.extlinks"


class rendered(nodes.General, nodes.Element):  # noqa: N801 - docutils' nodes are named like this
    """Content that nothing changes while a document is read.

    The attribute `holder` has it, pickled: an element of no meaning, whose children it is. `can_wait` says whether the
    transforms of the writing phase, too, only resolve the references in it; then the node has the words for the search.
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
        for node in list(self.document.findall(rendered)):
            _open_resolved(node, self.document, self.env.current_document.docname)


def write_content(translator: HTML5Translator, node: rendered) -> NoReturn:
    """Write what waited until now.

    :raise SkipNode: always; the node itself is nothing.
    """
    for child in _open_resolved(node, translator.document, translator.builder.current_docname):
        child.walkabout(translator)
    raise nodes.SkipNode


def open_in_time(app: Sphinx) -> None:
    """Register the transforms, the last one before the first of those that may ask for what it puts back."""
    asking = [(found.default_priority or 0) - 1 for found in _asking(app)]
    last = min([OpenAtLast.default_priority, *asking])
    waits = app.builder.format == "html" and last > ReferencesResolver.default_priority
    app.add_post_transform(type(OpenAtFirst.__name__, (OpenAtFirst,), {"something_waits": waits}))
    if asking or _is_asked_for_resolved(app):
        app.add_post_transform(type(OpenAtLast.__name__, (OpenAtLast,), {"default_priority": last}))


def _asking(app: Sphinx) -> Iterator[type[Transform]]:
    for transform in app.registry.get_post_transforms():
        if not _is_indifferent(transform) or transform.__module__ == _ASKS_ALL:
            yield transform


def _is_asked_for_resolved(app: Sphinx) -> bool:
    """Whether something other than the page may be made of a document once its references are resolved."""
    handlers = [listener.handler for listener in app.events.listeners["doctree-resolved"]]
    return app.builder.name not in _MAKE_PAGES_OF_DOCUMENTS or not all(map(_is_indifferent, handlers))


def _is_indifferent(code: type[Transform] | Callable[..., Any]) -> bool:
    return (code.__module__ or "").partition(".")[0] in _INDIFFERENT  # there is no module for what is in conf.py


def _open(node: rendered) -> list[nodes.Node]:
    holder: nodes.Element = node["holder"].value()
    children, holder.children = holder.children, []
    node.replace_self(children)
    return children


def _open_resolved(node: rendered, document: nodes.document, docname: str) -> list[nodes.Node]:
    holder: nodes.Element = node["holder"].value()
    holder.parent = node.parent  # where a warning says that it is
    references = list(holder.findall(addnodes.pending_xref))
    for reference in references:
        reference["refdoc"] = docname
    apply_to(ReferencesResolver, document, references)
    return _open(node)
