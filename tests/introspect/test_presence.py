from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qapidoc_ext.introspect.generate import generate
from qapidoc_ext.introspect.history import history
from qapidoc_ext.introspect.item import Item, items
from qapidoc_ext.introspect.observed import observed
from qapidoc_ext.introspect.part import branch, member, value
from qapidoc_ext.introspect.presence import PRESENT, State, presence
from qapidoc_ext.introspect.recordings import recorded_versions, recordings
from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.introspect.span import Span, spans
from qapidoc_ext.qmp.introspection import ask
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Command, Event, Schema

SchemaOf = Callable[[str], Schema]
SCHEMA = """
{ 'enum': 'Kind', 'data': [ 'led', { 'name': 'gas', 'if': 'CONFIG_GAS' } ] }
{ 'struct': 'Gas', 'data': { 'pressure': 'int' } }
{ 'struct': 'Body', 'data': { 'id': 'str' } }
{ 'struct': 'Timer', 'data': { 'delay': 'int' } }
{ 'struct': 'Refill', 'data': { 'litres': 'int' } }
{ 'struct': 'Leak', 'data': { 'rate': 'int' } }
{ 'struct': 'Meter', 'data': { 'units': 'int' } }
{ 'command': 'gas-refill', 'data': 'Refill', 'returns': 'Meter', 'if': 'CONFIG_GAS' }
{ 'struct': 'Valve', 'data': { 'turns': 'int' } }
{ 'command': 'gas-vent', 'data': { 'valve': 'Valve' }, 'if': 'CONFIG_GAS' }
{ 'event': 'GAS_LEAK', 'data': 'Leak', 'if': { 'any': [ 'CONFIG_GAS', 'CONFIG_TIMER' ] } }
{ 'struct': 'Led', 'base': 'Body',
  'data': { '*level': 'int', '*tone': { 'type': 'str', 'if': 'CONFIG_TONE' },
            '*timer': { 'type': 'Timer', 'if': 'CONFIG_TIMER' } } }
{ 'union': 'Lamp', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind',
  'data': { 'led': 'Led', 'gas': { 'type': 'Gas', 'if': 'CONFIG_GAS' } } }

##
# @lamp-add:
#
# Since: 1.0
##
{ 'command': 'lamp-add', 'data': 'Lamp', 'boxed': true }

##
# @lamp-del:
#
# Since: 3.0
##
{ 'command': 'lamp-del' }
{ 'command': 'lamp-dim' }
{ 'command': 'lamp-old' }
"""
OF_QEMU = SCHEMA.split("##\n# @lamp-del", maxsplit=1)[0]  # without the last three commands


@pytest.fixture
def found(schema_of: SchemaOf) -> dict[str, str]:
    """What is said of each item, of a QEMU 2.0.0 that was built with CONFIG_TONE only."""
    seen = {
        Item("lamp-dim"): (Span("2.1.0", "3.0.0"),),
        Item("lamp-old"): (Span("1.0.0", "1.9.0"),),
        Item("lamp-add"): (Span("1.0.0", "3.0.0"),),
    }
    qemu = generate(schema_of(OF_QEMU), lambda symbol: symbol == "CONFIG_TONE")
    presences = presence(schema_of(SCHEMA), qemu, "2.0.0", seen)
    return {str(item): str(found) for item, found in presences.items() if found != PRESENT}


def test_the_reason_is_the_one_that_something_shows(found: dict[str, str]) -> None:
    of_gas = "gas-refill Refill Refill.litres Meter Meter.units gas-vent gas-vent.valve Valve Valve.turns"
    assert found == {
        **dict.fromkeys(of_gas.split(), "built without it (needs CONFIG_GAS)"),
        **dict.fromkeys("GAS_LEAK Leak Leak.rate".split(), "built without it (needs CONFIG_GAS or CONFIG_TIMER)"),
        "Kind.gas": "built without it (needs CONFIG_GAS)",
        "Gas": "built without it (needs CONFIG_GAS)",
        "Gas.pressure": "built without it (needs CONFIG_GAS)",
        "Lamp (branch gas)": "built without it (needs CONFIG_GAS)",
        "Led.timer": "built without it (needs CONFIG_TIMER)",
        "Timer": "built without it (needs CONFIG_TIMER)",
        "Timer.delay": "built without it (needs CONFIG_TIMER)",
        "lamp-del": "another version (documented since 3.0)",
        "lamp-dim": "another version (first seen in 2.1.0)",
        "lamp-old": "another version (last seen in 1.9.0)",
    }


def test_without_any_reason_it_is_the_schema_of_another_version_or_nothing_shows_why(
    schema_of: Callable[..., Schema],
) -> None:
    qemu = generate(schema_of(OF_QEMU), lambda _: True)
    states = [
        presence(schema_of(SCHEMA, version), qemu, "2.0.7", {})[Item("lamp-old")] for version in ("", "2.0.1", "2.1.0")
    ]
    assert [state.state for state in states] == [State.ABSENT, State.ABSENT, State.OTHER_VERSION]
    assert states[2].why == "documented for 2.1.0"


@pytest.mark.parametrize(
    "seen", [{}, *({Item("Kind", value("neon")): (Span(first, "2.1.0"),)} for first in ("1.9.0", "2.0.0"))]
)
def test_what_only_younger_things_need_says_nothing_of_how_a_qemu_was_built(
    schema_of: Callable[..., Schema], seen: dict[Item, tuple[Span, ...]]
) -> None:
    text = """
    { 'enum': 'Kind', 'data': [ 'led', { 'name': 'neon', 'if': 'CONFIG_NEON' } ] }
    { 'struct': 'Led', 'data': { '*level': 'int' } }

    ##
    # @Neon:
    #
    # @pressure: of the gas (Since 2.2)
    #
    # Since: 2.1
    ##
    { 'struct': 'Neon', 'data': { 'pressure': 'int' }, 'if': 'CONFIG_NEON' }
    { 'union': 'Lamp', 'base': { 'kind': 'Kind' }, 'discriminator': 'kind',
      'data': { 'led': 'Led', 'neon': { 'type': 'Neon', 'if': 'CONFIG_NEON' } } }
    { 'command': 'lamp-add', 'data': 'Lamp', 'boxed': true }
    """
    schema = schema_of(text, "3.0.0")
    qemu = generate(schema, lambda _: False)
    presences = presence(schema, qemu, "2.0.0", seen)
    expected = "built without it (needs CONFIG_NEON)" if seen else "another version (documented for 3.0.0)"
    assert str(presences[Item("Lamp", branch("neon"))]) == expected
    assert str(presences[Item("Neon")]) == "another version (documented since 2.1)"


def test_what_the_recordings_list_wrongly_is_not_gone(schema_of: Callable[..., Schema]) -> None:
    text = """
    { 'enum': 'Result', 'data': [ 'same' ] }
    { 'struct': 'Info', 'data': { 'result': 'Result' } }
    { 'command': 'query-cpu-model-comparison', 'returns': 'Info' }
    { 'command': 'query-lamps' }
    """
    schema = schema_of(text, "10.2.2")
    seen = {item: (Span("2.8.0", "3.1.0"),) for item in items(schema)}
    presences = presence(schema, Introspection(entities={}), "7.2.0", seen)
    assert str(presences[Item("query-lamps")]) == "another version (last seen in 3.1.0)"
    of_it = (Item("query-cpu-model-comparison"), Item("Info"), Item("Result", value("same")))
    assert {str(presences[item]) for item in of_it} == {"another version (documented for 10.2.2)"}
    later = {item: (Span("2.8.0", "4.0.0"),) for item in items(schema)}  # when the recordings were right again
    presences = presence(schema, Introspection(entities={}), "7.2.0", later)
    assert {str(presences[item]) for item in of_it} == {"another version (last seen in 4.0.0)"}


def test_a_part_is_not_gone_with_a_definition_that_is_there(schema_of: Callable[..., Schema]) -> None:
    newer = schema_of("{ 'command': 'lamp-dim', 'data': { '*level': 'int' } }", "10.2.2")
    older = generate(schema_of("{ 'command': 'lamp-dim' }"), lambda _: False)
    seen = {Item("lamp-dim"): (Span("9.0.0", "10.0.0"),)}  # up to the newest recording
    found = presence(newer, older, "11.1.3", seen)
    assert str(found[Item("lamp-dim", member("level"))]) == "another version (documented for 10.2.2)"


def test_why_another_command_with_the_same_type_is_absent_says_nothing_of_a_part_of_it(
    schema_of: Callable[..., Schema],
) -> None:
    lamp = "{ 'struct': 'Lamp', 'data': { 'id': 'int'%s } }\n{ 'command': 'query-lamp', 'returns': 'Lamp' }\n"
    newer = schema_of(lamp % ", '*hue': 'int'" + "{ 'command': 'query-bulb', 'returns': 'Lamp' }")
    older = generate(schema_of(lamp % ""), lambda _: False)
    found = presence(newer, older, "7.2.0", {Item("query-bulb"): (Span("9.0.0", "10.0.0"),)})
    assert str(found[Item("query-bulb")]) == "another version (first seen in 9.0.0)"
    assert found[Item("Lamp", member("hue"))].state is State.ABSENT


AUDIO = """
{ 'enum': 'AudiodevDriver', 'data': [ 'alsa', { 'name': 'jack', 'if': 'CONFIG_JACK' } ] }
{ 'struct': 'Alsa', 'data': { '*threshold': 'int', '*samples': 'int' } }
{ 'union': 'Audiodev', 'base': { 'driver': 'AudiodevDriver' }, 'discriminator': 'driver', 'data': { 'alsa': 'Alsa' } }
{ 'command': 'query-audiodevs', 'returns': [ 'Audiodev' ] }
"""


def test_what_only_the_command_line_took_then_is_not_said_to_be_absent(schema_of: SchemaOf) -> None:
    schema = schema_of(AUDIO)
    since_8 = (Span("8.0.0", "10.0.0"),)
    seen = {item: since_8 for item in items(schema) if item.part != value("jack")}
    seen[Item("Alsa", member("samples"))] = (Span("10.0.0", "10.0.0"),)
    nothing = generate(schema_of(""), lambda _: True)
    assert {str(item): str(found) for item, found in presence(schema, nothing, "7.2.22", seen).items()} == {
        "Alsa.samples": "another version (first seen in 10.0.0)",
        "query-audiodevs": "another version (first seen in 8.0.0)",
    }
    in_8 = presence(schema, generate(schema, lambda _: False), "8.0.0", seen)
    assert str(in_8.pop(Item("AudiodevDriver", value("jack")))) == "built without it (needs CONFIG_JACK)"
    assert set(in_8) == set(seen)


def test_a_driver_without_its_module_is_a_state_of_its_own(qemu_schema: Path, emulator: Path) -> None:
    schema = load(qemu_schema).schema
    qemu, introspection = ask(emulator)
    presences = presence(schema, introspection, qemu.version, {}, [Item("BlockdevOptions", branch("nbd"))])
    assert presences[Item("BlockdevOptions", branch("nbd"))].state is State.NO_MODULE
    assert presences[Item("BlockdevOptions", branch("file"))] == PRESENT


def test_of_commands_and_events_a_qemu_has_those_that_it_names(
    qemu_schema: Path, live_introspection: Introspection
) -> None:
    schema = load(qemu_schema).schema
    presences = presence(schema, live_introspection, "7.2.22", {})
    for name, definition in schema.definitions.items():
        if isinstance(definition, Command | Event) and name != "qmp_capabilities":
            assert (presences[Item(name)] == PRESENT) is (name in live_introspection.entities), name


def test_what_was_observed_is_found_by_item_and_by_place(qemu_schema: Path) -> None:
    schema = load(qemu_schema).schema
    versions = recorded_versions()
    seen = {item: spans(having, versions) for item, having in history(schema, recordings()).items()}
    found = observed(schema, versions, seen, {}, "no QEMU")
    assert len(found.at) == len(found.items) > 3500
    command = schema.definitions["blockdev-add"]
    assert found.at[command.location] == found.items[Item("blockdev-add")]
    assert found.items[Item("blockdev-add")].documented == "2.9"  # and seen in 2.5.0 already
    assert found.items[Item("blockdev-add")].presence is None
    assert found.not_asked == "no QEMU"
