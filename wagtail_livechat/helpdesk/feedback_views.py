"""Votes over HTTP: from the widget as JSON, and from the form on an article's page, which needs no script and no cookie."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from wagtail.models import Site

from .. import protocol as p
from ..actions import bans, visitors
from ..conf import conf
from ..exceptions import BadInput, LiveChatError, Unauthorised
from ..views.visitor import address_of, body_of, check_origin, key_in, limit_rate, translate_errors
from . import feedback, reading

ANSWERED = "helped"
"""In the address that the form leads back to: ``yes``, ``no``, or ``thanks`` after a comment."""


def _reader(request: HttpRequest) -> str:
    """Who is voting, as far as it has to be told."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        try:
            return feedback.reader_by_token(visitors.authenticate(token.strip()).visitor_id)
        except Unauthorised:
            pass  # A token that was good once: its owner may still say what they think.
    return feedback.reader_by_request(address_of(request), request.headers.get("User-Agent", ""))


def _may_vote(request: HttpRequest) -> None:
    check_origin(request)
    bans.refuse_address(address_of(request))
    limit_rate("feedback", address_of(request), *conf.SESSION_RATE)


@csrf_exempt
@require_POST
@translate_errors
def vote(request: HttpRequest) -> HttpResponse:
    """From the widget."""
    _may_vote(request)
    asked = p.decode(body_of(request))
    kind, helpful, comment = asked.get("kind"), asked.get("helpful"), asked.get("comment", "")
    if kind not in feedback.KINDS:
        raise BadInput("bad_command", "kind: must be faq or article", field="kind")
    if not isinstance(helpful, bool):
        raise BadInput("bad_command", "helpful: must be true or false", field="helpful")
    if not isinstance(comment, str):
        raise BadInput("bad_command", "comment: must be text", field="comment")
    stored = feedback.vote(
        key_in(asked, "site"),
        kind,
        key_in(asked, "id"),
        version=str(asked.get("version", "")),
        helpful=helpful,
        comment=comment,
        reader=_reader(request),
    )
    response = JsonResponse({"helpful": stored.helpful})
    patch_cache_control(response, no_store=True)
    return response


@csrf_exempt
@sensitive_post_parameters("comment")
@require_POST
def form(request: HttpRequest) -> HttpResponse:
    """From the page of an article: leads back to it, with thanks."""
    site = Site.find_for_request(request)
    try:
        _may_vote(request)
        raw, helpful = request.POST.get("article", ""), request.POST.get("helpful", "")
        if site is None or helpful not in ("yes", "no") or not (raw.isascii() and raw.isdigit() and len(raw) < 10):
            raise BadInput("bad_command", "The form was not complete.")
        comment = request.POST.get("comment", "")
        feedback.vote(
            site.pk,
            "article",
            int(raw),
            version=request.POST.get("version", ""),
            helpful=helpful == "yes",
            comment=comment,
            reader=_reader(request),
        )
    except LiveChatError as error:
        return render(request, "wagtail_livechat_helpdesk/feedback_refused.html", {"error": error}, status=error.status)
    page: Any = reading.live_article(reading.shelf(site.pk, ""), int(raw))
    said = "thanks" if comment.strip() else helpful
    return HttpResponseRedirect(f"{page.get_url(request)}?{ANSWERED}={said}#lch-feedback")
