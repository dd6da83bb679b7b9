"""The admin in a language that runs from right to left, and its pages on paper: nothing is cut off or out of reach."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import Operator
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewOperator = Callable[..., Operator]
STATISTICS = "/admin/livechat/statistics/?period=90"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
SHEET = {"width": 718, "height": 1000}
"""What is left of A4 between the margins of a printer."""

SPEAK = """
from django.contrib.auth import get_user_model
from wagtail.users.models import UserProfile
for user in get_user_model().objects.filter(username__in=["admin", "manager", "operator"]):
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "%s"})
"""

OUTSIDE = """() => [...document.querySelectorAll("main input, main select, main textarea, main button, main a")]
    .filter(one => one.checkVisibility())
    .map(one => [one, one.getBoundingClientRect()])
    // Outside to the left or right, in nothing that scrolls.
    .filter(([one, box]) => box.width > 1 && (box.left < -1 || box.right > innerWidth + 1))
    .filter(([one]) => {
        for (let box = one.parentElement; box && box.tagName !== "MAIN"; box = box.parentElement)
            if (["auto", "scroll"].includes(getComputedStyle(box).overflowX)) return false;
        return true;
    })
    .map(([one]) => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def in_arabic(shop: SiteServer) -> Iterator[None]:
    """Of this package's own words none are in Arabic: it is the direction that is looked at."""
    shop.manage("shell", "-c", SPEAK % "ar")
    yield
    shop.manage("shell", "-c", SPEAK % "")


def turned(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


@pytest.mark.covers("D6")
def test_a_plot_begins_with_its_scale_and_names_stand_under_their_heading(
    in_arabic: None, new_operator: NewOperator
) -> None:
    page = new_operator("manager", **PHONE).go_to(STATISTICS).page
    turned(page)
    for plot in page.locator(".lcs-scroll--plot").all():
        plot.scroll_into_view_if_needed()
        scale = plot.locator(".lcs-label--end").first
        assert scale.evaluate("one => one.getBoundingClientRect().left") >= plot.evaluate(
            "one => one.getBoundingClientRect().left - 1"
        )
    names = page.get_by_role("region", name="Departments")
    head = names.get_by_role("columnheader", name="Department", exact=True)
    name = names.get_by_role("rowheader", name="Sales")
    ends = [one.locator("bdi").evaluate("one => Math.round(one.getBoundingClientRect().right)") for one in (head, name)]
    assert ends[0] == ends[1]


@pytest.mark.covers("D2")
def test_the_page_of_a_conversation_stands_under_its_visitor(in_arabic: None, new_operator: NewOperator) -> None:
    page = new_operator("manager").go_to("/admin/livechat/conversations/").page
    turned(page)
    row = page.locator(".livechat-who", has=page.locator(".livechat-who__page")).first
    ends = [
        row.locator(part).evaluate("one => Math.round(one.getBoundingClientRect().right)")
        for part in (".livechat-who__name", ".livechat-who__page bdi")
    ]
    assert ends[0] == ends[1]


@pytest.mark.parametrize(
    ("who", "path"),
    [
        pytest.param("manager", STATISTICS, id="statistics", marks=pytest.mark.covers("D6")),
        pytest.param("manager", "/admin/livechat/conversations/", id="logs", marks=pytest.mark.covers("D2")),
        pytest.param("operator", "/admin/livechat/desk/", id="desk", marks=pytest.mark.covers("D2")),
        pytest.param("admin", "/admin/livechat/installation/", id="installation", marks=pytest.mark.covers("D5")),
        pytest.param(
            "admin", "/admin/settings/wagtail_livechat/livechatsettings/", id="settings", marks=pytest.mark.covers("D4")
        ),
    ],
)
def test_nothing_that_is_pressed_is_out_of_reach_on_a_phone(
    in_arabic: None, new_operator: NewOperator, who: str, path: str
) -> None:
    page = new_operator(who, **PHONE).go_to(path).page
    turned(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(OUTSIDE) == []


@pytest.mark.covers("D5")
def test_code_is_read_from_left_to_right(in_arabic: None, new_operator: NewOperator) -> None:
    page = new_operator("admin").go_to("/admin/livechat/installation/").page
    # The page looks at the site's front as a visitor, and goes on in the language of who asked.
    turned(page)
    for code in page.locator("[data-livechat-copy] code").all():
        expect(code).to_have_css("direction", "ltr")


def paper(page: Page) -> None:
    page.set_viewport_size(SHEET)
    page.emulate_media(media="print")


@pytest.mark.covers("D6")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_statistics_on_paper_are_whole_and_dark_on_white(new_operator: NewOperator, scheme: str) -> None:
    page = new_operator("manager", color_scheme=scheme).go_to(STATISTICS).page
    expect(page.get_by_role("img", name="When conversations begin")).to_be_visible()
    # In A4 sheets: one of them is what fits into the window.
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) > 3

    paper(page)
    expect(page.locator(".sidebar")).to_be_hidden()
    expect(page.get_by_role("button", name="Show", exact=True)).to_be_hidden()
    expect(page.locator(".content")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator(".lcs-tile__value").first).to_have_css("color", "rgb(17, 17, 17)")
    expect(page.locator(".lcs-accepted").first).to_have_css("fill", "rgb(0, 125, 126)")
    too_wide = page.locator(".lcs-table").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().width > one.parentElement.clientWidth + 1).length"
    )
    assert too_wide == 0


@pytest.mark.covers("D2")
def test_a_record_on_paper_is_whole(new_operator: NewOperator) -> None:
    page = new_operator("manager").go_to("/admin/livechat/conversations/").page
    page.locator("tbody a[href*='/record/'], tbody a[href*='/inspect/']").first.click()
    record: Any = page.locator(".livechat-record")
    expect(record).to_be_visible()
    paper(page)
    expect(page.locator(".sidebar")).to_be_hidden()
    expect(page.locator(".livechat-record__downloads")).to_be_hidden()
    for box in ("html", "body", ".wrapper", ".content-wrapper"):
        expect(page.locator(box)).to_have_css("overflow-y", "visible")
