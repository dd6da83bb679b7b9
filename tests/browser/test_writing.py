"""A8 and promise 4: what a person can write, and that hostile text stays text on both sides."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.pages import GREETING, Operator, Visitor

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]

HOSTILE = [
    "<script>document.title = 'broken'</script><img src=x onerror=\"document.title='broken'\">",
    "{{ 7 * 7 }} {% now 'Y' %} ${7*7} <%= 7*7 %>",
    "turned \u202egpj.exe\u202c around",
    "zero\u200bwidth and \ufeff marks",
    "W" * 400,
    "Ещё один вопрос، ومرحبا بكم",
    "</style></textarea></title><svg/onload=alert(1)>",
]


@pytest.fixture
def talking(new_visitor: NewVisitor, new_operator: NewOperator) -> tuple[Visitor, Operator]:
    visitor, operator = new_visitor().visit().open(), new_operator().go_available()
    visitor.say("Hello")
    operator.accept("Hello")
    visitor.sees("Hello")
    return visitor, operator


@pytest.mark.covers("A8")
def test_enter_sends_and_shift_enter_breaks_a_line_on_both_sides(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    for field, text in ((visitor.field, "visitor"), (operator.field, "operator")):
        field.press_sequentially(f"First {text}")
        field.press("Shift+Enter")
        field.press_sequentially("second line")
        expect(field).to_have_value(f"First {text}\nsecond line")
        field.press("Enter")
        expect(field).to_have_value("")

    for messages in (visitor.messages, operator.messages):
        expect(messages.filter(has_text="First visitor")).to_have_count(1)
        for text in ("visitor", "operator"):
            shown = messages.filter(has_text=f"First {text}")
            expect(shown).to_have_js_property("innerText", f"First {text}\nsecond line")


@pytest.mark.covers("A8")
def test_nothing_is_sent_when_nothing_is_written(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    visitor.field.press_sequentially("   ")
    visitor.field.press("Enter")
    visitor.say("Something")

    operator.sees("Hello", "Something")


@pytest.mark.covers("A8")
def test_a_thousand_characters_are_counted_and_never_cut(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    counter = visitor.window.locator(".composer")
    visitor.field.fill("x" * 799)
    expect(counter).not_to_contain_text("characters")
    visitor.field.fill("x" * 900)
    expect(counter).to_contain_text("900 of 1000 characters")
    assert visitor.field.get_attribute("maxlength") is None

    # Emoji count as what they are, one character each; 1003 is too many and all are still there.
    long = "x" * 1000 + "🙂🙂🙂"
    visitor.field.fill(long)
    expect(counter).to_contain_text("3 characters too many")
    expect(visitor.field).to_have_attribute("aria-invalid", "true")
    expect(visitor.window.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "true")
    visitor.field.press("Enter")
    expect(visitor.field).to_have_value(long)

    visitor.field.fill("y" * 997 + "🙂🙂🙂")
    visitor.field.press("Enter")
    operator.sees("Hello", "y" * 997 + "🙂🙂🙂")


@pytest.mark.covers("A8")
def test_links_are_safe_on_both_sides(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    visitor.say("See https://example.com/a?b=c&d=1. or http://example.org/x, mail me@example.com")
    visitor.say(
        "javascript:alert(1) data:text/html,x file:///etc/passwd ftp://example.com vbscript:x JaVaScRiPt://%0aalert(1)"
    )

    for log in (visitor.log, operator.log):
        links = log.locator("a")
        expect(links).to_have_text(["https://example.com/a?b=c&d=1", "http://example.org/x", "me@example.com"])
        assert [link.get_attribute("href") for link in links.all()] == [
            "https://example.com/a?b=c&d=1",
            "http://example.org/x",
            "mailto:me@example.com",
        ]
        for link in links.all():
            rel = (link.get_attribute("rel") or "").split()
            assert {"noopener", "nofollow"} <= set(rel)
            assert link.get_attribute("target") == "_blank"


@pytest.mark.covers("A8")
def test_emoji_are_picked_with_mouse_and_keys(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    visitor.field.press_sequentially("Good  news")
    visitor.field.evaluate("(field) => field.setSelectionRange(5, 5)")
    visitor.window.get_by_role("button", name="Emoji").click()
    grid = visitor.window.get_by_role("group", name="Emoji")
    grid.get_by_role("button", name="🎉").click()
    expect(visitor.field).to_have_value("Good 🎉 news")
    expect(visitor.field).to_be_focused()

    visitor.window.get_by_role("button", name="Emoji").press("Enter")
    visitor.page.keyboard.press("ArrowRight")
    second = grid.get_by_role("button").nth(1)
    expect(second).to_be_focused()
    chosen = second.inner_text()
    visitor.page.keyboard.press("Enter")
    expect(visitor.field).to_have_value(f"Good 🎉{chosen} news")
    visitor.window.get_by_role("button", name="Emoji").press("Enter")
    visitor.page.keyboard.press("Escape")
    expect(grid).to_have_count(0)
    expect(visitor.window).to_be_visible()
    visitor.field.press("Enter")

    operator.sees("Hello", f"Good 🎉{chosen} news")
    operator.say("👨‍👩‍👧‍👦 👍🏽")
    visitor.sees("Hello", f"Good 🎉{chosen} news", "👨‍👩‍👧‍👦 👍🏽")


def test_hostile_text_is_only_text_on_both_sides(talking: tuple[Visitor, Operator]) -> None:
    visitor, operator = talking
    for number, text in enumerate(HOSTILE):
        visitor.say(text)
        expect(operator.messages).to_have_count(2 * number + 2)
        operator.say(f"You said: {text}")
        expect(visitor.messages).to_have_count(2 * number + 4)

    said = ["Hello", *(text for one in HOSTILE for text in (one, f"You said: {one}"))]
    # Letter by letter, invisible ones too; nothing became markup.
    assert visitor.messages.evaluate_all("(all) => all.map((one) => one.textContent)") == [GREETING, *said]
    assert operator.messages.evaluate_all("(all) => all.map((one) => one.textContent)") == said
    for log in (visitor.log, operator.log):
        expect(log.locator("script, img[src=x], style, textarea, [onerror], [onload]")).to_have_count(0)
        assert_keeps_its_width(log)
    for page in (visitor.page, operator.page):
        expect(page).not_to_have_title(re.compile("broken"))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_hostile_text_is_only_text_in_offers_lists_and_records(
    new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    operator = new_operator().go_available()
    text = HOSTILE[0] + " " + HOSTILE[2] + " " + "V" * 300
    visitor = new_visitor().visit().open()
    visitor.say(text)

    offer = operator.offers.get_by_role("article")
    expect(offer).to_contain_text("<script>document.title")
    assert_keeps_its_width(offer)
    operator.offers.get_by_role("button", name="Accept").click()
    expect(operator.lists.get_by_role("listitem")).to_contain_text(["<script>document.title"])
    operator.end()
    expect(visitor.happenings.last).to_have_text("Elin ended the chat")
    operator.conversation.get_by_role("link", name="Open the record").click()

    line = operator.page.locator(".livechat-record__text").first
    expect(line).to_have_text(text)
    assert_keeps_its_width(operator.page.locator(".livechat-record"))
    expect(operator.page).not_to_have_title(re.compile("broken"))


def assert_keeps_its_width(element: Locator) -> None:
    """A very long word breaks; it pushes nothing to the side."""
    assert element.evaluate("(one) => one.scrollWidth <= one.clientWidth + 1")
