"""Something is said, read, or being typed."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from tests.factories import (
    actor_of,
    bodies,
    make_department,
    make_open,
    make_operator,
    make_visitor,
    make_waiting,
    say,
    seqs,
    visitor_actor,
)
from tests.lines import committing
from wagtail_livechat import protocol, snapshots
from wagtail_livechat.actions.conversations import end_conversation
from wagtail_livechat.actions.messages import mark_receipt, post_message, post_note, set_typing
from wagtail_livechat.exceptions import ClientIdConflict, ConversationEnded, Forbidden, NotFound, TooLong
from wagtail_livechat.models import Conversation, Entry, Participation
from wagtail_livechat.permissions import SystemActor

pytestmark = pytest.mark.django_db

HOSTILE = [
    "\u202eevil\u202c text that turns round",
    "👩\u200d🔬🇸🇪 𝕋𝕙𝕖 e\u0301",
    "zero\u200bwidth\ufeff",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% debug %} ${7*7} %s %(name)s {0}",
    "javascript:alert(1)",
    "=1+1\t@SUM(A1)",
    "Robert'); DROP TABLE wagtail_livechat_entry;--",
    "\u2028\u2029line\nbreaks",
    "\x80\x9f\xa0",
    "\U0010ffff\ufffe",
]


# ---------------------------------------------------------------------------------------------- saying


def test_both_sides_talk_and_every_message_has_the_next_number() -> None:
    operator = make_operator("Elin")
    conversation = make_open(operator, text="Hello")

    say(conversation, "Good morning", operator)
    say(conversation, "Do you ship to Norway?")

    assert bodies(conversation) == ["Hello", "Good morning", "Do you ship to Norway?"]
    assert seqs(conversation) == [1, 2, 3, 4]
    conversation.refresh_from_db()
    assert conversation.last_seq == 4


def test_an_operators_message_keeps_the_name_that_they_had() -> None:
    operator = make_operator("Elin")
    conversation = make_open(operator)
    entry = say(conversation, "Good morning", operator)

    operator.user.delete()

    entry.refresh_from_db()
    assert (entry.author_name, entry.operator_id) == ("Elin", None)


def test_the_time_of_the_first_answer_is_kept() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    conversation.refresh_from_db()
    assert conversation.first_reply_at is None

    post_note(conversation.uuid, actor=actor_of(operator), text="A note is no answer", client_id=uuid.uuid4())
    conversation.refresh_from_db()
    assert conversation.first_reply_at is None

    first = say(conversation, "Good morning", operator)
    say(conversation, "Still there?", operator)
    conversation.refresh_from_db()
    assert conversation.first_reply_at == first.created_at


@pytest.mark.covers("E1")
def test_a_retry_returns_the_entry_that_is_stored() -> None:
    conversation = make_waiting()
    actor, client_id = visitor_actor(conversation.visitor), uuid.uuid4()
    first = post_message(conversation.uuid, actor=actor, text="Hello", client_id=client_id)

    again = [post_message(conversation.uuid, actor=actor, text="Hello", client_id=client_id) for _ in range(3)]

    assert {entry.pk for entry in again} == {first.pk}
    assert seqs(conversation) == [1, 2]
    conversation.refresh_from_db()
    assert conversation.last_seq == 2, "a retry takes no number"


def test_a_retry_after_the_end_is_still_acknowledged() -> None:
    conversation = make_waiting()
    actor, client_id = visitor_actor(conversation.visitor), uuid.uuid4()
    first = post_message(conversation.uuid, actor=actor, text="Hello", client_id=client_id)
    end_conversation(conversation.uuid, actor=SystemActor())

    assert post_message(conversation.uuid, actor=actor, text="Hello", client_id=client_id).pk == first.pk


def test_another_text_under_the_same_client_id_is_refused() -> None:
    conversation = make_waiting(text="Hello")
    actor, client_id = visitor_actor(conversation.visitor), uuid.uuid4()
    post_message(conversation.uuid, actor=actor, text="One", client_id=client_id)

    with pytest.raises(ClientIdConflict):
        post_message(conversation.uuid, actor=actor, text="Two", client_id=client_id)

    assert bodies(conversation) == ["Hello", "One"]


def test_a_note_cannot_become_a_message_by_a_retry() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    client_id = uuid.uuid4()
    post_note(conversation.uuid, actor=actor_of(operator), text="Difficult", client_id=client_id)

    with pytest.raises(ClientIdConflict):
        post_message(conversation.uuid, actor=actor_of(operator), text="Difficult", client_id=client_id)


def test_a_client_id_that_the_other_side_has_used_is_refused_as_in_use() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    client_id = uuid.uuid4()
    post_message(conversation.uuid, actor=visitor_actor(conversation.visitor), text="Hello", client_id=client_id)

    with pytest.raises(ClientIdConflict):
        post_message(conversation.uuid, actor=actor_of(operator), text="Hello", client_id=client_id)

    client_id = uuid.uuid4()
    post_message(conversation.uuid, actor=actor_of(operator), text="Hello", client_id=client_id)
    with pytest.raises(ClientIdConflict):
        post_message(conversation.uuid, actor=visitor_actor(conversation.visitor), text="Hello", client_id=client_id)


def test_nothing_can_be_said_after_the_end() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    end_conversation(conversation.uuid, actor=SystemActor())

    for by in (conversation.visitor, operator):
        with pytest.raises(ConversationEnded):
            say(conversation, "One more thing", by)

    assert seqs(conversation) == [1, 2, 3]


def test_another_visitor_cannot_write_nor_find_out_that_it_exists() -> None:
    conversation = make_waiting()
    stranger = make_visitor()

    with pytest.raises(NotFound) as theirs:
        say(conversation, "Hello", stranger)
    with pytest.raises(NotFound) as nobodys:
        post_message(uuid.uuid4(), actor=visitor_actor(stranger), text="Hello", client_id=uuid.uuid4())

    assert theirs.value.message == nobodys.value.message
    assert seqs(conversation) == [1]


def test_a_stranger_who_knows_the_client_id_is_not_shown_the_entry() -> None:
    conversation = make_waiting()
    client_id = uuid.uuid4()
    post_message(conversation.uuid, actor=visitor_actor(conversation.visitor), text="Secret", client_id=client_id)

    with pytest.raises(NotFound):
        post_message(conversation.uuid, actor=visitor_actor(make_visitor()), text="Secret", client_id=client_id)


def test_an_operator_must_accept_before_writing() -> None:
    conversation = make_waiting()
    operator = make_operator()

    with pytest.raises(Forbidden):
        say(conversation, "Hello", operator)
    with pytest.raises(Forbidden):
        post_note(conversation.uuid, actor=actor_of(operator), text="Hm", client_id=uuid.uuid4())


def test_an_operator_of_another_department_finds_nothing() -> None:
    conversation = make_waiting(department_id=make_department().pk)

    with pytest.raises(NotFound):
        say(conversation, "Hello", make_operator(departments=[make_department()]))


def test_operators_may_paste_longer_texts_than_visitors_write() -> None:
    operator = make_operator()
    conversation = make_open(operator)

    with pytest.raises(TooLong):
        say(conversation, "x" * 1001)
    say(conversation, "x" * 5000, operator)
    with pytest.raises(TooLong):
        say(conversation, "x" * 5001, operator)

    assert len(bodies(conversation)) == 2


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_stored_as_it_is(text: str) -> None:
    conversation = make_waiting(text=text)

    say(conversation, text)

    assert bodies(conversation) == [text, text]
    stretch = snapshots.timeline_after(visitor_actor(conversation.visitor), conversation.uuid, 0)
    assert [entry.text for entry in stretch.entries] == [text, text]
    protocol.encode(protocol.TimelinePage(timeline=stretch))


def test_a_message_that_fails_leaves_no_trace_and_takes_no_number() -> None:
    conversation = make_waiting()

    def fail(execute: Any, sql: str, *arguments: Any) -> Any:
        if "INSERT" in sql and "livechat_entry" in sql:
            raise RuntimeError("the disk is full")
        return execute(sql, *arguments)

    with connection.execute_wrapper(fail):
        with committing() as hints, pytest.raises(RuntimeError):
            say(conversation, "Lost?")

    assert hints == []
    assert say(conversation, "Not lost").seq == 2


# ----------------------------------------------------------------------------------------------- notes


def test_a_note_is_for_operators_only() -> None:
    operator = make_operator()
    conversation = make_open(operator)

    note = post_note(conversation.uuid, actor=actor_of(operator), text="Knows their rights", client_id=uuid.uuid4())

    assert (note.kind, note.audience) == ("note", "operators")
    stretch = snapshots.timeline_after(visitor_actor(conversation.visitor), conversation.uuid, 0)
    assert "Knows their rights" not in protocol.encode(protocol.TimelinePage(timeline=stretch))


def test_a_note_does_not_count_as_something_said() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    said = say(conversation, "Hello?")

    post_note(conversation.uuid, actor=actor_of(operator), text="Later", client_id=uuid.uuid4())

    conversation.refresh_from_db()
    assert conversation.last_message_at == said.created_at


def test_a_new_kind_of_entry_reaches_no_visitor_unless_somebody_says_so() -> None:
    conversation = make_waiting()
    Entry.objects.create(conversation=conversation, seq=2, kind="system", author="system", data={"event": "new kind"})

    stretch = snapshots.timeline_after(visitor_actor(conversation.visitor), conversation.uuid, 0)

    assert [entry.seq for entry in stretch.entries] == [1]
    assert stretch.upto == 2


# -------------------------------------------------------------------------------------------- receipts


def marks(conversation: Conversation, side: str) -> tuple[int, int]:
    conversation.refresh_from_db()
    return getattr(conversation, f"{side}_delivered_seq"), getattr(conversation, f"{side}_seen_seq")


@pytest.mark.covers("A8")
def test_ticks_rise_and_never_fall() -> None:
    conversation = make_open()
    actor = visitor_actor(conversation.visitor)

    mark_receipt(conversation.uuid, actor=actor, delivered=2, seen=1)
    mark_receipt(conversation.uuid, actor=actor, delivered=1, seen=0)

    assert marks(conversation, "visitor") == (2, 1)


def test_what_was_seen_was_delivered() -> None:
    conversation = make_open()

    mark_receipt(conversation.uuid, actor=visitor_actor(conversation.visitor), delivered=0, seen=2)

    assert marks(conversation, "visitor") == (2, 2)


def test_nobody_has_seen_what_is_not_there_yet() -> None:
    operator = make_operator()
    conversation = make_open(operator)

    mark_receipt(conversation.uuid, actor=visitor_actor(conversation.visitor), delivered=2**31 - 1, seen=2**31 - 1)
    mark_receipt(conversation.uuid, actor=actor_of(operator), delivered=2**31 - 1, seen=2**31 - 1)

    assert marks(conversation, "visitor") == (2, 2)
    assert marks(conversation, "operator") == (2, 2)
    own = Participation.objects.get()
    assert (own.delivered_seq, own.seen_seq) == (2, 2)


def test_what_comes_after_a_mark_beyond_the_end_is_still_unread() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    mark_receipt(conversation.uuid, actor=actor_of(operator), delivered=100, seen=100)

    say(conversation, "Anybody there?")

    listed = snapshots.desk_conversations(actor_of(operator), Conversation.objects.all())
    assert [row.unread for row in listed] == [1]


def test_reading_it_is_told_once_and_to_those_who_follow_it_alone() -> None:
    conversation = make_open()
    actor = visitor_actor(conversation.visitor)

    with committing() as first:
        mark_receipt(conversation.uuid, actor=actor, delivered=2, seen=2)
    with committing() as second:
        mark_receipt(conversation.uuid, actor=actor, delivered=2, seen=2)

    assert [hint.kind for hint in first] == ["receipt"]
    assert "desk" not in first[0].group
    assert second == []


def test_strangers_and_operators_who_did_not_join_mark_nothing() -> None:
    conversation = make_open()

    for actor in (visitor_actor(make_visitor()), actor_of(make_operator())):
        with pytest.raises(NotFound):
            mark_receipt(conversation.uuid, actor=actor, delivered=1, seen=1)

    assert marks(conversation, "operator") == (0, 0)


# ---------------------------------------------------------------------------------------------- typing


def test_typing_is_shown_and_stored_nowhere() -> None:
    operator = make_operator()
    conversation = make_open(operator)

    with committing() as hints:
        set_typing(conversation.uuid, actor=actor_of(operator), active=True)

    assert [(hint.kind, hint.data["operator"], hint.data["active"]) for hint in hints] == [
        ("typing", operator.pk, True)
    ]
    shown = snapshots.visitor_snapshot(visitor_actor(conversation.visitor))
    assert [card.id for card in shown.typing] == [operator.pk]

    set_typing(conversation.uuid, actor=actor_of(operator), active=False)
    assert snapshots.visitor_snapshot(visitor_actor(conversation.visitor)).typing == []


def test_an_operator_who_polls_sees_that_the_visitor_is_typing() -> None:
    operator = make_operator()
    conversation = make_open(operator)

    set_typing(conversation.uuid, actor=visitor_actor(conversation.visitor), active=True)

    assert snapshots.desk_snapshot(actor_of(operator), {}).typing == [conversation.uuid]
    cache.clear()
    assert snapshots.desk_snapshot(actor_of(operator), {}).typing == []


def test_who_takes_no_part_cannot_pretend_to_type() -> None:
    conversation = make_open()

    for actor in (visitor_actor(make_visitor()), actor_of(make_operator())):
        with pytest.raises(NotFound):
            set_typing(conversation.uuid, actor=actor, active=True)
