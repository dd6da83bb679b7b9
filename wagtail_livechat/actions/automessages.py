"""How auto-messages fare: counted, without saying by whom."""

from __future__ import annotations

from typing import Literal

from django.db.models import F

from ..models import AutoMessage


def count(message_id: int, what: Literal["shown", "clicked"]) -> None:
    """One more. A message that is gone is no mistake."""
    AutoMessage.objects.filter(pk=message_id).update(**{what: F(what) + 1})
