"""What an operator is shown."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.factories import (
    MANAGERS,
    actor_of,
    make_department,
    make_open,
    make_operator,
    make_visitor,
    make_waiting,
    pending_offer,
    say,
    visitor_actor,
)
from wagtail_livechat import protocol as p
from wagtail_livechat import snapshots
from wagtail_livechat.actions.conversations import end_conversation, put_away, requeue
from wagtail_livechat.actions.messages import mark_receipt, post_note
from wagtail_livechat.actions.offers import accept_offer, decline_offer
from wagtail_livechat.conf import conf
from wagtail_livechat.models import Conversation, Operator, Visitor
from wagtail_livechat.permissions import SystemActor, visible_conversations

pytestmark = pytest.mark.django_db


def desk_of(operator: Operator, cursors: dict[uuid.UUID, int] | None = None) -> p.DeskSnapshot:
    return snapshots.desk_snapshot(actor_of(operator), cursors or {})


def listed(operator: Operator, conversation: Conversation) -> p.DeskConversation:
    return next(row for row in desk_of(operator).conversations if row.id == conversation.uuid)


# -------------------------------------------------------------------------------------- whose is what


def test_the_desk_shows_the_queue_mine_and_others() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    waiting, hers, his = make_waiting(), make_open(elin), make_open(oskar)

    desk = desk_of(elin)

    assert {(row.id, row.mine, row.state) for row in desk.conversations} == {
        (waiting.uuid, False, "queued"),
        (hers.uuid, True, "active"),
        (his.uuid, False, "active"),
    }
    assert [offer.conversation.id for offer in desk.offers] == [waiting.uuid]
    assert [timeline.conversation for timeline in desk.timelines] == [hers.uuid]
    assert desk.me.name == "Elin"
    assert {(operator.name, operator.load) for operator in desk.operators} == {("Elin", 1), ("Oskar", 1)}


def test_the_longest_waiting_comes_first() -> None:
    operator = make_operator()
    conversations = [make_waiting() for _ in range(3)]
    Conversation.objects.filter(pk=conversations[2].pk).update(queued_at=timezone.now() - timedelta(hours=1))

    order = [conversations[2].uuid, conversations[0].uuid, conversations[1].uuid]
    assert [row.id for row in desk_of(operator).conversations] == order


def test_departments_divide_what_operators_see() -> None:
    sales, service = make_department("Sales"), make_department("Service")
    of_sales, of_all = make_operator(departments=[sales]), make_operator()
    manager = make_operator(role=MANAGERS, departments=[sales])
    for_sales = make_waiting(department_id=sales.pk)
    for_service = make_waiting(department_id=service.pk)
    for_anyone = make_waiting()

    def seen_by(operator: Operator) -> set[uuid.UUID]:
        return {row.id for row in desk_of(operator).conversations}

    everything = {for_sales.uuid, for_service.uuid, for_anyone.uuid}
    assert seen_by(of_sales) == everything - {for_service.uuid}
    assert seen_by(of_all) == seen_by(manager) == everything
    reader = actor_of(of_sales)
    assert snapshots.timeline_after(reader, for_service.uuid, 0).entries == []
    assert snapshots.timeline_before(reader, for_service.uuid, None).entries == []
    assert snapshots.timelines(reader, {for_service.uuid: 0}) == []


def test_who_took_part_sees_it_on_when_the_department_changes_and_sees_it_once() -> None:
    sales, service = make_department(), make_department()
    operator = make_operator(departments=[sales, service])
    conversation = make_open(operator, department_id=sales.pk)
    Conversation.objects.update(department=make_department())

    assert [row.uuid for row in visible_conversations(actor_of(operator))] == [conversation.uuid]


def test_who_takes_part_is_told_with_one_query_what_everybody_who_may_read_is_told(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    sales = make_department()
    elin, oskar = make_operator("Elin", departments=[sales]), make_operator("Oskar", departments=[sales])
    conversation = make_open(elin, department_id=sales.pk)
    say(conversation, "It does not fit.")
    mine, others = actor_of(elin), actor_of(oskar)
    whole = snapshots.timeline_after(others, conversation.uuid, 0)

    with django_assert_num_queries(1):
        seen = snapshots.timeline_after(mine, conversation.uuid, 0)

    assert seen == whole and len(seen.entries) == seen.upto > 1
    assert snapshots.timeline_after(mine, conversation.uuid, 1).entries == whole.entries[1:]
    page = snapshots.timeline_after(mine, conversation.uuid, 0, limit=1)
    assert (page.entries, page.upto, page.has_more) == (whole.entries[:1], 1, True)
    Conversation.objects.update(department=make_department())
    assert snapshots.timeline_after(others, conversation.uuid, 0).entries == []
    elin.participations.update(state="left")
    assert snapshots.timeline_after(mine, conversation.uuid, 0).entries == []


def test_ended_ones_stay_with_who_had_them_until_put_away_and_for_a_day_at_most() -> None:
    elin, oskar = make_operator(), make_operator()
    conversation = make_open(elin)
    other = make_open(elin)
    for row in (conversation, other):
        end_conversation(row.uuid, actor=SystemActor())

    assert {row.id for row in desk_of(elin).conversations} == {conversation.uuid, other.uuid}
    assert desk_of(oskar).conversations == []
    put_away(conversation.uuid, actor=actor_of(elin))
    assert {row.id for row in desk_of(elin).conversations} == {other.uuid}
    Conversation.objects.update(ended_at=timezone.now() - timedelta(hours=conf.SHOW_ENDED_HOURS, minutes=1))
    assert desk_of(elin).conversations == []


def test_a_requeued_conversation_is_nobodys_own() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    requeue(conversation.pk, gone=operator)

    row = listed(operator, conversation)

    assert (row.mine, row.state, row.operators) == (False, "queued", [])
    assert row.offer == pending_offer(conversation).pk


# --------------------------------------------------------------------------------------- what is shown


def test_a_row_tells_who_where_and_what() -> None:
    operator = make_operator()
    department = make_department("Sales")
    visitor = make_visitor(email="ada@mail.example", user_agent="Browser", language="sv")
    end_conversation(make_waiting(visitor).uuid, actor=SystemActor())
    conversation = make_waiting(
        visitor,
        "Hello",
        name="Ada",
        department_id=department.pk,
        page_url="https://shop.example/lamps/",
        page_title="Lamps",
        auto_message="Need help?",
    )

    row = listed(operator, conversation)

    assert (row.visitor.name, row.visitor.email, row.visitor.conversations) == ("Ada", "ada@mail.example", 2)
    assert row.visitor.online
    assert row.page == p.PageRef(url="https://shop.example/lamps/", title="Lamps")
    assert row.department is not None
    assert (row.department.name, row.first_text, row.proactive) == ("Sales", "Hello", True)
    assert row.case_number == conversation.case_number


def test_a_visitor_whose_tab_is_closed_for_longer_than_the_grace_is_not_there() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    Visitor.objects.update(last_seen=timezone.now() - timedelta(seconds=conf.GRACE_SECONDS + 1))

    assert not listed(operator, conversation).visitor.online


def test_unread_counts_are_each_operators_own_and_count_the_visitors_messages() -> None:
    operator = make_operator()
    conversation = make_open(operator, text="One")
    say(conversation, "Good morning", operator)
    say(conversation, "Two")
    say(conversation, "Three")
    assert listed(operator, conversation).unread == 3

    mark_receipt(conversation.uuid, actor=actor_of(operator), delivered=5, seen=4)
    assert listed(operator, conversation).unread == 1
    mark_receipt(conversation.uuid, actor=actor_of(operator), delivered=5, seen=5)
    assert listed(operator, conversation).unread == 0
    assert listed(make_operator(), conversation).unread == 0


def test_the_newest_words_are_shown_of_the_queue_and_of_ones_own() -> None:
    elin, oskar = make_operator(), make_operator()
    waiting, hers = make_waiting(text="Hello"), make_open(elin, text="Hello")
    for conversation in (waiting, hers):
        say(conversation, "x" * 500)

    assert [listed(elin, conversation).preview for conversation in (waiting, hers)] == ["x" * 120] * 2
    assert listed(oskar, waiting).preview == "x" * 120
    assert listed(oskar, hers).preview is None


def test_a_note_is_no_preview_and_nothing_unread() -> None:
    operator = make_operator()
    conversation = make_open(operator, text="Hello")
    mark_receipt(conversation.uuid, actor=actor_of(operator), delivered=2, seen=2)

    post_note(conversation.uuid, actor=actor_of(operator), text="Difficult", client_id=uuid.uuid4())

    row = listed(operator, conversation)
    assert (row.preview, row.preview_author, row.unread) == ("Hello", "visitor", 0)
    notes = desk_of(operator).timelines[0].entries
    assert [entry.text for entry in notes if entry.kind == "note"] == ["Difficult"]


def test_who_is_asked_sees_the_offer_and_who_declined_does_not() -> None:
    elin, oskar = make_operator(), make_operator()
    conversation = make_waiting()
    decline_offer(pending_offer(conversation).pk, actor=actor_of(elin))

    assert (listed(elin, conversation).offer, desk_of(elin).offers) == (None, [])
    assert listed(oskar, conversation).offer == pending_offer(conversation).pk
    accept_offer(pending_offer(conversation).pk, actor=actor_of(oskar))
    assert listed(oskar, conversation).offer is None
    assert desk_of(oskar).offers == []


def test_the_outcome_of_an_offer_names_who_took_it() -> None:
    operator = make_operator("Elin")
    taken, left, open_one = make_waiting(), make_waiting(), make_waiting()
    offers = [pending_offer(conversation).pk for conversation in (taken, left, open_one)]
    accept_offer(offers[0], actor=actor_of(operator))
    end_conversation(left.uuid, actor=visitor_actor(left.visitor))

    state, by = snapshots.offer_outcome(offers[0])

    assert state == "accepted"
    assert by is not None
    assert by.name == "Elin"
    assert snapshots.offer_outcome(offers[1]) == ("withdrawn", None)
    assert snapshots.offer_outcome(999_999) == ("withdrawn", None)


def test_a_desk_that_comes_back_gets_what_came_after_its_cursors() -> None:
    operator = make_operator()
    mine, other = make_open(operator, text="One"), make_open(text="Looked at")
    say(mine, "Two")
    closed = make_waiting(department_id=make_department().pk)
    Operator.objects.get(pk=operator.pk).departments.set([make_department()])

    desk = desk_of(operator, {mine.uuid: 2, other.uuid: 1, closed.uuid: 0, uuid.uuid4(): 7})

    read = {t.conversation: (t.after, t.upto, [e.text for e in t.entries]) for t in desk.timelines}
    assert read == {mine.uuid: (2, 3, ["Two"]), other.uuid: (1, 2, [""])}


def test_a_timeline_that_is_longer_than_a_page_begins_with_its_newest_page() -> None:
    operator = make_operator()
    conversation = make_open(operator)
    for number in range(p.PAGE_SIZE + 20):
        say(conversation, str(number))

    (newest,) = desk_of(operator).timelines
    (behind,) = desk_of(operator, {conversation.uuid: 3}).timelines

    head = p.PAGE_SIZE + 22
    assert (newest.after, newest.upto, newest.has_more) == (head - p.PAGE_SIZE, head, False)
    assert (behind.after, behind.upto, behind.has_more) == (3, 3 + p.PAGE_SIZE, True)
    assert [entry.seq for entry in behind.entries] == list(range(4, 4 + p.PAGE_SIZE))


def test_the_desk_asks_the_database_as_often_for_3_conversations_as_for_30(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    departments = [make_department() for _ in range(2)]
    operator = make_operator(capacity=100, departments=departments)

    def more(count: int) -> None:
        for number in range(count):
            conversation = make_open(operator, department_id=departments[number % 2].pk, name=f"Ada {number}")
            say(conversation, "And another thing")
            make_waiting(department_id=departments[number % 2].pk)
            make_open(make_operator(departments=departments))

    more(3)
    cursors = dict.fromkeys(Conversation.objects.values_list("uuid", flat=True), 1)
    actor = actor_of(operator)
    with django_assert_max_num_queries(25) as few:
        snapshots.desk_snapshot(actor, cursors)

    more(27)

    cursors = dict.fromkeys(Conversation.objects.values_list("uuid", flat=True), 1)
    with django_assert_max_num_queries(len(few)) as many:
        desk = snapshots.desk_snapshot(actor, cursors)
    assert len(desk.conversations) == 90
    assert len(desk.timelines) == 90
    assert len(many) == len(few)


def test_what_an_operator_is_sent_is_of_the_protocols_shape() -> None:
    operator = make_operator()
    conversation = make_open(operator, page_url="https://shop.example/")
    make_waiting()
    post_note(conversation.uuid, actor=actor_of(operator), text="Hm", client_id=uuid.uuid4())

    p.DeskSnapshot.model_validate_json(p.encode(desk_of(operator)))


def test_the_presence_client_gets_no_timelines() -> None:
    operator = make_operator()
    make_open(operator)

    assert snapshots.desk_snapshot(actor_of(operator), {}, with_timelines=False).timelines == []
