"""Who is kept out, and since when."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from .. import broadcast, veils
from ..addresses import network_of, within
from ..caching import cache
from ..exceptions import Closed, Forbidden, NotFound
from ..models import Ban, Conversation, Visitor
from ..permissions import OperatorActor, SystemActor, visible_conversations
from .conversations import end_conversation

BANNED = "wagtail_livechat.ban"
LIFTED = "wagtail_livechat.unban"
"""Their names in Wagtail's log."""
CACHE_KEY = "livechat:banned-networks"
CACHE_SECONDS = 3
"""How old the list of banned addresses may be in another process."""


def in_force(now: datetime | None = None) -> QuerySet[Ban]:
    """Bans that hold now."""
    now = now or timezone.now()
    return Ban.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), lifted_at__isnull=True)


def ban_visitor(
    conversation: UUID,
    *,
    actor: OperatorActor,
    by_address: bool,
    reason: str = "",
    expires_at: datetime | None = None,
    user_id: int | None = None,
) -> Ban:
    """Keep out whoever is in this conversation: the visitor, or the address they come from. The chat ends politely.

    Raises NotFound, Forbidden (the address is not known).
    """
    row = visible_conversations(actor).filter(uuid=conversation).select_related("visitor").first()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    network = ""
    if by_address:
        if not row.visitor.ip_address or row.visitor.address_shortened:
            raise Forbidden(_("The address of this visitor is not known. Ban the visitor instead."))
        network = network_of(row.visitor.ip_address)
    reason, _kinds = veils.redact(reason, row.site_id)
    ban = Ban(network=network, visitor=row.visitor, reason=reason, expires_at=expires_at, created_by_id=user_id)
    begin(ban, user=get_user_model().objects.filter(pk=user_id).first() if user_id else None)
    return ban


def begin(ban: Ban, *, user: Any = None) -> None:
    """Store a new ban and have it take effect; keep in Wagtail's log who made it.

    Chats end before it is stored: whoever looked in between would shut somebody out of a chat that goes on, without a word.
    """
    ended = _end_chats(ban)
    ban.save()
    take_effect(ban, ended)
    until = ban.expires_at.isoformat(timespec="minutes") if ban.expires_at else ""
    _note(ban, BANNED, user, {"until": until})


def _note(ban: Ban, action: str, user: Any, data: dict[str, str]) -> None:
    # By its number: the log is kept longer than an address or a name may be.
    log(ban, action, user=user, title=gettext("Ban %(number)d") % {"number": ban.pk}, data=data)


def take_effect(ban: Ban, ended: Iterable[int] = ()) -> None:
    """End the chats of whoever the ban is about, and close their connections, and those of the visitors ``ended``."""
    cache.delete(CACHE_KEY)
    for visitor_id in _end_chats(ban).union(ended):
        broadcast.recheck_visitor(visitor_id)


def _end_chats(ban: Ban) -> set[int]:
    """End the chats of whoever the ban is, or will be, about; the visitors' numbers."""
    hit = Visitor.objects.filter(pk=ban.visitor_id) if ban.visitor_id else Visitor.objects.none()
    visitors = set(hit.values_list("pk", flat=True))
    if ban.network:
        open_ones = Visitor.objects.filter(conversations__state__in=Conversation.OPEN_STATES, ip_address__isnull=False)
        visitors |= {pk for pk, address in open_ones.values_list("pk", "ip_address") if within(address, [ban.network])}
    for uuid in Conversation.objects.filter(visitor__in=visitors, state__in=Conversation.OPEN_STATES).values_list(
        "uuid", flat=True
    ):
        end_conversation(uuid, actor=SystemActor(), reason="closed")
    return visitors


def lift(ban_id: int, *, user: Any = None) -> None:
    """Let them in again. Raises NotFound. Lifting what was lifted is no mistake, and is not noted again."""
    ban = Ban.objects.filter(pk=ban_id).first()
    if ban is None:
        raise NotFound(_("There is no such ban."))
    if Ban.objects.filter(pk=ban_id, lifted_at__isnull=True).update(lifted_at=timezone.now()):
        _note(ban, LIFTED, user, {})
    cache.delete(CACHE_KEY)


def banned_networks() -> list[str]:
    """Ranges that are kept out now; from the cache, CACHE_SECONDS old at most."""
    networks: Any = cache.get(CACHE_KEY)
    if networks is None:
        networks = sorted(set(in_force().exclude(network="").values_list("network", flat=True)))
        cache.set(CACHE_KEY, networks, CACHE_SECONDS)
    return list(networks)


def refuse_address(address: str | None) -> None:
    """Raises Closed for an address that is kept out."""
    if address and within(address, banned_networks()):
        raise Closed(_("The chat is closed."))


def parse_network(text: str) -> str:
    """A range as it is stored. Raises ValueError with a sentence for people."""
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False)) if "/" in text else network_of(text)
    except ValueError:
        raise ValueError("Write an IPv4 or IPv6 address, or a range such as 192.0.2.0/24.") from None
