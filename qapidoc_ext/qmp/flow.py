"""How the steps of an example depend on each other: replies on requests, references on captures.

A step that could not be read is None here: nothing is said about what might depend on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from qapidoc_ext.qmp import host
from qapidoc_ext.qmp.pattern import Pattern, Placeholder, Reference, walk
from qapidoc_ext.qmp.step import Comment, ExpectedEvent, ExpectedReply, HostStep, Request, Step
from qapidoc_ext.source import Finding


def with_replies(steps: Sequence[Step | None]) -> tuple[list[Step], list[Finding]]:
    """The steps, where each request says what follows it, and the replies that belong to no request."""
    connected: list[Step] = []
    findings: list[Finding] = []
    unread: dict[str, tuple[int, Request]] = {}
    uncertain = False
    certain: set[str] = set()
    """Machines that have a request behind the step that could not be read."""
    for step in steps:
        match step:
            case None:
                unread, uncertain, certain = {}, True, set()
            case Request():
                unread[step.machine] = len(connected), step
                certain.add(step.machine)
            case HostStep(call=host.Ending()) if step.machine in unread:
                place, request = unread.pop(step.machine)
                connected[place] = replace(request, may_end=True)
            case HostStep():
                unread, uncertain = {}, False
            case ExpectedReply() if step.machine in unread:
                place, request = unread.pop(step.machine)
                connected[place] = replace(request, reply_is_read=True)
            case ExpectedReply() if not uncertain or step.machine in certain:
                findings.append(Finding(location=step.location, message="no request before this waits for a reply"))
            case ExpectedReply() | ExpectedEvent() | Comment():
                pass
        if step:
            connected.append(step)
    return connected, findings


def capture_faults(steps: Sequence[Step | None], captured: Iterable[str]) -> Iterator[Finding]:
    """The references to what no earlier step captured, and the names that are captured twice.

    :param captured: the names that are captured before the first of these steps.
    """
    known = set(captured)
    perhaps: set[str] = set()
    for step in steps:
        if step is None:
            return
        nodes = [node for pattern in _patterns(step) for node in walk(pattern)]
        for node in nodes:
            if isinstance(node, Reference) and node.name in perhaps:
                yield Finding(location=node.location, message=f"'{node.name}' is captured only in one case of a '|'")
            elif isinstance(node, Reference) and node.name not in known:
                yield Finding(location=node.location, message=f"no earlier step captures '{node.name}'")
        for node in nodes:
            if isinstance(node, Placeholder) and node.capture in known:
                yield Finding(location=node.location, message=f"'{node.capture}' is captured already")
            if isinstance(node, Placeholder) and node.capture:
                known.add(node.capture)
        if isinstance(step, ExpectedReply) and step.others:
            perhaps |= captures([step])


def captures(steps: Iterable[Step]) -> set[str]:
    """The names that steps capture."""
    nodes = (node for step in steps for pattern in _patterns(step) for node in walk(pattern))
    return {node.capture for node in nodes if isinstance(node, Placeholder) and node.capture}


def _patterns(step: Step) -> list[Pattern]:
    match step:
        case Request():
            return [step.message]
        case ExpectedReply():
            return [*step.patterns]
        case ExpectedEvent():
            return [step.pattern]
        case HostStep(expected=Placeholder() as expected):
            return [expected]
        case Comment() | HostStep():
            return []
