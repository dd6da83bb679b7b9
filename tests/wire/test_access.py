"""Who may what: every address and every command, for everyone there is. An entry that these tables do not know fails.

The tables are the promise; the registries (URLs, commands) are the code. A new address or command needs a row here.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.services import SiteServer, site_server
from tests.wire.clients import Person, Shop, http_client
from tests.wire.conftest import make_room, options
from wagtail_livechat import protocol as p

PEOPLE = ("nobody", "this visitor", "another visitor", "editor", "operator elsewhere", "manager", "administrator")
LOG_INS = {"editor": "editor", "operator elsewhere": "repairer", "manager": "manager", "administrator": "admin"}

SETUP = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail_livechat.models import Department, Operator
User = get_user_model()
for name, group in (("editor", "Editors"), ("repairer", "Live chat operators")):
    user = User.objects.create_user(name, password=name)
    user.groups.add(Group.objects.get(name=group))
operator = Operator.objects.create(user=User.objects.get(username="repairer"), display_name="Rut")
operator.departments.add(Department.objects.get(name="Repairs and returns"))
"""


@pytest.fixture(scope="module")
def site(site_template: Path) -> Iterator[SiteServer]:
    with site_server(template=site_template, env=options()) as server:
        server.manage("shell", "-c", SETUP)
        make_room(server)
        yield server
        assert "Traceback" not in server.log_path.read_text()


@dataclass
class Case:
    """A conversation of this visitor with an operator of its department (Sales), and everyone who would like to see it."""

    shop: Shop
    conversation: str
    case_number: str
    offer: int
    """The one that the operator took."""
    waiting: str
    """Another conversation, of a third visitor, that nobody has taken: in Sales too."""
    waiting_offer: int
    colleague: int
    """The operator who has the conversation."""
    people: dict[str, Person | None] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)


SECRET = "Nobody else shall read this"


@pytest.fixture(scope="module")
def shops() -> list[Shop]:
    """The one shop, which remembers who has logged in."""
    return []


@pytest.fixture
async def case(site: SiteServer, shops: list[Shop]) -> AsyncIterator[Case]:
    if not shops:
        shops.append(await Shop.find(site.url))
    (shop,) = shops
    async with AsyncExitStack() as stack:
        visitor = await stack.enter_async_context(await shop.visitor())
        third = await stack.enter_async_context(await shop.visitor())
        operator = await stack.enter_async_context(await shop.operator("operator2"))
        conversation = await visitor.say(SECRET)
        await operator.accept(conversation)
        waiting = await third.say(SECRET)
        await operator.until(lambda: any(o["conversation"]["id"] == waiting for o in operator.model.offers.values()))
        number = next(o["id"] for o in operator.model.offers.values() if o["conversation"]["id"] == waiting)
        taken = site.query("SELECT max(id) FROM wagtail_livechat_offer WHERE state = 'accepted'")[0][0]
        colleague = operator.model.me["id"]
        case = Case(shop, conversation, visitor.model.conversation["case_number"], taken, waiting, number, colleague)
        case.people["this visitor"] = visitor
        case.people["another visitor"] = await shop.visitor()
        for who, username in LOG_INS.items():
            case.cookies[who] = shop.cookies[username] = shop.cookies.get(username) or await shop.log_in(username)
        yield case
        for person, which in ((visitor, conversation), (third, waiting)):
            if person.line is not None:
                with suppress(ConnectionClosed):  # who was banned is just being shown out
                    await person.send("conversation.end", conversation=which)


def client(case: Case, who: str) -> httpx.AsyncClient:
    """This person's browser, with all that it has to show who it is."""
    headers = {"Origin": case.shop.url}
    if person := case.people.get(who):
        headers["Authorization"] = f"Bearer {person.token}"
    cookies = case.cookies.get(who, {})
    if cookies:
        headers["X-CSRFToken"] = cookies["csrftoken"]
    return http_client(base_url=case.shop.url, headers=headers, cookies=cookies, timeout=30)


# ------------------------------------------------------------------------------------------------ addresses


def everyone(status: int, **others: int) -> dict[str, int]:
    """The same for all, but for those who are named (spaces as underscores)."""
    return {**dict.fromkeys(PEOPLE, status), **{name.replace("_", " "): value for name, value in others.items()}}


def fetch(case: Case) -> dict[str, Any]:
    return {"json": {"type": "timeline.fetch", "conversation": case.conversation}}


def look(case: Case) -> dict[str, Any]:
    return {"json": {"type": "conversation.open", "conversation": case.conversation}}


LOGIN = 302
"""Wagtail sends whoever may not enter the admin to its log-in page."""
GUEST = everyone(LOGIN, editor=403, operator_elsewhere=200, manager=200, administrator=200)

URLS: dict[str, tuple[str, str, Any, dict[str, int]]] = {
    "wagtail_livechat:boot": ("GET", "/livechat/boot/?site={site}", None, everyone(200)),
    "wagtail_livechat:config": ("GET", "/livechat/config/?site={site}", None, everyone(200)),
    "wagtail_livechat:picture": ("GET", "/livechat/picture/?site={site}", None, everyone(200)),
    "wagtail_livechat:embed": ("GET", "/livechat/embed.js", None, everyone(200)),
    # No page elsewhere is allowed here.
    "wagtail_livechat:frame": ("GET", "/livechat/frame/?site={site}&origin=https://elsewhere.example", None, everyone(403)),
    "wagtail_livechat:auto": ("POST", "/livechat/auto/", lambda c: {"json": {"id": 1, "what": "shown"}}, everyone(204)),
    "wagtail_livechat:session": ("POST", "/livechat/session/", lambda c: {"json": {"site": c.shop.site_id}}, everyone(201)),
    "wagtail_livechat:commands": (
        "POST", "/livechat/commands/", fetch, everyone(401, this_visitor=200, another_visitor=404),
    ),
    # Without a file there is nothing to do, but only for those who may ask.
    "wagtail_livechat:upload": ("POST", "/livechat/files/", None, everyone(401, this_visitor=400, another_visitor=400)),
    "wagtail_livechat:file": ("GET", "/livechat/files/{conversation}/?s=1.x", None, everyone(404)),
    "wagtail_livechat:events": (
        "GET", "/livechat/events/?conversation={conversation}&after=0", None,
        everyone(401, this_visitor=200, another_visitor=200),
    ),
    # For whoever can read the mail of an address; it tells nothing but that there is such a page.
    "wagtail_livechat:own_data": ("GET", "/livechat/my-data/", None, everyone(200)),
    "wagtail_livechat:own_data_link": ("GET", "/livechat/my-data/guessed/", None, everyone(404)),
    # For whoever has the letter; any other token leads to the same page without a form.
    "wagtail_livechat:invitation": ("GET", "/livechat/invitation/MQ/guessed/", None, everyone(200)),
    "wagtail_livechat:ws_visitor": ("GET", "/livechat/ws/visitor/", None, everyone(426)),
    "wagtail_livechat:ws_operator": ("GET", "/livechat/ws/operator/", None, everyone(426)),
    # What is published, for everybody alike.
    "wagtail_livechat:help:index": ("GET", "/livechat/help/?site={site}", None, everyone(200)),
    "wagtail_livechat:help:search": ("GET", "/livechat/help/search/?site={site}&q=wool", None, everyone(200)),
    "wagtail_livechat:help:faq": ("GET", "/livechat/help/faq/999999/?site={site}", None, everyone(404)),
    "wagtail_livechat:help:article": ("GET", "/livechat/help/article/999999/?site={site}", None, everyone(404)),
    "wagtail_livechat:help:looked": (
        "POST", "/livechat/help/looked/",
        lambda c: {"json": {"site": c.shop.site_id, "q": "wool", "outcome": "nothing"}},
        everyone(204),
    ),
    "wagtail_livechat:help:feedback": (
        "POST", "/livechat/help/feedback/",
        lambda c: {"json": {"site": c.shop.site_id, "kind": "faq", "id": 999999, "version": "0", "helpful": True}},
        everyone(404),
    ),
    "wagtail_livechat:help:feedback_form": (
        "POST", "/livechat/help/feedback/form/",
        lambda c: {"data": {"article": "999999", "version": "0", "helpful": "yes"}},
        everyone(404),
    ),
    # What readers said is for managers and administrators.
    "wagtail_livechat_helpdesk:feedback": (
        "GET", "/admin/reports/article-feedback/", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=200, administrator=200),
    ),
    "wagtail_livechat_helpdesk:feedback_about": (
        "GET", "/admin/reports/article-feedback/faq/999999/", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=404, administrator=404),
    ),
    "wagtail_livechat_desk:desk": ("GET", "/admin/livechat/desk/", None, GUEST),
    "wagtail_livechat_desk:commands": (
        # Without Django's CSRF cookie nobody gets as far as the log-in.
        "POST", "/admin/livechat/commands/", look,
        everyone(403, operator_elsewhere=404, manager=200, administrator=200),
    ),
    "wagtail_livechat_desk:events": ("GET", "/admin/livechat/events/?cursor={conversation}:0", None, GUEST),
    "wagtail_livechat_desk:installation": (
        "GET", "/admin/livechat/installation/", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=403, administrator=200),
    ),
    "wagtail_livechat_desk:preview": (
        "GET", "/admin/livechat/installation/preview/{site}/", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=403, administrator=200),
    ),
    "wagtail_livechat_desk:invite": (
        "GET", "/admin/livechat/invite/", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=403, administrator=200),
    ),
    # There is none of this number, but only who may know is told so.
    "wagtail_livechat_desk:invitation": (
        "POST", "/admin/livechat/invitations/987654/", None,
        everyone(403, administrator=404),
    ),
    "wagtail_livechat_desk:texts": (
        "GET", "/admin/livechat/texts/", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=200, administrator=200),
    ),
    # For whoever edits pages: it names departments, and nothing else.
    "wagtail_livechat_desk:opener": ("GET", "/admin/livechat/opener/", None, everyone(LOGIN, editor=200, operator_elsewhere=200, manager=200, administrator=200)),
    "wagtail_livechat_desk:sent_links": (
        "GET", "/admin/livechat/sent-links/", None,
        everyone(LOGIN, editor=403, operator_elsewhere=200, manager=200, administrator=200),
    ),
    "wagtail_livechat_helpdesk_admin:asked": (
        "GET", "/admin/livechat/asked/", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=200, administrator=200),
    ),
    "wagtail_livechat_helpdesk_admin:start": (
        # Django's CSRF token is asked for first; a question that cannot be used leads back to the report.
        "POST", "/admin/livechat/asked/start/", None,
        everyone(403, editor=403, operator_elsewhere=403, manager=200, administrator=200),
    ),
    "wagtail_livechat_desk:privacy": (
        "GET", "/admin/livechat/privacy/", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=403, administrator=200),
    ),
    "wagtail_livechat_desk:statistics": (
        "GET", "/admin/livechat/statistics/?period=90", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=200, administrator=200),
    ),
    "wagtail_livechat_desk:statistics_export": (
        "GET", "/admin/livechat/statistics/export/?format=csv&table=summary", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=200, administrator=200),
    ),
    "wagtail_livechat_desk:upload": (
        "POST",
        "/admin/livechat/files/",
        None,
        # Django asks for its CSRF token before anything else.
        everyone(403, operator_elsewhere=400, manager=400, administrator=400),
    ),
    "wagtail_livechat_desk:file": (
        "GET",
        "/admin/livechat/files/{conversation}/",
        None,
        everyone(LOGIN, editor=404, operator_elsewhere=404, manager=404, administrator=404),
    ),
    "wagtail_livechat_desk:record": (
        "GET", "/admin/livechat/record/{case_number}/", None,
        everyone(LOGIN, editor=403, operator_elsewhere=404, manager=200, administrator=200),
    ),
    "wagtail_livechat_desk:record_file": (
        "GET", "/admin/livechat/record/{case_number}/json/", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=200, administrator=200),
    ),
    "wagtail_livechat_desk:conversations_results": (
        "GET", "/admin/livechat/conversations/results/?q=nobody", None,
        everyone(LOGIN, editor=403, operator_elsewhere=200, manager=200, administrator=200),
    ),
    "wagtail_livechat_desk:now": ("GET", "/admin/livechat/now/", None, GUEST),
    "wagtail_livechat_desk:archive": (
        "GET", "/admin/livechat/archive/?q=nobody", None,
        everyone(LOGIN, editor=403, operator_elsewhere=200, manager=200, administrator=200),
    ),
    "wagtail_livechat_desk:archive_results": (
        "GET", "/admin/livechat/archive/results/?q=nobody", None,
        everyone(LOGIN, editor=403, operator_elsewhere=200, manager=200, administrator=200),
    ),
    # Searched for a word of the conversation, the list shows where it was said.
    "wagtail_livechat_desk:logs": (
        "GET", "/admin/livechat/logs/?q=nobody", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=200, administrator=200),
    ),
    "wagtail_livechat_desk:logs_results": (
        "GET", "/admin/livechat/logs/results/?q=nobody", None,
        everyone(LOGIN, editor=403, operator_elsewhere=403, manager=200, administrator=200),
    ),
}  # fmt: skip

MAY_READ: dict[str, set[str]] = {
    "wagtail_livechat:commands": {"this visitor"},
    "wagtail_livechat:events": {"this visitor"},
    "wagtail_livechat_desk:commands": {"manager", "administrator"},
    "wagtail_livechat_desk:events": {"manager", "administrator"},
    "wagtail_livechat_desk:record": {"manager", "administrator"},
    "wagtail_livechat_desk:record_file": {"manager", "administrator"},
    "wagtail_livechat_desk:conversations_results": {"manager", "administrator"},
    "wagtail_livechat_desk:logs": {"manager", "administrator"},
    "wagtail_livechat_desk:logs_results": {"manager", "administrator"},
}
"""Where the words of the conversation are in the answer, and for whom. Nowhere else, for nobody else."""


def registered_urls() -> set[str]:
    from wagtail_livechat import urls
    from wagtail_livechat.desk import urls as desk_urls
    from wagtail_livechat.helpdesk import admin_urls, feedback_report

    names = set()
    for module in (urls, desk_urls, feedback_report, admin_urls):
        names |= names_of(module.urlpatterns, module.app_name)
    return names


def names_of(patterns: Any, namespace: str) -> set[str]:
    """Of these addresses, and of those that apps above the core have mounted among them."""
    names = set()
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            assert pattern.namespace, f"{pattern} has no namespace"
            names |= names_of(pattern.url_patterns, f"{namespace}:{pattern.namespace}")
        else:
            assert pattern.name, f"{pattern} has no name, so no row of the matrix can be its own"
            names.add(f"{namespace}:{pattern.name}")
    return names


def test_the_matrix_knows_every_address() -> None:
    assert registered_urls() == set(URLS)
    assert set(MAY_READ) <= set(URLS)


async def follow(http: httpx.AsyncClient, answer: httpx.Response) -> tuple[httpx.Response, int]:
    """Where a redirect leads, and what that means: Wagtail sends who is forbidden to the admin's front page."""
    where = answer.headers["Location"]
    if where.startswith("/admin/login/"):
        return answer, LOGIN
    if where == "/admin/":
        return answer, 403
    target = await http.get(where)
    return target, target.status_code


@pytest.mark.parametrize("name", URLS)
async def test_an_address_opens_to_whom_it_should(case: Case, name: str) -> None:
    method, path, body, expected = URLS[name]
    address = path.format(site=case.shop.site_id, conversation=case.conversation, case_number=case.case_number)
    got = {}
    for who in PEOPLE:
        async with client(case, who) as http:
            answer = await http.request(method, address, **(body(case) if body else {}))
            got[who] = answer.status_code
            if answer.status_code == 302:
                answer, got[who] = await follow(http, answer)
        reads = SECRET in answer.text
        assert reads == (who in MAY_READ.get(name, set())), f"{who} at {name}: {answer.text[:300]}"
    assert got == expected


# ------------------------------------------------------------------------------------------------- commands


def command(kind: str, case: Case, *, conversation: str | None = None, offer: int | None = None) -> dict[str, Any]:
    """The command, about this visitor's conversation or the one that is named."""
    fields: dict[str, Any] = {
        "conversation": conversation or case.conversation,
        "client_id": str(uuid.uuid4()),
        "text": "Let me in",
        "active": True,
        "offer": offer or (case.waiting_offer if kind == "offer.accept" else case.offer),
        "status": "available",
        "version": p.VERSION,
        "seen": 1,
        "operator": case.colleague if kind == "team.open" else 1,
        "tags": ["urgent"],
        "by_address": False,
        "query": "wool",
        "seqs": [1],
        "kind": "faq",
        "place": "",
        "title": "How warm is it?",
        "rating": 5,
        "email": f"{uuid.uuid4().hex}@mail.example",
    }
    if kind == "masked.reveal":
        fields |= {"seq": 1, "reason": "to see who may"}
    model = next(c for c in (*p.VISITOR_COMMANDS, *p.OPERATOR_COMMANDS) if c.model_fields["type"].default == kind)
    wanted = {name for name in model.model_fields if name in fields and name not in ("ref",)}
    return {"type": kind, "ref": "mine", **{name: fields[name] for name in wanted}}


ABOUT_A_CONVERSATION = {"this visitor": "ok", "another visitor": "not_found"}
# An operator is in it, and it goes on.
NOT_AS_IT_IS = {"this visitor": "conflict", "another visitor": "not_found"}
FREE = {"this visitor": "ok", "another visitor": "ok"}
VISITOR_COMMANDS: dict[str, dict[str, str]] = {
    "ping": FREE,
    "visitor.hello": FREE,
    "conversation.start": FREE,
    "case.leave": FREE,
    "conversation.leave_address": NOT_AS_IT_IS,
    "conversation.rate": NOT_AS_IT_IS,
    "conversation.reopen": ABOUT_A_CONVERSATION,
    "transcript.request": ABOUT_A_CONVERSATION,
    "message.post": ABOUT_A_CONVERSATION,
    "timeline.fetch": ABOUT_A_CONVERSATION,
    "receipt.mark": ABOUT_A_CONVERSATION,
    "typing.set": ABOUT_A_CONVERSATION,
    "conversation.end": ABOUT_A_CONVERSATION,
}

ABOUT_A_CONVERSATION_OF_VISITORS = {kind for kind, who in VISITOR_COMMANDS.items() if who is ABOUT_A_CONVERSATION}

ANY_OPERATOR = {"operator elsewhere": "ok", "manager": "ok", "administrator": "ok"}
TO_LOOK = {"operator elsewhere": "not_found", "manager": "ok", "administrator": "ok"}
TO_TAKE_PART = {"operator elsewhere": "not_found", "manager": "forbidden", "administrator": "forbidden"}
OF_THOSE_WITHIN = dict.fromkeys(LOG_INS.keys() - {"editor"}, "not_found")
OPERATOR_COMMANDS: dict[str, dict[str, str]] = {
    "ping": ANY_OPERATOR,
    "operator.hello": ANY_OPERATOR,
    "presence.set": ANY_OPERATOR,
    "team.open": ANY_OPERATOR,
    # The manager is asked first and has it; the administrator is told so.
    "offer.accept": {"operator elsewhere": "not_found", "manager": "ok", "administrator": "offer_taken"},
    "offer.decline": TO_LOOK,
    "conversation.open": TO_LOOK,
    # Putting away what is not in one's list is no mistake, and says nothing about what there is.
    "conversation.close": ANY_OPERATOR,
    "message.post": TO_TAKE_PART,
    "note.post": TO_TAKE_PART,
    "timeline.fetch": TO_LOOK,
    "receipt.mark": OF_THOSE_WITHIN,
    "typing.set": OF_THOSE_WITHIN,
    "conversation.end": TO_TAKE_PART,
    "conversation.transfer": TO_TAKE_PART,
    "conference.invite": TO_TAKE_PART,
    "conference.leave": TO_TAKE_PART,
    "conference.end": TO_TAKE_PART,
    "conversation.wrap_up": TO_TAKE_PART,
    # Only who made an offer may take it back.
    "offer.withdraw": OF_THOSE_WITHIN,
    "conversation.archive": TO_LOOK,
    "conversation.tag": TO_LOOK,
    "visitor.update": TO_LOOK,
    "visitor.fetch": TO_LOOK,
    "visitor.ban": TO_LOOK,
    "masked.reveal": {"operator elsewhere": "not_found", "manager": "ok", "administrator": "ok"},
    "knowledge.search": TO_LOOK,
    "pages.browse": TO_LOOK,
    "draft.prepare": TO_LOOK,
    # The message that is named is the visitor's first one.
    "draft.make": TO_LOOK,
}


def test_the_matrix_knows_every_command() -> None:
    assert set(VISITOR_COMMANDS) == {c.model_fields["type"].default for c in p.VISITOR_COMMANDS}
    assert set(OPERATOR_COMMANDS) == {c.model_fields["type"].default for c in p.OPERATOR_COMMANDS}


def test_every_door_obeys_exactly_the_commands_of_the_protocol() -> None:
    from wagtail_livechat import handlers

    assert set(handlers.VISITOR_HANDLERS) == set(p.VISITOR_COMMANDS)
    assert set(handlers.OPERATOR_HANDLERS) == set(p.OPERATOR_COMMANDS)


def code_of(events: list[dict[str, Any]]) -> str:
    return next((event["code"] for event in events if event["type"] == "error"), "ok")


async def over_http(case: Case, who: str, side: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    path = "/livechat/commands/" if side == "visitor" else "/admin/livechat/commands/"
    async with client(case, who) as http:
        answer = await http.post(path, json=body)
    assert answer.status_code < 500
    return list(answer.json()["events"])


async def over_a_socket(case: Case, who: str, side: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    if side == "visitor":
        token = case.people[who].token  # type: ignore[union-attr]
        person = await case.shop.visitor(token=token)
        if body["type"] == "visitor.hello":
            body = {**body, "token": token}
    else:
        person = await case.shop.operator(who, cookies=case.cookies[who])
    async with person:
        assert person.line is not None
        start = len(person.events)
        await person.line.send(body)
        await person.line.send({"type": "ping", "ref": "the end"})
        await person.heard("pong", since=start, ref="the end")
        return [event for event in person.events[start:] if event.get("ref") == "mine"]


WAYS = {"http": over_http, "socket": over_a_socket}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", VISITOR_COMMANDS)
async def test_a_visitors_command_is_obeyed_for_whom_it_should(case: Case, kind: str, way: str) -> None:
    got = {}
    # The owner last: they end it.
    for who in reversed(VISITOR_COMMANDS[kind]):
        events = await WAYS[way](case, who, "visitor", command(kind, case))
        got[who] = code_of(events)
        if got[who] == "not_found":
            nowhere = await WAYS[way](case, who, "visitor", command(kind, case, conversation=str(uuid.uuid4())))
            assert events == nowhere, "what is somebody else's and what does not exist look the same"
        elif who != "this visitor":
            assert SECRET not in json.dumps(events)
    assert got == VISITOR_COMMANDS[kind]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", OPERATOR_COMMANDS)
async def test_an_operators_command_is_obeyed_for_whom_it_should(case: Case, kind: str, way: str) -> None:
    got = {}
    for who in OPERATOR_COMMANDS[kind]:
        events = await WAYS[way](case, who, "operator", command(kind, case))
        got[who] = code_of(events)
        if got[who] == "not_found":
            nowhere = command(kind, case, conversation=str(uuid.uuid4()), offer=987_654_321)
            assert events == await WAYS[way](case, who, "operator", nowhere), (
                "it cannot be told from what does not exist"
            )
        if who == "operator elsewhere":
            assert SECRET not in json.dumps(events)
            assert case.conversation not in json.dumps(events)
    assert got == OPERATOR_COMMANDS[kind]


ABOUT_CASES = [c.model_fields["type"].default for c in p.OPERATOR_COMMANDS if "conversation" in c.model_fields]


@pytest.mark.covers("B14")
@pytest.mark.parametrize("way", WAYS)
async def test_what_two_colleagues_write_is_for_nobody_else_whatever_is_asked(case: Case, way: str) -> None:
    """The manager and a colleague write; the administrator and an operator elsewhere try every command there is."""
    (opened, *_) = await WAYS[way](case, "manager", "operator", command("team.open", case))
    theirs = opened["conversation"]["id"]
    post = {**command("message.post", case, conversation=theirs), "text": SECRET}
    assert code_of(await WAYS[way](case, "manager", "operator", post)) == "ok"

    for kind in ABOUT_CASES:
        for who in ("operator elsewhere", "administrator"):
            events = await WAYS[way](case, who, "operator", command(kind, case, conversation=theirs))
            if kind == "conversation.close":  # Says nothing about what there is.
                assert events == []
                continue
            assert code_of(events) == "not_found", (kind, who)
            nowhere = command(kind, case, conversation=str(uuid.uuid4()))
            assert events == await WAYS[way](case, who, "operator", nowhere)
        if kind in ABOUT_A_CONVERSATION_OF_VISITORS:
            events = await over_http(case, "another visitor", "visitor", command(kind, case, conversation=theirs))
            assert code_of(events) == "not_found"
    for who in ("operator elsewhere", "administrator"):
        async with client(case, who) as http:
            answer = await http.get(f"/admin/livechat/events/?cursor={theirs}:0")
        assert answer.status_code == 200
        assert theirs not in answer.text


@pytest.mark.parametrize("kind", VISITOR_COMMANDS)
async def test_without_a_token_no_visitors_command_is_obeyed(case: Case, kind: str) -> None:
    for who in ("nobody", "editor", "operator elsewhere", "manager", "administrator"):
        assert code_of(await over_http(case, who, "visitor", command(kind, case))) == "unauthorised"


@pytest.mark.parametrize("kind", OPERATOR_COMMANDS)
async def test_without_the_right_to_answer_no_operators_command_is_obeyed(case: Case, kind: str) -> None:
    async with client(case, "editor") as http:
        answer = await http.post("/admin/livechat/commands/", json=command(kind, case))
    assert (answer.status_code, code_of(answer.json()["events"])) == (403, "forbidden")
    for who in ("nobody", "this visitor", "another visitor"):
        async with client(case, who) as http:
            answer = await http.post("/admin/livechat/commands/", json=command(kind, case))
        assert answer.status_code in (302, 403)
        assert SECRET not in answer.text


@pytest.mark.parametrize(("who", "code", "close"), [("nobody", "unauthorised", 4401), ("editor", "forbidden", 4403)])
async def test_the_operators_socket_is_closed_to_others(case: Case, who: str, code: str, close: int) -> None:
    person = await case.shop.operator(who, cookies=case.cookies.get(who, {"nothing": "here"}))
    person.comes_back = False
    await person.start(wait=False)
    await person.until(lambda: person.closes)
    assert (person.events[-1]["code"], person.closes[-1][0]) == (code, close)


async def test_an_operator_elsewhere_hears_nothing_of_it(case: Case) -> None:
    """Not in the snapshot, and not when it goes on."""
    person = await case.shop.operator("", cookies=case.cookies["operator elsewhere"])
    visitor = case.people["this visitor"]
    assert visitor is not None
    async with person:
        await visitor.say("Psst")
        await visitor.send("typing.set", conversation=case.conversation, active=True)
        await visitor.send("conversation.end", conversation=case.conversation)
        await visitor.until(lambda: visitor.model.conversation["state"] == "ended")
        await person.ask("ping")
        heard = json.dumps(person.events)
    for secret in (case.conversation, case.waiting, SECRET, "Psst"):
        assert secret not in heard
