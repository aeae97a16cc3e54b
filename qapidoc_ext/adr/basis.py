"""What statements rest on: where there is a discussion, each one says who said it, or what shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from qapidoc_ext.adr import passages
from qapidoc_ext.adr.computed import PART
from qapidoc_ext.adr.page import Page
from qapidoc_ext.adr.scenarios import SCENARIO
from qapidoc_ext.adr.shown import ARGUMENTS, EXAMPLE, INTERFACE, RECORDED
from qapidoc_ext.adr.statement import LINK, statements
from qapidoc_ext.source import Finding

SHOWN = "shown"
"""The role that names an example, a computed difference or recorded answers of the page: {shown}`some-example`."""
OURS = "ours"
"""The role that marks what whoever wrote the page says himself: {ours}`our reading`."""
RECORD = "decision"
"""The directive that each record has."""
STANDING = "decision-standing"
_MARKS = frozenset({passages.ROLE, SHOWN, OURS, LINK})
_BELOW = frozenset({EXAMPLE, INTERFACE, RECORDED, SCENARIO, PART, ARGUMENTS, STANDING, "table", "list"})
_NOT_LOOKED_AT = frozenset({"Sources"})
"""Sections that only say where something is written."""
_HOW = (
    f"say who said it, {{{passages.ROLE}}}`M1 2-3`, or what shows it, {{{SHOWN}}}`some-example`, or give a link; "
    f"mark what you say yourself as {{{OURS}}}`our reading`"
)


def unfounded(page: Page) -> Iterator[Finding]:
    """The statements of a page that neither name what they rest on nor stand directly above it.

    Only those of records, and of pages that show a part of the discussion.
    """
    if not any(directive.name in {RECORD, PART} for directive in page.directives):
        return
    for statement in statements(page.text, page.path):
        rests = statement.marks & _MARKS or statement.leads_to in _BELOW
        if not rests and statement.section not in _NOT_LOOKED_AT:
            yield Finding(location=statement.location, message=f"this does not say what it rests on: {_HOW}")


def not_shown(page: Page, shown: Collection[str]) -> Iterator[Finding]:
    """Names that the page gives as shown by it, and that are not among those that it shows."""
    for role in page.roles:
        if role.name == SHOWN and role.text not in shown:
            message = f"{{{SHOWN}}}`{role.text}`: this page shows nothing with this name"
            yield Finding(location=role.location, message=message)
