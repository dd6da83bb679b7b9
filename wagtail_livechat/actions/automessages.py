"""How auto-messages fare: counted, without saying by whom."""

from __future__ import annotations

from typing import Literal

from django.db.models import F
from django.utils import timezone

from ..models import AutoMessage
from ..reckoning import zones
from . import rollup


def count(message_id: int, what: Literal["shown", "clicked"]) -> None:
    """One more, in all and of the day. A message that is gone is no mistake."""
    if AutoMessage.objects.filter(pk=message_id).update(**{what: F(what) + 1}):
        site_id = AutoMessage.objects.values_list("site_id", flat=True).get(pk=message_id)
        # One for all sites is counted by the server's own days.
        zone = zones([site_id])[site_id] if site_id else None
        rollup.count_auto_message(message_id, timezone.localdate(timezone=zone), what)
