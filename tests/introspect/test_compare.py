from __future__ import annotations

from collections.abc import Callable

import pytest

from qapidoc_ext.introspect.change import Change, Effect, Subject
from qapidoc_ext.introspect.compare import compare, undocumented
from qapidoc_ext.introspect.generate import describe
from qapidoc_ext.introspect.reply import Introspection, decode
from qapidoc_ext.introspect.validate import validate_reply
from qapidoc_ext.schema.model import Schema

SchemaOf = Callable[[str], Schema]
REQUEST = "{ 'command': 'c', 'data': { 'x': 'T' } }"
REPLY = "{ 'command': 'c', 'returns': 'T' }"


def changes(schema_of: SchemaOf, old: str, new: str) -> tuple[Change, ...]:
    return compare(describe(schema_of(old)).introspection, describe(schema_of(new)).introspection)


def said(schema_of: SchemaOf, old: str, new: str) -> list[str]:
    return [str(change) for change in changes(schema_of, old, new)]


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("", "{ 'command': 'd' }", "d: command added (compatible for requests)"),
        ("{ 'command': 'd' }", "", "d: command removed (breaking for requests)"),
        ("", "{ 'event': 'E' }", "E: event added (compatible for replies and events)"),
        ("{ 'event': 'E' }", "", "E: event removed (breaking for replies and events)"),
        (
            "{ 'event': 'E' }",
            "{ 'event': 'E', 'data': { 'm': 'str' } }",
            "E/arg-type/m: member added (compatible for replies and events)",
        ),
        (
            "{ 'command': 'd' }",
            "{ 'command': 'd', 'features': [ 'f' ] }",
            "d/$f: feature added (compatible for requests)",
        ),
        (
            "{ 'command': 'd', 'features': [ 'f' ] }",
            "{ 'command': 'd' }",
            "d/$f: feature removed (breaking for requests)",
        ),
        (
            "{ 'command': 'd', 'features': [ 'deprecated' ] }",
            "{ 'command': 'd' }",
            "d/$deprecated: feature removed (compatible for requests)",
        ),
        (
            "{ 'command': 'd', 'allow-oob': true }",
            "{ 'command': 'd' }",
            "d: out-of-band execution removed (breaking for requests)",
        ),
        (
            "{ 'command': 'd' }",
            "{ 'command': 'd', 'allow-oob': true }",
            "d: out-of-band execution added (compatible for requests)",
        ),
    ],
)
def test_commands_and_events(old: str, new: str, change: str, schema_of: SchemaOf) -> None:
    kept = "{ 'command': 'kept' }"
    assert said(schema_of, kept + old, kept + new) == [change]


@pytest.mark.parametrize(
    ("old", "new", "change", "request_effect", "reply_effect"),
    [
        ("", "'*m': 'str'", "m: member added", "compatible", "compatible"),
        ("", "'m': 'str'", "m: member added", "breaking", "compatible"),
        ("'*m': 'str'", "", "m: member removed", "breaking", "compatible"),
        ("'m': 'str'", "", "m: member removed", "breaking", "breaking"),
        ("'*m': 'str'", "'m': 'str'", "m: member made mandatory", "breaking", "compatible"),
        ("'m': 'str'", "'*m': 'str'", "m: member made optional", "compatible", "breaking"),
        ("'m': 'int'", "'m': 'str'", "m: type changed from integer to string", "breaking", "breaking"),
        ("'m': 'int'", "'m': 'number'", "m: type changed from integer to number", "compatible", "breaking"),
        ("'m': 'E'", "'m': 'str'", "m: type changed from enum to string", "compatible", "breaking"),
        ("'m': 'str'", "'m': 'E'", "m: type changed from string to enum", "breaking", "compatible"),
        ("'m': 'S'", "'m': 'A'", "m: type changed from object to object or string", "compatible", "breaking"),
        ("'m': 'A'", "'m': 'S'", "m: type changed from object or string to object", "breaking", "compatible"),
        ("'m': ['S']", "'m': 'S'", "m: type changed from array to object", "breaking", "breaking"),
        ("'m': 'S'", "'m': 'any'", "m: type changed from object to anything", "compatible", "breaking"),
        (
            "'m': 'str'",
            "'m': { 'type': 'str', 'features': [ 'f' ] }",
            "m/$f: feature of a member added",
            "compatible",
            "compatible",
        ),
    ],
)
def test_members_seen_from_requests_and_from_replies(  # noqa: PLR0913, PLR0917 - the columns of the table
    old: str, new: str, change: str, request_effect: str, reply_effect: str, schema_of: SchemaOf
) -> None:
    types = """
    { 'enum': 'E', 'data': [ 'a' ] }
    { 'struct': 'S', 'data': { 'x': 'int' } }
    { 'alternate': 'A', 'data': { 's': 'S', 'n': 'str' } }
    """
    before, after = (types + "{ 'struct': 'T', 'data': { " + members + " } }" for members in (old, new))
    assert said(schema_of, before + REQUEST, after + REQUEST) == [
        f"c/arg-type/x/{change} ({request_effect} for requests)"
    ]
    assert said(schema_of, before + REPLY, after + REPLY) == [
        f"c/ret-type/{change} ({reply_effect} for replies and events)"
    ]


def test_values_and_branches(schema_of: SchemaOf) -> None:
    def schema(*values: str) -> str:
        data = ", ".join(f"'{value}'" for value in values)
        return f"""
        {{ 'enum': 'E', 'data': [ {data} ] }}
        {{ 'union': 'T', 'base': {{ 'e': 'E' }}, 'discriminator': 'e', 'data': {{}} }}
        """

    assert said(schema_of, schema("a") + REQUEST, schema("a", "b") + REQUEST) == [
        "c/arg-type/x/+b: branch added (compatible for requests)",
        "c/arg-type/x/e/^b: value added (compatible for requests)",
    ]
    assert said(schema_of, schema("a", "b") + REQUEST, schema("a") + REQUEST) == [
        "c/arg-type/x/+b: branch removed (breaking for requests)",
        "c/arg-type/x/e/^b: value removed (breaking for requests)",
    ]
    assert said(schema_of, schema("a") + REPLY, schema("a", "b") + REPLY) == [
        "c/ret-type/+b: branch added (compatible for replies and events)",
        "c/ret-type/e/^b: value added (breaking for replies and events)",
    ]


def test_what_both_directions_use_is_told_once(schema_of: SchemaOf) -> None:
    text = "{ 'struct': 'T', 'data': { %s } } { 'command': 'c', 'data': 'T', 'returns': 'T' }"
    [change] = changes(schema_of, text % "", text % "'m': 'int'")
    assert (change.requests, change.replies) == (Effect.BREAKING, Effect.COMPATIBLE)
    assert change.is_breaking
    assert change.path == "c/arg-type/m"


def test_names_and_numbers_of_types_are_of_no_account(schema_of: SchemaOf) -> None:
    old = "{ 'struct': 'Old', 'data': { '*next': 'Old', 'x': 'int' } } { 'command': 'c', 'data': 'Old' }"
    new = """
    { 'command': 'a', 'data': { 'y': 'str' } }
    { 'struct': 'Base', 'data': { 'x': 'uint8' } }
    { 'struct': 'New', 'base': 'Base', 'data': { '*next': 'New' } }
    { 'command': 'c', 'data': 'New' }
    """
    assert said(schema_of, old, new) == ["a: command added (compatible for requests)"]


def test_a_change_below_a_type_that_holds_itself_is_found(schema_of: SchemaOf) -> None:
    text = "{ 'struct': 'T', 'data': { '*next': ['T'], 'x': '%s' } }" + REQUEST
    assert said(schema_of, text % "int", text % "str") == [
        "c/arg-type/x/x: type changed from integer to string (breaking for requests)"
    ]


UNION = """
{ 'enum': 'E', 'data': [ 'a', 'b' ] }
{ 'struct': 'A', 'data': { %s } }
{ 'struct': 'B', 'data': { %s } }
{ 'union': 'T', 'base': { 'e': 'E' %s }, 'discriminator': 'e', 'data': { 'a': 'A', 'b': 'B' } }
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (("'m': 'int'", "'m': 'int'", ""), ("", "", ", 'm': 'int'"), []),
        (("", "", ", 'm': 'int'"), ("'m': 'int'", "'m': 'int'", ""), []),
        (
            ("", "", ", 'm': 'int'"),
            ("'*m': 'int'", "", ""),
            [
                "c/arg-type/x/+a/m: member made optional (compatible for requests)",
                "c/arg-type/x/+b/m: member removed (breaking for requests)",
            ],
        ),
        (
            ("'m': 'int'", "", ""),
            ("", "", ", 'm': 'str'"),
            [
                "c/arg-type/x/+a/m: type changed from integer to string (breaking for requests)",
                "c/arg-type/x/+b/m: member added (breaking for requests)",
            ],
        ),
    ],
)
def test_a_member_can_move_into_the_branches_and_out_of_them(
    old: tuple[str, str, str], new: tuple[str, str, str], expected: list[str], schema_of: SchemaOf
) -> None:
    assert said(schema_of, UNION % old + REQUEST, UNION % new + REQUEST) == expected


def test_a_member_that_moves_into_the_branches_is_not_missed_in_a_new_one(schema_of: SchemaOf) -> None:
    new = UNION % ("'m': 'int'", "", "")
    old = (UNION % ("", "", ", 'm': 'int'")).replace(", 'b' ]", " ]").replace(", 'b': 'B'", "")
    assert said(schema_of, old + REPLY, new + REPLY) == [
        "c/ret-type/+b: branch added (compatible for replies and events)",
        "c/ret-type/e/^b: value added (breaking for replies and events)",
    ]


def test_a_struct_can_become_a_union(schema_of: SchemaOf) -> None:
    struct = "{ 'enum': 'E', 'data': [ 'a', 'b' ] } { 'struct': 'T', 'data': { 'e': 'E', '*m': 'int' } }"
    union = UNION % ("'*m': 'int', 'k': 'int'", "'*m': 'int'", "")
    assert said(schema_of, struct + REQUEST, union + REQUEST) == [
        "c/arg-type/x/+a/k: member added (breaking for requests)"
    ]
    assert said(schema_of, union + REPLY, struct + REPLY) == [
        "c/ret-type/+a/k: member removed (breaking for replies and events)"
    ]


def test_a_struct_can_become_a_union_with_a_new_tag(schema_of: SchemaOf) -> None:
    struct = "{ 'struct': 'T', 'data': { 'm': 'int' } }"
    union = UNION % ("'m': 'int'", "'k': 'int'", "")
    assert said(schema_of, struct + REPLY, union + REPLY) == [
        "c/ret-type/+a: branch added (compatible for replies and events)",
        "c/ret-type/+b: branch added (compatible for replies and events)",
        "c/ret-type/+b/m: member removed (breaking for replies and events)",
        "c/ret-type/e: member added (compatible for replies and events)",
    ]


def test_a_change_in_a_branch_is_told_once(schema_of: SchemaOf) -> None:
    old, new = UNION % ("'m': 'int'", "", ""), UNION % ("'*m': 'str', 'k': 'int'", "", "")
    assert said(schema_of, old + REQUEST, new + REQUEST) == [
        "c/arg-type/x/+a/k: member added (breaking for requests)",
        "c/arg-type/x/+a/m: member made optional (compatible for requests)",
        "c/arg-type/x/+a/m: type changed from integer to string (breaking for requests)",
    ]


def test_a_member_that_moves_in_one_union_can_be_new_in_another(schema_of: SchemaOf) -> None:
    other = """
    { 'union': 'V', 'base': { 'e': 'E' }, 'discriminator': 'e', 'data': { 'a': 'A' } }
    { 'command': 'c', 'data': { 'x': 'T', 'v': 'V' } }
    """
    old, new = UNION % ("", "'m': 'int'", ", 'm': 'int'"), UNION % ("'m': 'int'", "'m': 'int'", "")
    old = old.replace("'m': 'int' } }\n{ 'union'", "} }\n{ 'union'")
    assert said(schema_of, old + other, new + other) == ["c/arg-type/v/+a/m: member added (breaking for requests)"]


def test_the_feature_of_a_value_is_not_one_of_its_enum(schema_of: SchemaOf) -> None:
    text = "{ 'enum': 'E', 'data': [ %s ] } { 'command': 'c', 'data': { 'e': 'E' } }"
    new = text % "{ 'name': 'a', 'features': [ 'unstable' ] }"
    assert said(schema_of, text % "'a'", new) == [
        "c/arg-type/e/^a/$unstable: feature of a value added (compatible for requests)"
    ]


def test_a_live_qemu_does_not_differ_from_itself(live_introspection: Introspection) -> None:
    assert compare(live_introspection, live_introspection) == ()


def test_the_elements_of_an_array_are_named(schema_of: SchemaOf) -> None:
    old, new = (f"{{ 'command': 'c', 'data': {{ 'm': [ '{type_}' ] }} }}" for type_ in ("int", "str"))
    assert said(schema_of, old, new) == [
        "c/arg-type/m: type of the elements changed from integer to string (breaking for requests)"
    ]


def test_what_an_alternate_takes_is_no_element(schema_of: SchemaOf) -> None:
    old, new = (
        f"{{ 'enum': 'E', 'data': [ 'x' ] }} {{ 'alternate': 'A', 'data': {{ 'a': '{type_}', 'b': 'null' }} }}"
        " { 'command': 'c', 'data': { 'm': 'A' } }"
        for type_ in ("str", "E")
    )
    assert {change.subject for change in changes(schema_of, old, new)} == {Subject.TYPE}


def test_a_type_in_both_directions_has_both_places(schema_of: SchemaOf) -> None:
    commands = "{ 'command': 'c', 'data': { 'x': 'E' } } { 'command': 'd', 'returns': 'S' }"
    commands += "{ 'struct': 'S', 'data': { 'y': 'E' } }"
    old, new = (commands + f"{{ 'enum': 'E', 'data': [ {values} ] }}" for values in ("'a'", "'a', 'b'"))
    assert said(schema_of, old, new) == [
        "c/arg-type/x/^b: value added (compatible for requests, breaking for replies and events at d/ret-type/y/^b)"
    ]


def test_properties_that_a_command_took_anyway_are_not_new(schema_of: SchemaOf) -> None:
    types = "{ 'enum': 'E', 'data': [ 'a' ] } { 'struct': 'A', 'data': { 'm': 'int' } }"
    old = types + "{ 'command': '%s', 'data': { 'kind': 'E' } }"
    new = types + "{ 'union': 'U', 'base': { 'kind': 'E' }, 'discriminator': 'kind', 'data': { 'a': 'A' } }"
    new += "{ 'command': '%s', 'data': 'U', 'boxed': true }"
    place = "arg-type/+a/m: member added"
    assert f"object-add/{place} (compatible for requests)" in said(schema_of, old % "object-add", new % "object-add")
    assert f"c/{place} (breaking for requests)" in said(schema_of, old % "c", new % "c")


def test_alternates_that_hold_each_other_have_no_forms() -> None:
    hostile = decode(
        [
            {"meta-type": "command", "name": "c", "arg-type": "0", "ret-type": "1"},
            {"meta-type": "object", "name": "0", "members": []},
            {"meta-type": "alternate", "name": "1", "members": [{"type": "2"}]},
            {"meta-type": "alternate", "name": "2", "members": [{"type": "1"}]},
        ]
    )
    assert compare(hostile, hostile) == ()
    assert validate_reply(hostile, "c", {"return": 1})


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("'str'", "'int'", "type changed from string to integer"),
        ("'str'", "'StrOrNull'", "type changed from string to null or string"),
        ("'str'", "'E'", "type changed from string to enum"),
        ("'StrOrNull'", "'StrOrS'", "type changed from null or string to object or string"),
        ("['str']", "['int']", "type of the elements changed from string to integer"),
    ],
)
def test_each_member_that_changes_its_type_in_the_same_way_is_told(
    old: str, new: str, change: str, schema_of: SchemaOf
) -> None:
    text = """
    { 'enum': 'E', 'data': [ 'a' ] }
    { 'alternate': 'StrOrNull', 'data': { 's': 'str', 'n': 'null' } }
    { 'struct': 'S', 'data': {} } { 'alternate': 'StrOrS', 'data': { 's': 'str', 'o': 'S' } }
    { 'command': 'c', 'data': { 'a': TYPE, 'b': TYPE } }
    { 'command': 'd', 'data': { 'a': TYPE } }
    """
    told = [line.split(" (")[0] for line in said(schema_of, text.replace("TYPE", old), text.replace("TYPE", new))]
    assert told == [f"c/arg-type/a: {change}", f"c/arg-type/b: {change}", f"d/arg-type/a: {change}"]


def test_a_member_that_moves_into_branches_of_one_type_is_told_once(schema_of: SchemaOf) -> None:
    text = """
    { 'enum': 'E', 'data': [ 'a', 'b' ] }
    { 'struct': 'A', 'data': { %s } }
    { 'union': 'T', 'base': { 'e': 'E' %s }, 'discriminator': 'e', 'data': { 'a': 'A', 'b': 'A' } }
    """
    old, new = text % ("", ", 'm': 'int'"), text % ("'m': 'str'", "")
    assert said(schema_of, old + REQUEST, new + REQUEST) == [
        "c/arg-type/x/+a/m: type changed from integer to string (breaking for requests)"
    ]


def test_an_object_that_is_described_as_a_union_has_no_member_of_a_branch(schema_of: SchemaOf) -> None:
    described = """
    { 'enum': 'E', 'data': [ 'a', 'b' ] }
    { 'struct': 'A', 'data': { 'm': 'int' } }
    { 'union': 'T', 'base': { 'e': 'E' }, 'discriminator': 'e', 'data': { 'a': 'A' } }
    { 'command': 'c', 'returns': 'T' }
    """
    live = """
    { 'enum': 'E', 'data': [ 'a', 'b' ] }
    { 'struct': 'T', 'data': { 'e': 'E', 'm': 'int', 'n': 'int' } }
    { 'command': 'c', 'returns': 'T' }
    """
    one, other = (describe(schema_of(text)).introspection for text in (described, live))
    assert [change.path for change in undocumented(one, other)] == ["c/ret-type/n"]


def test_a_name_that_no_query_string_can_have_is_told_too() -> None:
    entities = [
        {"name": "none", "meta-type": "object", "members": []},
        {"name": "a", "meta-type": "object", "members": [{"name": "a", "type": "none"}]},
        {"name": "b", "meta-type": "object", "members": [{"name": n, "type": "none"} for n in ("a", "a//b")]},
    ]
    one, other = (
        decode([*entities, {"name": "c", "meta-type": "command", "arg-type": type_, "ret-type": "none"}])
        for type_ in ("a", "b")
    )
    assert [change.path for change in undocumented(one, other)] == ["c/arg-type/a//b"]
