from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from docutils import nodes
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.adr.dates import Written
from qapidoc_ext.adr.decision import Change, Decision
from qapidoc_ext.adr.reference import Commit, Mail, Passage, Reference, Web
from qapidoc_ext.adr.relation import Kind, Relation, links
from qapidoc_ext.adr.status import Status
from qapidoc_ext.adr.verdict import Position, Side
from qapidoc_ext.render.citation import Citation
from qapidoc_ext.render.decision import NOT_IN_FORCE, SHAPES, SIDES, Around, index, neighbours, summary

PROPOSED = Change(
    status=Status.PROPOSED,
    on=date(2019, 4, 1),
    by="Kevin Wolf",
    source=Passage(message="M5", lines="924-941"),
)
DECISION = Decision(
    number=5,
    title="Feature flags in the QAPI schema language",
    option=5,
    status=Status.ACCEPTED,
    proposers=("Kevin Wolf",),
    history=(
        PROPOSED,
        Change(
            status=Status.DEFERRED,
            on=date(2019, 4, 2),
            by="Markus Armbruster",
            source=Passage(message="M16", lines="3026"),
        ),
        Change(
            status=Status.ACCEPTED,
            on=date(2019, 6, 12),
            by="Markus Armbruster",
            source=Mail(mail="20190612165229.26976-11-armbru@redhat.com"),
        ),
    ),
    confirmation=("dynamic-auto-read-only",),
)
PROPOSAL = replace(
    DECISION,
    number=4,
    title="A <dummy> member & *nothing* else",
    option=4,
    status=Status.PROPOSED,
    history=(PROPOSED,),
    confirmation=("one", "two"),
)


def link(number: int) -> nodes.Node:
    return nodes.reference("", f"Record {number}", refuri=f"{number:04}.html")


def around(**evidence: str) -> Around:
    return Around(citation=Citation(discussion=None), link=link, evidence=evidence, why_not_written="there is no git")


def test_summary_of_a_decision_that_was_taken_after_the_discussion(
    file_regression: FileRegressionFixture,
) -> None:
    (content,) = summary(DECISION, around(**{"dynamic-auto-read-only": "executed"}))
    file_regression.check(content.pformat(), extension=".xml", encoding="utf-8")


def test_summary_of_a_proposal_with_two_examples(file_regression: FileRegressionFixture) -> None:
    (content,) = summary(PROPOSAL, around(one="executed"))
    file_regression.check(content.pformat(), extension=".xml", encoding="utf-8")


def test_a_record_that_is_about_no_option_names_none() -> None:
    texts = [summary(replace(DECISION, option=option), around())[0].astext() for option in (5, None)]
    assert ["Option\n\n" in text for text in texts] == [True, False]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (Commit(commit="a" * 40, project="QEMU"), f"commit {'a' * 40} of QEMU"),
        (Web(url="https://example.org/"), "https://example.org/"),
    ],
)
def test_a_change_of_status_says_what_it_rests_on(source: Reference, said: str) -> None:
    decision = replace(DECISION, history=(replace(PROPOSED, source=source),))
    (content,) = summary(decision, around())
    assert f"Kevin Wolf\n\n{said}" in content.astext()


@pytest.mark.parametrize(
    ("last", "said"), [(1, "written on 2026-01-01"), (2, "written on 2026-01-01, changed on 2026-01-02")]
)
def test_a_record_says_when_it_was_written_and_last_changed(last: int, said: str) -> None:
    written = Written(first=date(2026, 1, 1), last=date(2026, 1, last))
    (content,) = summary(DECISION, replace(around(), written=written))
    assert f"This record\n\n{said}\n\n" in content.astext()


def test_whoever_took_a_position_is_named_with_it() -> None:
    positions = tuple(
        Position(who=f"Author of {side.name}", stance=side, source=PROPOSED.source, note="with a `note`")
        for side in Side
    )
    (content,) = summary(replace(DECISION, positions=positions), around())
    [table] = [table for table in content.findall(nodes.table) if "qapi-decision-positions" in table["classes"]]
    assert [[cell.astext() for cell in row.children] for row in table.findall(nodes.row)] == [
        ["Who", "Is", "Note", "Source"],
        *(
            [f"Author of {side.name}", SIDES[side], "with a note", "the discussion: M5, lines 924\N{EN DASH}941"]
            for side in Side
        ),
    ]


def test_a_record_that_no_example_confirms_says_why() -> None:
    (content,) = summary(replace(DECISION, confirmation=(), unconfirmed="Only `host_device` has it."), around())
    assert "Confirmation\n\nnone: Only host_device has it.\n\n" in content.astext()


@pytest.mark.parametrize(
    ("source", "kind", "said"),
    [
        (4, Kind.ALTERNATIVE_TO, " An alternative to it is in force: Record 5."),
        (5, Kind.ALTERNATIVE_TO, " An alternative to it is in force: Record 5."),
        (4, Kind.STOP_GAP_FOR, " It was to bridge the time until this is in force, which it is: Record 5."),
        (5, Kind.STOP_GAP_FOR, ""),
        (5, Kind.SUPERSEDES, " It was superseded by: Record 5."),
        (4, Kind.SUPERSEDES, ""),
        (5, Kind.CARRIES_OUT, " It was carried out by: Record 5."),
        (5, Kind.CONFLICTS_WITH, ""),
    ],
)
def test_a_record_that_is_not_in_force_names_what_is_in_its_place(source: int, kind: Kind, said: str) -> None:
    found = links(4, [(source, Relation(type=kind, to=9 - source))])
    for status, more in ((Status.ACCEPTED, said), (Status.PROPOSED, "")):
        (content,) = summary(PROPOSAL, replace(around(), links=found, statuses={5: status}))
        [banner] = [one for one in content.findall(nodes.container) if "decision-banner" in one["classes"]]
        assert banner.astext() == NOT_IN_FORCE[Status.PROPOSED] + more


@pytest.mark.parametrize(
    ("number", "said"), [(1, "→ Record 2"), (2, "← Record 1 · All · → Record 4"), (7, "← Record 4")]
)
def test_a_record_leads_to_those_beside_it(number: int, said: str) -> None:
    every = nodes.reference("", "All") if number == 2 else None
    assert [one.astext() for one in neighbours(number, [7, 4, 2, 1], link, every)] == [said]
    assert neighbours(1, [1], link, None) == []


def test_index_is_in_the_order_of_the_numbers(file_regression: FileRegressionFixture) -> None:
    content = index([DECISION, PROPOSAL], link)
    file_regression.check(content.pformat(), extension=".xml", encoding="utf-8")


def test_index_without_a_decision_has_no_rows() -> None:
    assert [len(body) for body in index([], link).findall(nodes.tbody)] == [0]


@pytest.mark.parametrize("status", Status)
def test_every_status_is_shown_as_a_word_with_a_shape_of_its_own(status: Status) -> None:
    (content,) = summary(replace(DECISION, status=status), around())
    first = next(content.findall(nodes.paragraph))
    assert first.astext() == f"{SHAPES[status]} {status.value} on 2019-06-12"
    assert list(SHAPES.values()).count(SHAPES[status]) == 1
