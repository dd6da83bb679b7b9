"""The chat on the admin's first page, and its menu: for each role what the role may do, and nothing else."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    OPERATORS,
    make_department,
    make_open,
    make_operator,
    make_settings,
    make_site,
    make_user,
    make_visitor,
    make_waiting,
    signed_in,
    signed_in_as,
    the_site,
)
from wagtail_livechat.desk.menu import ORDER
from wagtail_livechat.models import Conversation

pytestmark = pytest.mark.django_db

NOW = "/admin/livechat/now/"


def home(client: Client) -> str:
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return answer.content.decode()


def now(client: Client) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    data = client.get(NOW).json()
    return (
        {count["name"]: count["number"] for count in data["counts"]},
        [(person["name"], person["status"], person["open"]) for person in data["people"]],
    )


def left_a_message() -> Conversation:
    conversation = make_waiting()
    Conversation.objects.filter(pk=conversation.pk).update(state="offline")
    return conversation


# ------------------------------------------------------------------------------------------------------- D10


@pytest.mark.covers("D10")
def test_the_first_page_says_what_waits_what_is_open_what_is_unanswered_and_who_is_there() -> None:
    elin = make_operator("Elin")
    make_operator("Oskar", status="away")
    make_operator("Gone", is_present=False)
    make_operator("Former", is_active=False)
    make_waiting()
    make_open(elin)
    make_open(elin)
    left_a_message()

    client = signed_in_as(MANAGERS)
    html = home(client)

    assert now(client) == (
        {"waiting": "1", "open": "2", "cases": "1"},
        [("Elin", "available", "2"), ("Oskar", "away", "0")],
    )
    shown = dict(re.findall(r'data-livechat-count-of="(\w+)">(\d+)<', html))
    assert shown == {"waiting": "1", "open": "2", "cases": "1"}
    people = html[html.index("data-livechat-people") : html.index("data-livechat-nobody")]
    assert people.index("Elin") < people.index("Oskar")
    assert "Gone" not in people
    assert "Former" not in people


@pytest.mark.covers("D10")
def test_an_operator_is_told_of_their_departments_alone() -> None:
    sales, repairs = make_department("Sales"), make_department("Repairs")
    make_waiting(department_id=sales.pk)
    make_waiting(department_id=repairs.pk)
    make_open(make_operator(departments=[repairs]), department_id=repairs.pk)

    counts, _ = now(signed_in(make_operator(departments=[sales]).user))

    assert counts == {"waiting": "1", "open": "0", "cases": "0"}


@pytest.mark.covers("D10")
def test_who_has_nothing_to_do_with_the_chat_sees_no_panel_and_is_told_nothing() -> None:
    make_settings(enabled=False)
    editor = signed_in(make_user(groups=["Editors"]))

    html = home(editor)

    assert "data-livechat-now" not in html
    assert "is switched off" not in html
    assert editor.get(NOW).status_code == 302


@pytest.mark.covers("D10")
def test_the_panel_takes_as_many_queries_for_many_as_for_few(
    django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(make_operator(departments=[make_department()]).user)
    make_open(make_operator())
    client.get(NOW)
    with django_assert_max_num_queries(15) as few:
        client.get(NOW)
    for _ in range(4):
        make_open(make_operator())
        make_waiting()
        left_a_message()

    with django_assert_num_queries(len(few)):
        client.get(NOW)


# -------------------------------------------------------------------------------------------------------- D9


@pytest.mark.covers("D9")
def test_the_first_page_says_of_which_sites_the_chat_is_switched_off() -> None:
    outlet = make_site("outlet.example")
    make_settings(enabled=True)
    make_settings(outlet, enabled=False)
    settings = f"/admin/settings/wagtail_livechat/livechatsettings/{outlet.pk}/"

    for role, is_led_there in ((OPERATORS, False), (MANAGERS, True), (ADMINISTRATORS, True)):
        html = home(signed_in_as(role))
        assert "The chat of <strong>Outlet</strong> is switched off" in html
        assert html.count("is switched off") == 1
        assert (settings in html) == is_led_there, role


@pytest.mark.covers("D9")
def test_nothing_is_said_while_the_chat_is_shown() -> None:
    make_settings(the_site(), enabled=True)

    assert "is switched off" not in home(signed_in_as(ADMINISTRATORS))


# -------------------------------------------------------------------------------------------------------- D1

ROLES: dict[str, set[str]] = {
    OPERATORS: {"desk", "conversations", "archive"},
    MANAGERS: {
        "desk", "conversations", "archive", "quick-replies", "faqs", "authors", "auto-messages", "chat-rules", "asked", "statistics", "logs",
        "bans", "settings",
    },
    ADMINISTRATORS: {
        "desk", "conversations", "archive", "operators", "departments", "quick-replies", "faqs", "authors", "auto-messages",
        "chat-rules", "wrap-up-reasons", "asked", "statistics", "logs", "bans", "letters", "settings", "privacy", "installation",
    },
}  # fmt: skip
ADDRESSES = {
    "desk": "/admin/livechat/desk/",
    "conversations": "/admin/livechat/conversations/",
    "archive": "/admin/livechat/archive/",
    "operators": "/admin/livechat/operators/",
    "departments": "/admin/livechat/departments/",
    "quick-replies": "/admin/livechat/quick-replies/",
    "faqs": "/admin/livechat/faqs/",
    "authors": "/admin/livechat/authors/",
    "auto-messages": "/admin/livechat/auto-messages/",
    "chat-rules": "/admin/livechat/chat-rules/",
    "wrap-up-reasons": "/admin/livechat/wrap-up-reasons/",
    "asked": "/admin/livechat/asked/",
    "statistics": "/admin/livechat/statistics/",
    "logs": "/admin/livechat/logs/",
    "bans": "/admin/livechat/bans/",
    "letters": "/admin/livechat/letters/",
    "settings": "/admin/settings/wagtail_livechat/livechatsettings/",
    "privacy": "/admin/livechat/privacy/",
    "installation": "/admin/livechat/installation/",
}
"""What the menu leads to. A new item needs its line here and its roles above; a test fails on one that it does not know."""


def menu_of(client: Client) -> list[str]:
    """The addresses in the menu "Live chat", from top to bottom."""
    found = re.search(
        r'<script id="wagtail-sidebar-props" type="application/json">(.*?)</script>', home(client), re.DOTALL
    )
    assert found

    def groups(value: Any) -> list[list[Any]]:
        if isinstance(value, dict):
            return [group for one in value.values() for group in groups(one)]
        if isinstance(value, list):
            inner = [group for one in value for group in groups(one)]
            return [value, *inner]
        return []

    def address_of(value: Any) -> str:
        """Of a packed menu item: its arguments hold the name, the label, an icon, the address …"""
        text = json.dumps(value)
        match = re.search(r'"(/admin/[^"]*)"', text)
        return match[1] if match else ""

    for group in groups(json.loads(found[1])):
        addresses = [address_of(one) for one in group]
        if addresses and addresses[0] == ADDRESSES["desk"] and all(addresses):
            return addresses
    return []


@pytest.mark.covers("D1", "D3")
@pytest.mark.parametrize("role", ROLES)
def test_the_menu_shows_each_role_what_it_may_do_in_one_order_and_the_rest_is_refused(role: str) -> None:
    client = signed_in_as(role)
    shown = menu_of(client)

    names = {address: name for name, address in ADDRESSES.items()}
    assert [address for address in shown if address not in names] == [], "not known here: add it to ADDRESSES and ROLES"
    assert [names[address] for address in shown] == [name for name in ORDER if name in ROLES[role]]
    for name, address in ADDRESSES.items():
        answer = client.get(address)
        if answer.status_code == 302 and answer.headers["Location"] != "/admin/":
            answer = client.get(answer.headers["Location"])  # settings choose their site
        assert (answer.status_code == 200) == (name in ROLES[role]), f"{role}: {address} {answer.status_code}"


def test_an_editor_sees_no_menu_of_the_chat() -> None:
    make_waiting(make_visitor())

    assert menu_of(signed_in(make_user(groups=["Editors"]))) == []
