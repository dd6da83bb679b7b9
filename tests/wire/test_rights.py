"""Rights are taken away while a socket lives: it falls silent, and is closed within five seconds. And presence, as a lease."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.services import SiteServer, site_server
from tests.wire.clients import Person, Shop, by_hand, until
from tests.wire.conftest import make_room, options
from wagtail_livechat.conf import conf

pytestmark = [pytest.mark.covers("E2")]

GRACE = 2.0


@pytest.fixture(scope="module")
def site(site_template: Path) -> Iterator[SiteServer]:
    # Rights are looked at more often than by default, so that what is measured is not how busy the machine is.
    env = options(GRACE_SECONDS=GRACE, LEASE_SECONDS=0.5, SWEEP_SECONDS=0.5, RECHECK_SECONDS=1)
    with site_server(template=site_template, env=env) as server:
        make_room(server)
        yield server
        assert "Traceback" not in server.log_path.read_text()


@pytest.fixture(scope="module")
def django(site: SiteServer) -> Iterator[Callable[[str], None]]:
    """Runs lines of Python inside the site's Django, in a process that is there already: a shell takes seconds to start."""
    import subprocess
    import sys

    from tests.services.process import REPOSITORY

    shell = subprocess.Popen(
        [sys.executable, "-u", "-c", DJANGO], env=dict(site.env), cwd=REPOSITORY, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )  # fmt: skip
    assert shell.stdin
    assert shell.stdout
    assert shell.stdout.readline() == "ready\n"

    def run(code: str) -> None:
        assert shell.stdin
        assert shell.stdout
        shell.stdin.write(repr(code) + "\n")
        shell.stdin.flush()
        assert shell.stdout.readline() == "done\n"

    yield run
    shell.stdin.close()
    shell.wait(10)


DJANGO = """
import ast, sys, django
django.setup()
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from wagtail_livechat.models import *
User = get_user_model()
print("ready")
for line in sys.stdin:
    exec(ast.literal_eval(line))
    print("done")
"""

FRESH = """
user = User.objects.create_user({0!r}, password={0!r}, first_name={0!r})
user.groups.add(Group.objects.get(name="Live chat operators"))
Operator.objects.create(user=user, display_name={0!r}, capacity=99, status="available")
"""

WITHDRAWN = {
    "deactivated": "User.objects.filter(username={0!r}).update(is_active=False)",
    "deactivated as operator": "Operator.objects.filter(user__username={0!r}).update(is_active=False)",
    "no operator any more": "Operator.objects.filter(user__username={0!r}).delete()",
    "permission withdrawn": "User.objects.get(username={0!r}).groups.clear()",
    "group loses the permission": (
        "group = Group.objects.create(name={0!r}); user = User.objects.get(username={0!r});"
        "group.permissions.set(Group.objects.get(name='Live chat operators').permissions.all());"
        "user.groups.set([group]); group.permissions.clear()"
    ),
    "signed out": "[s.delete() for s in Session.objects.all() if str(User.objects.get(username={0!r}).pk) == s.get_decoded().get('_auth_user_id')]",
    "password changed": "user = User.objects.get(username={0!r}); user.set_password('another'); user.save()",
    "user deleted": "User.objects.get(username={0!r}).delete()",
}


@pytest.mark.parametrize("how", WITHDRAWN)
async def test_the_socket_of_who_may_no_longer_answer_is_closed_within_five_seconds(
    site: SiteServer, django: Callable[[str], None], how: str
) -> None:
    name = how.replace(" ", "-")
    django(FRESH.format(name))
    shop = await Shop.find(site.url)
    operator, colleague, visitor = await shop.operator(name), await shop.operator("manager"), await shop.visitor()
    async with operator, colleague, visitor:
        conversation = await visitor.say("Hello")
        await operator.accept(conversation)
        await colleague.ask("conversation.open", conversation=conversation)
        operator.comes_back = False

        assert conf.RECHECK_SECONDS <= 3, "by default"
        withdrawn = time.monotonic()
        await by_hand(django, WITHDRAWN[how].format(name))
        await operator.until(lambda: operator.closes, timeout=10, what="the socket to be closed")

        took = time.monotonic() - withdrawn
        assert took < 5, f"closed after {took:.1f} s"
        assert operator.closes[-1][0] in (4401, 4403)
        heard = len(operator.events)
        await visitor.say("Do you still hear me?")
        await colleague.shows("Hello", "Do you still hear me?", conversation=conversation)
        assert len(operator.events) == heard
        await visitor.send("conversation.end", conversation=conversation)


async def test_an_operator_who_is_moved_to_another_department_sees_it_at_once(
    site: SiteServer, django: Callable[[str], None]
) -> None:
    django(FRESH.format("mover"))
    shop = await Shop.find(site.url)
    operator, visitor = await shop.operator("mover"), await shop.visitor()
    async with operator, visitor:
        conversation = await visitor.say("For Sales")
        await operator.until(lambda: conversation in operator.model.conversations)
        await by_hand(
            django,
            "Operator.objects.get(display_name='mover').departments.set(Department.objects.filter(name='Repairs and returns'))",
        )
        await operator.until(lambda: conversation not in operator.model.conversations, timeout=8)
        assert operator.closes[-1][0] == 1012
        await visitor.send("conversation.end", conversation=conversation)


async def test_a_visitor_whose_token_was_revoked_is_let_go(site: SiteServer, django: Callable[[str], None]) -> None:
    shop = await Shop.find(site.url)
    visitor = await shop.visitor()
    async with visitor:
        conversation = await visitor.say("Hello")
        visitor.comes_back = False
        django("from django.utils import timezone")
        django(f"Visitor.objects.filter(conversations__uuid={conversation!r}).update(revoked_at=timezone.now())")
        await visitor.until(lambda: visitor.closes, timeout=6)
        assert visitor.closes[-1][0] == 4401


# ------------------------------------------------------------------------------------------------- presence


def status_of(watcher: Person, operator: int) -> str:
    return str(watcher.model.operators[operator]["status"])


def requeued(site: SiteServer, conversation: str) -> int:
    """How often the conversation went back into the queue."""
    rows = site.query(
        "SELECT e.data FROM wagtail_livechat_entry e JOIN wagtail_livechat_conversation c ON c.id = e.conversation_id "
        "WHERE c.uuid = %s AND e.kind = 'system'",
        [conversation.replace("-", "")],
    )
    return sum("requeued" in str(data) for (data,) in rows)


async def test_one_of_two_tabs_closes_and_the_operator_is_still_there(
    site: SiteServer, django: Callable[[str], None]
) -> None:
    django(FRESH.format("tabs"))
    shop = await Shop.find(site.url)
    watcher, visitor = await shop.operator("manager"), await shop.visitor()
    first = await shop.operator("tabs")
    second = await shop.operator("tabs")
    async with watcher, visitor, second:
        await first.start()
        number = first.model.me["id"]
        conversation = await visitor.say("Hello")
        await first.accept(conversation)

        await first.stop()
        closed = time.monotonic()
        # Nothing to wait for but time: the grace time must pass without anything happening.
        await until(lambda: time.monotonic() > closed + GRACE + 1.5, timeout=GRACE + 10)
        await watcher.ask("ping")
        assert status_of(watcher, number) == "available"
        assert requeued(site, conversation) == 0
        assert visitor.model.conversation["state"] == "active"

        left = time.monotonic()
        await second.stop()
        await visitor.until(lambda: visitor.model.conversation["state"] == "queued", timeout=GRACE + 8)
        assert time.monotonic() - left > GRACE - 1
        await watcher.until(lambda: status_of(watcher, number) == "offline")
        await watcher.until(lambda: any(o["conversation"]["id"] == conversation for o in watcher.model.offers.values()))
        # Several sweeps later it is still once.
        then = time.monotonic()
        await until(lambda: time.monotonic() > then + 2, timeout=20)
        assert requeued(site, conversation) == 1
        assert len([o for o in watcher.model.offers.values() if o["conversation"]["id"] == conversation]) == 1
        await visitor.send("conversation.end", conversation=conversation)


async def test_an_operator_who_changes_pages_keeps_the_conversation(
    site: SiteServer, django: Callable[[str], None]
) -> None:
    """The Wagtail admin is many pages, each of which drops the socket."""
    django(FRESH.format("walker"))
    shop = await Shop.find(site.url)
    visitor = await shop.visitor()
    async with visitor:
        conversation = await visitor.say("Hello")
        started = time.monotonic()
        while time.monotonic() - started < GRACE + 2:
            page = await shop.operator("walker")
            async with page:
                if not page.model.conversations[conversation]["mine"]:
                    await page.accept(conversation)
                await page.say("Still here", conversation)
        assert requeued(site, conversation) == 0
        assert visitor.model.conversation["state"] == "active"
        await visitor.send("conversation.end", conversation=conversation)


async def test_after_a_restart_of_the_server_operators_get_the_time_to_come_back(site_template: Path) -> None:
    """The server was away for longer than the grace time: nobody could renew a lease, so nobody is gone."""
    env = options(GRACE_SECONDS=GRACE, LEASE_SECONDS=0.5, SWEEP_SECONDS=0.2)
    with site_server(template=site_template, env=env) as server:
        make_room(server)
        shop = await Shop.find(server.url)
        visitor, operator = await shop.visitor(), await shop.operator("operator")
        async with visitor:
            await operator.start()
            conversation = await visitor.say("Hello")
            await operator.accept(conversation)
            await operator.stop()
            await by_hand(server.kill)
            server.query(
                "UPDATE wagtail_livechat_operator SET last_seen = %s, is_present = %s", ["2020-01-01 00:00:00", True]
            )
            await by_hand(server.restart)
            await visitor.until(lambda: visitor.model.is_live, timeout=20)
            async with operator:
                await operator.say("Back", conversation)
                await visitor.shows("Hello", "Back")
            assert requeued(server, conversation) == 0
