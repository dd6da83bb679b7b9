"""Sockets reach the database through threads.in_database alone.

Channels' dispatch closes dead connections before every message; ours leaves that out (consumers/base.py says why). So
whatever touches the database elsewhere would, after a restart of PostgreSQL, never recover, and would hold up the event
loop of all sockets. Names decide: what reads or writes is called by these names, here and in Django.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connections

from wagtail_livechat.consumers import threads

CONSUMERS = Path(__file__).resolve().parent.parent / "wagtail_livechat" / "consumers"

ASYNC_ORM = re.compile(
    r"a(get|create|update|delete|save|first|last|latest|earliest|count|exists|aggregate|iterator|in_bulk|contains|add|set|clear"
    r"|remove|explain|bulk_create|bulk_update|get_or_create|update_or_create|refresh_from_db|full_clean)"
)
SYNC_ORM = {
    "objects",
    "_default_manager",
    "_base_manager",
    "select_related",
    "prefetch_related",
    "refresh_from_db",
    "cursor",
}
BRIDGES = {
    "database_sync_to_async",
    "sync_to_async",
    "DatabaseSyncToAsync",
    "SyncToAsync",
    "to_thread",
    "run_in_executor",
}
"""Ways into another thread. Only threads.py may know one."""

ROOMS_WITH_A_DATABASE = {
    "handlers",
    "snapshots",
    "visitors",
    "presence",
    "conversations",
    "messages",
    "offers",
    "sweep",
}
PURE = {"handlers.error_event", "handlers.forget", "handlers.Session"}
"""What consumers may call on the spot: it reads and writes nothing."""


def faults_of(source: str, *, is_bridge: bool = False) -> list[str]:
    """What a consumer's source does that only a database thread may do."""
    tree = ast.parse(source)
    return [f"line {node.lineno}: {what}" for node, what in _faults(tree, is_bridge)]


def _faults(tree: ast.AST, is_bridge: bool) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ASYNC_ORM.fullmatch(node.attr):
            yield node, f".{node.attr} is the asynchronous ORM"
        elif isinstance(node, ast.Attribute) and node.attr in SYNC_ORM and not is_bridge:
            yield node, f".{node.attr} asks the database"
        elif isinstance(node, ast.AsyncFor):
            yield node, "async for may walk a queryset"
        elif isinstance(node, ast.comprehension) and node.is_async:
            yield node.target, "async for may walk a queryset"
        elif isinstance(node, ast.alias) and node.name.split(".")[-1] in BRIDGES and not is_bridge:
            yield node, f"{node.name} is another way into a thread"
        elif isinstance(node, ast.Attribute | ast.Name) and not is_bridge:
            name = node.attr if isinstance(node, ast.Attribute) else node.id
            if name in BRIDGES:
                yield node, f"{name} is another way into a thread"
        if isinstance(node, ast.AsyncFunctionDef):
            yield from _called_on_the_spot(node)


def _called_on_the_spot(function: ast.AsyncFunctionDef) -> Iterator[tuple[ast.AST, str]]:
    """Calls of actions, handlers and snapshots in a coroutine, instead of by in_database."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            room = called.split(".")[0]
            if ("." in called and room in ROOMS_WITH_A_DATABASE and called not in PURE) or called in (
                "sweep",
                "operator_of_session",
            ):
                yield node, f"{called}() is called in the event loop"


@pytest.mark.parametrize("path", sorted(CONSUMERS.glob("*.py")), ids=lambda path: path.name)
def test_consumers_reach_the_database_only_through_its_threads(path: Path) -> None:
    assert faults_of(path.read_text(encoding="utf-8"), is_bridge=path.name == "threads.py") == []


def test_there_is_one_bridge() -> None:
    tree = ast.parse((CONSUMERS / "threads.py").read_text(encoding="utf-8"))

    names = [node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "") for node in ast.walk(tree)]

    assert [name for name in names if name in BRIDGES] == ["run_in_executor"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("idle", [False, True], ids=["in the midst of work", "after a silence"])
async def test_a_connection_that_died_costs_one_command_at_most(idle: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL was restarted. What recovers is this bridge, so nothing may go round it."""
    # One thread, so that it is the same connection each time.
    with ThreadPoolExecutor(max_workers=1) as pool:
        monkeypatch.setattr(threads, "_pool", pool)
        try:
            dead = await threads.in_database(_backend)
            await sync_to_async(_terminate)(dead)
            if idle:
                pool.submit(setattr, threads._thread, "worked_at", 0.0).result()

            alive, failures = None, 0
            while alive is None and failures < 3:
                try:
                    alive = await threads.in_database(_backend)
                except OperationalError:
                    failures += 1

            assert alive not in (None, dead)
            assert failures <= (0 if idle else 1)
        finally:
            pool.submit(connections.close_all).result()


def _backend() -> int:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _terminate(backend: int) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])


@pytest.mark.parametrize(
    "source",
    [
        "async def f():\n    await Visitor.objects.aget(pk=1)",
        "async def f():\n    await entry.asave()",
        "async def f():\n    return [row async for row in rows]\n",
        "async def f():\n    async for row in rows:\n        pass",
        "async def f():\n    return Visitor.objects.count()",
        "from asgiref.sync import sync_to_async",
        "from channels.db import database_sync_to_async",
        "async def f():\n    await asyncio.to_thread(look)",
        "async def f():\n    snapshots.site_state(1)",
        "async def f():\n    await self.tell(*handlers.handle_visitor(session, command))",
        "async def f():\n    sweep()",
        "async def f():\n    operator_of_session(key)",
    ],
)
def test_the_rule_sees_each_way_round_it(source: str) -> None:
    """The net is tested with fish."""
    assert faults_of(source)


def test_the_rule_lets_pass_what_is_right() -> None:
    source = "async def f():\n    events = await in_database(handlers.handle_visitor, session, command)\n    handlers.error_event(error)"

    assert faults_of(source) == []
