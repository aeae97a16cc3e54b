"""What happened when an example ran."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from qapidoc_ext.qmp.machine import Qemu, quoted
from qapidoc_ext.qmp.pattern import Captures, Json
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.qmp.shown import Shown
from qapidoc_ext.qmp.step import Comment, ExpectedEvent, ExpectedReply, HostStep
from qapidoc_ext.source import Finding, Location


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exchange:
    location: Location
    """Of the step that it belongs to."""
    hidden: bool = False
    """Whether the step is executed and not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(_Exchange):
    """A request, as it was sent."""

    machine: str
    message: dict[str, Json]
    shell: str
    """The qmp-shell line that says it; "" where the example has JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(_Exchange):
    """A reply or an event, as far as the example looked at it: nothing of what a reply returns that no `<-` reads."""

    machine: str
    message: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Called(_Exchange):
    """A host step, with what it returned: None, or a value that Python's `repr` shows."""

    text: str
    value: object


Exchange: TypeAlias = Comment | Sent | Received | Called


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """QEMU did what the example says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What there was in the place of what a step expects."""

    step: ExpectedReply | ExpectedEvent | HostStep
    got: object
    """A message, or what the host step returned."""
    captures: Captures
    """What earlier steps captured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """QEMU did something else, or did not start, or is gone. `str()` is the whole report."""

    findings: tuple[Finding, ...]
    """At least one, each at the part of the example that was not fulfilled."""
    stderr: str = ""
    """The last lines that QEMU said on its stderr; "" where it said nothing."""
    difference: Difference | None = None
    """What could be expected instead, where something could."""

    def __str__(self) -> str:
        return "\n".join([*map(str, self.findings), *([quoted(self.stderr)] if self.stderr else [])])


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """The example was not run."""

    reason: str
    program_is_missing: bool = False
    """Whether that is because one of QEMU's programs is not there."""
    version: str = ""
    """Of the QEMU that lacks something, and that is the reason; "" for any other reason."""


Outcome: TypeAlias = Passed | Failed | Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of an example."""

    script: Script
    qemus: tuple[Qemu, ...]
    """Its machines, in the order in which the example names them; none where they did not start."""
    exchanges: tuple[Exchange, ...]
    """As they happened, up to the one that failed: of that, only what was sent."""
    outcome: Outcome
    captures: Captures = field(default_factory=dict)
    """What its steps captured, by name."""
    not_executed: str = ""
    """Why it is a recording that is kept with the documents; "" where this build executed it, or an earlier one did
    what this one would do again."""
    allowed_by: tuple[str, ...] = ()
    """The schemas that together allow all its requests; () where that was not checked, or needless: they were sent."""
