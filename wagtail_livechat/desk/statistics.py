"""Statistics in the admin: choose a period and a part of the house, look, and take it along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from wagtail.models import Site

from .. import cells, figures, reckoning
from ..models import Conversation, Department, Operator
from ..periods import PRESETS, Period, between, day_at, preset
from ..permissions import OperatorActor, may, reader_of
from . import report

PRESET_LABELS = {
    "today": gettext_lazy("Today"),
    "yesterday": gettext_lazy("Yesterday"),
    "7": gettext_lazy("7 days"),
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "year": gettext_lazy("12 months"),
    "month": gettext_lazy("This month"),
    "last_month": gettext_lazy("Last month"),
}
USUAL = "30"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Choice:
    """What was chosen, and what there is to choose from."""

    reader: OperatorActor
    sites: list[Site]
    site: Site | None
    departments: list[tuple[int, str]]
    department: int | None
    operators: list[tuple[int, str]]
    operator: int
    preset: str
    """Empty: two dates."""
    period: Period
    today: date

    @property
    def scope(self) -> figures.Scope:
        ids = [self.site.pk] if self.site else [site.pk for site in self.sites]
        return figures.scope_of(self.reader, ids, department=self.department, operator=self.operator)

    def query(self, **changes: Any) -> str:
        """The same choice as an address, but for ``changes``."""
        chosen: dict[str, Any] = {
            "site": self.site.pk if self.site and len(self.sites) > 1 else "",
            "department": "" if self.department is None else self.department,
            "operator": self.operator or "",
            "period": self.preset,
            "from": "" if self.preset else self.period.first.isoformat(),
            "to": "" if self.preset else self.period.last.isoformat(),
            **changes,
        }
        return urlencode({name: value for name, value in chosen.items() if value != ""})


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def choice_of(request: HttpRequest, now: datetime) -> Choice:
    """What the address says. What it says wrongly, or what this reader may not see, is as if it were not said."""
    who = reader_of(request.user)
    sites = [
        one for one in Site.objects.order_by("-is_default_site", "hostname") if not who.sites or one.pk in who.sites
    ]
    site = next((one for one in sites if one.pk == _number(request.GET.get("site", ""))), None)
    if site is None and len(sites) == 1:
        site = sites[0]
    zone = reckoning.zones([site.pk])[site.pk] if site else timezone.get_default_timezone()
    today = day_at(now, zone)  # type: ignore[arg-type]
    of_departments = Department.objects.order_by("sort_order", "name", "pk")
    of_operators = Operator.objects.select_related("user")
    if not who.sees_all and who.departments:
        of_departments = of_departments.filter(pk__in=who.departments)
        of_operators = of_operators.filter(departments__in=who.departments).distinct()
    departments = [*of_departments.values_list("pk", "name"), (0, _("No department"))]
    operators = sorted(((one.pk, one.name) for one in of_operators), key=lambda pair: pair[1].casefold())
    department = _number(request.GET.get("department", ""))
    operator = _number(request.GET.get("operator", ""))
    period = between(_date(request.GET.get("from", "")), _date(request.GET.get("to", "")), today)
    asked = request.GET.get("period", "")
    # The form sends the two dates, also when only a filter was changed.
    same = next((name for name in PRESETS if period is not None and preset(name, today) == period), "")
    chosen = asked if asked in PRESETS else same if period else USUAL
    return Choice(
        reader=who,
        sites=sites,
        site=site,
        departments=departments,
        department=department if department in dict(departments) else None,
        operators=operators,
        operator=operator if operator in dict(operators) else 0,  # type: ignore[arg-type]
        preset=chosen,
        period=(preset(chosen, today) if chosen else period) or Period(today, today),
        today=today,
    )


def _asked(request: HttpRequest) -> tuple[Choice, figures.Figures]:
    if not may(request.user, "see_statistics"):
        raise PermissionDenied
    now = timezone.now()
    choice = choice_of(request, now)
    return choice, figures.read(choice.scope, choice.period, now)


@require_GET
@never_cache
def statistics(request: HttpRequest) -> HttpResponse:
    choice, found = _asked(request)
    made = report.make(found)
    is_empty = not (found.total or found.total_before or any(found.keys.values()) or found.auto_messages)
    address = reverse("wagtail_livechat_desk:statistics")
    export = reverse("wagtail_livechat_desk:statistics_export")
    context: dict[str, Any] = {
        "choice": choice,
        "found": found,
        "tiles": made.tiles,
        "drawings": made.drawings,
        "sheets": made.sheets,
        "period_name": report.period_name(found.period),
        "before_name": report.period_name(found.before) if found.before else "",
        "presets": [
            (label, f"{address}?{choice.query(**{'period': name, 'from': '', 'to': ''})}", name == choice.preset)
            for name, label in PRESET_LABELS.items()
        ],
        "export": f"{export}?{choice.query()}",
        "is_empty": is_empty,
        # Asked only where there is nothing to show: a quiet month, or a chat that nobody has used yet?
        "is_new": is_empty and not Conversation.objects.filter(site__in=choice.scope.site_ids).exists(),
        "counted_at": timezone.now(),
        "has_today": choice.today in found.period,
    }
    return render(request, "wagtail_livechat/statistics.html", context)


@require_GET
@never_cache
def statistics_export(request: HttpRequest) -> HttpResponse:
    """The tables of the page: all of them as XLSX, or one as CSV."""
    choice, found = _asked(request)
    sheets = report.make(found).sheets
    name = f"live-chat-statistics-{choice.period.first:%Y%m%d}-{choice.period.last:%Y%m%d}"
    kind = request.GET.get("format", "xlsx")
    if kind == "xlsx":
        content, content_type = cells.as_xlsx(sheet.table() for sheet in sheets.values()), XLSX
    elif kind == "csv" and (sheet := sheets.get(request.GET.get("table", "steps"))):
        content, content_type = cells.as_csv(sheet.table()), "text/csv; charset=utf-8"
        name = f"{name}-{sheet.key}"
    else:
        raise Http404
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
