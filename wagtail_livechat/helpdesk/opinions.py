"""What readers think of articles and FAQs: the figures behind the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncHour
from django.utils import timezone
from wagtail.models import Page

from .feedback import Kind
from .models import Faq, Feedback

PERIODS = (7, 30, 90, 365)
"""Days; None is all time."""
STEPS = 12
"""Pieces that a period is drawn in."""

Key = tuple[Kind, int]


@dataclass(frozen=True)
class Period:
    days: int | None
    start: datetime
    end: datetime

    @property
    def step(self) -> timedelta:
        return (self.end - self.start) / STEPS

    def place(self, at: datetime) -> int:
        """The piece that a moment is in."""
        return max(0, min(STEPS - 1, int((at - self.start) / self.step)))


def period(days: int | None, now: datetime | None = None) -> Period:
    end = now or timezone.now()
    if days is not None:
        return Period(days, end - timedelta(days=days), end)
    first = Feedback.objects.aggregate(first=Min("at"))["first"] or end
    return Period(None, min(first, end - timedelta(days=1)), end)


@dataclass
class Opinion:
    """What was said of one article or FAQ in a period."""

    kind: Kind
    item: Any
    votes: int
    helpful: int
    comments: int
    last: datetime
    change: int | None
    """Percentage points against the period before; None where one of them has no votes."""
    steps: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)] * STEPS)
    """(helped, did not help) in each piece of the period, the oldest first."""

    @property
    def title(self) -> str:
        return str(self.item.question if self.kind == "faq" else self.item.title)

    @property
    def language(self) -> str:
        return str(self.item.locale.language_code)

    @property
    def share(self) -> int:
        return percent(self.helpful, self.votes)

    @property
    def badness(self) -> float:
        """How bad it is, in all likelihood: one single No weighs less than ten of eleven."""
        return 1 - (self.helpful + 1) / (self.votes + 2)


def percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def said(site_id: int | None = None, kind: Kind | None = None, pk: int | None = None) -> QuerySet[Feedback]:
    """All feedback, or that on one site, or on one article or FAQ."""
    found = Feedback.objects.all() if site_id is None else Feedback.objects.filter(site=site_id)
    if kind == "faq":
        return found.filter(faq__isnull=False) if pk is None else found.filter(faq=pk)
    if kind == "article":
        return found.filter(page__isnull=False) if pk is None else found.filter(page=pk)
    return found


def opinions(found: QuerySet[Feedback], over: Period) -> list[Opinion]:
    """Of each article and FAQ that was voted on in the period, the worst first."""
    now = _counts(found.filter(at__gte=over.start, at__lte=over.end))
    before = _counts(found.filter(at__gte=over.start - (over.end - over.start), at__lt=over.start)) if over.days else {}
    steps = _steps(found, over)
    items = _items(now)
    rows = []
    for key, row in now.items():
        if key not in items:
            continue
        earlier = before.get(key)
        change = (
            percent(row["helped"], row["votes"]) - percent(earlier["helped"], earlier["votes"]) if earlier else None
        )
        pieces = [(steps[key, True, place], steps[key, False, place]) for place in range(STEPS)]
        rows.append(
            Opinion(key[0], items[key], row["votes"], row["helped"], row["comments"], row["last"], change, pieces)
        )
    return sorted(rows, key=lambda one: (-one.badness, -one.votes, one.title))


def _counts(found: QuerySet[Feedback]) -> dict[Key, dict[str, Any]]:
    rows = (
        found.order_by()
        .values("page", "faq")
        .annotate(
            votes=Count("pk"),
            helped=Count("pk", filter=Q(helpful=True)),
            comments=Count("pk", filter=~Q(comment="")),
            last=Max("at"),
        )
    )
    return {_key(row): row for row in rows}


def _key(row: Any) -> Key:
    return ("article", row["page"]) if row["page"] else ("faq", row["faq"])


def _steps(found: QuerySet[Feedback], over: Period) -> Counter[tuple[Key, bool, int]]:
    """(what, helped, piece of the period) -> votes."""
    rows = (
        found.filter(at__gte=over.start, at__lte=over.end)
        .order_by()
        .annotate(hour=TruncHour("at"))
        .values("page", "faq", "helpful", "hour")
        .annotate(votes=Count("pk"))
    )
    steps: Counter[tuple[Key, bool, int]] = Counter()
    for row in rows:
        steps[_key(row), row["helpful"], over.place(row["hour"])] += row["votes"]
    return steps


def _items(keys: Any) -> dict[Key, Any]:
    pages = Page.objects.select_related("locale").in_bulk([pk for kind, pk in keys if kind == "article"])
    faqs = Faq.objects.select_related("locale").in_bulk([pk for kind, pk in keys if kind == "faq"])
    return {**{("article", pk): page for pk, page in pages.items()}, **{("faq", pk): faq for pk, faq in faqs.items()}}


@dataclass(frozen=True)
class Bar:
    """A piece of the period as two rectangles, in a picture of 12 by 100: what helped stands below what did not."""

    x: int
    helped: int
    not_helped: int
    votes: int
    yes: int

    @property
    def top(self) -> int:
        return 100 - self.helped - self.not_helped

    @property
    def middle(self) -> int:
        return 100 - self.helped


def bars(steps: Sequence[tuple[int, int]]) -> list[Bar]:
    most = max((yes + no for yes, no in steps), default=0) or 1
    drawn = []
    for place, (yes, no) in enumerate(steps):
        drawn.append(Bar(place * 10, round(100 * yes / most), round(100 * no / most), yes + no, yes))
    return drawn


def versions(found: QuerySet[Feedback]) -> list[dict[str, Any]]:
    """Of each version of one article or FAQ: its votes, the newest version first."""
    rows = (
        found.order_by()
        .values("version")
        .annotate(votes=Count("pk"), helped=Count("pk", filter=Q(helpful=True)), first=Min("at"), last=Max("at"))
        .order_by("-last")
    )
    return [{**row, "share": percent(row["helped"], row["votes"])} for row in rows]
