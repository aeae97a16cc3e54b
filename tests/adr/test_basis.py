"""What the statements of records rest on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.adr.basis import OURS, not_shown, unfounded
from qapidoc_ext.adr.computed import answers_of
from qapidoc_ext.adr.page import page
from qapidoc_ext.adr.statement import statements

ADR = Path(__file__).parents[2] / "adr"
PAGES = sorted([*ADR.glob("0*.md"), ADR / "question.md"])
RECORD = "\n\n```{decision}\n```\n"


def lines(text: str) -> list[int]:
    """The lines of the statements that rest on nothing."""
    return [finding.location.line for finding in unfounded(page(text + RECORD, "page.md"))]


def test_the_exceptions_of_our_own_pages_are_none() -> None:
    pages = [page(path.read_text(), path.name) for path in PAGES]
    assert sum(len(list(statements(one.text, one.path))) for one in pages) > 200
    assert [str(finding) for one in pages for finding in unfounded(one)] == []


def test_what_our_pages_say_in_our_own_name(file_regression: FileRegressionFixture) -> None:
    found = [
        f"{path.name[:4]} {statement.section}: {_block(path.read_text(), statement.location.line)}"
        for path in PAGES
        for statement in statements(path.read_text(), path.name)
        if OURS in statement.marks
    ]
    file_regression.check("\n\n".join(found) + "\n")


def test_the_question_shows_the_hole_at_4_0() -> None:
    outline = page((ADR / "question.md").read_text(), str(ADR / "question.md"))
    (table,) = [one for one in outline.directives if one.options.get("name") == "question-recorded"]
    found = dict(answers_of(table.options, table.content.splitlines(), table.location, table.location).rows)
    assert found["3.1.0"] == found["4.0.0"] != found["4.1.0"]


def _block(text: str, line: int) -> str:
    """The row of a table, or else what stands from this line to the next empty one."""
    rest = text.splitlines()[line - 1 :]
    return rest[0] if rest[0].startswith("|") else " ".join(rest[: rest.index("")])


@pytest.mark.parametrize(
    "text",
    [
        "Said {said}`M1 2`.",
        "A [link](a.md).",
        "It is {ours}`our reading`.",
        "So:\n\n```{qmp-example}\n```",
        "So:\n\n```{recorded-answers}\n```",
        "So {said}`M1 2`:\n\n- one\n- two",
        "So {said}`M1 2`:\n\n| a |\n|---|\n| b |",
        "- one {said}`M1 2`\n\n  and more",
        "| a | b |\n|---|---|\n| c | {shown}`x` |",
        "(label)=\n\n% a comment",
        "```\ntext\n```",
        "## Sources\n\nText.",
    ],
)
def test_what_rests_on_something(text: str) -> None:
    assert lines(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Text\nof two lines.\n\nSaid {said}`M1 2`.", [1]),
        ("So {said}`M1 2`:\n\nText.\n\n- one\n\nText.", [5, 7]),
        ("So:\n\n- one\n- two {said}`M1 2`\n  - three\n- four", [3, 6]),
        ("| a {said}`M1 2` |\n|---|\n| b |\n| c [d](e.md) |", [3]),
        ("Text.\n\n```text\nSaid {said}`M1 2`.\n```", [1]),
        ("Text.\n\n```{raw} html\n```", [1]),
        ("Text {other}`M1 2`, `said`.", [1]),
        ("1. one\n2. two", [1, 2]),
        ("## Sources\n\nText.\n\n## Hindsight\n\nText.", [7]),
        ("---\nnumber: 1\n---\n\nText.", [5]),
    ],
)
def test_what_rests_on_nothing(text: str, expected: list[int]) -> None:
    assert lines(text) == expected


def test_a_page_that_is_no_record_and_shows_nothing_of_the_discussion_is_not_looked_at() -> None:
    assert list(unfounded(page("Text.\n\n```{decision-index}\n```", "page.md"))) == []
    assert len(list(unfounded(page("Text.\n\nText.\n\n```{discussion} terms\n```", "page.md")))) == 1


def test_what_is_named_has_to_be_shown_by_the_page() -> None:
    text = "See {shown}`a`, and {shown}`b`."
    assert [str(finding) for finding in not_shown(page(text, "page.md"), {"a"})] == [
        "page.md:1: {shown}`b`: this page shows nothing with this name"
    ]
