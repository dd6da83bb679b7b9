"""Doors for pages that the CMS does not make: the script that they carry, and the frame that it puts there."""

from __future__ import annotations

import functools
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET

from .. import embedding, launcher
from ..addresses import origin_of
from ..exceptions import Forbidden
from .visitor import refusal, site_parameter, translate_errors

SCRIPT_SECONDS = 3600


@functools.cache
def _script() -> bytes:
    return (Path(__file__).parent.parent / "static" / "wagtail_livechat" / "embed.js").read_bytes()


@require_GET
def script(request: HttpRequest) -> HttpResponse:
    """The script of the embed code. Its address never changes, as those of static files do: it stands in others' pages."""
    response = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, public=True, max_age=SCRIPT_SECONDS)
    return response


@require_GET
@xframe_options_exempt
@translate_errors
def frame(request: HttpRequest) -> HttpResponse:
    """The chat alone on a page, for a frame in a page of ``origin``; for any other origin nothing, which no page may frame."""
    site = site_parameter(request)
    origin = request.GET.get("origin", "")
    if not embedding.may_frame(site, origin):
        response = refusal(Forbidden(_("Pages of this origin may not show the chat.")))
        ancestor = None
    else:
        ancestor = origin_of(origin)
        language = launcher.pick_language(request.GET.get("lang", ""))
        context = {"site": site, "language": language, "origin": ancestor}
        response = render(request, "wagtail_livechat/frame.html", context)
    response["Content-Security-Policy"] = embedding.policy(request.get_host(), request.is_secure(), ancestor)
    response["Referrer-Policy"] = "no-referrer"
    # Who is taken off the list is off it at once.
    patch_cache_control(response, no_store=True)
    return response
