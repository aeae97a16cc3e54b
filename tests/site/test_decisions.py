"""The table of decisions and its filters, as a reader sees them."""

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
