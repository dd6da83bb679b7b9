"""Two operators and three visitors, each in a browser of their own, go through all that the desk can do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Operator, Visitor

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]


@pytest.mark.covers("A6", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "B12", "B13", "B14")
def test_a_morning_at_the_desk(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    elin, oskar = new_operator().go_to_desk(), new_operator("operator2").go_to_desk()
    ada, bo, cem = (new_visitor().visit(path).open() for path in ("/products/rucksack/", "/delivery/", "/contact/"))

    # Nobody is there: they write all the same, and stand in line.
    for visitor, words in ((ada, "My strap broke"), (bo, "When will it come?"), (cem, "Do you have a shop?")):
        visitor.say(words)
        visitor.sees_tick(words, "Sent")
    elin.set_status("Available")
    expect(ada.notices).to_contain_text("You are next in line")
    expect(bo.notices).to_contain_text("You are number 2 in line")
    expect(cem.notices).to_contain_text("You are number 3 in line")

    # The card says who asks, from where, and since when; the next one moves up.
    card = elin.offer("My strap broke")
    expect(card).to_contain_text("Rucksack Led")
    expect(card).to_contain_text("/products/rucksack/")
    expect(card.locator(".lco__timer")).to_contain_text(re.compile(r"\d:\d\d"))
    elin.accept("My strap broke")
    expect(bo.notices).to_contain_text("You are next in line")
    oskar.set_status("Available")
    oskar.accept("When will it come?")
    expect(elin.offer("When will it come?")).to_have_count(0)

    # Both talk at once, with prepared words and with a page.
    elin.field.press_sequentially("/wait")
    elin.page.keyboard.press("Enter")
    expect(elin.field).to_have_value("Let me look that up, one moment please.")
    elin.page.keyboard.press("Enter")
    ada.sees("My strap broke", "Let me look that up, one moment please.")
    answers = oskar.panel("Answers")
    answers.get_by_role("searchbox").fill("delivery")
    answers.get_by_role("button", name="Insert: Delivery times").click()
    expect(oskar.field).to_have_value(re.compile("within one working day"))
    oskar.field.press("Enter")
    expect(bo.messages.last).to_contain_text("within one working day")

    # A note and a tag for whoever comes next; a word among colleagues.
    elin.conversation.get_by_role("button", name="Internal note").click()
    elin.say("Two years of warranty")
    tag = elin.panel("Visitor").get_by_role("combobox", name="Add a tag")
    tag.fill("warranty")
    tag.press("Enter")
    elin.write_to("Oskar")
    elin.say("Can you take the strap?")
    expect(oskar.colleague("Elin")).to_contain_text("Can you take the strap?")

    # Handed over, with all that was said, and the other one is asked in afterwards.
    elin.choose("Let me look that up")
    elin.hand_over("Osk")
    oskar.asked("Elin hands").get_by_role("button", name="Accept").click()
    oskar.sees("My strap broke", "Let me look that up, one moment please.", "Two years of warranty")
    expect(oskar.panel("Visitor").locator(".lcd-tag")).to_have_text(["warranty"])
    expect(ada.happenings.last).to_have_text("Oskar has taken over the chat")
    oskar.ask_in("Elin")
    elin.asked("Oskar asks you to join").get_by_role("button", name="Accept").click()
    expect(ada.happenings.last).to_have_text("Elin joined the chat")
    elin.say("Oskar will send you a new one.")
    ada.sees("My strap broke", "Let me look that up, one moment please.", "Oskar will send you a new one.")
    expect(ada.log).not_to_contain_text("Two years of warranty")
    elin.conversation.get_by_role("button", name="Leave").click()
    expect(ada.happenings.last).to_have_text("Elin left the chat")

    # The third one, who leaves by themselves; and the ends, with their reasons.
    elin.accept("Do you have a shop?")
    details = elin.panel("Visitor")
    details.get_by_role("button", name="Edit details").click()
    details.get_by_label("Name", exact=True).fill("Cem")
    details.get_by_role("button", name="Save").click()
    expect(elin.conversation.get_by_role("heading", name="Cem")).to_be_visible()
    cem.end()
    expect(elin.conversation.get_by_text("The visitor ended the conversation").last).to_be_visible()
    elin.more("Reason and note")
    elin.dialog.get_by_role("radio", name="No answer from visitor").check()
    elin.dialog.get_by_role("button", name="Save").click()
    elin.more("Save to the archive")
    expect(elin.conversation.locator(".lcd-head__facts")).to_contain_text("In the archive")
    oskar.end(reason="Repair booked", note="New strap sent")
    expect(ada.happenings.last).to_have_text("Oskar ended the chat")
    expect(oskar.panel("Visitor")).to_contain_text("New strap sent")
    oskar.choose("within one working day")
    bo.say("Thank you!")
    oskar.sees_last("Thank you!")
