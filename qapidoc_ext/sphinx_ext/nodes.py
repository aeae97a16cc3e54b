"""Nodes that stand for what is known only when all documents are read."""

from __future__ import annotations

from docutils import nodes


class qmp_example(nodes.General, nodes.Element):  # noqa: N801 - docutils' nodes are named like this
    """An example: the attribute `source` says where it is written, `title` what to show above it."""


class decision_summary(nodes.General, nodes.Element):  # noqa: N801
    """What the front matter of this page's decision says."""


class mentions(nodes.General, nodes.Element):  # noqa: N801
    """The documents that mention something: the attribute `key` says what."""


class decision_index(nodes.General, nodes.Element):  # noqa: N801
    """The list of all decisions."""
