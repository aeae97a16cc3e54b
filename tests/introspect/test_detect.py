"""How a client finds out that there is a feature: each way that a page shows does find it."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qapidoc_ext.introspect.detect import Detection, detection, jq_filter, python_program
from qapidoc_ext.introspect.generate import describe
from qapidoc_ext.introspect.probe import probe
from qapidoc_ext.introspect.reply import Introspection, encode
from qapidoc_ext.introspect.route import routes
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.schema.usage import usage
from qapidoc_ext.schema.views import carriers

ASKED = "{ 'command': 'query-qmp-schema', 'returns': [ 'Any' ] } { 'struct': 'Any', 'data': {} }"
HIDDEN = {"MigrationParameter", "BlockIOThrottle"}
"""Types with features that no message of some QEMU, or of its storage daemon, holds a value of."""


@pytest.fixture
def detect(schema_of: Callable[[str], Schema]) -> Callable[[str], Detection | None]:
    """How the feature `f` is found, which must be carried once."""

    def found(text: str) -> Detection | None:
        [(_, item, _)] = detections(schema_of(text))
        return item

    return found


def detections(schema: Schema) -> Iterator[tuple[str, Detection | None, Introspection]]:
    description = describe(schema)
    ways, users = routes(description.introspection), usage(schema)
    for carried in carriers(schema).values():
        for carrier in carried:
            found = detection(carrier, description, ways, users)
            yield carrier.definition.name, found, description.introspection


def runs(program: str, introspection: Introspection) -> bool:
    """What the program prints where this is what `query-qmp-schema` returns."""
    compile(program, "program", "exec")
    body = program.partition("await qmp.disconnect()\n")[2].partition("\n\n\nasyncio")[0]
    printed: list[Any] = []
    lines = "\n".join(line.removeprefix("    ") for line in body.split("\n"))
    entities = {item["name"]: item for item in encode(introspection)}
    exec(compile(lines, "body", "exec"), {"schema": entities, "print": printed.append})
    [answer] = printed
    return bool(answer)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("{ 'command': 'c', 'features': [ 'f' ] }", "c/$f"),
        ("{ 'event': 'E', 'features': [ 'f' ] }", "E/$f"),
        ("{ 'struct': 'S', 'data': {}, 'features': [ 'f' ] } { 'command': 'c', 'returns': [ 'S' ] }", "c/ret-type/$f"),
        (
            "{ 'enum': 'E', 'data': [ { 'name': 'v', 'features': [ 'f' ] } ] }{ 'command': 'c', 'data': { 'm': 'E' } }",
            "c/arg-type/m/^v/$f",
        ),
        ("{ 'command': 'c', 'data': { 'm': { 'type': 'str', 'features': [ 'f' ] } } }", ""),
        ("{ 'enum': 'E', 'data': [], 'features': [ 'f' ] } { 'command': 'c', 'data': { 'm': 'E' } }", ""),
    ],
)
def test_the_query_string(detect: Callable[[str], Detection | None], text: str, query: str) -> None:
    found = detect(ASKED + text)
    assert found is not None
    assert found.query == query


@pytest.mark.parametrize(
    "text",
    [
        ASKED + "{ 'struct': 'S', 'data': {}, 'features': [ 'f' ] }",
        ASKED
        + "{ 'struct': 'S', 'data': {}, 'features': [ 'f' ] } { 'struct': 'T', 'base': 'S', 'data': {} }"
        + "{ 'command': 'c', 'returns': 'T' }",
        "{ 'command': 'c', 'features': [ 'f' ] }",
    ],
)
def test_what_no_introspection_shows(detect: Callable[[str], Detection | None], text: str) -> None:
    assert detect(text) is None


def test_every_feature_of_a_real_schema_is_found(qemu_schema: Path) -> None:
    for path in (qemu_schema, qemu_schema.parents[1] / "storage-daemon/qapi/qapi-schema.json"):
        found = list(detections(load(path).schema))
        assert len(found) > 10
        for name, item, introspection in found:
            if item is None:
                assert name in HIDDEN
                continue
            assert not item.query or probe(introspection, item.query), item.query
            assert runs(python_program(item), introspection), python_program(item)


def test_without_the_feature_the_program_says_so(qemu_schema: Path) -> None:
    found = [item for name, item, _ in detections(load(qemu_schema).schema) if name == "BlockdevOptionsFile"]
    [item] = [item for item in found if item and item.feature == "dynamic-auto-read-only"]
    assert not runs(python_program(item), Introspection(entities={}))
    other = describe(load(Path(__file__).parent.parent / "render" / "lamps.json").schema).introspection
    assert not runs(python_program(item), other)


def test_jq_finds_them_too(qemu_schema: Path) -> None:
    jq = shutil.which("jq")
    if jq is None:
        pytest.skip("no jq")
    found = [(item, introspection) for _, item, introspection in detections(load(qemu_schema).schema) if item]
    absent = '{ "return": [] }'
    reply = json.dumps({"return": encode(found[0][1])})
    filters = f"[{', '.join(f'({jq_filter(item)})' for item, _ in found[:40])}]"
    for text, expected in ((reply, {True}), (absent, {False})):
        done = subprocess.run([jq, "-c", filters], input=text, capture_output=True, text=True, check=True, timeout=120)
        assert set(json.loads(done.stdout)) == expected
