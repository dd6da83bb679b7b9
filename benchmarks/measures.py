"""The measurements. Each takes the stage and gives figures."""

from __future__ import annotations

from statistics import median
from time import monotonic, sleep
from typing import Any
from unittest.mock import patch

from benchmarks.desk import desk
from benchmarks.figures import Figure, percentile, ratio_of_rounds
from benchmarks.library import library
from benchmarks.logs import logs
from benchmarks.masking import masking
from benchmarks.stage import Load, Stage, resident_kb, run_load
from benchmarks.statistics import statistics
from tests.services.process import REPOSITORY

Json = dict[str, Any]
MORE_MS = 30


def roundtrip(stage: Stage, quick: bool) -> list[Figure]:
    """From a visitor's socket to the operator's, beside a bare group echo."""
    figures = []
    # With one conversation a message each 2 s would be a handful of samples: it talks quicker, still one at a time.
    for conversations, per_operator, interval, rounds, seconds in (
        (1, 1, 0.1, 1, 8),
        (100, 5, 2.0, 3, 12),
        (500, 20, 2.0, 1, 8),
    ):
        if quick:
            rounds, seconds = 1, 4
        # "marked": every message is followed by the receipt that the desk sends for it, as in real life.
        kinds = ("bare", "ours", "marked") if conversations == 100 else ("bare", "ours")
        late: dict[str, list[list[float]]] = {kind: [] for kind in kinds}
        missing, generator = dict.fromkeys(kinds, 0), 0.0
        for number in range(rounds):
            for kind in kinds:
                if kind == "marked" and number:
                    continue  # Nothing is demanded of it: one round, beside the echo's of all.
                cast = stage.cast(conversations, per_operator)
                side = "bare" if kind == "bare" else "ours"
                plan = {
                    "mode": "roundtrip", "kind": side, "url": stage.base_url(side), "interval": interval,
                    "warm": min(2, interval * 5), "seconds": seconds, "receipts": kind == "marked", **cast.plan(),
                }  # fmt: skip
                result = run_load(plan)
                late[kind].append(result["delays"])
                missing[kind] += result["missing"]
                generator = max(generator, result["generator"])
        for kind in kinds[1:]:
            echo = late["bare"][: len(late[kind])]
            figures += _roundtrip_figures(conversations, kind, late[kind], echo, missing[kind], generator)
    return figures


def _roundtrip_figures(
    conversations: int, kind: str, late: list[list[float]], echo: list[list[float]], missing: int, generator: float
) -> list[Figure]:
    figures = []
    name = f"{conversations} open" + (" and receipts" if kind == "marked" else "")
    for share in (50, 95, 99):
        ours = [percentile(delays, share / 100) for delays in late]
        bare = [percentile(delays, share / 100) for delays in echo]
        more = median(a - b for a, b in zip(ours, bare, strict=True))
        demanded = conversations == 100 and share == 95 and kind == "ours"
        note = (
            f"{more:+.1f} ms over the echo; {sum(map(len, late))} messages, {missing} missing; "
            f"load generator at most {generator:.0%} of a core"
        )
        figures.append(
            Figure(
                f"round trip p{share}, {name}", median(ours), "ms", median(bare), ratio_of_rounds(ours, bare),
                f"<= ceiling + {MORE_MS} ms" if demanded else None,
                more <= MORE_MS and not missing if demanded else None,
                note if share == 95 else "",
            )
        )  # fmt: skip
    return figures


def throughput(stage: Stage, quick: bool) -> list[Figure]:
    """Stored and acknowledged messages, 100 sockets that wait for each acknowledgement."""
    rounds, seconds = (1, 3) if quick else (3, 4)
    kinds = ["store", "ours", "store-orm", "watched"]
    rates: dict[str, list[float]] = {kind: [] for kind in kinds}
    generator = 0.0
    for _ in range(rounds):
        for kind in kinds:
            cast = stage.cast(100, per_operator=5)
            # Unwatched, it is what the bare consumer does: store and acknowledge. Watched, operators read each message too.
            operators = cast.plan()["operators"] if kind == "watched" else []
            side = "ours" if kind in ("ours", "watched") else "bare"
            plan = {
                "mode": "throughput", "kind": kind.replace("watched", "ours"), "url": stage.base_url(side), "warm": 1,
                "seconds": seconds, **cast.plan(), "operators": operators,
            }  # fmt: skip
            result = run_load(plan)
            rates[kind].append(result["rate"])
            generator = max(generator, result["generator"])
    ratio = ratio_of_rounds(rates["ours"], rates["store"])
    against_orm = ratio_of_rounds(rates["ours"], rates["store-orm"])
    watched = ratio_of_rounds(rates["watched"], rates["store"])
    return [
        Figure(
            "acknowledged messages, 100 sockets", median(rates["ours"]), "1/s", median(rates["store"]), ratio, ">= 0.5",
            ratio >= 0.5, f"against raw SQL in the bare consumer; load generator at most {generator:.0%} of a core",
        ),
        Figure(
            "the same, bare consumer by ORM", median(rates["ours"]), "1/s", median(rates["store-orm"]), against_orm,
        ),
        Figure(
            "the same, with 20 operators reading", median(rates["watched"]), "1/s", median(rates["store"]), watched,
            None, None, "the bare consumer tells nobody; here each message is read from the database and sent once more",
        ),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------ memory


def memory(stage: Stage, quick: bool) -> list[Figure]:
    """What a visitor's socket costs that says nothing, in a fresh process, the first hundred left out of the account."""
    warm, count = 100, 300 if quick else 1000
    cast = stage.cast(warm + count, per_operator=100)
    per_socket = {}
    for kind in ("bare", "ours"):
        with stage.fresh(kind) as server:
            plan = {"mode": "idle", "kind": kind, "url": server.ws_url, "warm": warm, **cast.plan()}
            with Load(plan) as load:
                load.wait("ready")
                sleep(2)
                before = resident_kb(server.pid)
                load.tell({})
                load.wait("ready")
                sleep(2)
                per_socket[kind] = (resident_kb(server.pid) - before) / count
                load.tell({})
                assert load.wait("result")["open"] == warm + count, "Sockets were closed while they were counted."
    ratio = per_socket["ours"] / per_socket["bare"]
    return [
        Figure(
            "memory per idle visitor socket", per_socket["ours"], "kB", per_socket["bare"], ratio, "<= 1.5 x ceiling",
            ratio <= 1.5, f"growth of the resident set over {count} sockets, each with an open conversation",
        )
    ]  # fmt: skip


# ----------------------------------------------------------------------------------------------- queries


def queries(stage: Stage, quick: bool) -> list[Figure]:
    """Statements that a message costs, counted at the connection."""
    from uuid import UUID, uuid4

    from django.db import connection

    from benchmarks.bare import store_with_sql
    from wagtail_livechat import broadcast, handlers, snapshots
    from wagtail_livechat import protocol as p
    from wagtail_livechat.permissions import OperatorActor, VisitorActor

    cast = stage.cast(1)
    visitor, conversation = cast.visitors[0], UUID(cast.visitors[0].conversation)
    counted: list[str] = []

    def count(execute: Any, sql: str, *arguments: Any) -> Any:
        counted.append(sql)
        return execute(sql, *arguments)

    def statements(job: Any) -> int:
        counted.clear()
        with connection.execute_wrapper(count), broadcast.collecting():
            job()
        return len(counted)

    told = handlers.VisitorSession(
        VisitorActor(visitor.visitor_id, 1), conversation=conversation, cursors={conversation: 0}
    )
    reader = handlers.OperatorSession(
        OperatorActor(cast.operators[0].operator_id, "Bench", frozenset()), cursors=snapshots.heads([conversation])
    )
    command = p.PostMessage(conversation=conversation, client_id=uuid4(), text="How many?")
    stored = statements(lambda: handlers.handle_visitor(told, command))
    read = statements(lambda: handlers.catch_up(reader, [conversation]))
    bare = statements(lambda: store_with_sql(visitor.row, str(uuid4()), "How many?"))
    return [
        Figure(
            "queries to store and acknowledge",
            stored,
            "queries",
            bare,
            stored / bare,
            None,
            None,
            "BEGIN and COMMIT not counted",
        ),
        Figure("queries to tell one operator", read, "queries"),
    ]


# -------------------------------------------------------------------------------------------------- page

KB = 1000


def page(stage: Stage, quick: bool) -> list[Figure]:
    """What the tag adds to a page of the example site, and what its scripts weigh."""
    import gzip

    import brotli
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from wagtail_livechat.templatetags import livechat as tag

    class NoSite:
        @staticmethod
        def find_for_request(request: Any) -> None:
            return None

    def fetch(**headers: str) -> tuple[bytes, int, int]:
        client = Client(headers={"host": "localhost", **headers})
        with CaptureQueriesContext(connection) as asked:
            response = client.get("/")
        assert response.status_code == 200, response.status_code
        return response.content, len(asked), len(response.cookies)

    fetch()
    body, asked, cookies = fetch()
    other = fetch(**{"user-agent": "Another/1.0", "x-forwarded-for": "192.0.2.7", "cookie": "theirs=1"})[0]
    with patch.object(tag, "Site", NoSite):
        plain, asked_without, cookies_without = fetch()
    assert b"data-livechat" in body and b"data-livechat" not in plain, "The page has no tag, or it cannot be left out."
    figures = [
        Figure("queries that the tag adds", asked - asked_without, "queries", None, None, "0", asked == asked_without),
        Figure(
            "cookies that the tag adds",
            cookies - cookies_without,
            "cookies",
            None,
            None,
            "0",
            cookies == cookies_without,
        ),
        Figure("bytes that the tag adds", len(body) - len(plain), "B"),
        Figure("differing pages of two visitors", int(body != other), "pages", None, None, "0", body == other),
    ]
    for name, most in (("loader", 4), ("widget", 25)):
        path = REPOSITORY / "wagtail_livechat" / "static" / "wagtail_livechat" / f"{name}.js"
        raw = path.read_bytes() if path.exists() else b""
        zipped, note = len(gzip.compress(raw, 9, mtime=0)) / KB, "" if raw else "not built"
        figures += [
            Figure(f"{name}.js, raw", len(raw) / KB, "kB"),
            Figure(f"{name}.js, gzip", zipped, "kB", None, None, f"<= {most} kB", bool(raw) and zipped <= most, note),
            Figure(f"{name}.js, brotli", len(brotli.compress(raw)) / KB, "kB"),
        ]
    return figures


# ----------------------------------------------------------------------------------------------- restart


def restart(stage: Stage, quick: bool) -> list[Figure]:
    """kill -9 in mid-sentence: how long until everybody is back and level, and whether anything is lost or doubled."""
    from wagtail_livechat.models import Entry

    sockets, operators, limit = (100, 5, 20) if quick else (500, 20, 20)
    visitors = sockets - operators
    cast = stage.cast(visitors, per_operator=-(-visitors // operators))
    with stage.fresh("ours") as server:
        with Load(
            {"mode": "restart", "url": server.ws_url, "interval": 2.0, "limit": 3 * limit, **cast.plan()}
        ) as load:
            load.wait("ready")
            load.tell({})
            sleep(6)
            server.kill()
            load.tell({})
            sleep(1)
            load.tell({"at": monotonic()})
            server.start()
            result = load.wait("result")
    stored: dict[str, list[list[Any]]] = {visitor.conversation: [] for visitor in cast.visitors}
    ids: list[str] = []
    rows = Entry.objects.filter(conversation__uuid__in=list(stored)).order_by("conversation", "seq")
    for uuid, seq, body, client_id in rows.values_list("conversation__uuid", "seq", "body", "client_id"):
        stored[str(uuid)].append([seq, body])
        ids.append(str(client_id))
    lost = len(set(result["acknowledged"]) - set(ids))
    doubled = len(ids) - len(set(ids))
    gaps = sum([seq for seq, _ in entries] != list(range(1, len(entries) + 1)) for entries in stored.values())
    differing = sum(entries != stored[conversation] for conversation, entries in result["lists"])
    whole = result["came_back"] and not (gaps or differing or result["unsent"])
    return [
        Figure(
            "kill -9: all back and level after", result["back"], "s", None, None, f"<= {limit} s",
            whole and result["back"] <= limit,
            f"{result['reconnected']} of {sockets} sockets came back, half of them level within "
            f"{percentile(result['levels'], 0.5):.1f} s of the restart; {result['unanswered']} messages had no answer when it died; "
            f"{len(ids)} stored, {gaps} with gaps, {differing} lists differ from the database, {result['unsent']} unsent",
        ),
        Figure("kill -9: acknowledged and lost", lost, "messages", None, None, "0", lost == 0),
        Figure("kill -9: stored twice", doubled, "messages", None, None, "0", doubled == 0),
    ]  # fmt: skip


MEASURES = {
    "page": page,
    "queries": queries,
    "roundtrip": roundtrip,
    "throughput": throughput,
    "memory": memory,
    "restart": restart,
    "masking": masking,
    "statistics": statistics,
    "library": library,
    "logs": logs,
    "desk": desk,
}
