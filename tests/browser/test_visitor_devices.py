"""The window on the devices that people have: an on-screen keyboard, a notch, colours of their own, no wish for motion or sound."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Operator, Visitor
from tests.browser.test_accessibility import PHONE, widget_is_clean

pytestmark = pytest.mark.browser

KEYBOARD = 360
# As a phone says it: the layout stays as it is, what can be seen of it gets lower, and is moved down by a page that scrolls.
SHOW_KEYBOARD = """([height, top]) => {
  Object.defineProperties(visualViewport, {height: {value: height, configurable: true}, offsetTop: {value: top, configurable: true}});
  visualViewport.dispatchEvent(new Event('resize'));
}"""
COUNT_SOUNDS = """
window.soundsMade = 0;
window.AudioContext = class extends AudioContext {
  constructor() { super(); window.soundsMade += 1; }
};
"""


@pytest.mark.covers("A9")
def test_a_phone_with_a_keyboard_a_notch_and_colours_of_its_own(
    new_visitor: Callable[..., Visitor], new_operator: Callable[..., Operator]
) -> None:
    operator = new_operator().go_available()
    visitor = new_visitor(
        viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce", forced_colors="active"
    )
    page = visitor.page
    page.add_init_script(COUNT_SOUNDS)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setSafeAreaInsetsOverride", {"insets": {"top": 47, "bottom": 34}})
    visitor.visit()
    # Before anybody has touched anything there is no sound, whatever arrives.
    assert page.evaluate("window.soundsMade") == 0
    visitor.open()
    visitor.say("From a phone")
    operator.accept("From a phone")

    def box(selector: str) -> dict[str, float]:
        found = visitor.window.locator(selector).first.bounding_box()
        assert found is not None
        return dict(found)

    # Full screen, and what is in it keeps clear of the notch and of the line at the bottom.
    window = visitor.window.bounding_box()
    assert window is not None
    assert (window["x"], window["y"], window["width"], window["height"]) == (0, 0, PHONE["width"], PHONE["height"])
    assert box(".who")["y"] >= 47
    assert box(".field")["y"] + box(".field")["height"] <= PHONE["height"] - 34

    # The keyboard comes up: the field stands above it, and the head stays where it can be seen.
    page.evaluate(SHOW_KEYBOARD, [PHONE["height"] - KEYBOARD, 20])
    expect(visitor.window).to_have_css("height", f"{PHONE['height'] - KEYBOARD}px")
    assert box(".field")["y"] + box(".field")["height"] <= 20 + PHONE["height"] - KEYBOARD
    assert box(".head")["y"] >= 20
    page.evaluate(SHOW_KEYBOARD, [PHONE["height"], 0])
    expect(visitor.window).to_have_css("height", f"{PHONE['height']}px")

    # Who wants no motion gets none; who has chosen colours sees edges, and the state in more than colour.
    moving = "getAnimations({subtree: true}).length"
    assert page.evaluate(f"document.querySelector('wagtail-livechat').shadowRoot.querySelector('#panel').{moving}") == 0
    expect(visitor.window).to_have_css("border-top-style", "solid")
    widget_is_clean(visitor, "forced colours")

    # After a reload the conversation goes on by itself; until the next touch it stays silent.
    page.reload()
    visitor.sees("From a phone")
    operator.say("Do you hear me?")
    visitor.sees("From a phone", "Do you hear me?")
    assert page.evaluate("window.soundsMade") == 0
    visitor.say("Now I do")
    assert page.evaluate("window.soundsMade") == 1
