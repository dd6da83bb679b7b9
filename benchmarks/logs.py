"""The logs over a great many conversations: how long until the first page is there, as somebody waits for it in the admin."""

from __future__ import annotations

from statistics import median
from time import monotonic
from typing import TYPE_CHECKING, Any

from benchmarks.bulk import analyze, array, insert, size, timed, took
from benchmarks.figures import Figure

if TYPE_CHECKING:
    from benchmarks.stage import Stage

CONVERSATIONS = 100_000
"""Ten times as many entries. LOGS_CONVERSATIONS=1000000 asks for more, which takes far longer than all the other parts."""
EACH = 10
VOCABULARY = 20_000
SENTENCES = 50_000
DAYS = 365
LIMIT_MS = 300
NEEDLE, NOWHERE = "quartzneedle", "nowhere"

# Word number n is said about as often as words of a language are: a few in every other message, most hardly ever.
SENTENCE = f"""
    SELECT n AS id, (
        SELECT string_agg('w' || to_hex(floor({VOCABULARY} * power(random(), 3))::int), ' ')
        FROM generate_series(1, 12) WHERE n >= 0
    ) || CASE WHEN n = 7 THEN ' {NEEDLE}' ELSE '' END AS body
    FROM generate_series(0, {SENTENCES} - 1) AS n"""

QUESTIONS: list[tuple[str, dict[str, str]]] = [
    ("first page", {}),
    ("a filter that nothing fits", {"state": "offline"}),
    ("a common word", {"q": "w1"}),
    ("a middling word", {"q": "w400"}),
    ("a beginning of many words", {"q": "w100"}),
    ("a rare word", {"q": NEEDLE}),
    ("a word that is not there", {"q": NOWHERE}),
    ("two words", {"q": "w1 w40"}),
    ("two middling words", {"q": "w100 w200"}),
    ("two rare words", {"q": "w1111 w1112"}),
]

# As the migrations made them, whatever they are called there.
WORD_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename LIKE 'wagtail_livechat_%' AND indexdef LIKE '% USING gin %'"""


def logs(stage: Stage, quick: bool) -> list[Figure]:
    """First pages, with and without words, for a manager and for an operator of one department."""
    conversations, begin = size("LOGS_CONVERSATIONS", CONVERSATIONS, quick), monotonic()
    with stage.apart():
        fill(conversations)
        filled = monotonic() - begin
        figures = measure(conversations, rounds=3 if quick else 7)
    return [*figures, took("logs", monotonic() - begin, filled)]


def fill(conversations: int) -> None:
    """Conversations spread evenly over a year until now, all of them ended; whose they are goes round."""
    from django.db import connection
    from wagtail.models import Site

    from wagtail_livechat.models import Conversation, Department, Entry, Operator, Participation, Visitor, WrapUpReason

    # Nothing else may be left in the state that a filter asks for: the demo's are not a matter here.
    Conversation.objects.filter(state="offline").update(state="ended")
    keys = {model: list(model.objects.values_list("pk", flat=True)) for model in (Department, Operator, WrapUpReason)}
    site = str(Site.objects.order_by("pk")[0].pk)

    def in_turn(model: Any) -> str:
        return f"{array(keys[model])}[1 + n % {len(keys[model])}]"

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE sentence AS {SENTENCE}")
        cursor.execute("ANALYZE sentence")
        # To make them of what is there takes a fraction of the time that it takes to put each row in.
        cursor.execute(WORD_INDEXES)
        indexes = dict(cursor.fetchall())
        if not indexes:
            raise RuntimeError("The tables have no indexes for words: the logs would read every message.")
        for name in indexes:
            cursor.execute(f"DROP INDEX {name}")
    insert(
        Visitor,
        {
            "uuid": "gen_random_uuid()", "site_id": site, "token_hash": "'bench-' || n", "language": "'en'",
            "name": "'Visitor ' || to_hex(n)", "email": "'v' || n || '@post.example'", "created_at": "now()", "last_seen": "now()",
        },
        f"generate_series(1, {conversations}) AS n",
    )  # fmt: skip
    insert(
        Conversation,
        {
            "uuid": "gen_random_uuid()", "case_number": "'L-' || n", "site_id": site, "visitor_id": "id", "state": "'ended'",
            "department_id": in_turn(Department), "operator_id": in_turn(Operator), "wrap_up_reason_id": in_turn(WrapUpReason),
            "language": "CASE WHEN n % 3 = 0 THEN 'sv' ELSE 'en' END", "page_url": "'/'", "page_title": "'Home'",
            **dict.fromkeys(
                ("last_seq", "visitor_delivered_seq", "visitor_seen_seq", "operator_delivered_seq", "operator_seen_seq"), str(EACH)
            ),
            "created_at": "at", "queued_at": "at", "answered_at": "at + interval '40 seconds'",
            "last_message_at": f"at + {EACH} * interval '30 seconds'",
            "ended_at": "at + interval '9 minutes'", "ended_by": "'visitor'",
        },
        f"""(
            SELECT id, n, now() - interval '{DAYS} days' * (1 - n::float / {conversations}) AS at FROM (
                SELECT id, row_number() OVER (ORDER BY id)::int AS n FROM wagtail_livechat_visitor WHERE token_hash LIKE 'bench-%'
            ) AS visitors ORDER BY n
        ) AS made""",
    )  # fmt: skip
    insert(
        Participation,
        {
            "conversation_id": "id", "operator_id": "operator_id", "state": "'left'", "delivered_seq": str(EACH),
            "seen_seq": str(EACH), "joined_at": "answered_at", "left_at": "ended_at",
        },
        "wagtail_livechat_conversation WHERE case_number LIKE 'L-%'",
    )  # fmt: skip
    analyze(Conversation)
    insert(
        Entry,
        {
            "conversation_id": "c.id", "seq": "n", "kind": "'text'", "audience": "'everyone'", "body": "s.body",
            "author": "CASE WHEN n % 2 = 1 THEN 'visitor' ELSE 'operator' END",
            "created_at": "c.created_at + n * interval '30 seconds'",
        },
        f"""wagtail_livechat_conversation AS c CROSS JOIN generate_series(1, {EACH}) AS n
            JOIN sentence AS s ON s.id = (hashint8(c.id * 16 + n) & 2147483647) % {SENTENCES}
            WHERE c.case_number LIKE 'L-%'""",
    )  # fmt: skip
    with connection.cursor() as cursor:
        for definition in indexes.values():
            cursor.execute(definition)
    analyze()


def measure(conversations: int, rounds: int) -> list[Figure]:
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.test import Client

    from wagtail_livechat.models import Department, Operator

    readers = {}
    for name, address in (("manager", "logs"), ("operator", "conversations")):
        user = get_user_model().objects.create_user(f"bench-logs-{name}")
        user.groups.add(Group.objects.get(name=f"Live chat {name}s"))
        operator = Operator.objects.create(user=user)
        if name == "operator":
            operator.departments.add(Department.objects.order_by("pk")[0])
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        readers[name] = client, f"/admin/livechat/{address}/results/"
    figures: list[Figure] = []
    for what, query in QUESTIONS:
        for name, (client, address) in readers.items():
            pages = [timed(client, address, query) for _ in range(rounds)]
            late, lines = median(late for late, _ in pages), pages[-1][1].count(b'class="livechat-case"')
            right = bool(lines) != (query.get("q") == NOWHERE or "state" in query)
            note = f"{lines} lines" if right else f"{lines} lines, which is wrong"
            if not figures:
                note += f"; all over {conversations:,} conversations, {conversations * EACH:,} entries; with the page's HTML"
            figures.append(
                Figure(
                    f"logs: {what}, {name}", late, "ms", None, None, f"< {LIMIT_MS} ms", late < LIMIT_MS and right,
                    note if not figures or not right else "",
                )
            )  # fmt: skip
    return figures
