"""The other pages of the folder that are about a record: comparisons that have it, and references of its interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from qapidoc_ext.adr.comparison import COMPARISON, compared
from qapidoc_ext.adr.computed import REFERENCE
from qapidoc_ext.adr.decision import Decision, Record
from qapidoc_ext.adr.page import Directive, Page
from qapidoc_ext.adr.shown import INTERFACE


def elsewhere(record: Record, pages: Sequence[Page], decisions: Sequence[Decision]) -> list[Page]:
    """The pages, in their order: those that compare the record, and those that document the schema it leads to."""
    own = {after for directive in record.page.directives for after in _after(directive, record.page, INTERFACE)}
    return [
        page
        for page in pages
        if page.path != record.page.path
        and any(
            _compares(one, record, decisions) or own.intersection(_after(one, page, REFERENCE))
            for one in page.directives
        )
    ]


def _compares(directive: Directive, record: Record, decisions: Sequence[Decision]) -> bool:
    return directive.name == COMPARISON and record.decision in _compared(directive, decisions)


def _compared(directive: Directive, decisions: Sequence[Decision]) -> list[Decision]:
    try:
        return compared(directive.argument, decisions)
    except ValueError:
        return []  # said by the checks of the records


def _after(directive: Directive, page: Page, name: str) -> Iterator[Path]:
    """The schema that a directive with this name leads to."""
    if directive.name == name and directive.options.get("after"):
        yield Path(page.path).parent / directive.options["after"]
