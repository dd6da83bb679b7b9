"""What colleagues write to each other, and that nobody else comes near it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    actor_of,
    make_department,
    make_open,
    make_operator,
    make_visitor,
    make_waiting,
    the_site,
    visitor_actor,
)
from wagtail_livechat import handlers, snapshots
from wagtail_livechat import protocol as p
from wagtail_livechat.actions import conversations, messages, team, teamwork
from wagtail_livechat.actions.sweep import sweep
from wagtail_livechat.conf import conf
from wagtail_livechat.exceptions import ClientIdConflict, Closed, Forbidden, LiveChatError, NotFound
from wagtail_livechat.models import Conversation, Entry, Operator, Participation
from wagtail_livechat.permissions import OperatorActor, visible_conversations

pytestmark = pytest.mark.django_db

SECRET = "Between you and me"


@pytest.fixture
def elin() -> Operator:
    return make_operator("Elin")


@pytest.fixture
def oskar() -> Operator:
    return make_operator("Oskar")


@pytest.fixture
def theirs(elin: Operator, oskar: Operator) -> Conversation:
    conversation = team.open_with(oskar.pk, actor=actor_of(elin))
    write(conversation, elin, SECRET)
    return Conversation.everything.get(pk=conversation.pk)


def write(conversation: Conversation, by: Operator, text: str, client_id: uuid.UUID | None = None) -> Entry:
    return messages.post_message(conversation.uuid, actor=actor_of(by), text=text, client_id=client_id or uuid.uuid4())


def shown_to(operator: Operator) -> p.TeamConversation:
    (row,) = snapshots.team(actor_of(operator))
    return row


def texts_of(reader: OperatorActor, conversation: Conversation) -> list[str]:
    return [entry.text for entry in snapshots.timeline_after(reader, conversation.uuid, 0).entries]


# ------------------------------------------------------------------------------------------------ beginning


@pytest.mark.covers("B14")
def test_there_is_one_conversation_of_two_whoever_begins_it(elin: Operator, oskar: Operator) -> None:
    first = team.open_with(oskar.pk, actor=actor_of(elin))
    assert team.open_with(elin.pk, actor=actor_of(oskar)) == first
    assert team.open_with(oskar.pk, actor=actor_of(elin)) == first
    third = make_operator("Sven")
    assert team.open_with(third.pk, actor=actor_of(elin)) != first

    assert set(timeline_members(first)) == {elin.pk, oskar.pk}
    assert Conversation.everything.count() == 2


def timeline_members(conversation: Conversation) -> list[int]:
    return list(Participation.objects.filter(conversation=conversation).values_list("operator", flat=True))


def test_nobody_writes_to_themselves_to_a_stranger_or_to_one_who_is_deactivated(elin: Operator) -> None:
    gone = make_operator("Gone", is_active=False)

    for operator_id in (elin.pk, gone.pk, 987_654_321):
        with pytest.raises(NotFound):
            team.open_with(operator_id, actor=actor_of(elin))

    assert not Conversation.everything.exists()


def test_a_case_without_a_visitor_and_an_internal_one_with_a_number_cannot_be_stored(theirs: Conversation) -> None:
    case = make_waiting()
    for pk, change in (
        (case.pk, {"visitor": None}),
        (case.pk, {"case_number": None}),
        (case.pk, {"state": "internal"}),
        (theirs.pk, {"state": "active"}),
        (theirs.pk, {"visitor": case.visitor}),
        (theirs.pk, {"direct": None}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Conversation.everything.filter(pk=pk).update(**change)


# -------------------------------------------------------------------------------------- writing and reading


@pytest.mark.covers("B14")
def test_both_read_what_both_write_and_each_has_their_own_count(
    theirs: Conversation, elin: Operator, oskar: Operator
) -> None:
    write(theirs, oskar, "What is it?")
    write(theirs, oskar, "I am listening")

    for operator in (elin, oskar):
        assert texts_of(actor_of(operator), theirs) == [SECRET, "What is it?", "I am listening"]
    hers, his = shown_to(elin), shown_to(oskar)
    assert (hers.unread, his.unread) == (2, 1)
    assert (hers.name, his.name) == ("Oskar", "Elin")
    assert [card.id for card in hers.members] == [oskar.pk]
    assert (hers.preview, hers.preview_author, hers.last_seq) == ("I am listening", oskar.pk, 3)
    assert not Entry.objects.filter(conversation=theirs, audience="everyone").exists()


@pytest.mark.covers("B14")
def test_ticks_are_each_colleagues_own(theirs: Conversation, elin: Operator, oskar: Operator) -> None:
    messages.mark_receipt(theirs.uuid, actor=actor_of(oskar), delivered=1, seen=0)
    assert shown_to(elin).receipts == p.Receipts(delivered=1, seen=0)
    assert shown_to(oskar).unread == 1

    messages.mark_receipt(theirs.uuid, actor=actor_of(oskar), delivered=99, seen=99)
    messages.mark_receipt(theirs.uuid, actor=actor_of(oskar), delivered=0, seen=0)

    assert shown_to(elin).receipts == p.Receipts(delivered=1, seen=1)
    assert shown_to(oskar).unread == 0
    assert shown_to(oskar).receipts == p.Receipts()


def test_a_retry_is_the_stored_message_and_another_text_is_a_conflict(theirs: Conversation, elin: Operator) -> None:
    client_id = uuid.uuid4()
    first = write(theirs, elin, "Once", client_id)

    assert write(theirs, elin, "Once", client_id) == first
    with pytest.raises(ClientIdConflict):
        write(theirs, elin, "Twice", client_id)


def test_the_newest_words_come_first(elin: Operator) -> None:
    colleagues = [make_operator(f"Colleague {number}") for number in range(3)]
    rows = [team.open_with(colleague.pk, actor=actor_of(elin)) for colleague in colleagues]
    write(rows[1], elin, "one")
    write(rows[0], elin, "two")

    assert [row.id for row in snapshots.team(actor_of(elin))] == [rows[0].uuid, rows[1].uuid, rows[2].uuid]


def test_it_is_read_in_a_constant_number_of_queries(elin: Operator, django_assert_num_queries: Any) -> None:
    for number in range(6):
        write(team.open_with(make_operator(f"C{number}").pk, actor=actor_of(elin)), elin, "Hello")
    actor = actor_of(elin)

    with django_assert_num_queries(2):
        assert len(snapshots.team(actor)) == 6


# ------------------------------------------------------------------------------------------- nobody else


@pytest.mark.covers("B14")
@pytest.mark.parametrize("role", [MANAGERS, ADMINISTRATORS])
def test_nobody_else_reads_it_whatever_their_role(theirs: Conversation, role: str) -> None:
    for departments in ([], [make_department()]):
        actor = actor_of(make_operator(role=role, departments=departments))
        assert texts_of(actor, theirs) == []
        assert snapshots.timeline_before(actor, theirs.uuid, None).entries == []
        assert snapshots.timelines(actor, {theirs.uuid: 0}) == []
        assert snapshots.team(actor) == []
        session = handlers.OperatorSession(actor)
        for command in commands_about(theirs.uuid):
            with pytest.raises(LiveChatError) as refused:
                handlers.handle_operator(session, command)
            assert refused.value.code == "not_found", command.type
    visitor = visitor_actor(make_visitor())
    with pytest.raises(NotFound):
        messages.post_message(theirs.uuid, actor=visitor, text="Hm", client_id=uuid.uuid4())
    with pytest.raises(NotFound):
        messages.set_typing(theirs.uuid, actor=visitor, active=True)
    assert snapshots.timeline_after(visitor, theirs.uuid, 0).entries == []


def commands_about(conversation: uuid.UUID, *, of_members: bool = False) -> list[p.Command]:
    """Every command that names a conversation; without those that members may use, if wanted."""
    fields: dict[str, Any] = {
        "conversation": conversation,
        "client_id": uuid.uuid4(),
        "text": "Let me in",
        "active": True,
        "operator": 1,
        "by_address": False,
        "query": "wool",
        "tags": ["x"],
        "seen": 1,
        "seqs": [1],
        "kind": "faq",
        "place": "",
        "title": "Let me in",
    }
    commands = []
    for model in p.OPERATOR_COMMANDS:
        name = model.model_fields["type"].default
        if "conversation" not in model.model_fields or name == "conversation.close":
            continue
        if of_members and name in MEMBERS_MAY:
            continue
        known = {**fields, **({"reason": "A refund"} if model is p.RevealMasked else {})}
        commands.append(model(**{key: value for key, value in known.items() if key in model.model_fields}))
    return commands


MEMBERS_MAY = {"conversation.open", "message.post", "timeline.fetch", "receipt.mark", "typing.set"}


@pytest.mark.covers("B14")
def test_what_is_done_to_cases_cannot_be_done_to_it_even_by_its_members(theirs: Conversation) -> None:
    member = make_operator("Member", role=ADMINISTRATORS)
    other = make_operator("Other")
    ours = team.open_with(other.pk, actor=actor_of(member))
    session = handlers.OperatorSession(actor_of(member))

    for command in commands_about(ours.uuid, of_members=True):
        with pytest.raises(NotFound):
            handlers.handle_operator(session, command)

    ours.refresh_from_db()
    assert (ours.state, ours.last_seq, ours.archived_at, ours.tags.count()) == ("internal", 0, None, 0)


@pytest.mark.covers("B14")
def test_it_is_no_case_in_any_list_count_or_record(theirs: Conversation, elin: Operator) -> None:
    boss = make_operator(role=ADMINISTRATORS)
    site = the_site().pk
    assert snapshots.site_state(site) == "online"

    assert not Conversation.objects.exists()
    assert not visible_conversations(actor_of(elin)).exists()
    desk = snapshots.desk_snapshot(actor_of(elin), {})
    assert (desk.conversations, desk.offers, desk.timelines, desk.me.load) == ([], [], [], 0)
    assert [row.id for row in desk.team] == [theirs.uuid]
    assert snapshots.desk_snapshot(actor_of(boss), {theirs.uuid: 0}).timelines == []
    assert snapshots.queue_prospects() == {}
    assert snapshots.pulses([theirs.uuid], []) == []
    client = Client()
    client.force_login(boss.user)
    for query in ("", "?q=Between", "?state__exact=internal"):
        html = client.get(f"/admin/livechat/conversations/{query}").content.decode()
        assert 'class="livechat-case"' not in html
        assert "Between colleagues" not in html
    assert client.get(f"/admin/livechat/conversations/inspect/{theirs.pk}/").status_code in (302, 403, 404)


def test_it_takes_no_room_of_an_operator(elin: Operator, oskar: Operator, theirs: Conversation) -> None:
    Operator.objects.filter(pk=elin.pk).update(capacity=1)

    assert make_open(elin).operator == elin


def test_time_does_not_end_it(theirs: Conversation) -> None:
    Conversation.everything.update(last_message_at=timezone.now() - timedelta(hours=conf.IDLE_HOURS + 1))
    Operator.objects.update(last_seen=timezone.now() - timedelta(hours=1))

    sweep()

    theirs.refresh_from_db()
    assert (theirs.state, theirs.last_seq) == ("internal", 1)


# ------------------------------------------------------------------------------------------ who has left


@pytest.mark.covers("B14", "B17")
def test_to_a_deactivated_colleague_nothing_is_written_and_the_words_remain(
    theirs: Conversation, elin: Operator, oskar: Operator
) -> None:
    oskar.is_active = False
    oskar.save()

    with pytest.raises(Closed, match="not an operator any more"):
        write(theirs, elin, "Are you there?")
    with pytest.raises(NotFound):
        messages.set_typing(theirs.uuid, actor=actor_of(elin), active=True)
    row = shown_to(elin)
    assert (row.closed, row.name, row.preview) == (True, "Oskar", SECRET)
    assert texts_of(actor_of(elin), theirs) == [SECRET]
    assert team.open_with(oskar.pk, actor=actor_of(elin)) == theirs

    oskar.is_active = True
    oskar.save()

    write(theirs, elin, "Welcome back")
    assert not shown_to(elin).closed


def test_it_is_closed_until_both_are_back(theirs: Conversation, elin: Operator, oskar: Operator) -> None:
    for operator in (elin, oskar):
        operator.is_active = False
        operator.save()
    elin.is_active = True
    elin.save()
    assert shown_to(elin).closed

    oskar.is_active = True
    oskar.save()
    assert not shown_to(elin).closed


@pytest.mark.covers("B14", "B17")
def test_a_colleague_who_was_removed_keeps_a_name(theirs: Conversation, elin: Operator, oskar: Operator) -> None:
    write(theirs, oskar, "Farewell")
    oskar.user.delete()

    row = shown_to(elin)
    assert (row.members, row.name, row.closed, row.preview, row.preview_author) == ([], "Oskar", True, "Farewell", None)
    assert [entry.author.name for entry in snapshots.timeline_after(actor_of(elin), theirs.uuid, 0).entries] == [
        "Elin",
        "Oskar",
    ]
    with pytest.raises(Closed):
        write(theirs, elin, "Wait!")


@pytest.mark.parametrize(
    "remove", [lambda one, other: (one.delete(), other.delete()), lambda *both: Operator.objects.all().delete()]
)
def test_without_anybody_left_to_read_it_it_is_gone(
    theirs: Conversation, elin: Operator, oskar: Operator, remove: Callable[..., Any]
) -> None:
    remove(elin, oskar)

    assert not Conversation.everything.exists()
    assert not Entry.objects.exists()


def test_other_actions_do_not_take_it_for_a_case(theirs: Conversation, elin: Operator, oskar: Operator) -> None:
    actor = actor_of(elin)
    for refused in (
        lambda: conversations.end_conversation(theirs.uuid, actor=actor),
        lambda: teamwork.transfer(theirs.uuid, actor=actor, operator_id=oskar.pk),
        lambda: messages.post_note(theirs.uuid, actor=actor, text="Hm", client_id=uuid.uuid4()),
    ):
        with pytest.raises((NotFound, Forbidden)):
            refused()
    theirs.refresh_from_db()
    assert (theirs.state, theirs.last_seq) == ("internal", 1)
