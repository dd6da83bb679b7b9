"""Conversations as files: a list as a table, one whole as text, web page or JSON. Each is a fact in Wagtail's log."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from wagtail.log_actions import log
from wagtail.models import Site

from .. import cells
from ..models import Conversation
from ..permissions import OperatorActor, may, reader_of, visible_conversations
from ..snapshots import page_ref, visitor_details
from ..veils import veil_for
from .record import RecordLine, record_lines

if TYPE_CHECKING:
    from .lists import Line

ACTION = "wagtail_livechat.export"
TABLES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST = 50_000
"""Lines of a table."""
AT_ONCE = 1_000
FILES = {"text": ("text/plain", "txt"), "html": ("text/html", "html"), "json": ("application/json", "json")}


def table(
    request: HttpRequest, kind: str, ids: list[int], reader: OperatorActor, *, filename: str, asked: list[str]
) -> HttpResponse:
    """The conversations ``ids`` as a spreadsheet, with at most MOST lines; of more, the last line says so."""
    from .lists import lines_of

    left_out, ids = max(0, len(ids) - MOST), ids[:MOST]
    rows = [
        _row(line) for begin in range(0, len(ids), AT_ONCE) for line in lines_of(ids[begin : begin + AT_ONCE], reader)
    ]
    if left_out:
        rows.append([_("%(count)d more are left out: choose a shorter time.") % {"count": left_out}])
    made = cells.Table(_("Conversations"), _headings(), rows)
    _note(request, Site.objects.all(), {"format": kind, "conversations": len(ids), "filters": asked})
    content = cells.as_csv(made) if kind == "csv" else cells.as_xlsx([made])
    return _answer(content, TABLES[kind], f"{filename}-{timezone.localdate().isoformat()}.{kind}")


def _headings() -> list[str]:
    return [
        _("Case"), _("Site"), _("State"), _("Visitor"), _("E-mail"), _("Page"), _("Language"), _("Department"),
        _("Operator"), _("Started"), _("Answered"), _("Ended"), _("Length in seconds"), _("Messages and events"),
        _("Wrap-up reason"), _("Tags"), _("Rating"), _("Saved"),
    ]  # fmt: skip


def _row(line: Line) -> list[Any]:
    row = line.row
    return [
        row.case_number, line.site, row.get_state_display(), line.visitor, line.email, line.page, row.language,
        row.department.name if row.department else "", row.operator.name if row.operator else "",
        _moment(row.created_at), _moment(row.answered_at), _moment(row.ended_at),
        int(line.length.total_seconds()) if line.length is not None else "", row.last_seq,
        row.wrap_up_reason.name if row.wrap_up_reason else "", line.tags, row.rating or "", _moment(row.archived_at),
    ]  # fmt: skip


def _moment(when: datetime | None) -> str:
    return timezone.localtime(when).strftime("%Y-%m-%d %H:%M:%S") if when else ""


# ------------------------------------------------------------------------------------------------ one conversation


@require_GET
def record_file(request: HttpRequest, case_number: str, kind: str) -> HttpResponse:
    """A whole conversation as ``text``, ``html`` or ``json``, as the reader may see it."""
    if not (may(request.user, "see_history") and may(request.user, "export_conversations")):
        raise PermissionDenied
    if kind not in FILES:
        raise Http404
    reader = reader_of(request.user)
    found = visible_conversations(reader).select_related(
        "visitor", "site", "department", "operator__user", "wrap_up_reason"
    )
    conversation = get_object_or_404(found, case_number=case_number)
    data = whole(conversation, reader)
    content_type, ending = FILES[kind]
    if kind == "json":
        content = json.dumps(data, ensure_ascii=False, indent=1)
    else:
        context = {"data": data, "heading": _("Conversation %(case)s") % {"case": case_number}, "facts": _facts(data)}
        content = render_to_string(f"wagtail_livechat/record_file.{ending}", context)
    _note(request, [conversation], {"format": kind})
    return _answer(content.encode(errors="replace"), f"{content_type}; charset=utf-8", f"{case_number}.{ending}")


def whole(conversation: Conversation, reader: OperatorActor) -> dict[str, Any]:
    """All of it that the reader may see, as plain values."""
    veil = veil_for(reader, conversation.site_id)
    page = page_ref(conversation, veil)
    return {
        "case": conversation.case_number,
        "site": conversation.site.site_name or conversation.site.hostname,
        "state": conversation.state,
        "visitor": visitor_details(conversation.visitor, veil),
        "page": {"title": page.title, "url": page.url} if page else None,
        "language": conversation.language,
        "department": conversation.department.name if conversation.department else None,
        "operators": [p.operator.name for p in conversation.participations.select_related("operator__user")],
        "started": _iso(conversation.created_at),
        "answered": _iso(conversation.answered_at),
        "ended": _iso(conversation.ended_at),
        "ended_by": conversation.ended_by or None,
        "wrap_up_reason": conversation.wrap_up_reason.name if conversation.wrap_up_reason else None,
        "wrap_up_note": veil.text(conversation.wrap_up_note),
        "tags": [tag.name for tag in conversation.tags.all()],
        "rating": conversation.rating,
        "rating_comment": veil.text(conversation.rating_comment),
        "entries": [_entry(line) for line in record_lines(conversation, reader)],
    }


def _entry(line: RecordLine) -> dict[str, Any]:
    return {"seq": line.seq, "kind": line.kind, "by": line.name, "at": _iso(line.at), "text": line.words}


def _iso(when: datetime | None) -> str | None:
    return timezone.localtime(when).isoformat(timespec="seconds") if when else None


def _facts(data: dict[str, Any]) -> list[tuple[str, str]]:
    """What stands above the messages; only what there is."""
    visitor = data["visitor"]
    page = data["page"] or {"title": "", "url": ""}
    facts = [
        (_("Site"), data["site"]),
        (_("State"), str(Conversation.State(data["state"]).label)),
        (_("Visitor"), " · ".join(value for value in visitor.values() if value)),
        (_("Page"), " · ".join(value for value in page.values() if value)),
        (_("Language"), data["language"]),
        (_("Department"), data["department"]),
        (_("Operators"), ", ".join(data["operators"])),
        (_("Started"), _in_words(data["started"])),
        (_("Answered"), _in_words(data["answered"])),
        (_("Ended"), _in_words(data["ended"])),
        (_("Wrap-up reason"), data["wrap_up_reason"]),
        (_("Note for colleagues"), data["wrap_up_note"]),
        (_("Tags"), ", ".join(data["tags"])),
        (
            _("Rating"),
            " · ".join(filter(None, [f"{data['rating']}/5" if data["rating"] else "", data["rating_comment"]])),
        ),
    ]
    return [(str(name), value) for name, value in facts if value]


def _in_words(moment: str | None) -> str:
    return date_format(datetime.fromisoformat(moment), "DATETIME_FORMAT") if moment else ""


# ------------------------------------------------------------------------------------------------------- both


def _note(request: HttpRequest, what: Any, data: dict[str, Any]) -> None:
    """Keep who took what out: in the log of the conversation, or, of a list, in that of the sites."""
    for instance in what:
        log(instance, ACTION, user=request.user, data=data)


def _answer(content: bytes, content_type: str, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    # Should somebody open it as a page of this site after all: it may do nothing.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    patch_cache_control(response, no_store=True)
    return response
