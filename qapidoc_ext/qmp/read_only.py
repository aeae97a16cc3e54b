"""What `read-only` and `auto-read-only` were measured to do, and what the discussion of them calls that."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

import msgspec

from qapidoc_ext.qmp.outcome import Passed, Run
from qapidoc_ext.qmp.pattern import Captures


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A node in one situation."""

    ro: bool | None
    """As `query-named-block-nodes` says it; None where there is no node."""
    access: str | None
    """Of the descriptor of the protocol node: `O_RDONLY`; None where it has none that can be looked at."""
    refused: str = ""
    """The class of the error that making the node got; "" where it was made, or was there already."""
    writer: str | None = None
    """The class of the error that a writer got, "" where it was accepted; None where none came."""


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

    @property
    def digest(self) -> str:
        """The same for the same facts, whatever else the runs say that they are from."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()


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
    said = run.captures
    return Facts(
        idle=_probe(said, "idle"),
        writer=_probe(said, "writer", writer="writer"),
        gone=_probe(said, "gone"),
        locked=_probe(said, "locked", writer="locked_writer") if any(map(_is_of_locked, said)) else None,
    )


def _is_of_locked(name: str) -> bool:
    return name.startswith("locked_")


def _probe(said: Captures, situation: str, *, writer: str = "") -> Probe:
    ro, access = said.get(f"{situation}_ro"), said.get(f"{situation}_access")
    asked = writer and ro is not None
    return Probe(
        ro=ro if isinstance(ro, bool) else None,
        access=access if isinstance(access, str) else None,
        refused=_text(said, f"{situation}_refused") if writer != situation else "",
        writer=_text(said, f"{writer}_refused") if asked else None,
    )


def _text(said: Captures, name: str) -> str:
    value = said.get(name, "")
    return value if isinstance(value, str) else ""


def semantics(facts: Facts) -> Semantics:
    """What the discussion calls what was measured."""
    match facts:
        case Facts(idle=Probe(refused=str(refused))) if refused:
            return Semantics.REFUSED
        case Facts(idle=Probe(ro=True), writer=Probe(ro=True, writer=str(refused)), gone=Probe(ro=True)) if refused:
            return Semantics.HARD_READ_ONLY if _accesses(facts) <= {"O_RDONLY"} else Semantics.OTHER
        case Facts(idle=Probe(ro=False), writer=Probe(ro=False, writer=""), gone=Probe(ro=False)):
            return _of_writable(facts)
        case _:
            return Semantics.OTHER


def _accesses(facts: Facts) -> set[str]:
    probes = [facts.idle, facts.writer, facts.gone, *([facts.locked] if facts.locked else [])]
    return {probe.access for probe in probes if probe.access is not None}


def _of_writable(facts: Facts) -> Semantics:
    """What it is called where a target that may be written takes a writer."""
    match (facts.idle.access, facts.writer.access, facts.gone.access), facts.locked:
        case ("O_RDONLY", "O_RDWR", "O_RDONLY"), Probe(refused="", ro=False):
            return Semantics.DYNAMIC
        case ("O_RDWR", "O_RDWR", "O_RDWR") | (None, None, None), Probe(refused=str(refused)) if refused:
            return Semantics.HARD_READ_WRITE
        case ("O_RDWR", "O_RDWR", "O_RDWR") | (None, None, None), Probe(ro=True, writer=str(refused)) if refused:
            return Semantics.FALLBACK
        case (None, None, None), _:
            return Semantics.NOT_OBSERVABLE
        case _:
            return Semantics.OTHER
