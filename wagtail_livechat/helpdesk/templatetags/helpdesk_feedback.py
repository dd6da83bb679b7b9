"""The form under an article."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from .. import feedback
from ..feedback_views import ANSWERED
from ..models.feedback import COMMENT_MAX_LENGTH

register = template.Library()


@register.inclusion_tag("wagtail_livechat_helpdesk/_feedback.html", takes_context=True)
def article_feedback(context: Any) -> dict[str, Any]:
    """``{% article_feedback %}``: "Did this help?" about the page that is shown. The same for every reader, so caches stay.

    Its address tells what was answered: after a vote it asks for a comment, and after that it says thanks.
    """
    page, request = context["page"], context.get("request")
    answered = request.GET.get(ANSWERED, "") if request else ""
    return {
        "article": page.pk,
        "version": feedback.version_of(page),
        "answered": answered if answered in ("yes", "no", "thanks") else "",
        "action": reverse("wagtail_livechat:help:feedback_form"),
        "longest": COMMENT_MAX_LENGTH,
    }
