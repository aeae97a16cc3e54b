"""What a scenario finds out about an option: facts, and the transcripts that show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from qapidoc_ext.qmp.outcome import Called, Failed, Received, Run, Sent
from qapidoc_ext.qmp.shown import Elided, Shown, ShownArray, ShownObject
from qapidoc_ext.qmp.step import Comment

Facts = tuple[str, ...]
"""Each `what: value`, in the order in which they were found: `block-commit: error GenericError`,
`vm.access_mode("base.raw"): O_RDONLY`, `requests: 5`. The value is a success, the class of an error, an access mode,
whether something was found or is so, or a number: nothing that differs between two builds that behave alike."""


def name_of(scenario: str, option: str) -> str:
    """What the example of a scenario for an option is called: `commit-3`."""
    return f"{scenario}-{option}".replace(".", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One scenario, with the interface of one option."""

    scenario: str
    """Its name: `commit`."""
    option: str
    """The name of the option: `3`, `2-never-false`, `4.0` for what all options are compared with."""
    facts: Facts
    """Empty where it was not tried."""
    runs: tuple[Run, ...] = ()
    """What happened: the transcripts. None where recorded introspections were asked, and no QEMU."""
    not_tried: str = ""
    """Why it was not tried; "" where it was."""


def facts_of(run: Run) -> Iterator[str]:
    """What a run shows: what each command that it looks at and each step outside QEMU came to, and how many requests.

    Steps that are not shown are left out. Where something happened that the example leaves no room for, the last is
    that it failed.
    """
    command = ""
    requests = 0
    for exchange in run.exchanges:
        if isinstance(exchange, Sent):
            command = str(exchange.message.get("execute", exchange.message.get("exec-oob")))
            requests += not exchange.hidden
        elif not exchange.hidden:
            yield from _of_exchange(command, exchange)
    yield f"requests: {requests}"
    if isinstance(run.outcome, Failed):
        yield "failed"


def result_of(message: Shown) -> str:
    """What a reply is: `success`, `error GenericError`."""
    error = members_of_shown(message).get("error")
    return f"error {members_of_shown(error).get('class')}" if error else "success"


def members_of_shown(shown: Shown | None) -> dict[str, Shown]:
    """The members of an object that are shown; none where it is no object."""
    if not isinstance(shown, ShownObject):
        return {}
    return dict(member for member in shown.members if not isinstance(member, Elided))


def _of_exchange(command: str, exchange: Comment | Received | Called) -> Iterator[str]:
    match exchange:
        case Received(message=message):
            yield from _of_message(command, message)
        case Called(text=text, value=value) if value is not None:
            yield f"{text}: {value}"
        case Comment() | Called():
            pass
        case _:
            assert_never(exchange)


def _of_message(command: str, message: Shown) -> Iterator[str]:
    members = members_of_shown(message)
    if "event" in members:
        yield f"event {members['event']}"
        return
    yield f"{command}: {result_of(message)}"
    yield from (f"{command} {path}: {str(value).lower()}" for path, value in _booleans(members.get("return"), ""))


def _booleans(value: Shown | Elided, path: str) -> Iterator[tuple[str, bool]]:
    match value:
        case bool():
            yield path, value
        case ShownArray(items=items):
            for item in items:
                yield from _booleans(item, f"{path}[]")
        case ShownObject():
            for name, item in members_of_shown(value).items():
                yield from _booleans(item, f"{path}.{name}".removeprefix("."))
        case _:
            pass
