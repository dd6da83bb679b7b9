"""A manager reads the statistics: opens, chooses, looks at a table, takes files along. In light, dark and on a phone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.pages import Operator
from tests.browser.test_accessibility import LOOKS, NAMES, is_clean

pytestmark = [pytest.mark.browser, pytest.mark.covers("D6")]

PAGE = "/admin/livechat/statistics/"
OURS = "[data-livechat-statistics]"


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_a_manager_reads_chooses_and_takes_along(new_operator: Callable[..., Operator]) -> None:
    manager = new_operator("manager")
    page = manager.page
    manager.go_to("/admin/")
    page.get_by_role("button", name="Live chat").click()
    page.get_by_role("link", name="Statistics").click()
    expect(page.get_by_role("heading", name="Statistics", level=1)).to_be_visible()
    ours = page.locator(OURS)

    def figure(label: str) -> int:
        return number(
            ours.locator(".lcs-tile", has=page.get_by_text(label, exact=True)).locator(".lcs-tile__value").inner_text()
        )

    thirty = figure("Conversations")
    assert thirty == figure("Accepted") + figure("Missed") + figure("Left a message") > 50
    expect(ours.get_by_role("link", name="30 days")).to_have_attribute("aria-current", "true")
    for name in ("Conversations", "How long visitors waited", "When conversations begin"):
        expect(ours.get_by_role("img", name=name, exact=True)).to_be_visible()
    expect(ours.get_by_role("region", name="Operators").get_by_role("rowheader", name="Elin")).to_be_visible()
    expect(ours.get_by_role("region", name="Helpdesk").get_by_role("row", name="Answered by itself")).to_be_visible()
    expect(
        ours.get_by_role("region", name="Auto-messages").get_by_role("rowheader", name="Autumn sale")
    ).to_be_visible()

    ours.locator("summary", has_text="As a table").first.click()
    table = ours.get_by_role("group", name="Table: Conversations")
    expect(table.get_by_role("row")).to_have_count(31)

    ours.get_by_role("link", name="90 days").click()
    expect(ours.get_by_role("link", name="90 days")).to_have_attribute("aria-current", "true")
    ninety = figure("Conversations")
    assert ninety > thirty

    ours.get_by_role("combobox", name="Department").select_option("Repairs and returns")
    ours.get_by_role("button", name="Show", exact=True).click()
    expect(ours.get_by_role("combobox", name="Department").locator("option:checked")).to_have_text(
        "Repairs and returns"
    )
    expect(ours.get_by_role("link", name="90 days")).to_have_attribute("aria-current", "true")
    repairs = figure("Conversations")
    assert 0 < repairs < ninety

    with page.expect_download() as download:
        ours.get_by_role("link", name="Excel").click()
    book = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    summary = {row[0]: row[1] for row in book["Summary"].iter_rows(values_only=True)}
    assert summary["Conversations"] == repairs
    with page.expect_download() as download:
        ours.get_by_role("region", name="Departments").get_by_role("link").click()
    lines = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"), newline="")))
    assert [line[:2] for line in lines[1:]] == [["Repairs and returns", str(repairs)]]

    day = (date.today() - timedelta(days=400)).isoformat()
    ours.get_by_label("From", exact=True).fill(day)
    ours.get_by_label("To", exact=True).fill(day)
    ours.get_by_role("button", name="Show", exact=True).click()
    expect(ours.get_by_role("heading", name="Nothing happened in this period")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_axe_finds_nothing_to_complain_of(new_operator: Callable[..., Operator], look: dict[str, Any]) -> None:
    manager = new_operator("manager", **look)
    page = manager.page
    manager.go_to(f"{PAGE}?period=90")
    ours = page.locator(OURS)
    expect(ours.get_by_role("img", name="When conversations begin")).to_be_visible()
    for summary in ours.locator("summary").all():
        summary.click()

    is_clean(page, OURS, "statistics")
    # Wide tables and plots scroll by themselves; the page does not.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    manager.go_to(f"{PAGE}?from=2020-01-01&to=2020-01-02")
    expect(ours.get_by_role("heading", name="Nothing happened in this period")).to_be_visible()
    is_clean(page, OURS, "statistics, empty")
