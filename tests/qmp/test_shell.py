from __future__ import annotations

import pytest

from qapidoc_ext.qmp import shell
from qapidoc_ext.qmp.pattern import Json, fill
from qapidoc_ext.source import Location, SourceText


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
