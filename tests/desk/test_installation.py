"""The Installation page, and the preview of a chat that is not shown yet."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from wagtail.users.models import UserProfile

from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    make_settings,
    make_site,
    make_user,
    signed_in,
    signed_in_as,
    the_site,
)
from wagtail_livechat import doctor, launcher
from wagtail_livechat.actions import letters

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D5")]

PAGE = "/admin/livechat/installation/"


def test_the_page_has_the_tag_the_codes_of_each_site_and_every_result() -> None:
    outlet = make_site("outlet.example")
    client = signed_in_as(ADMINISTRATORS)

    page = client.get(PAGE).content.decode()

    assert "{% livechat %}" in page
    for site in (the_site(), outlet):
        assert f"data-site=&quot;{site.pk}&quot;" in page
        assert f"{PAGE}preview/{site.pk}/" in page
    for result in doctor.examine():
        assert f'data-check="{result.key}"' in page
    assert 'data-live="socket"' in page
    assert "<style" not in page.split("livechat-install", 1)[1]
    assert PAGE in client.get("/admin/").content.decode()


def test_a_test_letter_is_sent_to_who_asks_and_to_nobody_else() -> None:
    user = make_user("astrid", groups=[ADMINISTRATORS])

    page = signed_in(user).post(PAGE, {"address": "somebody@else.example"}, follow=True).content.decode()
    letters.send_due()

    assert "A letter to astrid@shop.example is on its way." in page
    assert [letter.to for letter in mail.outbox] == [["astrid@shop.example"]]


def test_the_preview_boots_a_chat_that_is_not_shown_and_nobody_else_does() -> None:
    make_settings(enabled=False)
    client = signed_in_as(ADMINISTRATORS)

    answer = client.get(f"{PAGE}preview/{the_site().pk}/")
    page = answer.content.decode()
    address = re.search(r'data-boot="([^"]+)"', page)[1].replace("&amp;", "&")  # type: ignore[index]

    assert "require-trusted-types-for 'script'" in answer["Content-Security-Policy"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"]
    booted = Client().get(address)
    assert booted.json()["enabled"] is True
    assert "no-store" in booted["Cache-Control"]
    assert Client().get(address.split("&preview=")[0]).json()["enabled"] is False
    for wrong in ("forged", launcher.preview_pass(the_site().pk + 1), ""):
        assert Client().get("/livechat/boot/", {"site": the_site().pk, "preview": wrong}).json()["enabled"] is False


def test_the_window_of_a_preview_opens_although_nobody_else_is_let_in() -> None:
    make_settings(enabled=False)
    site = the_site().pk
    query = {"site": site, "lang": "en", "preview": launcher.preview_pass(site)}

    config = Client().get(Client().get("/livechat/boot/", query).json()["config"])
    address = config.json()["urls"]["session"]

    def ask(where: str, of: int = site) -> int:
        return Client(headers={"origin": "http://testserver"}).post(where, {"site": of}, "application/json").status_code

    assert "no-store" in config["Cache-Control"]
    assert ask(address) == 201
    assert ask(address.split("?")[0]) == 403
    assert ask(f"{address.split('?')[0]}?preview=forged") == 403
    other = make_site("other.example")
    make_settings(other, enabled=False)
    assert ask(address, of=other.pk) == 403
    assert "preview" not in Client().get("/livechat/config/", {"site": site, "lang": "en"}).content.decode()


def test_a_manager_has_neither_the_page_nor_the_preview() -> None:
    client = signed_in_as(MANAGERS)
    for address in (PAGE, f"{PAGE}preview/{the_site().pk}/"):
        assert client.get(address)["Location"] == "/admin/"
        assert client.post(address).status_code in (302, 405)
    assert PAGE not in client.get("/admin/").content.decode()
    assert not mail.outbox


def test_the_page_is_in_the_language_of_who_asks_though_it_looks_at_the_front_as_a_visitor() -> None:
    user = make_user(groups=[ADMINISTRATORS])
    UserProfile.objects.create(user=user, preferred_language="sv")

    page = signed_in(user).get(PAGE).content.decode()

    assert re.search(r'<html[^>]* lang="sv"', page)
