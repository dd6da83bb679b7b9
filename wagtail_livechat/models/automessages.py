"""What is said above the launcher before anybody has asked."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel

from .. import schedule

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class AutoMessage(ClusterableModel):
    class Frequency(models.TextChoices):
        LOAD = "load", _("On every page")
        DAY = "day", _("Once a day")

    name = models.CharField(
        _("name"), max_length=100, help_text=_("For yourselves. A conversation that begins with it is marked with it.")
    )
    content = models.TextField(_("content"), max_length=300)
    is_active = models.BooleanField(_("shown"), default=True)
    site = models.ForeignKey(
        "wagtailcore.Site",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("site"),
        help_text=_("Empty means all sites."),
    )
    frequency = models.CharField(
        _("how often"),
        max_length=4,
        choices=Frequency.choices,
        default=Frequency.DAY,
        help_text=_("Once a day needs the browser's storage, which is not used before a visitor has opened the chat."),
    )
    delay_seconds = models.PositiveSmallIntegerField(
        _("seconds before it is shown"), default=3, validators=[MaxValueValidator(3600)]
    )
    shown_seconds = models.PositiveSmallIntegerField(
        _("seconds for which it is shown"),
        default=0,
        validators=[MaxValueValidator(3600)],
        help_text=_("0: until it is closed."),
    )
    address_contains = models.CharField(
        _("address contains"),
        max_length=255,
        blank=True,
        help_text=_("A part of the page's address, such as /products/. Empty means every page."),
    )
    when_offline = models.BooleanField(_("also while nobody is there"), default=False)
    chosen_only = models.BooleanField(
        _("only where a page chooses it"),
        default=False,
        help_text=_("Pages choose it in their settings, and chat rules for whole sections."),
    )
    monday = models.BooleanField(_("Monday"), default=True)
    tuesday = models.BooleanField(_("Tuesday"), default=True)
    wednesday = models.BooleanField(_("Wednesday"), default=True)
    thursday = models.BooleanField(_("Thursday"), default=True)
    friday = models.BooleanField(_("Friday"), default=True)
    saturday = models.BooleanField(_("Saturday"), default=True)
    sunday = models.BooleanField(_("Sunday"), default=True)
    sort_order = models.IntegerField(_("order"), default=0, editable=False)
    shown = models.PositiveIntegerField(_("times shown"), default=0, editable=False)
    clicked = models.PositiveIntegerField(_("times clicked"), default=0, editable=False)

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("is_active"), FieldPanel("site")]),
        FieldPanel("content"),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("frequency"), FieldPanel("delay_seconds"), FieldPanel("shown_seconds")]),
                FieldRowPanel([FieldPanel("address_contains"), FieldPanel("when_offline")]),
                FieldPanel("chosen_only"),
            ],
            heading=_("When and where"),
        ),
        MultiFieldPanel([FieldRowPanel([FieldPanel(day) for day in WEEKDAYS])], heading=_("Weekdays")),
        InlinePanel("times", label=_("Time"), heading=_("Times of day"), help_text=_("None means all day.")),
    ]

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("auto-message")
        verbose_name_plural = _("auto-messages")

    def __str__(self) -> str:
        return self.name

    def is_due(self, at: datetime, zone: ZoneInfo) -> bool:
        """Whether its weekdays and times of day, in the site's time zone, allow it now."""
        spans = tuple(schedule.Span(row.begins, row.ends) for row in self.times.all())
        spans = spans or (schedule.Span(time(0), time(0)),)
        weekly = {number: spans for number, day in enumerate(WEEKDAYS) if getattr(self, day)}
        return schedule.is_open(schedule.Hours(zone=zone, weekly=weekly), at)


class AutoMessageTime(models.Model):
    message = ParentalKey(AutoMessage, on_delete=models.CASCADE, related_name="times")
    begins = models.TimeField(_("from"))
    ends = models.TimeField(_("until"), help_text=_("Earlier than it begins: on the next day."))

    panels = [FieldRowPanel([FieldPanel("begins"), FieldPanel("ends")])]

    class Meta:
        ordering = ["begins", "pk"]
        verbose_name = _("time")
        verbose_name_plural = _("times")
