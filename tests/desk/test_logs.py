"""The lists of conversations in the admin as each role sees them, and what is taken out of them as files."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    OPERATORS,
    actor_of,
    make_department,
    make_open,
    make_operator,
    make_site,
    make_user,
    make_visitor,
    make_waiting,
    say,
    signed_in,
    signed_in_as,
    the_site,
)
from wagtail_livechat.actions.conversations import archive, end_conversation, set_tags
from wagtail_livechat.models import Conversation, Operator, PrivacySettings, WrapUpReason

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D7")]

ROOT = "/admin/livechat/"
LISTS = {"conversations": f"{ROOT}conversations/", "archive": f"{ROOT}archive/", "logs": f"{ROOT}logs/"}
CARD = "4111 1111 1111 1111"


def cases(html: str) -> list[str]:
    """The case numbers in a list, from top to bottom."""
    return re.findall(r'class="livechat-case"[^>]*>([^<]+)<', html)


def page(client: Client, address: str, **query: Any) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    return answer.content.decode()


def is_sent_away(client: Client, address: str) -> bool:
    answer = client.get(address)
    return answer.status_code == 302 and answer.headers["Location"].rstrip("/").endswith("/admin")


@pytest.fixture
def elin() -> Operator:
    return make_operator("Elin")


@pytest.fixture
def ended(elin: Operator) -> Conversation:
    """A conversation that was had, with all that there can be about it."""
    conversation = make_open(elin, make_visitor(name="=Anna", email="anna@post.example"), text="Is the chair in stock?")
    say(conversation, "Yes.\nCome & see <it>", by=elin)
    end_conversation(conversation.uuid, actor=actor_of(elin))
    set_tags(conversation.uuid, actor=actor_of(elin), names=["urgent"])
    archive(conversation.uuid, actor=actor_of(elin))
    reason = WrapUpReason.objects.create(name="Solved")
    Conversation.objects.filter(pk=conversation.pk).update(wrap_up_reason=reason, rating=4, rating_comment="Kind")
    conversation.refresh_from_db()
    return conversation


@pytest.fixture
def manager() -> Client:
    return signed_in_as(MANAGERS)


def test_the_archive_holds_what_was_saved_and_the_logs_everything(manager: Client, ended: Conversation) -> None:
    waiting = make_waiting()

    assert cases(page(manager, LISTS["archive"])) == [ended.case_number]
    for name in ("conversations", "logs"):
        assert cases(page(manager, LISTS[name])) == [waiting.case_number, ended.case_number]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_searched_and_its_results_come_alone_when_the_page_asks_for_them(
    manager: Client, ended: Conversation, name: str
) -> None:
    make_waiting(text="Something else")

    for address in (LISTS[name], f"{LISTS[name]}results/"):
        html = page(manager, address, q="chair")
        assert cases(html) == [ended.case_number]
        assert "Is the chair in stock?" in html
        assert cases(page(manager, address, q="umbrella")) == []


def test_the_logs_can_be_narrowed_by_all_that_is_known(manager: Client, elin: Operator, ended: Conversation) -> None:
    sales = make_department("Sales")
    outlet = make_site()
    other = make_waiting(make_visitor(outlet), department_id=sales.pk)
    Conversation.objects.filter(pk=other.pk).update(language="sv")
    reason, tag = ended.wrap_up_reason_id, ended.tags.get().pk
    today = ended.created_at.date().isoformat()

    for query, found in (
        ({"state": "ended"}, ended),
        ({"operator": elin.pk}, ended),
        ({"reason": reason}, ended),
        ({"tag": tag}, ended),
        ({"department": sales.pk}, other),
        ({"site": outlet.pk}, other),
        ({"language": "sv"}, other),
        ({"started_from": today, "started_to": today, "q": "chair"}, ended),
    ):
        assert cases(page(manager, LISTS["logs"], **query)) == [found.case_number], query
    assert cases(page(manager, LISTS["logs"], started_to="2020-01-01")) == []


def test_pages_follow_one_another(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wagtail_livechat.desk.lists.PAGE", 2)
    made = [make_waiting().case_number for _ in range(5)][::-1]

    seen, address = [], f"{LISTS['logs']}?state=queued"
    while address:
        html = page(manager, address)
        seen += cases(html)
        found = re.search(r'rel="next" href="([^"]+)"', html)
        address = found[1].replace("&amp;", "&") if found else ""
        assert not address or "state=queued" in address

    assert seen == made
    assert 'rel="prev"' in html


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_as_many_queries_for_many_as_for_few(
    manager: Client, name: str, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    def fill(count: int) -> None:
        for _ in range(count):
            conversation = make_open(make_operator())
            set_tags(conversation.uuid, actor=actor_of(conversation.operator), names=["urgent", "big"])
            archive(conversation.uuid, actor=actor_of(conversation.operator))

    fill(2)
    page(manager, LISTS[name])
    with django_assert_max_num_queries(40) as few:
        page(manager, LISTS[name])
    fill(4)

    with django_assert_num_queries(len(few)):
        page(manager, LISTS[name])


# ------------------------------------------------------------------------------------------------------ files


def test_a_list_is_taken_out_as_csv_and_xlsx_and_nothing_in_it_is_a_formula(
    manager: Client, ended: Conversation
) -> None:
    make_waiting(text="Something else")

    text = manager.get(LISTS["logs"], {"q": "chair", "export": "csv"}).content.decode("utf-8-sig")
    book = load_workbook(io.BytesIO(manager.get(LISTS["logs"], {"q": "chair", "export": "xlsx"}).content))

    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["Case"], line["Visitor"], line["Operator"], line["Tags"]) == (
        ended.case_number,
        "'=Anna",
        "Elin",
        "urgent",
    )
    assert (line["Wrap-up reason"], line["Rating"], line["State"]) == ("Solved", "4", "Ended")
    assert [["" if cell is None else str(cell) for cell in row] for row in book.active.values][1] == list(line.values())
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_a_file_has_all_pages_and_says_what_it_leaves_out(manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wagtail_livechat.desk.lists.PAGE", 2)
    made = [make_waiting().case_number for _ in range(5)]
    rows = list(csv.reader(io.StringIO(manager.get(LISTS["logs"], {"export": "csv"}).content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == made[::-1]

    monkeypatch.setattr("wagtail_livechat.desk.exports.MOST", 3)
    rows = list(csv.reader(io.StringIO(manager.get(LISTS["logs"], {"export": "csv"}).content.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == [*made[:1:-1], "2 more are left out: choose a shorter time."]


def test_a_conversation_is_taken_out_whole_as_text_page_and_json(manager: Client, ended: Conversation) -> None:
    def fetch(kind: str) -> str:
        answer = manager.get(f"{ROOT}record/{ended.case_number}/{kind}/")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{ended.case_number}.')
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return answer.content.decode()

    text, html, data = fetch("text"), fetch("html"), json.loads(fetch("json"))

    assert [(entry["kind"], entry["text"]) for entry in data["entries"]] == [
        ("visitor", "Is the chair in stock?"),
        ("system", "Elin joined the conversation"),
        ("operator", "Yes.\nCome & see <it>"),
        ("system", "Elin ended the conversation"),
    ]
    assert (data["case"], data["operators"], data["tags"], data["rating"]) == (
        ended.case_number,
        ["Elin"],
        ["urgent"],
        4,
    )
    assert data["visitor"]["email"] == "anna@post.example"
    for words in ("Is the chair in stock?", "Come & see <it>", "Elin ended the conversation", "4/5 · Kind", "Solved"):
        assert words in text
        assert words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in html
    assert manager.get(f"{ROOT}record/{ended.case_number}/exe/").status_code == 404


def test_files_hide_what_their_reader_may_not_see(manager: Client, elin: Operator) -> None:
    PrivacySettings.objects.create(site=the_site(), masking="mask", countries="SE")
    visitor = make_visitor(name="070-123 45 67", email="melissa@gmail.com")
    conversation = make_open(elin, visitor, text=f"My card is {CARD}")

    files = [
        manager.get(f"{ROOT}record/{conversation.case_number}/{kind}/").content.decode()
        for kind in ("text", "html", "json")
    ]
    files.append(manager.get(LISTS["logs"], {"export": "csv"}).content.decode("utf-8-sig"))

    for made in files:
        assert "4111" not in made
        assert "melissa@" not in made
        assert "123 45" not in made
        assert "m******@gmail.com" in made


def test_wagtails_log_keeps_who_took_what_out(manager: Client, ended: Conversation) -> None:
    manager.get(f"{ROOT}record/{ended.case_number}/json/")
    manager.get(LISTS["logs"], {"export": "csv", "q": "chair", "state": "ended"})

    of_list, of_case = ModelLogEntry.objects.filter(action="wagtail_livechat.export").order_by("-pk")[:2]
    assert of_case.object_id == str(ended.pk)
    assert of_case.data == {"format": "json"}
    assert of_list.data == {"format": "csv", "conversations": 1, "filters": ["words", "state"]}
    assert of_case.user_id == of_list.user_id == int(manager.session["_auth_user_id"])
    assert of_case.message == "Took the conversation out as a file (json)"
    assert of_list.message == "Took 1 conversation out as a file (csv)"


def test_who_may_not_export_is_offered_no_file_and_gets_none(ended: Conversation) -> None:
    operator = signed_in_as(OPERATORS)

    html = page(operator, LISTS["conversations"]) + page(operator, f"{ROOT}conversations/inspect/{ended.pk}/")

    assert "export=" not in html
    assert "/json/" not in html
    assert is_sent_away(operator, f"{LISTS['conversations']}?export=csv")
    assert is_sent_away(operator, f"{ROOT}record/{ended.case_number}/json/")
    assert not ModelLogEntry.objects.filter(action="wagtail_livechat.export").exists()


def test_a_file_of_another_departments_conversation_is_not_there() -> None:
    sales, repairs = make_department("Sales"), make_department("Repairs")
    theirs = make_open(make_operator(departments=[sales]), department_id=sales.pk)
    stranger = make_operator(departments=[repairs])
    from django.contrib.auth.models import Permission

    stranger.user.user_permissions.add(*Permission.objects.filter(codename__in=["export_conversation", "view_logs"]))
    client = signed_in(stranger.user)

    assert client.get(f"{ROOT}record/{theirs.case_number}/json/").status_code == 404
    assert theirs.case_number not in client.get(LISTS["logs"], {"export": "csv"}).content.decode()


# ------------------------------------------------------------------------------------------- the admin's search


def test_the_admins_search_leads_to_conversations_for_those_who_may_see_them() -> None:
    operator, editor = signed_in_as(OPERATORS), signed_in(make_user(groups=["Editors"]))

    assert f"{LISTS['conversations']}?q=chair" in page(operator, LISTS["conversations"], q="chair")
    assert f"{LISTS['conversations']}?q=chair" in page(signed_in_as(ADMINISTRATORS), LISTS["conversations"], q="chair")
    assert LISTS["conversations"] not in page(editor, "/admin/pages/search/", q="chair")
