"""How long things took, counted in steps: small, addable, and good for medians and percentiles. Pure.

A histogram is one whole number in which every step has 32 bits of its own. Adding two such numbers adds all their steps at
once, so a year of days is summed as quickly as it is read; stored as bytes it costs four bytes for each step up to the
highest that is in use.

Six steps double the time. A percentile is told as the middle of its step (geometrically), so it is at most ERROR beside
the value that the single durations would give; below one second, at most half a second. What lasts 24 days or longer is in
the last step.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable

LANE = 32
"""Bits of a step: a count of up to 4,294,967,295."""
PER_DOUBLING = 6
STEPS = 128
ERROR = 2 ** (1 / (2 * PER_DOUBLING)) - 1
"""Share by which a percentile may be beside the exact one: just under 6 %."""


def step_of(seconds: float) -> int:
    """0 for less than a second (and for clocks that went backwards), then six steps for each doubling."""
    if seconds < 1:
        return 0
    return min(STEPS - 1, int(math.log2(seconds) * PER_DOUBLING) + 1)


def value_of(step: int) -> float:
    """The seconds that a step stands for."""
    return 0.5 if step == 0 else float(2 ** ((step - 0.5) / PER_DOUBLING))


def one(step: int) -> int:
    """The histogram of a single thing in this step."""
    return 1 << (LANE * step)


def of(durations: Iterable[float]) -> int:
    """The histogram of these seconds."""
    return sum(one(step_of(seconds)) for seconds in durations)


def lanes(packed: int) -> tuple[int, ...]:
    """The counts, from step 0 to the highest that is in use."""
    size = -(-packed.bit_length() // LANE)
    return struct.unpack(f"<{size}I", packed.to_bytes(size * LANE // 8, "little"))


def quantile(packed: int, share: float) -> float | None:
    """The smallest duration that at least ``share`` (0..1) of the things did not exceed, in seconds; None for none."""
    counts = lanes(packed)
    total = sum(counts)
    if not total:
        return None
    rank = max(1, math.ceil(share * total))
    seen = 0
    for step, count in enumerate(counts):
        seen += count
        if seen >= rank:
            return value_of(step)
    return None  # pragma: no cover - the last step has been counted


def to_bytes(packed: int) -> bytes:
    """As it is stored: no longer than its highest count needs."""
    return packed.to_bytes(-(-packed.bit_length() // 8), "little")


def from_bytes(stored: bytes | memoryview) -> int:
    return int.from_bytes(stored, "little")
