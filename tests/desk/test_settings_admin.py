"""The settings of a site, as its people fill them in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel
from wagtail.models import GroupSitePermission, Site

from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    OPERATORS,
    make_operator,
    make_settings,
    make_site,
    make_user,
    signed_in,
    signed_in_as,
    the_site,
)
from wagtail_livechat.models import LiveChatSettings
from wagtail_livechat.models.settings_tabs import (
    ELSEWHERE,
    FORMS,
    LETTERS,
    LOOKS,
    OPEN_OR_CLOSED,
    PRIVACY,
    TABS,
    THE_DESK,
    leaves,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(make_user(groups=[MANAGERS]))
    return client


def address(site: Site | None = None) -> str:
    return f"/admin/settings/wagtail_livechat/livechatsettings/{(site or the_site()).pk}/"


def as_shown(html: str) -> dict[str, Any]:
    """What the form holds before anybody changes it: name -> value."""
    form = html[html.index("<form") :]
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'\bname="([^"]+)"', tag)
        kind = re.search(r'\btype="([^"]+)"', tag)
        if not name or "__prefix__" in name[1] or (kind and kind[1] in {"checkbox", "radio"} and "checked" not in tag):
            continue
        value = re.search(r'\bvalue="([^"]*)"', tag)
        fields[name[1]] = value[1] if value else "on" if kind and kind[1] == "checkbox" else ""
    for name, body in re.findall(r'<select[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*\bselected', body)
        if "__prefix__" not in name:
            fields[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea[^>]*\bname="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        if "__prefix__" not in name:
            fields[name] = body.strip()
    return fields


def save(client: Client, **changes: Any) -> str:
    """Change some of the fields and press Save. Returns the page that follows."""
    shown = client.get(address()).content.decode()
    answer = client.post(address(), {**as_shown(shown), **changes}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def row(number: int, **values: Any) -> dict[str, Any]:
    fields = {"days": 7, "opens": "09:00", "closes": "17:00", "id": "", "ORDER": number + 1, "DELETE": "", **values}
    return {f"opening_hours-{number}-{name}": value for name, value in fields.items()}


@pytest.mark.covers("A11")
def test_a_manager_writes_down_the_opening_hours(manager: Client) -> None:
    make_settings(mode="auto")

    save(
        manager,
        mode="schedule",
        time_zone="Europe/Oslo",
        **row(0),
        **row(1, days=5, opens="10:00", closes="14:00"),
        **{"opening_hours-TOTAL_FORMS": 2, "opening_exceptions-TOTAL_FORMS": 1},
        **{"opening_exceptions-0-date": "2026-12-24", "opening_exceptions-0-opens": "", "opening_exceptions-0-id": ""},
    )

    chosen = LiveChatSettings.objects.get(site=the_site())
    assert chosen.mode == "schedule"
    assert chosen.hours().zone.key == "Europe/Oslo"
    assert [span.opens for span in chosen.hours().weekly[5]] == [time(10)]
    assert list(chosen.hours().exceptions.values()) == [()]
    assert not chosen.closed_on_holidays


def test_mistakes_are_named_and_nothing_typed_is_lost(manager: Client) -> None:
    make_settings(mode="auto")

    shown = save(
        manager,
        closed_on_holidays="on",
        country="",
        company_name="Typed before",
        **row(0, opens="", closes="17:00"),
        **{"opening_hours-TOTAL_FORMS": 1},
    )

    assert "Choose the country whose public holidays are meant." in shown
    assert "This field is required." in shown
    assert as_shown(shown)["company_name"] == "Typed before"
    assert as_shown(shown)["opening_hours-0-closes"].startswith("17:00")
    assert LiveChatSettings.objects.get(site=the_site()).company_name == ""


def test_a_part_of_a_country_must_be_one(manager: Client) -> None:
    make_settings()

    shown = save(manager, closed_on_holidays="on", country="DE", holiday_region="XX")

    assert "There is no such part. Known are:" in shown
    assert "BY" in shown


# ----------------------------------------------------------------------------------------------------- tabs


def headings(html: str) -> list[str]:
    return [text.strip() for text in re.findall(r'role="tab"[^>]*>\s*([^<]+)<', html)]


def fields_of(tabs: Iterable[Panel]) -> list[str]:
    return [panel.field_name for panel in leaves(tabs) if isinstance(panel, FieldPanel)]


def test_every_setting_is_on_exactly_one_tab() -> None:
    on_tabs = fields_of(TABS.children)
    settings = {f.name for f in LiveChatSettings._meta.fields if f.name not in ("id", "site")}

    assert sorted(on_tabs) == sorted(settings)


def test_every_setting_has_a_help_text_or_stands_under_one() -> None:
    form = TABS.bind_to_model(LiveChatSettings).get_form_class()()
    explained = {name for name, field in form.fields.items() if field.help_text}
    for tab in TABS.children:
        for group in tab.children:
            if isinstance(group, MultiFieldPanel) and group.help_text:
                explained |= set(fields_of([group]))

    assert sorted(set(fields_of(TABS.children)) - explained) == []


@pytest.mark.covers("D4")
def test_a_manager_sees_two_tabs_and_an_administrator_all(manager: Client) -> None:
    make_settings()
    administrator = signed_in_as(ADMINISTRATORS)

    assert headings(manager.get(address()).content.decode()) == ["Open or closed", "Looks"]
    assert headings(administrator.get(address()).content.decode()) == [
        "Open or closed",
        "Looks",
        "Forms",
        "Letters",
        "The desk",
        "Pages elsewhere",
        "Privacy",
    ]
    # Wagtail shows an operator out, to the admin's front page.
    assert signed_in_as(OPERATORS).get(address())["Location"] == "/admin/"


OTHERS: dict[str, Any] = {
    "embed_origins": "https://evil.example",
    "support_email": "elsewhere@evil.example",
    "prechat_name": "required",
    "offline_form": "",
    "attachment_types": "pdf",
    "admin_language": "sv",
    "wrap_up_required": "on",
    "offer_seconds": "600",
    "receipt_text": "Forged",
    "consent_text": "Forged",
}


@pytest.mark.covers("D3")
@pytest.mark.covers("D4")
def test_what_a_manager_posts_for_an_administrators_tab_changes_nothing(manager: Client) -> None:
    make_settings(support_email="help@shop.example", offline_form=True, attachment_types="jpg")
    before = LiveChatSettings.objects.values().get(site=the_site())
    restricted = fields_of([FORMS, LETTERS, THE_DESK, ELSEWHERE, PRIVACY])
    assert set(OTHERS) <= set(restricted)

    save(manager, company_name="Ours", **OTHERS)

    after = LiveChatSettings.objects.values().get(site=the_site())
    assert after["company_name"] == "Ours"
    assert {name: after[name] for name in before if name != "company_name"} == {
        name: before[name] for name in before if name != "company_name"
    }
    # The same from an administrator is obeyed.
    save(signed_in_as(ADMINISTRATORS), **OTHERS)
    assert LiveChatSettings.objects.get(site=the_site()).support_email == OTHERS["support_email"]
    assert LiveChatSettings.objects.get(site=the_site()).offline_form is False


def test_a_managers_form_holds_what_is_on_their_tabs_and_no_more(manager: Client) -> None:
    make_settings()

    shown = as_shown(manager.get(address()).content.decode())

    assert set(fields_of([FORMS, LETTERS, THE_DESK, ELSEWHERE, PRIVACY])) & set(shown) == set()
    assert set(fields_of([OPEN_OR_CLOSED, LOOKS])) - {"enabled", "closed_on_holidays"} <= set(shown)


def test_a_manager_of_one_site_changes_that_site_alone() -> None:
    mine, other = make_site("mine.example"), make_site("other.example")
    make_settings(mine)
    make_settings(other)
    group = Group.objects.create(name="Managers of one site")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    change = Permission.objects.get(codename="change_livechatsettings")
    GroupSitePermission.objects.create(group=group, site=mine, permission=change)
    somebody = signed_in(make_user(groups=[group.name]))

    shown = somebody.get(address(mine)).content.decode()

    assert headings(shown) == ["Open or closed", "Looks"]
    assert address() not in somebody.get("/admin/").content.decode()
    assert "/admin/settings/wagtail_livechat/livechatsettings/" in somebody.get("/admin/").content.decode()
    for site in (other, the_site()):
        forged = somebody.post(address(site), {**as_shown(shown), "company_name": "Not ours"})
        assert forged["Location"] == "/admin/"
    somebody.post(address(mine), {**as_shown(shown), "company_name": "Ours"})
    assert dict(LiveChatSettings.objects.values_list("site__hostname", "company_name")) == {
        "mine.example": "Ours",
        "other.example": "",
    }


@pytest.mark.covers("D4")
def test_a_mistake_is_named_with_its_tab() -> None:
    make_settings()

    shown = save(
        signed_in_as(ADMINISTRATORS),
        support_email="nobody",
        color="blue",
        **row(0, opens="", closes="17:00"),
        **{"opening_hours-TOTAL_FORMS": 1},
    )

    assert "On the tab “Open or closed”: Every week." in shown
    assert "On the tab “Looks”: Colour." in shown
    assert "On the tab “Letters”: Support mailbox." in shown
    assert "On the tab “Forms”" not in shown


@pytest.mark.covers("D4")
def test_the_desk_speaks_the_sites_language_to_whoever_has_chosen_none() -> None:
    from wagtail.users.models import UserProfile

    make_settings(admin_language="sv")
    operator = make_operator()
    client = signed_in(operator.user)

    assert '"language": "sv"' in client.get("/admin/livechat/desk/").content.decode()

    UserProfile.objects.update_or_create(user=operator.user, defaults={"preferred_language": "en"})
    assert '"language": "en"' in client.get("/admin/livechat/desk/").content.decode()
