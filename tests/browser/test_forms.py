"""Journeys 9 to 12: what visitors are asked before, instead of, during and after a chat."""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Operator, Visitor
from tests.browser.test_accessibility import PHONE, WIDE, desk_is_clean, widget_is_clean
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]
ShopSettings = Callable[..., None]

CASE = re.compile(r"\d{4}-\d{6}")
LOOKS: list[dict[str, Any]] = [
    {"viewport": WIDE, "reduced_motion": "reduce"},
    {"viewport": PHONE, "has_touch": True, "reduced_motion": "reduce"},
]
NAMES = ["wide", "phone"]


def letters(shop: SiteServer, recipient: str) -> list[Any]:
    """The letters to an address that have left, oldest first; waited for a little, since a worker sends them."""
    folder = Path(shop.folder) / "mail"
    until = time.monotonic() + 15
    while time.monotonic() < until:
        # The demo writes letters to files, several to one file, with a line of dashes after each.
        texts = [text for file in sorted(folder.glob("*.log")) for text in file.read_bytes().split(b"-" * 79)]
        found = [email.message_from_bytes(text.strip(), policy=email.policy.default) for text in texts if text.strip()]
        if mine := [letter for letter in found if letter["To"] == recipient]:
            return mine
        time.sleep(0.1)
    raise AssertionError(f"No letter to {recipient} has left.")


@pytest.mark.covers("A3", "A4")
@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_the_form_before_the_chat(
    shop_settings: ShopSettings, new_visitor: NewVisitor, new_operator: NewOperator, look: dict[str, Any]
) -> None:
    shop_settings(
        prechat_name="required",
        prechat_email="required",
        prechat_phone="shown",
        prechat_department="shown",
        prechat_consent="required",
        country="SE",
    )
    operator = new_operator().go_available()
    visitor = new_visitor(**look).visit("/products/rucksack/").open()
    expect(visitor.answer_to("message")).to_be_visible()
    expect(visitor.field).to_have_count(0)
    widget_is_clean(visitor, "form before the chat")

    # Nothing filled in: each field says so, and the first has the focus.
    visitor.press("Start the chat")
    expect(visitor.fault_of("name")).to_have_text("Please fill this in.")
    expect(visitor.fault_of("message")).to_have_text("Please fill this in.")
    expect(visitor.answer_to("name")).to_be_focused()
    widget_is_clean(visitor, "form before the chat, with faults")

    # What was typed survives a reload.
    visitor.fill_in(name="Ada Lind", email="ada@mail", phone="12", message="Do you mend straps?")
    visitor.answer_to("department").select_option("Repairs and returns")
    visitor.window.get_by_role("checkbox").check()
    visitor.page.wait_for_timeout(400)
    visitor.page.reload()
    expect(visitor.answer_to("name")).to_have_value("Ada Lind")
    expect(visitor.answer_to("message")).to_have_value("Do you mend straps?")
    expect(visitor.window.get_by_role("checkbox")).to_be_checked()

    # The server says what it cannot use, and nothing is lost.
    visitor.press("Start the chat")
    expect(visitor.fault_of("email")).to_have_text("This is not an e-mail address. Is there a slip in it?")
    expect(visitor.fault_of("phone")).to_contain_text("This is not a phone number.")
    expect(visitor.answer_to("message")).to_have_value("Do you mend straps?")
    visitor.fill_in(email="ada@mail.example", phone="070-174 06 05")
    expect(visitor.fault_of("email")).to_have_count(0)
    visitor.press("Start the chat")

    visitor.sees("Do you mend straps?")
    operator.accept("Do you mend straps?")
    panel = operator.panel("Visitor")
    expect(panel).to_contain_text("Ada Lind")
    expect(panel).to_contain_text("ada@mail.example")
    expect(panel).to_contain_text("+46 70 174 06 05")
    # What they agreed to, as they read it, and when.
    expect(panel.get_by_text("I agree that what I write here is stored")).to_be_visible()
    expect(panel.get_by_text("Agreed", exact=True)).to_be_visible()
    operator.say("For life.")
    visitor.sees("Do you mend straps?", "For life.")
    visitor.say("Great")
    visitor.sees("Do you mend straps?", "For life.", "Great")


@pytest.mark.covers("A11")
@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_a_message_is_left_while_nobody_is_there(
    shop: SiteServer,
    shop_settings: ShopSettings,
    new_visitor: NewVisitor,
    new_operator: NewOperator,
    look: dict[str, Any],
) -> None:
    shop_settings(offline_form=True, support_email="support@norrgran.example")
    address = f"ada{time.monotonic_ns()}@mail.example"
    visitor = new_visitor(**look).visit("/products/rucksack/").open()
    expect(visitor.log).to_contain_text("Leave a message, and we will answer you by e-mail.")
    widget_is_clean(visitor, "form while nobody is there")

    visitor.fill_in(name="Ada Lind", email=address, message="Do you mend zips?")
    visitor.press("Send the message")

    expect(visitor.window.get_by_text(f"We have your message and will answer to {address}.")).to_be_visible()
    case = CASE.search(visitor.window.locator(".f-case").inner_text())
    assert case
    widget_is_clean(visitor, "message left")
    visitor.page.reload()
    expect(visitor.window.locator(".f-case")).to_contain_text(case[0])

    [receipt] = letters(shop, address)
    assert case[0] in receipt["Subject"]
    assert receipt["Auto-Submitted"] == "auto-generated"
    assert receipt["Reply-To"] == "support@norrgran.example"
    assert "Do you mend zips?" in receipt.get_body(("plain",)).get_content()
    assert "Do you mend zips?" in receipt.get_body(("html",)).get_content()
    copy = letters(shop, "support@norrgran.example")[-1]
    assert copy["Reply-To"] == address and "Ada Lind" in copy["Subject"]

    # On the desk it waits for an answer until somebody has dealt with it.
    operator = new_operator().go_to_desk()
    operator.choose("Do you mend zips?")
    expect(operator.conversation).to_contain_text("It waits for an answer by e-mail.")
    desk_is_clean(operator, "a case")
    operator.conversation.get_by_role("button", name="Mark as dealt with").click()
    expect(operator.row("Do you mend zips?")).to_have_count(0)

    visitor.press("Start a new conversation")
    expect(visitor.answer_to("message")).to_have_value("")


def test_who_is_writing_a_message_for_later_may_chat_when_somebody_comes(
    shop_settings: ShopSettings, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    shop_settings(offline_form=True)
    visitor = new_visitor().visit().open()
    visitor.fill_in(message="Do you mend zips?")

    operator = new_operator().go_available()
    visitor.press("Somebody is here now. Chat instead")

    expect(visitor.field).to_have_value("Do you mend zips?")
    visitor.field.press("Enter")
    operator.accept("Do you mend zips?")


@pytest.mark.covers("A6", "A7")
@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_nobody_answers(
    shop: SiteServer,
    shop_settings: ShopSettings,
    new_visitor: NewVisitor,
    new_operator: NewOperator,
    look: dict[str, Any],
) -> None:
    shop_settings(no_answer_seconds=2)
    new_operator().go_available()
    patient, hurried = new_visitor(**look).visit().open(), new_visitor(**look).visit().open()
    for visitor, words in ((patient, "I have time"), (hurried, "I have none")):
        visitor.say(words)
        expect(visitor.window.get_by_text("It takes longer than usual.")).to_be_visible()
    expect(patient.notices).to_contain_text("You are next in line")
    expect(hurried.notices).to_contain_text("You are number 2 in line")
    widget_is_clean(hurried, "nobody answers")

    patient.press("Keep waiting")
    expect(patient.window.get_by_text("It takes longer than usual.")).to_have_count(0)
    patient.page.reload()
    expect(patient.notices).to_contain_text("You are next in line")
    expect(patient.window.get_by_text("It takes longer than usual.")).to_have_count(0)

    hurried.press("Leave my address")
    expect(hurried.fault_of("email")).to_have_text("Please fill this in.")
    address = f"ada{time.monotonic_ns()}@mail.example"
    hurried.fill_in(email=address)
    hurried.press("Leave my address")
    expect(hurried.window.get_by_text(f"We have your message and will answer to {address}.")).to_be_visible()
    expect(hurried.happenings.last).to_have_text("You left your e-mail address. We will answer you there.")
    assert "I have none" in letters(shop, address)[0].get_body(("plain",)).get_content()


@pytest.mark.covers("A6")
def test_the_wait_is_told_in_words(shop: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    new_operator().go_available()
    # Three who waited two minutes each, in the department that will be asked.
    shop.query("UPDATE wagtail_livechat_conversation SET queue_place = NULL")
    [(department,)] = shop.query("SELECT id FROM wagtail_livechat_department WHERE name = 'Sales'")
    for number in range(3):
        shop.query(
            "UPDATE wagtail_livechat_conversation SET department_id = %s, queue_place = 1,"
            " created_at = datetime('now', '-10 minutes'), answered_at = datetime('now', '-8 minutes')"
            " WHERE id = (SELECT max(id) FROM wagtail_livechat_conversation) - %s",
            [department, number],
        )
    visitor = new_visitor().visit().open()
    visitor.say("How long?")

    # What was measured is remembered for half a minute; who waits is told without asking.
    expect(visitor.notices).to_contain_text("You are next in line")
    expect(visitor.notices).to_contain_text(re.compile("Estimated wait: [0-9]+ min"), timeout=45_000)


@pytest.mark.covers("A10")
@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_after_the_end(
    shop: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator, look: dict[str, Any]
) -> None:
    visitor, operator = new_visitor(**look).visit().open(), new_operator().go_available()
    visitor.say("Do you mend straps?")
    operator.accept("Do you mend straps?")
    operator.say("For life.")
    visitor.sees("Do you mend straps?", "For life.")
    visitor.end()

    # How was it?
    visitor.window.get_by_role("radio", name="Very good").check()
    visitor.window.get_by_label(re.compile("^Do you want to add")).fill("So quick!")
    widget_is_clean(visitor, "rating")
    visitor.press("Send rating")
    expect(visitor.window.get_by_text("Thank you for your answer!")).to_be_visible()
    case = CASE.search(visitor.window.get_by_text(CASE).inner_text())
    assert case
    stored = "SELECT rating, rating_comment FROM wagtail_livechat_conversation WHERE case_number = %s"
    assert shop.query(stored, [case[0]]) == [(5, "So quick!")]

    # The transcript goes to the address that is given here.
    address = f"ada{time.monotonic_ns()}@mail.example"
    visitor.press("Send me this chat by e-mail")
    visitor.fill_in(email="ada@")
    visitor.press("Send")
    expect(visitor.fault_of("email")).to_contain_text("This is not an e-mail address.")
    widget_is_clean(visitor, "transcript")
    visitor.fill_in(email=address)
    visitor.press("Send")
    expect(visitor.window.get_by_text(f"It is on its way to {address}.")).to_be_visible()
    body = letters(shop, address)[0].get_body(("plain",)).get_content()
    assert "Do you mend straps?" in body and "For life." in body and "Elin joined the chat" in body

    # And back to the one who answered.
    visitor.press("Back to the chat")
    expect(visitor.field).to_be_focused()
    visitor.say("And zips?")
    operator.sees("Do you mend straps?", "For life.", "And zips?")
