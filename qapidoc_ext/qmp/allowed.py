"""Whether an interface takes the requests of an example: what can be checked of it without any QEMU.

A request that is to get an error is not checked, for it may be one that is to be refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from qapidoc_ext.introspect.probe import QueryError, probe
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.introspect.validate import validate_request
from qapidoc_ext.qmp.requirement import Allowed, Before, From, Program, Query, Requirement, is_from
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.qmp.step import Comment, ExpectedEvent, ExpectedReply, HostStep, Request
from qapidoc_ext.qmp.written import by_path, written
from qapidoc_ext.source import Finding


def is_meant_for(script: Script, introspection: Introspection, version: str) -> bool:
    """Whether the interface has what the example requires, and not that of a design option.

    :param version: that of its QEMU, "" where none is known.
    """
    return not any(machine.option for machine in script.machines) and all(
        _meets(requirement, introspection, version) for requirement in script.requires
    )


def _meets(requirement: Requirement, introspection: Introspection, version: str) -> bool:
    match requirement:
        case Query(query=query):
            try:
                return bool(probe(introspection, query))
            except QueryError:
                return False
        case From(version=bound):
            return bool(version) and is_from(version, bound)
        case Before(version=bound):
            return bool(version) and not is_from(version, bound)
        case Allowed() | Program():
            return True


def faults(script: Script, introspection: Introspection, machine: str) -> list[Finding]:
    """What is wrong with the requests to a machine, those of set-ups too, as far as they are written."""
    requests = (request for request in _requests(script) if request.machine == machine)
    return [fault for request in requests for fault in _faults(request, introspection)]


def _requests(script: Script) -> Iterator[Request]:
    """The requests that are to succeed."""
    latest: dict[str, Request] = {}
    for step in script.all_steps:
        match step:
            case Request():
                if step.machine in latest:
                    yield latest[step.machine]
                latest[step.machine] = step
            case ExpectedReply() if all(pattern.member("error") is not None for pattern in step.patterns):
                latest.pop(step.machine, None)
            case ExpectedReply() | ExpectedEvent() | HostStep() | Comment():
                pass
    yield from latest.values()


def _faults(request: Request, introspection: Introspection) -> Iterator[Finding]:
    places = dict(by_path(request.message))
    for fault in validate_request(introspection, written(request.message)):
        place = places.get(fault.path, request.message)
        yield Finding(location=place.location, message=str(fault))
