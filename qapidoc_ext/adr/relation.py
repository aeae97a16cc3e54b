"""How two decisions are related: written down in one of them, shown in both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from msgspec import Meta

from qapidoc_ext.adr.front_matter import Text

Number = Annotated[int, Meta(ge=1, le=9999, description="a number from 1 to 9999")]


class Kind(Enum):
    """What a decision is to another one."""

    SUPERSEDES = "supersedes"
    REFINES = "refines"
    ALTERNATIVE_TO = "alternative-to"
    STOP_GAP_FOR = "stop-gap-for"
    DEPENDS_ON = "depends-on"
    CONFLICTS_WITH = "conflicts-with"
    DECIDES_ON = "decides-on"
    CARRIES_OUT = "carries-out"


PHRASES = {
    Kind.SUPERSEDES: ("supersedes", "superseded by"),
    Kind.REFINES: ("refines", "refined by"),
    Kind.ALTERNATIVE_TO: ("alternative to", "alternative to"),
    Kind.STOP_GAP_FOR: ("stop-gap for", "has the stop-gap"),
    Kind.DEPENDS_ON: ("depends on", "needed by"),
    Kind.CONFLICTS_WITH: ("conflicts with", "conflicts with"),
    Kind.DECIDES_ON: ("decides on", "decided on in"),
    Kind.CARRIES_OUT: ("carries out", "carried out by"),
}
"""How each kind reads in the record that has it, and in the other one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A relation to another decision."""

    type: Kind
    to: Number
    note: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A relation, as one of the two records shows it."""

    kind: Kind
    phrase: str
    other: int
    """The number of the other record."""
    note: str | None
    is_own: bool
    """This record says it, not the other one."""


def links(number: int, relations: Iterable[tuple[int, Relation]]) -> list[Link]:
    """What the record `number` is to others, among all relations, each with the number of the record that has it."""
    found = []
    for source, relation in relations:
        own, back = PHRASES[relation.type]
        if source == number:
            found.append(Link(kind=relation.type, phrase=own, other=relation.to, note=relation.note, is_own=True))
        if relation.to == number:
            found.append(Link(kind=relation.type, phrase=back, other=source, note=relation.note, is_own=False))
    return sorted(found, key=lambda link: (link.phrase, link.other))
