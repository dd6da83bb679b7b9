"""System checks. Each has a number that stays, and a hint that is the remedy. docs/reference/checks.md lists them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, connections
from django.urls import NoReverseMatch, reverse

from . import layers
from .conf import conf

CORE_LAYER = "channels_redis.core.RedisChannelLayer"


@register(Tags.compatibility)
def check_asgi(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E001: sockets need an ASGI application that knows them. Without one the chat works, by asking over HTTP."""
    path = getattr(settings, "ASGI_APPLICATION", None)
    remedy = (
        "Write an asgi.py that wraps Django's application in wagtail_livechat.asgi.livechat_application, and name it in "
        "ASGI_APPLICATION (docs/how-to/install.md has one to paste). On a WSGI-only site silence this check: the chat then "
        "works over plain HTTP, a little slower."
    )
    if not path:
        return [
            Warning(
                "No ASGI application is configured: WebSockets are not served.", hint=remedy, id="wagtail_livechat.E001"
            )
        ]
    module, _, name = path.rpartition(".")
    try:
        application = getattr(import_module(module), name)
    except Exception as error:
        return [
            Error(f"ASGI_APPLICATION {path!r} cannot be imported: {error}", hint=remedy, id="wagtail_livechat.E001")
        ]
    if not _knows_us(application):
        return [
            Warning(
                f"ASGI_APPLICATION {path!r} does not serve the live chat's sockets.",
                hint=remedy,
                id="wagtail_livechat.E001",
            )
        ]
    return []


def _knows_us(application: Any, depth: int = 5) -> bool:
    """Whether our application is in there, perhaps wrapped by middleware."""
    if getattr(application, "is_livechat", False):
        return True
    if depth == 0:
        return False
    inner = [getattr(application, name, None) for name in ("app", "application", "inner", "websocket_application")]
    mapping = getattr(application, "application_mapping", None)
    if isinstance(mapping, dict):
        inner += mapping.values()
    return any(_knows_us(other, depth - 1) for other in inner if other is not None)


@register(Tags.compatibility)
def check_layer(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E002: the in-memory layer reaches one process only. E003: the core Redis layer with redis-py 8 and a short time-out."""
    layer = layers.configured()
    kind = f"{type(layer).__module__}.{type(layer).__name__}"
    messages: list[CheckMessage] = []
    if kind.endswith("InMemoryChannelLayer") and not settings.DEBUG:
        messages.append(
            Warning(
                "The channel layer is in memory: messages reach other server processes only with the heartbeat, "
                f"up to {conf.HEARTBEAT_SECONDS:.0f} s late.",
                hint="Install wagtail-livechat[redis] and set CHANNEL_LAYERS to channels_redis.pubsub.RedisPubSubChannelLayer. "
                "With exactly one server process, silence this check.",
                id="wagtail_livechat.W002",
            )
        )
    if kind == CORE_LAYER and _redis_major() >= 8 and not _long_enough(layer):
        messages.append(
            Error(
                "The core Redis layer with redis-py 8 drops every idle socket after 5 s: the client's socket time-out is as "
                "long as the layer's blocking read.",
                hint="Use channels_redis.pubsub.RedisPubSubChannelLayer, or give each host a 'socket_timeout' of 30 or None.",
                id="wagtail_livechat.E003",
            )
        )
    return messages


def _redis_major() -> int:
    try:
        import redis
    except ImportError:
        return 0
    return int(redis.__version__.split(".")[0])


def _long_enough(layer: Any) -> bool:
    """Whether no host's socket time-out can end the layer's blocking read (5 s by default)."""
    for host in getattr(layer, "hosts", []):
        if isinstance(host, dict) and "socket_timeout" in host:
            timeout = host["socket_timeout"]
            if timeout is None or timeout > getattr(layer, "brpop_timeout", 5):
                continue
        return False
    return True


@register(Tags.urls)
def check_urls(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E004: our URLs are included."""
    try:
        reverse("wagtail_livechat:boot")
    except NoReverseMatch:
        return [
            Error(
                "The live chat's URLs are not included: the tag prints nothing.",
                hint='Add path("livechat/", include("wagtail_livechat.urls")) to the URLconf, before Wagtail\'s own catch-all.',
                id="wagtail_livechat.E004",
            )
        ]
    return []


@register(Tags.compatibility)
def check_database(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W005: SQLite without WAL and IMMEDIATE. W006: a new database connection for every message.

    Reads settings only: checks run where there is no database yet.
    """
    database = connections[DEFAULT_DB_ALIAS].settings_dict
    options = database.get("OPTIONS", {})
    messages: list[CheckMessage] = []
    if database["ENGINE"].endswith("sqlite3"):
        wal = "wal" in str(options.get("init_command", "")).lower()
        immediate = str(options.get("transaction_mode", "")).upper() in ("IMMEDIATE", "EXCLUSIVE")
        if not (wal and immediate):
            messages.append(
                Warning(
                    "SQLite is not set up for several writers: messages may be refused with 'database is locked'.",
                    hint='Set OPTIONS to {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;", '
                    '"transaction_mode": "IMMEDIATE", "timeout": 20}.',
                    id="wagtail_livechat.W005",
                )
            )
    if database.get("CONN_MAX_AGE") == 0 and not options.get("pool"):
        messages.append(
            Warning(
                "A new database connection is made for every message.",
                hint='Set CONN_MAX_AGE to 600 in DATABASES, or on PostgreSQL OPTIONS to {"pool": True}.',
                id="wagtail_livechat.W006",
            )
        )
    return messages


@register(Tags.security)
def check_proxies(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W007: the project trusts a proxy, we were not told of it."""
    behind = settings.USE_X_FORWARDED_HOST or settings.USE_X_FORWARDED_PORT or settings.SECURE_PROXY_SSL_HEADER
    if behind and conf.TRUSTED_PROXY_COUNT == 0:
        return [
            Warning(
                "The project runs behind a proxy, but WAGTAIL_LIVECHAT['TRUSTED_PROXY_COUNT'] is 0: every visitor has the proxy's "
                "address, so limits and bans hit all of them at once.",
                hint="Set TRUSTED_PROXY_COUNT to the number of proxies that append to X-Forwarded-For.",
                id="wagtail_livechat.W007",
            )
        ]
    return []
