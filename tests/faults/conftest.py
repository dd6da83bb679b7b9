"""PostgreSQL, Redis and uvicorn of one's own, to be killed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.services import PostgresServer, RedisServer, SiteServer, copy_of, kept_postgres, redis_server, site_server
from tests.wire.conftest import ROOMY, make_room

SETTINGS = {
    "pubsub": "example_site.settings",
    "core": "tests.faults.settings_core",
    "layer-only": "tests.faults.settings_layer_only",
    "dropping": "tests.wire.settings_dropping",
}
"""Channel layers, by the settings that choose them."""


@pytest.fixture(scope="session")
def own_postgres() -> Iterator[PostgresServer]:
    """Killed by these tests, so it is not the one that other tests use."""
    with kept_postgres() as server:
        yield server


@dataclass
class Stack:
    site: SiteServer
    redis: RedisServer
    postgres: PostgresServer


@pytest.fixture
def make_stack(own_postgres: PostgresServer) -> Iterator[Callable[..., Stack]]:
    """A site on PostgreSQL and Redis: `make_stack(layer="core", env={…}, HEARTBEAT_SECONDS=1)`."""
    with ExitStack() as stack:

        def make(
            *, layer: str = "pubsub", env: dict[str, str] | None = None, application: str | None = None, **more: Any
        ) -> Stack:
            redis = stack.enter_context(redis_server())
            chosen = {**ROOMY, "GRACE_SECONDS": 120, "LEASE_SECONDS": 2, "HEARTBEAT_SECONDS": 1, **more}
            site = site_server(
                database_url=copy_of(own_postgres), redis_url=redis.url, settings=SETTINGS[layer], application=application,
                env={"LIVECHAT_OPTIONS": json.dumps(chosen), **(env or {})},
            )  # fmt: skip
            stack.enter_context(site)
            make_room(site)
            return Stack(site, redis, own_postgres)

        yield make
