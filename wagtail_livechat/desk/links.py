"""The report of links that were sent and lead nowhere any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from wagtail.admin.menu import MenuItem

from .. import sentlinks
from ..permissions import may, reader_of, visible_conversations

DAYS = 365
WHY = {
    sentlinks.UNPUBLISHED: _("Unpublished"),
    sentlinks.GONE: _("Not there any more"),
    # Translators: a page that asks for a password or a log-in
    sentlinks.PRIVATE: _("Private"),
}


class LinksMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "see_history")


@require_GET
@never_cache
def sent_links(request: HttpRequest) -> HttpResponse:
    """Of the last year, in conversations that this user may read."""
    if not may(request.user, "see_history"):
        raise PermissionDenied
    found = sentlinks.broken(visible_conversations(reader_of(request.user)), timezone.now() - timedelta(days=DAYS))
    context: dict[str, Any] = {
        "links": [{"link": link, "why": WHY[link.why]} for link in found],
        "header_title": _("Sent links that lead nowhere"),
        "header_icon": "link",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": "", "label": _("Sent links that lead nowhere")},
        ],
    }
    return render(request, "wagtail_livechat/sent_links.html", context)
