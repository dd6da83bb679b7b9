"""Plots as SVG, made by the server: no script, no style attribute, colours by class. Pure.

A plot is a picture to a screen reader, with a name; its numbers are in the table that stands beneath. Whoever points at a
column is told its numbers by the browser itself (``<title>``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

HALF, WIDE = 560, 1120
"""Widths, in units of about a pixel on a large screen: beside another plot, and alone."""
HEIGHT = 240
LEFT, RIGHT, TOP, BOTTOM = 52, 20, 12, 26
HEAT_STEPS = 7
"""Shades of the heat map, 0 for none."""
_DURATIONS = [
    *(1, 2, 5, 10, 15, 20, 30),
    *(60 * n for n in (1, 2, 3, 5, 10, 15, 20, 30)),
    *(3600 * n for n in (1, 2, 3, 4, 6, 8, 12)),
    *(86400 * n for n in (1, 2, 3, 5, 7, 10, 14, 30)),
]
"""Seconds between two lines of a grid that a person reads easily."""


@dataclass(frozen=True)
class Series:
    name: str
    css: str
    """The class by which the style sheet colours it: ``lcs-`` and this."""
    values: Sequence[float | None]


@dataclass(frozen=True)
class Plot:
    name: str
    labels: Sequence[str]
    """Beneath the columns."""
    hints: Sequence[str]
    """What is said of a column when somebody points at it."""
    series: Sequence[Series]
    width: int = HALF


def count_ticks(highest: float) -> list[float]:
    """0 and up to five more whole numbers, the last at least as high."""
    rough = max(1.0, highest / 4)
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough)
    return [step * n for n in range(max(1, math.ceil(highest / step)) + 1)]


def duration_ticks(highest: float) -> list[float]:
    """The same for seconds, in steps of seconds, minutes, hours or days."""
    step = next((step for step in _DURATIONS if highest <= step * 5), 0) or math.ceil(highest / 5 / 86400) * 86400
    return [float(step * n) for n in range(max(1, math.ceil(highest / step)) + 1)]


def columns(plot: Plot, say: Callable[[float], str]) -> SafeString:
    """Stacked columns. ``say`` writes a number of the axis."""
    slot, width = _slots(plot)
    sums = [sum(one.values[i] or 0 for one in plot.series) for i in range(len(plot.labels))]
    ticks = count_ticks(max(sums, default=0))
    groups = []
    for i in range(len(plot.labels)):
        below, bars = 0.0, []
        for one in plot.series:
            value = one.values[i] or 0
            if value:
                top, bottom = _y(below + value, ticks), _y(below, ticks)
                bars.append((_n(_center(i, slot) - width / 2), _n(top), _n(width), _n(bottom - top), one.css))
                below += value
        rects = format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}" class="lcs-{}"></rect>', bars)
        groups.append((_hit(plot, i, slot), rects))
    body = format_html_join("", '<g class="lcs-column">{}{}</g>', groups)
    return _frame(plot, ticks, say, slot, body)


def lines(plot: Plot, say: Callable[[float], str]) -> SafeString:
    """Lines over durations, broken where there is no value."""
    slot, _ = _slots(plot)
    values = [value for one in plot.series for value in one.values if value is not None]
    ticks = duration_ticks(max(values, default=1))
    drawn = []
    for one in plot.series:
        points: list[tuple[float, float]] = []
        runs: list[list[tuple[float, float]]] = [points]
        for i, value in enumerate(one.values):
            if value is None:
                points = []
                runs.append(points)
            else:
                points.append((_center(i, slot), _y(value, ticks)))
        paths = [("M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in run), one.css) for run in runs if len(run) > 1]
        dots = [(_n(x), _n(y), one.css) for run in runs for x, y in run if len(plot.labels) <= 62]
        drawn.append(format_html_join("", '<path d="{}" class="lcs-line lcs-{}"></path>', paths))
        drawn.append(format_html_join("", '<circle cx="{}" cy="{}" r="2.5" class="lcs-dot lcs-{}"></circle>', dots))
    hits = format_html_join(
        "", '<g class="lcs-column">{}</g>', ((_hit(plot, i, slot),) for i in range(len(plot.labels)))
    )
    return _frame(plot, ticks, say, slot, format_html_join("", "{}", ((part,) for part in [*drawn, hits])))


def heat(
    name: str,
    rows: Sequence[str],
    labels: Sequence[str],
    values: Sequence[Sequence[int]],
    hint: Callable[[int, int], str],
) -> SafeString:
    """A cell for each row and column, the darker the more. ``hint``: what is said of (row, column)."""
    left, top, cell, height = 36, 20, 21, 28
    most = max((value for row in values for value in row), default=0)
    cells = []
    for r, row in enumerate(values):
        for c, value in enumerate(row):
            shade = math.ceil(value / most * (HEAT_STEPS - 1)) if most else 0
            cells.append((left + c * cell + 1, top + r * height + 1, cell - 2, height - 2, shade, hint(r, c)))
    drawn = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}" rx="3" class="lcs-heat lcs-heat--{}"><title>{}</title></rect>',
        cells,
    )
    sides = format_html_join(
        "",
        '<text x="{}" y="{}" class="lcs-label lcs-label--end">{}</text>',
        ((left - 8, top + r * height + height / 2 + 4, row) for r, row in enumerate(rows)),
    )
    tops = format_html_join(
        "",
        '<text x="{}" y="{}" class="lcs-label lcs-label--middle">{}</text>',
        ((left + c * cell + cell / 2, top - 7, label) for c, label in enumerate(labels) if c % 2 == 0),
    )
    return format_html(
        '<svg class="lcs-svg" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        left + cell * len(labels), top + height * len(rows) + 2, name, sides, tops, drawn,
    )  # fmt: skip


def meter(share: float, css: str = "accepted") -> SafeString:
    """A thin bar beside a number that says the same: nothing for screen readers."""
    filled = _n(max(0.0, min(1.0, share)) * 100)
    return format_html(
        '<svg class="lcs-meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="100" height="6" class="lcs-meter__all"></rect>'
        '<rect width="{}" height="6" class="lcs-{}"></rect></svg>',
        filled,
        css,
    )


def spark(values: Sequence[float], css: str = "accepted") -> SafeString:
    """The course of a number without axes, for decoration."""
    if len(values) < 2 or not any(values):
        return SafeString("")
    most = max(values)
    points = [(100 * i / (len(values) - 1), 22 - 20 * value / most) for i, value in enumerate(values)]
    line = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
    return format_html(
        '<svg class="lcs-spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">'
        '<path d="M0 24L{}L100 24Z" class="lcs-spark__area lcs-{}"></path>'
        '<path d="M{}" class="lcs-spark__line lcs-{}"></path></svg>',
        line,
        css,
        line,
        css,
    )


def _slots(plot: Plot) -> tuple[float, float]:
    slot = (plot.width - LEFT - RIGHT) / max(1, len(plot.labels))
    return slot, min(34, slot * 0.72)


def _center(place: int, slot: float) -> float:
    return LEFT + slot * (place + 0.5)


def _y(value: float, ticks: Sequence[float]) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / (ticks[-1] or 1)


def _n(number: float) -> str:
    """As short as it may be, and with a point in every language."""
    return f"{number:.1f}".removesuffix(".0")


def _hit(plot: Plot, place: int, slot: float) -> SafeString:
    """What listens for the pointer: the whole height of a column."""
    return format_html(
        '<title>{}</title><rect x="{}" y="{}" width="{}" height="{}" class="lcs-hit"></rect>',
        plot.hints[place], _n(LEFT + slot * place), TOP, _n(slot), HEIGHT - TOP - BOTTOM,
    )  # fmt: skip


def _frame(plot: Plot, ticks: Sequence[float], say: Callable[[float], str], slot: float, body: Any) -> SafeString:
    grid = format_html_join(
        "",
        '<path d="M{} {}H{}" class="{}"></path><text x="{}" y="{}" class="lcs-label lcs-label--end">{}</text>',
        (
            (LEFT, _n(_y(tick, ticks)), plot.width - RIGHT, "lcs-grid" if tick else "lcs-axis", LEFT - 8, _n(_y(tick, ticks) + 4), say(tick))
            for tick in ticks
        ),
    )  # fmt: skip
    every = max(1, math.ceil(len(plot.labels) / (plot.width / 70)))
    below = format_html_join(
        "",
        '<text x="{}" y="{}" class="lcs-label lcs-label--middle">{}</text>',
        (
            (_n(_center(i, slot)), HEIGHT - 8, label)
            for i, label in enumerate(plot.labels)
            if (len(plot.labels) - 1 - i) % every == 0
        ),
    )
    return format_html(
        '<svg class="lcs-svg" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        plot.width, HEIGHT, plot.name, grid, below, body,
    )  # fmt: skip
