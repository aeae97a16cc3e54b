"""The styles and scripts of the extensions that this one brings with it, only on pages that need them."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

_BROUGHT = {
    "sphinx_design": ("sd-", ("sphinx-design.min.css", "design-tabs.js")),
    "sphinx.ext.graphviz": ("graphviz", ("graphviz.css",)),
}
"""What the HTML of a page that needs them has in it, and the files, by extension."""


def leave_out_unused(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let no page wait for what it does not use, unless the project itself names the extension."""
    del pagename, templatename, doctree
    for extension, (mark, names) in _BROUGHT.items():
        if extension in app.config.extensions or mark in context.get("body", ""):
            continue
        for files in (context.get("css_files", []), context.get("script_files", [])):  # JSON pages have none
            files[:] = [file for file in files if not str(file.filename).endswith(names)]
