from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from docutils import nodes
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.adr.decision import Change, Decision
from qapidoc_ext.adr.reference import Mail, Passage
from qapidoc_ext.adr.status import Status
from qapidoc_ext.render.citation import Citation
from qapidoc_ext.render.decision import SHAPES, Around, index, summary

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
