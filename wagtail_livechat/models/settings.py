"""What a site's own people may change, per site. The page on which they do is in settings_tabs."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.images import get_image_model_string

from .. import attachments, intake, schedule
from ..addresses import origin_of
from .settings_tabs import TABS


class Asked(models.TextChoices):
    """Whether a form asks for a field."""

    OFF = intake.OFF, _("Off")
    SHOWN = intake.SHOWN, _("Shown")
    REQUIRED = intake.REQUIRED, _("Required")


def known_endings(value: str) -> None:
    """Raises ValidationError for an ending of which we could not tell whether a file is what it says."""
    unknown = [ending for ending in value.lower().split() if ending not in attachments.TYPES]
    if unknown:
        raise ValidationError(
            _("These cannot be allowed: %(unknown)s. Known are: %(known)s."),
            params={"unknown": ", ".join(unknown), "known": " ".join(attachments.TYPES)},
        )


def _asks(label: Any, default: str = intake.OFF) -> models.CharField[str, str]:
    return models.CharField(label, max_length=8, choices=Asked.choices, default=default)


@register_setting(icon="livechat")
class LiveChatSettings(BaseSiteSetting, ClusterableModel):
    class Mode(models.TextChoices):
        AUTO = "auto", _("By itself: online while an operator is available")
        SCHEDULE = "schedule", _("By opening hours")
        ON = "on", _("Always online")
        OFF = "off", _("Always offline")

    class Corner(models.TextChoices):
        END = "end", _("Where lines end (right in English)")
        START = "start", _("Where lines begin (left in English)")

    enabled = models.BooleanField(
        _("show the chat"), default=True, help_text=_("Off: nothing is drawn on any page of this site.")
    )
    mode = models.CharField(
        _("online"),
        max_length=8,
        choices=Mode.choices,
        default=Mode.AUTO,
        help_text=_("When visitors are told that somebody is there. Operators may be at the desk at any time."),
    )
    department = models.ForeignKey(
        "wagtail_livechat.Department",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("department"),
        help_text=_("Who gets the conversations of this site."),
    )
    admin_language = models.CharField(_("language of the desk"), max_length=35, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    closed_on_holidays = models.BooleanField(
        _("closed on public holidays"),
        default=False,
        help_text=_("Of the country. An exception opens one of them."),
    )
    holiday_region = models.CharField(
        _("part of the country"),
        max_length=10,
        blank=True,
        help_text=_("Where parts of the country have holidays of their own: its code, such as BY for Bavaria."),
    )
    offer_seconds = models.PositiveSmallIntegerField(
        _("seconds to answer an offer"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(600)],
        help_text=_(
            "An operator who does not answer an offer in this time is marked as not answering, and it goes on to the next."
        ),
    )
    wrap_up_required = models.BooleanField(
        _("a reason is needed to end a conversation"),
        default=False,
        help_text=_(
            "Operators choose one of the wrap-up reasons when they end a conversation. "
            "Without any reason under Live chat, nobody is asked."
        ),
    )
    prechat_name = _asks(_("name"))
    prechat_email = _asks(_("e-mail"))
    prechat_phone = _asks(_("phone"))
    prechat_reference = _asks(_("reference number"))
    prechat_department = _asks(_("department"))
    prechat_consent = _asks(_("consent"))
    offline_form = models.BooleanField(
        _("a form while it is closed"),
        default=True,
        help_text=_(
            "Visitors leave a message, which is a case that waits for an answer by e-mail. Off: what they write waits in the queue."
        ),
    )
    offline_name = _asks(_("name"), intake.SHOWN)
    offline_email = _asks(_("e-mail"), intake.REQUIRED)
    offline_phone = _asks(_("phone"))
    offline_reference = _asks(_("reference number"))
    offline_department = _asks(_("department"))
    offline_consent = _asks(_("consent"))
    consent_text = models.TextField(
        _("consent"),
        max_length=500,
        blank=True,
        help_text=_("What visitors agree to. Empty means a standard sentence."),
    )
    no_answer_seconds = models.PositiveSmallIntegerField(
        _("seconds until an address is asked for"),
        default=120,
        validators=[MaxValueValidator(3600)],
        help_text=_("A visitor who has waited this long may leave an e-mail address and go. 0: they are not asked."),
    )
    attachment_types = models.CharField(
        _("files that may be sent"),
        max_length=200,
        blank=True,
        default="jpg jpeg png gif webp pdf txt",
        validators=[known_endings],
        help_text=_("Endings with spaces between, such as: jpg png pdf. Empty: no files can be sent."),
    )
    attachment_megabytes = models.PositiveSmallIntegerField(
        _("megabytes of a file"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("The largest that is taken, 1 to 50."),
    )
    support_email = models.EmailField(
        _("support mailbox"),
        blank=True,
        help_text=_("Gets a copy of what visitors leave while nobody is there, and answers to our letters."),
    )
    receipt_text = models.TextField(
        _("letter to the visitor"),
        max_length=2000,
        blank=True,
        help_text=_(
            "Stands above the copy of a message. <name>, <case> and <company> are filled in. Empty means a standard text."
        ),
    )
    transcript_text = models.TextField(
        _("letter with the transcript"),
        max_length=2000,
        blank=True,
        help_text=_(
            "Stands above the transcript. <name>, <case> and <company> are filled in. Empty means a standard text."
        ),
    )
    company_name = models.CharField(
        _("company name"), max_length=100, blank=True, help_text=_("Empty means the name of the site.")
    )
    logo = models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("logo"),
        help_text=_("In the head of the window. It is cut to a square."),
    )
    support_picture = models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("support picture"),
        help_text=_("A face beside the greeting. Empty means the logo."),
    )
    greeting = models.TextField(
        _("greeting"),
        blank=True,
        max_length=500,
        help_text=_("Shown before the first message. Empty means a standard sentence."),
    )
    color = models.CharField(
        _("colour"),
        max_length=7,
        default="#0b5c6b",
        validators=[
            RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six hexadecimal digits, e.g. #0b5c6b."))
        ],
        help_text=_("As # and six hexadecimal digits. The text on it becomes black or white, whichever reads better."),
    )
    corner = models.CharField(
        _("corner"),
        max_length=5,
        choices=Corner.choices,
        default=Corner.END,
        help_text=_("Where the launcher stands, at the bottom of the page."),
    )
    language = models.CharField(
        _("language"),
        max_length=35,
        blank=True,
        help_text=_("A language code such as sv. Empty means the language of the page."),
    )
    label = models.CharField(
        _("text on the launcher"),
        max_length=60,
        blank=True,
        help_text=_("Empty means a standard text in the visitor's language."),
    )

    online_picture = models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture while online"),
        help_text=_("In place of the launcher's own look, with its text in it."),
    )
    offline_picture = models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture while offline"),
        help_text=_("The same while nobody is there."),
    )

    embed_origins = models.TextField(
        _("pages elsewhere that may show the chat"),
        blank=True,
        max_length=2000,
        help_text=_(
            "Their origins, a line each, such as https://shop.example: scheme and host, exactly. "
            "Pages of this site need not be listed."
        ),
    )

    edit_handler = TABS

    class Meta:
        verbose_name = _("live chat settings")
        # Wagtail's "change" is for what managers see of them.
        permissions = [("administer_livechatsettings", "Can change every live chat setting")]

    @classmethod
    def of(cls, site_id: int | None) -> LiveChatSettings:
        """The site's, or what holds where nobody has chosen anything; that is not stored."""
        return cls.objects.filter(site_id=site_id).first() or cls(site_id=site_id)

    def rules(self, form: str) -> dict[str, str]:
        """What ``prechat`` or ``offline`` asks for: field -> off, shown or required."""
        return {field: getattr(self, f"{form}_{field}") for field in intake.FIELDS}

    @property
    def endings(self) -> frozenset[str]:
        """Of files that may be sent; none: no files."""
        return frozenset(self.attachment_types.lower().split()) & attachments.TYPES.keys()

    @property
    def origins(self) -> list[str]:
        """Of pages elsewhere that may show the chat, in their one spelling, each once."""
        return list(dict.fromkeys(filter(None, map(origin_of, self.embed_origins.split()))))

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone; the server's where none, or one that this server does not know, was chosen."""
        known = self.time_zone if self.time_zone in available_timezones() else settings.TIME_ZONE
        return ZoneInfo(known)

    def hours(self) -> schedule.Hours:
        """The opening hours as a value. Two queries."""
        weekly: dict[int, tuple[schedule.Span, ...]] = {}
        for row in self.opening_hours.all():
            for day in row.weekdays:
                weekly[day] = (*weekly.get(day, ()), schedule.Span(row.opens, row.closes))
        exceptions: dict[Any, tuple[schedule.Span, ...]] = {}
        for exception in self.opening_exceptions.all():
            spans = exceptions.get(exception.date, ())
            if exception.opens is not None and exception.closes is not None:
                spans = (*spans, schedule.Span(exception.opens, exception.closes))
            exceptions[exception.date] = spans
        return schedule.Hours(
            zone=self.zone,
            weekly=weekly,
            exceptions=exceptions,
            country=self.country if self.closed_on_holidays else "",
            region=self.holiday_region,
        )
