"""A token bucket. Pure: the caller brings the clock."""

from __future__ import annotations


class TokenBucket:
    """Holds at most ``burst`` tokens, refilled at ``per_second``. ``now`` in seconds of any steady clock."""

    __slots__ = ("at", "burst", "per_second", "refused", "tokens")

    def __init__(self, burst: float, per_second: float, now: float) -> None:
        self.burst = burst
        self.per_second = per_second
        self.tokens = burst
        self.at = now
        self.refused = 0

    def take(self, now: float) -> float:
        """Take a token. Returns 0 if there was one, else the seconds until there is; counts refusals in a row."""
        # A clock that steps back must not mint tokens later, nor take them away now.
        elapsed = max(0.0, now - self.at)
        self.at = now
        self.tokens = min(self.burst, self.tokens + elapsed * self.per_second)
        if self.tokens >= 1:
            self.tokens -= 1
            self.refused = 0
            return 0.0
        self.refused += 1
        return (1 - self.tokens) / self.per_second
