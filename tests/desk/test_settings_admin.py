"""The settings of a site, as its people fill them in."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

import pytest
from django.test import Client

from tests.factories import MANAGERS, make_settings, make_user, the_site
from wagtail_livechat.models import LiveChatSettings

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    client = Client()
    client.force_login(make_user(groups=[MANAGERS]))
    return client


def address() -> str:
    return f"/admin/settings/wagtail_livechat/livechatsettings/{the_site().pk}/"


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
