"""A figure, its ceiling, and whether it holds."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Figure:
    name: str
    value: float
    unit: str
    ceiling: float | None = None
    ratio: float | None = None
    """value / ceiling; for rounds, the median of the rounds' ratios."""
    must: str | None = None
    holds: bool | None = None
    """None where nothing is demanded."""
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As results.json has it; a note only where there is one."""
        return {key: value for key, value in asdict(self).items() if key != "note" or value}


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least ``share`` (0..1) of the values do not exceed; NaN for none."""
    ordered = sorted(values)
    if not ordered:
        return math.nan
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def ratio_of_rounds(ours: Sequence[float], ceilings: Sequence[float]) -> float:
    """Median of the ratios of rounds that ran one after the other: a neighbour's load meets both sides of a round."""
    return median(a / b for a, b in zip(ours, ceilings, strict=True))


def _number(value: float | None) -> str:
    """As people read it: three figures, thousands apart; nothing for None."""
    if value is None:
        return ""
    if math.isnan(value):
        return "-"
    return (
        f"{value:,.0f}"
        if abs(value) >= 100 or value == int(value)
        else f"{value:.2f}"
        if abs(value) < 10
        else f"{value:.1f}"
    )


def row(figure: Figure) -> tuple[str, ...]:
    """Name, value, unit, ceiling, ratio, must and holds, as people read them."""
    return (
        figure.name,
        _number(figure.value),
        figure.unit,
        _number(figure.ceiling),
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        figure.must or "",
        "" if figure.holds is None else "yes" if figure.holds else "NO",
    )


def table(figures: Sequence[Figure]) -> str:
    """The figures as text, in columns."""
    head = ("figure", "value", "unit", "ceiling", "ratio", "must", "holds")
    rows = [row(figure) for figure in figures]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    right = {1, 3, 4}
    lines = [
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, *rows]
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"  {f.name}: {f.note}" for f in figures if f.note]
    return "\n".join([*lines, *(["", "Notes", *notes] if notes else [])])
