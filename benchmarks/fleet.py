"""Five hundred clients that keep talking while the server is killed, by the protocol's rules for coming back.

Each keeps a cursor a conversation, fills holes, keeps what is not acknowledged and says it again; between tries it waits
with full jitter, at most ten seconds. In the end everyone's list is handed over, to be compared with the database.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from typing import Any
from uuid import uuid4

from benchmarks.wire import Refused, Wire, connect

BASE, CAP = 0.5, 10.0
SNAPSHOT_IS_LATE = 10.0


class Client:
    def __init__(self, url: str, headers: dict[str, str] | None, hello: dict[str, Any]) -> None:
        self.url, self.headers, self.hello = url, headers, hello
        self.wire: Wire | None = None
        self.entries: dict[str, dict[int, str]] = {}
        self.cursors: dict[str, int] = {}
        self.heads: dict[str, int] = {}
        self.outbox: dict[str, bytes] = {}
        self.acknowledged: set[str] = set()
        self.ready = False
        self.level_at = 0.0
        self.connections = 0
        self._gone: asyncio.Event = asyncio.Event()

    async def live(self) -> None:
        """Connect, stay, come back, until cancelled."""
        tries = 0
        while True:
            self._gone = asyncio.Event()
            self.ready = False
            try:
                self.wire = await connect(self.url, self.on_text, lambda code: self._gone.set(), self.headers)
                cursors = [{"conversation": c, "after": after} for c, after in self.cursors.items()]
                mine = (
                    {"cursors": cursors}
                    if self.hello["type"] == "operator.hello"
                    else {"cursor": cursors[0]}
                    if cursors
                    else {}
                )
                self._send({**self.hello, **mine})
                try:
                    await asyncio.wait_for(self._gone.wait(), SNAPSHOT_IS_LATE)
                except TimeoutError:
                    if self.ready:
                        tries = 0
                        await self._gone.wait()
                    else:
                        self.wire.close()
                if self.ready:
                    tries = 0
            except (OSError, Refused, TimeoutError):
                pass
            await asyncio.sleep(random.random() * min(CAP, BASE * 2**tries))
            tries += 1

    def _send(self, command: dict[str, Any]) -> None:
        if self.wire:
            self.wire.send(json.dumps(command, separators=(",", ":")).encode())

    def say(self, conversation: str) -> None:
        client_id = str(uuid4())
        command = {
            "type": "message.post",
            "conversation": conversation,
            "client_id": client_id,
            "text": f"m {client_id}",
        }
        self.outbox[client_id] = json.dumps(command, separators=(",", ":")).encode()
        if self.ready and self.wire:
            self.wire.send(self.outbox[client_id])

    def on_text(self, payload: bytes) -> None:
        event = json.loads(payload)
        kind = event["type"]
        if kind in ("visitor.snapshot", "desk.snapshot"):
            self._snapshot(event)
        elif kind == "message.posted":
            entry = event["entry"]
            if entry.get("client_id") in self.outbox:
                del self.outbox[entry["client_id"]]
                self.acknowledged.add(entry["client_id"])
            self._stretch(event["conversation"], event["after"], entry["seq"], [entry])
        elif kind == "timeline.page":
            page = event["timeline"]
            self._stretch(page["conversation"], page["after"], page["upto"], page["entries"])
            if page.get("has_more"):
                self._fetch(page["conversation"])
        elif kind == "heartbeat":
            for conversation, head in event["heads"].items():
                if head > self.cursors.get(conversation, 0):
                    self._fetch(conversation)
        elif kind == "error" and "retry_after" in event:
            asyncio.get_running_loop().call_later(event["retry_after"], self._say_again)

    def _snapshot(self, event: dict[str, Any]) -> None:
        if event["type"] == "visitor.snapshot":
            conversations, timelines = [event["conversation"]], [event["timeline"]]
        else:
            conversations, timelines = [c for c in event["conversations"] if c["mine"]], event.get("timelines", [])
        self.heads = {c["id"]: c["last_seq"] for c in conversations}
        for page in timelines:
            self._stretch(page["conversation"], page["after"], page["upto"], page["entries"])
            if page.get("has_more"):
                self._fetch(page["conversation"])
        self.connections += 1
        self.ready = True
        self._say_again()
        self._look()

    def _say_again(self) -> None:
        if self.ready and self.wire:
            for command in self.outbox.values():
                self.wire.send(command)

    def _fetch(self, conversation: str) -> None:
        self._send({"type": "timeline.fetch", "conversation": conversation, "after": self.cursors.get(conversation, 0)})

    def _stretch(self, conversation: str, after: int, upto: int, entries: list[dict[str, Any]]) -> None:
        cursor = self.cursors.setdefault(conversation, 0)
        if after > cursor:
            self._fetch(conversation)
            return
        mine = self.entries.setdefault(conversation, {})
        for entry in entries:
            if entry["seq"] > cursor:
                mine[entry["seq"]] = entry["text"]
            # The snapshot, too, tells a sender that what waited is stored.
            if entry.get("client_id") in self.outbox:
                del self.outbox[entry["client_id"]]
                self.acknowledged.add(entry["client_id"])
        self.cursors[conversation] = max(cursor, upto)
        self._look()

    def _look(self) -> None:
        """Level with the database as it was when the snapshot was made, at the latest."""
        if self.ready and not self.level_at and all(self.cursors.get(c, 0) >= head for c, head in self.heads.items()):
            self.level_at = time.monotonic()


async def run_restart(plan: dict[str, Any], ears: Any) -> None:
    """``ears`` and the printed lines are load.py's."""
    hello = {"version": 1}
    visitors = [
        Client(f"{plan['url']}/livechat/ws/visitor/", None, {"type": "visitor.hello", "token": v["token"], **hello})
        for v in plan["visitors"]
    ]
    operators = [
        Client(f"{plan['url']}/livechat/ws/operator/", {"Cookie": o["cookie"]}, {"type": "operator.hello", **hello})
        for o in plan["operators"]
    ]
    clients = [*operators, *visitors]
    tasks = []
    for client in clients:
        tasks.append(asyncio.create_task(client.live()))
        await asyncio.sleep(0.01)
    await _until(lambda: all(client.level_at for client in clients), 90)
    print(json.dumps({"event": "ready"}), flush=True)
    await ears.hear()

    talking = True

    async def talk(client: Client, conversation: str) -> None:
        await asyncio.sleep(random.random() * plan["interval"])
        while talking:
            client.say(conversation)
            await asyncio.sleep(plan["interval"])

    talks = [asyncio.create_task(talk(c, v["conversation"])) for c, v in zip(visitors, plan["visitors"], strict=True)]
    # The server is killed when the parent says so; whatever was level is not any more.
    await ears.hear()
    for client in clients:
        client.level_at = 0.0
        client.ready = False
    waiting = [(client, set(client.outbox)) for client in visitors]
    unanswered = sum(len(ids) for _, ids in waiting)
    restarted = (await ears.hear())["at"]
    came_back = await _until(
        lambda: all(c.level_at for c in clients) and all(ids.isdisjoint(c.outbox) for c, ids in waiting), plan["limit"]
    )
    back = time.monotonic() - restarted
    await asyncio.sleep(3)
    talking = False
    await asyncio.gather(*talks)
    await _until(lambda: not any(c.outbox for c in visitors), 20)
    # What was said last is on its way to the operators; a lost hint heals with a heartbeat.
    heads = {c: cursor for client in visitors for c, cursor in client.cursors.items()}
    await _until(lambda: all(cursor >= heads[c] for o in operators for c, cursor in o.cursors.items()), 30)
    for task in tasks:
        task.cancel()
    print(
        json.dumps(
            {
                "event": "result",
                "came_back": came_back,
                "back": back,
                "levels": sorted(max(0.0, c.level_at - restarted) for c in clients),
                "unanswered": unanswered,
                "reconnected": sum(c.connections > 1 for c in clients),
                "acknowledged": [i for c in visitors for i in c.acknowledged],
                "unsent": sum(len(c.outbox) for c in visitors),
                "lists": [
                    [conversation, sorted(of.items())] for c in clients for conversation, of in c.entries.items()
                ],
            }
        ),
        flush=True,
    )


async def _until(condition: Any, limit: float) -> bool:
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True
