"""Opening hours: is it open at this moment, and when does it open next? Pure.

A span belongs to the date on which it begins, in the site's own time zone, and may last past midnight. What begins on a
date is what an exception says of it; without one, nothing on a public holiday; else what the week says. So the night from
Friday to a Saturday that is a holiday is as long as on any Friday, and nothing begins on the Saturday.

Times are what the clock on the wall shows. A time that the clock skips in spring stands for the moment of the change. In
autumn an hour is shown twice: a span that begins in it begins with the first, one that ends in it ends with the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

HORIZON_DAYS = 400
"""How far ahead an opening is looked for: beyond any holiday that comes once a year."""


@dataclass(frozen=True, slots=True)
class Span:
    """From ``opens`` until ``closes``, which is on the next day unless it is later. Two equal times are 24 hours."""

    opens: time
    closes: time


@dataclass(frozen=True)
class Hours:
    """When a site is open. ``weekly``: weekday (Monday is 0) -> spans; ``exceptions``: date -> spans, none for closed."""

    zone: ZoneInfo
    weekly: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    country: str = ""
    """ISO 3166 code of the country on whose public holidays it is closed; empty: open on them."""
    region: str = ""
    """Code of a part of the country that has holidays of its own, such as BY in DE."""

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """What begins on ``day``."""
        if day in self.exceptions:
            return self.exceptions[day]
        if self.country and day in public_holidays(self.country, self.region, day.year):
            return ()
        return self.weekly.get(day.weekday(), ())


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether it is open at ``at`` (aware). The moment of opening belongs to it, that of closing does not."""
    return any(start <= at < end for start, end in _stretches(hours, at, days=1))


def next_opening(hours: Hours, at: datetime) -> datetime | None:
    """The first moment from ``at`` (aware) on at which it is open, in UTC: ``at`` itself if it is open then.

    None if it does not open within HORIZON_DAYS.
    """
    at = at.astimezone(UTC)
    # In the order of their dates, which is that of their beginnings but where a change of the clock turns two around.
    best: datetime | None = None
    for start, end in _stretches(hours, at, days=HORIZON_DAYS):
        if best is not None and start - best > timedelta(days=2):
            break
        if end > at:
            candidate = max(start, at)
            best = candidate if best is None else min(best, candidate)
            if best == at:
                break
    return best


def next_change(hours: Hours, at: datetime) -> datetime | None:
    """The first moment after ``at`` at which it opens or closes, in UTC; None if it stays so for HORIZON_DAYS."""
    at = at.astimezone(UTC)
    if not is_open(hours, at):
        return next_opening(hours, at)
    end = at
    for _ in range(HORIZON_DAYS):
        later = max((stop for start, stop in _stretches(hours, end, days=1) if start <= end < stop), default=end)
        if later == end:
            return end
        end = later
    return None


def _stretches(hours: Hours, at: datetime, *, days: int) -> Iterator[tuple[datetime, datetime]]:
    """(start, end) in UTC of all that begins from the day before ``at`` until ``days`` after it; empty ones left out."""
    today = at.astimezone(hours.zone).date()
    for offset in range(-2, days + 1):
        try:
            day = today + timedelta(days=offset)
            following = day + timedelta(days=1)
        except OverflowError:
            continue
        for span in hours.spans_on(day):
            start = moment(day, span.opens, hours.zone, later=False)
            end = moment(day if span.closes > span.opens else following, span.closes, hours.zone, later=True)
            if start < end:
                yield start, end


def moment(day: date, at: time, zone: ZoneInfo, *, later: bool) -> datetime:
    """When the clock shows ``at`` on ``day``, in UTC; of two such moments the first, or the ``later``.

    If the clock never shows it: the moment at which it skips it.
    """
    shown = datetime.combine(day, at.replace(tzinfo=None, fold=int(later)), tzinfo=zone)
    found = shown.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == shown.replace(tzinfo=None):
        return found
    # In a gap the two readings are either side of the change; it is where the offset changes.
    early, late = sorted(shown.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    offset = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)


@lru_cache(maxsize=256)
def public_holidays(country: str, region: str, year: int) -> frozenset[date]:
    """The dates of a country's public holidays in a year; none for a country or part that is not known."""
    import holidays  # Takes a tenth of a second, and not every site closes on them.

    try:
        return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))
    except NotImplementedError:
        return frozenset()


def knows_holidays(country: str, region: str = "") -> bool:
    """Whether the public holidays of this country, or of this part of it, are known."""
    return country in _known() and (not region or region in _known()[country])


def regions_with_holidays(country: str) -> tuple[str, ...]:
    """Codes of the parts of a country that have holidays of their own."""
    return tuple(_known().get(country, ()))


@lru_cache(maxsize=1)
def _known() -> dict[str, list[str]]:
    import holidays

    return holidays.list_supported_countries(include_aliases=False)
