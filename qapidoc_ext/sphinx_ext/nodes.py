"""Nodes that stand for what is known only when all documents are read."""

from __future__ import annotations

from docutils import nodes


class placeholder(nodes.Element):  # noqa: N801 - docutils' nodes are named like this
    """Any of those that nothing but the builder can say more of: they are replaced when all else is resolved."""


class qmp_example(nodes.General, nodes.Element):  # noqa: N801
    """An example: the attribute `source` says where it is written, `title` what to show above it.

    `rawsource` is its content, without the options that `source` has above it.
    """


class data_link(nodes.Inline, placeholder, nodes.TextElement):  # noqa: N801
    """A link to the data for programs that is written beside this page."""


class mentions(nodes.General, placeholder):  # noqa: N801
    """The documents that mention something: the attribute `key` says what."""


class qmp_matrix(nodes.General, placeholder):  # noqa: N801
    """The table of all examples against versions of QEMU."""


class record_view(nodes.General, placeholder):  # noqa: N801
    """Something about decisions: the attribute `view` is the name of the directive that stood here."""


class record_said(nodes.Inline, placeholder):  # noqa: N801
    """A passage of the discussion: the attribute `text` names it."""


class record_shown(nodes.Inline, placeholder):  # noqa: N801
    """Evidence on this page: the attribute `text` is its name."""


class read_only_rows(nodes.General, placeholder):  # noqa: N801
    """What drivers do with `read-only` and `auto-read-only`: the attribute `subjects` says which of them are shown."""
