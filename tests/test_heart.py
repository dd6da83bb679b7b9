"""The beat that looks after sockets which say nothing."""

from types import SimpleNamespace
from typing import Any

from wagtail_livechat.consumers.heart import Heart


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
