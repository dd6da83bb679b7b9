"""The server is killed (SIGKILL) in mid-sentence: what was acknowledged is stored, once, and everyone comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.conftest import Stack
from tests.wire.clients import Shop, by_hand, level, return_after, stored, until

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.covers("E1", "E2")]


@pytest.mark.parametrize("who", ["visitor", "operator"])
@pytest.mark.parametrize("point", ["before-commit", "after-commit", "before-answer", "after-answer"])
async def test_killed_while_a_message_is_posted(
    make_stack: Callable[..., Stack], tmp_path: Path, point: str, who: str
) -> None:
    done = tmp_path / "done"
    site = make_stack(
        application="tests.faults.asgi:application", env={"FAULT_AT": point, "FAULT_DONE": str(done)}
    ).site
    shop = await Shop.find(site.url)
    visitor, operator = await shop.visitor(), await shop.operator("operator")
    async with visitor, operator:
        conversation = await visitor.say("Hello")
        await operator.accept(conversation)
        sender = visitor if who == "visitor" else operator

        client_id = sender.write("boom", conversation)
        await until(done.exists, what="the server to kill itself")
        sender.write("and on", conversation)
        await by_hand(site.kill)
        there = stored(site.query, [conversation])[conversation]
        assert [row[2] for row in there if row[2]] == ["Hello", *([] if point == "before-commit" else ["boom"])]
        if point == "after-answer":
            await sender.until(lambda: client_id in sender.model.acknowledged)
        await by_hand(site.restart)

        for person in (visitor, operator):
            await person.shows("Hello", "boom", "and on", conversation=conversation, timeout=20)
        await sender.until(lambda: not sender.model.outbox)
        assert level([visitor, operator], stored(site.query, [conversation])) == []


async def test_killed_while_the_first_message_starts_a_conversation(
    make_stack: Callable[..., Stack], tmp_path: Path
) -> None:
    done = tmp_path / "done"
    env = {"FAULT_AT": "after-commit", "FAULT_DONE": str(done)}
    site = make_stack(application="tests.faults.asgi:application", env=env).site
    visitor = await (await Shop.find(site.url)).visitor()
    async with visitor:
        visitor.write("boom")
        await until(done.exists, what="the server to kill itself")
        await by_hand(site.restart)
        await visitor.until(lambda: not visitor.model.outbox, timeout=20)
        await visitor.shows("boom")
        count = site.query("SELECT count(*) FROM wagtail_livechat_entry WHERE body = 'boom'")
        assert count == [(1,)]


async def test_many_come_back_in_time_after_a_kill(make_stack: Callable[..., Stack]) -> None:
    """`make bench` does the same with 500."""
    site = make_stack().site
    result = await return_after(site, count=50)
    assert result["wrong"] == []
    assert result["seconds"] < 20


async def test_sqlite_survives_a_kill_as_well(make_site: Callable[..., Any]) -> None:
    site = make_site()
    result = await return_after(site, count=10)
    assert result["wrong"] == []
    assert result["seconds"] < 20
