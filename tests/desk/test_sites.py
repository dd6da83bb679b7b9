"""B17: a site of which conversations are kept is not deleted in passing; the admin says so and what to do instead."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Page, Site

from tests.factories import ADMINISTRATORS, make_site, make_user, make_visitor, make_waiting, signed_in, signed_in_as
from wagtail_livechat.actions import erasure
from wagtail_livechat.models import Conversation

pytestmark = [pytest.mark.django_db, pytest.mark.covers("B17")]


@pytest.fixture
def boss() -> Client:
    return signed_in(make_user(is_superuser=True, is_staff=True))


@pytest.fixture
def talked_on() -> Site:
    """A second site, with its own root page, on which somebody waits."""
    site = make_site("second.example")
    root = Page.objects.get(depth=1).add_child(instance=Page(title="Second home", slug="second-home"))
    site.root_page = root
    site.save()
    make_waiting(make_visitor(site=site), text="I stay")
    return site


def delete_url(site: Site) -> str:
    return f"/admin/sites/delete/{site.pk}/"


def test_a_site_with_conversations_is_kept_and_it_is_said_what_to_do(boss: Client, talked_on: Site) -> None:
    asked = boss.get(delete_url(talked_on))
    refused = boss.post(delete_url(talked_on))

    assert (asked.status_code, refused.status_code) == (200, 409)
    for page in (asked.content.decode(), refused.content.decode()):
        assert "The live chat keeps 1 conversation of this site." in page
        assert f"/admin/settings/wagtail_livechat/livechatsettings/{talked_on.pk}/" in page
        assert f"/admin/settings/wagtail_livechat/privacysettings/{talked_on.pk}/" in page
    assert Site.objects.filter(pk=talked_on.pk).exists()
    assert Conversation.objects.filter(site=talked_on).count() == 1


def test_when_the_last_conversation_is_gone_wagtail_deletes_the_site(boss: Client, talked_on: Site) -> None:
    make_visitor(site=talked_on)  # somebody who never wrote keeps no site
    erasure.erase_visitors(Conversation.objects.filter(site=talked_on).values_list("visitor", flat=True))

    assert "Are you sure you want to delete this site?" in boss.get(delete_url(talked_on)).content.decode()
    assert boss.post(delete_url(talked_on)).status_code == 302
    assert not Site.objects.filter(pk=talked_on.pk).exists()


def test_who_may_not_delete_sites_learns_nothing_of_it(talked_on: Site) -> None:
    answer = signed_in_as(ADMINISTRATORS).get(delete_url(talked_on))

    assert answer.status_code == 302
    assert Client().get(delete_url(talked_on)).status_code == 302


@pytest.mark.parametrize("at", ["root", "above"])
def test_the_page_where_such_a_site_begins_is_kept_too(boss: Client, talked_on: Site, at: str) -> None:
    page = talked_on.root_page
    if at == "above":
        page = Page.objects.get(depth=1).add_child(instance=Page(title="Above", slug="above"))
        talked_on.root_page.move(page, "last-child")

    alone = boss.post(f"/admin/pages/{page.pk}/delete/", follow=True).content.decode()
    together = boss.post(
        f"/admin/bulk/wagtailcore/page/delete/?id={page.pk}&next=/admin/", follow=True
    ).content.decode()

    for shown in (alone, together):
        assert "cannot be deleted: the live chat keeps conversations of the site" in shown
    assert Page.objects.filter(pk=talked_on.root_page_id).exists()
    assert Site.objects.filter(pk=talked_on.pk).exists()


def test_other_pages_are_deleted_as_ever(boss: Client, talked_on: Site) -> None:
    page = talked_on.root_page.add_child(instance=Page(title="Old news", slug="old"))

    assert boss.post(f"/admin/pages/{page.pk}/delete/").status_code == 302
    assert not Page.objects.filter(pk=page.pk).exists()
