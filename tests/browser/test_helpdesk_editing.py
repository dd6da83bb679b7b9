"""Journey 15, the newsroom's part: an article of everything, read by a second person, and one that has its time."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from example_site.shop.seed import pictures
from tests.browser.conftest import OPTIONS
from tests.browser.films import FILM, TITLE
from tests.browser.pages import Operator, Visitor
from tests.browser.test_accessibility import LOOKS, is_clean, widget_is_clean
from tests.browser.test_helpdesk import AUTOSAVE, CHECKS, add_block, give_title, open_menu, write
from tests.services import SiteServer

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Visitor]
NewOperator = Callable[..., Operator]

# What is published is there at once: nothing that was read a moment ago is remembered.
ENVIRONMENT = {"LIVECHAT_OPTIONS": json.dumps({**OPTIONS, "BOOT_SECONDS": 0})}

# The demo has nobody who reads what editors write. Who approves is in the group of the workflow that Wagtail brings.
READER = """
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
user = get_user_model().objects.create_user("moderator", password="moderator")
user.groups.add(Group.objects.get(name="Moderators"))
"""

LONG_LINE = "curl --header 'Accept: application/json' https://kettles.example/descale?litres=1.5&vinegar=yes&minutes=20"


@pytest.fixture
def site(make_site: Callable[..., SiteServer]) -> Iterator[SiteServer]:
    """The shop and its helpdesk, where one video is known and a moderator is there."""
    site = make_site(env=ENVIRONMENT, settings="tests.browser.settings_films")
    site.manage("shell", "-c", READER)
    yield site


def photo() -> dict[str, Any]:
    """As it comes from a camera: larger than any page."""
    image = Image.linear_gradient("L").resize((1800, 1200)).convert("RGB")
    ImageDraw.Draw(image).ellipse((600, 300, 1200, 900), fill="#b4552d")
    file = io.BytesIO()
    image.save(file, "JPEG")
    return {"name": "kettle.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def portrait() -> dict[str, Any]:
    drawn = pictures.portrait(backdrop="#e4dccb", skin="#c98f68", hair="#2b2b33", shirt="#7a2f3a")
    return {"name": "tove.png", "mimeType": "image/png", "buffer": drawn}


def upload(page: Page, place: Locator, file: dict[str, Any], title: str) -> None:
    """A new picture, by Wagtail's image chooser."""
    place.get_by_role("button", name="Choose an image").click()
    page.get_by_role("tab", name="Upload").click()
    page.locator("#id_image-chooser-upload-file").set_input_files([file])
    name = page.locator("#id_image-chooser-upload-title")
    # The file's own name first, a moment after it was chosen.
    expect(name).not_to_have_value("")
    name.fill(title)
    page.locator(".modal").get_by_role("button", name="Upload").click()
    expect(place.locator("[data-chooser-title]")).to_have_text(title)
    expect(page.locator(".modal")).to_have_count(0)


def field(block: Locator, name: str) -> Locator:
    return block.locator(f"[data-contentpath={name}]")


def fill(block: Locator, name: str, text: str) -> None:
    field(block, name).locator("input, textarea").last.fill(text)


def is_shown(picture: Locator) -> None:
    """Not only there: fetched and drawn."""
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("picture => picture.naturalWidth") > 0


def has_all_of_it(text: Locator) -> None:
    """The body of the article, as the page and the window show it alike."""
    expect(text).to_contain_text("Lime is harmless")
    is_shown(text.get_by_role("img", name="A copper kettle on a grey table"))
    expect(text.locator("figcaption")).to_have_text("Before.")
    # Videos elsewhere are links: with the title that their host gave, else with the address.
    films = text.locator(".embed a")
    expect(films).to_have_text([TITLE, "https://gone.example/watch"])
    expect(films.first).to_have_attribute("href", FILM)
    expect(text.locator("iframe")).to_have_count(0)
    expect(text.locator("pre code")).to_have_text(f"# <b>Once a month</b>\n{LONG_LINE}")
    expect(text.locator(".callout-warning")).to_have_text(re.compile(r"Warning\s*Not with the lid on\."))
    expect(text.locator(".steps > li")).to_have_text(
        [re.compile(r"Fill it with vinegar and water\s*Half of each\."), "Bring it to the boil"]
    )


def at(site: SiteServer, moment: str) -> None:
    """What is run every few minutes, as it is run at that moment in the shop's time."""
    site.manage(
        "shell",
        "-c",
        "from datetime import datetime\n"
        "from unittest import mock\n"
        "from django.core.management import call_command\n"
        "from django.utils import timezone\n"
        f"moment = timezone.make_aware(datetime.fromisoformat({moment!r}))\n"
        "with mock.patch('django.utils.timezone.now', return_value=moment):\n"
        "    call_command('publish_scheduled')",
    )


@pytest.mark.covers("C1", "C2")
def test_an_article_of_everything_is_written_approved_and_read(
    site: SiteServer, new_operator: NewOperator, new_visitor: NewVisitor
) -> None:
    editor = new_operator("manager", at=site.url, excused=[CHECKS, AUTOSAVE])
    page = editor.go_to("/admin/").page

    # Who signs it.
    open_menu(page, "Authors")
    page.get_by_role("link", name="Add author").first.click()
    page.locator("#id_name").fill("Tove")
    page.locator("#id_role").fill("Looks after kettles")
    upload(page, page.locator("[data-contentpath=picture]"), portrait(), "Tove at work")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Tove")).to_be_visible()

    # An article with a block of every kind.
    open_menu(page, "Helpdesk")
    page.get_by_role("link", name="Explore child pages of 'Care'").click()
    page.get_by_role("link", name="Add child page").first.click()
    give_title(page, "Descale a kettle")
    page.locator("#id_summary").fill("Vinegar, water and twenty minutes.")
    write(page, add_block(page, "Text"), "Lime is harmless, and tastes of nothing good.")
    block = add_block(page, "Image")
    upload(page, block, photo(), "A kettle")
    fill(block, "alt", "A copper kettle on a grey table")
    fill(block, "caption", "Before.")
    for address in (FILM, "https://gone.example/watch"):
        fill(add_block(page, "Video elsewhere"), "url", address)
    block = add_block(page, "Code")
    fill(block, "language", "sh")
    fill(block, "code", f"# <b>Once a month</b>\n{LONG_LINE}")
    block = add_block(page, "Call-out")
    field(block, "kind").locator("select").select_option(label="Warning")
    write(page, block, "Not with the lid on.")
    block = add_block(page, "Steps")
    fill(block, "title", "Fill it with vinegar and water")
    write(page, block, "Half of each.")
    block.get_by_role("button", name="Add", exact=True).last.click()
    fill(block, "title", "Bring it to the boil")
    page.get_by_role("button", name="Choose author").click()
    page.locator(".modal").get_by_role("link", name="Tove").click()
    expect(page.locator("[data-contentpath=author]")).to_contain_text("Tove")

    # What an editor may do with it is to ask for a reader.
    page.get_by_role("button", name="More actions").click()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Submit to Moderators approval").click()
    expect(page.get_by_role("status").filter(has_text="submitted for moderation")).to_be_visible()
    visitor = new_visitor(site.url)
    visitor.visit("/help/care/")
    expect(visitor.page.get_by_role("link", name="Oil a wooden cup")).to_be_visible()
    expect(visitor.page.get_by_role("link", name="Descale a kettle")).to_have_count(0)

    # The moderator finds it on the first page of the admin.
    moderator = new_operator("moderator", at=site.url, excused=[CHECKS, AUTOSAVE])
    review = moderator.go_to("/admin/").page
    review.get_by_role("link", name="Descale a kettle").first.click()
    review.get_by_role("button", name="More actions").click()
    review.get_by_role("button", name="Approve and Publish", exact=True).click()
    expect(review.get_by_role("status").filter(has_text="has been updated")).to_be_visible()

    # Everybody reads it on its page.
    for look in LOOKS:
        reader = new_visitor(site.url, **look).visit("/help/care/").page
        reader.get_by_role("link", name="Descale a kettle").click()
        article = reader.get_by_role("article")
        expect(article.locator(".lch-byline__name")).to_have_text("Tove")
        expect(article.locator(".lch-byline")).to_contain_text("Looks after kettles")
        is_shown(article.locator(".lch-portrait"))
        has_all_of_it(article.locator(".lch-body"))
        is_clean(reader, "body", "article")

    # And in the chat window.
    for look in LOOKS:
        visitor = new_visitor(site.url, **look).visit().open()
        visitor.go_to_tab("help")
        visitor.look_up("Care")
        visitor.look_up("Descale a kettle")
        expect(visitor.help.locator(".h-author")).to_contain_text("Tove")
        has_all_of_it(visitor.help.locator(".h-text"))
        is_shown(visitor.help.locator(".h-author img"))
        widget_is_clean(visitor, "article")


@pytest.mark.covers("C1", "C2")
def test_an_article_is_there_from_its_time_on_and_goes_when_it_is_over(
    site: SiteServer, new_operator: NewOperator, new_visitor: NewVisitor
) -> None:
    editor = new_operator("moderator", at=site.url, excused=[CHECKS, AUTOSAVE])
    page = editor.go_to("/admin/").page
    open_menu(page, "Helpdesk")
    page.get_by_role("link", name="Explore child pages of 'Care'").click()
    page.get_by_role("link", name="Add child page").first.click()
    give_title(page, "Store a sledge")
    write(page, add_block(page, "Text"), "Hang it up, runners to the wall.")
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    calendar = page.locator(".xdsoft_datetimepicker:visible")
    for name, moment in (("go_live", "2031-03-01 08:00"), ("expire", "2031-05-01 08:00")):
        page.locator(f"#id_{name}_at").focus()
        # It opens a moment later and covers what comes next, so it has to be there before it can be closed.
        expect(calendar).to_have_count(1)
        page.locator(f"#id_{name}_at").fill(moment)
        page.keyboard.press("Tab")
    expect(calendar).to_have_count(0)
    page.get_by_role("button", name="Save schedule").click()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Schedule to publish").click()
    expect(page.get_by_role("status").filter(has_text="scheduled for publishing")).to_be_visible()

    def sees(wanted: bool) -> None:
        """Somebody who comes now: on the site and in the window, or nowhere."""
        visitor = new_visitor(site.url).visit("/help/care/")
        expect(visitor.page.get_by_role("link", name="Wash a wool blanket")).to_be_visible()
        expect(visitor.page.get_by_role("link", name="Store a sledge")).to_have_count(int(wanted))
        answer = visitor.page.request.get(f"{site.url}/help/care/store-a-sledge/")
        assert answer.status == (200 if wanted else 404)
        visitor.open().go_to_tab("help")
        visitor.look_up("Care")
        rows = visitor.help.locator(".h-row")
        expect(rows.filter(has_text="Wash a wool blanket")).to_be_visible()
        expect(rows.filter(has_text="Store a sledge")).to_have_count(int(wanted))

    sees(False)
    site.manage("publish_scheduled")
    sees(False)
    at(site, "2031-03-01T08:01")
    sees(True)
    at(site, "2031-05-01T08:01")
    sees(False)
