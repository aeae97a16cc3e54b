from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qapidoc_ext.adr.page import page
from qapidoc_ext.adr.sections import OF_OPTIONS, OPTIONAL, SECTIONS, sections


def record(*names: str) -> str:
    """A record whose sections stand in lines 3, 7, 11 and so on."""
    return "# Title\n\n" + "".join(f"## {name}\n\nText.\n\n" for name in names)


def found(text: str) -> list[str]:
    return [str(finding) for finding in sections(page(text, "record.md"))]


def test_a_record_with_all_sections_has_no_fault() -> None:
    assert found(record(*SECTIONS)) == []


@pytest.mark.parametrize("index", range(len(SECTIONS)))
def test_each_section_must_be_there_unless_it_is_optional(index: int) -> None:
    text = record(*SECTIONS[:index], *SECTIONS[index + 1 :])
    place = "record.md" if index == len(SECTIONS) - 1 else f"record.md:{3 + 4 * index}:1"
    missing = f"{place}: section '{SECTIONS[index]}' is missing; it belongs here"
    assert found(text) == ([] if SECTIONS[index] in OPTIONAL else [missing])


def test_a_section_out_of_place_says_where_it_belongs() -> None:
    first, second, *rest = SECTIONS
    assert found(record(second, first, *rest)) == ["record.md:7:1: section 'Context' belongs before 'Interface change'"]


def test_a_second_and_an_unknown_section_are_faults() -> None:
    assert found(record(*SECTIONS, "Sources", "Pros")) == [
        "record.md:47:1: section 'Sources' stands here again",
        f"record.md:51:1: section 'Pros' is not one of {', '.join(SECTIONS)}",
    ]


def test_a_section_without_text_is_empty_and_one_with_a_subsection_is_not() -> None:
    text = record(*SECTIONS).replace("Context\n\nText.", "Context")
    text = text.replace("Behaviour\n\nText.", "Behaviour\n\n### Reading")
    assert found(text) == ["record.md:3:1: section 'Context' is empty"]


def test_a_heading_within_code_is_no_section() -> None:
    text = record(*SECTIONS).replace("Text.", "```\n## Pros\n```", 1)
    assert found(text) == []


@given(st.text(st.sampled_from("# \n`~>-=Sources:\t\r\0"), max_size=60))
def test_arbitrary_text_lacks_a_section(text: str) -> None:
    assert sections(page(text, "record.md"))


def test_a_record_that_is_about_no_option_needs_four_sections() -> None:
    text = record("Context", "Consequences", "Confirmation", "Sources")
    assert sections(page(text, "record.md"), is_option=False) == []
    assert len(sections(page(text, "record.md"))) == len(OF_OPTIONS)


def test_the_guide_names_the_sections_in_their_order() -> None:
    guide = Path(__file__).parents[2] / "docs" / "how-to" / "decision-records.md"
    assert ", ".join(f"*{name}*" for name in SECTIONS) in " ".join(guide.read_text(encoding="utf-8").split())
