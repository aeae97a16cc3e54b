"""Decision records: their front matter is read once every document is, and fills the pages that show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from qapidoc_ext.adr.decision import Decision, parse
from qapidoc_ext.adr.sections import sections
from qapidoc_ext.qmp.outcome import Run
from qapidoc_ext.render.decision import index, summary
from qapidoc_ext.render.transcript import evidence
from qapidoc_ext.source import Finding, Location, SourceError, read_text
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.nodes import decision_index, decision_summary
from qapidoc_ext.sphinx_ext.report import Subject, report_faults


class DecisionDirective(SphinxDirective):
    """`decision`: what the front matter of this document says."""

    def run(self) -> list[nodes.Node]:
        """A node that stands for it."""
        return [decision_summary()]


class DecisionIndexDirective(SphinxDirective):
    """`decision-index`: the table of all decisions."""

    def run(self) -> list[nodes.Node]:
        """A node that stands for it."""
        return [decision_index()]


def collect_decisions(app: Sphinx, doctree: nodes.document) -> None:
    """Remember whether the document that was just read is a record, or lists the records."""
    domain = qapi_domain(app.env)
    for node_class in (decision_summary, decision_index):
        if next(doctree.findall(node_class), None) is not None:
            domain.note_page(node_class.__name__)


def read_decisions(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Read all records, once the examples have run. Gives the documents to be written again."""
    domain = qapi_domain(env)
    domain.decisions = {}
    for docname in sorted(domain.pages_with(decision_summary.__name__)):
        path = env.doc2path(docname)
        try:
            text = read_text(path)
            domain.decisions[docname] = decision = parse(text, str(path))
            findings = [*sections(text, str(path)), *_unconfirmed(decision, domain.runs.get(docname, []), str(path))]
        except SourceError as error:
            findings = [*error.findings]
        report_faults(app, findings, Subject.DECISION)
    return [*domain.decisions, *domain.pages_with(decision_index.__name__)]


def _unconfirmed(decision: Decision, runs: Iterable[Run | None], path: str) -> Iterator[Finding]:
    """The examples that are to confirm a decision, and that its page does not have."""
    shown = {run.script.header.name for run in runs if run}
    for name in decision.confirmation:
        if name not in shown:
            message = f"confirmation: this page shows no example with the name '{name}'"
            yield Finding(location=Location(path=path, line=1), message=message)


def show_decisions(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the decisions where they are to be shown."""
    domain = qapi_domain(app.env)
    for node in list(doctree.findall(decision_summary)):
        decision = domain.decisions.get(docname)
        node.replace_self(summary(decision, _evidence(domain.runs.get(docname, []))) if decision else [])
    documents = {decision: name for name, decision in domain.decisions.items()}
    for place in list(doctree.findall(decision_index)):
        place.replace_self(index(documents, lambda decision: _link(app, docname, documents[decision], decision)))


def _evidence(runs: Iterable[Run | None]) -> dict[str, str]:
    return {run.script.header.name: evidence(run) for run in runs if run}


def _link(app: Sphinx, docname: str, target: str, decision: Decision) -> nodes.reference:
    address = app.builder.get_relative_uri(docname, target)
    return nodes.reference("", decision.title, internal=True, refuri=address)
