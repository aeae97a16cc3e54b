from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qapidoc_ext.adr.discussion import Stance
from qapidoc_ext.adr.discussion_file import discussion, parse
from qapidoc_ext.source import SourceError

ADR = Path(__file__).parents[2] / "adr"
GOOD = """\
title: A talk
place: a room
lines: 20
source: a page
participants:
- {id: ann, name: Ann, role: asks}
- {id: bob, name: Bob, role: answers}
messages:
- {id: M1, author: ann, lines: 1-9, basis: a guess, about: all}
- {id: M2, author: bob, lines: 11-20, on: 2019-04-01, time: "10:00Z", basis: a clock, replies_to: M1, about: some}
tables:
- {id: t, title: Two, columns: [a, b], rows: [{message: M1, lines: "4", cells: [c, d]}]}
options:
- option: 7
  title: An option
  introduced: {author: ann, message: M1, lines: "1", text: Proposed.}
  rationale: {author: ann, message: M1, lines: "1", text: Because.}
  interface: {author: ann, message: M1, lines: "1", text: Nothing.}
  arguments:
  - id: 7.P1
    stance: pro
    author: ann
    message: M1
    lines: 2-3
    text: It is good.
    corrections: [E1]
    replies: [{author: ann, reported_by: bob, message: M2, lines: "12", text: She says so again.}]
corrections:
- {id: E1, original: {message: M1, lines: "3"}, what: A slip., reading: Better.}
"""


def faults(text: str) -> list[str]:
    try:
        parse(text, "d.yaml")
    except SourceError as error:
        return [str(finding) for finding in error.findings]
    return []


def test_a_good_text_is_a_discussion() -> None:
    talk = parse(GOOD, "d.yaml")
    option = talk.option(7)
    assert option is not None
    (argument,) = option.arguments
    assert argument.stance is Stance.PRO
    assert argument.span == range(2, 4)
    assert [reply.reported_by for reply in argument.replies] == ["bob"]
    assert talk.participant("bob") == "Bob"
    assert talk.ids("table") == {"t"}


@pytest.mark.parametrize(
    ("good", "bad", "message"),
    [
        ("role: asks", "roll: asks", "d.yaml:6:24: participants[0].roll: unknown key"),
        (
            "stance: pro",
            "stance: for",
            "d.yaml:21:5: options[0].arguments[0].stance: expected one of pro, con, neutral",
        ),
        ("corrections: [E1]", "corrections: [E2]", "d.yaml:26:19: options[0].arguments[0].corrections[0]: there is no"),
        ("lines: 2-3", "lines: 8-11", "d.yaml:24:5: options[0].arguments[0].lines: 8-11 is not in M1"),
        ("lines: 2-3", "lines: 3-2", "d.yaml:24:5: options[0].arguments[0].lines: 3-2 ends before it begins"),
        (
            "message: M1\n    lines",
            "message: M3\n    lines",
            "d.yaml:23:5: options[0].arguments[0].message: there is no",
        ),
        (
            "stance: pro\n    author: ann",
            "stance: pro\n    author: bob",
            "d.yaml:22:5: options[0].arguments[0].author: M1",
        ),
        (
            "stance: pro\n    author: ann",
            "stance: pro\n    author: eve",
            "d.yaml:22:5: options[0].arguments[0].author: there is no participant 'eve'",
        ),
        ("reported_by: bob", "reported_by: eve", "replies[0].reported_by: there is no participant 'eve'"),
        ("reported_by: bob, ", "", "options[0].arguments[0].replies[0].author: M2 is by bob"),
        ("id: 7.P1", "id: 6.P1", "d.yaml:20:5: options[0].arguments[0].id: must start with 7., the number"),
        ("id: E1", "id: 7.P1", "d.yaml:29:4: corrections[0].id: '7.P1' is already in line 20"),
        ("lines: 11-20", "lines: 9-20", "d.yaml:10:25: messages[1].lines: line 9 is not behind 9"),
        ("lines: 11-20", "lines: 11-21", "d.yaml:10:25: messages[1].lines: 11-21 are no lines of a text that has 20"),
        ("on: 2019-04-01, ", "", "messages[1].time: a time without a day"),
        ("replies_to: M1", "replies_to: M9", "messages[1].replies_to: there is no message M9"),
        ("cells: [c, d]", "cells: [c]", "tables[0].rows[0].cells: 1 cells for 2 columns"),
        (
            "what: A slip.",
            "what: A slip., steps: [{author: ann, message: M1, lines: 3-3, text: So it is.}]",
            "d.yaml:29:72: corrections[0].steps[0]: a passage cannot correct itself",
        ),
        ('time: "10:00Z"', 'time: "25:00Z"', "messages[1].time: expected a time, such as 14:56+02:00, got '25:00Z'"),
    ],
)
def test_each_fault_is_found_at_its_place(good: str, bad: str, message: str) -> None:
    assert GOOD.count(good) == 1
    assert any(message in fault for fault in faults(GOOD.replace(good, bad)))


@given(st.text(st.sampled_from("ab1:-,[]{}&*!|>'\"\\%#? \n\t\0"), max_size=40), st.integers(0, len(GOOD)))
def test_a_damaged_text_gives_findings_or_a_discussion(piece: str, start: int) -> None:
    assert all(fault.startswith("d.yaml:") for fault in faults(GOOD[:start] + piece + GOOD[start + 9 :]))


def test_our_own_discussion_has_six_options_and_sixteen_messages() -> None:
    talk = discussion(ADR / "discussion.yaml")
    assert [option.option for option in talk.options] == [1, 2, 3, 4, 5, 6]
    assert [message.id for message in talk.messages] == [f"M{number}" for number in range(1, 17)]
    (cases,) = (table for table in talk.tables if table.id == "option-3")
    assert len(cases.rows) == 8
    assert [row.cells[5] for row in cases.rows].count("error") == 4
