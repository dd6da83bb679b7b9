"""The chat on pages that the CMS does not make: who may frame it, under which policy, and the code to paste there.

Such a page gets a frame, not CORS: what happens in the chat stays between us and the visitor. The page's own scripts cannot
read it, its policy need not let ours in, and every request is one of our own origin, so all doors hold as they are.
"""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.models import Site

from .addresses import origin_of
from .conf import conf
from .models import LiveChatSettings

ANCHOR = "#livechat"
"""At the end of a page's address: opens the chat there."""


def may_frame(site_id: int, origin: str) -> bool:
    """Whether pages of ``origin`` may show this site's chat: listed by the site's people, or by who runs the server."""
    given = origin_of(origin)
    if given is None:
        return False
    listed = [*LiveChatSettings.of(site_id).origins, *conf.ALLOWED_ORIGINS]
    return given in {origin_of(one) for one in listed}


def policy(host: str, is_secure: bool, ancestor: str | None) -> str:
    """The Content-Security-Policy of the frame. ``ancestor``: the one origin that may show it; None: none may."""
    if ancestor is None:
        return "default-src 'none'; frame-ancestors 'none'"
    ours = " ".join(["'self'", *_elsewhere(settings.STATIC_URL, settings.MEDIA_URL)])
    socket = f"{'wss' if is_secure else 'ws'}://{host}"
    rules = [
        "default-src 'none'",
        f"script-src {ours}",
        f"style-src {ours}",
        f"img-src {ours} data: blob:",
        f"media-src {ours}",
        f"font-src {ours}",
        # Browsers that do not take a socket for 'self' need it named.
        f"connect-src 'self' {socket}",
        "base-uri 'none'",
        "form-action 'none'",
        f"frame-ancestors {ancestor}",
    ]
    if not _elsewhere(settings.STATIC_URL):
        # A script that lies on another host may have to be fetched by an element of its own.
        rules.append("require-trusted-types-for 'script'")
    return "; ".join(rules)


def _elsewhere(*urls: str | None) -> list[str]:
    """The origins of addresses that lie on another host."""
    found = (
        origin_of(f"{parts.scheme or 'https'}://{parts.netloc}")
        for parts in map(urlsplit, filter(None, urls))
        if parts.netloc
    )
    return sorted({origin for origin in found if origin})


def codes(site: Site) -> dict[str, Any]:
    """What people copy into pages elsewhere, and what those pages' policies have to allow."""
    root = site.root_url.rstrip("/")
    chosen = LiveChatSettings.of(site.pk)
    # Plain strings: templates escape them, so that they are shown and not obeyed.
    script = f'<script async src="{root}{reverse("wagtail_livechat:embed")}" data-site="{site.pk}"></script>'
    picture = (
        f'<a href="{root}/{ANCHOR}"><img src="{root}{reverse("wagtail_livechat:picture")}?site={site.pk}"'
        f' alt="{html.escape(chosen.label or gettext("Chat with us"))}"></a>'
    )
    return {
        "script": script,
        "picture": picture,
        "policy": f"script-src {root}; frame-src {root}",
        "origins": chosen.origins,
    }
