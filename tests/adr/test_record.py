from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.adr.decision import Change, Decision, record
from qapidoc_ext.adr.page import page
from qapidoc_ext.adr.reference import Mail, Passage
from qapidoc_ext.adr.status import Status
from qapidoc_ext.source import Finding, SourceError

PATH = "0005-flags.md"
GOOD = """\
---
number: 5
title: Flags in the schema
option: 5
status: accepted
proposers: [Kevin Wolf]
history:
- status: proposed
  on: 2019-04-01
  by: Kevin Wolf
  source: {message: M5, lines: 924-941}
- status: accepted
  on: 2019-06-12
  by: Markus Armbruster
  source: {mail: one@example.com}
confirmation: [read-only]
---

# Flags in the schema
"""
POSSIBLE = {
    ("proposed", "accepted"),
    ("proposed", "rejected"),
    ("proposed", "deferred"),
    ("proposed", "withdrawn"),
    ("deferred", "proposed"),
    ("deferred", "accepted"),
    ("deferred", "rejected"),
    ("accepted", "superseded"),
}


def parse(text: str, path: str) -> Decision:
    return record(page(text, path)).decision


def findings(text: str, path: str = PATH) -> tuple[Finding, ...]:
    try:
        parse(text, path)
    except SourceError as error:
        return error.findings
    return ()


def faults(text: str, path: str = PATH) -> list[str]:
    return [str(finding) for finding in findings(text, path)]


def test_a_good_text_is_a_decision() -> None:
    decision = parse(GOOD, PATH)
    assert decision == Decision(
        number=5,
        title="Flags in the schema",
        option=5,
        status=Status.ACCEPTED,
        proposers=("Kevin Wolf",),
        history=(
            Change(
                status=Status.PROPOSED,
                on=date(2019, 4, 1),
                by="Kevin Wolf",
                source=Passage(message="M5", lines="924-941"),
            ),
            Change(
                status=Status.ACCEPTED,
                on=date(2019, 6, 12),
                by="Markus Armbruster",
                source=Mail(mail="one@example.com"),
            ),
        ),
        confirmation=("read-only",),
    )
    assert decision.date == date(2019, 6, 12)
    assert decision.status_in_discussion is Status.PROPOSED


def test_line_ends_of_windows_change_nothing() -> None:
    assert parse(GOOD.replace("\n", "\r\n"), PATH) == parse(GOOD, PATH)


def test_a_word_that_yaml_takes_for_a_boolean_is_a_title() -> None:
    assert parse(GOOD.replace("Flags in the schema", "No"), PATH).title == "No"


@pytest.mark.parametrize("source", sorted((Path(__file__).parent / "faulty").glob("*.md")), ids=lambda path: path.stem)
def test_all_faults_are_found_each_at_its_place(source: Path, file_regression: FileRegressionFixture) -> None:
    found = "\n".join(faults(source.read_text(encoding="utf-8"), source.name))
    file_regression.check(f"{found}\n", extension=".txt", fullpath=source.with_suffix(".txt"))


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_a_status_follows_another_only_where_that_is_possible(before: Status, after: Status) -> None:
    text = GOOD.replace("status: accepted", f"status: {after.value}")
    text = text.replace("- status: proposed", f"- status: {before.value}", 1)
    complaint = f"{PATH}:12:3: history[1].status: {after.value} cannot follow {before.value}"
    possible = (before.value, after.value) in POSSIBLE
    assert any(fault.startswith(complaint) for fault in faults(text)) is not possible


def test_from_a_final_status_nothing_follows() -> None:
    text = GOOD.replace("- status: proposed", "- status: rejected", 1)
    assert any(fault.endswith("accepted cannot follow rejected, which is final") for fault in faults(text))


@pytest.mark.parametrize(
    "path", ["5-flags.md", "05-flags.md", "0050-flags.md", "0005.md", "flags.md", "0005-dir/flags.md", ""]
)
def test_the_name_of_the_file_starts_with_the_number(path: str) -> None:
    (found,) = faults(GOOD, path)
    assert "number: the file's name must start with 0005-" in found


def test_the_title_is_not_taken_from_a_code_block() -> None:
    text = GOOD.replace("# Flags in the schema", "```\n# Flags in the schema\n```")
    assert faults(text) == [f"{PATH}:3:1: title: the page's heading must say the same, and there is none"]


@given(st.text())
def test_arbitrary_text_is_not_a_record(text: str) -> None:
    assert faults(text)


@given(st.text())
def test_arbitrary_front_matter_is_not_a_record(text: str) -> None:
    assert faults(f"---\n{text}\n---\n# Flags in the schema\n")


YAML = st.text(st.sampled_from("ab1:-,[]{}&*!|>'\"\\%#? \n\t\0\x85\u2028\ud800U"), max_size=8)


@given(st.integers(0, len(GOOD)), st.integers(0, 12), YAML)
def test_a_damaged_record_gives_findings_or_a_decision(start: int, length: int, piece: str) -> None:
    text = GOOD[:start] + piece + GOOD[start + length :]
    found = findings(text)
    assert all(1 <= finding.location.line <= text.count("\n") + 1 for finding in found)
    assert all(finding.message.isprintable() for finding in found)
