"""Whether a QEMU has what a schema defines, and where it has not, what shows why."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum as Enumeration
from itertools import chain

from qapidoc_ext.introspect.configuration import configuration
from qapidoc_ext.introspect.generate import Description, describe
from qapidoc_ext.introspect.history import Finder
from qapidoc_ext.introspect.item import Item, items
from qapidoc_ext.introspect.recordings import NO_COMMAND_UP_TO, Version, misstated, recorded_versions, version
from qapidoc_ext.introspect.references import references
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.introspect.since import conditions_of, documented_since, own_since
from qapidoc_ext.introspect.span import Span
from qapidoc_ext.schema.condition import Condition, is_true, text
from qapidoc_ext.schema.model import Schema, release


class State(Enumeration):
    """Whether a QEMU has something."""

    PRESENT = "present"
    NOT_BUILT = "built without it"
    OTHER_VERSION = "another version"
    NO_MODULE = "in its schema only: unknown when it is used, as it is not built in and no module of it is installed"
    ABSENT = "absent, and nothing shows why"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Whether a QEMU has something, and why not."""

    state: State
    why: str = ""
    """What shows it: `needs CONFIG_VMNET`, `first seen in 9.1.0`."""

    def __str__(self) -> str:
        return f"{self.state.value} ({self.why})" if self.why else self.state.value


PRESENT = Presence(state=State.PRESENT)


def presence(
    schema: Schema,
    introspection: Introspection,
    qemu_version: str,
    history: Mapping[Item, tuple[Span, ...]],
    without_module: Collection[Item] = (),
) -> dict[Item, Presence]:
    """The presence of each item that a message can have, in a QEMU of this version with this introspection.

    What is left out is on its command line or not: no command has it, so that its introspection cannot show it.

    `history` has what is known of other versions, and `without_module` that of which the introspection tells although
    it cannot be used.

    :raise ReplyError: the schema has the fault that a command or an event has the name of another entity.
    """
    description = describe(schema)
    finder = Finder(schema, description)
    found = finder.found_in(introspection)
    explainer = _Explainer(
        schema=schema,
        version=version(qemu_version),
        history=history,
        found=found,
        known=configuration(description, introspection),
        younger=_younger(schema, history, version(qemu_version)),
        places=_places(description, finder, found),
        unseen=_unseen(version(qemu_version)),
    )
    presences = {
        item: explainer.presence(item)
        if item not in found
        else Presence(state=State.NO_MODULE)
        if item in without_module
        else PRESENT
        for item in items(schema)
        if item in finder.visible
    }
    return {item: one for item, one in presences.items() if one}


def _places(description: Description, finder: Finder, found: Collection[Item]) -> dict[str, list[Item]]:
    """What a QEMU does not have and would lead to a definition, by the definition's name."""
    places: dict[str, list[Item]] = {}
    for reference in references(description.introspection):
        name = description.definitions.get(reference.to)
        item = finder.item(reference.entity, reference.part)
        if name and item and item not in found:
            places.setdefault(name, []).append(item)
    return places


def _younger(schema: Schema, history: Mapping[Item, tuple[Span, ...]], qemu: Version) -> frozenset[Condition]:
    """The conditions that no QEMU of this version can have met: all that is known to need one is younger."""
    versions: dict[Condition, list[Version]] = {}
    for item in items(schema):
        definition = schema.definitions[item.definition]
        known = [own_since(definition, item.part), *(span.first for span in history.get(item, ()))]
        for condition in conditions_of(definition, item.part):
            versions.setdefault(condition, []).extend(version(one) for one in known if one)
    return frozenset(condition for condition, since in versions.items() if since and min(since) > qemu)


def _unseen(qemu: Version) -> dict[str, str]:
    """What no command has in a QEMU of this version, only its command line, with the first recording that has it."""
    return {
        name: next((one for one in recorded_versions() if version(one) > version(last)), "")
        for name, last in NO_COMMAND_UP_TO.items()
        if qemu[:2] <= version(last)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Explainer:
    """Says why a QEMU does not have something."""

    schema: Schema
    version: Version
    history: Mapping[Item, tuple[Span, ...]]
    found: Collection[Item]
    """What the QEMU has."""
    known: Mapping[str, bool]
    younger: frozenset[Condition]
    places: Mapping[str, list[Item]]
    unseen: Mapping[str, str]
    """What its introspection cannot show, by the name of a type, with the first recording that does."""

    def presence(self, item: Item) -> Presence | None:
        """Why there is no such item: the first reason found for it, or for what would lead to it.

        None where its introspection cannot show it, and nothing else says that it is younger.
        """
        absent = [*self._absent(item)]
        shown = next((self.unseen[one.definition] for one in absent if one.definition in self.unseen), "")
        if shown:
            return next(chain.from_iterable(self._too_young(one, shown) for one in absent[:2]), None)
        # What commands that are listed wrongly lead to was in no QEMU, and so is not gone.
        once_there = absent[:2] if not any(map(self._is_misstated, absent)) else []
        reasons = chain(*map(self._too_young, absent[:2]), *map(self._not_built, absent), *map(self._gone, once_there))
        return next(reasons, None) or self._other_schema() or Presence(state=State.ABSENT)

    def _absent(self, item: Item) -> Iterator[Item]:
        """The item, its definition, and what would lead to that, the nearest first, up to what the QEMU has."""
        pending = deque([item, Item(item.definition)])
        passed: set[Item] = set()
        while pending:
            one = pending.popleft()
            if one not in passed and one not in self.found:
                passed.add(one)
                yield one
                pending += [Item(one.definition)] if one.part else self.places.get(one.definition, [])

    def _too_young(self, item: Item, shown: str = "") -> Iterator[Presence]:
        """That the item is younger. The first recording that could show it says nothing of that."""
        definition = self.schema.definitions.get(item.definition)
        seen = self.history.get(item, ())
        documented = documented_since(definition, item.part) if definition else ""
        if seen and seen[0].first != shown and version(seen[0].first) > self.version:
            yield Presence(state=State.OTHER_VERSION, why=f"first seen in {seen[0].first}")
        if not seen and documented and version(documented) > self.version:
            yield Presence(state=State.OTHER_VERSION, why=f"documented since {documented}")

    def _not_built(self, item: Item) -> Iterator[Presence]:
        definition = self.schema.definitions.get(item.definition)
        for condition in conditions_of(definition, item.part) if definition else ():
            if condition not in self.younger and is_true(condition, self.known) is False:
                yield Presence(state=State.NOT_BUILT, why=f"needs {text(condition)}")

    def _gone(self, item: Item) -> Iterator[Presence]:
        seen = self.history.get(item, ())
        if seen and version(seen[-1].last) < self.version[:2]:
            yield Presence(state=State.OTHER_VERSION, why=f"last seen in {seen[-1].last}")

    def _is_misstated(self, item: Item) -> bool:
        """Whether the last recording that lists a command does so although the build did not have it."""
        seen, wrong = self.history.get(item, ()), misstated().get(item.definition)
        return bool(seen and wrong and not wrong.was_there and wrong.includes(seen[-1].last))

    def _other_schema(self) -> Presence | None:
        documented = release(self.schema.version)
        if documented and documented != self.version[:2]:
            return Presence(state=State.OTHER_VERSION, why=f"documented for {self.schema.version}")
        return None
