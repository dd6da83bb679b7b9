"""What a site's own people may change, per site."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, InlinePanel, MultiFieldPanel, Panel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.images import get_image_model_string

from .. import attachments, intake, schedule
from ..addresses import origin_of
from ..countries import countries


class LiveChatSettingsForm(WagtailAdminModelForm):
    """Time zones and countries are chosen from lists that are made when they are needed."""

    time_zone = forms.ChoiceField(
        label=_("time zone"),
        required=False,
        choices=lambda: [("", _("The server's: %(zone)s") % {"zone": settings.TIME_ZONE}), *_zones()],
        help_text=_("Of the opening hours. Visitors see times in their own."),
    )
    country = forms.ChoiceField(
        label=_("country"),
        required=False,
        choices=lambda: [("", "---------"), *countries(get_language() or "en")],
        help_text=_("Phone numbers without a country code are taken to be from here; so are public holidays."),
    )

    def clean_embed_origins(self) -> str:
        """A line each, in the one spelling that a browser sends. Raises ValidationError for lines that are no origins."""
        lines = self.cleaned_data["embed_origins"].split()
        if wrong := [line for line in lines if origin_of(line.removesuffix("/")) is None]:
            raise ValidationError(
                _(
                    "Not an origin: %(wrong)s. Write scheme and host and nothing after it, such as https://shop.example."
                ),
                params={"wrong": ", ".join(wrong)},
            )
        return "\n".join(dict.fromkeys(str(origin_of(line.removesuffix("/"))) for line in lines))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        country, region = cleaned.get("country") or "", cleaned.get("holiday_region") or ""
        if not cleaned.get("closed_on_holidays"):
            return cleaned
        if not country:
            self.add_error("country", _("Choose the country whose public holidays are meant."))
        elif not schedule.knows_holidays(country):
            self.add_error("country", _("The public holidays of this country are not known. Enter them as exceptions."))
        elif region and not schedule.knows_holidays(country, region):
            known = ", ".join(schedule.regions_with_holidays(country))
            message = (
                _("There is no such part. Known are: %(known)s.") % {"known": known}
                if known
                else _("The parts of this country have the same holidays. Leave it empty.")
            )
            self.add_error("holiday_region", message)
        return cleaned


def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


PRESETS = ("#0b5c6b", "#1f4338", "#1d4ed8", "#6d28d9", "#be185d", "#a4481f", "#b45309", "#facc15", "#374151", "#111827")
"""Colours to choose from with one click."""


class LooksPreview(Panel):
    """The launcher and the head of the window as they will look, while the form is filled in."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_livechat/looks_preview.html"

        class Media:
            css = {"all": ["wagtail_livechat/looks.css"]}
            js = ["wagtail_livechat/looks.js"]

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            chosen = self.instance
            site = chosen.site if chosen.site_id else None
            return {
                **(super().get_context_data(parent_context) or {}),
                "presets": PRESETS,
                "company": (site.site_name or site.hostname) if site else "",
            }


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


class EmbedCodes(Panel):
    """The code for pages that the CMS does not make, to copy."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_livechat/embed_codes.html"

        class Media:
            css = {"all": ["wagtail_livechat/embed_codes.css"]}
            js = ["wagtail_livechat/copy.js"]

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**(super().get_context_data(parent_context) or {}), "site": self.instance.site}


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
    mode = models.CharField(_("online"), max_length=8, choices=Mode.choices, default=Mode.AUTO)
    department = models.ForeignKey(
        "wagtail_livechat.Department",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("department"),
        help_text=_("Who gets the conversations of this site."),
    )
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
        _("megabytes of a file"), default=10, validators=[MinValueValidator(1), MaxValueValidator(50)]
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
    corner = models.CharField(_("corner"), max_length=5, choices=Corner.choices, default=Corner.END)
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

    panels = [
        MultiFieldPanel(
            [FieldPanel("enabled"), FieldPanel("mode"), FieldPanel("department")], heading=_("Open or closed")
        ),
        MultiFieldPanel(
            [
                HelpPanel(
                    _(
                        "They decide when “By opening hours” is chosen above. Without any, the chat is always closed then."
                    )
                ),
                InlinePanel("opening_hours", label=_("Opening hours"), heading=_("Every week")),
                InlinePanel("opening_exceptions", label=_("Exception"), heading=_("Exceptions by date")),
                FieldRowPanel([FieldPanel("time_zone"), FieldPanel("country")]),
                FieldRowPanel([FieldPanel("closed_on_holidays"), FieldPanel("holiday_region")]),
            ],
            heading=_("Opening hours"),
        ),
        MultiFieldPanel([FieldPanel("offer_seconds"), FieldPanel("wrap_up_required")], heading=_("The desk")),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel(f"prechat_{field}") for field in intake.FIELDS[:3]]),
                FieldRowPanel([FieldPanel(f"prechat_{field}") for field in intake.FIELDS[3:]]),
            ],
            heading=_("Form before the chat"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("offline_form"),
                FieldRowPanel([FieldPanel(f"offline_{field}") for field in intake.FIELDS[:3]]),
                FieldRowPanel([FieldPanel(f"offline_{field}") for field in intake.FIELDS[3:]]),
            ],
            heading=_("Form while nobody is there"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("attachment_types"), FieldPanel("attachment_megabytes")]),
                FieldPanel("consent_text"),
                FieldPanel("no_answer_seconds"),
                FieldPanel("support_email"),
                FieldPanel("receipt_text"),
                FieldPanel("transcript_text"),
            ],
            heading=_("Files, consent and letters"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("company_name"),
                FieldPanel("logo"),
                FieldPanel("support_picture"),
                FieldPanel("color"),
                FieldPanel("corner"),
                FieldPanel("language"),
                FieldRowPanel([FieldPanel("online_picture"), FieldPanel("offline_picture")]),
                LooksPreview(heading=_("Preview")),
            ],
            heading=_("Looks"),
        ),
        MultiFieldPanel([FieldPanel("label"), FieldPanel("greeting")], heading=_("Texts")),
        MultiFieldPanel(
            [
                FieldPanel("embed_origins", widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})),
                EmbedCodes(heading=_("Code to paste there")),
            ],
            heading=_("Pages elsewhere"),
        ),
    ]

    base_form_class = LiveChatSettingsForm

    class Meta:
        verbose_name = _("live chat settings")

    @classmethod
    def of(cls, site_id: int | None) -> LiveChatSettings:
        """The site's, or what holds where nobody has chosen anything; that is not stored."""
        return cls.objects.filter(site_id=site_id).first() or cls(site_id=site_id)

    def rules(self, form: str) -> dict[str, str]:
        """What ``prechat`` or ``offline`` asks for: field -> off, shown or required."""
        return {field: getattr(self, f"{form}_{field}") for field in intake.FIELDS}

    def consent(self) -> str:
        """What visitors agree to, in the active language where the site has no sentence of its own."""
        return self.consent_text or pgettext(
            "widget", "I agree that what I write here is stored, so that it can be answered."
        )

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


class OpeningHours(models.Model):
    """When it is open every week."""

    class Days(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")
        WEEKDAYS = 7, _("Monday to Friday")
        WEEKEND = 8, _("Saturday and Sunday")
        EVERY = 9, _("Every day")

    settings = ParentalKey(LiveChatSettings, on_delete=models.CASCADE, related_name="opening_hours")
    days = models.PositiveSmallIntegerField(_("days"), choices=Days.choices, default=Days.WEEKDAYS)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(
        _("closes"), help_text=_("Earlier than it opens: on the next day. The same time: 24 hours later.")
    )

    panels = [FieldRowPanel([FieldPanel("days"), FieldPanel("opens"), FieldPanel("closes")])]

    class Meta:
        ordering = ["days", "opens", "pk"]
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")

    def __str__(self) -> str:
        return f"{self.get_days_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    @property
    def weekdays(self) -> range:
        """Monday is 0."""
        groups = {self.Days.WEEKDAYS: range(5), self.Days.WEEKEND: range(5, 7), self.Days.EVERY: range(7)}
        return groups.get(self.Days(self.days), range(self.days, self.days + 1))


class OpeningException(models.Model):
    """What is different on one date. Several rows of a date are several spans."""

    settings = ParentalKey(LiveChatSettings, on_delete=models.CASCADE, related_name="opening_exceptions")
    date = models.DateField(_("date"))
    opens = models.TimeField(_("opens"), null=True, blank=True, help_text=_("Empty: closed all day."))
    closes = models.TimeField(_("closes"), null=True, blank=True)
    note = models.CharField(
        _("note"), max_length=100, blank=True, help_text=_("For yourselves, such as “Stocktaking”.")
    )

    panels = [
        FieldRowPanel([FieldPanel("date"), FieldPanel("opens"), FieldPanel("closes")]),
        FieldPanel("note"),
    ]

    class Meta:
        ordering = ["date", "opens", "pk"]
        verbose_name = _("exception from the opening hours")
        verbose_name_plural = _("exceptions from the opening hours")

    def __str__(self) -> str:
        return f"{self.date:%Y-%m-%d}"

    def clean(self) -> None:
        if (self.opens is None) != (self.closes is None):
            missing = "closes" if self.closes is None else "opens"
            raise ValidationError({missing: _("Give both times, or neither if it is closed all day.")})
