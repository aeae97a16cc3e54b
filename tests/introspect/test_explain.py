from __future__ import annotations

import pytest

from qapidoc_ext.introspect.explain import explain
from qapidoc_ext.introspect.probe import probe
from qapidoc_ext.introspect.reply import Introspection, decode
from qapidoc_ext.schema.closest import closest

INTROSPECTION = decode(
    [
        {"meta-type": "command", "name": "lamp-add", "arg-type": "0", "ret-type": "2", "features": ["slow"]},
        {"meta-type": "event", "name": "LAMP_LIT", "arg-type": "2"},
        {
            "meta-type": "object",
            "name": "0",
            "members": [
                {"name": "kind", "type": "1"},
                {"name": "either", "type": "3"},
                {"name": "ids", "type": "[str]"},
            ],
            "tag": "kind",
            "variants": [{"case": "led", "type": "2"}, {"case": "neon", "type": "4"}],
        },
        {
            "meta-type": "enum",
            "name": "1",
            "features": ["old"],
            "values": ["led", "neon"],
            "members": [{"name": "led", "features": ["unstable"]}, {"name": "neon", "features": ["deprecated"]}],
        },
        {"meta-type": "object", "name": "2", "members": []},
        {"meta-type": "alternate", "name": "3", "members": [{"type": "str"}, {"type": "4"}]},
        {"meta-type": "object", "name": "4", "members": [{"name": "colour", "type": "str"}], "features": ["dim"]},
        {"meta-type": "array", "name": "[str]", "element-type": "str"},
        {"meta-type": "builtin", "name": "str", "json-type": "string"},
    ]
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("lamp-add/arg-type/kind", ""),
        ("lamp-ad", "there is no 'lamp-ad'; close to it: lamp-add"),
        ("lamp-add/args", "'lamp-add' has no 'args'; there is: $slow, arg-type, ret-type"),
        ("LAMP_LIT/ret-type", "'LAMP_LIT' has no 'ret-type'; close to it: arg-type"),
        ("lamp-add/arg-type/neon/colour", "'lamp-add/arg-type' has no 'neon'; close to it: +neon"),
        ("lamp-add/arg-type/*kind", "'lamp-add/arg-type' has no '*kind'; close to it: kind"),
        ("lamp-add/arg-type/kind/xyz", "'lamp-add/arg-type/kind' has no 'xyz'; there is: ^led, ^neon"),
        ("lamp-add/arg-type/kind/^lead", "'lamp-add/arg-type/kind' has no '^lead'; close to it: ^led"),
        (
            "lamp-add/arg-type/kind/^led/$new",
            "'lamp-add/arg-type/kind/^led' has no '$new'; there is: $unstable",
        ),
        (
            "lamp-add/arg-type/kind/^new/$unstable",
            "'lamp-add/arg-type/kind' has no '^new'; close to it: ^neon",
        ),
        ("lamp-add/arg-type/either/color", "'lamp-add/arg-type/either' has no 'color'; close to it: colour"),
        ("lamp-add/arg-type/ids/!int", "'lamp-add/arg-type/ids' has no '!int'; there is: !string"),
        ("lamp-add/arg-type/+led/x", "'lamp-add/arg-type/+led' has no 'x'"),
        ("lamp-add/meta-type", "'lamp-add/meta-type': leads to 'command', which does not exist"),
    ],
)
def test_the_first_step_that_fails_is_named(query: str, expected: str) -> None:
    assert explain(INTROSPECTION, query) == expected


def test_every_query_that_a_hint_gives_is_found(live_introspection: Introspection) -> None:
    wrong = ["blockdev-add/arg-type/file", "blockdev-add/arg-type/*driver", "blockdev-add/arg-type/+qcow2/backing/!nul"]
    for query in wrong:
        said = explain(live_introspection, query)
        nearest = said.partition("close to it: ")[2].split(", ")[0]
        assert probe(live_introspection, f"{query.rpartition('/')[0]}/{nearest}"), said


def test_a_name_is_close_in_whatever_case() -> None:
    assert explain(INTROSPECTION, "lamp-add/arg-type/kind/^LED").endswith("close to it: ^led")
    assert closest("STOP", ["stop", "STOP", "cont"]) == ("stop", "STOP")
