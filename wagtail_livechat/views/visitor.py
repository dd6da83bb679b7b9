"""The visitor's doors over HTTP: boot and config (public, cacheable), session, commands, events.

No cookie is read or set here: identity is a token in the Authorization header, and what keeps other sites out is the Origin.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect, JsonResponse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from .. import handlers, launcher, mailcheck
from .. import protocol as p
from ..actions import automessages, bans, visitors
from ..actions.sweep import sweep_now_and_then
from ..addresses import client_address, origin_allowed
from ..caching import cache
from ..conf import conf
from ..exceptions import BadInput, Forbidden, LiveChatError, NotFound, RateLimited, Unavailable
from ..handlers import VisitorSession
from ..sentences import known

logger = logging.getLogger("wagtail_livechat")


def answer(events: list[p.Event], status: int = 200) -> HttpResponse:
    """Events as the body of an answer that nobody may cache."""
    body = '{"events":[' + ",".join(p.encode(event) for event in events) + "]}"
    response = HttpResponse(body, content_type="application/json", status=status)
    patch_cache_control(response, no_store=True)
    return response


def refusal(error: LiveChatError, ref: str | None = None) -> HttpResponse:
    """A refused command: the status that fits, and the same ``error`` event as on a socket."""
    response = answer([handlers.error_event(error, ref)], error.status)
    if error.retry_after:
        response["Retry-After"] = str(max(1, round(error.retry_after)))
    return response


def broken(what: str, ref: str | None = None) -> HttpResponse:
    """As on a socket: the database or the cache is away, most likely; the client keeps what it has and tries again."""
    logger.exception("Live chat could not carry out %s", what)
    return refusal(Unavailable(_("This did not work just now."), retry_after=2), ref)


def carry_out(handle: Callable[[Any, Any], list[p.Event]], session: Any, command: p.Command) -> HttpResponse:
    """Have a command obeyed, and answer with what it led to."""
    try:
        return answer(handle(session, command))
    except LiveChatError as error:
        return refusal(error, command.ref)
    except Exception:
        return broken(type(command).__name__, command.ref)


def translate_errors(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Domain errors become answers, here and nowhere else."""

    @wraps(view)
    def translated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except LiveChatError as error:
            return refusal(error)
        except (Http404, PermissionDenied, SuspiciousOperation):
            raise  # Django's own answers
        except Exception:
            return broken(request.path)

    return translated


def in_asked_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What is refused is said in the language of the desk (``lang``), which may be another than that of the admin."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(known(request.GET.get("lang", "")) or translation.get_language()):
            return view(request, *args, **kwargs)

    return asked


def body_of(request: HttpRequest) -> bytes:
    """The request's body, if it is JSON of a size that we take. Raises BadInput."""
    if request.content_type != "application/json":
        raise BadInput("bad_json", "Send JSON, with the content type application/json.")
    if content_length(request) > p.MAX_FRAME_BYTES:
        raise BadInput("too_large", f"A command may have at most {p.MAX_FRAME_BYTES} bytes.")
    return request.body


def content_length(request: HttpRequest) -> int:
    """Bytes of the body, as the client says; 0 where it says nothing that can be understood."""
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return 0


def check_origin(request: HttpRequest) -> None:
    """Raises Forbidden unless a page of this site, or of an allowed one, sent this."""
    if not origin_allowed(request.headers.get("Origin"), request.get_host(), conf.ALLOWED_ORIGINS):
        raise Forbidden(_("Requests from this origin are not accepted."))


def address_of(request: HttpRequest) -> str | None:
    """The client's address as far as the configured proxies can be trusted."""
    return client_address(
        request.META.get("REMOTE_ADDR"), request.headers.get("X-Forwarded-For"), conf.TRUSTED_PROXY_COUNT
    )


def limit_rate(name: str, who: Any, count: float, seconds: float) -> None:
    """Raises RateLimited when ``who`` came more than ``count`` times in a window of ``seconds``."""
    key = f"livechat:rate:{name}:{hashlib.sha256(str(who).encode()).hexdigest()[:32]}"
    cache.add(key, 0, seconds)
    try:
        seen = cache.incr(key)
    except ValueError:  # It expired between the two calls: a new window.
        cache.set(key, 1, seconds)
        seen = 1
    if seen > count:
        raise RateLimited(_("Too many requests. Try again in a moment."), retry_after=seconds)


def session_of(request: HttpRequest) -> VisitorSession:
    """The visitor's session, by the token in the Authorization header. Raises Unauthorised, RateLimited."""
    bans.refuse_address(address_of(request))
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    actor = visitors.authenticate(token.strip() if scheme.lower() == "bearer" else None)
    burst, per_second = conf.COMMAND_RATE
    limit_rate("visitor", actor.visitor_id, burst + per_second * 10, 10)
    return VisitorSession(actor)


def conditional(request: HttpRequest, events: list[p.Event]) -> HttpResponse:
    """Events with an ETag of what they say, times of day aside; 304 if the client has just that."""
    said = [event.model_dump(mode="json", exclude={"time"}) for event in events]
    etag = f'"{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == etag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = answer(events)
    response["ETag"] = etag
    return response


def integer(request: HttpRequest, name: str, default: int | None = None) -> int | None:
    """A non-negative integer parameter. Raises BadInput."""
    raw = request.GET.get(name)
    if raw is None or raw == "":
        return default
    if not raw.isascii() or not raw.isdigit() or len(raw) > 12:
        raise BadInput("bad_command", f"{name}: must be a whole number", field=name)
    return int(raw)


def key_in(asked: dict[str, Any], name: str) -> int:
    """A primary key in a JSON object. Raises BadInput."""
    value = asked.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
        raise BadInput("bad_command", f"{name}: must be a whole number", field=name)
    return value


def uuid_of(raw: str, name: str) -> UUID:
    """A UUID in its usual spelling. Raises BadInput."""
    try:
        value = UUID(raw)
    except ValueError:
        value = None
    if value is None or str(value) != raw.lower():
        raise BadInput("bad_command", f"{name}: must be a UUID", field=name)
    return value


def public_answer(content: dict[str, Any]) -> HttpResponse:
    """What is the same for everybody, and may be kept by browsers and proxies for a while."""
    response = JsonResponse(content)
    patch_cache_control(response, public=True, max_age=conf.BOOT_SECONDS)
    # Public data; other origins may show it if the site's people allowed them (the embed code).
    return response


def preview_answer(content: dict[str, Any]) -> HttpResponse:
    """What is for who has the preview's pass, and kept by nobody."""
    response = JsonResponse(content)
    patch_cache_control(response, private=True, no_store=True)
    return response


def pass_in(request: HttpRequest, site: int) -> str:
    """The pass of the admin's preview of this site that came with the request; empty if none is good."""
    given = request.GET.get("preview", "")
    return given if given and launcher.is_preview_of(site, given) else ""


def site_parameter(request: HttpRequest) -> int:
    site = integer(request, "site")
    if site is None:
        raise BadInput("bad_command", "site: is missing", field="site")
    return site


@require_GET
@translate_errors
def boot(request: HttpRequest) -> HttpResponse:
    """What the loader needs to draw the launcher; the same for every visitor of a page, or of a site and language.

    With the pass of the admin's preview also while the chat is not shown, and then for nobody else.
    """
    site = site_parameter(request)
    content = launcher.boot(site, request.GET.get("lang", ""), integer(request, "page"))
    if given := pass_in(request, site):
        return preview_answer({**content, "enabled": True, "config": launcher.with_pass(content["config"], given)})
    return public_answer(content)


@require_GET
@translate_errors
def picture(request: HttpRequest) -> HttpResponse:
    """Leads to the picture of the site's state: an <img> for pages elsewhere, which needs no script."""
    response = HttpResponseRedirect(launcher.picture(site_parameter(request)))
    patch_cache_control(response, public=True, max_age=conf.BOOT_SECONDS)
    return response


@require_GET
@translate_errors
def config(request: HttpRequest) -> HttpResponse:
    """What the widget needs beyond that: limits, addresses, texts in the language. With the pass, also of the preview."""
    site = site_parameter(request)
    content = launcher.config(site, request.GET.get("lang", ""), integer(request, "page"))
    if given := pass_in(request, site):
        urls = {**content["urls"], "session": launcher.with_pass(content["urls"]["session"], given)}
        return preview_answer({**content, "urls": urls})
    return public_answer(content)


@csrf_exempt
@require_POST
@translate_errors
def auto(request: HttpRequest) -> HttpResponse:
    """An auto-message was shown or clicked. Counted without a visitor: there is none yet."""
    check_origin(request)
    limit_rate("auto", address_of(request), *conf.SESSION_RATE)
    asked = p.decode(body_of(request))
    message, what = key_in(asked, "id"), asked.get("what")
    if what not in ("shown", "clicked"):
        raise BadInput("bad_command", "what: must be shown or clicked", field="what")
    automessages.count(message, what)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
@translate_errors
def session(request: HttpRequest) -> HttpResponse:
    """A new visitor. The token is in the answer's body and nowhere else.

    With the pass of the admin's preview also while the chat is not shown; nothing can be sent then.
    """
    check_origin(request)
    bans.refuse_address(address_of(request))
    limit_rate("session", address_of(request), *conf.SESSION_RATE)
    asked = p.decode(body_of(request))
    site = key_in(asked, "site")
    visitor, token = visitors.open_session(
        site,
        language=str(p.clean_line(str(asked.get("language", ""))))[:35],
        user_agent=str(p.clean_line(request.headers.get("User-Agent", ""))),
        ip_address=address_of(request),
        is_preview=bool(pass_in(request, site)),
    )
    response = JsonResponse({"token": token, "visitor": str(visitor.uuid)}, status=201)
    patch_cache_control(response, no_store=True)
    return response


@csrf_exempt
@require_POST
@translate_errors
def commands(request: HttpRequest) -> HttpResponse:
    """One command, as on the socket."""
    check_origin(request)
    current = session_of(request)
    command = p.parse_visitor_command(body_of(request))
    mailcheck.look_up(getattr(command, "email", ""))
    return carry_out(handlers.handle_visitor, current, command)


@require_GET
@translate_errors
def events(request: HttpRequest) -> HttpResponse:
    """The snapshot, with what came after ``after`` in ``conversation``; 304 if nothing did."""
    current = session_of(request)
    sweep_now_and_then()
    visitors.renew_leases([current.actor.visitor_id])
    cursor = None
    if raw := request.GET.get("conversation"):
        cursor = p.Cursor(
            conversation=uuid_of(raw, "conversation"), after=min(integer(request, "after", 0) or 0, 2**31 - 1)
        )
    return conditional(request, handlers.handle_visitor(current, p.VisitorHello(version=p.VERSION, cursor=cursor)))


@require_GET
def socket_here(request: HttpRequest) -> HttpResponse:
    """A socket's address asked for over plain HTTP: says what to do, for people who look."""
    # Without the header Upgrade: it is between two machines on the way, and a WSGI application may not set it.
    return HttpResponse("This address speaks WebSocket.", status=426, content_type="text/plain")


def not_found(request: HttpRequest) -> HttpResponse:
    """Anything else below our prefix."""
    return refusal(NotFound(_("There is nothing here.")))
