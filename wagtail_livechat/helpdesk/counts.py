"""What the statistics of the chat are told about the helpdesk."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count

from .models import Feedback, Lookup

KEYS = {Lookup.Outcome.ANSWERED: "deflected", Lookup.Outcome.ASKED: "asked", Lookup.Outcome.NOTHING: "nothing"}


def of_site(site_id: int, begin: datetime, end: datetime) -> dict[str, int]:
    """How visitors' searches of a site ended between the two moments, and what readers voted on answers."""
    rows = Lookup.objects.filter(site=site_id, at__gte=begin, at__lt=end).order_by()
    found = rows.values("outcome").annotate(n=Count("pk")).values_list("outcome", "n")
    counts = {KEYS[Lookup.Outcome(outcome)]: number for outcome, number in found}
    votes = Feedback.objects.filter(site=site_id, at__gte=begin, at__lt=end).order_by()
    for helpful, number in votes.values("helpful").annotate(n=Count("pk")).values_list("helpful", "n"):
        counts["helpful" if helpful else "unhelpful"] = number
    return counts
