from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qapidoc_ext.introspect.generate import describe
from qapidoc_ext.introspect.partial import PartialObject, Unwritten
from qapidoc_ext.introspect.reply import Introspection, decode
from qapidoc_ext.introspect.validate import validate_event, validate_reply, validate_request
from qapidoc_ext.qmp.machine import Machine
from qapidoc_ext.schema.model import Schema

SCHEMA = """
{ 'enum': 'Kind', 'data': [ 'led', 'neon', 'bulb' ] }
{ 'struct': 'Led', 'data': { '*level': 'uint8', 'lamps': [ 'LampOrName' ] } }
{ 'struct': 'Neon', 'data': { 'gas': 'str', '*hot': 'bool' } }
{ 'union': 'Lamp', 'base': { 'kind': 'Kind', '*id': 'str' }, 'discriminator': 'kind',
  'data': { 'led': 'Led', 'neon': 'Neon' } }
{ 'alternate': 'LampOrName', 'data': { 'lamp': 'Lamp', 'name': 'str', 'nothing': 'null' } }
{ 'command': 'lamp-add', 'boxed': true, 'data': 'Lamp', 'returns': 'Neon' }
{ 'command': 'lamp-list', 'returns': [ 'Neon' ], 'allow-oob': true }
{ 'command': 'lamp-set', 'data': { 'name': 'str', 'value': 'any', '*factor': 'number' } }
{ 'command': 'device_add', 'data': { 'driver': 'str' }, 'gen': false }
{ 'event': 'LAMP', 'data': { 'id': 'str' } }
{ 'event': 'DARK' }
"""
STAMP = {"seconds": 1, "microseconds": 2}


@pytest.fixture
def lamps(schema_of: Callable[[str], Schema]) -> Introspection:
    return describe(schema_of(SCHEMA)).introspection


def led(**arguments: Any) -> dict[str, Any]:
    return {"execute": "lamp-add", "arguments": {"kind": "led", "lamps": []} | arguments}


@pytest.mark.parametrize(
    "request_",
    [
        led(),
        led(level=3, id="a"),
        led(lamps=["a", None, {"kind": "neon", "gas": "xenon"}, {"kind": "bulb"}]),
        {"execute": "lamp-list", "id": {"any": 1}},
        {"exec-oob": "lamp-list"},
        {"execute": "lamp-list", "arguments": {}},
        {"execute": "lamp-set", "arguments": {"name": "x", "value": {"y": [1]}, "factor": 1}},
        {"execute": "lamp-set", "arguments": {"name": "x", "value": None, "factor": 1.5}},
        {"execute": "device_add", "arguments": {"driver": "x", "anything": {}}},
    ],
)
def test_a_right_request_has_no_fault(request_: object, lamps: Introspection) -> None:
    assert validate_request(lamps, request_) == ()


@pytest.mark.parametrize(
    ("request_", "faults"),
    [
        ([], ["$: expected an object, got an array"]),
        ({}, ["$: the member 'execute' is missing"]),
        ({"execute": 1}, ["$.execute: expected a string, got 1"]),
        (
            {"execute": "lamp-ad"},
            ["$.execute: there is no command 'lamp-ad'; close to it: lamp-add, lamp-set, lamp-list"],
        ),
        (
            {"execute": "LAMP"},
            ["$.execute: there is no command 'LAMP'; close to it: lamp-set, lamp-add, lamp-list"],
        ),
        (
            {"execute": "lamp-list", "argument": {}},
            ["$.argument: there is no member 'argument'; close to it: arguments"],
        ),
        ({"execute": "lamp-list", "arguments": []}, ["$.arguments: expected an object, got an array"]),
        (
            {"exec-oob": "lamp-set", "arguments": {"name": "x", "value": 1}},
            ["$.exec-oob: 'lamp-set' does not allow out-of-band execution"],
        ),
        (led(levle=1), ["$.arguments.levle: there is no member 'levle' where 'kind' is 'led'; close to it: level"]),
        (led(level=1.0), ["$.arguments.level: expected an integer, got 1.0"]),
        (led(level=True), ["$.arguments.level: expected an integer, got true"]),
        (
            led(level=None, id=1),
            ["$.arguments.level: expected an integer, got null", "$.arguments.id: expected a string, got 1"],
        ),
        (
            led(kind="lead", gas="x", sort=1),
            [
                "$.arguments.sort: there is no member 'sort'; there is: kind, id",
                "$.arguments.kind: 'lead' is not a value that it can have; close to it: led",
            ],
        ),
        (
            {"execute": "lamp-add"},
            ["$.arguments: the member 'kind' is missing"],
        ),
        (
            led(lamps=["a", 5, {"kind": "neon", "hot": "x"}]),
            [
                "$.arguments.lamps[1]: expected an object or a string or null, got 5",
                "$.arguments.lamps[2]: the member 'gas' is missing where 'kind' is 'neon'",
                "$.arguments.lamps[2].hot: expected true or false, got a string",
            ],
        ),
        (
            led(é=1),
            ["""$.arguments["é"]: there is no member 'é' where 'kind' is 'led'; there is: kind, id, level, lamps"""],
        ),
        ({"execute": "device_add", "arguments": {"bus": 1}}, ["$.arguments: the member 'driver' is missing"]),
    ],
)
def test_every_fault_of_a_request_is_found(request_: object, faults: list[str], lamps: Introspection) -> None:
    found = [str(fault) for fault in validate_request(lamps, request_)]
    assert found == faults


@pytest.mark.parametrize(
    ("command", "reply", "faults"),
    [
        ("lamp-set", {"return": {}}, []),
        ("lamp-list", {"return": [{"gas": "x"}], "id": 1}, []),
        ("lamp-list", {"error": {"class": "GenericError", "desc": "no"}, "id": 1}, []),
        ("lamp-list", {"return": [{}]}, ["$.return[0]: the member 'gas' is missing"]),
        ("lamp-list", {"return": {}}, ["$.return: expected an array, got an object"]),
        (
            "lamp-list",
            {"error": {"class": 1}},
            ["$.error: the member 'desc' is missing", "$.error.class: expected a string, got 1"],
        ),
        ("lamp-list", {"error": 1}, ["$.error: expected an object, got 1"]),
        ("lamp-list", {}, ["$: the member 'return' is missing"]),
        ("lamp-lits", {"return": 1}, ["$: there is no command 'lamp-lits'; close to it: lamp-list, lamp-set"]),
    ],
)
def test_replies(command: str, reply: object, faults: list[str], lamps: Introspection) -> None:
    assert [str(fault) for fault in validate_reply(lamps, command, reply)] == faults


@pytest.mark.parametrize(
    ("event", "faults"),
    [
        ({"event": "LAMP", "data": {"id": "a"}, "timestamp": STAMP}, []),
        ({"event": "DARK", "timestamp": STAMP}, []),
        ({"event": "LAMP", "timestamp": STAMP}, ["$.data: the member 'id' is missing"]),
        ({"event": "DARK"}, ["$: the member 'timestamp' is missing"]),
        ({"event": "DUCK", "timestamp": STAMP}, ["$.event: there is no event 'DUCK'; there is: LAMP, DARK"]),
        (
            {"event": "DARK", "timestamp": {"seconds": "1"}},
            [
                "$.timestamp: the member 'microseconds' is missing",
                "$.timestamp.seconds: expected a number, got a string",
            ],
        ),
    ],
)
def test_events(event: object, faults: list[str], lamps: Introspection) -> None:
    assert [str(fault) for fault in validate_event(lamps, event)] == faults


@pytest.mark.parametrize(
    ("request_", "faults"),
    [
        (Unwritten(), []),
        (PartialObject(execute="lamp-add"), []),
        ({"execute": Unwritten(form="string"), "arguments": {}}, []),
        ({"execute": "lamp-add", "arguments": Unwritten()}, []),
        ({"execute": "lamp-add", "arguments": PartialObject(level=1)}, []),
        ({"execute": "lamp-add", "arguments": PartialObject(kind=Unwritten(form="string"), gas="x")}, []),
        (led(lamps=[Unwritten(), Unwritten(form="string"), PartialObject(kind="neon")]), []),
        (
            {"execute": "lamp-add", "arguments": Unwritten(form="array")},
            ["$.arguments: expected an object, got an array"],
        ),
        (led(level=Unwritten(form="string")), ["$.arguments.level: expected an integer, got a string"]),
        (
            {"execute": "lamp-add", "arguments": PartialObject(kind="neon", level=1)},
            ["$.arguments.level: there is no member 'level' where 'kind' is 'neon'; there is: kind, id, gas, hot"],
        ),
        ({"execute": Unwritten(form="number")}, ["$.execute: expected a string, got a number"]),
    ],
)
def test_what_is_not_written_can_be_anything(request_: object, faults: list[str], lamps: Introspection) -> None:
    assert [str(fault) for fault in validate_request(lamps, request_)] == faults


def test_a_reply_to_an_unknown_command_can_return_anything(lamps: Introspection) -> None:
    assert validate_reply(lamps, None, {"return": 5}) == ()
    assert validate_reply(lamps, None, PartialObject()) == ()
    [fault] = validate_reply(lamps, None, {"retrun": 5, "return": 5})
    assert fault.path == "$.retrun"


def test_what_is_missing_in_one_place_is_one_fault(lamps: Introspection) -> None:
    [fault] = validate_request(lamps, {"execute": "lamp-set"})
    assert str(fault) == "$.arguments: the members 'name' and 'value' are missing"


def test_a_union_in_a_branch_is_followed() -> None:
    introspection = decode(
        [
            {"meta-type": "command", "name": "c", "arg-type": "0", "ret-type": "2"},
            {
                "meta-type": "object",
                "name": "0",
                "members": [{"name": "a", "type": "4"}],
                "tag": "a",
                "variants": [{"case": "x", "type": "1"}, {"case": "y", "type": "0"}],
            },
            {
                "meta-type": "object",
                "name": "1",
                "members": [{"name": "b", "type": "4"}],
                "tag": "b",
                "variants": [{"case": "x", "type": "2"}, {"case": "y", "type": "3"}],
            },
            {"meta-type": "object", "name": "2", "members": []},
            {"meta-type": "object", "name": "3", "members": [{"name": "c", "type": "4"}]},
            {"meta-type": "enum", "name": "4", "values": ["x", "y"]},
        ]
    )
    right = {"execute": "c", "arguments": {"a": "x", "b": "y", "c": "x"}}
    wrong = {"execute": "c", "arguments": {"a": "x", "b": "x", "c": "x"}}
    in_a_circle = {"execute": "c", "arguments": {"a": "y"}}
    assert validate_request(introspection, right) == ()
    assert [str(fault) for fault in validate_request(introspection, wrong)] == [
        "$.arguments.c: there is no member 'c' where 'a' is 'x' and 'b' is 'x'; there is: a, b"
    ]
    assert validate_request(introspection, in_a_circle) == ()


def test_a_message_may_nest_as_deep_as_qemu_allows(schema_of: Callable[[str], Schema]) -> None:
    schema = "{ 'struct': 'S', 'data': { '*s': 'S' } } { 'command': 'c', 'data': 'S' }"
    introspection = describe(schema_of(schema)).introspection

    def nested(depth: int) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for _ in range(depth - 2):
            value = {"s": value}
        return {"execute": "c", "arguments": value}

    assert validate_request(introspection, nested(1024)) == ()
    [fault] = validate_request(introspection, nested(100_000))
    assert fault.message == "nests deeper than 1024, which QEMU refuses"
    anything = describe(schema_of("{ 'command': 'c', 'data': { 's': 'any' } }")).introspection
    assert validate_request(anything, nested(1024)) == ()
    [fault] = validate_request(anything, nested(100_000))
    assert fault.message == "nests deeper than 1024, which QEMU refuses"


@pytest.mark.parametrize(("number", "is_right"), [(-(2**63), True), (2**64 - 1, True), (2**64, False), (10**30, False)])
def test_an_integer_has_at_most_64_bits(schema_of: Callable[[str], Schema], number: int, *, is_right: bool) -> None:
    introspection = describe(schema_of("{ 'command': 'c', 'data': { 'n': 'int' } }")).introspection
    faults = validate_request(introspection, {"execute": "c", "arguments": {"n": number}})
    assert [fault.message for fault in faults] == [
        "expected an integer, got one of more than 64 bits" for _ in range(not is_right)
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.sampled_from(["led", "kind", "x", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["execute", "arguments", "kind", "lamps", "gas", "id", "a.b"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


def test_whatever_is_sent_gives_faults_and_no_exception(lamps: Introspection) -> None:
    @given(JSON)
    def check(value: object) -> None:
        request = {"execute": "lamp-add", "arguments": value}
        assert all(fault.path.startswith("$") for fault in validate_request(lamps, value))
        assert all(fault.path.startswith("$.arguments") for fault in validate_request(lamps, request))
        assert validate_reply(lamps, "lamp-list", value)
        assert validate_event(lamps, value)

    check()


def test_what_a_live_qemu_accepts_has_no_fault_and_what_it_refuses_has(emulator: Path) -> None:
    right: list[dict[str, Any]] = [
        {"execute": "query-version"},
        {"execute": "query-commands"},
        {"execute": "blockdev-add", "arguments": {"driver": "null-co", "node-name": "n0", "size": 1024}},
        {"execute": "blockdev-add", "arguments": {"driver": "raw", "node-name": "r0", "file": "n0"}},
        {"execute": "query-named-block-nodes", "arguments": {"flat": True}},
    ]
    wrong: list[dict[str, Any]] = [
        {"execute": "query-versoin"},
        {"execute": "blockdev-add", "arguments": {"driver": "null-co", "node-name": "n1", "siez": 1024}},
        {"execute": "blockdev-add", "arguments": {"driver": "nul-co", "node-name": "n1"}},
        {"execute": "blockdev-add", "arguments": {"driver": "null-co", "node-name": 1}},
        {"execute": "blockdev-add", "arguments": {"driver": "raw", "node-name": "r1"}},
        {"execute": "query-named-block-nodes", "arguments": {"flat": 1}},
        {"execute": "query-status", "argument": {}},
        {"exec-oob": "query-status"},
    ]

    async def talk() -> None:
        async with Machine.start(emulator) as machine:
            reply = await machine.execute({"execute": "query-qmp-schema"})
            introspection = decode(reply["return"])
            assert validate_reply(introspection, "query-qmp-schema", reply) == ()
            for request in right:
                reply = await machine.execute(request)
                assert "return" in reply
                assert validate_request(introspection, request) == ()
                assert validate_reply(introspection, str(request["execute"]), reply) == ()
            for request in wrong:
                reply = await machine.execute(request)
                assert "error" in reply
                assert validate_request(introspection, request) != ()
                assert validate_reply(introspection, "query-status", reply) == ()

    asyncio.run(talk())
