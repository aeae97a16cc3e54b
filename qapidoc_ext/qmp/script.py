"""The text of an example to its steps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from qapidoc_ext.qmp.blocks import Marker, divide, without_marks
from qapidoc_ext.qmp.flow import capture_faults, captures, with_replies
from qapidoc_ext.qmp.header import ONLY_MACHINE, Header, MachineOption, SetUp, read_header
from qapidoc_ext.qmp.requirement import Query, Requirement
from qapidoc_ext.qmp.shim.baseline import ADD
from qapidoc_ext.qmp.shim.options import learned
from qapidoc_ext.qmp.step import Comment, Step
from qapidoc_ext.qmp.steps import read_step
from qapidoc_ext.source import Finding, Location, SourceError, SourceText, fault, read_source

MAXIMUM_SIZE = 1024 * 1024
"""Bytes in a .qmp file: what is larger was named by mistake."""

_CONTROL_CHARACTER = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]"
)
"""Among them those that nobody sees, or that change the order of a text: a reader is to see what is executed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """An example, read. Its header's name is "" where it has none, which only an example within a document may."""

    location: Location
    text: str
    """As it is written."""
    header: Header
    steps: tuple[Step, ...]
    """Its own."""
    setups: tuple[Script, ...] = ()
    """The examples whose steps are done first."""

    @property
    def machines(self) -> tuple[MachineOption, ...]:
        """The machines that it runs on, at least one."""
        named = (part.header.machines for part in (self, *self.setups))
        return next(filter(None, named), (ONLY_MACHINE,))

    @property
    def requires(self) -> tuple[Requirement, ...]:
        """What it and its set-ups require, and the drivers that the options of its machines name."""
        written = (requirement for part in (*self.setups, self) for requirement in part.header.requires)
        drivers = filter(None, (learned(machine.option) for machine in self.machines))
        return (*written, *(Query(query=f"{ADD}/arg-type/+{name}", location=self.location) for name in drivers))

    @property
    def all_steps(self) -> Iterator[Step]:
        """The steps of its set-ups, which are not shown, and its own."""
        for setup in self.setups:
            yield from (replace(step, hidden=True) for step in setup.steps)
        yield from self.steps


def parse_file(path: Path) -> Script:
    """The example in a .qmp file.

    :raise SourceError: the file cannot be read, is larger than :data:`MAXIMUM_SIZE`, has no name in its header, or has
        other faults; holds all of them.
    """
    text = _file(path)
    script, findings = _read(text)
    if not script.header.name:
        findings.append(Finding(location=script.location, message="the example has no name: begin with ':name: NAME'"))
    if findings:
        raise SourceError(sorted(findings))
    return script


def parse(content: str, location: Location) -> Script:
    """The example in a text that starts at this place.

    :raise SourceError: with every fault.
    """
    script, findings = _read(SourceText(content=content, start=location))
    if findings:
        raise SourceError(sorted(findings))
    return script


def repeated_names(scripts: Iterable[Script]) -> Iterator[Finding]:
    """What is wrong with the examples of a page: a name is an anchor there, and no two have the same."""
    named: dict[str, Location] = {}
    for script in scripts:
        name = script.header.name
        if name in named:
            message = f"this page has an example called '{name}' already, at {named[name]}"
            yield Finding(location=script.location, message=message)
        elif name:
            named[name] = script.location


def _file(path: Path) -> SourceText:
    text = read_source(path)
    if len(text.content.encode()) > MAXIMUM_SIZE:
        raise fault(Location(path=str(path)), f"larger than {MAXIMUM_SIZE} bytes")
    return text


def _read(written: SourceText, user: Header | None = None) -> tuple[Script, list[Finding]]:
    """The script as far as it can be read, and every fault; `user` is the header that names it as a set-up."""
    text = without_marks(written)
    blocks = list(divide(written))
    options = list(takewhile(lambda block: block.marker is Marker.OPTION, blocks))
    header, findings = read_header(text, options)
    setups, unusable = ((), []) if user else _setups(header, written.start.path)
    script = Script(location=text.location(0), text=written.content, header=header, steps=(), setups=setups)
    machines = header.machines or (user.machines if user else ()) or script.machines
    names = [machine.name for machine in machines]
    readable: list[Step | None] = []
    for block in blocks[len(options) :]:
        try:
            readable.append(read_step(text, block, names))
        except SourceError as error:
            readable.append(None)
            findings += error.findings
    steps, unconnected = with_replies(readable)
    captured = captures(step for setup in setups for step in setup.steps)
    findings += [*unusable, *unconnected, *capture_faults(readable, captured), *_control_characters(text)]
    if not findings and all(isinstance(step, Comment) for step in steps):
        findings.append(Finding(location=text.location(0), message="nothing to run: no request and no host step"))
    return replace(script, steps=tuple(steps)), findings


def _setups(header: Header, path: str) -> tuple[tuple[Script, ...], list[Finding]]:
    """The set-ups that a header names, and their faults."""
    read: list[tuple[Script, SetUp]] = []
    findings: list[Finding] = []
    for named in header.setup:
        try:
            setup, faults = _read(_file(Path(path).parent / named.path), header)
        except SourceError as error:
            faults = [Finding(location=named.location, message=str(fault)) for fault in error.findings]
        else:
            read.append((setup, named))
        findings += faults
    return tuple(setup for setup, _ in read), [*findings, *_setup_faults(read, header)]


def _setup_faults(setups: Iterable[tuple[Script, SetUp]], header: Header) -> Iterator[Finding]:
    machines = header.machines
    for setup, named in setups:
        own = setup.header.machines or header.machines or (ONLY_MACHINE,)
        machines = machines or own
        if setup.header.setup or setup.header.session:
            yield Finding(location=named.location, message=f"{named.path} has a set-up or a session itself")
        if own != machines:
            yield Finding(location=named.location, message=f"{named.path} has other machines")


def _control_characters(text: SourceText) -> Iterator[Finding]:
    for found in _CONTROL_CHARACTER.finditer(text.content):
        yield text.finding(found.start(), f"the control character U+{ord(found[0]):04X} cannot stand in an example")
