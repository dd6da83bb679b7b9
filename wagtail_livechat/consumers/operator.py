"""The operator's socket: the desk, and the small presence client on every other admin page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import parse_cookie
from django.utils.translation import gettext_lazy as _

from .. import broadcast, handlers
from .. import protocol as p
from ..exceptions import Unauthorised
from ..handlers import OperatorSession
from ..permissions import OperatorActor
from ..sessions import operator_of_session
from .base import CLOSE_RESTART, SocketConsumer
from .threads import in_database


class OperatorConsumer(SocketConsumer):
    hello_type = p.OperatorHello

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._entries: set[UUID] = set()
        self._conversations: set[UUID] = set()
        self._offers: dict[int, UUID] = {}
        self._operators: set[int] = set()
        self._typing: dict[tuple[UUID, int], bool] = {}
        self._team: set[UUID] = set()
        self._departments = False
        self._library = False
        self._all = False

    def parse(self, raw: str | bytes) -> Any:
        return p.parse_operator_command(raw)

    def _session_key(self) -> str | None:
        for name, value in self.scope.get("headers", []):
            if name.lower() == b"cookie":
                return parse_cookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
        return None

    async def hello(self, command: p.OperatorHello) -> None:
        actor: OperatorActor = await in_database(operator_of_session, self._session_key())
        session = OperatorSession(actor)
        # Join, then read. The conversations to follow have to be known before they can be joined; one that is taken in
        # between is announced to the desk group, which was joined first.
        await self.join(broadcast.DESK, broadcast.operator_group(actor.operator_id))
        cursors = {cursor.conversation: cursor.after for cursor in command.cursors}
        session.following = await in_database(handlers.operator_groups, actor, cursors)
        await self._follow(session)
        events = await in_database(handlers.operator_hello, session, command)
        self.session = session
        await self.tell(*events)

    async def recheck(self) -> None:
        """Raises Unauthorised or Forbidden if this operator may no longer be here."""
        actor = await in_database(operator_of_session, self._session_key())
        if self.session is None or actor.operator_id != self.session.actor.operator_id:
            raise Unauthorised(_("Somebody else has signed in. Reload the page."))
        if actor != self.session.actor:
            # Other departments or rights. The client comes back by itself, and its hello tells it all anew.
            await self.close(CLOSE_RESTART)

    async def _follow(self, session: OperatorSession) -> None:
        wanted = {broadcast.visitor_group(visitor_id) for visitor_id in session.following.values()}
        here = {group for group in self.groups if group.startswith("livechat.v.")}
        await self.join(*(wanted - here))
        await self.leave(*(here - wanted))

    async def obey(self, command: Any) -> list[p.Event]:
        session: OperatorSession = self.known()
        before = dict(session.following)
        try:
            return await in_database(handlers.handle_operator, session, command)
        finally:
            if session.following != before:
                await self._follow(session)
                # Joined after reading: look once more for what came in between.
                self._entries |= session.following.keys() - before.keys()
                self.wake_if_noted()

    def wake_if_noted(self) -> None:
        if self.has_noted():
            self.wake()

    def note(self, hint: dict[str, Any]) -> bool:
        session: OperatorSession = self.known()
        kind = hint["kind"]
        if kind == "entry":
            conversation = UUID(hint["conversation"])
            if session.surface == "presence":
                self._conversations.add(conversation)
            elif conversation in session.cursors and hint["seq"] > session.cursors[conversation]:
                self._entries.add(conversation)
        elif kind == "conversation":
            self._conversations.add(UUID(hint["conversation"]))
        elif kind == "receipt":
            # Of an operator's receipts their own tabs show the count of what is unread, and no desk anything else.
            if not hint["operator"] or (hint["operator"] == session.actor.operator_id and hint["unread"]):
                self._conversations.add(UUID(hint["conversation"]))
        elif kind == "offer":
            self._offers[hint["offer"]] = UUID(hint["conversation"])
            # An offer and the row that it is about are told in one breath.
            self._conversations.add(UUID(hint["conversation"]))
        elif kind == "departments":
            self._departments = True
        elif kind == "library":
            self._library = True
        elif kind == "presence":
            self._operators.add(hint["operator"])
        elif kind == "all":
            self._all = True
        elif kind == "team":
            conversation = UUID(hint["conversation"])
            self._team.add(conversation)
            if hint["seq"] > session.cursors.get(conversation, hint["seq"]):
                self._entries.add(conversation)
        elif kind == "typing" and hint["operator"] != session.actor.operator_id:
            conversation = UUID(hint["conversation"])
            # That a colleague is typing to oneself is shown in the list, too.
            shown = session.surface == "desk" if hint.get("team") else conversation in session.cursors
            if shown and (hint.get("team") or not hint["operator"]):
                self._typing[conversation, hint["operator"]] = hint["active"]
        return self.has_noted()

    def has_noted(self) -> bool:
        return bool(
            self._entries
            or self._conversations
            or self._offers
            or self._operators
            or self._typing
            or self._team
            or self._all
            or self._departments
            or self._library
        )

    async def flush(self) -> None:
        session: OperatorSession = self.known()
        work = (
            self._entries,
            self._conversations,
            self._offers,
            self._operators,
            self._all,
            self._departments,
            self._library,
            self._team,
        )
        typing, self._typing = self._typing, {}
        self._entries, self._conversations, self._offers, self._operators = set(), set(), {}, set()
        self._all = self._departments = self._library = False
        self._team = set()
        before = dict(session.following)
        if any(work):
            await self.tell(*await in_database(_read, session, *work))
        for (conversation, operator_id), active in typing.items():
            await self.tell(_typing(session, conversation, operator_id, active))
        if session.following != before:
            await self._follow(session)
            self._entries |= session.following.keys() - before.keys()


def _read(
    session: OperatorSession,
    entries: set[UUID],
    conversations: set[UUID],
    offers: dict[int, UUID],
    operators: set[int],
    everything: bool,
    departments: bool,
    library: bool,
    team: set[UUID],
) -> list[p.Event]:
    events = handlers.catch_up(session, entries)
    if team:
        events += handlers.team_changed(session, team)
    if conversations:
        events += handlers.conversations_changed(session, conversations)
    if offers:
        events += handlers.offers_changed(session, offers)
    if operators:
        events += handlers.operators_changed(session, operators)
    if departments:
        events += handlers.departments_changed(session)
    if library and session.surface == "desk":
        events += handlers.library_changed(session)
    if everything:
        events += handlers.missed(session)
    return events


def _typing(session: OperatorSession, conversation: UUID, operator_id: int, active: bool) -> p.TypingChanged:
    if not operator_id:
        return p.TypingChanged(conversation=conversation, party="visitor", active=active)
    known = session.colleagues.get(operator_id)
    name = known.name if known else ""
    return p.TypingChanged(conversation=conversation, party="operator", id=operator_id, name=name, active=active)
