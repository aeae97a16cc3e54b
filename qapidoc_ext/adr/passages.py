"""The passages that pages and front matter name, held against the discussion."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qapidoc_ext.adr.decision import Record
from qapidoc_ext.adr.discussion import Discussion
from qapidoc_ext.adr.discussion_file import outside
from qapidoc_ext.adr.front_matter import KeyPath
from qapidoc_ext.adr.page import Page
from qapidoc_ext.adr.reference import Passage
from qapidoc_ext.source import Finding

ROLE = "said"
"""The role that names a passage: {said}`M5 924-941`."""
_TEXT = re.compile(r"(?P<message>M[1-9]\d*) (?P<lines>[1-9]\d*(-[1-9]\d*)?)")


def passage(text: str) -> Passage | None:
    """The passage that a role's text names, None where it names none."""
    found = _TEXT.fullmatch(text)
    return Passage(message=found["message"], lines=found["lines"]) if found else None


def wrong(place: Passage | None, discussion: Discussion | None) -> Iterator[str]:
    """What is wrong with a passage."""
    if place is None:
        yield "a passage is written as in M5 924-941"
    elif discussion is None:
        yield "there is no discussion.yaml beside this file that could be read"
    elif (message := discussion.message(place.message)) is None:
        yield f"there is no message {place.message}"
    else:
        yield from outside(place, message)


def on_page(page: Page, discussion: Discussion | None) -> Iterator[Finding]:
    """What is wrong with the passages in the text of a page."""
    for role in page.roles:
        if role.name == ROLE:
            for message in wrong(passage(role.text), discussion):
                yield Finding(location=role.location, message=f"{{{ROLE}}}`{role.text}`: {message}")


def in_front_matter(record: Record, discussion: Discussion | None) -> Iterator[Finding]:
    """What is wrong with the passages in the front matter of a record: they must be there, and by whom it says."""
    for path, place, who in _passages(record):
        for message in wrong(place, discussion):
            yield record.finding(path, message)
        if discussion and who and (message_ := discussion.message(place.message)):
            author = discussion.participant(message_.author)
            if author != who:
                yield record.finding(path, f"{place.message} is by {author}, not by {who}")


def _passages(record: Record) -> Iterator[tuple[KeyPath, Passage, str]]:
    """Where a passage stands, the passage, and who should have said it."""
    decision = record.decision
    for index, change in enumerate(decision.history):
        if isinstance(change.source, Passage):
            yield ("history", index, "source"), change.source, change.by
    for index, position in enumerate(decision.positions):
        if isinstance(position.source, Passage):
            yield ("positions", index, "source"), position.source, ""
    for index, verdict in enumerate(decision.criteria):
        if verdict.source:
            yield ("criteria", index, "source"), verdict.source, ""
