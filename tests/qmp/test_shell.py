from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qemu.qmp.qmp_shell import QMPShell

from qapidoc_ext.qmp import shell
from qapidoc_ext.qmp.pattern import Json, fill
from qapidoc_ext.source import Location, SourceText


@pytest.fixture(scope="module")
def qmp_shell() -> QMPShell:
    async def made() -> QMPShell:
        return QMPShell("unused")

    # Outside of a running event loop it makes one of its own and leaves it open.
    return asyncio.run(made())


def request(line: str, captures: dict[str, Json] | None = None) -> Json:
    text = SourceText(content=line, start=Location(path="x", line=1, column=1))
    return fill(shell.read_command(text, 0, len(line)), captures or {})


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("a=1", {"a": 1}),
        ("a=-1", {"a": -1}),
        ("a=1.5", {"a": "1.5"}),
        ("a=True", {"a": True}),
        ("a=false", {"a": False}),
        ("a=null", {"a": "null"}),
        ("a=", {"a": ""}),
        ("a=b=c", {"a": "b=c"}),
        ('a="x y"', {"a": '"x y"'}),
        ("a.b.c=1 a.b.d=2 a.e=3", {"a": {"b": {"c": 1, "d": 2}, "e": 3}}),
        ('a={"b":[1,null,true]}', {"a": {"b": [1, None, True]}}),
        ("a={'b':[1,null,true,(2,-3)]}", {"a": {"b": [1, None, True, [2, -3]]}}),
        ("a=[x]", {"a": "[x]"}),
        ("a={1:2}", {"a": "{1:2}"}),
        ("a=[b'x']", {"a": "[b'x']"}),
        ("a=[1e999]", {"a": "[1e999]"}),
        (r"a=['\ud800']", {"a": r"['\ud800']"}),
    ],
)
def test_words_are_read_as_qmp_shell_does(word: str, value: Json) -> None:
    assert request(f"command {word}") == {"execute": "command", "arguments": value}


def test_a_command_has_arguments_even_where_there_are_none() -> None:
    assert request("  stop  ") == {"execute": "stop", "arguments": {}}


def test_captured_values_keep_their_type_where_they_stand_alone() -> None:
    assert request('c a=${n} b=x${n} c={"d":${n}}', {"n": 5}) == {
        "execute": "c",
        "arguments": {"a": 5, "b": "x5", "c": {"d": 5}},
    }


values: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["a b", "1_0", "TRUE", "{}", "[", "it's", '"', "/dev/x", "a=b", "\\", "null"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@given(arguments=st.dictionaries(st.sampled_from(["a", "a-b", "a.b", "a b", "", "x=y", "__com.x"]), values, max_size=3))
def test_qmp_shell_sends_what_a_line_is_the_line_of(qmp_shell: QMPShell, arguments: dict[str, Json]) -> None:
    message: dict[str, Json] = {"execute": "some-command", "arguments": arguments}
    if line := shell.in_shell(message):
        assert qmp_shell._build_cmd(line) == message  # noqa: SLF001 (there is no public way to ask)
        assert request(line) == message


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ({"execute": "stop"}, "stop"),
        ({"execute": "c", "arguments": {"a": True, "b": -1, "c": "x"}}, "c a=true b=-1 c=x"),
        ({"execute": "c", "arguments": {"a": {"b": ["x y", None]}}}, 'c a={"b":["x y",null]}'),
        ({"execute": "c", "arguments": {"a": "5"}}, ""),
        ({"execute": "c", "arguments": {"a": None}}, ""),
        ({"execute": "c", "arguments": {"a": "\u202e"}}, ""),
        ({"execute": "c", "id": "1"}, ""),
        ({"exec-oob": "c"}, ""),
        ({}, ""),
    ],
)
def test_the_line_of_a_message(message: dict[str, Json], line: str) -> None:
    assert shell.in_shell(message) == line
