"""A visitor comes: identity without a cookie."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import broadcast, veils
from ..conf import conf
from ..exceptions import Closed, NotFound, Unauthorised
from ..models import Ban, Conversation, LiveChatSettings, PageVisit, Visitor
from ..permissions import VisitorActor
from .leases import renew


def token_hash(token: str) -> str:
    """What is stored of a token. It has 256 random bits, so a plain hash is as good as a slow one."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def open_session(
    site_id: int,
    *,
    language: str = "",
    user_agent: str = "",
    ip_address: str | None = None,
    is_preview: bool = False,
) -> tuple[Visitor, str]:
    """A new visitor and their token, which exists nowhere else from here on.

    Raises NotFound if there is no such site, Closed if its chat is switched off and this is no preview of it.
    """
    from wagtail.models import Site

    if not Site.objects.filter(pk=site_id).exists():
        raise NotFound(_("There is no such site."))
    if not is_preview and LiveChatSettings.objects.filter(site_id=site_id, enabled=False).exists():
        raise Closed(_("The chat is switched off on this site."))
    token = secrets.token_urlsafe(32)
    visitor = Visitor.objects.create(
        site_id=site_id,
        token_hash=token_hash(token),
        language=language[:35],
        user_agent=user_agent[:512],
        ip_address=ip_address,
    )
    return visitor, token


def authenticate(token: str | None) -> VisitorActor:
    """Whose token this is. Raises Unauthorised for one that is not, or no longer, good."""
    if token:
        row = (
            Visitor.objects.filter(token_hash=token_hash(token), revoked_at__isnull=True)
            .values_list("pk", "site_id")
            .first()
        )
        if row:
            if kept_out({row[0]}):
                raise Closed(_("The chat is closed."))
            return VisitorActor(*row)
    raise Unauthorised(_("This visit is not known here. A new one is begun."))


def still_known(visitor_ids: Iterable[int]) -> set[int]:
    """Those of ``visitor_ids`` whose token is still good."""
    return set(Visitor.objects.filter(pk__in=list(visitor_ids), revoked_at__isnull=True).values_list("pk", flat=True))


def kept_out(visitor_ids: Iterable[int]) -> set[int]:
    """Those who are banned by name; addresses are looked at where connections come in (actions.bans)."""
    now = timezone.now()
    in_force = Ban.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now), lifted_at__isnull=True, network=""
    )
    return {pk for pk in in_force.filter(visitor__in=list(visitor_ids)).values_list("visitor_id", flat=True) if pk}


def note_page(actor: VisitorActor, *, url: str, title: str) -> None:
    """Remember the page that the visitor is on now, and that they were there."""
    url, title = veils.redact_address(url, actor.site_id)[:2000], veils.redact(title, actor.site_id)[0][:255]
    if not url:
        return
    last = PageVisit.objects.filter(visitor=actor.visitor_id).values_list("url", flat=True).first()
    if last != url:
        PageVisit.objects.create(visitor_id=actor.visitor_id, url=url, title=title)
    Visitor.objects.filter(pk=actor.visitor_id).update(page_url=url, page_title=title, last_seen=timezone.now())


def renew_leases(visitor_ids: Iterable[int]) -> None:
    """These visitors are connected now. The operators of those who were gone are told."""
    _announce(renew(Visitor.objects.filter(pk__in=list(visitor_ids))))


def expire_leases(now: datetime) -> int:
    """Tell operators which visitors have left. Of two sweeps at once, one tells. Returns how many left."""
    limit = now - timedelta(seconds=conf.GRACE_SECONDS)
    gone = Visitor.objects.filter(is_present=True, last_seen__lte=limit)
    left = [pk for pk in list(gone.values_list("pk", flat=True)[:1000]) if gone.filter(pk=pk).update(is_present=False)]
    _announce(left)
    return len(left)


def _announce(visitor_ids: list[int]) -> None:
    if not visitor_ids:
        return
    open_ones = Conversation.objects.filter(visitor__in=visitor_ids, state__in=Conversation.OPEN_STATES)
    for uuid, visitor_id in open_ones.values_list("uuid", "visitor_id"):
        broadcast.conversation_changed(uuid, visitor_id)
