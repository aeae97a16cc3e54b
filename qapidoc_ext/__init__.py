"""A Sphinx extension that documents QMP from its QAPI schema, and executes the QMP examples of the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = "0.1.0"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Sphinx calls this when it loads the extension."""
    from qapidoc_ext.sphinx_ext import finished  # noqa: PLC0415 - the layers below work without Sphinx
    from qapidoc_ext.sphinx_ext import setup as parts  # noqa: PLC0415

    parts.connect(app)
    return {
        "version": __version__,
        "env_version": finished.env_version(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
