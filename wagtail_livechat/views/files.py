"""Doors for files: up with a multipart body, down as a download that no browser runs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.signing import BadSignature
from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from .. import filelinks, handlers
from ..actions import bans
from ..exceptions import BadFile, BadInput, Forbidden, NotFound
from ..handlers import OperatorSession, VisitorSession
from ..models import Attachment, Visitor
from ..permissions import OperatorActor, operator_actor, visible_conversations
from ..veils import veil_for
from .visitor import (
    address_of,
    answer,
    check_origin,
    content_length,
    in_asked_language,
    limit_rate,
    session_of,
    translate_errors,
    uuid_of,
)

MOST_BYTES = 51_000_000
"""Of a request, whatever a site allows: more is not even read."""
FILE_RATE = (30, 600)


def _taken(request: HttpRequest, session: VisitorSession | OperatorSession) -> HttpResponse:
    if content_length(request) > MOST_BYTES:
        raise BadFile("too_large")
    if request.content_type != "multipart/form-data":
        raise BadInput("bad_command", "Send a form with a file.")
    file = request.FILES.get("file")
    if file is None or len(request.FILES) != 1:
        raise BadInput("bad_command", "file: is missing", field="file")
    if file.size is None or file.size > MOST_BYTES:
        raise BadFile("too_large")
    events = handlers.post_file(
        session,
        uuid_of(request.POST.get("conversation", ""), "conversation"),
        name=file.name or "",
        content=file.read(),
        client_id=uuid_of(request.POST.get("client_id", ""), "client_id"),
    )
    return answer(events, 201)


@csrf_exempt
@require_POST
@translate_errors
def visitor_upload(request: HttpRequest) -> HttpResponse:
    """A visitor's file. The answer is that to a posted message."""
    check_origin(request)
    session = session_of(request)
    limit_rate("file", session.actor.visitor_id, *FILE_RATE)
    return _taken(request, session)


@require_POST
@in_asked_language
@translate_errors
def operator_upload(request: HttpRequest) -> HttpResponse:
    """An operator's file. Protected by Django's CSRF middleware."""
    return _taken(request, OperatorSession(operator_actor(request.user)))


def _given(file: str, whose: Q, reader: OperatorActor | None = None) -> Any:
    found = Attachment.objects.filter(whose, uuid=file).select_related("conversation").first()
    if found is None:
        raise NotFound(_("There is no such file."))
    try:
        opened = found.file.open("rb")
    except OSError as error:
        raise NotFound(_("There is no such file.")) from error
    # The name is the visitor's text, as hidden here as it is on the desk.
    name = veil_for(reader, found.conversation.site_id).text(found.name) if reader else found.name
    response = FileResponse(opened, as_attachment=True, filename=name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    patch_cache_control(response, private=True, max_age=86_400)
    return response


@require_GET
@translate_errors
def visitor_file(request: HttpRequest, file: UUID) -> Any:
    """A file to the visitor in whose conversation it is, by the signature in the address that they were given."""
    bans.refuse_address(address_of(request))
    try:
        visitor_id = filelinks.visitor_of(str(file), request.GET.get("s", ""))
    except BadSignature as error:
        raise NotFound(_("There is no such file.")) from error
    # Banned or erased since: the address is worth nothing.
    if not Visitor.objects.filter(pk=visitor_id, revoked_at__isnull=True).exists():
        raise NotFound(_("There is no such file."))
    return _given(str(file), Q(conversation__visitor=visitor_id))


@require_GET
@translate_errors
def operator_file(request: HttpRequest, file: UUID) -> Any:
    """A file to an operator who may look at its conversation."""
    try:
        actor = operator_actor(request.user)
    except Forbidden as error:
        raise NotFound(_("There is no such file.")) from error
    return _given(str(file), Q(conversation__in=visible_conversations(actor)), actor)
