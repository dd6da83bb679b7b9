"""Who is asked next to take a conversation. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Candidate:
    """An operator who is available now."""

    id: int
    load: int
    """Open conversations, and offers that wait for their answer."""
    capacity: int
    idle_since: datetime
    """When they last took or finished a conversation."""
    languages: frozenset[str] = field(default_factory=frozenset)
    """Language codes without region, e.g. ``sv``. Empty: any."""

    @property
    def has_room(self) -> bool:
        return self.load < self.capacity


def choose(candidates: Iterable[Candidate], *, language: str = "", asked: Sequence[int] = ()) -> int | None:
    """The id of the operator to ask, or None if nobody has room.

    Least busy first, then longest idle; who speaks the visitor's ``language`` goes before who does not. ``asked`` are those
    who were asked for this conversation already, in order: they are asked again only when there is nobody else, whoever was
    asked longest ago first, so it never goes straight back to the same one while another is there.
    """
    spoken = language.split("-")[0].lower()
    last_asked = {operator: turn for turn, operator in enumerate(asked)}

    def rank(candidate: Candidate) -> tuple[int, bool, float, datetime, int]:
        speaks = not spoken or not candidate.languages or spoken in candidate.languages
        busy = candidate.load / candidate.capacity
        return (last_asked.get(candidate.id, -1), not speaks, busy, candidate.idle_since, candidate.id)

    return min((rank(c) for c in candidates if c.has_room), default=(None,))[-1]
