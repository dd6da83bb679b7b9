"""After the end: a rating, the way back, and the transcript."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import broadcast, snapshots
from ..conf import conf
from ..exceptions import Closed, Conflict, NotFound, RateLimited, Unauthorised
from ..intake import Answers
from ..models import Conversation, LiveChatSettings, OutgoingMail, Participation, Visitor
from ..permissions import VisitorActor
from . import cases, handout, letters, rollup, timeline
from .announcements import announce


def _mine(conversation: UUID, actor: VisitorActor) -> Conversation:
    row = Conversation.objects.filter(uuid=conversation, visitor_id=actor.visitor_id).first()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    return row


def rate(conversation: UUID, *, actor: VisitorActor, rating: int, comment: str = "") -> None:
    """How it was, from 1 to 5. The last answer counts. Raises NotFound, Conflict (it has not ended)."""
    row = _mine(conversation, actor)
    if row.state != Conversation.State.ENDED:
        raise Conflict(_("The conversation has not ended yet."))
    with transaction.atomic():
        Conversation.objects.filter(pk=row.pk).update(rating=rating, rating_comment=comment)
        rollup.touch(row.pk)
    broadcast.conversation_changed(row.uuid, row.visitor_id)


def reopen(conversation: UUID, *, actor: VisitorActor) -> None:
    """Back to a conversation that has ended: to the operator who had it, if they are there and have room, else to the queue.

    One that is open is left as it is. Raises NotFound, Closed, Conflict (it ended too long ago, or another is open).
    """
    with transaction.atomic():
        now = timezone.now()
        # The visitor's lock, as when a conversation begins: two tabs must not open two.
        if not Visitor.objects.filter(pk=actor.visitor_id, revoked_at__isnull=True).update(last_seen=now):
            raise Unauthorised(_("This visit is not known here. A new one is begun."))
        row = _mine(conversation, actor)
        if row.is_open:
            return
        if LiveChatSettings.objects.filter(site_id=row.site_id, enabled=False).exists():
            raise Closed(_("The chat is switched off on this site."))
        until = snapshots.reopen_until(row)
        if until is None or until <= now:
            raise Conflict(_("This conversation cannot be gone back to. Start a new one."))
        if Conversation.objects.filter(visitor_id=actor.visitor_id, state__in=Conversation.OPEN_STATES).exists():
            raise Conflict(_("Another conversation is open."))
        ended = Q(("uuid", conversation), Q(state=Conversation.State.ENDED))
        operator = _who_had_it(row)
        place: dict[str, Any] = (
            {"state": Conversation.State.QUEUED, "queued_at": now, "operator_id": None}
            if operator is None
            else {"state": Conversation.State.ACTIVE}
        )
        changed = timeline.take_seq(ended, ended_at=None, ended_by="", last_message_at=now, **place)
        if changed is None:
            return  # Another tab was quicker.
        timeline.append_system(changed, "reopened")
        rollup.touch(row.pk)
        joined = Participation.objects.filter(conversation_id=row.pk, state=Participation.State.JOINED)
        if operator is not None:
            joined.update(is_listed=True)
            announce(operator)
        else:
            joined.update(state=Participation.State.LEFT, left_at=now)
            handout.hand_out(changed)
        broadcast.conversation_changed(row.uuid, row.visitor_id)


def _who_had_it(row: Conversation) -> int | None:
    """The operator, if they took part to the end, are available now and have room."""
    if row.operator_id is None:
        return None
    joined = Participation.objects.filter(
        conversation_id=row.pk, operator_id=row.operator_id, state=Participation.State.JOINED
    )
    there = [
        operator
        for operator in snapshots.operators_presence([row.operator_id])
        if operator.status == "available" and operator.load < operator.capacity
    ]
    return row.operator_id if there and joined.exists() else None


def request_transcript(conversation: UUID, *, actor: VisitorActor, email: str = "") -> None:
    """Have the conversation sent to the address that its visitor gave in it; ``email`` gives one if there is none.

    Raises NotFound, BadForm, Conflict (another address than the one that was given), RateLimited.
    """
    row = _mine(conversation, actor)
    if email and row.email and email.casefold() != row.email.casefold():
        raise Conflict(_("It can only be sent to the address that was given in this conversation."), field="email")
    address = row.email or cases.checked(LiveChatSettings.of(actor.site_id), "transcript", Answers(email=email)).email
    with transaction.atomic():
        count, seconds = conf.MAIL_RATE
        lately = OutgoingMail.objects.filter(
            kind=OutgoingMail.Kind.TRANSCRIPT,
            conversation__visitor=actor.visitor_id,
            created_at__gt=timezone.now() - timedelta(seconds=seconds),
        )
        # The visitor's row is the lock: many requests at once are counted one after the other.
        Visitor.objects.filter(pk=actor.visitor_id).update(last_seen=timezone.now())
        # What is in it names the letter: asked for twice in a row it is sent once.
        occasion = str(row.last_seq)
        if not lately.filter(conversation=row, occasion=occasion, recipient=address).exists() and (
            lately.count() >= count or _to_address(address, seconds) >= count
        ):
            raise RateLimited(_("That were many letters. Try again later."), retry_after=seconds)
        if not row.email and not Conversation.objects.filter(pk=row.pk, email="").update(email=address):
            raise Conflict(_("It can only be sent to the address that was given in this conversation."), field="email")
        letters.queue(row, OutgoingMail.Kind.TRANSCRIPT, address, row.language, occasion=occasion)
        broadcast.conversation_changed(row.uuid, row.visitor_id)


def _to_address(address: str, seconds: float) -> int:
    """Transcripts to one address lately, whoever asked: nobody's mailbox is filled through us by making visitors up."""
    return OutgoingMail.objects.filter(
        kind=OutgoingMail.Kind.TRANSCRIPT,
        recipient__iexact=address,
        created_at__gt=timezone.now() - timedelta(seconds=seconds),
    ).count()
