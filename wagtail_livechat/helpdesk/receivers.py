"""What readers said goes with their other data, when that is handed out or erased."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from .. import signals
from . import feedback
from .models import Feedback


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
