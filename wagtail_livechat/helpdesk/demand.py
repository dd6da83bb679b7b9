"""What visitors looked for and did not find, and what they then asked: for editors, who can write it down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone
from wagtail.models import Page

from .. import demand
from ..models import Conversation
from ..veils import veil_for
from .models import Lookup

ROWS = 100
QUESTIONS = 3
"""First messages that are shown of each page, the newest first."""
QUESTION_LENGTH = 160


@dataclass(frozen=True)
class Chosen:
    """Which searches and conversations are meant."""

    days: int = 30
    site: int | None = None
    language: str = ""

    @property
    def since(self) -> datetime:
        return timezone.now() - timedelta(days=self.days)


@dataclass(frozen=True)
class Search:
    """What was looked for, however it was written."""

    query: str
    count: int
    last: datetime
    language: str
    site: int
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    text: str
    """As everybody who may read the record may see it."""
    case: str
    language: str
    site: int


@dataclass
class PageChats:
    page: Page
    chats: int
    since_publish: int | None
    topics: tuple[tuple[str, int], ...]
    questions: list[Question] = field(default_factory=list)


def searches(chosen: Chosen, outcome: str) -> list[Search]:
    """Searches that ended so, the most frequent first."""
    found = Lookup.objects.filter(outcome=outcome, at__gte=chosen.since)
    if chosen.site is not None:
        found = found.filter(site=chosen.site)
    if chosen.language:
        found = found.filter(language__istartswith=chosen.language)
    grouped = (
        found.annotate(asked=Lower("query"))
        .values("asked", "language", "site")
        .annotate(n=Count("pk"), last=Max("at"))
        .order_by("-n", "-last")[:ROWS]
    )
    rows = list(grouped)
    titles: dict[tuple[str, str, int], dict[str, None]] = {}
    near = found.annotate(asked=Lower("query")).filter(asked__in={row["asked"] for row in rows}).exclude(page=None)
    for asked, language, site, title in near.values_list("asked", "language", "site", "page__title"):
        titles.setdefault((asked, language, site), {})[title] = None
    return [
        Search(
            row["asked"],
            row["n"],
            row["last"],
            row["language"],
            row["site"],
            tuple(titles.get((row["asked"], row["language"], row["site"]), {}))[:QUESTIONS],
        )
        for row in rows
    ]


def chats(chosen: Chosen, visible: QuerySet[Conversation]) -> list[PageChats]:
    """Pages on which conversations began, the most frequent first, with what was asked there first."""
    meant = visible.filter(created_at__gte=chosen.since)
    if chosen.site is not None:
        meant = meant.filter(site=chosen.site)
    if chosen.language:
        meant = meant.filter(language__istartswith=chosen.language)
    counted = demand.by_page(meant, ROWS)
    pages = Page.objects.in_bulk([pk for pk, _ in counted])
    found = []
    for pk, count in counted:
        page = pages[pk]
        here = meant.filter(page=pk)
        published = page.last_published_at
        since = visible.filter(page=pk, created_at__gte=published).count() if published else None
        newest = list(here.order_by("-created_at", "-pk")[:QUESTIONS])
        found.append(PageChats(page, count, since, demand.topics(here.values("pk")), _questions(newest)))
    return found


def _questions(conversations: Iterable[Any]) -> list[Question]:
    conversations = list(conversations)
    words = demand.first_words([conversation.pk for conversation in conversations])
    found = []
    for conversation in conversations:
        # Whoever reads this: nobody's right lifts the veil from a list that is exported.
        text = veil_for(None, conversation.site_id).text(words.get(conversation.pk, ""))
        text = " ".join(text.split())
        if text:
            short = text if len(text) <= QUESTION_LENGTH else f"{text[: QUESTION_LENGTH - 1]}…"
            found.append(Question(short, conversation.case_number, conversation.language, conversation.site_id))
    return found
