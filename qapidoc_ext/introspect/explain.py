"""Why a query finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from qapidoc_ext.introspect.probe import QueryError, Steps, walk
from qapidoc_ext.introspect.reply import (
    Alternate,
    Array,
    Builtin,
    Command,
    Entity,
    Enum,
    Event,
    Introspection,
    Object,
)
from qapidoc_ext.introspect.walk import step
from qapidoc_ext.schema.closest import hint


def explain(introspection: Introspection, query: str) -> str:
    """The first step that fails, and what is there instead; "" where the query finds something."""
    try:
        is_found, visits = walk(introspection, query)
    except QueryError as error:
        return str(error)
    if is_found:
        return ""
    steps = query.split("/")
    if not visits:
        return f"there is no '{steps[0]}'{hint(steps[0], introspection.entities)}"
    fewest = min(_left(entity, left) for entity, left in visits)
    failed = steps[-fewest]
    there = [
        found for entity, left in visits if _left(entity, left) == fewest for found in _steps(entity, left, fewest)
    ]
    return f"'{'/'.join(steps[:-fewest])}' has no '{failed}'{hint(failed, there)}"


def _left(entity: Entity, left: Steps) -> int:
    """How many steps are left from the one that fails on: of a value's feature, the value can be there."""
    return len(left) - 1 if isinstance(entity, Enum) and left[0][1:] in entity.values and len(left) > 1 else len(left)


def _steps(entity: Entity, left: Steps, fewest: int) -> Iterator[str]:
    """The steps that would have found something."""
    yield from (f"${name}" for name in entity.features if not isinstance(entity, Enum | Alternate))
    match entity:
        case Array() | Alternate():
            pass
        case Command():
            yield from ("arg-type", "ret-type")
        case Event():
            yield "arg-type"
        case Object():
            yield from (step(member.name) for member in entity.members)
            yield from (f"+{variant.case}" for variant in entity.variants)
        case Enum() if fewest < len(left):
            yield from (
                f"${name}" for item in entity.members or () if f"^{item.name}" == left[0] for name in item.features
            )
        case Enum():
            yield from (f"^{name}" for name in entity.values)
        case Builtin():
            yield f"!{entity.json_type}"
        case _:
            assert_never(entity)
