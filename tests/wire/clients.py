"""Correct clients on real lines: ModelClient over a WebSocket or over HTTP, for tests, chaos and benchmarks.

    shop = await Shop.find(site.url)
    visitor = await shop.visitor()                     # or via="http"
    operator = await shop.operator("operator")
    async with visitor, operator:                      # connected, and back by itself whenever the line breaks
        await visitor.say("Hello")                     # until it is acknowledged
        await operator.until(lambda: operator.model.offers)

Nothing here sleeps to wait for something: `until` looks again after every event, with a bound.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import ssl
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, Self
from urllib.parse import urlencode

import httpx
import websockets
from websockets.asyncio.client import ClientConnection, connect

from tests.model_client import Json, ModelClient, Side

Via = Literal["socket", "http"]

PATIENCE = 30.0
"""Seconds until a condition counts as never; long, since a busy machine is slow and a passing test does not wait."""
POLL_SECONDS = 0.25
ANSWER_SECONDS = 6.0
"""Without an acknowledgement for this long, a text is sent again."""

SILENCE_SECONDS = 5.0
"""However often the server's heart beats in a test, on a busy machine it may stand still for a moment."""


_hands = ThreadPoolExecutor(1, thread_name_prefix="hands")


async def by_hand(function: Callable[..., Any], *arguments: Any) -> Any:
    """Do what blocks (kill, start, look into the database) while the clients go on.

    In a thread that lives on: the kernel ends a service together with the thread that started it.
    """
    return await asyncio.get_running_loop().run_in_executor(_hands, partial(function, *arguments))


async def until(condition: Callable[[], Any], *, timeout: float = PATIENCE, what: str = "", every: float = 0.05) -> Any:
    """Wait for something outside of a client (a database, a log). Returns what the condition returned."""
    deadline = time.monotonic() + timeout
    while not (result := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {timeout:g} s for {what or 'a condition'}.")
        await asyncio.sleep(every)
    return result


_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def http_client(**options: Any) -> httpx.AsyncClient:
    """A client of a server on this machine. By itself each would read all certificates of all authorities, for 30 ms."""
    return httpx.AsyncClient(verify=_NO_TLS, **options)


@dataclass
class Shop:
    """A site as seen from outside: where it is, and which Wagtail site it is to the chat."""

    url: str
    site_id: int
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    """User name -> cookies: a person logs in once and opens many tabs."""

    @classmethod
    async def find(cls, url: str) -> Shop:
        """Reads the site's number from its front page, as a browser does."""
        async with http_client(timeout=30) as http:
            page = await http.get(url + "/")
        found = re.search(r'data-boot="[^"]*[?;&]site=(\d+)', page.text)
        assert found, f"No live chat on the front page of {url}: {page.status_code}"
        return cls(url, int(found[1]))

    async def token(self, http: httpx.AsyncClient | None = None) -> str:
        """A new visitor's token."""
        async with contextlib.AsyncExitStack() as stack:
            http = http or await stack.enter_async_context(http_client(timeout=30))
            answer = await http.post(
                f"{self.url}/livechat/session/",
                json={"site": self.site_id},
                headers={"Origin": self.url, **self.headers},
            )
        assert answer.status_code == 201, f"{answer.status_code}: {answer.text}"
        return str(answer.json()["token"])

    async def visitor(self, *, via: Via = "socket", token: str | None = None, name: str = "") -> Person:
        token = token or await self.token()
        return Person(self, "visitor", via=via, token=token, name=name or f"visitor {token[:4]}")

    async def operator(self, username: str, *, via: Via = "socket", cookies: dict[str, str] | None = None) -> Person:
        """An operator of the demo, whose password is the user name. ``cookies``: those of another tab."""
        if cookies is None:
            cookies = self.cookies[username] = self.cookies.get(username) or await self.log_in(username)
        return Person(self, "operator", via=via, cookies=cookies, name=username)

    async def log_in(self, username: str, password: str = "") -> dict[str, str]:
        """The cookies of a session in Wagtail's admin."""
        async with http_client(timeout=30) as http:
            await http.get(f"{self.url}/admin/login/")
            form = {
                "username": username,
                "password": password or username,
                "csrfmiddlewaretoken": http.cookies["csrftoken"],
            }
            answer = await http.post(
                f"{self.url}/admin/login/", data=form, headers={"Referer": f"{self.url}/admin/login/"}
            )
            assert answer.status_code == 302, f"{username} could not log in: {answer.status_code}"
            return dict(http.cookies)


class Refused(Exception):
    """The line cannot be had: the server said no, or was not there."""


class Line:
    """A connection that carries commands one way and events the other."""

    def __init__(self, person: Person) -> None:
        self.person = person

    async def open(self) -> None:
        raise NotImplementedError

    async def send(self, command: Json) -> None:
        raise NotImplementedError

    async def run(self) -> None:
        """Give every event to the person until the line is gone. Raises what ended it."""
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


class SocketLine(Line):
    socket: ClientConnection

    async def open(self) -> None:
        self.socket = await open_socket(self.person)
        await self.send(self.person.model.hello())

    async def send(self, command: Json) -> None:
        await self.socket.send(json.dumps(command))

    async def run(self) -> None:
        async for frame in self.socket:
            await self.person.hear([json.loads(frame)])
        raise websockets.ConnectionClosedOK(self.socket.protocol.close_rcvd, None)

    async def close(self) -> None:
        await self.socket.close()


def open_socket(person: Person, **options: Any) -> Any:
    """The handshake as a browser on the site's own page does it."""
    path = "ws/visitor/" if person.side == "visitor" else "ws/operator/"
    url = f"{person.shop.url.replace('http', 'ws', 1)}/livechat/{path}"
    headers = dict(person.shop.headers)
    if person.cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    options = {"origin": person.shop.url, "open_timeout": 10, "close_timeout": 2, "ping_interval": None, **options}
    return connect(url, additional_headers=headers, compression=None, proxy=None, **options)


class HttpLine(Line):
    """Polls for snapshots, posts commands; one request at a time, as the real client does."""

    def __init__(self, person: Person) -> None:
        super().__init__(person)
        self.http = http_client(base_url=person.shop.url, timeout=15, cookies=person.cookies or None)
        self.turn = asyncio.Lock()
        self.etag = ""
        self.polls: list[int] = []
        """Status of every poll."""
        if person.side == "visitor":
            self.paths = "/livechat/commands/", "/livechat/events/"
            self.headers = {"Authorization": f"Bearer {person.token}"}
        else:
            self.paths = "/admin/livechat/commands/", "/admin/livechat/events/"
            self.headers = {"X-CSRFToken": person.cookies.get("csrftoken", "")}
        self.headers |= {"Origin": person.shop.url, **person.shop.headers}

    async def open(self) -> None:
        await self._poll()

    def parameters(self) -> str:
        hello = self.person.model.hello()
        if self.person.side == "visitor":
            cursor = hello.get("cursor")
            return urlencode(cursor) if cursor else ""
        return urlencode([("cursor", f"{c['conversation']}:{c['after']}") for c in hello["cursors"]])

    async def _poll(self) -> None:
        async with self.turn:
            headers = self.headers | ({"If-None-Match": self.etag} if self.etag else {})
            answer = await self.http.get(f"{self.paths[1]}?{self.parameters()}", headers=headers)
            self.polls.append(answer.status_code)
            if answer.status_code == 304:
                return
            self.etag = answer.headers.get("ETag", "")
            await self.person.hear(self._events(answer))

    @staticmethod
    def _events(answer: httpx.Response) -> list[Json]:
        if answer.status_code >= 500 or "json" not in answer.headers.get("Content-Type", ""):
            raise Refused(f"{answer.status_code}: {answer.text[:200]}")
        return list(answer.json()["events"])

    async def send(self, command: Json) -> None:
        async with self.turn:
            answer = await self.http.post(self.paths[0], json=command, headers=self.headers)
            events = self._events(answer)
        await self.person.hear(events)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(self.person.poll_seconds)
            await self._poll()

    async def close(self) -> None:
        await self.http.aclose()


LINES: dict[Via, type[Line]] = {"socket": SocketLine, "http": HttpLine}


class Person:
    """A visitor or an operator with one tab open: a model client that keeps itself connected."""

    def __init__(
        self,
        shop: Shop,
        side: Side,
        *,
        via: Via = "socket",
        token: str | None = None,
        cookies: dict[str, str] | None = None,
        name: str = "",
        comes_back: bool = True,
    ) -> None:
        self.shop = shop
        self.side = side
        self.via: Via = via
        self.token = token
        self.cookies = cookies or {}
        self.name = name or side
        self.comes_back = comes_back
        """Whether to connect again when the line breaks."""
        self.model = ModelClient(side, token=token if via == "socket" else None)
        self.events: list[Json] = []
        """Everything heard, in order."""
        self.closes: list[tuple[int | None, str]] = []
        """Close code (None: no close frame, or HTTP) and reason of every line that ended."""
        self.trouble: BaseException | None = None
        """A protocol violation, which ends this client and fails the test."""
        self.connections = 0
        self.backoff = (0.1, 2.0)
        """Base and cap in seconds, with full jitter; quicker than the real client's (0.5, 10)."""
        self.poll_seconds = POLL_SECONDS
        self.heard_at = 0.0
        self.random = random.Random(name)
        self.line: Line | None = None
        self._news = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._ref = 0

    # --------------------------------------------------------------------------------------------- the line

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.stop()

    async def start(self, *, wait: bool = True) -> None:
        """Connect, and by default wait for the first snapshot."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._live(), name=self.name)
        if wait:
            await self.until(lambda: self.model.is_live or not self._task or self._task.done(), what="a snapshot")

    async def stop(self) -> None:
        """Go away politely."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self.trouble is not None:
            raise self.trouble

    async def drop(self) -> None:
        """Lose the line without a word (no close handshake); the client comes back by itself."""
        assert self.line is not None
        if isinstance(self.line, SocketLine):
            self.line.socket.transport.abort()
        else:
            await self.line.close()

    async def _live(self) -> None:
        tries = 0
        while True:
            line = LINES[self.via](self)
            try:
                await line.open()
                self.connections += 1
                self.heard_at = time.monotonic()
                self.line = line
                tries = 0
                await self._flush()
                await self._run(line)
            except AssertionError as violation:
                self.trouble = violation
            except (
                OSError,
                httpx.HTTPError,
                websockets.WebSocketException,
                Refused,
                RuntimeError,
                TimeoutError,
            ) as error:
                self._note_end(error)
            finally:
                self.line = None
                with contextlib.suppress(Exception):
                    await line.close()
            self.model.lose_line()
            async with self._news:
                self._news.notify_all()
            if self.trouble is not None or not self.comes_back:
                return
            base, cap = self.backoff
            await asyncio.sleep(self.random.uniform(0, min(cap, base * 2**tries)))
            tries += 1

    async def _run(self, line: Line) -> None:
        async with asyncio.TaskGroup() as group:
            again = group.create_task(self._again())
            try:
                await line.run()
            except (OSError, httpx.HTTPError, websockets.WebSocketException, Refused, RuntimeError) as error:
                self._note_end(error)
            finally:
                again.cancel()

    async def _again(self) -> None:
        """What was not acknowledged for too long is sent once more; refusals that pass are tried again."""
        since: dict[str, float] = {}
        while True:
            await asyncio.sleep(0.25)
            now = time.monotonic()
            waiting = {pending.client_id for pending in self.model.waiting}
            since = {key: since.get(key, now) for key in waiting}
            if any(at < now - ANSWER_SECONDS for at in since.values()):
                since = {}
                self.model.try_again()
            beat = next((e["heartbeat"] for e in reversed(self.events) if "heartbeat" in e), 20)
            if self.via == "socket" and now - self.heard_at > max(2 * beat, SILENCE_SECONDS):
                await self.drop()  # silence for two heartbeats: the line is dead
            if self.model.is_live:
                await self._flush()

    def _note_end(self, error: BaseException) -> None:
        received = getattr(error, "rcvd", None)
        self.closes.append((received.code if received else None, received.reason if received else str(error)))

    async def _flush(self) -> None:
        for command in self.model.to_send():
            if self.line is None:
                return
            try:
                await self.line.send(command)
            except (OSError, httpx.HTTPError, websockets.WebSocketException, Refused, RuntimeError):
                return  # the line is gone; `run` finds out, and the outbox keeps the text

    async def hear(self, events: Iterable[Json]) -> None:
        """Take events as they come off the line, and answer what they ask for."""
        self.heard_at = time.monotonic()
        for event in events:
            self.events.append(event)
            try:
                self.model.take(event)
            except AssertionError as violation:
                self.trouble = violation
                raise
        if self.line is not None and not (isinstance(self.line, HttpLine) and self.line.turn.locked()):
            await self._flush()
        async with self._news:
            self._news.notify_all()

    # ----------------------------------------------------------------------------------------- what one does

    async def until(self, condition: Callable[[], Any], *, timeout: float = PATIENCE, what: str = "") -> Any:
        """Wait until `condition` is true; looked at again after every event."""
        try:
            async with asyncio.timeout(timeout), self._news:
                while True:
                    if self.trouble is not None:
                        raise self.trouble
                    if result := condition():
                        return result
                    # A bound of its own, for conditions that no event changes.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(0.25):
                            await self._news.wait()
        except TimeoutError:
            last = [event["type"] for event in self.events[-8:]]
            raise AssertionError(
                f"{self.name} waited {timeout:g} s for {what or 'a condition'}; last heard: {last}, "
                f"errors: {self.model.errors[-3:]}, ends: {self.closes[-3:]}"
            ) from None

    async def heard(self, kind: str, since: int = 0, **fields: Any) -> Json:
        """The first event of this type, after the first `since` events, with these fields."""

        def find() -> Json | None:
            for event in self.events[since:]:
                if event["type"] == kind and all(event.get(key) == value for key, value in fields.items()):
                    return event
            return None

        return await self.until(find, what=f"{kind} {fields or ''}")  # type: ignore[no-any-return]

    async def send(self, kind: str, /, **fields: Any) -> str:
        """Send a command as it is; returns its ref."""
        assert self.line is not None, f"{self.name} has no line: {self.closes}"
        self._ref += 1
        ref = f"r{self._ref}"
        await self.line.send({"type": kind, "ref": ref, **fields})
        return ref

    async def ask(self, kind: str, /, **fields: Any) -> Json:
        """Send a command and return the first event that answers it, an error as well as any other."""
        start = len(self.events)
        ref = await self.send(kind, **fields)
        return await self.until(  # type: ignore[no-any-return]
            lambda: next((event for event in self.events[start:] if event.get("ref") == ref), None),
            what=f"an answer to {kind}",
        )

    def write(self, text: str, conversation: str | None = None, *, kind: Literal["text", "note"] = "text") -> str:
        """Put a text into the outbox and let it go; do not wait. Returns the client id."""
        return self.model.say(text, conversation, kind=kind)

    async def say(
        self,
        text: str,
        conversation: str | None = None,
        *,
        kind: Literal["text", "note"] = "text",
        timeout: float = PATIENCE,
    ) -> str:
        """Write, and wait for the acknowledgement. Returns the conversation."""
        client_id = self.write(text, conversation, kind=kind)
        await self._flush()
        await self.until(
            lambda: client_id in self.model.acknowledged or any(p.client_id == client_id for p in self.model.refused),
            timeout=timeout,
            what="an acknowledgement",
        )
        assert client_id in self.model.acknowledged, self.model.errors[-1]
        return self.model.acknowledged[client_id][0]

    async def accept(self, conversation: str, *, timeout: float = PATIENCE) -> None:
        """Wait for the offer of this conversation, and take it."""

        def offer() -> int | None:
            return next((o["id"] for o in self.model.offers.values() if o["conversation"]["id"] == conversation), None)

        number = await self.until(offer, timeout=timeout, what=f"an offer of {conversation}")
        answer = await self.ask("offer.accept", offer=number)
        assert answer["type"] != "error", answer
        await self.until(
            lambda: self.model.conversations.get(conversation, {}).get("mine") and conversation in self.model.timelines,
            what="the conversation to be mine",
        )

    def texts(self, conversation: str | None = None) -> list[str]:
        """What this client shows, in order."""
        try:
            return self.model.timeline(conversation).texts
        except (KeyError, AssertionError):
            return []

    async def shows(self, *texts: str, conversation: str | None = None, timeout: float = PATIENCE) -> None:
        """Wait until the client shows exactly these texts, in this order."""
        await self.until(
            lambda: self.texts(conversation) == list(texts),
            timeout=timeout,
            what=f"{texts}, not {self.texts(conversation)}",
        )


async def crowd(shop: Shop, count: int, *, at_once: int = 50) -> list[Person]:
    """This many visitors, each with a token of their own, not connected yet."""
    gate = asyncio.Semaphore(at_once)
    async with http_client(timeout=60) as http:

        async def one(number: int) -> Person:
            async with gate:
                return await shop.visitor(token=await shop.token(http), name=f"visitor {number}")

        return list(await asyncio.gather(*(one(number) for number in range(count))))


async def connect_all(people: Iterable[Person], *, at_once: int = 50) -> None:
    """Connect them, some at a time."""
    gate = asyncio.Semaphore(at_once)

    async def one(person: Person) -> None:
        async with gate:
            await person.start()

    await asyncio.gather(*(one(person) for person in people))


async def stop_all(people: Iterable[Person]) -> None:
    """Let them go; raises the first protocol violation that one of them saw."""
    results = await asyncio.gather(*(person.stop() for person in people), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


Row = tuple[int, str, str, str]
"""seq, client id or nothing, text, kind."""


def level(people: Iterable[Person], stored: dict[str, list[Row]]) -> list[str]:
    """What is wrong: clients whose texts are not what is stored, acknowledgements that are not, doubles, gaps.

    `stored`: conversation -> everything in it, in order of seq. An empty answer: all is well.
    """
    wrong = []
    for conversation, rows in stored.items():
        seqs = [row[0] for row in rows]
        if seqs != list(range(1, len(rows) + 1)):
            wrong.append(f"{conversation} is stored with gaps or doubles: {seqs}")
        ids = [row[1] for row in rows if row[1]]
        if len(ids) != len(set(ids)):
            wrong.append(f"{conversation} has a client id twice")
    for person in people:
        for client_id, (conversation, seq, text) in person.model.acknowledged.items():
            if conversation in stored and (seq, client_id, text) not in [row[:3] for row in stored[conversation]]:
                wrong.append(f"{person.name} was told that {text!r} is stored as {seq}, but it is not")
        for conversation, timeline in person.model.timelines.items():
            if conversation not in stored or not timeline.is_loaded:
                continue
            shown = {seq: entry["text"] for seq, entry in timeline.entries.items()}
            rows = [row for row in stored[conversation] if person.side == "operator" or row[3] != "note"]
            there = {seq: text for seq, _, text, _ in rows if seq > timeline.floor}
            if shown != there:
                lost, extra = sorted(there.keys() - shown.keys()), sorted(shown.keys() - there.keys())
                wrong.append(f"{person.name} shows {conversation} wrongly: without {lost}, with {extra}")
    return wrong


STORED = """
SELECT c.uuid, e.seq, e.client_id, e.body, e.kind FROM wagtail_livechat_entry e
JOIN wagtail_livechat_conversation c ON c.id = e.conversation_id ORDER BY c.id, e.seq
"""


def stored(query: Callable[[str], list[tuple[Any, ...]]], conversations: Iterable[str]) -> dict[str, list[Row]]:
    """These conversations as the database has them, for `level`. `query` is SiteServer.query."""
    import uuid

    wanted = set(conversations)
    result: dict[str, list[Row]] = {conversation: [] for conversation in wanted}
    for conversation, seq, client_id, body, kind in query(STORED):
        # SQLite stores UUIDs as 32 hexadecimal digits.
        key = str(uuid.UUID(str(conversation)))
        if key in wanted:
            result[key].append((seq, str(uuid.UUID(str(client_id))) if client_id else "", body, kind))
    return result


async def return_after(site: Any, *, count: int, fault: Callable[[], None] | None = None) -> dict[str, Any]:
    """Connect `count` visitors, let all of them write, kill the server in the middle of it, start it again.

    Returns ``seconds`` from the restarted server's first answer until every client is back and level with the database,
    ``wrong`` (what `level` says), and ``connections`` made in all. `fault` replaces the SIGKILL of the server.
    """
    shop = await Shop.find(site.url)
    people = await crowd(shop, count)
    for person in people:
        person.backoff = (0.5, 10.0)
    try:
        await connect_all(people)
        conversations = await asyncio.gather(*(person.say(f"I am {person.name}", timeout=60) for person in people))
        for person in people:
            for number in range(3):
                person.write(f"{number} of {person.name}")
        half = [asyncio.create_task(person._flush()) for person in people[::2]]
        await by_hand(fault or site.kill)
        await asyncio.gather(*half)
        await until(lambda: not any(person.model.is_live for person in people), what="all to notice", timeout=30)
        await by_hand(site.restart)
        started = time.monotonic()
        await asyncio.gather(
            *(person.until(lambda p=person: p.model.is_live and not p.model.outbox, timeout=60) for person in people)
        )
        wrong = level(people, await by_hand(stored, site.query, conversations))
        seconds = time.monotonic() - started
        lost = [person.name for person in people if len(person.texts()) != 4]
        return {
            "seconds": seconds,
            "wrong": wrong + [f"{name} does not show all four texts" for name in lost],
            "connections": sum(person.connections for person in people),
        }
    finally:
        await stop_all(people)
