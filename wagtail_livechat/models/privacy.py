"""What a site hides, how long it keeps what, and links by which people get at their own data."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from ..masking.phones import is_region


def _days(label: Any, help_text: Any) -> models.PositiveIntegerField[Any, Any]:
    return models.PositiveIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(1)], help_text=help_text
    )


@register_setting(icon="livechat")
class PrivacySettings(BaseSiteSetting):
    """Edited beside the chat's other settings, with a right of its own."""

    class Masking(models.TextChoices):
        OFF = "off", _("Off: operators see what visitors write")
        MASK = "mask", _("Hidden from operators: what is stored is whole")
        REDACT = "redact", _("Removed before it is stored: nobody can see it again")

    class Exempt(models.TextChoices):
        NOBODY = "nobody", _("Nobody: it is revealed message by message, with a reason")
        RIGHT = "right", _("Whoever has the right “Can see what masking hides”")

    masking = models.CharField(_("personal numbers"), max_length=8, choices=Masking.choices, default=Masking.OFF)
    mask_cards = models.BooleanField(_("payment cards"), default=True)
    mask_ibans = models.BooleanField(_("bank accounts (IBAN)"), default=True)
    mask_national_ids = models.BooleanField(
        _("national ids"),
        default=True,
        help_text=_("Of the US, Sweden, Denmark, Norway, Finland, the Netherlands and Germany."),
    )
    mask_emails = models.BooleanField(_("e-mail addresses"), default=True)
    mask_phones = models.BooleanField(_("phone numbers"), default=True)
    countries = models.CharField(
        _("countries"),
        max_length=200,
        blank=True,
        help_text=_(
            "Whose phone numbers are known without a country code, such as: SE, DK. Empty means the countries of the languages of this site's content."
        ),
    )
    exempt = models.CharField(_("who sees all"), max_length=8, choices=Exempt.choices, default=Exempt.NOBODY)

    keep_conversations_days = _days(
        _("conversations"), _("Days after the end; then the conversation is deleted. Empty means for ever.")
    )
    keep_archived_days = _days(_("conversations in the archive"), _("Days after the end. Empty means for ever."))
    keep_texts_days = _days(
        _("what was written"),
        _("Days after the end; then messages and the visitor's details go, times and counts stay for the statistics."),
    )
    keep_visits_days = _days(_("pages that were seen"), _("Days; also for visitors who never wrote anything."))
    keep_addresses_days = _days(_("full IP addresses"), _("Days; then their last part is cut off."))

    panels = [
        MultiFieldPanel(
            [
                HelpPanel(template="wagtail_livechat/privacy_help.html"),
                FieldPanel("masking"),
                FieldRowPanel([FieldPanel("mask_cards"), FieldPanel("mask_ibans"), FieldPanel("mask_national_ids")]),
                FieldRowPanel([FieldPanel("mask_emails"), FieldPanel("mask_phones")]),
                FieldPanel("countries"),
                FieldPanel("exempt"),
            ],
            heading=_("Personal numbers in messages"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("keep_conversations_days"), FieldPanel("keep_archived_days")]),
                FieldPanel("keep_texts_days"),
                FieldRowPanel([FieldPanel("keep_visits_days"), FieldPanel("keep_addresses_days")]),
            ],
            heading=_("How long things are kept"),
        ),
    ]

    class Meta:
        verbose_name = _("live chat privacy")

    def __str__(self) -> str:
        return str(_("Live chat privacy"))

    def clean(self) -> None:
        unknown = [code for code in self.country_codes if not is_region(code)]
        if unknown:
            message = _("Not a country code: %(codes)s. Write two letters for each, such as: SE, DK")
            raise ValidationError({"countries": ValidationError(message, params={"codes": ", ".join(unknown)})})

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of masking.KINDS that are hidden."""
        chosen = {
            "card": self.mask_cards,
            "iban": self.mask_ibans,
            "national_id": self.mask_national_ids,
            "email": self.mask_emails,
            "phone": self.mask_phones,
        }
        return frozenset(kind for kind, is_on in chosen.items() if is_on)

    @property
    def country_codes(self) -> list[str]:
        return [code.upper() for code in re.split(r"[\s,;]+", self.countries.strip()) if code]


class PrivacyLink(models.Model):
    """A link that was mailed to somebody who asked for their own data. Good once, and for a while."""

    site = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="+")
    email = models.CharField(max_length=254)
    origin = models.CharField(max_length=300)
    """``https://shop.example``: where it was asked for, and leads to."""
    language = models.CharField(max_length=35, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
