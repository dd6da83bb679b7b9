"""The servers and people of a run: PostgreSQL, Redis, the site, the bare consumers, and who talks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from tests.services import SiteServer, postgres_server, redis_server, site_server
from tests.services.postgres import DATABASE
from tests.services.process import REPOSITORY

OPTIONS = {"COMMAND_RATE": [1_000_000, 1_000_000], "SESSION_RATE": [1_000_000, 600], "MAX_SOCKETS_PER_ADDRESS": 100_000}
"""All load comes from one address, quicker than a person types: limits that are right for people are lifted."""

TIME_LIMIT = 180
"""Seconds after which a load that does not report is ended."""

BEFORE, APART = "before", "apart"
"""Databases: a copy of the shop as it opens, and the copy of that which a part may fill."""


@dataclass
class Visitor:
    token: str
    conversation: str
    row: int
    visitor_id: int


@dataclass
class Desk:
    cookie: str
    operator_id: int
    conversations: list[str]


@dataclass
class Cast:
    """Visitors with one open conversation each, and the operators who have taken them."""

    visitors: list[Visitor]
    operators: list[Desk]

    def plan(self) -> dict[str, Any]:
        return {"visitors": [vars(v) for v in self.visitors], "operators": [vars(o) for o in self.operators]}


class Stage:
    """All that a run needs. A context manager: whatever it started has ended when it is left."""

    def __init__(self) -> None:
        self._exits = ExitStack()
        self.site: SiteServer
        self.bare: SiteServer

    def __enter__(self) -> Self:
        with ExitStack() as exits:
            self.pg = exits.enter_context(postgres_server())
            self.redis = exits.enter_context(redis_server())
            folder = exits.enter_context(tempfile.TemporaryDirectory(prefix="livechat-bench-"))
            self.env = {
                "DEMO_VAR": folder,
                "LIVECHAT_OPTIONS": json.dumps(OPTIONS),
            }
            os.environ |= {**self.env, "DATABASE_URL": self.pg.url, "REDIS_URL": self.redis.url}
            os.environ["DJANGO_SETTINGS_MODULE"] = "example_site.settings"
            self.site = self._server()
            self.bare = self._server("benchmarks.bare:application")
            exits.callback(self.site.stop)
            exits.callback(self.bare.stop)
            self.site.manage("migrate", "--verbosity=0")
            self.site.manage("seed_demo", "--verbosity=0", "--days", "14")
            # Now, while nobody is connected to it, which PostgreSQL demands.
            self.pg.execute(f'CREATE DATABASE "{BEFORE}" TEMPLATE "{DATABASE}"')
            self.site.start()
            self.bare.start()
            import django

            django.setup()
            exits.callback(_close_connections)
            self._exits = exits.pop_all()
        return self

    def __exit__(self, *exception: object) -> None:
        self._exits.close()

    def _server(self, application: str | None = None) -> SiteServer:
        return site_server(
            database_url=self.pg.url, redis_url=self.redis.url, env=self.env, application=application,
            arguments=["--lifespan", "off"],
        )  # fmt: skip

    @contextmanager
    def fresh(self, kind: str) -> Iterator[SiteServer]:
        """Another process of the site ("ours") or of the bare consumers, used by nobody yet."""
        server = self._server(None if kind == "ours" else "benchmarks.bare:application")
        try:
            yield server.start()
        finally:
            server.stop()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """A database of its own for this process. What is filled in there goes with it, and leaves no dead rows either."""
        from django.db import connection

        self.pg.execute(f'CREATE DATABASE "{APART}" TEMPLATE "{BEFORE}"')
        connection.close()
        connection.settings_dict["NAME"] = APART
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = DATABASE
            self.pg.execute(f'DROP DATABASE "{APART}" WITH (FORCE)')

    def base_url(self, kind: str) -> str:
        return (self.site if kind == "ours" else self.bare).ws_url

    def cast(self, conversations: int, per_operator: int = 5) -> Cast:
        """Open conversations, each taken by an operator (``per_operator`` 0: by nobody, so they wait)."""
        from wagtail.models import Site

        from wagtail_livechat.actions.visitors import token_hash
        from wagtail_livechat.models import Conversation, Participation
        from wagtail_livechat.models import Visitor as VisitorRow

        self.end_all()
        site_id = Site.objects.order_by("pk").values_list("pk", flat=True)[0]
        tokens = [f"bench-{os.urandom(24).hex()}" for _ in range(conversations)]
        people = VisitorRow.objects.bulk_create(
            VisitorRow(site_id=site_id, token_hash=token_hash(token), name="Guest", is_present=True) for token in tokens
        )
        count = -(-conversations // per_operator) if per_operator else 0
        operators = [self._operator(number) for number in range(count)]
        rows = Conversation.objects.bulk_create(
            Conversation(
                case_number=f"B-{person.pk}",
                site_id=site_id,
                visitor_id=person.pk,
                operator_id=operators[i // per_operator].operator_id if per_operator else None,
                state="active" if per_operator else "queued",
            )
            for i, person in enumerate(people)
        )
        for i, row in enumerate(rows):
            if per_operator:
                operators[i // per_operator].conversations.append(str(row.uuid))
        Participation.objects.bulk_create(
            Participation(conversation_id=row.pk, operator_id=row.operator_id, state="joined")
            for row in rows
            if row.operator_id
        )
        visitors = [
            Visitor(token, str(row.uuid), row.pk, person.pk)
            for token, row, person in zip(tokens, rows, people, strict=True)
        ]
        return Cast(visitors, operators)

    def end_all(self) -> None:
        """No conversation of an earlier measurement is open."""
        from django.utils import timezone

        from wagtail_livechat.models import Conversation

        earlier = Conversation.objects.filter(state__in=("queued", "active"))
        earlier.update(state="ended", ended_at=timezone.now() - timedelta(days=30))

    def _operator(self, number: int) -> Desk:
        from django.conf import settings
        from django.contrib.auth import get_user_model
        from django.contrib.auth.models import Group
        from django.test import Client
        from django.utils import timezone

        from wagtail_livechat.models import Operator

        users = get_user_model().objects
        user, made = users.get_or_create(
            username=f"bench{number}", defaults={"first_name": "Bench", "last_name": str(number)}
        )
        if made:
            user.groups.add(Group.objects.get(name="Live chat operators"))
        operator, _ = Operator.objects.update_or_create(
            user=user,
            defaults={"status": "available", "last_seen": timezone.now(), "is_present": True, "capacity": 500},
        )
        client = Client()
        client.force_login(user)
        return Desk(
            f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}", operator.pk, []
        )


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


class Load:
    """The load generator's process. Speaks in lines of JSON."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.load"], cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.tell(plan)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate()

    def tell(self, message: dict[str, Any]) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def wait(self, event: str) -> dict[str, Any]:
        """The next report of this kind. Raises RuntimeError if the load ends, or says nothing for TIME_LIMIT seconds."""
        import threading

        assert self.process.stdout
        timer = threading.Timer(TIME_LIMIT, self.process.kill)
        timer.start()
        try:
            for line in self.process.stdout:
                report: dict[str, Any] = json.loads(line)
                if report["event"] == event:
                    return report
        finally:
            timer.cancel()
        raise RuntimeError(f"The load ended before it reported '{event}'.")


def run_load(plan: dict[str, Any]) -> dict[str, Any]:
    """From opening the sockets to the result."""
    with Load(plan) as load:
        load.wait("ready")
        load.tell({})
        return load.wait("result")


def median_of(values: Sequence[float]) -> float:
    from statistics import median

    return median(values)


def resident_kb(pid: int) -> int:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        return int(next(line for line in status.read_text().splitlines() if line.startswith("VmRSS")).split()[1])
    return int(subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True).stdout)
