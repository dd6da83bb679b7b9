"""Settings of the package: one typed property each, read when asked, from ``settings.WAGTAIL_LIVECHAT``.

What a *site's* people may change is in models.settings (edited in the admin); what is here belongs to who runs the server.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings


class Conf:
    def _get(self, name: str, default: Any) -> Any:
        return getattr(settings, "WAGTAIL_LIVECHAT", {}).get(name, default)

    @property
    def ALLOWED_ORIGINS(self) -> list[str]:
        """Other origins (``https://shop.example``) that may open sockets and post; the site's own always may."""
        return list(self._get("ALLOWED_ORIGINS", []))

    @property
    def TRUSTED_PROXY_COUNT(self) -> int:
        """Number of reverse proxies in front, each of which appends to X-Forwarded-For. 0: the header is ignored."""
        return int(self._get("TRUSTED_PROXY_COUNT", 0))

    @property
    def HEARTBEAT_SECONDS(self) -> float:
        """Time between two heartbeats to a socket. A lost hint heals within this time."""
        return float(self._get("HEARTBEAT_SECONDS", 20))

    @property
    def LEASE_SECONDS(self) -> float:
        """How often the leases of who is connected are renewed."""
        return float(self._get("LEASE_SECONDS", 10))

    @property
    def GRACE_SECONDS(self) -> float:
        """Without a renewed lease for this long, an operator counts as gone and their conversations are queued again."""
        return float(self._get("GRACE_SECONDS", 30))

    @property
    def RECHECK_SECONDS(self) -> float:
        """How old an operator socket's knowledge of its session and permissions may get."""
        return float(self._get("RECHECK_SECONDS", 3))

    @property
    def SEND_TIMEOUT(self) -> float:
        """Seconds that one frame may take to leave; then the socket is closed (the client never reads)."""
        return float(self._get("SEND_TIMEOUT", 10))

    @property
    def HELLO_TIMEOUT(self) -> float:
        """Seconds that a new socket has to say who it is."""
        return float(self._get("HELLO_TIMEOUT", 10))

    @property
    def MESSAGE_MAX_LENGTH(self) -> int:
        """Longest message of a visitor, in Unicode code points."""
        return int(self._get("MESSAGE_MAX_LENGTH", 1000))

    @property
    def OPERATOR_MESSAGE_MAX_LENGTH(self) -> int:
        """Longest message or note of an operator (pasted answers are long), in Unicode code points."""
        return int(self._get("OPERATOR_MESSAGE_MAX_LENGTH", 5000))

    @property
    def COMMAND_RATE(self) -> tuple[float, float]:
        """(burst, per second) of commands on one connection."""
        burst, per_second = self._get("COMMAND_RATE", (30, 10))
        return float(burst), float(per_second)

    @property
    def SESSION_RATE(self) -> tuple[int, int]:
        """(count, seconds): new visitors from one address."""
        count, seconds = self._get("SESSION_RATE", (60, 600))
        return int(count), int(seconds)

    @property
    def MAX_SOCKETS_PER_VISITOR(self) -> int:
        """Open sockets (tabs) of one visitor in one server process."""
        return int(self._get("MAX_SOCKETS_PER_VISITOR", 20))

    @property
    def MAX_SOCKETS_PER_ADDRESS(self) -> int:
        """Open sockets from one address in one server process; offices and schools share one."""
        return int(self._get("MAX_SOCKETS_PER_ADDRESS", 300))

    @property
    def DATABASE_THREADS(self) -> int | None:
        """Threads (and so connections) that sockets use for the database. None: 1 on SQLite, else 8."""
        value = self._get("DATABASE_THREADS", None)
        return None if value is None else int(value)

    @property
    def DNS_SECONDS(self) -> float:
        """How long a visitor waits while DNS is asked whether mail can reach their address. 0: it is not asked."""
        return float(self._get("DNS_SECONDS", 2))

    @property
    def MAIL_RATE(self) -> tuple[int, int]:
        """(count, seconds): letters that one visitor can have sent to themselves."""
        count, seconds = self._get("MAIL_RATE", (5, 3600))
        return int(count), int(seconds)

    @property
    def IDLE_HOURS(self) -> float:
        """An open conversation in which nothing was said for this long is ended by the system."""
        return float(self._get("IDLE_HOURS", 24))

    @property
    def SHOW_ENDED_HOURS(self) -> float:
        """How long a visitor who comes back is shown the conversation that ended."""
        return float(self._get("SHOW_ENDED_HOURS", 24))

    @property
    def BOOT_SECONDS(self) -> int:
        """How long the boot answer may be cached, by browsers, proxies and here."""
        return int(self._get("BOOT_SECONDS", 5))

    @property
    def SWEEP_SECONDS(self) -> float:
        """Time between two sweeps of one process."""
        return float(self._get("SWEEP_SECONDS", 5))

    @property
    def KNOWLEDGE(self) -> list[str] | None:
        """Dotted paths of what the desk's search beside the chat asks, in order (see knowledge.py). None: all there are."""
        named = self._get("KNOWLEDGE", None)
        return None if named is None else list(named)

    @property
    def PURGE_SECONDS(self) -> float:
        """Time between two looks for what was kept long enough (per site: in the admin, under Privacy)."""
        return float(self._get("PURGE_SECONDS", 3600))

    @property
    def PRIVACY_LINK_HOURS(self) -> float:
        """How long a mailed link to somebody's own data is good."""
        return float(self._get("PRIVACY_LINK_HOURS", 24))

    @property
    def RQ_QUEUE(self) -> str:
        """Name of the django-rq queue for background work. Empty: a thread of the web process does it."""
        return str(self._get("RQ_QUEUE", ""))


conf = Conf()
