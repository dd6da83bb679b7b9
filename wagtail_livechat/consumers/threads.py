"""The threads in which sockets reach the database.

Consumers never use the asynchronous ORM: only database_sync_to_async closes connections that died, so only it recovers
when the database was restarted.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from channels.db import DatabaseSyncToAsync
from django.db import connection

from .. import broadcast
from ..conf import conf
from ..exceptions import LiveChatError

_pool: ThreadPoolExecutor | None = None


def _threads() -> ThreadPoolExecutor:
    global _pool
    if _pool is None:
        # SQLite has one writer: more threads would only wait for each other in its lock's sleep.
        count = conf.DATABASE_THREADS or (1 if connection.vendor == "sqlite" else 8)
        _pool = ThreadPoolExecutor(max_workers=count, thread_name_prefix="livechat-db")
    return _pool


def _collected(
    function: Callable[..., Any], args: tuple[Any, ...]
) -> tuple[Any, list[broadcast.Hint], Exception | None]:
    with broadcast.collecting() as hints:
        try:
            return function(*args), hints, None
        except LiveChatError as error:
            return None, hints, error


async def in_database(function: Callable[..., Any], *args: Any) -> Any:
    """Run ``function`` in a database thread; what it announced is on its way when this returns."""
    run = DatabaseSyncToAsync(_collected, thread_sensitive=False, executor=_threads())
    result, hints, error = await run(function, args)
    if hints:
        broadcast.send_soon(hints)
    if error is not None:
        raise error
    return result
