from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_livechat.colors import contrast, luminance, readable_ink

colors = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colors)
def test_text_on_any_colour_is_readable(color: str) -> None:
    assert contrast(color, readable_ink(color)) >= 4.5


@given(colors, colors)
def test_contrast_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.0001


# Reference values of WCAG 2.2 and of common checkers.
@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0b5c6b", "#ffffff", 7.57),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.05)


def test_black_and_white_are_the_ends() -> None:
    assert luminance("#000000") == 0
    assert luminance("#FFFFFF") == pytest.approx(1)
    assert readable_ink("#ffff00") == "#000000"
    assert readable_ink("#1f4338") == "#ffffff"
