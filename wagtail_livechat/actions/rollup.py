"""Keep the daily rollup: build days, keep the counts of what is erased, mark what changed afterwards.

A day is built in one transaction that begins by locking its row in Counted, which stands there before: whoever changes
one of its conversations later marks that row, and so either comes before the counting or has it counted again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Min, Q
from django.utils import timezone

from .. import reckoning
from ..caching import cache
from ..models import AutoMessageDay, Conversation, Counted, DepartmentTally, KeyTally, OperatorTally, PageTally, Span
from ..periods import ONE_DAY, Period, day_at, month_days, month_of, next_month
from ..reckoning import Day, Reckoned
from ..tallies import OF_OFFERS

SWEEP_DAYS = 10
"""Days that one sweep builds at most: it shares its thread with who is chatting."""
SECONDS = 1800
"""Between two looks of the sweep for days to build."""
_BATCH = 500


@dataclass
class Done:
    days: int = 0
    months: int = 0
    more: bool = False
    """There is more to do."""


def roll_up(
    now: datetime | None = None,
    *,
    period: Period | None = None,
    site_ids: Iterable[int] | None = None,
    rebuild: bool = False,
    most: int | None = None,
) -> Done:
    """Build what is not built or has changed, up to yesterday: of all sites and days, or of those that are named.

    ``rebuild``: also what is built and has not changed. ``most``: stop after as many days. Idempotent.
    """
    now = now or timezone.now()
    done = Done()
    first_of = _firsts(site_ids)
    for site_id, zone in reckoning.zones(first_of).items():
        today = day_at(now, zone)
        began = first_of[site_id]
        first = day_at(began, zone) if began else today
        rows = {row.start: row for row in Counted.objects.filter(site=site_id, span=Span.DAY)}
        # Cut by another time zone, also those of which no conversation is left.
        first = min([first, *(day for day, row in rows.items() if row.zone != zone.key)])
        last = today - ONE_DAY
        if period is not None:
            first, last = max(first, period.first), min(last, period.last)
        due = [
            day
            for day in (Period(first, last) if first <= last else ())
            for row in [rows.get(day)]
            if rebuild or row is None or row.is_stale or row.open_ones or row.zone != zone.key
        ]
        if most is not None and len(due) > most - done.days:
            due, done.more = due[: most - done.days], True
        _announce(site_id, zone.key, [day for day in due if day not in rows])
        for day in due:
            row = rows.get(day)
            build(Day(site_id, day, zone), with_keys=rebuild or row is None or row.zone != zone.key, is_new=row is None)
        done.days += len(due)
        done.months += _add_up_months(site_id, zone.key, today)
    return done


def _firsts(site_ids: Iterable[int] | None) -> dict[int, datetime | None]:
    """Site -> when the first of its conversations began that is still there; None where only counts are left."""
    rows, counted = Conversation.objects.all(), Counted.objects.all()
    if site_ids is not None:
        site_ids = list(site_ids)
        rows, counted = rows.filter(site__in=site_ids), counted.filter(site__in=site_ids)
    found: dict[int, datetime | None] = dict.fromkeys(counted.order_by().values_list("site_id", flat=True).distinct())
    firsts = rows.order_by().values("site_id").annotate(first=Min("created_at")).values_list("site_id", "first")
    found.update((site_id, first) for site_id, first in firsts if site_id is not None)
    return found


def _announce(site_id: int, zone: str, days: Iterable[date]) -> None:
    """The rows by which days are locked, committed before anything is read (unless a transaction is open already)."""
    rows = [Counted(site_id=site_id, span=Span.DAY, start=day, zone=zone) for day in days]
    Counted.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)


def now_and_then(now: datetime) -> int:
    """Some of it, once in a while, whichever process comes first. Returns how many days were built."""
    if not cache.add("livechat:rolled_up", 1, SECONDS):
        return 0
    done = roll_up(now, most=SWEEP_DAYS)
    if done.more:
        cache.delete("livechat:rolled_up")
    return done.days


# ------------------------------------------------------------------------------------------------- a day


def build(one: Day, *, with_keys: bool = True, is_new: bool = False) -> None:
    """Count a day anew and put it in place of what was there. Its row in Counted has to be there.

    ``with_keys``: also what other apps count; they may have removed since what they counted when the day was new.
    ``is_new``: there is nothing that it replaces.
    """
    with transaction.atomic():
        _lock(one, is_stale=False, zone=one.zone.key, counted_at=timezone.now())
        counted = reckoning.of_days([one], with_keys=with_keys)[one]
        _replace(one.site_id, Span.DAY, one.day, counted, with_keys=with_keys, is_new=is_new)
        if counted.open_ones or not is_new:
            _lock(one, open_ones=counted.open_ones)
        if not is_new:
            _forget_month(one)


def _forget_month(one: Day) -> None:
    """It is added up again by the next job, and until then read day by day."""
    Counted.objects.filter(site=one.site_id, span=Span.MONTH, start=month_of(one.day)).delete()


def _lock(one: Day, **changes: Any) -> None:
    """The day's lock until the transaction ends, on every database."""
    changes = changes or {"is_stale": F("is_stale")}
    Counted.objects.filter(site=one.site_id, span=Span.DAY, start=one.day).update(**changes)


def _replace(
    site_id: int, span: str, start: date, counted: Reckoned, *, with_keys: bool = True, is_new: bool = False
) -> None:
    where: dict[str, Any] = {"site_id": site_id, "span": span, "start": start}
    tables = (DepartmentTally, OperatorTally, PageTally, *([KeyTally] if with_keys else []))
    for model in () if is_new else tables:
        model._default_manager.filter(**where).delete()
    weekday = 0 if span == Span.MONTH else start.weekday()
    DepartmentTally.objects.bulk_create(
        [
            DepartmentTally(**where, department=department, **reckoning.columns(tally, weekday))
            for department, tally in counted.departments.items()
        ],
        batch_size=_BATCH,
    )
    OperatorTally.objects.bulk_create(
        [
            OperatorTally(
                **where, department=department, operator=operator, **reckoning.columns(tally, weekday, OF_OFFERS)
            )
            for (department, operator), tally in counted.operators.items()
        ],
        batch_size=_BATCH,
    )
    PageTally.objects.bulk_create(
        [
            PageTally(**where, department=department, page=page, started=started)
            for (department, page), started in counted.pages.items()
        ],
        batch_size=_BATCH,
    )
    KeyTally.objects.bulk_create([KeyTally(**where, key=key, total=total) for key, total in counted.keys.items()])


# ----------------------------------------------------------------------------------------------- a month


def _add_up_months(site_id: int, zone: str, today: date) -> int:
    """Months that are over, of which every day since the first is counted, and that are not added up."""
    counted = Counted.objects.filter(site=site_id, zone=zone).order_by("start")
    days = list(counted.filter(span=Span.DAY).values_list("start", flat=True))
    there = set(counted.filter(span=Span.MONTH).values_list("start", flat=True))
    of_month = Counter(month_of(day) for day in days)
    done = 0
    for start, number in sorted(of_month.items()):
        due = sum(day >= days[0] for day in month_days(start))
        if start not in there and next_month(start) <= today and number == due:
            _add_up(site_id, zone, start)
            done += 1
    return done


def _add_up(site_id: int, zone: str, start: date) -> None:
    with transaction.atomic():
        # Whoever builds one of its days, or keeps something of it, waits; on SQLite there is one writer anyway.
        days = Counted.objects.filter(site=site_id, span=Span.DAY, start__range=_ends(start)).order_by("start")
        list(days.select_for_update().values_list("pk", flat=True))
        _replace(site_id, Span.MONTH, start, sum_of(site_id, start))
        Counted.objects.update_or_create(
            site_id=site_id, span=Span.MONTH, start=start, defaults={"zone": zone, "is_stale": False}
        )


def _ends(start: date) -> tuple[date, date]:
    whole = month_days(start)
    return whole.first, whole.last


def sum_of(site_id: int, start: date) -> Reckoned:
    """A month's days, those of what is gone among them."""
    summed = Reckoned()
    where = Q(site=site_id, span__in=(Span.DAY, Span.GONE), start__range=_ends(start))
    for row in DepartmentTally.objects.filter(where).iterator():
        summed.departments[row.department].add(reckoning.tally_of(row))
    for one in OperatorTally.objects.filter(where).iterator():
        summed.operators[one.department, one.operator].add(reckoning.tally_of(one))
    for page in PageTally.objects.filter(where).iterator():
        summed.pages[page.department, page.page] += page.started
    for key in KeyTally.objects.filter(where):
        summed.keys[key.key] = summed.keys.get(key.key, 0) + key.total
    return summed


# ------------------------------------------------------------------------------------------ what changes


def touch(conversation_id: int) -> None:
    """A conversation has changed that may be counted already: its day is counted again. In the caller's transaction."""
    row = Conversation.objects.filter(pk=conversation_id).values_list("site_id", "created_at").first()
    if row is None or row[0] is None:
        return
    site_id, began = row
    zone = reckoning.zones([site_id])[site_id]
    # Whatever it says now: a build that has begun and will have missed this may just be about to say otherwise.
    _lock(Day(site_id, day_at(began, zone), zone), is_stale=True)


def keep(conversation_ids: Iterable[int]) -> None:
    """These conversations are about to be deleted, in the caller's transaction: their counts stay.

    They go to the part of their day that is never counted anew, and out of the part that is.
    """
    ids = list(conversation_ids)
    going = reckoning.of_conversations(ids)
    for one in sorted(going, key=lambda day: (day.site_id, day.day)):
        _lock(one)
        _add_gone(one, going[one])
        if Counted.objects.filter(site=one.site_id, span=Span.DAY, start=one.day).exists():
            left = reckoning.of_days([one], with_keys=False, without=ids)[one]
            _replace(one.site_id, Span.DAY, one.day, left, with_keys=False)
            _forget_month(one)


def _add_gone(one: Day, counted: Reckoned) -> None:
    where = {"site_id": one.site_id, "span": Span.GONE, "start": one.day}
    summed = Reckoned()
    for row in DepartmentTally.objects.filter(**where):
        summed.departments[row.department].add(reckoning.tally_of(row))
    for row_of in OperatorTally.objects.filter(**where):
        summed.operators[row_of.department, row_of.operator].add(reckoning.tally_of(row_of))
    for page in PageTally.objects.filter(**where):
        summed.pages[page.department, page.page] += page.started
    for department, tally in counted.departments.items():
        summed.departments[department].add(tally)
    for place, tally in counted.operators.items():
        summed.operators[place].add(tally)
    for page_key, started in counted.pages.items():
        summed.pages[page_key] += started
    _replace(one.site_id, Span.GONE, one.day, summed, with_keys=False)


def count_auto_message(message: int, day: date, what: str) -> None:
    """One more on that day."""
    rows = AutoMessageDay.objects.filter(message=message, day=day)
    if not rows.update(**{what: F(what) + 1}):
        try:
            with transaction.atomic():
                AutoMessageDay.objects.create(message=message, day=day, **{what: 1})
        except IntegrityError:  # Another first one of the day was quicker.
            rows.update(**{what: F(what) + 1})
