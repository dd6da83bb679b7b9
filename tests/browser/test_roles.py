"""Journeys as each of the three roles: what a role may works; what it may not is neither shown nor possible over the wire."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import Operator
from tests.browser.test_forms import letters as letters_to
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewOperator = Callable[..., Operator]
SETTINGS = "/admin/settings/wagtail_livechat/livechatsettings/"


GONE = """
from django.contrib.auth import get_user_model
get_user_model().objects.filter(username="rut@norrgran.example").delete()
"""


def menu_of(page: Page) -> set[str]:
    """What Wagtail's sidebar offers this person under Live chat."""
    page.get_by_role("button", name="Live chat").click()
    items = page.locator(".sidebar-sub-menu-item--open a")
    expect(items.first).to_be_visible()
    return {text.strip() for text in items.all_inner_texts()}


def post(page: Page, url: str, path: str, **form: str) -> Any:
    """As a script of theirs could: with their cookies and Django's token."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Referer": url}
    return page.request.post(url + path, form=form, headers=headers, max_redirects=0)


def is_refused(answer: Any) -> bool:
    """Wagtail shows whoever may not out, to the admin's front page."""
    return answer.status == 403 or (answer.status == 302 and answer.headers["location"] == "/admin/")


@pytest.mark.covers("D3")
@pytest.mark.covers("D2")
def test_an_operator_answers_and_edits_their_own_profile_and_no_more(
    shop: SiteServer, new_operator: NewOperator, _signed_in: dict[tuple[str, str], Any]
) -> None:
    operator = new_operator("operator").go_available()
    page = operator.page
    shown = menu_of(page)
    assert {"Desk", "Conversations"} <= shown
    assert (
        shown & {"Operators", "Departments", "Settings", "Installation", "Privacy", "Letters", "Auto-messages"} == set()
    )

    # Wagtail's own list of time zones has one of the server's that browsers do not know.
    operator.watchdog.expect_trouble(re.compile("localizeTimeZoneOptions"))
    operator.go_to("/admin/account/")
    page.get_by_label("Display name").fill("Elin B.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messages")).to_contain_text("changed successfully")
    # Wagtail gives whoever saves their account another session: the one that tests share is worth nothing now.
    del _signed_in[shop.url, "operator"]
    [(name,)] = shop.query("SELECT display_name FROM wagtail_livechat_operator o JOIN auth_user u ON u.id = o.user_id WHERE username = 'operator'")  # fmt: skip
    assert name == "Elin B."
    shop.query("UPDATE wagtail_livechat_operator SET display_name = 'Elin' WHERE display_name = 'Elin B.'")

    [(site,)] = shop.query("SELECT id FROM wagtailcore_site WHERE is_default_site")
    for path, form in (
        (f"{SETTINGS}{site}/", {"company_name": "Mine"}),
        ("/admin/livechat/invite/", {"email": "friend@mail.example", "role": "Live chat administrators"}),
        ("/admin/livechat/operators/create/", {"user": "1"}),
        ("/admin/livechat/installation/", {}),
    ):
        assert is_refused(post(page, shop.url, path, **form)), path
    assert shop.query("SELECT count(*) FROM auth_user WHERE username = 'friend@mail.example'") == [(0,)]


@pytest.mark.covers("D3")
@pytest.mark.covers("D4")
def test_a_manager_changes_the_looks_and_nothing_of_the_administrators(
    shop: SiteServer, new_operator: NewOperator
) -> None:
    manager = new_operator("manager").go_to("/admin/")
    page = manager.page
    shown = menu_of(page)
    assert {"Desk", "Conversations", "Auto-messages", "Quick replies", "Settings"} <= shown
    assert shown & {"Operators", "Departments", "Installation", "Privacy", "Letters"} == set()

    [(site,)] = shop.query("SELECT id FROM wagtailcore_site WHERE is_default_site")
    asked = "SELECT company_name, support_email FROM wagtail_livechat_livechatsettings WHERE site_id = %s"
    [before] = shop.query(asked, [site])
    manager.go_to(f"{SETTINGS}{site}/")
    expect(page.get_by_role("tab")).to_contain_text(["Open or closed", "Looks"])
    expect(page.get_by_role("tab")).to_have_count(2)
    # As a script could put it in: a field of a tab that they do not have.
    page.evaluate("""() => {
        const input = document.createElement("input");
        input.name = "support_email"; input.value = "mine@evil.example";
        document.querySelector("#id_company_name").form.append(input);
    }""")
    page.get_by_role("tab", name="Looks").click()
    page.get_by_label("Company name").fill("Norrgran & Co")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messages")).to_contain_text("updated")
    [(company, mailbox)] = shop.query(asked, [site])
    shop.query("UPDATE wagtail_livechat_livechatsettings SET company_name = %s WHERE site_id = %s", [before[0], site])
    assert (company, mailbox) == ("Norrgran & Co", before[1])

    for path in ("/admin/livechat/invite/", "/admin/livechat/operators/create/", "/admin/livechat/installation/"):
        assert is_refused(post(page, shop.url, path, email="friend@mail.example")), path


@pytest.mark.covers("D2")
@pytest.mark.covers("D5")
def test_an_administrator_invites_who_then_answers_and_sees_that_all_is_well(
    shop: SiteServer, new_operator: NewOperator, new_browser: Callable[..., Any]
) -> None:
    admin = new_operator("admin").go_to("/admin/livechat/operators/")
    page = admin.page
    page.get_by_role("link", name="Invite by e-mail").click()
    page.get_by_label("E-mail").fill("rut@norrgran.example")
    page.get_by_label("Display name").fill("Rut")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="Rut")).to_contain_text("Invited")

    [letter] = letters_to(shop, "rut@norrgran.example")
    text = letter.get_body(("plain",)).get_content()
    link = next(word for word in text.split() if "/livechat/invitation/" in word)
    invited, _ = new_browser(shop.url)
    invited.goto(link)
    expect(invited).to_have_url(f"{shop.url}/livechat/invitation/{link.split('/')[-3]}/set-password/")
    for field in ("#id_new_password1", "#id_new_password2"):
        invited.locator(field).fill("correct horse battery")
    invited.get_by_role("button", name="Set it and go to the desk").click()
    expect(invited.locator(".lcd-line")).to_have_text("Connected")

    admin.go_to("/admin/livechat/installation/")
    for check in ("socket", "files", "asgi", "layer", "static", "page", "csp"):
        expect(page.locator(f"[data-check={check}]")).to_have_attribute("data-state", "ok")
    expect(page.locator("[data-check=socket]")).to_contain_text("A message went to the server and back in")

    # The chat as it will look, while no visitor sees it.
    shop.query("UPDATE wagtail_livechat_livechatsettings SET enabled = false")
    try:
        [(site,)] = shop.query("SELECT id FROM wagtailcore_site WHERE is_default_site")
        admin.go_to(f"/admin/livechat/installation/preview/{site}/")
        page.locator("wagtail-livechat").get_by_role("button").first.click()
        expect(page.get_by_role("dialog", name="Chat with")).to_be_visible()
    finally:
        shop.query("UPDATE wagtail_livechat_livechatsettings SET enabled = true")
        # Other tests know who is there.
        shop.manage("shell", "-c", GONE)
