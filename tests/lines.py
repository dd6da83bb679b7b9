"""A connection without a wire: the real consumers, driven by hand, one step at a time.

What a socket does in its event loop and its threads happens here at once and when the test says so, so a test decides
which hint is lost, doubled or late. Events come out as dicts, just as they would be parsed from the wire.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import TestCase
from django.utils import timezone

from tests.factories import actor_of
from wagtail_livechat import broadcast, handlers, snapshots
from wagtail_livechat import protocol as p
from wagtail_livechat.broadcast import Hint
from wagtail_livechat.consumers import operator as operator_consumer
from wagtail_livechat.consumers import visitor as visitor_consumer
from wagtail_livechat.consumers.operator import OperatorConsumer
from wagtail_livechat.consumers.visitor import VisitorConsumer
from wagtail_livechat.exceptions import LiveChatError
from wagtail_livechat.models import Operator

Json = dict[str, Any]


@contextmanager
def committing() -> Iterator[list[Hint]]:
    """What is done in this block is committed at its end; the hints that this announces are in the list then."""
    with broadcast.collecting() as hints:
        if connection.in_atomic_block:  # A test's own transaction: its savepoint stands for a commit.
            with TestCase.captureOnCommitCallbacks(execute=True):
                yield hints
        else:
            yield hints


class _NoLayer:
    async def group_add(self, group: str, channel: str) -> None:
        """Which groups a consumer is in, it knows itself."""

    async def group_discard(self, group: str, channel: str) -> None:
        pass


async def _here(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)


def _now(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of a coroutine that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise AssertionError("A consumer waited for something other than the database and the channel layer.")


class Line:
    """One connection of one person."""

    consumer: Any

    def __init__(self, consumer: Any) -> None:
        self.announced: list[Hint] = []
        """What this line's own doings announced: to be given to everyone's lines (this one too)."""
        self._told: list[p.Event] = []
        consumer.channel_layer, consumer.channel_name = _NoLayer(), "here"
        consumer.tell = self._tell
        consumer.wake = lambda: None  # The test says when to look.
        self.consumer = consumer

    async def _tell(self, *events: p.Event) -> None:
        self._told += events

    def _do(self, *steps: Callable[[], Coroutine[Any, Any, Any]]) -> list[Json]:
        with (
            patch.object(visitor_consumer, "in_database", _here),
            patch.object(operator_consumer, "in_database", _here),
            committing() as hints,
        ):
            for step in steps:
                _now(step())
        self.announced += hints
        told, self._told = self._told, []
        return [json.loads(p.encode(event)) for event in told]

    def command(self, command: Json) -> list[Json]:
        """Send a command. The answers, a refusal among them."""

        async def obey() -> None:
            try:
                parsed = self.consumer.parse(json.dumps(command))
                if isinstance(parsed, self.consumer.hello_type):
                    await self.consumer.hello(parsed)
                else:
                    await self.consumer.tell(*await self.consumer.obey(parsed))
            except LiveChatError as error:
                await self.consumer.tell(handlers.error_event(error, command.get("ref")))

        return self._do(obey)

    def hear(self, hints: Iterable[Hint]) -> list[Json]:
        """Receive hints (those of groups that this line is not in pass by); the events that come of it."""
        for hint in hints:
            if hint.group in self.consumer.groups and self.consumer.session is not None:
                self.consumer.note(hint.message())
        return self.look()

    def look(self) -> list[Json]:
        """Look at whatever was noted, as a consumer does when it has the time."""
        events: list[Json] = []
        while self.consumer.has_noted():
            events += self._do(self.consumer.flush)
        return events

    def heartbeat(self) -> list[Json]:
        """What every heartbeat brings: the heads, and what was missed."""
        heads = snapshots.heads(self.consumer.heads_wanted())
        _now(self._tell(p.Heartbeat(time=timezone.now(), heads=heads)))
        self._heal()
        return self._do() + self.look()

    def _heal(self) -> None:
        raise NotImplementedError

    def take_announced(self) -> list[Hint]:
        hints, self.announced = self.announced, []
        return hints


class VisitorLine(Line):
    """A visitor's tab. Whose it is, the token in the hello says."""

    def __init__(self) -> None:
        super().__init__(VisitorConsumer())

    def _heal(self) -> None:
        (kinds,) = handlers.behind([self.consumer.session])
        for kind in kinds:
            self.consumer.note({"kind": kind})


class OperatorLine(Line):
    """An operator's desk."""

    def __init__(self, operator: Operator) -> None:
        super().__init__(OperatorConsumer())
        self.operator = operator
        self.consumer._session_key = lambda: None

    def _do(self, *steps: Callable[[], Coroutine[Any, Any, Any]]) -> list[Json]:
        # Signed in, without a session in the database.
        with patch.object(operator_consumer, "operator_of_session", lambda key: actor_of(self.operator)):
            return super()._do(*steps)

    def _heal(self) -> None:
        self.consumer.note({"kind": "all"})
