"""Conversations that begin at once."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from django.contrib.auth import get_user_model

from tests.factories import OPERATORS, bodies, make_operator, make_user, make_visitor, make_waiting, seqs, visitor_actor
from tests.races.together import raised, together
from wagtail_livechat.actions import presence, visitors
from wagtail_livechat.actions.conversations import end_conversation, start_conversation
from wagtail_livechat.models import CaseCounter, Conversation, Entry, Offer, Operator

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_two_tabs_that_start_at_once_share_one_conversation() -> None:
    actor = visitor_actor(make_visitor())

    results = together(
        *(
            partial(start_conversation, actor=actor, text=f"From tab {number}", client_id=uuid.uuid4())
            for number in range(10)
        )
    )

    assert raised(results) == []
    conversation = Conversation.objects.get()
    assert sorted(bodies(conversation)) == sorted(f"From tab {number}" for number in range(10))
    assert seqs(conversation) == list(range(1, 11))
    assert Offer.objects.count() == 1


def test_the_same_start_fifty_times_at_once_is_one_message() -> None:
    actor, client_id = visitor_actor(make_visitor()), uuid.uuid4()

    results = together(*[partial(start_conversation, actor=actor, text="Hello", client_id=client_id)] * 50)

    assert raised(results) == []
    assert len({entry.pk for entry in results}) == 1
    assert Entry.objects.count() == Conversation.objects.count() == 1


def test_the_start_in_one_tab_against_the_end_in_the_other() -> None:
    """The message is in the old conversation before its end, or in a new one; never lost."""
    for _ in range(5):
        visitor = make_visitor()
        conversation = make_waiting(visitor, "First")
        actor = visitor_actor(visitor)

        started, ended = together(
            partial(start_conversation, actor=actor, text="Second", client_id=uuid.uuid4()),
            partial(end_conversation, conversation.uuid, actor=actor),
        )

        assert not raised([started, ended])
        conversation.refresh_from_db()
        assert conversation.state == "ended"
        stored = Entry.objects.get(pk=started.pk)
        if stored.conversation_id == conversation.pk:
            assert Entry.objects.filter(conversation=conversation).last().data["event"] == "ended"
        else:
            assert (stored.conversation.state, stored.seq) == ("queued", 1)


def test_case_numbers_that_are_given_at_once_are_dense() -> None:
    actors = [visitor_actor(make_visitor()) for _ in range(20)]

    results = together(
        *(partial(start_conversation, actor=actor, text="Hello", client_id=uuid.uuid4()) for actor in actors)
    )

    assert raised(results) == []
    numbers = sorted(int(number.split("-")[1]) for number in Conversation.objects.values_list("case_number", flat=True))
    assert numbers == list(range(1, 21)), "also the very first of a year, when there is no counter yet"
    assert CaseCounter.objects.get().last == 20


def test_an_operator_who_opens_many_tabs_at_the_first_visit_is_one_operator() -> None:
    user = make_user(groups=[OPERATORS])
    fresh = [get_user_model().objects.get(pk=user.pk) for _ in range(8)]

    results = together(*(partial(presence.ensure_operator, one) for one in fresh))

    assert raised(results) == []
    assert Operator.objects.count() == 1


def test_heartbeats_of_several_processes_do_not_stop_each_other() -> None:
    people = [make_visitor().pk for _ in range(30)]
    operators = [make_operator().pk for _ in range(10)]

    results = together(
        *(partial(visitors.renew_leases, people[::step]) for step in (1, -1, 2, -2)),
        *(partial(presence.renew_leases, operators[::step]) for step in (1, -1, 1, -1)),
    )

    assert raised(results) == []
