from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qapidoc_ext.introspect.configuration import configuration
from qapidoc_ext.introspect.generate import configured, describe
from qapidoc_ext.schema.model import Schema

SYMBOLS = "ABCDEF"
SCHEMA = """
{ 'enum': 'E',
  'data': [ { 'name': 'always', 'features': [ { 'name': 'h', 'if': 'F' } ] },
            { 'name': 'a', 'if': 'A' }, { 'name': 'not-b', 'if': { 'not': 'B' } } ] }
{ 'struct': 'S', 'data': { 'kind': 'E', '*d': { 'type': 'int', 'if': { 'all': [ 'A', 'D' ] } } },
  'features': [ { 'name': 'f', 'if': { 'any': [ 'B', 'E' ] } },
                { 'name': 'g', 'if': { 'all': [ { 'any': [ { 'all': [ 'A', 'D' ] }, 'B' ] }, 'C' ] } } ] }
{ 'union': 'U', 'base': { 'e': 'E' }, 'discriminator': 'e', 'data': { 'a': { 'type': 'S', 'if': 'A' } } }
{ 'command': 'ask', 'boxed': true, 'data': 'U', 'returns': [ 'S' ] }
{ 'event': 'C', 'if': 'C', 'data': { 'x': 'int' } }
"""


@pytest.fixture
def schema(schema_of: Callable[[str], Schema]) -> Schema:
    return schema_of(SCHEMA)


def told(schema: Schema, *symbols: str) -> dict[str, bool]:
    description = describe(schema)
    return configuration(description, configured(description, set(symbols).__contains__))


def test_a_symbol_is_told_by_what_needs_it(schema: Schema) -> None:
    assert told(schema, "A", "B", "C", "D") == {"A": True, "B": True, "C": True, "D": True, "F": False}
    assert told(schema, "A", "E", "F") == {"A": True, "B": False, "C": False, "D": False, "E": True, "F": True}


def test_a_symbol_that_nothing_tells_is_left_out(schema: Schema) -> None:
    assert told(schema) == {"A": False, "B": False, "C": False, "E": False, "F": False}


def test_a_configuration_gives_back_what_it_was_told_by(schema: Schema) -> None:
    description = describe(schema)

    @given(st.sets(st.sampled_from(SYMBOLS)))
    def check(symbols: set[str]) -> None:
        introspection = configured(description, symbols.__contains__)
        known = configuration(description, introspection)
        assert configured(description, lambda name: known.get(name, False)) == introspection

    check()


def test_most_decide_where_they_disagree(schema_of: Callable[[str], Schema]) -> None:
    text = "".join(f"{{ 'event': '{name}', 'if': 'A' }}" for name in ("ONE", "TWO", "THREE"))
    description = describe(schema_of(text))
    fewer = describe(schema_of(text.replace("THREE", "FOUR"))).introspection
    assert configuration(description, fewer) == {"A": True}
