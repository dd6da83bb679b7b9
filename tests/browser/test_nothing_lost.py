"""Journey 3: whatever happens to the line, the page, the machine or the server, the conversation is whole."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ENVIRONMENT, OPTIONS, clear
from tests.browser.pages import Operator, Visitor
from tests.services import SiteServer, TcpProxy, site_server

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]

LOST = re.compile("Connection lost|Connecting|You are offline")


@pytest.fixture
def talking(new_visitor: NewVisitor, new_operator: NewOperator) -> tuple[Visitor, Operator]:
    """Two people in a conversation, nothing between them and the site."""
    return start_talking(new_visitor().visit().open(), new_operator().go_available())


def start_talking(visitor: Visitor, operator: Operator) -> tuple[Visitor, Operator]:
    visitor.say("One")
    operator.accept("One")
    operator.say("Two")
    visitor.sees("One", "Two")
    return visitor, operator


@pytest.mark.covers("A9")
def test_a_reload_and_another_page_show_the_conversation_and_the_unsent_text(
    talking: tuple[Visitor, Operator],
) -> None:
    visitor, operator = talking
    visitor.write("And what about")

    visitor.page.reload()
    visitor.sees("One", "Two")
    expect(visitor.field).to_have_value("And what about")

    visitor.page.get_by_role("navigation", name="Menu").get_by_role("link", name="Contact").click()
    expect(visitor.page).to_have_url(re.compile("/contact/"))
    visitor.sees("One", "Two")
    expect(visitor.field).to_have_value("And what about")
    visitor.field.press("End")
    visitor.write(" three?")
    visitor.field.press("Enter")

    visitor.sees("One", "Two", "And what about three?")
    operator.sees("One", "Two", "And what about three?")


@pytest.mark.covers("A9")
def test_a_closed_window_stays_closed_and_counts_what_arrives(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    visitor.field.press("Escape")
    expect(visitor.window).to_be_hidden()
    expect(visitor.launcher).to_be_focused()

    visitor.visit("/products/")
    expect(visitor.window).to_be_hidden()
    operator.say("Three")

    expect(visitor.launcher.get_by_role("img", name="Unread messages: 1")).to_be_visible()
    visitor.open().sees("One", "Two", "Three")


@pytest.mark.covers("A9")
def test_all_tabs_are_live(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    tab = visitor.new_tab("/products/")
    tab.open().sees("One", "Two")

    tab.say("Three")
    operator.sees("One", "Two", "Three")
    operator.say("Four")
    visitor.sees("One", "Two", "Three", "Four")
    visitor.say("Five")

    everything = ("One", "Two", "Three", "Four", "Five")
    visitor.sees(*everything)
    tab.sees(*everything)
    operator.sees(*everything)


@pytest.mark.covers("A9")
def test_the_network_is_lost_while_writing(talking: tuple[Visitor, Operator]) -> None:
    """The browser knows that there is no network, as when Wi-Fi goes."""
    visitor, operator = talking
    visitor.watchdog.expect_trouble()
    visitor.write("Thr")
    visitor.page.context.set_offline(True)
    expect(visitor.notices).to_have_text("You are offline. What you write is sent when you are back.")

    visitor.write("ee")
    expect(visitor.field).to_have_value("Three")
    visitor.field.press("Enter")
    visitor.sees("One", "Two", "Three")
    visitor.sees_tick("Three", "Sending")
    visitor.write("Not yet")
    operator.say("Are you there?")
    # The server has it.
    operator.sees_tick("Are you there?", "Sent")

    visitor.page.context.set_offline(False)
    expect(visitor.notices).to_be_empty()
    # What the server had first comes first, in both places.
    operator.sees("One", "Two", "Are you there?", "Three")
    visitor.sees("One", "Two", "Are you there?", "Three")
    expect(visitor.field).to_have_value("Not yet")


@pytest.mark.covers("A9")
def test_the_line_dies_in_silence(
    shop: SiteServer, network: TcpProxy, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    """Packets vanish and nobody is told: a train in a tunnel, a router that forgot."""
    visitor, operator = start_talking(new_visitor(at=network.url).visit().open(), new_operator().go_available())
    visitor.watchdog.expect_trouble()
    network.pause()
    visitor.say("Three")
    visitor.sees_tick("Three", "Sending")
    operator.say("Four")
    expect(visitor.notices).to_have_text(LOST, timeout=20_000)

    network.cut()
    network.resume()

    visitor.sees_no_notice()
    operator.sees("One", "Two", "Four", "Three")
    visitor.sees("One", "Two", "Four", "Three")


@pytest.mark.covers("A9")
def test_a_message_whose_answer_is_lost_is_sent_once(
    shop: SiteServer, network: TcpProxy, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    """The connection breaks again and again while messages are on their way; none is lost and none comes twice."""
    visitor, operator = start_talking(new_visitor(at=network.url).visit().open(), new_operator().go_available())
    visitor.watchdog.expect_trouble()
    said = ["One", "Two"]
    for number in range(6):
        text = f"Message number {number}"
        visitor.say(text)
        network.cut()
        said.append(text)

    operator.sees(*said)
    visitor.sees(*said)
    visitor.sees_no_notice()


@pytest.mark.covers("A9")
def test_the_laptop_is_closed_and_opened_again(
    make_site: Callable[..., SiteServer], new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    """The page is frozen, the server gives the visitor up, then the lid opens."""
    site = make_site(env={"LIVECHAT_OPTIONS": json.dumps({**OPTIONS, "GRACE_SECONDS": 8})})
    with TcpProxy(site.port) as network:
        visitor, operator = start_talking(
            new_visitor(at=network.url).visit().open(), new_operator(at=site.url).go_available()
        )
        visitor.watchdog.expect_trouble()
        visitor.write("Before I")
        devtools = visitor.page.context.new_cdp_session(visitor.page)
        devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
        network.refuse()
        operator.say("Three")
        operator.say("Four")
        panel = operator.panel("Visitor")
        expect(panel).to_contain_text("Not on the site now", timeout=20_000)

        network.resume()
        devtools.send("Page.setWebLifecycleState", {"state": "active"})

        visitor.sees("One", "Two", "Three", "Four")
        visitor.sees_no_notice()
        expect(visitor.field).to_have_value("Before I")
        expect(panel).to_contain_text("On the site now")


@pytest.mark.covers("B1")
def test_the_desk_is_reloaded_in_mid_conversation(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    operator.field.press_sequentially("I was just going to")
    operator.page.reload()

    # The same conversation is on the screen, with what was being written.
    operator.sees("One", "Two")
    expect(operator.field).to_have_value("I was just going to")
    expect(operator.status).to_have_accessible_name("Your status: Available")
    visitor.say("Three")
    operator.field.press("End")
    operator.field.press_sequentially(" say four")
    operator.field.press("Enter")

    visitor.sees("One", "Two", "Three", "I was just going to say four")
    operator.sees("One", "Two", "Three", "I was just going to say four")
    # The visitor noticed nothing.
    expect(visitor.happenings).to_have_text(["Elin joined the chat"])


@pytest.mark.covers("B1")
def test_the_operators_network_is_lost_while_writing(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    operator.watchdog.expect_trouble()
    operator.page.context.set_offline(True)
    expect(operator.desk.get_by_text("What you write is kept and sent as soon as the line is back.")).to_be_visible()
    operator.say("Three")
    expect(operator.log.get_by_text("Will be sent when the line is back")).to_be_visible()
    operator.field.press_sequentially("And a dra")
    visitor.say("Four")

    operator.page.context.set_offline(False)

    expect(operator.line).to_have_text("Connected")
    visitor.sees("One", "Two", "Four", "Three")
    operator.sees("One", "Two", "Four", "Three")
    expect(operator.field).to_have_value("And a dra")


# The server dies. Nobody else shares this one.


@pytest.fixture
def mortal(site_template: object) -> Iterator[SiteServer]:
    with site_server(template=site_template, env=ENVIRONMENT) as site:  # type: ignore[arg-type]
        clear(site)
        yield site


@pytest.mark.covers("A9", "E1")
def test_the_server_is_killed_in_mid_sentence(
    mortal: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    visitor, operator = start_talking(
        new_visitor(at=mortal.url).visit().open(), new_operator(at=mortal.url).go_available()
    )
    tab = visitor.new_tab("/products/")
    tab.open().sees("One", "Two")
    visitor.watchdog.expect_trouble()
    operator.watchdog.expect_trouble()
    visitor.write("Thr")
    operator.field.press_sequentially("Fo")

    mortal.kill()
    visitor.write("ee")
    expect(visitor.notices).to_have_text(LOST)
    expect(operator.desk.get_by_text("What you write is kept and sent as soon as the line is back.")).to_be_visible()
    visitor.field.press("Enter")
    visitor.sees("One", "Two", "Three")
    visitor.write("A word half wr")
    operator.field.press_sequentially("ur")
    # A page that is opened now shows nothing of the chat, and one that is open keeps what was unsent.
    mortal.start()

    operator.sees("One", "Two", "Three")
    operator.field.press("Enter")
    everything = ("One", "Two", "Three", "Four")
    visitor.sees(*everything)
    tab.sees(*everything)
    operator.sees(*everything)
    visitor.sees_no_notice()
    tab.sees_no_notice()
    expect(visitor.field).to_have_value("A word half wr")
    visitor.page.reload()
    visitor.sees(*everything)
    expect(visitor.field).to_have_value("A word half wr")
    stored = mortal.query(
        "SELECT e.seq, e.body FROM wagtail_livechat_entry e JOIN wagtail_livechat_conversation c"
        " ON c.id = e.conversation_id WHERE c.state = 'active' ORDER BY e.seq"
    )
    assert [body for _, body in stored if body] == list(everything)
    assert [seq for seq, _ in stored] == list(range(1, len(stored) + 1))


@pytest.mark.covers("A9", "E1")
def test_a_text_that_was_sent_while_the_server_was_away_survives_a_new_page(
    mortal: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    """The tab that wrote it is gone before the server is back."""
    visitor, operator = start_talking(
        new_visitor(at=mortal.url).visit().open(), new_operator(at=mortal.url).go_available()
    )
    visitor.watchdog.expect_trouble()
    operator.watchdog.expect_trouble()
    mortal.kill()
    visitor.say("Three")
    visitor.page.close()
    mortal.start()

    tab = visitor.new_tab("/contact/")
    # The loader follows what is open, so the text leaves without the window being opened.
    operator.sees("One", "Two", "Three")
    tab.open().sees("One", "Two", "Three")
