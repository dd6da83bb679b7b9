"""Pages that the CMS does not make: one that the site lists shows the chat, under the strictest policy; another one nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.pages import Operator, Visitor
from tests.browser.test_accessibility import widget_is_clean
from tests.browser.watchdog import BROKEN_SOCKET
from tests.services import SiteServer, TcpProxy

pytestmark = pytest.mark.browser

NewBrowser = Callable[..., Any]
NewOperator = Callable[..., Operator]

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A page elsewhere</title><h1>Elsewhere</h1><button type="button" data-livechat-open>Ask us</button>
<script async src="{home}/livechat/embed.js" data-site="{site}"></script></html>"""
FRAME = "iframe[data-livechat-frame]"


class Elsewhere(ThreadingHTTPServer):
    """A page on another origin, whose policy allows the chat's script and frame, and nothing else at all."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.home = ""
        self.site = 0

    def url(self, host: str = "localhost") -> str:
        return f"http://{host}:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server: Any = self.server
        body = PAGE.format(home=server.home, site=server.site).encode() if self.path == "/" else b""
        self.send_response(200 if body else 204)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; script-src {server.home}; frame-src {server.home}; base-uri 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'",
        )
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def elsewhere(shop: SiteServer) -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        Thread(target=partial(server.serve_forever, poll_interval=0.05), daemon=True).start()
        [(server.site,)] = shop.query("SELECT id FROM wagtailcore_site WHERE is_default_site")
        server.home = shop.url
        yield server
        server.shutdown()


def in_frame(page: Page) -> Visitor:
    """The visitor in the chat's frame. After a reload it is another one."""
    expect(page.locator(FRAME)).to_be_visible()
    frame: Frame | None = page.locator(FRAME).element_handle().content_frame()
    assert frame is not None
    return Visitor(frame, frame.url, None)  # type: ignore[arg-type]


@pytest.mark.covers("A2")
@pytest.mark.parametrize("is_phone", [False, True], ids=["wide", "phone, no sockets"])
def test_a_visitor_of_a_page_elsewhere_chats_with_an_operator(
    shop: SiteServer, elsewhere: Elsewhere, shop_settings: Callable[..., None], network: TcpProxy,
    new_browser: NewBrowser, new_operator: NewOperator, is_phone: bool,
) -> None:  # fmt: skip
    shop_settings(embed_origins=elsewhere.url())
    operator = new_operator().go_available()
    viewport = {"width": 390, "height": 780} if is_phone else {"width": 1280, "height": 800}
    page, watchdog = new_browser(network.url, elsewhere.url(), viewport=viewport, reduced_motion="reduce")
    elsewhere.home = network.url
    if is_phone:
        network.block_websockets()
        watchdog.expect_trouble(BROKEN_SOCKET)
    page.goto(elsewhere.url())
    visitor = in_frame(page)
    expect(visitor.launcher).to_contain_text("Online")
    # What is empty in the frame is the page's: a click there goes through.
    box = page.locator(FRAME).bounding_box()
    assert (
        page.evaluate("([x, y]) => document.elementFromPoint(x, y).tagName", [box["x"] + 4, box["y"] + 4]) != "IFRAME"
    )

    page.get_by_role("button", name="Ask us").click()
    expect(visitor.window).to_be_visible()
    expect(visitor.window.get_by_role("button", name="Minimise the chat")).to_be_visible()
    if is_phone:
        expect(page.locator(FRAME)).to_have_css("height", f"{viewport['height']}px")
    visitor.say("From elsewhere")
    operator.accept("From elsewhere")
    operator.say("Welcome, all the same")
    visitor.sees("From elsewhere", "Welcome, all the same")
    # The operator is told which page the visitor is on: the one around the frame.
    expect(operator.panel("Visitor")).to_contain_text("A page elsewhere")
    widget_is_clean(visitor, "window in a frame")

    page.reload()
    visitor = in_frame(page)
    visitor.sees("From elsewhere", "Welcome, all the same")
    visitor.say("Still here")
    operator.sees("From elsewhere", "Welcome, all the same", "Still here")
    visitor.press("Minimise the chat")
    expect(visitor.launcher).to_be_focused()
    assert is_phone == bool(network.websockets_refused)
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


@pytest.mark.covers("A2")
def test_a_page_that_is_not_listed_shows_nothing(
    shop: SiteServer, elsewhere: Elsewhere, shop_settings: Callable[..., None], new_browser: NewBrowser
) -> None:
    shop_settings(embed_origins=elsewhere.url("localhost"))
    stranger = elsewhere.url("127.0.0.1")
    page, watchdog = new_browser(shop.url, stranger)
    watchdog.expect_trouble(re.compile("403|frame-ancestors|ERR_BLOCKED_BY_RESPONSE|chrome-error"))
    with page.expect_response(re.compile("/livechat/frame/")) as answer:
        page.goto(stranger)
    assert answer.value.status == 403
    assert "frame-ancestors 'none'" in answer.value.headers["content-security-policy"]
    expect(page.locator(FRAME)).to_be_hidden()
    page.get_by_role("button", name="Ask us").click()
    expect(page.locator(FRAME)).to_be_hidden()

    # Nor by saying that it is another one: then the browser sees who really is around.
    with page.expect_response(re.compile("/livechat/frame/")) as answer:
        page.evaluate(
            "([url, origin]) => { const frame = document.createElement('iframe');"
            " frame.src = `${url}&origin=${encodeURIComponent(origin)}`; document.body.append(frame); }",
            [f"{shop.url}/livechat/frame/?site={elsewhere.site}", elsewhere.url("localhost")],
        )
    assert answer.value.status == 200
    frame = page.frames[-1]
    expect(frame.locator("wagtail-livechat")).to_have_count(0)
    # And no door lets its scripts read an answer, be it listed or not.
    for origin in (stranger, elsewhere.url("localhost")):
        for path in (f"boot/?site={elsewhere.site}", f"config/?site={elsewhere.site}", "events/"):
            reply = page.context.request.get(f"{shop.url}/livechat/{path}", headers={"Origin": origin})
            assert not [name for name in reply.headers if name.startswith("access-control-")]
        reply = page.context.request.post(
            f"{shop.url}/livechat/session/", headers={"Origin": origin}, data={"site": elsewhere.site}
        )
        assert reply.status == 403


@pytest.mark.covers("A2")
def test_the_code_is_there_to_copy(shop: SiteServer, new_operator: NewOperator) -> None:
    [(site,)] = shop.query("SELECT id FROM wagtailcore_site WHERE is_default_site")
    address = f"/admin/settings/wagtail_livechat/livechatsettings/{site}/#tab-pages_elsewhere"
    page = new_operator("admin").go_to(address).page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    origins = page.get_by_label("Pages elsewhere that may show the chat")
    origins.fill("https://shop.example/page")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error-message")).to_contain_text("Not an origin: https://shop.example/page")
    page.get_by_role("tab", name="Pages elsewhere").click()
    origins.fill("https://Shop.example:443/\nhttp://intranet.example")
    page.get_by_role("button", name="Save").click()
    expect(origins).to_have_value("https://shop.example\nhttp://intranet.example")
    page.get_by_role("tab", name="Pages elsewhere").click()

    codes = page.locator("[data-livechat-copy]")
    codes.first.get_by_role("button", name="Copy").click()
    expect(codes.first.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf'<script async src="\S+/livechat/embed\.js" data-site="{site}"></script>', copied)
    expect(codes.last.locator("code")).to_have_text(
        re.compile(r'^<a href="\S+/#livechat"><img src="\S+/picture/\?site=')
    )
