"""Journey 5: no WebSocket gets through, or the site has none. All works, over HTTP, and nobody is told."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Operator, Visitor
from tests.browser.watchdog import BROKEN_SOCKET
from tests.services import SiteServer, TcpProxy

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]

# The browser itself writes a refused socket to its console; a person does not see that.
REFUSED = [BROKEN_SOCKET]

# Sentences about the line that either side could show, and where they would be drawn.
COMPLAINTS = "Connection lost|You are offline|cannot be reached|No connection|Disconnected|did not work"
WATCH = """(pattern) => {
  const places = [
    document.querySelector('wagtail-livechat')?.shadowRoot,
    document.querySelector('#livechat-desk'),
  ].filter(Boolean);
  window.seenComplaints = [];
  for (const place of places) {
    const look = () => {
      const found = place.textContent.match(new RegExp(pattern, 'i'));
      if (found) window.seenComplaints.push(found[0]);
    };
    new MutationObserver(look).observe(place, {childList: true, subtree: true, characterData: true});
  }
  return places.length;
}"""


def talk_and_end(visitor: Visitor, operator: Operator) -> None:
    """The whole main job."""
    for person in (visitor, operator):
        assert person.page.evaluate(WATCH, COMPLAINTS) == 1
    visitor.open()
    visitor.say("Hello over HTTP")
    expect(operator.offer("Hello over HTTP")).to_be_visible()
    expect(operator.page).to_have_title(re.compile(r"^\(1\) "))
    operator.accept("Hello over HTTP")
    expect(visitor.happenings).to_have_text(["Elin joined the chat"])
    operator.field.press_sequentially("Hello ")
    expect(visitor.window.get_by_text("Elin is typing")).to_be_visible()
    operator.field.press_sequentially("to you")
    operator.field.press("Enter")
    visitor.sees("Hello over HTTP", "Hello to you")
    operator.sees_tick("Hello to you", "Seen")
    visitor.say("One more")
    visitor.write("and a draft")
    operator.sees("Hello over HTTP", "Hello to you", "One more")
    visitor.sees_tick("One more", "Seen")
    expect(operator.log.get_by_text("is writing…")).to_be_visible()

    visitor.sees_no_notice()
    expect(operator.line).to_have_text("Connected")
    assert visitor.page.evaluate("window.seenComplaints") == []
    assert operator.page.evaluate("window.seenComplaints") == []

    visitor.page.reload()
    visitor.sees("Hello over HTTP", "Hello to you", "One more")
    expect(visitor.field).to_have_value("and a draft")
    operator.end()
    expect(visitor.happenings.last).to_have_text("Elin ended the chat")
    expect(operator.happenings.last).to_contain_text("Elin ended the conversation")


@pytest.mark.covers("E3")
def test_websockets_are_blocked_on_the_way(
    shop: SiteServer, network: TcpProxy, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    network.block_websockets()
    operator = new_operator(at=network.url, site=shop.url, excused=REFUSED)
    operator.go_available()
    visitor = new_visitor(at=network.url).visit()
    visitor.watchdog.expect_trouble(*REFUSED)

    talk_and_end(visitor, operator)

    assert network.websockets_refused >= 2


@pytest.mark.covers("E3")
def test_the_site_runs_on_plain_wsgi(
    plain_shop: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    operator = new_operator(at=plain_shop.url, excused=REFUSED)
    operator.go_available()
    visitor = new_visitor(at=plain_shop.url).visit()
    visitor.watchdog.expect_trouble(*REFUSED)

    talk_and_end(visitor, operator)


@pytest.mark.covers("E3")
def test_an_offer_appears_on_any_page_of_the_admin_without_sockets(
    plain_shop: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    operator = new_operator(at=plain_shop.url, excused=REFUSED)
    operator.go_available()
    operator.go_to("/admin/")
    visitor = new_visitor(at=plain_shop.url).visit()
    visitor.watchdog.expect_trouble(*REFUSED)
    visitor.open().say("Anybody?")

    expect(operator.offer("Anybody?")).to_be_visible(timeout=15_000)
    expect(operator.menu_item).to_have_attribute("data-livechat-count", "1")
    operator.accept("Anybody?")
    operator.say("Me.")
    visitor.sees("Anybody?", "Me.")


@pytest.mark.covers("E3")
def test_sockets_that_die_in_mid_conversation_give_way_to_http(
    shop: SiteServer, network: TcpProxy, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    operator = new_operator().go_available()
    visitor = new_visitor(at=network.url).visit().open()
    visitor.say("With a socket")
    operator.accept("With a socket")
    visitor.watchdog.expect_trouble()

    network.block_websockets()
    visitor.say("Without one")
    operator.sees("With a socket", "Without one")
    operator.say("No difference here")

    visitor.sees("With a socket", "Without one", "No difference here")
    visitor.sees_no_notice()
