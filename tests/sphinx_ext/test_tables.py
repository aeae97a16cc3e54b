"""Tables, by builders that cannot show all that those of HTML can."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from docutils import nodes
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext.render.build import paragraph, row, table
from qapidoc_ext.sphinx_ext.tables import list_inner_tables, set_widths

ROOT = Path(__file__).parent / "roots" / "test-lamps"
LAMPS = Path(__file__).parents[1] / "render" / "lamps.json"
Show = Callable[[str], str]


@pytest.fixture
def shown(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> Show:
    """What a builder makes of the page of a lamp."""

    def run(builder: str) -> str:
        source = tmp_path / "source"
        source.mkdir()
        for file in ROOT.iterdir():
            (source / file.name).write_bytes(file.read_bytes())
        (source / "schema.json").write_bytes(LAMPS.read_bytes())
        pages: list[object] = [("reference/qmp/lamp/red", "red", "", [], 7)]
        app = make_app(builder, srcdir=source, confoverrides={"man_pages": pages})
        app.build()
        assert app.warning.getvalue() == ""
        [output] = [path for path in app.outdir.rglob("red.*") if path.suffix in {".txt", ".7"}]
        return output.read_text()

    return run


def test_plain_text_has_columns_that_can_be_read_and_lists_for_tables_in_tables(shown: Show) -> None:
    text = shown("text")
    assert re.search(r'^\| "kind" mandatory +\| "Colour" +\| its colour +\|$', text, re.MULTILINE)
    assert '* "red": stop, unlike "green"' in text
    for line in text.splitlines():
        assert not line.startswith("|") or len(line) < 100


def test_a_manual_page_has_lists_for_tables_in_tables(shown: Show) -> None:
    assert "\\fBred\\fP: stop, unlike" in shown("man")


def test_a_table_with_a_title_has_its_anchor_once(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["qapidoc_ext"]\nhtml_theme = "furo"\n')
    (tmp_path / "index.rst").write_text("Page\n====\n\n.. table:: A title\n\n   == ==\n   a  b\n   == ==\n")
    app = make_app("html", srcdir=tmp_path)
    app.build()
    page = (app.outdir / "index.html").read_text()
    assert page.count(' id="id1"') == 1
    assert re.search(r'<table [^>]*id="id1"', page)


def test_what_a_row_of_an_inner_table_holds_is_an_item() -> None:
    inner = table("inner", ["A", "B"], [row(["a", [paragraph("b"), paragraph("c")]], identifier="x"), row(["", "d"])])
    page = nodes.section("", table("outer", ["C"], [row([[inner]])]))
    list_inner_tables(page)
    [items] = page.findall(nodes.bullet_list)
    assert [[part.astext() for part in item.children] for item in items.children] == [["a: b", "c"], ["d"]]
    assert next(page.findall(nodes.list_item))["ids"] == ["x"]
    assert len(list(page.findall(nodes.table))) == 1


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["a", "bcd"], [3, 5]),
        (["a", "b " * 100], [3, 66]),
        (["a " * 100, "b " * 100], [34, 35]),
        (["a " * 100, "b" * 100], [16, 53]),
        (["a" * 100, "b" * 100], [40, 40]),
        (["", ""], [2, 3]),
    ],
)
def test_columns_have_what_they_need_as_far_as_there_is_room(cells: list[str], expected: list[int]) -> None:
    page = nodes.section("", table("some", ["", "x"], [row(cells)]))
    set_widths(page)
    assert [column["colwidth"] for column in page.findall(nodes.colspec)] == expected
