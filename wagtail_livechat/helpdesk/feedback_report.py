"""The report on feedback in Wagtail's admin: all articles and FAQs, the worst first, and all that was said of one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.menu import MenuItem
from wagtail.models import Page, Site

from .. import cells
from ..permissions import reader_of
from ..veils import veil_for
from . import feedback, opinions
from .models import Faq, Feedback

RIGHT = "wagtail_livechat_helpdesk.view_feedback"
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PAGE_SIZE = 50
KIND_LABELS = {"article": gettext_lazy("Article"), "faq": gettext_lazy("FAQ")}


class FeedbackMenuItem(MenuItem):
    """In Wagtail's menu of reports."""

    def __init__(self) -> None:
        url = reverse_lazy("wagtail_livechat_helpdesk:feedback")
        super().__init__(gettext_lazy("Article feedback"), url, name="livechat-feedback", icon_name="help", order=1050)

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see(request.user)


def may_see(user: Any) -> bool:
    return bool(user.is_active and user.has_perm(RIGHT))


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Every article and FAQ that was voted on."""
    asked = _asked(request)
    kind = request.GET.get("kind", "")
    kind = kind if kind in feedback.KINDS else ""
    found = opinions.said(asked["site"].pk if asked["site"] else None, kind or None)  # type: ignore[arg-type]
    rows = opinions.opinions(found, asked["period"])
    if asked["format"]:
        return _download("article-feedback", asked["format"], _table(rows))
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    votes, helpful = sum(row.votes for row in rows), sum(row.helpful for row in rows)
    return render(
        request,
        "wagtail_livechat_helpdesk/feedback_report.html",
        {
            **asked,
            "kind": kind,
            "kinds": KIND_LABELS,
            "page": page,
            "rows": [(row, opinions.bars(row.steps), KIND_LABELS[row.kind]) for row in page],
            "votes": votes,
            "share": opinions.percent(helpful, votes),
            "comments": sum(row.comments for row in rows),
        },
    )


@require_safe
@never_cache
def about(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """All that was said of one of them."""
    asked = _asked(request)
    if kind not in feedback.KINDS:
        raise Http404
    item = get_object_or_404(Faq if kind == "faq" else Page, pk=pk)
    # An article is of one site, a FAQ may be of several.
    found = opinions.said(None, kind, pk)  # type: ignore[arg-type]
    over = asked["period"]
    within = found.filter(at__gte=over.start, at__lte=over.end)
    if asked["format"]:
        return _download(f"article-feedback-{kind}-{pk}", asked["format"], _comments_table(request, within))
    rows = opinions.opinions(found, over)
    commented = Paginator(within.exclude(comment="").order_by("-at", "-pk"), PAGE_SIZE).get_page(request.GET.get("p"))
    return render(
        request,
        "wagtail_livechat_helpdesk/feedback_about.html",
        {
            **asked,
            "item": item,
            "title": item.question if kind == "faq" else item.title,
            "kind_label": KIND_LABELS[kind],
            "edit_url": AdminURLFinder(request.user).get_edit_url(item),
            "row": rows[0] if rows else None,
            "bars": opinions.bars(rows[0].steps) if rows else [],
            "versions": opinions.versions(within),
            "current": feedback.version_of(item),
            "page": commented,
            "comments": [(one, _veiled(request, one)) for one in commented],
        },
    )


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What both pages are told: the period, the site, the format. Raises PermissionDenied."""
    if not may_see(request.user):
        raise PermissionDenied
    raw = request.GET.get("days", "30")
    days = next((days for days in opinions.PERIODS if str(days) == raw), None if raw == "all" else 30)
    sites = list(Site.objects.order_by("-is_default_site", "hostname"))
    site = next((site for site in sites if str(site.pk) == request.GET.get("site")), None)
    wanted = request.GET.get("export", "")
    query = request.GET.copy()
    for name in ("export", "p"):
        query.pop(name, None)
    return {
        "days": days,
        "periods": [
            *(
                (str(days), ngettext("Last day", "Last %(days)d days", days) % {"days": days})
                for days in opinions.PERIODS
            ),
            ("all", _("All time")),
        ],
        "chosen_days": str(days or "all"),
        "period": opinions.period(days),
        "sites": sites,
        "site": site,
        "format": wanted if wanted in FORMATS else "",
        "query": query.urlencode(),
        "report_url": reverse("wagtail_livechat_helpdesk:feedback"),
    }


def _veiled(request: HttpRequest, one: Feedback) -> str:
    return veil_for(reader_of(request.user), one.site_id).text(one.comment)


def _table(rows: list[opinions.Opinion]) -> cells.Table:
    columns = [
        _("Title"),
        _("Kind"),
        _("Language"),
        _("Votes"),
        _("Helped"),
        _("Helped, %"),
        _("Change"),
        _("Comments"),
        _("Last vote"),
    ]
    return cells.Table(
        _("Article feedback"),
        columns,
        [
            (
                row.title,
                KIND_LABELS[row.kind],
                row.language,
                row.votes,
                row.helpful,
                row.share,
                row.change,
                row.comments,
                _moment(row.last),
            )
            for row in rows
        ],
    )


def _comments_table(request: HttpRequest, found: QuerySet[Feedback]) -> cells.Table:
    return cells.Table(
        _("Article feedback"),
        [_("When"), _("Helped"), _("Version"), _("Comment")],
        [
            (_moment(one.at), _("Yes") if one.helpful else _("No"), one.version, _veiled(request, one))
            for one in found.order_by("-at", "-pk").iterator()
        ],
    )


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _download(name: str, kind: str, table: cells.Table) -> HttpResponse:
    content = cells.as_csv(table) if kind == "csv" else cells.as_xlsx([table])
    response = HttpResponse(content, content_type=FORMATS[kind])
    day = date_format(timezone.localdate(), "Y-m-d")
    response["Content-Disposition"] = f'attachment; filename="{name}-{day}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


app_name = "wagtail_livechat_helpdesk"
urlpatterns = [
    path("", overview, name="feedback"),
    path("<str:kind>/<int:pk>/", about, name="feedback_about"),
]
