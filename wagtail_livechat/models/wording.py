"""What a site says in place of a standard sentence."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TextOverride(models.Model):
    """One sentence of one site in one language. ``key`` is one of ``sentences.sentences()``; unknown ones are left alone."""

    site = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=35)
    """In lower case, such as ``sv`` or ``pt-br``."""
    key = models.CharField(max_length=64)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "language", "key"], name="livechat_text_once"),
        ]
        verbose_name = _("text of one's own")
        verbose_name_plural = _("texts of one's own")

    def __str__(self) -> str:
        return f"{self.key} ({self.language})"
