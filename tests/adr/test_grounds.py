"""What the statements of records rest on."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_regressions.file_regression import FileRegressionFixture

from qapidoc_ext.adr.grounds import OURS, not_shown, unfounded
from qapidoc_ext.adr.page import page
from qapidoc_ext.adr.statement import statements

ADR = Path(__file__).parents[2] / "adr"
PAGES = sorted(path for path in ADR.glob("*.md") if path.name != "index.md")


def lines(text: str) -> list[int]:
    """The lines of the statements that rest on nothing."""
    return [finding.location.line for finding in unfounded(page(text, "page.md"))]


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
        "Text.\n\n```{decision-index}\n```",
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


def test_what_is_named_has_to_be_shown_by_the_page() -> None:
    text = "See {shown}`a`, and {shown}`b`.\n\n```{recorded-answers}\n:name: a\n```\n"
    assert [str(finding) for finding in not_shown(page(text, "page.md"))] == [
        "page.md:1: {shown}`b`: this page shows nothing with this name"
    ]
