"""A discussion read from its file, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from qapidoc_ext.adr.discussion import (
    Argument,
    Correction,
    Discussion,
    Message,
    Proposal,
    Statement,
    Table,
    span,
)
from qapidoc_ext.adr.front_matter import Reading, read
from qapidoc_ext.adr.reference import Passage
from qapidoc_ext.source import Finding, Location, SourceError, read_text

FILE = "discussion.yaml"
"""The name of the file, in the folder of the records."""


def discussion(path: Path) -> Discussion:
    """The discussion that a file holds.

    :raise SourceError: the file cannot be read, is not well-formed, or contradicts itself.
    """
    return parse(read_text(path), str(path))


def parse(text: str, path: str) -> Discussion:
    """The discussion that a text holds; `path` is its file's.

    :raise SourceError: as :func:`discussion`.
    """
    reading = read(text, Discussion, Location(path=path, line=1, column=1))
    findings = [
        *reading.findings,
        *_duplicate_ids(reading),
        *_messages(reading),
        *_passages(reading),
        *_authors(reading),
        *_corrections(reading),
        *_foreign_arguments(reading),
        *_uneven_rows(reading),
    ]
    if findings:
        raise SourceError(sorted(findings))
    whole: Discussion = reading.parts[()]
    return whole


def _duplicate_ids(reading: Reading) -> Iterator[Finding]:
    seen: dict[object, Location] = {}
    for path, value in reading.parts.items():
        is_option = path[-1:] == ("option",)
        if path[-1:] == ("id",) or is_option:
            key = (is_option, value)
            if key in seen:
                yield reading.finding(path, f"'{value}' is already in line {seen[key].line}")
            seen.setdefault(key, reading.locations[path])


def _known(reading: Reading, collection: str) -> set[str]:
    """The ids that are given in one of the lists at the top, those of damaged items too."""
    return {value for path, value in reading.parts.items() if path[:1] == (collection,) and path[2:] == ("id",)}


def _readable_messages(reading: Reading) -> dict[str, Message]:
    return {message.id: message for message in reading.parts.values() if isinstance(message, Message)}


def _messages(reading: Reading) -> Iterator[Finding]:
    """Lines out of the text, out of order, or of two messages."""
    total = reading.parts.get(("lines",))
    known = _known(reading, "messages")
    end = 0
    for path, message in reading.parts.items():
        if not isinstance(message, Message):
            continue
        lines = span(message)
        if not lines or (total and lines[-1] > total):
            yield reading.finding((*path, "lines"), f"{message.lines} are no lines of a text that has {total or 0}")
        elif lines[0] <= end:
            yield reading.finding((*path, "lines"), f"line {lines[0]} is not behind {end}, where the one above ends")
        end = max(end, lines[-1] if lines else 0)
        if message.time and not message.on:
            yield reading.finding((*path, "time"), "a time without a day; give 'on' too")
        if message.replies_to and message.replies_to not in known:
            yield reading.finding((*path, "replies_to"), f"there is no message {message.replies_to}")


def _passages(reading: Reading) -> Iterator[Finding]:
    known = _known(reading, "messages")
    messages = _readable_messages(reading)
    for path, passage in reading.parts.items():
        if isinstance(passage, Passage):
            if passage.message not in known:
                yield reading.finding((*path, "message"), f"there is no message {passage.message}")
            elif passage.message in messages:
                yield from (
                    reading.finding((*path, "lines"), message)
                    for message in outside(passage, messages[passage.message])
                )


def outside(passage: Passage, message: Message) -> Iterator[str]:
    """What is wrong with the lines of a passage, where it is not in its message."""
    lines, whole = passage.span, span(message)
    if not lines:
        yield f"{passage.lines} ends before it begins"
    elif lines[0] not in whole or lines[-1] not in whole:
        yield f"{passage.lines} is not in {message.id}, which has the lines {message.lines}"


def _authors(reading: Reading) -> Iterator[Finding]:
    known = _known(reading, "participants")
    messages = _readable_messages(reading)
    for path, part in reading.parts.items():
        if isinstance(part, Statement | Message):
            for key in ("author", "reported_by"):
                author = getattr(part, key, None)
                if author and author not in known:
                    yield reading.finding((*path, key), f"there is no participant '{author}'")
        if isinstance(part, Statement) and part.message in messages:
            wrote = messages[part.message].author
            key = "reported_by" if part.reported_by else "author"
            if (part.reported_by or part.author) != wrote:
                yield reading.finding((*path, key), f"{part.message} is by {wrote}; who else speaks is reported_by")


def _corrections(reading: Reading) -> Iterator[Finding]:
    known = _known(reading, "corrections")
    for path, argument in reading.parts.items():
        if isinstance(argument, Argument):
            for index, correction in enumerate(argument.corrections):
                if correction not in known:
                    yield reading.finding((*path, "corrections", index), f"there is no correction '{correction}'")
        if isinstance(argument, Correction):
            for index, step in enumerate(argument.steps):
                if (step.message, step.span) == (argument.original.message, argument.original.span):
                    yield reading.finding((*path, "steps", index), "a passage cannot correct itself")


def _foreign_arguments(reading: Reading) -> Iterator[Finding]:
    """Arguments whose id does not begin with the number of their option."""
    for path, proposal in reading.parts.items():
        if isinstance(proposal, Proposal):
            for index, argument in enumerate(proposal.arguments):
                if not argument.id.startswith(f"{proposal.option}."):
                    place = (*path, "arguments", index, "id")
                    yield reading.finding(place, f"must start with {proposal.option}., the number of the option")


def _uneven_rows(reading: Reading) -> Iterator[Finding]:
    for path, table in reading.parts.items():
        if isinstance(table, Table):
            for index, row in enumerate(table.rows):
                if len(row.cells) != len(table.columns):
                    message = f"{len(row.cells)} cells for {len(table.columns)} columns"
                    yield reading.finding((*path, "rows", index, "cells"), message)
