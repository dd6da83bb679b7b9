"""B2, B7, B8 and B17: operators together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import emptied
from tests.browser.pages import Operator, Visitor
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]
Two = tuple[Visitor, Operator, Operator]


@pytest.fixture
def talking(new_visitor: NewVisitor, new_operator: NewOperator) -> Two:
    """A visitor who talks to Elin, while Oskar has nothing to do."""
    elin = new_operator().go_available()
    oskar = new_operator("operator2").go_available()
    visitor = new_visitor().visit().open()
    visitor.say("Can I pay by invoice?")
    elin.accept("invoice")
    return visitor, elin, oskar


@pytest.mark.covers("B7")
def test_handed_over_declined_taken_back_and_accepted(talking: Two) -> None:
    visitor, elin, oskar = talking
    elin.say("Let me ask.")
    elin.page.keyboard.press("Escape")

    elin.page.keyboard.press("t")
    # Who is not there cannot be chosen.
    expect(elin.dialog.get_by_role("option", name=re.compile("Maja"))).to_have_attribute("aria-disabled", "true")
    elin.ask_for("Osk")
    expect(elin.strips).to_contain_text("Waiting for Oskar to take over")
    expect(visitor.happenings.last).to_have_text("Elin is handing the chat over to Oskar")
    oskar.asked("Elin hands a conversation over").get_by_role("button", name="Decline").click()
    expect(elin.happenings.last).to_contain_text("Oskar declined to take the conversation over")
    expect(elin.strips).to_have_count(0)
    expect(visitor.happenings.last).to_have_text("The chat was not handed over. You go on with whom you had.")

    elin.hand_over("Osk")
    expect(oskar.asked("Elin hands")).to_be_visible()
    elin.conversation.get_by_role("button", name="Take back").click()
    expect(oskar.asked("Elin hands")).to_have_count(0)
    expect(elin.happenings.last).to_contain_text("The hand-over was taken back")

    elin.hand_over("Osk")
    oskar.asked("Elin hands").get_by_role("button", name="Accept").click()
    # The history came along.
    oskar.sees("Can I pay by invoice?", "Let me ask.")
    expect(visitor.happenings.last).to_have_text("Oskar has taken over the chat")
    oskar.say("You can.")
    visitor.sees("Can I pay by invoice?", "Let me ask.", "You can.")
    expect(elin.row("Can I pay")).to_have_count(0)


@pytest.mark.covers("B7")
def test_a_hand_over_to_a_department_that_was_made_a_moment_ago(
    talking: Two, new_operator: NewOperator, shop: SiteServer
) -> None:
    visitor, elin, oskar = talking
    admin = new_operator("admin").go_to("/admin/livechat/departments/create/")
    admin.page.get_by_role("textbox", name="Name*").fill("Invoices")
    admin.page.get_by_role("button", name="Save").click()
    expect(admin.page.get_by_text("Department 'Invoices' created")).to_be_visible()

    elin.hand_over("Invoices")
    expect(elin.strips).to_contain_text("Waiting for Invoices to take over")
    # Who belongs to no department in particular belongs to all; Oskar is in Sales.
    with emptied(shop, "wagtail_livechat_operator_departments"):
        oskar.go_to_desk()
        oskar.asked("Elin hands").get_by_role("button", name="Accept").click()
        oskar.sees("Can I pay by invoice?")
        expect(visitor.happenings.last).to_have_text("Oskar has taken over the chat")


@pytest.mark.covers("B7", "B2")
def test_nobody_answers_the_hand_over_and_it_comes_back(talking: Two, short_offers: None) -> None:
    visitor, elin, oskar = talking
    elin.hand_over("Osk")
    expect(oskar.asked("Elin hands")).to_be_visible()

    expect(elin.happenings.last).to_contain_text("Nobody answered", timeout=20_000)
    expect(visitor.happenings.last).to_contain_text("You go on with whom you had")
    elin.say("I am still here.")
    visitor.sees("Can I pay by invoice?", "I am still here.")
    # Oskar has to say that he is back.
    expect(oskar.status).to_have_accessible_name("Your status: Did not answer")
    banner = oskar.desk.get_by_role("alert").filter(has_text="You did not answer an offer in time")
    banner.get_by_role("button", name="Become available").click()
    expect(oskar.status).to_have_accessible_name("Your status: Available")
    expect(banner).to_have_count(0)


@pytest.mark.covers("B8")
def test_a_conference_from_the_invitation_to_its_end(talking: Two) -> None:
    visitor, elin, oskar = talking
    elin.ask_in("Osk")
    expect(elin.strips).to_contain_text("Waiting for Oskar to join")
    oskar.asked("Elin asks you to join").get_by_role("button", name="Accept").click()

    expect(visitor.happenings.last).to_have_text("Oskar joined the chat")
    expect(elin.strips).to_have_text("In conference with Oskar")
    expect(oskar.strips).to_have_text("You were asked into this conversation. It is Elin’s.")
    oskar.say("Three of us now.")
    elin.sees("Can I pay by invoice?", "Three of us now.")
    elin.say("Yes.")
    everything = ("Can I pay by invoice?", "Three of us now.", "Yes.")
    for person in (visitor, elin, oskar):
        person.sees(*everything)
    # Who was asked in does not end it.
    expect(oskar.conversation.get_by_role("button", name="End", exact=True)).to_have_count(0)

    oskar.conversation.get_by_role("button", name="Leave").click()
    expect(visitor.happenings.last).to_have_text("Oskar left the chat")
    elin.ask_in("Osk")
    oskar.asked("Elin asks you to join").get_by_role("button", name="Accept").click()
    elin.conversation.get_by_role("button", name="End the conference").click()
    expect(visitor.happenings.last).to_have_text("Oskar left the chat")
    elin.say("Just us again.")
    visitor.sees(*everything, "Just us again.")


@pytest.mark.covers("B14")
def test_two_operators_write_to_each_other_and_nobody_else_sees_it(
    new_operator: NewOperator,
) -> None:
    elin = new_operator().go_available()
    oskar = new_operator("operator2").go_to_desk()
    maja = new_operator("manager").go_to_desk()
    # Presence, and a first word.
    elin.write_to("Oskar")
    elin.page.keyboard.type("Lunch at twelve? ")
    elin.page.keyboard.press("Enter")
    row = oskar.colleague("Elin")
    expect(row).to_contain_text("Lunch at twelve?")
    expect(row).to_contain_text("Unread: 1")
    expect(oskar.page).to_have_title(re.compile(r"^\(1\)"))

    row.get_by_role("button").click()
    oskar.sees("Lunch at twelve?")
    expect(row).not_to_contain_text("Unread")
    elin.sees_tick("Lunch", "Seen")
    oskar.field.press_sequentially("Y")
    expect(elin.log).to_contain_text("Oskar is writing…")
    oskar.say("Yes, with pleasure.")
    elin.sees("Lunch at twelve?", "Yes, with pleasure.")

    # It is no work: it takes no place, and no colleague can look at it.
    expect(elin.desk.locator(".lcd-status__load")).to_have_text("0 of 5")
    expect(maja.lists).not_to_contain_text("Lunch")
    maja.go_to("/admin/livechat/conversations/?q=Lunch")
    expect(maja.page.get_by_role("main")).not_to_contain_text("with pleasure")

    # A reload finds it again, and what was being written.
    elin.field.fill("See you")
    elin.page.reload()
    elin.sees("Lunch at twelve?", "Yes, with pleasure.")
    expect(elin.field).to_have_value("See you")


@pytest.mark.covers("B17")
def test_the_chat_is_switched_off_in_the_middle(talking: Two, shop: SiteServer, new_operator: NewOperator) -> None:
    visitor, elin, _ = talking
    elin.field.fill("I was just writ")
    admin = new_operator("admin").go_to("/admin/settings/wagtail_livechat/livechatsettings/")
    switch = admin.page.get_by_role("checkbox", name="Show the chat")
    save = admin.page.get_by_role("button", name="Save")
    switch.uncheck()
    save.click()
    try:
        expect(elin.conversation.get_by_role("alert")).to_contain_text("The chat of this site was switched off")
        expect(elin.field).to_have_count(0)
        expect(elin.conversation).to_contain_text("I was just writ")
    finally:
        switch.check()
        save.click()
    # On again: what was written is still there, and goes out.
    expect(elin.field).to_have_value("I was just writ")
    elin.say("I was just writing.")
    visitor.sees("Can I pay by invoice?", "I was just writing.")


@pytest.fixture
def short_offers(shop: SiteServer) -> Iterator[None]:
    """Five seconds to answer an offer."""
    shop.query("UPDATE wagtail_livechat_livechatsettings SET offer_seconds = 5")
    yield
    shop.query("UPDATE wagtail_livechat_livechatsettings SET offer_seconds = 30")


@pytest.fixture
def one_at_a_time(shop: SiteServer) -> Iterator[None]:
    shop.query("UPDATE wagtail_livechat_department SET handout = 'one'")
    yield
    shop.query("UPDATE wagtail_livechat_department SET handout = 'open'")


def is_asked_first(one: Operator, other: Operator, text: str) -> bool:
    for _ in range(100):
        if one.offer(text).is_visible():
            return True
        if other.offer(text).is_visible():
            return False
        one.page.wait_for_timeout(100)
    raise AssertionError("Nobody is asked.")


@pytest.mark.covers("B2", "B3")
def test_one_at_a_time_goes_on_to_the_next(
    new_visitor: NewVisitor, new_operator: NewOperator, one_at_a_time: None, short_offers: None
) -> None:
    elin = new_operator().go_available()
    oskar = new_operator("operator2").go_available()
    visitor = new_visitor().visit("/products/coffee-pot/").open()
    visitor.say("Who is free?")

    # One of them is asked, and a clock runs; the other one hears nothing of it.
    first, second = (elin, oskar) if is_asked_first(elin, oskar, "Who is free?") else (oskar, elin)
    expect(first.offer("Who is free?").locator(".lco__timer")).to_have_attribute("title", re.compile("Answer within"))
    expect(second.offer("Who is free?")).to_be_visible(timeout=20_000)
    expect(first.offer("Who is free?")).to_have_count(0)
    expect(first.status).to_have_accessible_name("Your status: Did not answer")
    second.accept("Who is free?")
    expect(visitor.happenings.last).to_contain_text("joined the chat")
