"""The `:option: value` lines before the first step of an example."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from qapidoc_ext.qmp import requirement
from qapidoc_ext.qmp.blocks import UNNAMED, Block
from qapidoc_ext.qmp.programs import STORAGE_DAEMON
from qapidoc_ext.qmp.requirement import Requirement
from qapidoc_ext.qmp.shim.options import make_of
from qapidoc_ext.source import Finding, Location, SourceError, SourceText

OPTION_MARK = "option:"
MAXIMUM_TIMEOUT = 600.0
"""Seconds that an example may ask for."""

_OPTION = re.compile(r":(?P<option>[^:\s]+):[ \t]*(?P<value>.*\S)?\s*")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MACHINE = re.compile(r"(?P<name>[A-Za-z]\w*)(?:\s*=\s*(?P<words>.*))?", re.ASCII | re.DOTALL)
_MACHINE_TYPE = re.compile(r"(?!qemu-|incoming\Z)[a-z0-9][A-Za-z0-9._-]*")
_PROGRAM = re.compile(rf"{STORAGE_DAEMON}|qemu-system-[a-z0-9_-]+")
_FILE = re.compile(r"[^\x00]+\.qmp")
_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineOption:
    """One of the machines that `machines` names: `dst=qemu-system-x86_64 q35 incoming`, `vm=option:3`."""

    name: str
    program: str = ""
    """`qemu-storage-daemon` or an emulator; "" where the commands of the example decide."""
    type: str = ""
    """The machine type of an emulator; "" is `none`."""
    incoming: bool = False
    """Whether it waits for a migration."""
    option: str = ""
    """The design option whose interface it gets; "" leaves it its own."""


ONLY_MACHINE = MachineOption(name="vm")
"""The machine of an example that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """A .qmp file whose steps come first."""

    path: str
    """Relative to the folder of the file in which it is named."""
    location: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the options say; "", () and 0 for those that are not there."""

    name: str = ""
    title: str = ""
    requires: tuple[Requirement, ...] = ()
    machines: tuple[MachineOption, ...] = ()
    setup: tuple[SetUp, ...] = ()
    session: str = ""
    timeout: float = 0
    """Seconds that each reply and each event may take."""
    unordered: bool = False
    """Whether events may come in another order than they are listed in."""


def read_header(text: SourceText, options: Iterable[Block]) -> tuple[Header, list[Finding]]:
    """What the options say, and every fault in them."""
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for block in options:
        try:
            option, start, value = _option(text, block)
            if option in values:
                raise text.fault(block.start, f"the option '{option}' stands here twice")
            values[option] = None
            values[option] = OPTIONS[option](text, start, value)
        except SourceError as error:
            findings += error.findings
    read = {option: value for option, value in values.items() if value is not None}
    return Header(**read), findings


def _option(text: SourceText, block: Block) -> tuple[str, int, str]:
    """The name of the option, the offset of its value, and its value."""
    found = _OPTION.fullmatch(text.content, block.start, block.end)
    if found is None:
        raise text.fault(block.start, "not an option, which is written ':name: value'")
    if found["option"] not in OPTIONS:
        raise text.fault(block.start, f"no option is called '{found['option']}', only {', '.join(OPTIONS)}")
    if not found["value"] and found["option"] != "unordered":
        raise text.fault(block.start, f"the option '{found['option']}' has no value")
    return found["option"], found.start("value") if found["value"] else block.start, found["value"] or ""


def _name(text: SourceText, start: int, value: str) -> str:
    if not _NAME.fullmatch(value):
        raise text.fault(start, "a name has small letters, digits and single hyphens between them")
    return value


def _title(_text: SourceText, _start: int, value: str) -> str:
    return value


def _requires(text: SourceText, start: int, value: str) -> tuple[Requirement, ...]:
    return _each(text, start, value, requirement.read)


def _machines(text: SourceText, start: int, value: str) -> tuple[MachineOption, ...]:
    seen: set[str] = set()

    def read(part: str, _location: Location) -> MachineOption:
        machine = _machine(part)
        if machine.name in seen:
            raise ValueError(f"two machines are called '{machine.name}'")
        seen.add(machine.name)
        return machine

    return _each(text, start, value, read)


def _machine(text: str) -> MachineOption:
    found = _MACHINE.fullmatch(text)
    if found is None or found["name"] == UNNAMED:
        raise ValueError(f"'{text}' is no machine, which is written 'name' or 'name=program type incoming'")
    program = type_ = option = ""
    incoming = False
    for word in (found["words"] or "").split():
        if word == "incoming" and not incoming:
            incoming = True
        elif word.startswith(OPTION_MARK) and not option:
            option = word.removeprefix(OPTION_MARK)
            make_of(option)
        elif _PROGRAM.fullmatch(word) and not program:
            program = word
        elif _MACHINE_TYPE.fullmatch(word) and not type_:
            type_ = word
        else:
            raise ValueError(
                f"'{word}' is not expected here: a machine has a program, a machine type, 'incoming' and 'option:NAME'"
            )
    if program == STORAGE_DAEMON and (type_ or incoming):
        raise ValueError(f"{STORAGE_DAEMON} has no machine type and no migration")
    return MachineOption(name=found["name"], program=program, type=type_, incoming=incoming, option=option)


def _setup(text: SourceText, start: int, value: str) -> tuple[SetUp, ...]:
    def read(part: str, location: Location) -> SetUp:
        if not _FILE.fullmatch(part):
            raise ValueError(f"'{part}' is not the path of a .qmp file")
        return SetUp(path=part, location=location)

    return _each(text, start, value, read)


def _timeout(text: SourceText, start: int, value: str) -> float:
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", value, re.ASCII) or not 0 < float(value) <= MAXIMUM_TIMEOUT:
        raise text.fault(start, f"a timeout is a number of seconds, above 0 and up to {MAXIMUM_TIMEOUT:g}")
    return float(value)


def _unordered(text: SourceText, start: int, value: str) -> bool:
    if value:
        raise text.fault(start, "the option 'unordered' takes no value")
    return True


OPTIONS: dict[str, Callable[[SourceText, int, str], object]] = {
    "name": _name,
    "title": _title,
    "requires": _requires,
    "machines": _machines,
    "setup": _setup,
    "session": _name,
    "timeout": _timeout,
    "unordered": _unordered,
}
"""The options, each with what reads the value that begins at an offset of the text."""


def _each(text: SourceText, start: int, value: str, read: Callable[[str, Location], _Part]) -> tuple[_Part, ...]:
    """What each part of a list is, which has commas between its parts."""
    parts: list[_Part] = []
    findings: list[Finding] = []
    for offset, part in _parts(start, value):
        try:
            parts.append(read(part, text.location(offset)))
        except ValueError as error:
            findings.append(text.finding(offset, str(error)))
    if findings:
        raise SourceError(findings)
    return tuple(parts)


def _parts(start: int, value: str) -> Iterator[tuple[int, str]]:
    for part in value.split(","):
        yield start + len(part) - len(part.lstrip()), part.strip()
        start += len(part) + 1
