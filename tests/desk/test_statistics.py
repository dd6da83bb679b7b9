"""The page of the statistics, as a manager opens it, and its files."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from openpyxl import load_workbook

from tests.actions.test_rollup import past
from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    OPERATORS,
    make_department,
    make_operator,
    make_site,
    make_user,
    signed_in,
    signed_in_as,
    the_site,
)
from wagtail_livechat.actions import rollup
from wagtail_livechat.desk import sheets
from wagtail_livechat.models import Department, Operator

pytestmark = pytest.mark.django_db

PAGE = "/admin/livechat/statistics/"
FILE = f"{PAGE}export/"


@pytest.fixture
def week() -> dict[str, Any]:
    """Some conversations of the last days, of two departments and two operators."""
    now = timezone.now()
    sales, repairs = make_department("Sales"), make_department("Repairs")
    elin, oskar = make_operator("Elin", departments=[sales]), make_operator("Oskar")
    for days in range(1, 5):
        past(now - timedelta(days=days), operator=elin, department=sales, rating=5)
        past(now - timedelta(days=days), operator=oskar, department=repairs, answered=90, first_reply=120)
    past(now - timedelta(days=2), department=sales, answered=None, first_reply=None, ended=200)
    past(now - timedelta(days=2), department=sales, answered=None, first_reply=None, ended=None, state="offline")
    past(now - timedelta(days=9), operator=elin, department=sales)
    rollup.roll_up()
    return {"sales": sales, "repairs": repairs, "elin": elin, "oskar": oskar}


@pytest.fixture
def manager() -> Client:
    return signed_in_as(MANAGERS)


def tile(html: str, label: str) -> str:
    """The big number beneath a label."""
    # <bdi> keeps numbers and words apart that are read in opposite directions.
    html = re.sub(r"</?bdi>", "", html)
    found = re.search(rf"<dt>{re.escape(label)}</dt>\s*<dd class=\"lcs-tile__value\">([^<]*)</dd>", html)
    assert found, label
    return found[1]


def rows(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


# ------------------------------------------------------------------------------------------------- seeing


@pytest.mark.covers("D6")
def test_a_manager_sees_what_became_of_the_conversations(manager: Client, week: dict[str, Any]) -> None:
    html = manager.get(PAGE, {"period": "7"}).content.decode()

    assert [tile(html, label) for label in ("Conversations", "Accepted", "Missed", "Left a message")] == [
        "10",
        "8",
        "1",
        "1",
    ]
    assert tile(html, "Rating, of 5") == "5.00"
    assert tile(html, "Waiting time, median") in ("20 s", "21 s", "19 s")
    assert "before: 1" in html
    for words in ("Elin", "Oskar", "Sales", "Repairs", "Pages outside the CMS", "By weekday and hour"):
        assert words in html
    assert html.count('role="img"') == 3


@pytest.mark.parametrize(
    ("role", "sees"), [(OPERATORS, False), (MANAGERS, True), (ADMINISTRATORS, True), ("Editors", False)]
)
def test_who_sees_statistics(role: str, sees: bool) -> None:
    client = signed_in_as(role)

    for address in (PAGE, FILE, f"{FILE}?format=csv"):
        assert (client.get(address).status_code == 200) is sees
    menu = client.get("/admin/").content.decode()
    assert (PAGE in menu) is sees


def test_nothing_is_changed_and_nothing_is_kept(manager: Client) -> None:
    assert manager.post(PAGE).status_code == 405
    assert manager.post(FILE).status_code == 405
    for address in (PAGE, FILE):
        assert "no-store" in manager.get(address)["Cache-Control"]


def test_filters_leave_what_they_say(manager: Client, week: dict[str, Any]) -> None:
    def started(**chosen: Any) -> str:
        return tile(manager.get(PAGE, {"period": "7", **chosen}).content.decode(), "Conversations")

    assert started(department=week["repairs"].pk) == "4"
    assert started(department=week["sales"].pk) == "6"
    assert started(operator=week["elin"].pk) == "4"
    assert started(operator=week["elin"].pk, department=week["sales"].pk) == "4"
    assert started(site=the_site().pk) == "10"


def test_two_dates_may_be_chosen(manager: Client, week: dict[str, Any]) -> None:
    today = timezone.localdate()
    day = today - timedelta(days=9)

    html = manager.get(PAGE, {"from": day.isoformat(), "to": day.isoformat()}).content.decode()

    assert tile(html, "Conversations") == "1"
    assert f'value="{day.isoformat()}"' in html
    # Two dates that are those of a preset are that preset.
    html = manager.get(
        PAGE, {"from": (today - timedelta(days=6)).isoformat(), "to": today.isoformat()}
    ).content.decode()
    assert re.search(r'aria-current="true"><bdi>7 days<', html)


@pytest.mark.parametrize(
    "query",
    [
        "period=nonsense", "from=2026-99-99&to=x", "site=x&department=-1&operator=1e9", "department=999999&operator=999999",
        "site=99999999999999999999", "from=0001-01-01&to=9999-12-31", "department=%00", "period=7&from=%F0%9F%98%80",
        "site=%D9%A3",
    ],
)  # fmt: skip
def test_odd_addresses_do_not_break_the_page(manager: Client, week: dict[str, Any], query: str) -> None:
    assert manager.get(f"{PAGE}?{query}").status_code == 200
    assert manager.get(f"{FILE}?{query}").status_code == 200


def test_whoever_belongs_to_a_department_sees_that_of_theirs(week: dict[str, Any]) -> None:
    user = make_user(groups=[OPERATORS])
    from django.contrib.auth.models import Permission

    user.user_permissions.add(Permission.objects.get(codename="view_statistics"))
    Operator.objects.create(user=user, display_name="Rut").departments.add(week["repairs"])
    client = signed_in(user)

    html = client.get(PAGE, {"period": "7"}).content.decode()

    assert tile(html, "Conversations") == "4"
    assert "Sales" not in html
    assert "Elin" not in html
    assert (
        tile(client.get(PAGE, {"period": "7", "department": week["sales"].pk}).content.decode(), "Conversations") == "4"
    )
    assert all("Sales" not in row for row in rows(client.get(FILE, {"format": "csv", "table": "departments"})))


def test_whoever_belongs_to_a_site_sees_that_of_theirs() -> None:
    elsewhere = make_site()
    for site in (the_site(), elsewhere, elsewhere):
        past(timezone.now() - timedelta(days=1), site=site)
    rollup.roll_up()
    operator = make_operator("Rut", role=MANAGERS)
    operator.sites.add(elsewhere)
    client = signed_in(operator.user)

    for query in ({}, {"site": the_site().pk}, {"site": elsewhere.pk}):
        assert tile(client.get(PAGE, query).content.decode(), "Conversations") == "2"


def test_an_empty_page_explains_itself(manager: Client) -> None:
    html = manager.get(PAGE).content.decode()

    assert "Nothing to count yet" in html
    assert "lcs-tile" not in html
    past(timezone.now() - timedelta(days=300))
    rollup.roll_up()
    assert "Nothing happened in this period" in manager.get(PAGE, {"period": "7"}).content.decode()


def test_days_that_are_missing_are_said(manager: Client) -> None:
    past(timezone.now() - timedelta(days=10))

    assert "are not counted yet" in manager.get(PAGE).content.decode()
    rollup.roll_up()
    assert "not counted yet" not in manager.get(PAGE).content.decode()


def test_the_page_has_no_style_and_no_script_of_its_own(manager: Client, week: dict[str, Any]) -> None:
    html = manager.get(PAGE).content.decode()

    ours = html[html.index("data-livechat-statistics") : html.index("lcs-foot")]
    assert not re.search(r"\sstyle=|<script|<style|\son\w+=", ours)


def test_names_are_only_text(manager: Client, week: dict[str, Any]) -> None:
    Department.objects.filter(pk=week["sales"].pk).update(name="<script>alert(1)</script>")
    Operator.objects.filter(pk=week["elin"].pk).update(display_name='"><img src=x>')

    html = manager.get(PAGE).content.decode()

    assert "<script>alert(1)" not in html
    assert "<img src=x>" not in html


def test_the_page_is_made_in_a_constant_number_of_queries(
    manager: Client, week: dict[str, Any], django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    manager.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        manager.get(PAGE)
    for days in range(1, 20):
        past(timezone.now() - timedelta(days=days), operator=make_operator(), department=make_department())
    rollup.roll_up(rebuild=True)

    with django_assert_max_num_queries(len(few)):
        manager.get(PAGE)


def test_numbers_are_written_in_the_readers_language() -> None:
    assert [sheets.number(1234567), sheets.number(4.5, 2)] == ["1,234,567", "4.50"]
    with translation.override("de"):
        assert [sheets.number(1234567), sheets.number(4.5, 2)] == ["1.234.567", "4,50"]
    with translation.override("sv"):
        assert sheets.number(1234567).replace("\xa0", " ") == "1 234 567"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.5, "under 1 s"),
        (1, "1 s"),
        (59.6, "1 min"),
        (61, "1 min 1 s"),
        (3599.7, "1 h"),
        (3725, "1 h 2 min"),
        (90061, "1 d 1 h"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert sheets.duration(seconds) == words


# -------------------------------------------------------------------------------------------------- files


def test_every_table_of_the_page_is_in_the_workbook(manager: Client, week: dict[str, Any]) -> None:
    answer = manager.get(FILE, {"period": "7"})

    assert answer["Content-Disposition"].endswith('.xlsx"')
    book = load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == [
        "Summary", "By day", "By weekday and hour", "By hour", "Departments", "Operators", "Ratings", "Pages that cause chats",
    ]  # fmt: skip
    summary = {row[0]: row[1:] for row in book["Summary"].iter_rows(values_only=True)}
    assert summary["Conversations"] == (10, 1)
    assert sum(row[1] for row in book["By day"].iter_rows(min_row=2, values_only=True)) == 10


def test_a_table_may_be_had_as_csv_in_plain_numbers(manager: Client, week: dict[str, Any]) -> None:
    lines = rows(manager.get(FILE, {"period": "7", "format": "csv", "table": "operators"}))

    assert lines[0][0] == "Operator"
    assert "First answer, median (seconds)" in lines[0]
    assert {line[0]: line[1] for line in lines[1:]} == {"Elin": "4", "Oskar": "4"}
    median = dict(zip(lines[0], lines[1], strict=True))["First answer, median (seconds)"]
    assert abs(float(median) - (40 if lines[1][0] == "Elin" else 120)) <= 0.06 * 120


def test_a_file_has_the_filters_of_the_page(manager: Client, week: dict[str, Any]) -> None:
    html = manager.get(PAGE, {"period": "7", "department": week["repairs"].pk}).content.decode()
    link = re.search(r'href="([^"]*table=operators)"', html)
    assert link

    lines = rows(manager.get(link[1].replace("&amp;", "&")))

    assert [line[0] for line in lines[1:]] == ["Oskar"]


def test_formulas_of_others_are_text(manager: Client, week: dict[str, Any]) -> None:
    Department.objects.filter(pk=week["sales"].pk).update(name='=HYPERLINK("https://evil.example")\x07')
    Operator.objects.filter(pk=week["elin"].pk).update(display_name="@SUM(1)")

    lines = rows(manager.get(FILE, {"format": "csv", "table": "departments"}))
    book = load_workbook(io.BytesIO(manager.get(FILE).content))

    assert lines[1][0] == '\'=HYPERLINK("https://evil.example")'
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


@pytest.mark.parametrize("query", ["format=pdf", "format=csv&table=nothing", "format=csv&table=helpdesk"])
def test_there_is_no_file_of_what_there_is_not(manager: Client, week: dict[str, Any], query: str) -> None:
    assert manager.get(f"{FILE}?{query}").status_code == 404


def test_every_site_counts_for_itself(manager: Client) -> None:
    elsewhere = make_site()
    for site in (the_site(), elsewhere, elsewhere):
        past(timezone.now() - timedelta(days=1), site=site)
    rollup.roll_up()

    shown = [tile(manager.get(PAGE, query).content.decode(), "Conversations") for query in ({}, {"site": elsewhere.pk})]

    assert shown == ["3", "2"]
