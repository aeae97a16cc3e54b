"""The sections that a decision record must have, in this order, so that records can be read side by side."""

from __future__ import annotations

from collections.abc import Iterator

from qapidoc_ext.adr.page import Heading, Page
from qapidoc_ext.source import Finding, Location

SECTIONS = (
    "Context",
    "Interface change",
    "Behaviour",
    "Arguments for",
    "Arguments against",
    "Objections and replies",
    "Consequences",
    "Confirmation",
    "Status in the discussion",
    "Hindsight",
    "Sources",
)
SECTION_LEVEL = 2
OPTIONAL = frozenset({"Objections and replies"})
"""Left out where nobody objected."""
OF_OPTIONS = frozenset(
    {"Interface change", "Behaviour", "Arguments for", "Arguments against", "Status in the discussion", "Hindsight"}
)
"""What a record that is not about an option of a discussion may leave out too."""


def sections(page: Page, *, is_option: bool = True) -> list[Finding]:
    """What is wrong with the sections of a record, in the order of its text: missing, empty, unknown, out of place."""
    headings = [heading for heading in page.headings if heading.level == SECTION_LEVEL]
    optional = OPTIONAL if is_option else OPTIONAL | OF_OPTIONS
    return sorted([*_missing(headings, page.path, optional), *_unusable(headings), *_out_of_place(headings)])


def _missing(headings: list[Heading], path: str, optional: frozenset[str]) -> Iterator[Finding]:
    for index, section in enumerate(SECTIONS):
        if section not in optional and all(section != heading.text for heading in headings):
            following = (heading.location for heading in headings if heading.text in SECTIONS[index:])
            location = next(following, Location(path=path))
            yield Finding(location=location, message=f"section {section!r} is missing; it belongs here")


def _unusable(headings: list[Heading]) -> Iterator[Finding]:
    seen: set[str] = set()
    for heading in headings:
        if heading.text not in SECTIONS:
            message = f"section {heading.text!r} is not one of {', '.join(SECTIONS)}"
            yield Finding(location=heading.location, message=message)
        elif heading.is_empty:
            yield Finding(location=heading.location, message=f"section {heading.text!r} is empty")
        if heading.text in seen:
            yield Finding(location=heading.location, message=f"section {heading.text!r} stands here again")
        seen.add(heading.text)


def _out_of_place(headings: list[Heading]) -> Iterator[Finding]:
    furthest = 0
    for heading in headings:
        if heading.text in SECTIONS:
            place = SECTIONS.index(heading.text)
            if place < furthest:
                message = f"section {heading.text!r} belongs before {SECTIONS[furthest]!r}"
                yield Finding(location=heading.location, message=message)
            furthest = max(place, furthest)
