"""The operator's doors over HTTP, mounted in the Wagtail admin: the same commands and events as the socket."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from .. import handlers
from .. import protocol as p
from ..actions import presence
from ..actions.sweep import sweep_now_and_then
from ..exceptions import BadInput
from ..handlers import OperatorSession
from ..permissions import operator_actor
from .visitor import body_of, carry_out, conditional, in_asked_language, translate_errors, uuid_of


def _session(request: HttpRequest) -> OperatorSession:
    return OperatorSession(operator_actor(request.user))


@require_POST
@in_asked_language
@translate_errors
def operator_commands(request: HttpRequest) -> HttpResponse:
    """One command, as on the socket. Protected by Django's CSRF middleware."""
    session = _session(request)
    return carry_out(handlers.handle_operator, session, p.parse_operator_command(body_of(request)))


@require_GET
@translate_errors
def operator_events(request: HttpRequest) -> HttpResponse:
    """The snapshot, with what came after each ``cursor`` (``<uuid>:<after>``, repeated); 304 if nothing did."""
    session = _session(request)
    sweep_now_and_then()
    presence.renew_leases([session.actor.operator_id])
    surface: Any = "presence" if request.GET.get("surface") == "presence" else "desk"
    hello = p.OperatorHello(version=p.VERSION, surface=surface, cursors=list(_cursors(request)))
    return conditional(request, handlers.handle_operator(session, hello))


def _cursors(request: HttpRequest) -> list[p.Cursor]:
    raw = request.GET.getlist("cursor")
    if len(raw) > 50:
        raise BadInput("bad_command", "cursor: at most 50", field="cursor")
    cursors = []
    for value in raw:
        conversation, _, after = value.partition(":")
        if not after.isascii() or not after.isdigit() or len(after) > 9:
            raise BadInput("bad_command", "cursor: must be <uuid>:<number>", field="cursor")
        identity: UUID = uuid_of(conversation, "cursor")
        cursors.append(p.Cursor(conversation=identity, after=int(after)))
    return cursors
