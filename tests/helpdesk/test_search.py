"""The search of FAQs and articles, on the database that the tests run on."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import Page, PageViewRestriction
from wagtail.search.backends import get_search_backend
from wagtail.search.query import PlainText

from tests.factories import the_site
from tests.helpdesk.content import make_article, make_category, make_faq
from wagtail_livechat import caching
from wagtail_livechat.helpdesk import searching
from wagtail_livechat.helpdesk.searching import excerpt, forget_words
from wagtail_livechat.helpdesk.spelling import Vocabulary, distance, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    cache.clear()
    forget_words()


def titles(client: Client, query: str, lang: str = "en") -> list[str]:
    cache.clear()
    answer = client.get("/livechat/help/search/", {"site": the_site().pk, "lang": lang, "q": query})
    assert answer.status_code == 200, answer.content
    return [result["title"] for result in answer.json()["results"]]


@pytest.fixture
def library() -> Any:
    delivery = make_category()
    make_faq("How do I return a knife?", "<p>Put it in the box it came in.</p>")
    make_faq("Do you ship abroad?", "<p>Yes, to Norway and Finland.</p>")
    make_faq("Hur returnerar jag en kniv?", "<p>Lägg den i lådan.</p>", language="sv")
    make_article(delivery, "Returns and refunds", "Send the parcel back within thirty days.")
    make_article(delivery, "Washing wool", "Cold water, no softener. A knife is not washed like this.")
    return delivery


def test_titles_come_before_texts(client: Client, library: Any) -> None:
    assert titles(client, "knife") == ["How do I return a knife?", "Washing wool"]


def test_an_unfinished_word_finds_what_it_begins(client: Client, library: Any) -> None:
    assert titles(client, "wash") == ["Washing wool"]
    assert set(titles(client, "retu")) == {"How do I return a knife?", "Returns and refunds"}


def test_all_words_count_more_than_some(client: Client, library: Any) -> None:
    assert titles(client, "return knife")[0] == "How do I return a knife?"
    assert titles(client, "knife softener") == ["Washing wool", "How do I return a knife?"]


def test_a_word_in_passing_is_no_answer(client: Client, library: Any) -> None:
    assert titles(client, "nothing has this word zzz not") == []


@pytest.mark.parametrize("typed", ["refnuds", "refundss", "refund", "rafunds", "returrns and refnds"])
def test_a_slip_of_the_finger_is_forgiven(client: Client, library: Any, typed: str) -> None:
    assert "Returns and refunds" in titles(client, typed)


def test_only_the_language_of_the_page_is_searched(client: Client, library: Any) -> None:
    assert titles(client, "kniv", lang="sv") == ["Hur returnerar jag en kniv?"]
    assert "Hur returnerar jag en kniv?" not in titles(client, "kniv")


def test_less_than_two_letters_and_nonsense_find_nothing(client: Client, library: Any) -> None:
    for query in ("", "k", " ", "?", "\x00", "xqzvw", "…—"):
        assert titles(client, query) == []


def test_a_result_says_where_it_is_and_why(client: Client, library: Any) -> None:
    cache.clear()
    answer = client.get("/livechat/help/search/", {"site": the_site().pk, "lang": "en", "q": " thirty " + " " * 300})

    (result,) = answer.json()["results"]
    assert answer.json()["q"] == "thirty"
    assert (result["kind"], result["title"]) == ("article", "Returns and refunds")
    assert "within thirty days" in result["excerpt"]
    assert result["url"] == "http://localhost/helpdesk/delivery/returns-and-refunds/"


@pytest.mark.covers("B16")
def test_what_was_asked_is_answered_but_not_kept_with_the_answer(client: Client, library: Any) -> None:
    asked = {"site": the_site().pk, "lang": "en", "q": "within thirty days melissa@gmail.com"}
    with patch.object(caching.cache, "set", wraps=caching.cache.set) as kept:
        answer = client.get("/livechat/help/search/", asked)

    assert answer.json()["q"] == asked["q"]
    (remembered,) = [call.args[1] for call in kept.call_args_list if call.args[0].startswith("livechat:help:")]
    assert remembered == {"results": answer.json()["results"]}
    assert "melissa" not in str(kept.call_args_list)


def test_at_most_eight_are_shown(client: Client) -> None:
    category = make_category()
    for number in range(12):
        make_article(category, f"Tent number {number}")
        make_faq(f"Is tent {number} dry?")

    assert len(titles(client, "tent")) == 8


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=60),
        st.text(alphabet="\"'*()-:^~!&|<>+\\%_{}[] aNDORearNT", max_size=40),
        st.sampled_from(["NEAR(a b)", "a AND", '"', "title:knife", "knife*", "a" * 5000, "knife " * 100, "{{ x }}"]),
    )
)
def test_no_query_breaks_it(client: Client, library: Any, query: str) -> None:
    if not any(0xD800 <= ord(letter) < 0xE000 for letter in query):
        titles(client, query)


def test_what_is_published_while_words_are_remembered_is_found_by_its_whole_words(client: Client, library: Any) -> None:
    assert titles(client, "washing") == ["Washing wool"]

    make_article(library, "Oiling an axe", "Linseed oil, twice a year.")
    make_article(library, "Washing an axe", "Do not.")

    assert titles(client, "oiling linseed") == ["Oiling an axe"]
    assert set(titles(client, "washing")) == {"Washing wool", "Washing an axe"}
    # A beginning is looked for among the words of titles that are remembered.
    assert titles(client, "oilin") == []
    with patch.object(searching, "WORDS_SECONDS", -1):
        assert titles(client, "oilin") == ["Oiling an axe"]


def test_words_are_learned_anew_only_when_titles_are_other_ones(client: Client, library: Any) -> None:
    with (
        patch.object(searching, "WORDS_SECONDS", -1),
        patch.object(searching, "Vocabulary", wraps=Vocabulary) as learned,
    ):
        titles(client, "washing")
        titles(client, "knife")
        assert learned.call_count == 1
        library.get_children().get(slug="washing-wool").unpublish()
        assert titles(client, "washing") == []
        assert learned.call_count == 2


def test_who_has_three_answers_with_all_words_gets_none_with_some_of_them(client: Client, library: Any) -> None:
    for number in range(2):
        make_article(library, f"Softener from country {number}", "Not for a knife.")
    assert "Washing wool" in titles(client, "softener country knife"), "two have all of the words"

    make_faq("Which country has the best softener?", "<p>One that makes a good knife.</p>")

    assert set(titles(client, "softener country knife")) == {
        "Which country has the best softener?", "Softener from country 0", "Softener from country 1",
    }  # fmt: skip


def test_common_words_are_looked_for_in_titles_first(client: Client) -> None:
    category = make_category()
    for number in range(6):
        make_article(category, f"About tents {number}", "All about a tent with a stove.")
    make_article(category, "Stove and tents", "Nothing else.")
    make_article(category, "A stove", "In tents.")
    make_article(category, "In passing", "Tents and stove and tents and stove.")
    with patch.object(searching, "COMMON", 1):
        found = titles(client, "tents stove")

    assert found[0] == "Stove and tents"
    assert "A stove" in found
    assert "In passing" not in found


def test_articles_of_a_private_section_are_found_by_nobody(client: Client, library: Any) -> None:
    assert titles(client, "washing") == ["Washing wool"]
    PageViewRestriction.objects.create(page=library, restriction_type="login")

    assert titles(client, "washing") == []
    assert titles(client, "softener") == []


@pytest.mark.postgres
def test_postgresql_finds_words_by_the_index_of_the_migration(library: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        list(get_search_backend().search(PlainText("knife wool", operator="and"), Page.objects.live()))
    words = '("wagtailsearch_indexentry"."title" || "wagtailsearch_indexentry"."body") @@'
    assert words in asked.captured_queries[-1]["sql"], "what Wagtail asks for is what there is an index on"

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN SELECT id FROM wagtailsearch_indexentry WHERE {words} to_tsquery('knife')")
        assert "livechat_helpdesk_words" in str(cursor.fetchall())


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("tent", "tent", 0),
        ("tent", "tnet", 1),
        ("tent", "tents", 1),
        ("tent", "text", 1),
        ("", "abc", 3),
        ("abcd", "dcba", 3),
    ],
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == distance(other, one) == slips


def test_short_and_known_words_are_left_alone() -> None:
    known = Vocabulary(["Returns and refunds", "Washing wool", "Refunds"])

    assert known.meant("refnuds") == "refunds"
    assert known.meant("wol") == "wol"
    assert known.meant("refun") == "refun"
    assert known.meant("zebra") == "zebra"
    assert known.meant("wsahngi") == "wsahngi"
    assert known.meant("washing") == "washing"


def test_the_rarest_words_tell_most() -> None:
    known = Vocabulary(["the tent", "the tent pole", "the stove", "the tent the tent"])

    assert known.count("the") == 4
    assert known.telling(["the", "tent", "pole", "zebra"], enough=4) == ["zebra", "pole", "tent"]
    assert known.telling(["the"], enough=1) == ["the"]
    assert known.begun(["te", "pol"]) == {1}
    assert known.begun(["zebra"]) == known.begun([]) == set()
    assert known.with_any(["pole", "tent"]) == [1, 0, 3]


def test_words_of_a_query_are_few_and_plain() -> None:
    assert words('Hej, HEJ! two-part å_b "c" (d)') == ["hej", "two", "part", "å", "b", "c", "d"]
    assert len(words(" ".join(map(str, range(100))))) == 10


def test_an_excerpt_shows_the_word_with_its_neighbours() -> None:
    text = "word " * 100 + "needle " + "more " * 100

    cut = excerpt(text, ["needle"])

    assert "needle" in cut
    assert len(cut) <= 164
    assert cut.startswith("…") and cut.endswith("…")
    assert excerpt("Short.", ["needle"]) == "Short."
