"""Indices of everything in the domain: by kind and letter for each namespace, by module, by feature, by version."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, cast

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.domains import Index, IndexEntry

from qapidoc_ext.sphinx_ext.objects import DEFINITIONS, ROLES, Object

if TYPE_CHECKING:
    from qapidoc_ext.sphinx_ext.domain import QapiDomain

_Content = tuple[list[tuple[str, list[IndexEntry]]], bool]
_KINDS = {f"{kind.title()}s": place for place, kind in enumerate(ROLES["any"])}
"""The headings of kinds, each with its place: what is sent and what comes go before what these are made of."""
_NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
_NO_MODULE = f"no{_NO_BREAK_SPACE}module"
_VERSION = re.compile(r"\d+(?:\.\d+)*")


class _ObjectIndex(Index):
    """Objects under headings."""

    def generate(self, docnames: Iterable[str] | None = None) -> _Content:
        """The headings with their entries, and that no entry has others below it."""
        wanted = None if docnames is None else set(docnames)
        groups: dict[str, list[IndexEntry]] = {}
        domain = cast("QapiDomain", self.domain)
        for found in domain.all_objects():
            if wanted is None or found.docname in wanted:
                for heading, extra in self.headings(found):
                    entry = IndexEntry(found.name, 0, found.docname, found.anchor, extra, "", "")
                    groups.setdefault(heading, []).append(entry)
        ordered = sorted(groups, key=self.order)
        return [(heading, sorted(groups[heading], key=_by_name)) for heading in ordered], False

    def headings(self, found: Object) -> Iterator[tuple[str, str]]:
        """Each heading that an object stands under, and what is said about it there."""
        raise NotImplementedError

    def order(self, heading: str) -> tuple[object, ...]:
        """What headings are sorted by."""
        return (heading,)


def _by_name(entry: IndexEntry) -> tuple[str, str, str]:
    return entry.name.casefold(), entry.name, entry.docname


class DefinitionIndex(_ObjectIndex):
    """The definitions and modules of a namespace, by kind, then by letter."""

    name = "index"
    localname = shortname = "QAPI Index"
    namespace = ""

    def headings(self, found: Object) -> Iterator[tuple[str, str]]:
        """The plural of the kind, and the letter."""
        if found.namespace.lower() == self.namespace.lower() and found.kind in ROLES["any"]:
            yield f"{found.kind.title()}s", ""
            yield found.name[0].upper(), found.kind

    def order(self, heading: str) -> tuple[object, ...]:
        """Kinds go before letters."""
        return _KINDS.get(heading, len(_KINDS)), heading


class ModuleIndex(_ObjectIndex):
    """All definitions, by module."""

    name = "modules"
    localname = shortname = "QAPI by module"

    def headings(self, found: Object) -> Iterator[tuple[str, str]]:
        """The module, with its namespace."""
        if found.kind in DEFINITIONS:
            yield _in_namespace(found.module or _NO_MODULE, found), found.kind

    def order(self, heading: str) -> tuple[object, ...]:
        """What is described without a module goes last."""
        return heading.startswith(_NO_MODULE), heading


class FeatureIndex(_ObjectIndex):
    """Everything that carries a feature, by feature."""

    name = "features"
    localname = shortname = "QAPI by feature"

    def headings(self, found: Object) -> Iterator[tuple[str, str]]:
        """Each feature of a definition or of a part."""
        for feature in found.features:
            yield _in_namespace(feature, found), found.kind


class VersionIndex(_ObjectIndex):
    """All definitions, and parts that are younger, by the version since which they are there, as the texts say."""

    name = "versions"
    localname = shortname = "QAPI by version"

    def headings(self, found: Object) -> Iterator[tuple[str, str]]:
        """The first version in the text, with the namespace."""
        version = _VERSION.search(found.since)
        if version or found.kind in DEFINITIONS:
            yield _in_namespace(_minor(version[0]) if version else "not said", found), found.kind

    def order(self, heading: str) -> tuple[object, ...]:
        """The newest version goes first, then those that are not said."""
        version, _, namespace = heading.partition(_NO_BREAK_SPACE)
        numbers = [-int(number) for number in version.split(".") if number.isdecimal()]
        return (not numbers, numbers, namespace)


def _minor(version: str) -> str:
    """`10.2` for 10.2.0, as most texts call it; a stable release keeps its number."""
    return version.removesuffix(".0") if version.count(".") > 1 else version


def _in_namespace(name: str, found: Object) -> str:
    """A heading. Sphinx makes an identifier of it, in which HTML, and so every reader of EPUB, allows no space."""
    return (f"{name} ({found.namespace.upper()})" if found.namespace else name).replace(" ", _NO_BREAK_SPACE)


def add_indices(app: Sphinx, config: Config) -> None:
    """Give the domain its indices: each namespace that the configuration names has its own."""
    namespaces = [*config.qapidoc_schemas, *sorted(config.qapi_namespaces)]
    own = [
        type(
            "NamespaceIndex",
            (DefinitionIndex,),
            {
                "name": f"{namespace.lower()}-index",
                "namespace": namespace,
                "localname": f"{namespace.upper()} Index",
                "shortname": f"{namespace.upper()} Index",
            },
        )
        for namespace in {name.lower(): name for name in namespaces}.values()
    ]
    for index in (DefinitionIndex, *own, ModuleIndex, FeatureIndex, VersionIndex):
        app.add_index_to_domain("qapi", index)
