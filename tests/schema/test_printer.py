"""A definition that is printed and parsed again is the same."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any as Anything

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qapidoc_ext.schema.build import build
from qapidoc_ext.schema.condition import All, Any, Condition, Not, Symbol
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import (
    Alternate,
    Branch,
    Command,
    Definition,
    Enum,
    Event,
    Feature,
    Member,
    Struct,
    TypeRef,
    Union,
    Value,
)
from qapidoc_ext.schema.parser import Expression, parse
from qapidoc_ext.schema.printer import definition_text
from qapidoc_ext.source import Location, SourceText

HERE = Location(path="schema.json", line=1, column=1)

NAMES = st.from_regex(r"[a-zA-Z_][a-zA-Z0-9_.-]{0,9}", fullmatch=True)
SYMBOLS = st.from_regex(r"[A-Z_][A-Z0-9_]{0,9}", fullmatch=True).map(Symbol)


def _nested(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return several.map(All) | several.map(Any) | inner.map(Not)


CONDITIONS = st.none() | st.recursive(SYMBOLS, _nested, max_leaves=5)
TYPES = st.builds(TypeRef, name=NAMES, is_array=st.booleans(), location=st.just(HERE))
FEATURES = st.lists(st.builds(Feature, name=NAMES, condition=CONDITIONS, location=st.just(HERE)), max_size=2).map(tuple)


def _unlike(parts: st.SearchStrategy[Anything]) -> st.SearchStrategy[Anything]:
    return st.lists(parts, max_size=4, unique_by=lambda part: part.name).map(tuple)


MEMBERS = _unlike(
    st.builds(
        Member,
        name=NAMES,
        type=TYPES,
        is_optional=st.booleans(),
        condition=CONDITIONS,
        features=FEATURES,
        location=st.just(HERE),
    )
)
BRANCHES = _unlike(st.builds(Branch, name=NAMES, type=TYPES, condition=CONDITIONS, location=st.just(HERE)))
VALUES = _unlike(st.builds(Value, name=NAMES, condition=CONDITIONS, features=FEATURES, location=st.just(HERE)))
TYPE = st.builds(TypeRef, name=NAMES, location=st.just(HERE))


def _definitions(kind: type, **parts: st.SearchStrategy[Anything]) -> st.SearchStrategy[Anything]:
    return st.builds(
        kind,
        name=NAMES,
        module=st.just("schema"),
        location=st.just(HERE),
        start=st.just(HERE),
        condition=CONDITIONS,
        features=FEATURES,
        **parts,
    )


DEFINITIONS = st.one_of(
    _definitions(Enum, values=VALUES, prefix=st.just("") | NAMES),
    _definitions(Struct, base=st.none() | TYPE, members=MEMBERS),
    _definitions(Union, base=MEMBERS | TYPE, discriminator=NAMES, branches=BRANCHES),
    _definitions(Union, branches=BRANCHES),
    _definitions(Alternate, alternatives=BRANCHES),
    _definitions(Event, data=MEMBERS | TYPE, is_boxed=st.booleans()),
    _definitions(
        Command,
        arguments=MEMBERS | TYPE,
        returns=st.none() | TYPES,
        **{
            flag: st.booleans()
            for flag in ("is_boxed", "gen", "success_response", "allow_oob", "allow_preconfig", "coroutine")
        },
    ),
)


def _unplaced(value: Anything) -> Anything:
    """The value without places and documentation."""
    if isinstance(value, Location):
        return HERE
    if isinstance(value, tuple):
        return tuple(map(_unplaced, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: _unplaced(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **(fields | ({"doc": None} if "doc" in fields else {})))
    return value


def _read(text: str, module: str) -> Definition | None:
    source = SourceText(text, HERE)
    [item] = parse(source)
    assert isinstance(item, Expression), item
    return build(item, source, module)


@given(definition=DEFINITIONS)
@settings(max_examples=500)
def test_what_is_printed_is_read_as_the_same(definition: Definition) -> None:
    assert _unplaced(_read(definition_text(definition), definition.module)) == definition


@pytest.mark.parametrize("schema", ["qapi/qapi-schema.json", "qga/qapi-schema.json"])
def test_qemus_own_definitions_are_printed_and_read_as_the_same(qemu_schema: Path, schema: str) -> None:
    definitions = load(qemu_schema.parents[1] / schema).schema.definitions
    assert definitions
    for definition in definitions.values():
        assert _unplaced(_read(definition_text(definition), definition.module)) == _unplaced(definition)


def test_long_objects_have_one_item_a_line() -> None:
    struct = _read("{ 'struct': 'A', 'base': 'Base', 'data': { 'first-member': ['Type'], '*second-member': "
                   "{ 'type': 'str', 'if': { 'not': 'CONFIG_X' } } } }", "schema")  # fmt: skip
    assert struct
    assert definition_text(struct).split("\n") == [
        "{ 'struct': 'A',",
        "  'base': 'Base',",
        "  'data': { 'first-member': [ 'Type' ],",
        "            '*second-member': { 'type': 'str', 'if': { 'not': 'CONFIG_X' } } } }",
    ]
