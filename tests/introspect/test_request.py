"""Messages made from a schema: each is valid by the schema, and a QEMU takes it."""

import json
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qapidoc_ext.introspect import reply
from qapidoc_ext.introspect.command_line import command_lines
from qapidoc_ext.introspect.generate import Description, describe
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.introspect.request import messages, request, requests
from qapidoc_ext.introspect.sample import Json, Sampler
from qapidoc_ext.introspect.validate import validate_event, validate_reply, validate_request
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Command, Event, Schema, Union

ODD = "x-no-member"
REFUSALS = [f"Parameter '{ODD}' is unexpected", f"Invalid parameter '{ODD}'"]
"""What QEMU says of the odd member only once it has found nothing wrong with the others."""
ABSENT = re.compile(r"does not accept value|Parameter '[^']+' is unexpected|has not been found")
"""What it says of a branch or of an option that it was built without."""
BACKEND = """
    { 'enum': 'Kind', 'data': [ 'plain', 'deep', { 'name': 'rare', 'if': 'CONFIG_RARE' } ] }
    { 'struct': 'Plain', 'data': { 'path': 'str', '*size': 'size',
                                   '*old': { 'type': 'str', 'features': [ 'deprecated' ] } } }
    { 'struct': 'Deep', 'data': { 'one': 'Plain', '*inner': 'Backend', '*list': [ 'int' ], '*none': 'null' } }
    { 'union': 'Backend', 'base': { 'kind': 'Kind', '*id': 'str', '*flag': 'bool' }, 'discriminator': 'kind',
      'data': { 'plain': 'Plain', 'deep': 'Deep', 'rare': { 'type': 'Plain', 'if': 'CONFIG_RARE' } } }
"""
ADD = "{ 'command': 'add', 'data': 'Backend', 'boxed': true }"
PUT = "{ 'command': 'put', 'data': { 'name': 'str', '*backends': [ 'Backend' ] } }"


@pytest.fixture
def description_of(schema_of: Callable[[str], Schema]) -> Callable[[str], Description]:
    return lambda text: describe(schema_of(text))


def test_a_minimal_and_a_full_request(description_of: Callable[[str], Description]) -> None:
    found = requests("Backend", "plain", description_of(BACKEND + ADD))
    assert found is not None
    assert (found.command, found.member) == ("add", "")
    assert found.minimal_arguments == {"kind": "plain", "path": "PATH"}
    assert found.full_arguments == {"kind": "plain", "id": "ID", "flag": True, "path": "PATH", "size": 1}


def test_a_type_does_not_hold_itself(description_of: Callable[[str], Description]) -> None:
    found = requests("Backend", "deep", description_of(BACKEND + ADD))
    assert found is not None
    assert found.full["one"] == {"path": "PATH", "size": 1}
    assert "inner" not in found.full


def test_of_a_type_that_needs_itself_a_value_ends(description_of: Callable[[str], Description]) -> None:
    made, reply = messages(
        "knot",
        description_of("""
            { 'struct': 'Knot', 'data': { 'a': 'Rope', 'n': 'int' } }
            { 'struct': 'Rope', 'data': { 'b': 'Knot' } }
            { 'command': 'knot', 'data': 'Knot', 'returns': 'Rope' }
        """),
    )
    assert made["arguments"] == {"a": {"b": {}}, "n": 1}
    assert reply == {"return": {"b": {"a": {}, "n": 1}}}


def test_of_an_alternate_that_is_an_array_of_itself_a_value_ends(tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text("""
        { 'alternate': 'Knot', 'data': { 'many': [ 'Knot' ] } }
        { 'alternate': 'Rope', 'data': { 'many': [ 'Rope' ], 'one': 'int' } }
        { 'alternate': 'Yarn', 'data': { 'many': [ 'Yarn' ], 'one': 'any' } }
        { 'command': 'knot', 'data': { 'knot': 'Knot', 'ropes': [ 'Rope' ], 'yarn': 'Yarn' } }
    """)
    made, _ = messages("knot", describe(load(schema).schema))  # with its fault: no alternative can be 'any'
    assert made["arguments"] == {"knot": [], "ropes": [1], "yarn": []}


EITHER = "{ 'union': 'Either', 'base': { 'kind': '%s' }, 'discriminator': '%s', 'data': { '%s': '%s' } }"


@pytest.mark.parametrize(
    "definition",
    [
        EITHER % ("Kind", "kind", "plain", "Nowhere"),
        EITHER % ("Kind", "kind", "plain", "Kind"),
        EITHER % ("Kind", "kind", "plain", "Either"),
        EITHER % ("Kind", "kin", "plain", "Plain"),
        EITHER % ("Nowhere", "kind", "plain", "Plain"),
        EITHER % ("Nothing", "kind", "plain", "Plain"),
        "{ 'alternate': 'Either', 'data': {} }",
        "{ 'struct': 'Either', 'data': { 'a': 'Nothing' } }",
        "{ 'struct': 'Either', 'data': { 'a': 'nothing' } }",
    ],
)
def test_what_has_no_value_has_no_message(definition: str, tmp_path: Path) -> None:
    more = """
        { 'enum': 'Nothing', 'data': [] }
        { 'command': 'nothing' }
        { 'command': 'take', 'data': { 'either': 'Either' } }
    """
    schema = tmp_path / "schema.json"
    schema.write_text(BACKEND + more + definition)
    description = describe(load(schema).schema)  # with its faults
    assert messages("take", description) == ()
    assert messages("Either", description) == ()
    assert requests("Either", "nowhere", description) is None
    assert messages("nothing", description) == ({"execute": "nothing"}, {"return": {}})


ACT = """
    { 'enum': 'Kind', 'data': [ 'bare', 'abort', 'go' ] }
    { 'struct': 'Nothing', 'data': {} }
    { 'struct': 'Nowhere', 'data': { 'data': 'Nothing' } }
    { 'struct': 'Place', 'data': { 'to': 'str' } }
    { 'struct': 'There', 'data': { 'data': 'Place' } }
    { 'union': 'Action', 'base': { 'type': 'Kind' }, 'discriminator': 'type',
      'data': { 'abort': '%s', 'go': '%s' } }
    { 'command': 'act', 'data': 'Action', 'boxed': true }
"""


@pytest.mark.parametrize(
    ("branches", "content"),
    [(("Nothing", "Place"), {"to": "TO"}), (("Nowhere", "There"), {"data": {"to": "TO"}})],
    ids=["flat", "wrapped"],
)
def test_the_branch_that_is_shown_has_members(
    branches: tuple[str, str], content: Json, description_of: Callable[[str], Description]
) -> None:
    made, _ = messages("act", description_of(ACT % branches))
    assert made["arguments"] == {"type": "go", **content}


def test_an_argument_that_is_an_array_of_the_union(description_of: Callable[[str], Description]) -> None:
    found = requests("Backend", "rare", description_of(BACKEND + PUT))
    assert found is not None
    assert (found.command, found.member) == ("put", "backends")
    assert found.minimal_arguments == {"name": "NAME", "backends": [{"kind": "rare", "path": "PATH"}]}
    assert found.full_arguments == {"name": "NAME", "backends": [found.full]}
    assert found.full == {"kind": "rare", "id": "ID", "flag": True, "path": "PATH", "size": 1}


def test_the_command_that_is_shown_is_not_deprecated_where_there_is_another(
    description_of: Callable[[str], Description],
) -> None:
    old = ADD.replace("'boxed'", "'features': [ 'deprecated' ], 'boxed'")
    for more, command in (("", "add"), (PUT, "put")):
        found = requests("Backend", "plain", description_of(BACKEND + old + more))
        assert found is not None
        assert found.command == command


def test_a_union_that_is_not_on_the_wire(schema_of: Callable[[str], Schema]) -> None:
    schema = schema_of(BACKEND + "{ 'command': 'c', 'data': { 'x': 'Plain' } }")
    description = describe(schema, ["Backend"])
    found = requests("Backend", "plain", description)
    assert found is not None
    assert (found.command, found.minimal) == ("", {"kind": "plain", "path": "PATH"})
    on_the_wire = describe(schema).introspection.entities
    assert list(description.introspection.entities.items())[: len(on_the_wire)] == list(on_the_wire.items())
    assert requests("Backend", "plain", describe(schema)) is None


def test_a_union_that_no_command_takes(description_of: Callable[[str], Description]) -> None:
    found = requests("Backend", "plain", description_of(BACKEND + "{ 'command': 'ask', 'returns': 'Backend' }"))
    assert found is not None
    assert found.command == ""
    assert found.minimal_arguments is None
    assert requests("Backend", "plain", description_of(BACKEND)) is None


@pytest.mark.parametrize(
    ("type_", "value", "version", "expected"),
    [
        ("BlockdevOptions", {"a": {"b": [1]}}, "10.2", ["--blockdev a.b.0=1", '--blockdev \'{"a": {"b": [1]}}\'']),
        ("BlockdevOptions", {"a": None}, "10.2", ["--blockdev '{\"a\": null}'"]),
        ("Netdev", {"a": True, "b": "x,y z"}, "5.2.0", ["--netdev 'a=on,b=x,,y z'"]),
        ("Netdev", {"a": {"b": 1}}, "5.2.0", []),
        ("Netdev", {"a": [{"str": "x,y"}, {"str": "z"}]}, "5.2.0", ["--netdev a=x,,y,a=z"]),
        ("Netdev", {"a": {"str": "x"}}, "5.2.0", []),
        ("BlockdevOptions", {"a": [{"str": "x"}]}, "2.8", ["--blockdev a.0.str=x"]),
        ("Netdev", {"a": {"b": 1}}, "", ['--netdev \'{"a": {"b": 1}}\'']),
        ("ObjectOptions", {"a": 1}, "5.2", ["--object a=1"]),
        ("ObjectOptions", {"a": 1}, "6.0", ["--object a=1", "--object '{\"a\": 1}'"]),
        ("Audiodev", {"a": {"b": 1}}, "3.1", ["--audiodev a.b=1"]),
        ("Audiodev", {"a": None}, "4.0", ["--audiodev '{\"a\": null}'"]),
        ("DisplayOptions", {"a": None}, "3.1", []),
        ("DisplayOptions", {"a": None}, "4.0", ["--display '{\"a\": null}'"]),
        ("Elsewhere", {"a": 1}, "10.2", []),
    ],
)
def test_command_lines(type_: str, value: Json, version: str, expected: list[str]) -> None:
    assert list(command_lines(type_, value, version)) == expected


@pytest.fixture(scope="session")
def schemas(qemu_schema: Path) -> list[Schema]:
    """Those of QMP, of the guest agent and of the storage daemon."""
    tree = qemu_schema.parents[1]
    return [load(tree / path / "qapi-schema.json").schema for path in ("qapi", "qga", "storage-daemon/qapi")]


def test_no_message_on_a_page_is_invalid(schemas: list[Schema]) -> None:
    checked = 0
    for schema in schemas:
        description = describe(schema)
        for definition in schema.definitions.values():
            found = messages(definition.name, description)
            if isinstance(definition, Command):
                assert validate_request(description.introspection, found[0]) == (), definition.name
                assert validate_reply(description.introspection, definition.name, found[1]) == (), definition.name
            elif isinstance(definition, Event):
                assert validate_event(description.introspection, found[0]) == (), definition.name
            checked += len(found)
    assert checked > 1000


def all_requests(schema: Schema) -> Iterator[tuple[str, str, Json]]:
    """The minimal and the full request for each branch of every union that a command takes."""
    description = describe(schema)
    for definition in schema.definitions.values():
        for branch in definition.branches if isinstance(definition, Union) else ():
            found = requests(definition.name, branch.name, description)
            if found and found.command:
                yield definition.name, branch.name, request(found.command, found.minimal_arguments)
                yield definition.name, branch.name, request(found.command, found.full_arguments)


def test_no_request_for_a_branch_is_invalid(schemas: list[Schema]) -> None:
    checked = 0
    for schema in schemas:
        introspection = describe(schema).introspection
        for union, branch, message in all_requests(schema):
            assert validate_request(introspection, message) == (), f"{union}.{branch}"
            checked += 1
    assert checked > 200


def test_qemu_says_that_the_least_arguments_of_every_command_are_valid(live_introspection: Introspection) -> None:
    sampler = Sampler(description=Description(introspection=live_introspection, conditions={}, definitions={}))
    for name, entity in live_introspection.entities.items():
        if isinstance(entity, reply.Command):
            message = request(name, sampler.value(entity.arg_type))
            assert validate_request(live_introspection, message) == (), message


def test_an_array_of_itself_has_a_value() -> None:
    loop = reply.Array(name="loop", element_type="loop")
    found = reply.introspection([loop, reply.Array(name="outer", element_type="loop")])
    sampler = Sampler(description=Description(introspection=found, conditions={}, definitions={}))
    assert (sampler.value("loop"), sampler.value("outer")) == ([], [])


@pytest.fixture(scope="session")
def own_schema(schemas: list[Schema], emulator: Path) -> Schema:
    """The schema, where it is that of the QEMU at hand."""
    version = ".".join(schemas[0].version.split(".")[:2])
    output = subprocess.run([emulator, "--version"], capture_output=True, text=True, check=True).stdout
    if f"version {version}." not in output:
        pytest.skip(f"the schema is of QEMU {version}, the program is another one: {output.splitlines()[0]}")
    return schemas[0]


def test_qemu_finds_nothing_wrong_with_the_requests(own_schema: Schema, emulator: Path) -> None:
    asked = [message | {"arguments": message["arguments"] | {ODD: 1}} for _, _, message in all_requests(own_schema)]
    lines = [json.dumps(message) for message in [{"execute": "qmp_capabilities"}, *asked, {"execute": "quit"}]]
    done = subprocess.run(
        [emulator, *"-machine none -nodefaults -display none -qmp stdio".split()],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    replies = [reply for reply in map(json.loads, done.stdout.splitlines()) if "error" in reply]
    assert len(replies) == len(asked)
    refused = [reply["error"]["desc"] for reply in replies]
    assert [text for text in refused if text not in REFUSALS and not ABSENT.search(text)] == []
    assert sum(text in REFUSALS for text in refused) > len(asked) * 0.8


def test_qemu_finds_nothing_wrong_with_the_command_lines(own_schema: Schema, emulator: Path) -> None:
    description = describe(own_schema)
    tried = taken = 0
    for type_, branch in [
        ("BlockdevOptions", "file"),
        ("BlockdevOptions", "quorum"),
        ("BlockdevOptions", "nbd"),
        ("Netdev", "user"),
        ("Netdev", "hubport"),
        ("Netdev", "stream"),
        ("Netdev", "dgram"),
        ("ObjectOptions", "throttle-group"),
        ("ObjectOptions", "memory-backend-ram"),
        ("Audiodev", "none"),
        ("DisplayOptions", "egl-headless"),
    ]:
        found = requests(type_, branch, description)
        for value in (found.minimal, found.full) if found else ():
            for line in command_lines(type_, value | {ODD: 1}, own_schema.version):
                output = refusal(emulator, shlex.split(line))
                assert any(text in output for text in REFUSALS) or ABSENT.search(output), (line, output)
                tried += 1
                taken += any(text in output for text in REFUSALS)
    assert taken > tried * 0.8


def refusal(emulator: Path, options: list[str]) -> str:
    """What QEMU says of options that it does not take."""
    command: list[str | Path] = [emulator, *"-machine none -nodefaults".split(), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode != 0
    return str(done.stderr)
