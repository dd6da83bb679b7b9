"""Databases that are made once and then copied: with all migrations, or with the whole demo.

Applying every migration takes half a minute, a copy takes a moment. Each is made once for each state of migrations, seed
and installed packages, and kept in var/test-template for the next run.

    python -m tools.templates      make all that are not there yet
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.metadata
import os
import shutil
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable
from functools import cache
from pathlib import Path

from example_site.serve import hash_of_sources
from tests.services.postgres import PostgresServer, postgres_folder, postgres_server
from tests.services.process import REPOSITORY
from tests.services.site import manage

SEEDED, MIGRATED = "seeded", "migrated"
"""Databases of the kept PostgreSQL: of the demo, and as the tests' own settings want it, without a row of their own."""
FILE = "demo.sqlite3"
"""What the settings call it in the folder that they are given."""
KEPT = REPOSITORY / "var" / "test-template"
KEPT_SECONDS = 24 * 3600


@cache
def migrated_template() -> Path:
    """An SQLite file with all migrations of the tests' settings, to be copied."""
    return _kept("migrated", _make_migrated) / FILE


@cache
def seeded_template() -> Path:
    """An SQLite file with the whole demo in it, to be copied; its pictures are in the folder `media` beside it.

    It has the tables of what the tests install besides, too. They are empty, and the demo does not know of them.
    """
    return _kept("seeded", _make_seeded) / FILE


def kept_postgres() -> PostgresServer:
    """A server, not started yet, with the databases SEEDED and MIGRATED, to be copied (`copy_of`)."""
    kept = _kept(f"postgres-{hashlib.sha256(str(postgres_folder()).encode()).hexdigest()[:8]}", _make_postgres)
    # For all processes of a run, and for the sites that they start.
    server = postgres_server(max_connections=600)
    shutil.copytree(kept / "data", server.data, ignore=shutil.ignore_patterns("postmaster.*"))
    _hand_over(server)
    return server


def copy_of(server: PostgresServer, kept: str = SEEDED) -> str:
    """A database of one's own; its address."""
    name = f"copy_{uuid.uuid4().hex[:8]}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {kept}")
    # A sequence is logged some numbers ahead, and the copy does not know that it is not: after a kill before the next
    # checkpoint it would give numbers a second time.
    server.execute("CHECKPOINT")
    return server.url_of(name)


# How they are made.


def _make_migrated(folder: Path) -> None:
    _migrate(_environment(folder))
    _in_one_file(folder)


def _make_seeded(folder: Path) -> None:
    shutil.copyfile(migrated_template(), folder / FILE)
    manage("seed_demo", "--verbosity=0", env=_environment(folder))
    _in_one_file(folder)


def _make_postgres(folder: Path) -> None:
    server = postgres_server().start()
    try:
        server.execute(f"CREATE DATABASE {MIGRATED}")
        env = _environment(folder / "var")
        _migrate({**env, "LIVECHAT_TEST_DB": "postgres", "LIVECHAT_TEST_DATABASE_URL": server.url_of(MIGRATED)})
        server.execute(f"CREATE DATABASE {SEEDED} TEMPLATE {MIGRATED}")
        manage("seed_demo", "--verbosity=0", "--days=1", env={**env, "DATABASE_URL": server.url_of(SEEDED)})
        server.terminate()
        shutil.copytree(server.data, folder / "data")
        shutil.rmtree(folder / "var", ignore_errors=True)
    finally:
        server.stop()


def _migrate(env: dict[str, str]) -> None:
    # As Django makes a test database.
    manage("migrate", "--verbosity=0", "--run-syncdb", env={**env, "DJANGO_SETTINGS_MODULE": "tests.settings"})


def _in_one_file(folder: Path) -> None:
    """Out of the write-ahead log and into the one file that is copied."""
    connection = sqlite3.connect(folder / FILE)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _environment(var: Path) -> dict[str, str]:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "example_site.settings", "DEMO_VAR": str(var)}
    for name in ("REDIS_URL", "DATABASE_URL", "LIVECHAT_TEST_DB", "LIVECHAT_TEST_DATABASE_URL"):
        env.pop(name, None)
    return env


def _hand_over(server: PostgresServer) -> None:
    """The folder belongs to the user that PostgreSQL runs as."""
    user = server.run_as()
    if user is None:
        return
    for path, folders, files in os.walk(server.folder):
        for name in (".", *folders, *files):
            shutil.chown(Path(path) / name, user, user)


# How they are kept.


@cache
def _state() -> str:
    """Changes when a migration, the seed, the settings or an installed package does."""
    digest = hashlib.sha256(hash_of_sources().encode())
    for path in (REPOSITORY / "example_site" / "settings.py", REPOSITORY / "tests" / "settings.py", Path(__file__)):
        digest.update(path.read_bytes())
    for line in sorted({f"{found.name} {found.version}" for found in importlib.metadata.distributions()}):
        digest.update(line.encode())
    return digest.hexdigest()[:16]


def _kept(name: str, make: Callable[[Path], None]) -> Path:
    place = KEPT / f"{_state()}-{name}"
    if place.exists():
        return place
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if place.exists():  # another process was quicker
            return place
        # Beside its place, and moved there whole: what was interrupted is not taken for finished.
        making = Path(tempfile.mkdtemp(prefix="making-", dir=KEPT))
        try:
            make(making)
            making.rename(place)
        finally:
            shutil.rmtree(making, ignore_errors=True)
        for old in KEPT.glob(f"*-{name}"):
            if old != place and time.time() - old.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
    return place
