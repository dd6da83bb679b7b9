"""The helpdesk's doors over HTTP: public, the same for every visitor, without a cookie."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from .. import protocol as p
from ..conf import conf
from ..exceptions import BadInput, NotFound
from ..views.visitor import (
    address_of,
    body_of,
    check_origin,
    integer,
    key_in,
    limit_rate,
    public_answer,
    translate_errors,
)
from . import lookups, reading, searching

MAX_KEY = 2**31 - 1


def _site(request: HttpRequest) -> int:
    site = integer(request, "site")
    if site is None:
        raise BadInput("bad_command", "site: is missing", field="site")
    return min(site, MAX_KEY)


def _answer(request: HttpRequest, name: str, make: Any, **asked: str) -> HttpResponse:
    return public_answer({**asked, **reading.cached(name, _site(request), request.GET.get("lang", ""), make)})


@require_GET
@translate_errors
def index(request: HttpRequest) -> HttpResponse:
    """What there is: the questions, and the articles, by category."""
    return _answer(request, "index", reading.contents)


@require_GET
@translate_errors
def search(request: HttpRequest) -> HttpResponse:
    query = str(p.clean_line(request.GET.get("q", "")[: searching.QUERY_MAX_LENGTH]))
    return _answer(request, f"search {query.lower()}", lambda here: searching.results(here, query), q=query)


@require_GET
@translate_errors
def faq(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, f"faq {pk}", lambda here: reading.faq(here, _key(pk)))


@require_GET
@translate_errors
def article(request: HttpRequest, pk: int) -> HttpResponse:
    return _answer(request, f"article {pk}", lambda here: reading.article(here, _key(pk)))


def _key(pk: int) -> int:
    if pk > MAX_KEY:
        raise NotFound("There is no such thing.")
    return pk


@csrf_exempt
@require_POST
@translate_errors
def looked(request: HttpRequest) -> HttpResponse:
    """How a search ended. Counted without a visitor."""
    check_origin(request)
    limit_rate("looked", address_of(request), *conf.SESSION_RATE)
    asked = p.decode(body_of(request))
    outcome, kind = asked.get("outcome"), asked.get("kind") or ""
    if not isinstance(outcome, str) or outcome not in lookups.OUTCOMES:
        raise BadInput("bad_command", "outcome: must be nothing, answered or asked", field="outcome")
    if not isinstance(kind, str) or kind not in lookups.KINDS_OF_ANSWERS:
        raise BadInput("bad_command", "kind: must be faq or article", field="kind")
    lookups.record(
        key_in(asked, "site"),
        language=str(asked.get("lang", "")),
        query=str(p.clean_line(str(asked.get("q", ""))[: searching.QUERY_MAX_LENGTH])),
        outcome=outcome,
        kind=kind,
        object_id=key_in(asked, "id") if kind else None,
        page_id=key_in(asked, "page") if asked.get("page") else None,
    )
    return HttpResponse(status=204)
