"""What time brings: idempotent, safe to run twice at once, called by whoever has a heartbeat."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from .. import broadcast, snapshots
from ..caching import cache
from ..conf import conf
from ..models import Conversation, LiveChatSettings, Operator
from ..permissions import SystemActor
from . import letters, retention, rollup, visitors
from .announcements import announce
from .conversations import end_conversation, requeue
from .handout import assign_waiting
from .offers import expire_offers
from .presence import expire_leases

logger = logging.getLogger("wagtail_livechat")


def sweep(now: datetime | None = None) -> dict[str, int]:
    """Do all that is due. Returns how many of each: ``gone`` operators, ``left`` visitors, ``requeued``, ``ended``, … ."""
    now = now or timezone.now()
    return {
        "gone": expire_leases(now),
        "left": visitors.expire_leases(now),
        "unanswered": expire_offers(now),
        "assigned": assign_waiting(),
        "requeued": _requeue_of_gone_operators(now),
        "ended": _end_idle(now),
        "purged": retention.purge_now_and_then(now),
        "counted": rollup.now_and_then(now),
        "opened": _open_and_close(),
        "letters": int(letters.due(now)),
    }


def sweep_offers(running: float, now: datetime | None = None) -> int:
    """Only what was not answered in time, since ``running`` seconds: earlier deadlines passed while nobody could answer.

    Returns how many."""
    now = now or timezone.now()
    return expire_offers(now, since=now - timedelta(seconds=running))


def sweep_now_and_then() -> None:
    """Sweep unless somebody did within the last SWEEP_SECONDS: for doors that have no clock of their own."""
    if cache.add("livechat:swept", 1, conf.SWEEP_SECONDS):
        sweep()


def _open_and_close() -> int:
    """Tell the visitors of sites that their opening hours have just opened or closed. Returns how many sites."""
    by_hours = LiveChatSettings.objects.filter(enabled=True, mode=LiveChatSettings.Mode.SCHEDULE)
    changed = 0
    for site_id in by_hours.values_list("site_id", flat=True):
        is_closed = snapshots.site_status(site_id).opens_at is not None
        key = f"livechat:closed:{site_id}"
        before = cache.get(key)
        if before != is_closed:
            cache.set(key, is_closed, snapshots.MARK_SECONDS)
            if before is not None:
                broadcast.site_changed(site_id)
                changed += 1
    return changed


def _requeue_of_gone_operators(now: datetime) -> int:
    limit = now - timedelta(seconds=conf.GRACE_SECONDS)
    gone = (
        Operator.objects.exclude(last_seen__gt=limit).filter(conversations__state=Conversation.State.ACTIVE).distinct()
    )
    done = 0
    for operator in gone.select_related("user"):
        mine = Conversation.objects.filter(operator=operator, state=Conversation.State.ACTIVE)
        pks = list(mine.values_list("pk", flat=True))
        requeued = sum(requeue(pk, gone=operator, unless_seen_since=limit) for pk in pks)
        if requeued:
            announce(operator.pk)
        done += requeued
    return done


def _end_idle(now: datetime) -> int:
    limit = now - timedelta(hours=conf.IDLE_HOURS)
    idle = Conversation.objects.filter(state__in=Conversation.OPEN_STATES, last_message_at__lt=limit)
    uuids = list(idle.values_list("uuid", flat=True)[:200])
    for conversation in uuids:
        end_conversation(conversation, actor=SystemActor(), reason="idle")
    return len(uuids)
