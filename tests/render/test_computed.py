"""What pages show that is computed: differences of interfaces, recorded answers, recordings, decisions in time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from docutils import nodes
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.adr.decision import Change, Decision
from qapidoc_ext.adr.interface import InterfaceChange
from qapidoc_ext.adr.recorded import Answers, Detector
from qapidoc_ext.adr.reference import Passage, Web
from qapidoc_ext.adr.relation import Kind, Relation
from qapidoc_ext.adr.status import Status
from qapidoc_ext.introspect.change import Action, Effect, Subject
from qapidoc_ext.introspect.change import Change as Difference
from qapidoc_ext.qmp.recording import Recording
from qapidoc_ext.render.citation import Citation
from qapidoc_ext.render.decision import SHAPES
from qapidoc_ext.render.interface import interface, recorded
from qapidoc_ext.render.matrix import Row, matrix
from qapidoc_ext.render.timeline import graph, timeline

GONE = Difference(path="lamp-add/arg-type/old", subject=Subject.MEMBER, action=Action.REMOVED, requests=Effect.BREAKING)
NEW = Difference(path="lamp-add/ret-type/new", subject=Subject.MEMBER, action=Action.ADDED, replies=Effect.COMPATIBLE)
CITATION = Citation(discussion=None)


def cells(shown: nodes.Node) -> list[list[str]]:
    return [[cell.astext() for cell in row.children] for row in shown.findall(nodes.row)]


def test_difference_of_interfaces(file_regression: FileRegressionFixture) -> None:
    change = InterfaceChange(before=("{ 'command': 'a' }\n",), after=(), changes=(GONE, NEW))
    [shown] = interface(change, "lamp")
    file_regression.check(shown.pformat(), extension=".xml", encoding="utf-8")


def test_interfaces_that_do_not_differ() -> None:
    [shown] = interface(InterfaceChange(before=(), after=(), changes=()), "")
    assert [node.astext() for node in shown.children] == [
        "Before: none of the definitions that differ.",
        "After: none of the definitions that differ.",
        "What a client notices, computed from these two schemas:",
        "Nothing.",
    ]
    assert isinstance(shown, nodes.container)
    assert shown["ids"] == []


@pytest.mark.parametrize(("name", "ids"), [("lamp", ["recorded-lamp"]), ("", [])])
def test_recorded_answers(name: str, ids: list[str]) -> None:
    detectors = (
        Detector(label="The `kind`", query="lamp-add/arg-type/kind"),
        Detector(label="Lamps", query="lamp-add"),
    )
    [shown] = recorded(Answers(detectors=detectors, rows=(("9.2.0", (False, True)),)), name)
    assert cells(shown) == [["QEMU", "The kind", "Lamps"], ["9.2.0", "\N{EN DASH} not found", "✓ found"]]
    marks = [item["classes"] for item in shown.findall(nodes.paragraph) if item["classes"]]
    assert marks == [["recorded-none"], ["recorded-found"]]
    assert [item.astext() for item in shown.findall(nodes.list_item)] == [
        "The kind: lamp-add/arg-type/kind",
        "Lamps: lamp-add",
    ]
    assert isinstance(shown, nodes.container)
    assert shown["ids"] == ids


def test_examples_against_versions() -> None:
    passed = Recording(content="x", version="9.2.0", date=datetime(2026, 1, 2, tzinfo=UTC))
    skipped = Recording(content="x", version="7.2.0", date=datetime(2026, 1, 3, tzinfo=UTC), skipped="needs lamp-add")
    row = Row(title=nodes.Text("Lamps"), now="passed", recordings={"9.2.0": passed, "7.2.0": skipped})
    shown = matrix([(nodes.Text("Light"), [row])], ["7.2.0", "9.2.0", "10.0.0"])
    assert cells(shown) == [
        ["Example", "This build", *(f"QEMU {version} ◷ recorded" for version in ("7.2.0", "9.2.0", "10.0.0"))],
        ["Light"],
        ["Lamps", "passed", "○ needs lamp-add 2026-01-03", "● passed 2026-01-02", "not recorded"],
    ]


PROPOSED = Change(status=Status.PROPOSED, on=date(2026, 1, 2), by="Ann", source=Passage(message="M1", lines="5"))
DECIDED = Change(status=Status.ACCEPTED, on=date(2026, 1, 4), by="Bob", source=Web(url="https://lamp.example/"))
FIRST = Decision(
    number=1, title="Incomprehensibilities lit", status=Status.ACCEPTED, proposers=("Ann",), history=(PROPOSED, DECIDED)
)
SECOND = Decision(
    number=2,
    title='A "la\\mp" that shines far and wide',
    status=Status.PROPOSED,
    proposers=("Bob",),
    history=(replace(PROPOSED, on=date(2026, 1, 3)),),
)


def test_changes_of_status_are_in_the_order_of_time() -> None:
    rows = cells(timeline([FIRST, SECOND], lambda number: nodes.Text(f"Record {number}"), CITATION))
    assert rows[0] == ["Date", "When", "Decision", "Status", "By", "Source"]
    assert [[*row[:3], *row[4:]] for row in rows[1:]] == [
        ["2026-01-02", "discussion", "Record 1", "Ann", "the discussion: M1, line 5"],
        ["2026-01-03", "discussion", "Record 2", "Ann", "the discussion: M1, line 5"],
        ["2026-01-04", "afterwards", "Record 1", "Bob", "https://lamp.example/"],
    ]
    assert [row[3].split()[-1] for row in rows[1:]] == ["proposed", "proposed", "accepted"]


def test_each_status_has_a_colour_of_its_own_in_the_graph() -> None:
    text = graph([replace(FIRST, status=status) for status in Status], [], str)
    assert len(set(re.findall(r'fillcolor="(#\w+)"', text))) == len(Status)


def test_the_graph_has_records_and_their_relations() -> None:
    relations = [(2, Relation(type=Kind.REFINES, to=1)), (1, Relation(type=Kind.ALTERNATIVE_TO, to=2))]
    lines = graph([FIRST, SECOND], relations, lambda number: f"{number}.html").splitlines()
    proposed, accepted = (f"{SHAPES[status]} {status.value}" for status in (Status.PROPOSED, Status.ACCEPTED))
    title = 'A \\"lamp\\" that\\nshines far and\\nwide'
    assert lines[0] == "digraph decisions {"
    assert lines[-5:] == [
        f'1 [label="0001 {accepted}\\nIncomprehensibilities\\nlit", URL="1.html", target="_top", fillcolor="#d7efd9"]',
        f'2 [label="0002 {proposed}\\n{title}", URL="2.html", target="_top", fillcolor="#eef1f5"]',
        '2 -> 1 [label="refines"]',
        '1 -> 2 [label="alternative to", dir="none"]',
        "}",
    ]
