"""Each system check fires where it should, is silent where all is well, and names its remedy."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer as ChannelsLayer
from django.core.checks import CheckMessage, run_checks
from django.db import connections
from django.test import override_settings

from wagtail_livechat import checks, layers


def ids(messages: list[CheckMessage]) -> list[str]:
    for message in messages:
        assert message.hint, f"{message.id} names no remedy"
    return [(message.id or "").removeprefix("wagtail_livechat.") for message in messages]


def test_the_example_site_is_set_up_as_it_should_be() -> None:
    ours = [message for message in run_checks() if (message.id or "").startswith("wagtail_livechat.")]

    assert [message for message in ours if not message.is_silenced()] == []


# ------------------------------------------------------------------------------------------------ ASGI


@pytest.fixture
def a_module() -> Any:
    module = ModuleType("an_asgi_module")
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def test_a_project_without_an_asgi_application_is_told_what_it_misses() -> None:
    with override_settings(ASGI_APPLICATION=None):
        (message,) = checks.check_asgi(None)

    assert ids([message]) == ["E001"]
    assert "asgi.py" in str(message.hint)
    assert "WSGI-only" in str(message.hint), "one may also do without"


def test_an_asgi_application_that_cannot_be_imported_is_named() -> None:
    for path in ("nowhere.asgi.application", "example_site.asgi.nothing", "application"):
        with override_settings(ASGI_APPLICATION=path):
            (message,) = checks.check_asgi(None)
        assert ids([message]) == ["E001"]
        assert path in message.msg


def test_an_asgi_application_that_does_not_know_the_chat_is_found_out(a_module: ModuleType) -> None:
    a_module.application = lambda scope, receive, send: None  # type: ignore[attr-defined]

    with override_settings(ASGI_APPLICATION="an_asgi_module.application"):
        assert ids(checks.check_asgi(None)) == ["E001"]


def test_an_asgi_application_that_knows_the_chat_is_recognised_also_in_its_wrapping(a_module: ModuleType) -> None:
    from example_site.asgi import application

    class Middleware:
        def __init__(self, app: Any) -> None:
            self.app = app

    class Router:
        def __init__(self, app: Any) -> None:
            self.application_mapping = {"websocket": app}

    for wrap in (lambda app: app, Middleware, Router, lambda app: Middleware(Router(Middleware(app)))):
        a_module.application = wrap(application)  # type: ignore[attr-defined]
        with override_settings(ASGI_APPLICATION="an_asgi_module.application"):
            assert checks.check_asgi(None) == []


# ----------------------------------------------------------------------------------------------- layer


@pytest.fixture
def use_layer() -> Any:
    """Make another channel layer the configured one."""
    backends = layers.channel_layers.backends
    before = dict(backends)

    def use(layer: Any) -> None:
        backends["default"] = layer

    yield use
    backends.clear()
    backends.update(before)


def core_redis(hosts: list[Any]) -> Any:
    from channels_redis.core import RedisChannelLayer

    return RedisChannelLayer(hosts=hosts)


def test_the_layer_in_memory_is_for_one_process(use_layer: Callable[[Any], None]) -> None:
    for layer in (layers.InMemoryChannelLayer(), ChannelsLayer()):
        use_layer(layer)
        (message,) = checks.check_layer(None)
        assert ids([message]) == ["W002"]
        assert "RedisPubSubChannelLayer" in str(message.hint)


def test_while_developing_the_layer_in_memory_is_fine(use_layer: Callable[[Any], None]) -> None:
    use_layer(layers.InMemoryChannelLayer())

    with override_settings(DEBUG=True):
        assert checks.check_layer(None) == []


def test_the_pubsub_layer_is_fine(use_layer: Callable[[Any], None]) -> None:
    from channels_redis.pubsub import RedisPubSubChannelLayer

    use_layer(RedisPubSubChannelLayer(hosts=["redis://localhost:6379"]))

    assert checks.check_layer(None) == []


@pytest.mark.parametrize(
    ("version", "host", "expected"),
    [
        (8, "redis://localhost:6379", ["E003"]),
        (8, {"address": "redis://localhost:6379"}, ["E003"]),
        (8, {"address": "redis://localhost:6379", "socket_timeout": 5}, ["E003"]),
        (8, {"address": "redis://localhost:6379", "socket_timeout": 30}, []),
        (8, {"address": "redis://localhost:6379", "socket_timeout": None}, []),
        (7, "redis://localhost:6379", []),
    ],
)
def test_the_core_layer_with_redis_py_8_needs_patience(
    use_layer: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch, version: int, host: Any, expected: list[str]
) -> None:
    monkeypatch.setattr(checks, "_redis_major", lambda: version)
    use_layer(core_redis([host]))

    messages = checks.check_layer(None)

    assert ids(messages) == expected
    assert all("socket_timeout" in str(message.hint) for message in messages)


def test_one_impatient_host_among_several_is_enough(
    use_layer: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_redis_major", lambda: 8)
    use_layer(core_redis([{"address": "redis://a", "socket_timeout": None}, "redis://b"]))

    assert ids(checks.check_layer(None)) == ["E003"]


def test_the_version_of_redis_py_is_read() -> None:
    import redis

    assert checks._redis_major() == int(redis.__version__.split(".")[0])


# ------------------------------------------------------------------------------------------------ URLs


def test_urls_that_are_not_included_are_missed(a_module: ModuleType) -> None:
    a_module.urlpatterns = []  # type: ignore[attr-defined]

    with override_settings(ROOT_URLCONF=a_module.__name__):
        (message,) = checks.check_urls(None)

    assert ids([message]) == ["E004"]
    assert "include(" in str(message.hint)


def test_urls_that_are_included_are_found() -> None:
    assert checks.check_urls(None) == []


# -------------------------------------------------------------------------------------------- database

SQLITE = "django.db.backends.sqlite3"
POSTGRES = "django.db.backends.postgresql"
WAL = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"


@pytest.mark.parametrize(
    ("database", "expected"),
    [
        (
            {"ENGINE": SQLITE, "CONN_MAX_AGE": 600, "OPTIONS": {"init_command": WAL, "transaction_mode": "IMMEDIATE"}},
            [],
        ),
        (
            {"ENGINE": SQLITE, "CONN_MAX_AGE": None, "OPTIONS": {"init_command": WAL, "transaction_mode": "exclusive"}},
            [],
        ),
        ({"ENGINE": SQLITE, "CONN_MAX_AGE": 600, "OPTIONS": {"transaction_mode": "IMMEDIATE"}}, ["W005"]),
        ({"ENGINE": SQLITE, "CONN_MAX_AGE": 600, "OPTIONS": {"init_command": WAL}}, ["W005"]),
        ({"ENGINE": SQLITE, "CONN_MAX_AGE": 0, "OPTIONS": {}}, ["W005", "W006"]),
        ({"ENGINE": POSTGRES, "CONN_MAX_AGE": 0, "OPTIONS": {}}, ["W006"]),
        ({"ENGINE": POSTGRES, "CONN_MAX_AGE": 0, "OPTIONS": {"pool": True}}, []),
        ({"ENGINE": POSTGRES, "CONN_MAX_AGE": 600, "OPTIONS": {}}, []),
    ],
)
def test_a_database_that_is_slow_or_refuses_writers_is_noticed(
    monkeypatch: pytest.MonkeyPatch, database: dict[str, Any], expected: list[str]
) -> None:
    monkeypatch.setattr(connections["default"], "settings_dict", database)

    messages = checks.check_database(None)

    assert ids(messages) == expected
    remedies = " ".join(str(message.hint) for message in messages)
    assert ("IMMEDIATE" in remedies) == ("W005" in expected)
    assert ("CONN_MAX_AGE" in remedies) == ("W006" in expected)


# --------------------------------------------------------------------------------------------- proxies


@pytest.mark.parametrize(
    "sign",
    [
        {"USE_X_FORWARDED_HOST": True},
        {"USE_X_FORWARDED_PORT": True},
        {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")},
    ],
)
def test_a_project_behind_a_proxy_must_say_how_many(sign: dict[str, Any]) -> None:
    with override_settings(**sign):
        (message,) = checks.check_proxies(None)
        with override_settings(WAGTAIL_LIVECHAT={"TRUSTED_PROXY_COUNT": 1}):
            assert checks.check_proxies(None) == []

    assert ids([message]) == ["W007"]
    assert "TRUSTED_PROXY_COUNT" in str(message.hint)


def test_a_project_without_a_proxy_needs_to_say_nothing() -> None:
    assert checks.check_proxies(None) == []
