"""The text of an example to its steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import assert_never

from qapidoc_ext.qmp import expression, host, notation, shell
from qapidoc_ext.qmp.blocks import Block, Marker, divide
from qapidoc_ext.qmp.flow import capture_faults, with_replies
from qapidoc_ext.qmp.header import Header, read_header
from qapidoc_ext.qmp.pattern import Constant, ObjectPattern
from qapidoc_ext.qmp.step import Comment, ExpectedEvent, ExpectedReply, HostStep, Request, Step
from qapidoc_ext.source import Finding, Location, SourceError, SourceText, fault, read_text

MAXIMUM_SIZE = 1024 * 1024
"""Bytes in a .qmp file: what is larger was named by mistake."""

_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """An example, read. Its header's name is "" where it has none, which only an example within a document may."""

    location: Location
    text: str
    """As it is written."""
    header: Header
    steps: tuple[Step, ...]


def parse_file(path: Path) -> Script:
    """The example in a .qmp file.

    :raise SourceError: the file cannot be read, is larger than :data:`MAXIMUM_SIZE`, has no name in its header, or has
        other faults; holds all of them.
    """
    content = read_text(path)
    if len(content.encode()) > MAXIMUM_SIZE:
        raise fault(Location(path=str(path)), f"larger than {MAXIMUM_SIZE} bytes")
    script, findings = _read(SourceText(content=content, start=Location(path=str(path), line=1, column=1)))
    if not script.header.name:
        findings.append(Finding(location=script.location, message="the example has no name: begin with ':name: NAME'"))
    if findings:
        raise SourceError(sorted(findings))
    return script


def parse(content: str, location: Location) -> Script:
    """The example in a text that starts at this place.

    :raise SourceError: with every fault.
    """
    script, findings = _read(SourceText(content=content, start=location))
    if findings:
        raise SourceError(sorted(findings))
    return script


def _read(text: SourceText) -> tuple[Script, list[Finding]]:
    """The script as far as it can be read, and every fault."""
    blocks = list(divide(text))
    options = list(takewhile(lambda block: block.marker is Marker.OPTION, blocks))
    header, findings = read_header(text, options)
    readable: list[Step | None] = []
    for block in blocks[len(options) :]:
        try:
            readable.append(_step(text, block))
        except SourceError as error:
            readable.append(None)
            findings += error.findings
    steps, unconnected = with_replies(readable)
    findings += [*unconnected, *capture_faults(readable), *_control_characters(text)]
    if not findings and all(isinstance(step, Comment) for step in steps):
        findings.append(Finding(location=text.location(0), message="nothing to run: no request and no host step"))
    return Script(location=text.location(0), text=text.content, header=header, steps=tuple(steps)), findings


def _control_characters(text: SourceText) -> Iterator[Finding]:
    for found in _CONTROL_CHARACTER.finditer(text.content):
        yield text.finding(found.start(), f"the control character U+{ord(found[0]):04X} cannot stand in an example")


def _step(text: SourceText, block: Block) -> Step:
    match block.marker:
        case Marker.OPTION:
            raise text.fault(block.start, "an option stands before the first step")
        case Marker.COMMENT:
            return _comment(text, block)
        case Marker.SEND:
            return _request(text, block)
        case Marker.SHELL:
            return _shell_request(text, block)
        case Marker.EXPECT:
            return _expected(text, block)
        case Marker.HOST:
            return _host_step(text, block)
        case Marker.NONE:
            raise text.fault(
                block.start,
                "a step begins with '->', '<-', '(QEMU)', '>>>' or '#'; an indented line continues '->' or '<-'",
            )
        case _:
            assert_never(block.marker)


def _comment(text: SourceText, block: Block) -> Comment:
    lines = text.content[block.start : block.end].splitlines()
    content = "\n".join(line.removeprefix("#").strip() for line in lines)
    return Comment(location=text.location(block.start), text=content.strip("\n"))


def _request(text: SourceText, block: Block) -> Request:
    message = notation.read_request(text, block.body, block.end)
    if not isinstance(message, ObjectPattern):
        raise text.fault(block.body, "a request is a JSON object")
    match message.member("id"):
        case None:
            pass
        case Constant(value=str() as value) if not value.startswith("__qmp#"):
            pass
        case _:
            raise text.fault(block.body, "an id is a string that does not begin with '__qmp#'")
    return Request(location=text.location(block.start), message=message, shell="")


def _shell_request(text: SourceText, block: Block) -> Request:
    message = shell.read_command(text, block.body, block.end)
    line = text.content[block.body : block.end].rstrip()
    return Request(location=text.location(block.start), message=message, shell=line)


def _expected(text: SourceText, block: Block) -> ExpectedReply | ExpectedEvent:
    pattern = notation.read_expected(text, block.body, block.end)
    kinds = {"return", "error", "event"}
    if not isinstance(pattern, ObjectPattern) or len(kinds & dict(pattern.members).keys()) != 1:
        raise text.fault(block.body, 'what is expected is an object with just one of "return", "error" and "event"')
    location = text.location(block.start)
    if pattern.member("event") is not None:
        return ExpectedEvent(location=location, pattern=pattern)
    error = pattern.member("error")
    if error is not None and not (isinstance(error, ObjectPattern) and isinstance(error.member("class"), Constant)):
        raise SourceError([Finding(location=error.location, message='an expected error says its "class"')])
    return ExpectedReply(location=location, pattern=pattern)


def _host_step(text: SourceText, block: Block) -> HostStep:
    content = text.content[block.body : block.first_line_end].strip()
    below = text.content[block.first_line_end : block.end]
    expected_at = block.first_line_end + len(below) - len(below.lstrip()) if below.strip() else block.start
    findings: list[Finding] = []
    try:
        call = host.parse(content)
    except ValueError as error:
        findings.append(text.finding(block.body, str(error)))
    try:
        expected = expression.literal(expression.parse(below)) if below.strip() else None
    except ValueError as error:
        findings.append(text.finding(expected_at, f"what is expected here is the value of the call: {error}"))
    if findings:
        raise SourceError(findings)
    return HostStep(
        location=text.location(block.start),
        text=content,
        call=call,
        expected=expected,
        expected_location=text.location(expected_at),
    )
