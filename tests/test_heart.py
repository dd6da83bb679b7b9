"""The beat that looks after sockets which say nothing."""

from types import SimpleNamespace
from typing import Any

import pytest

from wagtail_livechat.consumers.heart import Heart
from wagtail_livechat.exceptions import Closed


class Socket:
    session = None
    connected_at = 0.0

    def __init__(self, closed: list[Any], is_greeting: bool) -> None:
        self.closed, self.is_greeting = closed, is_greeting

    async def end_with(self, error: Exception) -> None:
        self.closed.append(self)


async def test_a_hello_that_takes_long_to_answer_is_not_silence(monkeypatch: Any) -> None:
    # After a restart hundreds say hello at once; closing those who wait for their snapshot would begin it all again.
    monkeypatch.setattr("wagtail_livechat.consumers.heart.time", SimpleNamespace(monotonic=lambda: 1_000.0))
    closed: list[Any] = []
    silent, waiting = Socket(closed, is_greeting=False), Socket(closed, is_greeting=True)
    heart: Any = Heart()
    heart.sockets = {silent, waiting}

    await heart._close_silent()
    for task in list(heart._saying):
        await task

    assert closed == [silent]


class Banned:
    """A visitor's socket that has not yet been told what is new."""

    address = None

    def __init__(self) -> None:
        self.session = SimpleNamespace(actor=SimpleNamespace(visitor_id=7))
        self.did: list[Any] = []

    def note(self, hint: dict[str, Any]) -> bool:
        self.did.append(hint["kind"])
        return True

    def wake(self) -> None:
        self.did.append("wake")

    async def wait_until_told(self) -> None:
        self.did.append("told")

    async def end_with(self, error: Exception) -> None:
        self.did.append(type(error))


@pytest.mark.covers("B11")
async def test_who_is_kept_out_is_told_what_is_new_before_the_line_is_cut(monkeypatch: Any) -> None:
    # The look at who may still be here may come before the hint that the chat has ended.
    monkeypatch.setattr("wagtail_livechat.consumers.heart.visitors.still_known", lambda ids: ids)
    monkeypatch.setattr("wagtail_livechat.consumers.heart.visitors.kept_out", lambda ids: ids)
    monkeypatch.setattr("wagtail_livechat.consumers.heart.bans.banned_networks", list)
    monkeypatch.setattr("wagtail_livechat.consumers.heart.visitor_of", lambda socket: 7)

    async def here(work: Any, *arguments: Any) -> Any:
        return work(*arguments)

    monkeypatch.setattr("wagtail_livechat.consumers.heart.in_database", here)
    socket, heart = Banned(), Heart()
    heart.sockets = {socket}  # type: ignore[assignment]

    await heart._check_rights()
    for task in list(heart._saying):
        await task

    assert socket.did == ["entry", "conversation", "wake", "told", Closed]
