"""What the tests of this layer share: a live QEMU's introspection, and schemas of a few lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from qapidoc_ext.introspect.reply import Introspection
from qapidoc_ext.qmp.introspection import introspection_of
from qapidoc_ext.schema.load import load
from qapidoc_ext.schema.model import Schema


@pytest.fixture(scope="session")
def live_introspection(emulator: Path) -> Introspection:
    return introspection_of(emulator)


@pytest.fixture
def schema_of(tmp_path: Path) -> Callable[[str], Schema]:
    """Reads the text of a schema, which must have no fault."""

    def read(text: str, version: str = "") -> Schema:
        if version:
            (tmp_path / "VERSION").write_text(version)
        path = tmp_path / "schema.json"
        path.write_text(text)
        loaded = load(path)
        assert loaded.findings == ()
        return loaded.schema

    return read
