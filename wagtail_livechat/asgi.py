"""The ASGI door: a project's own application, with our sockets beside it."""

from __future__ import annotations

import functools
import gc
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from django.urls import Resolver404, resolve

logger = logging.getLogger("wagtail_livechat")

DEFAULT_SWITCH_SECONDS = 0.005
SWITCH_SECONDS = 0.001

Application = Callable[[Any, Any, Any], Awaitable[None]]


@functools.cache
def _settle() -> None:
    """Two habits of the interpreter that a person who waits for a message would notice. Done once, at the first socket.

    The garbage collector is spared what stays for as long as the process does (modules, models, the URLconf, Wagtail's
    admin): walking through it stops every thread for about a tenth of a second, again and again under load. What is made
    later is collected as before.

    And a thread that computes lets the event loop in after 1 ms, not 5: a message crosses from loop to database thread and
    back several times. Whoever chose another interval keeps theirs.
    """
    gc.collect()
    gc.freeze()
    if sys.getswitchinterval() == DEFAULT_SWITCH_SECONDS:
        sys.setswitchinterval(SWITCH_SECONDS)


def livechat_application(django_application: Application) -> Application:
    """``django_application`` for everything but our two sockets.

    Sockets are found through Django's own URLconf, so they are wherever the project included ``wagtail_livechat.urls``.
    An application that speaks WebSocket itself goes on doing so: what is not ours is passed on if it is not Django's own
    handler, which cannot take it, and refused otherwise.
    """
    from django.core.handlers.asgi import ASGIHandler

    from .consumers.operator import OperatorConsumer
    from .consumers.visitor import VisitorConsumer

    sockets = {
        "wagtail_livechat:ws_visitor": VisitorConsumer.as_asgi(),
        "wagtail_livechat:ws_operator": OperatorConsumer.as_asgi(),
    }

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            await django_application(scope, receive, send)
            return
        try:
            name = resolve(scope["path"]).view_name
        except Resolver404:
            name = ""
        if name in sockets:
            _settle()
            await sockets[name](scope, receive, send)
        elif isinstance(django_application, ASGIHandler):
            await receive()
            await send({"type": "websocket.close", "code": 1000})
        else:
            await django_application(scope, receive, send)

    application.is_livechat = True  # type: ignore[attr-defined]  # The system check looks for it.
    return application
