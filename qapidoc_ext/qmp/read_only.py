"""What `read-only` and `auto-read-only` were measured to do, and what the discussion of them calls that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from qapidoc_ext.qmp.outcome import Passed, Run
from qapidoc_ext.qmp.pattern import Captures


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A node in one situation."""

    ro: bool | None
    """As `query-named-block-nodes` says it; None where there is no node."""
    access: str | None
    """Of the descriptor of the protocol node: `O_RDONLY`; None where it has none that can be looked at."""
    accepts_writer: bool | None = None
    """None where no writer came, or there is no node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A driver with one combination of the two members."""

    idle: Probe
    """The target may be written; nobody writes."""
    writer: Probe
    """A writer has come to the same node."""
    gone: Probe
    """It is gone again."""
    locked: Probe | None
    """The target has no write permission; a writer comes. None where there is no target."""


class Semantics(Enum):
    """What the discussion calls it; each value is the name."""

    HARD_READ_WRITE = "hard read/write"
    HARD_READ_ONLY = "hard read-only"
    FALLBACK = "fallback read-only"
    DYNAMIC = "dynamic read-only"
    REFUSED = "refused"
    """No node can be made, even over a target that may be written."""
    NOT_OBSERVABLE = "not observable"
    """What there is to see fits more than one of the four."""
    OTHER = "none of the four"


def facts_of(run: Run) -> Facts | None:
    """What an example of :mod:`.read_only_examples` found out; None where it did not run, or not to its end."""
    if not isinstance(run.outcome, Passed):
        return None
    found = run.captures
    return Facts(
        idle=_probe(found, "idle"),
        writer=_probe(found, "writer", has_writer=True),
        gone=_probe(found, "gone"),
        locked=_probe(found, "locked", has_writer=True) if _is_locked(found) else None,
    )


def _is_locked(found: Captures) -> bool:
    return any(name.startswith("locked_") for name in found)


def _probe(found: Captures, situation: str, *, has_writer: bool = False) -> Probe:
    ro, access = found.get(f"{situation}_ro"), found.get(f"{situation}_access")
    is_asked = has_writer and ro is not None
    return Probe(
        ro=ro if isinstance(ro, bool) else None,
        access=access if isinstance(access, str) else None,
        accepts_writer=f"{situation}_writer_refused" not in found if is_asked else None,
    )


def semantics(facts: Facts) -> Semantics:
    """What the discussion calls what was measured."""
    match facts:
        case Facts(idle=Probe(ro=None)):
            return Semantics.REFUSED
        case Facts(idle=Probe(ro=True), writer=Probe(ro=True, accepts_writer=False), gone=Probe(ro=True)):
            return Semantics.HARD_READ_ONLY if _accesses(facts) <= {"O_RDONLY", None} else Semantics.OTHER
        case Facts(idle=Probe(ro=False), writer=Probe(ro=False, accepts_writer=True), gone=Probe(ro=False)):
            return _of_writable(facts)
        case _:
            return Semantics.OTHER


def _accesses(facts: Facts) -> set[str | None]:
    return {probe.access for probe in (facts.idle, facts.writer, facts.gone, facts.locked) if probe}


def _of_writable(facts: Facts) -> Semantics:
    """What it is called where a target that may be written takes a writer."""
    match (facts.idle.access, facts.writer.access, facts.gone.access), facts.locked:
        case ("O_RDONLY", "O_RDWR", "O_RDONLY"), Probe(ro=False):
            return Semantics.DYNAMIC
        case ("O_RDWR", "O_RDWR", "O_RDWR") | (None, None, None), Probe(ro=None):
            return Semantics.HARD_READ_WRITE
        case ("O_RDWR", "O_RDWR", "O_RDWR") | (None, None, None), Probe(ro=True, accepts_writer=False):
            return Semantics.FALLBACK
        case (None, None, None), _:
            return Semantics.NOT_OBSERVABLE
        case _:
            return Semantics.OTHER
