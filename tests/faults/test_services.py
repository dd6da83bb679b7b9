"""Redis and PostgreSQL go away and come back; SQLite is locked; the network swallows everything."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.faults.conftest import Stack
from tests.services import TcpProxy
from tests.wire.clients import Person, Shop, by_hand, http_client, level, stored, until
from tests.wire.conftest import make_room, options

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.covers("E1", "E2")]


async def active(shop: Shop) -> tuple[Person, Person, str]:
    """A visitor and an operator in a conversation; whoever calls lets them go."""
    visitor, operator = await shop.visitor(), await shop.operator("operator")
    await visitor.start()
    await operator.start()
    conversation = await visitor.say("Hello")
    await operator.accept(conversation)
    return visitor, operator, conversation


@pytest.mark.parametrize("layer", ["pubsub", "core"])
async def test_redis_is_killed_and_comes_back(make_stack: Callable[..., Stack], layer: str) -> None:
    stack = make_stack(layer=layer)
    shop = await Shop.find(stack.site.url)
    visitor, operator, conversation = await active(shop)
    async with visitor, operator:
        await by_hand(stack.redis.kill)

        # Redis carries hints only: what is said is stored and acknowledged all the same.
        visitor.write("Redis is away")
        operator.write("So it is", conversation)
        if layer == "pubsub":  # with the core layer the sockets close, and none is had until Redis is back
            await asyncio.gather(*(p.until(lambda p=p: not p.model.outbox) for p in (visitor, operator)))
            assert len(stored(stack.site.query, [conversation])[conversation]) == 4

        await by_hand(stack.redis.restart)
        await visitor.say("It is back", timeout=30)
        for person in (visitor, operator):
            await person.until(
                lambda p=person: sorted(p.texts(conversation)) == ["Hello", "It is back", "Redis is away", "So it is"],
                timeout=30,
            )
        assert level([visitor, operator], stored(stack.site.query, [conversation])) == []


@pytest.mark.parametrize("layer", ["pubsub", "core"])
async def test_hints_flow_again_after_redis_was_restarted(make_stack: Callable[..., Stack], layer: str) -> None:
    """With a heartbeat far away, only a hint can tell."""
    stack = make_stack(layer=layer, HEARTBEAT_SECONDS=300)
    shop = await Shop.find(stack.site.url)
    visitor, operator, conversation = await active(shop)
    async with visitor, operator:
        await by_hand(stack.redis.kill)
        await by_hand(stack.redis.restart)

        deadline = time.monotonic() + 30
        number = 0
        while True:
            number += 1
            text = f"Do you hear me? {number}"
            await visitor.say(text, timeout=30)
            try:
                await operator.until(lambda text=text: text in operator.texts(conversation), timeout=1)
                break
            except AssertionError:
                assert time.monotonic() < deadline, "hints never flowed again"
        assert level([visitor, operator], stored(stack.site.query, [conversation])) == []


async def test_with_the_layer_away_pages_are_served_and_the_http_door_does_everything(
    make_stack: Callable[..., Stack],
) -> None:
    """The page of the site never fails and never slows because the chat is down."""
    stack = make_stack(layer="layer-only")
    shop = await Shop.find(stack.site.url)
    await by_hand(stack.redis.kill)
    async with http_client(base_url=shop.url, timeout=60) as http:
        await http.get("/")
        started = time.monotonic()
        page = await http.get("/")
        assert page.status_code == 200
        assert b"data-livechat" in page.content
        assert time.monotonic() - started < 3
        assert (await http.get("/livechat/boot/", params={"site": shop.site_id})).status_code == 200
    visitor, operator = await shop.visitor(via="http"), await shop.operator("operator", via="http")
    async with visitor, operator:
        conversation = await visitor.say("No Redis, no socket, no matter")
        await operator.accept(conversation)
        await operator.say("Indeed", conversation)
        await visitor.shows("No Redis, no socket, no matter", "Indeed")


async def test_with_the_cache_away_the_http_door_says_so(make_stack: Callable[..., Stack]) -> None:
    stack = make_stack()
    shop = await Shop.find(stack.site.url)
    token = await shop.token()
    await by_hand(stack.redis.kill)
    async with http_client(base_url=shop.url, timeout=60) as http:
        answer = await http.get("/livechat/events/", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code in (200, 503), answer.text[:200]
        if answer.status_code == 503:
            assert answer.json()["events"][0]["code"] == "unavailable"
            assert answer.headers["Retry-After"]


@pytest.mark.parametrize("how", ["restart", "kill"])
async def test_postgres_goes_away_and_comes_back(make_stack: Callable[..., Stack], how: str) -> None:
    stack = make_stack()
    shop = await Shop.find(stack.site.url)
    visitor, operator, conversation = await active(shop)
    async with visitor, operator:
        await by_hand(stack.postgres.kill if how == "kill" else stack.postgres.terminate)
        visitor.write("PostgreSQL is away")
        await visitor._flush()
        await visitor.until(lambda: visitor.model.errors or visitor.closes, timeout=20, what="a refusal that passes")
        assert not visitor.model.refused
        assert visitor.model.waiting
        await by_hand(stack.postgres.start)

        await visitor.until(lambda: not visitor.model.outbox, timeout=30)
        await operator.say("Welcome back", conversation, timeout=30)
        for person in (visitor, operator):
            await person.shows("Hello", "PostgreSQL is away", "Welcome back", conversation=conversation, timeout=30)
        assert level([visitor, operator], stored(stack.site.query, [conversation])) == []


async def test_sqlite_is_locked_for_some_seconds(make_site: Callable[..., Any]) -> None:
    site = make_site(env=options(HEARTBEAT_SECONDS=1))
    make_room(site)
    shop = await Shop.find(site.url)
    visitor, operator, conversation = await active(shop)
    async with visitor, operator:
        path = site.database_url.removeprefix("sqlite:///")
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )  # fmt: skip
        try:
            assert holder.stdout
            assert await by_hand(holder.stdout.readline) == "locked\n"
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                sqlite3.connect(path, timeout=0).execute("UPDATE wagtail_livechat_operator SET capacity = capacity")
            visitor.write("Is anybody writing?")
            await visitor._flush()
            with pytest.raises(AssertionError):
                await visitor.until(lambda: not visitor.model.outbox, timeout=3)
        finally:
            holder.communicate("\n", timeout=10)
        await visitor.until(lambda: not visitor.model.outbox, timeout=30)
        await operator.shows("Hello", "Is anybody writing?", conversation=conversation, timeout=30)
        assert level([visitor, operator], stored(site.query, [conversation])) == []


HOLD = """
import sqlite3, sys
link = sqlite3.connect(sys.argv[1], isolation_level=None)
link.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
link.execute("COMMIT")
"""


@pytest.mark.parametrize("how", ["swallows", "refuses"])
async def test_the_network_is_gone_and_back(make_stack: Callable[..., Stack], how: str) -> None:
    stack = make_stack()
    with TcpProxy(stack.site.port) as network:
        near = await Shop.find(stack.site.url)
        visitor = await Shop(network.url, near.site_id).visitor(token=await near.token())
        async with visitor, await near.operator("operator") as operator:
            conversation = await visitor.say("Hello")
            await operator.accept(conversation)
            network.pause() if how == "swallows" else network.refuse()
            visitor.write("From the tunnel")
            await visitor._flush()
            await operator.say("Are you there?", conversation)
            await visitor.until(lambda: not visitor.model.is_live, timeout=15, what="the client to notice the silence")
            await operator.say("Hello?", conversation)
            network.resume()

            await visitor.until(lambda: not visitor.model.outbox, timeout=30)
            for person in (visitor, operator):
                await person.until(
                    lambda p=person: (
                        sorted(p.texts(conversation)) == ["Are you there?", "From the tunnel", "Hello", "Hello?"]
                    ),
                    timeout=20,
                )
            assert visitor.texts() == operator.texts(conversation)
            assert level([visitor, operator], stored(stack.site.query, [conversation])) == []


async def test_a_worker_does_what_is_enqueued(make_stack: Callable[..., Stack]) -> None:
    """django-rq: the sweep as a job, from the web process's enqueue to the worker's queue."""
    stack = make_stack(RQ_QUEUE="default", GRACE_SECONDS=1, SWEEP_SECONDS=10_000)
    site = stack.site
    shop = await Shop.find(site.url)
    visitor = await shop.visitor()
    operator = await shop.operator("operator")
    async with visitor:
        conversation = await visitor.say("Hello")
        async with operator:
            await operator.accept(conversation)
        enqueue = "from wagtail_livechat.tasks import _worker, enqueue, sweep_job; enqueue(sweep_job); _worker.shutdown(wait=True)"
        gone = "SELECT count(*) FROM wagtail_livechat_operator WHERE last_seen > now() - interval '1 second'"
        await until(lambda: site.query(gone) == [(0,)], what="the grace time to pass")
        await by_hand(site.manage, "shell", "-c", enqueue)
        # Nobody has done it yet: that is the worker's work.
        assert site.query("SELECT state FROM wagtail_livechat_conversation WHERE uuid = %s", [conversation]) == [
            ("active",)
        ]
        await by_hand(site.manage, "rqworker", "default", "--burst")
        await visitor.until(lambda: visitor.model.conversation["state"] == "queued", timeout=15)
