"""Journey 16: what editors do about the chat is what visitors meet."""

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

BUTTON = "Talk to us about this product"


@pytest.fixture(autouse=True)
def as_it_was(shop: SiteServer) -> Iterator[None]:
    """Other tests share the shop: its pages say nothing of the chat afterwards."""
    yield
    shop.manage(
        "shell",
        "-c",
        "from example_site.shop.models import ProductPage\n"
        "for page in ProductPage.objects.filter(slug='birch-cup'):\n"
        "    page.chat_visibility, page.chat_greeting = '', ''\n"
        "    page.save_revision().publish()",
    )


def page_of(shop: SiteServer, slug: str) -> int:
    """The number of the English page of the shop."""
    found = shop.query(
        "SELECT p.id FROM wagtailcore_page p JOIN wagtailcore_locale l ON l.id = p.locale_id "
        f"WHERE p.slug = '{slug}' AND l.language_code = 'en' AND p.url_path LIKE '/shop/%'"
    )
    return int(found[0][0])


@pytest.mark.covers("C5", "C6")
def test_an_editor_hides_the_chat_and_visitors_still_find_it_where_it_is_needed(
    shop: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    # An editor hides it on one product, in the page's own settings.
    editor = new_operator("admin").go_to(f"/admin/pages/{page_of(shop, 'birch-cup')}/edit/#tab-settings")
    editor.page.get_by_label("Chat", exact=True).select_option(label="Hidden")
    editor.page.get_by_label("Greeting", exact=True).fill("Ask us about birch.")
    editor.page.get_by_role("button", name="More actions").last.click()
    editor.page.get_by_role("button", name="Publish", exact=True).click()
    expect(editor.page.get_by_text("published").first).to_be_visible()

    # A visitor of the page has no launcher, but the button that an editor has put there.
    visitor = new_visitor()
    visitor.page.goto(f"{visitor.url}/products/birch-cup/")
    button = visitor.page.get_by_role("link", name=BUTTON)
    expect(visitor.page.locator("wagtail-livechat")).to_have_count(1)
    expect(visitor.launcher).to_be_hidden()
    assert visitor.page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0

    # It opens the chat with the page's greeting and a first sentence, which is not sent by itself.
    button.click()
    expect(visitor.window).to_be_visible()
    expect(visitor.messages.first).to_have_text("Ask us about birch.")
    expect(visitor.field).to_have_value("I have a question about Birch cup Kåsa: ")
    assert shop.query(
        "SELECT count(*) FROM wagtail_livechat_entry WHERE body LIKE 'I have a question about Birch%'"
    ) == [(0,)]

    # What somebody has typed is not replaced.
    visitor.field.fill("Mine")
    visitor.page.keyboard.press("Escape")
    button.click()
    expect(visitor.field).to_have_value("Mine")
    operator = new_operator().go_available()
    visitor.field.press("Enter")
    operator.accept("Mine")
    assert shop.query(
        "SELECT d.name FROM wagtail_livechat_conversation c JOIN wagtail_livechat_department d ON d.id = c.department_id "
        "ORDER BY c.id DESC LIMIT 1"
    ) == [("Sales",)]

    # In the middle of a conversation it is there, hidden or not.
    visitor.page.keyboard.press("Escape")
    visitor.page.reload()
    expect(visitor.launcher).to_be_visible()
    visitor.open()
    expect(visitor.messages.last).to_have_text("Mine")

    # Words in a text open it too; the department is theirs.
    other = new_visitor().visit("/delivery/")
    other.page.get_by_role("link", name="Talk to the workshop about a repair").click()
    expect(other.field).to_have_value("I would like to have something repaired: ")
    other.field.press("Enter")
    operator.accept("I would like to have something repaired:")
    assert shop.query(
        "SELECT d.name FROM wagtail_livechat_conversation c JOIN wagtail_livechat_department d ON d.id = c.department_id "
        "ORDER BY c.id DESC LIMIT 1"
    ) == [("Repairs and returns",)]


@pytest.mark.covers("C6")
def test_without_javascript_the_button_is_a_link(shop: SiteServer, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(java_script_enabled=False)
    visitor.page.goto(f"{visitor.url}/products/wool-blanket/")
    visitor.page.get_by_role("link", name=BUTTON).click()
    visitor.page.wait_for_url(f"{visitor.url}/contact/")

    visitor.page.goto(f"{visitor.url}/delivery/")
    expect(visitor.page.get_by_role("link", name="Talk to the workshop about a repair")).to_have_attribute(
        "href", "/contact/"
    )


@pytest.mark.covers("C6")
def test_an_editor_puts_words_into_a_text_that_open_the_chat(
    shop: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    about = page_of(shop, "about")
    editor = new_operator("admin").go_to(f"/admin/pages/{about}/edit/")
    text = editor.page.locator(".Draftail-Editor .public-DraftEditor-content")
    text.click()
    editor.page.keyboard.press("Control+End")
    editor.page.keyboard.type(" Talk to the smith")
    for _ in "Talk to the smith":
        editor.page.keyboard.press("Shift+ArrowLeft")
    editor.page.get_by_role("button", name="Link that opens the chat").click()
    dialog = editor.page.get_by_role("dialog").filter(has_text="Link that opens the chat")
    dialog.get_by_label("First sentence").fill("Something broke:")
    dialog.get_by_label("Address without chat").fill("javascript:alert(1)")
    dialog.get_by_role("button", name="Insert link").click()
    expect(dialog.get_by_text("Begin with /")).to_be_visible()
    dialog.get_by_label("Address without chat").fill("")
    dialog.get_by_label("Department").select_option(label="Sales")
    dialog.get_by_role("button", name="Insert link").click()
    expect(text.locator("a[data-draftail-trigger]")).to_have_text("Talk to the smith")
    editor.page.get_by_role("button", name="More actions").last.click()
    editor.page.get_by_role("button", name="Publish", exact=True).click()
    expect(editor.page.get_by_text("published").first).to_be_visible()

    visitor = new_visitor().visit("/about/")
    visitor.page.get_by_role("link", name="Talk to the smith").click()
    expect(visitor.field).to_have_value("Something broke: ")


@pytest.mark.covers("C4", "C7")
def test_an_answer_becomes_an_faq_that_visitors_read(
    shop: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    operator = new_operator().go_available()
    visitor = new_visitor().visit("/products/wool-blanket/").open()
    visitor.say("Can I wash it at 40 degrees? I am at ada@mail.example")
    operator.accept("Can I wash it")
    operator.say("No, air it instead.")

    # A page of the site is looked for and sent.
    answers = operator.panel("Answers")
    answers.get_by_role("button", name="Pages under Products").click()
    answers.get_by_role("button", name="Insert link: Blanket Myr").click()
    expect(operator.field).to_have_value(f"{shop.url}/products/wool-blanket/")
    operator.field.fill("")

    # The answer is chosen with the keyboard, and becomes a draft.
    operator.field.blur()
    operator.page.keyboard.press("d")
    boxes = operator.log.get_by_role("checkbox")
    expect(boxes.last).to_be_focused()
    operator.page.keyboard.press("Space")
    operator.page.keyboard.press("ArrowUp")
    expect(boxes.first).to_be_focused()
    operator.page.keyboard.press("Space")
    expect(operator.conversation.get_by_text("Messages chosen: 2")).to_be_visible()
    operator.page.keyboard.press("Enter")
    dialog = operator.dialog
    title = dialog.get_by_label("Question or title")
    expect(title).to_have_value(re.compile("Can I wash it at 40 degrees"))
    title.fill("Can I wash the blanket?")
    dialog.get_by_role("button", name="Make the draft").click()
    expect(dialog).to_contain_text("The draft is made")
    operator.page.keyboard.press("Escape")
    expect(operator.dialog).to_have_count(0)
    assert shop.query(
        "SELECT answer, live FROM wagtail_livechat_helpdesk_faq WHERE question = 'Can I wash the blanket?'"
    ) == [("<p>No, air it instead.</p>", 0)]

    # An editor finds it, sees where it came from, and publishes it.
    number = shop.query("SELECT max(id) FROM wagtail_livechat_helpdesk_faq")[0][0]
    editor = new_operator("admin").go_to(f"/admin/livechat/faqs/edit/{number}/")
    expect(editor.page.get_by_text("Made of an answer in the conversation")).to_be_visible()
    editor.page.get_by_role("button", name="More actions").last.click()
    editor.page.get_by_role("button", name="Publish", exact=True).click()
    expect(editor.page.get_by_text("published").first).to_be_visible()

    # What was asked for in vain is one press from being written.
    shop.manage(
        "shell",
        "-c",
        "from wagtail.models import Site; from wagtail_livechat.helpdesk import lookups; "
        "lookups.record(Site.objects.get(is_default_site=True).pk, language='en', query='engraving', outcome='nothing')",
    )
    editor.go_to("/admin/livechat/asked/")
    expect(editor.page.get_by_role("link", name="Blanket Myr").first).to_be_visible()
    editor.page.get_by_role("button", name="Write an FAQ: engraving").click()
    expect(editor.page.get_by_role("textbox", name="Question")).to_have_value("engraving")
