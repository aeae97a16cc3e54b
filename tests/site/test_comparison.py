"""The options side by side, as a reader sees them."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

COMPARISON = "adr/comparison.html"
CRITERIA = "table.qapi-comparison tbody tr[id]:visible"
COLUMNS = "table.qapi-comparison thead th:visible"
CHOICE = ".comparison-choice"


def shown(reader: Page) -> list[str]:
    """The criteria that are shown."""
    return [str(row.get_attribute("id")).removeprefix("comparison-") for row in reader.locator(CRITERIA).all()]


def cell(reader: Page, criterion: str, option: int) -> Locator:
    return reader.locator(f"#comparison-{criterion} td").nth(option)


def test_options_chosen_stand_in_the_address(reader: Page, site: Path) -> None:
    reader.goto((site / COMPARISON).as_uri())
    every = shown(reader)
    assert every == ["C3", "C7", *(f"C{number}" for number in range(1, 17) if number not in {3, 7})]
    expect(reader.locator(COLUMNS)).to_have_count(7)
    for option in ("1", "2", "3", "6"):
        reader.locator(CHOICE).get_by_label(option, exact=True).uncheck()
    expect(reader.locator(COLUMNS)).to_have_count(3)
    expect(reader).to_have_url((site / COMPARISON).as_uri() + "#opts=4,5")
    reader.locator(CHOICE).get_by_label("only what differs").check()
    expect(reader).to_have_url((site / COMPARISON).as_uri() + "#opts=4,5&only=differs")
    assert 0 < len(shown(reader)) < len(every)
    reader.get_by_role("button", name="Show all").click()
    expect(reader).to_have_url((site / COMPARISON).as_uri())
    assert shown(reader) == every


def test_the_mark_that_opens_a_cell_takes_no_line_of_its_own(reader: Page, site: Path) -> None:
    reader.set_viewport_size({"width": 1440, "height": 900})
    reader.goto((site / COMPARISON).as_uri())
    below = reader.locator("table.qapi-comparison summary:visible").evaluate_all(
        """all => all.map(one =>
            one.getBoundingClientRect().bottom - one.lastElementChild.getBoundingClientRect().bottom)"""
    )
    assert below
    assert max(below) < 8


def test_what_a_cell_opens_covers_neither_its_verdict_nor_how_it_was_found(reader: Page, site: Path) -> None:
    reader.set_viewport_size({"width": 1440, "height": 900})
    reader.goto((site / COMPARISON).as_uri())
    first = cell(reader, "C3", 1)
    first.locator("summary").click()
    verdict, inside = first.locator("summary").bounding_box(), first.locator(".comparison-inside").bounding_box()
    assert verdict is not None
    assert inside is not None
    assert inside["y"] >= verdict["y"] + verdict["height"]


def test_an_address_shows_what_it_chooses_and_only_what_differs(reader: Page, site: Path) -> None:
    reader.goto((site / COMPARISON).as_uri() + "#opts=4,5&only=differs")
    expect(reader.locator(COLUMNS)).to_have_count(3)
    rows = shown(reader)
    assert "C5" in rows
    assert "C1" not in rows
    for row in rows:
        words = [cell(reader, row, option).locator(".verdict-sign").inner_text() for option in (4, 5)]
        assert words[0] != words[1], row
    expect(reader.locator(f"{CHOICE} output")).to_have_text(
        f"Options 4, 5: they differ in {len(rows)} of 16 criteria, which are shown"
    )


@pytest.mark.parametrize("fragment", ["#opts=<b>,9&only=x&weights=C1:-1,C99:2,C2:x,C3:5", "#comparison-C9", "#opts="])
def test_an_address_that_chooses_nothing_known_shows_all(reader: Page, site: Path, fragment: str) -> None:
    reader.goto((site / COMPARISON).as_uri() + fragment)
    expect(reader.locator(COLUMNS)).to_have_count(7)
    assert len(shown(reader)) == 16
    expect(reader.locator(".comparison-result")).to_contain_text("No weight is set")


def test_weights_give_an_order_and_say_what_it_takes_to_turn_it(reader: Page, site: Path) -> None:
    reader.goto((site / COMPARISON).as_uri() + "#opts=4,5")
    expect(reader.locator(".comparison-result")).to_contain_text("no order")
    reader.get_by_text("Weigh the criteria").click()
    reader.get_by_label("C5 It needs little code").fill("2")
    reader.get_by_label("C16 It is easy to document").fill("1")
    expect(reader).to_have_url((site / COMPARISON).as_uri() + "#opts=4,5&weights=C5:2,C16:1")
    first, second = reader.locator(".comparison-order li").all_inner_texts()
    # C5 is yes and in part; C16 is in part for both.
    assert first.startswith("option 4 ")
    assert first.endswith(": 2.5")
    assert second.endswith(": 1.5")
    turn = reader.locator(".comparison-result p").last.inner_text()
    assert turn.startswith("The first place turns most easily by C5: where its weight goes from 2 to 0, option 5 draws")
    reader.reload()
    expect(reader.locator(".comparison-order li").first).to_have_text(first)


def test_a_criterion_that_an_option_has_no_verdict_by_is_not_weighed(reader: Page, site: Path) -> None:
    reader.goto((site / COMPARISON).as_uri() + "#opts=1,4&weights=C5:3")
    assert "open" in cell(reader, "C5", 1).inner_text()
    expect(reader.locator(".comparison-result")).to_contain_text("C5: left out")
    expect(reader.locator(".comparison-order li")).to_have_count(0)


def test_the_mouse_and_the_keyboard_open_what_a_verdict_rests_on(reader: Page, site: Path) -> None:
    reader.set_viewport_size({"width": 1280, "height": 900})
    reader.goto((site / COMPARISON).as_uri())
    inside = cell(reader, "C5", 5).locator(".comparison-inside")
    expect(inside).not_to_be_visible()
    cell(reader, "C5", 5).hover()
    expect(inside).to_be_visible()
    expect(inside).to_contain_text("5.P7: The patch is smaller than he had feared. (Markus Armbruster, M7")
    reader.locator("h1").hover()
    expect(inside).not_to_be_visible()
    cell(reader, "C5", 5).locator("summary").focus()
    reader.keyboard.press("Enter")
    expect(inside).to_be_visible()
    reader.keyboard.press("Escape")
    expect(inside).not_to_be_visible()


def test_the_keyboard_leaves_a_cell_behind_it_closed(reader: Page, site: Path) -> None:
    reader.goto((site / COMPARISON).as_uri())
    summary, inside = (cell(reader, "C5", 5).locator(part) for part in ("summary", ".comparison-inside"))
    summary.focus()
    reader.keyboard.press("Enter")
    reader.keyboard.press("Tab")
    expect(inside.locator(":focus")).to_have_count(1)
    reader.keyboard.press("Escape")
    expect(inside).not_to_be_visible()
    expect(summary).to_be_focused()
    reader.keyboard.press("Enter")
    for _ in range(inside.locator("a").count()):
        reader.keyboard.press("Tab")
    expect(inside).to_be_visible()
    reader.keyboard.press("Tab")
    expect(inside).not_to_be_visible()
    expect(cell(reader, "C5", 6).locator("summary")).to_be_focused()


def test_a_cell_leads_to_what_shows_it(reader: Page, site: Path) -> None:
    for criterion, option, name in (("C11", 5, "dynamic-auto-read-only"), ("C7", 3, "commit-3")):
        reader.goto((site / COMPARISON).as_uri())
        cell(reader, criterion, option).locator("summary").click()
        cell(reader, criterion, option).get_by_role("link", name=name).click()
        expect(reader.locator(f"#example-{name}")).to_be_in_viewport()


def test_without_scripts_the_whole_table_is_there_and_opens(browser: Browser, site: Path) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto((site / COMPARISON).as_uri() + "#opts=4,5&only=differs")
    expect(page.locator(COLUMNS)).to_have_count(7)
    assert page.locator(CRITERIA).count() == 16
    assert page.locator(CHOICE).count() == 0
    page.locator("#comparison-C5 td").nth(4).locator("summary").click()
    expect(page.locator("#comparison-C5 td").nth(4).locator(".comparison-inside")).to_be_visible()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_table_and_what_opens_fit_their_window(reader: Page, site: Path, width: int, colours: str) -> None:
    reader.set_viewport_size({"width": width, "height": 844})
    reader.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    for name in (COMPARISON, *(f"adr/interface-{number}.html" for number in range(1, 7))):
        reader.goto((site / name).as_uri())
        assert reader.evaluate("document.documentElement.scrollWidth") <= width, name
    reader.goto((site / COMPARISON).as_uri())
    for option in (1, 6):
        cell(reader, "C12", option).locator("summary").click()
        box = cell(reader, "C12", option).locator(".comparison-inside").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


def test_on_a_narrow_page_each_cell_names_its_option(reader: Page, site: Path) -> None:
    reader.set_viewport_size({"width": 390, "height": 844})
    reader.goto((site / COMPARISON).as_uri() + "#opts=4,5")
    expect(cell(reader, "C5", 5).locator(".comparison-column")).to_be_visible()
    assert cell(reader, "C5", 5).evaluate("cell => cell.clientWidth") > 300


def test_print_has_the_verdicts_and_not_the_controls(reader: Page, site: Path) -> None:
    reader.goto((site / COMPARISON).as_uri() + "#opts=4,5")
    reader.emulate_media(media="print")
    expect(reader.locator(".comparison-choice fieldset")).not_to_be_visible()
    expect(reader.locator(f"{CHOICE} output")).to_be_visible()
    expect(cell(reader, "C5", 4).locator(".verdict-sign")).to_have_text("✓ yes")
