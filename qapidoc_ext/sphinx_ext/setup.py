"""What the extension gives to Sphinx."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from qapidoc_ext.render.nodes import fold, fold_title, whole_example
from qapidoc_ext.sphinx_ext import config, config_check, decisions, described, parser, versions
from qapidoc_ext.sphinx_ext.builder import QmpBuilder
from qapidoc_ext.sphinx_ext.data import begin_data, finish_data
from qapidoc_ext.sphinx_ext.directives import DIRECTIVES
from qapidoc_ext.sphinx_ext.domain import QapiDomain
from qapidoc_ext.sphinx_ext.examples import ExampleDirective, ShowRuns, ShowRunsInTabs, collect_examples
from qapidoc_ext.sphinx_ext.folds import close_fold, close_fold_title, leave_out, open_fold, open_fold_title
from qapidoc_ext.sphinx_ext.garbage import collect_rarely
from qapidoc_ext.sphinx_ext.indices import add_indices
from qapidoc_ext.sphinx_ext.kept import open_in_time, rendered
from qapidoc_ext.sphinx_ext.lexer import QmpLexer
from qapidoc_ext.sphinx_ext.links import collect_links, pages_with_other_links
from qapidoc_ext.sphinx_ext.logs import log_what_is_shown
from qapidoc_ext.sphinx_ext.manual import QapiDocDirective
from qapidoc_ext.sphinx_ext.matrix import MatrixDirective, collect_matrices, pages_with_matrices
from qapidoc_ext.sphinx_ext.mentions import changed_mentions, collect_mentions
from qapidoc_ext.sphinx_ext.missing import keep_as_text, look_for_definitions, warn_of_missing
from qapidoc_ext.sphinx_ext.nodes import data_link, mentions, qmp_example, qmp_matrix, read_only_rows
from qapidoc_ext.sphinx_ext.placeholders import show_placeholders
from qapidoc_ext.sphinx_ext.read_only import pages_with_rows
from qapidoc_ext.sphinx_ext.reference import keep_finished, load_schemas, report_schema_faults, show_no_source
from qapidoc_ext.sphinx_ext.runs import run_examples
from qapidoc_ext.sphinx_ext.search import use_remembering_english
from qapidoc_ext.sphinx_ext.sent import send_what_is_new
from qapidoc_ext.sphinx_ext.sparingly import work_sparingly
from qapidoc_ext.sphinx_ext.stale import note_resolved, note_shown_pages
from qapidoc_ext.sphinx_ext.styles import leave_out_unused
from qapidoc_ext.sphinx_ext.tables import fit_tables
from qapidoc_ext.sphinx_ext.translated import translate_names
from qapidoc_ext.sphinx_ext.unlike_html import show_unlike_html
from qapidoc_ext.sphinx_ext.writers import share_writing

_WEB = Path(__file__).parent.parent / "web"


def connect(app: Sphinx) -> None:
    """Register configuration, domain, directives, nodes, styles and event handlers."""
    config.register(app)
    app.setup_extension("sphinx_design")  # whose tabs need no script
    app.add_domain(QapiDomain)
    app.add_builder(QmpBuilder)
    for name, directive in {**DIRECTIVES, **versions.DIRECTIVES, **described.DIRECTIVES}.items():
        app.add_directive_to_domain("qapi", name, directive)
    app.add_directive("qapi-doc", QapiDocDirective)
    parser.register(app)
    app.add_lexer("QMP", QmpLexer)
    app.add_directive("qmp-example", ExampleDirective)
    app.add_directive("qmp-matrix", MatrixDirective)
    app.add_node(fold, html=(open_fold, close_fold))
    app.add_node(fold_title, html=(open_fold_title, close_fold_title))
    for placeholder in (qmp_example, qmp_matrix, data_link, mentions, read_only_rows, rendered):
        app.add_node(placeholder)
    skip = (leave_out, None)
    app.add_node(whole_example, html=(open_fold, close_fold), latex=skip, text=skip, man=skip, texinfo=skip)
    app.connect("config-inited", collect_rarely)  # then the environment is loaded
    for prepare in (log_what_is_shown, config_check.check_config, add_indices, translate_names):
        app.connect("config-inited", prepare)
    # search in English last: the others' have been set up
    first = (load_schemas, open_in_time, work_sparingly, share_writing, _add_static_path, use_remembering_english)
    for begin in first:
        app.connect("builder-inited", begin)
    app.connect("env-before-read-docs", send_what_is_new)
    app.connect("doctree-read", collect_examples)
    app.connect("doctree-read", collect_matrices)
    app.connect("doctree-read", collect_mentions)
    app.connect("doctree-read", collect_links)
    app.connect("env-updated", run_examples)
    app.connect("env-updated", pages_with_matrices)
    app.connect("env-updated", pages_with_rows)
    app.connect("env-updated", changed_mentions)
    app.connect("env-updated", pages_with_other_links)
    app.add_post_transform(ShowRunsInTabs)
    app.add_post_transform(ShowRuns)
    decisions.connect(app)  # behind the examples, which confirm decisions
    app.connect("doctree-resolved", show_placeholders)
    app.connect("env-updated", begin_data)
    app.connect("build-finished", finish_data)
    app.connect("doctree-resolved", note_resolved)
    app.connect("build-finished", note_shown_pages)
    app.connect("doctree-resolved", fit_tables, priority=900)  # behind what adds some
    app.connect("doctree-resolved", show_unlike_html, priority=901)  # behind what makes lists of tables
    app.connect("html-page-context", show_no_source)
    app.connect("html-page-context", leave_out_unused)
    app.connect("missing-reference", look_for_definitions, priority=400)  # before intersphinx
    app.connect("missing-reference", keep_as_text, priority=900)  # behind intersphinx, which may find it elsewhere
    app.connect("warn-missing-reference", warn_of_missing)
    app.connect("env-updated", report_schema_faults)
    app.connect("build-finished", keep_finished, priority=900)  # behind what finishes something
    app.add_css_file("qapidoc.css")


def _add_static_path(app: Sphinx) -> None:
    app.config.html_static_path.append(str(_WEB))
