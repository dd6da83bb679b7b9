"""The daily rollup: what is counted, on which day, and that it stays right, whatever comes later."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Site

from tests.factories import (
    actor_of,
    make_department,
    make_operator,
    make_settings,
    make_site,
    make_visitor,
    make_waiting,
    pending_offer,
    the_site,
    visitor_actor,
)
from wagtail_livechat import figures, histograms, reckoning
from wagtail_livechat.actions import automessages, erasure, feedback, retention, rollup
from wagtail_livechat.actions.conversations import end_conversation
from wagtail_livechat.actions.offers import decline_offer
from wagtail_livechat.actions.sweep import sweep
from wagtail_livechat.figures import Figures, Scope
from wagtail_livechat.models import (
    AutoMessage,
    AutoMessageDay,
    Conversation,
    Counted,
    Department,
    DepartmentTally,
    Entry,
    KeyTally,
    Offer,
    Operator,
    OperatorTally,
    PrivacySettings,
    Span,
    Visitor,
)
from wagtail_livechat.periods import Period, month_of
from wagtail_livechat.tallies import Tally

pytestmark = pytest.mark.django_db

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
YEAR = Period(date(2025, 6, 16), date(2026, 6, 15))


@pytest.fixture(autouse=True)
def _zone() -> None:
    make_settings(time_zone="Europe/Stockholm")


def past(
    began: datetime,
    *,
    site: Site | None = None,
    visitor: Visitor | None = None,
    answered: float | None = 20,
    first_reply: float | None = 40,
    ended: float | None = 300,
    **fields: Any,
) -> Conversation:
    """A conversation as it is stored: answered, replied to and ended so many seconds after it began."""
    visitor = visitor or make_visitor(site)

    def later(seconds: float | None) -> datetime | None:
        return None if seconds is None else began + timedelta(seconds=seconds)

    number = Conversation.objects.count() + random.randrange(10**6) * 1000
    return Conversation.objects.create(
        **{
            "site_id": visitor.site_id,
            "visitor": visitor,
            "case_number": f"T-{number}",
            "state": "ended" if ended is not None else "active",
            "created_at": began,
            "answered_at": later(answered),
            "first_reply_at": later(first_reply),
            "ended_at": later(ended),
            "ended_by": "visitor" if ended is not None else "",
            **fields,
        }
    )


def read(period: Period = YEAR, now: datetime = NOW, **scope: Any) -> Figures:
    sites = scope.pop("sites", None) or (the_site().pk,)
    return figures.read(Scope(tuple(sites), **scope), period, now)


def truth(period: Period, now: datetime = NOW, site: Site | None = None) -> Tally:
    """What counting every single conversation says."""
    zone = reckoning.zones([(site or the_site()).pk])[(site or the_site()).pk]
    counted = reckoning.of_days([reckoning.Day((site or the_site()).pk, day, zone) for day in period])
    summed = Tally()
    for one in counted.values():
        for tally in one.departments.values():
            summed.add(tally)
    return summed


def at(day: str, hour: int = 12, minute: int = 0, zone: ZoneInfo = STOCKHOLM) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, minute=minute, tzinfo=zone)


# ----------------------------------------------------------------------------------------- what and where


@pytest.mark.covers("D6")
def test_a_year_of_conversations_is_told_as_counting_each_of_them_would() -> None:
    chance = random.Random(3)
    departments = [None, make_department("Sales"), make_department("Repairs")]
    operators = [make_operator("Elin"), make_operator("Oskar")]
    visitor = make_visitor()
    for _ in range(150):
        was_answered = chance.random() < 0.8
        past(
            NOW - timedelta(seconds=chance.randrange(250 * 86400)),
            visitor=visitor,
            department=chance.choice(departments),
            operator=chance.choice(operators) if was_answered else None,
            answered=chance.lognormvariate(3, 1) if was_answered else None,
            first_reply=chance.lognormvariate(4, 1) + 60 if was_answered else None,
            rating=chance.choice([None, 1, 2, 3, 4, 5]),
        )

    done = rollup.roll_up(NOW)
    told = read()

    assert done.days >= 240 and done.months >= 7
    assert told.total == truth(YEAR)
    assert told.before is not None
    assert told.total_before == truth(told.before)
    assert told.missing == 0
    by_department = Tally()
    for tally in told.departments.values():
        by_department.add(tally)
    assert by_department == told.total
    by_step = Tally()
    for tally in told.steps.values():
        by_step.add(tally)
    assert by_step == told.total
    assert sum(tally.accepted for tally in told.operators.values()) == told.total.accepted
    for tally in told.operators.values():
        assert sum(histograms.lanes(tally.first_answer)) == tally.accepted
    assert sum(started for _, started in told.pages) == told.total.started


def test_any_period_is_cut_right_out_of_months_and_days() -> None:
    visitor = make_visitor()
    for days in range(0, 170, 2):
        past(NOW - timedelta(days=days, hours=days % 12), visitor=visitor, rating=days % 5 + 1)
    rollup.roll_up(NOW)

    for first in ("2026-01-01", "2026-01-02", "2026-04-17", "2026-05-31"):
        for last in ("2026-06-14", "2026-06-15", "2026-05-31", "2026-06-30"):
            period = Period(date.fromisoformat(first), date.fromisoformat(last))
            # From the 1st of January on the columns are days or weeks; a year has months.
            assert read(period).total == truth(period), period
    assert read(YEAR).total == truth(YEAR)


def test_a_conversation_is_counted_where_it_began_as_the_sites_clock_showed() -> None:
    past(at("2026-03-01", 23, 50), ended=1800)  # a Sunday, and it ended on Monday
    rollup.roll_up(NOW)

    told = read(Period(date(2026, 3, 1), date(2026, 3, 1)))

    assert (told.total.started, told.total.ended) == (1, 1)
    assert told.total.by_hour("started")[6][23] == 1
    assert read(Period(date(2026, 3, 2), date(2026, 3, 2))).total.started == 0


def test_sites_have_days_of_their_own() -> None:
    elsewhere = make_site()
    make_settings(elsewhere, time_zone="America/New_York")
    moment = datetime(2026, 3, 2, 3, tzinfo=UTC)
    past(moment)
    past(moment, site=elsewhere)
    rollup.roll_up(NOW)

    sunday = Period(date(2026, 3, 1), date(2026, 3, 1))
    monday = Period(date(2026, 3, 2), date(2026, 3, 2))

    assert read(sunday, sites=[elsewhere.pk]).total.by_hour("started")[6][22] == 1
    assert read(monday).total.by_hour("started")[0][4] == 1
    assert [read(day, sites=[the_site().pk, elsewhere.pk]).total.started for day in (sunday, monday)] == [1, 1]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2025-10-26", 25)])
def test_days_on_which_the_clock_is_changed_have_each_conversation_once(day: str, hours: int) -> None:
    begin = at(day, 0).astimezone(UTC)
    visitor = make_visitor()
    for minutes in range(-30, hours * 60 + 31, 30):
        past(begin + timedelta(minutes=minutes), visitor=visitor)
    rollup.roll_up(NOW)

    one = date.fromisoformat(day)
    around = [read(Period(d, d)).total for d in (one - timedelta(days=1), one, one + timedelta(days=1))]

    assert [tally.started for tally in around] == [1, hours * 2, 2]
    sunday = around[1].by_hour("started")[6]
    assert sunday == [2, 2, 0 if hours == 23 else 4, *[2] * 21]


def test_a_day_that_is_skipped_has_nothing() -> None:
    make_settings(time_zone="Pacific/Apia")
    now = datetime(2012, 1, 15, tzinfo=UTC)
    past(datetime(2011, 12, 30, 9, 59, tzinfo=UTC))  # the last minute of the 29th
    past(datetime(2011, 12, 30, 10, 1, tzinfo=UTC))  # the first of the 31st
    rollup.roll_up(now)

    told = [read(Period(d, d), now).total.started for d in (date(2011, 12, 29), date(2011, 12, 30), date(2011, 12, 31))]

    assert told == [1, 0, 1]


def test_today_is_counted_on_the_spot() -> None:
    operator = make_operator("Elin")
    past(NOW - timedelta(minutes=10), operator=operator, ended=None, department=make_department("Sales"))
    past(NOW - timedelta(minutes=5), answered=None, first_reply=None, ended=None, state="queued")
    rollup.roll_up(NOW)

    told = read()

    assert not DepartmentTally.objects.filter(span=Span.DAY).exists()
    assert (told.total.started, told.total.accepted, told.total.waits, told.total.ended) == (2, 1, 1, 0)
    assert told.operators[operator.pk].accepted == 1


def test_days_that_are_not_counted_yet_are_said_to_be_missing() -> None:
    past(NOW - timedelta(days=20))

    assert read().missing > 0
    rollup.roll_up(NOW)
    assert read().missing == 0


def test_nothing_is_missing_where_nothing_was_ever_said() -> None:
    told = read()

    assert (told.missing, told.total.started, told.pages) == (0, 0, [])


# ------------------------------------------------------------------------------------------ per operator


def test_an_operator_is_told_what_they_took_and_what_they_did_not() -> None:
    elin, oskar = make_operator("Elin"), make_operator("Oskar")
    sales = make_department("Sales")
    taken = past(NOW - timedelta(days=2), operator=elin, department=sales)
    Offer.objects.create(conversation=taken, operator=oskar, state=Offer.State.EXPIRED)
    Offer.objects.create(conversation=taken, operator=oskar, state=Offer.State.DECLINED)
    Offer.objects.create(conversation=taken, operator=oskar, kind=Offer.Kind.TRANSFER, state=Offer.State.EXPIRED)
    left = past(
        NOW - timedelta(days=2),
        answered=None,
        first_reply=None,
        ended_by="operator",
        department=sales,
        email="a@b.example",
    )
    Entry.objects.create(
        conversation=left, seq=2, kind="system", author="system", operator=oskar, data={"event": "ended"}
    )
    rollup.roll_up(NOW)

    told = read(departments=frozenset({sales.pk}))

    assert (told.total.accepted, told.total.offline) == (1, 1)
    assert (told.operators[elin.pk].accepted, told.operators[elin.pk].unanswered) == (1, 0)
    his = told.operators[oskar.pk]
    assert (his.accepted, his.offline, his.ended, his.unanswered, his.declined) == (0, 1, 1, 1, 1)
    hers = read(operator=elin.pk)
    assert (hers.total.started, list(hers.operators)) == (1, [elin.pk])


def test_declining_what_is_offered_to_all_counts_for_who_declined() -> None:
    operator = make_operator("Elin")
    waiting = make_waiting()
    decline_offer(pending_offer(waiting).pk, actor=actor_of(operator))

    told = read(Period(timezone.localdate(), timezone.localdate()), timezone.now())

    assert told.operators[operator.pk].declined == 1


# --------------------------------------------------------------------------------------------- idempotent


def contents() -> list[Any]:
    return [
        sorted(model.objects.values_list("site", "span", "start", "department", "started", "waiting", "hours"))
        for model in (DepartmentTally, OperatorTally)
    ]


def test_rolling_up_twice_changes_nothing() -> None:
    for days in range(1, 60, 7):
        past(NOW - timedelta(days=days), operator=make_operator())
    first = rollup.roll_up(NOW)
    before = contents()

    assert first.days == 57 and first.months == 2
    assert rollup.roll_up(NOW).days == 0
    assert rollup.roll_up(NOW, rebuild=True).days == 57
    assert contents() == before


def test_a_job_may_stop_half_way_and_go_on_later() -> None:
    past(NOW - timedelta(days=30))
    counts = []
    while True:
        done = rollup.roll_up(NOW, most=8)
        counts.append(done.days)
        if not done.more:
            break

    assert counts == [8, 8, 8, 6]
    assert read().total.started == 1


def test_a_day_with_open_conversations_is_counted_until_they_have_ended() -> None:
    conversation = past(NOW - timedelta(days=1), ended=None)
    rollup.roll_up(NOW)
    assert read().total.ended == 0

    Conversation.objects.filter(pk=conversation.pk).update(state="ended", ended_at=NOW, ended_by="system")

    assert rollup.roll_up(NOW).days == 1
    assert read().total.ended == 1
    assert rollup.roll_up(NOW).days == 0


def rate(conversation: Conversation) -> None:
    feedback.rate(conversation.uuid, actor=visitor_actor(conversation.visitor), rating=4)


def reopen(conversation: Conversation) -> None:
    feedback.reopen(conversation.uuid, actor=visitor_actor(conversation.visitor))


@pytest.mark.parametrize(
    ("change", "differs"),
    [(rate, lambda t: t.ratings == (0, 0, 0, 1, 0)), (reopen, lambda t: (t.started, t.ended) == (1, 0))],
    ids=["rated", "reopened"],
)
def test_what_changes_after_the_day_is_counted_again(
    change: Callable[[Conversation], None], differs: Callable[[Tally], bool]
) -> None:
    now = timezone.now()
    conversation = past(now - timedelta(days=2))
    Conversation.objects.filter(pk=conversation.pk).update(ended_at=now - timedelta(hours=1))
    rollup.roll_up(now)
    assert rollup.roll_up(now).days == 0
    assert not differs(read(Period(date(2000, 1, 1), timezone.localdate()), now).total)

    change(conversation)

    assert rollup.roll_up(now).days == 1
    assert differs(read(Period(date(2000, 1, 1), timezone.localdate()), now).total)


def test_a_case_that_is_dealt_with_later_is_counted_again() -> None:
    now = timezone.now()
    operator = make_operator("Elin")
    case = past(now - timedelta(days=40), state="offline", answered=None, first_reply=None, ended=None)
    rollup.roll_up(now)
    whole = Period(timezone.localdate() - timedelta(days=60), timezone.localdate())
    assert (read(whole, now).total.offline, read(whole, now).total.ended) == (1, 0)

    end_conversation(case.uuid, actor=actor_of(operator))
    rollup.roll_up(now)

    assert (read(whole, now).total.offline, read(whole, now).total.ended) == (1, 1)
    assert read(whole, now).operators[operator.pk].offline == 1


def test_another_time_zone_has_all_days_counted_anew() -> None:
    past(at("2026-06-01", 23, 30))
    rollup.roll_up(NOW)
    make_settings(time_zone="Asia/Tokyo")

    rollup.roll_up(NOW)

    assert read(Period(date(2026, 6, 1), date(2026, 6, 1))).total.started == 0
    assert read(Period(date(2026, 6, 2), date(2026, 6, 2))).total.started == 1


# -------------------------------------------------------------------------------- erasure and retention


def test_statistics_outlive_the_visitor() -> None:
    kim, other = make_visitor(), make_visitor()
    operator, sales = make_operator("Elin"), make_department("Sales")
    for visitor in (kim, kim, other):
        past(NOW - timedelta(days=50), visitor=visitor, operator=operator, department=sales, rating=5)
    past(NOW - timedelta(minutes=5), visitor=kim, rating=1)
    rollup.roll_up(NOW)
    before = read()

    erasure.erase_visitors([kim.pk])

    assert Conversation.objects.count() == 1
    for told in (read(), (rollup.roll_up(NOW, rebuild=True), read())[1]):
        assert told.total == before.total
        assert told.operators[operator.pk] == before.operators[operator.pk]
        assert told.departments == before.departments
        assert told.pages == before.pages
    erasure.erase_visitors([kim.pk])
    assert read().total == before.total
    feedback.rate(Conversation.objects.get().uuid, actor=visitor_actor(other), rating=2)
    rollup.roll_up(NOW)
    assert read().total.ratings == (1, 1, 0, 0, 2)


def test_what_retention_removes_stays_counted_day_by_day_and_as_a_month() -> None:
    for days in range(35, 100, 9):
        past(NOW - timedelta(days=days))
        past(NOW - timedelta(days=days), operator=make_operator())
    rollup.roll_up(NOW)
    before = read()
    months = Counted.objects.filter(span=Span.MONTH).count()
    rules = PrivacySettings.for_site(the_site())
    rules.keep_conversations_days = 30
    rules.save()

    retention.purge(rules, NOW)

    assert not Conversation.objects.exists()
    assert read().total == before.total
    rollup.roll_up(NOW)
    assert read().total == before.total
    assert (months, Counted.objects.filter(span=Span.MONTH).count()) == (3, 3)
    day = (NOW - timedelta(days=35)).date()
    assert read(Period(day, day)).total.started == 2


def test_nothing_of_the_visitor_is_in_the_rollup() -> None:
    secret = "melissa@mail.example"
    visitor = make_visitor(name=secret, email=secret)
    past(
        NOW - timedelta(days=2),
        visitor=visitor,
        email=secret,
        page_url=f"https://shop.example/{secret}",
        page_title=secret,
    )
    rollup.roll_up(NOW)
    erasure.erase_visitors([visitor.pk])

    for model in apps.get_app_config("wagtail_livechat").get_models():
        if model.__module__.endswith(".statistics"):
            assert secret not in repr(list(model._default_manager.values()))
    assert DepartmentTally.objects.filter(span=Span.GONE).exists()


def test_an_operator_and_a_department_that_are_removed_keep_their_counts() -> None:
    operator, sales = make_operator("Elin"), make_department("Sales")
    past(NOW - timedelta(days=3), operator=operator, department=sales)
    rollup.roll_up(NOW)
    keys = operator.pk, sales.pk

    Operator.objects.all().delete()
    Department.objects.all().delete()

    told = read()
    assert told.operators[keys[0]].accepted == 1
    assert told.departments[keys[1]].accepted == 1


# --------------------------------------------------------------------------------------- other things


def lookups(site_id: int, begin: datetime, end: datetime) -> dict[str, int]:
    """A provider such as the helpdesk: three deflections on the tenth of June."""
    return {"deflected": 3, "unknown": 9} if begin <= at("2026-06-10") < end else {}


def test_another_app_is_asked_once_for_what_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps.get_app_config("sites" if apps.is_installed("django.contrib.sites") else "wagtailcore"),
                        "livechat_statistics", f"{__name__}.lookups", raising=False)  # fmt: skip
    conversation = past(at("2026-06-10", 9))

    rollup.roll_up(NOW)
    told = read()

    assert dict(told.keys) == {"deflected": 3}
    assert set(told.keys) <= set(reckoning.KEYS)
    monkeypatch.undo()
    # It has forgotten them since: what was counted stays, whatever else of the day is counted again.
    rollup.touch(conversation.pk)
    rollup.roll_up(NOW)
    assert dict(read().keys) == {"deflected": 3}
    assert KeyTally.objects.filter(span=Span.DAY).count() == 1


def test_auto_messages_are_counted_by_day() -> None:
    message = AutoMessage.objects.create(name="Hello", content="Can we help?")
    gone = AutoMessage.objects.create(name="Old", content="?")
    for what in ("shown", "shown", "clicked"):
        automessages.count(message.pk, what)
    automessages.count(gone.pk, "shown")
    gone.delete()
    automessages.count(gone.pk, "shown")

    today = timezone.localdate()
    told = read(Period(today, today), timezone.now())

    assert told.auto_messages == [("Hello", 2, 1)]
    assert AutoMessageDay.objects.count() == 2


def test_a_reader_sees_the_departments_that_are_theirs() -> None:
    sales, repairs = make_department("Sales"), make_department("Repairs")
    for department in (sales, repairs, repairs, None):
        past(NOW - timedelta(days=2), department=department, operator=make_operator())
    past(NOW - timedelta(minutes=2), department=repairs)
    rollup.roll_up(NOW)
    reader = actor_of(make_operator("Rut", departments=[sales]))

    def seen(**choice: Any) -> Figures:
        chosen = {"department": None, "operator": 0, **choice}
        return figures.read(figures.scope_of(reader, [the_site().pk], **chosen), YEAR, NOW)

    assert seen().total.started == 2
    assert set(seen().departments) == {0, sales.pk}
    assert len(seen().operators) == 2
    assert seen(department=sales.pk).total.started == 1
    assert seen(department=repairs.pk).total.started == 0
    assert seen(department=repairs.pk).pages == []


def test_the_number_of_queries_does_not_grow(django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    past(NOW - timedelta(days=100))
    past(NOW - timedelta(hours=1))
    rollup.roll_up(NOW)
    with CaptureQueriesContext(connection) as few:
        read()
    for days in range(0, 90, 5):
        past(NOW - timedelta(days=days, hours=1), operator=make_operator(), department=make_department())
    rollup.roll_up(NOW, rebuild=True)

    with django_assert_num_queries(len(few)):
        told = read()

    assert told.total.started == 20
    assert len(few) <= 20


# ----------------------------------------------------------------------------------------- who calls it


def test_the_sweep_counts_days_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollup, "SWEEP_DAYS", 3)
    past(timezone.now() - timedelta(days=5))

    assert [sweep()["counted"] for _ in range(3)] == [3, 2, 0]


def call(*arguments: str) -> str:
    out = io.StringIO()
    call_command("livechat_rollup", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_command_counts_what_is_asked_for() -> None:
    began = timezone.now() - timedelta(days=70)
    past(began)
    first, last = began.date() + timedelta(days=2), began.date() + timedelta(days=3)

    assert call("--from", str(first), "--to", str(last)) == "days: 2, months: 0"
    assert call("--to", str(last)) == "days: 2, months: 0"
    assert call().startswith("days: 66")
    assert call() == "days: 0, months: 0"
    assert call("--from", str(last), "--to", str(last), "--rebuild").startswith("days: 1")
    assert call("--site", the_site().hostname, "--rebuild").startswith("days: 70")
    assert month_of(began.date()) in Counted.objects.filter(span=Span.MONTH).values_list("start", flat=True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from", "yesterday"], "no date"),
        (["--from", "2026-02-02", "--to", "2026-02-01"], "is after"),
        (["--site", "nowhere.example"], "There is no site"),
    ],
)
def test_the_command_says_what_it_does_not_understand(arguments: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        call(*arguments)
