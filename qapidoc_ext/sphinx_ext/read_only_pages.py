"""The pages about `read-only` and `auto-read-only`: the examples that measure what these do, and what that says."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from qapidoc_ext.qmp.read_only_examples import COMBINATIONS, Subject, example
from qapidoc_ext.qmp.read_only_subjects import SUBJECTS
from qapidoc_ext.sphinx_ext.pages import HEAD

FOLDER = "read-only"
"""Of the pages, below that of the namespace."""
INDEX = f"{FOLDER}/index"

_INDEX = """\
``read-only`` and ``auto-read-only``, by driver
===============================================

.. index:: ! read-only, ! auto-read-only

A request for a block node has two members about writing. What they do, alone and together, is different from driver to
driver. This is what QEMU was seen to do: each row is an example of its own, to which it links. In it, a node of the
driver was looked at in four situations:

* *Idle*: the target may be written, and nobody writes.
* *Writer attached*: an NBD export that may be written has been made of the same node.
* *Writer gone*: that export is gone.
* *No write permission*: the node is made anew, over a target without write permission. Then a writer comes.

A cell has the ``ro`` that ``query-named-block-nodes`` says; the access mode of the descriptor by which the QEMU
process holds the target; and, where a writer comes, whether it is accepted: whether QEMU makes that export. Nothing was
written to it; a driver that can only be read from may refuse each write. *not observable* says that there is no such
descriptor, or no target that a permission could be taken from; *no node*, that QEMU refused to make one.

Of a format or a filter, the members are in its own request. The file node below it is either a part of that request,
without such members, or has a request of its own with ``auto-read-only=on``.

The last column names what was seen as the discussion that led to ``dynamic-auto-read-only`` does:

* *hard read/write*: open for reading and writing, or refused.
* *hard read-only*: open for reading, and no writer is accepted.
* *fallback read-only*: open for reading and writing where that is permitted, and otherwise for reading: then ``ro`` is
  true.
* *dynamic read-only*: open for reading, and for writing as long as a writer is attached. ``ro`` is false all the time.

*refused* says that there can be no such node, even where the target may be written; *not observable*, that what there
is to see fits more than one of the four; *none of the four*, that it contradicts each of them.

.. qapi:read-only::
"""


def read_only_sources() -> dict[str, str]:
    """The text of the source files, by address below the folder of the namespace."""
    pages = {f"{FOLDER}/{subject.name}": "\n".join(_page(subject)) for subject in SUBJECTS}
    return {address: f"{HEAD}\n{text}" for address, text in {INDEX: _INDEX, **pages}.items()}


def _page(subject: Subject) -> Iterator[str]:
    title = f"``read-only`` and ``auto-read-only`` of {subject.title}"
    yield from (title, "=" * len(title), "")
    yield from (f".. qapi:read-only:: {subject.name}", "", ":doc:`How it is measured, and all drivers <index>`", "")
    for combination in COMBINATIONS:
        yield ".. qmp-example::"
        yield indent(example(subject, combination), "   ")
