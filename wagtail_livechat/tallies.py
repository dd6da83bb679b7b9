"""What is counted of conversations, and how counts are added up. Pure.

All of a conversation is counted where it began: on the day, weekday and hour of its first message, as the clock on the
site's wall showed them. So a night's conversation is on one day, and what becomes of it later changes that day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from . import histograms

RATED = ("rated_1", "rated_2", "rated_3", "rated_4", "rated_5")
COUNTS = ("started", "accepted", "missed", "offline", "ended", "proactive", *RATED)
OF_OFFERS = ("unanswered", "declined")
"""Of operators alone: what they were asked and did not take."""
TIMES = ("waiting", "first_answer", "length", "gave_up")
"""Histograms (see histograms.py)."""
BY_HOUR = ("started", "accepted", "missed", "offline", "ended")
HOURS = 24
DAY_LANES = HOURS * len(BY_HOUR)
WEEK_LANES = 7 * DAY_LANES


class Case(NamedTuple):
    """The facts of a conversation that are counted."""

    state: str
    created: datetime
    answered: datetime | None
    """When the first operator joined."""
    first_reply: datetime | None
    ended: datetime | None
    ended_by: str
    rating: int | None
    auto_message: str


def outcome(state: str, answered: datetime | None, ended_by: str) -> str:
    """``accepted``, ``missed``, ``offline``, or ``open`` while nobody has answered and the visitor still waits.

    Only of a case that was left for an answer by e-mail can an operator say that it has ended without having joined it.
    """
    if answered is not None:
        return "accepted"
    if state == "offline" or (state == "ended" and ended_by == "operator"):
        return "offline"
    return "missed" if state == "ended" else "open"


class Tally:
    """Counts that can be added. ``hours`` has, like a histogram, a lane for each (weekday, hour, count of BY_HOUR)."""

    __slots__ = (*COUNTS, *OF_OFFERS, *TIMES, "hours")
    started: int
    accepted: int
    missed: int
    offline: int
    ended: int
    proactive: int
    unanswered: int
    declined: int
    waiting: int
    first_answer: int
    length: int
    gave_up: int
    hours: int

    def __init__(self, **counts: int) -> None:
        for name in self.__slots__:
            setattr(self, name, counts.get(name, 0))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and self.as_dict() == other.as_dict()

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.as_dict().items() if value and name in COUNTS)
        return f"Tally({told})"

    def as_dict(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}

    def add(self, other: Tally) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    # What is read off.

    @property
    def waits(self) -> int:
        """Not answered, and not given up either."""
        return self.started - self.accepted - self.missed - self.offline

    @property
    def ratings(self) -> tuple[int, ...]:
        """How many gave 1, 2, … 5."""
        return tuple(getattr(self, name) for name in RATED)

    @property
    def rated(self) -> int:
        return sum(self.ratings)

    @property
    def mean_rating(self) -> float | None:
        return sum(stars * count for stars, count in enumerate(self.ratings, 1)) / self.rated if self.rated else None

    def by_hour(self, what: str) -> list[list[int]]:
        """Monday to Sunday, and in each the 24 hours."""
        counts = histograms.lanes(self.hours)
        counts += (0,) * (WEEK_LANES - len(counts))
        place = BY_HOUR.index(what)
        return [[counts[day * DAY_LANES + hour * len(BY_HOUR) + place] for hour in range(HOURS)] for day in range(7)]


def hour_lane(weekday: int, hour: int, what: str) -> int:
    """The number that is one conversation in this hour of this weekday (Monday is 0)."""
    return histograms.one(weekday * DAY_LANES + hour * len(BY_HOUR) + BY_HOUR.index(what))


def count(case: Case, weekday: int, hour: int, into: Iterable[Tally]) -> None:
    """Add a conversation to each of these, at the weekday and hour at which it began."""
    what = outcome(case.state, case.answered, case.ended_by)
    is_ended = case.state == "ended"
    hours = hour_lane(weekday, hour, "started")
    if what != "open":
        hours += hour_lane(weekday, hour, what)
    if is_ended:
        hours += hour_lane(weekday, hour, "ended")
    waiting = first_answer = length = gave_up = 0
    if case.answered is not None:
        waiting = _took(case.created, case.answered)
        if case.first_reply is not None:
            first_answer = _took(case.created, case.first_reply)
        if is_ended and case.ended is not None:
            length = _took(case.created, case.ended)
    elif what == "missed" and case.ended is not None:
        gave_up = _took(case.created, case.ended)
    for tally in into:
        tally.started += 1
        if what != "open":
            setattr(tally, what, getattr(tally, what) + 1)
        if is_ended:
            tally.ended += 1
        if case.auto_message:
            tally.proactive += 1
        if case.rating:
            name = RATED[case.rating - 1]
            setattr(tally, name, getattr(tally, name) + 1)
        tally.waiting += waiting
        tally.first_answer += first_answer
        tally.length += length
        tally.gave_up += gave_up
        tally.hours += hours


def _took(begin: datetime, end: datetime) -> int:
    return histograms.one(histograms.step_of((end - begin).total_seconds()))


def total(tallies: Iterable[Tally]) -> Tally:
    summed = Tally()
    for tally in tallies:
        summed.add(tally)
    return summed
