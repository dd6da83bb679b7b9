"""Somebody looks under the veil: one entry or one detail, with a reason, and it is kept who, when and why."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from .. import veils
from ..exceptions import BadInput, Forbidden, NotFound
from ..masking import KINDS, Rules, mask
from ..models import Conversation, Entry
from ..permissions import OperatorActor, visible_conversations

ACTION = "wagtail_livechat.reveal"


def reveal(
    conversation: UUID,
    *,
    actor: OperatorActor,
    reason: str,
    seq: int | None = None,
    detail: veils.Detail | None = None,
) -> str:
    """What the entry ``seq``, or the visitor's ``detail``, really says. The log entry is written before it is told.

    Raises NotFound, Forbidden (without the right), BadInput (not one of the two, or no reason).
    """
    row = visible_conversations(actor).filter(uuid=conversation).select_related("visitor").first()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    if not actor.may_reveal:
        raise Forbidden(_("You may not reveal what is hidden. Ask somebody with the right to."))
    if (seq is None) == (detail is None):
        raise BadInput("bad_command", "Name an entry or a detail, not both.")
    if not reason.strip():
        raise BadInput("bad_command", "Say why you need to see it.", field="reason")
    text: str | None
    if detail is not None:
        text = getattr(row.visitor, detail)
    else:
        text = Entry.objects.filter(conversation=row, seq=seq).values_list("body", flat=True).first()
    if not text:
        raise NotFound(_("There is nothing to reveal."))
    with transaction.atomic():
        log_reveal(row, actor, reason, {"seq": seq} if detail is None else {"detail": detail})
    return text


def log_reveal(row: Conversation, actor: OperatorActor, reason: str, what: dict[str, object]) -> None:
    user = get_user_model().objects.filter(pk=actor.user_id).first() if actor.user_id else None
    # The reason is for whoever reads the log, who may see less than its writer.
    data = {**what, "reason": mask(reason, Rules(frozenset(KINDS), veils.site_rules(row.site_id).rules.regions))}
    log(row, ACTION, user=user, data=data)
