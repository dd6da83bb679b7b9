"""What readers think of an answer: one vote for each reader and version, and what they add to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Page is swappable from Wagtail 8 on; on 7.4 the setting does not exist.
PAGE_MODEL = getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page")

COMMENT_MAX_LENGTH = 1_000


class Feedback(models.Model):
    """About an article or a FAQ; it goes when that is deleted."""

    site = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="+", verbose_name=_("site"))
    page = models.ForeignKey(
        PAGE_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("article")
    )
    faq = models.ForeignKey(
        "wagtail_livechat_helpdesk.Faq",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("FAQ"),
    )
    version = models.CharField(_("version"), max_length=20)
    """The revision that was read, as the widget was told it."""
    helpful = models.BooleanField(_("helped"))
    comment = models.TextField(_("comment"), max_length=COMMENT_MAX_LENGTH, blank=True)
    voter = models.CharField(max_length=64, unique=True, editable=False)
    """A keyed hash of who voted on what (``feedback.voter_of``): tells two readers apart, and nobody who they are."""
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("feedback on an article")
        verbose_name_plural = _("feedback on articles")
        # Feedback comes from readers: nobody adds or changes any in the admin.
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(page__isnull=False, faq__isnull=True)
                | models.Q(page__isnull=True, faq__isnull=False),
                name="livechat_feedback_about_one",
            )
        ]
        indexes = [models.Index(fields=["site", "at"], name="livechat_feedback_at")]

    def __str__(self) -> str:
        return str(self.page or self.faq)
