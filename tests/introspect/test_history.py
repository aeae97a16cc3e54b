from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from qapidoc_ext.introspect.generate import describe
from qapidoc_ext.introspect.history import history
from qapidoc_ext.introspect.part import branch, value
from qapidoc_ext.introspect.recordings import recordings
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.introspect.since import disagreements, documented_since, own_since
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Schema

SchemaOf = Callable[[str], Schema]
NEWEST = """
##
# @Kind:
#
# @led: the small one
#
# @neon: Since 1.2
#
# Since: 1.0
##
{ 'enum': 'Kind', 'data': [ 'led', 'neon' ] }

##
# @Named:
#
# @id: its name
#
# Since: 1.0
##
{ 'struct': 'Named', 'data': { 'id': { 'type': 'str', 'features': [ 'deprecated' ] } } }

##
# @Led:
#
# @level: how bright (default: 1; since 1.1)
#
# Features:
#
# @dim: can be dim (since 1.2)
#
# Since: 0.9
##
{ 'struct': 'Led', 'base': 'Named', 'data': { '*level': 'int' }, 'features': [ 'dim', 'unstable' ] }

##
# @Lamp:
#
# Since: 1.0
##
{ 'union': 'Lamp', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind',
  'data': { 'led': { 'type': 'Led', 'if': 'CONFIG_LED' } } }

##
# @lamp-add:
#
# Since: 1.1
##
{ 'command': 'lamp-add', 'data': { 'lamp': 'Lamp', '*old': 'str' } }

##
# @LAMP:
#
# Since: 1.2
##
{ 'event': 'LAMP' }

##
# @Unused:
#
# Since: 1.0
##
{ 'struct': 'Unused', 'data': { 'x': 'int' } }
"""
FIRST = """
{ 'enum': 'K', 'data': [ 'led' ] }
{ 'struct': 'Any', 'data': { 'kind': 'K', 'id': 'str' } }
{ 'command': 'lamp-add', 'data': { 'lamp': 'Any', 'old': 'str' } }
"""
SECOND = """
{ 'enum': 'K', 'data': [ 'led' ] }
{ 'struct': 'L', 'data': { 'id': 'str', 'level': 'int' } }
{ 'union': 'Any', 'base': { 'kind': 'K' }, 'discriminator': 'kind', 'data': { 'led': 'L' } }
{ 'command': 'lamp-add', 'data': { 'lamp': 'Any' } }
"""


@pytest.fixture
def recorded(schema_of: SchemaOf) -> Mapping[str, Introspection]:
    texts = {"1.0.0": FIRST, "1.1.0": SECOND, "1.2.0": NEWEST}
    return {version: describe(schema_of(text)).introspection for version, text in texts.items()}


def versions_of(schema_of: SchemaOf, *texts: str) -> dict[str, str]:
    """The versions that have each item of the last of these schemas, of which 1.0.0 has the first, 1.1.0 the next."""
    recorded = {f"1.{number}.0": describe(schema_of(text)).introspection for number, text in enumerate(texts)}
    return {str(item): " ".join(found) for item, found in history(schema_of(texts[-1]), recorded).items()}


def test_what_a_member_of_a_branch_holds_is_not_as_old_in_each_branch(schema_of: SchemaOf) -> None:
    drivers = """
    { 'enum': 'D', 'data': [ 'nbd', 'gluster' ] }
    { 'enum': 'Early', 'data': [ 'unix' ] }
    { 'enum': 'Late', 'data': [ 'unix', 'inet' ] }
    { 'struct': 'Unix', 'data': { 'path': 'str' } }
    { 'struct': 'Inet', 'data': { 'host': 'str' } }
    { 'union': 'EarlyServer', 'base': { 'type': 'Early' }, 'discriminator': 'type', 'data': { 'unix': 'Unix' } }
    { 'union': 'Server', 'base': { 'type': 'Late' }, 'discriminator': 'type',
      'data': { 'unix': 'Unix', 'inet': 'Inet' } }
    { 'struct': 'Nbd', 'data': { 'server': 'Server' } }
    { 'struct': 'Gluster', 'data': { 'servers': [ 'EarlyServer' ] } }
    { 'union': 'Driver', 'base': { 'driver': 'D' }, 'discriminator': 'driver',
      'data': { 'nbd': 'Nbd', 'gluster': 'Gluster' } }
    { 'command': 'add', 'data': { 'driver': 'Driver' } }
    """
    found = versions_of(schema_of, drivers, drivers.replace("[ 'EarlyServer' ]", "[ 'Server' ]"))
    assert found["Server (branch inet)"] == found["Late.inet"] == "1.0.0 1.1.0"
    for server, inet in (("nbd).server", "1.0.0 1.1.0"), ("gluster).servers", "1.1.0")):
        there = f"Driver (branch {server}"
        names = [".type", ".type.unix", " (branch unix)", " (branch unix).path"]
        assert {found[there + name] for name in names} == {"1.0.0 1.1.0"}
        names = [".type.inet", " (branch inet)", " (branch inet).host"]
        assert {found[there + name] for name in names} == {inet}


def test_every_item_has_the_versions_that_have_it(schema_of: SchemaOf) -> None:
    assert versions_of(schema_of, FIRST, SECOND, NEWEST) == {
        "Kind": "1.0.0 1.1.0 1.2.0",
        "Named": "1.0.0 1.1.0 1.2.0",
        "Led": "1.1.0 1.2.0",
        "Lamp": "1.0.0 1.1.0 1.2.0",
        "Kind.led": "1.0.0 1.1.0 1.2.0",
        "Kind.neon": "1.2.0",
        "Named.id": "1.0.0 1.1.0 1.2.0",
        "Named.id (feature deprecated)": "1.2.0",
        "Led (feature dim)": "1.2.0",
        "Led (feature unstable)": "1.2.0",
        "Led.level": "1.1.0 1.2.0",
        "Lamp.kind": "1.0.0 1.1.0 1.2.0",
        "Lamp (branch led)": "1.1.0 1.2.0",
        "lamp-add": "1.0.0 1.1.0 1.2.0",
        "lamp-add.lamp": "1.0.0 1.1.0 1.2.0",
        "lamp-add.old": "1.0.0 1.2.0",
        "LAMP": "1.2.0",
        "Led.id": "1.1.0 1.2.0",
        "Lamp (branch led).kind": "1.1.0 1.2.0",
        "Lamp (branch led).id": "1.1.0 1.2.0",
        "Lamp (branch led).level": "1.1.0 1.2.0",
    }


def test_what_a_command_takes_from_a_type_it_has_not_had_as_long_as_the_type(schema_of: SchemaOf) -> None:
    lamp = "{ 'struct': 'Lamp', 'data': { 'id': 'str', '*hue': { 'type': 'int', 'features': [ 'deprecated' ] } } }"
    first = f"{lamp} {{ 'command': 'lamp-add', 'data': {{ 'options': 'Lamp' }} }}"
    second = f"{lamp} {{ 'command': 'lamp-add', 'data': 'Lamp', 'boxed': true }}"
    versions = versions_of(schema_of, first, second)
    assert {name: found for name, found in versions.items() if name.startswith("lamp-add.")} == {
        "lamp-add.id": "1.1.0",
        "lamp-add.hue": "1.1.0",
        "lamp-add.hue (feature deprecated)": "1.1.0",
    }


def test_what_a_command_has_taken_in_a_branch_is_as_old(schema_of: SchemaOf) -> None:
    command = "{ 'enum': 'K', 'data': [ 'led' ] } { 'command': 'lamp-add', 'data': 'Lamp', 'boxed': true }"
    first = """
    { 'struct': 'Led', 'data': { 'id': 'str' } }
    { 'union': 'Lamp', 'base': { 'kind': 'K' }, 'discriminator': 'kind', 'data': { 'led': 'Led' } }
    """
    second = "{ 'struct': 'Lamp', 'data': { 'kind': 'K', 'id': 'str', 'hue': 'int' } }"
    versions = versions_of(schema_of, command + first, command + second)
    assert versions["lamp-add.id"] == "1.0.0 1.1.0"
    assert versions["lamp-add.hue"] == "1.1.0"


UNION = """
{ 'enum': 'K', 'data': [ 'led' ] }
{ 'struct': 'Base', 'data': { 'kind': 'K', 'id': 'str' } }
{ 'struct': 'Led', 'data': { 'hue': 'int' } }
{ 'union': 'Lamp', 'base': 'Base', 'discriminator': 'kind', 'data': { 'led': 'Led' } }
{ 'command': 'add', 'data': { 'lamp': 'Lamp' } }
"""


def test_a_member_of_the_base_of_a_union_has_its_versions(schema_of: SchemaOf) -> None:
    versions = versions_of(schema_of, UNION.replace(", 'id': 'str'", ""), UNION)
    assert versions["Base.kind"] == "1.0.0 1.1.0"
    assert versions["Base.id"] == "1.1.0"


def test_what_was_no_union_has_had_none_of_its_members(schema_of: SchemaOf) -> None:
    text = "{ 'command': 'add', 'data': { 'lamp': 'str' } }"
    versions = versions_of(schema_of, text, UNION)
    assert versions["add.lamp"] == "1.0.0 1.1.0"
    assert versions["Lamp"] == versions["Base.id"] == versions["Led.hue"] == "1.1.0"
    assert versions_of(schema_of, UNION, text) == {"add": "1.0.0 1.1.0", "add.lamp": "1.0.0 1.1.0"}


def test_a_feature_of_what_a_command_takes_is_none_of_the_command(schema_of: SchemaOf) -> None:
    lamp = "{ 'struct': 'Lamp', 'data': { 'id': 'str' }, 'features': [ 'dim' ] }"
    first = f"{lamp} {{ 'command': 'add', 'data': 'Lamp' }}"
    second = f"{lamp} {{ 'command': 'add', 'data': 'Lamp', 'features': [ 'dim' ] }}"
    versions = versions_of(schema_of, first, second)
    assert versions["Lamp (feature dim)"] == "1.0.0 1.1.0"
    assert versions["add (feature dim)"] == "1.1.0"


def test_what_a_simple_union_wraps_is_in_a_place_of_its_own(schema_of: SchemaOf) -> None:
    lamp = "{ 'struct': 'Lamp', 'data': { 'id': 'str' } } { 'command': 'get', 'returns': 'Lamp' }"
    first = (
        f"{lamp} {{ 'struct': 'Bare', 'data': {{ 'x': 'int' }} }} {{ 'union': 'Light', 'data': {{ 'led': 'Bare' }} }}"
    )
    second = f"{lamp} {{ 'union': 'Light', 'data': {{ 'led': 'Lamp' }} }}"
    command = "{ 'command': 'light', 'data': { 'light': 'Light' } }"
    versions = versions_of(schema_of, first + command, second + command)
    assert versions["Lamp.id"] == "1.0.0 1.1.0"
    assert versions["Light (branch led).data.id"] == "1.1.0"


def test_an_alternative_is_as_old_as_what_takes_such_a_value(schema_of: SchemaOf) -> None:
    first = "{ 'command': 'find', 'data': { 'lamp': 'str' } }"
    second = """
    { 'struct': 'Place', 'data': { 'row': 'int' } }
    { 'alternate': 'Ref', 'data': { 'name': 'str', 'place': 'Place' } }
    { 'command': 'find', 'data': { 'lamp': 'Ref' } }
    """
    newest = second.replace("'place': 'Place'", "'place': 'Place', 'none': 'null'")
    versions = versions_of(schema_of, first, second, newest)
    assert {name: found for name, found in versions.items() if name.startswith("Ref")} == {
        "Ref": "1.1.0 1.2.0",
        "Ref (alternative name)": "1.0.0 1.1.0 1.2.0",
        "Ref (alternative place)": "1.1.0 1.2.0",
        "Ref (alternative none)": "1.2.0",
    }


def test_what_the_documentation_says_is_compared(schema_of: SchemaOf, recorded: Mapping[str, Introspection]) -> None:
    found = disagreements(schema_of(NEWEST), recorded)
    assert [(str(item.item), item.documented, item.observed, bool(item.condition)) for item in found] == [
        ("Lamp (branch led)", "1.0", "1.1.0", True),
        ("lamp-add", "1.1", "1.0.0", False),
        ("lamp-add.lamp", "1.1", "1.0.0", False),
        ("lamp-add.old", "1.1", "1.0.0", False),
    ]


def test_what_stood_in_the_place_of_an_alternative_is_no_disagreement(schema_of: SchemaOf) -> None:
    command = "{ 'command': 'find', 'data': { 'lamp': '%s' } }\n"
    text = (
        "##\n# @Ref:\n#\n# @name: a name\n#\n# @none: nothing (since 1.2)\n#\n# Since: 1.1\n##\n"
        "{ 'alternate': 'Ref', 'data': { 'name': 'str', 'none': 'null' } }\n"
    )
    schema = schema_of(text + command % "Ref")
    new = describe(schema).introspection
    old = describe(schema_of(command % "str")).introspection
    found = disagreements(schema, {"1.0.0": old, "1.1.0": new, "1.2.0": new})
    assert [(str(item.item), item.documented, item.observed) for item in found] == [
        ("Ref (alternative none)", "1.2", "1.1.0")
    ]


def test_what_no_version_has_is_younger_or_a_disagreement(
    schema_of: SchemaOf, recorded: Mapping[str, Introspection]
) -> None:
    older = {version: introspection for version, introspection in recorded.items() if version != "1.2.0"}
    found = {str(item.item): item.observed for item in disagreements(schema_of(NEWEST), older)}
    assert "LAMP" not in found  # 1.2, after the last recording
    found = {
        str(item.item): item.observed
        for item in disagreements(schema_of(NEWEST.replace("Since: 1.2", "Since: 1.1")), older)
    }
    assert found["LAMP"] == ""


def test_a_version_between_two_recordings_is_the_next_one(
    schema_of: SchemaOf, recorded: Mapping[str, Introspection]
) -> None:
    patched = schema_of(NEWEST.replace("Since: 1.2", "Since: 1.1.1"))
    assert "LAMP" not in [str(item.item) for item in disagreements(patched, recorded)]


@pytest.mark.parametrize(
    "since",
    [
        "1.0 (neon since 1.2, led-2 since 1.4, led since 1.3)",
        "1.0\n#\n#     @neon since 1.2\n#     @led-2 since 1.4\n#     @led since 1.3",
        "1.0\n#\n#     'neon' - since 1.2\n#     'led-2' - since 1.4\n#     'led' - since 1.3",
    ],
)
def test_a_part_can_be_named_beside_the_version_of_its_definition(schema_of: SchemaOf, since: str) -> None:
    text = (
        f"##\n# @Kind:\n#\n# Since: {since}\n##\n{{ 'enum': 'Kind', 'data': [ 'led', 'neon', 'led-2', 'red' ] }}\n"
        "{ 'struct': 'S', 'data': {} }\n"
        f"##\n# @Light:\n#\n# Since: {since}\n##\n{{ 'union': 'Light', 'base': {{ 'kind': 'Kind' }}, "
        "'discriminator': 'kind', 'data': { 'led': 'S' } }"
    )
    schema = schema_of(text)
    kind, light = schema.definitions["Kind"], schema.definitions["Light"]
    assert documented_since(kind, None) == "1.0"
    assert [own_since(kind, value(name)) for name in ("led", "neon", "led-2", "red")] == ["1.3", "1.2", "1.4", ""]
    assert [documented_since(kind, value(name)) for name in ("led", "red")] == ["1.3", "1.0"]
    assert own_since(light, branch("led")) == "1.3"


def test_the_real_schema_has_its_history(qemu_schema: Path) -> None:
    versions = {str(item): found for item, found in history(load(qemu_schema).schema, recordings()).items()}
    assert versions["blockdev-add"][0] == "2.5.0"
    assert versions["BlockdevDriver.compress"][0] == "5.0.0"
    assert versions["BlockdevAioOptions.io_uring"][0] == "5.0.0"
    assert versions["BlockdevOptionsFile (feature dynamic-auto-read-only)"][0] == "4.1.0"
    assert versions["block-commit.top (feature deprecated)"][0] == "5.0.0"
    assert versions["blockdev-snapshot (feature allow-write-only-overlay)"][0] == "5.0.0"
    assert len(versions) > 2500
    assert versions["BlockdevOptionsQcow2.cache-size"][0] == "2.5.0"  # up to 2.7, below `options`
    assert versions["BlockdevOptions.node-name"][0] == "2.5.0"
    assert versions["blockdev-add.node-name"][0] == "2.8.0"
    assert versions["BackupCommon.bitmap"][0] == "2.5.0"  # of drive-backup
    assert versions["blockdev-backup.bitmap"][0] == "3.1.0"
    assert versions["BlockdevBackup.bitmap"][0] == "3.1.0"
    assert versions["BlockdevOptions (branch copy-before-write).file"][0] == "6.2.0"
    assert versions["BlockExportOptions (branch nbd).name"][0] == "5.2.0"
    assert versions["TransactionAction (branch blockdev-backup).data.bitmap"][0] == "3.1.0"
    assert versions["BlockdevRefOrNull (alternative null)"][0] == "2.10.0"
    assert versions["BlockdevRefOrNull (alternative reference)"][0] == "2.5.0"
