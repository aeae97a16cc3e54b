"""Since when something is there: what its documentation says, and what the introspections of QEMU's versions show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qapidoc_ext.introspect.history import Item, history
from qapidoc_ext.introspect.part import Part, PartKind
from qapidoc_ext.introspect.recordings import version
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.schema.condition import Condition
from qapidoc_ext.schema.doc import SectionKind
from qapidoc_ext.schema.model import Branch, Definition, Feature, Member, Schema, Union, Value
from qapidoc_ext.schema.views import local_parts

_VERSION = r"(?P<version>\d+\.\d+(?:\.\d+)?)"
_OF_DEFINITION = re.compile(_VERSION)
_OF_PART = re.compile(rf"(?:\((?:[^()]*\s)?since:?|^since:?)\s+{_VERSION}", re.IGNORECASE)
"""`(default: off; since 4.1)` in the text, or nothing else than `Since 4.1`."""

_Written = Member | Value | Branch | Feature


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

    :raise ReplyError: the schema refers to a type that it does not define.
    """
    found = []
    for item, versions in history(schema, recordings).items():
        definition = schema.definitions[item.definition]
        documented = documented_since(definition, item.part)
        observed = versions[0] if versions else ""
        if documented and observed != _first_from(documented, recordings):
            condition = _condition(definition, item.part)
            found.append(Disagreement(item=item, documented=documented, observed=observed, condition=condition))
    return tuple(found)


def documented_since(definition: Definition, part: Part | None) -> str:
    """The version that the documentation of a part names, or else that of its definition; "" where it names none.

    What is not documented to be younger is as old as its definition; that does not hold for a feature, which often says
    of something old that it is deprecated.
    """
    written = _written(definition, part)
    if written and written.doc and (versions := _OF_PART.findall(written.doc.text)):
        return str(versions[-1])
    if isinstance(written, Feature) or definition.doc is None:
        return ""
    text = definition.doc.prose(SectionKind.SINCE)
    found = _OF_DEFINITION.search(text.text) if text else None
    return found["version"] if found else ""


def _first_from(documented: str, versions: Iterable[str]) -> str:
    return next((text for text in versions if version(text) >= version(documented)), "")


def _written(definition: Definition, part: Part | None) -> _Written | None:
    """The part, as the schema writes it; None for the definition itself."""
    match part:
        case None:
            return None
        case Part(kind=PartKind.FEATURE, of=None):
            return _named(definition.features, part.name)
        case Part(kind=PartKind.FEATURE, of=of):
            holder = _written(definition, of)
            assert isinstance(holder, Member | Value)
            return _named(holder.features, part.name)
        case Part(kind=PartKind.BRANCH):
            assert isinstance(definition, Union)
            return _named(definition.branches, part.name)
        case _:
            return _named(local_parts(definition), part.name)


def _named(written: Iterable[_Written], name: str) -> _Written:
    return next(item for item in written if item.name == name)


def _condition(definition: Definition, part: Part | None) -> Condition | None:
    written = _written(definition, part)
    return (written.condition if written else None) or definition.condition
