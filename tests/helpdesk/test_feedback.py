"""Did this help? From the widget, from the page of an article, and what the report makes of it."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import PageViewRestriction

from tests.factories import ADMINISTRATORS, MANAGERS, OPERATORS, make_site, make_visitor, signed_in_as, the_site
from tests.helpdesk.content import make_article, make_category, make_faq
from wagtail_livechat import veils
from wagtail_livechat.actions import erasure, visitors
from wagtail_livechat.helpdesk import feedback, opinions
from wagtail_livechat.helpdesk.models import Feedback
from wagtail_livechat.models import PrivacySettings

pytestmark = pytest.mark.django_db

ORIGIN = {"HTTP_ORIGIN": "http://testserver"}
REPORT = "/admin/reports/article-feedback/"


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    cache.clear()
    veils.forget_rules()


def vote(client: Client, item: Any, *, status: int = 200, headers: dict[str, str] | None = None, **more: Any) -> Any:
    kind = "faq" if hasattr(item, "question") else "article"
    asked = {
        "site": the_site().pk,
        "kind": kind,
        "id": item.pk,
        "version": feedback.version_of(item),
        "helpful": True,
        **more,
    }
    sent = {**ORIGIN, **(headers or {})}
    answer = client.post("/livechat/help/feedback/", json.dumps(asked), content_type="application/json", **sent)
    assert answer.status_code == status, answer.content
    return answer


def said(item: Any) -> list[tuple[bool, str]]:
    return [
        (one.helpful, one.comment)
        for one in opinions.said(None, "faq" if hasattr(item, "question") else "article", item.pk)
    ]


# ------------------------------------------------------------------------------------------------- from the widget


@pytest.mark.covers("C3")
def test_a_vote_is_counted_once_for_each_reader_and_version_and_a_comment_may_follow(client: Client) -> None:
    article = make_article(text="Wash it cold.")

    answer = vote(client, article, helpful=False)
    vote(client, article, helpful=False, comment="How  cold?\r\nReally?")
    assert answer.json() == {"helpful": False}
    assert "no-store" in answer["Cache-Control"] and "Set-Cookie" not in answer
    assert said(article) == [(False, "How  cold?\nReally?")]

    vote(client, article, helpful=True)
    assert said(article) == [(True, "How  cold?\nReally?")], "the vote is changed, what was written is kept"

    vote(client, article, headers={"HTTP_USER_AGENT": "Another browser"})
    assert len(said(article)) == 2

    article.save_revision().publish()
    article.refresh_from_db()
    vote(client, article)
    assert len(said(article)) == 3, "a new version is another answer"


@pytest.mark.covers("C3")
def test_a_visitor_is_known_by_the_token_and_not_written_down(client: Client) -> None:
    faq = make_faq()
    site = the_site()
    first, token = visitors.open_session(site.pk)
    _, other = visitors.open_session(site.pk)

    vote(client, faq, headers={"HTTP_AUTHORIZATION": f"Bearer {token}"})
    vote(client, faq, headers={"HTTP_AUTHORIZATION": f"Bearer {token}", "HTTP_USER_AGENT": "Another browser"})
    assert len(said(faq)) == 1
    vote(client, faq, headers={"HTTP_AUTHORIZATION": f"Bearer {other}"})
    vote(client, faq, headers={"HTTP_AUTHORIZATION": "Bearer no-longer-good"})
    assert len(said(faq)) == 3

    stored = Feedback.objects.values()
    assert not any(str(value) in (str(first.uuid), "127.0.0.1") for row in stored for value in row.values())
    assert len({row["voter"] for row in stored}) == 3


def test_who_has_an_older_version_open_votes_on_what_they_read(client: Client) -> None:
    article = make_article()
    before = feedback.version_of(article)
    article.save_revision().publish()
    article.refresh_from_db()

    vote(client, article, version=before)
    vote(client, article, version="123456789", status=400)
    vote(client, article, version="made up", status=400)
    vote(client, article, version="", status=400)

    assert [one.version for one in Feedback.objects.all()] == [before]


def test_what_cannot_be_read_cannot_be_voted_on(client: Client) -> None:
    category = make_category()
    private = make_article(category)
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    draft = make_article(category, live=False)
    elsewhere = make_faq(site=make_site())

    for item in (private, draft, elsewhere, make_faq(live=False)):
        vote(client, item, status=404)
    vote(client, make_faq(), id=10**6, status=404)
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "page"},
        {"kind": None},
        {"helpful": "yes"},
        {"helpful": None},
        {"id": "1"},
        {"site": True},
        {"comment": ["x"]},
    ],
)
def test_what_is_no_vote_is_refused(client: Client, wrong: dict[str, Any]) -> None:
    vote(client, make_faq(), status=400, **wrong)


def test_only_pages_of_this_site_may_vote_and_not_without_end(client: Client) -> None:
    faq = make_faq()
    for origin in ("https://elsewhere.example", "null", ""):
        vote(client, faq, headers={"HTTP_ORIGIN": origin}, status=403)
    statuses = {
        client.post(
            "/livechat/help/feedback/",
            json.dumps({"site": the_site().pk, "kind": "faq", "id": faq.pk, "version": "0", "helpful": True}),
            content_type="application/json",
            **ORIGIN,
        ).status_code
        for _ in range(200)
    }
    assert statuses == {200, 429}


def test_hostile_comments_are_only_text_and_are_cut(client: Client) -> None:
    faq = make_faq()
    vote(client, faq, comment="\x00\ud800<script>alert(1)</script>\u202e" + "x" * 2000)

    ((_, comment),) = said(faq)
    assert comment.startswith("\ufffd<script>") and len(comment) == 1000


def test_a_site_that_redacts_stores_no_number(client: Client) -> None:
    PrivacySettings.objects.update_or_create(site=the_site(), defaults={"masking": PrivacySettings.Masking.REDACT})
    faq = make_faq()
    vote(client, faq, comment="My card is 4111 1111 1111 1111")

    assert "4111 1111 1111 1111" not in said(faq)[0][1]


def test_feedback_is_about_one_thing_and_goes_with_it() -> None:
    faq = make_faq()
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(site=the_site(), version="1", helpful=True, voter="a")
    Feedback.objects.create(site=the_site(), faq=faq, version="1", helpful=True, voter="b")

    faq.delete()
    assert not Feedback.objects.exists()


def test_what_a_visitor_said_is_handed_out_and_erased_with_the_rest() -> None:
    faq, article = make_faq("How long?"), make_article(title="Washing")
    ada, bob = make_visitor(), make_visitor()
    for visitor, comment in ((ada, "From Ada"), (bob, "From Bob")):
        for kind, item in (("faq", faq), ("article", article)):
            feedback.vote(
                the_site().pk, kind, item.pk, version=feedback.version_of(item), helpful=True, comment=comment,
                reader=feedback.reader_by_token(visitor.pk),
            )  # fmt: skip

    told = erasure.export_visitors([ada.pk], with_notes=False)["feedback_on_articles"]
    assert {(one["about"], one["comment"]) for one in told} == {("How long?", "From Ada"), ("Washing", "From Ada")}

    erasure.erase_visitors([ada.pk])
    assert {one.comment for one in Feedback.objects.all()} == {"From Bob"}
    assert Feedback.objects.count() == 2


# ------------------------------------------------------------------------------------------- from an article's page


def post_form(client: Client, **fields: str) -> Any:
    return client.post("/livechat/help/feedback/form/", fields, **ORIGIN)


@pytest.mark.covers("C3")
def test_the_page_takes_a_vote_and_a_comment_without_a_script(client: Client) -> None:
    article = make_article(text="Wash it cold.")
    version = feedback.version_of(article)
    html = client.get(article.url).content.decode()
    assert "Did this help?" in html and 'action="/livechat/help/feedback/form/"' in html
    assert "csrf" not in html.lower()

    answer = post_form(client, article=str(article.pk), version=version, helpful="no")
    assert answer.status_code == 302 and answer["Location"] == f"{article.url}?helped=no#lch-feedback"
    assert "Set-Cookie" not in answer
    assert said(article) == [(False, "")]

    html = client.get(answer["Location"].split("#")[0]).content.decode()
    assert "Thank you for your answer!" in html and "What was missing?" in html
    answer = post_form(client, article=str(article.pk), version=version, helpful="no", comment="How cold?")
    assert answer["Location"] == f"{article.url}?helped=thanks#lch-feedback"
    assert said(article) == [(False, "How cold?")]
    html = client.get(answer["Location"].split("#")[0]).content.decode()
    assert "Thank you for your answer!" in html and "<textarea" not in html.split('id="lch-feedback"')[1]


def test_the_page_is_the_same_for_everybody_and_sets_no_cookie(client: Client) -> None:
    article = make_article()
    first, second = client.get(article.url), Client(headers={"user-agent": "Other"}).get(article.url)

    assert first.content == second.content
    assert not first.cookies and not second.cookies


def test_a_form_from_elsewhere_or_in_pieces_is_refused_in_words(client: Client) -> None:
    article = make_article()
    fields = {"article": str(article.pk), "version": feedback.version_of(article), "helpful": "yes"}
    answer = client.post("/livechat/help/feedback/form/", fields, HTTP_ORIGIN="https://elsewhere.example")
    assert answer.status_code == 403 and b"That did not work" in answer.content

    for wrong in ({"article": "x"}, {"article": "-1"}, {"article": "9" * 30}, {"helpful": "<b>"}, {"version": "77"}):
        assert post_form(client, **{**fields, **wrong}).status_code == 400
    assert post_form(client, **{**fields, "article": "999999"}).status_code == 404
    assert not Feedback.objects.exists()


# --------------------------------------------------------------------------------------------------- the report


def put(item: Any, yes: int, no: int, *, days_ago: float = 1, comment: str = "", version: str | None = None) -> None:
    kind = "faq_id" if hasattr(item, "question") else "page_id"
    for number in range(yes + no):
        one = Feedback(
            site=the_site(), version=version or feedback.version_of(item), helpful=number < yes, comment=comment,
            voter=f"{item.pk} {kind} {days_ago} {number} {version}", at=timezone.now() - timedelta(days=days_ago),
        )  # fmt: skip
        setattr(one, kind, item.pk)
        one.save()


@pytest.mark.covers("C3")
def test_the_worst_is_first_and_a_single_no_is_not_the_worst() -> None:
    good, bad, once, old = make_article(), make_faq(), make_article(), make_article()
    put(good, 9, 1)
    put(bad, 1, 9)
    put(once, 0, 1)
    put(old, 0, 30, days_ago=40)

    month = opinions.opinions(opinions.said(), opinions.period(30))
    assert [row.item.pk for row in month] == [bad.pk, once.pk, good.pk]
    assert [row.share for row in month] == [10, 0, 90]
    ever = opinions.opinions(opinions.said(), opinions.period(None))
    assert ever[0].item.pk == old.pk
    assert [row.kind for row in opinions.opinions(opinions.said(kind="faq"), opinions.period(30))] == ["faq"]
    assert opinions.opinions(opinions.said(make_site().pk), opinions.period(30)) == []


@pytest.mark.covers("C3")
def test_the_trend_compares_with_the_time_before_and_is_drawn_in_steps() -> None:
    article = make_article()
    put(article, 1, 3, days_ago=45)
    put(article, 3, 1, days_ago=29.9)
    put(article, 2, 0, days_ago=0.1)

    (row,) = opinions.opinions(opinions.said(), opinions.period(30))

    assert (row.votes, row.share, row.change) == (6, 83, 83 - 25)
    assert row.steps[0] == (3, 1) and row.steps[-1] == (2, 0) and sum(map(sum, row.steps)) == 6
    assert next((bar.top, bar.helped, bar.not_helped) for bar in opinions.bars(row.steps)) == (0, 75, 25)


@pytest.mark.covers("C3")
def test_a_manager_reads_the_report_and_the_comments_as_text(client: Client) -> None:
    article = make_article(title="Washing <b>wool</b>")
    put(article, 1, 2, comment="<script>alert(1)</script>")
    put(make_faq("Is it warm?"), 1, 0)
    manager = signed_in_as(MANAGERS)

    html = manager.get(REPORT).content.decode()
    assert html.index("Washing &lt;b&gt;wool") < html.index("Is it warm?")
    assert "33 %" in html and "lcf-share--low" in html
    assert "Article feedback" in manager.get("/admin/").content.decode()

    html = manager.get(f"{REPORT}article/{article.pk}/").content.decode()
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3 and "<script>alert(1)" not in html
    assert "live now" in html
    assert manager.get(f"{REPORT}article/999999/").status_code == 404
    assert manager.get(f"{REPORT}page/{article.pk}/").status_code == 404
    assert "Nobody has voted in this time." in manager.get(f"{REPORT}?site={make_site().pk}").content.decode()
    assert manager.post(REPORT).status_code == 405


def test_nobody_else_reads_it() -> None:
    for role in (OPERATORS, "Editors"):
        person = signed_in_as(role)
        assert person.get(REPORT).status_code in (302, 403)
        assert "article-feedback" not in person.get("/admin/").content.decode()
    assert signed_in_as(ADMINISTRATORS).get(REPORT).status_code == 200


def test_what_is_masked_in_the_chat_is_masked_in_comments() -> None:
    PrivacySettings.objects.update_or_create(site=the_site(), defaults={"masking": PrivacySettings.Masking.MASK})
    veils.forget_rules()
    faq = make_faq()
    put(faq, 0, 1, comment="My card is 4111 1111 1111 1111")
    manager = signed_in_as(MANAGERS)

    for query in ("", "?export=csv"):
        shown = b"".join(manager.get(f"{REPORT}faq/{faq.pk}/{query}")).decode()
        assert "My card is" in shown and "1111 1111 1111" not in shown


@pytest.mark.covers("C3")
def test_the_report_is_a_spreadsheet_in_which_nothing_is_calculated() -> None:
    article = make_article(title="=1+1")
    put(article, 1, 3, comment="@SUM(A1)\x07")
    manager = signed_in_as(MANAGERS)

    answer = manager.get(f"{REPORT}?export=csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="article-feedback-')
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == 'Title,Kind,Language,Votes,Helped,"Helped, %",Change,Comments,Last vote'
    assert lines[1].startswith("'=1+1,Article,en,4,1,25,,4,")

    book = load_workbook(io.BytesIO(manager.get(f"{REPORT}article/{article.pk}/?export=xlsx").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0] == ("When", "Helped", "Version", "Comment")
    assert sorted({(row[1], row[3]) for row in rows[1:]}) == [("No", "'@SUM(A1)"), ("Yes", "'@SUM(A1)")]
