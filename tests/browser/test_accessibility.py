"""axe finds nothing to complain of, in any state of the launcher, the window, the desk and the record."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import Operator, Visitor
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# Colours that fade in are no colours to judge.
LOOKS: list[dict[str, Any]] = [
    {"color_scheme": "light", "viewport": WIDE, "reduced_motion": "reduce"},
    {"color_scheme": "dark", "viewport": WIDE, "reduced_motion": "reduce"},
    {"color_scheme": "light", "viewport": PHONE, "reduced_motion": "reduce", "has_touch": True},
]
NAMES = ["light", "dark", "phone"]


def violations(page: Page, part: str) -> list[str]:
    """What axe says about this part of the page, one line for each element."""
    if not page.evaluate("!!window.axe"):
        page.evaluate(AXE)
    found = page.evaluate(
        """async ([part, rules]) => {
          const {violations} = await axe.run(part, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']});
          return violations.flatMap(({id, help, nodes}) =>
            nodes.map(({target, failureSummary}) => `${id}: ${help}\\n  ${target.join(' ')}\\n  ${failureSummary}`));
        }""",
        [part, RULES],
    )
    return list(found)


def is_clean(page: Page, part: str, state: str) -> None:
    found = violations(page, part)
    assert not found, f"{state}:\n" + "\n".join(found)


def widget_is_clean(visitor: Visitor, state: str) -> None:
    is_clean(visitor.page, "wagtail-livechat", state)


def desk_is_clean(operator: Operator, state: str) -> None:
    is_clean(operator.page, "#livechat-desk", state)


@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_launcher_window_and_desk_in_every_state(
    new_visitor: NewVisitor, new_operator: NewOperator, look: dict[str, Any]
) -> None:
    is_phone = look["viewport"] == PHONE
    visitor = new_visitor(**look).visit()
    widget_is_clean(visitor, "launcher, nobody there")
    visitor.open()
    expect(visitor.window.locator(".site")).to_have_text("Offline")
    widget_is_clean(visitor, "window, nobody there")
    operator = new_operator(**look).go_to_desk()
    desk_is_clean(operator, "desk, away")
    operator.status.click()
    desk_is_clean(operator, "desk, choosing a status")
    operator.page.keyboard.press("Escape")
    operator.set_status("Available")
    desk_is_clean(operator, "desk, empty")
    expect(visitor.window.locator(".site")).to_have_text("Online")
    widget_is_clean(visitor, "window, empty")

    visitor.say("Do you deliver to Norway? See https://example.com")
    expect(visitor.notices).to_contain_text("You are next in line")
    widget_is_clean(visitor, "window, queued")
    expect(operator.offers.get_by_role("article")).to_be_visible()
    desk_is_clean(operator, "desk, offer open")
    operator.accept("Do you deliver")
    operator.say("Yes, we do: https://example.com/delivery")
    operator.conversation.get_by_role("button", name="Internal note").click()
    operator.say("A note")
    expect(visitor.row("Yes, we do")).to_be_visible()
    visitor.write("How m")
    expect(operator.log.get_by_text("is writing…")).to_be_visible()
    widget_is_clean(visitor, "window, active")
    desk_is_clean(operator, "desk, conversation")
    if is_phone:
        operator.conversation.get_by_role("button", name="Details").click()
        desk_is_clean(operator, "desk, details")
        operator.desk.get_by_role("complementary").get_by_role("button", name="Close").click()

    visitor.field.fill("x" * 1010)
    expect(visitor.window.get_by_text("10 characters too many")).to_be_visible()
    widget_is_clean(visitor, "window, text too long")
    visitor.window.get_by_role("button", name="Emoji").click()
    expect(visitor.window.get_by_role("group", name="Emoji")).to_be_visible()
    widget_is_clean(visitor, "window, emoji")
    visitor.page.keyboard.press("Escape")
    visitor.field.fill("")
    visitor.menu()
    widget_is_clean(visitor, "window, menu")
    visitor.page.keyboard.press("Escape")

    for person in (visitor, operator):
        person.watchdog.expect_trouble()
    visitor.page.context.set_offline(True)
    expect(visitor.notices).to_contain_text("You are offline")
    visitor.say("On its way")
    widget_is_clean(visitor, "window, no network")
    visitor.page.context.set_offline(False)
    expect(visitor.notices).to_be_empty()
    operator.page.context.set_offline(True)
    expect(operator.desk.get_by_text("What you write is kept")).to_be_visible()
    operator.say("On its way too")
    desk_is_clean(operator, "desk, no network")
    operator.page.context.set_offline(False)
    expect(operator.line).to_have_text("Connected")

    visitor.menu().get_by_role("menuitem", name="End chat").click()
    widget_is_clean(visitor, "window, asking whether to end")
    visitor.window.get_by_role("alertdialog").get_by_role("button", name="End chat").click()
    expect(visitor.happenings.last).to_have_text("You ended the chat")
    widget_is_clean(visitor, "window, ended")
    expect(operator.happenings.last).to_contain_text("The visitor ended the conversation")
    desk_is_clean(operator, "desk, ended")
    if not is_phone:
        operator.desk.get_by_role("button", name="Keyboard shortcuts").click()
        expect(operator.page.get_by_role("dialog")).to_be_visible()
        desk_is_clean(operator, "desk, shortcuts")
        operator.page.keyboard.press("Escape")

    operator.conversation.get_by_role("link", name="Open the record").click()
    expect(operator.page.locator(".livechat-record")).to_be_visible()
    is_clean(operator.page, ".livechat-record", "record")


@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_the_desk_with_everything_that_opens(
    new_visitor: NewVisitor, new_operator: NewOperator, look: dict[str, Any]
) -> None:
    is_phone = look["viewport"] == PHONE
    operator = new_operator(**look).go_available()
    colleague = new_operator("operator2", **look).go_available()
    visitor = new_visitor().visit().open()
    visitor.say("Everything, please")
    operator.accept("Everything, please")

    operator.field.press_sequentially("/")
    expect(operator.conversation.get_by_role("option").first).to_be_visible()
    desk_is_clean(operator, "quick replies")
    operator.field.press_sequentially("hi")
    operator.field.press("Enter")
    operator.field.press("Enter")
    expect(operator.conversation.get_by_role("alert")).to_be_visible()
    desk_is_clean(operator, "placeholder without a value")
    operator.field.fill("")
    for name in ("Answers", "Visitor"):
        panel = operator.panel(name)
        if name == "Answers":
            panel.get_by_role("searchbox").fill("delivery")
            expect(panel.get_by_role("button", name="Insert link: Delivery and returns")).to_be_visible()
        else:
            panel.get_by_role("button", name="Edit details").click()
            tag = panel.get_by_role("combobox", name="Add a tag")
            tag.fill("a tag")
            tag.press("Enter")
            expect(panel.locator(".lcd-tag")).to_be_visible()
        desk_is_clean(operator, f"panel {name}")
    if is_phone:
        operator.desk.get_by_role("complementary").get_by_role("button", name="Close").click()

    menu = operator.conversation.get_by_role("button", name="More actions")
    menu.click()
    desk_is_clean(operator, "more actions")
    operator.page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    for action in ("Hand over", "Ask a colleague to join", "Ban this visitor"):
        operator.more(action)
        expect(operator.dialog).to_be_visible()
        desk_is_clean(operator, action)
        operator.page.keyboard.press("Escape")
        expect(operator.dialog).to_have_count(0)
    operator.conversation.get_by_role("button", name="End", exact=True).click()
    desk_is_clean(operator, "ending")
    operator.page.keyboard.press("Escape")

    operator.more("Ask a colleague to join")
    operator.ask_for("Osk")
    expect(operator.strips).to_contain_text("Waiting for Oskar")
    desk_is_clean(operator, "waiting for a colleague")
    desk_is_clean(colleague, "asked by a colleague")
    colleague.asked("Elin asks").get_by_role("button", name="Accept").click()
    expect(operator.strips).to_contain_text("In conference")
    desk_is_clean(operator, "conference")
    if is_phone:
        operator.conversation.get_by_role("button", name="Back to the list").click()
    operator.write_to("Oskar")
    operator.say("A word between us")
    desk_is_clean(operator, "with a colleague")


@pytest.mark.parametrize("look", LOOKS, ids=NAMES)
def test_the_offer_on_another_page_of_the_admin(
    new_visitor: NewVisitor, new_operator: NewOperator, look: dict[str, Any]
) -> None:
    operator = new_operator(**look).go_available()
    operator.go_to("/admin/livechat/conversations/")
    new_visitor().visit().open().say("Are you there?")
    expect(operator.offer("Are you there?")).to_be_visible()

    is_clean(operator.page, ".livechat-presence", "offer")


@pytest.mark.covers("A8")
def test_history_is_not_read_aloud_and_news_is(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    operator = new_operator().go_available()
    visitor = new_visitor().visit().open()
    visitor.say("One")
    operator.accept("One")
    visitor.page.reload()
    visitor.sees("One")
    # What is put in at first is history; only then the region becomes live.
    expect(visitor.log).to_have_attribute("aria-live", "polite")
    operator.say("Two")
    visitor.sees("One", "Two")
    expect(visitor.log).to_have_attribute("aria-live", "polite")


@pytest.mark.covers("A9")
def test_the_window_by_keyboard(shop: SiteServer, new_visitor: NewVisitor) -> None:
    visitor = new_visitor().visit()
    visitor.launcher.focus()
    visitor.page.keyboard.press("Enter")
    expect(visitor.window).to_be_visible()
    expect(visitor.field).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.window).to_be_hidden()
    expect(visitor.launcher).to_be_focused()
    expect(visitor.launcher).to_have_attribute("aria-expanded", "false")

    visitor.page.keyboard.press("Enter")
    visitor.window.get_by_role("button", name="Menu").press("Enter")
    expect(visitor.window.get_by_role("menuitemcheckbox", name=re.compile("Sound"))).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.window.get_by_role("button", name="Menu")).to_be_focused()
    expect(visitor.window).to_be_visible()


def test_a_reload_steals_no_focus(new_visitor: NewVisitor) -> None:
    visitor = new_visitor().visit().open()
    visitor.say("One")
    visitor.page.reload()
    visitor.sees("One")

    assert visitor.page.evaluate("document.activeElement === document.body")


def test_the_window_fits_at_200_percent_and_on_a_small_phone(new_visitor: NewVisitor) -> None:
    for size in ({"width": 640, "height": 400}, {"width": 320, "height": 568}, {"width": 844, "height": 390}):
        visitor = new_visitor(viewport=size).visit().open()
        visitor.say("A message")
        expect(visitor.field).to_be_in_viewport(ratio=1)
        expect(visitor.window.get_by_role("button", name="Minimise the chat")).to_be_in_viewport(ratio=1)
        assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
