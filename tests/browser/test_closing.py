"""B9 to B13: why it ended, what is kept, who is kept out, and what is known of a visitor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Operator, Visitor
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]


@pytest.fixture
def talking(new_visitor: NewVisitor, new_operator: NewOperator) -> tuple[Visitor, Operator]:
    operator = new_operator().go_available()
    visitor = new_visitor().visit("/products/rucksack/").open()
    visitor.say("The strap broke")
    operator.accept("The strap broke")
    return visitor, operator


@pytest.fixture
def strict(shop: SiteServer) -> Iterator[None]:
    """A reason is needed to end a conversation."""
    shop.query("UPDATE wagtail_livechat_livechatsettings SET wrap_up_required = true")
    yield
    shop.query("UPDATE wagtail_livechat_livechatsettings SET wrap_up_required = false")


@pytest.mark.covers("B9", "B10")
def test_ended_with_a_reason_and_a_note_and_saved_to_the_archive(
    talking: tuple[Visitor, Operator], strict: None
) -> None:
    visitor, operator = talking
    operator.conversation.get_by_role("button", name="End", exact=True).click()
    operator.dialog.get_by_label("Note for colleagues").fill("Buckle sent.")
    operator.dialog.get_by_role("button", name="End conversation").click()
    expect(operator.dialog.get_by_role("alert")).to_contain_text("Choose a reason")
    expect(operator.dialog.get_by_label("Note for colleagues")).to_have_value("Buckle sent.")
    expect(visitor.happenings).to_have_text(["Elin joined the chat"])
    operator.dialog.get_by_role("radio", name="Repair booked").check()
    operator.dialog.get_by_role("button", name="End conversation").click()

    expect(visitor.happenings.last).to_have_text("Elin ended the chat")
    details = operator.panel("Visitor")
    expect(details).to_contain_text("Repair booked")
    expect(details).to_contain_text("Buckle sent.")
    operator.more("Save to the archive")
    expect(operator.conversation.locator(".lcd-head__facts")).to_contain_text("In the archive")
    operator.conversation.get_by_role("link", name="Open the record").click()
    record = operator.page.locator("main")
    expect(record).to_contain_text("Repair booked")
    expect(record).to_contain_text("Buckle sent.")


@pytest.mark.covers("B9")
def test_the_visitor_ended_it_and_the_operator_says_why(talking: tuple[Visitor, Operator], strict: None) -> None:
    visitor, operator = talking
    visitor.end()

    expect(operator.conversation.get_by_text("The visitor ended the conversation").last).to_be_visible()
    expect(operator.conversation.get_by_role("button", name="Remove from the list")).to_have_count(0)
    operator.conversation.get_by_role("button", name="Reason and note").click()
    operator.dialog.get_by_role("radio", name="Question answered").check()
    operator.dialog.get_by_role("button", name="Save").click()
    operator.conversation.get_by_role("button", name="Remove from the list").click()
    expect(operator.row("The strap broke")).to_have_count(0)


@pytest.mark.covers("B11")
def test_a_visitor_is_banned_and_let_in_again(
    talking: tuple[Visitor, Operator], new_operator: NewOperator, shop: SiteServer
) -> None:
    visitor, operator = talking
    operator.more("Ban this visitor")
    operator.dialog.get_by_role("radio", name=re.compile("^This visitor")).check()
    operator.dialog.get_by_label("For how long").select_option("A week")
    operator.dialog.get_by_label("Reason").fill("Rude words")
    operator.dialog.get_by_role("button", name="Ban").click()

    expect(visitor.happenings.last).to_have_text("The chat has ended")
    expect(visitor.notices).to_contain_text("The chat is closed.")
    visitor.watchdog.expect_trouble(re.compile("403|401|WebSocket"))
    expect(operator.conversation).to_contain_text("The conversation was ended by the system")

    admin = new_operator("admin").go_to("/admin/livechat/bans/")
    row = admin.page.get_by_role("row").filter(has_text="Rude words")
    expect(row).to_have_count(1)
    row.get_by_role("button", name=re.compile("^More options")).click()
    admin.page.get_by_role("link", name="Unban").click()
    admin.page.get_by_role("button", name=re.compile("Unban|Yes")).click()
    expect(admin.page.get_by_text("may come in again")).to_be_visible()
    visitor.visit()
    visitor.window.get_by_role("button", name="Start a new conversation").click()
    visitor.say("Sorry for that")
    expect(operator.offer("Sorry for that")).to_be_visible()


@pytest.mark.covers("B12", "B13")
def test_details_are_corrected_tags_put_on_and_pages_shown(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    panel = operator.panel("Visitor")
    visitor.page.get_by_role("navigation", name="Menu").get_by_role("link", name="Contact").click()
    visitor.sees("The strap broke")

    panel.get_by_role("button", name="Edit details").click()
    expect(panel.get_by_label("Name", exact=True)).to_be_focused()
    panel.get_by_label("Name", exact=True).fill("Ada Nordström")
    panel.get_by_label("E-mail").fill("ada@example.com")
    panel.get_by_role("button", name="Save").click()
    expect(operator.conversation.get_by_role("heading", name="Ada Nordström")).to_be_visible()
    expect(panel.get_by_role("textbox", name="Name")).to_have_count(0)

    tags = panel.get_by_role("combobox", name="Add a tag")
    tags.fill("repair")
    tags.press("Enter")
    tags.fill("VIP,")
    tags.press("Tab")
    expect(panel.locator(".lcd-tag")).to_have_text(["repair", "VIP"])
    expect(operator.row("Ada Nordström")).to_contain_text("repair")
    panel.get_by_role("button", name="Remove tag repair").click()
    expect(panel.locator(".lcd-tag")).to_have_text(["VIP"])

    operator.go_to_desk().choose("Ada Nordström")
    pages = operator.panel("Visitor").locator(".lcd-visits li")
    expect(pages).to_have_count(2)
    expect(pages.first).to_contain_text("Contact")
    expect(pages.last).to_contain_text("Rucksack Led")


@pytest.mark.covers("B12")
def test_earlier_conversations_are_beside_the_new_one(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    first_case = operator.conversation.locator(".lcd-head__case").inner_text().removeprefix("Case ")
    operator.end()
    visitor.window.get_by_role("button", name="Start a new conversation").click()
    visitor.say("Another thing")
    operator.accept("Another thing")

    earlier = operator.panel("Visitor").locator(".lcd-earlier li")
    expect(earlier).to_have_count(1)
    expect(earlier).to_contain_text("The strap broke")
    expect(earlier.get_by_role("link", name=first_case)).to_be_visible()


@pytest.fixture
def many_reasons(shop: SiteServer) -> Iterator[None]:
    """More reasons than anybody wants to read through."""
    for number in range(4):
        shop.query(
            "INSERT INTO wagtail_livechat_wrapupreason (name, is_active, sort_order) VALUES (%s, %s, 99)",
            [f"Rare reason {number}", True],
        )
    yield
    shop.query("DELETE FROM wagtail_livechat_wrapupreason WHERE name LIKE 'Rare reason%'")


@pytest.mark.covers("B9")
def test_a_long_list_of_reasons_is_searched(many_reasons: None, talking: tuple[Visitor, Operator]) -> None:
    _, operator = talking
    operator.conversation.get_by_role("button", name="End", exact=True).click()
    search = operator.dialog.get_by_role("searchbox", name="Search reasons")
    search.fill("no such thing")
    expect(operator.dialog).to_contain_text("No reason matches “no such thing”")
    search.fill("arranged")
    expect(operator.dialog.get_by_role("radio")).to_have_count(1)
    # Enter chooses; it does not end the conversation.
    search.press("Enter")
    expect(operator.dialog.get_by_role("radio", name="Return arranged")).to_be_checked()
    operator.dialog.get_by_role("button", name="End conversation").click()

    expect(operator.panel("Visitor")).to_contain_text("Return arranged")
