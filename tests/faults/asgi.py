"""The example site, which kills itself (SIGKILL) once, at the point that FAULT_AT names, when a text contains FAULT_TEXT.

``before-commit``, ``after-commit`` (before any answer), ``before-answer`` (the answer is made, not sent), ``after-answer``.
FAULT_DONE is a file that says that it has happened, so that the next process lives.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from example_site.asgi import application as application

POINT = os.environ["FAULT_AT"]
TEXT = os.environ.get("FAULT_TEXT", "boom")
DONE = Path(os.environ["FAULT_DONE"])


def die_at(point: str, text: str | None) -> None:
    if point == POINT and TEXT in (text or "") and not DONE.exists():
        DONE.write_text(point)
        os.kill(os.getpid(), signal.SIGKILL)


def watch_the_database(execute: Any, sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
    """At the database's door, so that it does not matter which statements an action is made of."""
    if "INSERT" not in sql or "wagtail_livechat_entry" not in sql or TEXT not in repr(parameters):
        return execute(sql, parameters, many, context)
    connection = context["connection"]
    if connection.in_atomic_block:
        result = execute(sql, parameters, many, context)
        die_at("before-commit", TEXT)
        connection.on_commit(lambda: die_at("after-commit", TEXT))
    else:  # one statement, which commits itself
        die_at("before-commit", TEXT)
        result = execute(sql, parameters, many, context)
        die_at("after-commit", TEXT)
    return result


def inject() -> None:
    from django.db.backends.signals import connection_created

    from wagtail_livechat.consumers.base import SocketConsumer

    say = SocketConsumer._say

    def on_connection(connection: Any, **more: Any) -> None:
        if watch_the_database not in connection.execute_wrappers:
            connection.execute_wrappers.append(watch_the_database)

    async def say_or_die(self: Any, message: dict[str, Any]) -> None:
        text = message.get("text") or ""
        is_answer = '"message.posted"' in text and '"client_id"' in text
        if is_answer:
            die_at("before-answer", text)
        await say(self, message)
        if is_answer:
            die_at("after-answer", text)

    connection_created.connect(on_connection, weak=False)
    SocketConsumer._say = say_or_die  # type: ignore[method-assign]


inject()
