"""Who may open a socket, and what becomes of one that misbehaves. The server's log is read: no traceback, no token."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect

from tests.services import SiteServer, site_server
from tests.wire.clients import Shop, by_hand, crowd, stop_all, until
from tests.wire.conftest import make_room, options
from wagtail_livechat import protocol as p

HELLO_TIMEOUT = 2
pytestmark = [pytest.mark.covers("E2")]


@pytest.fixture(scope="module")
def site(site_template: Path) -> Iterator[SiteServer]:
    """With the limits that it has by default, but for quicker time-outs."""
    env = options(
        COMMAND_RATE=[30, 10],
        HELLO_TIMEOUT=HELLO_TIMEOUT,
        SEND_TIMEOUT=2,
        MAX_SOCKETS_PER_VISITOR=4,
        HEARTBEAT_SECONDS=2,
    )
    with site_server(template=site_template, env=env) as server:
        make_room(server)
        yield server


@pytest.fixture(autouse=True)
def no_traceback(site: SiteServer) -> Iterator[None]:
    """Whatever anybody sends, the server has nothing to be surprised about."""
    before = len(site.log_path.read_text())
    yield
    log = site.log_path.read_text()[before:]
    assert "Traceback" not in log, log[-3000:]
    assert "ERROR" not in log, log[-3000:]


async def dial(site: SiteServer, path: str = "visitor", **options: Any) -> ClientConnection:
    options = {
        "origin": site.url,
        "compression": None,
        "proxy": None,
        "ping_interval": None,
        "open_timeout": 15,
        **options,
    }
    return await connect(f"{site.ws_url}/livechat/ws/{path}/", **options)


async def greet(site: SiteServer, token: str | None = None) -> ClientConnection:
    """A visitor's socket that has said hello."""
    token = token or await (await Shop.find(site.url)).token()
    line = await dial(site)
    await line.send(json.dumps({"type": "visitor.hello", "version": p.VERSION, "token": token}))
    assert (await hear(line))["type"] == "visitor.snapshot"
    return line


async def hear(line: ClientConnection, timeout: float = 10) -> dict[str, Any]:
    async with asyncio.timeout(timeout):
        while True:
            event = json.loads(await line.recv())
            if event["type"] not in ("heartbeat", "site.changed"):
                return event


async def closed(line: ClientConnection, timeout: float = 10) -> tuple[int | None, list[dict[str, Any]]]:
    """The code that the server closed with, and what it said until then."""
    said = []
    async with asyncio.timeout(timeout):
        try:
            while True:
                said.append(json.loads(await line.recv()))
        except websockets.ConnectionClosed as end:
            return (end.rcvd.code if end.rcvd else None), said


# ------------------------------------------------------------------------------------------- the handshake


@pytest.mark.parametrize("path", ["visitor", "operator"])
@pytest.mark.parametrize(
    "origin",
    [
        None, "null", "http://evil.example", "https://localhost.evil.example", "http://localhost.:1", "http://", "http://[", "http://[::1",
        "javascript:alert(1)", "file:///etc/passwd", "http://localhost:99999", "http://localhost:x", "http://user@localhost",
        "http://localhost/path", "localhost", "x" * 4000, "http://\u00e9", "http://loc\u2100lhost", "http://localhost http://evil.example",
    ],
)  # fmt: skip
async def test_a_foreign_origin_is_refused(site: SiteServer, path: str, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin.encode("utf-8").decode("latin-1")}
    with pytest.raises(websockets.InvalidStatus) as refusal:
        await dial(site, path, origin=None, additional_headers=headers)
    assert refusal.value.response.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "localhost@evil.example", "[::1", "", "a" * 300, "localhost:port"])
async def test_an_unknown_host_is_refused(site: SiteServer, host: str) -> None:
    key = "dGhlIHNhbXBsZSBub25jZQ=="
    request = (
        f"GET /livechat/ws/visitor/ HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(request.encode())
    status = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    assert status.split()[1] in (b"403", b"400"), status


async def test_an_address_that_is_no_socket_is_refused(site: SiteServer) -> None:
    for path in ("/", "/livechat/boot/", "/livechat/ws/visitor", "/nowhere/"):
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await connect(site.ws_url + path, origin=site.url, compression=None, proxy=None)
        assert refusal.value.response.status_code == 403


async def test_the_token_is_in_no_address_and_no_log(site_template: Path) -> None:
    """Everything of Django and the package at DEBUG, and the access log."""
    settings = "tests.wire.settings_debug"
    with site_server(template=site_template, env=options(), settings=settings) as loud:
        shop = await Shop.find(loud.url)
        tokens = []
        for via in ("socket", "http"):
            visitor = await shop.visitor(via=via)  # type: ignore[arg-type]
            tokens.append(visitor.token)
            async with visitor:
                await visitor.say("A secret thing to say")
                await visitor.ask("message.post", conversation=str(uuid.uuid4()), client_id=str(uuid.uuid4()), text="x")
                await visitor.ask("no.such.command")
        loud.terminate()
        log = loud.log_path.read_text()

    assert "INSERT INTO" in log, "the log is at DEBUG"
    for token in tokens:
        assert token
        assert token not in log
        assert token[:16] not in log


# ------------------------------------------------------------------------------------------------- abuse


async def test_more_than_64_kib_is_too_large(site: SiteServer) -> None:
    line = await greet(site)
    await line.send(json.dumps({"type": "ping", "ref": "x" * 70_000}))
    code, _ = await closed(line)
    assert code == 1009


async def test_the_package_holds_the_limit_where_the_server_does_not(site_template: Path) -> None:
    with site_server(template=site_template, env=options(), arguments=["--ws-max-size", "10000000"]) as wide:
        line = await greet(wide)
        await line.send(json.dumps({"type": "ping", "ref": "x" * 70_000}))
        code, said = await closed(line)
        assert code == 1009
        assert said[-1]["code"] == "too_large"
        assert "Traceback" not in wide.log_tail(100)


BAD_FRAMES: dict[str, str | bytes] = {
    "nothing": "",
    "no JSON": "hello",
    "binary": b'{"type":"ping"}',
    "a list": "[]",
    "a string": '"ping"',
    "null": "null",
    "a number": "1e999",
    "not a number": '{"type":"ping","ref":NaN}',
    "a huge number": '{"type":"ping","version":' + "9" * 10_000 + "}",
    "very deep": "[" * 30_000 + "]" * 30_000,
    "deep objects": '{"a":' * 10_000 + "1" + "}" * 10_000,
    "an endless string": '"' + '\\"' * 32_000,
    "NUL": "\x00",
}


@pytest.mark.parametrize("is_known", [True, False], ids=["after hello", "before hello"])
@pytest.mark.parametrize("name", BAD_FRAMES)
async def test_what_is_no_command_is_answered_and_ends_the_socket(site: SiteServer, name: str, is_known: bool) -> None:
    line = await (greet(site) if is_known else dial(site))
    started = time.monotonic()
    await line.send(BAD_FRAMES[name])
    code, said = await closed(line)
    assert (code, said[-1]["type"], said[-1]["code"]) == (1008, "error", "bad_json")
    assert time.monotonic() - started < 5


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown type": ({"type": "shop.buy"}, "unknown_type"),
    "an operator's command": ({"type": "offer.accept", "offer": 1}, "unknown_type"),
    "no type": ({}, "unknown_type"),
    "a type that is a list": ({"type": ["ping"]}, "unknown_type"),
    "an unknown field": ({"type": "ping", "more": 1}, "bad_command"),
    "a field named by a lone surrogate": ({"type": "ping", "\ud800": 1}, "bad_command"),
    "a ref that is a number": ({"type": "ping", "ref": 5}, "bad_command"),
    "a ref that is too long": ({"type": "ping", "ref": "x" * 65}, "bad_command"),
    "a conversation that is a number": ({"type": "timeline.fetch", "conversation": 7}, "bad_command"),
    "a conversation that is no UUID": ({"type": "timeline.fetch", "conversation": "7"}, "bad_command"),
    "a conversation in braces": ({"type": "timeline.fetch", "conversation": f"{{{uuid.uuid4()}}}"}, "bad_command"),
    "a seq that is text": ({"type": "timeline.fetch", "conversation": str(uuid.uuid4()), "after": "1"}, "bad_command"),
    "a seq below nothing": ({"type": "timeline.fetch", "conversation": str(uuid.uuid4()), "after": -1}, "bad_command"),
    "a seq beyond the database": (
        {"type": "timeline.fetch", "conversation": str(uuid.uuid4()), "after": 2**31},
        "bad_command",
    ),
    "an empty text": (
        {"type": "message.post", "conversation": str(uuid.uuid4()), "client_id": str(uuid.uuid4()), "text": " \n"},
        "bad_command",
    ),
    "a text that is an object": (
        {"type": "message.post", "conversation": str(uuid.uuid4()), "client_id": str(uuid.uuid4()), "text": {}},
        "bad_command",
    ),
    "a truth that is a word": (
        {"type": "typing.set", "conversation": str(uuid.uuid4()), "active": "yes"},
        "bad_command",
    ),
    "somebody else's conversation": ({"type": "timeline.fetch", "conversation": str(uuid.uuid4())}, "not_found"),
}


async def test_what_cannot_be_obeyed_is_answered_and_the_socket_lives(site: SiteServer) -> None:
    line = await greet(site)
    for name, (command, code) in WRONG.items():
        await line.send(json.dumps(command))
        answer = await hear(line)
        assert (name, answer["type"], answer.get("code")) == (name, "error", code)
    await line.send(json.dumps({"type": "nonsense", "ref": "mine"}))
    assert (await hear(line))["ref"] == "mine"
    await line.send('{"type": "nonsense", "ref": "\\ud800"}')
    assert "ref" not in await hear(line)
    await line.send(json.dumps({"type": "ping", "ref": "alive"}))
    assert (await hear(line))["type"] == "pong"
    await line.close()


async def test_a_command_before_hello_is_refused(site: SiteServer) -> None:
    line = await dial(site)
    await line.send(json.dumps({"type": "ping"}))
    code, said = await closed(line)
    assert (code, said[-1]["code"]) == (4401, "unauthorised")


@pytest.mark.parametrize("token", ["x" * 43, "\ud800" * 20, "\x00" * 20, None])
async def test_a_token_that_is_none_is_refused(site: SiteServer, token: str | None) -> None:
    line = await dial(site)
    hello = {"type": "visitor.hello", "version": p.VERSION, **({"token": token} if token else {})}
    await line.send(json.dumps(hello))
    said = await hear(line)
    assert said["code"] in ("unauthorised", "bad_command")
    await line.close()


async def test_nobody_signed_in_is_refused_at_the_operators_socket(site: SiteServer) -> None:
    for cookie in (
        "",
        "sessionid=",
        "sessionid=guess",
        "sessionid=" + "x" * 3000,
        "\xff\xfe=;;;=",
        "sessionid=a; sessionid=b",
    ):
        line = await dial(site, "operator", additional_headers={"Cookie": cookie})
        await line.send(json.dumps({"type": "operator.hello", "version": p.VERSION}))
        code, said = await closed(line)
        assert (code, said[-1]["code"]) == (4401, "unauthorised")


async def test_a_flood_is_told_to_slow_down_and_then_closed(site: SiteServer) -> None:
    line = await greet(site)
    for number in range(150):
        try:
            await line.send(json.dumps({"type": "ping", "ref": str(number)}))
        except websockets.ConnectionClosed:
            break
    code, said = await closed(line)

    assert code == 1008
    answered = [event["ref"] for event in said if event["type"] == "pong"]
    refused = [event for event in said if event["type"] == "error"]
    assert 29 <= len(answered) < 60
    assert {event["code"] for event in refused} == {"rate_limited"}
    assert refused[0]["ref"] not in answered
    assert refused[0]["retry_after"] > 0
    await (await greet(site)).close()


async def test_a_flood_of_misunderstandings_is_closed_too(site: SiteServer) -> None:
    line = await greet(site)
    said: list[dict[str, Any]] = []

    async def speak() -> None:
        while True:
            await line.send(json.dumps({"type": "nonsense"}))
            await asyncio.sleep(0.11)  # below the rate limit

    speaking = asyncio.create_task(speak())
    code, said = await closed(line, timeout=30)
    speaking.cancel()
    await asyncio.gather(speaking, return_exceptions=True)
    assert code == 1008
    assert {event["code"] for event in said if event["type"] == "error"} == {"unknown_type"}


async def test_too_many_tabs_of_one_visitor_are_refused(site: SiteServer) -> None:
    token = await (await Shop.find(site.url)).token()
    lines = [await greet(site, token) for _ in range(4)]
    fifth = await dial(site)
    await fifth.send(json.dumps({"type": "visitor.hello", "version": p.VERSION, "token": token}))

    said = await hear(fifth)
    assert said["code"] == "rate_limited"
    assert said["retry_after"] > 0
    # Nor by greeting as somebody else first.
    sly = await greet(site)
    await sly.send(json.dumps({"type": "visitor.hello", "version": p.VERSION, "token": token}))
    assert (await hear(sly)).get("code") == "rate_limited"
    for line in (*lines, fifth, sly):
        await line.close()

    # Their places are free again.
    async def room() -> bool:
        try:
            await (await greet(site, token)).close()
        except AssertionError:
            return False
        return True

    async with asyncio.timeout(10):
        while not await room():
            await asyncio.sleep(0.1)


async def test_too_many_sockets_of_one_address_are_refused(site_template: Path) -> None:
    with site_server(template=site_template, env=options(MAX_SOCKETS_PER_ADDRESS=5)) as narrow:
        lines = [await dial(narrow) for _ in range(5)]
        with pytest.raises(websockets.InvalidStatus) as refusal:
            await dial(narrow)
        assert refusal.value.response.status_code == 403
        # A header that anybody can write does not make another address.
        with pytest.raises(websockets.InvalidStatus):
            await dial(narrow, additional_headers={"X-Forwarded-For": "203.0.113.9"})
        await lines[0].close()

        async def again() -> bool:
            try:
                lines.append(await dial(narrow))
            except websockets.InvalidStatus:
                return False
            return True

        async with asyncio.timeout(10):
            while not await again():
                await asyncio.sleep(0.05)
        for line in lines:
            await line.close()


async def test_a_silent_socket_is_closed(site: SiteServer) -> None:
    line = await dial(site)
    started = time.monotonic()
    code, said = await closed(line, timeout=HELLO_TIMEOUT + 5)
    assert (code, said[-1]["code"]) == (4401, "unauthorised")
    assert HELLO_TIMEOUT - 0.5 <= time.monotonic() - started <= HELLO_TIMEOUT + 4


# ---------------------------------------------------------------------------------------- what stays behind


def figures(site: SiteServer) -> dict[str, int]:
    """What a process holds on to."""
    folder = Path(f"/proc/{site.pid}")
    status = dict(re.findall(r"^(\w+):\s+(\d+)", (folder / "status").read_text(), re.MULTILINE))
    return {"threads": int(status["Threads"]), "files": len(os.listdir(folder / "fd")), "kB": int(status["VmRSS"])}


async def test_hundreds_of_quick_connects_leave_nothing_behind(site_template: Path) -> None:
    with site_server(template=site_template, env=options()) as fresh:
        shop = await Shop.find(fresh.url)
        people = await crowd(shop, 5)
        for person in people:
            await person.start()
        await stop_all(people)
        before = figures(fresh)
        token = await shop.token()

        async def quick(number: int) -> None:
            # Some leave without a word before anything, some in the middle of hello, some properly.
            if number % 3 == 0:
                _, writer = await asyncio.open_connection("127.0.0.1", fresh.port)
                writer.write(b"GET /livechat/ws/visitor/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n")
                writer.transport.abort()
                return
            line = await dial(fresh)
            if number % 3 == 1:
                await line.send(json.dumps({"type": "visitor.hello", "version": 1, "token": token}))
                line.transport.abort()
            else:
                await line.close()

        for start in range(0, 500, 50):
            await asyncio.gather(*(quick(number) for number in range(start, start + 50)))

        def is_level() -> bool:
            now = figures(fresh)
            return now["files"] <= before["files"] + 2 and now["threads"] <= before["threads"] + 8

        await until(is_level, timeout=20, what=f"the process to let go: {before}, then {figures(fresh)}")
        person = await shop.visitor()
        async with person:
            started = time.monotonic()
            await person.say("Still quick?")
            assert time.monotonic() - started < 2
        started = time.monotonic()
        os.kill(fresh.pid, signal.SIGTERM)
        assert fresh.process is not None
        await by_hand(fresh.process.wait, 10)
        assert time.monotonic() - started < 7
        assert "Traceback" not in fresh.log_path.read_text()


async def test_sigterm_ends_in_time_and_sockets_come_back_elsewhere(site_template: Path) -> None:
    with site_server(template=site_template, env=options()) as site:
        shop = await Shop.find(site.url)
        visitor = await shop.visitor()
        silent = await dial(site)
        async with visitor:
            await visitor.say("Hello")
            started = time.monotonic()
            await by_hand(site.terminate)
            assert time.monotonic() - started < 8
            visitor.write("Anybody there?")
            await by_hand(site.restart)
            await visitor.shows("Hello", "Anybody there?", timeout=20)
        await silent.close()
        assert "Traceback" not in site.log_path.read_text()


async def test_a_client_that_never_reads_is_closed_and_holds_nobody_up(site: SiteServer) -> None:
    shop = await Shop.find(site.url)
    visitor, operator = await shop.visitor(), await shop.operator("operator")
    async with visitor, operator:
        conversation = await visitor.say("x" * 1000)
        await operator.accept(conversation)
        for number in range(60):
            operator.write(f"{number} " + "y" * 4000, conversation)
        await operator.until(lambda: not operator.model.outbox, timeout=60)
        before = figures(site)

        # A raw socket with a small window that asks for a lot and reads nothing.
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.connect(("127.0.0.1", site.port))
        deaf = await dial(site, sock=raw, max_queue=1)
        await deaf.send(json.dumps({"type": "visitor.hello", "version": p.VERSION, "token": visitor.token}))
        deaf.transport.pause_reading()
        files = figures(site)["files"]
        ask = json.dumps({"type": "timeline.fetch", "conversation": conversation, "after": 0})

        async def greedy() -> None:
            while True:
                await deaf.send(ask)
                await asyncio.sleep(0.11)

        asking = asyncio.create_task(greedy())
        try:
            # Others are served meanwhile, and hear heartbeats.
            started = len(visitor.events)
            for number in range(5):
                await visitor.say(f"still here {number}")
            await visitor.heard("heartbeat", since=started)
            await until(lambda: figures(site)["files"] < files, timeout=40, what="the deaf one to be closed", every=0.2)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            deaf.transport.abort()
        assert figures(site)["kB"] - before["kB"] < 60_000
        await operator.send("conversation.end", conversation=conversation)
