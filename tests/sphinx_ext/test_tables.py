"""Tables, by builders that cannot show all that those of HTML can."""

import ast
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from docutils import nodes
from docutils.utils import new_document
from sphinx.application import Sphinx
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext import render
from qapidoc_ext.render.build import paragraph, row, table, wide_row
from qapidoc_ext.sphinx_ext.lists import list_comparisons, list_descriptions
from qapidoc_ext.sphinx_ext.tables import break_tables, fit_tables, list_inner_tables, set_widths
from qapidoc_ext.sphinx_ext.unlike_html import SIGNS, draw_signs, keep_anchors

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
        latex = [("reference/qmp/lamp/red", "red.tex", "red", "nobody", "howto")]
        texinfo = [("reference/qmp/lamp/red", "red", "red", "nobody", "red", "", "", False)]
        documents = {"man_pages": pages, "latex_documents": latex, "texinfo_documents": texinfo}
        app = make_app(builder, srcdir=source, confoverrides=documents)
        app.build()
        assert app.warning.getvalue() == ""
        [output] = [
            path for path in app.outdir.rglob("*.*") if path.name in {"red.txt", "red.7", "red.tex", "red.texi"}
        ]
        return output.read_text()

    return run


def test_plain_text_has_columns_that_can_be_read_and_lists_for_tables_in_tables(shown: Show) -> None:
    text = shown("text")
    assert re.search(r'^\| "kind" mandatory +\| "Colour" +\| its colour +\|$', text, re.MULTILINE)
    assert '* "red": stop, unlike "green"' in text
    for line in text.splitlines():
        assert not line.startswith("|") or len(line) < 100


def test_a_manual_page_has_lists_for_tables_of_descriptions(shown: Show) -> None:
    page = shown("man")
    assert ".TS" not in page
    assert re.search(r"^\.TP\n\.B \\fBkind\\fP \(mandatory, \\fBColour\\fP\)\nits colour$", page, re.MULTILINE)
    assert "<" not in page.partition(".EX")[0]
    assert re.search(r"^\.TP\n.*\\fBred\\fP\nstop, unlike", page, re.MULTILINE)


def test_latex_has_lists_whose_items_can_be_linked_to(shown: Show) -> None:
    page = shown("latex")
    assert not re.search(r"begin\{(tabular|tabulary|longtable|varwidth)\}", page)
    assert re.search(r"lineitem\{\S*watts\S* \(\S*\{optional\}\}, array of \S*uint32", page)
    targets = set(re.findall(r"label\{\\detokenize\{(.*?)\}\}", page))
    assert {"reference/qmp/lamp/red:dim", "reference/qmp/lamp/red:dim.green"} <= targets
    assert set(re.findall(r"hyperref\[\\detokenize\{(.*?)\}\]", page)) <= targets


def test_texinfo_has_lists_whose_items_can_be_linked_to(shown: Show) -> None:
    page = shown("texinfo")
    assert "@multitable" not in page
    assert re.search(r"^@item @code\{watts\} \(optional, array of @code\{uint32\}\)", page, re.MULTILINE)
    anchors = set(re.findall(r"@anchor\{([^}]*)\}", page))
    assert set(re.findall(r"@ref\{([^,}]*)", page)) <= anchors


@pytest.mark.parametrize("builder", ["text", "man", "latex", "texinfo"])
def test_labels_in_a_row_have_commas_between_them(shown: Show, builder: str) -> None:
    assert re.search(r"lamp\W*, \S*of [^\n]*Light[^\n]*, \S*type ", shown(builder))


def test_what_is_no_table_of_descriptions_may_go_on_on_the_next_page() -> None:
    page = nodes.section("", table("some", ["A", "B"], [row(["a", "b"])]))
    list_descriptions(page)
    break_tables(page)
    [found] = page.findall(nodes.table)
    assert found["classes"] == ["qapi-table", "qapi-some", "colwidths-given", "longtable"]


def test_rows_that_span_all_columns_stand_between_or_in_the_items_of_a_list() -> None:
    rows = [
        wide_row("Common", 3),
        row(["a", "int", ""]),
        wide_row("inside", 3, classes=["qapi-inside"]),
        wide_row([paragraph("kind is b"), paragraph("text")], 3, identifier="b", classes=["qapi-branch"]),
        wide_row("Nothing more.", 3, classes=["qapi-branch"]),
    ]
    page = nodes.section("", table("members", ["Name", "Type", "Description"], rows))
    list_descriptions(page)
    before, items, after = page.children
    assert [before.astext(), after.astext()] == ["Common", "Nothing more."]
    assert [[part.astext().strip() for part in item.children] for item in items.children] == [
        ["a (int)", "inside"],
        ["kind is b", "text"],
    ]


@pytest.mark.parametrize(
    ("output", "listed"),
    [
        ("html", set()),
        ("text", {"comparison"}),
        ("man", {"comparison", "members"}),
        ("latex", {"comparison", "members"}),
        ("texinfo", {"comparison", "members"}),
    ],
)
def test_each_builder_has_lists_for_the_tables_that_it_cannot_show(output: str, listed: set[str]) -> None:
    page = new_document("page")
    for name in ("comparison", "members", "versions"):
        header = ["Name", "Description"] if name == "members" else ["Name", "What"]
        page += table(name, header, [row([paragraph("a"), paragraph("b")])])
    fit_tables(cast("Sphinx", SimpleNamespace(builder=SimpleNamespace(format=output))), page, "page")
    left = {name for found in page.findall(nodes.table) for name in found["classes"]}
    assert {name for name in ("comparison", "members", "versions") if f"qapi-{name}" not in left} == listed


def test_signs_that_fonts_of_latex_lack_are_drawn() -> None:
    sign = "\N{WHITE CIRCLE}"
    page = nodes.section("", paragraph(f"{sign} not ", nodes.literal("", sign)))
    draw_signs(page)
    assert [str(part) for part in page[0].children] == [
        '<raw format="latex" xml:space="preserve">\\(\\circ\\)</raw>',
        " not ",
        f"<literal>{sign}</literal>",
    ]


def test_a_comparison_is_a_list_of_what_is_said_of_each_decision_by_each_criterion() -> None:
    rows = [
        wide_row("Common", 3),
        row([[paragraph("C1"), paragraph("told by")], "yes", [paragraph("no"), paragraph("why")]], identifier="x"),
    ]
    page = nodes.section("", table("comparison", ["Criterion", "One", "Two"], rows))
    list_comparisons(page)
    bullets = [[item.astext() for item in items.children] for items in page.findall(nodes.bullet_list)]
    assert bullets == [["One", "Two"], ["yes", "no\n\nwhy"]]
    assert page.children[1].astext() == "Common"
    [term], [about] = page.findall(nodes.term), page.findall(nodes.definition)
    assert (term.astext(), term["ids"], about.children[0].astext()) == ("C1", ["x"], "told by")


def test_tables_of_others_stay_as_they_are() -> None:
    found = table("some", ["Name", "Description"], [row(["a", "b"])])
    found["classes"] = ["colwidths-auto"]
    page = nodes.section("", found, nodes.table())
    before = page.pformat()
    list_descriptions(page)
    list_comparisons(page)
    break_tables(page)
    assert page.pformat() == before


def test_every_sign_of_the_pages_is_drawn_that_fonts_of_latex_lack() -> None:
    files = [file.read_text() for file in Path(render.__file__).parent.glob("*.py")]
    parts = [node.value for file in files for node in ast.walk(ast.parse(file)) if isinstance(node, ast.Constant)]
    signs = {sign for text in parts if isinstance(text, str) for sign in text if sign > "\xff"}
    assert signs - {"\N{EN DASH}", "\N{RIGHT SINGLE QUOTATION MARK}"} <= SIGNS.keys()


@pytest.mark.parametrize("node", [nodes.rubric, nodes.paragraph])
def test_the_identifier_of_what_shows_none_is_that_of_a_target(node: type[nodes.TextElement]) -> None:
    page = nodes.section("", node("", "text", ids=["here"]))
    keep_anchors(page)
    [target] = page.findall(nodes.target)
    assert target["ids"] == ["here"]
    assert target.parent is (page if node is nodes.rubric else page[0])


def test_the_identifier_of_what_holds_a_table_is_that_of_a_target_before_it() -> None:
    page = nodes.section("", nodes.container("", table("some", ["a"], [row(["b"])]), ids=["here"]))
    keep_anchors(page)
    [target] = page.findall(nodes.target)
    assert (page.children[0], target["ids"]) == (target, ["here"])


def test_an_identifier_that_has_a_target_gets_no_other_one() -> None:
    page = nodes.section("", nodes.target(refid="label"), nodes.paragraph("", "text", ids=["here", "label"]))
    keep_anchors(page)
    assert [target["ids"] for target in page.findall(nodes.target)] == [[], ["here"]]


def test_the_identifier_of_an_example_is_that_of_a_target_in_its_first_paragraph() -> None:
    page = nodes.section("", nodes.admonition("", nodes.title("", "title"), paragraph("text"), ids=["here"]))
    keep_anchors(page)
    [target] = page.findall(nodes.target)
    assert target["ids"] == ["here"]
    assert target.parent is next(page.findall(nodes.paragraph))


def test_a_table_with_a_title_has_its_anchor_once(make_app: Callable[..., SphinxTestApp], tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["qapidoc_ext"]\nhtml_theme = "furo"\n')
    (tmp_path / "index.rst").write_text("Page\n====\n\n.. table:: A title\n\n   == ==\n   a  b\n   == ==\n")
    app = make_app("html", srcdir=tmp_path)
    app.build()
    page = (app.outdir / "index.html").read_text()
    assert page.count(' id="id1"') == 1
    assert re.search(r'<table [^>]*id="id1"', page)


def test_what_a_row_of_an_inner_table_holds_is_an_item() -> None:
    first = row(["a", "", [paragraph("b"), paragraph("c")]], identifier="x")
    inner = table("inner", ["A", "B", "C"], [first, row(["", "d", ""])])
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


def test_columns_of_others_whose_widths_are_given_keep_them() -> None:
    page = nodes.section("", table("some", ["", "x"], [row(["a", "b " * 100])]))
    page.children[0]["classes"] = ["colwidths-given"]  # type: ignore[index]
    set_widths(page)
    assert [column["colwidth"] for column in page.findall(nodes.colspec)] == [1, 1]


def test_columns_that_no_row_has_one_by_one_have_a_width() -> None:
    page = nodes.section("", table("some", ["a", "b"], [wide_row("c", 2)]))
    head = next(page.findall(nodes.thead))
    head.replace_self([])
    set_widths(page)
    assert [column["colwidth"] for column in page.findall(nodes.colspec)] == [2, 2]
