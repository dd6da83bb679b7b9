"""Journey 4: either side ends, both are told, and the record is found."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Operator, Visitor
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]

CASE = re.compile(r"Case \d{4}-\d{6}")


@pytest.fixture
def talking(new_visitor: NewVisitor, new_operator: NewOperator) -> tuple[Visitor, Operator]:
    visitor, operator = new_visitor().visit("/products/rucksack/").open(), new_operator().go_available()
    visitor.say("Do you mend straps?")
    operator.accept("Do you mend straps?")
    operator.say("For life.")
    visitor.sees("Do you mend straps?", "For life.")
    return visitor, operator


@pytest.mark.covers("A9")
def test_the_visitor_ends(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    visitor.end()

    expect(visitor.happenings.last).to_have_text("You ended the chat")
    expect(visitor.window.get_by_text(CASE)).to_be_visible()
    expect(visitor.field).to_have_count(0)
    expect(operator.happenings.last).to_contain_text("The visitor ended the conversation")
    expect(operator.field).to_have_count(0)

    # Gone from the desk when the operator says so, and from nowhere else.
    operator.desk.get_by_role("button", name="Remove from the list").click()
    expect(operator.row("For life.")).to_have_count(0)


@pytest.mark.covers("A9")
def test_the_visitor_thinks_again(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    visitor.menu().get_by_role("menuitem", name="End chat").click()
    question = visitor.window.get_by_role("alertdialog", name="End this chat?")
    # Enter must not end it by accident: the focus is on the harmless answer.
    expect(question.get_by_role("button", name="Keep chatting")).to_be_focused()
    visitor.page.keyboard.press("Enter")

    visitor.say("And buckles?")
    operator.sees("Do you mend straps?", "For life.", "And buckles?")


def test_the_operator_ends(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    operator.end()

    expect(visitor.happenings.last).to_have_text("Elin ended the chat")
    expect(visitor.window.get_by_text(CASE)).to_be_visible()
    expect(operator.happenings.last).to_contain_text("Elin ended the conversation")
    expect(operator.field).to_have_count(0)


@pytest.mark.covers("A9")
def test_after_the_end_a_new_conversation_can_begin(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    operator.end()
    visitor.window.get_by_role("button", name="Start a new conversation").click()
    expect(visitor.field).to_be_focused()
    visitor.sees()
    visitor.say("One more thing")

    operator.accept("One more thing")
    operator.sees("One more thing")
    visitor.sees("One more thing")


def test_all_tabs_are_told_of_the_end(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    tab = visitor.new_tab().open()
    tab.sees("Do you mend straps?", "For life.")
    tab.end()

    expect(visitor.happenings.last).to_have_text("You ended the chat")
    visitor.page.reload()
    expect(visitor.happenings.last).to_have_text("You ended the chat")
    expect(operator.happenings.last).to_contain_text("The visitor ended the conversation")


def test_the_record_is_found_with_its_whole_timeline(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    operator.conversation.get_by_role("button", name="Internal note").click()
    operator.say("Customer since 1998")
    expect(operator.log.locator(".lcd-bubble--pending")).to_have_count(0)
    visitor.say("Thank you <b>so</b> much")
    operator.sees("Do you mend straps?", "For life.", "Customer since 1998", "Thank you <b>so</b> much")
    visitor.end()
    case = visitor.window.get_by_text(CASE).inner_text().removeprefix("Case ")

    operator.go_to("/admin/")
    operator.page.get_by_role("button", name="Live chat", exact=True).click()
    operator.page.get_by_role("link", name="Conversations", exact=True).click()
    table = operator.page.get_by_role("table")
    row = table.get_by_role("row").filter(has_text=case)
    expect(row).to_contain_text("Ended")
    row.get_by_role("link", name=case).click()

    timeline = operator.page.get_by_role("region", name="Messages").locator(".livechat-record__line")
    expect(timeline).to_contain_text(
        [
            "Do you mend straps?",
            "Elin joined the conversation",
            "For life.",
            "Customer since 1998",
            "Thank you <b>so</b> much",
            "The visitor ended the conversation",
        ]
    )
    expect(timeline.filter(has_text="Customer since 1998")).to_contain_text("Internal note")
    details = operator.page.get_by_role("complementary", name="Details")
    expect(details).to_contain_text("Rucksack Led")
    expect(details).to_contain_text("Elin")
    expect(details).to_contain_text(re.compile(r"Ended.*by: visitor", re.IGNORECASE | re.DOTALL))
    # A note is for colleagues: it went to no visitor's screen.
    expect(visitor.log).not_to_contain_text("1998")


def test_the_record_is_found_by_what_was_said(shop: SiteServer, talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    visitor.say("My word is Schmetterling")
    operator.sees("Do you mend straps?", "For life.", "My word is Schmetterling")
    operator.end()
    expect(visitor.happenings.last).to_have_text("Elin ended the chat")

    operator.go_to("/admin/livechat/conversations/?q=schmetterling")
    expect(operator.page.get_by_role("table").locator("tbody tr")).to_have_count(1)
