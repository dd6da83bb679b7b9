"""Quick replies, wrap-up reasons and bans in the admin, as the people see them who look after them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    OPERATORS,
    make_department,
    make_open,
    make_user,
    make_visitor,
    signed_in,
    signed_in_as,
    the_site,
)
from wagtail_livechat.models import Ban, Conversation, PrivacySettings, QuickReply, WrapUpReason

pytestmark = pytest.mark.django_db

REPLIES = "/admin/livechat/quick-replies/"
REASONS = "/admin/livechat/wrap-up-reasons/"
BANS = "/admin/livechat/bans/"


@pytest.fixture
def manager() -> Client:
    return signed_in_as(MANAGERS)


@pytest.fixture
def administrator() -> Client:
    return signed_in_as(ADMINISTRATORS)


def page(client: Client, address: str, **query: Any) -> str:
    """What somebody sees who opens ``address``."""
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def send(client: Client, address: str, **fields: Any) -> str:
    """Fill in the form at ``address`` and save it. Returns the page that this leads to."""
    answer = client.post(address, fields, follow=True)
    assert answer.status_code == 200, address
    return answer.content.decode()


def is_sent_away(client: Client, address: str) -> bool:
    """Wagtail's way of saying no: back to the admin's first page, with a message."""
    answer = client.get(address)
    return answer.status_code == 302 and answer.headers["Location"].rstrip("/").endswith("/admin")


def what_was_typed(html: str, field: str) -> str:
    found = re.search(rf'<input[^>]*\bname="{field}"[^>]*>', html)
    assert found, field
    value = re.search(r'\bvalue="([^"]*)"', found[0])
    return value[1] if value else ""


def menu_of(client: Client) -> str:
    found = re.search(
        r'<script id="wagtail-sidebar-props" type="application/json">(.*?)</script>',
        page(client, "/admin/"),
        re.DOTALL,
    )
    assert found
    return found[1]


# ---------------------------------------------------------------------------------------- quick replies


def test_a_manager_writes_a_quick_reply_and_finds_it_in_the_list(manager: Client) -> None:
    sales = make_department("Sales")

    html = send(
        manager,
        f"{REPLIES}add/",
        name="Greeting",
        shortcut="hi",
        text="Hello <name>,\nthis is <operator>.",
        department=sales.pk,
        language="en",
        is_active="on",
    )

    reply = QuickReply.objects.get()
    assert (reply.name, reply.shortcut, reply.department, reply.language) == ("Greeting", "hi", sales, "en")
    assert reply.text.splitlines() == ["Hello <name>,", "this is <operator>."]
    assert reply.is_active
    assert "Greeting" in html
    assert "Sales" in html


def test_a_manager_corrects_a_quick_reply(manager: Client) -> None:
    reply = QuickReply.objects.create(name="Greeting", shortcut="hi", text="Helo")

    opened = page(manager, f"{REPLIES}edit/{reply.pk}/")
    send(manager, f"{REPLIES}edit/{reply.pk}/", name="Greeting", shortcut="hi", text="Hello", language="")

    assert "Helo" in opened
    reply.refresh_from_db()
    assert reply.text == "Hello"
    assert not reply.is_active, "the box was not ticked"


def test_a_shortcut_with_a_blank_is_refused_in_words_and_stays_in_the_form(manager: Client) -> None:
    html = send(manager, f"{REPLIES}add/", name="Greeting", shortcut="good day", text="Hello")

    assert "Letters, digits, - and _ only." in html
    assert what_was_typed(html, "shortcut") == "good day"
    assert not QuickReply.objects.exists()


def test_quick_replies_can_be_dragged_into_an_order_and_keep_it(manager: Client) -> None:
    for name in ("Alpha", "Beta", "Gamma"):
        QuickReply.objects.create(name=name, text=name, sort_order=QuickReply.objects.count())
    last = QuickReply.objects.get(name="Gamma")

    html = page(manager, REPLIES, ordering="sort_order")
    moved = manager.post(f"{REPLIES}reorder/{last.pk}/?position=0")

    assert f"{REPLIES}reorder/" in html
    assert moved.status_code == 200
    assert [reply.name for reply in QuickReply.objects.all()] == ["Gamma", "Alpha", "Beta"]
    again = page(manager, REPLIES, ordering="sort_order")
    assert again.index("Gamma") < again.index("Alpha") < again.index("Beta")


def test_a_manager_removes_a_quick_reply(manager: Client) -> None:
    reply = QuickReply.objects.create(name="Greeting", text="Hello")

    send(manager, f"{REPLIES}delete/{reply.pk}/")

    assert not QuickReply.objects.exists()


@pytest.mark.parametrize("address", ["", "add/", "edit/{}/", "delete/{}/"])
def test_an_operator_is_sent_away_from_the_pages_of_quick_replies(address: str) -> None:
    reply = QuickReply.objects.create(name="Greeting", text="Hello")

    assert is_sent_away(signed_in_as(OPERATORS), REPLIES + address.format(reply.pk))


def test_what_an_operator_posts_at_those_pages_changes_nothing() -> None:
    reply = QuickReply.objects.create(name="Greeting", text="Hello")
    operator = signed_in_as(OPERATORS)

    operator.post(f"{REPLIES}add/", {"name": "Mine", "text": "Mine"})
    operator.post(f"{REPLIES}edit/{reply.pk}/", {"name": "Mine", "text": "Mine"})
    operator.post(f"{REPLIES}reorder/{reply.pk}/?position=0")
    operator.post(f"{REPLIES}delete/{reply.pk}/")

    assert list(QuickReply.objects.values_list("name", "text")) == [("Greeting", "Hello")]


# --------------------------------------------------------------------------------------- wrap-up reasons


def test_an_administrator_adds_a_wrap_up_reason_and_finds_it_in_the_list(administrator: Client) -> None:
    html = send(administrator, f"{REASONS}new/", name="Solved", is_active="on")

    assert WrapUpReason.objects.get().is_active
    assert "Solved" in html


@pytest.mark.parametrize("role", [OPERATORS, MANAGERS])
def test_wrap_up_reasons_are_for_administrators(role: str) -> None:
    client = signed_in_as(role)

    client.post(f"{REASONS}new/", {"name": "Solved", "is_active": "on"})

    assert is_sent_away(client, REASONS)
    assert not WrapUpReason.objects.exists()


# ------------------------------------------------------------------------------------------------- bans


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("192.0.2.9", "192.0.2.9/32"),
        (" 192.0.2.9 ", "192.0.2.9/32"),
        ("192.0.2.9/24", "192.0.2.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_an_administrator_bans_an_address(administrator: Client, typed: str, stored: str) -> None:
    html = send(administrator, f"{BANS}new/", network=typed, reason="Abuse", expires_at="")

    ban = Ban.objects.get()
    assert ban.network == stored
    assert ban.created_by_id == int(administrator.session["_auth_user_id"])
    assert ban.expires_at is None
    assert ban.lifted_at is None
    assert stored in html
    assert "Abuse" in html


@pytest.mark.parametrize("nonsense", ["everybody", "192.0.2.300", "192.0.2.0/99", "192.0.2.9 and his friends"])
def test_what_is_no_address_is_refused_in_words_and_stays_in_the_form(administrator: Client, nonsense: str) -> None:
    html = send(administrator, f"{BANS}new/", network=nonsense, reason="Abuse", expires_at="")

    assert "Write an IPv4 or IPv6 address, or a range such as 192.0.2.0/24." in html
    assert what_was_typed(html, "network") == nonsense
    assert what_was_typed(html, "reason") == "Abuse"
    assert not Ban.objects.exists()


def test_a_ban_needs_an_address(administrator: Client) -> None:
    html = send(administrator, f"{BANS}new/", network="", reason="Abuse", expires_at="")

    assert "This field is required." in html
    assert not Ban.objects.exists()


def test_a_ban_cannot_end_before_it_begins(administrator: Client) -> None:
    yesterday = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%d %H:%M")

    html = send(administrator, f"{BANS}new/", network="192.0.2.9", reason="Abuse", expires_at=yesterday)

    assert "Choose a time that is still to come, or leave it empty." in html
    assert what_was_typed(html, "expires_at") == yesterday
    assert not Ban.objects.exists()


def test_a_ban_ends_the_open_chats_of_that_address_and_no_other(administrator: Client) -> None:
    banned = make_open(visitor=make_visitor(ip_address="192.0.2.9"))
    other = make_open(visitor=make_visitor(ip_address="192.0.2.10"))

    send(administrator, f"{BANS}new/", network="192.0.2.9", reason="", expires_at="")

    for conversation, state in ((banned, Conversation.State.ENDED), (other, Conversation.State.ACTIVE)):
        conversation.refresh_from_db()
        assert conversation.state == state


def test_a_ban_is_lifted_through_its_delete_page_and_stays_in_the_list(administrator: Client) -> None:
    ban = Ban.objects.create(network="192.0.2.9/32", reason="Abuse")

    asked = page(administrator, f"{BANS}delete/{ban.pk}/")
    html = send(administrator, f"{BANS}delete/{ban.pk}/")

    assert "use the chat again?" in asked
    assert "Unban" in asked
    assert "may come in again." in html
    assert "192.0.2.9/32" in page(administrator, BANS)
    ban.refresh_from_db()
    assert ban.lifted_at is not None


def test_bans_that_were_lifted_stand_below_those_that_hold(administrator: Client) -> None:
    Ban.objects.create(network="192.0.2.9/32", lifted_at=timezone.now())
    Ban.objects.create(network="198.51.100.0/24", created_at=timezone.now() - timedelta(days=9))

    html = page(administrator, BANS)

    assert html.index("198.51.100.0/24") < html.index("192.0.2.9/32")


def test_the_list_of_bans_is_not_for_operators() -> None:
    ban = Ban.objects.create(network="192.0.2.9/32")
    client = signed_in_as(OPERATORS)

    client.post(f"{BANS}new/", {"network": "198.51.100.1", "reason": "", "expires_at": ""})
    client.post(f"{BANS}delete/{ban.pk}/")

    assert is_sent_away(client, BANS)
    assert Ban.objects.get().lifted_at is None


def test_a_manager_lets_somebody_in_again_and_bans_no_address(manager: Client) -> None:
    ban = Ban.objects.create(network="192.0.2.9/32", reason="Abuse")

    html = page(manager, BANS)
    for address in ("new/", f"edit/{ban.pk}/"):
        manager.post(BANS + address, {"network": "198.51.100.1", "reason": "Mine", "expires_at": ""})
        assert is_sent_away(manager, BANS + address)

    assert "192.0.2.9/32" in html
    assert f"{BANS}new/" not in html
    assert list(Ban.objects.values_list("network", "reason")) == [("192.0.2.9/32", "Abuse")]
    send(manager, f"{BANS}delete/{ban.pk}/")
    assert Ban.objects.get().lifted_at is not None


# --------------------------------------------------------------------------------------------- the menu


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (OPERATORS, set()),
        (MANAGERS, {REPLIES, BANS}),
        (ADMINISTRATORS, {REPLIES, REASONS, BANS}),
    ],
)
def test_the_menu_leads_to_what_the_role_may_edit(role: str, sees: set[str]) -> None:
    menu = menu_of(signed_in_as(role))

    assert {address for address in (REPLIES, REASONS, BANS) if f'"{address}"' in menu} == sees


# ------------------------------------------------------------------------------- bans: found, many at once, kept


def bulk(client: Client, *bans: Ban) -> Any:
    ids = "&".join(f"id={ban.pk}" for ban in bans)
    return client.post(f"/admin/bulk/wagtail_livechat/ban/unban/?{ids}&next={BANS}")


@pytest.mark.covers("D8")
def test_several_are_let_in_again_at_once(manager: Client) -> None:
    one, two, three = (Ban.objects.create(network=f"192.0.2.{number}/32", reason="Abuse") for number in (1, 2, 3))

    asked = page(manager, f"/admin/bulk/wagtail_livechat/ban/unban/?id={one.pk}&id={two.pk}&next={BANS}")
    answer = bulk(manager, one, two)

    assert "192.0.2.1/32" in asked
    assert "Abuse" in asked
    assert answer.headers["Location"] == BANS
    assert set(Ban.objects.filter(lifted_at__isnull=True)) == {three}


@pytest.mark.covers("D8")
def test_an_operator_lets_nobody_in_by_the_way_of_many_and_learns_no_address() -> None:
    ban = Ban.objects.create(network="192.0.2.1/32")
    operator = signed_in_as(OPERATORS)

    asked = operator.get(f"/admin/bulk/wagtail_livechat/ban/unban/?id={ban.pk}", follow=True).content.decode()
    bulk(operator, ban)

    assert "192.0.2.1" not in asked
    assert Ban.objects.filter(lifted_at__isnull=True).exists()


@pytest.mark.covers("D8")
def test_the_list_is_narrowed_to_what_holds_what_ran_out_and_what_was_lifted(manager: Client) -> None:
    now = timezone.now()
    Ban.objects.create(network="192.0.2.1/32")
    Ban.objects.create(network="192.0.2.2/32", expires_at=now + timedelta(days=1))
    Ban.objects.create(network="192.0.2.3/32", expires_at=now - timedelta(days=1))
    Ban.objects.create(network="192.0.2.4/32", lifted_at=now)

    def listed(**query: str) -> set[str]:
        return set(re.findall(r"192\.0\.2\.(\d)/32", page(manager, BANS, **query)))

    assert listed() == {"1", "2", "3", "4"}
    assert listed(now="holds") == {"1", "2"}
    assert listed(now="expired") == {"3"}
    assert listed(now="lifted") == {"4"}


@pytest.mark.covers("D8")
def test_bans_are_searched_by_what_is_shown_of_them(manager: Client) -> None:
    PrivacySettings.objects.create(site=the_site(), masking="mask", countries="SE")
    visitor = make_visitor(name="Melissa 070-123 45 67")
    ban = Ban.objects.create(visitor=visitor, reason="Sent 4111 1111 1111 1111 twice")

    for text, is_found in (("twice", True), ("melissa", True), ("4111", False), ("070", False)):
        assert (f"/delete/{ban.pk}/" in page(manager, BANS, q=text)) == is_found, text


@pytest.mark.covers("D8")
def test_wagtails_log_keeps_who_was_banned_and_let_in_by_whom_and_no_address(administrator: Client) -> None:
    until = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    send(administrator, f"{BANS}new/", network="192.0.2.9", reason="", expires_at=until)
    send(administrator, f"{BANS}delete/{Ban.objects.get().pk}/")

    lifted, banned = ModelLogEntry.objects.order_by("-pk")[:2]
    assert (banned.action, lifted.action) == ("wagtail_livechat.ban", "wagtail_livechat.unban")
    assert banned.user_id == lifted.user_id == int(administrator.session["_auth_user_id"])
    assert banned.message.startswith("Banned until ")
    assert lifted.message == "Let in again"
    history = page(signed_in(make_user(is_superuser=True, is_staff=True)), "/admin/reports/site-history/")
    assert f"Ban {Ban.objects.get().pk}" in history
    assert "192.0.2.9" not in history
