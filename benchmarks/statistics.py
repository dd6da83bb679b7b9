"""A year of statistics over a million conversations: how quickly it is counted, and how quickly its page opens.

All of it is in one transaction that is rolled back, so nothing of it is beside the other parts.
"""

from __future__ import annotations

from statistics import median
from time import monotonic, perf_counter
from typing import Any

from benchmarks.figures import Figure, percentile

CONVERSATIONS = 1_000_000
DAYS = 365
DEPARTMENTS, OPERATORS = 6, 20
LIMIT_MS = 500
PAGE = "/admin/livechat/statistics/?period=year"


def statistics(stage: Any, quick: bool) -> list[Figure]:
    """The page of a year beside the bare sum over the rollup that it reads, and medians beside the exact ones."""
    from django.db import connection, transaction

    count = CONVERSATIONS // 10 if quick else CONVERSATIONS
    with transaction.atomic():
        begin = monotonic()
        fill(count)
        filled = monotonic() - begin
        figures = measure(connection, count, rounds=5 if quick else 15)
        figures.append(
            Figure(
                "statistics: this part took",
                monotonic() - begin,
                "s",
                None,
                None,
                None,
                None,
                f"{filled:.0f} s to fill the tables",
            )
        )
        transaction.set_rollback(True)
    return figures


def fill(count: int) -> None:
    """Conversations spread evenly over a year until now, with one statement. An operator works for two departments."""
    from django.contrib.auth import get_user_model
    from django.db import connection
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
        "department_id": f"(ARRAY{departments})[1 + (who + (random() < 0.5)::int) % {DEPARTMENTS}]",
        "operator_id": f"CASE WHEN answered THEN (ARRAY{operators})[1 + who] END",
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
    fields = [field for field in Conversation._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    rows = ", ".join(values.get(field.column) or literal(field) for field in fields)
    with connection.cursor() as cursor:
        # What is made here fits; a check of every key of every row would be most of the time.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            f"""INSERT INTO {Conversation._meta.db_table} ({columns}) SELECT {rows} FROM (
                SELECT n, now() - n * interval '{DAYS} days' / {count} AS at, random() < 0.88 AS answered,
                    floor(random() * {OPERATORS})::int AS who,
                    exp(3.4 + 0.9 * (random() + random() + random() + random() - 2) * 1.7) AS wait
                FROM generate_series(1, {count}) AS n OFFSET 0) AS made"""
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(f"ANALYZE {Conversation._meta.db_table}")


def one_of(keys: list[int]) -> str:
    return f"(ARRAY{keys})[1 + floor(random() * {len(keys)})::int]"


def literal(field: Any) -> str:
    """What a column holds that nothing here is about."""
    if field.null:
        return "NULL"
    kind = field.get_internal_type()
    return "''" if kind in ("CharField", "TextField") else "false" if kind == "BooleanField" else "0"


def measure(connection: Any, count: int, rounds: int) -> list[Figure]:
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from wagtail_livechat import figures, histograms
    from wagtail_livechat.actions import rollup
    from wagtail_livechat.models import DepartmentTally, OperatorTally
    from wagtail_livechat.periods import preset

    begin = perf_counter()
    done = rollup.roll_up()
    counted = perf_counter() - begin
    with connection.cursor() as cursor:
        for model in (DepartmentTally, OperatorTally):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(username="manager"))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(PAGE)
        queries = len(asked)
    assert answer.status_code == 200, answer.status_code
    ours, ceiling = [], []
    for _ in range(rounds):
        begin = perf_counter()
        assert client.get(PAGE).status_code == 200
        ours.append((perf_counter() - begin) * 1000)
        begin = perf_counter()
        bare_sum(connection)
        ceiling.append((perf_counter() - begin) * 1000)
    p95 = percentile(ours, 0.95)
    year = preset("year", timezone.localdate())
    assert year is not None
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
