"""Promises 7 and 8, and A1: what a page pays, and what nobody is asked for before they open the chat."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.pages import Operator, Visitor
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]

PAGES = ["/sv/", "/products/", "/products/coffee-pot/", "/contact/", "/about/", "/"]

STORED = """async () => ({
  cookies: document.cookie,
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map(({name}) => name),
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"cookies": "", "local": [], "session": [], "databases": [], "caches": [], "workers": 0}


@pytest.mark.covers("A1")
def test_nothing_is_stored_and_little_fetched_before_the_chat_is_opened(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    for path in PAGES:
        visitor.visit(path)
        assert visitor.page.evaluate(STORED) == NOTHING
    assert visitor.page.context.cookies() == []
    assert [url for url in visitor.watchdog.requests if "widget" in url or "/livechat/config" in url] == []

    # Pointing at it fetches the window, and still stores nothing.
    visitor.launcher.hover()
    visitor.page.wait_for_function("() => !!window.wagtailLivechat.widget")
    assert visitor.page.evaluate(STORED) == NOTHING

    visitor.open()
    visitor.page.wait_for_function("() => localStorage.length > 0")
    # Opened, it keeps its own things under its own name; a cookie it never needs.
    stored = visitor.page.evaluate(STORED)
    assert all(key.startswith("livechat:") for key in stored["local"] + stored["session"])
    assert stored["cookies"] == "" and visitor.page.context.cookies() == []


@pytest.mark.covers("A1")
def test_every_page_is_the_same_for_all_visitors(shop: SiteServer, new_visitor: NewVisitor) -> None:
    regular = new_visitor().visit().open()
    regular.say("I have been here before")
    expect(regular.row("I have been here before").locator(".mark")).to_have_text("Sent")

    for path in PAGES:
        with urllib.request.urlopen(shop.url + path) as answer:
            first = answer.read()
            headers = answer.headers
        again = regular.page.request.get(shop.url + path)
        assert again.body() == first, path
        assert "Set-Cookie" not in headers and "set-cookie" not in again.headers
        assert b"csrf" not in first.lower() and b"nonce" not in first
        assert first.count(b"data-livechat ") == 1, path


@pytest.mark.covers("A1")
def test_nothing_is_fetched_from_a_third_party(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    """The watchdog of every test says it; this one looks at what was asked for, from page to end."""
    operator = new_operator().go_available()
    visitor = new_visitor().visit().open()
    visitor.say("Look at https://example.com/picture.png")
    operator.accept("example.com")
    operator.say("Nice: https://example.org/")
    expect(visitor.log.get_by_role("link")).to_have_count(2)

    for person in (visitor, operator):
        urls = [url for url in person.watchdog.requests if not url.startswith(("data:", "blob:"))]
        assert urls
        assert [url for url in urls if not url.startswith(person.url)] == []


@pytest.mark.covers("A1")
def test_public_pages_and_the_desk_are_under_a_strict_policy(shop: SiteServer, new_operator: NewOperator) -> None:
    """That nothing violates it is the watchdog's business; this shows that there is something to violate."""
    operator = new_operator().go_to_desk()
    desk = operator.page.request.get(f"{shop.url}/admin/livechat/desk/").headers["content-security-policy"]
    with urllib.request.urlopen(shop.url) as answer:
        public = answer.headers["Content-Security-Policy"]
    for policy in (desk, public):
        assert "require-trusted-types-for 'script'" in policy
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


@pytest.mark.covers("A1")
def test_there_is_no_launcher_in_the_preview(shop: SiteServer, new_operator: NewOperator) -> None:
    editor = new_operator("admin")
    (page_id,) = shop.query("SELECT id FROM wagtailcore_page WHERE slug = 'coffee-pot' ORDER BY id")[0]
    editor.go_to(f"/admin/pages/{page_id}/edit/")
    editor.page.get_by_role("button", name="Toggle preview").click()
    frame = editor.page.locator("iframe#w-preview-iframe, iframe[title=Preview]").first
    preview = frame.content_frame
    expect(preview.get_by_role("heading", level=1)).to_have_text("Coffee pot Sot")

    expect(preview.locator("wagtail-livechat")).to_have_count(0)
    expect(preview.locator("script[data-livechat]")).to_have_count(0)


@pytest.mark.covers("A1")
@pytest.mark.parametrize("site", ["shop", "outlet"])
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_the_launcher_does_not_cover_the_userbar(
    shop: SiteServer, new_browser: Callable[..., Any], site: str, size: tuple[int, int]
) -> None:
    """The outlet has its chat in the corner where the userbar is."""
    url = shop.url if site == "shop" else shop.other_url
    page, watchdog = new_browser(url, viewport={"width": size[0], "height": size[1]})
    sign_in(page, url, "manager")
    editor = Visitor(page, url, watchdog).visit()
    userbar = page.get_by_role(
        "button", name=re.compile("Go to Wagtail admin interface|Wagtail quick actions|userbar", re.IGNORECASE)
    )
    expect(userbar).to_be_visible()
    launcher = editor.launcher

    page.wait_for_function(
        """([a, b]) => {
          const [one, two] = [a, b].map((element) => element.getBoundingClientRect());
          return one.right < two.left || two.right < one.left || one.bottom < two.top || two.bottom < one.top;
        }""",
        arg=[userbar.element_handle(), launcher.element_handle()],
    )
    # Both can be pressed.
    userbar.click(trial=True)
    launcher.click()
    expect(editor.window).to_be_visible()
