"""The directives that fill the pages of the reference."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from qapidoc_ext.render.branch import branch_page, union_page
from qapidoc_ext.render.build import paragraph, separated, sphinx_link
from qapidoc_ext.render.context import Context
from qapidoc_ext.render.coverage import coverage_page
from qapidoc_ext.render.definition import definition_page
from qapidoc_ext.render.feature import LISTS, feature_page, features_page
from qapidoc_ext.render.index import index_page, summary
from qapidoc_ext.render.module import module_page
from qapidoc_ext.render.reference import Reference, kind
from qapidoc_ext.schema.model import Command, Event
from qapidoc_ext.sphinx_ext.complete import keep_aside
from qapidoc_ext.sphinx_ext.config import config_of
from qapidoc_ext.sphinx_ext.data import data_section
from qapidoc_ext.sphinx_ext.described import index_entry, search_entry
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.mentions import mentions_of
from qapidoc_ext.sphinx_ext.objects import UNLISTED, Object, objects_of
from qapidoc_ext.sphinx_ext.prose import parser
from qapidoc_ext.sphinx_ext.read_only import ReadOnlyDirective, driver_section, union_links
from qapidoc_ext.sphinx_ext.report import logger


class PageDirective(SphinxDirective):
    """A page of the reference. The arguments are a namespace, and the name of what is described."""

    required_arguments = 2  # and no options: docutils takes as long to read one as it takes for the rest of the file
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """The page, as one section."""
        domain = qapi_domain(self.env)
        namespace, name = self.arguments
        if namespace not in domain.schemas:
            message = f"no schema is loaded for '{namespace}': name one in qapidoc_schemas, or remove this page"
            return [self.state.document.reporter.warning(message, line=self.lineno)]
        self.env.ref_context["qapi:namespace"] = namespace
        context = Context(
            namespace=namespace,
            parse=parser(self.state, domain.any_role()),
            judged=domain.judged[namespace],
            observed=domain.observed[namespace],
            folder=f"/{config_of(self.config).reference}/{namespace}",
        )
        try:
            page = self.page(name, domain.references[namespace], context)
        except KeyError:
            logger.warning("the schema for '%s' has no '%s'", namespace, name, location=self.get_location())
            return []
        self.tell_apart(page, namespace)
        page.insert(1, addnodes.index(entries=self.index_entries()))
        keep_aside(page, self.state.document, self.env)
        return [page]

    def tell_apart(self, page: nodes.section, namespace: str) -> None:
        """Name a namespace behind the first one in the title: most of what it has, others have under the same name."""
        title = page[0]
        assert isinstance(title, nodes.title)
        if namespace != next(iter(self.config.qapidoc_schemas)) and namespace.upper() not in title.astext():
            title += nodes.Text(f" ({namespace.upper()})")

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The page of what has this name.

        :raise KeyError: the schema has nothing of this name.
        """
        raise NotImplementedError

    def note(self, kind: str, name: str, anchor: str) -> None:
        """Let references find what the page describes."""
        namespace = self.env.ref_context["qapi:namespace"]
        qapi_domain(self.env).note([Object(namespace, kind, name, self.env.current_document.docname, anchor)])

    def index_entries(self) -> list[tuple[str, str, str, str, None]]:
        """What the page describes, for the general index; parts of a definition are not in it."""
        found = qapi_domain(self.env).objects.get(self.env.current_document.docname, {}).values()
        return [index_entry(item) for item in found if item.kind not in UNLISTED]


class DefinitionDirective(PageDirective):
    """`qapi:definition`: a command, an event or a type."""

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The definition, its parts as targets of references."""
        view = reference.definition(name)
        qapi_domain(self.env).note(objects_of(view, context.namespace, self.env.current_document.docname))
        page = definition_page(view, context)
        if isinstance(view.definition, Command | Event):
            what = kind(view.definition)
            page.append(mentions_of(context.namespace, what, name, qapi_domain(self.env)))
        page += data_section(name)
        return page


class ModuleDirective(PageDirective):
    """`qapi:module-page`: what one file defines."""

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The module and its definitions."""
        view = reference.module(name)
        self.note("module", name, f"module-{context.namespace.upper()}-{name}")
        return module_page(view, context)


class FeatureDirective(PageDirective):
    """`qapi:feature`: who carries a feature."""

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The feature and its carriers."""
        view = reference.feature(name)
        self.note("feature", name, f"feature-{name}")
        page = feature_page(view, context)
        page.append(mentions_of(context.namespace, "feature", name, qapi_domain(self.env)))
        return page

    def index_entries(self) -> list[tuple[str, str, str, str, None]]:
        """The feature, and what somebody types who wants all that is deprecated, or all that is unstable."""
        _, name = self.arguments
        return [*super().index_entries(), *([search_entry(f"{name} features")] if name in LISTS else [])]


class FeaturesDirective(PageDirective):
    """`qapi:features`: all features."""

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The list."""
        self.note("page", name, f"features-{context.namespace}")
        return features_page(reference.features(), context)

    def index_entries(self) -> list[tuple[str, str, str, str, None]]:
        """What somebody types who wants all commands that can be executed out of band, or in the state preconfig."""
        view = qapi_domain(self.env).references[self.arguments[0]].features()
        return [search_entry(word) for word, _ in view.properties]


class CoverageDirective(PageDirective):
    """`qapi:coverage`: how much is documented."""

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The numbers."""
        self.note("page", name, f"coverage-{context.namespace}")
        return coverage_page(reference.coverage(), context)


class BranchDirective(PageDirective):
    """`qapi:branch`: the options of a branch, written `UNION.BRANCH`."""

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The branch and its options."""
        union, _, branch = name.partition(".")
        view = reference.branch(union, branch)
        self.note("branch", name, f"branch-{name}")
        page = branch_page(view, context)
        domain = qapi_domain(self.env)
        page.extend(driver_section(union, branch, domain))
        page.append(mentions_of(context.namespace, "branch", name, domain))
        return page


class BranchesDirective(PageDirective):
    """`qapi:branches`: the branches of a union side by side."""

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The table."""
        view = reference.union(name)
        self.note("branches", name, f"branches-{name}")
        page = union_page(view, context)
        page.extend(union_links(name, qapi_domain(self.env)))
        return page


class IndexDirective(PageDirective):
    """`qapi:index`: the way into the reference. The name is its title."""

    def page(self, name: str, reference: Reference, context: Context) -> nodes.section:
        """The modules, the unions that have a page for each branch, the features; and everything by name."""
        page = index_page(reference.index(name), context)
        if self.config.html_domain_indices:
            indices = {f"{context.namespace.lower()}-index": "commands, events and types"}  # some themes link none
            indices |= {f"{each}s": f"by {each}" for each in ("module", "feature", "version")}
            names, *others = (
                sphinx_link("ref", f"qapi-{name}", text, is_there=False) for name, text in indices.items()
            )
            page.insert(2, paragraph("All ", names, " by name. Everything ", separated(others), "."))
        return page


class SummaryDirective(SphinxDirective):
    """`qapi:summary`: in a paragraph, what this build documents of a namespace, or that it documents nothing."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A paragraph."""
        namespace = self.arguments[0]
        address = f"/{config_of(self.config).reference}/{namespace}/index"
        self.env.note_dependency(f"{self.env.srcdir}{address}.rst")  # which changes when the schema does
        return [summary(qapi_domain(self.env).schemas.get(namespace), address, namespace)]


DIRECTIVES = {
    "definition": DefinitionDirective,
    "module-page": ModuleDirective,
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
