"""What stands in documents for something that only the builder can say, replaced when all else is resolved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from qapidoc_ext.sphinx_ext.data import show_data_links
from qapidoc_ext.sphinx_ext.decisions import show_records
from qapidoc_ext.sphinx_ext.matrix import show_matrices
from qapidoc_ext.sphinx_ext.mentions import show_mentions
from qapidoc_ext.sphinx_ext.nodes import (
    data_link,
    mentions,
    placeholder,
    qmp_matrix,
    read_only_rows,
    record_said,
    record_shown,
    record_view,
)
from qapidoc_ext.sphinx_ext.read_only import show_rows

_SHOWN: dict[Callable[[Sphinx, Any, str], None], tuple[type[placeholder], ...]] = {
    show_matrices: (qmp_matrix,),
    show_rows: (read_only_rows,),
    show_mentions: (mentions,),
    show_records: (record_view, record_said, record_shown),
    show_data_links: (data_link,),
}


def show_placeholders(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace them all. They are looked for once: a document that has none can be long."""
    pages: dict[str, list[placeholder]] = {}
    for node in doctree.findall(placeholder):
        pages.setdefault(_page_of(node, docname), []).append(node)
    for show, classes in _SHOWN.items():
        for page, found in pages.items():
            if chosen := [node for node in found if isinstance(node, classes)]:
                show(app, chosen, page)


def _page_of(node: nodes.Element | None, docname: str) -> str:
    """The document that a node comes from: where a builder puts several into one, their sections name it."""
    while node is not None:
        if isinstance(node, nodes.section) and "docname" in node:
            return str(node["docname"])
        node = node.parent
    return docname
