"""What was kept long enough goes, site by site, kind by kind. Idempotent; two at once do each thing once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from .. import broadcast, signals
from ..addresses import shortened, shortened_network
from ..caching import cache
from ..conf import conf
from ..models import Ban, Conversation, Entry, PageVisit, PrivacyLink, PrivacySettings, Visitor
from . import erasure

PURGED = "wagtail_livechat.purge"
BATCH = 200
"""Conversations in one transaction."""
KINDS = ("conversations", "archived", "texts", "visits", "visitors", "addresses")


def due(rules: PrivacySettings, now: datetime) -> dict[str, QuerySet[Any]]:
    """What is older than the site's rules allow: kind -> rows. Kinds that are kept for ever are absent."""
    found: dict[str, QuerySet[Any]] = {}

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    ended = Conversation.objects.filter(site=rules.site_id, state=Conversation.State.ENDED).order_by("pk")
    if rules.keep_conversations_days:
        limit = before(rules.keep_conversations_days)
        found["conversations"] = ended.filter(ended_at__lt=limit, archived_at__isnull=True)
    if rules.keep_archived_days:
        limit = before(rules.keep_archived_days)
        found["archived"] = ended.filter(ended_at__lt=limit, archived_at__isnull=False)
    if rules.keep_texts_days:
        limit = before(rules.keep_texts_days)
        found["texts"] = ended.filter(ended_at__lt=limit, texts_removed_at__isnull=True, archived_at__isnull=True)
    visitors = Visitor.objects.filter(site=rules.site_id).order_by("pk")
    if rules.keep_visits_days:
        limit = before(rules.keep_visits_days)
        found["visits"] = PageVisit.objects.filter(visitor__site=rules.site_id, at__lt=limit).order_by("pk")
        found["visitors"] = _without_conversations(visitors.filter(last_seen__lt=limit))
    if rules.keep_addresses_days:
        limit = before(rules.keep_addresses_days)
        found["addresses"] = visitors.filter(
            last_seen__lt=limit, ip_address__isnull=False, address_shortened=False
        ).exclude(conversations__state__in=Conversation.OPEN_STATES)
    return found


def _without_conversations(visitors: QuerySet[Visitor]) -> QuerySet[Visitor]:
    # Who is kept out by name stays known for as long as that holds.
    banned = Ban.objects.filter(visitor=OuterRef("pk"), lifted_at__isnull=True)
    return visitors.filter(~Exists(Conversation.objects.filter(visitor=OuterRef("pk"))), ~Exists(banned))


def preview(rules: PrivacySettings, now: datetime | None = None) -> dict[str, int]:
    """How many of what would go now by these rules, saved or not."""
    return {kind: rows.count() for kind, rows in due(rules, now or timezone.now()).items()}


def purge(rules: PrivacySettings, now: datetime | None = None, *, user: Any = None) -> dict[str, int]:
    """Do it for one site. Returns how many of what went; that much is kept in Wagtail's log."""
    now = now or timezone.now()
    done = Counter({kind: _REMOVE[kind](rows, now) for kind, rows in due(rules, now).items()})
    if rules.keep_addresses_days:
        done["addresses"] += _shorten_old_bans(now - timedelta(days=rules.keep_addresses_days))
    removed = {kind: count for kind, count in done.items() if count}
    if removed:
        erasure.note(PURGED, [rules.site_id], user=user, **removed)
    return removed


def purge_all(now: datetime | None = None) -> dict[str, int]:
    """Do it for every site that has rules, and forget links that nobody can use any more."""
    now = now or timezone.now()
    total: Counter[str] = Counter()
    for rules in PrivacySettings.objects.select_related("site"):
        total.update(purge(rules, now))
    total["links"] += PrivacyLink.objects.filter(expires_at__lte=now).delete()[0]
    return {kind: count for kind, count in total.items() if count}


def purge_now_and_then(now: datetime) -> int:
    """The same once in PURGE_SECONDS, whichever process comes first. Returns how many things went."""
    if not cache.add("livechat:purged", 1, conf.PURGE_SECONDS):
        return 0
    return sum(purge_all(now).values())


# ------------------------------------------------------------------------------------------------ by kind


def _remove_conversations(rows: QuerySet[Conversation], now: datetime) -> int:
    done = 0
    while batch := list(rows.values_list("pk", "uuid", "visitor_id")[:BATCH]):
        visitors = {visitor_id for _, _, visitor_id in batch}
        with transaction.atomic():
            keys = [pk for pk, _, _ in batch]
            signals.erasing_visitors.send(sender=Visitor, visitor_ids=[], conversation_ids=keys)
            erasure.clean_logs(Conversation, keys)
            done += erasure.delete_conversations(batch).get("conversation", 0)
        # With the last of their conversations a visitor goes too, unless they are still about.
        gone = now - timedelta(hours=conf.SHOW_ENDED_HOURS)
        left = _without_conversations(Visitor.objects.filter(pk__in=visitors, last_seen__lt=gone))
        _remove_visitors(left, now)
    return done


def _remove_texts(rows: QuerySet[Conversation], now: datetime) -> int:
    """What was written goes; that it was written, by which side and when stays."""
    done = 0
    while batch := list(rows.values_list("pk", "uuid", "visitor_id")[:BATCH]):
        keys, visitors = [pk for pk, _, _ in batch], {visitor_id for _, _, visitor_id in batch}
        with transaction.atomic():
            said = Entry.objects.filter(conversation__in=keys).exclude(kind=Entry.Kind.SYSTEM)
            said.update(body="", data={"removed": True})
            erasure.clean_logs(Conversation, keys)
            done += Conversation.objects.filter(pk__in=keys, texts_removed_at__isnull=True).update(
                texts_removed_at=now, wrap_up_note="", rating_comment="", page_url="", page_title=""
            )
            # Their details go with the last conversation in which something can still be read.
            readable = Conversation.objects.filter(visitor=OuterRef("pk"), texts_removed_at__isnull=True)
            Visitor.objects.filter(~Exists(readable), pk__in=visitors).update(
                name="", email="", phone="", reference="", user_agent="", page_url="", page_title=""
            )
            PageVisit.objects.filter(
                ~Q(visitor__conversations__texts_removed_at__isnull=True), visitor__in=visitors
            ).delete()
        for _, uuid, visitor_id in batch:
            broadcast.conversation_changed(uuid, visitor_id)
    return done


def _remove_visits(rows: QuerySet[PageVisit], now: datetime) -> int:
    return PageVisit.objects.filter(pk__in=rows.order_by().values("pk")).delete()[0]


def _remove_visitors(rows: QuerySet[Visitor], now: datetime) -> int:
    done = 0
    while batch := list(rows.values_list("pk", flat=True)[:BATCH]):
        done += erasure.erase_visitors(batch).get("visitor", 0)
    return done


def _shorten_addresses(rows: QuerySet[Visitor], now: datetime) -> int:
    done = 0
    for pk, address in list(rows.values_list("pk", "ip_address")):
        if not address:
            continue
        done += Visitor.objects.filter(pk=pk, ip_address=address).update(
            ip_address=shortened(address), address_shortened=True
        )
    return done


def _shorten_old_bans(limit: datetime) -> int:
    """Of those that have not held since ``limit``: the record stays, without the household."""
    over = Ban.objects.exclude(network="").filter(Q(lifted_at__lt=limit) | Q(expires_at__lt=limit))
    done = 0
    for ban in over.only("pk", "network"):
        network = shortened_network(ban.network)
        if network != ban.network:
            done += Ban.objects.filter(pk=ban.pk).update(network=network)
    return done


_REMOVE: dict[str, Callable[[QuerySet[Any], datetime], int]] = {
    "conversations": _remove_conversations,
    "archived": _remove_conversations,
    "texts": _remove_texts,
    "visits": _remove_visits,
    "visitors": _remove_visitors,
    "addresses": _shorten_addresses,
}
