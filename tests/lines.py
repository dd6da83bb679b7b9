"""A connection without a wire: the consumers' own handlers, sessions and reading functions, called by hand.

What a socket does in its event loop (join groups, note hints, look, tell) happens here when the test says so, so a test
decides which hint is lost, doubled or late. Events come out as dicts, just as they would be parsed from the wire.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import TestCase

from tests.factories import actor_of, visitor_actor
from wagtail_livechat import broadcast, handlers
from wagtail_livechat import protocol as p
from wagtail_livechat.broadcast import Hint
from wagtail_livechat.consumers import operator as operator_consumer
from wagtail_livechat.consumers.operator import OperatorConsumer
from wagtail_livechat.consumers.visitor import VisitorConsumer
from wagtail_livechat.exceptions import LiveChatError
from wagtail_livechat.models import Operator, Visitor

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


def as_json(events: Iterable[p.Event]) -> list[Json]:
    return [json.loads(p.encode(event)) for event in events]


class Line:
    """One connection of one person."""

    def __init__(self) -> None:
        self.sent_hints: list[Hint] = []
        """What the person's own commands announced, to be given to everyone's lines (also this one)."""

    @property
    def groups(self) -> set[str]:
        raise NotImplementedError

    def command(self, command: Json) -> list[Json]:
        """Send a command; the answers. What it announced is in ``sent_hints``."""
        raw = json.dumps(command)
        events: list[p.Event]
        with committing() as hints:
            try:
                events = self._obey(raw)
            except LiveChatError as error:
                events = [handlers.error_event(error, command.get("ref"))]
        self.sent_hints += hints
        return as_json(events)

    def _obey(self, raw: str) -> list[p.Event]:
        raise NotImplementedError

    def hear(self, hints: Iterable[Hint]) -> list[Json]:
        """Receive hints (those of groups that this line is not in pass by); the events that come of it."""
        for hint in hints:
            if hint.group in self.groups:
                self._note(hint.message())
        return self.look()

    def _note(self, message: Json) -> None:
        raise NotImplementedError

    def look(self) -> list[Json]:
        """Look at what was noted, as a consumer's flush does."""
        raise NotImplementedError


class VisitorLine(Line):
    """A visitor's tab."""

    def __init__(self, visitor: Visitor) -> None:
        super().__init__()
        self.visitor = visitor
        self.consumer = VisitorConsumer()
        self.consumer.session = handlers.VisitorSession(visitor_actor(visitor))

    @property
    def session(self) -> handlers.VisitorSession:
        assert self.consumer.session is not None
        return self.consumer.session

    @property
    def groups(self) -> set[str]:
        return {broadcast.visitor_group(self.visitor.pk), broadcast.site_group(self.visitor.site_id)}

    def _obey(self, raw: str) -> list[p.Event]:
        return handlers.handle_visitor(self.session, p.parse_visitor_command(raw))

    def _note(self, message: Json) -> None:
        self.consumer.note(message)

    def look(self) -> list[Json]:
        noted, self.consumer._noted = self.consumer._noted, set()
        with committing():
            return as_json(self.consumer._read(noted))


class OperatorLine(Line):
    """An operator's desk."""

    def __init__(self, operator: Operator) -> None:
        super().__init__()
        self.operator = operator
        self.consumer = OperatorConsumer()
        self.consumer.session = handlers.OperatorSession(actor_of(operator))

    @property
    def session(self) -> handlers.OperatorSession:
        assert self.consumer.session is not None
        return self.consumer.session

    @property
    def groups(self) -> set[str]:
        followed = {broadcast.visitor_group(visitor_id) for visitor_id in self.session.following.values()}
        return {broadcast.DESK, broadcast.operator_group(self.operator.pk), *followed}

    def _obey(self, raw: str) -> list[p.Event]:
        command = p.parse_operator_command(raw)
        session = self.session
        if isinstance(command, p.OperatorHello):
            # Join, then read.
            cursors = {cursor.conversation: cursor.after for cursor in command.cursors}
            session.following = handlers.operator_groups(session.actor, cursors)
        before = dict(session.following)
        try:
            return handlers.handle_operator(session, command)
        finally:
            # Joined after reading: what came in between is looked for at the next look.
            self.consumer._entries |= session.following.keys() - before.keys()

    def _note(self, message: Json) -> None:
        self.consumer.note(message)

    def look(self) -> list[Json]:
        events: list[Json] = []
        consumer = self.consumer
        while consumer.has_noted():
            work = (consumer._entries, consumer._conversations, consumer._offers, consumer._operators)
            typing, consumer._typing = consumer._typing, {}
            consumer._entries, consumer._conversations, consumer._offers, consumer._operators = set(), set(), {}, set()
            before = dict(self.session.following)
            with committing():
                events += as_json(operator_consumer._read(self.session, *work))
            events += as_json(
                p.TypingChanged(conversation=conversation, party="visitor", active=active)
                for conversation, active in typing.items()
            )
            consumer._entries |= self.session.following.keys() - before.keys()
        return events
