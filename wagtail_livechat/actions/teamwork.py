"""Operators together in a conversation: handing it over, asking a colleague in, leaving."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .. import broadcast, snapshots
from ..exceptions import Conflict, ConversationEnded, Forbidden, NotFound
from ..models import Conversation, Department, Offer, Operator, Participation
from ..permissions import OperatorActor, visible_conversations
from . import handout, offers, timeline


def transfer(
    conversation: UUID, *, actor: OperatorActor, operator_id: int | None = None, department_id: int | None = None
) -> Offer:
    """Offer the conversation to a colleague or a department. It stays with the actor until somebody says yes.

    Raises Conflict (a transfer is open already, the colleague is not there), Forbidden (not theirs to give), NotFound,
    ConversationEnded.
    """
    _check_owner(conversation, actor)
    to: Any
    if operator_id is not None:
        to = _colleague(operator_id, actor, conversation)
        fields: dict[str, object] = {"operator_id": to.pk}
    else:
        to = Department.objects.filter(pk=department_id, is_active=True).first()
        if to is None:
            raise NotFound(_("There is no such department."))
        fields = {"department_id": to.pk}
    with transaction.atomic():
        row = _owned(conversation, actor)
        if Offer.objects.filter(conversation_id=row.pk, kind=Offer.Kind.TRANSFER, state=Offer.State.PENDING).exists():
            raise Conflict(_("A transfer of this conversation is waiting for its answer. Withdraw it first."))
        now = timezone.now()
        offer = handout.make(
            row,
            kind=Offer.Kind.TRANSFER,
            from_operator_id=actor.operator_id,
            made_at=now,
            deadline=handout.deadline(row.site_id, now),
            **fields,
        )
        timeline.append_system(row, "transferring", operator=actor, to=to.name)
        broadcast.conversation_changed(row.uuid, row.visitor_id)
        return offer


def invite(conversation: UUID, *, actor: OperatorActor, operator_id: int) -> Offer:
    """Ask a colleague into the conversation. Raises as transfer does; Conflict also if they are in it already."""
    _check_owner(conversation, actor)
    colleague = _colleague(operator_id, actor, conversation)
    with transaction.atomic():
        row = _owned(conversation, actor)
        there = Participation.objects.filter(conversation_id=row.pk, operator=colleague).exclude(
            state=Participation.State.LEFT
        )
        if there.exists():
            raise Conflict(format_lazy(_("{name} is in the conversation, or was asked already."), name=colleague.name))
        Participation.objects.update_or_create(
            conversation_id=row.pk,
            operator=colleague,
            defaults={"state": Participation.State.REQUESTED, "is_listed": True, "left_at": None},
        )
        now = timezone.now()
        offer = handout.make(
            row,
            kind=Offer.Kind.CONFERENCE,
            operator_id=colleague.pk,
            from_operator_id=actor.operator_id,
            made_at=now,
            deadline=handout.deadline(row.site_id, now),
        )
        timeline.append_system(row, "invited", operator=actor, for_visitor=False, to=colleague.name)
        broadcast.conversation_changed(row.uuid, row.visitor_id)
        return offer


def leave_conference(conversation: UUID, *, actor: OperatorActor) -> None:
    """A colleague who was asked in goes. Raises Conflict for the one who has the conversation: they hand over or end."""
    with transaction.atomic():
        row = _taking_part(conversation, actor)
        if row.operator_id == actor.operator_id:
            raise Conflict(_("The conversation is yours: hand it over or end it."))
        _let_go(row, actor)


def end_conference(conversation: UUID, *, actor: OperatorActor) -> None:
    """All colleagues who were asked in go; the conversation goes on. Raises as transfer does."""
    with transaction.atomic():
        row = _owned(conversation, actor)
        joined = Participation.objects.filter(conversation_id=row.pk, state=Participation.State.JOINED)
        guests = list(joined.exclude(operator_id=actor.operator_id).select_related("operator__user"))
        for number, guest in enumerate(guests):
            if number:
                row = _owned(conversation, actor)
            _let_go(row, OperatorActor(guest.operator_id, guest.operator.name, frozenset()))
        if not guests:
            timeline.append_system(row, "conference_ended", operator=actor, for_visitor=False)


def _let_go(row: Conversation, who: OperatorActor) -> None:
    offers.leave(row, who.operator_id, timezone.now())
    timeline.append_system(row, "left", operator=who)
    broadcast.conversation_changed(row.uuid, row.visitor_id)


def _colleague(operator_id: int, actor: OperatorActor, conversation: UUID) -> Operator:
    """An active operator other than the actor who is there and answers for the site. Raises NotFound, Conflict."""
    colleague = Operator.objects.select_related("user").filter(pk=operator_id, is_active=True).first()
    if colleague is None or colleague.pk == actor.operator_id:
        raise NotFound(_("There is no such colleague."))
    if snapshots.effective_status(colleague, timezone.now()) == "offline":
        raise Conflict(format_lazy(_("{name} is not there."), name=colleague.name))
    sites = colleague.sites.values_list("pk", flat=True)
    if sites and Conversation.objects.get(uuid=conversation).site_id not in sites:
        raise Conflict(format_lazy(_("{name} does not answer for this site."), name=colleague.name))
    return colleague


def _check_owner(conversation: UUID, actor: OperatorActor) -> None:
    """Raises as ``_owned`` does, before anything else is said: whom it is not for learns nothing of colleagues."""
    owned = Conversation.objects.filter(
        uuid=conversation, state=Conversation.State.ACTIVE, operator_id=actor.operator_id
    )
    if not owned.exists():
        _refused(conversation, actor)


def _owned(conversation: UUID, actor: OperatorActor) -> Conversation:
    """Take the next number of a conversation that the actor has. Raises NotFound, ConversationEnded, Forbidden."""
    row = timeline.take_seq(
        Q(("uuid", conversation), Q(state=Conversation.State.ACTIVE, operator_id=actor.operator_id))
    )
    return row or _refused(conversation, actor)


def _taking_part(conversation: UUID, actor: OperatorActor) -> Conversation:
    joined = Participation.objects.filter(operator=actor.operator_id, state=Participation.State.JOINED)
    row = timeline.take_seq(
        Q(("uuid", conversation), Q(state=Conversation.State.ACTIVE, pk__in=joined.values("conversation_id")))
    )
    return row or _refused(conversation, actor)


def _refused(conversation: UUID, actor: OperatorActor) -> Conversation:
    found = visible_conversations(actor).filter(uuid=conversation).first()
    if found is None:
        raise NotFound(_("There is no such conversation."))
    if found.state == Conversation.State.ENDED:
        raise ConversationEnded(_("The conversation has ended."))
    raise Forbidden(_("Only the operator who has the conversation may do this."))
