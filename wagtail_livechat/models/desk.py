"""What operators work with: prepared answers, and who is kept out."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel


class QuickReply(models.Model):
    """A prepared answer. ``<name>``, ``<case>``, ``<operator>`` and ``<company>`` are filled in before it is sent."""

    name = models.CharField(_("name"), max_length=100)
    shortcut = models.CharField(
        _("shortcut"),
        max_length=30,
        blank=True,
        validators=[RegexValidator(r"^[\w-]*$", _("Letters, digits, - and _ only."))],
        help_text=_("What is typed after / to find it."),
    )
    text = models.TextField(
        _("text"),
        max_length=5000,
        help_text=_("<name>, <case>, <operator> and <company> are filled in. Line breaks are kept."),
    )
    department = models.ForeignKey(
        "wagtail_livechat.Department",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("department"),
        help_text=_("Empty means all departments."),
    )
    language = models.CharField(
        _("language"), max_length=35, blank=True, help_text=_("A language code such as sv. Empty means any.")
    )
    is_active = models.BooleanField(_("shown"), default=True)
    sort_order = models.IntegerField(_("order"), default=0, editable=False)
    used = models.PositiveIntegerField(_("times used"), default=0, editable=False)

    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("shortcut")]),
        FieldPanel("text"),
        FieldRowPanel([FieldPanel("department"), FieldPanel("language"), FieldPanel("is_active")]),
    ]

    class Meta:
        ordering = ["sort_order", "name", "pk"]
        verbose_name = _("quick reply")
        verbose_name_plural = _("quick replies")

    def __str__(self) -> str:
        return self.name


class Ban(models.Model):
    """An address range or a visitor who is kept out, until a time or for good."""

    network = models.CharField(
        _("address"),
        max_length=50,
        blank=True,
        help_text=_("IPv4, IPv6 or a range such as 192.0.2.0/24. A single IPv6 address stands for its /64."),
    )
    visitor = models.ForeignKey(
        "wagtail_livechat.Visitor",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="bans",
        verbose_name=_("visitor"),
    )
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        permissions = [("ban_visitor", "Can ban visitors of the live chat")]

    def __str__(self) -> str:
        return self.network or str(self.visitor)
