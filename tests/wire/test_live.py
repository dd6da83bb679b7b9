"""Tabs, drops and returns: what a client sees is what is stored, whatever happened to its line."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.services import SiteServer, TcpProxy, site_server
from tests.wire.clients import Shop, crowd, level, stop_all, stored, until
from tests.wire.conftest import Come, Door, make_room, options, talk

pytestmark = [pytest.mark.covers("E1", "E2", "E3")]


async def test_two_tabs_of_a_visitor_are_in_step(door: Door, people: Come) -> None:
    first, operator, conversation = await talk(door, people)
    second = await people(door.visitor(token=first.token))
    await second.shows("Hello")

    await first.say("from the first tab")
    await second.say("from the second tab")
    await operator.say("to both", conversation)

    for tab in (first, second):
        await tab.shows("Hello", "from the first tab", "from the second tab", "to both")


async def test_a_tab_that_was_open_before_sees_the_conversation_that_another_tab_starts(
    door: Door, people: Come
) -> None:
    first = await people(door.visitor())
    second = await people(door.visitor(token=first.token))

    await first.say("Hello")

    await second.shows("Hello")


async def test_two_tabs_that_both_start_end_up_in_one_conversation(door: Door, people: Come) -> None:
    first = await people(door.visitor())
    second = await people(door.visitor(token=first.token))

    conversations = await asyncio.gather(first.say("one"), second.say("two"))

    assert len(set(conversations)) == 1
    for tab in (first, second):
        await tab.until(lambda tab=tab: sorted(tab.texts()) == ["one", "two"])
    assert first.texts() == second.texts()


async def test_two_tabs_of_an_operator_are_in_step(door: Door, people: Come) -> None:
    visitor, first, conversation = await talk(door, people)
    second = await people(door.operator(cookies=first.cookies))
    await second.shows("Hello", conversation=conversation)

    await first.say("from the first tab", conversation)
    await second.say("from the second tab", conversation)
    await visitor.say("thanks")
    await second.send("receipt.mark", conversation=conversation, seen=visitor.model.timeline().cursor)

    for tab in (first, second):
        await tab.shows("Hello", "from the first tab", "from the second tab", "thanks", conversation=conversation)
        await tab.until(
            lambda tab=tab: tab.model.conversations[conversation]["unread"] == 0, what="nothing unread in either tab"
        )


async def test_what_was_said_while_the_line_was_down_is_there_after_it(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)

    visitor.comes_back = False
    await visitor.drop()
    await visitor.until(lambda: not visitor.model.is_live)
    for number in range(5):
        await operator.say(f"meanwhile {number}", conversation)
    visitor.write("written while offline")
    visitor.comes_back = True
    await visitor.start()

    await visitor.until(lambda: not visitor.model.outbox)
    expected = ["Hello", *(f"meanwhile {number}" for number in range(5)), "written while offline"]
    await visitor.shows(*expected)
    await operator.shows(*expected, conversation=conversation)
    assert level([visitor, operator], stored(door.site.query, [conversation])) == []


async def test_an_acknowledgement_that_was_lost_comes_again(asgi: SiteServer, people: Come) -> None:
    with TcpProxy(asgi.port) as network:
        near = await Shop.find(asgi.url)
        shop = Shop(network.url, near.site_id)
        visitor = await people(shop.visitor(token=await near.token()))
        conversation = await visitor.say("Hello")

        # The command gets through (a moment is enough), the answer does not: everything is reset.
        visitor.write("Is this stored twice?")
        network.delay(0.0)
        await visitor._flush()
        network.cut()

        await visitor.until(lambda: not visitor.model.outbox, what="the acknowledgement")
        await visitor.shows("Hello", "Is this stored twice?")
        assert level([visitor], stored(asgi.query, [conversation])) == []


async def test_a_poll_with_nothing_new_is_304(asgi: SiteServer, people: Come) -> None:
    door = Door("http", "http", asgi, asgi)
    visitor, operator, conversation = await talk(door, people)

    for person in (visitor, operator):
        await person.until(lambda person=person: 304 in person.line.polls[-3:], what="a 304")
    heard = len(visitor.events)
    await visitor.until(lambda: visitor.line.polls[-3:] == [304, 304, 304], what="quiet")
    assert len(visitor.events) == heard

    await operator.say("New", conversation)
    await visitor.shows("Hello", "New")


@pytest.mark.covers("A9")
async def test_a_network_that_swallows_everything_is_noticed_by_the_server(site_template: Path) -> None:
    """A visitor whose network is gone is shown as gone after the grace time, and as back when it is back."""
    env = options(GRACE_SECONDS=2, LEASE_SECONDS=0.5, SWEEP_SECONDS=0.5, HEARTBEAT_SECONDS=1)
    with site_server(template=site_template, env=env) as site, TcpProxy(site.port) as network:
        make_room(site)
        near = await Shop.find(site.url)
        visitor = await Shop(network.url, near.site_id).visitor(token=await near.token())
        async with visitor, await near.operator("operator") as operator:
            conversation = await visitor.say("Hello")
            await operator.accept(conversation)

            def is_online() -> bool:
                return bool(operator.model.conversations[conversation]["visitor"]["online"])

            await operator.until(is_online)
            network.refuse()
            await operator.until(lambda: not is_online(), what="the visitor to be gone")
            await operator.say("Are you there?", conversation)
            network.resume()

            await operator.until(is_online, what="the visitor to be back")
            await visitor.shows("Hello", "Are you there?")


async def test_many_visitors_talk_at_once(door: Door, people: Come) -> None:
    shop = await Shop.find(door.site.url)
    operator = await people(door.operator())
    count = 60 if door.is_socket else 15
    visitors = await crowd(shop, count)
    try:
        for visitor in visitors:
            visitor.via = door.via
            visitor.model.token = visitor.token if door.is_socket else None
            # As the real client: with as many as there are here, a server does little else than answer quicker ones.
            visitor.poll_seconds = 2.0
        await asyncio.gather(*(visitor.start() for visitor in visitors))
        conversations = await asyncio.gather(*(visitor.say(f"I am {visitor.name}", timeout=60) for visitor in visitors))
        for conversation in conversations:
            await operator.accept(conversation, timeout=60)
        await asyncio.gather(
            *(operator.until(lambda c=c: c in operator.model.timelines, timeout=60) for c in conversations)
        )
        for conversation in conversations:
            operator.write("Hello", conversation)
        await operator._flush()
        await asyncio.gather(*(visitor.shows(f"I am {visitor.name}", "Hello", timeout=60) for visitor in visitors))
        await operator.until(lambda: not operator.model.outbox, timeout=60)
        await until(lambda: level([operator, *visitors], stored(door.site.query, conversations)) == [])
        for conversation in conversations:
            await operator.send("conversation.end", conversation=conversation)
    finally:
        await stop_all(visitors)
