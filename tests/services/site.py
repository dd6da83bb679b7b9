"""The example site, served by a process of its own."""

from __future__ import annotations

import http.client
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from tests.services.process import REPOSITORY, Service, ServiceFailed

Kind = Literal["asgi", "wsgi"]


class SiteServer(Service):
    """uvicorn ("asgi") or waitress ("wsgi") with the example site. See `site_server`."""

    name = "site"
    start_timeout = 90.0  # two seconds on an idle machine; a busy one must not fail for that

    def __init__(
        self,
        *,
        kind: Kind = "asgi",
        port: int | None = None,
        database_url: str | None = None,
        redis_url: str | None = None,
        env: Mapping[str, str] | None = None,
        settings: str = "example_site.settings",
        python: str = sys.executable,
        arguments: Sequence[str] = (),
        application: str | None = None,
    ) -> None:
        super().__init__(port=port)
        self.kind = kind
        self.python = python
        self.arguments = list(arguments)
        self.application = application or f"example_site.{kind}:application"
        self.database_url = database_url or f"sqlite:///{self.folder / 'site.sqlite3'}"
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": settings,
            "DATABASE_URL": self.database_url,
            # Mail and uploads of its own.
            "DEMO_VAR": str(self.folder),
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(REPOSITORY),
            **(env or {}),
        }
        # A site in a test must not meet the Redis of the shell that started the test.
        self.env.pop("REDIS_URL", None)
        if redis_url:
            self.env["REDIS_URL"] = redis_url

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    @property
    def url(self) -> str:
        """The first site (the shop), without a slash at the end."""
        return f"http://{self.host}"

    @property
    def other_url(self) -> str:
        """The second Wagtail site of the same process."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        return f"ws://{self.host}"

    def command(self) -> Sequence[str]:
        if self.kind == "wsgi":
            return [
                self.python, "-m", "waitress", f"--listen=127.0.0.1:{self.port}", "--threads=16", *self.arguments,
                self.application,
            ]  # fmt: skip
        return [
            self.python, "-m", "uvicorn", "--host", "127.0.0.1", "--port", str(self.port),
            "--ws-max-size", "65536", "--ws-per-message-deflate", "false", "--no-proxy-headers",
            "--timeout-graceful-shutdown", "5", "--log-level", "info", *self.arguments, self.application,
        ]  # fmt: skip

    def environment(self) -> Mapping[str, str]:
        return self.env

    def is_answering(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            # A page of the admin needs no seeded page, and shows that the database answers.
            connection.request("GET", "/admin/login/", headers={"Host": self.host})
            status = connection.getresponse().status
        finally:
            connection.close()
        if status >= 500:
            raise ServiceFailed(f"The site answers {status}.")
        return True

    def manage(self, *arguments: str, input: str | None = None) -> str:
        """Run manage.py against this site's database and return what it printed."""
        return manage(*arguments, env=self.env, python=self.python, input=input)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Read (or write) this site's database past Django, with %s for parameters on both databases.

        Usable under sync Playwright, whose loop makes Django refuse its ORM.
        """
        if self.database_url.startswith("sqlite"):
            connection = sqlite3.connect(self.database_url.removeprefix("sqlite:///"), timeout=20)
            try:
                with connection:
                    return connection.execute(sql.replace("%s", "?"), parameters).fetchall()
            finally:
                connection.close()
        import psycopg

        with psycopg.connect(self.database_url, autocommit=True) as link:
            cursor = link.execute(sql, parameters)  # type: ignore[call-overload]
            return cursor.fetchall() if cursor.description else []

    def announce_port(self) -> None:
        """Tell Wagtail's Site rows the port that is served, so that full addresses lead here."""
        self.query("UPDATE wagtailcore_site SET port = %s", [self.port])


def manage(*arguments: str, env: Mapping[str, str], python: str = sys.executable, input: str | None = None) -> str:
    result = subprocess.run(
        [python, str(REPOSITORY / "example_site" / "manage.py"), *arguments],
        env=dict(env), cwd=REPOSITORY, input=input, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    if result.returncode:
        raise ServiceFailed(f"manage.py {' '.join(arguments)} failed:\n{result.stdout}{result.stderr}")
    return result.stdout


def site_server(
    *,
    kind: Kind = "asgi",
    port: int | None = None,
    database_url: str | None = None,
    redis_url: str | None = None,
    env: Mapping[str, str] | None = None,
    settings: str = "example_site.settings",
    template: Path | None = None,
    arguments: Sequence[str] = (),
    application: str | None = None,
) -> SiteServer:
    """The example site on a free port, not started yet.

    Without `database_url` it has an SQLite file of its own, copied from `template` (see `seeded_template`).
    With a PostgreSQL address the caller migrates and seeds: `site.manage("migrate")`, `site.manage("seed_demo")`.
    """
    server = SiteServer(
        kind=kind, port=port, database_url=database_url, redis_url=redis_url, env=env, settings=settings,
        arguments=arguments, application=application,
    )  # fmt: skip
    if template is not None and database_url is None:
        shutil.copyfile(template, server.folder / "site.sqlite3")
        shutil.copytree(template.parent / "media", server.folder / "media", dirs_exist_ok=True)
        server.announce_port()
    return server
