"""Long lists of conversations: in order, without gaps, narrowed, searched; never more than the reader may see."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    MANAGERS,
    actor_of,
    make_department,
    make_open,
    make_operator,
    make_site,
    make_user,
    make_visitor,
    make_waiting,
    say,
    the_site,
)
from wagtail_livechat import fulltext, history
from wagtail_livechat.actions.conversations import archive, end_conversation, set_tags
from wagtail_livechat.actions.messages import post_note
from wagtail_livechat.history import Page, Wanted, all_of, excerpts, page_of
from wagtail_livechat.models import Conversation, Offer, Operator, PrivacySettings, Tag
from wagtail_livechat.permissions import OperatorActor, reader_of, visible_conversations

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D7")]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOSS = OperatorActor(0, "", frozenset(), sees_all=True)
CARD = "4111 1111 1111 1111"


def began(*minutes: int, **options: Any) -> list[Conversation]:
    """Conversations that began so many minutes after noon."""
    made = []
    for minute in minutes:
        conversation = make_waiting(**options)
        Conversation.objects.filter(pk=conversation.pk).update(created_at=NOON + timedelta(minutes=minute))
        made.append(conversation)
    return made


def found(text: str, reader: OperatorActor = BOSS, **more: Any) -> list[int]:
    return page_of(Wanted(words=tuple(fulltext.split(text)), **more), reader).ids


def everything(wanted: Wanted, reader: OperatorActor = BOSS) -> set[int]:
    return {pk for some in all_of(wanted, reader) for pk in some}


def walk(wanted: Wanted, reader: OperatorActor = BOSS, *, size: int = 3) -> list[Page]:
    """From the newest page to the last."""
    pages = [page_of(wanted, reader, size=size)]
    while pages[-1].older:
        pages.append(page_of(wanted, reader, at=pages[-1].older, size=size))
    return pages


def test_pages_hold_everything_once_newest_first_also_what_began_at_the_same_moment() -> None:
    made = began(1, 2, 2, 2, 2, 3, 4)

    pages = walk(Wanted())

    expected = [c.pk for c in sorted(made, key=lambda c: c.pk, reverse=True)]
    assert [page.ids for page in pages] == [expected[:3], expected[3:6], expected[6:]]
    assert pages[0].newer == ""


def test_one_can_go_back_the_way_one_came() -> None:
    began(*range(8))
    pages = walk(Wanted())

    back = [pages[-1]]
    while back[-1].newer:
        back.append(page_of(Wanted(), BOSS, at=back[-1].newer, size=3))

    assert [page.ids for page in back[1:3]] == [pages[1].ids, pages[0].ids]


def test_the_first_page_is_full_also_for_somebody_who_comes_back_to_it() -> None:
    began(*range(5))
    first = page_of(Wanted(), BOSS, size=3)
    second = page_of(Wanted(), BOSS, at=first.older, size=3)
    (newest,) = began(9)

    again = page_of(Wanted(), BOSS, at=second.newer, size=5)

    assert again.ids[0] == newest.pk
    assert len(again.ids) == 5


def test_what_begins_meanwhile_moves_no_page() -> None:
    began(*range(6))
    first, second = walk(Wanted())

    began(10, 11)

    assert page_of(Wanted(), BOSS, at=first.older, size=3).ids == second.ids


@pytest.mark.parametrize(
    "at", ["", "x", "-", "_", "5", "2026-01-01_1", "2026-13-01T00:00:00+00:00_1", "2026-01-01T00:00:00+00:00_x"]
)
def test_a_place_that_is_none_is_the_first_page(at: str) -> None:
    made = began(1, 2)

    assert page_of(Wanted(), BOSS, at=at).ids == [made[1].pk, made[0].pk]


def test_nothing_is_counted_and_nothing_skipped() -> None:
    began(*range(8))
    place = page_of(Wanted(), BOSS, size=3).older

    with CaptureQueriesContext(connection) as asked:
        page_of(Wanted(words=("hello",)), BOSS, at=place, size=3)
        page_of(Wanted(), BOSS, at=place, size=3)

    for query in asked.captured_queries:
        assert "OFFSET" not in query["sql"]
        assert "COUNT(" not in query["sql"].upper()


def test_each_narrowing_finds_what_it_says() -> None:
    sales = make_department("Sales")
    elin, osk = make_operator("Elin"), make_operator("Oskar")
    of_elin = make_open(elin, text="One")
    end_conversation(of_elin.uuid, actor=actor_of(elin))
    set_tags(of_elin.uuid, actor=actor_of(elin), names=["urgent"])
    archive(of_elin.uuid, actor=actor_of(elin))
    of_osk = make_open(osk, text="Two", department_id=sales.pk)
    other = make_waiting(make_visitor(make_site()), text="Three")

    assert found("", operator=elin.pk) == [of_elin.pk]
    assert found("", tag=Tag.objects.get().pk) == [of_elin.pk]
    assert found("", where=Q(archived_at__isnull=False)) == [of_elin.pk]
    assert found("", where=Q(department=sales)) == [of_osk.pk]
    assert found("", where=Q(state="queued")) == [other.pk]
    assert found("", where=~Q(site=the_site())) == [other.pk]
    assert found("one", operator=osk.pk) == []


def test_who_took_part_is_found_also_after_handing_it_on() -> None:
    elin, osk = make_operator("Elin"), make_operator("Oskar")
    conversation = make_open(elin)
    Conversation.objects.filter(pk=conversation.pk).update(operator=osk)

    assert found("", operator=elin.pk) == [conversation.pk]


# ------------------------------------------------------------------------------------------------------ words


@pytest.fixture
def told() -> Conversation:
    elin = make_operator("Elin")
    conversation = make_open(
        elin, make_visitor(name="Anna Öberg", email="anna@post.example"), text="Is the chair in stock?"
    )
    say(conversation, "See https://shop.example/wool-blanket_2?x=1 <b>bold</b>", by=elin)
    post_note(conversation.uuid, actor=actor_of(elin), text="A good customer", client_id=uuid.uuid4())
    make_waiting(text="Something else")
    return conversation


@pytest.mark.parametrize(
    "text",
    [
        "chair", "CHAIR", "cha", "chair stock", "anna chair", "Öberg", "öberg", "anna@post.example", "good", "blanket",
        "wool-blanket", "shop.example/wool", "bold",
    ],
)  # fmt: skip
def test_a_conversation_is_found_by_what_was_said_and_by_whom(told: Conversation, text: str) -> None:
    assert found(text) == [told.pk]


@pytest.mark.parametrize(
    "text",
    ["umbrella", "chair umbrella", "\\", "'", "''''", "a:*", "chair & | ! ( ) <-> *", "%", "\x00chair\x00x", "👍", "—"],
)
def test_what_is_not_there_is_not_found_and_breaks_nothing(told: Conversation, text: str) -> None:
    assert found(text) == []


def test_a_case_number_may_be_written_as_people_do(told: Conversation) -> None:
    year, number = told.case_number.split("-")

    for text in (told.case_number, f"#{told.case_number}", f"{year}-{int(number)}", f"#{int(number)}", number):
        assert found(text) == [told.pk], text
    assert found(f"{int(year) - 1}-{number}") == []


def test_what_was_just_said_is_found_at_once(told: Conversation) -> None:
    say(told, "By the way: is it waterproof?")

    assert found("waterproof") == [told.pk]


def test_the_excerpt_shows_the_word_in_its_surroundings(told: Conversation) -> None:
    say(told, f"{'before ' * 60}waterproof{' after' * 60}")

    (text,) = excerpts([told.pk], ("waterproof",), BOSS).values()

    assert "before waterproof after" in text
    assert len(text) < 200


# With FEW = 0 nothing is rare: the newest are looked through, as where a word is in every other conversation.
FEW_OR_MANY = pytest.mark.parametrize("few", [0, 3, 5, 20_000])


@FEW_OR_MANY
def test_common_and_rare_words_are_found_alike(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(history, "FEW", few)
    made = began(*range(6), text="Is the chair in stock?")
    began(7, 8, text="Something else")

    pages = walk(Wanted(words=("chair",)), size=4)

    assert [len(page.ids) for page in pages] == [4, 2]
    assert [pk for page in pages for pk in page.ids] == [c.pk for c in reversed(made)]
    back = page_of(Wanted(words=("chair",)), BOSS, at=pages[-1].newer, size=4)
    assert back.ids == pages[0].ids


@FEW_OR_MANY
def test_a_word_that_is_said_again_and_again_hides_no_other_conversation(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(history, "FEW", few)
    (often,) = began(1, text="Is the chair in stock?")
    for _ in range(4):
        say(often, "The chair!")
    (once,) = began(0, text="A chair")
    (named,) = began(2, visitor=make_visitor(name="Chair Person"), text="Hello")

    assert found("chair") == [named.pk, often.pk, once.pk]


@FEW_OR_MANY
def test_words_are_found_wherever_in_a_conversation_each_of_them_is(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(history, "FEW", few)
    began(0, 1, text="A chair")
    began(2, 3, text="A table")
    (both,) = began(4, text="A chair")
    say(both, "And a table")
    (named,) = began(5, visitor=make_visitor(email="table@post.example"), text="A chair")

    assert found("chair table") == [named.pk, both.pk]
    assert found("table chair", tag=Tag.objects.create(name="none").pk) == []


@pytest.mark.postgres
def test_the_database_is_left_as_it_was_when_words_were_looked_for() -> None:
    def settings() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('enable_seqscan'), current_setting('work_mem')")
            return list(cursor.fetchone())

    before = settings()
    (chair,) = began(0, text="A chair")

    assert found("chair") == [chair.pk]
    assert settings() == before


def test_a_long_search_says_how_far_it_came_and_goes_on_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("LOOK", 4), ("FIRST", 2), ("LARGEST", 2), ("FEW", 0)):
        monkeypatch.setattr(history, name, value)
    (first,) = began(0, text="The needle")
    began(*range(1, 10), text="Hay")

    pages = walk(Wanted(words=("needle",)))

    assert [page.ids for page in pages] == [[], [], [first.pk]]
    assert [page.searched_back_to for page in pages] == [NOON + timedelta(minutes=6), NOON + timedelta(minutes=2), None]
    assert everything(Wanted(words=("needle",))) == {first.pk}, "a file has all of it"


@pytest.mark.postgres
def test_postgresql_finds_words_by_the_indexes_of_the_migration() -> None:
    from wagtail_livechat.models import Entry, Visitor

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for rows, fields, index in (
        (Entry.objects.order_by(), ("body",), "livechat_entry_words"),
        (Visitor.objects.all(), ("name", "email"), "livechat_visitor_words"),
    ):
        assert index in fulltext.having(rows, "chair", *fields).explain()


# ---------------------------------------------------------------------------------------------- who sees what


def test_a_list_holds_exactly_what_its_reader_may_see() -> None:
    sales, repairs, empty = make_department("Sales"), make_department("Repairs"), make_department("Empty")
    elin = make_operator("Elin", departments=[sales])
    other = make_operator("Oskar", departments=[repairs])
    make_waiting(text="A chair")
    for department in (sales, repairs):
        make_waiting(text="A chair", department_id=department.pk)
        make_open(other if department == repairs else elin, text="A chair", department_id=department.pk)
    joined = make_open(other, text="A chair", department_id=repairs.pk)
    joined.participations.create(operator=elin, state="joined")
    asked = make_open(other, text="A chair", department_id=repairs.pk)
    Offer.objects.create(conversation=asked, operator=elin, kind="transfer")

    outlet = make_site()
    make_waiting(make_visitor(outlet), text="A chair")
    make_waiting(make_visitor(outlet), text="A chair", department_id=sales.pk)
    of_outlet, both = make_operator(), make_operator(role=MANAGERS, departments=[sales])
    one_of_each = make_operator(departments=[sales])
    for operator in (of_outlet, both, one_of_each):
        operator.sites.set([outlet])
    readers = [elin, other, make_operator(departments=[empty]), make_operator(), make_operator(role=MANAGERS)]
    for operator in (*readers, of_outlet, both, one_of_each):
        reader = reader_of(operator.user)
        may_see = set(visible_conversations(reader).values_list("pk", flat=True))
        assert everything(Wanted(), reader) == may_see
        assert set(found("chair", reader)) == may_see
        pages = [pk for page in walk(Wanted(), reader, size=2) for pk in page.ids]
        assert (len(pages), set(pages)) == (len(may_see), may_see)
    assert {joined.pk, asked.pk} <= everything(Wanted(), reader_of(elin.user))


@pytest.fixture
def hidden() -> Conversation:
    """A site that hides personal numbers, and a conversation with some."""
    PrivacySettings.objects.create(site=the_site(), masking="mask", exempt="right", countries="SE")
    visitor = make_visitor(name="Melissa", email="melissa@gmail.com", phone="+447966197542")
    conversation = make_waiting(visitor, text=f"My card is {CARD}, order 71234, mail melissa@gmail.com")
    make_waiting(text="Order 5678 has not come")
    return conversation


@pytest.mark.parametrize("few", [0, 20_000])
@pytest.mark.parametrize(
    "text", [CARD, "4111", "41111111", CARD.replace(" ", ""), "order 4111", "gmail melissa 1111111"]
)
def test_trying_numbers_tells_nothing_of_what_is_hidden(
    hidden: Conversation, monkeypatch: pytest.MonkeyPatch, text: str, few: int
) -> None:
    monkeypatch.setattr(history, "FEW", few)
    operator = make_operator("Elin", role=MANAGERS)

    page = page_of(Wanted(words=tuple(fulltext.split(text))), reader_of(operator.user))

    assert page == Page([])
    assert everything(Wanted(words=tuple(fulltext.split(text))), reader_of(operator.user)) == set()
    assert (
        excerpts([hidden.pk], tuple(fulltext.split(text)), reader_of(operator.user)).get(hidden.pk, "").count("4111")
        == 0
    )


@pytest.mark.parametrize("text", ["card", "71234", "order", "melissa@gmail.com", "Melissa card"])
def test_what_may_be_seen_is_found_beside_what_is_hidden(hidden: Conversation, text: str) -> None:
    reader = reader_of(make_operator("Elin", role=MANAGERS).user)

    assert hidden.pk in found(text, reader)
    assert CARD not in "".join(excerpts([hidden.pk], tuple(fulltext.split(text)), reader).values())


def test_whom_the_site_exempts_finds_numbers_too(hidden: Conversation) -> None:
    user = make_user(groups=[MANAGERS])
    user.user_permissions.add(Permission.objects.get(codename="see_masked"))

    assert found("4111 71234", reader_of(type(user).objects.get(pk=user.pk))) == [hidden.pk]


def test_what_colleagues_write_to_each_other_is_in_no_list() -> None:
    from wagtail_livechat.actions.team import open_with

    elin: Operator = make_operator("Elin")
    osk: Operator = make_operator("Oskar")
    say_it = open_with(osk.pk, actor=actor_of(elin))
    from wagtail_livechat.actions.messages import post_message

    post_message(say_it.uuid, actor=actor_of(elin), text="A secret chair", client_id=uuid.uuid4())

    assert found("chair") == []
    assert everything(Wanted()) == set()
