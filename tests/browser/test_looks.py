"""Journey 14: a manager chooses how the chat looks, and sees it before saving."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Operator
from tests.browser.test_accessibility import is_clean
from tests.services import SiteServer

pytestmark = pytest.mark.browser


@pytest.mark.covers("A12")
def test_the_looks_are_shown_while_they_are_chosen(shop: SiteServer, new_operator: Callable[..., Operator]) -> None:
    [(site,)] = shop.query("SELECT id FROM wagtailcore_site WHERE is_default_site")
    page = new_operator("manager").go_to(f"/admin/settings/wagtail_livechat/livechatsettings/{site}/").page
    preview = page.locator("[data-livechat-looks]")
    launcher = preview.locator("[data-shows=label]")
    expect(preview.locator("[data-shows=company]")).to_have_text("Norrgran")
    expect(launcher).to_have_css("background-color", "rgb(31, 67, 56)")

    preview.get_by_role("button", name="#facc15").click()
    expect(page.locator("#id_color")).to_have_value("#facc15")
    expect(launcher).to_have_css("background-color", "rgb(250, 204, 21)")
    expect(launcher).to_have_css("color", "rgb(0, 0, 0)")
    expect(preview.get_by_role("status")).to_contain_text("The text on it is black, with a contrast of")

    page.locator("#id_color").fill("#111827")
    page.get_by_label("Text on the launcher").fill("Ask us")
    page.get_by_label("Company name").fill("Norrgran & Co")
    expect(launcher).to_have_css("color", "rgb(255, 255, 255)")
    expect(launcher).to_have_text("Ask us")
    expect(preview.locator("[data-shows=company]")).to_have_text("Norrgran & Co")
    is_clean(page, "[data-livechat-looks]", "preview of the looks")
    # Nothing was saved by looking.
    [(color,)] = shop.query("SELECT color FROM wagtail_livechat_livechatsettings WHERE site_id = %s", [site])
    assert color == "#1f4338"
