"""The pages about versions: what each changed, what is gone, and what the QEMU that was asked has."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

from docutils import nodes

from qapidoc_ext.introspect.compare import compare
from qapidoc_ext.introspect.gone import gone
from qapidoc_ext.introspect.observed import Observed
from qapidoc_ext.introspect.recordings import packed_recordings, recording, versions_up_to
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.render.changes import changes_address, changes_index_page, changes_page, far_pairs, gone_page
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.presence import this_qemu_page
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.sphinx_ext.config import config_of
from qapidoc_ext.sphinx_ext.described import search_entry
from qapidoc_ext.sphinx_ext.directives import PageDirective
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.pages import Page, page


def version_pages(reference: Reference, observed: Observed, compared: Container[str]) -> Iterator[Page]:
    """The pages about versions that a namespace has: none of what was not observed.

    Each two of the versions to be compared have one, see :func:`qapidoc_ext.render.changes.far_pairs`. The search finds
    none of these: whoever looks for a command would find more of them than of all other pages.
    """
    schema, versions = reference.schema, observed.versions
    if versions:
        contents = dict(zip(versions, [sha256(one).hexdigest() for one in packed_recordings()], strict=True))
        names = list(schema.definitions)
        far = far_pairs(versions, compared)
        yield page("changes/index", "changes-index", "changes", (versions, far))
        for old, new in [*pairwise(versions), *far]:
            address = changes_address(old, new, versions)
            changes = page(address, "changes", f"{old}..{new}", (contents[old], contents[new], names))
            yield replace(changes, is_found=False)
        yield page("gone", "gone", "gone", (schema.version, contents, _described(reference).entities, names))
    states = [(str(item), found.presence) for item, found in observed.items.items()]
    shown = (schema.version, observed.asked, observed.not_asked, states)
    yield page("this-qemu", "this-qemu", "this-qemu", shown)


def _described(reference: Reference) -> Introspection:
    """What the schema describes: without that, it is compared with no version."""
    assert reference.description
    return reference.description.introspection


def _recorded(context: Context, name: str) -> tuple[str, ...]:
    if not context.observed.versions:
        raise KeyError(name)
    return context.observed.versions


class ChangesDirective(PageDirective):
    """`qapi:changes`: what a version changed, written `OLD..NEW`."""

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The changes, breaking ones first."""
        old, _, new = name.partition("..")
        found = compare(recording(old), recording(new))
        return changes_page(old, new, found, reference.schema.definitions, context)


class ChangesIndexDirective(PageDirective):
    """`qapi:changes-index`: the pages of changes."""

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The versions."""
        del reference
        self.note("page", "changes", f"changes-{context.namespace}")
        versions = _recorded(context, name)
        return changes_index_page(versions, far_pairs(versions, config_of(self.config).compared), context)

    def index_entries(self) -> list[tuple[str, str, str, str, None]]:
        """What somebody types who wants to know what came with a version."""
        observed = qapi_domain(self.env).observed[self.arguments[0]]
        return [search_entry(f"since {version}") for version in observed.versions]


class GoneDirective(PageDirective):
    """`qapi:gone`: what earlier versions have and the schema does not describe."""

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The list. Commands and events are searched for by their names."""
        version = reference.schema.version
        earlier = {text: recording(text) for text in versions_up_to(version, _recorded(context, name))}
        found = gone(_described(reference), earlier)
        self.names = [one.path for one in found if one.is_whole]
        self.note("page", name, f"gone-{context.namespace}")
        return gone_page(version, found, reference.schema.definitions, context)

    def index_entries(self) -> list[tuple[str, str, str, str, None]]:
        """What somebody types who remembers a command."""
        return [search_entry(name) for name in self.names]


class ThisQemuDirective(PageDirective):
    """`qapi:this-qemu`: the schema, compared with the QEMU that was asked."""

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The comparison."""
        self.note("page", name, f"this-qemu-{context.namespace}")
        return this_qemu_page(reference.schema.version, context)


DIRECTIVES = {
    "changes": ChangesDirective,
    "changes-index": ChangesIndexDirective,
    "gone": GoneDirective,
    "this-qemu": ThisQemuDirective,
}
"""By name, without the domain's."""
