"""Links to pages that operators have sent, and pages that they may choose from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page, PageViewRestriction, Site

from example_site.shop.models import HomePage, TextPage
from tests.factories import (
    actor_of,
    make_department,
    make_open,
    make_operator,
    make_visitor,
    say,
    signed_in_as,
    the_site,
)
from wagtail_livechat import handlers, knowledge, sentlinks
from wagtail_livechat import protocol as p
from wagtail_livechat.exceptions import NotFound
from wagtail_livechat.handlers import OperatorSession
from wagtail_livechat.models import Conversation
from wagtail_livechat.permissions import visible_conversations

pytestmark = pytest.mark.django_db


class Shop:
    def __init__(self) -> None:
        self.home = Page.objects.get(depth=1).add_child(instance=HomePage(title="Shop", slug="a-shop", headline="Shop"))
        Site.objects.filter(is_default_site=True).update(root_page=self.home, hostname="shop.example", port=443)
        Site.clear_site_root_paths_cache()
        self.delivery = self.add("Delivery", self.home)
        self.abroad = self.add("Abroad", self.delivery)

    def add(self, title: str, parent: Page) -> Page:
        return Page.objects.get(pk=parent.pk).add_child(instance=TextPage(title=title, slug=title.lower()))

    def broken(self) -> list[tuple[str, str]]:
        found = sentlinks.broken(Conversation.objects.all(), timezone.now() - timedelta(days=30))
        return [(link.url, link.why) for link in found]


@pytest.fixture
def shop() -> Shop:
    return Shop()


def send(text: str) -> Conversation:
    operator = make_operator()
    conversation = make_open(operator, make_visitor(the_site()))
    say(conversation, text, operator)
    return conversation


def test_a_link_is_reported_once_its_page_cannot_be_read(shop: Shop) -> None:
    first = send("See https://shop.example/delivery/#abroad, please.")
    send(
        "And https://shop.example/delivery/abroad/ or https://elsewhere.example/delivery/ or https://shop.example/static/x.css"
    )
    assert shop.broken() == []

    Page.objects.get(pk=shop.delivery.pk).unpublish()
    assert shop.broken() == [("https://shop.example/delivery/", "unpublished")]
    (link,) = sentlinks.broken(Conversation.objects.all(), timezone.now() - timedelta(days=1))
    assert (link.title, link.page, link.cases) == ("Delivery", shop.delivery.pk, [first.case_number])

    Page.objects.get(pk=shop.delivery.pk).specific.save_revision().publish()
    PageViewRestriction.objects.create(page=Page.objects.get(pk=shop.abroad.pk), restriction_type="login")
    assert shop.broken() == [("https://shop.example/delivery/abroad/", "private")]

    Page.objects.get(pk=shop.abroad.pk).delete()
    assert shop.broken() == [("https://shop.example/delivery/abroad/", "gone")]
    Redirect.add_redirect("/delivery/abroad/", "https://shop.example/delivery/")
    assert shop.broken() == []


def test_what_visitors_and_notes_say_is_not_looked_at(shop: Shop) -> None:
    operator = make_operator()
    conversation = make_open(operator, make_visitor(), text="https://shop.example/nowhere/")
    assert shop.broken() == []
    say(conversation, "https://shop.example/nowhere/", operator)
    assert shop.broken() == [("https://shop.example/nowhere/", "gone")]


def test_the_report_is_for_those_who_may_read_the_conversations(shop: Shop) -> None:
    conversation = send("https://shop.example/nowhere/")
    url = reverse("wagtail_livechat_desk:sent_links")

    shown = signed_in_as("Live chat managers").get(url).content.decode()
    assert "https://shop.example/nowhere/" in shown
    assert conversation.case_number in shown
    assert signed_in_as("Editors").get(url).status_code == 302

    Conversation.objects.filter(pk=conversation.pk).update(department=make_department("Sales"))
    elsewhere = make_operator(departments=[make_department("Repairs")])
    assert not sentlinks.broken(visible_conversations(actor_of(elsewhere)), timezone.now() - timedelta(days=1))


# --------------------------------------------------------------------------------------------- pages to choose


def test_an_operator_looks_through_public_pages_in_the_visitors_language(shop: Shop) -> None:
    site = the_site()
    secret = shop.add("Secret", shop.home)
    PageViewRestriction.objects.create(page=secret, restriction_type="login")
    hidden = shop.add("Hidden", shop.home)
    hidden.unpublish()

    trail, pages = knowledge.browse(None, language="en", site_id=site.pk)
    assert [page.title for page in trail] == ["Shop"]
    assert [page.title for page in pages] == ["Delivery"]
    trail, pages = knowledge.browse(shop.delivery.pk, language="en", site_id=site.pk)
    assert [page.title for page in trail] == ["Shop", "Delivery"]
    assert [page.title for page in pages] == ["Abroad"]
    for other in (secret.pk, hidden.pk, Page.objects.get(depth=1).pk, 10**9):
        with pytest.raises(NotFound):
            knowledge.browse(other, language="en", site_id=site.pk)

    swedish = Locale.objects.get_or_create(language_code="sv")[0]
    translated = shop.home.copy_for_translation(swedish)
    translated.title = "Butik"
    translated.save_revision().publish()
    trail, _ = knowledge.browse(None, language="sv-FI", site_id=site.pk)
    assert [page.title for page in trail] == ["Butik"]
    with pytest.raises(NotFound):
        knowledge.browse(shop.delivery.pk, language="sv", site_id=site.pk)


def test_the_desk_is_told_of_pages_with_their_addresses(shop: Shop) -> None:
    operator = make_operator()
    conversation = make_open(operator, make_visitor(), language="en")
    session = OperatorSession(actor_of(operator))

    def browse(parent: int | None = None) -> Any:
        command = p.BrowsePages(conversation=conversation.uuid, parent=parent, ref="r")
        (event,) = handlers.handle_operator(session, command)
        return event

    event = browse()
    assert event.ref == "r"
    assert [(row.title, row.url, row.has_more) for row in event.pages] == [
        ("Delivery", "https://shop.example/delivery/", True)
    ]
    assert [row.has_more for row in browse(shop.delivery.pk).pages] == [False]
