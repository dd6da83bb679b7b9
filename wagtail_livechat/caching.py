"""Django's cache as the chat uses it: one that is away is an empty one.

What the chat keeps there saves time or limits rates; nothing is true because of it. So when it cannot be reached (a Redis
that is down), everything goes on without it, and it is left alone for a while, since every try costs seconds.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.cache import cache as django_cache

logger = logging.getLogger("wagtail_livechat")

PAUSE_SECONDS = 5.0


class ForgivingCache:
    def __init__(self) -> None:
        self._away_until = 0.0

    def _ask(self, name: str, otherwise: Any, *arguments: Any) -> Any:
        if time.monotonic() < self._away_until:
            return otherwise
        try:
            return getattr(django_cache, name)(*arguments)
        except ValueError:  # what incr says of a key that is not there
            raise
        except Exception as error:
            self._away_until = time.monotonic() + PAUSE_SECONDS
            logger.warning("Live chat goes on without the cache: %s: %s", type(error).__name__, error)
            return otherwise

    def get(self, key: str) -> Any:
        return self._ask("get", None, key)

    def get_many(self, keys: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("get_many", {}, keys)
        return found

    def set(self, key: str, value: Any, seconds: float) -> None:
        self._ask("set", None, key, value, seconds)

    def add(self, key: str, value: Any, seconds: float) -> bool:
        return bool(self._ask("add", False, key, value, seconds))

    def incr(self, key: str) -> int:
        """Raises ValueError if there is no such key."""
        return int(self._ask("incr", 0, key))

    def delete(self, key: str) -> None:
        self._ask("delete", None, key)


cache = ForgivingCache()
