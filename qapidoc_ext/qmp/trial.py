"""What a scenario finds out about an option: facts, and the transcript that shows them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from qapidoc_ext.qmp.outcome import Called, Difference, Failed, Outcome, Passed, Received, Run, Sent, Skipped
from qapidoc_ext.qmp.shown import Elided, ShownObject
from qapidoc_ext.qmp.step import Comment

Facts = tuple[str, ...]
"""Each `what: value`, in the order in which they were found: `block-commit: error GenericError`,
`vm.access_mode("base.raw"): O_RDONLY`, `requests: 5`. The value is a success, the class of an error, an access mode,
whether something was found, or a number: nothing that differs between two builds that behave alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One scenario, with the interface of one option."""

    scenario: str
    """Its name: `commit`."""
    option: str
    """The name of the option: `3`, `2-never-false`, `4.0` for what all options are compared with."""
    facts: Facts
    """Empty where it was not tried."""
    runs: tuple[Run, ...]
    """What happened: the transcripts. None where the scenario asks recorded introspections, and no QEMU."""
    not_tried: str = ""
    """Why it was not tried; "" where it was."""

    @property
    def digest(self) -> str:
        """What tells these facts from any others; "" where there are none."""
        return hashlib.sha256("\n".join(self.facts).encode()).hexdigest() if self.facts else ""


def trial(scenario: str, option: str, runs: tuple[Run, ...]) -> Trial:
    """What the runs of a scenario show."""
    for run in runs:
        if isinstance(run.outcome, Skipped):
            return Trial(scenario=scenario, option=option, facts=(), runs=runs, not_tried=run.outcome.reason)
    facts = tuple(fact for run in runs for fact in facts_of(run))
    return Trial(scenario=scenario, option=option, facts=facts, runs=runs)


def facts_of(run: Run) -> Iterator[str]:
    """What a run shows: what each command that it looks at and each step outside QEMU came to, and whether it worked.

    Steps that are not shown are left out.
    """
    command = ""
    requests = 0
    for exchange in run.exchanges:
        if isinstance(exchange, Sent):
            command = str(exchange.message.get("execute", exchange.message.get("exec-oob")))
            requests += not exchange.hidden
        elif not exchange.hidden:
            yield from _of_exchange(command, exchange)
    yield from _of_outcome(command, run.outcome)
    yield f"requests: {requests}"


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


def _of_outcome(command: str, outcome: Outcome) -> Iterator[str]:
    match outcome:
        case Failed(difference=Difference(got={"error": {"class": class_}})):
            yield f"{command}: error {class_}"
    yield f"the client gets what it wants: {'yes' if outcome == Passed() else 'no'}"


def _of_message(command: str, message: object) -> Iterator[str]:
    named = _members(message)
    match named:
        case {"event": str(event)}:
            yield f"event {event}"
        case {"error": error}:
            yield f"{command}: error {_members(error).get('class')}"
        case _:
            yield f"{command}: success"


def _members(shown: object) -> dict[str, object]:
    if not isinstance(shown, ShownObject):
        return {}
    return dict(member for member in shown.members if not isinstance(member, Elided))
