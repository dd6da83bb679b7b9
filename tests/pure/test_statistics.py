"""The arithmetic of statistics, without a database: histograms, tallies, periods, cells."""

from __future__ import annotations

import csv
import io
import math
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wagtail_livechat import cells, histograms, periods, tallies
from wagtail_livechat.periods import Period
from wagtail_livechat.tallies import Case, Tally

DURATIONS = st.lists(st.floats(0, 20 * 86400, allow_nan=False), min_size=1, max_size=200)
SHARES = st.sampled_from([0.1, 0.25, 0.5, 0.9, 0.99, 1.0])


def exact(durations: list[float], share: float) -> float:
    """By nearest rank: the smallest that at least this share of them do not exceed."""
    return sorted(durations)[max(1, math.ceil(share * len(durations))) - 1]


# -------------------------------------------------------------------------------------------- histograms


@given(DURATIONS, SHARES)
def test_a_percentile_is_at_most_six_per_cent_or_half_a_second_beside_the_exact_one(
    durations: list[float], share: float
) -> None:
    told, truly = histograms.quantile(histograms.of(durations), share), exact(durations, share)

    assert told is not None
    assert histograms.ERROR < 0.06
    # The very edge of a step may fall to either side of it.
    assert abs(told - truly) <= max(0.5, truly * histograms.ERROR) * (1 + 1e-9)


@given(st.lists(DURATIONS, max_size=5), SHARES)
def test_histograms_added_up_say_what_all_durations_together_say(days: list[list[float]], share: float) -> None:
    together = histograms.of(duration for day in days for duration in day)

    summed = sum(histograms.from_bytes(histograms.to_bytes(histograms.of(day))) for day in days)

    assert summed == together
    assert histograms.quantile(summed, share) == histograms.quantile(together, share)
    assert sum(histograms.lanes(summed)) == sum(map(len, days))


@pytest.mark.parametrize(
    ("seconds", "step"), [(-5, 0), (0, 0), (0.99, 0), (1, 1), (2, 7), (4, 13), (10**9, histograms.STEPS - 1)]
)
def test_durations_fall_into_steps_six_of_which_double(seconds: float, step: int) -> None:
    assert histograms.step_of(seconds) == step


def test_of_nothing_there_is_no_median_and_nothing_to_store() -> None:
    assert histograms.quantile(0, 0.5) is None
    assert histograms.to_bytes(0) == b""
    assert histograms.from_bytes(b"") == 0


def test_a_step_holds_more_than_a_site_will_ever_have() -> None:
    full = histograms.one(3) * (2**32 - 1)

    assert histograms.lanes(full) == (0, 0, 0, 2**32 - 1)
    assert histograms.lanes(full + histograms.one(4)) == (0, 0, 0, 2**32 - 1, 1)


# ----------------------------------------------------------------------------------------------- tallies

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday


def make_case(**facts: object) -> Case:
    """A conversation that was answered after 10 s, replied to after 30 and ended by the visitor after 600."""
    ordinary = {
        "state": "ended",
        "created": NOON,
        "answered": NOON + timedelta(seconds=10),
        "first_reply": NOON + timedelta(seconds=30),
        "ended": NOON + timedelta(seconds=600),
        "ended_by": "visitor",
        "rating": None,
        "auto_message": "",
    }
    return Case(**{**ordinary, **facts})  # type: ignore[arg-type]


def tally_of(*cases: Case) -> Tally:
    tally = Tally()
    for case in cases:
        tallies.count(case, case.created.weekday(), case.created.hour, [tally])
    return tally


@pytest.mark.parametrize(
    ("facts", "what"),
    [
        ({}, "accepted"),
        ({"state": "active", "ended": None, "ended_by": ""}, "accepted"),
        # It went back into the queue, where the visitor gave up: somebody had answered all the same.
        ({"ended_by": "system"}, "accepted"),
        ({"answered": None, "first_reply": None}, "missed"),
        ({"answered": None, "first_reply": None, "ended_by": "system"}, "missed"),
        ({"state": "offline", "answered": None, "first_reply": None, "ended": None, "ended_by": ""}, "offline"),
        ({"answered": None, "first_reply": None, "ended_by": "operator"}, "offline"),
        ({"state": "queued", "answered": None, "first_reply": None, "ended": None, "ended_by": ""}, "open"),
    ],
)
def test_what_became_of_a_conversation(facts: dict[str, object], what: str) -> None:
    tally = tally_of(make_case(**facts))

    became = {name: getattr(tally, name) for name in ("accepted", "missed", "offline")} | {"open": tally.waits}
    assert became == {name: int(name == what) for name in became}


def test_how_long_it_took_is_known_of_those_that_were_answered() -> None:
    tally = tally_of(make_case(), make_case(answered=None, first_reply=None))

    for name, seconds in (("waiting", 10), ("first_answer", 30), ("length", 600), ("gave_up", 600)):
        assert histograms.lanes(getattr(tally, name))[histograms.step_of(seconds)] == 1, name
        assert sum(histograms.lanes(getattr(tally, name))) == 1, name


def test_ratings_and_proactive_ones_are_counted() -> None:
    tally = tally_of(make_case(rating=5), make_case(rating=2), make_case(auto_message="Hello there"), make_case())

    assert tally.ratings == (0, 1, 0, 0, 1)
    assert tally.mean_rating == 3.5
    assert tally.proactive == 1
    assert Tally().mean_rating is None


CASES = st.builds(
    make_case,
    state=st.sampled_from(["ended", "active", "queued", "offline"]),
    created=st.integers(0, 14 * 24).map(lambda hours: NOON + timedelta(hours=hours)),
    answered=st.sampled_from([None, NOON + timedelta(days=20)]),
    ended_by=st.sampled_from(["visitor", "operator", "system"]),
    rating=st.sampled_from([None, 1, 2, 3, 4, 5]),
)


@given(st.lists(CASES, max_size=30), st.lists(CASES, max_size=30))
def test_a_sum_of_tallies_is_the_tally_of_all(some: list[Case], others: list[Case]) -> None:
    assert tallies.total([tally_of(*some), tally_of(*others)]) == tally_of(*some, *others)


@given(st.lists(CASES, max_size=30))
def test_hours_and_outcomes_leave_nothing_out(cases: list[Case]) -> None:
    tally = tally_of(*cases)

    assert tally.started == len(cases) == tally.accepted + tally.missed + tally.offline + tally.waits
    for name in tallies.BY_HOUR:
        assert sum(map(sum, tally.by_hour(name))) == getattr(tally, name)
    for case in cases:
        assert tally.by_hour("started")[case.created.weekday()][case.created.hour] > 0


# ----------------------------------------------------------------------------------------------- periods

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
PERIODS = st.tuples(DAYS, st.integers(0, 800)).map(lambda t: Period(t[0], t[0] + timedelta(days=t[1])))


@given(PERIODS)
def test_every_day_is_in_one_column_of_the_plot(period: Period) -> None:
    steps = period.steps()

    assert [periods.step_start(day, period.step) in steps for day in period] == [True] * period.days
    assert steps == sorted(set(steps))
    assert len(steps) <= 45


@given(PERIODS)
def test_the_period_before_ends_where_this_one_begins(period: Period) -> None:
    before = period.before()

    assert before is not None
    assert (before.days, before.last + timedelta(days=1)) == (period.days, period.first)


@given(PERIODS)
def test_months_that_are_wholly_within_are_found(period: Period) -> None:
    whole = [
        start
        for start in {periods.month_of(day) for day in period}
        if all(d in period for d in periods.month_days(start))
    ]

    assert period.months() == sorted(whole)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-03-31", "2026-03-31"),
        ("yesterday", "2026-03-30", "2026-03-30"),
        ("7", "2026-03-25", "2026-03-31"),
        ("30", "2026-03-02", "2026-03-31"),
        ("month", "2026-03-01", "2026-03-31"),
        ("last_month", "2026-02-01", "2026-02-28"),
        ("year", "2025-04-01", "2026-03-31"),
    ],
)
def test_presets(name: str, first: str, last: str) -> None:
    assert periods.preset(name, date(2026, 3, 31)) == Period(date.fromisoformat(first), date.fromisoformat(last))


def test_a_period_that_was_chosen_is_put_right() -> None:
    today = date(2026, 3, 31)

    assert periods.between(date(2026, 3, 5), date(2026, 3, 1), today) == Period(date(2026, 3, 1), date(2026, 3, 5))
    assert periods.between(date(2026, 3, 5), date(2027, 1, 1), today) == Period(date(2026, 3, 5), today)
    assert periods.between(date(2026, 3, 5), None, today) == Period(date(2026, 3, 5), date(2026, 3, 5))
    assert periods.between(date(2027, 1, 1), date(2027, 1, 2), today) is None
    assert periods.between(None, None, today) is None
    longest = periods.between(date.min, date.max, today)
    assert longest is not None and longest.days == periods.LONGEST_DAYS
    assert Period(date.min, date(1, 1, 2)).before() is None


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Stockholm", "2026-03-28", 24),
        ("Europe/Stockholm", "2026-03-29", 23),
        ("Europe/Stockholm", "2026-10-25", 25),
        ("America/New_York", "2026-11-01", 25),
        # Here the clock jumps over midnight itself: the day begins at one.
        ("Asia/Beirut", "2026-03-29", 23),
        ("America/Havana", "2026-11-01", 25),
        # At one minute past midnight it was put back into the evening before.
        ("America/St_Johns", "2006-10-29", 25),
        ("Pacific/Apia", "2011-12-29", 24),
    ],
)
def test_a_day_has_as_many_hours_as_its_clock_shows(zone: str, day: str, hours: int) -> None:
    begin, end = periods.bounds(date.fromisoformat(day), ZoneInfo(zone))

    assert (end - begin) == timedelta(hours=hours)


@given(
    st.datetimes(datetime(2005, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),
    st.sampled_from(["Europe/Stockholm", "America/St_Johns", "Asia/Beirut", "America/Havana", "Pacific/Apia", "UTC"]),
)
def test_every_moment_is_on_one_day(at: datetime, zone: str) -> None:
    day = periods.day_at(at, ZoneInfo(zone))

    begin, end = periods.bounds(day, ZoneInfo(zone))
    assert begin <= at < end
    assert abs(day - at.astimezone(ZoneInfo(zone)).date()) <= timedelta(days=1)


def test_an_hour_of_the_evening_that_is_shown_twice_is_on_the_day_that_had_begun() -> None:
    zone = ZoneInfo("America/St_Johns")
    again = datetime(2006, 10, 28, 23, 30, tzinfo=zone, fold=1).astimezone(UTC)

    assert periods.day_at(again, zone) == date(2006, 10, 29)


# ------------------------------------------------------------------------------------------------- cells

HOSTILE = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1", "|calc", "%x", "＝1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_that_would_be_calculated_is_not(text: str) -> None:
    assert str(cells.defused(text)).startswith("'")


def test_numbers_and_ordinary_text_stay_as_they_are() -> None:
    assert cells.defused(-3) == -3
    assert cells.defused(2.5) == 2.5
    assert cells.defused("Repairs & returns") == "Repairs & returns"
    assert cells.defused("2026-11-27") == "2026-11-27"
    assert cells.defused(None) == ""


@settings(max_examples=25, deadline=None)
@given(st.text())
def test_no_text_breaks_a_sheet(text: str) -> None:
    from openpyxl import load_workbook

    table = cells.Table(text, ["Name"], [[text], [7]])

    assert list(csv.reader(io.StringIO(cells.as_csv(table).decode("utf-8-sig"), newline="")))[2] == ["7"]
    book = load_workbook(io.BytesIO(cells.as_xlsx([table, cells.Table(text, [text])])))
    sheet = book.worksheets[0]
    assert sheet["A3"].value == 7
    assert sheet["A2"].data_type != "f"  # a formula
