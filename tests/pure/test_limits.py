from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wagtail_livechat.limits import TokenBucket


def test_a_burst_passes_and_then_one_must_wait_as_long_as_said() -> None:
    bucket = TokenBucket(burst=3, per_second=2, now=100.0)

    waits = [bucket.take(100.0) for _ in range(4)]

    assert waits == [0.0, 0.0, 0.0, 0.5]
    assert bucket.take(100.5) == 0.0


def test_refusals_in_a_row_are_counted_until_one_passes() -> None:
    bucket = TokenBucket(burst=1, per_second=1, now=0.0)
    bucket.take(0.0)

    for _ in range(5):
        bucket.take(0.0)

    assert bucket.refused == 5
    bucket.take(10.0)
    assert bucket.refused == 0


def test_a_long_silence_saves_up_no_more_than_a_burst() -> None:
    bucket = TokenBucket(burst=2, per_second=10, now=0.0)

    passed = [bucket.take(1_000_000.0) == 0.0 for _ in range(5)]

    assert passed == [True, True, False, False, False]


def test_a_clock_that_steps_back_takes_nothing_away() -> None:
    bucket = TokenBucket(burst=2, per_second=1, now=1000.0)

    assert bucket.take(0.0) == 0.0
    assert bucket.take(0.0) == 0.0
    assert 0 < bucket.take(0.0) <= 1


@given(
    burst=st.integers(1, 20),
    per_second=st.floats(0.1, 50),
    steps=st.lists(st.floats(0, 5), max_size=60),
)
def test_never_more_pass_than_burst_and_rate_allow(burst: int, per_second: float, steps: list[float]) -> None:
    bucket = TokenBucket(burst, per_second, now=0.0)
    now = passed = 0.0

    for step in steps:
        now += step
        passed += bucket.take(now) == 0.0

    assert passed <= burst + now * per_second + 1e-6


@given(burst=st.integers(1, 5), per_second=st.floats(0.1, 50), steps=st.lists(st.floats(0, 1), max_size=30))
def test_who_waits_as_long_as_said_is_let_through(burst: int, per_second: float, steps: list[float]) -> None:
    bucket = TokenBucket(burst, per_second, now=0.0)
    now = 0.0

    for step in steps:
        now += step
        wait = bucket.take(now)
        if wait:
            now += wait + 1e-6
            assert bucket.take(now) == 0.0
