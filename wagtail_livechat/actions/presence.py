"""Operators come and go. A chosen status and a lease, both columns; nothing here trusts a socket to say goodbye."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from wagtail.models import Site

from .. import broadcast, snapshots
from ..conf import conf
from ..exceptions import Forbidden
from ..models import Operator
from ..permissions import OperatorActor, may, operator_actor


def ensure_operator(user: Any) -> OperatorActor:
    """The operator that ``user`` is, made on the first visit if their role lets them answer. Raises Forbidden."""
    if not may(user, "handle"):
        raise Forbidden("You may not answer live chats. Ask an administrator for the role.")
    Operator.objects.get_or_create(user_id=user.pk)
    return operator_actor(user)


def set_status(status: str, *, actor: OperatorActor) -> None:
    """Choose ``available``, ``away`` or ``offline``."""
    now = timezone.now()
    Operator.objects.filter(pk=actor.operator_id).update(status=status, status_at=now, last_seen=now, is_present=True)
    announce(actor.operator_id)


def announce(operator_id: int) -> None:
    """Tell colleagues, and visitors in case the site's state changed."""
    broadcast.presence_changed(operator_id)
    for site_id in Site.objects.values_list("pk", flat=True):
        cache.delete(snapshots.site_state_key(site_id))
        broadcast.site_changed(site_id)


def renew_leases(operator_ids: Iterable[int]) -> None:
    """These operators are connected now. Those who were gone are announced."""
    wanted = Operator.objects.filter(pk__in=list(operator_ids))
    back = list(wanted.filter(is_present=False).values_list("pk", flat=True))
    wanted.update(last_seen=timezone.now(), is_present=True)
    for operator_id in back:
        announce(operator_id)


def expire_leases(now: datetime) -> int:
    """Announce those whose lease has run out. Of two sweeps at once, one finds them. Returns how many."""
    gone = Operator.objects.filter(is_present=True).exclude(last_seen__gt=now - timedelta(seconds=conf.GRACE_SECONDS))
    done = 0
    for operator_id in list(gone.values_list("pk", flat=True)):
        if gone.filter(pk=operator_id).update(is_present=False):
            announce(operator_id)
            done += 1
    return done
