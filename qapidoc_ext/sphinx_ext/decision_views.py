"""What a page shows of decision records: its directives, once the records are read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.ext.graphviz import graphviz

from qapidoc_ext.adr.basis import RECORD, STANDING
from qapidoc_ext.adr.comparison import COMPARISON, compared, comparison
from qapidoc_ext.adr.decision import Record
from qapidoc_ext.adr.elsewhere import elsewhere
from qapidoc_ext.adr.judgement import Judgement
from qapidoc_ext.adr.passages import passage
from qapidoc_ext.adr.records import Records
from qapidoc_ext.adr.relations import all_relations
from qapidoc_ext.adr.scenarios import SCENARIO
from qapidoc_ext.adr.shown import ARGUMENTS, INTERFACE, RECORDED
from qapidoc_ext.qmp.shim.options import OPTIONS
from qapidoc_ext.render import comparison as side_by_side
from qapidoc_ext.render.build import linked, paragraph
from qapidoc_ext.render.citation import Citation
from qapidoc_ext.render.decision import Around, index, neighbours, status_label, summary
from qapidoc_ext.render.discussion import arguments, of_stance, part, standing
from qapidoc_ext.render.interface import interface, recorded
from qapidoc_ext.render.scenario import scenario
from qapidoc_ext.render.timeline import graph, timeline
from qapidoc_ext.render.transcript import evidence, mention
from qapidoc_ext.render.verdict import PREFIX
from qapidoc_ext.sphinx_ext import exports
from qapidoc_ext.sphinx_ext.domain import qapi_domain
from qapidoc_ext.sphinx_ext.files import address_of
from qapidoc_ext.sphinx_ext.nodes import record_view

INDEX = "decision-index"
COMPUTED = {INTERFACE: "the computed difference", RECORDED: "the recorded introspections"}
"""What a link to what is computed says."""
MESSAGES = "discussion messages"


class Shown:
    """What a page shows of the records in its folder; where there are none, of those in the first folder."""

    def __init__(self, app: Sphinx, docname: str) -> None:
        self.app = app
        self.docname = docname
        self.domain = qapi_domain(app.env)
        source = app.env.doc2path(docname)
        self.path, folder = str(source), str(source.parent)
        self.folder = folder if folder in self.domain.records else next(iter(self.domain.records), folder)
        nothing = Records(records={}, pages=(), discussion=None, criteria=(), kept={}, findings=())
        self.records = self.domain.records.get(self.folder, nothing)
        self.documents = {
            one.decision.number: name
            for path, one in self.records.records.items()
            if (name := app.env.path2doc(path)) in app.env.found_docs
        }
        self.citation = Citation(discussion=self.records.discussion, address=self._address_of(MESSAGES))

    @property
    def record(self) -> Record | None:
        """The record that this page is."""
        return self.records.records.get(self.path)

    @property
    def judgements(self) -> list[Judgement]:
        """All verdicts of the records."""
        return self.domain.judgements.get(self.folder, [])

    def said(self, text: str) -> nodes.Node:
        """Who said it, and where."""
        place = passage(text)
        parts = self.citation.said(place) if place else [nodes.Text(text)]
        return nodes.inline("", "", *parts, classes=["decision-said"])

    def shown(self, name: str) -> nodes.Node:
        """A link to the evidence of this page with a name."""
        runs = {run.script.header.name: run for run in self.domain.runs.get(self.docname, []) if run}
        ground = self.domain.grounds.get(self.folder, {}).get((self.path, name))
        if name in runs:
            parts = mention(runs[name])
        elif ground and ground.directive in COMPUTED:
            anchor = f"{PREFIX[ground.directive]}{name}"
            parts = [nodes.reference("", COMPUTED[ground.directive], internal=True, refid=anchor)]
        else:
            parts = [nodes.Text(name)]  # said by the checks of the records
        return nodes.inline("", "", *parts, classes=["decision-shown"])

    def view(self, node: record_view) -> list[nodes.Node]:
        """What a directive shows; nothing where the page has faults, which are told elsewhere."""
        try:
            return self._view(node["view"], node)
        except (KeyError, ValueError):
            return [paragraph("What belongs here has faults.")]

    def _view(self, view: str, node: record_view) -> list[nodes.Node]:
        views: dict[str, Callable[[], list[nodes.Node]]] = {
            RECORD: self._summary,
            INDEX: self._index,
            "decision-timeline": lambda: [timeline(self.records.decisions, self.link, self.citation)],
            "decision-graph": self._graph,
            INTERFACE: lambda: interface(node["computed"], node["name"]),
            RECORDED: lambda: recorded(node["computed"], node["name"]),
            SCENARIO: lambda: self._scenario(node),
            COMPARISON: lambda: self._comparison(node["argument"]),
        }
        return views[view]() if view in views else self._said(view, node["argument"], node["wanted"])

    def _index(self) -> list[nodes.Node]:
        links: list[nodes.Node] = []
        for text, name in exports.FILES.items():
            links += [nodes.Text(", " if links else "For other programs: "), nodes.reference("", text, refuri=name)]
        is_there = self.app.builder.format == "html" and self.folder == str(Path(self.path).parent)
        table = index(self.records.decisions, self.link)
        return [table, paragraph(links, classes=["decision-exports"])] if is_there else [table]

    def _said(self, view: str, argument: str, wanted: list[str]) -> list[nodes.Node]:
        discussion = self.records.discussion
        if discussion is None:
            return []
        option = discussion.option(self.record.decision.option) if self.record else None
        if view == ARGUMENTS:
            return arguments(of_stance(option.arguments, argument), discussion, self.citation) if option else []
        if view == STANDING:
            return standing(option.standing, self.citation) if option else []
        name, _, rest = argument.partition(" ")
        return part(name, rest, lambda one: not wanted or one in wanted, discussion, self.citation)

    def _scenario(self, node: record_view) -> list[nodes.Node]:
        every = self.domain.grounds.get(self.folder, {})
        places = ((option, (self.path, name)) for option, name in node["names"])
        found = [(option, every[place]) for option, place in places if place in every]
        return scenario(node["argument"], found, {name: option.title for name, option in OPTIONS.items()})

    def _comparison(self, argument: str) -> list[nodes.Node]:
        chosen = compared(argument, self.records.decisions)
        table = comparison(chosen, self.judgements, self.records.criteria, self.records.discussion)
        around = side_by_side.Around(
            citation=self.citation,
            address=self._address_of_path,
            paths={one.decision.number: path for path, one in self.records.records.items()},
            statuses={one.number: status_label(one.status) for one in chosen},
        )
        return side_by_side.comparison(table, around)

    def _summary(self) -> list[nodes.Node]:
        record = self.record
        if record is None:
            return []
        decision = record.decision
        written = self.domain.written.get(self.folder, "git was not asked")
        known = written.get(Path(record.page.path)) if isinstance(written, dict) else None
        around = Around(
            citation=self.citation,
            link=self.link,
            evidence={run.script.header.name: evidence(run) for run in self.domain.runs.get(self.docname, []) if run},
            links=self.records.links(decision.number),
            statuses={one.number: one.status for one in self.records.decisions},
            judgements=[one for one in self.judgements if one.record is record],
            address=self._address_of_path,
            criteria={one.id: one.text for one in self.records.criteria},
            elsewhere=self._elsewhere(record),
            written=known,
            why_not_written="it is not committed yet" if isinstance(written, dict) else written,
        )
        address = self._address_of(INDEX)
        all_records = nodes.reference("", "all records", internal=True, refuri=address) if address else None
        return [
            *neighbours(decision.number, sorted(self.documents), self.link, all_records),
            *summary(decision, around),
        ]

    def _elsewhere(self, record: Record) -> list[tuple[str, str]]:
        pages = elsewhere(record, self.records.pages, self.records.decisions)
        titles = {page.path: heading.text for page in pages for heading in page.headings if heading.level == 1}
        return [(title, address) for path, title in titles.items() if (address := self._address_of_path(path))]

    def link(self, number: int) -> nodes.Node:
        """The title of a record, as a link to it."""
        title = next((one.title for one in self.records.decisions if one.number == number), "?")
        text = f"{number:04} {title}"
        address = self.address(number)
        return linked(text, address or None)

    def address(self, number: int) -> str:
        """Of a record, from this page; empty where the build has no page for it."""
        return self._relative(self.documents[number]) if number in self.documents else ""

    def _relative(self, docname: str) -> str:
        return address_of(self.app, self.docname, docname) or ""

    def _address_of_path(self, path: str) -> str:
        """Of the page with this source; empty for this page, and where the build has none."""
        docname = self.app.env.path2doc(path)
        is_elsewhere = docname in self.app.env.found_docs and docname != self.docname
        return self._relative(docname) if docname and is_elsewhere else ""

    def _address_of(self, content: str) -> str | None:
        """Of the page in this folder that shows something: empty on that page, none where none does."""
        pages = sorted(self.domain.pages_with(content))
        here = [one for one in pages if str(self.app.env.doc2path(one).parent) == self.folder]
        return address_of(self.app, self.docname, here[0]) if here else None

    def _graph(self) -> list[nodes.Node]:
        relations = all_relations(self.records.records.values())
        if shutil.which(self.app.config.graphviz_dot) is None:
            text = f"The graph of these relations is not drawn: there is no program {self.app.config.graphviz_dot}, "
            return [
                paragraph(
                    f"{text}which the Debian package graphviz has. The table of relations on each record has all."
                )
            ]
        node = graphviz("")
        node["code"] = graph(self.records.decisions, relations, self.address)
        node["options"] = {"docname": self.docname}
        node["alt"] = "The records and their relations; each record lists its own."
        return [nodes.container("", node, classes=["decision-graph"])]
