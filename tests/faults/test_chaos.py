"""Everything is killed at random while everybody talks. Then: acknowledged is stored, once, in one order, for everyone."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable

import pytest

from tests.faults.conftest import Stack
from tests.wire.clients import Person, Shop, by_hand, connect_all, crowd, level, stop_all, stored

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.slow, pytest.mark.covers("E1", "E2")]

VISITORS, OPERATORS = 10, ("operator", "manager")


async def talk_on(person: Person, stop: asyncio.Event, chance: random.Random) -> None:
    """Say something every now and then, into whatever conversation there is, whether the line is up or not."""
    number = 0
    while not stop.is_set():
        await asyncio.sleep(chance.uniform(0.05, 0.5))
        number += 1
        if person.side == "visitor":
            person.write(f"{person.name} says {number}")
        else:
            mine = [c["id"] for c in person.model.conversations.values() if c["mine"] and c["state"] == "active"]
            if mine:
                person.write(f"{person.name} answers {number}", chance.choice(sorted(mine)))


async def accept_on(person: Person, stop: asyncio.Event) -> None:
    """Take whatever is offered. What gets lost is offered again, or was taken."""
    while not stop.is_set():
        await asyncio.sleep(0.2)
        for offer in sorted(person.model.offers):
            if person.line is not None and person.model.is_live:
                try:
                    await person.send("offer.accept", offer=offer)
                except Exception:
                    break  # the line is gone; the client comes back by itself


async def break_things(stack: Stack, people: list[Person], seconds: float, chance: random.Random) -> list[str]:
    """Kill one thing after the other, and start it again a moment later. Returns what was done."""
    done: list[str] = []
    bag: list[str] = []  # everything in turn, in any order
    services = {"site": stack.site, "redis": stack.redis, "postgres": stack.postgres}
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        await asyncio.sleep(chance.uniform(0.3, 2.0))
        if not bag:
            bag = chance.sample(["site", "redis", "postgres", "line"], 4)
        what = bag.pop()
        done.append(what)
        if what == "line":
            for person in chance.sample(people, 3):
                if person.line is not None:
                    await person.drop()
            continue
        service = services[what]
        await by_hand(service.kill)
        await asyncio.sleep(chance.uniform(0, 1.0))
        await by_hand(service.start)
    return done


@pytest.mark.parametrize(("layer", "seed", "seconds"), [("pubsub", 1, 25), ("core", 2, 12), ("dropping", 3, 12)])
async def test_nothing_is_lost_and_nothing_comes_twice(
    make_stack: Callable[..., Stack], layer: str, seed: int, seconds: float
) -> None:
    stack = make_stack(layer=layer)
    chance = random.Random(seed)
    shop = await Shop.find(stack.site.url)
    visitors = await crowd(shop, VISITORS)
    operators = [await shop.operator(name) for name in OPERATORS]
    people = [*visitors, *operators]
    stop = asyncio.Event()
    talking: list[asyncio.Task[None]] = []
    try:
        await connect_all(people)
        await asyncio.gather(*(visitor.say("Hi", timeout=30) for visitor in visitors))
        for person in people:
            talking.append(asyncio.create_task(talk_on(person, stop, random.Random(f"{seed} {person.name}"))))
        for operator in operators:
            talking.append(asyncio.create_task(accept_on(operator, stop)))
        done = await break_things(stack, people, seconds, chance)
        stop.set()
        await asyncio.gather(*talking)
        print(f"seed {seed}: {done}")

        def is_calm(person: Person) -> bool:
            holes = any(t.is_loaded and t.has_hole for t in person.model.timelines.values())
            return person.model.is_live and not person.model.waiting and not holes

        await asyncio.gather(
            *(person.until(lambda p=person: is_calm(p), timeout=60, what="calm after the storm") for person in people)
        )
        everything = {c for person in people for c in person.model.timelines}
        wrong: list[str] = ["not looked yet"]
        deadline = time.monotonic() + 20
        while wrong and time.monotonic() < deadline:
            wrong = level(people, await by_hand(stored, stack.site.query, everything))
            await asyncio.sleep(0.2)
        assert wrong == []
        assert not any(person.model.refused for person in people), "a text was refused for good"
        acknowledged = sum(len(person.model.acknowledged) for person in people)
        assert acknowledged > 3 * VISITORS
        # What one wrote is in the order in which one wrote it.
        there = stored(stack.site.query, everything)
        for person in people:
            for rows in there.values():
                numbers = [
                    int(row[2].split()[-1]) for row in rows if row[1] in person.model.acknowledged and row[2] != "Hi"
                ]
                assert numbers == sorted(numbers), f"{person.name} was put out of order"
        # And the rest of what a visitor is told is true as well, be every hint dropped.
        states = {
            str(uuid): state
            for uuid, state in stack.site.query("SELECT uuid, state FROM wagtail_livechat_conversation")
        }
        for visitor in visitors:
            await visitor.until(
                lambda v=visitor: v.model.conversation["state"] == states[v.model.conversation["id"]],
                what="the state as stored",
            )
        assert "active" in {visitor.model.conversation["state"] for visitor in visitors}
    finally:
        stop.set()
        for task in talking:
            task.cancel()
        await stop_all(people)
