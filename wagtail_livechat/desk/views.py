"""The desk's page: it carries the configuration; all else comes over the wire."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import check_for_language, get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from wagtail.admin.icons import get_icons
from wagtail.models import Site

from .. import drafts
from ..actions.presence import ensure_operator
from ..conf import conf
from ..exceptions import Forbidden
from ..models import LiveChatSettings, Operator
from ..permissions import OperatorActor, may
from .texts import desk_texts, presence_texts


def socket_url() -> str:
    """Where operators' sockets connect to; empty (then HTTP serves) where the site's URLs do not include it."""
    try:
        return reverse("wagtail_livechat:ws_operator")
    except NoReverseMatch:
        return ""


def door_urls() -> dict[str, str]:
    """The addresses that both clients talk to."""
    # What is refused is said in the language of the page, which no command tells.
    language = urlencode({"lang": get_language() or "en"})
    socket = socket_url()
    return {
        "socket": socket and f"{socket}?{language}",
        "commands": f"{reverse('wagtail_livechat_desk:commands')}?{language}",
        "events": reverse("wagtail_livechat_desk:events"),
        "desk": reverse("wagtail_livechat_desk:desk"),
        "login": reverse("wagtailadmin_login"),
    }


def presence_config() -> dict[str, Any]:
    """What the presence client needs; the same for every user (the sidebar's markup says whether they answer)."""
    return {"urls": door_urls(), "language": get_language() or "en", "texts": presence_texts()}


def language_for(request: HttpRequest) -> str:
    """The one of the user's account, which Wagtail has made the active one; else the site's for its desk; else the active one."""
    profile = getattr(request.user, "wagtail_userprofile", None)
    active = get_language() or "en"
    if profile is not None and profile.preferred_language:
        return active
    site = Site.find_for_request(request)
    chosen = LiveChatSettings.of(site.pk).admin_language if site else ""
    return chosen if chosen and check_for_language(chosen) else active


@require_GET
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    try:
        actor = ensure_operator(request.user)
    except Forbidden as error:
        raise PermissionDenied(str(error)) from error
    with override(language_for(request)):
        return _desk(request, actor)


def _desk(request: HttpRequest, actor: OperatorActor) -> HttpResponse:
    record_url = ""
    if may(request.user, "see_history"):
        record_url = reverse("wagtail_livechat_desk:record", args=["0"]).replace("/0/", "/{case}/")
    upload = f"{reverse('wagtail_livechat_desk:upload')}?{urlencode({'lang': get_language() or 'en'})}"
    alerts = Operator.objects.get(pk=actor.operator_id).alerts.split()
    config = {
        "urls": {**door_urls(), "record": record_url, "upload": upload},
        "operator": actor.operator_id,
        "mayBan": actor.may_ban,
        "mayDraft": actor.may_draft and drafts.provider() is not None,
        "prefs": {"sound": "sound" in alerts, "notify": "notify" in alerts},
        "maxLength": conf.OPERATOR_MESSAGE_MAX_LENGTH,
        "csrf": {"header": "X-CSRFToken", "token": get_token(request)},
        "language": get_language() or "en",
        "texts": desk_texts(),
    }
    # Wagtail's own script puts the sprite in place with innerHTML, which Trusted Types refuse; here it is in the page.
    # The markup comes from templates, not from people.
    icons = mark_safe(get_icons())  # noqa: S308
    return render(request, "wagtail_livechat/desk.html", {"config": config, "icons": icons})
