"""What happened around ninety days of conversations: messages left in the evening, offers that ran out, searches."""

from __future__ import annotations

import hashlib
import random
import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone
from wagtail.models import Site

from example_site.shop.seed.people import People
from wagtail_livechat.helpdesk.models import Lookup
from wagtail_livechat.models import AutoMessage, AutoMessageDay, CaseCounter, Conversation, Entry, Offer, Visitor

QUESTIONS = [
    "My order has not arrived yet, can you tell me where it is?",
    "Do you have the blanket in another colour?",
    "I would like to return the rucksack. How do I do that?",
    "Could somebody call me about a repair?",
]
SEARCHES = ["delivery time", "return", "repair price", "gift card", "size chart", "sharpen axe", "invoice", "wool care"]


def seed_around(shop: Site, people: People, *, days: int) -> None:
    """Once, after the conversations. As always, the same things every time, counted back from today."""
    chance = random.Random(20262)
    zone = timezone.get_current_timezone()
    today = timezone.localdate()
    lookups, shown = [], []
    sale, _ = AutoMessage.objects.get_or_create(
        name="Autumn sale", defaults={"content": "Looking for a bargain? Ask us what is left.", "is_active": False}
    )
    for days_ago in range(days, 0, -1):
        day = today - timedelta(days=days_ago)

        def moment(hours: range) -> datetime:
            return datetime.combine(day, time(chance.choice(hours), chance.randrange(60)), zone)  # noqa: B023

        if chance.random() < 0.6:
            _message_left(chance, shop, people, moment(range(18, 23)))
        for _count in range(chance.randint(2, 7)):
            outcome = chance.choice(["answered", "answered", "answered", "asked", "asked", "nothing"])
            lookups.append(
                Lookup(
                    site=shop, language="en", query=chance.choice(SEARCHES), outcome=outcome, at=moment(range(7, 23))
                )
            )
        times = chance.randint(40, 140)
        clicked = round(times * chance.uniform(0.02, 0.07))
        shown.append(AutoMessageDay(message=sale.pk, day=day, shown=times, clicked=clicked))
    Lookup.objects.bulk_create(lookups, batch_size=500)
    AutoMessageDay.objects.bulk_create(shown)
    AutoMessage.objects.filter(pk=sale.pk).update(
        shown=sum(one.shown for one in shown), clicked=sum(one.clicked for one in shown)
    )
    _offers_that_ran_out(chance, people)


def _message_left(chance: random.Random, shop: Site, people: People, at: datetime) -> None:
    """A case, dealt with on the next morning."""
    dealt_with = at.replace(hour=8) + timedelta(days=1, minutes=chance.randint(0, 90))
    operator = chance.choice(people.operators)
    visitor = Visitor.objects.create(
        uuid=uuid.UUID(int=chance.getrandbits(128), version=4), site=shop, language="en", email="kim@post.example",
        token_hash=hashlib.sha256(chance.randbytes(32) + b"around").hexdigest(), created_at=at, last_seen=at,
    )  # fmt: skip
    counter, _ = CaseCounter.objects.get_or_create(year=at.year)
    counter.last += 1
    counter.save()
    conversation = Conversation.objects.create(
        uuid=uuid.UUID(int=chance.getrandbits(128), version=4), case_number=f"{at.year}-{counter.last:06d}", site=shop,
        visitor=visitor, department=people.departments[chance.choice(["sales", "service"])], language="en",
        state=Conversation.State.ENDED, ended_by="operator", email="kim@post.example", last_seq=2, created_at=at,
        queued_at=at, last_message_at=at, ended_at=dealt_with,
    )  # fmt: skip
    Entry.objects.create(
        conversation=conversation, seq=1, kind=Entry.Kind.TEXT, audience=Entry.Audience.EVERYONE, author="visitor",
        body=chance.choice(QUESTIONS), created_at=at,
    )  # fmt: skip
    Entry.objects.create(
        conversation=conversation, seq=2, kind=Entry.Kind.SYSTEM, audience=Entry.Audience.EVERYONE, author="system",
        operator=operator, author_name=operator.name, data={"event": "ended", "by": "operator"}, created_at=dealt_with,
    )  # fmt: skip


def _offers_that_ran_out(chance: random.Random, people: People) -> None:
    """One in twelve was first offered to somebody who did not take it."""
    offers = []
    for conversation in Conversation.objects.filter(answered_at__isnull=False).order_by("pk"):
        if chance.random() < 1 / 12:
            offers.append(
                Offer(
                    conversation=conversation, operator=chance.choice(people.operators),
                    state=chance.choice([Offer.State.EXPIRED, Offer.State.EXPIRED, Offer.State.DECLINED]),
                    made_at=conversation.created_at, answered_at=conversation.answered_at,
                )
            )  # fmt: skip
    Offer.objects.bulk_create(offers)
