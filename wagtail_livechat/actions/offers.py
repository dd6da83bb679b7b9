"""Someone must say yes: offers made, accepted, declined."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from .. import broadcast
from ..exceptions import AtCapacity, ConversationEnded, NotFound, OfferTaken
from ..models import Conversation, Offer, OfferDecline, Operator, Participation
from ..permissions import OperatorActor, visible_conversations
from . import timeline
from .presence import announce


def make_offer(conversation: Conversation) -> Offer:
    """Put a waiting conversation before everyone who sees its queue. Inside the caller's transaction."""
    offer = Offer.objects.create(conversation_id=conversation.pk, department_id=conversation.department_id)
    broadcast.offer_changed(offer.pk, conversation.uuid)
    return offer


def accept_offer(offer_id: int, *, actor: OperatorActor) -> Conversation:
    """Take the conversation. Of many who say yes at once one wins; for the same operator a second yes is the first.

    Raises OfferTaken (``by`` is the Operator who was first, or None), AtCapacity, ConversationEnded, NotFound.
    """
    offer = _visible_offer(offer_id, actor)
    with transaction.atomic():
        # The lock order is conversation, offer, operator, everywhere.
        row = timeline.take_seq(
            Q(("pk", offer.conversation_id), Q(state=Conversation.State.QUEUED)),
            state=Conversation.State.ACTIVE,
            operator_id=actor.operator_id,
            answered_at=Coalesce(F("answered_at"), Now()),
        )
        now = timezone.now()
        won = row is not None and Offer.objects.filter(pk=offer.pk, state=Offer.State.PENDING).update(
            state=Offer.State.ACCEPTED, answered_by=actor.operator_id, answered_at=now
        )
        if row is not None and won:
            _check_room(actor, now)
            _join(row, actor, now)
            timeline.append_system(row, "joined", operator=actor)
            _close_others(row, offer, now)
            broadcast.offer_changed(offer.pk, row.uuid)
            broadcast.conversation_changed(row.uuid, row.visitor_id)
            announce(actor.operator_id)
            return row
        transaction.set_rollback(True)
    return _too_late(offer, actor)


def _visible_offer(offer_id: int, actor: OperatorActor) -> Offer:
    offer = (
        Offer.objects.filter(Q(operator__isnull=True) | Q(operator=actor.operator_id), pk=offer_id)
        .select_related("conversation")
        .first()
    )
    if offer is None or not visible_conversations(actor).filter(pk=offer.conversation_id).exists():
        raise NotFound("There is no such offer.")
    return offer


def _check_room(actor: OperatorActor, now: datetime) -> None:
    # The UPDATE locks the operator, so that two accepted in two tabs are counted one after the other.
    Operator.objects.filter(pk=actor.operator_id).update(idle_since=now)
    capacity = Operator.objects.values_list("capacity", flat=True).get(pk=actor.operator_id)
    load = Participation.objects.filter(
        operator=actor.operator_id, state=Participation.State.JOINED, conversation__state=Conversation.State.ACTIVE
    ).count()
    if load >= capacity:
        raise AtCapacity(f"You have {load} open conversations, which is as many as you take at once. End one first.")


def _join(row: Conversation, actor: OperatorActor, now: datetime) -> None:
    Participation.objects.update_or_create(
        conversation_id=row.pk,
        operator_id=actor.operator_id,
        defaults={"state": Participation.State.JOINED, "is_listed": True, "joined_at": now, "left_at": None},
    )


def _close_others(row: Conversation, offer: Offer, now: datetime) -> None:
    others = Offer.objects.filter(conversation_id=row.pk, state=Offer.State.PENDING).exclude(pk=offer.pk)
    for pk in list(others.values_list("pk", flat=True)):
        broadcast.offer_changed(pk, row.uuid)
    others.update(state=Offer.State.WITHDRAWN, answered_at=now)


def _too_late(offer: Offer, actor: OperatorActor) -> Conversation:
    """The conversation, if this very operator already has it; else the reason, raised."""
    offer = Offer.objects.select_related("conversation", "answered_by__user").get(pk=offer.pk)
    has_it = offer.conversation.operator_id == actor.operator_id
    if offer.state == Offer.State.ACCEPTED and offer.answered_by_id == actor.operator_id and has_it:
        return offer.conversation
    if offer.conversation.state == Conversation.State.ENDED:
        raise ConversationEnded("The conversation ended before you could take it.")
    first = offer.answered_by
    raise OfferTaken(f"{first.name} was first." if first else "This offer is no longer open.", by=first)


def decline_offer(offer_id: int, *, actor: OperatorActor) -> None:
    """Say no. An open offer stays open to the others; one made to this operator is closed. Raises NotFound.

    Declining what is no longer open is no mistake: nothing happens.
    """
    offer = _visible_offer(offer_id, actor)
    if offer.operator_id is None:
        if offer.state == Offer.State.PENDING:
            OfferDecline.objects.get_or_create(offer=offer, operator_id=actor.operator_id)
    else:
        Offer.objects.filter(pk=offer.pk, state=Offer.State.PENDING).update(
            state=Offer.State.DECLINED, answered_by=actor.operator_id, answered_at=timezone.now()
        )
    broadcast.offer_changed(offer.pk, offer.conversation.uuid)


def withdraw_offers(conversation: Conversation) -> None:
    """Nobody needs to take it any more. Inside the caller's transaction, which holds the conversation's lock."""
    pending = Offer.objects.filter(conversation_id=conversation.pk, state=Offer.State.PENDING)
    for pk in list(pending.values_list("pk", flat=True)):
        broadcast.offer_changed(pk, conversation.uuid)
    pending.update(state=Offer.State.WITHDRAWN, answered_at=timezone.now())
