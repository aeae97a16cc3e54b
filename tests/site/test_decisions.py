"""The table of decisions and its filters, as a reader sees them."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

INDEX = "adr/index.html"
ROWS = "table.qapi-decision-index tbody tr:visible"


def test_a_filter_chosen_is_kept_in_the_address(reader: Page, site: Path) -> None:
    reader.goto((site / INDEX).as_uri())
    total = reader.locator(ROWS).count()
    reader.get_by_label("Status", exact=True).select_option("accepted")
    accepted = reader.locator(ROWS).count()
    assert 0 < accepted < total
    expect(reader.locator(".decision-filter output")).to_have_text(f"{accepted} of {total} records")
    expect(reader).to_have_url((site / INDEX).as_uri() + "#?Status=accepted")
    reader.get_by_role("button", name="Show all").click()
    expect(reader.locator(ROWS)).to_have_count(total)
    expect(reader).to_have_url((site / INDEX).as_uri())


def test_a_verdict_of_a_record_is_on_one_line(reader: Page, site: Path) -> None:
    reader.goto((site / "adr/0005-feature-flags-in-the-qapi-schema-language.html").as_uri())
    signs = reader.locator("table.qapi-decision-criteria .verdict-sign")
    assert signs.count() == 16
    assert signs.evaluate_all("all => Math.max(...all.map(one => one.getClientRects().length))") == 1


def test_the_name_of_an_evidence_is_in_one_piece_where_it_fits_its_column(reader: Page, site: Path) -> None:
    reader.goto((site / "adr/0005-feature-flags-in-the-qapi-schema-language.html").as_uri())
    names = reader.locator("table.qapi-decision-criteria td:last-child").get_by_text("commit-5", exact=True)
    assert names.count() == 2
    assert names.evaluate_all("all => Math.max(...all.map(one => one.getClientRects().length))") == 1


def test_on_a_narrow_page_what_would_change_in_the_schema_is_seen_whole(reader: Page, site: Path) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto((site / "adr/0003-a-member-dynamic-read-only.html").as_uri())
    schemas = reader.locator(".interface-change pre")
    assert schemas.evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)") == [0] * schemas.count()
    assert schemas.count()


def test_no_page_about_decisions_shows_the_marks_of_emphasis(site: Path) -> None:
    marked = re.compile(r">[^<'\n]*[*]\w[^<*'\n]*[*]")  # a schema has an asterisk after a quotation mark
    shown = {page.name: marked.findall(page.read_text()) for page in site.glob("adr/*.html")}
    assert {name: found for name, found in shown.items() if found} == {}


def test_an_address_with_filters_shows_what_they_choose(reader: Page, site: Path) -> None:
    reader.goto((site / INDEX).as_uri() + "#?Status=accepted&text=FLAGS")
    expect(reader.locator(ROWS)).to_have_count(1)
    expect(reader.locator(ROWS)).to_contain_text("0005")


def test_an_address_that_names_nothing_known_shows_all(reader: Page, site: Path) -> None:
    reader.goto((site / INDEX).as_uri() + "#?Status=<b>nonsense&other=x")
    expect(reader.locator(".decision-filter output")).to_have_text(f"{reader.locator(ROWS).count()} records")


def test_without_scripts_the_whole_table_is_there(browser: Browser, site: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((site / INDEX).as_uri() + "#?Status=accepted")
    assert page.locator(ROWS).count() > 10
    assert page.locator(".decision-filter").count() == 0
