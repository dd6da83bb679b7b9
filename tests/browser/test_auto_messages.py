"""Journey 15: a visitor is spoken to first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.pages import Operator, Visitor
from tests.browser.test_accessibility import PHONE, WIDE, widget_is_clean
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]

MESSAGES = """
from wagtail_livechat.models import AutoMessage
AutoMessage.objects.create(name="Straps", content="Trouble with a strap?", address_contains="/rucksack/", delay_seconds=0)
AutoMessage.objects.create(name="All", content="Can we help you?", delay_seconds=0, sort_order=1)
"""


@pytest.fixture(autouse=True)
def messages(shop: SiteServer) -> None:
    shop.manage("shell", "-c", MESSAGES)


def said(visitor: Visitor) -> Locator:
    return visitor.page.locator("wagtail-livechat #auto")


@pytest.mark.covers("A14")
@pytest.mark.parametrize(
    "look",
    [
        {"viewport": WIDE, "reduced_motion": "reduce"},
        {"viewport": PHONE, "reduced_motion": "reduce", "has_touch": True},
    ],
    ids=["wide", "phone"],
)
def test_a_message_that_fits_the_page_opens_the_chat(
    shop: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator, look: dict[str, Any]
) -> None:
    operator = new_operator().go_available()
    visitor = new_visitor(**look).visit("/products/rucksack/")
    expect(said(visitor)).to_contain_text("Trouble with a strap?")
    widget_is_clean(visitor, "auto-message")
    # Nothing was written down: who has not opened the chat has left no trace in their browser.
    assert visitor.page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0

    visitor.page.get_by_role("button", name="Trouble with a strap?").click()
    expect(visitor.window).to_be_visible()
    expect(said(visitor)).to_have_count(0)
    expect(visitor.messages.first).to_have_text("Trouble with a strap?")
    visitor.say("Yes, it broke")
    expect(operator.offer("Yes, it broke")).to_contain_text("Began with an auto-message")
    assert shop.query("SELECT shown, clicked FROM wagtail_livechat_automessage WHERE name = 'Straps'") == [(1, 1)]

    # In the middle of a conversation nobody is spoken to.
    visitor.page.keyboard.press("Escape")
    visitor.visit("/products/")
    visitor.page.wait_for_load_state("networkidle")
    expect(said(visitor)).to_have_count(0)


def test_a_message_can_be_closed_and_comes_once_a_day_to_who_has_opened_the_chat(
    new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    new_operator().go_available()
    visitor = new_visitor().visit("/")
    expect(said(visitor)).to_contain_text("Can we help you?")
    visitor.page.get_by_role("button", name="Close").click()
    expect(said(visitor)).to_have_count(0)

    # Not remembered before the chat was opened; remembered after.
    visitor.visit("/")
    expect(said(visitor)).to_be_visible()
    visitor.open()
    expect(visitor.field).to_be_visible()
    visitor.page.keyboard.press("Escape")
    visitor.visit("/")
    expect(said(visitor)).to_be_visible()
    visitor.visit("/")
    visitor.page.wait_for_load_state("networkidle")
    expect(said(visitor)).to_have_count(0)
