"""Stretches of days that statistics are asked for: presets, the one before, and how they are cut. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .schedule import moment

PRESETS = ("today", "yesterday", "7", "30", "90", "year", "month", "last_month")
LONGEST_DAYS = 3660
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __iter__(self) -> Iterator[date]:
        for offset in range(self.days):
            yield self.first + timedelta(days=offset)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Period | None:
        """As many days, just before; None where the calendar begins."""
        try:
            return Period(self.first - timedelta(days=self.days), self.first - ONE_DAY)
        except OverflowError:
            return None

    @property
    def step(self) -> str:
        """What one column of a plot stands for: ``day``, ``week`` or ``month``."""
        return "day" if self.days <= 45 else "week" if self.days <= 190 else "month"

    def steps(self) -> list[date]:
        """The first day of each column."""
        return list(dict.fromkeys(step_start(day, self.step) for day in self))

    def months(self) -> list[date]:
        """The first days of the months that are wholly within."""
        found = []
        start = month_of(self.first)
        while start <= self.last:
            following = next_month(start)
            if start >= self.first and following - ONE_DAY <= self.last:
                found.append(start)
            start = following
        return found


def step_start(day: date, step: str) -> date:
    """The first day of the column that ``day`` is in; weeks begin on Monday."""
    if step == "month":
        return month_of(day)
    return day - timedelta(days=day.weekday()) if step == "week" else day


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(start: date) -> date:
    return (start.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_days(start: date) -> Period:
    return Period(start, next_month(start) - ONE_DAY)


def preset(name: str, today: date) -> Period | None:
    """The period of that name; None for none of PRESETS."""
    if name == "today":
        return Period(today, today)
    if name == "yesterday":
        return Period(today - ONE_DAY, today - ONE_DAY)
    if name in ("7", "30", "90"):
        return Period(today - timedelta(days=int(name) - 1), today)
    if name == "year":
        return Period(today - timedelta(days=364), today)
    if name == "month":
        return Period(month_of(today), today)
    if name == "last_month":
        last = month_of(today) - ONE_DAY
        return Period(month_of(last), last)
    return None


def between(first: date | None, last: date | None, today: date) -> Period | None:
    """The days that somebody chose, put in order and cut off at today; None if there are none of it."""
    if first is None and last is None:
        return None
    first, last = first or last, last or first
    assert first is not None and last is not None  # noqa: S101 - one of them is, so both are
    first, last = min(first, last), min(max(first, last), today)
    if first > last:
        return None
    return Period(max(first, last - timedelta(days=min(LONGEST_DAYS, last.toordinal()) - 1)), last)


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a day begins and when the next one does, in UTC: 23 to 25 hours later, where the clock is changed."""
    midnight = time(0)
    return moment(day, midnight, zone, later=False), moment(day + ONE_DAY, midnight, zone, later=False)


def day_at(at: datetime, zone: ZoneInfo) -> date:
    """The day whose bounds ``at`` (aware) is within. Nearly always the date that the clock shows."""
    shown = at.astimezone(zone).date()
    begin, end = bounds(shown, zone)
    return shown - ONE_DAY if at < begin else shown + ONE_DAY if at >= end else shown
