"""What was observed of the definitions of a schema: in the recorded versions, and in one QEMU."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from qapidoc_ext.introspect.change import Change
from qapidoc_ext.introspect.history import Item, items
from qapidoc_ext.introspect.presence import Presence
from qapidoc_ext.introspect.since import disagrees, own_since, written
from qapidoc_ext.introspect.span import Span
from qapidoc_ext.schema.model import Command, Event, Schema
from qapidoc_ext.source import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was observed of one definition, or of a part of one."""

    seen: tuple[Span, ...] | None = None
    """The recorded versions that have it; None where no recording can tell."""
    documented: str = ""
    """The version that its own documentation names as the first one, where the recordings do not agree."""
    presence: Presence | None = None
    """Whether the QEMU that was asked has it; None where that was not compared."""


_NOTHING_SEEN = Observation()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The QEMU that a schema was compared with."""

    name: str
    """`QEMU 7.2.22 (Debian 1:7.2+dfsg-7)`"""
    undocumented: tuple[Change, ...] = ()
    """What it has and the schema does not describe."""
    modules: str = ""
    """Why its modules were not asked for; "" where they were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What was observed of a schema."""

    versions: tuple[str, ...] = ()
    """The recorded versions that were looked at, the oldest first."""
    asked: Asked | None = None
    """The QEMU that was asked; None where there was none."""
    not_asked: str = ""
    """Why none was asked; "" also where nobody wants to know."""
    items: Mapping[Item, Observation] = field(default_factory=dict)
    """What was observed of each item that a message can have."""
    at: Mapping[Location, Observation] = field(default_factory=dict)
    """The same, by the place where it is written: a member is shown on the pages of others too."""

    def of(self, location: Location) -> Observation:
        """What was observed of what is written there."""
        return self.at.get(location, _NOTHING_SEEN)


NOTHING = Observed()
"""Nobody has looked."""


def observed(
    schema: Schema,
    versions: tuple[str, ...],
    history: Mapping[Item, tuple[Span, ...]],
    presence: Mapping[Item, Presence],
    asked: Asked | str,
) -> Observed:
    """What was observed, by item and by place; `asked` is the QEMU, or why there is none."""
    found = dict(_observations(schema, versions, history, presence))
    return Observed(
        versions=versions,
        asked=asked if isinstance(asked, Asked) else None,
        not_asked=asked if isinstance(asked, str) else "",
        items=found,
        at={_place(schema, item): observation for item, observation in found.items()},
    )


def _observations(
    schema: Schema,
    versions: tuple[str, ...],
    history: Mapping[Item, tuple[Span, ...]],
    presence: Mapping[Item, Presence],
) -> Iterator[tuple[Item, Observation]]:
    for item in items(schema):
        if item in history or item in presence:
            seen = history.get(item)
            documented = _documented(schema, item) if seen is not None else ""
            differs = seen is not None and disagrees(documented, seen[0].first if seen else "", versions)
            yield (
                item,
                Observation(seen=seen, documented=documented if differs else "", presence=presence.get(item)),
            )


def _documented(schema: Schema, item: Item) -> str:
    """The documented version; none of a type, which has no name on the wire that could be older."""
    definition = schema.definitions[item.definition]
    if item.part is None and not isinstance(definition, Command | Event):
        return ""
    return own_since(definition, item.part)


def _place(schema: Schema, item: Item) -> Location:
    definition = schema.definitions[item.definition]
    return (written(definition, item.part) or definition).location
