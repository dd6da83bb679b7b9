"""Many write into one conversation at once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connections

from tests.factories import actor_of, bodies, make_open, make_operator, make_waiting, seqs, visitor_actor
from tests.races.together import raised, returned, together
from wagtail_livechat import snapshots
from wagtail_livechat.actions.conversations import end_conversation
from wagtail_livechat.actions.messages import mark_receipt, post_message
from wagtail_livechat.exceptions import ClientIdConflict, ConversationEnded
from wagtail_livechat.models import Conversation, Entry
from wagtail_livechat.permissions import SystemActor

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, SENDS = 8, 25


def writer(conversation: Conversation, number: int) -> Callable[[], None]:
    actor = visitor_actor(conversation.visitor)

    def write() -> None:
        for turn in range(SENDS):
            post_message(conversation.uuid, actor=actor, text=f"{number}/{turn}", client_id=uuid.uuid4())

    return write


@pytest.mark.covers("E1")
def test_eight_who_write_at_once_leave_200_messages_without_a_gap() -> None:
    """On SQLite too, where SELECT FOR UPDATE does nothing."""
    conversation = make_waiting()

    results = together(*(writer(conversation, number) for number in range(WRITERS)))

    assert raised(results) == []
    assert seqs(conversation) == list(range(1, WRITERS * SENDS + 2))
    conversation.refresh_from_db()
    assert conversation.last_seq == WRITERS * SENDS + 1
    for number in range(WRITERS):
        own = [body for body in bodies(conversation) if body.startswith(f"{number}/")]
        assert own == [f"{number}/{turn}" for turn in range(SENDS)], "in the order in which each one wrote"


@pytest.mark.covers("E1")
def test_who_reads_while_eight_write_never_misses_one() -> None:
    """Numbers are committed in order: what a reader finds is always a prefix of what there will be."""
    conversation = make_waiting()
    reader = visitor_actor(conversation.visitor)
    done = threading.Event()
    writing = threading.Semaphore(0)

    def write(number: int) -> None:
        try:
            writer(conversation, number)()
        finally:
            writing.release()

    def end_of_writing() -> None:
        for _ in range(WRITERS):
            writing.acquire()
        done.set()

    def read() -> tuple[list[int], int]:
        cursor, read_so_far, looks = 0, [], 0
        while True:
            last_look = done.is_set()
            stretch = snapshots.timeline_after(reader, conversation.uuid, cursor, limit=7)
            found = [entry.seq for entry in stretch.entries]
            assert found == list(range(cursor + 1, stretch.upto + 1)), "no gap, now or ever"
            read_so_far += found
            cursor = stretch.upto
            looks += 1
            if last_look and not stretch.has_more:
                return read_so_far, looks

    results = together(*(partial(write, number) for number in range(WRITERS)), end_of_writing, read, read)

    assert raised(results) == []
    for read_so_far, _looks in results[-2:]:
        assert read_so_far == list(range(1, WRITERS * SENDS + 2))


@pytest.mark.covers("E1")
def test_the_same_message_sent_fifty_times_at_once_is_stored_once() -> None:
    conversation = make_waiting()
    client_id = uuid.uuid4()
    send = partial(
        post_message, conversation.uuid, actor=visitor_actor(conversation.visitor), text="Hello?", client_id=client_id
    )

    results = together(*[send] * 50)

    assert raised(results) == []
    assert len({entry.pk for entry in results}) == 1
    assert seqs(conversation) == [1, 2]
    conversation.refresh_from_db()
    assert conversation.last_seq == 2


def test_of_two_texts_under_one_client_id_one_is_stored_and_the_other_refused() -> None:
    conversation = make_waiting()
    client_id = uuid.uuid4()
    send = partial(post_message, conversation.uuid, actor=visitor_actor(conversation.visitor), client_id=client_id)

    results = together(*(partial(send, text=f"Text {number}") for number in range(6)))

    (stored,) = returned(results)
    assert len(raised(results, ClientIdConflict)) == 5
    assert bodies(conversation) == ["Hello", stored.body]


@pytest.mark.postgres
@pytest.mark.parametrize("attempt", range(5))
def test_a_message_against_the_end_is_either_before_it_or_refused(attempt: int) -> None:
    operator = make_operator()
    conversation = make_open(operator)
    actor = visitor_actor(conversation.visitor)
    send = partial(post_message, conversation.uuid, actor=actor, text="Wait!")

    results = together(
        *(partial(send, client_id=uuid.uuid4()) for _ in range(6)),
        partial(end_conversation, conversation.uuid, actor=actor_of(operator)),
        partial(end_conversation, conversation.uuid, actor=actor),
    )

    sends = results[:6]
    assert raised(results) == raised(sends, ConversationEnded)
    entries = list(Entry.objects.filter(conversation=conversation))
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[-1].data["event"] == "ended", "nothing comes after the end"
    assert [entry.data.get("event") for entry in entries].count("ended") == 1
    assert len(returned(sends)) == bodies(conversation).count("Wait!"), "acknowledged is stored, refused is not"


@pytest.mark.postgres
def test_ticks_that_come_in_any_order_end_at_the_highest() -> None:
    conversation = make_open()
    actor = visitor_actor(conversation.visitor)
    for _ in range(18):
        post_message(conversation.uuid, actor=actor, text="x", client_id=uuid.uuid4())

    def mark(seq: int) -> Callable[[], Any]:
        return partial(mark_receipt, conversation.uuid, actor=actor, delivered=seq, seen=seq - 1)

    results = together(*(mark(seq) for seq in range(1, 21)))

    assert raised(results) == []
    conversation.refresh_from_db()
    assert (conversation.visitor_delivered_seq, conversation.visitor_seen_seq) == (20, 19)


@pytest.mark.postgres
def test_a_writer_who_is_slow_to_commit_holds_the_others_back_instead_of_leaving_a_hole() -> None:
    """The classic loss: a later number that commits first, and a reader who then never looks below it."""
    from django.db import transaction

    conversation = make_waiting()
    actor = visitor_actor(conversation.visitor)
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> int:
        with transaction.atomic():
            entry = post_message(conversation.uuid, actor=actor, text="slow", client_id=uuid.uuid4())
            written.set()
            assert may_commit.wait(30)
        return entry.seq

    def quick() -> int:
        assert written.wait(30)
        return post_message(conversation.uuid, actor=actor, text="quick", client_id=uuid.uuid4()).seq

    def look() -> int:
        assert written.wait(30)
        wait_until_blocked()
        upto = snapshots.timeline_after(actor, conversation.uuid, 0).upto
        may_commit.set()
        return upto

    results = together(slow, quick, look)

    assert results == [2, 3, 1]


def wait_until_blocked() -> None:
    """Until PostgreSQL says that somebody waits for a lock."""
    from tests.services import wait_until

    def somebody_waits() -> bool:
        with connections["default"].cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return bool(cursor.fetchone()[0])

    wait_until(somebody_waits, timeout=30)


def test_the_end_by_the_system_and_by_both_sides_at_once_is_one_end() -> None:
    operator = make_operator()
    conversation = make_open(operator)

    results = together(
        partial(end_conversation, conversation.uuid, actor=SystemActor(), reason="idle"),
        partial(end_conversation, conversation.uuid, actor=actor_of(operator)),
        partial(end_conversation, conversation.uuid, actor=visitor_actor(conversation.visitor)),
    )

    assert raised(results) == []
    conversation.refresh_from_db()
    (end,) = [entry for entry in Entry.objects.filter(conversation=conversation) if entry.data.get("event") == "ended"]
    assert end.data["by"] == conversation.ended_by
    assert seqs(conversation) == [1, 2, 3]
