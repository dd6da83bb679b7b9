"""What pages make visitors ask: chats by page, and what they are about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from .models import Conversation

TOPICS = 3


@dataclass(frozen=True, slots=True)
class Demand:
    chats: int
    since_publish: int | None
    """Since the page was last published; None if it never was."""
    topics: tuple[tuple[str, int], ...]
    """Tags and wrap-up reasons, the most frequent first."""


def month_began(now: datetime | None = None) -> datetime:
    """The first moment of this month, in the server's time zone."""
    local = timezone.localtime(now or timezone.now())
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def of_page(page: Any, conversations: QuerySet[Conversation], since: datetime) -> Demand:
    """The chats that began on this page, among those that the reader may see. Four queries."""
    here = conversations.filter(page=page.pk)
    published = page.last_published_at
    recent = here.filter(created_at__gte=since)
    return Demand(
        chats=recent.count(),
        since_publish=here.filter(created_at__gte=published).count() if published else None,
        topics=topics(recent.values("pk")),
    )


def topics(conversations: Any) -> tuple[tuple[str, int], ...]:
    """What these conversations (a query of their keys, or the keys) were about, as operators marked them."""
    of_these = Conversation.objects.filter(pk__in=conversations)
    counts: dict[str, int] = {}
    for field in ("tags__name", "wrap_up_reason__name"):
        named = of_these.exclude(Q((field, None))).values_list(field).annotate(n=Count("pk", distinct=True)).order_by()
        for name, count in named:
            counts[name] = counts.get(name, 0) + count
    ranked = sorted(counts.items(), key=lambda found: (-found[1], found[0].casefold()))
    return tuple(ranked[:TOPICS])


def by_page(conversations: QuerySet[Conversation], limit: int = 50) -> list[tuple[int, int]]:
    """(page, chats), the most first; conversations that began elsewhere are not counted."""
    counted = conversations.exclude(page=None).values_list("page").annotate(n=Count("pk")).order_by("-n", "page")
    return list(counted[:limit])


def first_words(conversations: Iterable[int]) -> dict[int, str]:
    """Conversation -> the visitor's first message, as it is stored: hide what is to be hidden."""
    from .models import Entry

    entries = Entry.objects.filter(conversation__in=conversations, author="visitor", kind=Entry.Kind.TEXT)
    found: dict[int, str] = {}
    for conversation, text in entries.order_by("conversation", "seq").values_list("conversation", "body"):
        found.setdefault(conversation, text)
    return found
