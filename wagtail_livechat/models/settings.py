"""What a site's own people may change, per site."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.images import get_image_model_string


@register_setting(icon="livechat")
class LiveChatSettings(BaseSiteSetting):
    class Mode(models.TextChoices):
        AUTO = "auto", _("By itself: online while an operator is available")
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

    panels = [
        MultiFieldPanel(
            [FieldPanel("enabled"), FieldPanel("mode"), FieldPanel("department")], heading=_("Open or closed")
        ),
        MultiFieldPanel([FieldPanel("offer_seconds"), FieldPanel("wrap_up_required")], heading=_("The desk")),
        MultiFieldPanel(
            [
                FieldPanel("company_name"),
                FieldPanel("logo"),
                FieldPanel("color"),
                FieldPanel("corner"),
                FieldPanel("language"),
            ],
            heading=_("Looks"),
        ),
        MultiFieldPanel([FieldPanel("label"), FieldPanel("greeting")], heading=_("Texts")),
    ]

    class Meta:
        verbose_name = _("live chat settings")
