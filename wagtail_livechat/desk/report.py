"""Figures made readable: tiles, plots and tables, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from .. import histograms, plots
from ..figures import Figures, total_by_hour
from ..models import Conversation, Department, Operator
from ..periods import Period
from ..tallies import Tally
from .sheets import COUNT, RATING, SECONDS, SHARE, TEXT, Column, Sheet, duration, number, percent, shown

PAGES = 12
"""Pages that are listed."""
MEDIAN, NINETY = 0.5, 0.9


@dataclass(frozen=True)
class Tile:
    label: str
    value: str
    more: str = ""
    change: str = ""
    """What it was before."""
    course: str = ""
    """``up``, ``down`` or nothing."""
    mood: str = ""
    """``good``, ``bad`` or nothing."""
    spark: str = ""


@dataclass(frozen=True)
class Drawing:
    key: str
    name: str
    svg: SafeString
    legend: Sequence[tuple[str, str]]
    """(class, name) of each colour."""
    sheet: Sheet


@dataclass(frozen=True)
class Report:
    tiles: list[Tile]
    drawings: dict[str, Drawing]
    sheets: dict[str, Sheet]

    def all_sheets(self) -> list[Sheet]:
        """In the order of the page."""
        return list(self.sheets.values())


def make(found: Figures) -> Report:
    sheets = {
        sheet.key: sheet
        for sheet in (
            _summary(found),
            _by_step(found),
            _by_weekday(found.total),
            _by_hour(found.total),
            _departments(found),
            _operators(found),
            _ratings(found.total),
            _helpdesk(found),
            _auto_messages(found),
            _pages(found),
        )
        if sheet.rows
    }
    return Report(_tiles(found), _drawings(found, sheets), sheets)


# --------------------------------------------------------------------------------------------------- tiles


def _tiles(found: Figures) -> list[Tile]:
    now, before = found.total, found.total_before
    steps = list(found.steps.values())

    def course(name: str, css: str = "accepted") -> SafeString:
        return plots.spark([getattr(tally, name) for tally in steps], css)

    tiles = [
        _counted(_("Conversations"), now.started, before.started, spark=course("started")),
        _counted(_("Accepted"), now.accepted, before.accepted, _of(now.accepted, now.started), "good",
                 course("accepted")),
        _counted(_("Missed"), now.missed, before.missed, _of(now.missed, now.started), "bad",
                 course("missed", "missed")),
        _counted(_("Left a message"), now.offline, before.offline, _of(now.offline, now.started),
                 spark=course("offline", "offline")),
        _timed(_("Waiting time"), now.waiting, before.waiting),
        _timed(_("First answer"), now.first_answer, before.first_answer),
        _timed(_("Length"), now.length, before.length, mood=""),
        _rated(now, before),
    ]  # fmt: skip
    if any(found.keys.get(key) for key in ("deflected", "asked")):
        tiles.append(_deflected(found))
    if now.proactive or before.proactive:
        tiles.append(
            _counted(_("Began with an auto-message"), now.proactive, before.proactive, _of(now.proactive, now.started))
        )
    return tiles


def _of(part: int, whole: int) -> str:
    return _("%(share)s of all") % {"share": percent(part / whole)} if whole else ""


def _counted(label: str, now: int, before: int, more: str = "", up_is: str = "", spark: str = "") -> Tile:
    change, course, mood = _change(now, before, up_is, number)
    return Tile(label, number(now), more, change, course, mood, spark)


def _change(now: float | None, before: float | None, up_is: str, say: Callable[[float], str]) -> tuple[str, str, str]:
    """(words, up or down, good or bad). ``up_is``: which of the two it is when there is more."""
    if before is None or (not before and not now):
        return _("Nothing to compare with"), "", ""
    was = _("before: %(number)s") % {"number": say(before)}
    if now is None or now == before:
        return was, "", ""
    course = "up" if now > before else "down"
    mood = up_is if course == "up" else {"good": "bad", "bad": "good"}.get(up_is, "")
    if not before or now > 10 * before:
        return was, course, mood
    return f"{percent(abs(now - before) / before)} · {was}", course, mood


def _timed(label: str, now: int, before: int, mood: str = "bad") -> Tile:
    median, ninety = histograms.quantile(now, MEDIAN), histograms.quantile(now, NINETY)
    change, course, felt = _change(median, histograms.quantile(before, MEDIAN), mood, duration)
    more = _("90%% within %(time)s") % {"time": duration(ninety)} if ninety is not None else ""
    return Tile(_("%(what)s, median") % {"what": label}, shown(median, SECONDS), more, change, course, felt)


def _rated(now: Tally, before: Tally) -> Tile:
    change, course, mood = _change(now.mean_rating, before.mean_rating, "good", partial(number, decimals=2))
    more = ngettext("%(count)s rating", "%(count)s ratings", now.rated) % {"count": number(now.rated)}
    return Tile(_("Rating, of 5"), shown(now.mean_rating, RATING), more, change, course, mood)


def _share(keys: dict[str, int], part: str, rest: str) -> float | None:
    whole = keys.get(part, 0) + keys.get(rest, 0)
    return keys.get(part, 0) / whole if whole else None


def _deflected(found: Figures) -> Tile:
    now = _share(found.keys, "deflected", "asked")
    change, course, mood = _change(now, _share(found.keys_before, "deflected", "asked"), "good", percent)
    answered, asked = found.keys.get("deflected", 0), found.keys.get("asked", 0)
    more = _("%(answered)s of %(all)s questions") % {"answered": number(answered), "all": number(answered + asked)}
    return Tile(_("Answered by itself"), shown(now, SHARE), more, change, course, mood)


# ------------------------------------------------------------------------------------------------- drawings


def _drawings(found: Figures, sheets: dict[str, Sheet]) -> dict[str, Drawing]:
    steps, tallies = list(found.steps), list(found.steps.values())
    step = found.period.step
    labels = [step_label(start, step) for start in steps]
    outcome = [
        plots.Series(_("Accepted"), "accepted", [tally.accepted for tally in tallies]),
        plots.Series(_("Missed"), "missed", [tally.missed for tally in tallies]),
        plots.Series(_("Left a message"), "offline", [tally.offline for tally in tallies]),
        plots.Series(_("Waiting"), "waiting", [tally.waits for tally in tallies]),
    ]
    outcome = [series for series in outcome if any(series.values)] or outcome[:1]
    waits = [
        plots.Series(_("Waiting time, median"), "accepted", _quantiles(tallies, "waiting", MEDIAN)),
        plots.Series(_("First answer, median"), "second", _quantiles(tallies, "first_answer", MEDIAN)),
        plots.Series(_("First answer, 90%"), "third", _quantiles(tallies, "first_answer", NINETY)),
    ]
    began = found.total.by_hour("started")
    weekdays = weekday_names()
    return {
        "conversations": _drawing("conversations", _("Conversations"), plots.columns, outcome, labels, number,
                                  [step_name(start, step) for start in steps], sheets["steps"], plots.WIDE),
        "times": _drawing("times", _("How long visitors waited"), plots.lines, waits, labels, duration,
                          [step_name(start, step) for start in steps], sheets["steps"]),
        "heat": Drawing(
            "heat",
            _("When conversations begin"),
            plots.heat(
                _("When conversations begin"),
                [name[:3] for name in weekdays],
                [f"{hour:02}" for hour in range(24)],
                began,
                lambda day, hour: f"{weekdays[day]} {hour:02}:00–{hour + 1:02}:00: {number(began[day][hour])}",
            ),
            (),
            sheets["weekdays"],
        ),
    }  # fmt: skip


def _drawing(
    key: str,
    name: str,
    draw: Callable[[plots.Plot, Callable[[float], str]], SafeString],
    series: Sequence[plots.Series],
    labels: Sequence[str],
    say: Callable[[float], str],
    names: Sequence[str],
    sheet: Sheet,
    width: int = plots.HALF,
) -> Drawing:
    hints = []
    for place, called in enumerate(names):
        told = [f"{one.name}: {say(value)}" for one in series for value in [one.values[place]] if value is not None]
        hints.append("\n".join([called, *told]))
    # A wait of nothing is no "under a second" on an axis.
    axis: Callable[[float], str] = lambda value: say(value) if value else number(0)  # noqa: E731
    plot = plots.Plot(name, labels, hints, series, width)
    return Drawing(key, name, draw(plot, axis), [(one.css, one.name) for one in series], sheet)


def _quantiles(tallies: Sequence[Tally], what: str, share: float) -> list[float | None]:
    return [histograms.quantile(getattr(tally, what), share) for tally in tallies]


def step_label(start: date, step: str) -> str:
    """Beneath a column."""
    # Translators: Django's format of a day and a short month, as beneath a plot.
    return date_format(start, "M Y" if step == "month" else pgettext("beneath a plot", "j M"))


def step_name(start: date, step: str) -> str:
    if step == "month":
        return date_format(start, "YEAR_MONTH_FORMAT")
    day = date_format(start, "DATE_FORMAT")
    return _("Week from %(day)s") % {"day": day} if step == "week" else f"{date_format(start, 'l')}, {day}"


def weekday_names() -> list[str]:
    monday = date(2024, 1, 1)
    return [str(date_format(monday + timedelta(days=day), "l")) for day in range(7)]


def period_name(period: Period) -> str:
    """Both ends, as dates."""
    first, last = (date_format(day, "DATE_FORMAT") for day in (period.first, period.last))
    return first if period.days == 1 else f"{first} – {last}"


# -------------------------------------------------------------------------------------------------- tables


def _summary(found: Figures) -> Sheet:
    now, before = found.total, found.total_before
    rows: list[Sequence[Any]] = [
        (label, (getattr(now, name), COUNT), (getattr(before, name), COUNT))
        for label, name in (
            (_("Conversations"), "started"),
            (_("Accepted"), "accepted"),
            (_("Missed"), "missed"),
            (_("Left a message"), "offline"),
            (_("Waiting"), "waits"),
            (_("Ended"), "ended"),
            (_("Began with an auto-message"), "proactive"),
        )
    ]
    for label, name in (
        (_("Waiting time"), "waiting"),
        (_("First answer"), "first_answer"),
        (_("Length"), "length"),
        (_("Gave up after"), "gave_up"),
    ):
        for words, share in ((_("median"), MEDIAN), (_("90% within"), NINETY)):
            pair = [(histograms.quantile(getattr(tally, name), share), SECONDS) for tally in (now, before)]
            rows.append((f"{label}, {words}", *pair))
    rows.append((_("Rating, of 5"), (now.mean_rating, RATING), (before.mean_rating, RATING)))
    rows.append((_("Ratings"), (now.rated, COUNT), (before.rated, COUNT)))
    then = period_name(found.before) if found.before else _("Before")
    columns = [Column(_("Figure"), TEXT), Column(period_name(found.period)), Column(then)]
    return Sheet("summary", _("Summary"), columns, rows)


def _outcome_columns() -> list[Column]:
    return [
        Column(_("Conversations")),
        Column(_("Accepted")),
        Column(_("Missed")),
        Column(_("Left a message")),
        Column(_("Ended")),
    ]


def _outcomes(tally: Tally) -> tuple[int, ...]:
    return tally.started, tally.accepted, tally.missed, tally.offline, tally.ended


def _by_step(found: Figures) -> Sheet:
    step = found.period.step
    names = {"day": _("By day"), "week": _("By week"), "month": _("By month")}
    labels = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
    columns = [
        Column(labels[step], TEXT),
        *_outcome_columns(),
        Column(_("Waiting time, median"), SECONDS),
        Column(_("First answer, median"), SECONDS),
        Column(_("First answer, 90%"), SECONDS),
        Column(_("Length, median"), SECONDS),
        Column(_("Rating"), RATING),
    ]
    rows = [
        (
            step_name(start, step),
            *_outcomes(tally),
            histograms.quantile(tally.waiting, MEDIAN),
            histograms.quantile(tally.first_answer, MEDIAN),
            histograms.quantile(tally.first_answer, NINETY),
            histograms.quantile(tally.length, MEDIAN),
            tally.mean_rating,
        )
        for start, tally in found.steps.items()
    ]
    return Sheet("steps", names[step], columns, rows)  # type: ignore[arg-type]


def _by_weekday(tally: Tally) -> Sheet:
    """What the heat map shows."""
    columns = [Column(_("Weekday"), TEXT), *(Column(f"{hour:02}") for hour in range(24))]
    began = tally.by_hour("started")
    return Sheet("weekdays", _("By weekday and hour"), columns, [
        (name, *began[day]) for day, name in enumerate(weekday_names())
    ])  # fmt: skip


def _by_hour(tally: Tally) -> Sheet:
    of_hours = [total_by_hour(tally, what) for what in ("started", "accepted", "missed", "offline", "ended")]
    rows: list[Sequence[Any]] = [
        (f"{hour:02}:00–{hour + 1:02}:00", *(counts[hour] for counts in of_hours)) for hour in range(24)
    ]
    return Sheet("hours", _("By hour"), [Column(_("Hour"), TEXT), *_outcome_columns()], rows)


def _departments(found: Figures) -> Sheet:
    names = dict(Department.objects.values_list("pk", "name"))
    columns = [
        Column(_("Department"), TEXT),
        *_outcome_columns(),
        Column(_("Waiting time, median"), SECONDS),
        Column(_("Waiting time, 90%"), SECONDS),
        Column(_("First answer, median"), SECONDS),
        Column(_("Length, median"), SECONDS),
        Column(_("Rating"), RATING),
    ]
    rows: list[Sequence[Any]] = []
    for pk, tally in sorted(found.departments.items(), key=lambda item: -item[1].started):
        if tally:
            rows.append(
                (
                    names.get(pk) or (_("A department that was removed") if pk else _("No department")),
                    *_outcomes(tally),
                    histograms.quantile(tally.waiting, MEDIAN),
                    histograms.quantile(tally.waiting, NINETY),
                    histograms.quantile(tally.first_answer, MEDIAN),
                    histograms.quantile(tally.length, MEDIAN),
                    tally.mean_rating,
                )
            )
    return Sheet("departments", _("Departments"), columns, rows)


def _operators(found: Figures) -> Sheet:
    names = {row.pk: row.name for row in Operator.objects.select_related("user")}
    columns = [
        Column(_("Operator"), TEXT),
        Column(_("Accepted")),
        Column(_("Messages dealt with")),
        Column(_("Ended")),
        # Translators: offers that ran out before the operator answered.
        Column(_("Not answered")),
        Column(_("Declined")),
        Column(_("First answer, median"), SECONDS),
        Column(_("First answer, 90%"), SECONDS),
        Column(_("Length, median"), SECONDS),
        Column(_("Rating"), RATING),
        Column(_("Ratings")),
    ]
    rows: list[Sequence[Any]] = []
    for pk, tally in sorted(found.operators.items(), key=lambda item: -item[1].accepted):
        if tally:
            rows.append(
                (
                    names.get(pk) or _("An operator who was removed"),
                    tally.accepted,
                    tally.offline,
                    tally.ended,
                    tally.unanswered,
                    tally.declined,
                    histograms.quantile(tally.first_answer, MEDIAN),
                    histograms.quantile(tally.first_answer, NINETY),
                    histograms.quantile(tally.length, MEDIAN),
                    tally.mean_rating,
                    tally.rated,
                )
            )
    return Sheet("operators", _("Operators"), columns, rows)


def _ratings(tally: Tally) -> Sheet:
    rows: list[Sequence[Any]] = []
    if tally.rated:
        rows = [(str(stars), count, count / tally.rated) for stars, count in list(enumerate(tally.ratings, 1))[::-1]]
    columns = [Column(_("Rating"), TEXT), Column(_("Visitors")), Column(_("Share"), SHARE)]
    return Sheet("ratings", _("Ratings"), columns, rows)


def _helpdesk(found: Figures) -> Sheet:
    keys, before = found.keys, found.keys_before
    rows: list[Sequence[Any]] = []

    def share(label: str, part: str, rest: str) -> None:
        rows.append((label, (_share(keys, part, rest), SHARE), (_share(before, part, rest), SHARE)))

    def count(label: str, key: str) -> None:
        rows.append((label, keys.get(key, 0), before.get(key, 0)))

    if any(keys.get(key) or before.get(key) for key in ("deflected", "asked", "nothing")):
        count(_("Questions that a suggestion answered"), "deflected")
        count(_("Questions that were asked all the same"), "asked")
        share(_("Answered by itself"), "deflected", "asked")
        count(_("Searches that found nothing"), "nothing")
    if any(keys.get(key) or before.get(key) for key in ("helpful", "unhelpful")):
        count(_("Readers whom an article helped"), "helpful")
        count(_("Readers whom it did not help"), "unhelpful")
        share(_("Helped"), "helpful", "unhelpful")
    return Sheet("helpdesk", _("Helpdesk"), [Column(_("Figure"), TEXT), Column(_("Now")), Column(_("Before"))], rows)


def _auto_messages(found: Figures) -> Sheet:
    columns = [Column(_("Auto-message"), TEXT), Column(_("Shown")), Column(_("Clicked")), Column(_("Share"), SHARE)]
    rows: list[Sequence[Any]] = [
        (name, times, clicked, clicked / times if times else None) for name, times, clicked in found.auto_messages
    ]
    return Sheet("auto_messages", _("Auto-messages"), columns, rows)


def _pages(found: Figures) -> Sheet:
    listed = found.pages[:PAGES]
    model: Any = Conversation._meta.get_field("page").related_model
    titles = {
        pk: (title, language)
        for pk, title, language in model.objects.filter(pk__in=[pk for pk, _started in listed]).values_list(
            "pk", "title", "locale__language_code"
        )
    }
    several = len({language for _title, language in titles.values()}) > 1
    rows: list[Sequence[Any]] = []
    for pk, started in listed:
        title, language = titles.get(pk, ("", ""))
        title = title or (_("A page that was removed") if pk else _("Pages outside the CMS"))
        name = f"{title} ({language})" if several and language else title
        rows.append((name, started, started / found.total.started if found.total.started else None))
    columns = [Column(_("Page"), TEXT), Column(_("Conversations")), Column(_("Share"), SHARE)]
    return Sheet("pages", _("Pages that cause chats"), columns, rows)
