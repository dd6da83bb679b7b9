"""Operators who answer for some sites only: what they see, get and are asked."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
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
    signed_in,
    the_site,
    visitor_actor,
)
from wagtail_livechat import snapshots
from wagtail_livechat.actions import handout, offers, teamwork
from wagtail_livechat.actions.conversations import start_conversation
from wagtail_livechat.exceptions import Conflict, NotFound
from wagtail_livechat.models import Offer, OutgoingMail
from wagtail_livechat.permissions import visible_conversations

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D3")]


def waits_on(site: Any, **options: Any) -> Any:
    return make_waiting(make_visitor(site), **options)


@pytest.mark.parametrize("role", [MANAGERS, ADMINISTRATORS, "Live chat operators"])
def test_conversations_of_other_sites_are_not_seen_whatever_the_role(role: str) -> None:
    outlet = make_site()
    here, there = waits_on(the_site()), waits_on(outlet)
    limited, free = make_operator(role=role), make_operator(role=role)
    limited.sites.set([outlet])

    assert set(visible_conversations(actor_of(free))) == {here, there}
    assert list(visible_conversations(actor_of(limited))) == [there]
    desk = snapshots.desk_snapshot(actor_of(limited), {})
    assert [conversation.id for conversation in desk.conversations] == [there.uuid]
    assert not snapshots.timeline_after(actor_of(limited), here.uuid, 0).entries
    assert snapshots.timeline_after(actor_of(limited), there.uuid, 0).entries
    with pytest.raises(NotFound):
        offers.accept_offer(pending_offer(here).pk, actor=actor_of(limited))
    offers.accept_offer(pending_offer(there).pk, actor=actor_of(limited))


def test_a_department_does_not_widen_what_the_sites_narrow() -> None:
    outlet, sales = make_site(), make_department("Sales")
    limited = make_operator(departments=[sales])
    limited.sites.set([outlet])
    here = waits_on(the_site())
    here.department = sales
    here.save()

    assert list(visible_conversations(actor_of(limited))) == []


def test_whoever_takes_part_goes_on_when_the_sites_change() -> None:
    operator = make_operator()
    conversation = make_open(operator)

    operator.sites.set([make_site()])

    assert list(visible_conversations(actor_of(operator))) == [conversation]
    say(conversation, "Still here", by=operator)


def test_one_at_a_time_goes_to_whoever_answers_for_the_site() -> None:
    outlet = make_site()
    department = make_department(handout="one")
    make_settings(outlet, department=department)
    elsewhere = make_operator(idle_since=timezone.now() - timedelta(hours=1))
    elsewhere.sites.set([the_site()])
    right = make_operator()
    right.sites.set([outlet])

    conversation = waits_on(outlet)

    assert pending_offer(conversation).operator_id == right.pk


def test_a_site_without_room_does_not_hold_up_another() -> None:
    outlet = make_site()
    department = make_department(handout="one")
    make_settings(outlet, department=department)
    make_settings(department=department)
    waits_on(outlet)
    conversation = waits_on(the_site())
    assert not Offer.objects.exists()
    here = make_operator()
    here.sites.set([the_site()])

    handout.assign_waiting()

    assert pending_offer(conversation).operator_id == here.pk
    assert Offer.objects.count() == 1


def test_a_site_is_online_for_those_who_answer_for_it() -> None:
    outlet = make_site()
    for site in (outlet, the_site()):
        make_settings(site, mode="auto")
    make_operator().sites.set([outlet])

    snapshots.forget_site_states()
    assert (snapshots.site_state(outlet.pk), snapshots.site_state(the_site().pk)) == ("online", "offline")


def test_nothing_is_handed_over_to_whoever_does_not_answer_for_the_site() -> None:
    operator, limited = make_operator("Elin"), make_operator("Bo")
    conversation = make_open(operator)
    limited.sites.set([make_site()])

    for ask in (teamwork.transfer, teamwork.invite):
        with pytest.raises(Conflict, match="Bo does not answer for this site"):
            ask(conversation.uuid, actor=actor_of(operator), operator_id=limited.pk)


def test_letters_about_a_case_go_to_those_who_answer_for_its_site() -> None:
    outlet = make_site()
    right, elsewhere = make_operator(), make_operator()
    right.sites.set([outlet])
    elsewhere.sites.set([the_site()])
    visitor = make_visitor(outlet)

    start_conversation(
        actor=visitor_actor(visitor), text="Hi", client_id=uuid.uuid4(), as_case=True, name="A", email="a@mail.example"
    )

    letters = OutgoingMail.objects.filter(kind="case").values_list("recipient", flat=True)
    assert list(letters) == [right.user.email]


def test_the_record_shows_what_the_desk_may() -> None:
    outlet = make_site()
    limited = make_operator(role=MANAGERS)
    limited.sites.set([outlet])
    here, there = waits_on(the_site()), waits_on(outlet)
    client = signed_in(limited.user)

    shown = client.get("/admin/livechat/conversations/").content.decode()

    assert there.case_number in shown
    assert here.case_number not in shown
    assert client.get(f"/admin/livechat/record/{here.case_number}/").status_code == 404


def test_statistics_count_the_sites_of_whoever_looks() -> None:
    from wagtail_livechat.figures import scope_of

    outlet = make_site()
    limited = make_operator(role=MANAGERS)
    limited.sites.set([outlet])

    scope = scope_of(actor_of(limited), [the_site().pk, outlet.pk], department=None, operator=0)

    assert scope.site_ids == (outlet.pk,)
