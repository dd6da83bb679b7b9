"""What no page of the chat may do, watched in every browser test without being asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

# Violations also come as console errors; the event says more, and comes for "report only" too.
_LISTEN = """
document.addEventListener('securitypolicyviolation', (event) => window.tellTheWatchdog?.(
  `${event.violatedDirective} forbids ${event.blockedURI} ${event.sample} at ${event.sourceFile}:${event.lineNumber}`
));
"""

# What the browser itself writes to the console when a line breaks; no script can keep it from doing so.
BROKEN_LINE = re.compile(r"WebSocket connection to|net::ERR_|Failed to load resource|Failed to fetch")
BROKEN_SOCKET = re.compile(r"WebSocket connection to")


class Watchdog:
    """Remembers every complaint of one person's browser.

    Console errors, errors of scripts, violations of the Content-Security-Policy, requests to anywhere but the site,
    requests that failed. A test that breaks the network itself says so with `expect_trouble()`; even then scripts must
    not fail, policies must hold, and nothing may be fetched from elsewhere.
    """

    def __init__(self, context: Any, *origins: str) -> None:
        self.hosts = {urlsplit(origin).netloc for origin in origins}
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._excused: list[re.Pattern[str]] = []
        context.expose_binding("tellTheWatchdog", lambda _, text: self._complain(f"Content-Security-Policy: {text}"))
        context.add_init_script(_LISTEN)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self._complain(f"script: {error.error}"))
        context.on("request", self._on_request)
        context.on("requestfailed", self._on_failed)
        context.on("response", self._on_response)
        context.on("page", self._watch_sockets)
        for page in context.pages:
            self._watch_sockets(page)

    def expect_trouble(self, *patterns: re.Pattern[str]) -> None:
        """From now on lines break because the test breaks them."""
        self._excused.extend(patterns or [BROKEN_LINE])

    @contextmanager
    def trouble(self) -> Iterator[None]:
        """Lines break within the block because the test breaks them."""
        self._excused.append(BROKEN_LINE)
        yield
        self._excused.remove(BROKEN_LINE)

    def check(self) -> None:
        assert not self.complaints, "The browser complained:\n" + "\n".join(self.complaints)

    def _complain(self, text: str) -> None:
        self.complaints.append(text)

    def _complain_unless_excused(self, text: str) -> None:
        if not any(pattern.search(text) for pattern in self._excused):
            self._complain(text)

    def _on_console(self, message: Any) -> None:
        # The presence client hides its troubles from the admin's user, not from us.
        if message.type == "error" or (message.type == "warning" and "Live chat" in message.text):
            self._complain_unless_excused(f"console: {message.text}")

    def _on_request(self, request: Any) -> None:
        self.requests.append(request.url)
        self._check_host(request.url)

    def _watch_sockets(self, page: Any) -> None:
        page.on("websocket", lambda socket: self._check_host(socket.url))

    def _check_host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc not in self.hosts:
            self._complain(f"a request to another host: {url}")

    def _on_failed(self, request: Any) -> None:
        # A page that is left, or a tab that is closed, takes its requests with it.
        if request.failure and "ERR_ABORTED" not in request.failure:
            self._complain_unless_excused(f"failed: {request.method} {request.url}: {request.failure}")

    def _on_response(self, response: Any) -> None:
        if response.status >= 400:
            self._complain_unless_excused(f"Failed to load resource: {response.status} for {response.url}")
