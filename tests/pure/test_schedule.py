"""Opening hours, held to what the clock on the wall shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_livechat.schedule import (
    Hours,
    Span,
    is_open,
    knows_holidays,
    moment,
    next_change,
    next_opening,
    regions_with_holidays,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NINE_TO_FIVE = Span(time(9), time(17))
WEEKDAYS = Hours(STOCKHOLM, dict.fromkeys(range(5), (NINE_TO_FIVE,)))


def at(text: str, zone: ZoneInfo = STOCKHOLM, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold)


def local(moment_: datetime | None, zone: ZoneInfo = STOCKHOLM) -> str:
    assert moment_ is not None
    return moment_.astimezone(zone).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2026-11-23 08:59:59", False),
        ("2026-11-23 09:00", True),
        ("2026-11-23 16:59:59", True),
        ("2026-11-23 17:00", False),
        ("2026-11-28 12:00", False),
    ],
)
def test_the_week_says_when_it_is_open(when: str, expected: bool) -> None:
    assert is_open(WEEKDAYS, at(when)) is expected


def test_a_visitor_elsewhere_asks_about_the_same_moment() -> None:
    assert is_open(WEEKDAYS, at("2026-11-23 03:30", ZoneInfo("America/New_York")))
    assert not is_open(WEEKDAYS, at("2026-11-23 09:30", ZoneInfo("America/New_York")).replace(hour=11, minute=1))


def test_on_friday_evening_it_opens_next_on_monday() -> None:
    assert local(next_opening(WEEKDAYS, at("2026-11-27 18:00"))) == "2026-11-30 09:00"


def test_before_opening_it_opens_today() -> None:
    assert local(next_opening(WEEKDAYS, at("2026-11-27 05:00"))) == "2026-11-27 09:00"


def test_what_is_open_opens_now() -> None:
    now = at("2026-11-27 11:11")

    assert next_opening(WEEKDAYS, now) == now


def test_a_span_across_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    hours = Hours(STOCKHOLM, {4: (Span(time(22), time(2)),)})

    assert is_open(hours, at("2026-11-27 23:00"))
    assert is_open(hours, at("2026-11-28 01:59"))
    assert not is_open(hours, at("2026-11-28 02:00"))
    assert not is_open(hours, at("2026-11-27 01:00"))


def test_equal_times_are_a_whole_day() -> None:
    hours = Hours(STOCKHOLM, {day: (Span(time(0), time(0)),) for day in range(7)})

    assert is_open(hours, at("2026-11-28 23:59:59"))
    assert next_change(hours, at("2026-11-28 12:00")) is None


def test_several_spans_a_day() -> None:
    hours = Hours(STOCKHOLM, {0: (Span(time(9), time(12)), Span(time(13), time(17)))})

    assert not is_open(hours, at("2026-11-23 12:30"))
    assert local(next_opening(hours, at("2026-11-23 12:30"))) == "2026-11-23 13:00"
    assert local(next_change(hours, at("2026-11-23 10:00"))) == "2026-11-23 12:00"


def test_touching_spans_are_one() -> None:
    hours = Hours(STOCKHOLM, {0: (Span(time(9), time(12)), Span(time(12), time(17)))})

    assert local(next_change(hours, at("2026-11-23 10:00"))) == "2026-11-23 17:00"


def test_an_exception_replaces_what_the_week_says() -> None:
    hours = Hours(
        STOCKHOLM,
        WEEKDAYS.weekly,
        {date(2026, 12, 23): (Span(time(9), time(12)),), date(2026, 12, 24): ()},
    )

    assert not is_open(hours, at("2026-12-23 13:00"))
    assert not is_open(hours, at("2026-12-24 10:00"))
    assert local(next_opening(hours, at("2026-12-23 13:00"))) == "2026-12-25 09:00"


def test_a_public_holiday_is_closed_unless_an_exception_opens_it() -> None:
    closed = Hours(STOCKHOLM, WEEKDAYS.weekly, country="SE")
    opened = Hours(STOCKHOLM, WEEKDAYS.weekly, {date(2027, 1, 6): (NINE_TO_FIVE,)}, country="SE")

    assert not is_open(closed, at("2027-01-06 10:00")), "Epiphany, a Wednesday"
    assert is_open(opened, at("2027-01-06 10:00"))
    assert is_open(WEEKDAYS, at("2027-01-06 10:00"))


def test_parts_of_a_country_have_holidays_of_their_own() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    in_bavaria = Hours(berlin, WEEKDAYS.weekly, country="DE", region="BY")
    in_berlin = Hours(berlin, WEEKDAYS.weekly, country="DE", region="BE")

    assert not is_open(in_bavaria, at("2027-01-06 10:00", berlin))
    assert is_open(in_berlin, at("2027-01-06 10:00", berlin))
    assert "BY" in regions_with_holidays("DE")
    assert knows_holidays("DE", "BY") and not knows_holidays("DE", "XX") and not knows_holidays("XX")


def test_the_night_before_a_holiday_is_as_long_as_ever() -> None:
    hours = Hours(STOCKHOLM, {1: (Span(time(20), time(4)),), 2: (NINE_TO_FIVE,)}, country="SE")

    assert is_open(hours, at("2027-01-06 03:00"))
    assert not is_open(hours, at("2027-01-06 10:00"))


def test_never_open_has_no_next_opening() -> None:
    assert next_opening(Hours(STOCKHOLM), at("2026-11-23 10:00")) is None
    assert next_change(Hours(STOCKHOLM), at("2026-11-23 10:00")) is None


def test_an_opening_that_the_clock_skips_is_at_the_change() -> None:
    hours = Hours(STOCKHOLM, {6: (Span(time(2, 30), time(5)),)})

    assert local(next_opening(hours, at("2026-03-29 00:00"))) == "2026-03-29 03:00"


def test_a_span_inside_the_skipped_hour_does_not_happen() -> None:
    hours = Hours(STOCKHOLM, {6: (Span(time(2, 10), time(2, 50)),)})

    assert not is_open(hours, at("2026-03-29 03:05"))
    assert local(next_opening(hours, at("2026-03-29 00:00"))) == "2026-04-05 02:10"


def test_an_hour_that_comes_twice_is_open_twice() -> None:
    hours = Hours(STOCKHOLM, {6: (Span(time(2), time(2, 30)),)})

    assert is_open(hours, at("2026-10-25 02:45", fold=0))
    assert is_open(hours, at("2026-10-25 02:15", fold=1))
    assert not is_open(hours, at("2026-10-25 02:30", fold=1))


def test_a_day_that_a_country_skipped() -> None:
    apia = ZoneInfo("Pacific/Apia")
    hours = Hours(apia, dict.fromkeys(range(7), (NINE_TO_FIVE,)))

    found = next_opening(hours, datetime(2011, 12, 29, 18, tzinfo=apia))

    assert local(found, apia) == "2011-12-31 09:00"


# ------------------------------------------------------------------------------------------ for all hours

ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Stockholm",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "Africa/Casablanca",
    )
]
times = st.times().map(lambda value: value.replace(second=0, microsecond=0))
spans = st.builds(Span, times, times)
days = st.lists(spans, max_size=3).map(tuple)
all_hours = st.builds(
    Hours,
    st.sampled_from(ZONES),
    st.dictionaries(st.integers(0, 6), days, max_size=7),
    st.dictionaries(st.dates(date(2026, 3, 20), date(2026, 4, 5)), days, max_size=4),
    st.sampled_from(["", "SE", "US"]),
)
# Around a change of the clock, where it is hard, and anywhere else.
moments = st.one_of(
    st.datetimes(datetime(2026, 3, 27), datetime(2026, 3, 31), timezones=st.just(UTC)),
    st.datetimes(datetime(2026, 10, 23), datetime(2026, 11, 3), timezones=st.just(UTC)),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
)
PROPERTY = settings(max_examples=100, deadline=None)


@PROPERTY
@given(all_hours, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(hours: Hours, now: datetime) -> None:
    opening = next_opening(hours, now)

    if opening is None:
        assert not is_open(hours, now)
        return
    assert opening >= now
    assert is_open(hours, opening)
    assert (opening == now) is is_open(hours, now)
    step = max((opening - now) / 40, timedelta(minutes=1))
    probe = now
    while probe < opening:
        assert not is_open(hours, probe), probe
        probe += step
    if opening > now:
        assert not is_open(hours, opening - timedelta(seconds=1))


@PROPERTY
@given(all_hours, moments)
def test_nothing_changes_before_the_next_change(hours: Hours, now: datetime) -> None:
    change = next_change(hours, now)

    before = is_open(hours, now)
    if change is None:
        return
    assert change > now
    assert is_open(hours, change) is not before
    step = max((change - now) / 40, timedelta(minutes=1))
    probe = now
    while probe < change:
        assert is_open(hours, probe) is before, probe
        probe += step


@PROPERTY
@given(all_hours, moments)
def test_away_from_changes_of_the_clock_the_wall_clock_decides(hours: Hours, now: datetime) -> None:
    shown = now.astimezone(hours.zone)
    offsets = {(shown + timedelta(hours=h)).astimezone(UTC).astimezone(hours.zone).utcoffset() for h in range(-50, 51)}
    if len(offsets) > 1:
        return
    wall = shown.replace(tzinfo=None)

    def covers(day: date) -> bool:
        for span in hours.spans_on(day):
            start = datetime.combine(day, span.opens)
            end = datetime.combine(day, span.closes)
            end += timedelta(days=0 if span.closes > span.opens else 1)
            if start <= wall < end:
                return True
        return False

    assert is_open(hours, now) is (covers(wall.date()) or covers(wall.date() - timedelta(days=1)))


@PROPERTY
@given(st.sampled_from(ZONES), st.dates(date(2026, 1, 1), date(2027, 12, 31)), times)
def test_a_time_on_the_wall_is_found_or_is_skipped(zone: ZoneInfo, day: date, clock: time) -> None:
    first, last = (moment(day, clock, zone, later=later) for later in (False, True))

    assert first <= last <= first + timedelta(hours=1)
    shown = first.astimezone(zone)
    if shown.time() != clock:
        # Skipped: one second earlier the clock was still before it.
        assert (first - timedelta(seconds=1)).astimezone(zone).replace(tzinfo=None) < datetime.combine(day, clock)
        assert shown.replace(tzinfo=None) > datetime.combine(day, clock)
