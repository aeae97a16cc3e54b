from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from qapidoc_ext.render.reference import Reference
from qapidoc_ext.schema.load import load


@pytest.fixture
def reference_of(tmp_path: Path) -> Callable[..., Reference]:
    """Reads the text of a schema, which may have faults; `words` names the unions whose branches have pages."""

    def read(text: str, words: Mapping[str, str] | None = None, namespace: str = "qmp") -> Reference:
        path = tmp_path / "s.json"
        path.write_text(text)
        return Reference(schema=load(path).schema, namespace=namespace, words=dict(words or {}))

    return read
