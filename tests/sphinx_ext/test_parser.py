"""Sources of generated pages, parsed as docutils parses them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from docutils.parsers.rst.states import RSTState
from sphinx.registry import SphinxComponentRegistry
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext.sphinx_ext.pages import SOURCE, Page

CONFIG = """
extensions = ["qapidoc_ext"]
qapidoc_schemas = {"lamps": "schema.json"}
qapidoc_programs = {}
"""
SCHEMA = """\
##
# @lamp-on:
#
# Lights the lamp:
#
# 1. it *waits*
#
# 2. it glows
##
{ 'command': 'lamp-on', 'features': ['quick'] }
"""
CREATE = SphinxComponentRegistry.create_source_parser


@pytest.mark.parametrize("search", [{}, {"is_found": False}])
def test_all_of_a_source_that_a_directive_fills_is_known(search: dict[str, bool]) -> None:
    source = Page(address="command/a", directive="qapi:definition", argument="a", view=(), **search).source(
        "qmp", "ab-c"
    )
    assert SOURCE.fullmatch(source)
    assert not SOURCE.fullmatch(f"{source}\nMore.\n")


@pytest.mark.parametrize("added", ["rst_prolog", "rst_epilog"])
def test_a_page_is_as_it_is_where_something_is_added_to_each_document(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, added: str
) -> None:
    page = Page(address="mine", directive="qapi:coverage", argument="coverage", view=(), is_found=False)
    (tmp_path / "conf.py").write_text(CONFIG)
    (tmp_path / "index.rst").write_text("Lamps\n=====\n")
    (tmp_path / "mine.rst").write_text(page.source("lamps", "-"))
    (tmp_path / "schema.json").write_text(SCHEMA)
    states: list[object] = []
    monkeypatch.setattr(RSTState, "runtime_init", _noting(RSTState.runtime_init, states))
    made = []
    for text in ("", ".. no more"):
        app = make_app("html", srcdir=tmp_path, freshenv=True, confoverrides={added: text})
        app.build()
        made.append(({path: path.read_text() for path in app.outdir.rglob("*.html")}, app.env.metadata, len(states)))
        states.clear()
    (pages, metadata, few), (others, its_metadata, many) = made
    assert pages == others
    assert metadata == its_metadata
    assert metadata["reference/lamps/command/lamp-on"] == {"orphan": ""}
    assert metadata["mine"] == {"orphan": "", "nosearch": ""}
    assert few < many / 2


def test_a_parser_of_many_documents_parses_each_as_it_is_written(
    make_app: Callable[..., SphinxTestApp], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SphinxComponentRegistry, "create_source_parser", cache(CREATE))  # as Sphinx 8 does
    (tmp_path / "conf.py").write_text(CONFIG)
    (tmp_path / "schema.json").write_text(SCHEMA)
    (tmp_path / "index.rst").write_text("Lamps\n=====\n")
    (tmp_path / "written.rst").write_text(":orphan:\n\nWritten\n=======\n\nBehind the pages of the *reference*.\n")
    app = make_app("html", srcdir=tmp_path)
    app.build()
    assert app.warning.getvalue() == ""
    assert "Behind the pages of the <em>reference</em>." in (app.outdir / "written.html").read_text()


def _noting(method: Callable[[RSTState], None], states: list[object]) -> Callable[[RSTState], None]:
    def noting(state: RSTState) -> None:
        states.append(state)
        method(state)

    return noting
