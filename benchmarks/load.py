"""The load, in a process of its own: `python -m benchmarks.load`, driven by lines of JSON.

The first line on stdin is the plan. Each line on stdout is a report; the last one has the result, with the share of a core
that this process itself used, so that everyone sees whether the generator was the bottleneck.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import resource
import sys
import time
from collections import deque
from typing import Any
from uuid import uuid4

from benchmarks.fleet import run_restart
from benchmarks.wire import Wire, connect

PADDING = "Does the blue jacket come in a larger size, and could it be here before Friday?"
MARK = re.compile(rb'"text":"mark (\d+\.\d+) ')
SEQ = re.compile(rb'"conversation":"([0-9a-f-]{36})".*?"seq":(\d+)')
RECEIPT_DELAY = 0.25
"""As the desk's client coalesces its receipts."""
OPENING = 16
"""Sockets that are opened at the same time."""


def say(**report: Any) -> None:
    print(json.dumps(report), flush=True)


class Ears:
    """Lines of stdin."""

    async def open(self) -> dict[str, Any]:
        self.reader = asyncio.StreamReader(limit=2**24)
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(self.reader), sys.stdin)
        return await self.hear()

    async def hear(self) -> dict[str, Any]:
        line = await self.reader.readline()
        if not line:
            sys.exit("The benchmark that started this load is gone.")
        return json.loads(line)  # type: ignore[no-any-return]


class Clock:
    """Processor time of this process over a stretch, as a share of one core."""

    def __init__(self) -> None:
        self.at, self.used = time.perf_counter(), self._used()

    @staticmethod
    def _used() -> float:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime

    def share(self) -> float:
        return (self._used() - self.used) / (time.perf_counter() - self.at)


async def in_turns(jobs: list[Any]) -> list[Any]:
    gate = asyncio.Semaphore(OPENING)

    async def one(job: Any) -> Any:
        async with gate:
            return await job

    return await asyncio.gather(*(one(job) for job in jobs))


async def open_socket(url: str, headers: dict[str, str] | None, hello: dict[str, Any] | None, on_text: Any) -> Wire:
    """Open, say hello, wait for the snapshot; every later frame goes to ``on_text``."""
    ready: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def first(payload: bytes) -> None:
        if not ready.done():
            ready.set_result(payload)
        else:
            on_text(payload)

    def closed(code: int) -> None:
        if not ready.done():
            ready.set_exception(ConnectionError(f"closed with {code}"))

    wire = await connect(url, first if hello else on_text, closed, headers)
    if hello:
        wire.send(json.dumps(hello).encode())
        answer = await asyncio.wait_for(ready, 60)
        if b".snapshot" not in answer[:60]:
            raise ConnectionError(f"hello was answered with {answer[:200]!r}")
    return wire


def ours_visitor(plan: dict[str, Any], visitor: dict[str, Any], on_text: Any) -> Any:
    hello = {"type": "visitor.hello", "version": 1, "token": visitor["token"]}
    return open_socket(f"{plan['url']}/livechat/ws/visitor/", None, hello, on_text)


def ours_operator(plan: dict[str, Any], operator: dict[str, Any], on_text: Any) -> Any:
    hello = {"type": "operator.hello", "version": 1, "surface": "desk"}
    return open_socket(f"{plan['url']}/livechat/ws/operator/", {"Cookie": operator["cookie"]}, hello, on_text)


def command(conversation: str, text: str) -> bytes:
    return json.dumps(
        {"type": "message.post", "conversation": conversation, "client_id": str(uuid4()), "text": text},
        separators=(",", ":"),
    ).encode()


# ---------------------------------------------------------------------------------------------- round trip


class Operator:
    """Notes when marked texts arrive; says that they did, as the desk does."""

    def __init__(self, late: dict[float, float], receipts: bool) -> None:
        self.late = late
        self.receipts = receipts
        self.wire: Wire | None = None
        self.delivered: dict[bytes, int] = {}

    def on_text(self, payload: bytes) -> None:
        now = time.perf_counter()
        for sent in MARK.findall(payload):
            # The first arrival counts; a repeat cannot make it quicker.
            self.late.setdefault(float(sent), now)
        if self.receipts and (found := SEQ.search(payload)) and MARK.search(payload):
            conversation, seq = found.groups()
            if conversation not in self.delivered:
                asyncio.get_running_loop().call_later(RECEIPT_DELAY, self._mark, conversation)
            self.delivered[conversation] = max(self.delivered.get(conversation, 0), int(seq))

    def _mark(self, conversation: bytes) -> None:
        seq = self.delivered.pop(conversation)
        if self.wire:
            self.wire.send(b'{"type":"receipt.mark","conversation":"%b","delivered":%d}' % (conversation, seq))


async def roundtrip(plan: dict[str, Any], ears: Ears) -> None:
    arrived: dict[float, float] = {}
    operators = [Operator(arrived, plan["receipts"]) for _ in plan["operators"]]
    nothing = lambda payload: None  # noqa: E731
    bare = plan["kind"] == "bare"
    if bare:
        jobs = [
            connect(f"{plan['url']}/echo?groups={','.join(o['conversations'])}", operator.on_text, nothing)
            for o, operator in zip(plan["operators"], operators, strict=True)
        ]
        senders = [
            connect(f"{plan['url']}/echo?groups={v['conversation']}", nothing, nothing) for v in plan["visitors"]
        ]
    else:
        jobs = [
            ours_operator(plan, o, operator.on_text) for o, operator in zip(plan["operators"], operators, strict=True)
        ]
        senders = [ours_visitor(plan, v, nothing) for v in plan["visitors"]]
    for operator, wire in zip(operators, await in_turns(jobs), strict=True):
        operator.wire = wire
    wires = await in_turns(senders)
    say(event="ready")
    await ears.hear()

    sent: list[float] = []
    begin = time.perf_counter() + 0.2
    end = begin + plan["warm"] + plan["seconds"]

    async def talk(wire: Wire, conversation: str) -> None:
        at = begin + random.random() * plan["interval"]
        while at < end:
            await asyncio.sleep(at - time.perf_counter())
            now = time.perf_counter()
            text = f"mark {now:.9f} {PADDING}"
            if now >= begin + plan["warm"]:
                sent.append(float(f"{now:.9f}"))
            wire.send(b'{"text":"%b"}' % text.encode() if bare else command(conversation, text))
            at += plan["interval"]

    clock = Clock()
    await asyncio.gather(*(talk(w, v["conversation"]) for w, v in zip(wires, plan["visitors"], strict=True)))
    share = clock.share()
    deadline = time.perf_counter() + 5
    while any(at not in arrived for at in sent) and time.perf_counter() < deadline:
        await asyncio.sleep(0.05)
    delays = [1000 * (arrived[at] - at) for at in sent if at in arrived]
    say(event="result", delays=delays, missing=len(sent) - len(delays), generator=share)


# ---------------------------------------------------------------------------------------------- throughput


async def throughput(plan: dict[str, Any], ears: Ears) -> None:
    counts = [0]
    delays: deque[float] = deque(maxlen=100_000)
    bare = plan["kind"] != "ours"
    needle = b'"stored"' if bare else b'"message.posted"'
    stopped = False

    class Talker:
        wire: Wire

        def __init__(self, conversation: Any) -> None:
            self.conversation = conversation

        def say(self) -> None:
            client_id = str(uuid4())
            self.waiting = client_id.encode()
            self.at = time.perf_counter()
            body = {"conversation": self.conversation, "client_id": client_id, "text": PADDING}
            self.wire.send(
                json.dumps(body if bare else {"type": "message.post", **body}, separators=(",", ":")).encode()
            )

        def on_text(self, payload: bytes) -> None:
            if self.waiting in payload and needle in payload:
                counts[0] += 1
                delays.append(1000 * (time.perf_counter() - self.at))
                if not stopped:
                    self.say()
            elif b'"error"' in payload[:20]:
                raise RuntimeError(payload.decode())

    nothing = lambda payload: None  # noqa: E731
    talkers = [Talker(v["row"] if bare else v["conversation"]) for v in plan["visitors"]]
    if bare:
        jobs = [connect(f"{plan['url']}/{plan['kind']}", talker.on_text, nothing) for talker in talkers]
    else:
        jobs = [ours_visitor(plan, v, talker.on_text) for v, talker in zip(plan["visitors"], talkers, strict=True)]
        await in_turns([ours_operator(plan, o, nothing) for o in plan["operators"]])
    for talker, wire in zip(talkers, await in_turns(jobs), strict=True):
        talker.wire = wire
    say(event="ready")
    await ears.hear()
    for talker in talkers:
        talker.say()
    await asyncio.sleep(plan["warm"])
    delays.clear()
    clock, begin, before = Clock(), time.perf_counter(), counts[0]
    await asyncio.sleep(plan["seconds"])
    rate, share = (counts[0] - before) / (time.perf_counter() - begin), clock.share()
    stopped = True
    await asyncio.sleep(0.5)
    say(event="result", rate=rate, delays=list(delays), generator=share)


# --------------------------------------------------------------------------------------------- idle sockets


async def idle(plan: dict[str, Any], ears: Ears) -> None:
    nothing = lambda payload: None  # noqa: E731
    wires = []
    for begin, end in ((0, plan["warm"]), (plan["warm"], len(plan["visitors"]))):
        part = plan["visitors"][begin:end]
        if plan["kind"] == "ours":
            wires += await in_turns([ours_visitor(plan, v, nothing) for v in part])
        else:
            wires += await in_turns(
                [connect(f"{plan['url']}/idle?{v['conversation']}", nothing, nothing) for v in part]
            )
        say(event="ready")
        await ears.hear()
    say(event="result", open=sum(wire.transport is not None for wire in wires))


MODES = {"roundtrip": roundtrip, "throughput": throughput, "idle": idle, "restart": run_restart}


async def main() -> None:
    ears = Ears()
    plan = await ears.open()
    await MODES[plan["mode"]](plan, ears)


if __name__ == "__main__":
    import uvloop

    uvloop.run(main())
