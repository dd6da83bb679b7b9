"""What a visitor is shown."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.factories import (
    actor_of,
    make_department,
    make_open,
    make_operator,
    make_settings,
    make_site,
    make_visitor,
    make_waiting,
    pending_offer,
    say,
    the_site,
    visitor_actor,
)
from wagtail_livechat import protocol as p
from wagtail_livechat import snapshots
from wagtail_livechat.actions import presence
from wagtail_livechat.actions.conversations import end_conversation
from wagtail_livechat.actions.messages import mark_receipt, post_note
from wagtail_livechat.actions.offers import accept_offer
from wagtail_livechat.conf import conf
from wagtail_livechat.models import Conversation, Operator
from wagtail_livechat.permissions import SystemActor

pytestmark = pytest.mark.django_db


def note(conversation: Conversation, operator: Operator, text: str = "SECRET") -> None:
    post_note(conversation.uuid, actor=actor_of(operator), text=text, client_id=uuid.uuid4())


# -------------------------------------------------------------------------------------------- timeline


def test_a_stretch_covers_hidden_entries_so_that_nobody_waits_for_them() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    note(conversation, operator)
    say(conversation, "After the note", operator)
    note(conversation, operator)
    reader = visitor_actor(conversation.visitor)

    whole = snapshots.timeline_after(reader, conversation.uuid, 0)
    rest = snapshots.timeline_after(reader, conversation.uuid, 4)

    assert [entry.seq for entry in whole.entries] == [1, 2, 4]
    assert (whole.after, whole.upto, whole.has_more) == (0, 5, False)
    assert (rest.after, rest.upto, rest.entries) == (4, 5, [])


def test_a_page_full_of_notes_is_passed_over() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    for _ in range(5):
        note(conversation, operator)
    say(conversation, "At last", operator)
    reader = visitor_actor(conversation.visitor)

    first = snapshots.timeline_after(reader, conversation.uuid, 2, limit=3)
    second = snapshots.timeline_after(reader, conversation.uuid, first.upto, limit=3)

    assert (first.entries, first.upto, first.has_more) == ([], 5, True)
    assert ([entry.text for entry in second.entries], second.upto, second.has_more) == (["At last"], 8, False)


def test_a_long_timeline_comes_in_pages_that_fit_together() -> None:
    conversation = make_waiting(text="1")
    for number in range(2, 24):
        say(conversation, str(number))
    reader = visitor_actor(conversation.visitor)
    cursor, read = 0, []

    while True:
        page = snapshots.timeline_after(reader, conversation.uuid, cursor, limit=10)
        read += [entry.text for entry in page.entries]
        assert page.after == cursor
        cursor = page.upto
        if not page.has_more:
            break

    assert read == [str(number) for number in range(1, 24)]


def test_scrolling_back_reaches_the_beginning() -> None:
    conversation = make_waiting(text="1")
    for number in range(2, 24):
        say(conversation, str(number))
    reader = visitor_actor(conversation.visitor)
    before, read = None, []

    while before != 1:
        page = snapshots.timeline_before(reader, conversation.uuid, before, limit=10)
        read = [entry.text for entry in page.entries] + read
        before = page.after + 1

    assert read == [str(number) for number in range(1, 24)]
    beyond = snapshots.timeline_before(reader, conversation.uuid, 1)
    assert (beyond.entries, beyond.after, beyond.upto) == ([], 0, 0)


def test_strangers_read_nothing() -> None:
    conversation = make_waiting()

    for stranger in (visitor_actor(make_visitor()),):
        assert snapshots.timeline_after(stranger, conversation.uuid, 0).entries == []
        assert snapshots.timeline_before(stranger, conversation.uuid, None).entries == []
        assert snapshots.visitor_snapshot(stranger, wanted=conversation.uuid).conversation is None


def test_only_a_visitors_own_entries_carry_a_client_id() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    say(conversation, "Good morning", operator)
    reader = visitor_actor(conversation.visitor)

    entries = snapshots.timeline_after(reader, conversation.uuid, 0).entries

    assert [entry.client_id is not None for entry in entries] == [True, False, False]


def test_no_note_and_no_word_of_it_is_in_anything_that_a_visitor_is_sent() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    say(conversation, "Good morning", operator)
    note(conversation, operator)
    reader = visitor_actor(conversation.visitor)

    for said in (
        p.encode(snapshots.visitor_snapshot(reader)),
        p.encode(snapshots.visitor_snapshot(reader, wanted=conversation.uuid, after=1)),
        p.encode(p.TimelinePage(timeline=snapshots.timeline_before(reader, conversation.uuid, None))),
    ):
        assert "SECRET" not in said
        assert '"note"' not in said
        assert "Good morning" in said


def test_what_a_visitor_is_sent_is_of_the_protocols_shape() -> None:
    """Much is built without validation, for speed: here it is validated."""
    operator = make_operator()
    conversation = make_open(operator)
    note(conversation, operator)
    reader = visitor_actor(conversation.visitor)

    said = p.encode(snapshots.visitor_snapshot(reader))

    p.VisitorSnapshot.model_validate_json(said)


# --------------------------------------------------------------------------------------- conversation


def test_who_has_not_written_is_shown_an_empty_chat() -> None:
    shown = snapshots.visitor_snapshot(visitor_actor(make_visitor()))

    assert (shown.conversation, shown.timeline, shown.typing) == (None, None, [])


def test_who_comes_back_within_a_day_finds_the_conversation_that_ended() -> None:
    conversation = make_waiting()
    reader = visitor_actor(conversation.visitor)
    end_conversation(conversation.uuid, actor=SystemActor())

    today = snapshots.visitor_snapshot(reader).conversation
    Conversation.objects.update(ended_at=timezone.now() - timedelta(hours=conf.SHOW_ENDED_HOURS, minutes=1))
    tomorrow = snapshots.visitor_snapshot(reader).conversation
    still_open_tab = snapshots.visitor_snapshot(reader, wanted=conversation.uuid, after=2).conversation

    assert today is not None
    assert (today.state, today.ended_by) == ("ended", "system")
    assert tomorrow is None
    assert still_open_tab is not None


def test_a_tab_that_shows_an_older_conversation_is_given_the_newest() -> None:
    visitor = make_visitor()
    old = make_waiting(visitor)
    end_conversation(old.uuid, actor=SystemActor())
    new = make_waiting(visitor)

    shown = snapshots.visitor_snapshot(visitor_actor(visitor), wanted=old.uuid, after=2)

    assert shown.conversation is not None
    assert shown.timeline is not None
    assert shown.conversation.id == shown.timeline.conversation == new.uuid
    assert (shown.timeline.after, shown.timeline.upto) == (0, 1)


def test_a_tab_that_slept_is_given_what_came_after_its_cursor() -> None:
    conversation = make_open(text="One")
    say(conversation, "Two")

    shown = snapshots.visitor_snapshot(visitor_actor(conversation.visitor), wanted=conversation.uuid, after=2)

    assert shown.timeline is not None
    assert [entry.text for entry in shown.timeline.entries] == ["Two"]


def test_ticks_are_those_of_the_other_side() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    mark_receipt(conversation.uuid, actor=actor_of(operator), delivered=2, seen=1)
    mark_receipt(conversation.uuid, actor=visitor_actor(conversation.visitor), delivered=2, seen=2)

    shown = snapshots.visitor_snapshot(visitor_actor(conversation.visitor)).conversation

    assert shown is not None
    assert (shown.receipts.delivered, shown.receipts.seen, shown.seen_seq) == (2, 1, 2)


@pytest.mark.covers("A6")
def test_the_place_in_line_moves_up_when_somebody_ahead_is_answered_or_leaves() -> None:
    conversations = [make_waiting() for _ in range(4)]

    def places() -> list[int | None]:
        return [
            shown.position
            for c in conversations
            if (shown := snapshots.visitor_snapshot(visitor_actor(c.visitor)).conversation)
        ]

    assert places() == [1, 2, 3, 4]
    accept_offer(pending_offer(conversations[1]).pk, actor=actor_of(make_operator()))
    assert places() == [1, None, 2, 3]
    end_conversation(conversations[0].uuid, actor=SystemActor())
    assert places() == [None, None, 1, 2]
    assert snapshots.queue_prospects() == {conversations[2].uuid: (1, None), conversations[3].uuid: (2, None)}


@pytest.mark.covers("A6")
def test_the_wait_is_measured_anew_though_the_place_stays() -> None:
    def answered(minutes: int) -> None:
        now = timezone.now()
        for _ in range(3):
            made = make_open()
            times = {"created_at": now - timedelta(minutes=minutes), "answered_at": now, "queue_place": 1}
            Conversation.objects.filter(pk=made.pk).update(**times)
        cache.clear()

    conversation = make_waiting()
    assert snapshots.queue_prospects() == {conversation.uuid: (1, None)}
    answered(minutes=2)
    assert snapshots.queue_prospects() == {conversation.uuid: (1, 2)}
    answered(minutes=7)
    answered(minutes=7)
    assert snapshots.queue_prospects() == {conversation.uuid: (1, 7)}


def test_each_department_has_a_line_of_its_own() -> None:
    sales, service = make_department(), make_department()
    order = [sales.pk, service.pk, sales.pk, None]
    conversations = [make_waiting(department_id=department) for department in order]

    assert [snapshots.queue_position(conversation) for conversation in conversations] == [1, 1, 2, 1]
    assert [place for place, _ in snapshots.queue_prospects().values()] == [1, 1, 2, 1]


def test_a_visitor_asks_the_database_as_often_however_much_is_going_on(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    from django.core.cache import cache

    conversation = make_open()
    reader = visitor_actor(conversation.visitor)
    # Both times without what the cache would have, since it is not known whether that is still young the second time.
    cache.clear()
    with django_assert_max_num_queries(20) as few:
        snapshots.visitor_snapshot(reader)
    for number in range(30):
        say(conversation, str(number))
        make_waiting()
        make_operator()

    cache.clear()
    with django_assert_max_num_queries(len(few)):
        snapshots.visitor_snapshot(reader)


# ----------------------------------------------------------------------------------------- site state


def state() -> str:
    from django.core.cache import cache

    cache.clear()
    return snapshots.site_state(the_site().pk)


@pytest.mark.covers("A2")
def test_a_site_is_online_while_an_operator_is_available() -> None:
    assert state() == "offline"

    operator = make_operator()
    assert state() == "online"

    for status in ("away", "offline", "rona"):
        Operator.objects.update(status=status)
        assert state() == "offline", status
    Operator.objects.update(status="available", last_seen=timezone.now() - timedelta(seconds=conf.GRACE_SECONDS + 1))
    assert state() == "offline", "available, but gone"
    presence.renew_leases([operator.pk])
    assert state() == "online"
    Operator.objects.update(is_active=False)
    assert state() == "offline", "switched off"


def test_a_site_whose_operators_are_all_full_is_busy() -> None:
    operator = make_operator(capacity=1)
    conversation = make_open(operator)
    assert state() == "busy"

    make_operator()
    assert state() == "online"

    Operator.objects.exclude(pk=operator.pk).delete()
    end_conversation(conversation.uuid, actor=SystemActor())
    assert state() == "online"


def test_a_site_can_be_held_online_or_offline() -> None:
    make_settings(mode="on")
    assert state() == "online"

    make_operator()
    make_settings(mode="off")
    assert state() == "offline"

    make_settings(mode="on", enabled=False)
    assert state() == "offline"


def test_an_operator_makes_only_the_sites_of_their_departments_online() -> None:
    other = make_site()
    elsewhere = make_department(sites=[other])
    make_operator(departments=[elsewhere])

    assert state() == "offline"
    assert snapshots.site_state(other.pk) == "online"

    make_operator(departments=[make_department(sites=[the_site()], is_active=False)])
    assert state() == "offline", "nobody works in a closed department"
    make_operator(departments=[make_department()])
    assert state() == "online", "a department for all sites"


def test_everybody_on_every_page_costs_the_database_nothing_while_the_state_is_known(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    make_operator()
    site = the_site().pk
    snapshots.site_state(site)

    with django_assert_max_num_queries(0):
        for _ in range(100):
            assert snapshots.site_state(site) == "online"


def test_the_state_that_is_shown_changes_with_what_operators_do() -> None:
    from tests.lines import committing

    operator = make_operator(capacity=1)
    shown = [snapshots.site_state(the_site().pk)]
    conversation = make_waiting()

    with committing():
        accept_offer(pending_offer(conversation).pk, actor=actor_of(operator))
    shown.append(snapshots.site_state(the_site().pk))
    with committing():
        end_conversation(conversation.uuid, actor=actor_of(operator))
    shown.append(snapshots.site_state(the_site().pk))
    with committing():
        presence.set_status("away", actor=actor_of(operator))
    shown.append(snapshots.site_state(the_site().pk))

    assert shown == ["online", "busy", "online", "offline"]


def test_a_state_measured_before_a_change_and_kept_after_it_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.lines import committing

    operator = make_operator()
    measure = snapshots._measure_site_state

    def measure_slowly(site_id: int) -> p.SiteState:
        measured = measure(site_id)
        monkeypatch.setattr(snapshots, "_measure_site_state", measure)
        with committing():
            presence.set_status("away", actor=actor_of(operator))
        return measured

    monkeypatch.setattr(snapshots, "_measure_site_state", measure_slowly)
    site = the_site().pk

    assert snapshots.site_state(site) == "online", "true when it was asked"
    assert snapshots.site_state(site) == "offline"


def test_a_snapshot_says_the_time_and_how_often_to_expect_a_sign_of_life() -> None:
    said = json.loads(p.encode(snapshots.visitor_snapshot(visitor_actor(make_visitor()))))

    assert said["heartbeat"] == conf.HEARTBEAT_SECONDS
    assert said["time"].endswith("Z")
    assert said["version"] == p.VERSION
