"""Many say yes, no, or nothing at once. One serial outcome, and a timeline that agrees."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from tests.factories import (
    actor_of,
    events_of,
    make_operator,
    make_waiting,
    pending_offer,
    seqs,
    visitor_actor,
)
from tests.races.together import raised, returned, together
from wagtail_livechat.actions import presence
from wagtail_livechat.actions.conversations import end_conversation
from wagtail_livechat.actions.offers import accept_offer, decline_offer
from wagtail_livechat.actions.sweep import sweep
from wagtail_livechat.conf import conf
from wagtail_livechat.exceptions import AtCapacity, ConversationEnded, OfferTaken
from wagtail_livechat.models import Conversation, Offer, OfferDecline, Operator, Participation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.mark.covers("B3")
def test_of_twenty_operators_who_accept_at_once_one_wins_and_nineteen_are_told_who() -> None:
    actors = [actor_of(make_operator(f"Operator {number}")) for number in range(20)]
    conversation = make_waiting()
    offer = pending_offer(conversation)

    results = together(*(partial(accept_offer, offer.pk, actor=actor) for actor in actors))

    (won,) = returned(results)
    winner = actors[results.index(won)]
    refused = raised(results, OfferTaken)
    assert len(refused) == 19
    assert {error.by.pk for error in refused} == {winner.operator_id}
    assert all(winner.name in error.message for error in refused)
    assert [p.operator_id for p in Participation.objects.all()] == [winner.operator_id]
    conversation.refresh_from_db()
    assert (conversation.state, conversation.operator_id) == ("active", winner.operator_id)
    assert events_of(conversation) == ["joined"]
    assert seqs(conversation) == [1, 2]


@pytest.mark.parametrize("attempt", range(5))
def test_accept_against_the_visitor_leaving(attempt: int) -> None:
    actor = actor_of(make_operator())
    conversation = make_waiting()
    offer = pending_offer(conversation)

    accepted, left = together(
        partial(accept_offer, offer.pk, actor=actor),
        partial(end_conversation, conversation.uuid, actor=visitor_actor(conversation.visitor)),
    )

    assert left is None
    conversation.refresh_from_db()
    offer.refresh_from_db()
    assert conversation.state == "ended"
    if isinstance(accepted, ConversationEnded):
        assert (events_of(conversation), offer.state) == (["ended"], "withdrawn")
        assert not Participation.objects.exists()
    else:
        assert accepted == conversation
        assert (events_of(conversation), offer.state) == (["joined", "ended"], "accepted")
    assert seqs(conversation) == list(range(1, conversation.last_seq + 1))


@pytest.mark.parametrize("attempt", range(3))
def test_decline_against_accept_by_the_one_who_is_asked_in_two_tabs(attempt: int) -> None:
    operator = make_operator()
    conversation = make_waiting()
    Offer.objects.update(operator=operator)
    offer = pending_offer(conversation)
    actor = actor_of(operator)

    accepted, declined = together(
        partial(accept_offer, offer.pk, actor=actor), partial(decline_offer, offer.pk, actor=actor)
    )

    assert declined is None
    offer.refresh_from_db()
    conversation.refresh_from_db()
    if isinstance(accepted, OfferTaken):
        assert (offer.state, conversation.state, conversation.last_seq) == ("declined", "queued", 1)
    else:
        assert (accepted, offer.state, conversation.state) == (conversation, "accepted", "active")


def test_declines_of_twenty_at_once_and_one_yes() -> None:
    actors = [actor_of(make_operator()) for _ in range(20)]
    conversation = make_waiting()
    offer = pending_offer(conversation)

    results = together(
        partial(accept_offer, offer.pk, actor=actors[0]),
        *(partial(decline_offer, offer.pk, actor=actor) for actor in actors[1:]),
        *(partial(decline_offer, offer.pk, actor=actor) for actor in actors[1:]),
    )

    assert raised(results) == []
    offer.refresh_from_db()
    assert offer.state == "accepted"
    declined = list(OfferDecline.objects.values_list("operator", flat=True))
    assert len(declined) == len(set(declined)) <= 19


@pytest.mark.covers("B4")
def test_capacity_holds_when_offers_are_accepted_in_several_tabs_at_once() -> None:
    operator = make_operator(capacity=2)
    actor = actor_of(operator)
    offers = [pending_offer(make_waiting()) for _ in range(6)]

    results = together(*(partial(accept_offer, offer.pk, actor=actor) for offer in offers))

    assert len(returned(results)) == 2
    assert len(raised(results, AtCapacity)) == 4
    assert Participation.objects.filter(operator=operator, state="joined").count() == 2
    assert Conversation.objects.filter(state="active").count() == 2
    for conversation in Conversation.objects.filter(state="queued"):
        assert seqs(conversation) == [1]
        assert pending_offer(conversation)


def test_two_sweeps_requeue_the_conversations_of_who_is_gone_once() -> None:
    operator = make_operator()
    conversations = [make_waiting() for _ in range(4)]
    for conversation in conversations:
        accept_offer(pending_offer(conversation).pk, actor=actor_of(operator))
    Operator.objects.update(last_seen=timezone.now() - timedelta(seconds=conf.GRACE_SECONDS + 1))

    results = together(*[sweep] * 6)

    assert raised(results) == []
    assert sum(done["requeued"] for done in results) == 4
    assert sum(done["gone"] for done in results) == 1
    for conversation in conversations:
        assert events_of(conversation) == ["joined", "requeued"]
        assert pending_offer(conversation)


def test_two_sweeps_end_an_idle_conversation_once() -> None:
    conversation = make_waiting()
    Conversation.objects.update(last_message_at=timezone.now() - timedelta(hours=conf.IDLE_HOURS + 1))

    assert raised(together(*[sweep] * 6)) == []

    assert events_of(conversation) == ["ended"]
    assert seqs(conversation) == [1, 2]


def test_sweep_against_a_colleague_who_ends_it_and_one_who_is_back() -> None:
    operator = make_operator()
    conversations = [make_waiting() for _ in range(3)]
    for conversation in conversations:
        accept_offer(pending_offer(conversation).pk, actor=actor_of(operator))
    Operator.objects.update(last_seen=timezone.now() - timedelta(seconds=conf.GRACE_SECONDS + 1))

    results = together(
        sweep,
        sweep,
        partial(presence.renew_leases, [operator.pk]),
        *(partial(end_conversation, c.uuid, actor=visitor_actor(c.visitor)) for c in conversations),
    )

    assert raised(results) == []
    for conversation in conversations:
        conversation.refresh_from_db()
        assert conversation.state == "ended"
        assert events_of(conversation) in (["joined", "ended"], ["joined", "requeued", "ended"])
        assert seqs(conversation) == list(range(1, conversation.last_seq + 1))
    assert not Offer.objects.filter(state="pending").exists()


def test_everything_at_once_stops_nobody() -> None:
    """The lock order is conversation, offer, operator: whatever meets, nobody waits in a circle."""
    operators = [make_operator(capacity=3) for _ in range(4)]
    conversations = [make_waiting() for _ in range(6)]
    offers = [pending_offer(conversation).pk for conversation in conversations]
    everyone = [operator.pk for operator in operators]

    results = together(
        *(partial(accept_offer, offer, actor=actor_of(operator)) for offer in offers for operator in operators),
        *(partial(presence.renew_leases, order) for order in (everyone, everyone[::-1], everyone)),
        *(partial(presence.set_status, "away", actor=actor_of(operator)) for operator in operators),
        *(partial(end_conversation, c.uuid, actor=visitor_actor(c.visitor)) for c in conversations[:3]),
        sweep,
        sweep,
    )

    expected = (OfferTaken, AtCapacity, ConversationEnded)
    assert [error for error in raised(results) if not isinstance(error, expected)] == []
    for conversation in conversations:
        conversation.refresh_from_db()
        assert seqs(conversation) == list(range(1, conversation.last_seq + 1))
        assert events_of(conversation).count("joined") <= 1
