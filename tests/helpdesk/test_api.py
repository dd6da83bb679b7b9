"""What the widget is given over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import PageViewRestriction

from tests.factories import make_site, the_site
from tests.helpdesk.content import make_article, make_author, make_category, make_faq, make_helpdesk
from wagtail_livechat.helpdesk.models import Lookup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    from wagtail_livechat.helpdesk.searching import forget_words

    cache.clear()
    forget_words()


def get(client: Client, path: str, *, site: Any = None, lang: str = "en", status: int = 200, **more: str) -> Any:
    cache.clear()
    answer = client.get(f"/livechat/help/{path}", {"site": (site or the_site()).pk, "lang": lang, **more})
    assert answer.status_code == status, answer.content
    return answer.json()


def test_the_table_of_contents_has_questions_and_articles_by_category(client: Client) -> None:
    make_faq("When?", category="Delivery")
    make_faq("How much?", category="Prices")
    make_faq("Where to?", category="Delivery")
    make_faq("Not yet", live=False)
    delivery = make_category(title="Delivery", icon="truck", color="#ffd400")
    abroad = make_article(delivery, "Abroad", summary="Where we send to.")
    make_article(delivery, "A draft", live=False)
    make_category(delivery.get_parent(), "Empty")

    content = get(client, "")

    assert [(group["category"], [item["title"] for item in group["items"]]) for group in content["faq"]] == [
        ("Delivery", ["When?", "Where to?"]),
        ("Prices", ["How much?"]),
    ]
    (category,) = content["categories"]
    assert category["icon"]["box"] == "0 0 24 24"
    assert category["icon"]["paths"]
    assert category | {"icon": None} == {
        "id": delivery.pk,
        "title": "Delivery",
        "icon": None,
        "color": "#ffd400",
        "ink": "#000000",
        "articles": [{"id": abroad.pk, "title": "Abroad", "summary": "Where we send to."}],
    }


def test_answers_are_public_and_set_no_cookie(client: Client) -> None:
    make_faq()

    answer = client.get("/livechat/help/", {"site": the_site().pk})

    assert answer["Cache-Control"] == "max-age=5, public" or answer["Cache-Control"] == "public, max-age=5"
    assert not answer.cookies
    assert "Vary" not in answer or "Cookie" not in answer["Vary"]


def test_a_question_is_a_tree_without_markup(client: Client) -> None:
    faq = make_faq("Can I <b>return</b> it?", "<p>Yes, <b>always</b>.</p><script>alert(1)</script>")
    make_helpdesk()

    told = get(client, f"faq/{faq.pk}/")

    assert told == {
        "kind": "faq",
        "id": faq.pk,
        "title": "Can I <b>return</b> it?",
        "body": [["p", {}, ["Yes, ", ["b", {}, ["always"]], "."]]],
        "version": "0",
        "url": f"http://localhost/helpdesk/#faq-{faq.pk}",
        "updated": None,
        "author": None,
    }


def test_an_article_has_its_author_and_a_version_that_changes_when_it_does(client: Client) -> None:
    article = make_article(title="Wool", text="Wash it cold.", author=make_author("Ada", "Head of repairs"))

    told = get(client, f"article/{article.pk}/")

    assert told["body"] == [["p", {}, ["Wash it cold."]]]
    assert told["author"] == {"name": "Ada", "role": "Head of repairs", "picture": None}
    assert told["url"] == article.full_url
    assert told["updated"] == article.last_published_at.isoformat()
    article.summary = "Another"
    article.save_revision().publish()
    assert get(client, f"article/{article.pk}/")["version"] != told["version"]


def test_a_video_elsewhere_is_a_link_and_never_a_frame(client: Client) -> None:
    """In the body and in rich text from before; nobody is asked over the network."""
    rich = '<p>Look:</p><embed embedtype="media" url="https://video.example/watch?v=1"/>'
    article = make_article(
        body=[("embed", {"url": "https://video.example/watch?v=2", "title": "Felling a tree"}), ("text", rich)]
    )

    body = get(client, f"article/{article.pk}/")["body"]

    assert body == [
        ["p", {"class": "embed"}, [["a", {"href": "https://video.example/watch?v=2"}, ["Felling a tree"]]]],
        ["p", {}, ["Look:"]],
        [
            "p",
            {"class": "embed"},
            [["a", {"href": "https://video.example/watch?v=1"}, ["https://video.example/watch?v=1"]]],
        ],
    ]


def test_every_kind_of_block_reaches_the_widget(client: Client) -> None:
    article = make_article(
        body=[
            ("text", "<h2>Head</h2><p>Text</p>"),
            ("code", {"language": "sh", "code": "rm -i <file>\n"}),
            ("callout", {"kind": "warning", "text": "<p>Hot!</p>"}),
            ("steps", {"steps": [{"title": "Open", "text": "<p>the door</p>"}, {"title": "Go in", "text": ""}]}),
        ]
    )

    assert get(client, f"article/{article.pk}/")["body"] == [
        ["h2", {}, ["Head"]],
        ["p", {}, ["Text"]],
        ["pre", {}, [["code", {}, ["rm -i <file>\n"]]]],
        [
            "div",
            {"class": "callout callout-warning"},
            [["p", {}, [["strong", {}, ["Warning"]]]], ["p", {}, ["Hot!"]]],
        ],
        [
            "ol",
            {"class": "steps"},
            [
                ["li", {}, [["strong", {}, ["Open"]], ["p", {}, ["the door"]]]],
                ["li", {}, [["strong", {}, ["Go in"]]]],
            ],
        ],
    ]


def test_what_is_not_for_everybody_is_not_told(client: Client) -> None:
    """Drafts, private sections, other sites' questions and pages, and what never was: one and the same answer."""
    outlet = make_site()
    draft, live = make_faq("Draft", live=False), make_faq("Elsewhere", site=outlet)
    secret = make_category(title="Secret")
    hidden = make_article(secret, "Hidden zebra")
    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    unpublished = make_article(make_category(secret.get_parent(), "Open"), "Unpublished zebra", live=False)

    paths = [
        f"faq/{draft.pk}/", f"faq/{live.pk}/", f"article/{hidden.pk}/", f"article/{unpublished.pk}/",
        f"article/{secret.pk}/", "faq/999999/", "article/999999/", "article/99999999999999999999/",
    ]  # fmt: skip
    answers = [get(client, path, status=404)["events"][0]["code"] for path in paths]

    assert set(answers) == {"not_found"}
    assert get(client, "") == {"faq": [], "categories": []}
    assert get(client, "search/", q="zebra")["results"] == []
    assert get(client, "", site=outlet)["faq"][0]["items"][0]["id"] == live.pk
    assert get(client, "", status=404, site=type("None", (), {"pk": 987654})) is not None


def test_the_language_of_the_page_decides_and_others_help_out(client: Client) -> None:
    english, swedish = make_faq("When?"), make_faq("När?", language="sv")
    make_article(make_category(make_helpdesk()), "Washing")
    make_article(make_category(make_helpdesk(title="Hjälp", language="sv")), "Tvätt")

    def seen(lang: str) -> tuple[list[int], list[str]]:
        content = get(client, "", lang=lang)
        faqs = [item["id"] for group in content["faq"] for item in group["items"]]
        return faqs, [one["title"] for category in content["categories"] for one in category["articles"]]

    assert seen("en") == ([english.pk], ["Washing"])
    assert seen("sv") == ([swedish.pk], ["Tvätt"])
    assert seen("sv-FI") == ([swedish.pk], ["Tvätt"])
    # Nobody has written in German yet.
    assert seen("de") == ([english.pk], ["Washing"])


def test_the_widget_is_told_whether_there_is_anything(client: Client) -> None:
    def told() -> Any:
        cache.clear()
        return client.get("/livechat/config/", {"site": the_site().pk}).json()["help"]

    assert told() is None
    faq = make_faq()
    assert (told()["faq"], told()["articles"], told()["url"]) == (True, False, "/livechat/help/")
    faq.delete()
    make_article()
    assert (told()["faq"], told()["articles"]) == (False, True)


# ---------------------------------------------------------------------------------------------- looked


def looked(client: Client, *, origin: str = "http://testserver", **body: Any) -> int:
    answer = client.post(
        "/livechat/help/looked/",
        json.dumps({"site": the_site().pk, "lang": "en", **body}),
        content_type="application/json",
        headers={"Origin": origin},
    )
    return answer.status_code


def test_how_a_search_ended_is_written_down_without_who_it_was(client: Client) -> None:
    faq = make_faq()

    assert (
        looked(client, q="my order 1234567 and ada@mail.example", outcome="nothing", page=the_site().root_page_id)
        == 204
    )
    assert looked(client, q="returns", outcome="answered", kind="faq", id=faq.pk) == 204

    first, second = Lookup.objects.order_by("pk")
    assert "1234567" not in first.query
    assert "ada@mail.example" not in first.query
    assert first.query.startswith("my order ")
    assert (first.outcome, first.page_id) == ("nothing", the_site().root_page_id)
    assert (second.outcome, second.kind, second.object_id, second.page_id) == ("answered", "faq", faq.pk, None)
    assert {field.name for field in Lookup._meta.fields} == {
        "id", "site", "language", "query", "outcome", "kind", "object_id", "page", "at",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"q": "", "outcome": "nothing"}, 400),
        ({"q": "a", "outcome": "maybe"}, 400),
        ({"q": "a", "outcome": ["nothing"]}, 400),
        ({"q": "a", "outcome": "answered", "kind": "page", "id": 1}, 400),
        ({"q": "a", "outcome": "answered", "kind": {}, "id": 1}, 204),
        ({"q": "a", "outcome": "answered", "kind": "faq"}, 400),
        ({"q": "a", "outcome": "nothing", "site": 987654}, 404),
        ({"q": "a", "outcome": "nothing", "page": 987654}, 204),
        ({"q": "a", "outcome": "nothing", "page": "1"}, 400),
        ({"q": "a\x00\ud800", "outcome": "nothing"}, 204),
    ],
)
def test_only_what_makes_sense_is_written_down(client: Client, body: dict[str, Any], status: int) -> None:
    assert looked(client, **body) == status


def test_other_origins_write_nothing_down(client: Client) -> None:
    assert looked(client, origin="https://elsewhere.example", q="a", outcome="nothing") == 403
    assert not Lookup.objects.exists()
