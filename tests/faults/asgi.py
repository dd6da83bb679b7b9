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


def inject() -> None:
    from django.db import transaction

    from wagtail_livechat.actions import timeline
    from wagtail_livechat.consumers.base import SocketConsumer

    append, say = timeline.append, SocketConsumer._say

    def append_or_die(conversation: Any, **fields: Any) -> Any:
        transaction.on_commit(lambda: die_at("after-commit", fields.get("body")))
        entry = append(conversation, **fields)
        die_at("before-commit", fields.get("body"))
        return entry

    async def say_or_die(self: Any, message: dict[str, Any]) -> None:
        text = message.get("text") or ""
        is_answer = '"message.posted"' in text and '"client_id"' in text
        if is_answer:
            die_at("before-answer", text)
        await say(self, message)
        if is_answer:
            die_at("after-answer", text)

    timeline.append = append_or_die
    SocketConsumer._say = say_or_die  # type: ignore[method-assign]


inject()
