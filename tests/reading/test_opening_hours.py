"""A site that goes by opening hours, as its visitors are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.factories import make_operator, make_settings, make_visitor, the_site, visitor_actor
from wagtail_livechat import handlers, launcher, snapshots
from wagtail_livechat.actions.sweep import sweep
from wagtail_livechat.models import LiveChatSettings, OpeningException, OpeningHours

pytestmark = pytest.mark.django_db

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SetClock = Callable[[str], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """`set_clock("2026-11-23 09:00")`: it is that late in Stockholm."""

    def set_to(text: str) -> None:
        moment = datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.fixture
def shop() -> LiveChatSettings:
    """Open from Monday to Friday, nine to five, in Stockholm."""
    chosen = make_settings(mode="schedule", time_zone="Europe/Stockholm")
    OpeningHours.objects.create(settings=chosen, days=OpeningHours.Days.WEEKDAYS, opens=time(9), closes=time(17))
    return chosen


def status() -> tuple[str, str | None]:
    found = snapshots.site_status(the_site().pk)
    return found.state, found.opens_at and f"{found.opens_at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"


def test_within_its_hours_a_site_is_online_even_before_the_first_operator_comes(
    shop: LiveChatSettings, set_clock: SetClock
) -> None:
    set_clock("2026-11-23 09:00")

    assert status() == ("online", None)


def test_out_of_hours_it_is_offline_whoever_is_there(shop: LiveChatSettings, set_clock: SetClock) -> None:
    set_clock("2026-11-27 17:00")
    make_operator()

    assert status() == ("offline", "2026-11-30 09:00")


def test_without_hours_it_is_never_open(set_clock: SetClock) -> None:
    make_settings(mode="schedule")

    assert status() == ("offline", None)


def test_hours_of_a_site_that_does_not_go_by_them_change_nothing(shop: LiveChatSettings, set_clock: SetClock) -> None:
    set_clock("2026-11-27 17:00")

    make_settings(mode="on")

    assert status() == ("online", None)


def test_what_is_kept_in_the_cache_is_not_believed_past_opening_and_closing(
    shop: LiveChatSettings, set_clock: SetClock
) -> None:
    seen = []
    for clock in ("08:59:59", "09:00:00", "16:59:59", "17:00:00"):
        set_clock(f"2026-11-23 {clock}")
        seen.append(status()[0])

    assert seen == ["offline", "online", "online", "offline"]


def test_exceptions_and_groups_of_days_are_read_as_they_are_meant(shop: LiveChatSettings) -> None:
    OpeningHours.objects.create(settings=shop, days=OpeningHours.Days.WEEKEND, opens=time(10), closes=time(14))
    OpeningHours.objects.create(settings=shop, days=OpeningHours.Days.EVERY, opens=time(20), closes=time(2))
    OpeningException.objects.create(settings=shop, date=date(2026, 12, 24))
    OpeningException.objects.create(settings=shop, date=date(2026, 12, 31), opens=time(9), closes=time(12))

    hours = LiveChatSettings.objects.get(pk=shop.pk).hours()

    assert [len(hours.weekly[day]) for day in range(7)] == [2] * 7
    assert hours.exceptions[date(2026, 12, 24)] == ()
    assert [(span.opens, span.closes) for span in hours.exceptions[date(2026, 12, 31)]] == [(time(9), time(12))]


def test_a_zone_that_this_server_does_not_know_is_the_servers_own(settings: object) -> None:
    assert make_settings(time_zone="Mars/Olympus").zone.key == "Europe/Stockholm"


@pytest.mark.covers("A11")
def test_launcher_and_window_are_told_when_it_opens_next(shop: LiveChatSettings, set_clock: SetClock) -> None:
    set_clock("2026-11-23 07:00")
    reader = visitor_actor(make_visitor())

    boot = launcher.boot(the_site().pk, "en")
    snapshot = snapshots.visitor_snapshot(reader)

    opening = datetime(2026, 11, 23, 9, tzinfo=STOCKHOLM)
    assert boot["state"] == snapshot.site == "offline"
    assert datetime.fromisoformat(boot["opens_at"]) == snapshot.opens_at == opening


def test_who_is_connected_is_told_of_opening_and_closing(shop: LiveChatSettings, set_clock: SetClock) -> None:
    set_clock("2026-11-23 08:59")
    session = handlers.VisitorSession(visitor_actor(make_visitor()))
    handlers._visitor_snapshot(session, None, 0)

    assert handlers.site_changed(session) == []
    set_clock("2026-11-23 09:00")
    assert handlers.behind([session]) == [{"site"}]
    [event] = handlers.site_changed(session)

    assert (event.state, event.opens_at) == ("online", None)
    assert handlers.behind([session]) == [set()]


def test_the_sweep_tells_of_opening_once(shop: LiveChatSettings, set_clock: SetClock) -> None:
    told = []
    for clock in ("08:58", "08:59", "09:00", "09:01", "16:59", "17:00", "17:01"):
        set_clock(f"2026-11-23 {clock}")
        told.append(sweep()["opened"])

    assert told == [0, 0, 1, 0, 0, 1, 0]


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["Monday–Friday: 9 a.m.–5 p.m.", "Saturday: 10 a.m.–2 p.m., 8 p.m.–1 a.m."]),
        ("sv", ["måndag–fredag: 09:00–17:00", "lördag: 10:00–14:00, 20:00–01:00"]),
    ],
)
def test_the_hours_are_written_out_in_the_visitors_language(
    shop: LiveChatSettings, language: str, lines: list[str]
) -> None:
    for opens, closes in ((20, 1), (10, 14)):
        OpeningHours.objects.create(settings=shop, days=5, opens=time(opens), closes=time(closes))

    config = launcher.config(the_site().pk, language)

    assert [line.lower() for line in config["hours"]] == [line.lower() for line in lines]
    assert config["zone"] == "Europe/Stockholm"


def test_a_site_without_hours_lists_none() -> None:
    make_settings(mode="auto")

    assert launcher.config(the_site().pk, "en")["hours"] == []


# ----------------------------------------------------------------------------------- what is typed in the admin


def test_one_time_without_the_other_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        OpeningException(settings=make_settings(), date=date(2026, 12, 24), opens=time(9)).full_clean()

    assert list(refused.value.message_dict) == ["closes"]
