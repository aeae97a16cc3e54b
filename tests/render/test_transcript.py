"""Transcripts as docutils trees."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.qmp.machine import Qemu
from qapidoc_ext.qmp.outcome import Called, Exchange, Failed, Outcome, Passed, Received, Run, Sent, Skipped
from qapidoc_ext.qmp.pattern import Json
from qapidoc_ext.qmp.script import parse
from qapidoc_ext.qmp.shown import Elided, ShownArray, ShownObject, whole
from qapidoc_ext.qmp.step import Comment
from qapidoc_ext.render import shown
from qapidoc_ext.render.transcript import evidence, transcript
from qapidoc_ext.source import Finding, Location

AT = Location(path="a.qmp", line=3, column=1)
TEXT = ':name: an-example\n:title: A <title>\n-> { "execute": "query-status" }\n'
QEMU = Qemu(
    version="7.2.22",
    package="Debian 1:7.2",
    program="/usr/bin/qemu",
    confinement="as user 65533, without network",
    started=datetime(2026, 11, 23, tzinfo=UTC),
)
EXCHANGES: tuple[Exchange, ...] = (
    Comment(location=AT, text="Text with `code`\nover two lines.\n\nAnother paragraph."),
    Sent(location=AT, machine="vm", message={"execute": "query-status"}, shell=""),
    Received(
        location=AT, machine="vm", message=ShownObject(members=(("return", whole({"<b>": True})), Elided(count=2)))
    ),
    Sent(location=AT, machine="vm", message={"execute": "cont"}, shell="cont"),
    Called(location=AT, text='vm.image("a")', value=None),
    Called(location=AT, text='vm.access_mode("a")', value="O_RDWR"),
)


def a_run(outcome: Outcome, qemu: Qemu | None = QEMU) -> Run:
    return Run(
        script=parse(TEXT, Location(path="a.qmp")),
        qemus=(qemu,) if qemu else (),
        exchanges=EXCHANGES if qemu else (),
        outcome=outcome,
    )


@pytest.mark.parametrize(
    ("name", "run"),
    [
        ("passed", a_run(Passed())),
        ("failed", a_run(Failed(findings=(Finding(location=AT, message="expected 1, got 2"),), stderr="oops"))),
        ("recorded", replace(a_run(Passed()), not_executed="no QEMU")),
        ("skipped", a_run(Skipped(reason="no QEMU"), qemu=None)),
    ],
)
def test_transcript(name: str, run: Run, file_regression: FileRegressionFixture) -> None:
    file_regression.check(transcript(run).pformat(), basename=name, extension=".xml", encoding="utf-8")


def test_every_notation_is_in_a_tab(file_regression: FileRegressionFixture) -> None:
    tree = transcript(a_run(Passed()), in_tabs=True)
    file_regression.check(tree.pformat(), basename="tabs", extension=".xml", encoding="utf-8")


def test_with_several_machines_each_line_names_one_and_what_is_hidden_is_not_there() -> None:
    script = parse(":machines: src, dst\nsrc-> {}\n~ dst-> {}", Location(path="a.qmp"))
    exchanges = (
        Sent(location=AT, machine="src", message={"execute": "x", "arguments": {"a": "b" * 90}}, shell=""),
        Received(location=AT, machine="src", message=whole({"return": {}})),
        Sent(location=AT, machine="dst", message={}, shell="stop"),
        Sent(location=AT, machine="dst", message={}, shell="hidden", hidden=True),
    )
    run = Run(script=script, qemus=(QEMU, QEMU), exchanges=exchanges, outcome=Passed())
    text = transcript(run).astext()
    indented = '{\n          "execute": "x",'
    assert f"src-> {indented}" in text
    assert '\n      }\nsrc<- { "return": {} }\n(dst) stop\n' in text
    assert "hidden" not in text
    assert text.count("QEMU 7.2.22 (Debian 1:7.2), as user 65533") == 2


def test_only_a_run_that_passed_is_a_tick() -> None:
    assert evidence(a_run(Passed())) == "✓ executed live QEMU 7.2.22 (Debian 1:7.2) 2026-11-23"
    assert "✓" not in evidence(replace(a_run(Passed()), not_executed="no QEMU"))
    assert "✓" not in evidence(a_run(Skipped(reason="no QEMU"), qemu=None))
    assert "✓" not in evidence(a_run(Failed(findings=())))


@pytest.mark.parametrize(
    "value", [None, True, 0, -1.5, "ä\n", [], {}, [1, [2, {"a": None}]], {"a": {"b": ["x" * 200, 1]}}]
)
def test_a_whole_value_is_shown_as_json(value: Json) -> None:
    assert json.loads(shown.text(whole(value))) == value


@pytest.mark.parametrize(
    "character", ["\x7f", "\x85", "\x9b", "\xa0", "\u061c", "\u200b", "\u2028", "\u202e", "\U000e0041"]
)
def test_what_a_reader_could_not_see_is_escaped(character: str) -> None:
    value: Json = {f"é{character}": character}
    text = shown.text(whole(value))
    assert "é" in text
    assert text.isprintable()
    assert json.loads(text) == value


def test_what_was_left_out_is_counted() -> None:
    value = ShownArray(items=(Elided(count=3), ShownObject(members=(("a", 1), Elided(count=1))), Elided(count=2)))
    assert shown.text(value) == '[ ... 3 more, { "a": 1, ... 1 more }, ... 2 more ]'


def test_a_long_value_is_spread_over_lines() -> None:
    value = whole({"return": [{"name": "n" * 50, "node": "x" * 50}]})
    assert max(map(len, shown.text(value).splitlines())) <= shown.WIDTH


def test_the_name_of_a_member_counts_for_the_length_of_its_line() -> None:
    value = whole({"arguments": {"node-name": "n" * 40, "filename": "f" * (shown.WIDTH - 80)}})
    assert max(map(len, shown.text(value).splitlines())) <= shown.WIDTH


def test_a_run_with_the_interface_of_an_option_says_so() -> None:
    script = parse(f":machines: vm=option:3\n{TEXT}", Location(path="a.qmp"))
    said = evidence(replace(a_run(Passed()), script=script))
    assert said == "✓ executed with a simulated interface option 3 QEMU 7.2.22 (Debian 1:7.2) 2026-11-23"
