"""What was kept long enough goes, site by site, kind by kind. Idempotent; two at once do each thing once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from .. import broadcast, signals
from ..addresses import shortened, shortened_network
from ..caching import cache
from ..conf import conf
from ..models import (
    Attachment,
    Ban,
    Conversation,
    Entry,
    OutgoingMail,
    PageVisit,
    PrivacyLink,
    PrivacySettings,
    Visitor,
)
from . import erasure

PURGED = "wagtail_livechat.purge"
BATCH = 200
"""Conversations in one transaction."""
KINDS = ("conversations", "archived", "texts", "visitors", "visits", "addresses", "bans")
"""In the order in which they go."""
OVER = (Conversation.State.ENDED, Conversation.State.OFFLINE)


def due(rules: PrivacySettings, now: datetime) -> dict[str, QuerySet[Any]]:
    """What is older than the site's rules allow: kind -> rows, each row in one kind. Kinds that are kept for ever are absent."""
    found: dict[str, QuerySet[Any]] = {}

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    # A message that was left and that nobody marked as dealt with is as old as it is; otherwise it would stay for ever.
    over = (
        Conversation.objects.filter(site=rules.site_id, state__in=OVER)
        .annotate(over_at=Coalesce("ended_at", "queued_at"))
        .order_by("pk")
    )
    whole = Q(pk__in=[])
    if rules.keep_conversations_days:
        condition = Q(over_at__lt=before(rules.keep_conversations_days), archived_at__isnull=True)
        found["conversations"] = over.filter(condition)
        whole |= condition
    if rules.keep_archived_days:
        condition = Q(over_at__lt=before(rules.keep_archived_days), archived_at__isnull=False)
        found["archived"] = over.filter(condition)
        whole |= condition
    if rules.keep_texts_days:
        limit = before(rules.keep_texts_days)
        found["texts"] = over.filter(
            over_at__lt=limit, texts_removed_at__isnull=True, archived_at__isnull=True
        ).exclude(whole)
    leaving = _leaving(rules, over.filter(whole), now)
    if found.keys() & {"conversations", "archived"} or rules.keep_visits_days:
        found["visitors"] = leaving
    if rules.keep_visits_days:
        visits = PageVisit.objects.filter(visitor__site=rules.site_id, at__lt=before(rules.keep_visits_days))
        found["visits"] = visits.exclude(visitor__in=leaving.order_by().values("pk")).order_by("pk")
    if rules.keep_addresses_days:
        limit = before(rules.keep_addresses_days)
        found["addresses"] = (
            Visitor.objects.filter(site=rules.site_id, last_seen__lt=limit, address_shortened=False)
            .exclude(ip_address=None)
            .exclude(conversations__state__in=Conversation.OPEN_STATES)
            .exclude(pk__in=leaving.order_by().values("pk"))
            .order_by("pk")
        )
        over_since = Ban.objects.exclude(network="").filter(Q(lifted_at__lt=limit) | Q(expires_at__lt=limit))
        whole_ones = [ban.pk for ban in over_since.only("network") if shortened_network(ban.network) != ban.network]
        found["bans"] = Ban.objects.filter(pk__in=whole_ones).order_by("pk")
    return {kind: found[kind] for kind in KINDS if kind in found}


def _leaving(rules: PrivacySettings, deleted: QuerySet[Conversation], now: datetime) -> QuerySet[Visitor]:
    """Visitors who go: with the last of their conversations, unless they are still about; and those who have none and were
    not seen for as long as pages, or conversations, are kept."""
    mine = Conversation.objects.filter(visitor=OuterRef("pk"))
    goes = Q(Exists(mine), last_seen__lt=now - timedelta(hours=conf.SHOW_ENDED_HOURS))
    for days in (rules.keep_visits_days, rules.keep_conversations_days):
        if days:
            goes |= Q(last_seen__lt=now - timedelta(days=days))
    return _alone(Visitor.objects.filter(goes, site=rules.site_id), besides=deleted).order_by("pk")


def _alone(visitors: QuerySet[Visitor], *, besides: QuerySet[Conversation]) -> QuerySet[Visitor]:
    """Those of ``visitors`` who have no conversation but those ``besides``, and who are not kept out by name: they stay
    known for as long as that holds."""
    others = Conversation.objects.filter(visitor=OuterRef("pk")).exclude(pk__in=besides.order_by().values("pk"))
    banned = Ban.objects.filter(visitor=OuterRef("pk"), lifted_at__isnull=True)
    return visitors.filter(~Exists(others), ~Exists(banned))


def preview(rules: PrivacySettings, now: datetime | None = None) -> dict[str, int]:
    """How many of what would go now by these rules, saved or not."""
    return {kind: rows.count() for kind, rows in due(rules, now or timezone.now()).items()}


def purge(rules: PrivacySettings, now: datetime | None = None, *, user: Any = None) -> dict[str, int]:
    """Do it for one site. Returns how many of what went, as ``preview`` told; that much is kept in Wagtail's log."""
    now = now or timezone.now()
    rows = due(rules, now)
    counts = preview(rules, now)
    # Visitors are read before the conversations go that they go with.
    leaving = list(rows["visitors"].values_list("pk", flat=True)) if "visitors" in rows else []
    for kind, found in rows.items():
        _REMOVE[kind](Visitor.objects.filter(pk__in=leaving) if kind == "visitors" else found, now)
    removed = {kind: count for kind, count in counts.items() if count}
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
        left = Visitor.objects.filter(pk__in=visitors, last_seen__lt=gone)
        _remove_visitors(_alone(left, besides=Conversation.objects.none()), now)
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
                texts_removed_at=now, wrap_up_note="", rating_comment="", page_url="", page_title="", email=""
            )
            # One by one: with each goes its file. A letter says to whom, and would say what was written.
            for attachment in Attachment.objects.filter(conversation__in=keys):
                attachment.delete()
            OutgoingMail.objects.filter(conversation__in=keys).delete()
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


def _shorten_bans(rows: QuerySet[Ban], now: datetime) -> int:
    """Of those that hold no more: the record stays, without the household."""
    return sum(Ban.objects.filter(pk=ban.pk).update(network=shortened_network(ban.network)) for ban in rows)


_REMOVE: dict[str, Callable[[QuerySet[Any], datetime], int]] = {
    "conversations": _remove_conversations,
    "archived": _remove_conversations,
    "texts": _remove_texts,
    "visits": _remove_visits,
    "visitors": _remove_visitors,
    "addresses": _shorten_addresses,
    "bans": _shorten_bans,
}
