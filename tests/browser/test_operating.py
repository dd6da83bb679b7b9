"""B1 and B15: the desk by keyboard alone, and its sounds and notifications."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.pages import Operator, Visitor

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]

# What a person would hear and see, written down. The page is as if in the background when `pretendHidden` says so.
OBSERVE = """
window.tones = 0;
window.notifications = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when); };
window.Notification = class {
  static permission = 'default';
  static async requestPermission() { return (this.permission = 'granted'); }
  constructor(title, options) { window.notifications.push([title, options.body]); }
  close() {}
};
window.pretendHidden = (hidden) => {
  Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
  Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => hidden ? 'hidden' : 'visible'});
  document.hasFocus = () => !hidden;
  document.dispatchEvent(new Event('visibilitychange'));
};
"""


def observed(operator: Operator) -> Operator:
    operator.page.add_init_script(OBSERVE)
    return operator


def tab_to(operator: Operator, control: Locator) -> None:
    for _ in range(40):
        if control.evaluate("(one) => one === document.activeElement"):
            return
        operator.page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there.")


@pytest.mark.covers("B1")
def test_a_whole_shift_without_the_mouse(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    first, second = new_visitor().visit().open(), new_visitor().visit().open()
    operator = new_operator().go_to_desk()
    keys = operator.page.keyboard

    # Tab to the status menu and choose Available.
    tab_to(operator, operator.status)
    keys.press("Enter")
    keys.press("Home")
    keys.press("Enter")
    expect(operator.status).to_have_accessible_name("Your status: Available")

    first.say("From the first")
    expect(operator.offer("From the first")).to_be_visible()
    keys.press("a")
    operator.sees("From the first")
    second.say("From the second")
    expect(operator.offer("From the second")).to_be_visible()
    keys.press("a")
    operator.sees("From the second")

    keys.press("r")
    expect(operator.field).to_be_focused()
    keys.type("Answer to the second: a, j and e are letters here")
    keys.press("Enter")
    second.sees("From the second", "Answer to the second: a, j and e are letters here")
    keys.press("Escape")
    expect(operator.field).not_to_be_focused()

    # The first one waits for an answer, so it is above.
    keys.press("k")
    operator.sees("From the first")
    keys.press("r")
    keys.type("Answer to the first")
    keys.press("Shift+Enter")
    keys.type("in two lines")
    keys.press("Enter")
    expect(first.messages.last).to_contain_text("in two lines")
    keys.press("Escape")

    keys.press("n")
    expect(operator.field).to_have_accessible_name("Write a note that only your colleagues see")
    keys.type("Only for us")
    keys.press("Enter")
    expect(operator.log.get_by_text("Only for us")).to_be_visible()
    keys.press("Escape")

    keys.press("e")
    dialog = operator.page.get_by_role("dialog")
    expect(dialog).to_contain_text("End the conversation with")
    keys.press("Escape")
    expect(dialog).to_have_count(0)
    keys.press("e")
    # A hasty Enter must end nothing.
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    tab_to(operator, dialog.get_by_role("button", name="End conversation"))
    keys.press("Enter")
    expect(first.happenings.last).to_have_text("Elin ended the chat")
    expect(first.log).not_to_contain_text("Only for us")
    expect(second.happenings).to_have_text(["Elin joined the chat"])


@pytest.mark.covers("B1")
def test_the_arrows_move_through_the_lists(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    operator = new_operator().go_available()
    for text in ("The oldest", "The middle", "The newest"):
        new_visitor().visit().open().say(text)
        operator.accept(text)
        operator.sees(text)
    keys = operator.page.keyboard
    operator.row("The newest").get_by_role("button").first.focus()
    keys.press("ArrowUp")
    operator.sees("The middle")
    expect(operator.row("The middle").get_by_role("button").first).to_be_focused()
    keys.press("ArrowUp")
    operator.sees("The oldest")
    keys.press("ArrowDown")
    operator.sees("The middle")


@pytest.mark.covers("B1")
def test_the_shortcuts_are_listed_and_can_be_switched_off(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    operator = new_operator().go_available()
    keys = operator.page.keyboard
    keys.press("?")
    dialog = operator.desk.get_by_role("dialog", name="Keyboard shortcuts")  # Wagtail has one of its own
    expect(dialog).to_contain_text("Write a reply")
    dialog.get_by_role("checkbox").press("Space")
    keys.press("Escape")
    expect(dialog).to_have_count(0)

    new_visitor().visit().open().say("Still waiting")
    expect(operator.offer("Still waiting")).to_be_visible()
    keys.press("a")
    keys.press("?")  # Wagtail's own list of shortcuts
    expect(operator.page.get_by_role("dialog")).not_to_contain_text("Write a reply")
    keys.press("Escape")
    expect(operator.offer("Still waiting")).to_be_visible()
    operator.page.reload()
    expect(operator.line).to_have_text("Connected")
    keys.press("a")
    expect(operator.offer("Still waiting")).to_be_visible()


@pytest.mark.covers("B15")
def test_the_sound_switch_works_and_is_remembered(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    operator = observed(new_operator()).go_available()
    sound = operator.desk.get_by_role("button", name=re.compile("^Sound is"))
    expect(sound).to_have_accessible_name("Sound is on. Switch it off")
    visitor = new_visitor().visit().open()
    visitor.say("Ring")
    operator.page.wait_for_function("() => window.tones > 0")

    sound.click()
    expect(sound).to_have_accessible_name("Sound is off. Switch it on")
    expect(sound).to_have_attribute("aria-pressed", "false")
    heard = operator.page.evaluate("window.tones")
    operator.accept("Ring")
    operator.page.evaluate("pretendHidden(true)")
    visitor.say("Silence")
    operator.sees("Ring", "Silence")
    assert operator.page.evaluate("window.tones") == heard

    operator.page.reload()
    expect(sound).to_have_accessible_name("Sound is off. Switch it on")
    sound.click()
    heard = operator.page.evaluate("window.tones")
    operator.page.evaluate("pretendHidden(true)")
    visitor.say("Ring again")
    operator.page.wait_for_function("(heard) => window.tones > heard", arg=heard)


@pytest.mark.covers("B15")
def test_the_notification_switch_works_and_is_remembered(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    operator = observed(new_operator()).go_available()
    switch = operator.desk.get_by_role("button", name=re.compile("^Desktop notifications are"))
    expect(switch).to_have_accessible_name("Desktop notifications are off. Switch them on")
    operator.page.evaluate("pretendHidden(true)")
    visitor = new_visitor().visit().open()
    visitor.say("Unheard")
    expect(operator.offer("Unheard")).to_be_visible()
    assert operator.page.evaluate("window.notifications") == []

    # The browser's own question comes with the click, not before.
    assert operator.page.evaluate("Notification.permission") == "default"
    operator.page.evaluate("pretendHidden(false)")
    switch.click()
    expect(switch).to_have_accessible_name("Desktop notifications are on. Switch them off")
    operator.accept("Unheard")
    visitor.say("On the screen anyway")
    operator.sees("Unheard", "On the screen anyway")
    assert operator.page.evaluate("window.notifications") == []

    operator.page.evaluate("pretendHidden(true)")
    visitor.say("In the background")
    operator.page.wait_for_function("() => window.notifications.length === 1")
    title, body = operator.page.evaluate("window.notifications[0]")
    assert title.startswith("Message from ")
    assert body == "In the background"

    operator.page.add_init_script("Notification.permission = 'granted'")
    operator.page.reload()
    expect(switch).to_have_accessible_name("Desktop notifications are on. Switch them off")
    operator.page.evaluate("pretendHidden(true)")
    new_visitor().visit().open().say("A new one")
    operator.page.wait_for_function("() => window.notifications.length === 1")
    assert operator.page.evaluate("window.notifications[0][0]").startswith("New conversation: ")


@pytest.mark.covers("B15")
def test_of_two_tabs_only_one_rings(new_visitor: NewVisitor, new_operator: NewOperator) -> None:
    operator = new_operator()
    operator.page.context.add_init_script(OBSERVE)
    operator.go_available()
    other = Operator(operator.page.context.new_page(), operator.url, operator.name, operator.watchdog)
    other.go_to_desk()
    other.page.mouse.click(5, 5)  # browsers let a page make sounds after a gesture
    visitor = new_visitor().visit().open()
    visitor.say("Ring once")
    expect(operator.offer("Ring once")).to_be_visible()
    expect(other.offer("Ring once")).to_be_visible()

    assert operator.page.evaluate("window.tones") + other.page.evaluate("window.tones") == 2  # one ring is two tones
