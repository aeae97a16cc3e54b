from __future__ import annotations

import pytest

from qapidoc_ext.introspect.probe import DeadEndError, QueryError, check, probe
from qapidoc_ext.introspect.reply import Introspection, decode

INTROSPECTION = decode(
    [
        {"meta-type": "command", "name": "lamp-add", "arg-type": "0", "ret-type": "5", "features": ["slow"]},
        {"meta-type": "event", "name": "LAMP", "arg-type": "5", "features": ["deprecated"]},
        {
            "meta-type": "object",
            "name": "0",
            "members": [
                {"name": "kind", "type": "1"},
                {"name": "id", "type": "str", "default": None},
                {"name": "old", "type": "2"},
                {"name": "either", "type": "4"},
                {"name": "many", "type": "[[5]]"},
                {"name": "__vendor", "type": "str"},
                {"name": "self", "type": "6"},
                {"name": "found-first", "type": "7"},
                {"name": "found-last", "type": "8"},
            ],
            "tag": "kind",
            "variants": [{"case": "led", "type": "3"}, {"case": "neon", "type": "5"}],
        },
        {
            "meta-type": "enum",
            "name": "1",
            "values": ["led", "neon"],
            "members": [{"name": "led", "features": ["unstable"]}, {"name": "neon"}],
        },
        {"meta-type": "enum", "name": "2", "values": ["3des", "aes"]},
        {"meta-type": "object", "name": "3", "members": [{"name": "colour", "type": "str"}], "features": ["dim"]},
        {"meta-type": "alternate", "name": "4", "members": [{"type": "str"}, {"type": "3"}, {"type": "null"}]},
        {"meta-type": "object", "name": "5", "members": [{"name": "x", "type": "int"}]},
        {"meta-type": "alternate", "name": "6", "members": [{"type": "6"}]},
        {"meta-type": "alternate", "name": "7", "members": [{"type": "3"}, {"type": "6"}]},
        {"meta-type": "alternate", "name": "8", "members": [{"type": "6"}, {"type": "3"}]},
        {"meta-type": "array", "name": "[5]", "element-type": "5"},
        {"meta-type": "array", "name": "[[5]]", "element-type": "[5]"},
        {"meta-type": "builtin", "name": "str", "json-type": "string"},
        {"meta-type": "builtin", "name": "int", "json-type": "int"},
        {"meta-type": "builtin", "name": "null", "json-type": "null"},
    ]
)


@pytest.fixture
def introspection() -> Introspection:
    return INTROSPECTION


@pytest.mark.parametrize(
    "query",
    [
        "lamp-add",
        "LAMP",
        "int",
        "lamp-add/arg-type",
        "lamp-add/ret-type/x",
        "lamp-add/name/ret-type",
        "lamp-add/$slow",
        "LAMP/$deprecated",
        "LAMP/ arg-type/x",
        "lamp-add/arg-type/id",
        "lamp-add/arg-type/*id",
        "lamp-add/arg-type/ id",
        "lamp-add/arg-type/ __vendor",
        "lamp-add/arg-type/id/!string",
        "lamp-add/arg-type/+led",
        "lamp-add/arg-type/+led/colour",
        "lamp-add/arg-type/+led/$dim",
        "lamp-add/arg-type/kind/^led",
        "lamp-add/arg-type/kind/^led/$unstable",
        "lamp-add/arg-type/old/^3des",
        "lamp-add/arg-type/either/colour",
        "lamp-add/arg-type/either/$dim",
        "lamp-add/arg-type/either/!null",
        "lamp-add/arg-type/many",
        "lamp-add/arg-type/many/x/!int",
    ],
)
def test_what_is_there_is_found(query: str, introspection: Introspection) -> None:
    assert probe(introspection, query)


@pytest.mark.parametrize(
    "query",
    [
        "lamp-del",
        "lamp-del/$a/b",
        "+lamp-add",
        "LAMP/ret-type",
        "lamp-add/features",
        "lamp-add/$fast",
        "lamp-add/*arg-type",
        "lamp-add/+arg-type",
        "lamp-add/^arg-type",
        "lamp-add/!arg-type",
        "lamp-add/arg-type/*kind",
        "lamp-add/arg-type/*nothing",
        "lamp-add/arg-type/^kind",
        "lamp-add/arg-type/!kind",
        "lamp-add/arg-type/__vendor",
        "lamp-add/arg-type/colour",
        "lamp-add/arg-type/led",
        "lamp-add/arg-type/+halogen",
        "lamp-add/arg-type/+led/id",
        "lamp-add/arg-type/$dim",
        "lamp-add/arg-type/kind/led",
        "lamp-add/arg-type/kind/^xenon",
        "lamp-add/arg-type/kind/^neon/$unstable",
        "lamp-add/arg-type/old/^nothing/$unstable",
        "lamp-add/arg-type/id/!int",
        "lamp-add/arg-type/id/string",
        "lamp-add/arg-type/either/!int",
    ],
)
def test_what_is_not_there_is_not_found(query: str, introspection: Introspection) -> None:
    assert not probe(introspection, query)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "a query is empty"),
        ("lamp-add//x", "'lamp-add//x': a step is empty"),
        ("lamp-add/", "'lamp-add/': a step is empty"),
        ("lamp-add/$slow/x", "'lamp-add/$slow/x': nothing can follow the step before 'x'"),
        ("lamp-add/arg-type/+led/$dim/x", "nothing can follow the step before 'x'"),
        ("lamp-add/arg-type/kind/^led/x", "only a feature can follow '^led'"),
        ("lamp-add/arg-type/kind/^led/$unstable/x", "only a feature can follow '^led'"),
        ("lamp-add/arg-type/id/!string/x", "nothing can follow the step before 'x'"),
        ("lamp-add/meta-type", "leads to 'command', which does not exist"),
        ("lamp-add/arg-type/self/x", "visits more than 1001 entities"),
    ],
)
def test_what_cannot_be_asked_is_an_error(query: str, message: str, introspection: Introspection) -> None:
    with pytest.raises(QueryError) as error:
        probe(introspection, query)
    assert str(error.value).endswith(message)


def test_a_query_can_be_checked_without_an_introspection() -> None:
    check("lamp-add/arg-type")
    with pytest.raises(QueryError):
        check("lamp-add/")


def test_a_wrong_step_is_no_fault_where_the_walk_does_not_get_to_it(introspection: Introspection) -> None:
    assert not probe(introspection, "lamp-del//x")
    assert not probe(introspection, "lamp-add/arg-type/kind/")


def test_a_walk_may_be_as_long_as_in_libvirt(introspection: Introspection) -> None:
    assert probe(introspection, "lamp-add" + "/name" * 1000)
    with pytest.raises(DeadEndError):
        probe(introspection, "lamp-add" + "/name" * 1001)
    assert not probe(introspection, "lamp-add" + "/name" * 1000 + "/nothing")


def test_the_first_alternative_that_is_not_without_an_answer_decides(introspection: Introspection) -> None:
    assert probe(introspection, "lamp-add/arg-type/found-first/colour")
    with pytest.raises(DeadEndError):
        probe(introspection, "lamp-add/arg-type/found-last/colour")


def test_a_query_of_a_million_steps_costs_no_more_than_its_hops() -> None:
    with pytest.raises(DeadEndError):
        probe(INTROSPECTION, "lamp-add" + "/name" * 1_000_000)
