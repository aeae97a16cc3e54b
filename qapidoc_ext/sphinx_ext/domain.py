"""The domain `qapi`: what can be referred to, and how references are resolved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import RoleFunction

from qapidoc_ext.adr.dates import Written
from qapidoc_ext.adr.ground import Ground
from qapidoc_ext.adr.ground import Place as EvidencePlace
from qapidoc_ext.adr.judgement import Judgement
from qapidoc_ext.adr.records import Records
from qapidoc_ext.introspect.observed import Observed
from qapidoc_ext.qmp.doc_faults import JudgedExample
from qapidoc_ext.qmp.outcome import Run
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.source import Finding, Location, SourceError
from qapidoc_ext.sphinx_ext.finished import Finished
from qapidoc_ext.sphinx_ext.lazily import Lazily
from qapidoc_ext.sphinx_ext.objects import DEFINITIONS, KINDS, PARTS, ROLES, Key, Names, Object, Place, key_of
from qapidoc_ext.sphinx_ext.pickled import Pickled
from qapidoc_ext.sphinx_ext.prose import IN_SCHEMA
from qapidoc_ext.sphinx_ext.report import logger
from qapidoc_ext.sphinx_ext.roles import QapiRole

ELSEWHERE = "definition"
"""What a name in a schema's text can mean on another site. No role is called that."""
_BESIDE, _BEHIND = 1, 2
"""Priorities of objects in Sphinx's search: beside the pages whose title is looked for, and behind all pages."""


class ExampleSource(NamedTuple):
    """Where an example is written: in a file of its own, whose text is read when it runs, or in a document."""

    path: str
    line: int = 0
    """Of the first line of `text`; 0 for a file of its own."""
    text: str = ""
    named: str = ""
    """`PATH:LINE` of what names the file; empty for an example in a document."""


class Unreadable(NamedTuple):
    """An example that has faults."""

    findings: tuple[Finding, ...]


class QapiDomain(Domain):
    """The definitions of QAPI schemas, their parts, branches, features and modules."""

    name = "qapi"
    label = "QAPI"
    data_version = 6
    object_types: ClassVar[dict[str, ObjType]] = {
        kind: ObjType(
            kind,
            *(role for role, kinds in ROLES.items() if kind in kinds),
            *([ELSEWHERE] if kind in DEFINITIONS else []),
        )
        for kind in KINDS
    }
    roles: ClassVar[dict[str, Any]] = {role: QapiRole(warn_dangling=True) for role in ROLES}
    by_document: ClassVar[tuple[str, ...]] = ("objects", "examples", "pages", "faults", "computed_faults", "links")
    initial_data: ClassVar[dict[str, Any]] = {**{kept: {} for kept in by_document}, "mentions": {}}

    # What each build finds out anew, and what is not kept with the environment.
    finished: Finished
    schemas: Mapping[str, Schema]
    """By namespace."""
    source_tree: Path
    """QEMU's, for `qapi-doc`."""
    references: Mapping[str, Reference]
    """What the pages of each schema show, by namespace."""
    versions: Mapping[str, str | None]
    """Of the QEMU that a schema is from, "" where that is not known, None for one with faults; by namespace."""
    judged: Mapping[str, dict[Location, JudgedExample]]
    """The examples of the schemas' comments, by namespace and by the place of the first line."""
    observed: Mapping[str, Observed]
    """What versions of QEMU have of each schema, by namespace."""
    runs: dict[str, list[Run | None]]
    """By document, in the order of its examples; None for one that cannot be read."""
    ran: dict[str, str]
    """What the examples of each document did, as a digest of what its page shows of it."""
    writing_data: Callable[[], OSError | None]
    """What waits for the data for programs to be written, and returns what prevented that."""
    resolved: set[str]
    """The documents that are being written."""
    to_show: dict[str, Mapping[str, str]]
    """Digests of what pages show, by what that is and by document."""
    records: Mapping[str, Records]
    """By folder."""
    grounds: Mapping[str, dict[EvidencePlace, Ground]]
    """All evidence of the records' pages; by folder."""
    judgements: Mapping[str, list[Judgement]]
    """The verdicts of the records, against what this build found out; by folder."""
    written: dict[str, dict[Path, Written] | str]
    """By folder: when its files were committed, or why that is not known."""
    _names: Names | None = None

    @property
    def objects(self) -> dict[str, dict[Key, Object]]:
        """By document."""
        return self.data["objects"]  # type: ignore[no-any-return]

    @property
    def lacks_schemas(self) -> bool:
        """Whether the configuration names schemas, and this build has none: what references mean is in one of them."""
        return bool(self.env.config.qapidoc_schemas and not self.schemas)

    def all_objects(self) -> Iterator[Object]:
        """Everything that references can lead to."""
        return (found for objects in self.objects.values() for found in objects.values())

    @property
    def names(self) -> Names:
        """All objects by name. Those of a configured schema go before those that a document describes."""
        if self._names is None:
            self._names = Names(self.all_objects(), list(self.env.config.qapidoc_schemas))
        return self._names

    @property
    def examples(self) -> Mapping[str, list[Script | Unreadable]]:
        """By document, in its order, as they were when it was read: a change of their files has it read again."""
        kept: dict[str, Pickled[list[Script | Unreadable]]] = self.data["examples"]
        return Lazily(kept, lambda docname: kept[docname].value())

    @property
    def faults(self) -> dict[str, tuple[Finding, ...]]:
        """What is wrong with the schemas that a document shows, by document."""
        return self.data["faults"]  # type: ignore[no-any-return]

    @property
    def computed_faults(self) -> dict[str, list[tuple[Location, tuple[Finding, ...]]]]:
        """What is wrong with the computed directives of a document, and where these stand, by document."""
        return self.data["computed_faults"]  # type: ignore[no-any-return]

    def note_computed_faults(self, place: Location, error: SourceError) -> None:
        """Remember what is wrong with a directive of the page that is being read, which each build then reads anew."""
        self.env.note_reread()
        self.computed_faults.setdefault(self.env.current_document.docname, []).append((place, error.findings))

    def judged_at(self, location: Location) -> JudgedExample | None:
        """The example of a schema's comment whose first line is here; two schemas may have the comment in common."""
        if location.path == str(self.env.doc2path(self.env.current_document.docname)):
            return None
        namespace = self.env.ref_context.get("qapi:namespace", "")
        known = [self.judged[namespace]] if namespace in self.judged else self.judged.values()
        return next((judged[location] for judged in known if location in judged), None)

    def note_examples(self, examples: list[Script | Unreadable]) -> None:
        """Remember the examples of the page that is being read."""
        if examples:
            self.data["examples"][self.env.current_document.docname] = Pickled(examples)

    def note_page(self, content: str) -> None:
        """Remember what the page that is being read has on it."""
        self.data["pages"].setdefault(self.env.current_document.docname, set()).add(content)

    def has_on_page(self, docname: str, content: str) -> bool:
        """Whether the document has this on it."""
        return content in self.data["pages"].get(docname, ())

    def pages_with(self, content: str) -> list[str]:
        """The documents that have this on them."""
        return [docname for docname, contents in self.data["pages"].items() if content in contents]

    def any_role(self) -> RoleFunction:
        """The role that refers to any definition."""
        role = self.role("any")
        assert role is not None
        return role

    def note(self, found: Iterable[Object]) -> None:
        """Let references find objects on the page that is being read."""
        objects = self.objects.setdefault(self.env.current_document.docname, {})
        objects.update((key_of(item), item) for item in found)
        self._names = None

    def clear_doc(self, docname: str) -> None:
        """Forget what a page described."""
        for kept in self.by_document:
            self.data[kept].pop(docname, None)
        self._names = None

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read."""
        for kept in self.by_document:
            self.data[kept].update({name: found for name, found in otherdata[kept].items() if name in docnames})
        self._names = None

    def check_consistency(self) -> None:
        """Warn of what two documents describe: once for a document that shows a whole schema."""
        seen: dict[Key, str] = {}
        in_schemas: dict[tuple[str, str], dict[str, str]] = {}
        for docname in sorted(self.objects):
            for key, found in self.objects[docname].items():
                other = seen.setdefault(key, docname)
                if other == docname or found.kind not in self.object_types:
                    continue
                shown = {docname, other} & self.faults.keys()
                # Before there were namespaces, two of QEMU's schemas with modules in common had a document each.
                if shown == {docname, other} and not found.namespace:
                    continue
                if shown:
                    one, two = (docname, other) if docname in shown else (other, docname)
                    in_schemas.setdefault((one, found.namespace), {})[full_name(found)] = two
                else:
                    message = "'%s' is described in %s too; give one of the two the option no-index"
                    logger.warning(message, full_name(found), other, location=docname, type="qapidoc")
        for (docname, namespace), others in in_schemas.items():
            name, other = next(iter(others.items()))
            message = "the namespace '%s' is in %s too, with %d of its names, such as '%s'; give qapi-doc another one"
            logger.warning(message, namespace, other, len(others), name, location=docname, type="qapidoc")

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """A link to what a role names. What nobody wrote as a reference becomes none where it is ambiguous.

        A schema's text means no module: options and members have names that modules have too.
        """
        del env
        found = self._find(typ, target.removesuffix("()"), node, fromdocname)
        if typ == "any" and is_of_schema(node):
            found = [item for item in found if item.kind != "module"]
        if not found or (len(found) > 1 and (self.lacks_schemas or not node["refwarn"])):
            return None
        if len(found) > 1:
            candidates = ", ".join(map(full_name, found))
            message = "more than one target found for cross-reference %r: %s"
            logger.warning(message, target, candidates, location=node, type="ref", subtype="qapi")
        return make_refnode(builder, fromdocname, found[0].docname, found[0].anchor, contnode)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Links to everything that the text may mean."""
        del env
        return [
            (f"qapi:{self.role_for_objtype(item.kind)}", make_refnode(builder, fromdocname, item[3], item[4], contnode))
            for item in self._find("any", target, node, fromdocname)
        ]

    def _find(self, role: str, text: str, node: addnodes.pending_xref, docname: str) -> list[Object]:
        namespace, module = node.get("qapi:namespace") or "", node.get("qapi:module") or ""
        return self.names.find(role, text, Place(namespace, module, docname))

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Everything, for the inventory and the search.

        An object has its namespace before its name where a namespace further to the front has one of the same kind and
        name; the search then puts it behind all pages, where members and values are too. The configured namespaces come
        first, then the others by name.
        """
        order = [*self.env.config.qapidoc_schemas]
        seen: set[tuple[str, str]] = set()
        for found in sorted(self.all_objects(), key=lambda item: _position(item.namespace, order)):
            is_second = (found.kind, found.name) in seen
            seen.add((found.kind, found.name))
            name = full_name(found) if is_second else found.name
            priority = _BEHIND if is_second or found.kind in PARTS else _BESIDE
            yield name, found.name, found.kind, found.docname, found.anchor, priority


def _position(namespace: str, order: list[str]) -> tuple[int, str]:
    return (order.index(namespace) if namespace in order else len(order)), namespace


def is_of_schema(node: addnodes.pending_xref) -> bool:
    """Whether the reference stands in a schema's text, in markup or not."""
    return bool(node.get(IN_SCHEMA) or not node["refwarn"])


def full_name(found: Object) -> str:
    """How a reference names the object in whatever context."""
    name = f"{found.module}.{found.name}" if found.kind in DEFINITIONS and found.module else found.name
    return f"{found.namespace}:{name}" if found.namespace else name


def qapi_domain(env: BuildEnvironment) -> QapiDomain:
    """The domain object of a build."""
    domain = env.domains["qapi"]
    assert isinstance(domain, QapiDomain)
    return domain
