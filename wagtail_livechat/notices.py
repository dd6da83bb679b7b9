"""Letters that are about no conversation: to somebody who was made an operator, and to whoever tries whether mail works."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext
from wagtail.models import Site

from .colors import readable_ink
from .correspondence import language_of
from .models import Invitation, LiveChatSettings, OutgoingMail


class Tokens(PasswordResetTokenGenerator):
    """Django's, for as long as PASSWORD_RESET_TIMEOUT, and worthless once the invitation was accepted or mailed again."""

    key_salt = "wagtail_livechat.invitation"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        found = Invitation.objects.filter(operator__user=user).values_list("serial", "accepted_at").first()
        return f"{super()._make_hash_value(user, timestamp)}:{found}"

    def check_token(self, user: Any, token: str | None) -> bool:
        # Whoever was never invited, or has accepted, gets in by Wagtail's own pages alone.
        waits = user is not None and Invitation.objects.filter(operator__user=user, accepted_at=None).exists()
        return waits and bool(super().check_token(user, token))


tokens = Tokens()


def link(invitation: Invitation) -> str:
    """Where the invited chooses a password. Its token is stored nowhere: each letter has it made anew."""
    user = invitation.operator.user
    place = urlsafe_base64_encode(force_bytes(user.pk)), tokens.make_token(user)
    return invitation.origin + reverse("wagtail_livechat:invitation", args=place)


def site_of(invitation: Invitation | None) -> Site | None:
    """The first site that the operator answers for, else the default one, else any."""
    theirs = invitation.operator.sites.order_by("-is_default_site", "pk").first() if invitation else None
    return theirs or Site.objects.order_by("-is_default_site", "pk").first()


def compose(letter: OutgoingMail) -> EmailMultiAlternatives:
    """The letter as it goes out now, as text and HTML."""
    invitation = letter.invitation
    site = site_of(invitation)
    chosen = LiveChatSettings.of(site.pk if site else None)
    with translation.override(language_of(letter)):
        company = chosen.company_name or (site and (site.site_name or site.hostname)) or "Wagtail"
        context: dict[str, Any] = {
            "company": company,
            "color": chosen.color,
            "ink": readable_ink(chosen.color),
            "language": translation.get_language(),
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
            "site_url": site.root_url if site else "",
        }
        if invitation is not None:
            by = invitation.invited_by
            context |= {
                "subject": gettext("Answer the live chat of %(company)s") % context,
                "name": invitation.operator.name,
                "by": (by.get_full_name() or by.get_username()) if by else "",
                "url": link(invitation),
                "days": max(1, settings.PASSWORD_RESET_TIMEOUT // 86400),
                "login": invitation.operator.user.get_username(),
            }
        else:
            context |= {
                "subject": gettext("Test letter of the live chat"),
                "at": timezone.localtime(letter.created_at),
            }
        context["subject"] = " ".join(str(context["subject"]).split())
        message = EmailMultiAlternatives(
            subject=context["subject"],
            body=render_to_string(f"wagtail_livechat/mail/{letter.kind}.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[letter.recipient],
            reply_to=[chosen.support_email] if chosen.support_email else [],
            headers={"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        )
        message.attach_alternative(render_to_string(f"wagtail_livechat/mail/{letter.kind}.html", context), "text/html")
    return message
