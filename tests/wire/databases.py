"""PostgreSQL servers with the demo in them, without migrating and seeding anew each time (minutes on a busy machine)."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import uuid
from pathlib import Path

from tests.services import PostgresServer, postgres_server, site_server
from tests.services.postgres import postgres_folder
from tests.services.process import REPOSITORY
from tests.services.site import hash_of_sources

SEEDED = "seeded"


def seeded_postgres() -> PostgresServer:
    """A server, not started yet, with a migrated and seeded database to be copied (`copy_of_seeded`).

    Its data folder is made once for each state of migrations and seed, and kept in var/test-template.
    """
    version = hashlib.sha256(str(postgres_folder()).encode()).hexdigest()[:8]
    kept = REPOSITORY / "var" / "test-template" / f"{hash_of_sources()[:16]}-postgres-{version}"
    if not kept.exists():
        _make(kept)
    server = postgres_server()
    shutil.copytree(kept, server.data, ignore=shutil.ignore_patterns("postmaster.*"))
    _hand_over(server)
    return server


def copy_of_seeded(server: PostgresServer) -> str:
    """A database of one's own with the demo in it; its address."""
    name = f"copy_{uuid.uuid4().hex[:8]}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {SEEDED}")
    # A sequence is logged some numbers ahead, and the copy does not know that it is not: after a kill before the next
    # checkpoint it would give numbers a second time.
    server.execute("CHECKPOINT")
    return server.url_of(name)


def _make(kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix="making-", dir=kept.parent))
    server = postgres_server().start()
    try:
        server.execute(f"CREATE DATABASE {SEEDED}")
        maker = site_server(database_url=server.url_of(SEEDED), env={"DEMO_VAR": str(making / "var")})
        try:
            maker.manage("migrate", "--verbosity=0")
            maker.manage("seed_demo", "--verbosity=0", "--days=1")
        finally:
            maker.stop()
        server.terminate()
        shutil.copytree(server.data, making / "data")
        if not kept.exists():  # another run may have been quicker; its result is the same
            (making / "data").rename(kept)
    finally:
        server.stop()
        shutil.rmtree(making, ignore_errors=True)


def _hand_over(server: PostgresServer) -> None:
    """The folder belongs to the user that PostgreSQL runs as."""
    user = server.run_as()
    if user is None:
        return
    for path, folders, files in os.walk(server.folder):
        for name in (".", *folders, *files):
            shutil.chown(Path(path) / name, user, user)
