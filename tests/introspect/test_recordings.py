from __future__ import annotations

import pytest

from qapidoc_ext.introspect.probe import probe
from qapidoc_ext.introspect.recordings import recordings, version
from qapidoc_ext.introspect.reply import Introspection


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
