"""After the end: rating, going back, and the transcript."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from tests.factories import (
    actor_of,
    events_of,
    make_open,
    make_operator,
    make_settings,
    make_visitor,
    make_waiting,
    pending_offer,
    say,
    seqs,
    visitor_actor,
)
from wagtail_livechat.actions import feedback, letters
from wagtail_livechat.actions.conversations import end_conversation
from wagtail_livechat.exceptions import BadForm, Closed, Conflict, NotFound, RateLimited
from wagtail_livechat.models import Conversation, Operator, OutgoingMail, Participation
from wagtail_livechat.permissions import SystemActor, VisitorActor

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Operator:
    return make_operator("Elin")


@pytest.fixture
def ended(operator: Operator) -> Conversation:
    conversation = make_open(operator)
    say(conversation, "Thank you", operator)
    end_conversation(conversation.uuid, actor=visitor_actor(conversation.visitor))
    conversation.refresh_from_db()
    return conversation


def visitor_of(conversation: Conversation) -> VisitorActor:
    return visitor_actor(conversation.visitor)


# ------------------------------------------------------------------------------------------------- rating


@pytest.mark.covers("A10")
def test_the_visitor_says_how_it_was_and_may_think_again(ended: Conversation) -> None:
    feedback.rate(ended.uuid, actor=visitor_of(ended), rating=2, comment="Hm")
    feedback.rate(ended.uuid, actor=visitor_of(ended), rating=5, comment="Great")

    ended.refresh_from_db()
    assert (ended.rating, ended.rating_comment) == (5, "Great")


def test_what_goes_on_is_not_rated_and_anothers_conversation_is_not_there(ended: Conversation) -> None:
    with pytest.raises(Conflict):
        waiting = make_waiting()
        feedback.rate(waiting.uuid, actor=visitor_of(waiting), rating=5)
    with pytest.raises(NotFound):
        feedback.rate(ended.uuid, actor=visitor_actor(make_visitor()), rating=1)

    ended.refresh_from_db()
    assert ended.rating is None


# ------------------------------------------------------------------------------------------------- back


@pytest.mark.covers("A10")
def test_back_to_the_chat_is_back_to_the_operator_who_is_still_there(ended: Conversation, operator: Operator) -> None:
    Participation.objects.update(is_listed=False)

    for _ in range(2):
        feedback.reopen(ended.uuid, actor=visitor_of(ended))
    say(ended, "One more thing")

    ended.refresh_from_db()
    assert (ended.state, ended.operator, ended.ended_at, ended.ended_by) == ("active", operator, None, "")
    assert events_of(ended) == ["joined", "ended", "reopened"]
    assert seqs(ended) == list(range(1, ended.last_seq + 1))
    assert Participation.objects.get().is_listed


@pytest.mark.parametrize("how", ["away", "gone", "full"])
def test_back_to_the_chat_is_back_in_line_when_the_operator_cannot(
    ended: Conversation, operator: Operator, how: str
) -> None:
    if how == "full":
        Operator.objects.update(capacity=1)
        make_open(operator)
    else:
        Operator.objects.update(
            **({"status": "away"} if how == "away" else {"last_seen": timezone.now() - timedelta(hours=1)})
        )

    feedback.reopen(ended.uuid, actor=visitor_of(ended))

    ended.refresh_from_db()
    assert (ended.state, ended.operator) == ("queued", None)
    assert pending_offer(ended).kind == "new"


def test_what_ended_long_ago_is_over(ended: Conversation) -> None:
    Conversation.objects.update(ended_at=timezone.now() - timedelta(hours=25))

    with pytest.raises(Conflict):
        feedback.reopen(ended.uuid, actor=visitor_of(ended))


def test_nobody_has_two_conversations_open(ended: Conversation) -> None:
    make_waiting(ended.visitor)

    with pytest.raises(Conflict):
        feedback.reopen(ended.uuid, actor=visitor_of(ended))


def test_there_is_no_way_back_where_the_chat_is_switched_off(ended: Conversation) -> None:
    make_settings(enabled=False)

    with pytest.raises(Closed):
        feedback.reopen(ended.uuid, actor=visitor_of(ended))


def test_nobody_reopens_anothers_conversation(ended: Conversation) -> None:
    with pytest.raises(NotFound):
        feedback.reopen(ended.uuid, actor=visitor_actor(make_visitor()))


# --------------------------------------------------------------------------------------------- transcript


@pytest.mark.covers("A10")
def test_the_transcript_goes_to_the_address_that_was_given_in_this_conversation(ended: Conversation) -> None:
    make_settings(transcript_text="Hej! <case>")

    feedback.request_transcript(ended.uuid, actor=visitor_of(ended), email="Ada@mail.example")
    letters.send_due()

    [letter] = mail.outbox
    assert letter.to == ["Ada@mail.example"]
    assert f"Hej! {ended.case_number}" in letter.body
    assert "Elin" in letter.body and "Thank you" in letter.body
    ended.refresh_from_db()
    assert ended.email == "Ada@mail.example"


def test_no_other_address_gets_it(ended: Conversation) -> None:
    Conversation.objects.update(email="ada@mail.example")
    ended.visitor.email = "eve@mail.example"
    ended.visitor.save()

    with pytest.raises(Conflict):
        feedback.request_transcript(ended.uuid, actor=visitor_of(ended), email="eve@mail.example")
    with pytest.raises(NotFound):
        feedback.request_transcript(ended.uuid, actor=visitor_actor(make_visitor()))
    feedback.request_transcript(ended.uuid, actor=visitor_of(ended))

    assert list(OutgoingMail.objects.values_list("recipient", flat=True)) == ["ada@mail.example"]


def test_an_address_that_an_operator_noted_is_not_the_visitors_word(ended: Conversation) -> None:
    ended.visitor.email = "noted@mail.example"
    ended.visitor.save()

    with pytest.raises(BadForm) as refused:
        feedback.request_transcript(ended.uuid, actor=visitor_of(ended))

    assert refused.value.faults == {"email": "required"}


def test_pressed_twice_it_is_sent_once_and_again_when_more_was_said(ended: Conversation) -> None:
    for _ in range(3):
        feedback.request_transcript(ended.uuid, actor=visitor_of(ended), email="ada@mail.example")
    assert OutgoingMail.objects.count() == 1

    feedback.reopen(ended.uuid, actor=visitor_of(ended))
    feedback.request_transcript(ended.uuid, actor=visitor_of(ended))
    assert OutgoingMail.objects.count() == 2


def test_letters_are_limited_for_each_visitor_and_for_each_address(settings: Any) -> None:
    settings.WAGTAIL_LIVECHAT = {"MAIL_RATE": [2, 3600]}
    operator = make_operator()

    def ask(visitor: object = None) -> Conversation:
        conversation = make_open(operator, visitor)  # type: ignore[arg-type]
        feedback.request_transcript(conversation.uuid, actor=visitor_of(conversation), email="ada@mail.example")
        end_conversation(conversation.uuid, actor=SystemActor())
        return conversation

    first = ask()
    ask(first.visitor)
    with pytest.raises(RateLimited):
        ask(first.visitor)
    with pytest.raises(RateLimited):
        ask()

    OutgoingMail.objects.update(created_at=timezone.now() - timedelta(hours=2))
    Conversation.objects.update(state="ended")
    ask()


def test_an_operator_is_shown_what_the_visitor_gave(ended: Conversation, operator: Operator) -> None:
    from wagtail_livechat import snapshots

    feedback.rate(ended.uuid, actor=visitor_of(ended), rating=4)

    [listed] = snapshots.desk_snapshot(actor_of(operator), {}).conversations
    assert listed.rating == 4
