"""QEMU's manual: a whole schema in one document."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective, switch_source_input
from sphinx.util.parsing import nested_parse_to_nodes
from sphinx.util.typing import OptionSpec

from qapidoc_ext.render.context import Context
from qapidoc_ext.render.definition import stem, upstream_anchor
from qapidoc_ext.render.manual import definition_part
from qapidoc_ext.render.prose import link_names
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.render.views import DefinitionView
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.source import Finding, Location
from qapidoc_ext.sphinx_ext.complete import keep_aside
from qapidoc_ext.sphinx_ext.config import config_of
from qapidoc_ext.sphinx_ext.described import index_entry
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.objects import UNLISTED, Object, objects_of
from qapidoc_ext.sphinx_ext.outline import PLACE, outline
from qapidoc_ext.sphinx_ext.prose import located, manual_parser, with_shown_examples
from qapidoc_ext.sphinx_ext.report import logger


class QapiDocDirective(SphinxDirective):
    """`qapi-doc`: everything that a schema file and what it includes say, in their order."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {
        "namespace": directives.unchanged,
        # QEMU's has or had these too, and they change nothing here.
        "qapifile": directives.unchanged_required,
        "transmogrify": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        """The free text of the schema with its sections, and the definitions where they stand in it."""
        loaded = load(qapi_domain(self.env).source_tree / self.arguments[0])
        for module in loaded.schema.modules:
            self.env.note_dependency(module.path)
        if not loaded.schema.is_complete:
            self.env.note_reread()  # the file that could not be read is in no module
        self._note_faults(map(self._placed, loaded.findings))
        namespace = self.options.get("namespace", "").strip()
        self._warn_of_repeated(loaded.schema, namespace)
        self.env.ref_context["qapi:namespace"] = namespace
        context = Context(namespace=namespace, parse=manual_parser(self.state))
        words = config_of(self.config).branch_pages
        reference = Reference(schema=loaded.schema, namespace=namespace, words=words)
        return self._filled(self._frame(reference, context), reference, context)

    def _note_faults(self, findings: Iterable[Finding]) -> None:
        faults, docname = qapi_domain(self.env).faults, self.env.current_document.docname
        faults[docname] = (*faults.get(docname, ()), *findings)

    def _warn_of_repeated(self, schema: Schema, namespace: str) -> None:
        """Warn of what an earlier directive of the document describes: two parts of a page had the same anchors."""
        objects = qapi_domain(self.env).objects.get(self.env.current_document.docname, {}).values()
        before = {item.name for item in objects if item.namespace == namespace and item.kind not in UNLISTED}
        if repeated := [name for name in schema.definitions if name in before]:
            message = (
                "this document describes '%s' already, the first of %d in this schema; remove one of the directives"
            )
            logger.warning(message, repeated[0], len(repeated), location=self.get_location(), type="qapidoc")

    def _placed(self, finding: Finding) -> Finding:
        """A fault of the file as a whole, at the place that names it."""
        if finding.location.line:
            return finding
        tree = qapi_domain(self.env).source_tree
        message = f"{finding}; it is looked for in {tree}, the folder that qapidoc_srctree names"
        return Finding(location=Location(*self.get_source_info()), message=message)

    def _frame(self, reference: Reference, context: Context) -> nodes.Element:
        """The free text, with a comment where each module begins and where each definition goes."""
        content = located(outline(reference.schema))
        with switch_source_input(self.state, content):
            parsed = nested_parse_to_nodes(self.state, content)
        return nodes.Element("", *link_names(with_shown_examples(parsed), context.link_name))

    def _filled(self, frame: nodes.Element, reference: Reference, context: Context) -> list[nodes.Node]:
        contexts: list[str] = []
        for comment in list(frame.findall(nodes.comment)):
            what, _, name = comment.astext().partition(" ")
            if what == f"{PLACE}-definition":
                comment.replace_self(self._definition(reference.documented(name), contexts, context))
            elif what == f"{PLACE}-module":
                contexts.append(stem(name))
                comment.replace_self(self._module(stem(name), context))
        return list(frame.children)

    def _module(self, name: str, context: Context) -> list[nodes.Node]:
        self.env.ref_context["qapi:module"] = name
        anchor = f"module-{context.namespace}-{name}" if context.namespace else f"module-{name}"
        found = Object(context.namespace, "module", name, self.env.current_document.docname, anchor)
        qapi_domain(self.env).note([found])
        return [addnodes.index(entries=[index_entry(found)]), nodes.target("", "", ids=[anchor])]

    def _definition(self, view: DefinitionView, contexts: list[str], context: Context) -> list[nodes.Node]:
        definition = view.definition
        module = self.env.ref_context["qapi:module"] = stem(definition.module)
        docname = self.env.current_document.docname
        objects = list(objects_of(view, context.namespace, docname, is_alone=False))
        qapi_domain(self.env).note(objects)
        entries = [index_entry(item) for item in objects if item.kind not in UNLISTED]
        # QEMU's own manual takes what stands behind an include for a part of the included module.
        modules = dict.fromkeys([module, *contexts[-1:]])
        anchors = [upstream_anchor(definition, context.namespace, name) for name in modules]
        part = definition_part(view, context, anchors, self.state.document.ids)
        keep_aside(part, self.state.document, self.env)
        return [addnodes.index(entries=entries), part]
