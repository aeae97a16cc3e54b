from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qapidoc_ext.qmp import notation
from qapidoc_ext.qmp.match import Matched, Mismatched, match, match_message
from qapidoc_ext.qmp.pattern import Json, ObjectPattern, Pattern
from qapidoc_ext.qmp.shown import Elided, Shown, ShownArray, ShownObject, whole
from qapidoc_ext.source import Location, SourceText

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def pattern(content: str) -> Pattern:
    text = SourceText(content=content, start=Location(path="x", line=1, column=1))
    return notation.read_expected(text, 0, len(content))


def escaped(value: Json) -> str:
    """The value as JSON, where no text has a meaning in a pattern."""
    return json.dumps(value).replace("...", r"\u002e..").replace("${", r"\u0024{")


@given(VALUES)
def test_a_value_matches_itself(value: Json) -> None:
    assert match(pattern(escaped(value)), value, {}) == Matched(shown=whole(value))


@given(VALUES)
def test_a_gap_matches_any_value(value: Json) -> None:
    assert isinstance(match(pattern("..."), value, {}), Matched)


@given(VALUES)
def test_any_matches_any_value_and_shows_and_captures_all_of_it(value: Json) -> None:
    assert match(pattern("<any:x>"), value, {}) == Matched(shown=whole(value), captures={"x": value})


@given(VALUES)
def test_a_captured_value_matches_where_it_is_used(value: Json) -> None:
    assert isinstance(match(pattern('{"a": ${x}}'), {"a": value}, {"x": value}), Matched)


@given(VALUES, VALUES)
def test_only_equal_values_match_without_gaps(value: Json, other: Json) -> None:
    is_same = json.dumps(value, sort_keys=True) == json.dumps(other, sort_keys=True)
    if not is_same and value != other:
        assert isinstance(match(pattern(escaped(value)), other, {}), Mismatched)


@given(st.lists(st.integers(0, 2), max_size=6), st.lists(st.integers(0, 2) | st.none(), max_size=5))
def test_gaps_in_an_array_stand_for_any_run_of_items(items: list[Json], parts: list[int | None]) -> None:
    content = ", ".join("..." if part is None else str(part) for part in parts)
    assert isinstance(match(pattern(f"[{content}]"), items, {}), Matched) == glob(items, parts)


@given(st.text("ab", max_size=6), st.lists(st.sampled_from("ab") | st.none(), max_size=5))
def test_gaps_in_a_string_stand_for_any_text(text: str, parts: list[str | None]) -> None:
    content = "".join("..." if part is None else part for part in parts)
    assert isinstance(match(pattern(f'"{content}"'), text, {}), Matched) == glob(list(text), parts)


def glob(items: list[Json], parts: list[int | None] | list[str | None]) -> bool:
    """Whether the parts cover the items, where None is any run: the definition, tried exhaustively."""
    if not parts:
        return not items
    if parts[0] is None:
        return any(glob(items[start:], parts[1:]) for start in range(len(items) + 1))
    return bool(items) and items[0] == parts[0] and glob(items[1:], parts[1:])


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("1", True),
        ("true", 1),
        ("0", False),
        ("<int>", True),
        ("<int>", 1.0),
        ("<int>", "1"),
        ("<num>", False),
        ("<num>", None),
        ("<str>", 1),
        ("<bool>", 1),
        ("[1, 2]", [2, 1]),
        ("[1]", [1, 1]),
        ("[..., 1]", []),
        ("[1, ..., 1]", [1]),
        ('"a...a"', "a"),
        ('"...a...a..."', "a"),
        ('{"a": 1}', {"a": 1, "b": 2}),
        ('{"a": 1, ...}', {"b": 2}),
        ("{}", []),
        ("[]", {}),
        ('"..."', 1),
    ],
)
def test_what_differs_does_not_match(content: str, value: Json) -> None:
    assert isinstance(match(pattern(content), value, {}), Mismatched)


@pytest.mark.parametrize(
    ("content", "value", "shown"),
    [
        ("1", 1.0, 1.0),
        ("<num>", 1.5, 1.5),
        ('"...not found"', "it was not found", "it was not found"),
        ('"\\u002e.."', "...", "..."),
        ("...", "text", "text"),
        ("...", [1, 2], ShownArray(items=(Elided(count=2),))),
        ("...", [], ShownArray(items=())),
        ("...", {"a": 1}, ShownObject(members=(Elided(count=1),))),
        ('{"b": 1, ...}', {"a": 0, "b": 1, "c": 2}, ShownObject(members=(("b", 1), Elided(count=2)))),
        ('{"b": 1, ...}', {"b": 1}, ShownObject(members=(("b", 1),))),
        ('{"b": 1, "a": 0}', {"a": 0, "b": 1}, ShownObject(members=(("b", 1), ("a", 0)))),
        ("[..., 2, ...]", [1, 1, 2, 3], ShownArray(items=(Elided(count=2), 2, Elided(count=1)))),
        ("[..., 2, ...]", [2], ShownArray(items=(2,))),
        ("[1, ..., 1]", [1, 5, 1, 1], ShownArray(items=(1, Elided(count=2), 1))),
    ],
)
def test_what_is_shown_is_what_the_pattern_looked_at(content: str, value: Json, shown: Shown) -> None:
    assert match(pattern(content), value, {}) == Matched(shown=shown)


def differences(content: str, value: Json, captures: dict[str, Json] | None = None) -> list[str]:
    result = match(pattern(content), value, captures or {})
    assert isinstance(result, Mismatched)
    return [str(mismatch.finding()) for mismatch in result.mismatches]


def test_every_difference_is_told_with_its_place_and_path() -> None:
    content = '{"return": [{"drv": "null-aio",\n "ro": <bool>, "size": 1, "a b": 1}]}'
    assert differences(content, {"return": [{"drv": "null-co", "ro": 0, "more": [], "a b": 2}]}) == [
        'x:1:21: $.return[0].drv: expected "null-aio", got "null-co"',
        "x:2:8: $.return[0].ro: expected <bool>, got 0",
        "x:2:24: $.return[0].size: expected 1, got no such member",
        'x:2:34: $.return[0]["a b"]: expected 1, got 2',
        'x:1:13: $.return[0]: expected no other member, got "more"',
    ]


def test_a_missing_item_is_told_with_the_nearest() -> None:
    nodes: Json = [{"name": "a", "ro": True}, {"name": "b", "ro": True}, {"name": "c", "ro": 1}]
    (difference,) = differences('[..., {"name": "b", "ro": false}, ...]', nodes)
    expected, got = difference.split(", got ", 1)
    assert expected == 'x:1:7: $: expected {"name": "b", "ro": false}'
    assert got == "none among 3 items; the nearest differs in $[1].ro: expected false, got true"


def test_an_array_of_another_length_is_told_with_its_length() -> None:
    assert differences("[1]", [1, 2]) == ["x:1:1: $: expected 1 item, got 2: [1, 2]"]


def test_a_value_of_another_kind_is_quoted_and_cut() -> None:
    assert differences("{}", ["x" * 500]) == [f'x:1:1: $: expected {{}}, got ["{"x" * 198} (and 304 more characters)']


def test_what_a_terminal_would_obey_is_quoted_as_an_escape() -> None:
    expected, csi = '"\\u202e"', "\x9b31m"
    assert differences(expected, csi) == [f'x:1:1: $: expected {expected}, got "\\u009b31m"']


def test_a_captured_value_is_told_where_it_is_used() -> None:
    assert differences('{"a": ${x}, "b": "-${x}-"}', {"a": {"n": 1}, "b": "-2-"}, {"x": {"n": 2}}) == [
        "x:1:7: $.a.n: expected 2, got 1",
        'x:1:18: $.b: expected "-${x}-", got "-2-"',
    ]


def test_what_was_captured_stands_in_text() -> None:
    captures: dict[str, Json] = {"n": 5, "s": "é", "b": True, "z": None, "l": [1]}
    text = "5 é true null [1]!"
    assert match(pattern('"${n} ${s} ${b} ${z} ${l}..."'), text, captures) == Matched(shown=text)
    assert match(pattern('"${n} ${s}"'), "5 é", captures) == Matched(shown="5 é")
    assert isinstance(match(pattern('"${n} ${s}"'), text, captures), Mismatched)


def test_id_and_timestamp_of_a_message_count_only_where_they_are_written() -> None:
    message: dict[str, Json] = {"event": "X", "timestamp": {"seconds": 1}, "id": "n", "data": {"id": "d"}}
    short, named, inner = (
        pattern(f'{{"event": "X", {rest}}}') for rest in ('"data": ...', '"id": 1, ...', '"data": {}')
    )
    assert isinstance(short, ObjectPattern)
    assert isinstance(named, ObjectPattern)
    assert isinstance(inner, ObjectPattern)
    assert isinstance(match_message(short, message, {}), Matched)
    assert isinstance(match_message(named, message, {}), Mismatched)
    assert isinstance(match_message(inner, message, {}), Mismatched)
