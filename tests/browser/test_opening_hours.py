"""Journey 8: a visitor on the other side of the ocean comes after closing time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Visitor
from tests.browser.test_accessibility import PHONE, WIDE, widget_is_clean
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
STOCKHOLM, NEW_YORK = ZoneInfo("Europe/Stockholm"), ZoneInfo("America/New_York")


@pytest.fixture
def hours(shop: SiteServer) -> Iterator[Callable[[datetime, datetime], None]]:
    """`hours(opens, closes)`: the shop goes by opening hours, every day from one clock time to the other."""
    [(pk,)] = shop.query(
        "SELECT s.id FROM wagtail_livechat_livechatsettings s JOIN wagtailcore_site w ON w.id = s.site_id"
        " WHERE w.is_default_site"
    )

    def set_to(opens: datetime, closes: datetime) -> None:
        shop.query("UPDATE wagtail_livechat_livechatsettings SET mode = 'schedule' WHERE id = %s", [pk])
        shop.query("DELETE FROM wagtail_livechat_openinghours")
        shop.query(
            "INSERT INTO wagtail_livechat_openinghours (settings_id, days, opens, closes) VALUES (%s, 9, %s, %s)",
            [pk, f"{opens:%H:%M}:00", f"{closes:%H:%M}:00"],
        )

    yield set_to
    shop.query("DELETE FROM wagtail_livechat_openinghours")
    shop.query("UPDATE wagtail_livechat_livechatsettings SET mode = 'auto' WHERE id = %s", [pk])


@pytest.mark.covers("A11")
@pytest.mark.parametrize("look", [{"viewport": WIDE}, {"viewport": PHONE, "has_touch": True}], ids=["wide", "phone"])
def test_a_visitor_far_away_learns_when_the_chat_opens_in_their_own_time(
    hours: Callable[[datetime, datetime], None], new_visitor: NewVisitor, look: dict[str, Any]
) -> None:
    opening = (datetime.now(STOCKHOLM) + timedelta(hours=3)).replace(minute=30, second=0, microsecond=0)
    hours(opening, opening + timedelta(hours=1))

    visitor = new_visitor(timezone_id="America/New_York", reduced_motion="reduce", **look).visit().open()

    there = opening.astimezone(NEW_YORK)
    expect(visitor.log.locator(".opens")).to_contain_text(f"Closed right now. We open again: {there:%A}")
    # 09:30 and 9:30 alike: browsers differ in what is English.
    expect(visitor.log.locator(".opens")).to_contain_text(f"{int(f'{there:%I}')}:30")
    expect(visitor.log.locator(".hours").first).to_contain_text("Monday–Sunday")
    expect(visitor.log.locator(".hours").last).to_have_text("Times in Europe/Stockholm")
    widget_is_clean(visitor, "window, closed")

    # The doors open while the window is open.
    now = datetime.now(STOCKHOLM)
    hours(now - timedelta(hours=1), now + timedelta(hours=2))
    expect(visitor.window.locator(".site")).to_have_text("Online")
    expect(visitor.log.locator(".opens")).to_have_count(0)
