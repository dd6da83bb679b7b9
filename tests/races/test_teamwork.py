"""Colleagues who hand over, ask in, end, answer and write at the same moment. One serial outcome each time."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import (
    actor_of,
    bodies,
    events_of,
    make_department,
    make_open,
    make_operator,
    make_waiting,
    pending_offer,
    seqs,
    visitor_actor,
)
from tests.races.together import raised, returned, together
from wagtail_livechat.actions import bans, team, teamwork
from wagtail_livechat.actions.conversations import end_conversation, wrap_up
from wagtail_livechat.actions.messages import post_message
from wagtail_livechat.actions.offers import accept_offer, decline_offer, withdraw_offer
from wagtail_livechat.actions.sweep import sweep
from wagtail_livechat.exceptions import Closed, Conflict, ConversationEnded, NotFound, OfferTaken
from wagtail_livechat.models import Conversation, Entry, Offer, Operator, Participation, WrapUpReason

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

attempts = pytest.mark.parametrize("attempt", range(2))


def end_by_visitor(conversation: Conversation) -> Any:
    return partial(end_conversation, conversation.uuid, actor=visitor_actor(conversation.visitor))


def now_of(conversation: Conversation) -> Conversation:
    """The conversation as it is stored, once its timeline was found to be whole."""
    conversation.refresh_from_db()
    assert seqs(conversation) == list(range(1, conversation.last_seq + 1))
    return conversation


def taking_part(conversation: Conversation) -> set[int]:
    joined = Participation.objects.filter(conversation=conversation, state="joined")
    return set(joined.values_list("operator", flat=True))


@attempts
@pytest.mark.covers("B7")
def test_transfer_against_end(attempt: int) -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)

    given, ended = together(
        partial(teamwork.transfer, conversation.uuid, actor=actor_of(elin), operator_id=oskar.pk),
        end_by_visitor(conversation),
    )

    assert ended is None
    assert now_of(conversation).state == "ended"
    if isinstance(given, ConversationEnded):
        assert events_of(conversation) == ["joined", "ended"]
        assert not Offer.objects.filter(kind="transfer").exists()
    else:
        given.refresh_from_db()
        assert (events_of(conversation), given.state) == (["joined", "transferring", "ended"], "withdrawn")


@attempts
@pytest.mark.covers("B7")
def test_a_transfer_is_accepted_while_it_is_taken_back(attempt: int) -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)
    offer = teamwork.transfer(conversation.uuid, actor=actor_of(elin), operator_id=oskar.pk)

    accepted, withdrawn = together(
        partial(accept_offer, offer.pk, actor=actor_of(oskar)), partial(withdraw_offer, offer.pk, actor=actor_of(elin))
    )

    assert withdrawn == conversation.uuid
    offer.refresh_from_db()
    row = now_of(conversation)
    if isinstance(accepted, OfferTaken):
        assert (offer.state, row.operator_id, taking_part(row)) == ("withdrawn", elin.pk, {elin.pk})
        assert events_of(row) == ["joined", "transferring", "transfer_failed"]
    else:
        assert (accepted, offer.state, row.operator_id, taking_part(row)) == (row, "accepted", oskar.pk, {oskar.pk})
        assert events_of(row) == ["joined", "transferring", "transferred"]


@attempts
@pytest.mark.covers("B7")
def test_of_two_transfers_at_once_one_is_made(attempt: int) -> None:
    elin, oskar, sven = make_operator("Elin"), make_operator("Oskar"), make_operator("Sven")
    conversation = make_open(elin)

    results = together(
        *(
            partial(teamwork.transfer, conversation.uuid, actor=actor_of(elin), operator_id=colleague.pk)
            for colleague in (oskar, sven, oskar, sven)
        )
    )

    (made,) = returned(results)
    assert len(raised(results, Conflict)) == 3
    assert list(Offer.objects.filter(kind="transfer", state="pending")) == [made]
    assert events_of(now_of(conversation)) == ["joined", "transferring"]


@attempts
@pytest.mark.covers("B8")
def test_an_invitation_is_accepted_while_the_conversation_ends(attempt: int) -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)
    offer = teamwork.invite(conversation.uuid, actor=actor_of(elin), operator_id=oskar.pk)

    accepted, ended = together(partial(accept_offer, offer.pk, actor=actor_of(oskar)), end_by_visitor(conversation))

    assert ended is None
    offer.refresh_from_db()
    row = now_of(conversation)
    assert row.state == "ended"
    if isinstance(accepted, ConversationEnded):
        assert (offer.state, events_of(row), taking_part(row)) == (
            "withdrawn",
            ["joined", "invited", "ended"],
            {elin.pk},
        )
        assert not Participation.objects.filter(state="requested").exists()
    else:
        assert (offer.state, events_of(row), taking_part(row)) == (
            "accepted",
            ["joined", "invited", "joined", "ended"],
            {elin.pk, oskar.pk},
        )


def waiting_one_at_a_time(count: int = 1) -> list[Conversation]:
    """Conversations of a department that hands out one at a time, each offered to somebody."""
    department = make_department(handout="one")
    return [make_waiting(department_id=department.pk) for _ in range(count)]


@attempts
@pytest.mark.covers("B2")
def test_decline_against_time_out(attempt: int) -> None:
    first, second = make_operator("Elin"), make_operator("Oskar")
    (conversation,) = waiting_one_at_a_time()
    offer = pending_offer(conversation)
    asked, other = (first, second) if offer.operator_id == first.pk else (second, first)
    Offer.objects.update(deadline=timezone.now() - timedelta(seconds=1))

    declined, swept = together(partial(decline_offer, offer.pk, actor=actor_of(asked)), sweep)

    assert declined is None
    offer.refresh_from_db()
    asked.refresh_from_db()
    assert (offer.state, asked.status, swept["unanswered"]) in (("declined", "available", 0), ("expired", "rona", 1))
    (following,) = Offer.objects.exclude(pk=offer.pk)
    assert (following.operator_id, following.state) == (other.pk, "pending")
    assert seqs(now_of(conversation)) == [1]


@pytest.mark.covers("B2")
def test_many_sweeps_find_what_was_not_answered_once() -> None:
    operators = [make_operator(capacity=1) for _ in range(6)]
    conversations = waiting_one_at_a_time(3)
    assert Offer.objects.filter(operator__isnull=False).count() == 3
    Offer.objects.update(deadline=timezone.now() - timedelta(seconds=1))

    results = together(*[sweep] * 6)

    assert raised(results) == []
    assert sum(done["unanswered"] for done in results) == 3
    assert Offer.objects.filter(state="expired").count() == 3
    late = set(Offer.objects.filter(state="expired").values_list("operator", flat=True))
    assert set(Operator.objects.filter(status="rona").values_list("pk", flat=True)) == late
    asked_now = [pending_offer(conversation).operator_id for conversation in conversations]
    assert len(set(asked_now)) == 3, "nobody is asked beyond the room they have"
    assert set(asked_now) == {operator.pk for operator in operators} - late


@attempts
@pytest.mark.covers("B9")
def test_end_against_wrap_up(attempt: int) -> None:
    elin = make_operator("Elin")
    reason = WrapUpReason.objects.create(name="Answered")
    conversation = make_open(elin)

    results = together(
        end_by_visitor(conversation),
        partial(wrap_up, conversation.uuid, actor=actor_of(elin), reason_id=reason.pk, note="A lid was sent"),
        partial(end_conversation, conversation.uuid, actor=actor_of(elin)),
    )

    assert results == [None, None, None]
    row = now_of(conversation)
    assert (row.state, row.wrap_up_reason_id, row.wrap_up_note) == ("ended", reason.pk, "A lid was sent")
    assert events_of(row) == ["joined", "ended"]
    assert Entry.objects.get(conversation=row, seq=row.last_seq).data["by"] == row.ended_by


@attempts
@pytest.mark.covers("B11")
def test_ban_against_message(attempt: int) -> None:
    elin = make_operator("Elin")
    conversation = make_open(elin)
    visitor = visitor_actor(conversation.visitor)

    results = together(
        partial(bans.ban_visitor, conversation.uuid, actor=actor_of(elin), by_address=False),
        *(
            partial(post_message, conversation.uuid, actor=visitor, text=f"{number}", client_id=uuid.uuid4())
            for number in range(4)
        ),
    )

    assert len(raised(results)) == len(raised(results, ConversationEnded))
    row = now_of(conversation)
    stored = [result.body for result in results[1:] if isinstance(result, Entry)]
    assert sorted(bodies(row)[1:]) == sorted(stored)
    assert (row.state, events_of(row)) == ("ended", ["joined", "ended"])
    assert Entry.objects.get(conversation=row, seq=row.last_seq).kind == "system", "nothing is said after the end"


@attempts
@pytest.mark.covers("B14")
def test_both_begin_to_write_to_each_other_at_once(attempt: int) -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")

    results = together(
        *(partial(team.open_with, other.pk, actor=actor_of(one)) for one, other in [(elin, oskar), (oskar, elin)] * 5)
    )

    assert raised(results) == []
    assert len(set(results)) == 1
    (conversation,) = Conversation.everything.all()
    assert taking_part(conversation) == {elin.pk, oskar.pk}
    assert Participation.objects.count() == 2


@attempts
@pytest.mark.covers("B14")
def test_both_write_to_each_other_at_once(attempt: int) -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = team.open_with(oskar.pk, actor=actor_of(elin))
    client_id = uuid.uuid4()

    results = together(
        *(
            partial(post_message, conversation.uuid, actor=actor_of(who), text=f"{number}", client_id=uuid.uuid4())
            for number, who in enumerate([elin, oskar] * 5)
        ),
        *[partial(post_message, conversation.uuid, actor=actor_of(elin), text="once", client_id=client_id)] * 5,
    )

    assert raised(results) == []
    row = Conversation.everything.get()
    assert seqs(row) == list(range(1, 12))
    assert row.last_seq == 11
    assert sorted(bodies(row)) == sorted([*map(str, range(10)), "once"])
    assert set(Entry.objects.values_list("audience", flat=True)) == {"operators"}


@attempts
@pytest.mark.covers("B14", "B17")
def test_a_colleague_is_deactivated_while_somebody_begins_to_write_to_them(attempt: int) -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    oskar.is_active = False

    opened, saved = together(partial(team.open_with, oskar.pk, actor=actor_of(elin)), oskar.save)

    assert saved is None
    if isinstance(opened, NotFound):
        assert not Conversation.everything.exists()
    else:
        with pytest.raises(Closed):
            post_message(opened.uuid, actor=actor_of(elin), text="Hello", client_id=uuid.uuid4())
        assert seqs(opened) == []


@attempts
@pytest.mark.covers("B14", "B17")
def test_a_colleague_is_deactivated_while_somebody_writes_to_them(attempt: int) -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = team.open_with(oskar.pk, actor=actor_of(elin))
    oskar.is_active = False

    *written, saved = together(
        *(
            partial(post_message, conversation.uuid, actor=actor_of(elin), text=f"{number}", client_id=uuid.uuid4())
            for number in range(4)
        ),
        oskar.save,
    )

    assert saved is None
    assert len(raised(written)) == len(raised(written, Closed))
    row = Conversation.everything.get()
    assert (row.blocked, seqs(row)) == ("colleague", list(range(1, len(returned(written)) + 1)))
