"""What Sphinx writes into its log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp


class Made(logging.Handler):
    """All records."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.mark.parametrize("verbosity", [0, 1, 2])
def test_records_are_made_of_what_is_shown(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path, verbosity: int
) -> None:
    (tmp_path / "conf.py").write_text("extensions = ['qapidoc_ext']\n")
    (tmp_path / "index.rst").write_text("Lamps\n=====\n\n:doc:`nowhere`\n")
    app = make_app("html", srcdir=tmp_path, verbosity=verbosity)
    made = Made()
    logging.getLogger("sphinx").addHandler(made)  # the next application removes it
    app.build()
    assert ("emitting event" in app.status.getvalue()) == (verbosity == 2)
    assert any(record.levelno < logging.INFO for record in made.records) == (verbosity > 0)
    assert "unknown document: 'nowhere'" in app.warning.getvalue()
