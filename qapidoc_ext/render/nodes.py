"""Nodes of our own. Builders that know nothing of them show a fold's title, and below it what it holds."""

from __future__ import annotations

from docutils import nodes


class fold(nodes.container):  # noqa: N801 - docutils' nodes are named like this
    """What a reader opens to see; a link to something in it opens it too. Its first child is a `fold_title`."""


class fold_title(nodes.paragraph):  # noqa: N801
    """What is seen of a fold that is closed."""


class whole_example(fold):  # noqa: N801
    """An example as it is written, its hidden lines too. It is shown only where a reader can open it."""
