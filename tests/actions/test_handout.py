"""One at a time: who is asked, who did not answer, who is asked then."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    actor_of,
    make_department,
    make_open,
    make_operator,
    make_settings,
    make_visitor,
    make_waiting,
    pending_offer,
    visitor_actor,
)
from wagtail_livechat import snapshots
from wagtail_livechat.actions import offers, presence
from wagtail_livechat.actions.conversations import end_conversation
from wagtail_livechat.actions.handout import assign_waiting
from wagtail_livechat.actions.sweep import sweep
from wagtail_livechat.models import Conversation, Department, Offer, Operator

pytestmark = pytest.mark.django_db(transaction=True)


def one_at_a_time() -> Department:
    department = make_department(handout=Department.Handout.ONE)
    make_settings(department=department, offer_seconds=20)
    return department


def asked(conversation: Conversation) -> list[Operator | None]:
    return [offer.operator for offer in Offer.objects.filter(conversation=conversation).order_by("pk")]


def too_late(seconds: float = 21) -> None:
    """The time to answer passes."""
    Offer.objects.filter(state="pending").update(deadline=timezone.now() - timedelta(seconds=1))
    sweep()


def status_of(operator: Operator) -> str:
    operator.refresh_from_db()
    return operator.status


@pytest.mark.covers("B2")
def test_only_the_one_who_is_asked_sees_the_offer() -> None:
    one_at_a_time()
    elin, oskar = make_operator("Elin", idle_since=timezone.now() - timedelta(hours=1)), make_operator("Oskar")

    conversation = make_waiting()

    assert asked(conversation) == [elin]
    assert [offer.id for offer in snapshots.desk_snapshot(actor_of(elin), {}).offers] == [
        pending_offer(conversation).pk
    ]
    assert snapshots.desk_snapshot(actor_of(oskar), {}).offers == []


@pytest.mark.covers("B2")
def test_who_does_not_answer_is_marked_and_the_next_is_asked() -> None:
    one_at_a_time()
    elin, oskar = make_operator("Elin", idle_since=timezone.now() - timedelta(hours=1)), make_operator("Oskar")
    conversation = make_waiting()

    too_late()

    assert asked(conversation) == [elin, oskar]
    assert (status_of(elin), status_of(oskar)) == ("rona", "available")


def test_with_nobody_left_it_stays_in_line_and_the_place_is_true() -> None:
    one_at_a_time()
    elin = make_operator("Elin")
    conversation = make_waiting()

    too_late()

    assert asked(conversation) == [elin]
    assert not Offer.objects.filter(state="pending").exists()
    shown = snapshots.visitor_snapshot(visitor_actor(conversation.visitor)).conversation
    assert shown is not None
    assert (shown.state, shown.position) == ("queued", 1)


def test_who_goes_back_to_available_by_hand_is_asked_again() -> None:
    one_at_a_time()
    elin = make_operator("Elin")
    conversation = make_waiting()
    too_late()

    presence.set_status("available", actor=actor_of(elin))

    assert asked(conversation) == [elin, elin]
    assert status_of(elin) == "available"


def test_a_no_goes_on_to_the_next_without_a_mark() -> None:
    one_at_a_time()
    elin, oskar = make_operator("Elin", idle_since=timezone.now() - timedelta(hours=1)), make_operator("Oskar")
    conversation = make_waiting()

    offers.decline_offer(pending_offer(conversation).pk, actor=actor_of(elin))

    assert asked(conversation) == [elin, oskar]
    assert status_of(elin) == "available"


def test_a_full_operator_is_not_asked_until_they_have_room() -> None:
    one_at_a_time()
    elin = make_operator("Elin", capacity=1)
    first = make_open(elin)
    second = make_waiting()
    assert asked(second) == []

    end_conversation(first.uuid, actor=actor_of(elin))

    assert asked(second) == [elin]


def test_an_offer_that_waits_counts_as_load() -> None:
    one_at_a_time()
    make_operator("Elin", capacity=1)
    make_waiting()

    second = make_waiting()

    assert asked(second) == []
    assert assign_waiting() == 0


def test_who_speaks_the_visitors_language_is_asked_first() -> None:
    one_at_a_time()
    make_operator("Elin", languages="en", idle_since=timezone.now() - timedelta(hours=1))
    oskar = make_operator("Oskar", languages="en sv")

    conversation = make_waiting(language="sv")

    assert asked(conversation) == [oskar]


def test_an_operator_of_another_department_is_not_asked() -> None:
    one_at_a_time()
    make_operator("Elin", departments=[make_department()])

    assert asked(make_waiting()) == []


def test_sweeping_twice_asks_once() -> None:
    one_at_a_time()
    make_operator("Elin", idle_since=timezone.now() - timedelta(hours=1))
    make_operator("Oskar")
    conversation = make_waiting()
    too_late()

    sweep()
    sweep()

    assert Offer.objects.filter(conversation=conversation).count() == 2


@pytest.mark.covers("A6")
def test_a_visitor_in_line_reads_how_long_others_waited() -> None:
    department = make_department()
    make_settings(department=department)
    now = timezone.now()
    for minutes in (2, 4, 6):
        conversation = make_open(make_operator(), make_visitor())
        Conversation.objects.filter(pk=conversation.pk).update(
            created_at=now - timedelta(minutes=minutes), answered_at=now, queue_place=1
        )

    waiting = make_waiting()

    shown = snapshots.visitor_snapshot(visitor_actor(waiting.visitor)).conversation
    assert shown is not None
    assert (shown.position, shown.estimate) == (1, 240)


def test_without_measured_waits_there_is_no_estimate() -> None:
    shown = snapshots.visitor_snapshot(visitor_actor(make_waiting().visitor)).conversation

    assert shown is not None
    assert shown.estimate is None


@pytest.mark.covers("B2")
def test_what_waited_for_its_turn_is_everybodys_once_the_department_says_so() -> None:
    department = one_at_a_time()
    conversation = make_waiting()
    assert asked(conversation) == [], "nobody has room"

    department.handout = Department.Handout.OPEN
    department.save()

    assert pending_offer(conversation).department == department
    assert asked(conversation) == [None]
