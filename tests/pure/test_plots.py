"""Plots: well-formed SVG, with nothing in it that a strict policy forbids, and numbers where they belong."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_livechat import plots

HOSTILE = "<script>\"&'"
VALUES = st.lists(st.integers(0, 10**6), min_size=1, max_size=60)


def parsed(svg: str) -> ElementTree.Element:
    assert not re.search(r"\sstyle=|<script|<style|\son\w+=|nan|inf", svg, re.IGNORECASE)
    return ElementTree.fromstring(svg)


def make_plot(values: list[float | None], other: list[float | None] | None = None) -> plots.Plot:
    series = [plots.Series(HOSTILE, "accepted", values), plots.Series("Missed", "missed", other or values)]
    names = [f"{HOSTILE} {i}" for i in range(len(values))]
    return plots.Plot(HOSTILE, names, names, series)


@given(VALUES)
def test_columns_stand_on_each_other_and_end_within_the_picture(values: list[int]) -> None:
    svg = parsed(plots.columns(make_plot(list(values)), str))

    assert svg.attrib["aria-label"] == HOSTILE
    for value, group in zip(values, svg.iter("g"), strict=True):
        bars = [rect for rect in group.iter("rect") if "lcs-hit" not in rect.attrib["class"]]
        assert len(bars) == (2 if value else 0)
        if value:
            lower, upper = bars
            assert float(upper.attrib["y"]) + float(upper.attrib["height"]) == pytest.approx(
                float(lower.attrib["y"]), abs=0.2
            )
            assert float(upper.attrib["y"]) >= plots.TOP - 0.1
            assert float(lower.attrib["y"]) + float(lower.attrib["height"]) == pytest.approx(
                plots.HEIGHT - plots.BOTTOM, abs=0.2
            )


def test_a_column_is_as_high_as_its_number_says() -> None:
    svg = parsed(plots.columns(plots.Plot("", ["a", "b"], ["", ""], [plots.Series("", "accepted", [10, 20])]), str))

    one, two = (float(r.attrib["height"]) for r in svg.iter("rect") if r.attrib["class"] == "lcs-accepted")
    assert two == pytest.approx(2 * one, abs=0.2)


@given(st.lists(st.none() | st.floats(0.5, 10**6), min_size=1, max_size=60))
def test_lines_break_where_nothing_is_known(values: list[float | None]) -> None:
    svg = parsed(plots.lines(make_plot(values, [None] * len(values)), str))

    runs = [run for run in "".join("x" if v is not None else " " for v in values).split() if len(run) > 1]
    assert len([path for path in svg.iter("path") if "lcs-line" in path.attrib["class"]]) == len(runs)
    assert len(list(svg.iter("circle"))) == sum(value is not None for value in values)


@given(st.floats(0, 10**9))
def test_ticks_are_few_round_and_reach_the_highest(highest: float) -> None:
    for ticks in (plots.count_ticks(highest), plots.duration_ticks(highest)):
        assert ticks[0] == 0
        assert ticks[-1] >= highest
        assert 2 <= len(ticks) <= 7
        assert ticks == sorted(set(ticks))


def test_the_heat_map_has_a_cell_for_each_hour_of_the_week() -> None:
    values = [[0] * 24 for _ in range(7)]
    values[2][9], values[4][17] = 12, 1

    svg = parsed(
        plots.heat(HOSTILE, list("1234567"), [str(h) for h in range(24)], values, lambda d, h: f"{HOSTILE}{d} {h}")
    )

    cells = list(svg.iter("rect"))
    shades = [rect.attrib["class"].rsplit("--", 1)[1] for rect in cells]
    assert len(cells) == 168
    assert (shades[2 * 24 + 9], shades[4 * 24 + 17], shades[0]) == ("6", "1", "0")
    assert cells[2 * 24 + 9].find("title").text == f"{HOSTILE}2 9"  # type: ignore[union-attr]


@pytest.mark.parametrize("share", [-1, 0, 0.37, 1, 2])
def test_meters_and_sparks_are_for_the_eye_alone(share: float) -> None:
    meter = parsed(plots.meter(share))

    assert meter.attrib["aria-hidden"] == "true"
    assert 0 <= float(list(meter)[1].attrib["width"]) <= 100
    assert parsed(plots.spark([1, 2, 3])).attrib["aria-hidden"] == "true"
    assert plots.spark([1]) == plots.spark([0, 0]) == ""


def test_a_plot_of_nothing_is_a_plot() -> None:
    parsed(plots.columns(plots.Plot("Nothing", [], [], []), str))
    parsed(plots.lines(plots.Plot("Nothing", ["1"], ["1"], [plots.Series("", "accepted", [None])]), str))
