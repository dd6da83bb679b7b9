"""What the statistics say about a period: read from the rollup, and counted on the spot for the days that are not in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F, Min, Q, Sum

from . import histograms, reckoning, tallies
from .models import (
    AutoMessage,
    AutoMessageDay,
    Conversation,
    Counted,
    DepartmentTally,
    KeyTally,
    OperatorTally,
    PageTally,
    Span,
)
from .periods import ONE_DAY, Period, bounds, day_at, month_days, month_of, step_start
from .permissions import OperatorActor
from .reckoning import Day, Reckoned
from .tallies import COUNTS, OF_OFFERS, TIMES, Tally

LIVE_DAYS = 3
"""Days of a site that are counted while somebody waits for the page: today, and what the next job is still to do."""
OF_OPERATOR = ("first_answer", "length")
"""Histograms that are shown for each operator."""


@dataclass(frozen=True)
class Scope:
    """Which part of what happened."""

    site_ids: tuple[int, ...]
    departments: frozenset[int] | None = None
    """0 is none; None: all."""
    operator: int = 0
    """0: all."""


@dataclass
class Figures:
    period: Period
    before: Period | None
    total: Tally = field(default_factory=Tally)
    total_before: Tally = field(default_factory=Tally)
    steps: dict[date, Tally] = field(default_factory=dict)
    """By the first day of each column."""
    departments: dict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))
    operators: dict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))
    pages: list[tuple[int, int]] = field(default_factory=list)
    """(page, conversations), most first; page 0 is all that is no page of the CMS."""
    keys: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    keys_before: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    auto_messages: list[tuple[str, int, int]] = field(default_factory=list)
    """(name, shown, clicked), most shown first."""
    missing: int = 0
    """Days with conversations that are counted nowhere yet."""


def scope_of(reader: OperatorActor, site_ids: Iterable[int], *, department: int | None, operator: int) -> Scope:
    """What of it this reader may see: whoever does not see every department sees theirs, and what is in none."""
    allowed = None if reader.sees_all or not reader.departments else frozenset({0, *reader.departments})
    if department is not None:
        allowed = frozenset({department}) & allowed if allowed is not None else frozenset({department})
    theirs = tuple(site_id for site_id in site_ids if not reader.sites or site_id in reader.sites)
    return Scope(theirs, allowed, operator)


def read(scope: Scope, period: Period, now: datetime) -> Figures:
    """The figures of a period and of the one before. The number of queries does not grow with what there is."""
    before = period.before()
    found = Figures(period, before, steps={start: Tally() for start in period.steps()})
    cut = _Cut(scope, Period(before.first if before else period.first, period.last), now)
    found.missing = cut.missing_in(period)
    by_day = period.step != "month"
    for start, department, tally in _tallies(scope, cut.within(period, by_day=by_day)):
        _note(found, start, department, tally)
    for one, counted in cut.live.items():
        _note_live(found, scope, one, counted)
    if before is not None:
        for _, _, tally in _tallies(scope, cut.within(before)):
            found.total_before.add(tally)
    _read_operators(found, scope, cut)
    if not scope.operator:
        _read_pages(found, scope, cut)
    _read_keys(found, scope, cut)
    _read_auto_messages(found, scope)
    return found


class _Cut:
    """How days are found: as months, as days, or not in the rollup at all."""

    def __init__(self, scope: Scope, whole: Period, now: datetime) -> None:
        self.zones = reckoning.zones(scope.site_ids)
        rows = Counted.objects.filter(site__in=scope.site_ids)
        self.months: dict[int, set[date]] = defaultdict(set)
        self.days: dict[int, set[date]] = defaultdict(set)
        near = rows.filter(start__range=(month_of(whole.first), whole.last))
        for site_id, span, start in near.values_list("site_id", "span", "start"):
            (self.months if span == Span.MONTH else self.days)[site_id].add(start)
        first_of = dict(
            rows.filter(span=Span.DAY).values("site_id").annotate(n=Min("start")).values_list("site_id", "n")
        )
        late: list[Day] = []
        self.missing: dict[Day, None] = {}
        for site_id, zone in self.zones.items():
            today = day_at(now, zone)
            last = min(whole.last, today)
            first = max(whole.first, first_of.get(site_id, whole.first))
            uncounted = [day for day in Period(first, last) if day not in self.days[site_id]] if first <= last else []
            late += [Day(site_id, day, zone) for day in uncounted if day > today - LIVE_DAYS * ONE_DAY]
            self.missing |= dict.fromkeys(
                Day(site_id, day, zone) for day in uncounted if day <= today - LIVE_DAYS * ONE_DAY
            )
        self.live = reckoning.of_days(late)

    def within(self, period: Period, *, by_day: bool = False) -> Q:
        """Rows of the rollup that together are this period. ``by_day``: without months."""
        found = Q(pk__in=[])
        for site_id in self.zones:
            months = [] if by_day else [start for start in period.months() if start in self.months[site_id]]
            here = Q(span=Span.MONTH, start__in=months) if months else Q(pk__in=[])
            for gap in _gaps(period, months):
                here |= Q(span__in=(Span.DAY, Span.GONE), start__range=(gap.first, gap.last))
            found |= Q(site=site_id) & here
        return found

    def missing_in(self, period: Period) -> int:
        """Days that the rollup lacks, if there is anything to count in them."""
        lacking = [one for one in self.missing if one.day in period]
        if not lacking:
            return 0
        spans = Q()
        for site_id, zone in self.zones.items():
            if mine := [one.day for one in lacking if one.site_id == site_id]:
                begin, end = bounds(min(mine), zone)[0], bounds(max(mine), zone)[1]
                spans |= Q(site=site_id, created_at__gte=begin, created_at__lt=end)
        return len({one.day for one in lacking}) if Conversation.objects.filter(spans).exists() else 0


def _gaps(period: Period, months: list[date]) -> Iterator[Period]:
    """What of the period is in none of these months."""
    first = period.first
    for start in months:
        if first < start:
            yield Period(first, start - ONE_DAY)
        first = month_days(start).last + ONE_DAY
    if first <= period.last:
        yield Period(first, period.last)


_TALLY_FIELDS = (*COUNTS, *TIMES, "hours")


def _tallies(scope: Scope, within: Q) -> Iterator[tuple[date, int, Tally]]:
    """(start, department, counts) of the rows in scope."""
    rows: Any = OperatorTally.objects.filter(operator=scope.operator) if scope.operator else DepartmentTally.objects
    rows = rows.filter(within)
    if scope.departments is not None:
        rows = rows.filter(department__in=scope.departments)
    for span, start, department, *values in rows.values_list("span", "start", "department", *_TALLY_FIELDS):
        tally = Tally(**dict(zip(COUNTS, values, strict=False)))
        for name, stored in zip(TIMES, values[len(COUNTS) :], strict=False):
            setattr(tally, name, histograms.from_bytes(stored))
        weekday = 0 if span == Span.MONTH else start.weekday()
        tally.hours = histograms.from_bytes(values[-1]) << reckoning.shift(weekday)
        yield start, department, tally


def _note(found: Figures, start: date, department: int, tally: Tally) -> None:
    found.total.add(tally)
    found.departments[department].add(tally)
    found.steps[max(step_start(start, found.period.step), min(found.steps))].add(tally)


def _note_live(found: Figures, scope: Scope, one: Day, counted: Reckoned) -> None:
    """A day that was counted just now, in the period or before it."""
    for (department, operator), tally in counted.operators.items():
        if _covers(scope, department) and scope.operator in (0, operator):
            if scope.operator:
                _note_live_tally(found, one.day, department, tally)
            if one.day in found.period:
                found.operators[operator].add(tally)
    if not scope.operator:
        for department, tally in counted.departments.items():
            if _covers(scope, department):
                _note_live_tally(found, one.day, department, tally)


def _note_live_tally(found: Figures, day: date, department: int, tally: Tally) -> None:
    if day in found.period:
        _note(found, day, department, tally)
    else:
        found.total_before.add(tally)


def _covers(scope: Scope, department: int) -> bool:
    return scope.departments is None or department in scope.departments


def _in_scope(rows: Any, scope: Scope, within: Q) -> Any:
    rows = rows.filter(within)
    return rows if scope.departments is None else rows.filter(department__in=scope.departments)


def _read_operators(found: Figures, scope: Scope, cut: _Cut) -> None:
    rows = _in_scope(OperatorTally.objects, scope, cut.within(found.period))
    if scope.operator:
        rows = rows.filter(operator=scope.operator)
    names = (*COUNTS, *OF_OFFERS)
    # Plain numbers are added up by the database, histograms here: many rows, few operators.
    sums = rows.order_by().values("operator").annotate(**{f"sum_{name}": Sum(name) for name in names})
    for operator, *values in sums.values_list("operator", *(f"sum_{name}" for name in names)):
        found.operators[operator].add(Tally(**dict(zip(names, values, strict=True))))
    summed: dict[int, list[int]] = defaultdict(lambda: [0] * len(OF_OPERATOR))
    convert = histograms.from_bytes
    for operator, first_answer, length in rows.order_by().values_list("operator", *OF_OPERATOR):
        mine = summed[operator]
        mine[0] += convert(first_answer)
        mine[1] += convert(length)
    for operator, (first_answer, length) in summed.items():
        found.operators[operator].add(Tally(first_answer=first_answer, length=length))


def _read_pages(found: Figures, scope: Scope, cut: _Cut) -> None:
    rows = _in_scope(PageTally.objects, scope, cut.within(found.period)).order_by()
    counts: dict[int, int] = defaultdict(int)
    for page, started in rows.values("page").annotate(n=Sum("started")).values_list("page", "n"):
        counts[page] += started
    for one, counted in cut.live.items():
        if one.day in found.period:
            for (department, page), started in counted.pages.items():
                if _covers(scope, department):
                    counts[page] += started
    found.pages = sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _read_keys(found: Figures, scope: Scope, cut: _Cut) -> None:
    """Of whole sites, whatever the department: a search belongs to none."""
    for period, into in ((found.period, found.keys), (found.before, found.keys_before)):
        if period is None:
            continue
        rows = KeyTally.objects.filter(cut.within(period)).order_by()
        for key, number in rows.values("key").annotate(n=Sum("total")).values_list("key", "n"):
            into[key] += number
        for one, counted in cut.live.items():
            if one.day in period:
                for key, number in counted.keys.items():
                    into[key] += number


def _read_auto_messages(found: Figures, scope: Scope) -> None:
    names = dict(AutoMessage.objects.filter(Q(site=None) | Q(site__in=scope.site_ids)).values_list("pk", "name"))
    rows = AutoMessageDay.objects.filter(day__range=(found.period.first, found.period.last), message__in=names)
    sums = rows.order_by().values("message").annotate(s=Sum("shown"), c=Sum("clicked")).order_by(F("s").desc())
    found.auto_messages = [(names[pk], shown, clicked) for pk, shown, clicked in sums.values_list("message", "s", "c")]


def total_by_hour(tally: Tally, what: str) -> list[int]:
    """Of the 24 hours, whatever the weekday."""
    return [sum(day[hour] for day in tally.by_hour(what)) for hour in range(tallies.HOURS)]


def by_weekday(tally: Tally, what: str) -> list[int]:
    """Monday to Sunday."""
    return [sum(day) for day in tally.by_hour(what)]
