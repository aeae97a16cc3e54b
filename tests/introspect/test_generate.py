from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qapidoc_ext.introspect.configuration import configuration
from qapidoc_ext.introspect.generate import configured, describe, generate
from qapidoc_ext.introspect.reply import Introspection, ReplyError, encode
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Schema

SchemaOf = Callable[..., Schema]

LAMPS = """
{ 'enum': 'Kind', 'data': [ 'led', { 'name': 'neon', 'if': 'CONFIG_NEON', 'features': [ 'unstable' ] } ] }
{ 'struct': 'Named', 'data': { 'id': 'str' } }
{ 'struct': 'Led', 'base': 'Named', 'data': { '*level': { 'type': 'uint8', 'features': [ 'deprecated' ] } },
  'features': [ { 'name': 'dim', 'if': { 'not': 'CONFIG_BRIGHT' } } ] }
{ 'union': 'Lamp', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind', 'data': { 'led': 'Led' } }
{ 'alternate': 'LampOrName', 'data': { 'lamp': 'Lamp', 'name': 'str' } }
{ 'command': 'lamp-add', 'data': { 'lamp': 'LampOrName', '*levels': [ 'uint64' ] }, 'returns': [ 'Named' ],
  'allow-oob': true, 'features': [ 'slow' ] }
{ 'event': 'LAMP', 'if': { 'any': [ 'CONFIG_NEON', 'CONFIG_EVENTS' ] } }
"""


def of(schema: Schema, *symbols: str) -> dict[str, dict[str, Any]]:
    """The entities, by name, each without its name."""
    entities = encode(generate(schema, set(symbols).__contains__))
    return {entity.pop("name"): entity for entity in entities}


def test_everything_that_a_schema_can_have(schema_of: SchemaOf) -> None:
    assert of(schema_of(LAMPS), "CONFIG_NEON") == {
        "lamp-add": {
            "meta-type": "command",
            "arg-type": "0",
            "ret-type": "[1]",
            "allow-oob": True,
            "features": ["slow"],
        },
        "LAMP": {"meta-type": "event", "arg-type": "2"},
        "0": {
            "meta-type": "object",
            "members": [{"name": "lamp", "type": "3"}, {"name": "levels", "type": "[int]", "default": None}],
        },
        "[1]": {"meta-type": "array", "element-type": "1"},
        "1": {"meta-type": "object", "members": [{"name": "id", "type": "str"}]},
        "2": {"meta-type": "object", "members": []},
        "3": {"meta-type": "alternate", "members": [{"type": "4"}, {"type": "str"}]},
        "[int]": {"meta-type": "array", "element-type": "int"},
        "int": {"meta-type": "builtin", "json-type": "int"},
        "str": {"meta-type": "builtin", "json-type": "string"},
        "4": {
            "meta-type": "object",
            "members": [{"name": "kind", "type": "5"}],
            "tag": "kind",
            "variants": [{"case": "led", "type": "6"}, {"case": "neon", "type": "2"}],
        },
        "5": {
            "meta-type": "enum",
            "values": ["led", "neon"],
            "members": [{"name": "led"}, {"name": "neon", "features": ["unstable"]}],
        },
        "6": {
            "meta-type": "object",
            "features": ["dim"],
            "members": [
                {"name": "id", "type": "str"},
                {"name": "level", "type": "int", "default": None, "features": ["deprecated"]},
            ],
        },
    }


def test_what_has_a_condition_is_there_with_its_symbol_only(schema_of: SchemaOf) -> None:
    schema = schema_of(LAMPS)
    without, bright = of(schema), of(schema, "CONFIG_BRIGHT", "CONFIG_EVENTS")
    assert without["5"]["values"] == ["led"]
    assert without["5"]["members"] == [{"name": "led"}]
    assert [variant["case"] for variant in without["4"]["variants"]] == ["led"]
    assert "LAMP" not in without
    assert "LAMP" in bright
    assert without["6"]["features"] == ["dim"]
    assert "features" not in bright["6"]


def test_types_keep_their_numbers_whatever_is_there(schema_of: SchemaOf) -> None:
    text = """
    { 'command': 'a', 'if': 'CONFIG_A', 'data': { 'x': 'str' } }
    { 'command': 'b', 'data': { 'x': 'str' } }
    """
    assert of(schema_of(text))["b"]["arg-type"] == of(schema_of(text), "CONFIG_A")["b"]["arg-type"]
    assert "a" not in of(schema_of(text))


def test_a_simple_union_has_its_tag_and_its_wrappers(schema_of: SchemaOf) -> None:
    text = """
    { 'union': 'Lamp', 'data': { 'led': 'int', 'neon': [ 'str' ] } }
    { 'command': 'lamp-add', 'boxed': true, 'data': 'Lamp' }
    """
    entities = of(schema_of(text, "5.2.0"))
    lamp = entities[entities["lamp-add"]["arg-type"]]
    assert lamp["tag"] == "type"
    [tag] = lamp["members"]
    assert entities[tag["type"]] == {"meta-type": "enum", "values": ["led", "neon"]}
    wrappers = {variant["case"]: entities[variant["type"]]["members"] for variant in lamp["variants"]}
    assert wrappers == {"led": [{"name": "data", "type": "int"}], "neon": [{"name": "data", "type": "[str]"}]}


def test_a_wrapper_has_the_condition_of_the_type_that_it_wraps(schema_of: SchemaOf) -> None:
    text = """
    { 'struct': 'Neon', 'if': 'defined(CONFIG_NEON)', 'data': {} }
    { 'union': 'Lamp', 'data': { 'led': 'int', 'neon': { 'type': 'Neon', 'if': 'defined(CONFIG_NEON)' } } }
    { 'command': 'lamp-add', 'boxed': true, 'data': 'Lamp' }
    """
    schema = schema_of(text, "5.2.0")
    assert "neon" in str(of(schema, "CONFIG_NEON"))
    assert str(of(schema)).count("'data'") == 1


@pytest.mark.parametrize(("version", "has_members"), [("5.2.0", False), ("6.1.1", False), ("6.2.0", True), ("", True)])
def test_enums_have_members_since_6_2(version: str, *, has_members: bool, schema_of: SchemaOf) -> None:
    text = "{ 'enum': 'E', 'data': [ 'a' ] } { 'event': 'X', 'data': { 'e': 'E' } }"
    enums = [entity for entity in of(schema_of(text, version)).values() if entity["meta-type"] == "enum"]
    assert ["members" in enum for enum in enums] == [has_members]


def test_the_built_in_enum_is_one(schema_of: SchemaOf) -> None:
    entities = of(schema_of("{ 'event': 'X', 'data': { 't': 'QType', 'a': 'any', 'n': 'number' } }"))
    assert "qdict" in entities["1"]["values"]
    assert entities["any"] == {"meta-type": "builtin", "json-type": "value"}
    assert entities["number"] == {"meta-type": "builtin", "json-type": "number"}


def test_a_type_that_is_missing_under_these_conditions_is_an_error(schema_of: SchemaOf) -> None:
    text = "{ 'struct': 'S', 'if': 'CONFIG_S', 'data': {} } { 'event': 'X', 'data': { 's': 'S' } }"
    schema = schema_of(text)
    assert "X" in of(schema, "CONFIG_S")
    with pytest.raises(ReplyError, match="refers to '1', which is not there"):
        of(schema)


def test_the_array_is_the_one_that_qemu_returns(
    emulator: Path, live_introspection: Introspection, qemu_schema: Path
) -> None:
    """The numbers that mask types are equal too, since a distribution changes little in the schema."""
    schema = load(qemu_schema).schema
    series = ".".join(schema.version.split(".")[:2])
    said = subprocess.run([emulator, "--version"], check=True, capture_output=True, text=True).stdout
    if f"version {series}." not in said:
        pytest.skip(f"the schema is of {series}, but {emulator} is: {said}")
    description = describe(schema)
    symbols = configuration(description, live_introspection)
    assert symbols["CONFIG_POSIX"]
    assert encode(configured(description, lambda name: symbols.get(name, False))) == encode(live_introspection)
