"""Which pages have to lead to something else than they do, or nowhere any more.

Sphinx resolves the references of a document that has changed, and not those to what has changed in another one.
"""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from qapidoc_ext.sphinx_ext.config import is_generated
from qapidoc_ext.sphinx_ext.domain import Link, place_of, qapi_domain
from qapidoc_ext.sphinx_ext.finished import digest
from qapidoc_ext.sphinx_ext.stale import stale_pages


def collect_links(app: Sphinx, doctree: nodes.document) -> None:
    """Remember what the document that was just read refers to, if it is not a generated one."""
    docname = app.env.current_document.docname
    if not is_generated(app.config, docname):
        found = doctree.findall(addnodes.pending_xref)
        qapi_domain(app.env).note_links({_link(node, docname) for node in found if _may_lead_here(node)})


def _may_lead_here(reference: addnodes.pending_xref) -> bool:
    return bool(reference.get("refdomain") == "qapi" or reference.get("reftype") == "any")


def _link(reference: addnodes.pending_xref, docname: str) -> Link:
    place = place_of(reference, docname)
    return Link(reference["reftype"], reference["reftarget"].removesuffix("()"), place.namespace, place.module)


def pages_with_other_links(app: Sphinx, _env: BuildEnvironment) -> Iterable[str]:
    """The documents in which a reference has another address than on the page that was written of it."""
    domain = qapi_domain(app.env)
    return stale_pages(app, "links", {docname: digest(domain.addresses(docname)) for docname in domain.data["links"]})
