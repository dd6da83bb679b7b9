"""People for the browser tests: visitors and operators, each with a browser of their own that is watched."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from tests.browser.pages import Operator, Visitor
from tests.browser.watchdog import Watchdog
from tests.services import SiteServer, TcpProxy, site_server
from wagtail_livechat.intake import FIELDS

# Everyone here comes from one address. A lost line is noticed by missing heartbeats, so they come often.
OPTIONS = {
    "HEARTBEAT_SECONDS": 2,
    "LEASE_SECONDS": 1,
    # `clear()` changes the database past the site, which would show what it remembers from the test before.
    "BOOT_SECONDS": 0,
    "SESSION_RATE": [10_000, 60],
    # There are no name servers in a test's world.
    "DNS_SECONDS": 0,
}
ENVIRONMENT = {"LIVECHAT_OPTIONS": json.dumps(OPTIONS)}


@pytest.fixture(scope="session")
def _sites(site_template: Any) -> Iterator[Callable[..., SiteServer]]:
    """One site of each kind for all browser tests; `clear()` gives each test an empty desk."""
    sites: dict[str, SiteServer] = {}

    def get(kind: str) -> SiteServer:
        if kind not in sites:
            sites[kind] = site_server(kind=kind, template=site_template, env=ENVIRONMENT).start()
        return sites[kind]

    yield get
    for site in sites.values():
        site.stop()


def clear(site: SiteServer) -> None:
    """Nobody is here and nothing is open, as before the first test; the record stays. Nobody is asked to fill in anything."""
    internal = "SELECT id FROM wagtail_livechat_conversation WHERE state = 'internal'"
    site.query(f"DELETE FROM wagtail_livechat_entry WHERE conversation_id IN ({internal})")
    site.query(f"DELETE FROM wagtail_livechat_participation WHERE conversation_id IN ({internal})")
    site.query("DELETE FROM wagtail_livechat_conversation WHERE state = 'internal'")
    site.query(
        "UPDATE wagtail_livechat_conversation SET state = 'ended', ended_by = 'system', ended_at = created_at"
        " WHERE state <> 'ended'"
    )
    site.query("UPDATE wagtail_livechat_offer SET state = 'withdrawn' WHERE state = 'pending'")
    site.query("UPDATE wagtail_livechat_participation SET is_listed = false, state = 'left'")
    site.query(
        "UPDATE wagtail_livechat_livechatsettings SET mode = 'auto', offline_form = false, no_answer_seconds = 0,"
        " embed_origins = ''," + ", ".join(f" prechat_{field} = 'off'" for field in FIELDS)
    )
    site.query("DELETE FROM wagtail_livechat_openinghours")
    clear_auto_messages(site)
    site.query("UPDATE wagtail_livechat_operator SET status = 'offline', is_present = false, last_seen = NULL")


def clear_auto_messages(site: SiteServer) -> None:
    """Those of tests; the demo's own is in its statistics."""
    site.query("DELETE FROM wagtail_livechat_automessage WHERE name <> 'Autumn sale'")


@contextmanager
def emptied(site: SiteServer, *tables: str) -> Iterator[None]:
    """Without the demo's rows of these tables, which other tests look for: they are back afterwards, and what came is gone."""
    for table in tables:
        site.query(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}")
        site.query(f"DELETE FROM {table}")
    try:
        yield
    finally:
        for table in tables:
            site.query(f"DELETE FROM {table}")
            site.query(f"INSERT INTO {table} SELECT * FROM kept_{table}")
            site.query(f"DROP TABLE kept_{table}")


@pytest.fixture
def shop(_sites: Callable[..., SiteServer]) -> SiteServer:
    """The demo by ASGI."""
    site = _sites("asgi")
    clear(site)
    return site


@pytest.fixture
def shop_settings(shop: SiteServer) -> Callable[..., None]:
    """`shop_settings(offline_form=True)`: as if somebody had saved it in the admin; undone by the next test's `shop`."""

    def change(**fields: Any) -> None:
        places = ", ".join(f"{name} = %s" for name in fields)
        shop.query(f"UPDATE wagtail_livechat_livechatsettings SET {places}", list(fields.values()))

    return change


@pytest.fixture
def plain_shop(_sites: Callable[..., SiteServer]) -> SiteServer:
    """The demo by WSGI, where there are no WebSockets."""
    site = _sites("wsgi")
    clear(site)
    return site


@pytest.fixture
def network(shop: SiteServer) -> Iterator[TcpProxy]:
    """The shop behind a network that can go away: open pages at `network.url`."""
    with TcpProxy(shop.port) as proxy:
        yield proxy


@pytest.fixture
def new_browser(new_person: Callable[..., Any]) -> Iterator[Callable[..., tuple[Any, Watchdog]]]:
    """`new_browser(url, **options)`: a page in a browser of its own, and its watchdog, which has the last word."""
    watchdogs: list[Watchdog] = []

    def make(*urls: str, **options: Any) -> tuple[Any, Watchdog]:
        page = new_person(**options)
        watchdog = Watchdog(page.context, *urls)
        watchdogs.append(watchdog)
        return page, watchdog

    yield make
    for watchdog in watchdogs:
        watchdog.check()


@pytest.fixture
def new_visitor(new_browser: Callable[..., Any], request: pytest.FixtureRequest) -> Callable[..., Visitor]:
    """`new_visitor()` is someone who is on no page yet; `at` is the address of another site than the shop."""

    def make(at: str | None = None, **options: Any) -> Visitor:
        url = at or request.getfixturevalue("shop").url
        page, watchdog = new_browser(url, **options)
        return Visitor(page, url, watchdog)

    return make


@pytest.fixture(scope="session")
def _signed_in() -> dict[tuple[str, str], Any]:
    """(site, user) -> the cookies of a session: one sign-in for all tests."""
    return {}


@pytest.fixture
def new_operator(
    new_browser: Callable[..., Any], request: pytest.FixtureRequest, _signed_in: dict[tuple[str, str], Any]
) -> Callable[..., Operator]:
    """`new_operator("operator2")`: signed in, on no page yet."""

    def make(
        user: str = "operator",
        *,
        at: str | None = None,
        site: str | None = None,
        excused: Sequence[re.Pattern[str]] = (),
        **options: Any,
    ) -> Operator:
        """`at`: where to go. `site`: the site behind it, where sessions are known, if that is another address.

        `excused`: complaints of the browser that the test provokes from the very first page.
        """
        url = at or request.getfixturevalue("shop").url
        home = site or url
        known = _signed_in.get((home, user))
        if known:
            options["storage_state"] = known
        page, watchdog = new_browser(url, home, **options)
        if excused:
            watchdog.expect_trouble(*excused)
        if not known:
            sign_in(page, home, user)
            state = page.context.storage_state()
            _signed_in[home, user] = {"cookies": state["cookies"], "origins": []}
        return Operator(page, url, user, watchdog)

    return make


def sign_in(page: Any, url: str, user: str) -> None:
    """As a person does. The demo's passwords are the user names."""
    page.goto(f"{url}/admin/login/")
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(user)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{url}/admin/")
