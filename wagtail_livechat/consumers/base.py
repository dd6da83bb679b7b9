"""What every socket does, whoever is at its other end: decoding, limits, hints, heartbeats, an end that is an end."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from typing import Any, ClassVar
from urllib.parse import parse_qs

from channels.consumer import AsyncConsumer, get_handler_name
from channels.exceptions import StopConsumer
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from .. import handlers
from .. import protocol as p
from ..addresses import client_address, origin_allowed
from ..conf import conf
from ..exceptions import BadInput, LiveChatError, RateLimited, Unauthorised, Unavailable
from ..limits import TokenBucket
from ..sentences import known
from .heart import heart
from .threads import in_database

logger = logging.getLogger("wagtail_livechat")

CLOSE_POLICY = 1008
CLOSE_TOO_LARGE = 1009
CLOSE_ERROR = 1011
CLOSE_RESTART = 1012
CLOSE_TRY_LATER = 1013
CLOSE_UNAUTHORISED = 4401
CLOSE_FORBIDDEN = 4403
CLOSE_VERSION = 4409
CLOSE_CODES = {
    "unauthorised": CLOSE_UNAUTHORISED,
    "forbidden": CLOSE_FORBIDDEN,
    "closed": CLOSE_FORBIDDEN,
    "version": CLOSE_VERSION,
    "too_large": CLOSE_TOO_LARGE,
}

MAX_REFUSED = 50
"""Commands in a row beyond the rate limit, or not understood, after which the socket is closed."""


class SocketConsumer(AsyncConsumer):
    """One socket. Subclasses say who may connect, what commands there are, and what a hint leads to."""

    hello_type: ClassVar[type[p.Command]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session: Any = None
        self.groups: set[str] = set()
        self.address: str | None = None
        self.connected_at = time.monotonic()
        # After a restart all connect in the same second; their heartbeats must not stay together for ever.
        self.next_heartbeat = self.connected_at + conf.HEARTBEAT_SECONDS * random.uniform(0.5, 1)  # noqa: S311
        self.is_open = False
        self.is_greeting = False
        """Said hello and is being answered, which takes a while when everybody comes back at once."""
        self._bucket = TokenBucket(*conf.COMMAND_RATE, self.connected_at)
        self._mistakes = 0
        # Held from reading the database until the frames are sent, so that what a client hears is in order.
        self._turn = asyncio.Lock()
        self._flusher: asyncio.Task[None] | None = None
        self._running: asyncio.Task[Any] | None = None

    # -------------------------------------------------------------------------------------- life and death

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self._running = asyncio.current_task()
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            # Cancelled by ourselves because the peer stopped reading: nothing more can be said to it.
            if not self._given_up:
                raise
            _hang_up(send)
        except Exception:
            if hasattr(self, "channel_name"):
                raise
            # Not even a channel could be had: Redis is away. The client comes back, or goes on over HTTP.
            logger.warning("Live chat takes no sockets while the channel layer is away.", exc_info=True)
            await receive()
            await send({"type": "websocket.close", "code": CLOSE_TRY_LATER})
        finally:
            await self._tidy()

    _given_up = False

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Channels' dispatch without its closing of old database connections at every message.

        That costs a hop through a thread each time. Here the database is reached through threads.in_database alone, which
        does it where it is needed; tests/test_consumer_database.py holds the consumers to that.
        """
        handler = getattr(self, get_handler_name(message), None)
        if handler is None:
            raise ValueError(f"No handler for message type {message['type']}")
        await handler(message)

    async def websocket_connect(self, message: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in self.scope.get("headers", [])}

        def header(name: bytes) -> str:
            return headers.get(name, b"").decode("latin-1")

        # As request.get_host() has it: behind a proxy that rewrites Host, the project says so in its settings.
        forwarded = header(b"x-forwarded-host") if settings.USE_X_FORWARDED_HOST else ""
        host = forwarded or header(b"host")
        peer = self.scope.get("client")
        self.address = client_address(peer[0] if peer else None, header(b"x-forwarded-for"), conf.TRUSTED_PROXY_COUNT)
        if (
            not origin_allowed(header(b"origin"), host, conf.ALLOWED_ORIGINS)
            or not _known_host(host)
            or not heart.has_room(self)
        ):
            await self._say({"type": "websocket.close", "code": CLOSE_POLICY})
            raise StopConsumer
        self.is_open = True
        heart.add(self)
        await self._say({"type": "websocket.accept"})

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        raise StopConsumer

    async def _tidy(self) -> None:
        self.is_open = False
        heart.remove(self)
        if self._flusher is not None:
            self._flusher.cancel()
        for group in self.groups:
            try:
                await self.channel_layer.group_discard(group, self.channel_name)
            except Exception:
                logger.debug("Leaving a group failed; the layer forgets this channel by itself.", exc_info=True)
        self.groups.clear()

    async def close(self, code: int) -> None:
        """Close from our side. The consumer ends when the disconnect comes back, or at once if it cannot be said."""
        if self.is_open:
            self.is_open = False
            await self._say({"type": "websocket.close", "code": code})

    async def _say(self, message: dict[str, Any]) -> None:
        try:
            async with asyncio.timeout(conf.SEND_TIMEOUT):
                await self.base_send(message)
        except TimeoutError:
            # The peer does not read. Waiting longer would keep its frames in memory without bound.
            self.is_open = False
            self._given_up = True
            if self._running is not None:
                self._running.cancel()
        except Exception:
            # The server says that this socket is gone; the disconnect message is on its way to us.
            self.is_open = False

    async def tell(self, *events: p.Event) -> None:
        """Send events, if the socket is still open."""
        for event in events:
            if self.is_open:
                await self._say({"type": "websocket.send", "text": p.encode(event)})

    def refusal(self, error: LiveChatError, ref: str | None = None) -> p.Error:
        """A refusal in the language of who reads it, which the socket's address says: no event of the protocol does."""
        asked = parse_qs(self.scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[0]
        with translation.override(known(asked) or settings.LANGUAGE_CODE):
            return handlers.error_event(error, ref)

    async def end_with(self, error: LiveChatError, ref: str | None = None) -> None:
        """Say why, then close."""
        await self.tell(self.refusal(error, ref))
        await self.close(CLOSE_CODES.get(error.code, CLOSE_POLICY))

    async def join(self, *groups: str) -> None:
        for group in groups:
            if group not in self.groups:
                await self.channel_layer.group_add(group, self.channel_name)
                # Only now: a join that failed (Redis is away) must be tried again, or this socket stays deaf.
                self.groups.add(group)

    async def leave(self, *groups: str) -> None:
        for group in groups:
            if group in self.groups:
                self.groups.discard(group)
                await self.channel_layer.group_discard(group, self.channel_name)

    # -------------------------------------------------------------------------------------------- commands

    def parse(self, raw: str | bytes) -> Any:
        """The command in ``raw``. Raises BadInput."""
        raise NotImplementedError

    async def hello(self, command: Any) -> None:
        """Who is it? Join, then read, then tell. Raises LiveChatError."""
        raise NotImplementedError

    async def obey(self, command: Any) -> list[p.Event]:
        """Do what is asked, return what to tell. Raises LiveChatError."""
        raise NotImplementedError

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        if not self.is_open:
            return
        wait = self._bucket.take(time.monotonic())
        if wait:
            if self._bucket.refused >= MAX_REFUSED:
                await self.end_with(RateLimited(_("Too many requests; this connection is closed.")))
            else:
                ref = _ref_of(message.get("text"))
                await self.tell(
                    self.refusal(RateLimited(_("Too fast. Try again in a moment."), ref=ref, retry_after=wait))
                )
            return
        try:
            raw = message.get("text")
            if raw is None:
                raise BadInput("bad_json", "Commands are text, not binary.")
            command = self.parse(raw)
        except BadInput as error:
            await self._misunderstood(error)
            return
        self._mistakes = 0
        await self._do(command)

    async def _misunderstood(self, error: BadInput) -> None:
        self._mistakes += 1
        if error.code in ("bad_json", "too_large") or self._mistakes >= MAX_REFUSED:
            await self.end_with(error)
        else:
            await self.tell(self.refusal(error))

    async def _do(self, command: Any) -> None:
        try:
            async with self._turn:
                if isinstance(command, self.hello_type):
                    self.is_greeting = True
                    try:
                        await self.hello(command)
                    finally:
                        self.is_greeting = False
                elif self.session is None:
                    raise Unauthorised(_("Say hello first."))
                else:
                    await self.tell(*await self.obey(command))
        except Unauthorised as error:
            await self.end_with(error, command.ref)
        except LiveChatError as error:
            if error.code in ("version",) or (isinstance(command, self.hello_type) and error.status in (401, 403)):
                await self.end_with(error, command.ref)
            else:
                await self.tell(self.refusal(error, command.ref))
        except Exception:
            # The database is away, most likely. The client keeps what it wanted to say and tries again.
            logger.exception("Live chat could not carry out %s", command.type)
            if self.session is not None:
                handlers.forget(self.session)
            await self.tell(self.refusal(Unavailable(_("This did not work just now."), retry_after=2), command.ref))
            if isinstance(command, self.hello_type):
                # Without a snapshot this connection is of no use; the client comes back with a new one.
                await self.close(CLOSE_TRY_LATER)

    # ----------------------------------------------------------------------------------------------- hints

    def note(self, hint: dict[str, Any]) -> bool:
        """Remember what to look at. True if there is anything to do."""
        raise NotImplementedError

    async def flush(self) -> None:
        """Look at what was noted, and tell. Called with the turn held."""
        raise NotImplementedError

    def has_noted(self) -> bool:
        raise NotImplementedError

    async def livechat_hint(self, message: dict[str, Any]) -> None:
        if self.session is None or not self.is_open:
            return
        if message["kind"] == "recheck":
            heart.look_at(self)
        elif self.note(message):
            self.wake()

    def wake(self) -> None:
        """See that what was noted is looked at. Hints that come meanwhile are looked at together."""
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.get_running_loop().create_task(self._flush())

    async def wait_until_told(self) -> None:
        """Wait for what ``wake`` began, but not for a peer that does not read."""
        if self._flusher is not None:
            await asyncio.wait([self._flusher], timeout=1)

    async def _flush(self) -> None:
        try:
            while self.is_open and self.has_noted():
                async with self._turn:
                    await self.flush()
        except asyncio.CancelledError:
            raise
        except LiveChatError as error:
            await self.end_with(error)
        except Exception:
            # Whatever was missed here, the next heartbeat makes up for it.
            if self.session is not None:
                handlers.forget(self.session)
            logger.warning("Live chat could not tell a client what is new; it catches up by itself.", exc_info=True)

    def known(self) -> Any:
        """The session of a connection that has said hello. Raises Unauthorised for one that has not."""
        if self.session is None:
            raise Unauthorised(_("Say hello first."))
        return self.session

    def heads_wanted(self) -> set[Any]:
        """Conversations whose heads the heartbeat carries."""
        return set(self.session.cursors) if self.session is not None else set()


def _hang_up(send: Any) -> None:
    """Reset the connection, if the server lets us at it (uvicorn does, by the object that ``send`` belongs to).

    Left to itself a server closes politely: it first waits for the peer to take what is in its buffers, megabytes of
    them, and one that never reads never does. ASGI has no word for it.
    """
    abort = getattr(getattr(getattr(send, "__self__", None), "transport", None), "abort", None)
    if abort is not None:
        abort()


def _ref_of(raw: str | None) -> str | None:
    """The ref of a command that is refused unread: its sender must still know which one it was."""
    try:
        return p.ref_of(p.decode(raw or ""))
    except BadInput:
        return None


def _known_host(host: str) -> bool:
    from django.http.request import split_domain_port, validate_host

    allowed = settings.ALLOWED_HOSTS
    if settings.DEBUG and not allowed:
        allowed = [".localhost", "127.0.0.1", "[::1]"]
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


__all__ = ["SocketConsumer", "in_database"]
