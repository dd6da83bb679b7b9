"""What readers said goes with their other data, when that is handed out or erased; and what follows when content goes live."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, published

from .. import signals
from . import drafting, feedback
from .models import Faq, Feedback


@receiver(signals.exporting_visitors)
def feedback_handed_out(visitor_ids: list[int], **kwargs: Any) -> dict[str, Any] | None:
    said = feedback.of_visitors(visitor_ids)
    return (
        {
            "feedback_on_articles": [
                {"about": str(one), "at": one.at.isoformat(), "helped": one.helpful, "comment": one.comment}
                for one in said
            ]
        }
        if said
        else None
    )


@receiver(signals.erasing_visitors)
def feedback_erased(visitor_ids: list[int], **kwargs: Any) -> None:
    Feedback.objects.filter(pk__in=[one.pk for one in feedback.of_visitors(visitor_ids)]).delete()


def went_live(instance: Any, **kwargs: Any) -> None:
    """Whoever asked for it is told. Scheduled publishing comes this way too."""
    if isinstance(instance, Faq | Page):
        drafting.published(instance)


published.connect(went_live, sender=Faq)
page_published.connect(went_live)
