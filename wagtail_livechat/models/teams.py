"""Departments: the queues that operators belong to."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Department(models.Model):
    class Handout(models.TextChoices):
        OPEN = "open", _("Open queue: everyone sees it and may take it")
        ONE = "one", _("One at a time: offered to the operator with the most room")

    name = models.CharField(_("name"), max_length=100)
    sites: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "wagtailcore.Site",
        blank=True,
        related_name="livechat_departments",
        verbose_name=_("sites"),
        help_text=_("Sites that this department answers for. None chosen means all."),
    )
    handout = models.CharField(_("handing out"), max_length=8, choices=Handout.choices, default=Handout.OPEN)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    sort_order = models.IntegerField(_("order"), default=0)

    class Meta:
        ordering = ["sort_order", "name", "pk"]
        verbose_name = _("department")
        verbose_name_plural = _("departments")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def serving(cls, site_id: int) -> models.QuerySet[Department]:
        """The active ones that answer for this site, in their order."""
        of_site = cls.objects.filter(models.Q(sites=site_id) | models.Q(sites__isnull=True), is_active=True)
        return of_site.distinct()
