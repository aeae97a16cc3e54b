"""Patterns that are corrected, and patterns as text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qapidoc_ext.qmp.match import Matched, match
from qapidoc_ext.qmp.merge import merged
from qapidoc_ext.qmp.notation import read_expected
from qapidoc_ext.qmp.pattern import Json, Pattern, constant
from qapidoc_ext.qmp.printed import printed
from qapidoc_ext.source import Location, SourceText

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
names = st.sampled_from(["a", "b", "c", "..."])
values: st.SearchStrategy[Json] = st.recursive(
    scalars | st.sampled_from(["...", "a....b", "${x}", "$", "\\", '"', "\x7f"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
texts = st.recursive(
    st.sampled_from(["1", "true", "null", '"a"', '"a...b"', "...", "<int>", "<str>", "<int:x>", "<any>"]),
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3).map(
            lambda members: "{" + ", ".join(f'"{name}": {value}' for name, value in members.items()) + "}"
        )
        | st.dictionaries(st.sampled_from("abc"), inner, max_size=3).map(
            lambda members: "{" + ", ".join([*(f'"{name}": {value}' for name, value in members.items()), "..."]) + "}"
        )
    ),
    max_leaves=8,
)


def read(text: str) -> Pattern:
    return read_expected(SourceText(text, Location("a", 1, 1)), 0, len(text))


@given(text=texts, value=values)
def test_the_value_matches_what_is_merged_and_what_matched_is_kept(text: str, value: Json) -> None:
    pattern = read(text)
    result = merged(pattern, value, {})
    assert isinstance(match(result, value, {}), Matched)
    assert (result is pattern) == isinstance(match(pattern, value, {}), Matched)


@given(value=values, width=st.integers(1, 100))
def test_a_printed_value_is_read_as_just_that_value(value: Json, width: int) -> None:
    text = printed(constant(value, Location("a", 1, 1)), width=width)
    pattern = read(text)
    assert isinstance(match(pattern, value, {}), Matched)
    assert printed(pattern, width=width) == text
    assert str(pattern) == str(constant(value, Location("a", 1, 1)))


@given(text=texts)
def test_a_printed_pattern_is_read_as_the_same_pattern(text: str) -> None:
    assert str(read(printed(read(text)))) == str(read(text))


@pytest.mark.parametrize(
    ("pattern", "value", "expected"),
    [
        ('{"a": 1, "b": <int>}', {"a": 2, "b": 3}, '{ "a": 2, "b": <int> }'),
        ('{"a": 1, "b": <int>, ...}', {"a": 2, "b": 3, "c": 4}, '{ "a": 2, "b": <int>, ... }'),
        ('{"a": 1, "b": <int>}', {"b": 3, "c": 4}, '{ "b": <int>, "c": 4 }'),
        ('{"a": <int:fd>}', {"a": "x"}, '{ "a": <str:fd> }'),
        ('{"a": <int>}', {"a": [1]}, '{ "a": [ 1 ] }'),
        ('[..., {"name": "x", "size": 1, ...}, ...]', [{"name": "y"}, {"name": "x", "size": 2, "z": 0}],
         '[ ..., { "name": "x", "size": 2, ... }, ... ]'),
        ('[{"n": <int>}, {"m": "..."}]', [5, {"n": 1}, {"m": "b"}, 6], '[ 5, { "n": <int> }, { "m": "..." }, 6 ]'),
        ('[{"n": <int>}, {"m": "..."}]', [{"m": "b"}], '[ { "m": "..." } ]'),
        ("[..., 5]", [], "[ ... ]"),
        ("[1, ..., 5, <int>]", [1, 2, 6, 7], "[ 1, ..., 6, <int> ]"),
        ("[..., 1, ..., 5]", [3, 1, 2, 6], "[ ..., 1, ..., 6 ]"),
        ("[2, ..., 1, ...]", [3, 2, 1, 5], "[ 3, ..., 1, ... ]"),
        ('{"return": {}}', {"error": {"class": "C", "desc": "d"}}, '{ "error": { "class": "C", "desc": "d" } }'),
        ('{"desc": "a...b"}', {"desc": "a...c..."}, '{ "desc": "a\\u002e\\u002e\\u002ec\\u002e\\u002e\\u002e" }'),
    ],
)  # fmt: skip
def test_what_still_matches_stays(pattern: str, value: Json, expected: str) -> None:
    assert printed(merged(read(pattern), value, {})) == expected


def test_a_long_pattern_is_spread() -> None:
    name, node = "n" * 60, "x" * 60
    assert printed(read(json.dumps({"return": [{"name": name, "node": node}], "b": 1})), "   ").splitlines() == [
        "{",
        '       "return": [',
        "           {",
        f'               "name": "{name}",',
        f'               "node": "{node}"',
        "           }",
        "       ],",
        '       "b": 1',
        "   }",
    ]
