"""Journey 15: from nothing to a helpdesk that a visitor reads, made in the Wagtail admin by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ENVIRONMENT
from tests.browser.pages import Operator, Visitor
from tests.browser.test_accessibility import is_clean
from tests.services import SiteServer

pytestmark = pytest.mark.browser

# Wagtail's checks tell the console of a page without a description, which no page has while it is being made.
CHECKS = re.compile("axe.run results")
# It also saves by itself, and is told so when what it sent is not complete yet.
AUTOSAVE = re.compile(r"400 for \S+/admin/|status of 400")

# Managers edit FAQs; who may publish pages is for the site to say.
EMPTY = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from wagtail_livechat.helpdesk.models import Author, Faq, HelpdeskIndexPage
Faq.objects.all().delete()
for index in HelpdeskIndexPage.objects.all():
    index.delete()
Author.objects.all().delete()
get_user_model().objects.get(username="manager").groups.add(Group.objects.get(name="Moderators"))
"""


@pytest.fixture
def empty_site(make_site: Callable[..., SiteServer]) -> Iterator[SiteServer]:
    """The shop before anybody has written a word of help."""
    site = make_site(env=ENVIRONMENT)
    site.manage("shell", "-c", EMPTY)
    yield site


def publish(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="published")).to_be_visible()


def give_title(page: Page, title: str) -> None:
    """To a new page, whose address Wagtail's script makes of the title: it has to be there before anything is typed."""
    page.wait_for_load_state()
    page.locator("#id_title").fill(title)
    page.locator("#id_title").blur()
    expect(page.locator("#id_slug")).to_have_value(re.compile(r"\w"))


def open_menu(page: Page, item: str) -> None:
    page.get_by_role("button", name="Live chat").click()
    page.get_by_role("list", name="Live chat").get_by_role("link", name=item, exact=True).click()


def write(page: Page, field: Locator, text: str) -> None:
    """Into Wagtail's rich text editor, which takes its time to be there and to notice."""
    editor = field.locator(".public-DraftEditor-content")
    editor.click()
    expect(editor).to_be_focused()
    page.keyboard.type(text)
    expect(editor).to_contain_text(text)
    # What will be sent follows a moment later.
    page.wait_for_function(
        "text => [...document.querySelectorAll('form [name]')].some(({value}) => value?.includes(text))", arg=text
    )


def make_question(page: Page, question: str, answer: str) -> None:
    open_menu(page, "FAQs")
    page.get_by_role("link", name="Add FAQ").first.click()
    page.locator("#id_question").fill(question)
    write(page, page.locator("[data-contentpath=answer]"), answer)
    page.locator("#id_category").fill("Delivery")
    publish(page)


def add_block(page: Page, kind: str) -> Locator:
    body = page.locator("[data-contentpath=body]")
    # Those of the body itself, not what is in a list within one of them.
    blocks = body.locator("[data-streamfield-child]:not([data-streamfield-child] [data-streamfield-child])")
    there = blocks.count()
    body.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name=kind, exact=True).click()
    expect(blocks).to_have_count(there + 1)
    expect(page.locator(".w-combobox__option")).to_have_count(0)
    return blocks.last


@pytest.mark.covers("C1", "C2")
def test_an_editor_makes_questions_and_a_helpdesk_and_a_visitor_reads_them(
    empty_site: SiteServer, new_operator: Callable[..., Operator], new_visitor: Callable[..., Visitor]
) -> None:
    visitor = new_visitor(empty_site.url)
    person = new_operator("manager", at=empty_site.url, excused=[CHECKS, AUTOSAVE])
    page = person.go_to("/admin/").page

    # Questions: published, ordered by keyboard on the handle that a mouse drags.
    make_question(page, "How long does it take?", "Two days.")
    make_question(page, "Can I <b>return</b> it?", "Within thirty days.")
    page.get_by_role("navigation", name="Actions", exact=True).get_by_role("button").click()
    page.get_by_role("link", name="Sort item order").click()
    handle = page.get_by_role("button", name=re.compile("Drag")).last
    handle.focus()
    with page.expect_response(re.compile(r"/reorder/\d+/")) as moved:
        handle.press("ArrowUp")
        handle.press("Enter")
    assert moved.value.ok

    # A helpdesk: the menu leads to where it can be made, and from then on to it.
    open_menu(page, "Helpdesk")
    page.get_by_role("link", name="Add child page").first.click()
    page.get_by_role("link", name="Helpdesk", exact=True).click()
    give_title(page, "Help & advice")
    page.locator("#id_introduction").fill("What others have asked.")
    publish(page)
    open_menu(page, "Helpdesk")
    expect(page.get_by_role("heading", name="Help & advice")).to_be_visible()
    page.get_by_role("link", name="Add child page").first.click()
    give_title(page, "Parcels")
    page.get_by_role("radio", name="Parcel").check()
    page.locator("#id_color").fill("#ffd400")
    publish(page)
    page.get_by_role("link", name="Add a child page to 'Parcels'").click()
    give_title(page, "Send a parcel back")
    page.locator("#id_summary").fill("In three steps.")
    write(page, add_block(page, "Text"), "Keep the box it came in.")
    write(page, add_block(page, "Call-out"), "Not by air mail.")
    publish(page)

    # The visitor.
    visitor.visit("/help-advice/")
    reader = visitor.page
    is_clean(reader, "body", "helpdesk")
    questions = reader.locator(".lch-faq summary")
    expect(questions).to_have_text(["Can I <b>return</b> it?", "How long does it take?"])
    questions.last.click()
    expect(reader.get_by_text("Two days.")).to_be_visible()
    reader.get_by_role("link", name="Parcels").click()
    is_clean(reader, "body", "category")
    expect(reader.locator(".lch-tile rect")).to_have_attribute("fill", "#ffd400")
    expect(reader.locator(".lch-tile g")).to_have_attribute("stroke", "#000000")
    reader.get_by_role("link", name="Send a parcel back").click()
    expect(reader.get_by_text("Keep the box it came in.")).to_be_visible()
    expect(reader.locator(".callout-info")).to_contain_text("Not by air mail.")
    is_clean(reader, "body", "article")
    reader.get_by_role("searchbox").fill("thirty dyas")
    reader.get_by_role("searchbox").press("Enter")
    expect(reader.get_by_role("heading", name="Found for “thirty dyas”")).to_be_visible()
    expect(reader.locator(".lch-results")).to_contain_text("Within thirty days.")

    # Hidden again.
    open_menu(page, "FAQs")
    page.get_by_role("link", name="How long does it take?").click()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="Unpublish").click()
    page.get_by_role("button", name="Yes, unpublish it").click()
    visitor.visit("/help-advice/")
    expect(questions).to_have_text(["Can I <b>return</b> it?"])
