"""The examples in the comments of a schema: which there are, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qapidoc_ext.qmp.doc_examples import doc_examples
from qapidoc_ext.qmp.doc_faults import judged_examples
from qapidoc_ext.qmp.doc_notation import read_message
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Schema
from qapidoc_ext.source import Location, SourceText

JUDGED = Path(__file__).parent / "judged_examples"
DEFINITIONS = """
{ 'pragma': { 'command-name-exceptions': [ 'device_add' ], 'member-name-exceptions': [ 'QapiErrorClass' ] } }
{ 'enum': 'QapiErrorClass', 'data': [ 'GenericError', 'CommandNotFound' ] }
{ 'struct': 'Lamp', 'data': { 'name': 'str', 'level': 'int', '*on': 'bool' } }
{ 'command': 'lamp-list', 'returns': [ 'Lamp' ], 'allow-oob': true }
{ 'command': 'lamp-set', 'data': { 'lamp': 'Lamp' } }
{ 'command': 'lamp-burn', 'success-response': false }
{ 'command': 'device_add', 'data': { 'driver': 'str' }, 'gen': false }
{ 'event': 'LAMP', 'data': { 'lamp': 'Lamp' } }
"""


def commented(tmp_path: Path, comment: str, definition: str = "{ 'command': 'lamp-get', 'returns': 'Lamp' }") -> Schema:
    """A schema whose first definition has this comment, the first line of which is the second of the file."""
    name = definition.split("'")[3]
    lines = [f"# {line}".rstrip() for line in [f"@{name}:", *comment.strip("\n").split("\n")]]
    path = tmp_path / "schema.json"
    path.write_text("\n".join(["##", *lines, "##", definition, DEFINITIONS]))
    loaded = load(path)
    assert loaded.findings == ()
    return loaded.schema


def faults(schema: Schema) -> list[str]:
    return [
        f"{fault.location.line}:{fault.location.column}: {fault.message}"
        for judged in judged_examples(schema)
        for fault in judged.faults
    ]


def in_tag(tmp_path: Path, example: str) -> list[str]:
    """The faults of an example whose first line is the fourth of its file."""
    return faults(commented(tmp_path, f"Example:\n{example}"))


@pytest.mark.parametrize(
    "example",
    [
        '-> { "execute": "lamp-list" }\n<- { "return": [ { "name": "a", "level": 1 } ] }',
        '-> { "execute": "lamp-list", "id": 1 }\n<- { "return": [ { "name": "a", ... }, ... ], "id": 1 }',
        '-> { "execute": "lamp-set", "arguments": { ... } }\n<- { "return": {} }',
        '-> { "execute": "lamp-set", "arguments": ... }\n<- ...',
        '-> { "exec-oob": "lamp-list" }\n<- { "return": [] }',
        '-> { "execute": "device_add", "arguments": { "driver": "x", "anything": 1 } }\n<- { "return": {} }',
        '<- { "QMP": { "version": {}, "capabilities": [ "oob" ] } }',
        '<- { "return": { "name": "the lamp ...", "level": 1 } }',
        '<- { "event": "LAMP", "data": { "lamp": { "name": "a", "level": 1 } } }',
        '{ "event": "LAMP", "data": { "lamp": { "name": "a", "level": 1 } } }',
        '<-\n{ "event": "LAMP",\n  "data": { "lamp": { "name": "a", "level": 1 } }\n}',
        '-> { "execute": "no-such" }\n<- { "error": { "class": "CommandNotFound", "desc": "..." } }',
        '-> { "execute": "lamp-list" }\n<- { "return": [ { "name": "a", "level": 1 } ... ] }',
        '-> { "execute": "lamp-list" }\n<- { "return": [ ... more lamps ... ] }',
        '-> { "execute": "lamp-list" }\n<- { "return": [ { "name": "a", "level": 1 },\n     {...more...},\n  ] }',
        '-> { "execute": "lamp-list" }\n<- { "return": [ { "name": "a", "level": 1 }, [ ... more follow ... ] ] }',
        "1. First one\n\n   $ ls | grep {\n\n(QEMU) lamp-list",
        "",
    ],
)
def test_what_is_fine_has_no_fault(tmp_path: Path, example: str) -> None:
    assert in_tag(tmp_path, example) == []


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (
            '-> { "execute": "lamp-lits" }',
            ["4:19: $.execute: there is no command 'lamp-lits'; close to it: lamp-list, lamp-set, lamp-get"],
        ),
        (
            '-> { "execute": "lamp-set",\n     "arguments": { "lamp": { "name": 1 } } }',
            [
                "5:31: $.arguments.lamp: the member 'level' is missing",
                "5:41: $.arguments.lamp.name: expected a string, got 1",
            ],
        ),
        ('-> { "execute": "lamp-set" }', ["4:6: $.arguments: the member 'lamp' is missing"]),
        ('-> { "exec-oob": "lamp-get" }', ["4:20: $.exec-oob: 'lamp-get' does not allow out-of-band execution"]),
        (
            '<- { "return": { "level": "1", ... } }',
            ["4:29: $.return.level: expected an integer, got a string"],
        ),
        (
            '-> { "execute": "lamp-list" }\n<- { "return": {} }',
            ["5:18: $.return: expected an array, got an object"],
        ),
        (
            """-> { "execute": "lamp-list", "id": 1 }
-> { "execute": "lamp-set", "id": 2, "arguments": {...} }
<- { "return": 5, "id": 1 }
<- { "return": 5, "id": 2 }""",
            ["6:18: $.return: expected an array, got 5", "7:18: $.return: expected an object, got 5"],
        ),
        (
            '<- { "error": { "class": "Generic", "desc": 1 } }',
            [
                "4:28: $.error.class: 'Generic' is not an error class; close to it: GenericError",
                "4:47: $.error.desc: expected a string, got 1",
            ],
        ),
        (
            '-> { "execute": "lamp-burn" }\n<- { "return": {} }',
            ["5:18: $.return: 'lamp-burn' has no reply where it succeeds"],
        ),
        (
            '<- { "event": "LAPM", "timestamp": { "seconds": 1 } }',
            [
                "4:17: $.event: there is no event 'LAPM'; close to it: LAMP",
                "4:38: $.timestamp: the member 'microseconds' is missing",
            ],
        ),
        (
            '<- { "name": "a", "level": 1 }',
            ["4:6: $: expected an object that has one of the members return, error, event, QMP"],
        ),
        (
            '{ "command": "lamp-list" }',
            ["4:3: $: expected an object that has one of the members execute, exec-oob, return, error, event, QMP"],
        ),
        ("<- 5", ["4:6: $: expected an object that has one of the members return, error, event, QMP"]),
        (
            '<- { "return": { "name": "a"\n     "level": 1,\n   } }',
            ["4:31: not JSON: ',' is missing", "5:18: not JSON: nothing follows this ','"],
        ),
        (
            "-> { 'execute': 'lamp-lits' }",
            [
                "4:8: not JSON: a string stands in double quotes",
                "4:19: $.execute: there is no command 'lamp-lits'; close to it: lamp-list, lamp-set, lamp-get",
                "4:19: not JSON: a string stands in double quotes",
            ],
        ),
        ('-> { "execute": "lamp-set" },\n     "arguments": { } }', ["4:31: not JSON: nothing more is expected here"]),
        (
            '<- { "return": <int> }',
            ["4:18: $.return: expected an object, got a number", "4:18: $.return: not JSON: <int>"],
        ),
        ('<- { "return": ${lamp} }', ["4:18: $.return: not JSON: ${lamp}"]),
    ],
)
def test_every_fault_is_found_where_it_is(tmp_path: Path, example: str, expected: list[str]) -> None:
    assert in_tag(tmp_path, example) == expected


def test_the_directive_of_newer_schemas(tmp_path: Path) -> None:
    schema = commented(
        tmp_path,
        """
Gets a lamp.

.. qmp-example::
   :title: Right

   -> { "execute": "lamp-get" }
   <- { "return": { "name": "a", "level": 1 } }

.. qmp-example::
   :annotated:

   This one is as dark as::

     -> { "execute": "lamp-get" }
     <- { "return": { "name": "a" } }

   the night.

   - a list:
     ::

       <- { "event": "DARK" }

.. note:: { "this": "is none" }
   -> neither is this
""",
    )
    examples = list(doc_examples(schema))
    assert [(example.location.line, len(example.messages)) for example in examples] == [(8, 2), (14, 3)]
    assert faults(schema) == [
        "17:23: $.return: the member 'level' is missing",
        "24:24: $.event: there is no event 'DARK'; there is: LAMP",
    ]


def test_a_tag_that_the_example_stands_beside_leaves_the_column_unknown(tmp_path: Path) -> None:
    comment = 'Example: -> { "execute": "lamp-lits" }\n         <- { "return": {} }'
    schema = commented(tmp_path, comment)
    assert faults(schema) == [
        "3:0: $.execute: there is no command 'lamp-lits'; close to it: lamp-list, lamp-set, lamp-get"
    ]


def test_text_that_stands_for_itself_can_have_examples(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text(f'##\n# .. qmp-example::\n#\n#   -> ... words ...\n#   <- {{ "event": "DARK" }}\n##\n{DEFINITIONS}')
    assert faults(load(path).schema) == ["5:19: $.event: there is no event 'DARK'; there is: LAMP"]


def judged(version: str) -> list[tuple[str, int, str]]:
    """What somebody looked at and found broken: file, line and path, `-` where it is not JSON; behind it stands why."""
    path = JUDGED / f"{'.'.join(version.split('.')[:2])}.tsv"
    if not path.exists():
        pytest.skip(f"nobody has judged the examples of QEMU {version}")
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted((file, int(line), where) for file, line, where, _ in rows)


def found(schema: Schema) -> list[tuple[str, int, str]]:
    return sorted(
        (
            Path(fault.location.path).name,
            fault.location.line,
            path if (path := fault.message.split(":")[0])[0] == "$" else "-",
        )
        for judged in judged_examples(schema)
        for fault in judged.faults
    )


def test_all_that_is_found_in_qemu_is_broken(qemu_schema: Path) -> None:
    schema = load(qemu_schema).schema
    assert found(schema) == judged(schema.version)


@pytest.mark.parametrize("name", ["storage-daemon/qapi/qapi-schema.json", "qga/qapi-schema.json"])
def test_the_other_schemas_of_qemu_have_no_further_broken_examples(qemu_schema: Path, name: str) -> None:
    schema = load(qemu_schema.parent.parent / name).schema
    assert schema.definitions
    assert not set(found(schema)) - set(judged(schema.version))


@given(st.text(alphabet="{}[]\":,.'\\ ab1-<>$\n", max_size=40))
def test_whatever_is_written_gives_faults_and_no_exception(content: str) -> None:
    pattern, not_json = read_message(SourceText(content, Location("schema.json", 1, 1)), 0, len(content))
    assert pattern is not None or not_json
