"""D1, D7 to D10: a manager's day in the lists, from a conversation and a ban to the file, in light, dark and on a phone."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.pages import Operator, Visitor
from tests.browser.test_accessibility import LOOKS, is_clean
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]
LISTS = "/admin/livechat/"


def fetched(person: Operator, press: Callable[[], None]) -> str:
    """What the file says that is saved when this is pressed."""
    with person.page.expect_download() as download:
        press()
    return download.value.path().read_text(encoding="utf-8-sig")


@pytest.mark.covers("D7", "D8", "D10")
def test_from_a_conversation_to_its_file_and_from_a_ban_to_a_new_chat(
    shop: SiteServer, new_visitor: NewVisitor, new_operator: NewOperator
) -> None:
    manager = new_operator("manager").go_to("/admin/")
    panel = manager.page.locator("[data-livechat-now]")
    waiting = panel.locator("[data-livechat-count-of=waiting]")
    expect(waiting).to_have_text("0")
    operator = new_operator().go_available()
    visitor = new_visitor().visit().open()
    visitor.say("Is the quartz lamp waterproof?")

    # The panel follows by itself.
    expect(waiting).to_have_text("1")
    expect(panel.get_by_role("listitem").filter(has_text="Elin")).to_contain_text("Available")
    operator.accept("Is the quartz lamp waterproof?")
    expect(panel.locator("[data-livechat-count-of=open]")).to_have_text("1")
    expect(waiting).to_have_text("0")
    operator.say("No, it is for the house.")

    # A ban from the desk: the visitor is out.
    operator.more("Ban this visitor")
    operator.dialog.get_by_role("radio", name=re.compile("^This visitor")).check()
    operator.dialog.get_by_label("Reason").fill("Was rude")
    operator.dialog.get_by_role("button", name="Ban").click()
    expect(visitor.notices).to_contain_text("The chat is closed.")
    visitor.watchdog.expect_trouble(re.compile("403|401|WebSocket"))

    # Found by a word, narrowed, read and taken out.
    manager.go_to(f"{LISTS}logs/")
    manager.page.locator("#id_q").fill("waterproof quartz")
    row = manager.page.get_by_role("row").filter(has_text="Is the quartz lamp waterproof?")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Elin")
    case = row.get_by_role("link").first.inner_text()
    manager.go_to(f"{LISTS}logs/?q=waterproof&state=ended")
    manager.page.get_by_role("button", name="Actions").first.click()
    table = fetched(manager, lambda: manager.page.get_by_role("link", name="Download CSV").click())
    assert [line["Case"] for line in csv.DictReader(io.StringIO(table))] == [case]
    manager.page.get_by_role("link", name=case).click()
    expect(manager.page.get_by_text("No, it is for the house.")).to_be_visible()
    whole = json.loads(fetched(manager, lambda: manager.page.get_by_role("link", name="JSON").click()))
    assert [e["text"] for e in whole["entries"] if e["kind"] != "system"] == [
        "Is the quartz lamp waterproof?",
        "No, it is for the house.",
    ]

    # Let in again: found by its reason, ticked, lifted; and the visitor chats.
    manager.go_to(f"{LISTS}bans/?now=holds&q=rude")
    manager.page.get_by_role("row").filter(has_text="Was rude").get_by_role("checkbox").check()
    manager.page.get_by_role("link", name="Let the chosen in again").click()
    manager.page.get_by_role("button", name="Yes, unban").click()
    expect(manager.page.get_by_text("1 ban was lifted.")).to_be_visible()
    visitor.visit()
    visitor.window.get_by_role("button", name="Start a new conversation").click()
    visitor.say("I am sorry")
    expect(operator.offer("I am sorry")).to_be_visible()


@pytest.mark.covers("D1", "D9")
def test_the_lists_and_the_first_page_look_right_in_light_dark_and_on_a_phone(
    shop: SiteServer, shop_settings: Callable[..., None], new_operator: NewOperator
) -> None:
    shop_settings(enabled=False)
    for look in LOOKS:
        manager = new_operator("manager", **look)
        manager.go_to("/admin/")
        expect(manager.page.get_by_text(re.compile("is switched off")).first).to_be_visible()
        is_clean(manager.page, ".livechat-now", f"first page {look}")
        is_clean(manager.page, ".livechat-off", f"notice {look}")
        for name in ("conversations", "archive", "logs", "bans"):
            manager.go_to(f"{LISTS}{name}/")
            expect(manager.page.locator("#listing-results")).to_be_visible()
            is_clean(manager.page, "#listing-results", f"{name} {look}")
    shop_settings(enabled=True)
