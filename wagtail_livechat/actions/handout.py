"""Whom a waiting conversation is put before: everyone in an open queue, or one operator after the other."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from .. import assignment, broadcast
from ..conf import conf
from ..models import Conversation, Department, LiveChatSettings, Offer, Operator
from . import timeline

OFFER_SECONDS = LiveChatSettings._meta.get_field("offer_seconds").default


def hand_out(row: Conversation) -> Offer | None:
    """Offer a conversation that has just been queued. Inside the caller's transaction, which holds its lock.

    Returns None if it is handed out one at a time and nobody has room: ``assign_waiting`` comes back to it.
    """
    if _one_at_a_time(row.department_id):
        return offer_next(row)
    return make(row, department_id=row.department_id)


def _one_at_a_time(department_id: int | None) -> bool:
    return Department.objects.filter(pk=department_id, handout=Department.Handout.ONE).exists()


def make(row: Conversation, **fields: object) -> Offer:
    """Make and announce an offer. Inside the caller's transaction."""
    offer = Offer.objects.create(conversation_id=row.pk, **fields)
    broadcast.offer_changed(offer.pk, row.uuid)
    return offer


def deadline(site_id: int | None, now: datetime) -> datetime:
    """Until when an offer made now waits for its answer."""
    seconds = LiveChatSettings.objects.filter(site_id=site_id).values_list("offer_seconds", flat=True).first()
    return now + timedelta(seconds=seconds or OFFER_SECONDS)


def offer_next(row: Conversation) -> Offer | None:
    """Offer a waiting conversation to the operator whose turn it is; None if nobody has room.

    Inside the caller's transaction, which holds the conversation's lock.
    """
    now = timezone.now()
    full: set[int] = set()
    while True:
        chosen = assignment.choose(
            (c for c in candidates(row, now) if c.id not in full),
            language=row.language,
            asked=_asked(row),
        )
        if chosen is None:
            return None
        # Locks the operator: two conversations handed out at once must not both find the last place.
        Operator.objects.filter(pk=chosen).update(idle_since=F("idle_since"))
        if any(c.id == chosen and c.has_room for c in candidates(row, now)):
            return make(
                row,
                operator_id=chosen,
                department_id=row.department_id,
                made_at=now,
                deadline=deadline(row.site_id, now),
            )
        full.add(chosen)


def _asked(row: Conversation) -> list[int]:
    """Who was asked since it was queued, in order."""
    asked = Offer.objects.filter(
        conversation_id=row.pk, kind=Offer.Kind.NEW, operator__isnull=False, made_at__gte=row.queued_at
    )
    return [pk for pk in asked.order_by("made_at", "pk").values_list("operator_id", flat=True) if pk is not None]


def answers_for(row: Conversation) -> Q:
    """Filter for Operator: those whose departments and sites a conversation belongs to."""
    sites = Q(sites=row.site_id) | Q(sites__isnull=True)
    if row.department_id is None:
        return sites
    return sites & (Q(departments=row.department_id) | Q(departments__isnull=True))


def candidates(row: Conversation, now: datetime) -> list[assignment.Candidate]:
    """Who is available for a conversation now, with all that waits for them counted as load."""
    alive = now - timedelta(seconds=conf.GRACE_SECONDS)
    available = Operator.objects.filter(is_active=True, status=Operator.Status.AVAILABLE, last_seen__gt=alive)
    available = available.filter(answers_for(row))
    open_ones = Q(participations__state="joined", participations__conversation__state=Conversation.State.ACTIVE)
    asked = Q(offers__state=Offer.State.PENDING)
    return [
        assignment.Candidate(
            id=operator.pk,
            load=operator.open_ones + operator.asked,
            capacity=operator.capacity,
            idle_since=operator.idle_since,
            languages=operator.language_codes,
        )
        for operator in available.annotate(
            open_ones=Count("participations", filter=open_ones, distinct=True),
            asked=Count("offers", filter=asked, distinct=True),
        )
    ]


def assign_waiting() -> int:
    """Offer what waits and is offered to nobody. Idempotent. Returns how many offers were made.

    In one-at-a-time departments nobody had room; others were such a department when it was queued.
    """
    waiting = (
        Conversation.objects.filter(state=Conversation.State.QUEUED)
        .exclude(offers__state=Offer.State.PENDING)
        .order_by("queued_at", "pk")
    )
    made = 0
    nobody_left: set[tuple[int | None, int | None]] = set()
    for pk, *queue in list(waiting.values_list("pk", "department_id", "site_id")):
        if tuple(queue) in nobody_left:
            continue
        with transaction.atomic():
            row = timeline.lock(Q(("pk", pk), Q(state=Conversation.State.QUEUED)))
            if row is None or Offer.objects.filter(conversation_id=pk, state=Offer.State.PENDING).exists():
                continue
            if hand_out(row) is None:
                nobody_left.add((row.department_id, row.site_id))
            else:
                made += 1
    return made
