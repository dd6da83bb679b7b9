"""What visitors ask for: the report, its files, and what is begun from it; and the note on a page's own editor."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import Page, Site

from example_site.shop.models import HomePage
from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    OPERATORS,
    make_department,
    make_operator,
    make_site,
    make_user,
    make_visitor,
    make_waiting,
    signed_in,
    signed_in_as,
    the_site,
)
from wagtail_livechat import demand
from wagtail_livechat.helpdesk import lookups
from wagtail_livechat.helpdesk.models import (
    AnswerDraft,
    Faq,
    HelpdeskArticlePage,
    HelpdeskCategoryPage,
    HelpdeskIndexPage,
    Lookup,
)
from wagtail_livechat.models import Conversation, PrivacySettings, Tag, WrapUpReason
from wagtail_livechat.veils import forget_rules

pytestmark = pytest.mark.django_db

ASKED = "wagtail_livechat_helpdesk_admin:asked"
START = "wagtail_livechat_helpdesk_admin:start"


@pytest.fixture
def home() -> HomePage:
    page = Page.objects.get(depth=1).add_child(instance=HomePage(title="Birch cups", slug="cups", headline="Cups"))
    page.save_revision().publish()
    Site.objects.filter(is_default_site=True).update(root_page=page)
    Site.clear_site_root_paths_cache()
    page.refresh_from_db()
    return page


def look(query: str, outcome: str = "nothing", **more: Any) -> None:
    lookups.record(the_site().pk, language="en", query=query, outcome=outcome, **more)


def report(who: Any, **asked: Any) -> str:
    return who.get(reverse(ASKED), asked).content.decode()


@pytest.mark.covers("C7")
def test_searches_in_vain_are_counted_however_they_were_written(home: HomePage) -> None:
    for query in ("Dishwasher", "dishwasher", "DISHWASHER "):
        look(query.strip(), page_id=home.pk)
    look("engraving")
    look("warranty", outcome="asked")
    look("returns", outcome="answered")
    manager = signed_in_as(MANAGERS)

    page = report(manager)

    assert page.index("dishwasher") < page.index("engraving")
    assert '<td class="lch-asked__number">3</td>' in page
    assert "Birch cups" in page
    assert page.index("Asked all the same") < page.index("warranty")
    assert "returns" not in page


@pytest.mark.covers("C7")
def test_it_is_asked_for_a_period_a_site_and_a_language() -> None:
    look("now")
    look("long ago")
    Lookup.objects.filter(query="long ago").update(at=timezone.now() - timedelta(days=40))
    look("på svenska")
    Lookup.objects.filter(query="på svenska").update(language="sv")
    other = make_site()
    lookups.record(other.pk, language="en", query="elsewhere", outcome="nothing")
    manager = signed_in_as(MANAGERS)

    assert "long ago" not in report(manager)
    assert "long ago" in report(manager, days=90)
    assert "elsewhere" not in report(manager, site=the_site().pk)
    assert "now" not in report(manager, site=other.pk).split("lch-nothing", 1)[1].split("lch-anyway")[0]
    assert "på svenska" not in report(manager, language="en")
    # What is no choice is as if it was not asked for.
    assert "now" in report(manager, days="x", site="y", language="z")


@pytest.mark.covers("C7")
def test_chats_are_told_by_page_with_what_was_asked_there(home: HomePage) -> None:
    PrivacySettings.objects.create(site=the_site(), masking="mask")
    forget_rules()
    delivery, damage = Tag.objects.create(name="delivery"), WrapUpReason.objects.create(name="Damaged")
    first = make_waiting(text="Is it ready? My card is 4111 1111 1111 1111", page_id=home.pk)
    first.tags.add(delivery)
    Conversation.objects.filter(pk=first.pk).update(wrap_up_reason=damage)
    early = make_waiting(text="Before the last change", page_id=home.pk)
    Conversation.objects.filter(pk=early.pk).update(created_at=timezone.now() - timedelta(days=3))
    Page.objects.filter(pk=home.pk).update(last_published_at=timezone.now() - timedelta(days=1))
    make_waiting(text="Elsewhere")

    page = report(signed_in_as(MANAGERS))

    assert "Is it ready?" in page
    assert "4111 1111" not in page
    assert "Before the last change" in page
    assert "Elsewhere" not in page
    assert "delivery 1" in page
    assert "Damaged 1" in page
    rows = page.split("lch-pages", 1)[1]
    assert '<td class="lch-asked__number">2</td>' in rows
    assert '<td class="lch-asked__number">1</td>' in rows


def test_who_may_not_read_conversations_sees_searches_alone(home: HomePage) -> None:
    make_waiting(text="A secret question", page_id=home.pk)
    look("engraving")
    user = make_user(groups=["Editors"])
    assert signed_in(user).get(reverse(ASKED)).status_code == 302
    assert signed_in_as(OPERATORS).get(reverse(ASKED)).status_code == 302
    from django.contrib.auth.models import Permission

    user.user_permissions.add(Permission.objects.get(codename="view_lookup"))

    page = report(signed_in(user))
    assert "engraving" in page
    assert "A secret question" not in page
    assert "A secret question" in report(signed_in_as(ADMINISTRATORS))


def test_chats_of_other_departments_are_not_counted(home: HomePage) -> None:
    sales, repairs = make_department("Sales"), make_department("Repairs")
    make_waiting(text="About sales", page_id=home.pk, department_id=sales.pk)
    make_waiting(make_visitor(), text="About repairs", page_id=home.pk, department_id=repairs.pk)
    operator = make_operator("Rut", departments=[repairs])
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Permission

    user = get_user_model().objects.get(pk=operator.user_id)
    user.user_permissions.add(Permission.objects.get(codename="view_lookup"))

    page = report(signed_in(user))
    assert "About repairs" in page
    assert "About sales" not in page


@pytest.mark.covers("C7")
def test_files_are_made_of_it_in_which_nothing_is_calculated(home: HomePage) -> None:
    look("=1+1", page_id=home.pk)
    make_waiting(text='=HYPERLINK("http://evil.example")', page_id=home.pk)
    manager = signed_in_as(MANAGERS)

    text = manager.get(reverse(ASKED), {"export": "csv"}).content.decode("utf-8-sig")
    assert "'=1+1" in text
    assert "\n=" not in text
    assert '"=' not in text
    book = load_workbook(io.BytesIO(manager.get(reverse(ASKED), {"export": "xlsx"}).content))
    assert book.sheetnames == ["Nothing found", "Asked all the same", "Chats by page"]
    assert book["Nothing found"]["A2"].value == "'=1+1"
    assert book["Chats by page"]["F2"].value.startswith("'=HYPERLINK")
    assert book["Chats by page"]["F2"].data_type == "s"


@pytest.mark.covers("C7")
def test_the_missing_faq_is_begun_with_one_press(home: HomePage) -> None:
    look("can I put it into the dishwasher")
    manager = signed_in_as(MANAGERS)
    asked = {"kind": "faq", "title": "can I put it into the dishwasher", "site": the_site().pk, "language": "en"}

    answer = manager.post(reverse(START), asked)

    faq = Faq.objects.get()
    assert answer["Location"] == reverse("wagtailsnippets_wagtail_livechat_helpdesk_faq:edit", args=[faq.pk])
    assert (faq.question, faq.answer, faq.live) == ("can I put it into the dishwasher", "", False)
    assert faq.question in manager.get(answer["Location"]).content.decode()
    assert not AnswerDraft.objects.exists()
    # Nothing of it happens without asking for it.
    assert manager.get(reverse(START)).status_code == 405


def test_the_missing_article_is_begun_where_one_may_write(home: HomePage) -> None:
    asked = {"kind": "article", "title": "Engraving", "site": the_site().pk, "language": "en"}
    admin = signed_in(make_user(is_superuser=True))
    none = admin.post(reverse(START), asked, follow=True)
    assert "There is no category of the helpdesk in which you may write." in none.content.decode()

    index = home.add_child(instance=HelpdeskIndexPage(title="Help", slug="help"))
    index.add_child(instance=HelpdeskCategoryPage(title="Wool", slug="wool"))
    answer = admin.post(reverse(START), asked)
    article = HelpdeskArticlePage.objects.get()
    assert answer["Location"] == reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert article.title == "Engraving"

    # A manager who edits no pages is not offered it, and refused.
    manager = signed_in_as(MANAGERS)
    refused = manager.post(reverse(START), asked, follow=True)
    assert "There is no category of the helpdesk in which you may write." in refused.content.decode()
    assert HelpdeskArticlePage.objects.count() == 1
    assert "Write an article" not in report(manager)


def test_nobody_else_begins_anything() -> None:
    asked = {"kind": "faq", "title": "x", "site": the_site().pk, "language": "en"}
    for who in (signed_in_as(OPERATORS), signed_in(make_user(groups=["Editors"]))):
        assert who.post(reverse(START), asked).status_code == 302
    assert not Faq.objects.exists()


@pytest.mark.covers("C7")
def test_a_pages_own_editor_says_how_many_chats_began_there(home: HomePage) -> None:
    for number in range(3):
        waiting = make_waiting(make_visitor(), text=f"Question {number}", page_id=home.pk)
        if number:
            waiting.tags.add(Tag.objects.get_or_create(name="delivery")[0])
    editor = signed_in(make_user(groups=["Editors", MANAGERS]))
    url = reverse("wagtailadmin_pages:edit", args=[home.pk])

    shown = " ".join(editor.get(url).content.decode().split())
    assert "3 chats started here this month, 2 about “delivery”." in shown
    assert "3 since the page was last published." in shown

    # Not for those who may not read conversations.
    assert "started here this month" not in signed_in(make_user(groups=["Editors"])).get(url).content.decode()


def test_this_month_begins_at_midnight_where_the_server_is() -> None:
    began = demand.month_began()

    assert (began.day, began.hour, began.minute) == (1, 0, 0)
    assert timezone.localtime() - began < timedelta(days=31)
