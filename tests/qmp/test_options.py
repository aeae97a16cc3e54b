"""What a client sees of the options, and what QEMU gets in the place of its requests."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from qapidoc_ext.introspect.probe import probe
from qapidoc_ext.introspect.recordings import recording
from qapidoc_ext.introspect.reply import Command, Introspection, Object, decode, encode
from qapidoc_ext.qmp.combinations import members
from qapidoc_ext.qmp.shim.baseline import Baseline
from qapidoc_ext.qmp.shim.message import Exchange, Message
from qapidoc_ext.qmp.shim.message import decode as decode_message
from qapidoc_ext.qmp.shim.message import encode as encode_message
from qapidoc_ext.qmp.shim.options import OPTIONS, make_of
from qapidoc_ext.qmp.shim.typed import parts

WITH_STABLE_REOPEN, WITH_EXPERIMENTAL_REOPEN = "10.0.0", "5.2.0"
FILE_POSIX = {"file", "host_cdrom", "host_device"}


@pytest.fixture(scope="module", params=[WITH_STABLE_REOPEN, WITH_EXPERIMENTAL_REOPEN])
def native(request: pytest.FixtureRequest) -> Introspection:
    return recording(request.param)


def add(**options: object) -> Message:
    return {"execute": "blockdev-add", "arguments": {"driver": "file", "filename": "f", **options}}


def sent(option: Baseline, request: Message) -> Message:
    """What QEMU gets."""
    exchange = option.exchange(decode_message(encode_message(request)) or {})
    return exchange.request if exchange else request


def said(option: Baseline, request: Message) -> str:
    """The description of the error that the client gets, although QEMU has none."""
    exchange = option.exchange(decode_message(encode_message(request)) or {})
    assert exchange
    return str(exchange.answer({"return": {}})["error"]["desc"])


def branch_with(introspection: Introspection, member: str) -> set[str]:
    add = introspection.entities["blockdev-add"]
    assert isinstance(add, Command)
    union = introspection.entities[add.arg_type]
    assert isinstance(union, Object)
    return {
        variant.case
        for variant in union.variants
        if probe(introspection, f"blockdev-add/arg-type/+{variant.case}/{member}")
    }


@pytest.mark.parametrize("name", OPTIONS)
def test_what_a_client_sees_is_an_introspection(name: str, native: Introspection) -> None:
    option = make_of(name)(native)
    is_the_same = decode(encode(option.introspection)) == option.introspection
    assert is_the_same  # pytest would compare two large texts
    assert {"blockdev-reopen", "x-blockdev-reopen"} & set(option.introspection.entities) == {option.reopen}


@pytest.mark.parametrize("name", OPTIONS)
def test_only_the_option_itself_answers_its_question(name: str, native: Introspection) -> None:
    found = {other for other in OPTIONS if OPTIONS[name].detector and _answers(make_of(other)(native), OPTIONS[name])}
    assert found == (
        {name} if name not in {"4.0", "2-this-run", "2-never-false"} else found & {"2-this-run", "2-never-false"}
    )


def _answers(option: Baseline, asked: type[Baseline]) -> bool:
    return probe(option.introspection, asked.detector)


def test_the_baseline_has_no_feature_anywhere(native: Introspection) -> None:
    assert features(encode(native))
    assert not features(encode(Baseline(native).introspection))
    assert probe(native, "query-qmp-schema/ret-type/features")
    assert not probe(Baseline(native).introspection, "query-qmp-schema/ret-type/features")


def test_only_what_the_option_adds_differs_from_the_baseline(native: Introspection) -> None:
    baseline = Baseline(native).introspection.entities
    added = {
        name: sorted(set(option(native).introspection.entities) - set(baseline)) for name, option in OPTIONS.items()
    }
    new = str(1 + max(int(name) for name in baseline if name.isdecimal()))
    assert added == {
        "4.0": [],
        "1": [],
        "2-never-false": [new, "query-qemu-features"],
        "2-this-run": [new, "query-qemu-features"],
        "3": [],
        "4": [],
        "5": [],
        "6-reopen": ["blockdev-reopen"],
        "6-set-read-only": [new, "blockdev-set-read-only"],
    }


@pytest.mark.parametrize(("name", "member"), [("3", "dynamic-read-only"), ("4", "x-auto-read-only-is-dynamic")])
def test_a_member_stands_on_the_type_that_drivers_share(name: str, member: str, native: Introspection) -> None:
    assert branch_with(make_of(name)(native).introspection, member) == FILE_POSIX
    learned = branch_with(make_of(f"{name}+nbd")(native).introspection, member)
    assert learned == FILE_POSIX | {"nbd"}
    shared = branch_with(make_of(f"{name}+dmg")(native).introspection, member)
    assert shared > FILE_POSIX | {"dmg", "vdi", "vhdx", "vpc", "bochs", "cloop", "parallels"}


def test_a_query_that_is_never_false_has_no_member_without_a_dynamic_driver(native: Introspection) -> None:
    other = Baseline(native).introspection  # no driver says that it is dynamic
    assert sent(make_of("2-never-false")(other), {"execute": "query-qemu-features"})["execute"] == "query-version"
    assert answer(make_of("2-never-false")(other)) == {}
    assert answer(make_of("2-this-run")(other)) == {"file-dynamic-auto-read-only": False}
    assert answer(make_of("2-this-run")(native)) == {"file-dynamic-auto-read-only": True}
    assert not probe(make_of("2-never-false")(other).introspection, OPTIONS["2-never-false"].detector)


def answer(option: Baseline) -> Any:
    exchange = option.exchange({"execute": "query-qemu-features"})
    assert exchange
    return exchange.answer({"return": {}})["return"]


def features(value: object) -> list[object]:
    """What stands under the key `features`, wherever that is."""
    if isinstance(value, list):
        return [feature for item in value for feature in features(item)]
    if isinstance(value, dict):
        return [*value.get("features", ()), *features([*value.values()])]
    return []


PLACES: list[tuple[str, Any]] = [
    ("", lambda node: node),
    ("file.", lambda node: {"driver": "raw", "file": node}),
    ("file.file.", lambda node: {"driver": "raw", "file": {"driver": "raw", "file": node}}),
    ("backing.", lambda node: {"driver": "qcow2", "file": "f", "backing": node}),
    ("image.", lambda node: {"driver": "blkdebug", "image": node}),
    ("children[1].", lambda node: {"driver": "quorum", "vote-threshold": 1, "children": ["other", node]}),
]


@pytest.mark.parametrize(("path", "place"), PLACES)
def test_options_of_nodes_are_found_by_their_type(path: str, place: Any, native: Introspection) -> None:
    node = {"driver": "file", "filename": "auto-read-only"}
    request = {"execute": "blockdev-add", "arguments": place({**node, "name-to-be-chosen": True})}
    wanted = {"execute": "blockdev-add", "arguments": place({**node, "auto-read-only": True})}
    renamed = make_of("1")(native)
    assert sent(renamed, request) == wanted
    assert said(renamed, wanted) == f"Parameter '{path}auto-read-only' is unexpected"
    refused = {"execute": "blockdev-add", "arguments": place({**node, "dynamic-read-only": True})}
    assert said(make_of("3")(native), refused).startswith("Driver 'file' cannot do dynamic-read-only without")


def test_what_only_has_the_name_of_a_member_stays(native: Introspection) -> None:
    request = {"execute": "qom-set", "arguments": {"path": "p", "property": "q", "value": {"auto-read-only": True}}}
    assert make_of("1")(native).exchange(request) is None
    inside = add(**{"node-name": "auto-read-only"})
    assert make_of("1")(native).exchange(inside) is None


def test_options_of_several_nodes_are_found_too() -> None:
    native = recording(WITH_STABLE_REOPEN)
    reopen = native.entities["blockdev-reopen"]
    assert isinstance(reopen, Command)
    node = {"driver": "file", "filename": "f"}
    arguments = {"options": [node, {"driver": "raw", "file": {**node}}]}
    found = parts(native, (reopen.arg_type, arguments), Baseline(native).node_type)
    assert [part.path for part in found] == ["options[0].", "options[1].", "options[1].file."]


MEMBERS = ("read-only", "auto-read-only", "dynamic-read-only")
FORMS = [dict(zip(MEMBERS, values, strict=True)) for values in product((None, False, True), repeat=3)]


def test_option_3_refuses_nine_of_twenty_seven_forms_and_four_of_the_eight_that_say_all(native: Introspection) -> None:
    option = make_of("3")(native)
    refused = []
    for form in FORMS:
        given = {name: value for name, value in form.items() if value is not None}
        exchange = option.exchange(add(**given))
        if exchange and "error" in exchange.answer({"return": {}}):
            refused.append(form)
        elif exchange:
            kept = {name: value for name, value in given.items() if name != "dynamic-read-only"}
            assert exchange.request == add(**kept)
    assert len(refused) == 9
    assert all(form["dynamic-read-only"] is not bool(form["auto-read-only"]) for form in refused)
    assert sum(None not in form.values() for form in refused) == 4


def test_texts_that_are_ours_say_so(native: Introspection) -> None:
    assert said(make_of("3")(native), add(**{"dynamic-read-only": True})) == (
        "Driver 'file' cannot do dynamic-read-only without auto-read-only (this text is by qapidoc_ext)"
    )
    request = {"execute": "blockdev-set-read-only", "arguments": {"node-name": "n", "read-only": True}}
    assert said(make_of("6-set-read-only")(native), request) == (
        "The options of node 'n' are not known: it was not added by this client (this text is by qapidoc_ext)"
    )


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("1", {"name-to-be-chosen": "on"}, "Invalid parameter type for 'name-to-be-chosen', expected: boolean"),
        ("3", {"dynamic-read-only": None}, "Invalid parameter type for 'dynamic-read-only', expected: boolean"),
        (
            "4",
            {"x-auto-read-only-is-dynamic": False},
            "Invalid parameter type for 'x-auto-read-only-is-dynamic', expected: null",
        ),
    ],
)
def test_a_member_of_another_type(name: str, value: dict[str, object], message: str, native: Introspection) -> None:
    assert said(make_of(name)(native), add(**value)) == message


def test_a_driver_that_does_not_have_the_member_lets_qemu_refuse_it(native: Introspection) -> None:
    for name, value in (("3", {"dynamic-read-only": True}), ("4", {"x-auto-read-only-is-dynamic": None})):
        request = {"execute": "blockdev-add", "arguments": {"driver": "null-co", **value}}
        assert make_of(name)(native).exchange(request) is None


def test_the_marker_has_no_effect(native: Introspection) -> None:
    assert sent(make_of("4")(native), add(**{"x-auto-read-only-is-dynamic": None})) == add()


@pytest.mark.parametrize("name", OPTIONS)
def test_reopening_becomes_what_qemu_has(name: str, native: Introspection) -> None:
    option = make_of(name)(native)
    exchange = option.exchange({**add(), "execute": option.reopen})
    assert exchange
    stable = "blockdev-reopen" in native.entities
    assert exchange.request["execute"] == ("blockdev-reopen" if stable else "x-blockdev-reopen")
    assert exchange.request["arguments"] == ({"options": [add()["arguments"]]} if stable else add()["arguments"])
    error = {"error": {"class": "GenericError", "desc": "Parameter 'options[0].file.x' is unexpected"}}
    assert stable == (exchange.answer(error)["error"]["desc"] == "Parameter 'file.x' is unexpected")
    other = "x-blockdev-reopen" if option.reopen == "blockdev-reopen" else "blockdev-reopen"
    if other in native.entities:
        assert said(option, {**add(), "execute": other}) == f"The command {other} has not been found"


def test_commands_are_listed_as_the_option_has_them() -> None:
    native = recording(WITH_STABLE_REOPEN)
    reply = {"return": [{"name": "stop"}, {"name": "blockdev-reopen"}]}

    def listed(name: str) -> list[str]:
        exchange = make_of(name)(native).exchange({"execute": "query-commands"})
        assert exchange
        return [command["name"] for command in exchange.answer(reply)["return"]]

    assert listed("4.0") == ["stop", "x-blockdev-reopen"]
    assert listed("2-this-run") == ["stop", "query-qemu-features", "x-blockdev-reopen"]
    assert listed("6-reopen") == ["stop", "blockdev-reopen"]
    assert listed("6-set-read-only") == ["stop", "blockdev-set-read-only", "x-blockdev-reopen"]


class Node:
    """Sets the mode of nodes, and is told that QEMU did what it was asked."""

    def __init__(self, native: Introspection) -> None:
        self.option = make_of("6-set-read-only")(native)

    def do(self, command: str, arguments: Message, reply: Message | None = None) -> Exchange:
        exchange = self.option.exchange({"execute": command, "arguments": arguments})
        assert exchange
        exchange.answer(reply or {"return": {}})
        return exchange

    def set(self, name: str, *, to: bool) -> Any:
        exchange = self.do("blockdev-set-read-only", {"node-name": name, "read-only": to})
        return exchange.request["arguments"]["options"][0]


def test_the_specialised_command_remembers_the_options_of_nodes() -> None:
    node = Node(recording(WITH_STABLE_REOPEN))
    inner = {"driver": "file", "node-name": "inner", "filename": "f", "read-only": True}
    node.do("blockdev-add", {"driver": "raw", "node-name": "outer", "file": {**inner}})
    assert node.set("inner", to=False) == {**inner, "read-only": False}
    assert node.set("outer", to=True)["file"] == {**inner, "read-only": False}
    reopened = {"driver": "raw", "node-name": "outer", "file": "inner", "offset": 512}
    node.do("x-blockdev-reopen", {**reopened})
    assert node.set("outer", to=False) == {**reopened, "read-only": False}


def test_it_forgets_what_failed_and_what_is_gone() -> None:
    node = Node(recording(WITH_STABLE_REOPEN))
    failed = {"error": {"class": "GenericError", "desc": "no"}}
    options = {"driver": "null-co", "node-name": "n"}
    unknown = {"execute": "blockdev-set-read-only", "arguments": {"node-name": "n", "read-only": True}}
    node.do("blockdev-add", {**options}, failed)
    assert "are not known" in said(node.option, unknown)
    node.do("blockdev-add", {**options})
    node.do("blockdev-del", {"node-name": "n"}, failed)
    assert node.set("n", to=True) == {**options, "read-only": True}
    node.do("blockdev-del", {"node-name": "n"})
    assert "are not known" in said(node.option, unknown)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "Parameter 'node-name' is missing"),
        ({"node-name": "n"}, "Parameter 'read-only' is missing"),
        ({"node-name": 1, "read-only": True}, "Invalid parameter type for 'node-name', expected: string"),
        ({"node-name": "n", "read-only": 1}, "Invalid parameter type for 'read-only', expected: boolean"),
        ({"node-name": "n", "read-only": True, "x": 1}, "Parameter 'x' is unexpected"),
    ],
)
def test_arguments_of_the_specialised_command_are_checked(
    arguments: dict[str, object], message: str, native: Introspection
) -> None:
    request = {"execute": "blockdev-set-read-only", "arguments": arguments}
    assert said(make_of("6-set-read-only")(native), request) == message


def test_combinations_are_taken_from_the_schema(native: Introspection) -> None:
    both = {"read-only": "bool", "auto-read-only": "bool"}
    assert {name: members(option(native)) for name, option in OPTIONS.items()} == {
        "4.0": both,
        "1": {"read-only": "bool", "name-to-be-chosen": "bool"},
        "2-never-false": both,
        "2-this-run": both,
        "3": {**both, "dynamic-read-only": "bool"},
        "4": {**both, "x-auto-read-only-is-dynamic": "null"},
        "5": both,
        "6-reopen": both,
        "6-set-read-only": both,
    }


@pytest.mark.parametrize("name", ["", "7", "3+", "+nbd", "3 4"])
def test_no_such_option(name: str) -> None:
    with pytest.raises(ValueError, match="no option is called"):
        make_of(name)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"execute": "a"}', {"execute": "a"}),
        (b"{'execute': 'it\\'s \"a\"'}", {"execute": 'it\'s "a"'}),
        (b' {"a": "it\'s", \'b\': "\\"\'"}', {"a": "it's", "b": "\"'"}),
        (b'{"a": 1, "a": 2}', None),
        (b'{"a": NaN}', None),
        (b'{"a": 1e999}', None),
        (b"[1]", None),
        (b"{", None),
        (b"\xff", None),
        (b'{"a": [' * 513 + b"1" + b"]}" * 513, None),
        (b'{"a": ' * 2000 + b"1" + b"}" * 2000, None),
    ],
)
def test_a_message_is_what_it_is_to_qemu(content: bytes, expected: object) -> None:
    assert decode_message(content) == expected


@pytest.mark.parametrize("content", [b'{"a": ' * 900 + b"1" + b"}" * 900, b'{"a": [' + b"{}, " * 2000 + b"{}]}"])
def test_what_qemu_takes_is_a_message(content: bytes) -> None:
    assert decode_message(content)


@pytest.mark.parametrize("value", ["\ud800", 2**70, -(2**70), 1e-7, "ä", {"a": [None, True]}])
def test_a_message_keeps_its_values(value: object) -> None:
    assert decode_message(encode_message({"a": value})) == {"a": value}
