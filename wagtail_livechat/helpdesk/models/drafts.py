"""Drafts that were made of answers, and of which conversation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .lookups import PAGE_MODEL


class AnswerDraft(models.Model):
    """An FAQ or an article that began as an answer. What was said is in the conversation, and goes when that goes."""

    conversation: models.ForeignKey[Any, Any] = models.ForeignKey(
        "wagtail_livechat.Conversation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    faq: models.ForeignKey[Any, Any] = models.ForeignKey(
        "wagtail_livechat_helpdesk.Faq", null=True, on_delete=models.CASCADE, related_name="drafts"
    )
    article: models.ForeignKey[Any, Any] = models.ForeignKey(
        PAGE_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    seqs: models.JSONField[Any, Any] = models.JSONField(default=list)
    """The messages that it was made of."""
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(default=timezone.now)
    tell = models.BooleanField(default=False)
    """The visitor said that they would like to hear when it is published; ``made_by`` heard it."""
    told_at = models.DateTimeField(null=True)

    # Where it is used is in it already.
    wagtail_reference_index_ignore = True

    class Meta:
        # Made at the desk, changed by what is published: nobody edits it.
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=Q(faq__isnull=False, article=None) | Q(faq=None, article__isnull=False),
                name="livechat_draft_of_one_thing",
            )
        ]

    @classmethod
    def of(cls, item: Any) -> models.QuerySet[AnswerDraft]:
        """Those that became this FAQ or article."""
        about = {"faq": item.pk} if item._meta.label_lower == "wagtail_livechat_helpdesk.faq" else {"article": item.pk}
        return cls.objects.filter(**about)

    @property
    def occasion(self) -> str:
        """What a letter about it is known by."""
        return f"draft:{self.pk}"
