"""What a decision is measured by, and how it comes out; who stands where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from qapidoc_ext.adr.facts import Digest
from qapidoc_ext.adr.front_matter import Name, Text
from qapidoc_ext.adr.reference import Passage, Reference


class Result(Enum):
    """How a decision comes out by one criterion."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    PARTIAL = "partial"
    NOT_APPLICABLE = "not-applicable"
    OPEN = "open"
    """Nobody has found out."""


class Evidence(Enum):
    """What a verdict rests on."""

    LIVE = "live"
    """A QEMU did it."""
    SIMULATED = "simulated"
    """The interface is not QEMU's own: a schema that somebody wrote, or a program in front of a QEMU."""
    RECORDED = "recorded"
    """A stored introspection of a version that is named."""
    ASSERTED = "asserted"
    """A person said so, or we do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A cell of the comparison."""

    criterion: Name
    verdict: Result
    kind: Evidence
    evidence: tuple[Name, ...] = ()
    """The names of what the records' pages show: an example, an interface change, a table of recorded answers."""
    about: tuple[Text, ...] = ()
    """Of the facts of its evidence it rests on those that contain one of these texts; on all, where there is none."""
    judged: Digest | None = None
    """Of the facts that it rests on, as they were when somebody judged; None: nobody has."""
    arguments: tuple[Name, ...] = ()
    """The ids of the arguments of the discussion that are about it."""
    source: Passage | None = None
    """Who said it; None is our own observation."""
    note: Text


class Side(Enum):
    """Where somebody stands."""

    FOR = "for"
    AGAINST = "against"
    HOLD = "hold"
    CONDITIONAL = "conditional"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where somebody stands in the end."""

    who: Text
    stance: Side
    source: Reference
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """Something to measure decisions by."""

    id: Name
    text: Text
    check: Text
    """How it is told."""
    source: Passage | None = None
    """Where the discussion asks for it; None: nobody does."""
    knock_out: bool = False
    """Whether a decision that fails by it is out, whatever else it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """All that the records of a project are measured by."""

    criteria: tuple[Criterion, ...]
