"""Journey 14: a manager chooses how the chat looks, and sees it before saving."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Operator, Visitor
from tests.browser.test_accessibility import is_clean, widget_is_clean
from tests.services import SiteServer

pytestmark = pytest.mark.browser


PICTURE = """
from django.core.files.base import ContentFile
from tests.pure.test_attachments import picture
from wagtail.images import get_image_model
from wagtail_livechat.models import LiveChatSettings
image = get_image_model().objects.create(title="Here", file=ContentFile(picture(size=(120, 60)), "here.png"))
LiveChatSettings.objects.update(online_picture=image)
"""


@pytest.mark.covers("A2")
def test_the_sites_own_picture_is_the_launcher_and_a_link_from_elsewhere_opens_the_chat(
    shop: SiteServer, new_visitor: Callable[..., Visitor], new_operator: Callable[..., Operator]
) -> None:
    shop.manage("shell", "-c", PICTURE)
    try:
        operator = new_operator().go_available()
        visitor = new_visitor().visit()
        picture = visitor.page.locator("wagtail-livechat #picture")
        expect(picture).to_be_visible()
        # A screen reader hears what the picture shows.
        expect(visitor.launcher).to_have_accessible_name(re.compile("Chat with us.*Online"))
        widget_is_clean(visitor, "launcher of the site's own")
        operator.set_status("Offline")
        visitor.visit("/products/#livechat")
        expect(visitor.window).to_be_visible()
        expect(picture).to_be_hidden()
    finally:
        shop.query("UPDATE wagtail_livechat_livechatsettings SET online_picture_id = NULL")


@pytest.mark.covers("A12")
def test_the_looks_are_shown_while_they_are_chosen(shop: SiteServer, new_operator: Callable[..., Operator]) -> None:
    [(site,)] = shop.query("SELECT id FROM wagtailcore_site WHERE is_default_site")
    page = new_operator("manager").go_to(f"/admin/settings/wagtail_livechat/livechatsettings/{site}/").page
    page.get_by_role("tab", name="Looks").click()
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
