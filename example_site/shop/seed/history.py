"""Ninety days of past conversations: the same ones every time, counted back from today.

Written with bulk_create: these are facts of the past, which nobody is to be told about.
"""

from __future__ import annotations

import hashlib
import random
import uuid
from collections import Counter
from datetime import datetime, time, timedelta

from django.utils import timezone
from wagtail.models import Site

from example_site.shop.models import ProductPage
from example_site.shop.seed.dialogues import DIALOGUES, NAMES, Dialogue
from example_site.shop.seed.people import People
from wagtail_livechat.models import CaseCounter, Conversation, Entry, Participation, Visitor

AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36",
]
# How the day goes: hardly anyone at seven, most after lunch and in the evening.
HOURS = (
    [7] * 1 + [8] * 3 + [9] * 6 + [10] * 8 + [11] * 8 + [12] * 6 + [13] * 8 + [14] * 8 + [15] * 7 + [16] * 6 + [17] * 3
)
RATINGS = [5] * 11 + [4] * 6 + [3] * 2 + [2] + [1]
PRAISE = {
    "en": ["Quick and kind.", "Exactly what I needed to know.", "Nice to talk to someone who knows.", ""],
    "sv": ["Snabbt och vänligt.", "Precis det jag ville veta.", "Skönt att prata med någon som kan.", ""],
}


def seed_history(shop: Site, outlet: Site, people: People, *, days: int) -> int:
    """Add the past; returns how many conversations. Does nothing where conversations are already."""
    if Conversation.objects.exists():
        return 0
    chance = random.Random(20261)
    zone = timezone.get_current_timezone()
    today = timezone.localdate()
    pages = {site: _products_of(site) for site in (shop, outlet)}
    addresses = {page.pk: page.get_full_url() or "" for of_site in pages.values() for page in of_site}
    cases: Counter[int] = Counter()
    visitors: list[Visitor] = []
    conversations: list[Conversation] = []
    plots: list[_Plot] = []

    for days_ago in range(days, 0, -1):
        day = today - timedelta(days=days_ago)
        busy = 4 if day.weekday() >= 5 else 8
        starts = sorted(
            datetime.combine(day, time(chance.choice(HOURS), chance.randrange(60), chance.randrange(60)), zone)
            for _ in range(chance.randint(busy - 2, busy + 4))
        )
        for started in starts:
            dialogue = chance.choice(DIALOGUES)
            site = outlet if chance.random() < 0.2 else shop
            choice = [page for page in pages[site] if page.locale.language_code == dialogue.language] or [None]
            page = chance.choice(choice)
            plot = _Plot(chance, dialogue, started, chance.choice(people.operators))
            cases[started.year] += 1
            name = chance.choice(NAMES[dialogue.language])
            visitor = Visitor(
                uuid=_uuid(chance),
                site=site,
                # No token has this hash, so nobody can come back as one of these visitors.
                token_hash=hashlib.sha256(chance.randbytes(32) + b"seed").hexdigest(),
                name=name if chance.random() < 0.7 else "",
                email=f"{name.split()[0].lower().translate(_ASCII)}@post.example" if chance.random() < 0.6 else "",
                language=dialogue.language,
                user_agent=chance.choice(AGENTS),
                ip_address=f"192.0.2.{chance.randint(1, 254)}",
                created_at=started,
                last_seen=plot.ended,
                page_url=addresses.get(page.pk, "") if page else "",
                page_title=page.title if page else "",
            )
            visitors.append(visitor)
            rated = plot.answered is not None and chance.random() < 0.55
            rating = chance.choice(RATINGS) if rated else None
            reason = people.reasons[dialogue.reason] if plot.answered else people.reasons[-1]
            conversations.append(
                Conversation(
                    uuid=_uuid(chance),
                    case_number=f"{started.year}-{cases[started.year]:06d}",
                    site=site,
                    visitor=visitor,
                    department=people.departments[dialogue.department],
                    operator=plot.operator if plot.answered else None,
                    state=Conversation.State.ENDED,
                    language=dialogue.language,
                    page_id=page.pk if page else None,
                    page_url=visitor.page_url,
                    page_title=visitor.page_title,
                    last_seq=len(plot.entries),
                    visitor_delivered_seq=len(plot.entries),
                    visitor_seen_seq=len(plot.entries),
                    operator_delivered_seq=len(plot.entries) if plot.answered else 0,
                    operator_seen_seq=len(plot.entries) if plot.answered else 0,
                    created_at=started,
                    queued_at=started,
                    answered_at=plot.answered,
                    first_reply_at=plot.first_reply,
                    last_message_at=plot.last_message,
                    ended_at=plot.ended,
                    ended_by=plot.ended_by,
                    wrap_up_reason=reason,
                    rating=rating,
                    rating_comment=chance.choice(PRAISE[dialogue.language]) if rating and rating >= 4 else "",
                )
            )
            plots.append(plot)

    Visitor.objects.bulk_create(visitors, batch_size=500)
    Conversation.objects.bulk_create(conversations, batch_size=500)
    entries: list[Entry] = []
    participations: list[Participation] = []
    for conversation, plot in zip(conversations, plots, strict=True):
        for entry in plot.entries:
            entry.conversation = conversation
        entries += plot.entries
        if plot.answered:
            participations.append(
                Participation(
                    conversation=conversation, operator=plot.operator, state=Participation.State.LEFT, is_listed=False,
                    delivered_seq=conversation.last_seq, seen_seq=conversation.last_seq,
                    joined_at=plot.answered, left_at=plot.ended,
                )
            )  # fmt: skip
    Entry.objects.bulk_create(entries, batch_size=500)
    Participation.objects.bulk_create(participations, batch_size=500)
    for year, last in cases.items():
        CaseCounter.objects.update_or_create(year=year, defaults={"last": last})
    return len(conversations)


def _products_of(site: Site) -> list[ProductPage]:
    """The products of a site in all its languages."""
    return [
        page
        for home in site.root_page.get_translations(inclusive=True)
        for page in ProductPage.objects.descendant_of(home).select_related("locale")
    ]


_ASCII = str.maketrans("åäöøæéÅÄÖ", "aaooaeaao")


def _uuid(chance: random.Random) -> uuid.UUID:
    return uuid.UUID(int=chance.getrandbits(128), version=4)


class _Plot:
    """When what was said, in one conversation."""

    def __init__(self, chance: random.Random, dialogue: Dialogue, started: datetime, operator: object) -> None:
        self.operator = operator
        self.entries: list[Entry] = []
        self.answered: datetime | None = None
        self.first_reply: datetime | None = None
        self._chance = chance
        now = started
        first, *rest = dialogue.lines
        self._say("visitor", first[1], now)
        self.last_message = now
        if chance.random() < 0.07:
            # Nobody answered, and after some minutes they gave up.
            self.ended = now + timedelta(seconds=chance.randint(180, 700))
            self.ended_by = "visitor"
            self._system("ended", self.ended, by="visitor")
            return
        now += timedelta(seconds=min(900, int(chance.lognormvariate(3.4, 0.9)) + 4))
        self.answered = now
        self._system("joined", now)
        for who, text in rest:
            now += timedelta(seconds=chance.randint(8, 25) + len(text) // 4)
            self._say("operator" if who == "o" else "visitor", text, now)
            if who == "o" and self.first_reply is None:
                self.first_reply = now
            self.last_message = now
        now += timedelta(seconds=chance.randint(5, 120))
        self.ended = now
        self.ended_by = "visitor" if chance.random() < 0.6 else "operator"
        self._system("ended", now, by=self.ended_by)

    def _say(self, author: str, text: str, at: datetime) -> None:
        by_operator = author == "operator"
        self.entries.append(
            Entry(
                seq=len(self.entries) + 1, client_id=_uuid(self._chance), kind=Entry.Kind.TEXT,
                audience=Entry.Audience.EVERYONE, author=author, body=text, created_at=at,
                operator=self.operator if by_operator else None,
                author_name=self.operator.name if by_operator else "",  # type: ignore[attr-defined]
            )
        )  # fmt: skip

    def _system(self, event: str, at: datetime, **data: str) -> None:
        concerns_operator = event == "joined" or data.get("by") == "operator"
        self.entries.append(
            Entry(
                seq=len(self.entries) + 1, kind=Entry.Kind.SYSTEM, audience=Entry.Audience.EVERYONE,
                author="system", data={"event": event, **data}, created_at=at,
                operator=self.operator if concerns_operator else None,
                author_name=self.operator.name if concerns_operator else "",  # type: ignore[attr-defined]
            )
        )  # fmt: skip
