"""The blocks of an example to its steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from qapidoc_ext.qmp import expression, host, notation, shell
from qapidoc_ext.qmp.blocks import Block, Marker
from qapidoc_ext.qmp.pattern import Constant, Kind, ObjectPattern, Pattern, Placeholder
from qapidoc_ext.qmp.step import Comment, ExpectedEvent, ExpectedReply, HostStep, Request, Step
from qapidoc_ext.source import Finding, SourceError, SourceText, fault


def read_step(text: SourceText, block: Block, machines: Sequence[str]) -> Step:
    """The step that the block is, about one of the machines of these names.

    :raise SourceError: it is none; holds every fault.
    """
    match block.marker:
        case Marker.OPTION:
            raise text.fault(block.start, "an option stands before the first step")
        case Marker.COMMENT:
            return _comment(text, block)
        case Marker.SEND:
            return _request(text, block, machines, _sent(text, block))
        case Marker.SHELL:
            line = text.content[block.body : block.end].rstrip()
            return _request(text, block, machines, shell.read_command(text, block.body, block.end), line)
        case Marker.EXPECT:
            return _expected(text, block, machines)
        case Marker.HOST:
            return _host_step(text, block, machines)
        case Marker.NONE:
            raise text.fault(
                block.start,
                "a step begins with '->', '<-', '(QEMU)', '>>>' or '#'; an indented line continues '->' or '<-'",
            )
        case _:
            assert_never(block.marker)


def _comment(text: SourceText, block: Block) -> Comment:
    lines = text.content[block.start : block.end].splitlines()
    content = "\n".join(line.strip().removeprefix("#").strip() for line in lines)
    return Comment(location=text.location(block.start), hidden=block.hidden, text=content.strip("\n"))


def _sent(text: SourceText, block: Block) -> ObjectPattern:
    """The message that a JSON request is."""
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
    return message


def _request(
    text: SourceText, block: Block, machines: Sequence[str], message: ObjectPattern, line: str = ""
) -> Request:
    return Request(
        location=text.location(block.start),
        hidden=block.hidden,
        machine=_machine(text, block, machines),
        message=message,
        shell=line,
    )


def _expected(text: SourceText, block: Block, machines: Sequence[str]) -> ExpectedReply | ExpectedEvent:
    pattern, *others = map(_message, notation.read_alternatives(text, block.body, block.end))
    location = text.location(block.start)
    machine = _machine(text, block, machines)
    events = [each for each in (pattern, *others) if each.member("event") is not None]
    if events and others:
        raise fault(events[0].location, "only replies can stand beside a '|'")
    if events:
        return ExpectedEvent(location=location, hidden=block.hidden, machine=machine, pattern=pattern)
    return ExpectedReply(location=location, hidden=block.hidden, machine=machine, pattern=pattern, others=tuple(others))


def _message(pattern: Pattern) -> ObjectPattern:
    """The pattern, if it is one of a reply or an event."""
    kinds = {"return", "error", "event"}
    if not isinstance(pattern, ObjectPattern) or len(kinds & dict(pattern.members).keys()) != 1:
        message = 'what is expected is an object with just one of "return", "error" and "event"'
        raise fault(pattern.location, message)
    error = pattern.member("error")
    if error is not None and not (isinstance(error, ObjectPattern) and isinstance(error.member("class"), Constant)):
        raise fault(error.location, 'an expected error says its "class"')
    return pattern


def _machine(text: SourceText, block: Block, machines: Sequence[str]) -> str:
    """The name of the machine that a block is about."""
    if block.machine in machines:
        return block.machine
    if not block.machine and len(machines) == 1:
        return machines[0]
    known = f"there is: {', '.join(machines)}"
    if not block.machine:
        raise text.fault(block.start, f"say which machine this is about, as in '{machines[0]}->'; {known}")
    raise text.fault(block.start, f"no machine is called '{block.machine}'; {known}")


def _host_step(text: SourceText, block: Block, machines: Sequence[str]) -> HostStep:
    content = text.content[block.body : block.first_line_end].strip()
    below = text.content[block.first_line_end : block.end]
    expected_at = block.first_line_end + len(below) - len(below.lstrip()) if below.strip() else block.start
    findings: list[Finding] = []
    try:
        machine, call = host.parse(content)
        if machine not in machines:
            raise ValueError(f"no machine is called '{machine}'; there is: {', '.join(machines)}")  # noqa: TRY301
    except ValueError as error:
        findings.append(text.finding(block.body, str(error)))
    try:
        expected = _returned(text, expected_at, block.end) if below.strip() else None
    except ValueError as error:
        findings.append(text.finding(expected_at, f"what is expected here is the value of the call: {error}"))
    if findings:
        raise SourceError(findings)
    return HostStep(
        location=text.location(block.start),
        hidden=block.hidden,
        machine=machine,
        text=content,
        call=call,
        expected=expected,
        expected_location=text.location(expected_at),
    )


def _returned(text: SourceText, start: int, end: int) -> object:
    """What stands below a call: a literal value, or a placeholder.

    :raise ValueError: it is neither.
    """
    content = text.content[start:end]
    if not content.startswith("<"):
        return expression.literal(expression.parse(content))
    placeholder = notation.read_expected(text, start, end)
    if not isinstance(placeholder, Placeholder) or placeholder.kind not in {Kind.STR, Kind.BOOL}:
        raise ValueError("its placeholder is <str> or <bool>")
    return placeholder
