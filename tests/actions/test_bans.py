"""Who is kept out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import actor_of, make_open, make_operator, make_settings, make_visitor, visitor_actor
from wagtail_livechat.actions import bans, visitors
from wagtail_livechat.addresses import network_of, within
from wagtail_livechat.exceptions import Closed, Forbidden, NotFound
from wagtail_livechat.models import Ban, Conversation, Operator

pytestmark = pytest.mark.django_db


def ban(conversation: Conversation, operator: Operator, **options: object) -> Ban:
    return bans.ban_visitor(conversation.uuid, actor=actor_of(operator), **{"by_address": False, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("banned", "caught", "free"),
    [
        ("192.0.2.7", ["192.0.2.7", "::ffff:192.0.2.7"], ["192.0.2.8"]),
        ("2001:db8:1:2::7", ["2001:db8:1:2:ffff::1"], ["2001:db8:1:3::7"]),
    ],
)
def test_an_address_stands_for_all_spellings_and_an_ipv6_address_for_its_64(
    banned: str, caught: list[str], free: list[str]
) -> None:
    network = network_of(banned)

    assert all(within(address, [network]) for address in caught)
    assert not any(within(address, [network]) for address in free)
    assert not within("nonsense", [network])
    assert not within(None, [network])


def test_a_banned_visitor_is_let_down_gently_and_not_let_in_again() -> None:
    elin = make_operator("Elin")
    visitor = make_visitor()
    conversation = make_open(elin, visitor)

    ban(conversation, elin, reason="spam")

    conversation.refresh_from_db()
    assert (conversation.state, conversation.ended_by) == ("ended", "system")
    assert "spam" not in str(conversation.entries.last().data)  # type: ignore[union-attr]
    with pytest.raises(Closed):
        visitors.authenticate(visitor.token)
    assert visitors.kept_out([visitor.pk]) == {visitor.pk}


def test_a_ban_by_address_holds_against_a_new_token() -> None:
    elin = make_operator("Elin")
    conversation = make_open(elin, make_visitor(ip_address="192.0.2.7"))

    ban(conversation, elin, by_address=True)

    with pytest.raises(Closed):
        bans.refuse_address("::ffff:192.0.2.7")
    bans.refuse_address("192.0.2.8")
    bans.refuse_address(None)


def test_another_visitor_of_a_banned_address_is_ended_too() -> None:
    elin = make_operator("Elin")
    one = make_open(elin, make_visitor(ip_address="2001:db8::1"))
    other = make_open(elin, make_visitor(ip_address="2001:db8::2"))

    ban(one, elin, by_address=True)

    assert Conversation.objects.get(pk=other.pk).state == "ended"


def test_a_ban_ends_when_its_time_is_over_or_somebody_lifts_it() -> None:
    elin = make_operator("Elin")
    visitor = make_visitor()
    conversation = make_open(elin, visitor)
    placed = ban(conversation, elin, expires_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(Closed):
        visitors.authenticate(visitor.token)

    Ban.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert visitors.authenticate(visitor.token) == visitor_actor(visitor)
    Ban.objects.update(expires_at=None)
    with pytest.raises(Closed):
        visitors.authenticate(visitor.token)
    bans.lift(placed.pk)
    bans.lift(placed.pk)

    assert visitors.authenticate(visitor.token) == visitor_actor(visitor)
    with pytest.raises(NotFound):
        bans.lift(987)


def test_an_unknown_address_cannot_be_banned() -> None:
    elin = make_operator("Elin")
    conversation = make_open(elin)

    with pytest.raises(Forbidden):
        ban(conversation, elin, by_address=True)

    assert not Ban.objects.exists()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("192.0.2.7", "192.0.2.7/32"), ("192.0.2.9/24", "192.0.2.0/24"), ("2001:db8::1", "2001:db8::/64")],
)
def test_a_range_is_stored_in_its_one_spelling(typed: str, stored: str) -> None:
    make_settings()

    assert bans.parse_network(typed) == stored


@pytest.mark.parametrize("typed", ["", "the office", "192.0.2.7/99", "192.0.2"])
def test_what_is_no_range_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match="Write an IPv4 or IPv6 address"):
        bans.parse_network(typed)
