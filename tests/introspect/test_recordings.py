from __future__ import annotations

import pytest

from qapidoc_ext.introspect.objects import takes_properties
from qapidoc_ext.introspect.probe import probe
from qapidoc_ext.introspect.recordings import (
    NO_COMMAND_UP_TO,
    UNSAID_UP_TO,
    misstated,
    recorded_versions,
    recording,
    recordings,
    releases,
    version,
    versions_up_to,
)
from qapidoc_ext.introspect.reply import Command, Introspection


@pytest.fixture(scope="module")
def recorded() -> dict[str, Introspection]:
    return recordings()


def test_the_versions_are_in_their_order(recorded: dict[str, Introspection]) -> None:
    versions = list(recorded)
    assert versions == sorted(versions, key=version)
    assert (versions[0], versions[5], versions[-1]) == ("2.5.0", "2.10.0", "10.0.0")
    assert len(versions) == 29


def test_every_recording_can_be_asked(recorded: dict[str, Introspection]) -> None:
    query = "blockdev-add/arg-type/+file/$dynamic-auto-read-only"
    assert next(text for text, introspection in recorded.items() if probe(introspection, query)) == "4.1.0"
    assert all(probe(introspection, "query-qmp-schema") for introspection in recorded.values())


def test_a_version_is_read_once(recorded: dict[str, Introspection]) -> None:
    assert recorded_versions() == tuple(recorded)
    assert recording("2.9.0") is recorded["2.9.0"]


def test_every_version_has_its_day_and_they_are_in_their_order() -> None:
    known = releases()
    assert tuple(known) == recorded_versions()
    days = [release.released for release in known.values()]
    assert days == sorted(days)
    assert {version for version, release in known.items() if release.recorded_from} == {"2.12.0", "3.1.0"}


def test_what_the_recordings_are_wrong_about_is_what_they_say(recorded: dict[str, Introspection]) -> None:
    for name, wrong in misstated().items():
        listed = {text for text, introspection in recorded.items() if name in introspection.entities}
        told = {text for text in recorded if wrong.includes(text)}
        assert told
        assert told.isdisjoint(listed) if wrong.was_there else told <= listed, name


def test_up_to_when_introspections_do_not_say_what_a_command_takes(recorded: dict[str, Introspection]) -> None:
    for name, last in UNSAID_UP_TO.items():
        for text, introspection in recorded.items():
            command = introspection.entities[name]
            assert isinstance(command, Command)
            is_unsaid = takes_properties(name, introspection.entities[command.arg_type])
            assert is_unsaid is (version(text) <= version(last)), (name, text)


@pytest.mark.parametrize(
    ("type_", "command"), [("Audiodev", "query-audiodevs"), ("DisplayOptions", "query-display-options")]
)
def test_what_only_the_command_line_took_is_named_from_the_first_command_on_that_has_it(
    type_: str, command: str, recorded: dict[str, Introspection]
) -> None:
    for text, introspection in recorded.items():
        assert (command in introspection.entities) is (version(text) > version(NO_COMMAND_UP_TO[type_])), text


@pytest.mark.parametrize(
    ("schema", "last"), [("2.6.50", "2.6.0"), ("2.6", "2.6.0"), ("11.1.3", "2.10.0"), ("", "2.10.0"), ("a.b", "2.10.0")]
)
def test_the_versions_up_to_that_of_a_schema(schema: str, last: str) -> None:
    assert versions_up_to(schema, ("2.5.0", "2.6.0", "2.10.0"))[-1] == last
