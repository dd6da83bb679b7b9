"""What editors do about the chat: the settings tab of a page, chat rules, and words in a text that open it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.models import Page, Site
from wagtail.rich_text import expand_db_html
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from example_site.shop.models import HomePage, ProductPage
from tests.factories import MANAGERS, OPERATORS, make_department, make_user, signed_in
from wagtail_livechat import openers
from wagtail_livechat.blocks import ChatLinkBlock
from wagtail_livechat.models import ChatRule

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> HomePage:
    home = Page.objects.get(depth=1).add_child(instance=HomePage(title="Shop", slug="a-shop", headline="Shop"))
    site = Site.objects.get(is_default_site=True)
    site.root_page = home
    site.save()
    return home


def editor() -> Client:
    return signed_in(make_user(is_superuser=True))


@pytest.mark.covers("C5")
def test_an_editor_chooses_in_the_settings_tab_and_it_holds_once_it_is_published(home: HomePage) -> None:
    repairs = make_department("Repairs")
    client = editor()
    url = reverse("wagtailadmin_pages:edit", args=[home.pk])
    form = client.get(url).content.decode()
    assert 'name="chat_visibility"' in form
    assert "What holds on this page when it is live" in form

    data: dict[str, Any] = {
        "title": "Shop",
        "slug": "a-shop",
        "headline": "Shop",
        "intro": "",
        "chat_visibility": "hidden",
        "chat_department": str(repairs.pk),
        "chat_greeting": "Hello here",
        "chat_auto_message": "",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    assert client.post(url, data).status_code == 302
    home.refresh_from_db()
    assert home.chat_visibility == ""
    draft = home.get_latest_revision_as_object()
    assert (draft.chat_visibility, draft.chat_greeting, draft.chat_department) == ("hidden", "Hello here", repairs)

    assert client.post(url, {**data, "action-publish": "1"}).status_code == 302
    home.refresh_from_db()
    assert home.chat_visibility == "hidden"
    shown = client.get(url).content.decode()
    assert "by this page itself" in shown


def test_the_page_below_says_from_where_it_has_it(home: HomePage) -> None:
    home.chat_greeting = "From above"
    home.save_revision().publish()
    child = home.add_child(instance=ProductPage(title="Axe", slug="axe", summary="-", price=1))
    ChatRule.objects.create(page_id=home.pk, chat_visibility="hidden")

    shown = editor().get(reverse("wagtailadmin_pages:edit", args=[child.pk])).content.decode()

    assert "by the page above “Shop”" in shown
    assert "by the chat rule for “Shop”" in shown


@pytest.mark.covers("C5")
def test_a_manager_makes_a_rule_and_an_operator_may_not(home: HomePage) -> None:
    add = reverse("wagtailsnippets_wagtail_livechat_chatrule:add")
    manager = signed_in(make_user(groups=[MANAGERS]))
    data = {
        "page": str(home.pk),
        "page_types": ["shop.productpage"],
        "chat_visibility": "hidden",
        "chat_department": "",
        "chat_greeting": "",
        "chat_auto_message": "",
    }

    nothing = manager.post(add, {**data, "chat_visibility": ""})
    assert "Choose at least one thing" in nothing.content.decode()
    assert manager.post(add, {**data, "page_types": ["shop.nothing"]}).status_code == 200
    assert manager.post(add, data).status_code == 302
    rule = ChatRule.objects.get()
    assert (rule.page_id, rule.page_types) == (home.pk, ["shop.productpage"])
    listed = manager.get(reverse("wagtailsnippets_wagtail_livechat_chatrule:list")).content.decode()
    assert "Product page" in listed

    operator = signed_in(make_user(groups=[OPERATORS]))
    assert operator.get(add).status_code == 302
    assert operator.post(add, data).status_code == 302
    assert ChatRule.objects.count() == 1


@pytest.mark.covers("C6")
def test_words_in_a_text_keep_what_they_open_the_chat_with() -> None:
    stored = (
        '<p><a linktype="livechat" department="7" sentence="It &quot;broke&quot; &lt;here&gt;" address="/contact/">'
        "Talk to us</a></p>"
    )
    shown = expand_db_html(stored)
    assert 'href="/contact/"' in shown
    assert f'data-livechat-open="{openers.token(7)}"' in shown
    assert 'data-livechat-text="It &quot;broke&quot; &lt;here&gt;"' in shown
    assert ">Talk to us</a>" in shown

    # From the database to the editor and back nothing is lost, and nothing else gets in.
    converter = ContentstateConverter(["livechat"])
    edited = converter.from_database_format(stored.replace("<a ", '<a onclick="x" '))
    (entity,) = json.loads(edited)["entityMap"].values()
    assert entity["type"] == "LIVECHAT"
    assert entity["data"] == {"department": "7", "sentence": 'It "broke" <here>', "address": "/contact/"}
    kept = converter.to_database_format(edited)
    assert "onclick" not in kept
    assert re.sub(' data-block-key="[^"]*"', "", expand_db_html(kept)) == shown


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example", ""])
def test_words_without_a_good_address_are_no_link_until_there_is_a_chat(address: str) -> None:
    shown = expand_db_html(f'<a linktype="livechat" department="x" sentence="" address="{address}">Talk</a>')

    assert shown == '<a data-livechat-open="">Talk</a>'


def test_the_dialog_of_the_editor_gives_back_what_was_chosen() -> None:
    sales = make_department("Sales")
    client = signed_in(make_user(groups=["Editors"]))
    url = reverse("wagtail_livechat_desk:opener")

    form = client.get(url, {"sentence": "Old words", "department": str(sales.pk)}).json()
    assert form["step"] == "form"
    assert 'value="Old words"' in form["html"]

    bad = client.post(url, {"address": "javascript:alert(1)"}).json()
    assert bad["step"] == "form"
    assert "Begin with /, https://, mailto: or tel:." in bad["html"]

    chosen = client.post(url, {"department": sales.pk, "sentence": "Hello", "address": "/contact/"}).json()
    assert chosen == {
        "step": "chosen",
        "chosen": {"department": str(sales.pk), "sentence": "Hello", "address": "/contact/"},
    }


@pytest.mark.covers("C6")
def test_a_block_is_a_link_to_its_page_and_hidden_without_one(home: HomePage) -> None:
    block = ChatLinkBlock()
    value = {"text": "Ask <us>", "department": "3", "sentence": "About <page>:", "page": home}

    link = block.render(block.normalize(value), context={"page": home})
    assert f'href="{home.url}"' in link
    assert f'data-livechat-open="{openers.token(3)}"' in link
    assert 'data-livechat-text="About Shop:"' in link
    assert "Ask &lt;us&gt;" in link

    button = block.render(block.normalize({**value, "page": None, "department": "", "sentence": ""}))
    assert "<button" in button
    assert " hidden" in button
    assert 'data-livechat-open=""' in button
    home.unpublish()
    assert "<button" in block.render(block.normalize(value), context={"page": home})


def test_an_editor_saves_a_page_with_the_block(home: HomePage) -> None:
    sales = make_department("Sales")
    page = home.add_child(instance=ProductPage(title="Axe", slug="axe", summary="-", price=1))
    client = editor()
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    block = {"text": "Ask us", "department": str(sales.pk), "sentence": "Hi", "page": ""}
    data = nested_form_data(
        {
            "title": "Axe",
            "slug": "axe",
            "summary": "-",
            "price": "1",
            "body": rich_text("<p>x</p>"),
            "extras": streamfield([("chat", block)]),
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            "action-publish": "1",
        }
    )
    assert "Sales" in client.get(url).content.decode()

    assert client.post(url, data).status_code == 302
    page.refresh_from_db()
    assert page.extras[0].value["department"] == str(sales.pk)
    assert json.loads(json.dumps(page.extras.get_prep_value()))[0]["value"]["text"] == "Ask us"


def test_the_page_of_two_visitors_is_the_same_to_the_byte(home: HomePage) -> None:
    template = engines["django"].from_string("{% load livechat %}{% livechat %}")
    request = RequestFactory().get("/", headers={"host": "localhost"})

    first, second = (template.render({"request": request, "page": home}) for _ in range(2))

    assert first == second
    assert f"&amp;page={home.pk}" in first
    assert "amp;page=" not in template.render({"request": request, "page": "not a page"})
