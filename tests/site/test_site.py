"""What a reader sees of the built site."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from qapidoc_ext.qmp.read_only_subjects import SUBJECTS

DRIVER = "reference/qmp/driver/file.html"
FEATURE = "reference/qmp/feature/dynamic-auto-read-only.html"
RECORD = "adr/0005-feature-flags-in-the-qapi-schema-language.html"
PAGES = ["index.html", "adr/index.html", "adr/question.html", RECORD, "docs/tutorial.html"]
REFERENCE_PAGES = [
    *(f"reference/qmp/{name}.html" for name in ("index", "coverage", "module/block-core")),
    DRIVER,
    FEATURE,
]
MEASURED = "reference/qmp/read-only/index.html"
NESTED = "reference/qmp/command/blockdev-add.html"
DEEP = "reference/qmp/driver/qcow2.html"
CHANGES = "reference/qmp/changes/8.0.0.html"
GONE = "reference/qmp/gone.html"
WIDE = [NESTED, "reference/qmp/driver.html", DRIVER, DEEP, FEATURE, MEASURED, CHANGES, GONE, "adr/question.html"]


@pytest.fixture
def reference(site: Path) -> Path:
    if not (site / DRIVER).is_file():
        pytest.skip("the site was built without a schema")
    return site


def test_a_driver_shows_its_own_options_and_the_common_ones_in_one_table(reader: Page, reference: Path) -> None:
    reader.goto((reference / DRIVER).as_uri())
    table = reader.locator("#_options > .table-wrapper > table.qapi-members")
    expect(table).to_have_count(1)
    expect(table.locator("tr#filename")).to_contain_text("mandatory")
    expect(table.locator("tr#auto-read-only")).to_contain_text("optional")
    feature = reader.locator("#_features tr", has_text="dynamic-auto-read-only")
    expect(feature).to_contain_text("only where QEMU was built for POSIX hosts")
    feature.get_by_role("link").first.click()
    expect(reader).to_have_url((reference / FEATURE).as_uri() + "#feature-dynamic-auto-read-only")
    expect(reader.locator("table.qapi-carriers tbody tr")).to_contain_text("BlockdevOptionsFile")


def test_what_a_driver_does_with_read_only_leads_to_the_transcript(reader: Page, reference: Path) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto((reference / DRIVER).as_uri())
    row = reader.locator("#_read-only tr", has_text="read-only=off, auto-read-only=on")
    if "not measured" in row.inner_text():
        pytest.skip("the site was built without QEMU and recordings")
    expect(row).to_contain_text("dynamic read-only")
    row.get_by_role("link").click()
    expect(reader.locator("#example-off-on")).to_be_in_viewport()
    modes = reader.locator("#example-off-on").get_by_text("'O_RD").locator("visible=true").all_inner_texts()
    assert [word for text in modes for word in text.split() if word.startswith("'O_RD")] == [
        "'O_RDONLY'",
        "'O_RDWR'",
        "'O_RDONLY'",
        "'O_RDONLY'",
    ]


@pytest.mark.parametrize("name", [MEASURED, "reference/qmp/feature/unstable.html", "adr/question.html"])
def test_the_largest_pages_are_no_larger_than_a_page_may_be(reader: Page, reference: Path, name: str) -> None:
    reader.goto((reference / name).as_uri())
    assert reader.locator("*").count() <= 3000


def test_the_page_of_all_drivers_has_each(reader: Page, reference: Path) -> None:
    reader.goto((reference / MEASURED).as_uri())
    expect(reader.locator("table.qapi-read-only tr.qapi-group")).to_have_count(len(SUBJECTS))


def test_on_paper_a_table_is_divided_and_nothing_lies_over_it(reader: Page, reference: Path) -> None:
    reader.emulate_media(media="print")
    reader.goto((reference / DRIVER).as_uri())
    expect(reader.locator("table.qapi-members").first).to_have_css("break-inside", "auto")
    expect(reader.locator(".skip-to-content")).to_be_hidden()


@pytest.mark.parametrize("name", ["docs/examples/read-only", "adr/0006-a-client-says-when-to-reopen"])
def test_on_paper_an_example_is_divided(reader: Page, site: Path, name: str) -> None:
    reader.emulate_media(media="print")
    reader.goto((site / f"{name}.html").as_uri())
    expect(reader.locator(".qmp-transcript").first).to_have_css("break-inside", "auto")


def test_the_address_of_an_option_leads_to_it(reader: Page, reference: Path) -> None:
    reader.goto((reference / DRIVER).as_uri() + "#auto-read-only")
    expect(reader.locator("tr#auto-read-only")).to_be_in_viewport()


def test_the_record_shows_the_exchange_and_the_qemu_that_had_it(reader: Page, site: Path) -> None:
    reader.goto((site / RECORD).as_uri())
    transcript = reader.locator("#example-dynamic-auto-read-only")
    if transcript.locator(".qapi-label-skipped").count():
        pytest.skip("the site was built without QEMU")
    expect(transcript.locator(".qapi-label-live")).to_have_text("✓ executed live")
    expect(transcript.locator(".qapi-label-qemu")).to_contain_text("QEMU ")
    modes = transcript.get_by_text("'O_RD").locator("visible=true").all_inner_texts()
    assert [word for text in modes for word in text.split() if word.startswith("'O_RD")] == [
        "'O_RDONLY'",
        "'O_RDWR'",
        "'O_RDONLY'",
    ]


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_their_window(reader: Page, site: Path, width: int, colours: str) -> None:
    reader.set_viewport_size({"width": width, "height": 844})
    reader.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    for name in [*PAGES, "genindex.html", *(name for name in REFERENCE_PAGES if (site / name).is_file())]:
        reader.goto((site / name).as_uri())
        assert reader.evaluate("document.documentElement.scrollWidth") <= width, name
        assert reader.locator(".content").evaluate("one => one.scrollWidth - one.clientWidth") == 0, name


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", WIDE)
def test_no_table_has_to_be_scrolled(reader: Page, reference: Path, name: str, width: int) -> None:
    reader.set_viewport_size({"width": width, "height": 844})
    reader.goto((reference / name).as_uri())
    reader.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    tables = reader.locator("article .table-wrapper")
    assert tables.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length") == 0


@pytest.mark.parametrize("width", [390, 1440])
def test_no_exchange_has_to_be_scrolled(reader: Page, site: Path, width: int) -> None:
    reader.set_viewport_size({"width": width, "height": 844})
    reader.goto((site / "docs/examples/read-only.html").as_uri())
    blocks = reader.locator("pre.qmp-exchange").locator("visible=true")
    assert blocks.evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)") == [0] * blocks.count()


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("name", [DRIVER, FEATURE, "reference/qmp/event/STOP.html"])
def test_no_request_has_to_be_scrolled(reader: Page, reference: Path, name: str, width: int) -> None:
    reader.set_viewport_size({"width": width, "height": 844})
    reader.goto((reference / name).as_uri())
    blocks = reader.locator("pre").locator("visible=true")
    assert blocks.evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)") == [0] * blocks.count()


@pytest.mark.parametrize(
    "name", ["docs/examples/index", "adr/0008-what-was-built-in-the-end", "adr/0009-read-only-with-further-values"]
)
def test_on_a_narrow_page_a_table_of_three_columns_or_four_fits(reader: Page, site: Path, name: str) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto((site / f"{name}.html").as_uri())
    tables = reader.locator("article .table-wrapper")
    assert tables.count()
    assert tables.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length") == 0


def test_on_a_wide_page_the_matrix_fits(reader: Page, site: Path) -> None:
    reader.set_viewport_size({"width": 1440, "height": 844})
    reader.goto((site / "docs/examples/versions.html").as_uri())
    assert reader.locator(".qmp-scrolled").evaluate("one => one.scrollWidth - one.clientWidth") <= 1


def test_on_a_narrow_page_an_option_has_the_whole_width(reader: Page, reference: Path) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto((reference / DRIVER).as_uri())
    widths = reader.locator("tr#filename td").evaluate_all("cells => cells.map(cell => cell.clientWidth)")
    assert min(widths) > 250


def pieces(names: Locator) -> list[tuple[str, int]]:
    """The text of each, and into how many pieces the ends of lines divide it."""
    found = names.evaluate_all("all => all.map(one => [one.textContent, one.getClientRects().length])")
    return [(text, parts) for text, parts in found]


@pytest.mark.parametrize("name", ["how-to/decision-records", "reference/data"])
def test_on_a_narrow_page_a_short_name_is_in_one_piece(reader: Page, site: Path, name: str) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto((site / f"docs/{name}.html").as_uri())
    names = reader.locator("article table td:first-child code")
    short = [(text, parts) for text, parts in pieces(names) if text.isalpha() and len(text) < 13]
    assert short
    assert all(parts == 1 for _, parts in short), short


def test_a_short_name_of_what_is_to_be_used_instead_is_in_one_piece(reader: Page, reference: Path) -> None:
    reader.goto((reference / "reference/qmp/feature/deprecated.html").as_uri())
    names = reader.locator("table.qapi-carriers td:nth-child(4) code .pre")
    short = [(text, parts) for text, parts in pieces(names) if len(text) < 13]
    assert short
    assert all(parts == 1 for _, parts in short), short


def test_a_member_that_carries_a_feature_takes_three_lines_at_most(reader: Page, reference: Path) -> None:
    reader.goto((reference / "reference/qmp/feature/unstable.html").as_uri())
    names = reader.locator("table.qapi-carriers td:nth-child(2) code .pre")
    lines = [parts for _, parts in pieces(names)]
    assert lines
    assert max(lines) <= 3


@pytest.mark.parametrize("name", ["reference/qmp/index.html", "reference/qmp/features.html"])
def test_where_lines_are_long_the_name_of_a_definition_is_in_one_piece(
    reader: Page, reference: Path, name: str
) -> None:
    reader.goto((reference / name).as_uri())
    names = pieces(reader.locator("article p > a > code"))
    assert any("-" in text for text, _ in names)
    assert [text for text, parts in names if parts > 1] == []


def test_the_type_of_an_array_takes_two_lines_at_most(reader: Page, reference: Path) -> None:
    reader.goto((reference / "reference/qmp/type/ThreadContextProperties.html").as_uri())
    types = reader.locator("table.qapi-members td:nth-child(2) p")
    assert types.all_inner_texts() == ["array of uint16"] * 2
    assert types.evaluate_all("all => Math.max(...all.map(one => one.clientHeight))") < 60


def test_what_a_feature_means_is_within_its_table(reader: Page, reference: Path) -> None:
    reader.goto((reference / "reference/qmp/feature/unstable.html").as_uri())
    wrapper = reader.locator(".table-wrapper:has(table.qapi-carriers)")
    assert wrapper.evaluate("one => one.scrollWidth - one.clientWidth") == 0


def test_the_longest_name_of_what_is_deprecated_fits(reader: Page, reference: Path) -> None:
    reader.goto((reference / "reference/qmp/feature/deprecated.html").as_uri())
    name = reader.locator("table.qapi-carriers td:first-child code .pre").first
    name.evaluate("one => { one.textContent = 'BlockdevCreateOptions.gluster'; }")  # QEMU 10.2 has it
    frame = reader.locator(".table-wrapper:has(> table.qapi-carriers)")
    assert frame.evaluate("one => one.scrollWidth - one.clientWidth") == 0


def test_the_condition_of_what_carries_a_feature_has_room_for_its_name(reader: Page, reference: Path) -> None:
    reader.goto((reference / FEATURE).as_uri())
    conditions = pieces(reader.locator("table.qapi-carriers .qapi-label-condition code"))
    assert conditions == [("CONFIG_POSIX", 1)]


@pytest.mark.parametrize("name", ["coverage", "index", "this-qemu"])
def test_the_numbers_of_a_column_end_below_each_other(reader: Page, reference: Path, name: str) -> None:
    reader.goto((reference / f"reference/qmp/{name}.html").as_uri())
    table = reader.locator("table:is(.qapi-coverage, .qapi-modules, .qapi-presence)")
    ends = table.locator("tr > :nth-child(2)").evaluate_all(
        """cells => cells.map(cell => {
            const range = document.createRange();
            range.selectNodeContents(cell.firstElementChild);
            return Math.round(range.getBoundingClientRect().right);
        })"""
    )
    assert len(ends) > 1
    assert len(set(ends)) == 1


def test_each_date_of_a_recording_has_a_line_of_its_own(reader: Page, site: Path) -> None:
    reader.goto((site / "docs/examples/versions.html").as_uri())
    dates = reader.locator("table.qmp-matrix td .qmp-date")
    indents = dates.evaluate_all("all => all.map(one => one.offsetLeft - one.parentElement.offsetLeft)")
    assert set(indents) == {0}


def test_a_table_begins_where_the_text_begins(reader: Page, site: Path) -> None:
    reader.set_viewport_size({"width": 1440, "height": 900})
    reader.goto((site / "index.html").as_uri())
    text, table = reader.locator("article p").first.bounding_box(), reader.locator("article table").bounding_box()
    assert text is not None
    assert table is not None
    assert abs(text["x"] - table["x"]) < 5


@pytest.mark.parametrize("name", ["tutorial", "how-to/write-an-example"])
def test_what_is_to_be_written_is_seen_whole(reader: Page, site: Path, name: str) -> None:
    reader.set_viewport_size({"width": 1440, "height": 900})
    reader.goto((site / f"docs/{name}.html").as_uri())
    blocks = reader.locator("article pre")
    assert blocks.count() > 5
    assert blocks.evaluate_all("all => Math.max(...all.map(one => one.scrollWidth - one.clientWidth))") == 0


def test_on_a_narrow_page_the_title_of_a_section_is_no_larger_than_that_of_the_page(reader: Page, site: Path) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto((site / "reference/qmp/command/blockdev-add.html").as_uri())
    titles = [reader.locator(f"article {tag}").first for tag in ("h1 code", "h2")]
    page, part = (float(one.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")) for one in titles)
    assert part < page


def test_on_a_narrow_page_a_title_of_one_word_is_one_line(reader: Page, site: Path) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto((site / "docs/index.html").as_uri())
    is_one_line = "one => one.clientHeight < 2 * parseFloat(getComputedStyle(one).fontSize)"
    assert reader.locator("article h1").evaluate(is_one_line)


def test_on_a_narrow_page_the_matrix_is_scrolled_and_not_the_page(reader: Page, site: Path) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto((site / "docs/examples/versions.html").as_uri())
    content = reader.locator(".content")
    assert content.evaluate("one => one.scrollWidth - one.clientWidth") == 0


def test_on_a_narrow_page_a_change_says_whom_it_is_about(reader: Page, reference: Path) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto((reference / CHANGES).as_uri())
    cells = reader.locator("table.qapi-changes td:nth-child(3) p")
    assert set(cells.evaluate_all("all => all.map(one => getComputedStyle(one, '::before').content)")) == {'"for: "'}


def test_on_a_narrow_page_a_branch_says_that_it_counts_options(reader: Page, reference: Path) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto((reference / "reference/qmp/driver.html").as_uri())
    counts = reader.locator("table.qapi-union td:nth-child(2) p")
    said = counts.evaluate_all("all => all.map(one => getComputedStyle(one, '::before').content)")
    assert set(said) == {'"options: "'}


@pytest.mark.parametrize(("name", "table"), [("coverage", "coverage"), ("this-qemu", "presence"), ("index", "modules")])
def test_on_a_narrow_page_each_number_says_of_what_it_is(reader: Page, reference: Path, name: str, table: str) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto((reference / f"reference/qmp/{name}.html").as_uri())
    numbers = reader.locator(f"table.qapi-{table} tbody tr:first-child td:not(:first-child) p")
    said = numbers.evaluate_all("all => all.map(one => getComputedStyle(one, '::before').content)")
    assert said
    assert all(text.endswith(': "') for text in said), said


@pytest.mark.parametrize("what", ["button.copybtn", "input.sidebar-search"])
def test_who_comes_with_the_keyboard_sees_where_he_is(reader: Page, site: Path, what: str) -> None:
    reader.goto((site / "docs/tutorial.html").as_uri())
    reader.keyboard.press("Tab")
    found = reader.locator(what).first
    found.focus()
    expect(found).to_have_css("outline-style", "solid")
    expect(found).to_have_css("opacity", "1")


def test_who_copies_with_the_keyboard_goes_on_from_there(reader: Page, site: Path) -> None:
    reader.goto((site / "docs/tutorial.html").as_uri())
    button = reader.locator("button.copybtn").first
    button.focus()
    reader.keyboard.press("Enter")
    expect(button).to_have_class(re.compile("success"))
    expect(button).to_be_focused()


def test_everything_on_the_first_page_leads_somewhere(reader: Page, site: Path) -> None:
    reader.goto((site / "index.html").as_uri())
    links = [str(link.get_attribute("href")) for link in reader.locator("article a:not(.headerlink)").all()]
    assert links
    for link in links:
        assert (site / link.partition("#")[0]).is_file(), link
