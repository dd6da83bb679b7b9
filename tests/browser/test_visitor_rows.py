"""One visitor through everything that the catalogue promises them: in two languages, on a wide screen and on a phone.

Each row has tests of its own that go deeper. This one sees to it that they hold together in every language and size: axe has
nothing to say at any step, no policy is violated, and no request leaves the site (the watchdog sees to the last two).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import clear_auto_messages
from tests.browser.pages import Operator, Visitor
from tests.browser.test_accessibility import PHONE, WIDE, widget_is_clean
from tests.pure.test_attachments import picture
from tests.services import SiteServer

pytestmark = pytest.mark.browser

HOMES = {"en": "/", "sv": "/sv/"}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
AUTO = (
    f"INSERT INTO wagtail_livechat_automessage (name, content, is_active, frequency, delay_seconds, shown_seconds, address_contains,"
    f" when_offline, chosen_only, sort_order, shown, clicked, {', '.join(DAYS)})"
    f" VALUES ('Auto', %s, true, 'load', 0, 0, '', false, false, 0, 0, 0{', true' * 7})"
)


class Speaker(Visitor):
    """A visitor who finds everything by the words of their language."""

    def __init__(self, visitor: Visitor, words: dict[str, str]) -> None:
        super().__init__(visitor.page, visitor.url, visitor.watchdog)
        self.words = words
        self.window = self.page.locator("wagtail-livechat").get_by_role("dialog")
        self.field = self.window.get_by_role("textbox", name=words["write"])
        self.log = self.window.get_by_role("log", name=words["log"])
        self.notices = self.window.locator(".notices")

    def button(self, key: str) -> Locator:
        return self.window.get_by_role("button", name=self.words[key], exact=True)

    def answer(self, key: str) -> Locator:
        return self.window.get_by_label(re.compile(f"^{re.escape(self.words[key])}"))

    def sees_fault(self, key: str) -> None:
        expect(self.window.locator(".f-fault").filter(has_text=self.words[key]).first).to_be_visible()

    def happened(self, key: str, **values: str) -> None:
        text = re.sub(r"\{(\w+)\}", lambda found: values[found[1]], self.words[key])
        expect(self.happenings.filter(has_text=text).first).to_be_visible()

    def is_clean(self, step: str) -> None:
        widget_is_clean(self, step)
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), step


@pytest.mark.covers("A2", "A3", "A4", "A6", "A7", "A8", "A9", "A10", "A11", "A12", "A14", "A15")
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("language", ["en", "sv"])
def test_a_visitor_meets_every_row(
    shop: SiteServer,
    shop_settings: Callable[..., None],
    new_visitor: Callable[..., Visitor],
    new_operator: Callable[..., Operator],
    tmp_path: Path,
    language: str,
    viewport: dict[str, int],
) -> None:
    shop_settings(
        prechat_name="required", prechat_email="required", prechat_phone="shown", offline_form=True, no_answer_seconds=1,
        country="SE",
    )  # fmt: skip
    [(site,)] = shop.query("SELECT id FROM wagtailcore_site WHERE is_default_site")
    with urlopen(f"{shop.url}/livechat/config/?site={site}&lang={language}") as answer:
        words = json.load(answer)["texts"]
    is_phone = viewport == PHONE
    look: dict[str, Any] = {"viewport": viewport, "reduced_motion": "reduce", "has_touch": is_phone}
    me = Speaker(new_visitor(**look), words)

    # A2, A11: nobody is there, and the launcher says so; a message is left, and has a number.
    me.visit(HOMES[language])
    expect(me.launcher).to_contain_text(words["state_offline"])
    me.open()
    expect(me.window.get_by_text(words["leave_lead"])).to_be_visible()
    me.button("form_leave").click()
    me.sees_fault("fault_required")
    me.answer("form_email").fill("ada@")
    me.answer("form_message").fill("Left for later")
    me.button("form_leave").click()
    me.sees_fault("fault_email")
    me.is_clean("form while nobody is there")
    me.answer("form_email").fill("ada@example.com")
    me.button("form_leave").click()
    expect(me.window.locator(".f-case")).to_have_text(re.compile(r"\d{4}-\d{6}"))
    me.is_clean("message left")

    # A12, A14: somebody comes; the visitor is spoken to above the launcher, in the site's colour.
    operator = new_operator().go_available()
    me.button("minimise").click()
    shop.query(AUTO, ["Hej hej"])
    try:
        me.visit(HOMES[language])
        expect(me.launcher).to_contain_text(words["state_online"])
        expect(me.launcher).to_have_css("background-color", "rgb(31, 67, 56)")
        me.is_clean("auto-message")
        me.page.get_by_role("button", name="Hej hej").click()
    finally:
        clear_auto_messages(shop)
    expect(me.messages.first).to_have_text("Hej hej")
    me.button("start_new").click()

    # A3, A4: the form before the chat.
    me.answer("form_phone").fill("12")
    me.answer("form_message").fill("Do you deliver?")
    me.button("form_start").click()
    me.sees_fault("fault_required")
    me.answer("form_name").fill("Ada")
    me.answer("form_email").fill("ada@example.com")
    me.button("form_start").click()
    me.sees_fault("fault_phone")
    me.is_clean("form before the chat")
    me.answer("form_phone").fill("070-174 06 05")
    me.button("form_start").click()

    # A6, A7: a place in line; nobody answers in time; the visitor waits on.
    expect(me.notices).to_contain_text(words["position_next"])
    me.button("no_answer_wait").click()
    me.is_clean("waiting")
    operator.accept("Do you deliver?")
    me.happened("event_joined", name="Elin")
    expect(me.window.locator(".head img")).to_be_visible()

    # A8: both write, with everything that belongs to it.
    operator.field.press_sequentially("Ye")
    expect(me.window.get_by_text(words["typing"].replace("{name}", "Elin"))).to_be_visible()
    operator.say("Yes: https://example.com/delivery")
    expect(me.row("Yes:").get_by_role("link")).to_have_attribute("rel", re.compile("noopener"))
    me.field.fill("x" * 1001)
    expect(me.window.get_by_text(words["over_limit"].replace("{count}", "1"))).to_be_visible()
    me.field.press("Enter")
    expect(me.field).to_have_value("x" * 1001)
    me.field.fill("One line")
    me.field.press("Shift+Enter")
    me.field.press_sequentially("and two ")
    me.button("emoji").click()
    me.is_clean("emoji")
    me.window.get_by_role("button", name="👍").click()
    me.field.press("Enter")
    expect(me.row("One line").locator(".text")).to_have_text(re.compile("One line\nand two 👍"))
    me.sees_tick("One line", words["seen"])
    photo = tmp_path / "strap.png"
    photo.write_bytes(picture(size=(300, 200)))
    me.window.locator("input[type=file]").set_input_files(photo)
    expect(me.log.get_by_role("img", name="strap.png")).to_be_visible()
    expect(operator.log.get_by_role("img", name="strap.png")).to_be_visible()
    me.is_clean("conversation")

    # A9: another page, and everything is there.
    me.page.goto(f"{me.url}{HOMES[language]}{'products/' if language == 'en' else ''}")
    expect(me.row("One line")).to_be_visible()
    me.happened("event_joined", name="Elin")

    # A10: the end, back to the chat, the end again; rating and transcript.
    def end() -> None:
        me.button("menu").click()
        me.window.get_by_role("menuitem", name=words["end"]).click()
        me.window.get_by_role("alertdialog").get_by_role("button", name=words["end_yes"]).click()
        me.happened("event_ended_by_you")

    end()
    me.button("reopen").click()
    me.happened("event_reopened")
    me.say("One more thing")
    end()
    me.window.get_by_role("radio", name=words["rate_5"]).check()
    me.answer("rate_comment").fill("Thank you")
    me.is_clean("rating")
    me.button("rate_send").click()
    expect(me.window.get_by_text(words["rate_thanks"])).to_be_visible()
    me.button("transcript").click()
    expect(me.window.get_by_text(words["transcript_sent"].replace("{email}", "ada@example.com"))).to_be_visible()
    me.is_clean("after the chat")
    assert shop.query("SELECT rating FROM wagtail_livechat_conversation ORDER BY id DESC LIMIT 1") == [(5,)]
