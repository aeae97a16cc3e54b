from __future__ import annotations

from collections.abc import Callable

import pytest

from qapidoc_ext.introspect.generate import describe
from qapidoc_ext.introspect.reply import Command, Introspection
from qapidoc_ext.introspect.smallest import smallest
from qapidoc_ext.introspect.validate import validate_request
from qapidoc_ext.schema.model import Schema

SchemaOf = Callable[[str], Schema]
LAMPS = """
{ 'enum': 'Kind', 'data': [ 'led', 'gas' ] }
{ 'struct': 'Gas', 'data': { 'pressure': 'number', 'hot': 'bool', 'in': 'LampOrName', 'also': [ 'Gas' ], '*x': 'int' } }
{ 'union': 'Lamp', 'base': { 'kind': 'Kind', '*id': 'str' }, 'discriminator': 'kind', 'data': { 'gas': 'Gas' } }
{ 'alternate': 'LampOrName', 'data': { 'lamp': 'Lamp', 'name': 'str' } }
{ 'command': 'lamp-add', 'data': 'Lamp', 'boxed': true }
{ 'struct': 'Endless', 'data': { 'next': 'Endless' } }
{ 'command': 'endless', 'data': 'Endless' }
"""


def type_of(introspection: Introspection, command: str) -> str:
    entity = introspection.entities[command]
    assert isinstance(entity, Command)
    return entity.arg_type


def test_nothing_optional_and_the_branch_that_was_chosen(schema_of: SchemaOf) -> None:
    lamps = describe(schema_of(LAMPS)).introspection
    lamp = type_of(lamps, "lamp-add")
    assert smallest(lamp, lamps) == {"kind": "led"}
    assert smallest(lamp, lamps, {"kind": "gas", "id": "a"}) == {
        "kind": "gas",
        "id": "a",
        "pressure": 0,
        "hot": False,
        "in": "",
        "also": [],
    }


def test_of_an_alternate_of_objects_only_it_is_one(schema_of: SchemaOf) -> None:
    text = "{ 'struct': 'Lamp', 'data': { 'id': 'str' } } { 'alternate': 'Any', 'data': { 'lamp': 'Lamp' } }"
    lamps = describe(schema_of(text + "{ 'command': 'lamp-add', 'data': { 'lamp': 'Any' } }")).introspection
    assert smallest(type_of(lamps, "lamp-add"), lamps) == {"lamp": {"id": ""}}


def test_a_type_that_needs_itself_has_no_value(schema_of: SchemaOf) -> None:
    lamps = describe(schema_of(LAMPS)).introspection
    with pytest.raises(ValueError, match="needs itself"):
        smallest(type_of(lamps, "endless"), lamps)


def test_of_every_command_qemu_takes_the_smallest_arguments(live_introspection: Introspection) -> None:
    for name, entity in live_introspection.entities.items():
        if isinstance(entity, Command):
            request = {"execute": name, "arguments": smallest(entity.arg_type, live_introspection)}
            assert validate_request(live_introspection, request) == (), request
