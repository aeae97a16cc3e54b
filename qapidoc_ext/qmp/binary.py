"""One of QEMU's programs, and what it says of itself."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from qapidoc_ext.introspect.reply import Command, Event, Introspection, ReplyError, decode
from qapidoc_ext.qmp.confinement import Confinement, confinement_of
from qapidoc_ext.qmp.directory import private_directory
from qapidoc_ext.qmp.machine import Machine, MachineError, Qemu
from qapidoc_ext.qmp.process import Launch
from qapidoc_ext.qmp.shim.options import make_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """A program that can be started as a machine."""

    program: Path
    qemu: Qemu
    introspection: Introspection
    confinement: Confinement

    @property
    def version(self) -> str:
        """What `query-version` says: `7.2.22`."""
        return self.qemu.version

    def seen_as(self, option: str) -> Binary:
        """The program as a client sees it that gets the interface of a design option; "" leaves it its own."""
        return replace(self, introspection=make_of(option)(self.introspection).introspection) if option else self

    def has(self, name: str) -> bool:
        """Whether it has the command or the event of this name."""
        return isinstance(self.introspection.entities.get(name), Command | Event)


Answers: TypeAlias = dict[Path, Binary | MachineError]
"""What programs said of themselves, or why they did not."""


class Binaries:
    """The programs that were asked, each once; for one event loop."""

    def __init__(self, parent: Path, answers: Answers) -> None:
        self._parent = parent
        self._one_at_a_time = asyncio.Lock()
        self._answers = answers

    async def get(self, program: Path) -> Binary:
        """What the program says of itself.

        :raise MachineError: it cannot be started, or does not answer, or with something that is no introspection.
        """
        async with self._one_at_a_time:
            if program not in self._answers:
                try:
                    self._answers[program] = await ask(program, self._parent)
                except MachineError as error:
                    self._answers[program] = error
        answer = self._answers[program]
        if isinstance(answer, MachineError):
            raise answer
        return answer


async def ask(program: Path, parent: Path) -> Binary:
    """What the program says of itself, and whether its sandbox can be had.

    :param parent: the folder for its private directory.

    :raise MachineError: it cannot be started, or does not answer, or with something that is no introspection.
    """
    launch = Launch(program=program, confinement=confinement_of(program))
    if not launch.is_emulator:
        return await _ask(launch, parent)
    confined = replace(launch, confinement=replace(launch.confinement, sandbox=True))
    try:
        return await _ask(confined, parent)
    except MachineError as error:
        if "sandbox" not in error.stderr:
            raise
    return await _ask(launch, parent)


async def _ask(launch: Launch, parent: Path) -> Binary:
    try:
        with private_directory(parent, launch.confinement.owner) as directory:
            async with Machine.launch(launch, directory) as machine:
                reply = await machine.execute({"execute": "query-qmp-schema"})
                qemu = machine.qemu
    except OSError as error:
        raise MachineError(f"no private directory for QEMU: {error.strerror}") from error
    try:
        introspection = decode(reply.get("return"))
    except ReplyError as error:
        raise MachineError(f"QEMU's introspection is not one: {error}") from error
    return Binary(program=launch.program, qemu=qemu, introspection=introspection, confinement=launch.confinement)
