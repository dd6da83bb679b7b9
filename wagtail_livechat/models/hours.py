"""When a site's chat is open: every week, and what is different on a date."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel


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

    settings = ParentalKey("wagtail_livechat.LiveChatSettings", on_delete=models.CASCADE, related_name="opening_hours")
    days = models.PositiveSmallIntegerField(_("days"), choices=Days.choices, default=Days.WEEKDAYS)
    opens = models.TimeField(_("opens"), help_text=_("In the site's time zone, such as 09:00."))
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

    settings = ParentalKey(
        "wagtail_livechat.LiveChatSettings", on_delete=models.CASCADE, related_name="opening_exceptions"
    )
    date = models.DateField(_("date"), help_text=_("Several rows of one date are several times on that day."))
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
