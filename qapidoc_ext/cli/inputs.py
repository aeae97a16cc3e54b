"""Where a command line takes introspections from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qapidoc_ext.introspect.read import read
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.qmp.introspection import introspection_of
from qapidoc_ext.qmp.programs import EMULATOR, Programs, programs_at
from qapidoc_ext.source import Finding, SourceError

FILE_HELP = "a reply to query-qmp-schema (JSON, or JSON packed by xz), or the first file of a schema"
QEMU_HELP = "the program of a QEMU, such as qemu-system-x86_64 or qemu-storage-daemon, which is started and asked"


@dataclass(frozen=True, slots=True)
class Qemu:
    """The program of a QEMU: a path, or a name that is on PATH; or a folder, for the emulator in it."""

    program: str


def introspection(source: Path | Qemu) -> Introspection:
    """What the file or the QEMU says.

    :raise SourceError: the file cannot be read, or holds something else.
    :raise ProgramError: there is no such program.
    :raise MachineError: the QEMU does not start, or does not answer.
    :raise ReplyError: the QEMU answers with something else.
    """
    if isinstance(source, Qemu):
        return introspection_of(_found(source.program))
    return read(source)


def _found(program: str) -> Path:
    return programs_at(program).find(EMULATOR) if Path(program).is_dir() else Programs().find(program)


def introspections(sources: Iterable[Path | Qemu]) -> list[Introspection]:
    """What each of several says, in their order.

    :raise SourceError: files cannot be read, or hold something else; it tells all that is wrong with any of them.
    :raise ProgramError: there is no such program.
    :raise MachineError: a QEMU does not start, or does not answer.
    :raise ReplyError: a QEMU answers with something else.
    """
    read: list[Introspection] = []
    findings: list[Finding] = []
    for source in sources:
        try:
            read.append(introspection(source))
        except SourceError as error:
            findings += error.findings
    if findings:
        raise SourceError(findings)
    return read
