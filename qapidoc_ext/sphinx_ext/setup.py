"""What the extension gives to Sphinx."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from qapidoc_ext.sphinx_ext import config, described
from qapidoc_ext.sphinx_ext.complete import OpenRendered
from qapidoc_ext.sphinx_ext.decisions import (
    DecisionDirective,
    DecisionIndexDirective,
    collect_decisions,
    read_decisions,
    show_decisions,
)
from qapidoc_ext.sphinx_ext.directives import DIRECTIVES
from qapidoc_ext.sphinx_ext.domain import QapiDomain
from qapidoc_ext.sphinx_ext.examples import ExampleDirective, collect_examples, run_examples, show_runs
from qapidoc_ext.sphinx_ext.indices import add_indices
from qapidoc_ext.sphinx_ext.lexer import QmpLexer
from qapidoc_ext.sphinx_ext.manual import QapiDocDirective
from qapidoc_ext.sphinx_ext.missing import keep_as_text, warn_of_missing
from qapidoc_ext.sphinx_ext.nodes import decision_index, decision_summary, qmp_example, rendered
from qapidoc_ext.sphinx_ext.reference import load_schemas, report_schema_faults
from qapidoc_ext.sphinx_ext.search import use_remembering_english

_WEB = Path(__file__).parent.parent / "web"


def connect(app: Sphinx) -> None:
    """Register configuration, domain, directives, nodes, styles and event handlers."""
    config.register(app)
    app.add_domain(QapiDomain)
    for name, directive in {**DIRECTIVES, **described.DIRECTIVES}.items():
        app.add_directive_to_domain("qapi", name, directive)
    app.add_directive("qapi-doc", QapiDocDirective)
    app.add_lexer("QMP", QmpLexer)
    app.add_directive("qmp-example", ExampleDirective)
    app.add_directive("decision", DecisionDirective)
    app.add_directive("decision-index", DecisionIndexDirective)
    app.add_post_transform(OpenRendered)
    for placeholder in (rendered, qmp_example, decision_summary, decision_index):
        app.add_node(placeholder)
    app.connect("config-inited", config.check_config)
    app.connect("config-inited", add_indices)
    app.connect("builder-inited", load_schemas)
    app.connect("doctree-read", collect_examples)
    app.connect("doctree-read", collect_decisions)
    app.connect("env-updated", run_examples)
    app.connect("env-updated", read_decisions)  # behind the examples, which confirm decisions
    app.connect("doctree-resolved", show_runs)
    app.connect("doctree-resolved", show_decisions)
    app.connect("missing-reference", keep_as_text)
    app.connect("warn-missing-reference", warn_of_missing)
    app.connect("env-updated", report_schema_faults)
    app.connect("builder-inited", _add_static_path)
    app.connect("builder-inited", use_remembering_english)  # the others have been set up
    app.add_css_file("qapidoc.css")


def _add_static_path(app: Sphinx) -> None:
    app.config.html_static_path.append(str(_WEB))
