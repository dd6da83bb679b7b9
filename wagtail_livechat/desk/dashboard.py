"""The chat on the first page of Wagtail's admin: who waits, who is there, and which site's chat is switched off."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from wagtail.admin.ui.components import Component

from ..history import overview
from ..models import LiveChatSettings, Operator
from ..permissions import may, reader_of


def may_look(user: Any) -> bool:
    """The panel is for those who answer and those who look after the chat."""
    return may(user, "handle") or may(user, "see_logs")


def present(user: Any) -> dict[str, Any]:
    """What the panel says now, as this user may know it, ready to be shown."""
    now = overview(reader_of(user))
    desk, record = reverse("wagtail_livechat_desk:desk"), reverse("livechat_conversations_modeladmin_index")
    listed = may(user, "see_history")
    counts = [
        ("waiting", _("Waiting now"), now.waiting, desk if may(user, "handle") else ""),
        ("open", _("Open"), now.open, f"{record}?state=active" if listed else ""),
        ("cases", _("Messages without an answer"), now.cases, f"{record}?state=offline" if listed else ""),
    ]
    return {
        "counts": [
            {"name": name, "label": label, "number": number_format(count, force_grouping=True), "url": url}
            for name, label, count, url in counts
        ],
        "people": [
            {
                "name": person.name,
                "status": person.status,
                "label": str(Operator.Status(person.status).label),
                "open": number_format(person.open),
            }
            for person in now.people
        ],
    }


@require_GET
@never_cache
def now(request: HttpRequest) -> HttpResponse:
    """The same for the script that keeps the panel current."""
    if not may_look(request.user):
        raise PermissionDenied
    return JsonResponse(present(request.user))


class NowPanel(Component):
    """Waiting, open, unanswered, and who is online."""

    name = "livechat-now"
    template_name = "wagtail_livechat/dashboard/now.html"
    order = 50

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {**present(parent_context["request"].user), "address": reverse("wagtail_livechat_desk:now")}


class SwitchedOffPanel(Component):
    """Which sites' chat is switched off; whoever may switch it on is led there."""

    name = "livechat-off"
    template_name = "wagtail_livechat/dashboard/off.html"
    order = 40

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        rows = LiveChatSettings.objects.filter(enabled=False).select_related("site").order_by("site__hostname")
        leads = may(user, "manage_settings")
        address = "wagtailsettings:edit"
        return {
            "sites": [
                {
                    "name": row.site.site_name or row.site.hostname,
                    "url": reverse(address, args=["wagtail_livechat", "livechatsettings", row.site_id])
                    if leads
                    else "",
                }
                for row in rows
            ]
        }


def add_panels(request: HttpRequest, panels: list[Any]) -> None:
    if may_look(request.user) or may(request.user, "manage_settings"):
        panels.append(SwitchedOffPanel())
    if may_look(request.user):
        panels.append(NowPanel())
