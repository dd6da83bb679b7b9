"""People get at their own data by themselves: a link is mailed to the address that they gave, and is good once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from .. import signals, wording
from ..conf import conf
from ..exceptions import NotFound
from ..models import PrivacyLink
from ..sentences import filled
from . import erasure
from .visitors import token_hash


def request_link(site_id: int, email: str, *, origin: str, language: str) -> None:
    """Have a link mailed, if anybody on this site gave this address. Whether somebody did is told to nobody.

    ``origin``: ``https://shop.example``, where the link leads to; ``language`` is that of the letter.
    """
    email = email.strip()
    if not erasure.find_visitors(site_id=site_id, email=email).exists():
        return
    now = timezone.now()
    with transaction.atomic():
        link = PrivacyLink.objects.create(
            site_id=site_id,
            email=email,
            origin=origin,
            language=language[:35],
            # Made when the letter is written: until then nobody has it, also no queue.
            token_hash=token_hash(secrets.token_urlsafe(32)),
            expires_at=now + timedelta(hours=conf.PRIVACY_LINK_HOURS),
        )
        transaction.on_commit(
            lambda: signals.link_waiting.send_robust(sender=PrivacyLink, link_id=link.pk), robust=True
        )


def send_link(link_id: int) -> None:
    """Write the letter. Slow: the mail server is asked. A link that is no longer there is not sent."""
    link = PrivacyLink.objects.select_related("site").filter(pk=link_id, expires_at__gt=timezone.now()).first()
    if link is None:
        return
    token = secrets.token_urlsafe(32)
    PrivacyLink.objects.filter(pk=link.pk).update(token_hash=token_hash(token))
    with override(link.language or None):
        words = wording.of(link.site_id, get_language() or "")
        values = {
            "site": link.site.site_name or urlsplit(link.origin).hostname or link.site.hostname,
            "hours": round(conf.PRIVACY_LINK_HOURS),
            "url": link.origin + reverse("wagtail_livechat:own_data_link", args=[token]),
        }
        subject = " ".join(filled(words["own_letter_subject"], **values).split())
        EmailMessage(subject, filled(words["own_letter"], **values), to=[link.email]).send()


@dataclass(frozen=True, slots=True)
class OwnData:
    """Whose data a link is for."""

    site_id: int
    visitor_ids: tuple[int, ...]


def look_at(token: str) -> PrivacyLink:
    """The link of this token, which stays good. Raises NotFound if there is none, or no longer."""
    link = PrivacyLink.objects.filter(token_hash=token_hash(token), expires_at__gt=timezone.now()).first()
    if link is None:
        raise NotFound(_("This link was used already, or is too old. Ask for a new one."))
    return link


def use(token: str) -> OwnData:
    """Whose data it is; from here on the link is used up. Of two at once, one gets it. Raises NotFound."""
    with transaction.atomic():
        link = look_at(token)
        if not PrivacyLink.objects.filter(pk=link.pk).delete()[0]:
            raise NotFound(_("This link was used already, or is too old. Ask for a new one."))
        found = erasure.find_visitors(site_id=link.site_id, email=link.email)
        return OwnData(link.site_id, tuple(found.order_by("pk").values_list("pk", flat=True)))


def export(token: str) -> dict[str, Any]:
    """What is kept about them, without operators' notes among themselves. Raises NotFound."""
    mine = use(token)
    data = erasure.export_visitors(mine.visitor_ids, with_notes=False)
    erasure.note(erasure.EXPORTED, [mine.site_id], by="visitor", visitors=len(mine.visitor_ids))
    return data


def erase(token: str) -> None:
    """Delete it. Other links of the same address go too. Raises NotFound."""
    mine = use(token)
    counts = erasure.erase_visitors(mine.visitor_ids)
    erasure.note(erasure.ERASED, [mine.site_id], by="visitor", **counts)
