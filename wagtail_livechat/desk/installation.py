"""The Installation page: what to paste where, how the chat will look, and what is wrong."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin.menu import MenuItem
from wagtail.models import Site

from .. import doctor, launcher
from ..actions import letters
from ..models import LiveChatSettings
from ..permissions import may
from .views import language_for

TAG = "{% load livechat %}{% livechat %}"
PREVIEW_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'; require-trusted-types-for 'script'"
)


class InstallationMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "install")


def _words(state: str) -> str:
    return {
        doctor.OK: _("In order"),
        doctor.WARNING: _("Look at this"),
        doctor.PROBLEM: _("Wrong"),
        doctor.UNKNOWN: _("Not known"),
    }[state]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def installation(request: HttpRequest) -> HttpResponse:
    """The page; posted to, it sends a test letter to who asks."""
    if not may(request.user, "install"):
        raise PermissionDenied
    if request.method == "POST":
        address = _own_address(request.user)
        if address:
            letters.queue_test(address, get_language() or "")
            messages.success(request, _("A letter to %(address)s is on its way.") % {"address": address})
        else:
            messages.error(request, _("Your account has no e-mail address. Enter one under Account."))
        return redirect("wagtail_livechat_desk:installation")
    results = doctor.examine()
    sites = [
        {
            "site": site,
            "enabled": LiveChatSettings.of(site.pk).enabled,
            "preview": reverse("wagtail_livechat_desk:preview", args=[site.pk]),
        }
        for site in Site.objects.order_by("-is_default_site", "hostname")
    ]
    context = {
        "tag": TAG,
        "sites": sites,
        "results": [{**result.as_dict(), "word": _words(result.state)} for result in results],
        "worst": doctor.worst(results),
        "socket": doctor.socket_address(),
        "files": _files(),
        "words": {state: _words(state) for state in (doctor.OK, doctor.WARNING, doctor.PROBLEM)},
        "email": _own_address(request.user),
    }
    return render(request, "wagtail_livechat/installation.html", context)


def _own_address(user: Any) -> str:
    return str(getattr(user, user.get_email_field_name(), "") or "")


def _files() -> str:
    try:
        return json.dumps(doctor.expected_files())
    except ValueError:
        # The server's own look says which.
        return "[]"


@require_GET
@never_cache
def preview(request: HttpRequest, site: int) -> HttpResponse:
    """The real launcher and window of a site on an empty page, also while its chat is not shown."""
    if not may(request.user, "install"):
        raise PermissionDenied
    row = get_object_or_404(Site, pk=site)
    language: Any = LiveChatSettings.of(row.pk).language or language_for(request)
    context = {"site": row, "language": language, "pass": launcher.preview_pass(row.pk)}
    response = render(request, "wagtail_livechat/preview.html", context)
    response["Content-Security-Policy"] = PREVIEW_POLICY
    return response
