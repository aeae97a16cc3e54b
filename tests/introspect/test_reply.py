from __future__ import annotations

import asyncio
import pickle
from pathlib import Path

import pytest

from qapidoc_ext.introspect.probe import probe
from qapidoc_ext.introspect.reply import Builtin, Command, Enum, Introspection, Object, ReplyError, decode
from qapidoc_ext.qmp.machine import Machine

BUILTIN = {"meta-type": "builtin", "name": "str", "json-type": "string"}


@pytest.fixture(scope="module")
def live(emulator: Path) -> Introspection:
    """What the QEMU in the folder $QEMU_BIN, or on PATH, says."""

    async def ask() -> Introspection:
        async with Machine.start(emulator) as machine:
            reply = await machine.execute({"execute": "query-qmp-schema"})
            return decode(reply["return"])

    return asyncio.run(ask())


def test_a_live_introspection_is_decoded(live: Introspection) -> None:
    command = live.entities["blockdev-add"]
    assert isinstance(command, Command)
    options = live.entities[command.arg_type]
    assert isinstance(options, Object)
    assert options.tag == "driver"
    assert "file" in [variant.case for variant in options.variants]
    drivers = next(live.entities[member.type] for member in options.members if member.name == "driver")
    assert isinstance(drivers, Enum)
    assert "file" in drivers.values


def test_a_live_introspection_can_be_asked(live: Introspection) -> None:
    assert probe(live, "blockdev-add/arg-type/+file/$dynamic-auto-read-only")
    assert probe(live, "blockdev-add/arg-type/+qcow2/backing/!null")
    assert probe(live, "block-commit/arg-type/*top")
    assert not probe(live, "block-commit/arg-type/*device")
    assert not probe(live, "blockdev-add/arg-type/+file/read-only")


def test_an_introspection_can_be_pickled(live: Introspection) -> None:
    assert pickle.loads(pickle.dumps(live)) == live


def test_optional_and_mandatory_members_differ() -> None:
    members = [{"name": "a", "type": "str"}, {"name": "b", "type": "str", "default": None}]
    entities = decode([BUILTIN, {"meta-type": "object", "name": "0", "members": members}]).entities
    assert entities["str"] == Builtin(name="str", json_type="string")
    item = entities["0"]
    assert isinstance(item, Object)
    assert [member.default is None for member in item.members] == [False, True]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "Expected `array`, got `null`"),
        ({}, "Expected `array`, got `object`"),
        ([1], "Expected `object`, got `int` - at `$[0]`"),
        ([{"name": "x"}], "missing required field `meta-type` - at `$[0]`"),
        ([{"meta-type": "struct", "name": "x"}], "Invalid value 'struct' - at `$[0].meta-type`"),
        ([{**BUILTIN, "json-type": "text"}], "Invalid enum value 'text' - at `$[0].json-type`"),
        ([{**BUILTIN, "more": 1}], "contains unknown field `more` - at `$[0]`"),
        ([BUILTIN, BUILTIN], "two entities have the name 'str'"),
        ([{"meta-type": "event", "name": "X", "arg-type": "0"}], "'X' refers to '0', which is not there"),
        ([{"meta-type": "array", "name": "[x]", "element-type": "x"}], "'[x]' refers to 'x', which is not there"),
        ([{"meta-type": "object", "name": "0", "members": [{"name": "a", "type": "0", "default": 1}]}], "got `int`"),
    ],
)
def test_anything_else_is_an_error(value: object, message: str) -> None:
    with pytest.raises(ReplyError) as error:
        decode(value)
    assert message in str(error.value)
