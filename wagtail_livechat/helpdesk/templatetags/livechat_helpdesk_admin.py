"""For the edit pages of FAQs and articles."""

from __future__ import annotations

from typing import Any

from django import template

from ..models import AnswerDraft

register = template.Library()


@register.simple_tag
def answer_drafts(item: Any) -> list[AnswerDraft]:
    """What it was made of, the oldest first."""
    return list(AnswerDraft.of(item).select_related("conversation").order_by("pk"))
