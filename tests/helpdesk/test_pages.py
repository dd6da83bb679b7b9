"""The helpdesk's pages as a visitor and a search engine get them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.models import PageViewRestriction

from tests.factories import MANAGERS, make_user, the_site
from tests.helpdesk.content import locale, make_article, make_author, make_category, make_faq, make_helpdesk
from wagtail_livechat.helpdesk import icons
from wagtail_livechat.helpdesk.editing import helpdesk_address

pytestmark = pytest.mark.django_db

HOSTILE = "</script><script>alert(1)</script><!--{{ 7|add:7 }}\u202e"


def get(client: Client, page: Any, **query: str) -> str:
    answer = client.get(page.url, query)
    assert answer.status_code == 200
    return answer.content.decode()


def data_of(html: str) -> list[dict[str, Any]]:
    """The JSON-LD, as a search engine reads it."""
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return list(json.loads(block))


@pytest.mark.covers("C2")
def test_the_index_shows_categories_and_the_questions_of_its_language(client: Client) -> None:
    index = make_helpdesk()
    index.introduction = "Ask & read"
    index.save()
    care = make_category(index, "Care", icon="leaf", color="#2f6b4f")
    make_article(care)
    make_article(care, live=False)
    faq = make_faq("When?", "<p>Now.</p>", category="Delivery")
    make_faq("När?", language="sv")

    html = get(client, index)

    assert "Ask &amp; read" in html
    assert 'fill="#2f6b4f"' in html and 'stroke="#ffffff"' in html
    assert "1 article" in html
    assert f'id="faq-{faq.pk}"' in html and "<p>Now.</p>" in html
    assert "När?" not in html
    trail, questions = data_of(html)
    assert trail["@type"] == "BreadcrumbList"
    assert questions["@type"] == "FAQPage"
    assert questions["mainEntity"][0]["acceptedAnswer"]["text"] == "Now."


def test_an_article_says_where_it_is_who_wrote_it_and_what_else_there_is(client: Client) -> None:
    care = make_category(title="Care")
    before = make_article(care, "Wood")
    article = make_article(care, "Wool", "Wash it cold.", author=make_author("Ada", "Head of repairs"), summary="Cold.")
    after, hidden = make_article(care, "Steel"), make_article(care, "Secret")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)

    html = get(client, article)

    assert [html.index(f">{title}<") for title in ("Helpdesk", "Care")]
    assert "Ada" in html and "Head of repairs" in html
    assert "Last updated" in html
    related = html[html.index("Related articles") :]
    assert related.index(after.title) < related.index(before.title)
    assert "Secret" not in html
    _, described = data_of(html)
    assert described["@type"] == "Article"
    assert (described["headline"], described["description"]) == ("Wool", "Cold.")
    assert described["author"] == {"@type": "Person", "name": "Ada", "jobTitle": "Head of repairs"}
    assert described["dateModified"] == article.last_published_at.isoformat()


def test_hostile_text_stays_text(client: Client) -> None:
    index = make_helpdesk(title=f"Help {HOSTILE}")
    index.introduction = HOSTILE
    index.save()
    care = make_category(index, f"Care {HOSTILE}", introduction=HOSTILE)
    make_faq(f"When {HOSTILE}", f"<p>{HOSTILE}</p>", category=HOSTILE)
    body = [
        ("code", {"language": HOSTILE, "code": HOSTILE}),
        ("embed", {"url": "javascript:alert(1)", "title": HOSTILE}),
        ("embed", {"url": "https://video.example/", "title": HOSTILE}),
        ("steps", {"steps": [{"title": HOSTILE, "text": ""}]}),
    ]
    article = make_article(care, f"Wool {HOSTILE}", body=body, summary=HOSTILE, author=make_author(HOSTILE, HOSTILE))

    pages = [get(client, index, q=HOSTILE), get(client, care), get(client, article)]

    for html in pages:
        # What an editor puts into rich text is Wagtail's to clean; all else is ours.
        without_answer = re.sub(r'<div class="lch-body">.*?</details>', "", html, flags=re.DOTALL)
        assert "<script>alert(1)" not in without_answer
        assert "javascript:alert" not in html
        assert "{{ 7" in html and ">14" not in html
        data_of(html)


def test_a_search_works_without_script(client: Client) -> None:
    index = make_helpdesk()
    article = make_article(make_category(index), "Washing wool", "Cold water.")

    found, nothing, blank = (
        get(client, index, q="woll washing"),
        get(client, index, q="zebra"),
        get(client, index, q=" "),
    )

    assert f'href="{article.full_url}"' in found
    assert "Nothing found for “zebra”" in nothing
    assert "Nothing found" not in blank


def test_the_sitemap_has_every_public_page(client: Client) -> None:
    article = make_article()
    hidden = make_article(article.get_parent())
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)

    from wagtail.contrib.sitemaps import Sitemap

    pages = Sitemap(client.get("/").wsgi_request).items()
    addresses = {row["location"] for page in pages for row in page.specific.get_sitemap_urls()}

    assert article.full_url in addresses
    assert article.get_parent().full_url in addresses
    assert hidden.full_url not in addresses


@override_settings(WAGTAIL_LIVECHAT={"HELPDESK_BASE": ["no_such.html", "wagtail_livechat_helpdesk/base.html"]})
def test_without_a_base_of_the_site_our_own_is_used(client: Client) -> None:
    html = get(client, make_article(title="Wool"))

    assert '<body class="lch-plain">' in html
    assert "<title>Wool</title>" in html
    assert 'data-boot="' in html


def test_the_base_of_the_site_is_extended(client: Client) -> None:
    assert '<header class="head">' in get(client, make_article())


def test_pages_carry_no_style_or_script_of_their_own(client: Client) -> None:
    index = make_helpdesk()
    article = make_article(make_category(index), body=[("callout", {"kind": "tip", "text": "<p>x</p>"})])

    for page in (index, article.get_parent(), article):
        html = get(client, page)
        assert " style=" not in html and "<style" not in html and " onclick" not in html


def test_every_icon_can_be_drawn_and_chosen(client: Client) -> None:
    assert len(icons.GALLERY) >= 24
    for icon in icons.GALLERY.values():
        assert all(re.fullmatch(r"[MmLlHhVvCcSsQqTtAaZz0-9 .,-]+", path) for path in icon.paths), icon.name
        assert icon.label
    category = make_category(icon="no-such-icon")
    category.full_clean()
    assert category.icon == icons.DEFAULT

    client.force_login(make_user(is_superuser=True))
    html = client.get(reverse("wagtailadmin_pages:edit", args=[category.pk])).content.decode()
    assert html.count('class="lch-gallery__icon"') == len(icons.GALLERY)
    assert re.search(r'value="question"[^>]* checked', html)


def test_the_menu_leads_to_the_helpdesk_that_there_is() -> None:
    editor = make_user(is_superuser=True)
    home = the_site().root_page
    assert helpdesk_address(editor) == reverse("wagtailadmin_explore", args=[home.pk])

    index = make_helpdesk()
    assert helpdesk_address(editor) == reverse("wagtailadmin_explore", args=[index.pk])
    index.copy_for_translation(locale("sv"), copy_parents=True)
    assert helpdesk_address(editor) == reverse("wagtailadmin_explore", args=[index.pk])

    make_helpdesk(title="Another")
    assert helpdesk_address(editor) == reverse(
        "wagtailadmin_pages:type_use", args=["wagtail_livechat_helpdesk", "helpdeskindexpage"]
    )


def test_who_may_not_edit_pages_is_not_led_to_them(client: Client) -> None:
    index = make_helpdesk()
    client.force_login(make_user(groups=[MANAGERS]))

    menu = client.get(reverse("wagtailadmin_home")).content.decode()

    assert reverse("wagtailadmin_explore", args=[index.pk]) not in menu


def make_document(name: str) -> Any:
    from django.core.files.base import ContentFile
    from wagtail.documents import get_document_model

    return get_document_model().objects.create(title="Film", file=ContentFile(b"film", name=name))


@pytest.mark.covers("C2")
def test_a_film_of_the_sites_own_plays_on_the_page_and_in_the_widget(client: Client) -> None:
    film = make_document("axe.mp4")
    article = make_article(body=[("video", {"document": film.pk, "poster": None, "caption": "Sharpen <it>"})])

    html = get(client, article)
    told = client.get(f"/livechat/help/article/{article.pk}/", {"site": the_site().pk}).json()

    assert f'<video src="{film.url}" controls' in html
    assert "Sharpen &lt;it&gt;" in html
    assert told["body"] == [
        [
            "figure",
            {},
            [
                ["video", {"src": film.url, "controls": "controls"}, []],
                ["figcaption", {}, ["Sharpen <it>"]],
            ],
        ]
    ]


@pytest.mark.covers("C2")
def test_code_that_is_wider_than_the_page_is_scrolled_by_keyboard(client: Client) -> None:
    value = {"language": 'Type "Script', "code": "a < b\n    c"}
    article = make_article(body=[("code", value), ("code", {"language": "", "code": "plain"})])

    html = get(client, article)
    told = client.get(f"/livechat/help/article/{article.pk}/", {"site": the_site().pk}).json()

    begin = '<pre tabindex="0" role="group" aria-label="Code">'
    # A highlighter of the site's own finds the language where they all look for it.
    assert f'{begin}<code class="language-type&quot;script">a &lt; b\n    c</code></pre>' in html
    assert f"{begin}<code>plain</code></pre>" in html
    # The window makes its own box for it.
    assert told["body"] == [["pre", {}, [["code", {}, [value["code"]]]]], ["pre", {}, [["code", {}, ["plain"]]]]]


def test_only_films_are_taken_for_films() -> None:
    from wagtail.blocks import StructBlockValidationError

    from wagtail_livechat.helpdesk.blocks import VideoBlock

    block = VideoBlock()
    film, letter = make_document("axe.webm"), make_document("letter.pdf")

    assert block.clean(block.to_python({"document": film.pk, "poster": None, "caption": ""}))["document"] == film
    with pytest.raises(StructBlockValidationError):
        block.clean(block.to_python({"document": letter.pk, "poster": None, "caption": ""}))


def test_a_draft_is_submitted_to_the_sites_workflow_and_goes_live_when_it_is_approved() -> None:
    from django.contrib.auth.models import Group
    from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask

    editor, boss = make_user(), make_user(groups=["Moderators"], is_superuser=True)
    task = GroupApprovalTask.objects.create(name="Look at it")
    task.groups.add(Group.objects.get(name="Moderators"))
    workflow = Workflow.objects.create(name="Four eyes")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)

    for item in (make_faq("Draft", live=False), make_article(live=False)):
        item.save_revision(user=editor)
        state = workflow.start(item, editor)
        assert not type(item).objects.get(pk=item.pk).live
        state.current_task_state.approve(user=boss)
        assert type(item).objects.get(pk=item.pk).live
