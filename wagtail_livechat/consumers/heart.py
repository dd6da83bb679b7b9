"""One clock for all sockets of a process.

A task per socket would cost memory and a query each; this one asks once for everybody who is due: heads of timelines,
leases, places in the queue, and whether those at the other end may still be there.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Coroutine, Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import handlers, snapshots
from .. import protocol as p
from ..actions import bans, presence, visitors
from ..actions.sweep import sweep, sweep_offers
from ..addresses import within
from ..conf import conf
from ..exceptions import Closed, LiveChatError, Unauthorised
from .threads import in_database

if TYPE_CHECKING:
    from .base import SocketConsumer

logger = logging.getLogger("wagtail_livechat")

TICK_SECONDS = 0.5
RECHECKS_AT_ONCE = 1
HEAL_PAUSE = 4
"""Time left to others, in multiples of the time that looking through one operator's lists took."""


class Heart:
    def __init__(self) -> None:
        self.sockets: set[SocketConsumer] = set()
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._due: dict[str, float] = {}
        self._began = 0.0
        self._look: set[SocketConsumer] = set()
        self._saying: set[asyncio.Task[None]] = set()
        self._to_heal: dict[SocketConsumer, None] = {}
        self._is_healing = False

    # ------------------------------------------------------------------------------------- who is there

    def has_room(self, socket: SocketConsumer) -> bool:
        """Whether this address may open another socket in this process."""
        same = sum(1 for other in self.sockets if other.address == socket.address) if socket.address else 0
        return same < conf.MAX_SOCKETS_PER_ADDRESS

    def sockets_of_visitor(self, visitor_id: int) -> int:
        return sum(1 for other in self.sockets if visitor_of(other) == visitor_id)

    def add(self, socket: SocketConsumer) -> None:
        self.sockets.add(socket)
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._loop is not loop:
            self._loop = loop
            self._began = time.monotonic()
            self._task = loop.create_task(self._beat())

    def remove(self, socket: SocketConsumer) -> None:
        self.sockets.discard(socket)
        self._look.discard(socket)
        self._to_heal.pop(socket, None)

    def look_at(self, socket: SocketConsumer) -> None:
        """Check this one's rights at the next tick."""
        self._look.add(socket)

    # -------------------------------------------------------------------------------------------- beating

    async def _beat(self) -> None:
        # Without sockets there is nothing to do, and no task is left behind.
        while self.sockets:
            await asyncio.sleep(TICK_SECONDS)
            for name, seconds, job in (
                ("greetings", 1.0, self._close_silent),
                ("rights", conf.RECHECK_SECONDS, self._check_rights),
                ("leases", conf.LEASE_SECONDS, self._renew_leases),
                ("heartbeats", 0.0, self._send_heartbeats),
                ("queue", 5.0, self._tell_positions),
                ("sweep", conf.SWEEP_SECONDS, self._sweep),
            ):
                now = time.monotonic()
                if now >= self._due.get(name, 0.0) or (name == "rights" and self._look):
                    self._due[name] = now + seconds
                    try:
                        await job()
                    except Exception:
                        # The database may be away for a while; the next tick tries again.
                        logger.warning("Live chat's %s failed; tried again soon.", name, exc_info=True)

    async def _close_silent(self) -> None:
        limit = time.monotonic() - conf.HELLO_TIMEOUT
        late = [s for s in self.sockets if s.session is None and not s.is_greeting and s.connected_at < limit]
        self._say_all(s.end_with(Unauthorised(_("Nobody said hello."))) for s in late)

    async def _check_rights(self) -> None:
        self._look.clear()
        sockets = [s for s in self.sockets if s.session is not None]
        guests = [s for s in sockets if visitor_of(s) is not None]
        if guests:
            ids = {visitor_of(s) for s in guests}
            known = await in_database(visitors.still_known, ids)
            kept_out = await in_database(visitors.kept_out, ids)
            networks = await in_database(bans.banned_networks)
            self._say_all(
                s.end_with(Unauthorised(_("This visit has ended."))) for s in guests if visitor_of(s) not in known
            )
            # Closed, not unauthorised: their client must not begin anew with another token.
            self._say_all(
                self._send_off(s, Closed(_("The chat is closed.")))
                for s in guests
                if visitor_of(s) in known and (visitor_of(s) in kept_out or within(s.address, networks))
            )
        # Not all at once: that would be every database thread, and messages would wait in line behind.
        gate = asyncio.Semaphore(RECHECKS_AT_ONCE)
        await asyncio.gather(*(self._recheck(s, gate) for s in sockets if visitor_of(s) is None))

    async def _send_off(self, socket: SocketConsumer, error: LiveChatError) -> None:
        """Close politely: that the chat has ended is told first, whether or not the hint of it has come yet."""
        for kind in ("entry", "conversation"):
            socket.note({"kind": kind})
        socket.wake()
        await socket.wait_until_told()
        await socket.end_with(error)

    async def _recheck(self, socket: Any, gate: asyncio.Semaphore) -> None:
        try:
            async with gate:
                await socket.recheck()
        except LiveChatError as error:
            self._say_all([socket.end_with(error)])

    async def _renew_leases(self) -> None:
        operators = {
            s.session.actor.operator_id for s in self.sockets if s.session is not None and visitor_of(s) is None
        }
        guests = {visitor_of(s) for s in self.sockets} - {None}
        if operators:
            await in_database(presence.renew_leases, operators)
        if guests:
            await in_database(visitors.renew_leases, guests)

    async def _send_heartbeats(self) -> None:
        now = time.monotonic()
        due = [s for s in self.sockets if s.session is not None and s.next_heartbeat <= now]
        if not due:
            return
        wanted: set[UUID] = set().union(*(s.heads_wanted() for s in due))
        heads = await in_database(snapshots.heads, wanted) if wanted else {}
        at = timezone.now()
        for socket in due:
            socket.next_heartbeat = now + conf.HEARTBEAT_SECONDS
        self._say_all(
            s.tell(p.Heartbeat(time=at, heads={uuid: heads[uuid] for uuid in s.heads_wanted() if uuid in heads}))
            for s in due
        )
        await self._heal(due)

    async def _heal(self, due: list[SocketConsumer]) -> None:
        """The channel layer may drop any hint: who knows less than the database is told now."""
        guests = [s for s in due if visitor_of(s) is not None]
        if guests:
            for socket, kinds in zip(
                guests, await in_database(handlers.behind, [s.session for s in guests]), strict=True
            ):
                for kind in kinds:
                    socket.note({"kind": kind})
                if kinds:
                    socket.wake()
        self._to_heal.update(dict.fromkeys(s for s in due if visitor_of(s) is None))
        if self._to_heal and not self._is_healing:
            self._is_healing = True
            self._say_all([self._heal_operators()])

    async def _heal_operators(self) -> None:
        """Look through whole lists, one operator after the other, with pauses.

        Everybody's list at once would be every database thread, with messages in line behind. Where lists are long and
        operators many, a round takes longer than a heartbeat; timelines do not wait for it, their heads are in the heartbeat.
        """
        try:
            while self._to_heal:
                socket = next(iter(self._to_heal))
                del self._to_heal[socket]
                if socket.is_open and socket.session is not None and socket.note({"kind": "all"}):
                    began = time.monotonic()
                    socket.wake()
                    await socket.wait_until_told()
                    await asyncio.sleep(HEAL_PAUSE * (time.monotonic() - began))
        finally:
            self._is_healing = False

    async def _tell_positions(self) -> None:
        waiting = [s for s in self.sockets if getattr(s.session, "state", None) == "queued"]
        if waiting:
            prospects = await in_database(snapshots.queue_prospects)
            for socket in waiting:
                if prospects.get(socket.session.conversation) != socket.session.prospect:
                    socket.note({"kind": "conversation"})
                    socket.wake()

    def _say_all(self, jobs: Iterable[Coroutine[Any, Any, None]]) -> None:
        """Do these on their own: a peer that does not read, which takes SEND_TIMEOUT, must not hold up the beat for others."""
        for job in jobs:
            task = asyncio.get_running_loop().create_task(job)
            self._saying.add(task)
            task.add_done_callback(self._said)

    def _said(self, task: asyncio.Task[None]) -> None:
        self._saying.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.warning("Live chat could not look after a socket; tried again soon.", exc_info=error)

    async def _sweep(self) -> None:
        # After a restart everybody's lease is old: those who were here get the time to come back first.
        running = time.monotonic() - self._began
        if running >= conf.GRACE_SECONDS:
            await in_database(sweep)
        else:
            await in_database(sweep_offers, running)


def visitor_of(socket: SocketConsumer) -> int | None:
    """The visitor's key, if a visitor is at the other end and said who they are."""
    return getattr(getattr(socket.session, "actor", None), "visitor_id", None)


def connections_by_address() -> Counter[str | None]:
    """Open sockets of this process by address, for the doctor and the tests."""
    return Counter(socket.address for socket in heart.sockets)


heart = Heart()
