"""What an open desk is told, with which row, and when its hints are lost."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import (
    actor_of,
    events_of,
    make_department,
    make_open,
    make_operator,
    make_visitor,
    make_waiting,
    pending_offer,
)
from tests.lines import OperatorLine, committing
from wagtail_livechat import protocol as p
from wagtail_livechat.actions import conversations, messages, team
from wagtail_livechat.actions.offers import decline_offer
from wagtail_livechat.broadcast import Hint
from wagtail_livechat.conf import conf
from wagtail_livechat.models import Department, Operator

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
HELLO = {"type": "operator.hello", "version": p.VERSION}


def desk_of(operator: Operator) -> OperatorLine:
    line = OperatorLine(operator)
    assert line.command(HELLO)[0]["type"] == "desk.snapshot"
    line.take_announced()
    return line


def kinds(events: list[Json]) -> list[str]:
    return [event["type"] for event in events]


def only(kind: str, hints: list[Hint]) -> list[Hint]:
    return [hint for hint in hints if hint.kind == kind]


# ------------------------------------------------------------------------------------- offers and their rows


@pytest.mark.covers("B3")
def test_an_offer_never_comes_without_the_row_that_it_is_about() -> None:
    desk = desk_of(make_operator())
    with committing() as hints:
        conversation = make_waiting()

    told = desk.hear(only("offer", hints))

    assert kinds(told) == ["desk.conversation.changed", "offer.made"]
    assert told[0]["conversation"] == told[1]["offer"]["conversation"]
    assert told[0]["conversation"]["offer"] == pending_offer(conversation).pk


@pytest.mark.covers("B3")
def test_an_offer_that_is_closed_is_closed_in_the_row_too() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    offer = pending_offer(make_waiting())
    desk = desk_of(elin)
    with committing() as hints:
        decline_offer(offer.pk, actor=actor_of(elin))
        decline_offer(offer.pk, actor=actor_of(oskar))

    told = desk.hear(only("offer", hints))

    assert kinds(told) == ["desk.conversation.changed", "offer.closed"]
    assert "offer" not in told[0]["conversation"]


# --------------------------------------------------------------------------------------- departments, colleagues


@pytest.mark.covers("B7")
@pytest.mark.parametrize("change", [{"name": "Returns"}, {"is_active": False}, {"sort_order": -1}])
def test_another_list_of_departments_is_told_even_if_no_signal_was_sent(change: Json) -> None:
    first, second = make_department("Sales", sort_order=0), make_department("Repairs", sort_order=1)
    desk = desk_of(make_operator())

    Department.objects.filter(pk=second.pk).update(**change)

    (told,) = (event for event in desk.heartbeat() if event["type"] == "departments.changed")
    expected = Department.objects.filter(is_active=True).values_list("pk", "name")
    assert [(department["id"], department["name"]) for department in told["departments"]] == list(expected)
    assert first.pk in dict(expected)
    assert "departments.changed" not in kinds(desk.heartbeat())


@pytest.mark.covers("B7")
def test_what_a_form_saves_is_told_at_once_departments_included() -> None:
    sales = make_department("Sales")
    oskar = make_operator("Oskar")
    desk = desk_of(make_operator("Elin"))

    with committing() as hints:
        oskar.departments.set([sales])

    assert [event["operator"]["departments"] for event in desk.hear(hints) if event["type"] == "presence.changed"] == [
        [sales.pk]
    ]
    with committing() as hints:
        sales.name = "Selling"
        sales.save()
    assert {"type": "departments.changed", "departments": [{"id": sales.pk, "name": "Selling"}]} in desk.hear(hints)
    with committing() as hints:
        sales.delete()
    told = desk.hear(hints)
    assert {"type": "departments.changed", "departments": []} in told
    assert [event["operator"]["departments"] for event in told if event["type"] == "presence.changed"] == [[]]


@pytest.mark.covers("B7")
def test_a_colleague_who_was_removed_leaves_the_list_even_if_no_signal_was_sent() -> None:
    oskar = make_operator("Oskar")
    desk = desk_of(make_operator("Elin"))

    Operator.objects.filter(pk=oskar.pk).update(is_active=False)

    assert {"type": "operator.removed", "operator": oskar.pk} in desk.heartbeat()
    assert "operator.removed" not in kinds(desk.heartbeat())


def test_who_is_deactivated_while_their_desk_connects_is_refused_and_nothing_breaks() -> None:
    operator = make_operator("Elin")
    line = OperatorLine(operator)
    actor = actor_of(operator)
    Operator.objects.filter(pk=operator.pk).update(is_active=False)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.lines.actor_of", lambda operator: actor)
        (answer,) = line.command(HELLO)

    assert (answer["type"], answer["code"]) == ("error", "forbidden")


# -------------------------------------------------------------------------------------------- visitors' details


@pytest.mark.covers("B12")
def test_a_corrected_name_is_told_in_every_row_of_the_visitor() -> None:
    elin = make_operator("Elin")
    visitor = make_visitor(name="Ada")
    earlier = make_open(elin, visitor)
    conversations.end_conversation(earlier.uuid, actor=actor_of(elin))
    current = make_open(elin, visitor)
    desk = desk_of(elin)

    with committing() as hints:
        conversations.update_visitor(current.uuid, actor=actor_of(elin), name="Ada Lovelace")

    told = [event["conversation"] for event in desk.hear(hints) if event["type"] == "desk.conversation.changed"]
    assert {row["id"]: row["visitor"]["name"] for row in told} == {
        str(earlier.uuid): "Ada Lovelace",
        str(current.uuid): "Ada Lovelace",
    }


# ------------------------------------------------------------------------------------------- gone and back


@pytest.mark.covers("B2")
def test_who_comes_back_while_the_sweep_looks_keeps_the_conversation() -> None:
    elin = make_operator("Elin")
    conversation = make_open(elin)
    limit = timezone.now() - timedelta(seconds=conf.GRACE_SECONDS)

    # The sweep found them gone; by the time it has the conversation's lock they are back.
    assert not conversations.requeue(conversation.pk, gone=elin, unless_seen_since=limit)

    conversation.refresh_from_db()
    assert (conversation.state, conversation.operator_id, events_of(conversation)) == ("active", elin.pk, ["joined"])
    Operator.objects.update(last_seen=limit)
    assert conversations.requeue(conversation.pk, gone=elin, unless_seen_since=limit)
    assert events_of(conversation) == ["joined", "requeued"]


# ----------------------------------------------------------------------------------------- between colleagues


@pytest.mark.covers("B14")
def test_a_colleagues_words_reach_their_reader_and_no_other_desk() -> None:
    elin, oskar, sven = make_operator("Elin"), make_operator("Oskar"), make_operator("Sven")
    hers, his, other = desk_of(elin), desk_of(oskar), desk_of(sven)
    opened = hers.command({"type": "team.open", "operator": oskar.pk, "ref": "t"})
    assert [(event["type"], event["ref"]) for event in opened] == [("team.changed", "t"), ("timeline.page", "t")]
    conversation = opened[0]["conversation"]["id"]
    his.hear(hers.take_announced())

    hers.command({"type": "typing.set", "conversation": conversation, "active": True})
    typing = hers.take_announced()
    assert [(e["type"], e["id"], e["name"]) for e in his.hear(typing)] == [("typing.changed", elin.pk, "Elin")]
    assert other.hear(typing) == hers.hear(typing) == []
    hers.command(
        {"type": "message.post", "conversation": conversation, "client_id": str(uuid.uuid4()), "text": "Lunch?"}
    )
    hints = hers.take_announced()
    (told,) = his.hear(hints)
    assert (told["type"], told["conversation"]["unread"], told["conversation"]["preview"]) == (
        "team.changed",
        1,
        "Lunch?",
    )
    assert other.hear(hints) == []

    (opened_by_id,) = his.command({"type": "conversation.open", "conversation": conversation})
    assert [entry["text"] for entry in opened_by_id["timeline"]["entries"]] == ["Lunch?"]
    his.command({"type": "receipt.mark", "conversation": conversation, "delivered": 1, "seen": 1})
    hints = his.take_announced()
    assert [event["conversation"]["unread"] for event in his.hear(hints)] == [0]
    assert [event["conversation"]["receipts"] for event in hers.hear(hints)] == [{"delivered": 1, "seen": 1}]
    assert other.hear(hints) == []
    assert conversation not in repr(other.heartbeat())


@pytest.mark.covers("B14")
def test_counts_are_right_after_hints_were_lost_and_after_coming_back() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    his = desk_of(oskar)
    conversation = team.open_with(oskar.pk, actor=actor_of(elin))
    for text in ("Lunch?", "Hello?"):
        messages.post_message(conversation.uuid, actor=actor_of(elin), text=text, client_id=uuid.uuid4())

    (told,) = (event for event in his.heartbeat() if event["type"] == "team.changed")
    assert told["conversation"]["unread"] == 2
    assert "team.changed" not in kinds(his.heartbeat())
    cursors = [{"conversation": str(conversation.uuid), "after": 1}]
    (snapshot,) = OperatorLine(oskar).command({**HELLO, "cursors": cursors})

    assert [row["unread"] for row in snapshot["team"]] == [2]
    assert [entry["text"] for entry in snapshot["timelines"][0]["entries"]] == ["Hello?"]
    assert snapshot["typing"] == []
    messages.set_typing(conversation.uuid, actor=actor_of(elin), active=True)
    assert OperatorLine(oskar).command(HELLO)[0]["typing"] == [str(conversation.uuid)]
    assert OperatorLine(elin).command(HELLO)[0]["typing"] == []


@pytest.mark.covers("B14")
def test_an_open_one_goes_on_by_itself_until_it_is_closed() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    his = desk_of(oskar)
    his.command({"type": "team.open", "operator": elin.pk})
    conversation = team.open_with(oskar.pk, actor=actor_of(elin))

    def write(text: str) -> list[Hint]:
        with committing() as hints:
            messages.post_message(conversation.uuid, actor=actor_of(elin), text=text, client_id=uuid.uuid4())
        return hints

    assert kinds(his.hear(write("one"))) == ["message.posted", "team.changed"]
    write("lost on its way")
    heads = next(event["heads"] for event in his.heartbeat() if event["type"] == "heartbeat")
    assert heads[str(conversation.uuid)] == 2
    (page,) = his.command({"type": "timeline.fetch", "conversation": str(conversation.uuid), "after": 1})
    assert [entry["text"] for entry in page["timeline"]["entries"]] == ["lost on its way"]
    his.command({"type": "conversation.close", "conversation": str(conversation.uuid)})
    assert kinds(his.hear(write("three"))) == ["team.changed"]
