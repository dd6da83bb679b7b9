"""FAQs in the admin: order, drafts, preview, and who may edit them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from tests.factories import ADMINISTRATORS, MANAGERS, OPERATORS, make_settings, make_user
from tests.helpdesk.content import make_faq
from wagtail_livechat.helpdesk.models import Faq

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(make_user(groups=[MANAGERS]))
    return client


def url(view: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_wagtail_livechat_helpdesk_faq:{view}", args=args)


def order(language: str = "en") -> list[str]:
    return list(Faq.objects.filter(locale__language_code=language).values_list("question", flat=True))


def test_a_new_question_stands_last_in_its_language() -> None:
    make_faq("One")
    make_faq("Ett", language="sv")
    make_faq("Two")

    assert order() == ["One", "Two"]
    assert order("sv") == ["Ett"]


@pytest.mark.covers("C1")
def test_dragging_orders_the_questions_of_one_language_only(manager: Client) -> None:
    for english, swedish in (("One", "Ett"), ("Two", "Två"), ("Three", "Tre")):
        make_faq(english)
        make_faq(swedish, language="sv")
    moved = Faq.objects.get(question="Tre")

    listed = manager.get(url("list"), {"ordering": "sort_order", "locale": "sv"})
    answer = manager.post(f"{url('reorder', moved.pk)}?position=0")

    assert [faq.question for faq in listed.context["object_list"]] == ["Ett", "Två", "Tre"]
    assert "w-orderable" in listed.content.decode()
    assert answer.json() == {"success": True}
    assert order("sv") == ["Tre", "Ett", "Två"]
    assert order() == ["One", "Two", "Three"]


def test_the_list_to_drag_in_is_of_the_language_that_is_looked_at(manager: Client) -> None:
    make_faq("One")
    make_faq("Ett", language="sv")

    html = manager.get(url("list"), {"locale": "sv"}).content.decode()
    everything = manager.get(url("list"), {"ordering": "sort_order"})

    assert "?ordering=sort_order&amp;locale=sv" in html
    assert [faq.question for faq in everything.context["object_list"]] == ["One"]


def test_publishing_an_older_revision_does_not_undo_the_order() -> None:
    first, second = make_faq("First"), make_faq("Second")
    old = first.save_revision()
    Faq.objects.filter(pk=second.pk).update(sort_order=0)
    Faq.objects.filter(pk=first.pk).update(sort_order=1)

    Revision.objects.get(pk=old.pk).publish()

    assert order() == ["Second", "First"]


def test_a_draft_is_hidden_until_it_is_published_or_due() -> None:
    now = timezone.now()
    faq = make_faq("Draft", live=False, go_live_at=now + timedelta(hours=1), expire_at=now + timedelta(days=1))
    faq.save_revision().publish()
    seen = [Faq.objects.get().live]

    for later in (timedelta(minutes=59), timedelta(minutes=61), timedelta(days=2)):
        with mock.patch("django.utils.timezone.now", return_value=now + later):
            call_command("publish_scheduled", verbosity=0)
        seen.append(Faq.objects.get().live)

    assert seen == [False, False, True, False]


def test_the_preview_is_in_the_colours_and_the_name_of_the_widget(manager: Client) -> None:
    make_settings(color="#ffd400", company_name="Cabin & Co")
    faq = make_faq("Can I <b>return</b> it?", "<p>Yes, <b>always</b>.</p>", category="Returns")
    form = {"question": faq.question, "answer": '{"blocks": [], "entityMap": {}}', "category": "Returns", "site": ""}

    manager.post(url("preview_on_edit", faq.pk), form)
    html = manager.get(url("preview_on_edit", faq.pk)).content.decode()

    assert "Cabin &amp; Co" in html
    assert 'fill="#ffd400"' in html and "head--dark" in html
    assert "Can I &lt;b&gt;return&lt;/b&gt; it?" in html
    assert "style=" not in html and "<script" not in html


@pytest.mark.covers("D3")
@pytest.mark.parametrize(("role", "may"), [(OPERATORS, False), (MANAGERS, True), (ADMINISTRATORS, True)])
def test_managers_and_administrators_edit_questions_and_operators_do_not(client: Client, role: str, may: bool) -> None:
    client.force_login(make_user(groups=[role]))
    faq = make_faq("Shown")
    form = {"question": "New?", "answer": '{"blocks": [{"key": "a", "text": "Yes", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}', "category": "", "site": "", "action-publish": "1"}  # fmt: skip

    pages = [client.get(url("list")).status_code, client.get(url("edit", faq.pk)).status_code]
    client.post(url("add"), form)
    client.post(url("unpublish", faq.pk))
    menu = client.get(reverse("wagtailadmin_home")).content.decode()

    assert pages == ([200, 200] if may else [302, 302])
    assert Faq.objects.filter(question="New?", live=True).exists() == may
    assert Faq.objects.get(pk=faq.pk).live != may
    assert (url("list") in menu) == may


def test_categories_that_there_are_are_suggested(manager: Client) -> None:
    make_faq(category='Deli"very')

    html = manager.get(url("add")).content.decode()

    assert '<option value="Deli&quot;very"></option>' in html
    assert 'list="id_category-known"' in html
