"""A site's own sentences, and a language that runs from right to left."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import GREETING, Operator, Visitor
from tests.browser.test_accessibility import PHONE, WIDE, is_clean, widget_is_clean
from tests.services import SiteServer

pytestmark = pytest.mark.browser


@pytest.mark.covers("A15")
@pytest.mark.covers("D4")
def test_a_site_speaks_arabic_by_sentences_of_its_own(
    shop: SiteServer,
    new_visitor: Callable[..., Visitor],
    new_operator: Callable[..., Operator],
) -> None:
    [(site,)] = shop.query("SELECT id FROM wagtailcore_site WHERE is_default_site")
    changes = "UPDATE wagtail_livechat_livechatsettings SET language = %s, greeting = %s WHERE site_id = %s"
    shop.query(changes, ["ar", "", site])
    try:
        manager = new_operator("manager").go_to(f"/admin/livechat/texts/?site={site}&language=ar")
        page = manager.page
        is_clean(page, ".livechat-texts", "texts")
        page.get_by_label("Write a message").fill("اكتب رسالة")
        page.get_by_label("{name} joined the chat").fill("انضم إلى المحادثة")
        page.get_by_label("Hello! How can we help?").fill("مرحبا! كيف يمكننا مساعدتك؟")
        page.get_by_role("button", name="Save").last.click()
        expect(page.locator(".error-message")).to_have_text("{name} must stay: it is filled in.")
        expect(page.get_by_label("{name} joined the chat")).to_have_value("انضم إلى المحادثة")
        page.get_by_label("{name} joined the chat").fill("{name} انضم إلى المحادثة")
        page.get_by_role("button", name="Save").last.click()
        expect(page.locator(".livechat-texts__count")).to_have_text(re.compile("^3 of "))
        page.get_by_label("Only changed ones").check()
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".livechat-texts__row")).to_have_count(3)

        operator = new_operator().go_available()
        for order, viewport in (("4711", WIDE), ("4712", PHONE)):
            visitor = new_visitor(viewport=viewport, reduced_motion="reduce").visit().open()
            field = visitor.window.get_by_role("textbox", name="اكتب رسالة")
            expect(visitor.messages).to_have_text(["مرحبا! كيف يمكننا مساعدتك؟"])
            field.fill(f"السلام عليكم, order {order}")
            # What nobody has written yet is English, in a window that runs from right to left.
            send = visitor.window.get_by_role("button", name="Send", exact=True)
            expect(visitor.window).to_have_css("direction", "rtl")
            box, button = field.bounding_box(), send.bounding_box()
            assert box is not None and button is not None
            assert button["x"] < box["x"]
            send.click()
            operator.accept(f"order {order}")
            expect(visitor.happenings).to_have_text(["Elin انضم إلى المحادثة"])
            operator.say("Hello from the left")
            expect(visitor.row("Hello from the left")).to_be_visible()
            mine, theirs = (visitor.row(text).locator(".text").bounding_box() for text in (order, "Hello from"))
            assert mine is not None and theirs is not None
            assert mine["x"] < theirs["x"]
            widget_is_clean(visitor, "window from right to left")
            assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    finally:
        shop.query("DELETE FROM wagtail_livechat_textoverride")
        shop.query(changes, ["", GREETING, site])
