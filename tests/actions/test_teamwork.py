"""Handing over, asking in, ending together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    MANAGERS,
    actor_of,
    events_of,
    make_department,
    make_open,
    make_operator,
    make_settings,
    make_waiting,
    say,
    seqs,
    visitor_actor,
)
from wagtail_livechat import snapshots
from wagtail_livechat.actions import conversations, offers, teamwork
from wagtail_livechat.actions.sweep import sweep
from wagtail_livechat.exceptions import (
    AtCapacity,
    Closed,
    Conflict,
    ConversationEnded,
    Forbidden,
    NotFound,
    ReasonRequired,
)
from wagtail_livechat.models import Conversation, Offer, Operator, Participation, Tag, WrapUpReason

pytestmark = pytest.mark.django_db


def has(conversation: Conversation) -> Operator | None:
    return Conversation.objects.get(pk=conversation.pk).operator


def taking_part(conversation: Conversation) -> set[str]:
    joined = Participation.objects.filter(conversation=conversation, state="joined").select_related("operator__user")
    return {participation.operator.name for participation in joined}


def hand_over(conversation: Conversation, giver: Operator, to: Operator) -> Offer:
    return teamwork.transfer(conversation.uuid, actor=actor_of(giver), operator_id=to.pk)


def invite(conversation: Conversation, host: Operator, guest: Operator) -> Offer:
    return teamwork.invite(conversation.uuid, actor=actor_of(host), operator_id=guest.pk)


# ------------------------------------------------------------------------------------------------- transfer


def test_a_conversation_stays_with_its_operator_until_the_other_says_yes() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)

    offer = hand_over(conversation, elin, oskar)
    assert has(conversation) == elin
    offers.accept_offer(offer.pk, actor=actor_of(oskar))

    assert has(conversation) == oskar
    assert taking_part(conversation) == {"Oskar"}
    assert events_of(conversation) == ["joined", "transferring", "transferred"]
    assert seqs(conversation) == [1, 2, 3, 4]


def test_the_receiver_sees_who_gave_it_and_the_whole_history() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar", departments=[make_department()])
    make_settings(department=make_department())
    conversation = make_open(elin, text="My kettle leaks")

    hand_over(conversation, elin, oskar)

    desk = snapshots.desk_snapshot(actor_of(oskar), {conversation.uuid: 0})
    assert [(offer.kind, offer.from_operator and offer.from_operator.name) for offer in desk.offers] == [
        ("transfer", "Elin")
    ]
    assert desk.timelines[0].entries[0].text == "My kettle leaks"


def test_the_visitor_is_told_of_a_transfer_and_of_one_that_failed() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)

    offer = hand_over(conversation, elin, oskar)
    offers.decline_offer(offer.pk, actor=actor_of(oskar))

    timeline = snapshots.visitor_snapshot(visitor_actor(conversation.visitor)).timeline
    assert timeline is not None
    told = [entry.data for entry in timeline.entries if entry.kind == "system"]
    assert told[1:] == [
        {"event": "transferring", "to": "Oskar"},
        {"event": "transfer_failed", "reason": "declined"},
    ]
    assert has(conversation) == elin


def test_a_transfer_that_is_not_answered_comes_back_and_marks_who_did_not_answer() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)
    offer = hand_over(conversation, elin, oskar)
    Offer.objects.filter(pk=offer.pk).update(deadline=timezone.now() - timedelta(seconds=1))

    assert sweep()["unanswered"] == 1

    oskar.refresh_from_db()
    assert (has(conversation), oskar.status) == (elin, "rona")
    assert events_of(conversation)[-1] == "transfer_failed"


def test_a_transfer_can_be_taken_back() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)
    offer = hand_over(conversation, elin, oskar)

    offers.withdraw_offer(offer.pk, actor=actor_of(elin))

    assert snapshots.desk_snapshot(actor_of(oskar), {}).offers == []
    assert Offer.objects.get(pk=offer.pk).state == "withdrawn"
    with pytest.raises(NotFound):
        offers.withdraw_offer(offer.pk, actor=actor_of(oskar))


def test_a_department_takes_over_and_the_conversation_is_theirs() -> None:
    repairs = make_department("Repairs")
    elin, rut = make_operator("Elin"), make_operator("Rut", departments=[repairs])
    make_settings(department=make_department("Sales"))
    conversation = make_open(elin)

    offer = teamwork.transfer(conversation.uuid, actor=actor_of(elin), department_id=repairs.pk)
    offers.accept_offer(offer.pk, actor=actor_of(rut))

    conversation.refresh_from_db()
    assert (conversation.department, conversation.operator) == (repairs, rut)


def test_one_transfer_at_a_time() -> None:
    elin, oskar, rut = make_operator("Elin"), make_operator("Oskar"), make_operator("Rut")
    conversation = make_open(elin)
    hand_over(conversation, elin, oskar)

    with pytest.raises(Conflict):
        hand_over(conversation, elin, rut)


def test_a_colleague_who_is_not_there_is_not_asked() -> None:
    elin, away = make_operator("Elin"), make_operator("Oskar", is_present=False)
    conversation = make_open(elin)

    with pytest.raises(Conflict, match="Oskar is not there"):
        hand_over(conversation, elin, away)


def test_only_who_has_it_can_hand_it_over() -> None:
    elin, oskar, rut = make_operator("Elin"), make_operator("Oskar"), make_operator("Rut")
    conversation = make_open(elin)

    with pytest.raises(Forbidden):
        hand_over(conversation, oskar, rut)
    with pytest.raises(NotFound):
        hand_over(conversation, elin, elin)


def test_an_ended_conversation_cannot_be_handed_over() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)
    offer = hand_over(conversation, elin, oskar)
    conversations.end_conversation(conversation.uuid, actor=visitor_actor(conversation.visitor))

    with pytest.raises(ConversationEnded):
        offers.accept_offer(offer.pk, actor=actor_of(oskar))
    with pytest.raises(ConversationEnded):
        hand_over(conversation, elin, oskar)


def test_a_full_colleague_cannot_accept_and_loses_nothing() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar", capacity=1)
    make_open(oskar)
    conversation = make_open(elin)
    offer = hand_over(conversation, elin, oskar)

    with pytest.raises(AtCapacity):
        offers.accept_offer(offer.pk, actor=actor_of(oskar))

    assert has(conversation) == elin
    assert seqs(conversation) == list(range(1, len(seqs(conversation)) + 1))


# ----------------------------------------------------------------------------------------------- conference


def test_a_colleague_who_was_asked_in_writes_to_the_visitor_too() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)

    offers.accept_offer(invite(conversation, elin, oskar).pk, actor=actor_of(oskar))
    say(conversation, "I know that kettle", by=oskar)

    assert has(conversation) == elin
    assert taking_part(conversation) == {"Elin", "Oskar"}


def test_the_visitor_sees_who_joined_and_left_but_not_who_was_asked() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)
    offers.accept_offer(invite(conversation, elin, oskar).pk, actor=actor_of(oskar))
    teamwork.end_conference(conversation.uuid, actor=actor_of(elin))

    timeline = snapshots.visitor_snapshot(visitor_actor(conversation.visitor)).timeline
    assert timeline is not None
    told = [(e.data["event"], e.author.name) for e in timeline.entries if e.kind == "system"]
    assert told == [("joined", "Elin"), ("joined", "Oskar"), ("left", "Oskar")]
    assert Conversation.objects.get(pk=conversation.pk).state == "active"
    assert taking_part(conversation) == {"Elin"}


def test_a_guest_goes_by_themselves_and_the_host_cannot_just_go() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)
    offers.accept_offer(invite(conversation, elin, oskar).pk, actor=actor_of(oskar))

    with pytest.raises(Conflict):
        teamwork.leave_conference(conversation.uuid, actor=actor_of(elin))
    teamwork.leave_conference(conversation.uuid, actor=actor_of(oskar))

    assert taking_part(conversation) == {"Elin"}


def test_who_said_no_to_a_conference_may_be_asked_again() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)
    offer = invite(conversation, elin, oskar)
    with pytest.raises(Conflict):
        invite(conversation, elin, oskar)

    offers.decline_offer(offer.pk, actor=actor_of(oskar))

    assert invite(conversation, elin, oskar).state == "pending"


def test_when_the_host_is_gone_the_guest_has_the_conversation() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)
    offers.accept_offer(invite(conversation, elin, oskar).pk, actor=actor_of(oskar))
    Operator.objects.filter(pk=elin.pk).update(last_seen=timezone.now() - timedelta(hours=1))

    sweep()

    assert has(conversation) == oskar
    assert taking_part(conversation) == {"Oskar"}
    assert Conversation.objects.get(pk=conversation.pk).state == "active"


# ------------------------------------------------------------------------------------- wrap-up, archive, tags


def test_a_site_that_wants_a_reason_gets_one() -> None:
    make_settings(wrap_up_required=True)
    reason = WrapUpReason.objects.create(name="Answered")
    elin = make_operator("Elin")
    conversation = make_open(elin)

    with pytest.raises(ReasonRequired):
        conversations.wrap_up(conversation.uuid, actor=actor_of(elin), reason_id=None, required=True)
    conversations.wrap_up(conversation.uuid, actor=actor_of(elin), reason_id=reason.pk, note="Sent a new lid")

    conversation.refresh_from_db()
    assert (conversation.wrap_up_reason, conversation.wrap_up_note) == (reason, "Sent a new lid")
    with pytest.raises(NotFound):
        conversations.wrap_up(conversation.uuid, actor=actor_of(elin), reason_id=987)


def test_a_conversation_is_saved_and_taken_out_again() -> None:
    elin = make_operator("Elin")
    conversation = make_open(elin)

    conversations.archive(conversation.uuid, actor=actor_of(elin))
    assert snapshots.desk_snapshot(actor_of(elin), {}).conversations[0].archived
    conversations.archive(conversation.uuid, actor=actor_of(elin), keep=False)

    assert not snapshots.desk_snapshot(actor_of(elin), {}).conversations[0].archived


def test_tags_are_shared_words_whatever_their_case() -> None:
    elin = make_operator("Elin")
    one, two = make_open(elin), make_open(elin)

    conversations.set_tags(one.uuid, actor=actor_of(elin), names=["Delivery", "urgent", "URGENT", ""])
    conversations.set_tags(two.uuid, actor=actor_of(elin), names=["delivery"])

    assert Tag.objects.count() == 2
    shown = {c.id: c.tags for c in snapshots.desk_snapshot(actor_of(elin), {}).conversations}
    assert (sorted(shown[one.uuid], key=str.lower), shown[two.uuid]) == (["Delivery", "URGENT"], ["Delivery"])


def test_a_conversation_out_of_sight_cannot_be_touched() -> None:
    make_settings(department=make_department())
    stranger = actor_of(make_operator("Rut", departments=[make_department()]))
    conversation = make_waiting()

    for touch in (
        lambda: conversations.archive(conversation.uuid, actor=stranger),
        lambda: conversations.set_tags(conversation.uuid, actor=stranger, names=["x"]),
        lambda: conversations.update_visitor(conversation.uuid, actor=stranger, name="x"),
        lambda: conversations.wrap_up(conversation.uuid, actor=stranger, reason_id=None),
    ):
        with pytest.raises(NotFound):
            touch()


def test_an_operator_corrects_a_visitors_details() -> None:
    elin = make_operator("Elin")
    conversation = make_open(elin)

    conversations.update_visitor(conversation.uuid, actor=actor_of(elin), name="Kim", email="kim@example.com")

    visitor = snapshots.desk_snapshot(actor_of(elin), {}).conversations[0].visitor
    assert (visitor.name, visitor.email) == ("Kim", "kim@example.com")


# ------------------------------------------------------------------------------------- taken away in mid-chat


def test_a_department_that_is_switched_off_stops_the_sending_and_the_conversation_is_handed_over() -> None:
    sales, repairs = make_department("Sales"), make_department("Repairs")
    make_settings(department=sales)
    elin, rut = make_operator("Elin"), make_operator("Rut", departments=[repairs])
    conversation = make_open(elin)

    sales.is_active = False
    sales.save()

    assert snapshots.desk_snapshot(actor_of(elin), {}).conversations[0].blocked == "department"
    with pytest.raises(Closed):
        say(conversation, "Hello?", by=elin)
    with pytest.raises(Closed):
        say(conversation, "Hello?")
    offer = teamwork.transfer(conversation.uuid, actor=actor_of(elin), department_id=repairs.pk)
    offers.accept_offer(offer.pk, actor=actor_of(rut))
    say(conversation, "Here I am", by=rut)


def test_a_removed_department_blocks_and_the_conversation_can_be_ended() -> None:
    sales = make_department("Sales")
    make_settings(department=sales)
    elin = make_operator("Elin", role=MANAGERS)
    conversation = make_open(elin)

    sales.delete()

    assert snapshots.desk_snapshot(actor_of(elin), {}).conversations[0].blocked == "department"
    conversations.end_conversation(conversation.uuid, actor=actor_of(elin))
    assert Conversation.objects.get(pk=conversation.pk).state == "ended"


def test_an_operator_who_is_removed_leaves_their_conversations_in_line() -> None:
    elin = make_operator("Elin")
    conversation = make_open(elin)
    say(conversation, "I was here", by=elin)

    elin.delete()

    conversation.refresh_from_db()
    assert (conversation.state, conversation.operator) == ("queued", None)
    said = conversation.entries.get(body="I was here")
    assert (said.author_name, said.operator) == ("Elin", None)


def test_an_operator_who_is_deactivated_leaves_at_once() -> None:
    elin = make_operator("Elin")
    conversation = make_open(elin)

    elin.is_active = False
    elin.save()

    assert Conversation.objects.get(pk=conversation.pk).state == "queued"
