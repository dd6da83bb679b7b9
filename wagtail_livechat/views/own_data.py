"""The page where people ask for their own data, and the one that the mailed link leads to. No script, no cookie.

A link in a letter is looked at by machines before people do: looking changes nothing, only the button uses it up.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from wagtail.models import Site

from ..actions import own_data
from ..exceptions import LiveChatError, NotFound
from ..exports import download
from .visitor import address_of, check_origin, limit_rate

TEMPLATE = "wagtail_livechat/own_data.html"
LETTERS = (5, 3600)
"""(count, seconds): letters to one address, and requests from one."""


def page(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    response = render(request, TEMPLATE, context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    patch_cache_control(response, no_store=True)
    return response


@csrf_exempt
@sensitive_post_parameters("email")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Asks for an e-mail address; the answer is the same whether it is known or not."""
    if request.method != "POST":
        return page(request, step="ask")
    email = request.POST.get("email", "").strip()[:254]
    try:
        check_origin(request)
        validate_email(email)
        limit_rate("own-data-from", address_of(request), *LETTERS)
        limit_rate("own-data-to", email.casefold(), *LETTERS)
    except ValidationError:
        return page(request, 400, step="ask", email=email, error=_("This is not an e-mail address. Check it."))
    except LiveChatError as error:
        return page(request, error.status, step="ask", email=email, error=error.message)
    site = Site.find_for_request(request)
    if site is not None:
        origin = f"{'https' if request.is_secure() else 'http'}://{request.get_host()}"
        own_data.request_link(site.pk, email, origin=origin, language=get_language() or "")
    return page(request, step="sent", email=email)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What the link is for: get it as JSON or as a page, or have it deleted."""
    try:
        limit_rate("own-data-link", address_of(request), 60, 3600)
        if request.method != "POST":
            return page(request, step="choose", email=own_data.look_at(token).email)
        check_origin(request)
        what = request.POST.get("what", "")
        if what == "erase":
            if not request.POST.get("sure"):
                email = own_data.look_at(token).email
                return page(request, 400, step="choose", email=email, error=_("Tick the box if you are sure."))
            own_data.erase(token)
            return page(request, step="erased")
        if what not in ("json", "html"):
            raise NotFound("There is nothing here.")
        return download(own_data.export(token), what)
    except LiveChatError as error:
        return page(request, error.status, step="gone", error=error.message)
