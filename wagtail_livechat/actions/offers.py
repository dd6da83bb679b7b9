"""Someone must say yes: what happens to an offer once it is made.

The lock order is conversation, offer, operator, everywhere.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .. import broadcast
from ..exceptions import AtCapacity, ConversationEnded, NotFound, OfferTaken
from ..models import Conversation, Offer, OfferDecline, Operator, Participation
from ..permissions import OperatorActor, visible_conversations
from . import handout, timeline
from .announcements import announce

KINDS_OF_STATE = {
    Offer.Kind.NEW: Conversation.State.QUEUED,
    Offer.Kind.TRANSFER: Conversation.State.ACTIVE,
    Offer.Kind.CONFERENCE: Conversation.State.ACTIVE,
}
"""The state in which a conversation must be for an offer of a kind to be accepted."""


def accept_offer(offer_id: int, *, actor: OperatorActor) -> Conversation:
    """Say yes. Of many who do at once one wins; for the same operator a second yes is the first.

    Raises OfferTaken (``by`` is the Operator who was first, or None), AtCapacity, ConversationEnded, NotFound.
    """
    offer = visible_offer(offer_id, actor)
    with transaction.atomic():
        row = timeline.take_seq(
            Q(("pk", offer.conversation_id), Q(state=KINDS_OF_STATE[Offer.Kind(offer.kind)])), **_changes(offer, actor)
        )
        now = timezone.now()
        won = row is not None and _close(offer, Offer.State.ACCEPTED, now, by=actor.operator_id)
        if row is not None and won:
            _check_room(actor, now)
            _join(row, actor, now)
            if offer.kind == Offer.Kind.TRANSFER:
                _hand_over(row, offer, actor, now)
            else:
                timeline.append_system(row, "joined", operator=actor)
            if offer.kind == Offer.Kind.NEW:
                _close_others(row, now)
            broadcast.offer_changed(offer.pk, row.uuid)
            broadcast.conversation_changed(row.uuid, row.visitor_id)
            announce(actor.operator_id)
            return row
        transaction.set_rollback(True)
    return _too_late(offer, actor)


def _changes(offer: Offer, actor: OperatorActor) -> dict[str, object]:
    if offer.kind == Offer.Kind.CONFERENCE:
        return {}
    changes: dict[str, object] = {"operator_id": actor.operator_id}
    if offer.kind == Offer.Kind.NEW:
        changes |= {"state": Conversation.State.ACTIVE, "answered_at": Coalesce(F("answered_at"), Now())}
    else:
        changes["blocked"] = ""
        if offer.department_id is not None:
            changes["department_id"] = offer.department_id
    return changes


def visible_offer(offer_id: int, actor: OperatorActor) -> Offer:
    """The offer, if it was made to this operator or to all who see the queue. Raises NotFound."""
    offer = (
        Offer.objects.filter(Q(operator__isnull=True) | Q(operator=actor.operator_id), pk=offer_id)
        .select_related("conversation")
        .first()
    )
    if offer is None or not visible_conversations(actor).filter(pk=offer.conversation_id).exists():
        raise NotFound(_("There is no such offer."))
    return offer


def _close(offer: Offer, state: str, now: datetime, *, by: int | None = None) -> bool:
    """Compare and swap: True for the one who closed it."""
    return bool(
        Offer.objects.filter(pk=offer.pk, state=Offer.State.PENDING).update(
            state=state, answered_by=by, answered_at=now
        )
    )


def _check_room(actor: OperatorActor, now: datetime) -> None:
    # The UPDATE locks the operator, so that two accepted in two tabs are counted one after the other.
    Operator.objects.filter(pk=actor.operator_id).update(idle_since=now)
    capacity = Operator.objects.values_list("capacity", flat=True).get(pk=actor.operator_id)
    load = Participation.objects.filter(
        operator=actor.operator_id,
        state=Participation.State.JOINED,
        conversation__state=Conversation.State.ACTIVE,
    ).count()
    if load >= capacity:
        raise AtCapacity(
            format_lazy(
                _("You have {load} open conversations, which is as many as you take at once. End one first."), load=load
            )
        )


def _join(row: Conversation, actor: OperatorActor, now: datetime) -> None:
    Participation.objects.update_or_create(
        conversation_id=row.pk,
        operator_id=actor.operator_id,
        defaults={"state": Participation.State.JOINED, "is_listed": True, "joined_at": now, "left_at": None},
    )


def leave(row: Conversation, operator_id: int, now: datetime) -> bool:
    """Take an operator out of a conversation. Inside the caller's transaction, which holds its lock."""
    left = Participation.objects.filter(
        conversation_id=row.pk, operator_id=operator_id, state=Participation.State.JOINED
    ).update(state=Participation.State.LEFT, left_at=now, is_listed=False)
    Operator.objects.filter(pk=operator_id).update(idle_since=now)
    announce(operator_id)
    return bool(left)


def _hand_over(row: Conversation, offer: Offer, actor: OperatorActor, now: datetime) -> None:
    giver = Operator.objects.select_related("user").filter(pk=offer.from_operator_id).first()
    if giver is not None and giver.pk != actor.operator_id:
        leave(row, giver.pk, now)
    timeline.append_system(row, "transferred", operator=actor, by=giver.name if giver else "")


def _close_others(row: Conversation, now: datetime) -> None:
    others = Offer.objects.filter(conversation_id=row.pk, state=Offer.State.PENDING)
    for pk in list(others.values_list("pk", flat=True)):
        broadcast.offer_changed(pk, row.uuid)
    others.update(state=Offer.State.WITHDRAWN, answered_at=now)


def _too_late(offer: Offer, actor: OperatorActor) -> Conversation:
    """The conversation, if this very operator already has it; else the reason, raised."""
    offer = Offer.objects.select_related("conversation", "answered_by__user").get(pk=offer.pk)
    joined = Participation.objects.filter(
        conversation_id=offer.conversation_id, operator_id=actor.operator_id, state=Participation.State.JOINED
    )
    if offer.state == Offer.State.ACCEPTED and offer.answered_by_id == actor.operator_id and joined.exists():
        return offer.conversation
    if offer.conversation.state == Conversation.State.ENDED:
        raise ConversationEnded(_("The conversation ended before you could take it."))
    first = offer.answered_by if offer.state == Offer.State.ACCEPTED else None
    raise OfferTaken(
        format_lazy(_("{name} was first."), name=first.name) if first else _("This offer is no longer open."), by=first
    )


def decline_offer(offer_id: int, *, actor: OperatorActor) -> None:
    """Say no. An open offer stays open to the others; one made to this operator is closed. Raises NotFound.

    Declining what is no longer open is no mistake: nothing happens.
    """
    offer = visible_offer(offer_id, actor)
    if offer.operator_id is None:
        if offer.state == Offer.State.PENDING:
            OfferDecline.objects.get_or_create(offer=offer, operator_id=actor.operator_id)
        broadcast.offer_changed(offer.pk, offer.conversation.uuid)
    else:
        refuse(offer, Offer.State.DECLINED, by=actor.operator_id)


def withdraw_offer(offer_id: int, *, actor: OperatorActor) -> UUID:
    """Take back a transfer or an invitation that this operator made. Raises NotFound. Too late is no mistake.

    Returns the conversation's id."""
    offer = Offer.objects.select_related("conversation").filter(pk=offer_id, from_operator=actor.operator_id).first()
    if offer is None:
        raise NotFound(_("There is no such offer."))
    refuse(offer, Offer.State.WITHDRAWN)
    uuid: UUID = offer.conversation.uuid
    return uuid


def expire_offers(now: datetime, since: datetime | None = None) -> int:
    """Close what was not answered in time; who did not answer has to go back to Available by hand. Returns how many.

    ``since``: leave alone what was due before."""
    due = Offer.objects.filter(state=Offer.State.PENDING, deadline__lte=now).select_related("conversation")
    if since is not None:
        due = due.filter(deadline__gte=since)
    return sum(refuse(offer, Offer.State.EXPIRED) for offer in list(due[:500]))


def refuse(offer: Offer, state: str, *, by: int | None = None) -> bool:
    """Close an offer without a yes, and do what follows: the next is asked, or it comes back to who gave it."""
    with transaction.atomic():
        row = timeline.lock(Q(("pk", offer.conversation_id)))
        now = timezone.now()
        if row is None or not _close(offer, state, now, by=by):
            return False
        if state == Offer.State.EXPIRED and offer.operator_id is not None:
            Operator.objects.filter(pk=offer.operator_id, status=Operator.Status.AVAILABLE).update(
                status=Operator.Status.RONA, status_at=now
            )
        broadcast.offer_changed(offer.pk, row.uuid)
        if offer.operator_id is not None:
            announce(offer.operator_id)
        if offer.kind == Offer.Kind.NEW:
            if row.state == Conversation.State.QUEUED:
                handout.hand_out(row)
        elif row.state == Conversation.State.ACTIVE:
            _say_refused(offer, state)
        broadcast.conversation_changed(row.uuid, row.visitor_id)
        return True


REFUSED_WORDS = {
    Offer.State.DECLINED: "declined",
    Offer.State.EXPIRED: "no_answer",
    Offer.State.WITHDRAWN: "withdrawn",
}


def _say_refused(offer: Offer, state: str) -> None:
    """Who gave it is told why; the visitor of a transfer is told that they stay."""
    row = timeline.take_seq(Q(("pk", offer.conversation_id)))
    if row is None:
        return
    asked = Operator.objects.select_related("user").filter(pk=offer.operator_id).first()
    of_transfer = offer.kind == Offer.Kind.TRANSFER
    timeline.append_system(
        row,
        "transfer_failed" if of_transfer else "conference_failed",
        operator=OperatorActor(asked.pk, asked.name, frozenset()) if asked else None,
        for_visitor=of_transfer,
        reason=REFUSED_WORDS[Offer.State(state)],
    )
    Participation.objects.filter(
        conversation_id=offer.conversation_id, operator_id=offer.operator_id, state=Participation.State.REQUESTED
    ).update(state=Participation.State.LEFT, left_at=timezone.now())


def withdraw_offers(conversation: Conversation) -> None:
    """Nobody needs to say yes any more. Inside the caller's transaction, which holds the conversation's lock."""
    pending = Offer.objects.filter(conversation_id=conversation.pk, state=Offer.State.PENDING)
    for pk in list(pending.values_list("pk", flat=True)):
        broadcast.offer_changed(pk, conversation.uuid)
    now = timezone.now()
    pending.update(state=Offer.State.WITHDRAWN, answered_at=now)
    # Whoever was asked in is asked no longer; the next one who has it may ask again.
    Participation.objects.filter(conversation_id=conversation.pk, state=Participation.State.REQUESTED).update(
        state=Participation.State.LEFT, left_at=now
    )
