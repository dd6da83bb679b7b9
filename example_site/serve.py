"""`make demo`: bring the database up to date, fill it, serve it.

    python -m example_site.serve --port 8000

The second start must not take longer than a cup of coffee's first sip: migrating and seeding are left out
while their sources, the database and the port are what they were.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("DEMO_VAR", ROOT / "var"))
STAMP = VAR / "demo.stamp"
DATABASE = VAR / "demo.sqlite3"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000)
    port: int = parser.parse_args().port
    if is_taken(port):
        print(f"Port {port} is taken. Another one: PORT={port + 123} make demo", file=sys.stderr)
        return 1
    os.environ["DEMO_PORT"] = str(port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")
    VAR.mkdir(parents=True, exist_ok=True)
    try:
        prepare(port)
    except subprocess.CalledProcessError as error:
        # What failed has said why, just above.
        print(f"The demo could not be prepared: manage.py {error.cmd[2]} failed.", file=sys.stderr)
        return 1
    serve(port)
    return 0


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def prepare(port: int) -> None:
    """Migrate and seed when something changed since the last time; follow the port when only that did."""
    stamp = STAMP.read_text().split() if STAMP.exists() else []
    sources = hash_of_sources()
    own_database = "DATABASE_URL" not in os.environ
    if own_database and DATABASE.exists() and stamp[:1] == [sources]:
        if stamp[1:] != [str(port)]:
            manage("seed_demo", "--only-port", "--port", str(port))
            STAMP.write_text(f"{sources} {port}\n")
        return
    print("Preparing the demo's data …", flush=True)
    try:
        manage("migrate", "--verbosity=0")
        manage("seed_demo", "--verbosity=0", "--port", str(port))
    except subprocess.CalledProcessError:
        if not own_database or not DATABASE.exists():
            raise
        # Made by an older version whose migrations are no more: keep it, and begin anew.
        kept = DATABASE.with_name(f"demo-{time.strftime('%Y%m%d-%H%M%S')}.sqlite3")
        print(f"The demo's database does not fit this version. It is kept as {kept.name}; beginning anew.", flush=True)
        move_database(kept)
        manage("migrate", "--verbosity=0")
        manage("seed_demo", "--verbosity=0", "--port", str(port))
    if own_database:
        STAMP.write_text(f"{sources} {port}\n")


def hash_of_sources() -> str:
    """Changes when a migration, the seed or the installed Wagtail does."""
    import importlib.metadata

    digest = hashlib.sha256()
    for package in ("django", "wagtail"):
        digest.update(importlib.metadata.version(package).encode())
    files = [*ROOT.glob("wagtail_livechat/**/migrations/*.py"), *ROOT.glob("example_site/shop/**/*.py")]
    for path in sorted(files):
        digest.update(path.relative_to(ROOT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def move_database(target: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        part = Path(f"{DATABASE}{suffix}")
        if part.exists():
            part.rename(f"{target}{suffix}")


def manage(*arguments: str) -> None:
    subprocess.run([sys.executable, ROOT / "example_site" / "manage.py", *arguments], check=True)


def serve(port: int) -> None:
    import uvicorn

    class DemoServer(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                print(welcome(port), flush=True)

    config = uvicorn.Config(
        "example_site.asgi:application",
        host="127.0.0.1",
        port=port,
        log_level="warning",
        # A chat's frames are small; a larger one is an attack, and compression costs 35 kB of memory a socket.
        ws_max_size=65536,
        ws_per_message_deflate=False,
        # Nobody stands before the demo who could say another address.
        proxy_headers=False,
        timeout_graceful_shutdown=5,
    )
    try:
        DemoServer(config).run()
    except KeyboardInterrupt:
        pass


def welcome(port: int) -> str:
    return f"""
  The shop, as a visitor     http://localhost:{port}/          (Swedish: http://localhost:{port}/sv/)
  The outlet, a second site  http://127.0.0.1:{port}/
  The desk, as an operator   http://localhost:{port}/admin/livechat/desk/
  Wagtail's admin            http://localhost:{port}/admin/

  Log in as  operator / operator    operator2 / operator2    manager / manager    admin / admin

  Open the shop in one window and the desk in another (a private one keeps the log-ins apart).
  Ctrl+C ends it.
"""


if __name__ == "__main__":
    sys.exit(main())
