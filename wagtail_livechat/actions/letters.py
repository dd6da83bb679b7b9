"""Letters: written in the transaction of what they are about, sent later, each at most once.

A letter is a row. Whoever sends it claims the row first, so that of many who try one does; a server that says no is tried
again, later and later. If the sender dies between the two, nobody can know whether the letter left: it is not sent again by
itself, and the admin shows it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from .. import correspondence, notices, signals
from ..masking import Rules, mask
from ..models import Conversation, Invitation, OutgoingMail

logger = logging.getLogger("wagtail_livechat")

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
"""Between one attempt and the next; after the last the letter has failed."""
LOST_AFTER = timedelta(minutes=15)
EMAILS = Rules(frozenset({"email"}))


def queue(row: Conversation, kind: str, recipient: str, language: str, *, occasion: str = "") -> None:
    """Have a letter sent after commit. One that was written before is not written again."""
    OutgoingMail.objects.get_or_create(
        conversation_id=row.pk,
        kind=kind,
        recipient=recipient,
        occasion=occasion,
        defaults={"language": language[:35]},
    )
    transaction.on_commit(_tell_who_sends, robust=True)


def queue_invitation(invitation: Invitation) -> None:
    """The letter with the link. What of the same invitation still waits is worthless and does not leave."""
    OutgoingMail.objects.filter(invitation=invitation, state=OutgoingMail.State.WAITING).delete()
    user = invitation.operator.user
    OutgoingMail.objects.create(
        invitation=invitation,
        kind=OutgoingMail.Kind.INVITATION,
        recipient=getattr(user, user.get_email_field_name()),
        language=invitation.language[:35],
    )
    transaction.on_commit(_tell_who_sends, robust=True)


def queue_test(recipient: str, language: str) -> OutgoingMail:
    """A letter by which somebody sees whether letters arrive. It goes the way that all go."""
    letter = OutgoingMail.objects.create(kind=OutgoingMail.Kind.TEST, recipient=recipient, language=language[:35])
    transaction.on_commit(_tell_who_sends, robust=True)
    return letter


def _tell_who_sends() -> None:
    signals.letters_waiting.send_robust(sender=OutgoingMail)


def due(now: datetime | None = None) -> bool:
    """Whether a letter waits whose time has come. If so, whoever sends is told."""
    now = now or timezone.now()
    waits = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, due_at__lte=now).exists()
    if waits:
        _tell_who_sends()
    return waits


def send_due(now: datetime | None = None, *, limit: int = 100) -> int:
    """Send the letters whose time has come. Slow: mail servers are asked. Returns how many were sent."""
    now = now or timezone.now()
    give_up_on_lost(now)
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, due_at__lte=now)
    return sum(_send(pk, now) for pk in list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:limit]))


def _send(pk: int, now: datetime) -> bool:
    claimed = OutgoingMail.objects.filter(pk=pk, state=OutgoingMail.State.WAITING, due_at__lte=now).update(
        state=OutgoingMail.State.SENDING, attempts=F("attempts") + 1, claimed_at=timezone.now()
    )
    if not claimed:
        return False
    letter = OutgoingMail.objects.select_related(
        "conversation__site", "conversation__visitor", "invitation__operator__user", "invitation__invited_by"
    ).get(pk=pk)
    compose = notices.compose if letter.conversation_id is None else correspondence.compose
    mine = OutgoingMail.objects.filter(pk=pk, state=OutgoingMail.State.SENDING)
    try:
        compose(letter).send()
    except Exception as error:
        # Mail servers repeat the address that they refuse.
        reason = mask(f"{type(error).__name__}: {error}".replace(letter.recipient, "…"), EMAILS)[:2000]
        logger.warning("Live chat's letter %s could not be sent: %s", pk, reason)
        changes = {"error": reason}
        if letter.attempts > len(PAUSES):
            mine.update(state=OutgoingMail.State.FAILED, **changes)
        else:
            pause = PAUSES[letter.attempts - 1]
            mine.update(state=OutgoingMail.State.WAITING, due_at=timezone.now() + pause, **changes)
        return False
    mine.update(state=OutgoingMail.State.SENT, sent_at=timezone.now(), error="")
    return True


def give_up_on_lost(now: datetime) -> int:
    """Whoever sent these has died: they may have left, or not. Returns how many."""
    lost = OutgoingMail.objects.filter(state=OutgoingMail.State.SENDING, claimed_at__lt=now - LOST_AFTER)
    return lost.update(
        state=OutgoingMail.State.FAILED, error="The server stopped while this was sent: it may have arrived, or not."
    )


def send_again(pk: int) -> None:
    """Try a letter that has failed once more, from the beginning."""
    with transaction.atomic():
        OutgoingMail.objects.filter(pk=pk, state=OutgoingMail.State.FAILED).update(
            state=OutgoingMail.State.WAITING, attempts=0, due_at=timezone.now()
        )
        transaction.on_commit(_tell_who_sends, robust=True)
