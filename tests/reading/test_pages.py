"""What the chat is like on a page: chosen by the page, by those above it, or by a rule."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from example_site.shop.models import HomePage, ProductIndexPage, ProductPage, TextPage
from tests.factories import make_department, make_site, make_visitor, make_waiting, the_site
from wagtail_livechat import launcher, openers, pagewise
from wagtail_livechat.models import AutoMessage, ChatRule, Department

pytestmark = pytest.mark.django_db


class Tree:
    """A shop: home, products with an axe, and a text."""

    def __init__(self) -> None:
        root = Page.objects.get(depth=1)
        self.home = root.add_child(instance=HomePage(title="Shop", slug="a-shop", headline="Shop"))
        self.products = self.home.add_child(instance=ProductIndexPage(title="Products", slug="products"))
        self.axe = self.products.add_child(instance=ProductPage(title="Axe", slug="axe", summary="An axe", price=1))
        self.text = self.home.add_child(instance=TextPage(title="About", slug="about"))
        self.site: Site = the_site()
        self.site.root_page = self.home
        self.site.save()

    def boot(self, page: Page | None, **asked: Any) -> dict[str, Any]:
        return launcher.boot(self.site.pk, "en", page.pk if page else None)

    def greeting(self, page: Page | None) -> str:
        return launcher.config(self.site.pk, "en", page.pk if page else None)["greeting"]


@pytest.fixture
def tree() -> Tree:
    return Tree()


def publish(page: Page, **fields: Any) -> None:
    for field, value in fields.items():
        setattr(page, field, value)
    page.save_revision().publish()


@pytest.mark.covers("C5")
def test_a_section_hides_the_chat_and_a_page_in_it_shows_it(tree: Tree) -> None:
    assert not tree.boot(tree.axe)["hidden"]

    publish(tree.products, chat_visibility="hidden")
    assert tree.boot(tree.products)["hidden"]
    assert tree.boot(tree.axe)["hidden"]
    assert not tree.boot(tree.text)["hidden"]
    # Whether the site has a chat at all is another question, and one for other pages too.
    assert tree.boot(tree.axe)["enabled"]

    publish(tree.axe, chat_visibility="shown")
    assert not tree.boot(tree.axe)["hidden"]


@pytest.mark.covers("C5")
def test_what_is_only_a_draft_does_not_hold_yet(tree: Tree) -> None:
    tree.axe.chat_visibility = "hidden"
    tree.axe.chat_greeting = "Not yet"
    draft = tree.axe.save_revision()
    assert not tree.boot(tree.axe)["hidden"]
    assert tree.greeting(tree.axe) == tree.greeting(None)

    draft.publish()
    assert tree.boot(tree.axe)["hidden"]
    assert tree.greeting(tree.axe) == "Not yet"


def test_nothing_is_told_of_a_page_that_is_not_live(tree: Tree) -> None:
    publish(tree.axe, chat_greeting="Secret", chat_visibility="hidden")
    tree.axe.unpublish()

    assert not tree.boot(tree.axe)["hidden"]
    assert tree.greeting(tree.axe) == tree.greeting(None)


def test_a_page_of_another_site_says_nothing_here(tree: Tree) -> None:
    publish(tree.axe, chat_greeting="Only in the shop", chat_visibility="hidden")
    other = tree.home.get_parent().add_child(instance=HomePage(title="Outlet", slug="outlet", headline="Outlet"))
    site = make_site()
    Site.objects.filter(pk=site.pk).update(root_page=other)

    assert not launcher.boot(site.pk, "en", tree.axe.pk)["hidden"]
    assert launcher.boot(site.pk, "en", 10**9)["state"]


def test_only_a_page_with_its_own_greeting_has_an_address_of_its_own_for_it(tree: Tree) -> None:
    publish(tree.axe, chat_greeting="About axes")

    assert tree.boot(tree.axe)["config"].endswith(f"&page={tree.axe.pk}")
    assert tree.boot(tree.text)["config"] == tree.boot(None)["config"]


def test_a_page_that_is_moved_is_as_its_new_section(tree: Tree) -> None:
    publish(tree.products, chat_visibility="hidden")
    assert tree.boot(tree.axe)["hidden"]

    Page.objects.get(pk=tree.axe.pk).move(Page.objects.get(pk=tree.text.pk), pos="last-child")
    assert not tree.boot(tree.axe)["hidden"]


@pytest.mark.covers("C5")
def test_a_rule_holds_for_its_section_and_types_until_a_page_says_otherwise(tree: Tree) -> None:
    rule = ChatRule.objects.create(page_id=tree.home.pk, page_types=["shop.productpage"], chat_visibility="hidden")
    assert tree.boot(tree.axe)["hidden"]
    assert not tree.boot(tree.products)["hidden"]

    publish(tree.products, chat_visibility="shown")
    assert not tree.boot(tree.axe)["hidden"]

    publish(tree.products, chat_visibility="")
    assert tree.boot(tree.axe)["hidden"]
    rule.delete()
    assert not tree.boot(tree.axe)["hidden"]


@pytest.mark.covers("C5")
def test_a_conversation_is_for_the_department_of_the_page_that_it_begins_on(tree: Tree) -> None:
    sales, repairs = make_department("Sales"), make_department("Repairs")
    publish(tree.products, chat_department=sales)
    publish(tree.text, chat_department=repairs)

    assert make_waiting(page_id=tree.axe.pk).department == sales
    assert make_waiting(page_id=tree.text.pk).department == repairs
    assert make_waiting(page_id=tree.home.pk).department is None
    # What the visitor was asked in a form is their own answer.
    assert make_waiting(page_id=tree.axe.pk, department_id=repairs.pk).department == repairs
    # One that is switched off, or is another site's, answers nobody.
    Department.objects.filter(pk=sales.pk).update(is_active=False)
    assert make_waiting(page_id=tree.axe.pk).department is None


@pytest.mark.covers("C6")
def test_a_link_knows_better_than_its_page_whom_it_is_for_if_an_editor_made_it(tree: Tree) -> None:
    sales, repairs = make_department("Sales"), make_department("Repairs")
    publish(tree.axe, chat_department=sales)

    assert make_waiting(page_id=tree.axe.pk, opener=openers.token(repairs.pk)).department == repairs
    assert make_waiting(page_id=tree.axe.pk, opener=f"{repairs.pk}:made-up").department == sales
    assert make_waiting(make_visitor(), page_id=tree.axe.pk, opener=str(repairs.pk)).department == sales


@pytest.mark.covers("C5")
def test_the_message_that_a_page_chose_is_said_first_and_others_only_where_they_may_be(tree: Tree) -> None:
    usual = AutoMessage.objects.create(name="Usual", content="Can we help?")
    axes = AutoMessage.objects.create(
        name="Axes", content="Sharp?", chosen_only=True, address_contains="/x/", sort_order=9
    )
    publish(tree.products, chat_auto_message=axes)

    said = tree.boot(tree.axe)["messages"]
    # The site is in the state "offline" in tests, and nobody is asked in then.
    assert said == []
    AutoMessage.objects.update(when_offline=True)
    launcher.cache.delete(f"livechat:boot:{tree.site.pk}:en")
    said = tree.boot(tree.axe)["messages"]
    assert [message["id"] for message in said] == [axes.pk, usual.pk]
    assert said[0]["address"] == ""
    assert "chosen_only" not in said[0]
    assert [message["id"] for message in tree.boot(tree.text)["messages"]] == [usual.pk]

    publish(tree.axe, chat_visibility="hidden")
    assert tree.boot(tree.axe)["messages"] == []


def test_what_was_decided_is_kept_until_something_changes(tree: Tree) -> None:
    publish(tree.products, chat_greeting="Hello there")
    with CaptureQueriesContext(connection) as first:
        pagewise.decision(tree.site.pk, tree.axe.pk)
    with CaptureQueriesContext(connection) as second:
        decision = pagewise.decision(tree.site.pk, tree.axe.pk)

    assert 0 < len(first) <= 8
    assert len(second) == 0
    assert decision.choices.greeting == "Hello there"
    publish(tree.products, chat_greeting="Changed")
    assert pagewise.decision(tree.site.pk, tree.axe.pk).choices.greeting == "Changed"


def test_code_that_saves_a_page_without_publishing_it_is_noticed_too(tree: Tree) -> None:
    assert not tree.boot(tree.axe)["hidden"]
    tree.axe.chat_visibility = "hidden"
    tree.axe.save()
    assert tree.boot(tree.axe)["hidden"]
