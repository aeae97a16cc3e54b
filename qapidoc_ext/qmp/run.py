"""An example to what happened when it ran."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import assert_never

from qapidoc_ext.introspect.probe import QueryError, probe
from qapidoc_ext.introspect.reply import ReplyError, decode
from qapidoc_ext.qmp import host
from qapidoc_ext.qmp.interruption import signals_cancel
from qapidoc_ext.qmp.machine import DEADLINE, Machine, MachineError, Message
from qapidoc_ext.qmp.match import Matched, Mismatched, match_message, quotation
from qapidoc_ext.qmp.outcome import Called, Exchange, Failed, Outcome, Passed, Received, Run, Sent, Skipped
from qapidoc_ext.qmp.pattern import Gap, Json, ObjectPattern, fill
from qapidoc_ext.qmp.programs import ProgramError, Programs
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.qmp.step import Comment, ExpectedEvent, ExpectedReply, HostStep, Request, Step
from qapidoc_ext.source import Finding, Location

EMULATOR = "qemu-system-x86_64"
"""The program that runs an example."""


def run(script: Script, programs: Programs, *, deadline: float = DEADLINE) -> Run:
    """What happens when the example runs on a QEMU of its own, where every reply and event may take `deadline` seconds.

    SIGHUP, SIGINT and SIGTERM end the QEMU first, and have their usual effect then.

    :raise ValueError: not in the main thread, where alone Python handles signals.
    """
    try:
        program = programs.find(EMULATOR)
    except ProgramError as error:
        return Run(script=script, qemu=None, exchanges=(), outcome=Skipped(reason=str(error)))
    return asyncio.run(_run(script, program, deadline))


async def _run(script: Script, program: Path, deadline: float) -> Run:
    with signals_cancel():
        try:
            async with Machine.start(program, deadline=deadline) as machine:
                execution = _Execution(machine=machine, deadline=deadline)
                outcome = await _outcome(script, execution)
                return Run(script=script, qemu=machine.qemu, exchanges=tuple(execution.exchanges), outcome=outcome)
        except MachineError as error:
            return Run(script=script, qemu=None, exchanges=(), outcome=_lost(script.location, error))


async def _outcome(script: Script, execution: _Execution) -> Outcome:
    location = script.location
    try:
        unmet = await _unmet(script, execution.machine)
        if unmet:
            return unmet
        for step in script.steps:
            location = step.location
            findings = await execution.take(step)
            execution.machine.check()
            if findings:
                return Failed(findings=tuple(findings), stderr=execution.machine.stderr())
    except MachineError as error:
        return _lost(location, error)
    return Passed()


def _lost(location: Location, error: MachineError) -> Failed:
    return Failed(findings=(Finding(location=location, message=error.what),), stderr=error.stderr)


async def _unmet(script: Script, machine: Machine) -> Failed | Skipped | None:
    """Why the example cannot run on this QEMU, None where it can."""
    requirements = script.header.requires
    if not requirements:
        return None
    reply = await machine.execute({"execute": "query-qmp-schema"})
    location = script.location
    missing: list[str] = []
    try:
        introspection = decode(reply.get("return"))
        for requirement in requirements:
            location = requirement.location
            if not probe(introspection, requirement.query):
                missing.append(requirement.query)
    except (ReplyError, QueryError) as error:
        return Failed(findings=(Finding(location=location, message=str(error)),), stderr=machine.stderr())
    return Skipped(reason=f"QEMU {machine.qemu.version} does not have {', '.join(missing)}") if missing else None


@dataclass(slots=True, kw_only=True)
class _Execution:
    """What an example has done until now on its machine."""

    machine: Machine
    deadline: float
    exchanges: list[Exchange] = field(default_factory=list)
    captures: dict[str, Json] = field(default_factory=dict)
    reply: Message = field(default_factory=dict)
    """The last one, for the `<-` that reads it."""
    events: list[Message] = field(default_factory=list)
    """Those that no `<-` has taken yet."""

    async def take(self, step: Step) -> Sequence[Finding]:
        """Does the step. Returns how it differs from what was expected."""
        match step:
            case Comment():
                self.exchanges.append(step)
                return ()
            case Request():
                return await self._send(step)
            case ExpectedReply():
                return self._compare(step.pattern, step.location)
            case ExpectedEvent():
                return await self._wait_for_event(step)
            case HostStep():
                return self._call(step)
            case _:
                assert_never(step)

    async def _send(self, request: Request) -> Sequence[Finding]:
        message = _filled(request.message, self.captures)
        self.exchanges.append(Sent(location=request.location, message=message, shell=request.shell))
        self.reply = await self.machine.execute(message)
        if request.reply_is_read:
            return ()
        return self._compare(_success(request.location), request.location)

    def _compare(self, pattern: ObjectPattern, location: Location) -> Sequence[Finding]:
        kind = "error" if pattern.member("return") is None else "return"
        if kind not in self.reply:
            return [Finding(location=pattern.location, message=f"expected {pattern}, got {quotation(self.reply)}")]
        result = match_message(pattern, self.reply, self.captures)
        match result:
            case Mismatched():
                return [mismatch.finding() for mismatch in result.mismatches]
            case Matched():
                self._keep(result, location)
                return ()
            case _:
                assert_never(result)

    def _keep(self, result: Matched, location: Location) -> None:
        self.captures.update(result.captures)
        self.exchanges.append(Received(location=location, message=result.shown))

    async def _wait_for_event(self, step: ExpectedEvent) -> Sequence[Finding]:
        try:
            async with asyncio.timeout(self.deadline):
                while not self._take_event(step):
                    self.events.append(await self.machine.event())
        except TimeoutError:
            seen = "; ".join(quotation(event) for event in self.events) or "none"
            message = f"no event {step.pattern} within {self.deadline:g} s; events that no step took: {seen}"
            return [Finding(location=step.location, message=message)]
        return ()

    def _take_event(self, step: ExpectedEvent) -> bool:
        for event in self.events:
            result = match_message(step.pattern, event, self.captures)
            if isinstance(result, Matched):
                self.events.remove(event)
                self._keep(result, step.location)
                return True
        return False

    def _call(self, step: HostStep) -> Sequence[Finding]:
        try:
            value = host.perform(step.call, self.machine.directory, self.machine.pid)
        except host.HostError as error:
            return [Finding(location=step.location, message=str(error))]
        self.exchanges.append(Called(location=step.location, text=step.text, value=value))
        if type(value) is type(step.expected) and value == step.expected:
            return ()
        return [
            Finding(location=step.expected_location, message=f"expected {_said(step.expected)}, got {_said(value)}")
        ]


def _said(value: object) -> str:
    return "no value" if value is None else repr(value)


def _filled(pattern: ObjectPattern, captures: dict[str, Json]) -> Message:
    return {name: fill(value, captures) for name, value in pattern.members}


def _success(location: Location) -> ObjectPattern:
    """What a reply has to be that no `<-` reads."""
    return ObjectPattern(location=location, members=(("return", Gap(location=location)),))
