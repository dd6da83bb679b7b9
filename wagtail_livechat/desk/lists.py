"""The three long lists of conversations: the history for operators, the archive, and the logs. One look, one search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import Button
from wagtail.models import Site

from .. import fulltext, history
from ..models import Conversation, Department, Operator, Tag, WrapUpReason
from ..permissions import OperatorActor, may, reader_of
from ..snapshots import page_ref, visitor_details
from ..veils import veil_for
from . import exports

PAGE = 50


@dataclass(frozen=True)
class Line:
    """A conversation as a line of a list, as its reader may see it."""

    row: Conversation
    visitor: str
    email: str
    page: str
    excerpt: str = ""
    """Of what was searched for, where it was said."""

    @property
    def url(self) -> str:
        return reverse("livechat_conversations_modeladmin_inspect", args=[self.row.pk])

    @property
    def length(self) -> timedelta | None:
        """In whole seconds, once it has ended."""
        end = self.row.ended_at
        return timedelta(seconds=round((end - self.row.created_at).total_seconds())) if end else None

    @property
    def tags(self) -> str:
        return ", ".join(tag.name for tag in self.row.tags.all())

    @property
    def site(self) -> str:
        return self.row.site.site_name or self.row.site.hostname


def lines_of(ids: list[int], reader: OperatorActor, excerpts: dict[int, str] | None = None) -> list[Line]:
    """The conversations as lines, in a constant number of queries."""
    made = []
    for row in history.conversations(ids):
        veil = veil_for(reader, row.site_id)
        shown = visitor_details(row.visitor, veil)
        page = page_ref(row, veil)
        made.append(
            Line(
                row, shown["name"], shown["email"], (page.title or page.url) if page else "",
                (excerpts or {}).get(row.pk, ""),
            )
        )  # fmt: skip
    return made


# ------------------------------------------------------------------------------------------------ what is asked for


class _Choice(django_filters.ModelChoiceFilter):
    """One of a few: a list of round buttons, as in Wagtail's own drop-downs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.RadioSelect, empty_label=_("All"), **kwargs)


def _departments(request: HttpRequest) -> QuerySet[Department]:
    """Those whose conversations this user may see."""
    reader = reader_of(request.user)
    if reader.sees_all or not reader.departments:
        return Department.objects.all()
    return Department.objects.filter(pk__in=reader.departments)


def _operators(request: HttpRequest) -> QuerySet[Operator]:
    return Operator.objects.select_related("user")


def _site_name(site: Site) -> str:
    return str(site.site_name or site.hostname)


def _languages() -> list[tuple[str, str]]:
    """Those of the content, each by its own name."""
    known = getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", None) or settings.LANGUAGES
    return [(code, _local_name(code, name)) for code, name in known]


def _local_name(code: str, name: Any) -> str:
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return str(name)


class ConversationFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=Conversation._meta.get_field("state").choices,
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )
    started = django_filters.DateFromToRangeFilter(label=_("Started"), widget=DateRangePickerWidget)
    department = _Choice(label=_("Department"), queryset=_departments)
    operator = _Choice(label=_("Operator"), queryset=_operators)
    reason = _Choice(label=_("Wrap-up reason"), queryset=WrapUpReason.objects.all())
    tag = _Choice(label=_("Tag"), queryset=Tag.objects.all())
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=_languages, empty_label=_("All"), widget=forms.RadioSelect
    )
    site = _Choice(label=_("Site"), queryset=Site.objects.order_by("-is_default_site", "hostname"))

    class Meta:
        model = Conversation
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["site"].field.label_from_instance = _site_name

    def where(self) -> Q:
        """What is chosen of the conversation's own columns."""
        chosen = self.form.cleaned_data
        where = Q()
        for name, column in (
            ("state", "state"),
            ("department", "department"),
            ("reason", "wrap_up_reason"),
            ("site", "site"),
        ):
            if chosen.get(name):
                where &= Q(**{column: chosen[name]})
        if language := chosen.get("language"):
            where &= Q(language=language) | Q(language__startswith=f"{language}-")
        if started := chosen.get("started"):
            if started.start:
                where &= Q(created_at__gte=_midnight(started.start))
            if started.stop:
                where &= Q(created_at__lt=_midnight(started.stop) + timedelta(days=1))
        return where


def _midnight(day: date) -> datetime:
    """When a day begins where the reader is."""
    return timezone.make_aware(datetime.combine(day, time()))


# ---------------------------------------------------------------------------------------------------- the columns


class CaseColumn(Column):
    cell_template_name = "wagtail_livechat/lists/case.html"


class VisitorColumn(Column):
    """Who it was, and beneath it what was found, or else on which page."""

    cell_template_name = "wagtail_livechat/lists/visitor.html"


class StateColumn(Column):
    cell_template_name = "wagtail_livechat/lists/state.html"


COLUMNS = [
    CaseColumn("case", label=_("Case"), accessor="row.case_number", width="9rem"),
    VisitorColumn("visitor", label=_("Visitor")),
    Column("department", label=_("Department"), accessor="row.department.name"),
    Column("operator", label=_("Operator"), accessor="row.operator.name"),
    DateColumn("started", label=_("Started"), accessor="row.created_at"),
    Column("length", label=_("Length"), accessor="length"),
]
STATE = StateColumn("state", label=_("State"), accessor="row.get_state_display")


class ConversationList(BaseListingView):
    """What operators look up: every conversation that they may see."""

    right = "see_history"
    page_title: Any = _("Conversations")
    header_icon = "history"
    verbose_name_plural: Any = _("conversations")
    filterset_class = ConversationFilters
    is_searchable = True
    results_template_name = "wagtail_livechat/lists/results.html"
    template_name = "wagtail_livechat/lists/list.html"
    columns = [*COLUMNS, STATE]
    where = Q()
    index_url_name = "livechat_conversations_modeladmin_index"
    index_results_url_name = "wagtail_livechat_desk:conversations_results"
    show_other_searches = True
    http_method_names = ["get", "head", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user, self.right):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        kind = request.GET.get("export", "")
        if not kind:
            return super().get(request, *args, **kwargs)
        if not self.may_export or kind not in exports.TABLES:
            raise PermissionDenied
        ids = [pk for some in history.all_of(self.wanted, self.reader) for pk in some]
        return exports.table(request, kind, ids, self.reader, filename=str(self.filename), asked=self.asked)

    @cached_property
    def reader(self) -> OperatorActor:
        return reader_of(self.request.user)

    @cached_property
    def may_export(self) -> bool:
        return may(self.request.user, "export_conversations")

    filename = "conversations"

    @property
    def asked(self) -> list[str]:
        """What the list was narrowed by, without what somebody typed, which may be personal."""
        return [
            *(["words"] if self.is_searching else []),
            *(self.filters.form.changed_data if self.is_filtering else []),
        ]

    @cached_property
    def wanted(self) -> history.Wanted:
        chosen = self.filters.form.cleaned_data if self.filters.is_valid() else {}
        where = self.filters.where() if self.filters.is_valid() else Q()
        operator, tag = chosen.get("operator"), chosen.get("tag")
        return history.Wanted(
            words=tuple(fulltext.split(self.search_query)),
            where=self.where & where,
            operator=operator.pk if operator else None,
            tag=tag.pk if tag else None,
        )

    @cached_property
    def page(self) -> history.Page:
        return history.page_of(self.wanted, self.reader, at=self.request.GET.get(self.page_kwarg, ""), size=PAGE)

    def get_queryset(self) -> list[Line]:  # type: ignore[override]
        words = self.wanted.words
        found = history.excerpts(self.page.ids, words, self.reader) if words else {}
        return lines_of(self.page.ids, self.reader, found)

    def get_header_more_buttons(self) -> list[Button]:
        if not self.may_export:
            return []
        query = self.request.GET.copy()
        for name in (self.page_kwarg, "_w_filter_fragment", "export"):
            query.pop(name, None)
        made = []
        for number, (kind, label) in enumerate((("xlsx", _("Download XLSX")), ("csv", _("Download CSV")))):
            query["export"] = kind
            url = f"{self.index_url}?{query.urlencode()}"
            made.append(Button(label, url, icon_name="download", priority=90 + number))
        return made

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, page=self.page, **kwargs)


class ArchiveList(ConversationList):
    """What somebody saved."""

    show_other_searches = False
    page_title = _("Archive")
    header_icon = "folder-open-inverse"
    where = Q(archived_at__isnull=False)
    filename = "archive"
    index_url_name = "wagtail_livechat_desk:archive"
    index_results_url_name = "wagtail_livechat_desk:archive_results"
    columns = [*COLUMNS, DateColumn("archived", label=_("Saved"), accessor="row.archived_at")]


class LogList(ConversationList):
    """Everything that was recorded, for those who look after the chat."""

    show_other_searches = False
    right = "see_logs"
    page_title = _("Logs")
    header_icon = "list-ul"
    filename = "logs"
    index_url_name = "wagtail_livechat_desk:logs"
    index_results_url_name = "wagtail_livechat_desk:logs_results"
    columns = [
        *COLUMNS,
        Column("reason", label=_("Wrap-up reason"), accessor="row.wrap_up_reason.name"),
        Column("tags", label=_("Tags"), accessor="tags"),
        STATE,
    ]
