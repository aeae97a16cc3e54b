"""What a real QEMU that runs an example may do."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from qapidoc_ext.qmp import confinement
from qapidoc_ext.qmp.binary import ask
from qapidoc_ext.qmp.confinement import UNPRIVILEGED, Confinement, confinement_of
from qapidoc_ext.qmp.directory import private_directory, scratch
from qapidoc_ext.qmp.machine import Machine, MachineError
from qapidoc_ext.qmp.outcome import Failed, Passed
from qapidoc_ext.qmp.process import Launch
from qapidoc_ext.qmp.programs import ProgramError, Programs
from qapidoc_ext.qmp.run import Rules, run
from qapidoc_ext.qmp.script import parse
from qapidoc_ext.source import Location

pytestmark = pytest.mark.usefixtures("nothing_is_left")


def with_machine(
    program: Path,
    use: Callable[[Machine], Awaitable[None]],
    change: Callable[[Confinement], Confinement] = lambda known: known,
) -> None:
    """Has a machine that is confined as an example's is, but for the change."""

    async def whole() -> None:
        with scratch() as parent:
            binary = await ask(program, parent)
            launch = Launch(program=program, confinement=change(binary.confinement))
            with private_directory(parent, launch.confinement.owner) as directory:
                async with Machine.launch(launch, directory) as machine:
                    await use(machine)

    asyncio.run(whole())


async def migrate(machine: Machine) -> None:
    """A migration to a program, which makes a file; however QEMU takes that."""
    try:
        await machine.execute({"execute": "migrate", "arguments": {"uri": "exec:echo made > made; cat > /dev/null"}})
    except MachineError:
        return


def test_a_migration_to_a_program_does_not_run_it(program: Path) -> None:
    async def use(machine: Machine) -> None:
        await migrate(machine)
        await asyncio.sleep(0.5)
        assert list(machine.directory.path.iterdir()) == []

    with_machine(program, use)


def test_without_the_sandbox_it_would(program: Path) -> None:
    async def use(machine: Machine) -> None:
        await migrate(machine)
        async with asyncio.timeout(60):
            while [file.name for file in machine.directory.path.iterdir()] != ["made"]:  # noqa: ASYNC110 (a file)
                await asyncio.sleep(0.05)

    with_machine(program, use, lambda known: replace(known, sandbox=False))


@pytest.mark.parametrize("name", ["qemu-system-x86_64", "qemu-storage-daemon"])
def test_a_machine_gains_no_rights_and_has_no_network(name: str, programs: Programs) -> None:
    try:
        program = programs.find(name)
    except ProgramError as error:
        pytest.skip(str(error))

    async def use(machine: Machine) -> None:
        status = Path(f"/proc/{machine.pid}/status").read_text()  # noqa: ASYNC240 (not a file of a disk)
        fields = dict(line.split(":\t", 1) for line in status.splitlines())
        user = UNPRIVILEGED if os.geteuid() == 0 else os.geteuid()
        assert fields["Uid"].split() == [str(user)] * 4
        assert fields["NoNewPrivs"] == "1"
        if os.geteuid() == 0:
            assert fields["Gid"].split() == [str(user)] * 4
            assert fields["Groups"].split() == []
            assert fields["CapEff"] == fields["CapPrm"] == "0" * 16
        if confinement_of(program).no_network:
            assert os.readlink(f"/proc/{machine.pid}/ns/net") != os.readlink("/proc/self/ns/net")  # noqa: PTH115
        assert fields["Seccomp"] == ("2" if name.startswith("qemu-system") else "0")
        assert machine.qemu.confinement.startswith(f"as user {user}, ")

    with_machine(program, use)


def test_who_wants_confinement_gets_a_failure_where_there_is_none(
    programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = parse('-> {"execute": "stop"}', Location(path="x"))
    monkeypatch.setattr(confinement, "_without_network", tuple)
    confinement_of.cache_clear()
    try:
        assert run(example, programs, Rules(confined=False)).outcome == Passed()
        outcome = run(example, programs, Rules(confined=True)).outcome
    finally:
        confinement_of.cache_clear()
    assert isinstance(outcome, Failed)
    assert outcome.findings[0].message.startswith("QEMU cannot be confined as it has to be: ")
    assert "it has the network" in outcome.findings[0].message


def test_a_qemu_without_seccomp_runs_all_the_same_and_that_is_said(programs: Programs, tmp_path: Path) -> None:
    file = tmp_path / "qemu-system-x86_64"
    refuse = "echo \"-sandbox: There is no option group 'sandbox'\" >&2; exit 1"
    file.write_text(f'#!/bin/sh\ncase "$*" in *-sandbox*) {refuse};; esac\nexec {programs.find(file.name)} "$@"\n')
    file.chmod(0o755)
    example = parse('-> {"execute": "stop"}', Location(path="x"))
    done = run(example, Programs(folder=str(tmp_path)))
    assert done.outcome == Passed()
    assert "sandbox" not in done.qemus[0].confinement
    confined = run(example, Programs(folder=str(tmp_path)), Rules(confined=True)).outcome
    assert "it was built without seccomp" in str(confined)


def test_a_program_that_the_unprivileged_user_cannot_reach_runs_as_ourselves(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "program").symlink_to("/bin/sh")
    assert confinement_of(closed / "program").user == os.geteuid()
    if os.geteuid() == 0:
        assert confinement_of(Path("/bin/sh")).user == UNPRIVILEGED
        assert "it runs as root" in confinement_of(closed / "program").lacks(sandbox=False)


def test_a_confinement_is_said_in_words() -> None:
    known = Confinement(user=7, drops_root=False, ends_with_us=True, no_network=True, sandbox=True)
    assert str(known) == "as user 7, without network, in its seccomp sandbox"
    assert str(replace(known, user=0, no_network=False, sandbox=False)) == "as root, with network"
    assert list(known.lacks(sandbox=True)) == []
