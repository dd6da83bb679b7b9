"""The daily rollup: plain counts that outlive what they were counted of, without a word about whom.

``span`` says what a row is about: a ``day`` counted from the conversations that are there; of the same day, those that are
``gone`` (erased, or removed by retention), counted before they went; or a ``month``, which is the sum of both. Operators,
departments and pages are numbers, not foreign keys: 0 is none, and a count does not go with what it was about.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Span(models.TextChoices):
    DAY = "day", _("Day")
    GONE = "gone", _("Day, of what was erased")
    MONTH = "month", _("Month")


class Counted(models.Model):
    """A day, or a month, of a site that is in the rollup."""

    site: models.ForeignKey[Any, Any] = models.ForeignKey(
        "wagtailcore.Site", on_delete=models.CASCADE, related_name="+"
    )
    span = models.CharField(max_length=5, choices=Span.choices)
    start = models.DateField()
    zone = models.CharField(max_length=64)
    """The time zone by which it was cut."""
    is_stale = models.BooleanField(default=True)
    """Something changed since, so it is counted again."""
    open_ones = models.PositiveIntegerField(default=0)
    """Conversations that had not ended: they will change it."""
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        permissions = [("view_statistics", "Can see the statistics of the live chat")]
        constraints = [models.UniqueConstraint(fields=["site", "span", "start"], name="livechat_counted_once")]

    def __str__(self) -> str:
        return f"{self.span} {self.start}"


class Row(models.Model):
    site: models.ForeignKey[Any, Any] = models.ForeignKey(
        "wagtailcore.Site", on_delete=models.CASCADE, related_name="+"
    )
    span = models.CharField(max_length=5, choices=Span.choices)
    start = models.DateField()

    class Meta:
        abstract = True
        default_permissions = ()


class Tallied(Row):
    """The columns of tallies.Tally. Histograms and hours are bytes, as histograms.to_bytes makes them."""

    department = models.PositiveBigIntegerField(default=0)
    started = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    missed = models.PositiveIntegerField(default=0)
    offline = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)
    proactive = models.PositiveIntegerField(default=0)
    rated_1 = models.PositiveIntegerField(default=0)
    rated_2 = models.PositiveIntegerField(default=0)
    rated_3 = models.PositiveIntegerField(default=0)
    rated_4 = models.PositiveIntegerField(default=0)
    rated_5 = models.PositiveIntegerField(default=0)
    waiting = models.BinaryField(default=bytes)
    first_answer = models.BinaryField(default=bytes)
    length = models.BinaryField(default=bytes)
    gave_up = models.BinaryField(default=bytes)
    hours = models.BinaryField(default=bytes)
    """Of a day: its 24 hours alone, whatever weekday it is."""

    class Meta(Row.Meta):
        abstract = True


class DepartmentTally(Tallied):
    class Meta(Tallied.Meta):
        constraints = [
            models.UniqueConstraint(fields=["site", "span", "start", "department"], name="livechat_tally_department")
        ]


class OperatorTally(Tallied):
    operator = models.PositiveBigIntegerField()
    unanswered = models.PositiveIntegerField(default=0)
    """Offers to this operator alone that ran out."""
    declined = models.PositiveIntegerField(default=0)

    class Meta(Tallied.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["site", "span", "start", "department", "operator"], name="livechat_tally_operator"
            )
        ]


class PageTally(Row):
    """Conversations that began on a page of the CMS; ``page`` 0 is all other addresses."""

    department = models.PositiveBigIntegerField(default=0)
    page = models.PositiveBigIntegerField(default=0)
    started = models.PositiveIntegerField(default=0)

    class Meta(Row.Meta):
        constraints = [
            models.UniqueConstraint(fields=["site", "span", "start", "department", "page"], name="livechat_tally_page")
        ]


class KeyTally(Row):
    """What other apps count for a site, such as the helpdesk: see reckoning.KEYS."""

    key = models.CharField(max_length=20)
    total = models.PositiveIntegerField(default=0)

    class Meta(Row.Meta):
        constraints = [models.UniqueConstraint(fields=["site", "span", "start", "key"], name="livechat_tally_key")]


class AutoMessageDay(models.Model):
    """How often an auto-message was shown and clicked on one day, counted as it happens."""

    message = models.PositiveBigIntegerField()
    day = models.DateField()
    shown = models.PositiveIntegerField(default=0)
    clicked = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["message", "day"], name="livechat_auto_message_day")]
        indexes = [models.Index(fields=["day"], name="livechat_auto_message_days")]

    def __str__(self) -> str:
        return f"{self.message} {self.day}"
