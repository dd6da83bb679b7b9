"""What colleagues write to each other: a conversation of two operators, on the same timeline as all others."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import broadcast
from ..exceptions import NotFound
from ..models import Conversation, Operator, Participation
from ..permissions import OperatorActor
from . import timeline

BLOCKED = "colleague"
"""Why nothing can be said between two of whom one is no operator any more."""


def open_with(operator_id: int, *, actor: OperatorActor) -> Conversation:
    """The conversation with this colleague, begun if there is none. Of two who begin at once, both get the same one.

    Raises NotFound: no such colleague, oneself, or one who was deactivated before anything was written.
    """
    pair = Conversation.pair_of(actor.operator_id, operator_id)
    if operator_id != actor.operator_id:
        known = Conversation.everything.filter(direct=pair).first()
        if known is not None:
            return known
    with transaction.atomic():
        # Locked in one order: whoever is deactivated at this moment was so before, or is found by ``close_of`` after.
        two = {actor.operator_id, operator_id}
        rows = Operator.objects.filter(pk__in=two, is_active=True).order_by("pk").select_for_update(no_key=True)
        if operator_id == actor.operator_id or len(rows) < len(two):
            raise NotFound(_("There is no such colleague."))
        conversation, is_new = Conversation.everything.get_or_create(
            direct=pair, defaults={"state": Conversation.State.INTERNAL}
        )
        if is_new:
            now = timezone.now()
            Participation.objects.bulk_create(
                Participation(
                    conversation=conversation, operator_id=pk, state=Participation.State.JOINED, joined_at=now
                )
                for pk in sorted(two)
            )
            broadcast.team_changed(conversation.uuid, two)
        return conversation


def close_of(operator: Operator, *, removed: bool = False) -> None:
    """A colleague is no operator any more: what was written remains, nothing more can be written.

    ``removed``: their row is about to go, and with it their part in the conversation.
    """
    for conversation in _of(operator.pk):
        # The name that is left is that of whoever went first; without a reader left, the words go with the second.
        members = timeline.members(conversation.pk)
        if removed and members == [operator.pk]:
            conversation.delete()
            continue
        changes = {"blocked": BLOCKED, **({"left_by": operator.name} if removed else {})}
        Conversation.everything.filter(pk=conversation.pk).update(**changes)
        if removed:  # At once: the colleague may be removed in the same breath, and has to find nobody left.
            Participation.objects.filter(conversation=conversation, operator=operator).delete()
        broadcast.team_changed(conversation.uuid, members)


def open_of(operator: Operator) -> None:
    """An operator is active (again), or has another name: their colleagues see it, and can write if both are."""
    for conversation in _of(operator.pk):
        pair = Operator.objects.filter(participations__conversation=conversation)
        if conversation.blocked and pair.count() == 2 and not pair.filter(is_active=False).exists():
            Conversation.everything.filter(pk=conversation.pk).update(blocked="")
        broadcast.team_changed(conversation.uuid, timeline.members(conversation.pk))


def _of(operator_id: int) -> list[Conversation]:
    return list(
        Conversation.everything.filter(
            state=Conversation.State.INTERNAL,
            participations__operator=operator_id,
            participations__state=Participation.State.JOINED,
        ).order_by("pk")
    )
