"""Examples to what happened when they ran."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from qapidoc_ext.qmp.binary import Answers, Binaries, Binary
from qapidoc_ext.qmp.directory import private_directory, scratch
from qapidoc_ext.qmp.execution import Conversation, execute, lost
from qapidoc_ext.qmp.header import MachineOption
from qapidoc_ext.qmp.interruption import signals_cancel
from qapidoc_ext.qmp.machine import DEADLINE, Machine, MachineError
from qapidoc_ext.qmp.needs import binary_for, unmet
from qapidoc_ext.qmp.outcome import Failed, Outcome, Passed, Run, Skipped
from qapidoc_ext.qmp.process import Launch
from qapidoc_ext.qmp.programs import ProgramError, Programs
from qapidoc_ext.qmp.requirement import Allowed, Program, Right
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.qmp.shim.options import make_of
from qapidoc_ext.qmp.step import HostStep
from qapidoc_ext.source import Finding, Location, SourceError

Session = Sequence[Script]
"""Examples that run one after the other on the same machines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for all examples of a build."""

    deadline: float = DEADLINE
    """Seconds that each reply and each event may take, where the example names no other."""
    host_steps: bool = True
    """Whether examples may have steps outside QEMU."""
    confined: bool = False
    """Whether an example fails where its QEMU cannot be fully confined."""


def run(script: Script, programs: Programs, rules: Rules | None = None) -> Run:
    """What happens when the example runs on machines of its own; as :func:`run_all`."""
    ((result,),) = run_all([[script]], programs, rules)
    return result


def run_all(
    sessions: Sequence[Session],
    programs: Programs,
    rules: Rules | None = None,
    *,
    started: Callable[[Script], object] = lambda _script: None,
    answers: Answers | None = None,
) -> list[list[Run]]:
    """What happens when the examples run, one session more at a time than this process has processors.

    SIGHUP, SIGINT and SIGTERM end every QEMU first, and have their usual effect then.

    :param started: is called with each example when it begins.
    :param answers: what programs said of themselves; those that are not among them are asked, and added.
    :raise ValueError: not in the main thread, where alone Python handles signals.
    """
    return asyncio.run(_run_all(sessions, programs, rules or Rules(), started, {} if answers is None else answers))


def by_session(scripts: Sequence[Script]) -> list[list[Script]]:
    """The examples of a page, those together that name the same session; each of the others is alone."""
    found: dict[object, list[Script]] = {}
    for number, script in enumerate(scripts):
        found.setdefault(script.header.session or number, []).append(script)
    return list(found.values())


async def _run_all(
    sessions: Sequence[Session],
    programs: Programs,
    rules: Rules,
    started: Callable[[Script], object],
    answers: Answers,
) -> list[list[Run]]:
    with signals_cancel():
        try:
            with scratch() as parent:
                binaries = Binaries(parent, answers)
                runner = _Runner(programs=programs, rules=rules, parent=parent, binaries=binaries, started=started)
                free = asyncio.Semaphore(len(os.sched_getaffinity(0)) + 1)  # the others work while one waits for us
                async with asyncio.TaskGroup() as group:
                    tasks = [group.create_task(runner.run(session, free)) for session in sessions]
                return [task.result() for task in tasks]
        except OSError as error:
            reason = MachineError(f"no temporary directory: {error.strerror}")
            return [[_not_started(script, lost(script.location, reason)) for script in session] for session in sessions]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Runner:
    programs: Programs
    rules: Rules
    parent: Path
    """The folder for private directories."""
    binaries: Binaries
    started: Callable[[Script], object]

    async def run(self, session: Session, free: asyncio.Semaphore) -> list[Run]:
        """What happens to the examples of a session, once it is its turn. Each needs those before it."""
        runs: list[Run] = []
        async with free:
            self.started(session[0])
            try:
                async for run in self._runs(session):
                    runs.append(run)  # noqa: PERF401 (what is there when an exception comes has to stay)
            except ProgramError as error:
                missing = Skipped(reason=str(error), program_is_missing=True)
                runs.append(_not_started(session[len(runs)], missing))
            except MachineError as error:
                runs.append(_not_started(session[len(runs)], lost(session[len(runs)].location, error)))
            except OSError as error:
                reason = MachineError(f"no private directory for QEMU: {error.strerror}")
                runs.append(_not_started(session[len(runs)], lost(session[len(runs)].location, reason)))
        return [*runs, *(_not_started(script, _left_out(session)) for script in session[len(runs) :])]

    async def _runs(self, session: Session) -> AsyncIterator[Run]:
        """What happens to each, up to the first that does not pass."""
        chosen = [await binary_for(machine, session, self.programs, self.binaries) for machine in session[0].machines]
        launches = [
            _launch(machine, binary, session) for machine, binary in zip(session[0].machines, chosen, strict=True)
        ]
        async with AsyncExitStack() as stack:
            machines: dict[str, Conversation] = {}
            for script in session:
                obstacle = self._obstacle(script, session[0], chosen, launches)
                if obstacle:
                    yield _not_started(script, obstacle)
                    return
                machines = machines or await self._started(session[0].machines, launches, stack)
                run = await self._executed(script, machines)
                yield run
                if run.outcome != Passed():
                    return

    def _obstacle(
        self, script: Script, first: Script, binaries: Sequence[Binary], launches: Sequence[Launch]
    ) -> Failed | Skipped | None:
        """Why the example is not started; None where nothing is in its way."""
        if not self.rules.host_steps and any(isinstance(step, HostStep) for step in script.all_steps):
            return Skipped(reason="it has steps outside QEMU ('>>>'), which are switched off")
        if script.machines != first.machines:
            return _failed(script.location, f"its session began with other machines, at {first.location}")
        try:
            if skipped := _skipped(script, binaries, self.programs):
                return skipped
        except SourceError as error:
            return Failed(findings=error.findings)
        if self.rules.confined and (
            lacks := [lack for one in launches for lack in one.confinement.lacks(sandbox=one.is_emulator)]
        ):
            return _failed(
                script.location, f"QEMU cannot be confined as it has to be: {', '.join(dict.fromkeys(lacks))}"
            )
        return None

    async def _started(
        self, options: Sequence[MachineOption], launches: Sequence[Launch], stack: AsyncExitStack
    ) -> dict[str, Conversation]:
        """The machines, in one directory, until the stack is closed."""
        owner = launches[0].confinement.owner
        directory = stack.enter_context(private_directory(self.parent, owner))
        machines: dict[str, Conversation] = {}
        for option, launch in zip(options, launches, strict=True):
            interface = make_of(option.option) if option.option else None
            start = Machine.launch(launch, directory, deadline=self.rules.deadline, option=interface)
            machines[option.name] = Conversation(machine=await stack.enter_async_context(start))
        return machines

    async def _executed(self, script: Script, machines: dict[str, Conversation]) -> Run:
        for conversation in machines.values():
            conversation.machine.deadline = script.header.timeout or self.rules.deadline
        done = await execute(script, machines)
        qemus = tuple(conversation.machine.qemu for conversation in machines.values())
        return Run(script=script, qemus=qemus, exchanges=done.exchanges, outcome=done.outcome, captures=done.captures)


def _skipped(script: Script, binaries: Sequence[Binary], programs: Programs) -> Skipped | None:
    """What QEMU lacks, whatever the machine lacks too: that is so everywhere, and can be recorded."""
    of_machine = [need for need in script.requires if isinstance(need, Allowed | Program)]
    of_qemu = [need for need in script.requires if need not in of_machine]
    if reasons := unmet(of_qemu, binaries, programs):
        return Skipped(reason="; ".join(reasons), version=binaries[0].version)
    if reasons := unmet(of_machine, binaries, programs):
        return Skipped(reason="; ".join(reasons))
    return None


def _launch(machine: MachineOption, binary: Binary, session: Session) -> Launch:
    rights = {need.right for script in session for need in script.requires if isinstance(need, Allowed)}
    return Launch(
        program=binary.program,
        confinement=binary.confinement,
        type=machine.type,
        incoming=machine.incoming,
        kvm=Right.KVM in rights,
    )


def _not_started(script: Script, outcome: Outcome) -> Run:
    return Run(script=script, qemus=(), exchanges=(), outcome=outcome)


def _left_out(session: Session) -> Skipped:
    return Skipped(reason=f"an example before it in the session '{session[0].header.session}' did not pass")


def _failed(location: Location, message: str) -> Failed:
    return Failed(findings=(Finding(location=location, message=message),))
