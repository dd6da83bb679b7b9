"""The record of conversations in the admin: found, read, and not touched."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    actor_of,
    make_department,
    make_open,
    make_operator,
    make_user,
    make_visitor,
    make_waiting,
    say,
    signed_in,
)
from wagtail_livechat.actions.conversations import end_conversation
from wagtail_livechat.actions.messages import post_note
from wagtail_livechat.desk.record import record_lines, with_links
from wagtail_livechat.models import Conversation, Operator

pytestmark = pytest.mark.django_db

LIST = "/admin/livechat/conversations/"


def record_of(conversation: Conversation) -> str:
    return f"{LIST}inspect/{conversation.pk}/"


@pytest.fixture
def operator() -> Operator:
    return make_operator("Elin")


@pytest.fixture
def ended(operator: Operator) -> Conversation:
    """A whole conversation with a note in it."""
    conversation = make_open(operator, make_visitor(name="Anna"), text="Is the chair in stock?")
    say(conversation, "Yes, at https://shop.example/chair.", by=operator)
    post_note(
        conversation.uuid,
        actor=actor_of(operator),
        text="A good customer",
        client_id="5f0c1f2e-0000-4000-8000-000000000001",
    )
    end_conversation(conversation.uuid, actor=actor_of(operator))
    conversation.refresh_from_db()
    return conversation


def test_the_record_shows_everything_in_order(operator: Operator, ended: Conversation) -> None:
    html = signed_in(operator.user).get(record_of(ended)).content.decode()

    places = [
        html.index(words)
        for words in (
            "Is the chair in stock?",
            "Elin joined the conversation",
            "Yes, at ",
            "A good customer",
            "Elin ended the conversation",
        )
    ]
    assert places == sorted(places)
    assert "Internal note" in html
    assert ended.case_number in html


def test_the_list_is_read_in_a_constant_number_of_queries(
    operator: Operator, django_assert_max_num_queries: object
) -> None:
    client = signed_in(operator.user)
    client.get(LIST)
    for _ in range(12):
        make_waiting()

    with django_assert_max_num_queries(30):
        answer = client.get(LIST)

    assert answer.content.count(b'class="livechat-case"') == 12


@pytest.mark.parametrize("word", ["Anna", "chair", "STOCK", "good", "anna chair"])
def test_a_conversation_is_found_by_visitor_and_by_what_was_said(
    operator: Operator, ended: Conversation, word: str
) -> None:
    make_waiting(text="Something else")

    html = signed_in(operator.user).get(LIST, {"q": word}).content.decode()

    assert ended.case_number in html
    assert html.count('class="livechat-case"') == 1


@pytest.mark.parametrize("form", ["{}", "#{}"])
def test_a_conversation_is_found_by_its_case_number(operator: Operator, ended: Conversation, form: str) -> None:
    make_waiting()

    html = signed_in(operator.user).get(LIST, {"q": form.format(ended.case_number)}).content.decode()

    assert html.count('class="livechat-case"') == 1


def test_nothing_is_found_by_words_of_two_conversations(operator: Operator, ended: Conversation) -> None:
    make_waiting(text="Umbrella")

    html = signed_in(operator.user).get(LIST, {"q": "chair umbrella"}).content.decode()

    assert 'class="livechat-case"' not in html


@pytest.mark.parametrize(
    "query",
    [
        "state=ended",
        "state=nonsense",
        "department=1",
        "department=x",
        "started_from=x",
        "q=%00",
        "q=%25",
        "p=999",
        "p=x",
        "p=-2026-01-01T00:00:00%2B00:00_99999999999999999999999",
        "p=2026-01-01_1",
        "ordering=-x",
    ],
)
def test_odd_and_ordinary_filters_do_not_break_the_list(operator: Operator, ended: Conversation, query: str) -> None:
    assert signed_in(operator.user).get(f"{LIST}?{query}").status_code < 400


def test_the_list_can_be_filtered_by_date(operator: Operator, ended: Conversation) -> None:
    Conversation.objects.filter(pk=ended.pk).update(created_at=timezone.now() - timezone.timedelta(days=40))
    today = make_waiting()

    html = signed_in(operator.user).get(LIST, {"started_from": timezone.localdate().isoformat()}).content.decode()

    assert today.case_number in html
    assert ended.case_number not in html


@pytest.mark.parametrize("path", ["create/", "edit/{}/", "delete/{}/"])
def test_nobody_adds_edits_or_deletes_a_conversation(ended: Conversation, path: str) -> None:
    boss = make_user(is_superuser=True, is_staff=True)

    answer = signed_in(boss).post(LIST + path.format(ended.pk))

    assert answer.status_code in (302, 404)
    assert Conversation.objects.filter(pk=ended.pk).exists()
    assert b"inspect" in signed_in(boss).get(LIST).content
    assert b"/edit/" not in signed_in(boss).get(LIST).content


def test_another_departments_conversations_are_not_there() -> None:
    sales, repairs = make_department("Sales"), make_department("Repairs")
    conversation = make_open(make_operator(departments=[sales]), text="Secret wish", department_id=sales.pk)
    stranger = signed_in(make_operator(departments=[repairs]).user)

    assert conversation.case_number not in stranger.get(LIST).content.decode()
    assert stranger.get(record_of(conversation)).status_code == 302
    assert stranger.get(f"/admin/livechat/record/{conversation.case_number}/").status_code == 404


def test_a_manager_sees_every_department() -> None:
    sales, repairs = make_department("Sales"), make_department("Repairs")
    conversation = make_open(make_operator(departments=[sales]), department_id=sales.pk)
    manager = signed_in(make_operator(role=MANAGERS, departments=[repairs]).user)

    assert manager.get(record_of(conversation)).status_code == 200


def test_an_editor_without_the_right_sees_no_record(ended: Conversation) -> None:
    client = signed_in(make_user(groups=["Editors"]))

    for address in (LIST, record_of(ended), f"/admin/livechat/record/{ended.case_number}/"):
        assert client.get(address).status_code == 302


def test_the_record_is_found_by_the_number_that_people_write_down(operator: Operator, ended: Conversation) -> None:
    answer = signed_in(operator.user).get(f"/admin/livechat/record/{ended.case_number}/")

    assert answer.status_code == 302
    assert answer.url == record_of(ended)


HOSTILE = "<script>alert(1)</script> {{ 7|add:7 }} javascript:alert(2) \u202egnp.exe"


def test_hostile_text_is_only_text_in_list_and_record(operator: Operator) -> None:
    visitor = make_visitor(name="<img src=x onerror=alert(1)>", email='"><b>@x.example')
    conversation = make_open(
        operator, visitor, text=HOSTILE, page_title="</title><script>", page_url="javascript:alert(3)"
    )
    client = signed_in(operator.user)

    for html in (client.get(LIST).content.decode(), client.get(record_of(conversation)).content.decode()):
        assert "<img src=x" not in html
        assert "<script>alert" not in html
        assert 'href="javascript:' not in html
        assert ">14<" not in html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        (
            "see https://x.example/a?b=1&c=2.",
            'see <a href="https://x.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow" target="_blank">'
            "https://x.example/a?b=1&amp;c=2</a>.",
        ),
        ("javascript:alert(1) data:text/html,x", "javascript:alert(1) data:text/html,x"),
        ('https://x.example/"onclick=1', None),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(text: str, html: str | None) -> None:
    made = with_links(text)

    if html is None:
        assert 'example/"' not in made.replace('example/" rel=', "")
    else:
        assert made == html


def test_the_record_takes_one_query_for_all_entries(
    operator: Operator, ended: Conversation, django_assert_num_queries: object
) -> None:
    conversation = Conversation.objects.select_related("visitor").get(pk=ended.pk)
    reader = actor_of(operator)
    record_lines(conversation, reader)  # the site's rules are read once in a while

    with django_assert_num_queries(1):
        assert [line.kind for line in record_lines(conversation, reader)] == [
            "visitor",
            "system",
            "operator",
            "note",
            "system",
        ]


def test_operators_and_departments_are_kept_by_administrators() -> None:
    department = make_department("Sales")
    operator = make_operator("Elin", departments=[department])
    boss = make_user(groups=[ADMINISTRATORS])
    client = signed_in(boss)

    assert b"Elin" in client.get("/admin/livechat/operators/").content
    assert b"Sales" in client.get("/admin/livechat/departments/").content
    answer = client.post(
        f"/admin/livechat/operators/edit/{operator.pk}/",
        {
            "user": operator.user_id,
            "display_name": "Elin B.",
            "capacity": 3,
            "departments": [department.pk],
            "is_active": "on",
        },
    )

    assert answer.status_code == 302
    operator.refresh_from_db()
    assert (operator.display_name, operator.capacity) == ("Elin B.", 3)


def test_an_operator_does_not_manage_operators(operator: Operator) -> None:
    client = signed_in(operator.user)

    for address in ("/admin/livechat/operators/", "/admin/livechat/departments/", "/admin/livechat/operators/create/"):
        assert client.get(address).status_code == 302


def test_every_state_of_a_case_has_a_name_and_a_filter_and_no_other_state_has() -> None:
    named = dict(Conversation._meta.get_field("state").flatchoices)

    assert set(named) == set(Conversation.State.values) - {Conversation.State.INTERNAL}
    assert Conversation(state=Conversation.State.OFFLINE).get_state_display() == "Left while nobody was there"
