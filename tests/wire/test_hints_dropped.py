"""Every hint is dropped, on the channel layer, always. Everything still comes, with the heartbeat."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import SiteServer, site_server
from tests.wire.clients import Shop, level, stored
from tests.wire.conftest import Come, Door, make_room, options, talk

pytestmark = [pytest.mark.covers("E2")]


@pytest.fixture(scope="module")
def site(site_template: Path) -> Iterator[SiteServer]:
    env = options(HEARTBEAT_SECONDS=0.5, LEASE_SECONDS=0.5, GRACE_SECONDS=3, SWEEP_SECONDS=0.5)
    with site_server(template=site_template, env=env, settings="tests.wire.settings_dropping") as server:
        make_room(server)
        yield server
        assert "Traceback" not in server.log_path.read_text()


@pytest.fixture
def door(site: SiteServer) -> Door:
    return Door("dropping", "socket", site, site)


async def test_two_people_talk_all_the_same(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)
    second_tab, colleague = await people(door.visitor(token=visitor.token)), await people(door.operator("manager"))

    await operator.say("Hi", conversation)
    await visitor.say("Bye")

    for tab in (visitor, second_tab):
        await tab.shows("Hello", "Hi", "Bye")
    await operator.shows("Hello", "Hi", "Bye", conversation=conversation)
    await colleague.until(lambda: colleague.model.conversations[conversation]["state"] == "active")
    assert level([visitor, second_tab, operator], stored(door.site.query, [conversation])) == []


async def test_a_tab_learns_of_the_conversation_that_another_began(door: Door, people: Come) -> None:
    first = await people(door.visitor())
    second = await people(door.visitor(token=first.token))
    await first.say("Hello")
    await second.shows("Hello")


async def test_receipts_and_the_end_arrive(door: Door, people: Come) -> None:
    visitor, operator, conversation = await talk(door, people)
    head = visitor.model.timeline().cursor

    await operator.send("receipt.mark", conversation=conversation, seen=head)
    await visitor.until(lambda: visitor.model.conversation["receipts"]["seen"] == head)
    await visitor.send("receipt.mark", conversation=conversation, seen=head)
    await operator.until(lambda: operator.model.conversations[conversation]["receipts"]["seen"] == head)

    await operator.send("conversation.end", conversation=conversation)
    await visitor.until(lambda: visitor.model.conversation["state"] == "ended")
    assert not visitor.model.timeline().has_hole


async def test_an_offer_is_made_and_closed_for_everyone(door: Door, people: Come) -> None:
    visitor, first, second = (
        await people(door.visitor()),
        await people(door.operator()),
        await people(door.operator("manager")),
    )
    conversation = await visitor.say("Who?")

    def offered(person) -> bool:  # type: ignore[no-untyped-def]
        return any(o["conversation"]["id"] == conversation for o in person.model.offers.values())

    await second.until(lambda: offered(second))
    await first.accept(conversation)
    await second.until(lambda: not offered(second))
    await second.until(lambda: [o["name"] for o in second.model.conversations[conversation]["operators"]] == ["Elin"])
    await first.send("conversation.end", conversation=conversation)
    await second.until(lambda: conversation not in second.model.conversations)


async def test_presence_and_the_sites_state_arrive(door: Door, people: Come) -> None:
    visitor, operator, colleague = (
        await people(door.visitor()),
        await people(door.operator("operator2")),
        await people(door.operator("manager")),
    )
    number = operator.model.me["id"]
    for person in (operator, colleague):
        await person.ask("presence.set", status="offline")
    await visitor.until(lambda: visitor.model.site == "offline")
    await operator.ask("presence.set", status="available")
    await colleague.until(lambda: colleague.model.operators[number]["status"] == "available")
    await visitor.until(lambda: visitor.model.site == "online")


async def test_an_operator_who_goes_is_missed(door: Door, people: Come) -> None:
    """Grace, requeue, a new offer, the visitor told: all of it by heartbeat."""
    shop = await Shop.find(door.site.url)
    visitor, colleague = await people(door.visitor()), await people(door.operator("manager"))
    operator = await shop.operator("operator2")
    conversation = await visitor.say("Hello")
    async with operator:
        await operator.accept(conversation)
        await visitor.until(lambda: visitor.model.conversation["state"] == "active")
    await visitor.until(lambda: visitor.model.conversation["state"] == "queued", timeout=15)
    await colleague.accept(conversation)
    await visitor.until(lambda: [o["name"] for o in visitor.model.conversation["operators"]] == ["Maja"])
