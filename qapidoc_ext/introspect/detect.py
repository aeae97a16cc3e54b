"""How a client finds out whether a QEMU has a feature: what to ask, and programs that ask it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum as Enumeration
from typing import assert_never

from qapidoc_ext.introspect.generate import Description
from qapidoc_ext.introspect.reply import Alternate, Enum
from qapidoc_ext.introspect.request import entity_of
from qapidoc_ext.introspect.route import Hop, HopKind, Route
from qapidoc_ext.schema.model import Command, Event, Member, Value
from qapidoc_ext.schema.usage import Role, Usage
from qapidoc_ext.schema.views import Carrier

ASKED = "query-qmp-schema"
"""The command whose reply shows it."""


class Place(Enumeration):
    """Where in the entity at the end of the way the feature is."""

    ENTITY = "entity"
    MEMBER = "member"
    VALUE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The way to a feature, in the reply to `query-qmp-schema`."""

    route: Route
    feature: str
    place: Place = Place.ENTITY
    part: str = ""
    """The name of the member or value."""
    query: str = ""
    """The same as one of libvirt's query strings; empty where they cannot ask it: they know no features of members,
    enums and alternates."""


def detection(
    carrier: Carrier, description: Description, routes: Mapping[str, Route], usage: Usage
) -> Detection | None:
    """How a client finds what carries a feature; None where no introspection shows it.

    That is so where a schema has no `query-qmp-schema`, and for features of a type that is only a base: what it
    contributes to other types is shown as theirs, its own features are not.
    """
    if ASKED not in description.introspection.entities:
        return None
    entity = _entity(carrier, description, usage)
    if entity not in routes:
        return None
    route, feature = routes[entity], carrier.feature.name
    match carrier.part:
        case None:
            is_askable = not isinstance(description.introspection.entities[entity], Enum | Alternate)
            return Detection(route=route, feature=feature, query=f"{route.query}/${feature}" if is_askable else "")
        case Member(name=name):
            return Detection(route=route, feature=feature, place=Place.MEMBER, part=name)
        case Value(name=name):
            query = f"{route.query}/^{name}/${feature}"
            return Detection(route=route, feature=feature, place=Place.VALUE, part=name, query=query)
        case _:
            assert_never(carrier.part)


def _entity(carrier: Carrier, description: Description, usage: Usage) -> str:
    """The entity that has the feature, or whose member has it."""
    definition = carrier.definition
    if carrier.part is None:
        return entity_of(definition.name, description)
    if isinstance(definition, Command | Event):
        command = description.introspection.entities[definition.name]
        return str(getattr(command, "arg_type", ""))
    pending = deque([definition.name])
    seen: set[str] = set()
    while pending:
        name = pending.popleft()
        if found := entity_of(name, description):
            return found
        seen.add(name)
        heirs = (use.definition for use in usage.uses.get(name, ()) if use.role is Role.BASE)
        pending.extend(heir for heir in heirs if heir not in seen)
    return ""


def python_program(found: Detection) -> str:
    """A program that asks a QEMU, with the package `qemu.qmp`, and prints `True` or `False`."""
    lines = "\n".join(f"    {line}" for line in _python(found))
    return f"""\
import asyncio

from qemu.qmp import QMPClient


async def main() -> None:
    qmp = QMPClient()
    await qmp.connect("qmp.sock")
    schema = {{item["name"]: item for item in await qmp.execute("{ASKED}")}}
    await qmp.disconnect()
{lines}


asyncio.run(main())
"""


def _python(found: Detection) -> list[str]:
    start, feature = json.dumps(found.route.start), json.dumps(found.feature)
    lines = [f"found = [schema[name] for name in [{start}] if name in schema]"]
    for hop in found.route.hops:
        lines += _python_hop(hop)
    if found.place is not Place.ENTITY:
        lines += _parts("part", "members", f'part.get("name") == {json.dumps(found.part)}')
    return [*lines, f'print(any({feature} in item.get("features", []) for item in found))']


def _python_hop(hop: Hop) -> list[str]:
    target, name = 'schema[part["type"]]', json.dumps(hop.name)
    match hop.kind:
        case HopKind.ARGUMENTS | HopKind.RETURN | HopKind.ELEMENT:
            key = hop.kind.value
            return [f'found = [schema[item["{key}"]] for item in found if "{key}" in item]']
        case HopKind.MEMBER:
            return _parts(target, "members", f'part.get("name") == {name}')
        case HopKind.BRANCH:
            return _parts(target, "variants", f'part["case"] == {name}')
        case HopKind.ALTERNATIVE:
            return _parts(target, "members", f'{target}["meta-type"] == {name}')
        case _:
            assert_never(hop.kind)


def _parts(target: str, key: str, condition: str) -> list[str]:
    """A statement that takes from each entity the parts under a key that fulfil a condition."""
    return [
        "found = [",
        f"    {target}",
        "    for item in found",
        f'    for part in item.get("{key}", [])',
        f"    if {condition}",
        "]",
    ]


def jq_filter(found: Detection) -> str:
    """A filter of the program `jq` that makes `true` or `false` of the reply to `query-qmp-schema`."""
    steps = [f"$schema[{json.dumps(found.route.start)}] | values", *map(_jq_hop, found.route.hops)]
    if found.place is not Place.ENTITY:
        steps.append(f".members[]? | select(.name == {json.dumps(found.part)})")
    path = "\n    | ".join([*steps, ".features[]?"])
    feature = json.dumps(found.feature)
    return f"INDEX(.return[]; .name) as $schema\n| any(\n    {path};\n    . == {feature}\n  )"


def _jq_hop(hop: Hop) -> str:
    name = json.dumps(hop.name)
    match hop.kind:
        case HopKind.ARGUMENTS | HopKind.RETURN | HopKind.ELEMENT:
            return f'.["{hop.kind.value}"] | values | $schema[.]'
        case HopKind.MEMBER:
            return f".members[]? | select(.name == {name}) | $schema[.type]"
        case HopKind.BRANCH:
            return f".variants[]? | select(.case == {name}) | $schema[.type]"
        case HopKind.ALTERNATIVE:
            return f'.members[]? | $schema[.type] | select(.["meta-type"] == {name})'
        case _:
            assert_never(hop.kind)
