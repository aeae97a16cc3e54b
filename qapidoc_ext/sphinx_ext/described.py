"""Definitions that are described by hand, with the directives of QEMU's own domain."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.directives import ObjectDescription
from sphinx.util.docfields import Field, GroupedField, TypedField
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_id
from sphinx.util.typing import OptionSpec

from qapidoc_ext.sphinx_ext.domain import full_name, qapi_domain
from qapidoc_ext.sphinx_ext.objects import Object
from qapidoc_ext.sphinx_ext.report import logger

_PLACE: OptionSpec = {"namespace": directives.unchanged, "module": directives.unchanged}


def index_entry(found: Object) -> tuple[str, str, str, str, None]:
    """An object in the general index."""
    return "single", f"{found.name} ({f'{found.namespace.upper()} {found.kind}'.strip()})", found.anchor, "", None


def search_entry(words: str) -> tuple[str, str, str, str, None]:
    """Words for which the search shows this page first, and which the general index lists."""
    return "single", words, "", "main", None


class NamespaceDirective(SphinxDirective):
    """`qapi:namespace`: that of everything behind it in the document."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Nothing to show."""
        self.env.ref_context["qapi:namespace"] = self.arguments[0].strip()
        return []


class ModuleDirective(SphinxDirective):
    """`qapi:module`: the module of everything behind it in the document. Its content stands as it is."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[OptionSpec] = {
        "namespace": directives.unchanged,
        **dict.fromkeys(["no-index", "no-index-entry", "no-contents-entry", "no-typesetting"], directives.flag),
        **dict.fromkeys(["noindex", "noindexentry", "nocontentsentry"], directives.flag),
    }
    """The last three are the first ones as Sphinx has called them before, which QEMU's documents still do."""

    def run(self) -> list[nodes.Node]:
        """A target, then the content."""
        name = self.arguments[0].strip()
        self.env.ref_context["qapi:module"] = name
        target = [] if {"no-index", "noindex"} & self.options.keys() else self._target(name)
        content = self.parse_content_to_nodes(allow_section_headings=True) if self.content else []
        return [*target, *(() if "no-typesetting" in self.options else content)]

    def _target(self, name: str) -> list[nodes.Node]:
        namespace = self.options.get("namespace", self.env.ref_context.get("qapi:namespace", ""))
        anchor = make_id(self.env, self.state.document, "module", f"{namespace}:{name}" if namespace else name)
        found = Object(namespace, "module", name, self.env.current_document.docname, anchor)
        qapi_domain(self.env).note([found])
        target = nodes.target("", "", ids=[anchor])
        self.state.document.note_explicit_target(target)
        entries = [] if "no-index-entry" in self.options else [index_entry(found)]
        return [addnodes.index(entries=entries), target]


def _grouped(name: str, label: str) -> GroupedField:
    return GroupedField(name, label=label, names=(name,), can_collapse=False)


def _typed(name: str, label: str) -> TypedField:
    return TypedField(name, label=label, names=(name,), typerolename="type", can_collapse=False)


_FEATURES = _grouped("feat", "Features")


class DescribedObject(ObjectDescription[str]):
    """A definition: its name as the argument, its parts as fields."""

    option_spec: ClassVar[OptionSpec] = {
        **ObjectDescription.option_spec,
        **_PLACE,
        "since": directives.unchanged,
        "ifcond": directives.unchanged,
        "deprecated": directives.flag,
        "unstable": directives.flag,
    }

    def handle_signature(self, sig: str, signode: addnodes.desc_signature) -> str:
        """The name; the kind before it and the version behind it are shown.

        :raise ValueError: it is no name; Sphinx shows it as it is, and gives it no target.
        """
        if ":" in sig or "." in sig:
            logger.warning("'%s' is no name; the options say its namespace and module", sig, location=signode)
            raise ValueError(sig)
        signode["fullname"] = full_name(self._described(sig, ""))
        signode += addnodes.desc_annotation("", f"{self.objtype.title()} ")
        signode += addnodes.desc_name("", sig)
        if since := self.options.get("since"):
            signode += addnodes.desc_annotation("", f" (Since: {since})")
        return sig

    def _described(self, name: str, anchor: str) -> Object:
        context = self.env.ref_context
        return Object(
            namespace=self.options.get("namespace", context.get("qapi:namespace", "")),
            kind=self.objtype,
            name=name,
            docname=self.env.current_document.docname,
            anchor=anchor,
            module=self.options.get("module", context.get("qapi:module", "")),
            since=self.options.get("since", ""),
            features=tuple(name for name in ("deprecated", "unstable") if name in self.options),
        )

    def add_target_and_index(self, name: str, sig: str, signode: addnodes.desc_signature) -> None:
        """Let references find it."""
        del sig
        anchor = make_id(self.env, self.state.document, self.objtype, signode["fullname"])
        signode["ids"].append(anchor)
        self.state.document.note_explicit_target(signode)
        found = self._described(name, anchor)
        qapi_domain(self.env).note([found])
        if "no-index-entry" not in self.options:
            self.indexnode["entries"].append(index_entry(found))

    def _object_hierarchy_parts(self, sig_node: addnodes.desc_signature) -> tuple[str, ...]:
        return (sig_node["fullname"],) if "fullname" in sig_node else ()

    def _toc_entry_name(self, sig_node: addnodes.desc_signature) -> str:
        full: str = next(iter(sig_node.get("_toc_parts", ())), "")
        shows_all = self.config.toc_object_entries_show_parents == "all"
        return full if shows_all else full.rpartition(":")[2].rpartition(".")[2]

    def transform_content(self, content_node: addnodes.desc_content) -> None:
        """Say above the content what the options say; warn of fields that the domain does not have."""
        for field_list in content_node.findall(nodes.field_list):
            if field_list.parent is content_node:
                for field in field_list:
                    self._check_field(field)
        if facts := self._facts():
            content_node.insert(0, nodes.container("", *facts, classes=["qapi-infopips"]))

    def _facts(self) -> list[nodes.Node]:
        facts: list[nodes.Node] = []
        if "deprecated" in self.options:
            facts.append(nodes.paragraph("", f"This {self.objtype} is deprecated.", classes=["qapi-deprecated"]))
        if "unstable" in self.options:
            text = f"This {self.objtype} is unstable/experimental."
            facts.append(nodes.paragraph("", text, classes=["qapi-unstable"]))
        if condition := self.options.get("ifcond"):
            content = [nodes.emphasis("", "Availability"), nodes.Text(": "), nodes.literal("", condition)]
            facts.append(nodes.paragraph("", "", *content, classes=["qapi-ifcond"]))
        return facts

    def _check_field(self, field: nodes.Node) -> None:
        label = field[0].astext() if isinstance(field, nodes.field) else ""
        allowed: Collection[str] = self.config.qapi_allowed_fields
        name, _, argument = label.partition(" ")
        known = self.get_field_type_map()
        if label in allowed:
            return
        if name not in known:
            names = ", ".join(sorted({*known, *allowed}))
            message = f"a {self.objtype} has no field '{label}'; there is: {names}; qapi_allowed_fields can name more"
            logger.warning("%s", message, location=field, type="qapidoc")
        elif known[name][0].has_arg != bool(argument.strip()):
            needs = "needs an argument" if known[name][0].has_arg else "takes no argument"
            logger.warning("%s", f"the field '{name}' {needs}", location=field, type="qapidoc")


class DescribedCommand(DescribedObject):
    """`qapi:command`."""

    doc_field_types = [  # noqa: RUF012 - Sphinx's own are no class variables to mypy either
        _FEATURES,
        _typed("arg", "Arguments"),
        Field("error", label="Errors", names=("error", "errors"), has_arg=False),
        GroupedField("return", label="Return", rolename="type", names=("return",), can_collapse=True),
        Field("return-nodesc", label="Return", bodyrolename="type", names=("return-nodesc",), has_arg=False),
    ]


class DescribedMembers(DescribedObject):
    """`qapi:event` and `qapi:object`."""

    doc_field_types = [  # noqa: RUF012 - Sphinx's own are no class variables to mypy either
        _FEATURES,
        _typed("memb", "Members"),
    ]


class DescribedEnum(DescribedObject):
    """`qapi:enum`."""

    doc_field_types = [  # noqa: RUF012 - Sphinx's own are no class variables to mypy either
        _FEATURES,
        _grouped("value", "Values"),
    ]


class DescribedAlternate(DescribedObject):
    """`qapi:alternate`."""

    doc_field_types = [  # noqa: RUF012 - Sphinx's own are no class variables to mypy either
        _FEATURES,
        _typed("alt", "Alternatives"),
    ]


DIRECTIVES = {
    "namespace": NamespaceDirective,
    "module": ModuleDirective,
    "command": DescribedCommand,
    "event": DescribedMembers,
    "enum": DescribedEnum,
    "object": DescribedMembers,
    "alternate": DescribedAlternate,
}
"""By name, without the domain's."""
