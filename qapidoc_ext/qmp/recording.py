"""What QEMU said to an example once, kept as JSON, and what it shows of the same example later.

Only what QEMU and host steps said is kept. What was sent follows from the example, which has to be the same one: the
digest of its content says so. An answer that the example does not expect is refused, whoever wrote it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeGuard

import msgspec

from qapidoc_ext.qmp import expression
from qapidoc_ext.qmp.depth import MAXIMUM_DEPTH, is_deeper
from qapidoc_ext.qmp.machine import Qemu
from qapidoc_ext.qmp.match import Mismatched, match_reply, match_returned
from qapidoc_ext.qmp.outcome import Called, Exchange, Passed, Received, Run, Sent, Skipped
from qapidoc_ext.qmp.pattern import Json, fill_object
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.qmp.shown import Elided, Shown, ShownArray, ShownObject
from qapidoc_ext.qmp.step import Comment, ExpectedEvent, ExpectedReply, HostStep, Request, Step

_MORE_MEMBERS = "..."
_MORE_ITEMS = "... items"
"""In the place of what was left out: `{ "...": 3 }` has three members more, `[ { "... items": 2 } ]` two items."""


class RecordingError(Exception):
    """A recording is none of the example, or a run cannot be recorded. The message says why."""


class NothingToRecordError(RecordingError):
    """A run says nothing of a QEMU that others could be shown."""


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was said to one step."""

    step: int
    """Its place among the steps of the example and its set-ups, comments not counted."""
    message: dict[str, Any] | None = None
    """A reply or an event, as far as the example looks at it."""
    value: str | None = None
    """What a host step returned, as Python writes it."""

    def __post_init__(self) -> None:
        """Nothing, unless the message is deeper than that of any QEMU.

        :raise ValueError: it is.
        """
        if is_deeper(self.message, MAXIMUM_DEPTH):
            raise ValueError(f"more than {MAXIMUM_DEPTH} arrays and objects in each other")


class Recording(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One run of an example, which passed or was skipped."""

    content: str
    """The digest of what decides how the example runs."""
    version: str
    """Of the QEMU; where it was skipped, of the one that lacks something."""
    date: datetime
    qemus: tuple[Qemu, ...] = ()
    """As in :class:`.outcome.Run`."""
    skipped: str = ""
    """Why the example was not executed; "" where it was."""
    answers: tuple[Answer, ...] = ()


def record(run: Run, content: str, date: datetime) -> Recording:
    """What is to be kept of a run; `content` is the digest of the example.

    :raise NothingToRecordError: it has failed, or was skipped without any QEMU.
    :raise RecordingError: it says what cannot be kept.
    """
    match run.outcome:
        case Passed():
            version = run.qemus[0].version
            qemus = tuple(map(_recorded, run.qemus))
            return Recording(content=content, version=version, date=date, qemus=qemus, answers=tuple(_answers(run)))
        case Skipped(reason=reason, version=version) if version:
            return Recording(content=content, version=version, date=date, skipped=reason)
        case _:
            raise NothingToRecordError("only what has passed, or lacks something of a QEMU, is recorded")


def replay(script: Script, recording: Recording, *, not_executed: str = "") -> Run:
    """The run that the recording is of; `not_executed` says why it is shown, as in :class:`.outcome.Run`.

    :raise RecordingError: it does not have what the example expects.
    """
    if recording.skipped:
        if recording.qemus or recording.answers:
            raise RecordingError("it says that the example was skipped, and what it did")
        outcome = Skipped(reason=recording.skipped, version=recording.version)
        return Run(script=script, qemus=(), exchanges=(), outcome=outcome, not_executed=not_executed)
    if len(recording.qemus) != len(script.machines):
        raise RecordingError(f"it is of {len(recording.qemus)} machines, the example has {len(script.machines)}")
    if recording.qemus[0].version != recording.version:
        raise RecordingError(f"its machine is QEMU {recording.qemus[0].version}, and it says {recording.version}")
    replayed = _Replay(recording)
    run = Run(
        script=script,
        qemus=recording.qemus,
        exchanges=tuple(replayed.exchanges(script)),
        outcome=Passed(),
        captures=replayed.captures,
        not_executed=not_executed,
    )
    if tuple(_answers(run)) != recording.answers:
        raise RecordingError("it has answers to what the example does not ask, or has them twice")
    return run


def _recorded(qemu: Qemu) -> Qemu:
    return msgspec.structs.replace(qemu, program=Path(qemu.program).name)


def _answers(run: Run) -> Iterator[Answer]:
    """What was said to each step: a request is followed by what was received where no step reads the reply."""
    exchanges = deque(run.exchanges)
    for place, step in _counted(run.script):
        exchange = exchanges.popleft()
        if isinstance(step, Request) and exchanges and _is_answer(exchanges[0], step):
            exchange = exchanges.popleft()
        match exchange:
            case Received(message=message):
                yield Answer(step=place, message=_packed_members(message))
            case Called(value=value) if value is not None:
                yield Answer(step=place, value=repr(value))
            case Sent() | Called() | Comment():
                pass


def _counted(script: Script) -> Iterator[tuple[int, Step]]:
    """The steps, each with its place among those that are no comments; a comment has that of the step before it."""
    place = -1
    for step in script.all_steps:
        place += not isinstance(step, Comment)
        yield place, step


def _is_answer(exchange: Exchange, request: Request) -> bool:
    return isinstance(exchange, Received) and exchange.location == request.location


class _Replay:
    """What was said to the steps of an example, in their order."""

    def __init__(self, recording: Recording) -> None:
        self._answers = {answer.step: answer for answer in recording.answers}
        self.captures: dict[str, Json] = {}

    def exchanges(self, script: Script) -> Iterator[Exchange]:
        for place, step in _counted(script):
            yield from self._exchanges(step, self._answers.get(place))

    def _exchanges(self, step: Step, answer: Answer | None) -> Iterator[Exchange]:
        match step:
            case Comment():
                yield step
            case Request():
                yield self._sent(step)
                if not step.reply_is_read and not (step.may_end and answer is None):
                    yield self._received(step, answer)
            case ExpectedReply() | ExpectedEvent():
                yield self._received(step, answer)
            case HostStep():
                yield self._called(step, answer)

    def _sent(self, step: Request) -> Sent:
        message = fill_object(step.message, self.captures)
        return Sent(location=step.location, hidden=step.hidden, machine=step.machine, message=message, shell=step.shell)

    def _received(self, step: Request | ExpectedReply | ExpectedEvent, answer: Answer | None) -> Received:
        if answer is None or answer.message is None:
            raise RecordingError(f"it says nothing to line {step.location.line}")
        if isinstance(step, Request):
            if "return" not in answer.message:
                raise RecordingError(f"it has no success for line {step.location.line}")
        else:
            patterns = step.patterns if isinstance(step, ExpectedReply) else (step.pattern,)
            result = match_reply(patterns, answer.message, self.captures)
            if isinstance(result, Mismatched):
                raise RecordingError(f"it is not what line {step.location.line} expects: {result.mismatches[0]}")
            self.captures.update(result.captures)
        return Received(
            location=step.location, hidden=step.hidden, machine=step.machine, message=_unpacked(answer.message)
        )

    def _called(self, step: HostStep, answer: Answer | None) -> Called:
        value = None
        if answer is not None:
            try:
                value = expression.literal(expression.parse(answer.value or ""))
            except ValueError as error:
                raise RecordingError(f"what it has for line {step.location.line} is not a value: {error}") from None
        captured = match_returned(step.expected, value)
        if captured is None:
            said = answer.value if answer else None
            raise RecordingError(f"it is not what line {step.expected_location.line} expects: {said!s:.100}")
        self.captures.update(captured)
        return Called(location=step.location, hidden=step.hidden, text=step.text, value=value)


def _packed_members(value: Shown) -> dict[str, Json]:
    packed = _packed(value)
    assert isinstance(packed, dict)
    return packed


def _packed(value: Shown | Elided) -> Json:
    match value:
        case Elided(count=count):
            return {_MORE_ITEMS: count}
        case ShownArray(items=items):
            return [_packed(item) for item in items]
        case ShownObject(members=members):
            return dict(map(_packed_member, members))
        case _:
            return value


def _packed_member(member: tuple[str, Shown] | Elided) -> tuple[str, Json]:
    if isinstance(member, Elided):
        return _MORE_MEMBERS, member.count
    if member[0] in {_MORE_MEMBERS, _MORE_ITEMS}:
        raise RecordingError(f"a member is called '{member[0]}', which stands there for others")
    return member[0], _packed(member[1])


def _unpacked(value: Json) -> Shown:
    match value:
        case list():
            return ShownArray(items=tuple(_unpacked_item(item) for item in value))
        case dict():
            return ShownObject(members=tuple(_unpacked_member(*member) for member in value.items()))
        case _:
            return value


def _unpacked_item(item: Json) -> Shown | Elided:
    return _elided(item[_MORE_ITEMS]) if _is_mark(item) else _unpacked(item)


def _unpacked_member(name: str, value: Json) -> tuple[str, Shown] | Elided:
    return _elided(value) if name == _MORE_MEMBERS else (name, _unpacked(value))


def _elided(count: Json) -> Elided:
    if type(count) is not int or count < 1:
        raise RecordingError(f"{count!r} is not how many were left out")
    return Elided(count=count)


def _is_mark(value: Json) -> TypeGuard[dict[str, Json]]:
    return isinstance(value, dict) and value.keys() == {_MORE_ITEMS}
