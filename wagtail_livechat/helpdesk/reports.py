"""The report "What visitors ask" in the admin; from each row the missing FAQ or article can be begun."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.models import Locale, Site

from ..cells import Table, as_csv, as_xlsx
from ..exceptions import LiveChatError
from ..permissions import may, reader_of, visible_conversations
from . import demand, drafting
from .demand import Chosen
from .models import Lookup

PERMISSION = "wagtail_livechat_helpdesk.view_lookup"
PERIODS = ((7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("a year")))


class FilterForm(forms.Form):
    days = forms.TypedChoiceField(label=_("Period"), choices=PERIODS, coerce=int, required=False)
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.all(), required=False, empty_label=_("All sites")
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = [(locale.language_code, str(locale)) for locale in Locale.objects.all()]
        language: Any = self.fields["language"]
        language.choices = [("", _("All languages")), *languages]

    def chosen(self) -> Chosen:
        """What is asked for; what is no choice is not."""
        self.is_valid()
        cleaned = getattr(self, "cleaned_data", {})
        site = cleaned.get("site")
        return Chosen(cleaned.get("days") or 30, site.pk if site else None, cleaned.get("language") or "")


def may_see(user: Any) -> bool:
    return bool(user.is_active and user.has_perm(PERMISSION))


@require_GET
@never_cache
def asked(request: HttpRequest) -> HttpResponse:
    if not may_see(request.user):
        raise PermissionDenied
    form = FilterForm(request.GET or {"days": 30})
    chosen = form.chosen()
    nothing = demand.searches(chosen, Lookup.Outcome.NOTHING)
    anyway = demand.searches(chosen, Lookup.Outcome.ASKED)
    pages = demand.chats(chosen, visible_conversations(reader_of(request.user))) if _sees_chats(request) else None
    export = request.GET.get("export")
    if export in ("csv", "xlsx"):
        return _file(export, nothing, anyway, pages or [])
    context = {
        "form": form,
        "nothing": nothing,
        "anyway": anyway,
        "pages": pages,
        "query": urlencode({**request.GET.dict(), "export": ""}),
        "may_write": drafting.may_start(request.user),
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": _("What visitors ask")},
        ],
        "header_title": _("What visitors ask"),
        "header_icon": "help",
    }
    return render(request, "wagtail_livechat_helpdesk/admin/asked.html", context)


def _sees_chats(request: HttpRequest) -> bool:
    return may(request.user, "see_history")


def _file(kind: str, nothing: Any, anyway: Any, pages: list[demand.PageChats]) -> HttpResponse:
    """The same as a file: a table for each part; one below the other where a file has one table."""
    sites = {site.pk: str(site) for site in Site.objects.all()}
    tables = [
        _searches(gettext("Nothing found"), nothing, sites),
        _searches(gettext("Asked all the same"), anyway, sites),
        Table(
            gettext("Chats by page"),
            [gettext("Page"), gettext("Address"), gettext("Chats"), gettext("Since it was published"), gettext("About"), gettext("First messages")],
            [
                [
                    row.page.title,
                    row.page.full_url or "",
                    row.chats,
                    row.since_publish,
                    ", ".join(f"{name} ({count})" for name, count in row.topics),
                    "\n".join(question.text for question in row.questions),
                ]
                for row in pages
            ],
        ),
    ]  # fmt: skip
    if kind == "xlsx":
        body, content_type = as_xlsx(tables), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    else:
        body, content_type = b"\r\n".join(as_csv(_named(table)) for table in tables), "text/csv; charset=utf-8"
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="what-visitors-ask-{timezone.localdate()}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _named(table: Table) -> Table:
    return Table(table.name, [table.name, *table.columns], [["", *row] for row in table.rows])


def _searches(name: str, rows: list[demand.Search], sites: dict[int, str]) -> Table:
    columns = [gettext("Looked for"), pgettext("how often", "Times"), gettext("Last"), gettext("Language"), gettext("Site"), gettext("Pages")]  # fmt: skip
    return Table(
        name,
        columns,
        [
            [
                row.query,
                row.count,
                date_format(timezone.localtime(row.last), "SHORT_DATETIME_FORMAT"),
                row.language,
                sites.get(row.site, ""),
                ", ".join(row.pages),
            ]
            for row in rows
        ],
    )


class StartForm(forms.Form):
    kind = forms.ChoiceField(choices=[("faq", "faq"), ("article", "article")])
    title = forms.CharField(max_length=255)
    site = forms.ModelChoiceField(queryset=Site.objects.all())
    language = forms.CharField(max_length=35, required=False)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Begin an FAQ or an article with the question as its title, and go on to where it is written."""
    if not may_see(request.user):
        raise PermissionDenied
    form = StartForm(request.POST)
    if form.is_valid():
        asked_for = form.cleaned_data
        try:
            url, where = drafting.start(
                asked_for["kind"], asked_for["title"], asked_for["site"].pk, asked_for["language"], request.user
            )
        except LiveChatError as error:
            messages.error(request, str(error.message))
        else:
            messages.success(request, where)
            return redirect(url)
    else:
        messages.error(request, _("This question cannot be used."))
    return redirect("wagtail_livechat_helpdesk_admin:asked")
