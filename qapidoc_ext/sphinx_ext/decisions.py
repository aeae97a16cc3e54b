"""Decision records: their folder is read once every document is, and fills the pages that show something of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.typing import OptionSpec

from qapidoc_ext.adr.basis import OURS, RECORD, SHOWN, STANDING
from qapidoc_ext.adr.comparison import COMPARISON
from qapidoc_ext.adr.computed import PART, REFERENCE
from qapidoc_ext.adr.dates import DatesError, Written, dates
from qapidoc_ext.adr.discussion_file import FILE
from qapidoc_ext.adr.ground import Place, grounds
from qapidoc_ext.adr.judgement import faults, judgements
from qapidoc_ext.adr.kept import FILE as KEPT_FILE
from qapidoc_ext.adr.passages import ROLE
from qapidoc_ext.adr.records import CRITERIA_FILE, records
from qapidoc_ext.adr.scenarios import SCENARIO
from qapidoc_ext.adr.shown import ARGUMENTS, INTERFACE, RECORDED
from qapidoc_ext.qmp.outcome import Run
from qapidoc_ext.source import Finding
from qapidoc_ext.sphinx_ext import exports
from qapidoc_ext.sphinx_ext.computed import (
    COMPUTED,
    InterfaceChangeDirective,
    InterfaceReferenceDirective,
    RecordedAnswersDirective,
)
from qapidoc_ext.sphinx_ext.decision_views import INDEX, Shown
from qapidoc_ext.sphinx_ext.domain import QapiDomain, qapi_domain
from qapidoc_ext.sphinx_ext.exports import RECORDS, is_beside_records
from qapidoc_ext.sphinx_ext.finished import digest, status
from qapidoc_ext.sphinx_ext.lazily import Lazily
from qapidoc_ext.sphinx_ext.nodes import placeholder, record_said, record_shown, record_view
from qapidoc_ext.sphinx_ext.report import Subject, report_faults
from qapidoc_ext.sphinx_ext.scenarios import ScenarioDirective
from qapidoc_ext.sphinx_ext.stale import stale_pages

VIEWS = (
    RECORD,
    INDEX,
    "decision-timeline",
    "decision-graph",
    STANDING,
    ARGUMENTS,
    PART,
    COMPARISON,
)
"""The directives, by name."""


def connect(app: Sphinx) -> None:
    """Register directives, the role, nodes and event handlers."""
    app.setup_extension("sphinx.ext.graphviz")
    for name in VIEWS:
        app.add_directive(name, ViewDirective)
    app.add_directive(INTERFACE, InterfaceChangeDirective)
    app.add_directive(RECORDED, RecordedAnswersDirective)
    app.add_directive(REFERENCE, InterfaceReferenceDirective)
    app.add_directive(SCENARIO, ScenarioDirective)
    app.add_role(ROLE, PlaceholderRole(record_said))
    app.add_role(SHOWN, PlaceholderRole(record_shown))
    app.add_generic_role(OURS, nodes.inline)
    for stand_in in (record_view, record_said, record_shown):
        app.add_node(stand_in)
    app.connect("doctree-read", collect_views)
    app.connect("env-updated", read_records)
    app.connect("html-page-context", exports.name_feed)
    app.connect("build-finished", exports.write)
    app.connect("html-page-context", _style)


def _style(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Let a page that shows records look like one. All others do without: a phone waits for each file."""
    del templatename, context
    domain = qapi_domain(app.env)
    shows_some = any(domain.has_on_page(pagename, content) for content in (record_view.__name__, COMPUTED))
    if doctree is None or not (shows_some or is_beside_records(app, pagename)):
        return
    for name in ("decisions", "comparison"):
        app.add_css_file(f"{name}.css")
        app.add_js_file(f"{name}.js", loading_method="defer")


class ViewDirective(SphinxDirective):
    """Any of the directives: a node that stands for what is known once all records are read."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {"ids": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """A node that stands for it."""
        folder = self.env.doc2path(self.env.current_document.docname).parent
        for name in (FILE, CRITERIA_FILE, KEPT_FILE):
            if (folder / name).is_file():
                self.env.note_dependency(str(folder / name))
        argument = self.arguments[0] if self.arguments else ""
        return [record_view(view=self.name, argument=argument, wanted=self.options.get("ids", "").split())]


class PlaceholderRole(SphinxRole):
    """`said`: who said what stands before it, and where. `shown`: what shows it, on this page."""

    def __init__(self, placeholder: type[nodes.Element]) -> None:
        self.placeholder = placeholder

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """A node that stands for it."""
        return [self.placeholder(text=self.text)], []


def collect_views(app: Sphinx, doctree: nodes.document) -> None:
    """Remember what the document that was just read shows of the records."""
    domain = qapi_domain(app.env)
    for node in doctree.findall(record_view):
        domain.note_page(f"{node['view']} {node['argument']}".strip())
        domain.note_page(record_view.__name__)
    if any(isinstance(node, record_said | record_shown) for node in doctree.findall()):
        domain.note_page(record_view.__name__)


def read_records(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Let the records be read where a page needs them, once the examples have run. Gives documents to be written again.

    Where nothing has changed since a build in which they had no fault, they have none.
    """
    domain = qapi_domain(env)
    folders = sorted({str(env.doc2path(docname).parent) for docname in domain.pages_with(RECORD)})
    runs = _runs(env)
    read = domain.records = Lazily(folders, lambda folder: records(Path(folder)))
    shown = domain.grounds = Lazily(folders, lambda folder: grounds(read[folder].pages, runs))
    domain.judgements = Lazily(
        folders, lambda folder: judgements(read[folder].records.values(), shown[folder], read[folder].kept)
    )
    domain.written = {folder: _dates(Path(folder)) for folder in folders}
    made_from = digest(status({*_files(env, folders)}), domain.written, domain.ran)
    if not domain.finished.has(RECORDS, made_from):
        told = {*_faults(domain, folders)}
        report_faults(app, sorted(told), Subject.DECISION)
        domain.finished.note(RECORDS, "" if told else made_from)
    report_faults(app, dict.fromkeys(_faults_elsewhere(domain)), Subject.DECISION)
    return stale_pages(app, "records", dict.fromkeys(domain.pages_with(record_view.__name__), made_from))


def _files(env: BuildEnvironment, folders: Collection[str]) -> Iterator[Path]:
    """The files that the records are made from: those of their folders, and what their pages show of others."""
    for folder in folders:
        yield from Path(folder).rglob("*")
    for docname, used in env.dependencies.items():
        if str(env.doc2path(docname).parent) in folders:
            yield from (env.srcdir / path for path in used)


def _faults(domain: QapiDomain, folders: Iterable[str]) -> Iterator[Finding]:
    for folder in folders:
        yield from domain.records[folder].findings
        yield from faults(domain.judgements[folder])


def _faults_elsewhere(domain: QapiDomain) -> Iterator[Finding]:
    """What is wrong with computed directives that the check of the records does not look at.

    It reads the Markdown in the folders of records, and of that what stands in nothing else.
    """
    for docname, noted in domain.computed_faults.items():
        folder = str(domain.env.doc2path(docname).parent)
        pages = domain.records[folder].pages if folder in domain.records else ()
        checked = {(one.location.path, one.location.line) for page in pages for one in page.directives}
        for place, found in noted:
            if (place.path, place.line) not in checked:
                yield from found


def _runs(env: BuildEnvironment) -> dict[Place, Run]:
    """What the examples with a name did, by the page that shows them."""
    runs = [(str(env.doc2path(docname)), run) for docname, some in qapi_domain(env).runs.items() for run in some if run]
    return {(path, run.script.header.name): run for path, run in runs if run.script.header.name}


def _dates(folder: Path) -> dict[Path, Written] | str:
    try:
        return dates(folder)
    except DatesError as error:
        return str(error)


def show_records(app: Sphinx, found: Iterable[placeholder], docname: str) -> None:
    """Put the records where they are to be shown."""
    shown = Shown(app, docname)
    for node in found:
        match node:
            case record_view():
                node.replace_self(shown.view(node))
            case record_said():
                node.replace_self(shown.said(node["text"]))
            case record_shown():
                node.replace_self(shown.shown(node["text"]))
            case _:
                pass
