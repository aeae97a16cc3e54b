"""The domain `qapi`: what can be referred to, and how references are resolved."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import RoleFunction

from qapidoc_ext.adr.dates import Written
from qapidoc_ext.adr.ground import Ground, Place
from qapidoc_ext.adr.judgement import Judgement
from qapidoc_ext.adr.records import Records
from qapidoc_ext.introspect.observed import Observed
from qapidoc_ext.qmp.doc_faults import JudgedExample
from qapidoc_ext.qmp.outcome import Run
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.source import Finding, Location

_OBJECTS = ("enum", "struct", "union", "alternate")
_DEFINITIONS = ("command", "event", *_OBJECTS)
_ROLES = {
    "any": _DEFINITIONS,
    "type": _OBJECTS,
    "obj": ("struct", "union"),
    "cmd": ("command",),
    "event": ("event",),
    "enum": ("enum",),
    "alt": ("alternate",),
    "mod": ("module",),
    "member": ("member", "value"),
    "branch": ("branch",),
    "branches": ("branches",),
    "feature": ("feature",),
    "page": ("page",),
}
"""What each role refers to. The first eight are those of QEMU's own domain."""


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


class Target(NamedTuple):
    """Where an object is described."""

    docname: str
    anchor: str


class QapiDomain(Domain):
    """The definitions of QAPI schemas, their parts, branches, features and modules."""

    name = "qapi"
    label = "QAPI"
    data_version = 3
    object_types: ClassVar[dict[str, ObjType]] = {
        kind: ObjType(kind, *(role for role, kinds in _ROLES.items() if kind in kinds))
        for kind in (*_DEFINITIONS, "member", "value", "branch", "branches", "feature", "module", "page")
    }
    roles: ClassVar[dict[str, Any]] = {role: XRefRole(warn_dangling=True) for role in _ROLES}
    initial_data: ClassVar[dict[str, Any]] = {"objects": {}, "examples": {}, "pages": {}, "mentions": {}}

    # What each build finds out anew, and what is not kept with the environment.
    schemas: dict[str, Schema]
    """By namespace."""
    references: dict[str, Reference]
    """What the pages of each schema show, by namespace."""
    versions: dict[str, str]
    """Of the QEMU that a schema without faults is from, "" where that is not known; by namespace."""
    judged: dict[str, dict[Location, JudgedExample]]
    """The examples of the schemas' comments, by namespace and by the place of the first line."""
    observed: dict[str, Observed]
    """What versions of QEMU have of each schema, by namespace."""
    runs: dict[str, list[Run | None]]
    """By document, in the order of its examples; None for one that cannot be read."""
    resolved: set[str]
    """The documents that are being written, of those with examples."""
    records: dict[str, Records]
    """By folder."""
    grounds: dict[str, dict[Place, Ground]]
    """All evidence of the records' pages; by folder."""
    judgements: dict[str, list[Judgement]]
    """The verdicts of the records, against what this build found out; by folder."""
    written: dict[str, dict[Path, Written] | str]
    """By folder: when its files were committed, or why that is not known."""

    @property
    def objects(self) -> dict[tuple[str, str, str], Target]:
        """By namespace, kind and name; a part's name is that of its definition, a dot, and its own."""
        return self.data["objects"]  # type: ignore[no-any-return]

    @property
    def examples(self) -> dict[str, list[Script | Unreadable]]:
        """By document, in its order, as they were when it was read: a change of their files has it read again."""
        return self.data["examples"]  # type: ignore[no-any-return]

    def judged_at(self, location: Location) -> JudgedExample | None:
        """The example of a schema's comment whose first line is here; two schemas may have the comment in common."""
        namespace = self.env.temp_data.get("qapi:namespace")
        known = [self.judged[namespace]] if namespace in self.judged else self.judged.values()
        return next((judged[location] for judged in known if location in judged), None)

    def note_examples(self, examples: list[Script | Unreadable]) -> None:
        """Remember the examples of the page that is being read."""
        if examples:
            self.examples[self.env.current_document.docname] = examples

    def note_page(self, content: str) -> None:
        """Remember what the page that is being read has on it."""
        self.data["pages"].setdefault(self.env.current_document.docname, set()).add(content)

    def pages_with(self, content: str) -> list[str]:
        """The documents that have this on them."""
        return [docname for docname, contents in self.data["pages"].items() if content in contents]

    def any_role(self) -> RoleFunction:
        """The role that refers to any definition."""
        role = self.role("any")
        assert role is not None
        return role

    def note(self, namespace: str, kind: str, name: str, anchor: str) -> None:
        """Let references find an object on the page that is being read."""
        self.objects[namespace, kind, name] = Target(self.env.current_document.docname, anchor)

    def clear_doc(self, docname: str) -> None:
        """Forget what a page described."""
        for key in [key for key, target in self.objects.items() if target.docname == docname]:
            del self.objects[key]
        self.examples.pop(docname, None)
        self.data["pages"].pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read."""
        self.objects.update({key: target for key, target in otherdata["objects"].items() if target.docname in docnames})
        for kept in ("examples", "pages"):
            self.data[kept].update({name: found for name, found in otherdata[kept].items() if name in docnames})

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
        """A link to what a role names."""
        del env
        found = self._find(typ, target.removesuffix("()"), node.get("qapi:namespace"))
        return make_refnode(builder, fromdocname, *found, contnode) if found else None

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Links to every definition that has the name."""
        del env, node
        found = self._find("any", target, None)
        return [("qapi:any", make_refnode(builder, fromdocname, *found, contnode))] if found else []

    def _find(self, role: str, name: str, namespace: str | None) -> Target | None:
        prefix, colon, rest = name.partition(":")
        if colon and prefix in self.schemas:
            namespace, name = prefix, rest
        for candidate in [namespace] if namespace else self.schemas:
            for kind in _ROLES[role]:
                if found := self.objects.get((candidate, kind, name)):
                    return found
        return None

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Everything, for the inventory and the search. What is not in the first namespace has that before its name."""
        first = next(iter(self.schemas), None)
        for (namespace, kind, name), (docname, anchor) in self.objects.items():
            full_name = name if namespace == first else f"{namespace}:{name}"
            yield full_name, name, kind, docname, anchor, 1


def qapi_domain(env: BuildEnvironment) -> QapiDomain:
    """The domain object of a build."""
    domain = env.domains["qapi"]
    assert isinstance(domain, QapiDomain)
    return domain
