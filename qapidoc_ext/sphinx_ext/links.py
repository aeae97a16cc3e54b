"""Where references lead: a page on which one leads elsewhere than before, or nowhere now, is written again.

Sphinx does that where the document has changed, and not where what it refers to has.
"""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from qapidoc_ext.sphinx_ext.complete import all_in
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.finished import digest
from qapidoc_ext.sphinx_ext.kept import rendered
from qapidoc_ext.sphinx_ext.objects import ROLES, Object
from qapidoc_ext.sphinx_ext.stale import stale_pages


def collect_links(app: Sphinx, doctree: nodes.document) -> None:
    """Remember what the document that was just read refers to: roles, and the last parts of names."""
    links = {
        (reference["reftype"], _last_part(reference["reftarget"].removesuffix("()")))
        for part in (doctree, *(node["holder"].value() for node in doctree.findall(rendered)))
        for reference in all_in(part)
        if isinstance(reference, addnodes.pending_xref)
        and (reference.get("refdomain") == "qapi" or reference.get("reftype") == "any")
    }
    if links:
        qapi_domain(app.env).data["links"][app.env.current_document.docname] = sorted(links)


def _last_part(name: str) -> str:
    """What a reference and what it leads to have in common, whatever the reference leaves out before it."""
    return name.rpartition(":")[2].rpartition(".")[2]


def pages_with_other_links(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """The pages on which a reference can mean something else than when they were written."""
    domain = qapi_domain(env)
    meanings: dict[tuple[str, str], list[Object]] = {}
    for found in sorted(domain.all_objects()):
        for role in _roles_of(found):
            # What decides which object a name means, and where the link leads.
            meanings.setdefault((role, _last_part(found.name)), []).append(found._replace(since="", features=()))
    digests = {link: digest(objects) for link, objects in meanings.items()}
    links: dict[str, list[tuple[str, str]]] = domain.data["links"]
    return stale_pages(
        app, "links", {docname: digest(list(map(digests.get, found))) for docname, found in links.items()}
    )


def _roles_of(found: Object) -> Iterable[str]:
    return (role for role, kinds in ROLES.items() if found.kind in kinds)
