"""B5 and B6: what can be said without writing it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Operator, Visitor
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]


@pytest.mark.covers("B5")
def test_a_quick_reply_by_keyboard_from_the_slash_to_the_visitor(
    new_visitor: NewVisitor, new_operator: NewOperator, shop: SiteServer
) -> None:
    shop.query("UPDATE wagtail_livechat_quickreply SET used = 0")
    operator = new_operator().go_available()
    visitor = new_visitor().visit().open()
    visitor.say("Good morning")
    operator.accept("Good morning")
    keys = operator.page.keyboard
    options = operator.conversation.get_by_role("option")

    operator.field.press_sequentially("Well. /")
    expect(options.first).to_contain_text("Greeting")
    expect(options.filter(has_text="Hälsning")).to_have_count(0)  # Not the visitor's language.
    expect(options.filter(has_text="How to return")).to_have_count(0)  # Another department's.
    keys.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    keys.press("Escape")
    expect(options).to_have_count(0)
    expect(operator.field).to_be_focused()
    keys.type("bye")
    expect(options).to_have_count(1)
    keys.press("Enter")

    case = operator.conversation.locator(".lcd-head__case").inner_text().removeprefix("Case ")
    text = f"Well. Glad I could help!\n\nYour case number is {case}, should you want to come back to this."
    expect(operator.field).to_have_value(text)
    keys.press("Enter")
    visitor.sees("Good morning", text)
    assert shop.query("SELECT used FROM wagtail_livechat_quickreply WHERE shortcut = 'bye'") == [(1,)]


@pytest.mark.covers("B5")
def test_a_placeholder_without_a_value_is_shown_before_anything_is_sent(
    new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    operator = new_operator().go_available()
    visitor = new_visitor().visit().open()
    visitor.say("Hello <b>there</b>")
    operator.accept("there")

    operator.conversation.get_by_role("button", name="Quick replies").click()
    operator.conversation.get_by_role("option").filter(has_text="Greeting").click()
    expect(operator.field).to_have_value("Hello <name>, this is Elin at Norrgran. How can I help?")
    operator.field.press("Enter")
    expect(operator.conversation.get_by_role("alert")).to_contain_text("replace <name> before you send")
    expect(operator.field).to_have_value("Hello <name>, this is Elin at Norrgran. How can I help?")
    operator.field.fill("Hello Ada, this is Elin.")
    operator.field.press("Enter")

    # What one writes oneself is only text.
    operator.say("1 <2> <b>bold</b> <name>")
    visitor.sees("Hello <b>there</b>", "Hello Ada, this is Elin.", "1 <2> <b>bold</b> <name>")


@pytest.mark.covers("B6")
def test_a_page_is_found_beside_the_chat_and_its_link_inserted(
    new_visitor: NewVisitor, new_operator: NewOperator, shop: SiteServer
) -> None:
    operator = new_operator().go_available()
    visitor = new_visitor().visit().open()
    visitor.say("How do I send things back?")
    operator.accept("send things back")
    operator.field.fill("Look here:")
    operator.page.keyboard.press("Escape")

    operator.page.keyboard.press("s")
    search = operator.desk.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.press_sequentially("returns")
    answers = operator.desk.get_by_role("tabpanel", name="Answers")
    answers.get_by_role("button", name="Insert link: Delivery and returns").click()

    link = f"Look here: {shop.url}/delivery/"
    expect(operator.field).to_have_value(link)
    expect(operator.field).to_be_focused()
    operator.page.keyboard.press("Enter")
    expect(visitor.log.get_by_role("link", name=f"{shop.url}/delivery/")).to_be_visible()

    search.fill("nothing has this word zzz")
    expect(answers.get_by_role("status")).to_have_text("Nothing found for “nothing has this word zzz”")


@pytest.mark.covers("B6")
def test_a_question_and_an_article_are_found_beside_the_chat_and_pasted_with_one_click(
    new_visitor: NewVisitor, new_operator: NewOperator, shop: SiteServer
) -> None:
    operator = new_operator().go_available()
    visitor = new_visitor().visit().open()
    visitor.say("Where do you make all this?")
    operator.accept("make all this")

    search = operator.desk.get_by_role("searchbox")
    operator.panel("Answers")
    # With a slip of the finger.
    search.fill("where are they amde")
    answers = operator.desk.get_by_role("tabpanel", name="Answers")
    answers.get_by_role("button", name="Insert: Where are they made?").click()
    text = "In our workshop by the lake. Wood and wool come from within 300 kilometres."
    expect(operator.field).to_have_value(text)
    operator.page.keyboard.press("Enter")
    expect(visitor.row(text)).to_be_visible()

    search.fill("wash wool")
    answers.get_by_role("button", name="Insert link: Wash a wool blanket").click()
    link = f"{shop.url}/help/care/wash-a-blanket/"
    expect(operator.field).to_have_value(link)
    operator.page.keyboard.press("Enter")
    expect(visitor.log.get_by_role("link", name=link)).to_be_visible()


@pytest.mark.covers("B5")
def test_a_new_quick_reply_is_there_at_once(
    new_visitor: NewVisitor, new_operator: NewOperator, shop: SiteServer
) -> None:
    operator = new_operator().go_available()
    new_visitor().visit().open().say("Any news?")
    operator.accept("Any news?")
    answers = operator.panel("Answers")
    expect(answers).to_contain_text("Greeting")

    manager = new_operator("manager").go_to("/admin/livechat/quick-replies/add/")
    manager.page.get_by_role("textbox", name="Name*").fill("Spring news")
    manager.page.get_by_role("textbox", name="Text*").fill("Spring is near.\nSo are the tents.")
    manager.page.get_by_role("button", name="Save").click()

    expect(answers).to_contain_text("Spring news")
    answers.get_by_role("button", name="Insert: Spring news").click()
    expect(operator.field).to_have_value("Spring is near.\nSo are the tents.")
    shop.query("DELETE FROM wagtail_livechat_quickreply WHERE name = 'Spring news'")
