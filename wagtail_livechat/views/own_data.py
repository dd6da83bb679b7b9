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
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from wagtail.models import Site

from .. import wording
from ..actions import own_data
from ..exceptions import LiveChatError, NotFound
from ..exports import download
from ..sentences import filled
from .visitor import address_of, check_origin, limit_rate

TEMPLATE = "wagtail_livechat/own_data.html"
LETTERS = (5, 3600)
"""(count, seconds): letters to one address, and requests from one."""


FAULTS = {"not_found": "own_fault_gone", "rate_limited": "own_fault_often"}
"""What is said of a refusal, by its code."""


def page(request: HttpRequest, status: int = 200, *, fault: str = "", **context: Any) -> HttpResponse:
    """The page in the site's own words. ``fault``: the key of a sentence."""
    site = Site.find_for_request(request)
    words = wording.of(site.pk if site else None, get_language() or "")
    words = {key: filled(text, email=context.get("email", "")) for key, text in words.items() if key.startswith("own_")}
    context |= {"words": words, "error": words[fault] if fault else ""}
    response = render(request, TEMPLATE, context, status=status)
    # The token in the address goes nowhere else. Not "no-referrer": browsers then post with "Origin: null", which is refused.
    response["Referrer-Policy"] = "same-origin"
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
        return page(request, 400, step="ask", email=email, fault="own_fault_email")
    except LiveChatError as error:
        return page(request, error.status, step="ask", email=email, fault=FAULTS.get(error.code, "own_fault_other"))
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
                return page(request, 400, step="choose", email=email, fault="own_fault_sure")
            own_data.erase(token)
            return page(request, step="erased")
        if what not in ("json", "html"):
            raise NotFound(_("There is nothing here."))
        return download(own_data.export(token), what)
    except LiveChatError as error:
        return page(request, error.status, step="gone", fault=FAULTS.get(error.code, "own_fault_other"))
