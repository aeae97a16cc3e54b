"""The pages about versions: what each changed, and what the QEMU that was asked has."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise

from docutils import nodes

from qapidoc_ext.introspect.compare import compare
from qapidoc_ext.introspect.observed import Observed
from qapidoc_ext.introspect.recordings import packed_recordings, recording
from qapidoc_ext.render.changes import changes_index_page, changes_page
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.presence import this_qemu_page
from qapidoc_ext.sphinx_ext.directives import PageDirective
from qapidoc_ext.sphinx_ext.domain import QapiDomain
from qapidoc_ext.sphinx_ext.pages import Page, page


def version_pages(observed: Observed) -> Iterator[Page]:
    """The pages about versions that a namespace has: none of what was not observed."""
    versions = observed.versions
    if versions:
        contents = dict(zip(versions, _digests(), strict=True))
        yield page("changes/index", "changes-index", "changes", versions)
        for old, new in pairwise(versions):
            yield page(f"changes/{new}", "changes", f"{old}..{new}", contents[old], contents[new])
    states = [(str(item), found.presence) for item, found in observed.items.items()]
    yield page("this-qemu", "this-qemu", "this-qemu", observed.asked, observed.not_asked, states)


def _digests() -> tuple[str, ...]:
    return tuple(sha256(content).hexdigest() for content in packed_recordings())


class ChangesDirective(PageDirective):
    """`qapi:changes`: what a version changed, written `OLD..NEW`."""

    def page(self, name: str, context: Context, domain: QapiDomain) -> nodes.section:
        """The changes, breaking ones first."""
        del domain
        old, _, new = name.partition("..")
        return changes_page(old, new, compare(recording(old), recording(new)), context)


class ChangesIndexDirective(PageDirective):
    """`qapi:changes-index`: the pages of changes."""

    def page(self, name: str, context: Context, domain: QapiDomain) -> nodes.section:
        """The versions."""
        del name, domain
        return changes_index_page(context.observed.versions, context)


class ThisQemuDirective(PageDirective):
    """`qapi:this-qemu`: the schema, compared with the QEMU that was asked."""

    def page(self, name: str, context: Context, domain: QapiDomain) -> nodes.section:
        """The comparison."""
        del name, domain
        return this_qemu_page(context)


DIRECTIVES = {
    "changes": ChangesDirective,
    "changes-index": ChangesIndexDirective,
    "this-qemu": ThisQemuDirective,
}
"""By name, without the domain's."""
