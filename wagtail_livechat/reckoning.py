"""Count conversations from their rows: what the rollup keeps of a day, and what of today is not in it yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.module_loading import import_string

from . import histograms, tallies
from .extensions import paths
from .models import Conversation, Entry, LiveChatSettings, Offer, OfferDecline, OperatorTally, Span
from .periods import bounds, day_at
from .tallies import COUNTS, DAY_LANES, OF_OFFERS, TIMES, Case, Tally

KEYS = ("deflected", "asked", "nothing", "helpful", "unhelpful")
"""What other apps may count: questions that a suggestion answered, that were asked all the same, searches that found
nothing, and readers whom an article helped, or not."""

Provider = Callable[[int, datetime, datetime], Mapping[str, int]]
"""(primary key of a site, begin, end) -> how many of some of KEYS between the two."""


@dataclass
class Reckoned:
    """One day of one site."""

    departments: dict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))
    operators: dict[tuple[int, int], Tally] = field(default_factory=lambda: defaultdict(Tally))
    """(department, operator) -> counts."""
    pages: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    """(department, page) -> conversations that began there."""
    keys: dict[str, int] = field(default_factory=dict)
    open_ones: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    site_id: int
    day: date
    zone: ZoneInfo

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return bounds(self.day, self.zone)


def zones(site_ids: Iterable[int]) -> dict[int, ZoneInfo]:
    """The time zone of each site."""
    site_ids = list(site_ids)
    chosen = {row.site_id: row.zone for row in LiveChatSettings.objects.filter(site__in=site_ids)}
    return {site_id: chosen.get(site_id) or LiveChatSettings(site_id=site_id).zone for site_id in site_ids}


def providers() -> list[Provider]:
    """What installed apps count (see extensions.py)."""
    return [import_string(path) for path in paths("livechat_statistics")]


def of_days(days: Iterable[Day], *, with_keys: bool = True, without: Iterable[int] = ()) -> dict[Day, Reckoned]:
    """Count these days from the conversations that are there, but for those ``without``.

    The number of queries does not grow with the conversations.
    """
    days = list(days)
    if not days:
        return {}
    spans = {one: one.bounds for one in days}
    within = Q()
    for one, (begin, end) in spans.items():
        within |= Q(site=one.site_id, created_at__gte=begin, created_at__lt=end)
    rows = Conversation.objects.filter(within)
    if without := list(without):
        rows = rows.exclude(pk__in=without)
    counted = _count(rows, days)
    for one in days:
        counted.setdefault(one, Reckoned())
    if with_keys:
        for provider in providers():
            for one, (begin, end) in spans.items():
                found = provider(one.site_id, begin, end)
                mine = counted[one].keys
                for key in KEYS:
                    if number := int(found.get(key, 0)):
                        mine[key] = mine.get(key, 0) + number
    return counted


def of_conversations(ids: Iterable[int]) -> dict[Day, Reckoned]:
    """Count these conversations, by the days on which they began."""
    rows = Conversation.objects.filter(pk__in=list(ids)).order_by()
    begun = list(rows.values_list("site_id", "created_at"))
    zone_of = zones({site_id for site_id, _ in begun})
    days = {Day(site_id, day_at(created, zone_of[site_id]), zone_of[site_id]) for site_id, created in begun}
    return _count(rows, days)


def _count(rows: QuerySet[Conversation], days: Iterable[Day]) -> dict[Day, Reckoned]:
    counted: dict[Day, Reckoned] = defaultdict(Reckoned)
    zone_of = {one.site_id: one.zone for one in days}
    known = {(one.site_id, one.day): (one, *one.bounds) for one in days}
    keys = rows.order_by().values("pk")
    fields: Any = rows.order_by().values_list(
        "pk", "site_id", "department_id", "operator_id", "page_id",
        "state", "created_at", "answered_at", "first_reply_at", "ended_at", "ended_by", "rating", "auto_message",
    )  # fmt: skip
    found = list(fields)
    if not found:
        return {}
    places: dict[int, tuple[Reckoned, int]] = {}
    dealt_with, offered = _dealt_with(keys), _offered(keys)
    for pk, site_id, department, operator, page, *facts in found:
        case = Case(*facts)
        local = case.created.astimezone(zone_of[site_id])
        place = known.get((site_id, local.date()))
        if place is None or not place[1] <= case.created < place[2]:
            # The clock was put back over midnight: an hour of the evening is shown again on the next day.
            place = known[site_id, day_at(case.created, zone_of[site_id])]
        one = place[0]
        mine = counted[one]
        department = department or 0
        into = [mine.departments[department]]
        operator = operator if case.answered is not None else dealt_with.get(pk)
        if operator:
            into.append(mine.operators[department, operator])
        tallies.count(case, one.day.weekday(), local.hour, into)
        mine.pages[department, page or 0] += 1
        if case.state in Conversation.OPEN_STATES:
            mine.open_ones += 1
        if pk in offered:
            places[pk] = mine, department
    for pk, (mine, department) in places.items():
        for what, operator, number in offered[pk]:
            tally = mine.operators[department, operator]
            setattr(tally, what, getattr(tally, what) + number)
    return dict(counted)


def _dealt_with(keys: QuerySet[Any]) -> dict[int, int]:
    """Cases that were left and have been dealt with -> the operator who said so."""
    ended = Conversation.objects.filter(pk__in=keys, state="ended", answered_at=None, ended_by="operator").order_by()
    who = Entry.objects.filter(conversation=OuterRef("pk"), kind="system", operator__isnull=False).order_by("-seq")
    return dict(
        ended.annotate(who=Subquery(who.values("operator")[:1])).filter(who__isnull=False).values_list("pk", "who")
    )


def _offered(keys: QuerySet[Any]) -> dict[int, list[tuple[str, int, int]]]:
    """Conversation -> what operators were asked and did not take: (count of OF_OFFERS, operator, how many)."""
    found: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    new = Offer.objects.filter(conversation__in=keys, kind=Offer.Kind.NEW)
    alone = new.filter(operator__isnull=False, state__in=(Offer.State.EXPIRED, Offer.State.DECLINED))
    for pk, operator, state, number in alone.values_list("conversation", "operator", "state").annotate(n=Count("pk")):
        found[pk].append(("unanswered" if state == Offer.State.EXPIRED else "declined", operator, number))
    open_to_all = OfferDecline.objects.filter(offer__conversation__in=keys, offer__kind=Offer.Kind.NEW)
    for pk, operator, number in open_to_all.values_list("offer__conversation", "operator").annotate(n=Count("pk")):
        found[pk].append(("declined", operator, number))
    return found


# ------------------------------------------------------------------------------------------ rows of tallies


def columns(tally: Tally, weekday: int, more: tuple[str, ...] = ()) -> dict[str, Any]:
    """A tally as its columns. Of a day only its own 24 hours are kept."""
    return {
        **{name: getattr(tally, name) for name in (*COUNTS, *more)},
        **{name: histograms.to_bytes(getattr(tally, name)) for name in TIMES},
        "hours": histograms.to_bytes(tally.hours >> shift(weekday)),
    }


def shift(weekday: int) -> int:
    """By how many bits the hours of a weekday are further up in a week than those of Monday."""
    return weekday * DAY_LANES * histograms.LANE


def tally_of(row: Any) -> Tally:
    """A row of a day or a month as a tally."""
    more = OF_OFFERS if isinstance(row, OperatorTally) else ()
    tally = Tally(**{name: getattr(row, name) for name in (*COUNTS, *more)})
    for name in TIMES:
        setattr(tally, name, histograms.from_bytes(getattr(row, name)))
    weekday = 0 if row.span == Span.MONTH else row.start.weekday()
    tally.hours = histograms.from_bytes(row.hours) << shift(weekday)
    return tally
