"""What was observed of the definitions of a schema: in the recorded versions, and in one QEMU."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from qapidoc_ext.introspect.change import Change
from qapidoc_ext.introspect.item import WRAPPED, Item, items
from qapidoc_ext.introspect.part import Part, branch, feature, member, value
from qapidoc_ext.introspect.presence import Presence
from qapidoc_ext.introspect.since import disagrees, own_since, written
from qapidoc_ext.introspect.span import Span, common
from qapidoc_ext.schema.model import Branch, Command, Event, Member, Schema, Value
from qapidoc_ext.source import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was observed of one definition, or of a part of one."""

    seen: tuple[Span, ...] | None = None
    """The recorded versions that have it; None where no recording can tell."""
    documented: str = ""
    """The version that its own documentation names as the first one, where the recordings do not say the same."""
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
    """Why it was not checked what is in its schema only; "" where it was."""


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

    places: Mapping[Item, tuple[Span, ...]] = field(default_factory=dict)
    """The recorded versions that have an item, also those of what is in a place of its own."""
    here: Mapping[Location, Item] = field(default_factory=dict)
    """Of what is in a place of its own here: which item that is."""
    within: tuple[Span, ...] | None = None
    """The only versions that count: those that have what the rest belongs to."""
    holder: Item | None = None
    """What holds the rest, if that is in a place of its own."""

    def of(self, location: Location) -> Observation:
        """What was observed of what is written there."""
        found = self.at.get(location, _NOTHING_SEEN)
        if item := self.here.get(location):
            found = _seen(found, self.places[item])
        if self.within is None or found.seen is None:
            return found
        return _seen(found, common(found.seen, self.within, self.versions))

    def anywhere(self) -> Observed:
        """What was observed in any place."""
        return replace(self, here={}, within=None, holder=None)

    def inside(self, location: Location, parts: Iterable[Member | Value | Branch] = ()) -> Observed:
        """The same of what is part of what is written there: no version has it that does not have that.

        Where nothing was observed of that, as no message can have it, what others have is not observed of it either.
        """
        holder = self.here.get(location)
        found = ((one.location, Item(holder.definition, _part(one, holder.part))) for one in parts) if holder else ()
        at = self.at if location in self.at else {}
        return replace(self, at=at, here=self._here(found), within=self.of(location).seen, holder=holder)

    def in_branch(self, union: str, of: Branch, members: Iterable[Member], *, is_simple: bool) -> Observed:
        """The same of the members that there are where a branch is selected; in a simple union, what it wraps has."""
        outer = [Item(union), *([self.holder] if self.holder else [])]  # the last that is known counts
        holders = [Item(one.definition, branch(of.name, one.part)) for one in outer]
        if is_simple:
            holders = [Item(one.definition, member(WRAPPED, one.part)) for one in holders]
        found = ((one.location, Item(it.definition, member(one.name, it.part))) for one in members for it in holders)
        return replace(self, here=self._here(found), within=self.of(of.location).seen, holder=None)

    def taken_by(self, definition: str, members: Iterable[Member], branches: Iterable[Branch]) -> Observed:
        """The same of what a command, an event or a type has, whichever definition writes that."""
        found: list[tuple[Location, Item]] = [(one.location, Item(definition, branch(one.name))) for one in branches]
        for one in members:
            part = member(one.name)
            found.append((one.location, Item(definition, part)))
            found += [(of_it.location, Item(definition, feature(of_it.name, part))) for of_it in one.features]
        return replace(self, here=self._here(found), holder=None)

    def _here(self, found: Iterable[tuple[Location, Item]]) -> dict[Location, Item]:
        return {location: item for location, item in found if item in self.places}


def _part(written: Member | Value | Branch, of: Part | None) -> Part:
    match written:
        case Member(name=name):
            return member(name, of)
        case Value(name=name):
            return value(name, of)
        case Branch(name=name):
            return branch(name, of)


def _seen(found: Observation, seen: tuple[Span, ...]) -> Observation:
    """What was observed, in these versions. Of others than it was documented for, the documentation does not speak."""
    return found if seen == found.seen else replace(found, seen=seen, documented="")


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
        places=history,
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
            differs = seen is not None and (not seen or disagrees(documented, seen[0].first, versions))
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
