"""What all tests share: real services, sites of their own, a browser, and honesty about what was not run."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.services import (
    CHROMIUM_FLAGS,
    PostgresServer,
    RedisServer,
    SiteServer,
    TcpProxy,
    chromium_path,
    migrated_template,
    redis_server,
    seeded_template,
    site_server,
)
from tests.services.templates import MIGRATED

IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
ON_POSTGRES = os.environ.get("LIVECHAT_TEST_DB") == "postgres"

# Sync Playwright keeps a loop running in this thread, at which Django would refuse its ORM. Browser tests
# look at the database of their site's own process, so nothing asynchronous shares a connection with them.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


# Which tests run where.


# Modules that take half a minute and more, in this order. Begun first, so that no core waits for one at the end.
LONG = [
    "tests/wire/",
    "tests/replay/",
    "tests/property/",
    "tests/actions/test_rollup.py",
    "tests/test_client_ts.py",
    *(
        f"tests/browser/test_{name}.py"
        for name in ("visitor_rows", "nothing_lost", "accessibility", "helpdesk_editing")
    ),
]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out (not skip) what belongs to the run on the other database; put first what takes longest.

    `make test` runs both: browser tests once, on SQLite; tests of locking once, on PostgreSQL.
    """

    def belongs_here(item: pytest.Item) -> bool:
        if not ON_POSTGRES:
            return not item.get_closest_marker("postgres")
        # Sites of the wire tests have an SQLite of their own whatever database the tests have, unless they say so.
        is_on_sqlite = item.nodeid.startswith("tests/wire/") and not item.get_closest_marker("postgres")
        return not is_on_sqlite and not item.get_closest_marker("browser")

    if elsewhere := [item for item in items if not belongs_here(item)]:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if belongs_here(item)]
    # A module's own order stays.
    items.sort(key=lambda item: next((n for n, long in enumerate(LONG) if item.nodeid.startswith(long)), len(LONG)))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    # The media folder and databases of tests.settings; each process made its own or inherited one.
    folder = os.environ.get("DEMO_VAR", "")
    is_worker = hasattr(session.config, "workerinput")
    if not is_worker and Path(folder).name.startswith("livechat-tests-"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """In CI a skipped test is a failed one: nothing may quietly not be proved."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Skipped in CI: {reason}"
    if report.when == "call":
        item.report_of_call = report  # for fixtures that keep evidence of a failure
    return report


# Databases.


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database is there already (below), and goes with its server or its folder."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """This process gets its copy of a database with all migrations. What it should lack is migrated as usual."""
    from django.db import connection

    name = connection.creation._get_test_db_name()
    if ON_POSTGRES:
        import psycopg

        server = connection.settings_dict
        with psycopg.connect(
            host=server["HOST"], port=server["PORT"], user=server["USER"], dbname="postgres", autocommit=True
        ) as link:
            link.execute(f'CREATE DATABASE "{name}" TEMPLATE {MIGRATED}')
    else:
        shutil.copyfile(migrated_template(), name)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A transactional test leaves what migrations had written: root page, Locale, Site, groups, permissions.

    Django would empty all tables, and have every handler of post_migrate write something that is not the same: most of
    the time of such a test. The others come after it in the same process, and need those rows.
    """
    from django.db import connection
    from django.test import TransactionTestCase

    with django_db_blocker.unblock(), connection.cursor() as cursor, pytest.MonkeyPatch.context() as patch:
        names = connection.introspection.django_table_names(only_existing=True, include_views=False)
        # Tables rather than models: the same numbers come back, so content types fit the pages that name them.
        tables = {table: _rows(cursor, table) for table in names if table != "django_migrations"}
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: _put_back(tables))
        yield


def _rows(cursor: Any, table: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    return [tuple(row) for row in cursor.fetchall()]


def _put_back(tables: dict[str, list[tuple[Any, ...]]]) -> None:
    """Make each of these tables what it is said to have been; most of them are empty, and were."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connection, transaction

    quote = connection.ops.quote_name
    # In one transaction, at whose end alone the foreign keys are checked.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})" for table in tables)
        )
        filled = {table for (table,) in cursor.fetchall()}
        changed = [
            table for table, rows in tables.items() if (table in filled or rows) and _rows(cursor, table) != rows
        ]
        for table in changed:
            cursor.execute(f"DELETE FROM {quote(table)}")
        for table in changed:
            if rows := tables[table]:
                places = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(
                    f"INSERT INTO {quote(table)} VALUES ({places})",
                    [[_storable(value) for value in row] for row in rows],
                )
    ContentType.objects.clear_cache()


def _storable(value: Any) -> Any:
    """A value as it was read, in a form that both drivers take back."""
    if isinstance(value, dict | list):
        return json.dumps(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """No test sees what another left in the cache, such as the addresses of another test's sites."""
    from django.core.cache import cache

    from wagtail_livechat.veils import forget_rules

    cache.clear()
    forget_rules()


def _with_rules_known(count: Any) -> Any:
    """``count``, but never with the query for a site's masking rules, which a process keeps for a few seconds.

    How long a test took to make its rows would else decide whether that query is among those that it counts.
    """

    @contextmanager
    def counting(*args: Any, **kwargs: Any) -> Iterator[Any]:
        from wagtail_livechat.veils import forget_rules, site_rules

        forget_rules()
        site_rules(None)
        with count(*args, **kwargs) as queries:
            yield queries

    return counting


@pytest.fixture
def django_assert_num_queries(django_assert_num_queries: Any) -> Any:
    return _with_rules_known(django_assert_num_queries)


@pytest.fixture
def django_assert_max_num_queries(django_assert_max_num_queries: Any) -> Any:
    return _with_rules_known(django_assert_max_num_queries)


# Services.


@pytest.fixture(scope="session")
def redis_service() -> Iterator[RedisServer]:
    """A Redis for the session. A test that kills it starts one of its own with `redis_server()`."""
    with redis_server() as server:
        yield server


@pytest.fixture(scope="session")
def seeded_service() -> PostgresServer:
    """The PostgreSQL that serves this whole run (tests/settings.py); of the demo in it one makes copies, by `copy_of`."""
    return PostgresServer(port=urlsplit(os.environ["LIVECHAT_TEST_DATABASE_URL"]).port)


@pytest.fixture(scope="session")
def site_template() -> Path:
    """A seeded SQLite file, to be copied."""
    return seeded_template()


@pytest.fixture
def make_site(site_template: Path) -> Iterator[Callable[..., SiteServer]]:
    """Start sites with what a test needs: `make_site(kind="wsgi", env={…})`. Stopped after the test."""
    sites: list[SiteServer] = []

    def make(**options: Any) -> SiteServer:
        options.setdefault("template", site_template)
        site = site_server(**options)
        sites.append(site)
        return site.start()

    yield make
    for site in reversed(sites):
        site.stop()


@pytest.fixture(scope="module")
def demo_site(site_template: Path) -> Iterator[SiteServer]:
    """The demo by ASGI, seeded, on SQLite: one for all tests of a module, so each test uses a visitor of its own."""
    with site_server(template=site_template) as site:
        yield site


@pytest.fixture(scope="module")
def wsgi_site(site_template: Path) -> Iterator[SiteServer]:
    """The same behind a plain WSGI server: no WebSockets."""
    with site_server(kind="wsgi", template=site_template) as site:
        yield site


@pytest.fixture
def network(demo_site: SiteServer) -> Iterator[TcpProxy]:
    """The demo behind a network that can go away: open pages at `network.url`."""
    with TcpProxy(demo_site.port) as proxy:
        yield proxy


# The browser.


def _as_long_as_the_loop_is_free(fixture_name: str, config: pytest.Config) -> str:
    return "session" if config.getoption("markexpr") == "browser" else "module"


@pytest.fixture(scope=_as_long_as_the_loop_is_free)  # type: ignore[arg-type]
def browser() -> Iterator[Any]:
    """Chromium: one for all where only browser tests run, else one for each module, since sync Playwright occupies this
    thread's loop, which asynchronous tests need.
    """
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_person(browser: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Make a person with a browser of their own (cookies and storage): `new_person()` gives a page.

    What the page's console complains about, and every breach of the Content-Security-Policy, is kept in
    `page.complaints`. A screenshot of each page is written to test-results/ when the test fails.
    """
    contexts: list[Any] = []

    def make(**options: Any) -> Any:
        # Without a GPU, whatever moves keeps a core busy for as long as the page is open.
        usual = {"locale": "en-GB", "viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
        context = browser.new_context(**{**usual, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        return watch(context.new_page())

    yield make
    report = getattr(request.node, "report_of_call", None)
    for number, context in enumerate(contexts):
        if report is not None and report.failed:
            _keep_evidence(request.node.name, number, context)
        context.close()


def watch(page: Any) -> Any:
    """Collect what goes wrong in a page in `page.complaints`; a second tab of a context needs it too."""
    page.complaints = []
    page.on("console", lambda message: message.type == "error" and page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    return page


@pytest.fixture
def page(new_person: Callable[..., Any]) -> Any:
    """One person's page."""
    return new_person()


def _keep_evidence(test: str, number: int, context: Any) -> None:
    folder = Path(__file__).resolve().parents[1] / "test-results"
    folder.mkdir(exist_ok=True)
    safe = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in test)
    for tab, page in enumerate(context.pages):
        try:
            page.screenshot(path=folder / f"{safe}-{number}-{tab}.png")
            (folder / f"{safe}-{number}-{tab}.txt").write_text("\n".join(getattr(page, "complaints", [])))
        except Exception as error:  # a dead page has no picture, and the test's own failure is the news
            print(f"No screenshot of {test}: {error}")


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder that other users (PostgreSQL's) can look into, unlike pytest's tmp_path."""
    folder = Path(tempfile.mkdtemp(prefix="livechat-scratch-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
