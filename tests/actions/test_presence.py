"""Operators and visitors come and go; the sweep does what time brings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.utils import timezone

from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    OPERATORS,
    actor_of,
    events_of,
    make_open,
    make_operator,
    make_user,
    make_visitor,
    make_waiting,
    pending_offer,
    the_site,
    visitor_actor,
)
from tests.lines import committing
from wagtail_livechat import snapshots
from wagtail_livechat.actions import presence, visitors
from wagtail_livechat.actions.sweep import sweep, sweep_now_and_then
from wagtail_livechat.conf import conf
from wagtail_livechat.exceptions import Closed, Forbidden, NotFound, Unauthorised
from wagtail_livechat.models import Operator, Participation, Visitor
from wagtail_livechat.permissions import ROLES, may, operator_actor

pytestmark = pytest.mark.django_db


def away_for(person: Operator | Visitor, seconds: float) -> None:
    """As if this person's last sign of life was so long ago."""
    type(person).objects.filter(pk=person.pk).update(last_seen=timezone.now() - timedelta(seconds=seconds))


def kinds(hints: list[Any]) -> set[str]:
    return {hint.kind for hint in hints}


# ------------------------------------------------------------------------------------------ operators


def test_whoever_has_the_role_is_an_operator_from_the_first_visit_on() -> None:
    user = make_user(groups=[OPERATORS], first_name="Elin", last_name="Berg")

    first, again = presence.ensure_operator(user), presence.ensure_operator(user)

    assert first == again
    assert first.name == "Elin Berg"
    assert Operator.objects.count() == 1


def test_an_editor_without_chat_rights_is_no_operator() -> None:
    editor = make_user(groups=["Editors"])

    with pytest.raises(Forbidden):
        presence.ensure_operator(editor)

    assert not Operator.objects.exists()


@pytest.mark.parametrize("how", ["role withdrawn", "user deactivated", "operator switched off", "operator removed"])
def test_who_lost_the_right_is_an_operator_no_more(how: str) -> None:
    operator = make_operator()
    user = operator.user
    if how == "role withdrawn":
        user.groups.clear()
    elif how == "user deactivated":
        user.is_active = False
        user.save()
    elif how == "operator switched off":
        Operator.objects.update(is_active=False)
    else:
        operator.delete()

    with pytest.raises(Forbidden):
        operator_actor(type(user).objects.get(pk=user.pk))


def test_the_roles_that_the_migration_makes_are_those_of_the_matrix() -> None:
    for role, codenames in ROLES.items():
        granted = Group.objects.get(name=role).permissions
        ours = granted.filter(content_type__app_label="wagtail_livechat").values_list("codename", flat=True)
        assert set(ours) == set(codenames), role


def test_each_role_may_what_the_matrix_says() -> None:
    for role, what in {
        OPERATORS: {"handle", "see_history", "ban", "draft"},
        MANAGERS: {
            "handle",
            "see_history",
            "draft",
            "ban",
            "see_all_departments",
            "see_logs",
            "see_statistics",
            "unban",
            "export_conversations",
            "manage_settings",
            "reveal_masked",
        },
        ADMINISTRATORS: {
            "handle",
            "see_history",
            "draft",
            "ban",
            "see_all_departments",
            "see_logs",
            "see_statistics",
            "unban",
            "export_conversations",
            "manage_settings",
            "manage_privacy",
            "reveal_masked",
            "erase_visitors",
            "manage_operators",
            "invite_operators",
            "administer_settings",
            "install",
            "manage_departments",
        },
    }.items():
        user = make_user(groups=[role])
        from wagtail_livechat.permissions import PERMISSIONS

        assert {name for name in PERMISSIONS if may(user, name)} == what, role


@pytest.mark.parametrize("status", ["available", "away", "offline"])
def test_colleagues_see_the_status_that_was_chosen(status: str) -> None:
    operator = make_operator(status="offline", is_present=False)

    with committing() as hints:
        presence.set_status(status, actor=actor_of(operator))

    (shown,) = snapshots.operators_presence([operator.pk])
    assert shown.status == status
    assert kinds(hints) == {"presence", "site"}


def test_who_is_not_connected_is_offline_whatever_they_chose() -> None:
    operator = make_operator(status="available")

    away_for(operator, conf.GRACE_SECONDS + 1)

    (shown,) = snapshots.operators_presence([operator.pk])
    assert shown.status == "offline"


def test_a_short_loss_of_the_line_is_no_absence() -> None:
    """The admin is many pages, each of which drops the socket."""
    operator = make_operator()
    conversation = make_open(operator)
    away_for(operator, conf.GRACE_SECONDS - 5)

    done = sweep()

    assert not any(done.values())
    conversation.refresh_from_db()
    assert conversation.state == "active"


def test_one_of_two_tabs_keeps_an_operator_present() -> None:
    operator = make_operator()
    away_for(operator, conf.GRACE_SECONDS + 60)

    with committing() as hints:
        presence.renew_leases([operator.pk])  # the other tab's heartbeat

    assert sweep()["gone"] == 0
    assert hints == [], "colleagues were never told otherwise"


def test_colleagues_are_told_once_that_somebody_is_gone_and_once_that_they_are_back() -> None:
    operator = make_operator()
    away_for(operator, conf.GRACE_SECONDS + 1)

    with committing() as gone:
        first, second = sweep(), sweep()
    with committing() as back:
        presence.renew_leases([operator.pk])
        presence.renew_leases([operator.pk])

    assert (first["gone"], second["gone"]) == (1, 0)
    assert [hint.kind for hint in gone].count("presence") == 1
    assert [hint.kind for hint in back].count("presence") == 1


def test_conversations_of_an_operator_who_is_gone_wait_again_exactly_once() -> None:
    operator = make_operator()
    conversations = [make_open(operator) for _ in range(3)]
    away_for(operator, conf.GRACE_SECONDS + 1)

    assert [sweep()["requeued"] for _ in range(3)] == [3, 0, 0]

    for conversation in conversations:
        conversation.refresh_from_db()
        assert conversation.state == "queued"
        assert events_of(conversation) == ["joined", "requeued"]
        assert pending_offer(conversation)
    assert not Participation.objects.filter(state="joined").exists()


def test_who_never_was_connected_counts_as_gone() -> None:
    operator = make_operator(is_present=False)
    make_open(operator)

    assert sweep()["requeued"] == 1


# ------------------------------------------------------------------------------------------- visitors


def test_a_visitors_token_opens_their_own_session_and_is_stored_nowhere() -> None:
    visitor, token = visitors.open_session(the_site().pk, language="sv", user_agent="Browser", ip_address="203.0.113.9")

    assert visitors.authenticate(token) == visitor_actor(visitor)
    assert len(token) >= 43, "256 bits"
    row = Visitor.objects.values().get()
    assert token not in str(row)


@pytest.mark.parametrize("token", [None, "", "x" * 43, "\ud800", "\x00", "å" * 128])
def test_a_token_that_was_never_given_opens_nothing(token: str | None) -> None:
    make_visitor()

    with pytest.raises(Unauthorised):
        visitors.authenticate(token)


def test_a_token_that_was_withdrawn_opens_nothing() -> None:
    visitor = make_visitor(revoked_at=timezone.now())
    other = make_visitor()

    with pytest.raises(Unauthorised):
        visitors.authenticate(visitor.token)
    assert visitors.still_known([visitor.pk, other.pk]) == {other.pk}


def test_no_session_on_a_site_that_is_not_there_or_switched_off() -> None:
    from tests.factories import make_settings

    with pytest.raises(NotFound):
        visitors.open_session(999_999)
    make_settings(enabled=False)
    with pytest.raises(Closed):
        visitors.open_session(the_site().pk)


def test_overlong_headers_of_a_browser_are_cut_to_what_fits() -> None:
    visitor, _ = visitors.open_session(the_site().pk, language="x" * 500, user_agent="y" * 5000)

    assert (len(visitor.language), len(visitor.user_agent)) == (35, 512)
    visitors.note_page(visitor_actor(visitor), url="https://shop.example/" + "z" * 5000, title="t" * 5000)
    visitor.refresh_from_db()
    assert (len(visitor.page_url), len(visitor.page_title)) == (2000, 255)


def test_operators_are_told_once_that_a_visitor_left_and_once_that_they_are_back() -> None:
    visitor = make_visitor()
    conversation = make_waiting(visitor)
    with committing() as came:
        visitors.renew_leases([visitor.pk])
        visitors.renew_leases([visitor.pk])
    away_for(visitor, conf.GRACE_SECONDS + 1)

    with committing() as left:
        counts = [sweep()["left"], sweep()["left"]]

    assert counts == [1, 0]
    about = [hint for hint in left if hint.data.get("conversation") == conversation.uuid.hex]
    assert {hint.group for hint in about} == {"livechat.desk", f"livechat.v.{visitor.pk}"}
    assert [hint.kind for hint in came].count("conversation") == 2, "one for the desk, one for who follows"


# ---------------------------------------------------------------------------------------------- sweep


def test_a_conversation_in_which_nothing_was_said_for_a_day_is_ended_by_the_system() -> None:
    idle, fresh = make_waiting(), make_waiting()
    type(idle).objects.filter(pk=idle.pk).update(
        last_message_at=timezone.now() - timedelta(hours=conf.IDLE_HOURS, minutes=1)
    )

    assert [sweep()["ended"], sweep()["ended"]] == [1, 0]

    idle.refresh_from_db()
    fresh.refresh_from_db()
    assert (idle.state, idle.ended_by, fresh.state) == ("ended", "system", "queued")
    last = idle.entries.last()
    assert last.data == {"event": "ended", "by": "system", "reason": "idle"}


def test_the_sweep_looks_with_the_clock_that_it_is_given() -> None:
    conversation = make_open()

    assert sweep(timezone.now() + timedelta(seconds=conf.GRACE_SECONDS + 1))["requeued"] == 1

    conversation.refresh_from_db()
    assert conversation.state == "queued"


def test_doors_without_a_clock_sweep_now_and_then() -> None:
    operator = make_operator()
    make_open(operator)
    away_for(operator, conf.GRACE_SECONDS + 1)
    cache.add("livechat:swept", 1, 60)

    sweep_now_and_then()
    assert Participation.objects.filter(state="joined").count() == 1, "somebody has just done it"

    cache.delete("livechat:swept")
    sweep_now_and_then()
    assert not Participation.objects.filter(state="joined").exists()
