"""A year of statistics over many conversations: how quickly it is counted, and how quickly its page opens."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any

from benchmarks.bulk import analyze, array, insert, size, timed, took
from benchmarks.figures import Figure, percentile

if TYPE_CHECKING:
    from benchmarks.stage import Stage

CONVERSATIONS = 200_000
"""STATISTICS_CONVERSATIONS=1000000 asks for more. The page reads the rollup, which does not grow with them; to count does."""
DAYS = 365
DEPARTMENTS, OPERATORS = 6, 20
LIMIT_MS = 500
PAGE = "/admin/livechat/statistics/?period=year"


def statistics(stage: Stage, quick: bool) -> list[Figure]:
    """The page of a year beside the bare sum over the rollup that it reads, and medians beside the exact ones."""
    from django.db import connection

    count, begin = size("STATISTICS_CONVERSATIONS", CONVERSATIONS, quick), monotonic()
    with stage.apart():
        fill(count)
        filled = monotonic() - begin
        figures = measure(connection, count, rounds=5 if quick else 15)
    return [*figures, took("statistics", monotonic() - begin, filled)]


def fill(count: int) -> None:
    """Conversations spread evenly over a year until now, with one statement. An operator works for two departments."""
    from django.contrib.auth import get_user_model
    from wagtail.models import Page, Site

    from wagtail_livechat.models import Conversation, Department, Operator, Visitor

    sites = list(Site.objects.values_list("pk", flat=True))
    departments = [Department.objects.create(name=f"Bench {number}").pk for number in range(DEPARTMENTS)]
    users = get_user_model().objects.bulk_create(
        get_user_model()(username=f"counted{number}", password="!") for number in range(OPERATORS)
    )
    operators = [Operator.objects.create(user=user).pk for user in users]
    pages = list(Page.objects.filter(depth__gt=2).values_list("pk", flat=True))
    visitor = Visitor.objects.create(site_id=sites[0], token_hash="bench-statistics").pk
    values = {
        "uuid": "gen_random_uuid()",
        "case_number": "'S-' || n",
        "site_id": one_of(sites),
        "visitor_id": str(visitor),
        "department_id": f"{array(departments)}[1 + (who + (random() < 0.5)::int) % {DEPARTMENTS}]",
        "operator_id": f"CASE WHEN answered THEN {array(operators)}[1 + who] END",
        "page_id": f"CASE WHEN random() < 0.9 THEN {one_of(pages)} END",
        "state": "'ended'",
        "created_at": "at",
        "queued_at": "at",
        "last_message_at": "at",
        "answered_at": "CASE WHEN answered THEN at + wait * interval '1 second' END",
        "first_reply_at": "CASE WHEN answered THEN at + (wait + 5 + random() * 60) * interval '1 second' END",
        "ended_at": "at + (wait + 100 + random() * 900) * interval '1 second'",
        "ended_by": "'visitor'",
        "rating": "CASE WHEN answered AND random() < 0.4 THEN 1 + floor(random() * 5)::int END",
    }
    insert(
        Conversation,
        values,
        f"""(
            SELECT n, now() - n * interval '{DAYS} days' / {count} AS at, random() < 0.88 AS answered,
                floor(random() * {OPERATORS})::int AS who,
                exp(3.4 + 0.9 * (random() + random() + random() + random() - 2) * 1.7) AS wait
            FROM generate_series(1, {count}) AS n OFFSET 0) AS made""",
    )
    analyze(Conversation)


def one_of(keys: list[int]) -> str:
    return f"{array(keys)}[1 + floor(random() * {len(keys)})::int]"


def measure(connection: Any, count: int, rounds: int) -> list[Figure]:
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from wagtail_livechat import figures, histograms
    from wagtail_livechat.actions import rollup
    from wagtail_livechat.models import DepartmentTally, OperatorTally
    from wagtail_livechat.periods import Period

    begin = perf_counter()
    done = rollup.roll_up()
    counted = perf_counter() - begin
    analyze(DepartmentTally, OperatorTally)
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(username="manager"))
    with CaptureQueriesContext(connection) as asked:
        timed(client, PAGE)
        queries = len(asked)
    ours, ceiling = [], []
    for _ in range(rounds):
        ours.append(timed(client, PAGE)[0])
        begin = perf_counter()
        bare_sum(connection)
        ceiling.append((perf_counter() - begin) * 1000)
    p95 = percentile(ours, 0.95)
    today = timezone.localdate()
    year = Period(today - timedelta(days=DAYS - 1), today)
    sites = tuple(set(DepartmentTally.objects.values_list("site_id", flat=True)))
    found = figures.read(figures.Scope(sites), year, timezone.now())
    exact = percentiles(connection, year.first)
    beside = max(
        abs((histograms.quantile(getattr(found.total, name), share) or 0) - truly) / truly
        for (name, share), truly in exact.items()
    )
    note = f"{count:,} conversations, {done.days} days of {len(sites)} sites counted, {DepartmentTally.objects.count():,} and {OperatorTally.objects.count():,} rows"
    return [
        Figure("statistics: a year opens, median", median(ours), "ms", median(ceiling), median(ours) / median(ceiling),
               f"< {LIMIT_MS} ms", median(ours) < LIMIT_MS, note),
        Figure("statistics: a year opens, p95", p95, "ms", percentile(ceiling, 0.95), None, None, None,
               f"{rounds} times, all of the page; the ceiling is the bare sum over the rollup"),
        Figure("statistics: queries of the page", queries, "queries"),
        Figure("statistics: conversations counted in a second", found.total.started / counted, "1/s"),
        Figure("statistics: farthest percentile from the exact one", beside * 100, "%", None, None,
               "<= 6 %", beside <= 0.06, "median and 90th of waiting time and length, beside PostgreSQL's own"),
    ]  # fmt: skip


def bare_sum(connection: Any) -> None:
    """The least that a page of these figures could ask: plain sums over its rows."""
    with connection.cursor() as cursor:
        for table, by in (("departmenttally", "department"), ("operatortally", "operator")):
            cursor.execute(
                f"""SELECT {by}, sum(started), sum(accepted), sum(missed), sum(offline), sum(ended)
                    FROM wagtail_livechat_{table} WHERE span = 'day' AND start > now() - interval '{DAYS} days' GROUP BY {by}"""
            )
            cursor.fetchall()


def percentiles(connection: Any, first: Any) -> dict[tuple[str, float], float]:
    """What sorting every single duration says, in seconds."""
    found = {}
    with connection.cursor() as cursor:
        for name, end in (("waiting", "answered_at"), ("length", "ended_at")):
            for share in (0.5, 0.9):
                cursor.execute(
                    f"""SELECT percentile_disc({share}) WITHIN GROUP (ORDER BY extract(epoch FROM {end} - created_at))
                        FROM wagtail_livechat_conversation
                        WHERE answered_at IS NOT NULL AND state = 'ended' AND created_at >= %s""",
                    [first],
                )
                found[name, share] = float(cursor.fetchone()[0])
    return found
