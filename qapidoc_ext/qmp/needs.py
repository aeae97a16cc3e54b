"""Whether an example can run here: with which programs, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import assert_never

from qapidoc_ext.introspect.probe import QueryError, probe
from qapidoc_ext.introspect.recordings import version
from qapidoc_ext.qmp import loop_device
from qapidoc_ext.qmp.binary import Binaries, Binary
from qapidoc_ext.qmp.confinement import may_use_kvm
from qapidoc_ext.qmp.first import first_version
from qapidoc_ext.qmp.header import MachineOption
from qapidoc_ext.qmp.machine import MachineError
from qapidoc_ext.qmp.programs import EMULATOR, STORAGE_DAEMON, ProgramError, Programs
from qapidoc_ext.qmp.requirement import (
    Allowed,
    Before,
    From,
    Program,
    Query,
    Requirement,
    Right,
    is_from,
)
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.qmp.step import ExpectedEvent, Request
from qapidoc_ext.source import fault

_ABOUT_THE_PROGRAM = ("query-qmp-schema", "query-commands", "query-version", "qom-")
"""Commands, or what they begin with, that every program answers, and each of them in another way."""


async def binary_for(
    machine: MachineOption, scripts: Sequence[Script], programs: Programs, binaries: Binaries
) -> Binary:
    """The program that runs a machine of these examples, with the interface that the machine gets.

    It is the storage daemon, which starts five times as fast, where that has all commands and nothing asks for more.

    :raise ProgramError: there is no such program.
    :raise MachineError: it does not say what it has.
    """

    async def get(program: str) -> Binary:
        return (await binaries.get(programs.find(program))).seen_as(machine.option)

    if not machine.program and not machine.type and not machine.incoming:
        with suppress(ProgramError, MachineError):
            daemon = await get(STORAGE_DAEMON)
            if _suffices(daemon, machine, scripts):
                return daemon
    return await get(machine.program or EMULATOR)


def _suffices(daemon: Binary, machine: MachineOption, scripts: Sequence[Script]) -> bool:
    names = {name for script in scripts for name in _names(script, machine.name)}
    queries = [need.query for script in scripts for need in script.requires if isinstance(need, Query)]
    if any(name.startswith(_ABOUT_THE_PROGRAM) or not daemon.has(name) for name in names):
        return False
    try:
        return all(probe(daemon.introspection, query) for query in queries)
    except QueryError:
        return False


def _names(script: Script, machine: str) -> Iterator[str]:
    """The commands that a machine gets, and the events that are expected of it."""
    for step in script.all_steps:
        match step:
            case Request(machine=name) if name == machine:
                yield step.command
            case ExpectedEvent(machine=name) if name == machine:
                yield step.event
            case _:
                pass


def unmet(requirements: Iterable[Requirement], binaries: Sequence[Binary], programs: Programs) -> list[str]:
    """Why the requirements are not met, in words; nothing where they are.

    :raise SourceError: a requirement cannot be decided.
    """
    return [reason for requirement in requirements for reason in _unmet(requirement, binaries, programs)]


def _unmet(requirement: Requirement, binaries: Sequence[Binary], programs: Programs) -> Iterator[str]:
    older = min((binary.version for binary in binaries), key=version)
    match requirement:
        case Query():
            if not _answered(requirement, binaries):
                yield f"needs {requirement.query}{_since(requirement.query, older)}"
        case From(version=bound):
            if not all(is_from(binary.version, bound) for binary in binaries):
                yield f"needs QEMU {bound}, this is {older}"
        case Before(version=bound):
            if any(is_from(binary.version, bound) for binary in binaries):
                yield f"needs a QEMU before {bound}, this is {older}"
        case Allowed(right=right):
            yield from _forbidden(right, binaries)
        case Program(name=name):
            if programs.there(name) is None:
                yield f"needs the program {name}, which is not there"
        case _:
            assert_never(requirement)


def _forbidden(right: Right, binaries: Sequence[Binary]) -> Iterator[str]:
    match right:
        case Right.KVM:
            if not may_use_kvm(binaries[0].confinement):
                yield "needs KVM, and /dev/kvm cannot be opened"
        case Right.NOT_ROOT:
            if any(binary.confinement.user == 0 for binary in binaries):
                yield "needs that QEMU does not run as root"
        case Right.LOOP_DEVICE:
            if obstacle := loop_device.obstacle():
                yield f"needs a loop device, which root can make: {obstacle}"
        case _:
            assert_never(right)


def _answered(requirement: Query, binaries: Sequence[Binary]) -> bool:
    try:
        return any(probe(binary.introspection, requirement.query) for binary in binaries)
    except QueryError as error:
        raise fault(requirement.location, str(error)) from error


def _since(query: str, found: str) -> str:
    first = first_version(query)
    if not first:
        return f", which neither this QEMU {found} has nor any version that is recorded; is it spelled so?"
    if is_from(found, first):
        return f", which came with QEMU {first}; this QEMU {found} does not have it"
    return f", which came with QEMU {first}; this is {found}"
