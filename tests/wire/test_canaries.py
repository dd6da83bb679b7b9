"""A visitor types personal numbers, by every way in. They are searched for wherever they must not be, in both modes."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.outlets import admin_pages as pages_by_links
from tests.outlets import everything_in, stored
from tests.reading.test_masked import CANARIES, CARD, HIDDEN, TEXT, leaks
from tests.services import RedisServer, SiteServer, copy_of, site_server
from tests.wire.clients import Shop, http_client
from tests.wire.conftest import make_room, options

pytestmark = [pytest.mark.covers("B16")]

TURN_ON = """
from wagtail.models import Site
from wagtail_livechat.models import PrivacySettings
for site in Site.objects.all():
    PrivacySettings.objects.update_or_create(site=site, defaults={{"masking": {mode!r}, "countries": "SE"}})
"""
LOUD = "tests.wire.settings_debug"


@pytest.fixture(params=["mask", "redact"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def site(request: pytest.FixtureRequest, redis_service: RedisServer, mode: str) -> Iterator[SiteServer]:
    """A site at DEBUG, with a Redis, whose operators may not see personal numbers."""
    more: dict[str, Any] = {"template": request.getfixturevalue("site_template")}
    if request.param == "postgres":
        more = {"database_url": copy_of(request.getfixturevalue("seeded_service"))}
    with site_server(redis_url=redis_service.url, env=options(), settings=LOUD, **more) as server:
        server.manage("shell", "-c", TURN_ON.format(mode=mode))
        make_room(server)
        yield server


async def admin_pages(shop: Shop, username: str, case_number: str) -> dict[str, str]:
    """What this user is shown of the conversation in the admin."""
    headers = {"Origin": shop.url}
    cookies = await shop.log_in(username)
    pages = {}
    async with http_client(
        base_url=shop.url, headers=headers, cookies=cookies, timeout=30, follow_redirects=True
    ) as http:
        for address in (
            "/admin/livechat/conversations/",
            "/admin/livechat/conversations/?q=" + case_number,
            f"/admin/livechat/record/{case_number}/",
            "/admin/livechat/desk/",
            "/admin/",
        ):
            answer = await http.get(address)
            assert answer.status_code == 200, address
            pages[address] = answer.text
        if username == "admin":
            # Whatever a link leads to, so that a new list or export is looked at without being named here.
            pages |= await pages_by_links(http.get, "/admin/", *pages, most=60)
            listed = re.findall(r"/admin/sites/edit/(\d+)/", (await http.get("/admin/sites/")).text)
            answers = [(await http.get(f"/admin/sites/delete/{pk}/")).text for pk in sorted(set(listed))]
            assert any("This site cannot be deleted yet" in answer for answer in answers)
    return pages


async def searched_for(shop: Shop, username: str, case_number: str) -> None:
    """Who looks for a number in the admin does not learn whose it is."""
    cookies = await shop.log_in(username)
    async with http_client(base_url=shop.url, cookies=cookies, timeout=30) as http:
        for canary in CANARIES:
            answer = await http.get("/admin/livechat/conversations/", params={"q": canary.replace(" ", "")})
            assert answer.status_code == 200
            if not canary.startswith("melissa"):  # whoever knows a whole address may find it
                assert f'"{case_number}"' not in answer.text
                assert f">{case_number}<" not in answer.text, canary


async def test_no_canary_is_where_it_must_not_be(site: SiteServer, redis_service: RedisServer, mode: str) -> None:
    shop = await Shop.find(site.url)
    by_socket, by_http = await shop.visitor(), await shop.visitor(via="http")
    operator, polling = await shop.operator("operator"), await shop.operator("operator2", via="http")
    presence = await shop.operator("manager")
    # A server at DEBUG has enough to do with all the pages of the admin.
    by_http.poll_seconds = polling.poll_seconds = 1.0
    async with by_socket, by_http, operator, polling, presence:
        conversations = []
        for visitor in (by_socket, by_http):
            await visitor.ask(
                "conversation.start",
                client_id=str(uuid.uuid4()),
                text=TEXT,
                name=CANARIES[-1],
                page={"url": f"{site.url}/?m=melissa@gmail.com", "title": TEXT},
            )
            shown = await visitor.until(lambda visitor=visitor: visitor.model.conversation, what="a conversation")
            conversations.append(shown["id"])
            await operator.accept(shown["id"])
            await visitor.ask("message.post", conversation=shown["id"], client_id=str(uuid.uuid4()), text=TEXT)
            wanted = TEXT if mode == "mask" else HIDDEN
            await visitor.shows(wanted, wanted, conversation=shown["id"])
            await operator.shows(HIDDEN, HIDDEN, conversation=shown["id"])
            await operator.ask("visitor.fetch", conversation=shown["id"])
        await polling.ask("conversation.open", conversation=conversations[0])
        await polling.ask("operator.hello", version=1, cursors=[{"conversation": conversations[0], "after": 0}])
        # The operators' side, whole; of the visitor's own it is what they wrote.
        for person in (operator, polling, presence):
            assert not leaks(json.dumps(person.events, default=str, ensure_ascii=False)), person.name
        case_number = by_socket.model.conversation["case_number"]
        for username in ("operator", "manager", "admin"):
            pages = await admin_pages(shop, username, case_number)
            assert {address: leaks(page) for address, page in pages.items() if leaks(page)} == {}, username
        # What somebody searches for is in the log, as they wrote it: the log is read before anybody does.
        log = site.log_path.read_text()
        for username in ("operator", "manager", "admin"):
            await searched_for(shop, username, case_number)

    assert not leaks(everything_in(redis_service))
    kept = stored(site)
    assert "INSERT INTO" in log, "the log is at DEBUG"
    statements, others = lines_of(log)
    assert not leaks(others)
    if mode == "redact":
        assert not leaks(kept)
        assert not leaks(statements)
    else:
        assert CARD in kept
        assert leaks(statements), "what is stored is in the statements that store it"


def lines_of(log: str) -> tuple[str, str]:
    """The statements of the log, which have what is stored, and everything else."""
    sides: dict[bool, list[str]] = {True: [], False: []}
    for record in re.split(r"(?m)^(?=\[[\w.]+\] |[A-Z]+: {2})", log):  # of the settings' form, or of the server's
        sides[record.startswith("[django.db.backends]")].append(record)
    return "".join(sides[True]), "".join(sides[False])
