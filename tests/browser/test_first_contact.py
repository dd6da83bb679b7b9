"""Journey 2: a visitor on a page of the shop and an operator in the admin find each other and talk."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import GREETING, Operator, Visitor
from tests.services import SiteServer, TcpProxy

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]


@pytest.mark.covers("A1")
def test_the_launcher_says_truthfully_whether_somebody_is_there(
    new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    visitor = new_visitor().visit()
    expect(visitor.launcher).to_have_accessible_name(re.compile("Chat with us.*Offline"))
    operator = new_operator().go_available()

    visitor.visit()
    expect(visitor.launcher).to_have_accessible_name(re.compile("Chat with us.*Online"))

    operator.set_status("Away")
    visitor.visit("/products/")
    expect(visitor.launcher).to_have_accessible_name(re.compile("Chat with us.*Offline"))


@pytest.mark.covers("A1")
def test_an_open_window_follows_whether_somebody_is_there(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    visitor = new_visitor().visit().open()
    site = visitor.window.locator(".site")
    expect(site).to_have_text("Offline")
    expect(visitor.log).to_contain_text("Nobody is here right now.")

    operator = new_operator().go_available()

    expect(site).to_have_text("Online")
    operator.set_status("Offline")
    expect(site).to_have_text("Offline")


def test_a_conversation_from_the_first_word_to_the_answer(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    operator = new_operator().go_available()
    visitor = new_visitor().visit("/products/coffee-pot/").open()
    visitor.say("Does it work on induction?")
    visitor.sees_tick("induction", "Sent")
    expect(visitor.notices).to_contain_text("You are next in line")

    offer = operator.offer("Does it work on induction?")
    expect(offer).to_be_visible()
    expect(offer).to_contain_text("Coffee pot Sot")
    expect(offer).to_contain_text("/products/coffee-pot/")
    expect(offer).to_contain_text("English")
    expect(operator.page).to_have_title(re.compile(r"^\(1\) "))
    operator.accept("Does it work on induction?")

    operator.sees("Does it work on induction?")
    visitor.sees_tick("induction", "Seen")
    expect(visitor.happenings.last).to_have_text("Elin joined the chat")
    expect(visitor.notices).to_be_empty()
    expect(visitor.window.get_by_role("heading")).to_have_text("Elin")
    operator.say("It does, and on embers too.")

    visitor.sees("Does it work on induction?", "It does, and on embers too.")
    operator.sees_tick("on embers", "Seen")
    expect(operator.page).to_have_title(re.compile(r"^(?!\()"))


def test_the_operator_sees_a_conversation_arrive_within_a_second(
    new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    operator = new_operator().go_available()
    took = []
    for number in range(3):
        visitor = new_visitor().visit().open()
        visitor.field.fill(f"Question {number}")
        start = time.monotonic()
        visitor.field.press("Enter")
        expect(operator.offers).to_contain_text(f"Question {number}")
        took.append(time.monotonic() - start)
        operator.accept(f"Question {number}")

    # The middle one: a busy machine may stumble once.
    assert sorted(took)[1] < 1, took


def test_ticks_tell_sent_delivered_and_seen_apart(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    visitor, other = new_visitor().visit().open(), new_visitor().visit().open()
    visitor.say("Is anybody there?")
    # Nobody has taken it: it is stored, and that is all.
    visitor.sees_tick("Is anybody there?", "Sent")
    other.say("I am here too")

    operator = new_operator().go_available()
    operator.accept("Is anybody there?")
    visitor.sees_tick("Is anybody there?", "Seen")

    # It arrives at the operator's desk, where another conversation is on the screen.
    operator.accept("I am here too")
    visitor.say("Hello?")
    visitor.sees_tick("Hello?", "Delivered")
    operator.choose("Hello?")
    visitor.sees_tick("Hello?", "Seen")

    visitor.window.get_by_role("button", name="Minimise the chat").click()
    operator.say("Yes, I am.")
    # It has arrived in the visitor's browser, but the window is closed.
    operator.sees_tick("Yes, I am.", "Delivered")
    expect(visitor.launcher.get_by_role("img", name="Unread messages: 1")).to_be_visible()

    visitor.open()
    operator.sees_tick("Yes, I am.", "Seen")
    expect(visitor.log.get_by_text("New messages", exact=True)).to_be_visible()


def test_typing_shows_on_both_sides(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    operator = new_operator().go_available()
    visitor = new_visitor().visit().open()
    visitor.say("Hello")
    operator.accept("Hello")

    visitor.write("I wonder")
    expect(operator.log.get_by_text("is writing…")).to_be_visible()
    visitor.field.fill("")
    expect(operator.log.get_by_text("is writing…")).to_have_count(0)

    operator.field.press_sequentially("Let me see")
    expect(visitor.window.get_by_text("Elin is typing")).to_be_visible()
    operator.field.press("Enter")
    expect(visitor.window.get_by_text("Elin is typing")).to_have_count(0)
    visitor.sees("Hello", "Let me see")


@pytest.mark.covers("B1")
def test_several_visitors_at_once_with_unread_counts(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    operator = new_operator().go_available()
    visitors = [new_visitor().visit().open() for _ in range(3)]
    for visitor, about in zip(visitors, ("axes", "blankets", "cups"), strict=True):
        visitor.say(f"I ask about {about}")
        operator.accept(f"I ask about {about}")
    expect(operator.lists.get_by_role("heading", name=re.compile("Mine"))).to_have_text(re.compile("3"))

    # The third one is on the screen; the others write twice and once.
    visitors[0].say("Are they sharp?")
    visitors[0].say("Are they heavy?")
    visitors[1].say("Are they warm?")
    visitors[2].say("Are they light?")

    expect(operator.row("Are they heavy?")).to_contain_text("Unread: 2")
    expect(operator.row("Are they warm?")).to_contain_text("Unread: 1")
    expect(operator.row("Are they light?")).not_to_contain_text("Unread")
    expect(operator.page).to_have_title(re.compile(r"^\(2\) "))

    operator.choose("Are they heavy?")
    operator.sees("I ask about axes", "Are they sharp?", "Are they heavy?")
    expect(operator.row("Are they heavy?")).not_to_contain_text("Unread")
    expect(operator.page).to_have_title(re.compile(r"^\(1\) "))
    operator.say("Sharp and light.")
    operator.choose("Are they warm?")
    operator.say("Very warm.")

    visitors[0].sees("I ask about axes", "Are they sharp?", "Are they heavy?", "Sharp and light.")
    visitors[1].sees("I ask about blankets", "Are they warm?", "Very warm.")
    visitors[2].sees("I ask about cups", "Are they light?")


@pytest.mark.covers("B1")
def test_the_desk_sorts_into_waiting_mine_and_others(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    elin = new_operator().go_available()
    oskar = new_operator("operator2").go_available()
    first, second = new_visitor().visit().open(), new_visitor().visit().open()
    first.say("The first question")
    elin.accept("The first question")
    second.say("The second question")

    mine = elin.lists.locator("section", has=elin.page.get_by_role("heading", name=re.compile("^Mine")))
    waiting = elin.lists.locator("section", has=elin.page.get_by_role("heading", name=re.compile("^Waiting")))
    expect(mine.get_by_role("listitem")).to_contain_text(["The first question"])
    expect(waiting.get_by_role("listitem")).to_contain_text(["The second question"])
    others = oskar.lists.locator("section", has=oskar.page.get_by_role("heading", name=re.compile("^Others")))
    expect(others.get_by_role("listitem")).to_contain_text(["With Elin"])


def test_an_offer_appears_on_any_page_of_the_admin(
    shop: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    operator = new_operator().go_available()
    # Somewhere else in the admin, where there is work to do.
    operator.go_to("/admin/")
    expect(operator.menu_item).to_be_attached()
    visitor = new_visitor().visit().open()
    visitor.say("Can you help me?")

    expect(operator.offer("Can you help me?")).to_be_visible()
    expect(operator.page).to_have_title(re.compile(r"^\(1\) "))
    expect(operator.menu_item).to_have_attribute("data-livechat-count", "1")
    expect(operator.menu_item).to_have_attribute("aria-description", "Live chat: needs you 1")

    operator.accept("Can you help me?")
    expect(operator.page).to_have_url(re.compile("/admin/livechat/desk/#"))
    operator.say("Of course.")
    visitor.sees("Can you help me?", "Of course.")

    # Away from the desk again, the menu counts what the visitor says.
    operator.go_to("/admin/livechat/conversations/")
    expect(operator.menu_item).to_be_attached()
    visitor.say("Thank you!")
    expect(operator.menu_item).to_have_attribute("data-livechat-count", "1")
    expect(operator.page).to_have_title(re.compile(r"^\(1\) "))


def test_of_two_who_press_accept_one_gets_it_and_the_other_is_told_who(
    shop: SiteServer, network: TcpProxy, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    oskar = new_operator("operator2").go_available()
    # Elin sits on a slow line, so that both press before either knows of the other.
    elin = new_operator("operator", at=network.url, site=shop.url).go_available()
    visitor = new_visitor().visit().open()
    visitor.say("Who is first?")
    expect(elin.offer("Who is first?")).to_be_visible()
    expect(oskar.offer("Who is first?")).to_be_visible()

    network.delay(1)
    elin.offer("Who is first?").get_by_role("button", name="Accept").click()
    oskar.accept("Who is first?")

    expect(elin.offers.get_by_role("status")).to_have_text("Oskar was first.")
    expect(elin.offer("Who is first?")).to_have_count(0)
    expect(visitor.happenings).to_have_text(["Oskar joined the chat"])
    oskar.say("I was.")
    visitor.sees("Who is first?", "I was.")


def test_a_declined_offer_stays_with_the_others(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    elin = new_operator().go_available()
    oskar = new_operator("operator2").go_available()
    visitor = new_visitor().visit().open()
    visitor.say("Not for everyone")

    elin.offer("Not for everyone").get_by_role("button", name="Decline").click()
    expect(elin.offer("Not for everyone")).to_have_count(0)
    oskar.accept("Not for everyone")
    expect(visitor.happenings).to_have_text(["Oskar joined the chat"])


def test_the_greeting_is_there_before_anything_is_written(new_visitor: NewVisitor) -> None:
    visitor = new_visitor().visit().open()
    expect(visitor.messages).to_have_text([GREETING])
