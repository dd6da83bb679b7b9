"""A conversation begins, goes back to the queue, ends."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page

from tests.factories import (
    actor_of,
    bodies,
    events_of,
    make_department,
    make_open,
    make_operator,
    make_settings,
    make_site,
    make_visitor,
    make_waiting,
    pending_offer,
    say,
    seqs,
    visitor_actor,
)
from tests.lines import committing
from wagtail_livechat import signals
from wagtail_livechat.actions.conversations import end_conversation, put_away, requeue, start_conversation
from wagtail_livechat.actions.offers import accept_offer
from wagtail_livechat.exceptions import ClientIdConflict, Closed, Forbidden, NotFound, TooLong, Unauthorised
from wagtail_livechat.models import CaseCounter, Conversation, Entry, Offer, Participation
from wagtail_livechat.permissions import SystemActor

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------------------------------- beginning


def test_the_first_message_begins_a_conversation_that_waits_in_the_queue() -> None:
    visitor = make_visitor()

    entry = start_conversation(
        actor=visitor_actor(visitor),
        text="Do you ship to Norway?",
        client_id=uuid.uuid4(),
        language="sv",
        page_url="https://shop.example/lamps/",
        page_title="Lamps",
        name="Ada",
        email="ada@mail.example",
        auto_message="Need help?",
    )

    conversation = Conversation.objects.get()
    assert conversation.state == "queued"
    assert bodies(conversation) == ["Do you ship to Norway?"]
    assert entry.seq == conversation.last_seq == 1
    assert (conversation.page_url, conversation.page_title) == ("https://shop.example/lamps/", "Lamps")
    assert (conversation.language, conversation.auto_message) == ("sv", "Need help?")
    assert pending_offer(conversation).operator_id is None
    visitor.refresh_from_db()
    assert (visitor.name, visitor.email) == ("Ada", "ada@mail.example")


def test_starting_again_while_one_is_open_posts_into_that_one() -> None:
    """Two tabs, each of which shows an empty chat."""
    visitor = make_visitor()
    first = make_waiting(visitor, "From one tab")

    second = make_waiting(visitor, "From the other")

    assert second == first
    assert bodies(first) == ["From one tab", "From the other"]
    assert Offer.objects.count() == 1


def test_a_retry_of_the_start_is_the_same_message() -> None:
    actor, client_id = visitor_actor(make_visitor()), uuid.uuid4()
    first = start_conversation(actor=actor, text="Hello", client_id=client_id)

    again = start_conversation(actor=actor, text="Hello", client_id=client_id)

    assert again.pk == first.pk
    assert Entry.objects.count() == 1


def test_a_retry_of_the_start_after_the_end_does_not_begin_anew() -> None:
    actor, client_id = visitor_actor(make_visitor()), uuid.uuid4()
    first = start_conversation(actor=actor, text="Hello", client_id=client_id)
    end_conversation(first.conversation.uuid, actor=actor)

    again = start_conversation(actor=actor, text="Hello", client_id=client_id)

    assert again.pk == first.pk
    assert Conversation.objects.count() == 1


def test_another_text_under_the_client_id_of_the_start_is_refused() -> None:
    actor, client_id = visitor_actor(make_visitor()), uuid.uuid4()
    start_conversation(actor=actor, text="Hello", client_id=client_id)

    with pytest.raises(ClientIdConflict):
        start_conversation(actor=actor, text="Goodbye", client_id=client_id)

    assert bodies(Conversation.objects.get()) == ["Hello"]


def test_the_same_client_id_of_two_visitors_is_two_messages() -> None:
    client_id = uuid.uuid4()

    for _ in range(2):
        start_conversation(actor=visitor_actor(make_visitor()), text="Hello", client_id=client_id)

    assert Conversation.objects.count() == 2


def test_after_the_end_the_next_message_begins_another_conversation() -> None:
    visitor = make_visitor()
    first = make_waiting(visitor)
    end_conversation(first.uuid, actor=visitor_actor(visitor))

    second = make_waiting(visitor)

    assert second != first
    assert second.state == "queued"


def test_a_visitor_whose_token_was_withdrawn_cannot_begin() -> None:
    visitor = make_visitor(revoked_at=timezone.now())

    with pytest.raises(Unauthorised):
        make_waiting(visitor)


def test_nobody_can_begin_on_a_site_whose_chat_is_switched_off() -> None:
    visitor = make_visitor()
    make_settings(enabled=False)

    with pytest.raises(Closed):
        make_waiting(visitor)

    assert not Conversation.objects.exists()


def test_who_is_talking_when_the_chat_is_switched_off_is_told_and_loses_nothing() -> None:
    visitor = make_visitor()
    conversation = make_waiting(visitor, "One")
    settings = make_settings(enabled=False)

    with pytest.raises(Closed):
        make_waiting(visitor, "Two")
    settings.enabled = True
    settings.save()
    make_waiting(visitor, "Two")

    assert bodies(conversation) == ["One", "Two"]


def test_a_message_of_1000_characters_passes_and_one_of_1001_is_refused_whole() -> None:
    visitor = make_visitor()

    with pytest.raises(TooLong) as refused:
        make_waiting(visitor, "å" * 1001)
    make_waiting(visitor, "👩" * 1000)

    assert refused.value.field == "text"
    assert "1001" in refused.value.message
    assert bodies(Conversation.objects.get()) == ["👩" * 1000]


def test_case_numbers_are_counted_without_gaps_through_the_year() -> None:
    year = timezone.now().year

    numbers = [make_waiting().case_number for _ in range(3)]

    assert numbers == [f"{year}-000001", f"{year}-000002", f"{year}-000003"]
    assert CaseCounter.objects.get(year=year).last == 3


def test_a_start_that_is_refused_takes_no_case_number() -> None:
    make_waiting()
    visitor = make_visitor()
    settings = make_settings(enabled=False)
    with pytest.raises(Closed):
        make_waiting(visitor)
    settings.enabled = True
    settings.save()

    assert make_waiting(visitor).case_number.endswith("-000002")


def test_the_department_that_the_visitor_chose_gets_the_conversation() -> None:
    sales, service = make_department("Sales"), make_department("Service")
    make_settings(department=sales)

    assert make_waiting(department_id=service.pk).department == service
    assert make_waiting().department == sales


def test_a_department_of_another_site_or_that_is_closed_or_unknown_is_not_chosen() -> None:
    elsewhere = make_department(sites=[make_site()])
    closed = make_department(is_active=False)

    for asked in (elsewhere.pk, closed.pk, 2**53):
        assert make_waiting(department_id=asked).department is None


def test_a_page_that_does_not_exist_is_not_noted() -> None:
    real = Page.objects.get(depth=1).pk

    assert make_waiting(page_id=real).page_id == real
    for made_up in (999_999, 2**31, 2**53):
        assert make_waiting(page_id=made_up).page_id is None


def test_whoever_wants_to_know_of_a_start_or_an_end_is_told_after_commit() -> None:
    heard: list[tuple[str, int]] = []

    def on_start(conversation_id: int, **_: object) -> None:
        heard.append(("started", conversation_id))

    def broken(**_: object) -> None:
        raise RuntimeError("a receiver of a project")

    def on_end(conversation_id: int, **_: object) -> None:
        heard.append(("ended", conversation_id))

    signals.conversation_started.connect(broken)
    signals.conversation_started.connect(on_start)
    signals.conversation_ended.connect(on_end)
    try:
        with committing():
            conversation = make_waiting()
            assert heard == []
        with committing():
            end_conversation(conversation.uuid, actor=SystemActor())
    finally:
        signals.conversation_started.disconnect(broken)
        signals.conversation_started.disconnect(on_start)
        signals.conversation_ended.disconnect(on_end)

    assert heard == [("started", conversation.pk), ("ended", conversation.pk)]


# ---------------------------------------------------------------------------------------------- ending


@pytest.mark.covers("A9")
def test_a_visitor_ends_the_conversation_and_both_sides_can_read_it() -> None:
    conversation = make_open()

    end_conversation(conversation.uuid, actor=visitor_actor(conversation.visitor))

    conversation.refresh_from_db()
    assert (conversation.state, conversation.ended_by) == ("ended", "visitor")
    assert conversation.ended_at is not None
    assert events_of(conversation) == ["joined", "ended"]
    assert seqs(conversation) == [1, 2, 3]


def test_an_operator_ends_the_conversation() -> None:
    operator = make_operator()
    conversation = make_open(operator)

    end_conversation(conversation.uuid, actor=actor_of(operator))

    conversation.refresh_from_db()
    assert (conversation.state, conversation.ended_by) == ("ended", "operator")
    last = Entry.objects.filter(conversation=conversation).last()
    assert last is not None
    assert (last.data, last.operator_id) == ({"event": "ended", "by": "operator"}, operator.pk)


def test_ending_what_has_ended_changes_nothing_and_is_no_mistake() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    end_conversation(conversation.uuid, actor=visitor_actor(conversation.visitor))
    conversation.refresh_from_db()
    ended_at = conversation.ended_at

    end_conversation(conversation.uuid, actor=actor_of(operator))

    conversation.refresh_from_db()
    assert (conversation.ended_at, conversation.ended_by) == (ended_at, "visitor")
    assert events_of(conversation).count("ended") == 1


def test_who_leaves_the_queue_takes_the_offer_along() -> None:
    conversation = make_waiting()
    offer = pending_offer(conversation)

    end_conversation(conversation.uuid, actor=visitor_actor(conversation.visitor))

    offer.refresh_from_db()
    assert offer.state == "withdrawn"


def test_another_visitors_conversation_does_not_exist() -> None:
    conversation = make_waiting()
    stranger = visitor_actor(make_visitor())

    with pytest.raises(NotFound) as theirs:
        end_conversation(conversation.uuid, actor=stranger)
    with pytest.raises(NotFound) as nobodys:
        end_conversation(uuid.uuid4(), actor=stranger)

    assert theirs.value.message == nobodys.value.message
    conversation.refresh_from_db()
    assert conversation.state == "queued"


def test_an_operator_who_has_not_joined_may_not_end_it() -> None:
    conversation = make_open()

    with pytest.raises(Forbidden):
        end_conversation(conversation.uuid, actor=actor_of(make_operator()))


def test_a_conversation_of_another_department_does_not_exist_for_an_operator() -> None:
    conversation = make_waiting(department_id=make_department().pk)
    outsider = make_operator(departments=[make_department()])

    with pytest.raises(NotFound):
        end_conversation(conversation.uuid, actor=actor_of(outsider))


def test_an_ended_conversation_stays_in_the_list_until_it_is_put_away() -> None:
    operator = make_operator()
    conversation = make_open(operator)

    put_away(conversation.uuid, actor=actor_of(operator))
    assert Participation.objects.get().is_listed, "an open one stays"
    end_conversation(conversation.uuid, actor=actor_of(operator))
    put_away(conversation.uuid, actor=actor_of(operator))

    assert not Participation.objects.get().is_listed


# ------------------------------------------------------------------------------------- back to the queue


def test_the_conversation_of_an_operator_who_is_gone_waits_again_and_says_so() -> None:
    operator = make_operator("Elin")
    conversation = make_open(operator)

    assert requeue(conversation.pk, gone=operator)

    conversation.refresh_from_db()
    assert (conversation.state, conversation.operator) == ("queued", None)
    assert pending_offer(conversation).operator_id is None
    assert Participation.objects.get().state == "left"
    last = Entry.objects.filter(conversation=conversation).last()
    assert last is not None
    assert (last.data["event"], last.author_name) == ("requeued", "Elin")


def test_it_waits_again_only_once() -> None:
    operator = make_operator()
    conversation = make_open(operator)

    assert [requeue(conversation.pk, gone=operator) for _ in range(3)] == [True, False, False]

    assert events_of(conversation) == ["joined", "requeued"]
    assert Offer.objects.filter(state="pending").count() == 1


def test_a_conversation_that_a_colleague_has_by_now_is_left_alone() -> None:
    gone, colleague = make_operator(), make_operator()
    conversation = make_open(gone)
    requeue(conversation.pk, gone=gone)
    accept_offer(pending_offer(conversation).pk, actor=actor_of(colleague))

    assert not requeue(conversation.pk, gone=gone)

    conversation.refresh_from_db()
    assert conversation.operator == colleague


def test_who_was_gone_can_take_the_conversation_again() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    answered_at = conversation.answered_at
    requeue(conversation.pk, gone=operator)

    accept_offer(pending_offer(conversation).pk, actor=actor_of(operator))

    conversation.refresh_from_db()
    assert (conversation.state, conversation.operator) == ("active", operator)
    assert conversation.answered_at == answered_at, "the first answer counts"
    assert Participation.objects.get().state == "joined"
    say(conversation, "Here I am again", operator)


def test_what_was_said_while_it_waited_is_there_for_who_takes_it() -> None:
    operator = make_operator()
    conversation = make_open(operator, text="One")
    requeue(conversation.pk, gone=operator)

    say(conversation, "Is anybody there?")

    assert bodies(conversation) == ["One", "Is anybody there?"]
    assert seqs(conversation) == [1, 2, 3, 4]
    conversation.refresh_from_db()
    assert conversation.last_message_at > timezone.now() - timedelta(minutes=1)
