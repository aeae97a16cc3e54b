"""The directives that fill the pages of the reference."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from qapidoc_ext.render.branch import branch_page, union_page
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.coverage import coverage_page
from qapidoc_ext.render.definition import definition_page, upstream_anchor
from qapidoc_ext.render.feature import feature_page, features_page
from qapidoc_ext.render.index import index_page, summary
from qapidoc_ext.render.module import module_page
from qapidoc_ext.render.reference import Reference, kind
from qapidoc_ext.schema.model import Enum
from qapidoc_ext.schema.views import local_parts
from qapidoc_ext.sphinx_ext.config import config_of
from qapidoc_ext.sphinx_ext.data import data_section
from qapidoc_ext.sphinx_ext.domain import QapiDomain, qapi_domain
from qapidoc_ext.sphinx_ext.mentions import mentions_of
from qapidoc_ext.sphinx_ext.prose import parser
from qapidoc_ext.sphinx_ext.read_only import ReadOnlyDirective, driver_section, union_links
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
        self.env.temp_data["qapi:namespace"] = namespace
        context = Context(
            namespace=namespace,
            parse=parser(self.state, domain.any_role()),
            judged=domain.judged[namespace],
            observed=domain.observed[namespace],
            folder=f"/{config_of(self.config).reference}/{namespace}",
        )
        try:
            return [self.page(name, domain.references[namespace], context, domain)]
        except KeyError:
            logger.warning("the schema for '%s' has no '%s'", namespace, name, location=self.get_location())
            return []

    def page(self, name: str, reference: Reference, context: Context, domain: QapiDomain) -> nodes.section:
        """The page of what has this name.

        :raise KeyError: the schema has nothing of this name.
        """
        raise NotImplementedError


class DefinitionDirective(PageDirective):
    """`qapi:definition`: a command, an event or a type."""

    def page(self, name: str, reference: Reference, context: Context, domain: QapiDomain) -> nodes.section:
        """The definition, its parts as targets of references."""
        view = reference.definition(name)
        definition, namespace = view.definition, context.namespace
        domain.note(namespace, kind(definition), name, upstream_anchor(definition, namespace))
        for part in local_parts(definition):
            part_kind = "value" if isinstance(definition, Enum) else "member"
            domain.note(namespace, part_kind, f"{name}.{part.name}", part.name)
        page = definition_page(view, context)
        page += data_section(name)
        return page


class ModuleDirective(PageDirective):
    """`qapi:module`: what one file defines."""

    def page(self, name: str, reference: Reference, context: Context, domain: QapiDomain) -> nodes.section:
        """The module and its definitions."""
        view = reference.module(name)
        domain.note(context.namespace, "module", name, f"module-{context.namespace.upper()}-{name}")
        return module_page(view, context)


class FeatureDirective(PageDirective):
    """`qapi:feature`: who carries a feature."""

    def page(self, name: str, reference: Reference, context: Context, domain: QapiDomain) -> nodes.section:
        """The feature and its carriers."""
        view = reference.feature(name)
        domain.note(context.namespace, "feature", name, f"feature-{name}")
        page = feature_page(view, context)
        page.append(mentions_of(context.namespace, "feature", name, domain))
        return page


class FeaturesDirective(PageDirective):
    """`qapi:features`: all features."""

    def page(self, name: str, reference: Reference, context: Context, domain: QapiDomain) -> nodes.section:
        """The list."""
        domain.note(context.namespace, "page", name, f"features-{context.namespace}")
        return features_page(reference.features(), context)


class CoverageDirective(PageDirective):
    """`qapi:coverage`: how much is documented."""

    def page(self, name: str, reference: Reference, context: Context, domain: QapiDomain) -> nodes.section:
        """The numbers."""
        domain.note(context.namespace, "page", name, f"coverage-{context.namespace}")
        return coverage_page(reference.coverage(), context)


class BranchDirective(PageDirective):
    """`qapi:branch`: the options of a branch, written `UNION.BRANCH`."""

    def page(self, name: str, reference: Reference, context: Context, domain: QapiDomain) -> nodes.section:
        """The branch and its options."""
        union, _, branch = name.partition(".")
        view = reference.branch(union, branch)
        domain.note(context.namespace, "branch", name, f"branch-{name}")
        page = branch_page(view, context)
        page.extend(driver_section(union, branch, domain))
        page.append(mentions_of(context.namespace, "branch", name, domain))
        return page


class BranchesDirective(PageDirective):
    """`qapi:branches`: the branches of a union side by side."""

    def page(self, name: str, reference: Reference, context: Context, domain: QapiDomain) -> nodes.section:
        """The table."""
        view = reference.union(name)
        domain.note(context.namespace, "branches", name, f"branches-{name}")
        page = union_page(view, context)
        page.extend(union_links(name, domain))
        return page


class IndexDirective(PageDirective):
    """`qapi:index`: the way into the reference. The argument is its title."""

    final_argument_whitespace = True

    def page(self, name: str, reference: Reference, context: Context, domain: QapiDomain) -> nodes.section:
        """The modules, the unions that have a page for each branch, the features."""
        del domain
        return index_page(reference.index(name), context)


class SummaryDirective(SphinxDirective):
    """`qapi:summary`: in a paragraph, what this build documents of a namespace, or that it documents nothing."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A paragraph."""
        namespace = self.arguments[0]
        config = config_of(self.config)
        schema = qapi_domain(self.env).schemas.get(namespace)
        self.env.note_reread()  # whether there is a schema depends on more than this page
        return [summary(schema, f"/{config.reference}/{namespace}/index", namespace)]


DIRECTIVES = {
    "definition": DefinitionDirective,
    "module": ModuleDirective,
    "feature": FeatureDirective,
    "features": FeaturesDirective,
    "coverage": CoverageDirective,
    "branch": BranchDirective,
    "branches": BranchesDirective,
    "index": IndexDirective,
    "summary": SummaryDirective,
    "read-only": ReadOnlyDirective,
}
"""By name, without the domain's."""
