"""Since when something is there: what its documentation says, and what the introspections of QEMU's versions show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qapidoc_ext.introspect.history import history
from qapidoc_ext.introspect.item import Item, items
from qapidoc_ext.introspect.part import Part, PartKind
from qapidoc_ext.introspect.recordings import version
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.schema.condition import Condition
from qapidoc_ext.schema.doc import SectionKind
from qapidoc_ext.schema.model import (
    Alternate,
    Branch,
    Command,
    Definition,
    Event,
    Feature,
    Member,
    Schema,
    Union,
    Value,
)
from qapidoc_ext.schema.stated import since
from qapidoc_ext.schema.views import local_parts

_VERSION = r"(?P<version>\d+\.\d+(?:\.\d+)?)"
_OF_DEFINITION = re.compile(_VERSION)
_OF_NAMED = re.compile(rf"(?<![\w-])(?P<name>[\w.-]+)['\"]?(?:\s+-)?\s+since:?\s+{_VERSION}")
"""A part with its version: `2.7 (testdev since 2.8)`, `'stream' - since 7.2`."""

Written = Member | Value | Branch | Feature


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Documentation that does not agree with what was observed."""

    item: Item
    documented: str
    observed: str
    """The first version that has it; "" where none has."""
    condition: Condition | None
    """What a build needs to have it, where the schema says so of the item itself."""


def disagreements(schema: Schema, recordings: Mapping[str, Introspection]) -> tuple[Disagreement, ...]:
    """Where the first version that has an item is not the first one from the documented on, in the schema's order.

    Of a type, only its parts: a type has no name on the wire, and is often younger than what stood in its place. So is
    an alternative: it counts only where the documentation names a version for just this.

    :raise ReplyError: the schema has the fault that a command or an event has the name of another entity.
    """
    found = []
    seen = history(schema, recordings)
    for item in filter(seen.__contains__, items(schema)):
        definition, versions = schema.definitions[item.definition], seen[item]
        if item.part is None and not isinstance(definition, Command | Event):
            continue
        is_alternative = item.part and item.part.kind is PartKind.ALTERNATIVE
        documented = (own_since if is_alternative else documented_since)(definition, item.part)
        observed = versions[0] if versions else ""
        if disagrees(documented, observed, tuple(recordings)):
            condition = next(conditions_of(definition, item.part), None)
            found.append(Disagreement(item=item, documented=documented, observed=observed, condition=condition))
    return tuple(found)


def documented_since(definition: Definition, part: Part | None) -> str:
    """The version that the documentation of a part names, or else that of its definition; "" where it names none.

    What is not documented to be younger is as old as its definition; that does not hold for a feature, which often says
    of something old that it is deprecated.
    """
    return documented_since_of(written(definition, part), definition)


def documented_since_of(one: Written | None, definition: Definition) -> str:
    """The same of what a definition writes; None for the definition itself."""
    if own := own_since_of(one, definition):
        return own
    found = None if isinstance(one, Feature) else _OF_DEFINITION.search(_since_text(definition))
    return found["version"] if found else ""


def _since_text(definition: Definition) -> str:
    text = definition.doc.prose(SectionKind.SINCE) if definition.doc else None
    return text.text if text else ""


def own_since(definition: Definition, part: Part | None) -> str:
    """The version that the documentation names for just this: that of a part is not that of its definition."""
    return own_since_of(written(definition, part), definition) if part else documented_since(definition, None)


def own_since_of(one: Written | None, definition: Definition) -> str:
    """The version that the documentation names for a part, in its text or beside that of its definition; else ""."""
    if one is None:
        return ""
    if stated := since(one.doc):
        return stated
    if isinstance(one, Feature):
        return ""
    named = (found for found in _OF_NAMED.finditer(_since_text(definition)) if found["name"] == one.name)
    return next((found["version"] for found in named), "")


def disagrees(documented: str, observed: str, versions: Iterable[str]) -> bool:
    """Whether the first of these versions that has something is not the first one from the documented on.

    "" is no version: nothing is documented, or none has it.
    """
    if not documented:
        return False
    return observed != next((text for text in versions if version(text) >= version(documented)), "")


def written(definition: Definition, part: Part | None) -> Written | None:
    """The part, as the schema writes it; None for the definition itself."""
    match part:
        case None:
            return None
        case Part(kind=PartKind.FEATURE, of=None):
            return _named(definition.features, part.name)
        case Part(kind=PartKind.FEATURE, of=of):
            holder = written(definition, of)
            assert isinstance(holder, Member | Value)
            return _named(holder.features, part.name)
        case Part(kind=PartKind.BRANCH):
            assert isinstance(definition, Union)
            return _named(definition.branches, part.name)
        case Part(kind=PartKind.ALTERNATIVE):
            assert isinstance(definition, Alternate)
            return _named(definition.alternatives, part.name)
        case _:
            return _named(local_parts(definition), part.name)


def _named(written: Iterable[Written], name: str) -> Written:
    return next(item for item in written if item.name == name)


def conditions_of(definition: Definition, part: Part | None) -> Iterator[Condition]:
    """What a build needs to have a part: its own condition, and that of its definition, where they have one."""
    places = (written(definition, part), definition)
    yield from (item.condition for item in places if item and item.condition)
