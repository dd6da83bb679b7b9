"""Journey 16: a visitor finds the answer without asking anybody, or asks all the same."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import emptied
from tests.browser.pages import Operator, Visitor
from tests.browser.test_accessibility import PHONE, WIDE, is_clean, widget_is_clean
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]
ShopSettings = Callable[..., None]

# (the page, its look, a question with a word of its answer, a category, an article, a word to look for)
JOURNEYS: dict[str, tuple[Any, ...]] = {
    "wide, English": (
        "/products/",
        {"viewport": WIDE, "reduced_motion": "reduce"},
        ("How long does delivery take?", "2–4 days"),
        "Care",
        "Wash a wool blanket",
        "repair",
    ),
    "phone, Swedish": (
        "/sv/",
        {"viewport": PHONE, "has_touch": True, "reduced_motion": "reduce", "color_scheme": "dark"},
        ("Hur lång är leveranstiden?", "2–4 dagar"),
        "Skötsel",
        "Tvätta en yllefilt",
        "reparation",
    ),
}


def looked(shop: SiteServer, outcome: str) -> list[tuple[Any, ...]]:
    return shop.query(
        "SELECT query, kind FROM wagtail_livechat_helpdesk_lookup WHERE outcome = %s ORDER BY id", [outcome]
    )


def eventually(ask: Callable[[], Any], wanted: Any) -> None:
    """What the window only tells the server in passing is there in a moment."""
    until = time.monotonic() + 10
    while (found := ask()) != wanted:
        assert time.monotonic() < until, found
        time.sleep(0.1)


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet(shop: SiteServer) -> Iterator[None]:
    with emptied(shop, "wagtail_livechat_helpdesk_lookup", "wagtail_livechat_helpdesk_feedback"):
        yield


def asked_of_help(visitor: Visitor) -> list[str]:
    return [url for url in visitor.watchdog.requests if "/livechat/help/" in url or "/help.js" in url]


def searches(visitor: Visitor) -> list[str]:
    return [url for url in visitor.watchdog.requests if "/livechat/help/search/" in url]


@pytest.mark.covers("A13", "A15")
@pytest.mark.parametrize("journey", JOURNEYS)
def test_a_visitor_reads_questions_and_articles(shop: SiteServer, new_visitor: NewVisitor, journey: str) -> None:
    path, look, (question, answer), category, article, word = JOURNEYS[journey]
    visitor = new_visitor(**look).visit(path).open()
    expect(visitor.tabs).to_have_count(3)
    visitor.page.wait_for_function("() => localStorage.length > 0")
    # Nothing of the help is fetched by who has not come for it.
    assert asked_of_help(visitor) == []
    widget_is_clean(visitor, "tabs, chat")

    # By keyboard along the tabs, into a question, and back to it.
    visitor.tabs.first.focus()
    visitor.page.keyboard.press("ArrowRight")
    expect(visitor.tabs.nth(1)).to_have_attribute("aria-selected", "true")
    expect(visitor.help.locator(".h-row").first).to_contain_text(question)
    widget_is_clean(visitor, "questions")
    heading = visitor.look_up(question)
    expect(visitor.help.locator(".h-text")).to_contain_text(answer)
    widget_is_clean(visitor, "an answer")

    # Did this help? One vote, changed once, and something added.
    votes = visitor.help.locator(".h-vote")
    stored = "SELECT helpful, comment FROM wagtail_livechat_helpdesk_feedback"
    votes.first.click()
    expect(votes.first).to_have_attribute("aria-pressed", "true")
    votes.last.click()
    expect(votes.last).to_have_attribute("aria-pressed", "true")
    visitor.help.locator(".h-in").fill("<b>And</b> to Norway?")
    widget_is_clean(visitor, "a vote")
    visitor.help.locator(".h-feedback .soft").click()
    expect(visitor.help.locator(".h-in")).to_have_count(0)
    assert [(bool(row[0]), row[1]) for row in shop.query(stored)] == [(False, "<b>And</b> to Norway?")]
    heading.focus()
    visitor.page.keyboard.press("Escape")
    expect(visitor.help.locator(".h-row").filter(has_text=question)).to_be_focused()

    # Articles: a category with its icon, a picture, steps, who wrote it.
    visitor.go_to_tab("help")
    tile = visitor.help.locator(".h-row").filter(has_text=category).locator(".h-tile")
    expect(tile).to_have_css("background-color", "rgb(47, 107, 79)")
    expect(tile.locator("path").first).to_be_attached()
    widget_is_clean(visitor, "categories")
    visitor.look_up(category)
    widget_is_clean(visitor, "a category")
    visitor.look_up(article)
    text = visitor.help.locator(".h-text")
    expect(text.locator(".steps > li")).to_have_count(3)
    expect(text.locator(".callout-warning")).to_be_visible()
    expect(text.locator("img")).to_have_attribute("loading", "lazy")
    expect(visitor.help.locator(".h-author b")).to_have_text("Ingrid")
    widget_is_clean(visitor, "an article")

    # To the chat and back: the same article, as far down as it was read.
    body = visitor.help.locator(".h-body")
    visitor.page.wait_for_function("(picture) => picture.complete", arg=text.locator("img").element_handle())
    body.evaluate("(box) => { box.scrollTop = 260; }")
    visitor.page.wait_for_function(
        "() => (sessionStorage.getItem(Object.keys(sessionStorage).find((k) => k.endsWith(':help'))) || '').includes('260')"
    )
    visitor.go_to_tab("chat")
    expect(visitor.window.locator("#lc-chat .log")).to_be_visible()
    visitor.go_to_tab("help")
    expect(visitor.help.locator(".h-name")).to_have_text(article)
    assert body.evaluate("(box) => box.scrollTop") == 260

    # A search: one request for what was typed, and its words are marked. Another page of the site keeps the place.
    visitor.help.locator(".h-back").click()
    visitor.help.locator(".h-back").click()
    visitor.search.fill(word)
    expect(visitor.help.locator(".h-count")).to_be_visible()
    expect(visitor.help.locator(".h-row mark").first).to_have_text(re.compile(f"^{word}", re.IGNORECASE))
    assert len(searches(visitor)) == 1
    widget_is_clean(visitor, "results")
    visitor.page.reload()
    expect(visitor.search).to_have_value(word)
    expect(visitor.help.locator(".h-count")).to_be_visible()

    # Nothing found: that is worth knowing, and the words go along to the chat.
    visitor.search.fill("quetzalcoatl")
    expect(visitor.help.locator(".h-none")).to_be_visible()
    widget_is_clean(visitor, "nothing found")
    eventually(lambda: looked(shop, "nothing"), [("quetzalcoatl", "")])
    visitor.help.locator(".h-ask").click()
    expect(visitor.window.locator("#lc-chat textarea")).to_have_value("quetzalcoatl")
    expect(visitor.window.locator("#lc-chat textarea")).to_be_focused()


@pytest.mark.covers("A5")
def test_a_suggestion_answers_the_question_or_the_chat_starts_with_it(
    shop: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    question = "How long does delivery take?"
    operator = new_operator().go_available()
    visitor = new_visitor(viewport=WIDE, reduced_motion="reduce").visit().open()
    visitor.field.fill("How")
    assert asked_of_help(visitor) == []
    visitor.field.fill(question)
    expect(visitor.suggestions.first).to_contain_text(question)
    assert len(searches(visitor)) == 1
    widget_is_clean(visitor, "suggestions")

    # This answered it: counted, and the question is out of the way, but not lost.
    visitor.suggestions.first.click()
    expect(visitor.help.locator(".h-name")).to_be_focused()
    widget_is_clean(visitor, "a suggestion")
    visitor.press("This answered it")
    expect(visitor.help.locator(".h-thanks")).to_be_visible()
    widget_is_clean(visitor, "thanks")
    eventually(lambda: looked(shop, "answered"), [(question, "faq")])
    visitor.press("Ask us anyway")
    expect(visitor.field).to_have_value(question)
    expect(visitor.field).to_be_focused()

    # Asked all the same: the chat starts with the question, and has no suggestions any more.
    visitor.field.fill(f"{question} To Norway")
    expect(visitor.suggestions.first).to_be_visible()
    visitor.suggestions.first.click()
    visitor.press("Ask us instead")
    expect(visitor.field).to_have_value(f"{question} To Norway")
    expect(visitor.suggestions).to_have_count(0)
    visitor.field.press("Enter")
    visitor.sees(f"{question} To Norway")
    eventually(lambda: looked(shop, "asked"), [(f"{question} To Norway", "")])
    operator.accept(f"{question} To Norway")
    operator.say("Three to six days.")
    visitor.sees(f"{question} To Norway", "Three to six days.")
    before = asked_of_help(visitor)
    visitor.field.fill("And how long is delivery to Denmark?")
    visitor.field.press("Enter")
    visitor.sees(f"{question} To Norway", "Three to six days.", "And how long is delivery to Denmark?")
    assert asked_of_help(visitor) == before

    # Who reads meanwhile is told on the tab that somebody has written.
    visitor.go_to_tab("faq")
    operator.say("Three days.")
    expect(visitor.tabs.first).to_contain_text("1")
    widget_is_clean(visitor, "unread in another tab")
    visitor.go_to_tab("chat")
    expect(visitor.row("Three days.")).to_be_visible()
    expect(visitor.tabs.first).to_have_text("Chat")


@pytest.mark.covers("A5")
def test_the_form_for_a_message_suggests_too_and_keeps_what_was_typed(
    shop_settings: ShopSettings, new_visitor: NewVisitor
) -> None:
    shop_settings(offline_form=True)
    visitor = new_visitor(viewport=PHONE, has_touch=True, reduced_motion="reduce").visit().open()
    visitor.fill_in(name="Ada Lind", message="What does a repair cost?")
    expect(visitor.suggestions.first).to_contain_text("What does a repair cost?")
    widget_is_clean(visitor, "suggestions in a form")
    visitor.suggestions.first.click()
    expect(visitor.help.locator(".h-text")).to_contain_text("Nothing, for as long as the thing lives.")
    visitor.press("Ask us instead")

    expect(visitor.answer_to("name")).to_have_value("Ada Lind")
    expect(visitor.answer_to("message")).to_have_value("What does a repair cost?")


@pytest.mark.covers("C3")
def test_a_reader_without_scripts_votes_on_the_page_and_a_manager_reads_it(
    shop: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    address = "/help/care/oil-a-cup/"
    reader = new_visitor(java_script_enabled=False).page
    reader.goto(shop.url + address)
    reader.get_by_role("button", name="No", exact=True).click()
    reader.get_by_label("What was missing?").fill("Which <i>oil</i>?")
    reader.get_by_role("button", name="Send").click()
    expect(reader.get_by_role("status")).to_have_text("Thank you for your answer!")
    assert reader.url.startswith(f"{shop.url}{address}?helped=thanks")
    assert reader.context.cookies() == []

    page = new_visitor().visit(address).page
    is_clean(page, "#lch-feedback", "the form under an article")

    manager = new_operator("manager").go_to("/admin/reports/article-feedback/").page
    row = manager.get_by_role("row").filter(has_text="Oil a wooden cup")
    expect(row).to_contain_text("0 %")
    is_clean(manager, ".lcf-table", "the report")
    row.get_by_role("link").click()
    expect(manager.locator(".lcf-text")).to_have_text("Which <i>oil</i>?")
