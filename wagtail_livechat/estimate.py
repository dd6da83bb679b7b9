"""How long a visitor will wait, from how long others waited. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

FEWEST = 3
"""Waits that must have been measured before an estimate is worth showing."""


def waiting_seconds(waits: Iterable[tuple[float, int]], place: int) -> int | None:
    """Estimated seconds until a visitor at ``place`` (from 1) in line is answered; None if too little was measured.

    ``waits`` are (seconds waited, place in line on arrival) of those who were answered lately. Each tells how long the line
    took per place; the median of that, times the place, is the estimate.
    """
    per_place = [seconds / max(1, at) for seconds, at in waits]
    if len(per_place) < FEWEST:
        return None
    return round(median(per_place) * max(1, place))
