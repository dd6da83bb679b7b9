"""The HTTP doors refuse politely: 4xx with an error event, never 500; and pages stay cacheable."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from tests.services import SiteServer
from tests.wire.clients import Shop, http_client

pytestmark = [pytest.mark.covers("E3")]


@pytest.fixture(params=["asgi", "wsgi"])
def site(request: pytest.FixtureRequest) -> Iterator[SiteServer]:
    server: SiteServer = request.getfixturevalue(request.param)
    before = len(server.log_path.read_text())
    yield server
    log = server.log_path.read_text()[before:]
    assert "Traceback" not in log, log[-3000:]


@pytest.fixture
async def shop(site: SiteServer) -> Shop:
    return await Shop.find(site.url)


@pytest.fixture
async def http(shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A page of the site with a visitor's token."""
    headers = {"Origin": shop.url, "Authorization": f"Bearer {await shop.token()}"}
    async with http_client(base_url=shop.url, headers=headers, timeout=30) as client:
        yield client


def is_refusal(answer: httpx.Response, status: int, code: str) -> None:
    """An error event with the status that fits, for nobody to cache."""
    assert answer.status_code == status, answer.text[:300]
    (event,) = answer.json()["events"]
    assert (event["type"], event["code"]) == ("error", code)
    assert event["message"].endswith(
        (".", "character", "object", "type", "UUID", "string", "number", "field", "permitted")
    ) or event.get("field")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "set-cookie" not in answer.headers


PING = {"type": "ping"}


async def post(http: httpx.AsyncClient, content: Any = None, path: str = "commands", **headers: Any) -> httpx.Response:
    body = content if isinstance(content, bytes | str) else json.dumps(PING if content is None else content)
    merged = {"Content-Type": "application/json", **headers}
    request = http.build_request(
        "POST", f"/livechat/{path}/", content=body, headers={k: v for k, v in merged.items() if v is not None}
    )
    for name, value in merged.items():
        if value is None:
            request.headers.pop(name, None)
    return await http.send(request)


async def test_a_command_is_obeyed(http: httpx.AsyncClient) -> None:
    answer = await post(http)
    assert answer.status_code == 200
    assert answer.json()["events"][0]["type"] == "pong"


@pytest.mark.parametrize("path", ["commands", "session"])
@pytest.mark.parametrize("origin", [None, "null", "http://evil.example", "http://[", "http://localhost:1", "é"])
async def test_a_post_from_elsewhere_is_forbidden(http: httpx.AsyncClient, path: str, origin: str | None) -> None:
    header = origin.encode() if origin else None
    is_refusal(await post(http, {"site": 1}, path, Origin=header), 403, "forbidden")


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "x" * 500,
    ],
)
async def test_a_form_of_another_site_cannot_say_anything(http: httpx.AsyncClient, kind: str | None) -> None:
    for path in ("commands", "session"):
        is_refusal(await post(http, None, path, **{"Content-Type": kind}), 400, "bad_json")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "hello",
        "[]",
        "null",
        "[" * 30_000,
        '{"a":' * 9 + "1" + "}" * 9,
        b"\xff\xfe",
        '"' + '\\"' * 30_000,
        '{"a":1e999999}{',
        '{"type":NaN}',
    ],
)
async def test_what_is_no_json_is_refused(http: httpx.AsyncClient, content: str | bytes) -> None:
    for path in ("commands", "session"):
        is_refusal(await post(http, content, path), 400, "bad_json")


async def test_too_much_is_refused(http: httpx.AsyncClient) -> None:
    for path in ("commands", "session"):
        is_refusal(await post(http, {"type": "ping", "ref": "x" * 70_000}, path), 413, "too_large")
        is_refusal(await post(http, {"type": "ping", "ref": "x" * 3_000_000}, path), 413, "too_large")

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b'{"' + b"x" * 10_000

    answer = await http.post("/livechat/commands/", content=drip(), headers={"Content-Type": "application/json"})
    is_refusal(answer, 413, "too_large")


WRONG = [
    ({"type": "nonsense"}, 400, "unknown_type"),
    ({"type": ["ping"]}, 400, "unknown_type"),
    ({"type": "offer.accept", "offer": 1}, 400, "unknown_type"),
    ({"type": "ping", "ref": 1}, 400, "bad_command"),
    ({"type": "ping", "ref": "\ud800"}, 400, "bad_command"),
    ({"type": "ping", "\ud800": "x"}, 400, "bad_command"),
    ({"type": "timeline.fetch", "conversation": 1}, 400, "bad_command"),
    ({"type": "timeline.fetch", "conversation": "x"}, 400, "bad_command"),
    ({"type": "timeline.fetch", "conversation": str(uuid.UUID(int=5)), "after": 10**12}, 400, "bad_command"),
    ({"type": "timeline.fetch", "conversation": str(uuid.UUID(int=5))}, 404, "not_found"),
    ({"type": "conversation.end", "conversation": str(uuid.UUID(int=5))}, 404, "not_found"),
    ({"type": "typing.set", "conversation": str(uuid.UUID(int=5)), "active": True}, 404, "not_found"),
    ({"type": "receipt.mark", "conversation": str(uuid.UUID(int=5))}, 404, "not_found"),
    ({"type": "conversation.start", "client_id": str(uuid.UUID(int=5)), "text": "x" * 1001}, 400, "too_long"),
    ({"type": "conversation.start", "client_id": str(uuid.UUID(int=5)), "text": "x" * 10_001}, 400, "bad_command"),
    ({"type": "conversation.start", "client_id": str(uuid.UUID(int=5)), "text": "hi", "department": 2**60}, 400, "bad_command"),
    ({"type": "visitor.hello", "version": 99}, 409, "version"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "status", "code"), WRONG[:15] + WRONG[16:])
async def test_a_command_that_cannot_be_obeyed_is_refused(
    http: httpx.AsyncClient, command: dict[str, Any], status: int, code: str
) -> None:
    is_refusal(await post(http, command), status, code)


async def test_numbers_of_other_peoples_tables_do_no_harm(http: httpx.AsyncClient) -> None:
    """A department and a page that do not exist, or that no database column could hold, are as if not named."""
    for number, odd in enumerate((2**31, 2**53, 999_999)):
        command = {
            "type": "conversation.start", "client_id": str(uuid.uuid4()), "text": f"{number}", "department": odd,
            "page": {"id": odd, "url": "https://x.example/"},
        }  # fmt: skip
        answer = await post(http, command)
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer nobody",
        "Basic abc",
        "Bearer " + "x" * 5000,
        "Bearer \xff\xfe",
        "Bearer a b c",
    ],
)
async def test_without_a_good_token_nothing_is_told(http: httpx.AsyncClient, header: str | None) -> None:
    value = header.encode("latin-1") if header is not None else None
    is_refusal(await post(http, Authorization=value), 401, "unauthorised")
    async with http_client(base_url=http.base_url, timeout=30) as bare:
        answer = await bare.get("/livechat/events/", headers={} if value is None else {"Authorization": value})
    is_refusal(answer, 401, "unauthorised")


QUERIES = [
    ("events", {"conversation": "1"}, 400),
    ("events", {"conversation": "x" * 3000}, 400),
    ("events", {"conversation": "{" + str(uuid.UUID(int=5)) + "}"}, 400),
    ("events", {"conversation": str(uuid.UUID(int=5)), "after": "-1"}, 400),
    ("events", {"conversation": str(uuid.UUID(int=5)), "after": "²"}, 400),
    ("events", {"conversation": str(uuid.UUID(int=5)), "after": "9" * 30}, 400),
    ("boot", {}, 400),
    ("boot", {"site": "x"}, 400),
    ("boot", {"site": "-1"}, 400),
    ("boot", {"site": "1\x00"}, 400),
    ("boot", {"site": "999999999999"}, 404),
    ("config", {"site": "9" * 40}, 400),
    ("config", {"site": "0"}, 404),
]


@pytest.mark.parametrize(("path", "query", "status"), QUERIES)
async def test_a_query_of_the_wrong_type_is_refused(
    http: httpx.AsyncClient, path: str, query: dict[str, str], status: int
) -> None:
    is_refusal(
        await http.get(f"/livechat/{path}/", params=query), status, {400: "bad_command", 404: "not_found"}[status]
    )


async def test_what_does_not_exist_for_a_visitor_gives_the_snapshot_without_it(http: httpx.AsyncClient) -> None:
    answer = await http.get("/livechat/events/", params={"conversation": str(uuid.uuid4()), "after": 3})
    (snapshot,) = answer.json()["events"]
    assert "conversation" not in snapshot
    assert "timeline" not in snapshot


@pytest.mark.parametrize("site_id", [0, -1, True, "1", None, 2**31, 2**70, 1.5, [1], 987_654])
async def test_a_session_needs_a_site_that_is_there(http: httpx.AsyncClient, site_id: Any) -> None:
    answer = await post(http, {"site": site_id}, "session")
    is_refusal(answer, 404 if site_id == 987_654 else 400, "not_found" if site_id == 987_654 else "bad_command")


async def test_a_session_takes_odd_words(http: httpx.AsyncClient, shop: Shop) -> None:
    for language in ("\ud800", "\x00" * 50, {"a": 1}, None, 5, "x" * 5000):
        answer = await post(
            http, {"site": shop.site_id, "language": language}, "session", **{"User-Agent": b"\xff" * 900}
        )
        assert answer.status_code == 201, answer.text


async def test_the_wrong_method_is_405(http: httpx.AsyncClient) -> None:
    for path, method in (
        ("commands", "GET"),
        ("session", "GET"),
        ("events", "POST"),
        ("boot", "POST"),
        ("config", "DELETE"),
    ):
        answer = await http.request(method, f"/livechat/{path}/", headers={"Content-Type": "application/json"})
        # What only reads is not exempt from Django's own check of forms, which comes first.
        assert answer.status_code in (405, 403 if path in ("events", "boot", "config") else 405)


async def test_a_socket_address_over_plain_http_says_so(http: httpx.AsyncClient) -> None:
    for path in ("visitor", "operator"):
        assert (await http.get(f"/livechat/ws/{path}/")).status_code == 426


# ------------------------------------------------------------------------------------------------ operators


async def test_operator_commands_need_the_csrf_token(shop: Shop, site: SiteServer) -> None:
    cookies = await shop.log_in("operator")
    async with http_client(base_url=shop.url, cookies=cookies, headers={"Origin": shop.url}, timeout=30) as desk:
        good = {"X-CSRFToken": cookies["csrftoken"]}
        assert (await desk.post("/admin/livechat/commands/", json=PING, headers=good)).status_code == 200
        assert (await desk.post("/admin/livechat/commands/", json=PING)).status_code == 403
        bad = {"X-CSRFToken": "x" * 32}
        assert (await desk.post("/admin/livechat/commands/", json=PING, headers=bad)).status_code == 403
        foreign = {**good, "Origin": "http://evil.example"}
        assert (await desk.post("/admin/livechat/commands/", json=PING, headers=foreign)).status_code == 403
        for path, body, status in (
            ("commands", "[]", 400), ("commands", json.dumps({"type": "message.post"}), 400),
            ("commands", json.dumps({"type": "offer.accept", "offer": 10**15}), 404),
            ("commands", json.dumps({"type": "offer.accept", "offer": 10**17}), 400),
            ("commands", json.dumps({"type": "conversation.open", "conversation": str(uuid.uuid4())}), 404),
        ):  # fmt: skip
            answer = await desk.post(
                f"/admin/livechat/{path}/", content=body, headers={**good, "Content-Type": "application/json"}
            )
            assert answer.status_code == status, answer.text[:300]
            assert answer.json()["events"][0]["type"] == "error"
        for cursor in (
            "x",
            f"{uuid.uuid4()}",
            f"{uuid.uuid4()}:x",
            f"{uuid.uuid4()}:-1",
            f"{uuid.uuid4()}:{'9' * 30}",
            ":",
        ):
            answer = await desk.get("/admin/livechat/events/", params={"cursor": cursor})
            assert (answer.status_code, answer.json()["events"][0]["code"]) == (400, "bad_command")
        many = [("cursor", f"{uuid.uuid4()}:1")] * 51
        assert (await desk.get("/admin/livechat/events/", params=many)).status_code == 400


# --------------------------------------------------------------------------------------------------- pages


async def test_public_answers_say_how_long_they_keep_and_set_no_cookie(http: httpx.AsyncClient, shop: Shop) -> None:
    for path in ("boot", "config"):
        answer = await http.get(f"/livechat/{path}/", params={"site": shop.site_id, "lang": "sv"})
        assert answer.status_code == 200
        control = answer.headers["Cache-Control"]
        assert "public" in control
        assert "max-age=5" in control
        assert "cookie" not in answer.headers.get("Vary", "").lower()
        assert "set-cookie" not in answer.headers
    answer = await post(http, {"site": shop.site_id}, "session")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "set-cookie" not in answer.headers
    for answer in (await post(http), await http.get("/livechat/events/")):
        assert "no-store" in answer.headers["Cache-Control"]
        assert "set-cookie" not in answer.headers


async def test_two_visitors_get_byte_for_byte_the_same_page(shop: Shop) -> None:
    pages = []
    for agent, language in (("Firefox", "en"), ("Safari", "en-GB,de;q=0.5")):
        async with http_client(headers={"User-Agent": agent, "Accept-Language": language}, timeout=30) as person:
            first = await person.get(f"{shop.url}/")
            assert not person.cookies
            again = await person.get(f"{shop.url}/", headers={"Cookie": "theirs=1"})
            pages += [first, again]
    assert len({page.content for page in pages}) == 1
    assert b"data-livechat" in pages[0].content
    for page in pages:
        assert "set-cookie" not in page.headers
        assert "csrf" not in page.text.lower()


async def test_too_many_new_visitors_from_one_address_are_slowed_down(site_template: Any) -> None:
    from tests.services import site_server

    with site_server(template=site_template, env={"LIVECHAT_OPTIONS": '{"SESSION_RATE": [5, 60]}'}) as narrow:
        shop = await Shop.find(narrow.url)
        headers = {"Origin": narrow.url}
        async with http_client(timeout=30) as http:
            answers = []
            for number in range(8):
                forged = {**headers, "X-Forwarded-For": f"203.0.113.{number}"}
                answers.append(
                    await http.post(f"{narrow.url}/livechat/session/", json={"site": shop.site_id}, headers=forged)
                )
            assert [answer.status_code for answer in answers] == [201] * 5 + [429] * 3
            assert int(answers[-1].headers["Retry-After"]) > 0
            # And one visitor who asks without end.
            mine = {**headers, "Authorization": f"Bearer {answers[0].json()['token']}"}
            polls = await asyncio.gather(
                *(http.get(f"{narrow.url}/livechat/events/", headers=mine) for _ in range(160))
            )
            codes = {poll.status_code for poll in polls}
            assert codes == {200, 429}
