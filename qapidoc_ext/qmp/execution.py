"""The steps of an example, done on its machines."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard, assert_never

from qapidoc_ext.introspect.probe import QueryError, probe
from qapidoc_ext.introspect.reply import ReplyError, decode
from qapidoc_ext.qmp import host
from qapidoc_ext.qmp.directory import HostError, make_loop_device, opened, perform
from qapidoc_ext.qmp.first import first_version
from qapidoc_ext.qmp.machine import MAXIMUM_EVENTS, Machine, MachineError, Message
from qapidoc_ext.qmp.match import Matched, Mismatched, match_message, match_reply, match_returned, quotation
from qapidoc_ext.qmp.outcome import Called, Difference, Exchange, Failed, Outcome, Passed, Received, Sent
from qapidoc_ext.qmp.pattern import Captures, Gap, Json, ObjectPattern, Placeholder, fill_object
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.qmp.step import Comment, ExpectedEvent, ExpectedReply, HostStep, Request, Step
from qapidoc_ext.source import Finding, Location


@dataclass(slots=True, kw_only=True)
class Conversation:
    """What was said with a machine until now."""

    machine: Machine
    reply: Message = field(default_factory=dict)
    """The last one, for the `<-` that reads it."""
    command: str = ""
    """What it is the reply to."""
    events: list[Message] = field(default_factory=list)
    """In the order in which they came."""
    taken: list[int] = field(default_factory=list)
    """The places of those that a `<-` has taken, in the order of the example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Executed:
    """What was exchanged and captured, and whether it is as the example says."""

    exchanges: tuple[Exchange, ...]
    captures: Captures
    outcome: Outcome


async def execute(script: Script, conversations: Mapping[str, Conversation]) -> Executed:
    """What happened when the steps were done."""
    execution = _Execution(
        conversations=conversations,
        is_ordered=not script.header.unordered,
        to_end=frozenset(step.machine for step in script.all_steps if _reads_ending(step)),
    )
    outcome = await _outcome(script, execution)
    return Executed(exchanges=tuple(execution.exchanges), captures=execution.captures, outcome=outcome)


async def _outcome(script: Script, execution: _Execution) -> Outcome:
    location = script.location
    try:
        for step in script.all_steps:
            location = step.location
            findings = await execution.take(step)
            execution.check()
            if findings:
                return Failed(findings=tuple(findings), stderr=execution.stderr(), difference=execution.difference)
        await execution.settle()
    except MachineError as error:
        return lost(location, error)
    return Passed()


def lost(location: Location, error: MachineError) -> Failed:
    """A machine did not start, did not answer, or is gone."""
    return Failed(findings=(Finding(location=location, message=error.what),), stderr=error.stderr)


@dataclass(slots=True, kw_only=True)
class _Execution:
    """What an example has done until now."""

    conversations: Mapping[str, Conversation]
    is_ordered: bool
    to_end: frozenset[str]
    """The machines of which a step reads how they ended."""
    exchanges: list[Exchange] = field(default_factory=list)
    captures: dict[str, Json] = field(default_factory=dict)
    difference: Difference | None = None
    """What the last step got in the place of what it expects."""

    def check(self) -> None:
        """Nothing, where every machine runs, or has ended as it was told to.

        :raise MachineError: one has ended in another way.
        """
        for name, conversation in self.conversations.items():
            if name not in self.to_end:
                conversation.machine.check()

    async def settle(self) -> None:
        """Nothing, where every machine still answers, or ends as it was told to.

        :raise MachineError: one does neither.
        """
        for name, conversation in self.conversations.items():
            if name not in self.to_end:
                await conversation.machine.settle()

    def stderr(self) -> str:
        """The last that the machines said on their stderr."""
        return "\n".join(filter(None, (said.machine.stderr() for said in self.conversations.values())))

    async def take(self, step: Step) -> Sequence[Finding]:
        """Does the step. Returns how it differs from what was expected."""
        self.difference = None
        match step:
            case Comment():
                self.exchanges.append(step)
                return ()
            case Request():
                return await self._send(step)
            case ExpectedReply():
                return self._compare(step, step.patterns)
            case ExpectedEvent():
                return await self._wait_for_event(step)
            case HostStep():
                return await self._call(step)
            case _:
                assert_never(step)

    async def _send(self, request: Request) -> Sequence[Finding]:
        conversation = self.conversations[request.machine]
        message = fill_object(request.message, self.captures)
        sent = Sent(
            location=request.location,
            hidden=request.hidden,
            machine=request.machine,
            message=message,
            shell=request.shell,
        )
        self.exchanges.append(sent)
        conversation.command = request.command
        try:
            conversation.reply = await conversation.machine.execute(message)
        except MachineError:
            if request.may_end and conversation.machine.ending():
                return ()
            raise
        if request.reply_is_read:
            return ()
        return self._compare(request, (_success(request.location),))

    def _compare(self, step: Request | ExpectedReply, patterns: Sequence[ObjectPattern]) -> Sequence[Finding]:
        conversation = self.conversations[step.machine]
        reply = conversation.reply
        if isinstance(step, ExpectedReply):
            self.difference = Difference(step=step, got=reply, captures=self.captures)
        fitting = [pattern for pattern in patterns if _kind(pattern) in reply]
        if not fitting:
            expected = " | ".join(map(str, patterns))
            message = f"expected {expected}, got {quotation(reply)}{_advice(conversation)}"
            return [Finding(location=patterns[0].location, message=message)]
        result = match_reply(fitting, reply, self.captures)
        match result:
            case Mismatched():
                return [mismatch.finding() for mismatch in result.mismatches]
            case Matched():
                self._keep(result, step)
                return ()
            case _:
                assert_never(result)

    def _keep(self, result: Matched, step: Request | ExpectedReply | ExpectedEvent) -> None:
        self.captures.update(result.captures)
        received = Received(location=step.location, hidden=step.hidden, machine=step.machine, message=result.shown)
        self.exchanges.append(received)

    async def _wait_for_event(self, step: ExpectedEvent) -> Sequence[Finding]:
        conversation = self.conversations[step.machine]
        try:
            async with asyncio.timeout(conversation.machine.deadline):
                while not self._take_event(step):
                    if len(conversation.events) == MAXIMUM_EVENTS:
                        message = f"{MAXIMUM_EVENTS} events, and none of them is {step.pattern}"
                        return [Finding(location=step.location, message=message)]
                    conversation.events.append(await conversation.machine.event())
        except TimeoutError:
            return [Finding(location=step.location, message=self._missed(step))]
        return ()

    def _take_event(self, step: ExpectedEvent) -> bool:
        conversation = self.conversations[step.machine]
        for place in self._candidates(conversation):
            result = match_message(step.pattern, conversation.events[place], self.captures)
            if isinstance(result, Matched):
                conversation.taken.append(place)
                self._keep(result, step)
                return True
        return False

    def _candidates(self, conversation: Conversation) -> Sequence[int]:
        places = range(len(conversation.events))
        if self.is_ordered:
            return places[conversation.taken[-1] + 1 :] if conversation.taken else places
        return [place for place in places if place not in conversation.taken]

    def _missed(self, step: ExpectedEvent) -> str:
        conversation = self.conversations[step.machine]
        others = [event for place, event in enumerate(conversation.events) if place not in conversation.taken]
        alike = [event for event in others if step.event in ("", event.get("event"))]
        if alike:
            self.difference = Difference(step=step, got=alike[0], captures=self.captures)
        results = [match_message(step.pattern, event, self.captures) for event in alike]
        differences = [
            str(mismatch) for result in results if isinstance(result, Mismatched) for mismatch in result.mismatches
        ]
        hint = f"; the one that came differs in {differences[0]}" if differences else ""
        if any(isinstance(result, Matched) for result in results):
            hint = "; it came before the event that the example lists before it (':unordered:' allows that)"
        if step.event and not first_version(step.event):
            hint = ", which no version has that is recorded: is it spelled so?"
        seen = "; ".join(map(quotation, others)) or "none"
        what = f"no event {step.pattern} within {conversation.machine.deadline:g} s{hint}"
        return f"{what}; events that no step took: {seen}"

    async def _call(self, step: HostStep) -> Sequence[Finding]:
        conversation = self.conversations[step.machine]
        try:
            value = await _performed(step.call, conversation)
        except HostError as error:
            return [Finding(location=step.location, message=str(error))]
        self.exchanges.append(Called(location=step.location, hidden=step.hidden, text=step.text, value=value))
        captured = match_returned(step.expected, value)
        if captured is not None:
            self.captures.update(captured)
            return ()
        self.difference = Difference(step=step, got=value, captures=self.captures)
        return [
            Finding(location=step.expected_location, message=f"expected {_said(step.expected)}, got {_said(value)}")
        ]


async def _performed(call: host.Call, conversation: Conversation) -> object:
    machine = conversation.machine
    match call:
        case host.Ending():
            return await machine.ended()
        case host.LoopDevice():
            make_loop_device(call, machine.directory)
            return None
        case host.Probe():
            return _found(call, conversation.reply)
        case host.SendFd():
            with opened(call, machine.directory) as descriptor:
                machine.send_descriptor(descriptor)
            return None
        case _:
            return perform(call, machine.directory, machine.pid)


def _found(call: host.Probe, reply: Message) -> bool:
    try:
        return probe(decode(reply.get("return")), call.query)
    except ReplyError:
        raise HostError(f"{call.function}: the last reply is not that of query-qmp-schema") from None
    except QueryError as error:
        raise HostError(f"{call.function}: {error}") from None


def _reads_ending(step: Step) -> TypeGuard[HostStep]:
    return isinstance(step, HostStep) and isinstance(step.call, host.Ending)


def _kind(pattern: ObjectPattern) -> str:
    return "error" if pattern.member("return") is None else "return"


def _said(value: object) -> str:
    if isinstance(value, Placeholder):
        return str(value)
    return "no value" if value is None else repr(value)


def _advice(conversation: Conversation) -> str:
    """What to do where this QEMU does not have the command; "" where it has."""
    match conversation.reply:
        case {"error": {"class": "CommandNotFound"}} if conversation.command != _NEGOTIATION:
            if first := first_version(conversation.command):
                requires = f"':requires: {conversation.command}'"
                return f"; QEMU {first} is the first to have it: {requires} skips the example where it is not"
            return "; no version that is recorded has it: is it spelled so?"
        case _:
            return ""


_NEGOTIATION = "qmp_capabilities"
"""The command that every QEMU has, and takes once: behind that it says that it is not found."""


def _success(location: Location) -> ObjectPattern:
    """What a reply has to be that no `<-` reads."""
    return ObjectPattern(location=location, members=(("return", Gap(location=location)),))
