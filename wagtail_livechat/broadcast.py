"""From a committed fact to everyone who should look again. The only place that sends on the channel layer.

What travels is a *hint*: which conversation, which ``seq``. No text, no name. Whoever receives one reads the database with
their own rights. A hint may be lost or doubled and nothing breaks: the heartbeat carries the head of every timeline.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

logger = logging.getLogger("wagtail_livechat")

MESSAGE_TYPE = "livechat.hint"
DESK = "livechat.desk"
"""Everyone with an operator's socket."""


def visitor_group(visitor_id: int | None) -> str:
    """All that happens in a visitor's conversations; the visitor's tabs and the operators who follow are in it.

    Of a case there always is one; what colleagues write has none, and is announced with ``team_changed``.
    One group serves both, since a visitor has one open conversation: a message costs one publication.
    """
    return f"livechat.v.{visitor_id}"


def operator_group(operator_id: int) -> str:
    return f"livechat.o.{operator_id}"


def site_group(site_id: int) -> str:
    return f"livechat.s.{site_id}"


@dataclass(frozen=True, slots=True)
class Hint:
    group: str
    kind: str
    """``entry``, ``conversation``, ``receipt``, ``offer``, ``presence``, ``departments``, ``library``, ``team``, ``site``,
    ``typing`` or ``recheck``."""
    data: dict[str, Any] = field(default_factory=dict)

    def message(self) -> dict[str, Any]:
        return {"type": MESSAGE_TYPE, "kind": self.kind, **self.data}


_collector: ContextVar[list[Hint] | None] = ContextVar("livechat_hints", default=None)


@contextmanager
def collecting() -> Iterator[list[Hint]]:
    """Within this block committed hints are gathered instead of sent: a socket's door sends them from its event loop."""
    hints: list[Hint] = []
    token = _collector.set(hints)
    try:
        yield hints
    finally:
        _collector.reset(token)


def emit(*hints: Hint) -> None:
    """Send hints once the current transaction has committed; at once where there is none."""
    transaction.on_commit(lambda: _deliver(hints), robust=True)


def _deliver(hints: tuple[Hint, ...]) -> None:
    gathered = _collector.get()
    if gathered is not None:
        gathered.extend(hints)
        return
    try:
        async_to_sync(send)(list(hints))
    except Exception:  # The fact is stored; whoever missed the hint learns of it with the next heartbeat.
        logger.warning("Live chat could not announce a change; clients catch up by themselves.", exc_info=True)


async def probe(seconds: float = 2.0) -> float:
    """Send ourselves something by the channel layer, and return how long it took. Raises what the layer raises, TimeoutError."""
    layer = get_channel_layer()
    if layer is None:
        raise LookupError("There is no channel layer.")
    began = time.monotonic()
    async with asyncio.timeout(seconds):
        channel = await layer.new_channel()
        await layer.send(channel, {"type": "livechat.probe"})
        await layer.receive(channel)
    return time.monotonic() - began


async def send(hints: Iterable[Hint]) -> None:
    """Publish hints. Failures are logged, never raised."""
    layer = get_channel_layer()
    if layer is None:
        return
    for hint in _without_older(hints).values():
        try:
            await layer.group_send(hint.group, hint.message())
        except Exception:
            logger.warning("Live chat could not publish a hint; clients catch up by themselves.", exc_info=True)
            return


_Key = tuple[Any, ...]


def _without_older(hints: Iterable[Hint], kept: dict[_Key, Hint] | None = None) -> dict[_Key, Hint]:
    """Of hints to look at the same thing one is enough: that with the highest ``seq``, else the last."""
    kept = {} if kept is None else kept
    for hint in hints:
        data = hint.data
        key = (hint.group, hint.kind, *(data.get(name) for name in ("conversation", "offer", "operator", "unread")))
        if key not in kept or data.get("seq", 0) >= kept[key].data.get("seq", 0):
            kept[key] = hint
    return kept


class _Publisher:
    """Hints on their way from an event loop to its layer.

    A Redis layer publishes one message after the other, each with a wait for the answer. Whoever stored something does
    not stand in that line: their acknowledgement needs the commit, not the hint. What waits is merged, so a slow layer
    costs a slow hint, and not memory.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._waiting: dict[_Key, Hint] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, hints: Iterable[Hint]) -> None:
        _without_older(hints, self._waiting)
        if self._task is None or self._task.done():
            self._task = self.loop.create_task(self._publish())

    async def _publish(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, {}
            await send(batch.values())


_publisher: _Publisher | None = None


def send_soon(hints: Iterable[Hint]) -> None:
    """Publish hints from the running event loop without waiting for it."""
    global _publisher
    loop = asyncio.get_running_loop()
    if _publisher is None or _publisher.loop is not loop:
        _publisher = _Publisher(loop)
    _publisher.add(hints)


# ------------------------------------------------------------------------------------ what is announced


def entry_posted(conversation: UUID, visitor_id: int | None, seq: int) -> None:
    emit(Hint(visitor_group(visitor_id), "entry", {"conversation": conversation.hex, "seq": seq}))


def receipts_changed(conversation: UUID, visitor_id: int, *, operator_id: int | None, unread: bool) -> None:
    """A side has got further: those who follow may look. ``unread``: this operator's own count of unread entries fell."""
    data = {"conversation": conversation.hex, "operator": operator_id or 0, "unread": unread}
    emit(Hint(visitor_group(visitor_id), "receipt", data))


def conversation_changed(conversation: UUID, visitor_id: int | None) -> None:
    """State other than the timeline, for those who follow it and for everybody's lists."""
    data = {"conversation": conversation.hex}
    emit(Hint(visitor_group(visitor_id), "conversation", data), Hint(DESK, "conversation", data))


def offer_changed(offer_id: int, conversation: UUID) -> None:
    emit(Hint(DESK, "offer", {"offer": offer_id, "conversation": conversation.hex}))


def presence_changed(operator_id: int) -> None:
    emit(Hint(DESK, "presence", {"operator": operator_id}))


def departments_changed() -> None:
    """A department was opened, renamed, moved or closed."""
    emit(Hint(DESK, "departments", {}))


def library_changed() -> None:
    """Quick replies, wrap-up reasons or tags are others now."""
    emit(Hint(DESK, "library", {}))


def site_changed(site_id: int) -> None:
    emit(Hint(site_group(site_id), "site", {}))


def typing_changed(conversation: UUID, visitor_id: int, *, operator_id: int | None, active: bool) -> None:
    emit(
        Hint(
            visitor_group(visitor_id),
            "typing",
            {"conversation": conversation.hex, "operator": operator_id or 0, "active": active},
        )
    )


def team_changed(conversation: UUID, operators: Iterable[int], seq: int = 0) -> None:
    """What these colleagues write to each other. ``seq`` of a new entry.

    Their own groups serve: every connection of theirs is in one, and nobody else's is.
    """
    data = {"conversation": conversation.hex, "seq": seq}
    emit(*(Hint(operator_group(pk), "team", data) for pk in operators))


def team_typing(conversation: UUID, operators: Iterable[int], *, operator_id: int, active: bool) -> None:
    data = {"conversation": conversation.hex, "operator": operator_id, "active": active, "team": True}
    emit(*(Hint(operator_group(pk), "typing", data) for pk in operators))


def recheck_operator(operator_id: int) -> None:
    """Their rights may have changed: look now rather than at the next look."""
    emit(Hint(operator_group(operator_id), "recheck", {}))


def recheck_visitor(visitor_id: int) -> None:
    emit(Hint(visitor_group(visitor_id), "recheck", {}))
