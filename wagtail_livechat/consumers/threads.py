"""The threads in which sockets reach the database.

Consumers never use the asynchronous ORM: only here are connections closed that died or grew old, so only this recovers
when the database was restarted. It is what channels.db.database_sync_to_async does, with two differences: no copy of the
caller's context, and a connection that answered a moment ago is not asked whether it is alive (CONN_HEALTH_CHECKS) before
every command, which would be one more round trip for each.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import close_old_connections, connection, connections

from .. import broadcast
from ..conf import conf
from ..exceptions import LiveChatError

TRUSTED_SECONDS = 1.0
"""How long a connection that did its work is taken for alive."""

_pool: ThreadPoolExecutor | None = None
_thread = threading.local()


def _threads() -> ThreadPoolExecutor:
    global _pool
    if _pool is None:
        # SQLite has one writer: more threads would only wait for each other in its lock's sleep.
        count = conf.DATABASE_THREADS or (1 if connection.vendor == "sqlite" else 8)
        _pool = ThreadPoolExecutor(max_workers=count, thread_name_prefix="livechat-db")
    return _pool


def _prepare_connections() -> None:
    if time.monotonic() - getattr(_thread, "worked_at", 0.0) > TRUSTED_SECONDS:
        close_old_connections()
        return
    for each in connections.all(initialized_only=True):
        each.health_check_done = True  # type: ignore[attr-defined]


def _run(function: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, list[broadcast.Hint], Exception | None]:
    _prepare_connections()
    worked = False
    result: Any = None
    refused: LiveChatError | None = None
    try:
        with broadcast.collecting() as hints:
            try:
                result = function(*args)
            except LiveChatError as error:
                refused = error
        worked = True
        return result, hints, refused
    finally:
        # After a failure the next command looks whether the connection is alive.
        _thread.worked_at = time.monotonic() if worked else 0.0
        close_old_connections()


async def in_database(function: Callable[..., Any], *args: Any) -> Any:
    """Run ``function`` in a database thread; what it announced is on its way when this returns."""
    loop = asyncio.get_running_loop()
    result, hints, error = await loop.run_in_executor(_threads(), _run, function, args)
    if hints:
        broadcast.send_soon(hints)
    if error is not None:
        raise error
    return result
