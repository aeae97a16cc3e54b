"""Verdicts, and decisions side by side by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docutils import nodes
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.adr.comparison import comparison as compare
from qapidoc_ext.adr.decision import Change, Decision, Record
from qapidoc_ext.adr.discussion_file import discussion
from qapidoc_ext.adr.ground import Ground
from qapidoc_ext.adr.judgement import Judgement, State
from qapidoc_ext.adr.kept import Kept
from qapidoc_ext.adr.page import Page
from qapidoc_ext.adr.reference import Passage
from qapidoc_ext.adr.scenarios import SCENARIO
from qapidoc_ext.adr.shown import EXAMPLE, INTERFACE, RECORDED
from qapidoc_ext.adr.status import Status
from qapidoc_ext.adr.verdict import Criterion, Evidence, Result, Verdict
from qapidoc_ext.render import verdict
from qapidoc_ext.render.citation import Citation
from qapidoc_ext.render.comparison import Around, comparison

LAMPS = discussion(Path(__file__).parent / "discussion.yaml")
CITATION = Citation(discussion=LAMPS, address="list.html")
SAID = Passage(message="M2", lines="24-25")
PROPOSED = Change(status=Status.PROPOSED, on=date(2026, 1, 2), by="Ann Alder", source=SAID)
GROUND = Ground(name="try", directive=EXAMPLE, path="4.md", subject="try", facts=("it works: yes",), qemu=("10.0.0",))
FACTS = ("try: it works: yes",)
VERDICT = Verdict(criterion="C1", verdict=Result.PASS, kind=Evidence.LIVE, evidence=("try",), note="It has `kind`.")


def judgement(
    of: Verdict = VERDICT, state: State = State.STANDS, *grounds: Ground, number: int = 4, before: Kept | None = None
) -> Judgement:
    decision = Decision(
        number=number,
        title=f"Record {number}",
        option=1 if number == 7 else None,
        status=Status.PROPOSED,
        proposers=("Ann Alder",),
        history=(PROPOSED,),
        criteria=(of,),
    )
    page = Page(path=f"{number}.md", text="", front_matter=None, headings=(), directives=(), roles=())
    record = Record(decision=decision, page=page, locations={})
    return Judgement(record=record, index=0, grounds=grounds, facts=FACTS, before=before, state=state)


def address(path: str) -> str:
    return "" if path == "4.md" else path.replace(".md", ".html")


def said(parts: list[nodes.Node]) -> str:
    return "".join(part.astext() for part in parts)


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (Result.PASS, "✓ yes"),
        (Result.FAIL, "✕ no"),
        (Result.PARTIAL, "◐ in part"),
        (Result.NOT_APPLICABLE, "\N{EN DASH} does not apply"),
        (Result.OPEN, "○ open"),
    ],
)
def test_a_verdict_in_words(result: Result, text: str) -> None:
    assert verdict.sign(judgement(replace(VERDICT, verdict=result))).astext() == text


@pytest.mark.parametrize(
    ("state", "is_recorded", "text", "badges"),
    [
        (State.STANDS, False, "✓ yes", "▶ live"),
        (State.STANDS, True, "◷ yes", "▶ live ◷ recorded with QEMU 10.0.0"),
        (State.ASSERTED, True, "◷ yes", "▶ live ◷ recorded with QEMU 10.0.0"),
        (State.NOT_EXECUTED, False, "○ not executed; judged before: yes", "▶ live ◷ recorded with QEMU 10.0.0"),
        (State.CHANGED, False, "⚠ evidence changed; it was: yes", "▶ live"),
        (State.UNJUDGED, False, "⚠ not judged on its evidence: yes", "▶ live"),
    ],
)
def test_a_verdict_has_its_own_sign_only_where_this_build_bears_it_out(
    state: State,
    is_recorded: bool,  # noqa: FBT001 - a value, not a switch
    text: str,
    badges: str,
) -> None:
    one = judgement(VERDICT, state, replace(GROUND, is_recorded=is_recorded))
    assert verdict.sign(one).astext() == text
    assert verdict.sign(one)["classes"] == ["verdict-sign", f"verdict-{state.value.replace(' ', '-')}"]
    assert said(verdict.badges(one)) == badges


@pytest.mark.parametrize(
    ("ground", "target"),
    [
        (GROUND, {"refid": "example-try"}),
        (replace(GROUND, path="2.md"), {"refuri": "2.html#example-try"}),
        (replace(GROUND, directive=INTERFACE), {"refid": "interface-try"}),
        (replace(GROUND, directive=RECORDED), {"refid": "recorded-try"}),
        (replace(GROUND, directive=SCENARIO), {"refid": "example-try"}),
        (replace(GROUND, directive=SCENARIO, qemu=()), {"refid": "facts-try"}),
        (replace(GROUND, directive=SCENARIO, qemu=(), missing="no QEMU"), {"refid": "example-try"}),
    ],
)
def test_evidence_is_linked_to_where_it_is_shown(ground: Ground, target: dict[str, str]) -> None:
    link = verdict.ground_link(ground, address)
    assert link.astext() == "try"
    assert {name: link[name] for name in ("refid", "refuri") if name in link} == target


@pytest.mark.parametrize(
    ("grounds", "source", "text"),
    [
        ((GROUND, replace(GROUND, name="other")), None, "try, other"),
        ((replace(GROUND, missing="no QEMU"),), None, "try (no QEMU)"),
        ((GROUND,), SAID, "try: Bob Birch, M2, lines 24\N{EN DASH}25"),
        ((), SAID, "Bob Birch, M2, lines 24\N{EN DASH}25"),
        ((), None, "our observation"),
    ],
)
def test_what_a_verdict_rests_on(grounds: tuple[Ground, ...], source: Passage | None, text: str) -> None:
    one = judgement(replace(VERDICT, source=source), State.STANDS, *grounds)
    assert said(verdict.basis(one, address, CITATION)) == text


@pytest.mark.parametrize(
    ("state", "texts"),
    [
        (State.STANDS, []),
        (State.CHANGED, ["- try: it works: no\n+ try: it works: yes"]),
        (State.UNJUDGED, ["- try: it works: no\n+ try: it works: yes"]),
    ],
)
def test_facts_that_differ_are_listed(state: State, texts: list[str]) -> None:
    one = judgement(VERDICT, state, before=Kept(facts=("try: it works: no",)))
    assert [node.astext() for node in verdict.changed(one)][1:] == texts


def compared(*judgements: Judgement, knock_out: bool = True) -> nodes.container:
    criteria = [
        Criterion(id="C1", text="It has a `kind`.", check="a look"),
        Criterion(id="C2", text="It is lit.", check="a lamp", knock_out=knock_out),
    ]
    decisions = [one.record.decision for one in judgements]
    statuses: dict[int, nodes.Node] = {one.number: nodes.Text(one.status.value) for one in decisions}
    around = Around(
        citation=CITATION,
        address=address,
        paths={one.number: f"{one.number}.md" for one in decisions},
        statuses=statuses,
    )
    return nodes.container("", *comparison(compare(decisions, judgements, criteria, LAMPS), around))


def test_comparison(file_regression: FileRegressionFixture) -> None:
    own = judgement(replace(VERDICT, arguments=("1.P1", "1.C1")), State.STANDS, GROUND, number=7)
    other = judgement(replace(VERDICT, verdict=Result.FAIL), State.CHANGED, GROUND, before=Kept(facts=()))
    file_regression.check(compared(own, other).pformat(), extension=".xml", encoding="utf-8")


def test_without_a_knock_out_criterion_there_is_no_group_of_them() -> None:
    shown = compared(judgement(), knock_out=False)
    assert [row["ids"] for row in shown.findall(nodes.row)] == [[], ["comparison-C1"], ["comparison-C2"]]
    assert len(shown.children) == 1


def test_what_was_not_executed_is_no_shared_evidence() -> None:
    not_executed = replace(GROUND, facts=None)
    shown = compared(*(judgement(VERDICT, State.NOT_EXECUTED, not_executed, number=number) for number in (1, 2)))
    assert "found the same" not in shown.astext()


@pytest.mark.parametrize(
    ("before", "badges"),
    [(None, "▶ live"), (Kept(facts=(), qemu=("9.2.0", "10.0.0")), "▶ live ◷ recorded with QEMU 9.2.0 and QEMU 10.0.0")],
)
def test_without_facts_of_this_build_the_qemu_is_the_one_that_was_judged(before: Kept | None, badges: str) -> None:
    one = replace(judgement(VERDICT, State.NOT_EXECUTED, before=before), facts=None)
    assert said(verdict.badges(one)) == badges
