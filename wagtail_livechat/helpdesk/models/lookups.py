"""What visitors looked for before they asked. Nothing here says who they were."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Page is swappable from Wagtail 8 on; on 7.4 the setting does not exist.
PAGE_MODEL = getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page")

QUERY_MAX_LENGTH = 200


class Lookup(models.Model):
    """One search that ended in a way worth knowing."""

    class Outcome(models.TextChoices):
        NOTHING = "nothing", _("Nothing found")
        ANSWERED = "answered", _("This answered it")
        ASKED = "asked", _("Asked all the same")

    class Kind(models.TextChoices):
        FAQ = "faq", _("FAQ")
        ARTICLE = "article", _("Article")

    site = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="+", verbose_name=_("site"))
    language = models.CharField(_("language"), max_length=35, blank=True)
    query = models.CharField(_("looked for"), max_length=QUERY_MAX_LENGTH)
    """Without personal numbers and addresses, whatever the site's own rules are: it is kept for everybody to read."""
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices, blank=True)
    object_id = models.PositiveIntegerField(_("what answered it"), null=True, blank=True)
    page = models.ForeignKey(
        PAGE_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("page")
    )
    """Where the visitor was."""
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("search of visitors")
        verbose_name_plural = _("searches of visitors")
        indexes = [models.Index(fields=["site", "outcome", "at"], name="livechat_lookup_outcome")]

    def __str__(self) -> str:
        return self.query
