"""The directives that fill the pages of the reference."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from qapidoc_ext.render.context import Context
from qapidoc_ext.render.definition import definition_page, kind, upstream_anchor
from qapidoc_ext.render.overview import branch_page, feature_page, index_page, module_page, summary
from qapidoc_ext.schema.model import Enum, Union
from qapidoc_ext.schema.views import branch_views, carriers, local_parts
from qapidoc_ext.sphinx_ext.config import config_of
from qapidoc_ext.sphinx_ext.domain import QapiDomain, qapi_domain
from qapidoc_ext.sphinx_ext.prose import parser
from qapidoc_ext.sphinx_ext.report import logger


class PageDirective(SphinxDirective):
    """A page of the reference. The argument is the name of what it describes."""

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {"namespace": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        """The page, as one section."""
        domain = qapi_domain(self.env)
        namespace = self.options.get("namespace") or next(iter(domain.schemas), "")
        name = self.arguments[0]
        if namespace not in domain.schemas:
            return [self.state.document.reporter.warning(f"no schema is loaded for '{namespace}'", line=self.lineno)]
        schema = domain.schemas[namespace]
        self.env.temp_data["qapi:namespace"] = namespace
        context = Context(
            schema=schema,
            namespace=namespace,
            parse=parser(self.state, domain.any_role()),
            judged=domain.judged[namespace],
        )
        try:
            return [self.page(name, context, domain)]
        except KeyError:
            logger.warning("the schema for '%s' has no '%s'", namespace, name, location=self.get_location())
            return []

    def page(self, name: str, context: Context, domain: QapiDomain) -> nodes.section:
        """The page of what has this name.

        :raise KeyError: the schema has nothing of this name.
        """
        raise NotImplementedError


class DefinitionDirective(PageDirective):
    """`qapi:definition`: a command, an event or a type."""

    def page(self, name: str, context: Context, domain: QapiDomain) -> nodes.section:
        """The definition, its parts as targets of references."""
        definition = context.schema.definitions[name]
        namespace = context.namespace
        domain.note(namespace, kind(definition), name, upstream_anchor(definition, namespace))
        for part in local_parts(definition):
            part_kind = "value" if isinstance(definition, Enum) else "member"
            domain.note(namespace, part_kind, f"{name}.{part.name}", part.name)
        return definition_page(definition, context)


class ModuleDirective(PageDirective):
    """`qapi:module`: what one file defines."""

    def page(self, name: str, context: Context, domain: QapiDomain) -> nodes.section:
        """The module and its definitions."""
        modules = {module.name: module for module in context.schema.modules}
        domain.note(context.namespace, "module", name, f"module-{context.namespace.upper()}-{name}")
        return module_page(modules[name], context)


class FeatureDirective(PageDirective):
    """`qapi:feature`: who carries a feature."""

    def page(self, name: str, context: Context, domain: QapiDomain) -> nodes.section:
        """The feature and its carriers."""
        domain.note(context.namespace, "feature", name, f"feature-{name}")
        return feature_page(name, carriers(context.schema)[name], context)


class BranchDirective(PageDirective):
    """`qapi:branch`: the options of a branch, written `UNION.BRANCH`."""

    def page(self, name: str, context: Context, domain: QapiDomain) -> nodes.section:
        """The branch and its options."""
        union_name = name.partition(".")[0]
        union = context.schema.definitions[union_name]
        views = branch_views(union, context.schema) if isinstance(union, Union) else ()
        by_name = {f"{union_name}.{view.branch.name}": view for view in views}
        domain.note(context.namespace, "branch", name, f"branch-{name}")
        return branch_page(by_name[name], config_of(self.config).branch_pages.get(union_name, "branch"), context)


class IndexDirective(PageDirective):
    """`qapi:index`: the way into the reference. The argument is its title."""

    final_argument_whitespace = True

    def page(self, name: str, context: Context, domain: QapiDomain) -> nodes.section:
        """The modules, the unions that have a page for each branch, the features."""
        del domain
        unions = map(context.schema.definitions.get, config_of(self.config).branch_pages)
        found = [union for union in unions if isinstance(union, Union)]
        return index_page(name, found, sorted(carriers(context.schema)), context)


class SummaryDirective(SphinxDirective):
    """`qapi:summary`: in a paragraph, what this build documents of a namespace, or that it documents nothing."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A paragraph."""
        namespace = self.arguments[0]
        config = config_of(self.config)
        schema = qapi_domain(self.env).schemas.get(namespace)
        self.env.note_reread()  # whether there is a schema depends on more than this page
        return [summary(schema, f"/{config.reference}/{namespace}/index")]


DIRECTIVES = {
    "definition": DefinitionDirective,
    "module": ModuleDirective,
    "feature": FeatureDirective,
    "branch": BranchDirective,
    "index": IndexDirective,
    "summary": SummaryDirective,
}
"""By name, without the domain's."""
