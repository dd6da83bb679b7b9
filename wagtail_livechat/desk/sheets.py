"""The tables of the statistics: the same for the page, for CSV and for XLSX."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .. import cells, plots

TEXT, COUNT, SECONDS, SHARE, RATING = "text", "count", "seconds", "share", "rating"


def number(value: float, decimals: int = 0) -> str:
    """As it is written in the reader's language."""
    return str(number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True))


def percent(share: float) -> str:
    # Translators: a share, such as 92%. Write it as your language does: 92 %.
    return _("%(number)s%%") % {"number": number(share * 100)}


def duration(seconds: float) -> str:
    """As a person says it: two units at most."""
    if seconds < 1:
        return _("under 1 s")
    whole = round(seconds)
    days, rest = divmod(whole, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    # Translators: d, h, min and s are days, hours, minutes and seconds.
    parts = [
        (days, _("%(number)s d")),
        (hours, _("%(number)s h")),
        (minutes, _("%(number)s min")),
        (rest, _("%(number)s s")),
    ]
    begin = next(place for place, (count, _words) in enumerate(parts) if count)
    shown = [words % {"number": number(count)} for count, words in parts[begin : begin + 2] if count]
    return " ".join(shown)


def shown(value: Any, kind: str) -> str:
    """A value of a table as it stands on the page."""
    if value is None:
        return "–"
    if kind == COUNT:
        return number(value)
    if kind == SECONDS:
        return duration(value)
    if kind == SHARE:
        return percent(value)
    if kind == RATING:
        return number(value, 2)
    return str(value)


@dataclass(frozen=True)
class Column:
    label: str
    kind: str = COUNT

    @property
    def heading(self) -> str:
        """In a file, where a number has to say what it is."""
        if self.kind == SECONDS:
            return _("%(what)s (seconds)") % {"what": self.label}
        return _("%(what)s (per cent)") % {"what": self.label} if self.kind == SHARE else self.label


@dataclass
class Sheet:
    key: str
    """In the address of its CSV."""
    name: str
    columns: Sequence[Column]
    rows: list[Sequence[Any]] = field(default_factory=list)
    """The kind of a value is its column's, or its own where it is a pair (value, kind)."""

    def lines(self) -> list[list[dict[str, Any]]]:
        """For the page."""
        return [[_cell(*self._kinded(place, value)) for place, value in enumerate(row)] for row in self.rows]

    def table(self) -> cells.Table:
        """For a file: plain numbers, seconds and per cent."""
        return cells.Table(
            self.name,
            [column.heading for column in self.columns],
            [[_plain(*self._kinded(place, value)) for place, value in enumerate(row)] for row in self.rows],
        )

    def _kinded(self, place: int, value: Any) -> tuple[Any, str]:
        return value if isinstance(value, tuple) else (value, self.columns[place].kind)


def _cell(value: Any, kind: str) -> dict[str, Any]:
    """``meter``: a share is drawn, too."""
    drawn = plots.meter(value) if kind == SHARE and value is not None else ""
    return {"text": shown(value, kind), "kind": kind, "meter": drawn}


def _plain(value: Any, kind: str) -> Any:
    if value is None:
        return ""
    if kind == SECONDS:
        return round(value, 1)
    if kind == SHARE:
        return round(value * 100, 1)
    return round(value, 2) if kind == RATING else value
