"""Directives whose content is computed: from schemas, from recorded introspections, from the discussion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from qapidoc_ext.adr.discussion import PARTS, Discussion
from qapidoc_ext.adr.interface import InterfaceChange, interface_change, schemas
from qapidoc_ext.adr.page import Directive, Page
from qapidoc_ext.adr.recorded import Answers, answers, detectors
from qapidoc_ext.adr.scenarios import SCENARIO, attempts_of
from qapidoc_ext.adr.shown import INTERFACE, RECORDED
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.source import Finding, Location, SourceError, fault

PART = "discussion"
"""The directive that shows a part of the discussion."""
REFERENCE = "interface-reference"
"""The directive that documents a schema, compared with another one."""


def interface_of(options: Mapping[str, str], location: Location) -> InterfaceChange:
    """What an `interface-change` shows.

    :raise SourceError: as :func:`schemas_of`.
    """
    return interface_change(*schemas_of(INTERFACE, options, location))


def schemas_of(directive: str, options: Mapping[str, str], location: Location) -> tuple[Schema, Schema]:
    """The two schemas that a directive names; their paths begin at the folder of the page.

    :raise SourceError: an option is missing, or a schema cannot be used.
    """
    missing = [f"{directive}: the option '{key}' is missing" for key in ("before", "after") if not options.get(key)]
    if missing:
        raise SourceError(Finding(location=location, message=message) for message in missing)
    folder = Path(location.path).parent
    try:
        return schemas(folder / options["before"], folder / options["after"])
    except SourceError as error:
        raise SourceError(finding.named_at(location) for finding in error.findings) from error


def answers_of(options: Mapping[str, str], lines: Sequence[str], start: Location, location: Location) -> Answers:
    """What a `recorded-answers` shows; its lines begin at `start`.

    :raise SourceError: a line or a version is wrong.
    """
    return answers(detectors(lines, start), options.get("versions", "").split(), location)


def faults(page: Page, discussion: Discussion | None) -> Iterator[Finding]:
    """What is wrong with the computed directives of a page."""
    for directive in page.directives:
        try:
            if directive.name == INTERFACE:
                interface_of(directive.options, directive.location)
            elif directive.name == REFERENCE:
                schemas_of(REFERENCE, directive.options, directive.location)
            elif directive.name == RECORDED:
                start = Location(path=page.path, line=directive.content_line)
                answers_of(directive.options, directive.content.splitlines(), start, directive.location)
            elif directive.name == SCENARIO:
                attempts_of(directive.argument, directive.options, directive.location)
            elif directive.name == PART:
                check_part(directive, discussion)
        except SourceError as error:
            yield from error.findings


def check_part(directive: Directive, discussion: Discussion | None) -> None:
    """Nothing, where there is what a `discussion` directive names.

    :raise SourceError: there is no discussion, no such part, or nothing with an id.
    """
    if discussion is None:
        raise fault(directive.location, f"{PART}: there is no discussion.yaml beside this file that could be read")
    name, *rest = directive.argument.split() or [""]
    if name not in PARTS:
        raise fault(directive.location, f"{PART}: expected one of {', '.join(PARTS)}, got '{name}'")
    wanted = rest if name == "table" else directive.options.get("ids", "").split()
    known = discussion.ids(name)
    findings = [
        Finding(location=directive.location, message=f"{PART} {name}: nothing there has the id '{one}'")
        for one in wanted
        if one not in known
    ]
    if name == "table" and len(rest) != 1:
        findings.append(Finding(location=directive.location, message=f"{PART} table: give the id of one table"))
    if findings:
        raise SourceError(findings)
