"""Operators come and go. A chosen status and a lease, both columns; nothing here trusts a socket to say goodbye."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..conf import conf
from ..exceptions import Forbidden
from ..models import Operator
from ..permissions import OperatorActor, may, operator_actor
from . import handout
from .announcements import announce
from .leases import renew


def ensure_operator(user: Any) -> OperatorActor:
    """The operator that ``user`` is, made on the first visit if their role lets them answer. Raises Forbidden."""
    if not may(user, "handle"):
        raise Forbidden(_("You may not answer live chats. Ask an administrator for the role."))
    Operator.objects.get_or_create(user_id=user.pk)
    return operator_actor(user)


def set_status(status: str, *, actor: OperatorActor) -> None:
    """Choose ``available``, ``away`` or ``offline``."""
    now = timezone.now()
    Operator.objects.filter(pk=actor.operator_id).update(status=status, status_at=now, last_seen=now, is_present=True)
    announce(actor.operator_id)
    if status == Operator.Status.AVAILABLE:
        handout.assign_waiting()


def renew_leases(operator_ids: Iterable[int]) -> None:
    """These operators are connected now. Those who were gone are announced."""
    back = renew(Operator.objects.filter(pk__in=list(operator_ids)))
    for operator_id in back:
        announce(operator_id)
    if back:
        handout.assign_waiting()


def expire_leases(now: datetime) -> int:
    """Announce those whose lease has run out. Of two sweeps at once, one finds them. Returns how many."""
    gone = Operator.objects.filter(is_present=True).exclude(last_seen__gt=now - timedelta(seconds=conf.GRACE_SECONDS))
    done = 0
    for operator_id in list(gone.values_list("pk", flat=True)):
        if gone.filter(pk=operator_id).update(is_present=False):
            announce(operator_id)
            done += 1
    return done
