"""Something that conversations depend on is taken away, or comes back, in mid-chat."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from .. import broadcast
from ..models import Conversation, Operator
from . import team
from .announcements import announce, sites_changed
from .conversations import requeue


def operator_gone(operator: Operator, *, removed: bool = False) -> None:
    """Deactivated, or about to be removed: their conversations are queued again at once, their sockets are looked at."""
    mine = Conversation.objects.filter(operator=operator, state=Conversation.State.ACTIVE)
    for pk in list(mine.values_list("pk", flat=True)):
        requeue(pk, gone=operator)
    team.close_of(operator, removed=removed)
    broadcast.recheck_operator(operator.pk)
    announce(operator.pk)


def operator_saved(operator: Operator) -> None:
    """New, active again, or with another name, picture or capacity."""
    team.open_of(operator)
    operator_changed(operator.pk)


def operator_changed(operator_id: int) -> None:
    """Another department, or anything else that colleagues see."""
    broadcast.recheck_operator(operator_id)
    announce(operator_id)


def departments_changed() -> None:
    """A department was opened, renamed, moved or closed: every desk's list of them is another one."""
    broadcast.departments_changed()


def block(which: Q, reason: str) -> None:
    """Open conversations of a department or site that was switched off take no messages; switched on again, they do.

    An empty ``reason`` unblocks.
    """
    open_ones = Conversation.objects.filter(which, state__in=Conversation.OPEN_STATES).exclude(blocked=reason)
    rows = list(open_ones.values_list("pk", "uuid", "visitor_id"))
    Conversation.objects.filter(pk__in=[pk for pk, _, _ in rows]).update(blocked=reason)
    for _, uuid, visitor_id in rows:
        broadcast.conversation_changed(uuid, visitor_id)
    sites_changed()


def hours_changed() -> None:
    """The opening hours of a site are other ones."""
    sites_changed()


def library_changed(**kwargs: Any) -> None:
    """A quick reply, a wrap-up reason or a tag was saved or removed."""
    broadcast.library_changed()
