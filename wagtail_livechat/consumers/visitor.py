"""The visitor's socket."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from .. import broadcast, handlers, mailcheck
from .. import protocol as p
from ..actions import bans, visitors
from ..conf import conf
from ..exceptions import RateLimited
from ..handlers import VisitorSession
from .base import SocketConsumer
from .heart import heart
from .threads import in_database


class VisitorConsumer(SocketConsumer):
    hello_type = p.VisitorHello

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._noted: set[str] = set()

    def parse(self, raw: str | bytes) -> Any:
        return p.parse_visitor_command(raw)

    async def hello(self, command: p.VisitorHello) -> None:
        await in_database(bans.refuse_address, self.address)
        actor = await in_database(visitors.authenticate, command.token)
        # Also one that greeted as somebody else before.
        is_new = self.session is None or self.session.actor != actor
        if is_new and heart.sockets_of_visitor(actor.visitor_id) >= conf.MAX_SOCKETS_PER_VISITOR:
            raise RateLimited(_("This chat is open in too many tabs."), retry_after=30)
        session = VisitorSession(actor)
        # Join, then read: what is posted in between is read, or hinted at, or both.
        await self.join(broadcast.visitor_group(actor.visitor_id), broadcast.site_group(actor.site_id))
        events = await in_database(handlers.visitor_hello, session, command)
        self.session = session
        await self.tell(*events)

    async def obey(self, command: Any) -> list[p.Event]:
        if email := getattr(command, "email", ""):
            # Before a database thread is taken: those have other visitors' messages to store.
            await mailcheck.look_up_meanwhile(email)
        return await in_database(handlers.handle_visitor, self.session, command)

    def note(self, hint: dict[str, Any]) -> bool:
        session: VisitorSession = self.known()
        kind = hint["kind"]
        shown = session.conversation
        ours = shown is not None and hint.get("conversation") in (None, shown.hex)
        if kind == "entry":
            if shown and ours and "seq" in hint and hint["seq"] <= session.cursors.get(shown, 0):
                return False
            # A conversation that this tab does not show yet: another tab began it.
            self._noted.add("entry" if ours else "conversation")
        elif kind == "typing":
            if not ours or not hint["operator"]:
                return False
            self._noted.add(f"typing:{hint['operator']}:{int(hint['active'])}")
        elif kind == "receipt":
            if ours:
                self._noted.add(kind)
        elif kind in ("conversation", "site"):
            self._noted.add(kind)
        return bool(self._noted)

    def has_noted(self) -> bool:
        return bool(self._noted)

    async def flush(self) -> None:
        noted, self._noted = self._noted, set()
        await self.tell(*await in_database(self._read, noted))

    def _read(self, noted: set[str]) -> list[p.Event]:
        session: VisitorSession = self.known()
        events: list[p.Event] = []
        if "entry" in noted and session.conversation is not None:
            events += handlers.catch_up(session, [session.conversation])
        if "conversation" in noted:
            events += handlers.visitor_state(session)
        elif "receipt" in noted:
            events += handlers.receipts_changed(session)
        if "site" in noted:
            events += handlers.site_changed(session)
        conversation = session.conversation
        for typing in sorted(n for n in noted if n.startswith("typing:")):
            if conversation is None:
                continue
            _, operator_id, active = typing.split(":")
            events.append(
                p.TypingChanged(conversation=conversation, party="operator", id=int(operator_id), active=active == "1")
            )
        return events
