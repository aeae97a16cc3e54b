from __future__ import annotations

from collections.abc import Callable

from qapidoc_ext.introspect.change import Subject
from qapidoc_ext.introspect.generate import generate
from qapidoc_ext.introspect.gone import Gone, gone
from qapidoc_ext.introspect.span import Span
from qapidoc_ext.schema.model import Schema

OLDEST = """
{ 'enum': 'Colour', 'data': [ 'red', 'grue' ] }
{ 'command': 'x-lamp', 'data': { 'colour': 'Colour', '*watts': 'int' } }
"""
OLD = """
{ 'enum': 'Colour', 'data': [ 'red', 'grue' ] }
{ 'command': 'lamp', 'data': { 'colour': 'Colour', '*watts': 'int' } }
{ 'command': 'query-lamp', 'returns': 'Lamp' }
{ 'struct': 'Lamp', 'data': { 'colour': 'Colour' } }
{ 'event': 'LAMP' }
{ 'command': 'query-hue', 'returns': 'Hue' }
{ 'struct': 'Hue', 'data': { 'kind': 'Kind', 'level': 'int' } }
{ 'enum': 'Kind', 'data': [ 'rgb', 'cmyk' ] }
"""
DESCRIBED = """
{ 'enum': 'Colour', 'data': [ 'red' ] }
{ 'command': 'lamp', 'data': { 'colour': 'Colour' } }
{ 'command': 'query-lamp', 'returns': 'Lamp' }
{ 'struct': 'Lamp', 'data': { 'colour': 'Colour' } }
{ 'command': 'query-hue', 'returns': 'Hue' }
{ 'enum': 'Kind', 'data': [ 'rgb', 'cmyk' ] }
{ 'union': 'Hue', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind', 'data': { 'rgb': 'Rgb' } }
{ 'struct': 'Rgb', 'data': { 'level': 'int' } }
"""


def test_what_was_there_last_comes_first_and_has_the_versions_that_have_it(
    schema_of: Callable[[str], Schema],
) -> None:
    oldest, old, described = (generate(schema_of(text), lambda _: True) for text in (OLDEST, OLD, DESCRIBED))
    earlier = {"1.0.0": oldest, "1.1.0": old, "1.2.0": old, "1.3.0": described}
    later = Span("1.1.0", "1.2.0")
    assert gone(described, earlier) == (
        Gone(path="LAMP", subject=Subject.EVENT, seen=(later,)),
        Gone(path="lamp/arg-type/colour/^grue", subject=Subject.VALUE, seen=(later,)),
        Gone(path="lamp/arg-type/watts", subject=Subject.MEMBER, seen=(later,)),
        Gone(path="query-lamp/ret-type/colour/^grue", subject=Subject.VALUE, seen=(later,)),
        Gone(path="x-lamp", subject=Subject.COMMAND, seen=(Span("1.0.0", "1.0.0"),)),
    )


def test_what_another_command_leads_to_as_well_has_all_versions_that_have_it(
    schema_of: Callable[[str], Schema],
) -> None:
    lamp = "{ 'struct': 'Lamp', 'data': { %s } }\n{ 'command': 'query-lamp', 'returns': 'Lamp' }\n"
    before = "{ 'command': 'query-bulb', 'returns': 'Lamp' }\n"
    texts = (lamp % "'hue': 'int'", before + lamp % "'hue': 'int'", before + lamp % "")
    first, second, described = (generate(schema_of(text), lambda _: True) for text in texts)
    found = gone(described, {"1.0.0": first, "1.1.0": second})
    assert {one.path: one.seen for one in found} == {
        "query-bulb/ret-type/hue": (Span("1.1.0", "1.1.0"),),
        "query-lamp/ret-type/hue": (Span("1.0.0", "1.1.0"),),
    }


def test_features_are_gone_too_also_those_that_no_query_string_finds(schema_of: Callable[[str], Schema]) -> None:
    text = """
    { 'enum': 'E', 'data': [ { 'name': 'v', 'features': FEATURES } ], 'features': FEATURES }
    { 'command': 'c', 'data': { 'e': { 'type': 'E', 'features': FEATURES } }, 'features': FEATURES }
    """
    old, described = (
        generate(schema_of(text.replace("FEATURES", features)), lambda _: True) for features in ("[ 'fine' ]", "[]")
    )
    found = [f"{one.path}: {one.subject.value}" for one in gone(described, {"1.0.0": old})]
    assert found == [
        "c/$fine: feature",
        "c/arg-type/e/$fine: feature",
        "c/arg-type/e/$fine: feature of a member",
        "c/arg-type/e/^v/$fine: feature of a value",
    ]
