"""Someone must say yes."""

from __future__ import annotations

import pytest

from tests.factories import (
    MANAGERS,
    actor_of,
    events_of,
    make_department,
    make_open,
    make_operator,
    make_visitor,
    make_waiting,
    pending_offer,
    seqs,
    visitor_actor,
)
from wagtail_livechat import snapshots
from wagtail_livechat.actions.conversations import end_conversation, requeue
from wagtail_livechat.actions.offers import accept_offer, decline_offer
from wagtail_livechat.exceptions import AtCapacity, ConversationEnded, NotFound, OfferTaken
from wagtail_livechat.models import Conversation, Offer, OfferDecline, Operator, Participation

pytestmark = pytest.mark.django_db


def offered_to(operator: Operator) -> list[int]:
    """The offers that the operator's desk shows."""
    return [offer.id for offer in snapshots.desk_snapshot(actor_of(operator), {}).offers]


@pytest.mark.covers("B3")
def test_who_accepts_has_the_conversation_and_the_visitor_reads_their_name() -> None:
    operator = make_operator("Elin")
    conversation = make_waiting()

    accept_offer(pending_offer(conversation).pk, actor=actor_of(operator))

    conversation.refresh_from_db()
    assert (conversation.state, conversation.operator) == ("active", operator)
    assert conversation.answered_at is not None
    shown = snapshots.visitor_snapshot(visitor_actor(conversation.visitor))
    assert shown.conversation is not None
    assert [card.name for card in shown.conversation.operators] == ["Elin"]
    assert shown.timeline is not None
    joined = shown.timeline.entries[-1]
    assert (joined.kind, joined.data, joined.author.name) == ("system", {"event": "joined"}, "Elin")


def test_second_operator_to_accept_is_told_who_was_first() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    offer = pending_offer(make_waiting())
    accept_offer(offer.pk, actor=actor_of(elin))

    with pytest.raises(OfferTaken) as refused:
        accept_offer(offer.pk, actor=actor_of(oskar))

    assert refused.value.by == elin
    assert "Elin" in refused.value.message
    assert Participation.objects.count() == 1


def test_the_same_yes_twice_is_one_yes() -> None:
    """Both tabs of an operator, or a retry after a lost answer."""
    operator = make_operator()
    conversation = make_waiting()
    offer = pending_offer(conversation)

    for _ in range(2):
        assert accept_offer(offer.pk, actor=actor_of(operator)) == conversation

    assert events_of(conversation) == ["joined"]
    assert seqs(conversation) == [1, 2]


def test_a_yes_to_what_was_lost_meanwhile_is_not_taken_for_a_yes_to_what_waits_again() -> None:
    operator = make_operator()
    conversation = make_waiting()
    offer = pending_offer(conversation)
    accept_offer(offer.pk, actor=actor_of(operator))
    requeue(conversation.pk, gone=operator)

    with pytest.raises(OfferTaken):
        accept_offer(offer.pk, actor=actor_of(operator))

    conversation.refresh_from_db()
    assert conversation.state == "queued"
    assert offered_to(operator) == [pending_offer(conversation).pk]


def test_who_accepts_after_the_visitor_left_is_told_that_it_ended() -> None:
    conversation = make_waiting()
    offer = pending_offer(conversation)
    end_conversation(conversation.uuid, actor=visitor_actor(conversation.visitor))

    with pytest.raises(ConversationEnded):
        accept_offer(offer.pk, actor=actor_of(make_operator()))

    assert not Participation.objects.exists()
    assert events_of(conversation) == ["ended"]


def test_an_offer_that_never_was_cannot_be_accepted() -> None:
    for offer in (999_999, 2**53):
        with pytest.raises(NotFound):
            accept_offer(offer, actor=actor_of(make_operator()))


@pytest.mark.covers("B4")
def test_who_has_as_many_as_they_can_must_end_one_first() -> None:
    operator = make_operator(capacity=2)
    first, _second = make_open(operator), make_open(operator)
    waiting = make_waiting()

    with pytest.raises(AtCapacity) as refused:
        accept_offer(pending_offer(waiting).pk, actor=actor_of(operator))
    waiting.refresh_from_db()
    assert "2 open conversations" in refused.value.message
    assert (waiting.state, waiting.last_seq) == ("queued", 1), "nothing of the try is left"

    end_conversation(first.uuid, actor=actor_of(operator))
    accept_offer(pending_offer(waiting).pk, actor=actor_of(operator))
    waiting.refresh_from_db()
    assert waiting.state == "active"


def test_who_declines_an_open_offer_is_not_asked_again_but_the_others_are() -> None:
    no, yes = make_operator(), make_operator()
    offer = pending_offer(make_waiting())

    decline_offer(offer.pk, actor=actor_of(no))
    decline_offer(offer.pk, actor=actor_of(no))

    assert offered_to(no) == []
    assert offered_to(yes) == [offer.pk]
    assert OfferDecline.objects.count() == 1


def test_declining_what_is_taken_changes_nothing() -> None:
    elin, oskar = make_operator(), make_operator()
    conversation = make_waiting()
    offer = pending_offer(conversation)
    accept_offer(offer.pk, actor=actor_of(elin))

    decline_offer(offer.pk, actor=actor_of(oskar))

    offer.refresh_from_db()
    assert (offer.state, offer.answered_by) == ("accepted", elin)
    assert not OfferDecline.objects.exists()


def test_an_offer_to_one_operator_is_nobody_elses() -> None:
    asked, other = make_operator(), make_operator()
    conversation = make_waiting()
    Offer.objects.update(operator=asked)
    offer = pending_offer(conversation)

    assert (offered_to(asked), offered_to(other)) == ([offer.pk], [])
    for refused in (accept_offer, decline_offer):
        with pytest.raises(NotFound):
            refused(offer.pk, actor=actor_of(other))

    decline_offer(offer.pk, actor=actor_of(asked))
    offer.refresh_from_db()
    assert (offer.state, offer.answered_by) == ("declined", asked)


def test_an_operator_sees_the_queue_of_their_departments_and_of_none() -> None:
    sales, service = make_department("Sales"), make_department("Service")
    of_sales = make_operator(departments=[sales])
    of_all = make_operator()
    manager = make_operator(role=MANAGERS, departments=[service])
    for_sales = pending_offer(make_waiting(department_id=sales.pk))
    for_service = pending_offer(make_waiting(department_id=service.pk))
    for_anyone = pending_offer(make_waiting())

    assert offered_to(of_sales) == [for_sales.pk, for_anyone.pk]
    assert offered_to(of_all) == offered_to(manager) == [for_sales.pk, for_service.pk, for_anyone.pk]
    with pytest.raises(NotFound):
        accept_offer(for_service.pk, actor=actor_of(of_sales))


def test_each_conversation_is_offered_by_itself() -> None:
    operator = make_operator()
    offers = [pending_offer(make_waiting(make_visitor())) for _ in range(3)]

    accept_offer(offers[1].pk, actor=actor_of(operator))

    assert offered_to(operator) == [offers[0].pk, offers[2].pk]
    assert Conversation.objects.filter(state="active").count() == 1
