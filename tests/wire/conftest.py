"""Real servers for the wire tests: the same tests over WebSocket, over HTTP, on WSGI, and between two processes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.services import PostgresServer, RedisServer, SiteServer, copy_of, site_server
from tests.wire.clients import Person, Shop, Via

ROOMY = {"SESSION_RATE": [100_000, 60], "MAX_SOCKETS_PER_ADDRESS": 5000, "COMMAND_RATE": [200, 100]}
"""All tests come from one address."""


def options(**more: Any) -> dict[str, str]:
    """The environment of a site with these options of the package."""
    # There are no name servers in a test's world, and nobody should wait for them.
    return {"LIVECHAT_OPTIONS": json.dumps({"DNS_SECONDS": 0, **ROOMY, **more})}


def make_room(site: SiteServer) -> None:
    """One operator serves all tests of a module at once."""
    site.query("UPDATE wagtail_livechat_operator SET capacity = 1000")


_shops: dict[str, Shop] = {}


async def shop_at(url: str) -> Shop:
    if url not in _shops:
        _shops[url] = await Shop.find(url)
    return _shops[url]


@dataclass
class Door:
    """Where visitors and operators come in, and how."""

    name: str
    via: Via
    site: SiteServer
    """Where visitors are."""
    desk: SiteServer
    """Where operators are."""

    async def visitor(self, **more: Any) -> Person:
        return await (await shop_at(self.site.url)).visitor(via=self.via, **more)

    async def operator(self, username: str = "operator", **more: Any) -> Person:
        return await (await shop_at(self.desk.url)).operator(username, via=self.via, **more)

    @property
    def is_socket(self) -> bool:
        return self.via == "socket"


@pytest.fixture(scope="session")
def asgi(site_template: Path) -> Iterator[SiteServer]:
    """uvicorn on SQLite, in-memory layer."""
    with site_server(template=site_template, env=options()) as site:
        make_room(site)
        yield site


@pytest.fixture(scope="session")
def wsgi(site_template: Path) -> Iterator[SiteServer]:
    """waitress on SQLite: no sockets, no channel layer that reaches anyone."""
    with site_server(kind="wsgi", template=site_template, env=options()) as site:
        make_room(site)
        yield site


@pytest.fixture(scope="session")
def pair(seeded_service: PostgresServer, redis_service: RedisServer) -> Iterator[tuple[SiteServer, SiteServer]]:
    """Two server processes over one PostgreSQL and one Redis."""
    url = copy_of(seeded_service)
    with ExitStack() as stack:
        sites = [
            stack.enter_context(site_server(database_url=url, redis_url=redis_service.url, env=options())) for _ in "12"
        ]
        make_room(sites[0])
        yield sites[0], sites[1]


DOORS = [
    pytest.param("socket", id="socket"),
    pytest.param("http", id="http"),
    pytest.param("wsgi", id="wsgi"),
    pytest.param("two", id="two-processes", marks=pytest.mark.postgres),
    pytest.param("two-http", id="two-processes-http", marks=pytest.mark.postgres),
]


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> Door:
    """Every way in. On PostgreSQL the visitor is served by one process and the operator by another."""
    name = request.param
    if name.startswith("two"):
        first, second = request.getfixturevalue("pair")
        return Door(name, "http" if name.endswith("http") else "socket", first, second)
    site = request.getfixturevalue("wsgi" if name == "wsgi" else "asgi")
    return Door(name, "socket" if name == "socket" else "http", site, site)


@pytest.fixture
async def people() -> AsyncIterator[Callable[[Awaitable[Person]], Awaitable[Person]]]:
    """Connects people and lets them go after the test: `visitor = await people(door.visitor())`."""
    async with AsyncExitStack() as stack:

        async def come(person: Awaitable[Person]) -> Person:
            return await stack.enter_async_context(await person)

        yield come


Come = Callable[[Awaitable[Person]], Awaitable[Person]]


async def talk(door: Door, people: Come, *texts: str) -> tuple[Person, Person, str]:
    """A visitor and an operator in an active conversation that began with these texts."""
    visitor, operator = await people(door.visitor()), await people(door.operator())
    first, *rest = texts or ("Hello",)
    conversation = await visitor.say(first)
    await operator.accept(conversation)
    await visitor.until(lambda: visitor.model.conversation["state"] == "active", what="an operator")
    for text in rest:
        await visitor.say(text)
    return visitor, operator, conversation
