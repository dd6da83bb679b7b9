"""Who is asked next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from wagtail_livechat.assignment import Candidate, choose
from wagtail_livechat.estimate import FEWEST, waiting_seconds

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def somebody(number: int, *, load: int = 0, capacity: int = 5, idle: int = 0, languages: str = "") -> Candidate:
    """``idle``: minutes since they last took or finished a conversation."""
    return Candidate(number, load, capacity, NOON - timedelta(minutes=idle), frozenset(languages.split()))


def test_the_least_busy_is_asked_first() -> None:
    assert choose([somebody(1, load=2), somebody(2, load=1), somebody(3, load=2)]) == 2


def test_busy_is_a_share_of_what_one_takes_at_once() -> None:
    assert choose([somebody(1, load=1, capacity=2), somebody(2, load=2, capacity=10)]) == 2


def test_of_equally_busy_ones_the_longest_idle_is_asked() -> None:
    assert choose([somebody(1, idle=5), somebody(2, idle=50), somebody(3, idle=10)]) == 2


def test_who_speaks_the_visitors_language_goes_before_who_is_less_busy() -> None:
    team = [somebody(1, languages="en"), somebody(2, load=4, languages="en sv")]

    assert choose(team, language="sv-SE") == 2
    assert choose(team, language="") == 1


def test_who_names_no_language_answers_in_any() -> None:
    assert choose([somebody(1, load=1, languages="sv"), somebody(2)], language="sv") == 2


def test_it_never_goes_straight_back_to_the_same_one_while_another_is_there() -> None:
    team = [somebody(1), somebody(2, load=4)]

    assert choose(team, asked=[1]) == 2
    assert choose(team, asked=[1, 2]) == 1
    assert choose([somebody(1)], asked=[1]) == 1


def test_nobody_with_room_is_nobody() -> None:
    assert choose([somebody(1, load=5), somebody(2, load=7)]) is None
    assert choose([]) is None


people = st.lists(
    st.builds(
        somebody,
        st.integers(1, 9),
        load=st.integers(0, 6),
        capacity=st.integers(1, 6),
        idle=st.integers(0, 90),
        languages=st.sampled_from(["", "sv", "en", "en sv"]),
    ),
    unique_by=lambda candidate: candidate.id,
)


@given(people, st.sampled_from(["", "sv", "fi"]), st.lists(st.integers(1, 9), max_size=12))
def test_whoever_is_chosen_has_room_and_was_not_asked_while_somebody_else_was_not(
    team: list[Candidate], language: str, asked: list[int]
) -> None:
    chosen = choose(team, language=language, asked=asked)

    roomy = {candidate.id for candidate in team if candidate.has_room}
    assert (chosen is None) == (not roomy)
    if chosen is not None:
        assert chosen in roomy
        if roomy - set(asked):
            assert chosen not in asked
        elif len(roomy) > 1:
            # Asked longest ago: everyone else with room was asked after.
            last = {number: turn for turn, number in enumerate(asked)}
            assert last[chosen] == min(last[number] for number in roomy)


@given(people, st.randoms())
def test_the_choice_does_not_depend_on_the_order_in_which_they_are_named(team: list[Candidate], random: object) -> None:
    mixed = list(team)
    random.shuffle(mixed)  # type: ignore[attr-defined]

    assert choose(mixed) == choose(team)


def test_the_estimate_is_the_usual_wait_per_place_times_the_place() -> None:
    waits = [(60.0, 1), (120.0, 2), (180.0, 3), (600.0, 1)]

    assert waiting_seconds(waits, 1) == 60
    assert waiting_seconds(waits, 4) == 240


def test_too_few_waits_make_no_estimate() -> None:
    assert waiting_seconds([(60.0, 1)] * (FEWEST - 1), 1) is None
    assert waiting_seconds([(60.0, 1)] * FEWEST, 1) == 60
