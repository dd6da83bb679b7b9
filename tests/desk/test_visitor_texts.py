"""The page on which a site's people put their own sentences in place of the standard ones, and what visitors then read."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tests.factories import ADMINISTRATORS, MANAGERS, OPERATORS, make_settings, make_site, signed_in_as, the_site
from wagtail_livechat import launcher, sentences, wording
from wagtail_livechat.models import LiveChatSettings, TextOverride

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/livechat/texts/"


@pytest.fixture
def administrator() -> Client:
    return signed_in_as(ADMINISTRATORS)


def address(language: str = "sv", **others: str) -> str:
    query = "&".join(
        f"{name}={value}" for name, value in {"site": str(the_site().pk), "language": language, **others}.items()
    )
    return f"{ADDRESS}?{query}"


def save(client: Client, language: str = "sv", **texts: str) -> str:
    posted = {f"text:{key}": text for key, text in texts.items()}
    reply = client.post(address(language), {"site": the_site().pk, **posted}, follow=True)
    return str(reply.content.decode())


def shown(html: str) -> list[str]:
    return re.findall(r'name="text:(\w+)"', html)


@pytest.mark.covers("A15")
@pytest.mark.covers("D4")
def test_every_sentence_is_listed_once_with_the_standard_one_beside_it(administrator: Client) -> None:
    html = administrator.get(address()).content.decode()

    with translation.override("sv"):
        everything = sentences.sentences()
    assert sorted(shown(html)) == sorted(everything)
    assert "Skriv ett meddelande" in html
    # Also those that Django's catalogue writes with its own placeholders.
    assert "%(" not in html[html.index("livechat-texts__group") :].rpartition("livechat-texts__save")[0]
    assert "<code>{case}</code>" in html


@pytest.mark.covers("A15")
@pytest.mark.covers("D4")
def test_ones_own_sentence_is_what_visitors_of_this_site_read_in_this_language(administrator: Client) -> None:
    LiveChatSettings.objects.filter(site=the_site()).delete()
    make_settings(label="Ask", greeting="Hi")
    other = make_site()
    launcher.config(the_site().pk, "sv")

    save(
        administrator,
        write="Skriv till oss",
        launcher_label="Fråga oss",
        greeting="Hej!",
        state_offline="Stängt",
        consent="Ja",
    )

    swedish, boot = launcher.config(the_site().pk, "sv-se"), launcher.boot(the_site().pk, "sv")
    assert swedish["texts"]["write"] == "Skriv till oss"
    assert swedish["texts"]["send"] == "Skicka"
    assert (swedish["greeting"], swedish["forms"]["consent"]) == ("Hej!", "Ja")
    assert (boot["label"], boot["state_label"]) == ("Fråga oss", "Stängt")
    # What is set for all languages holds in the others, and the standard in other sites.
    assert (launcher.boot(the_site().pk, "en")["label"], launcher.config(the_site().pk, "en")["greeting"]) == (
        "Ask",
        "Hi",
    )
    assert launcher.config(the_site().pk, "en")["texts"]["write"] == "Write a message"
    assert launcher.config(other.pk, "sv")["texts"]["write"] == "Skriv ett meddelande"


@pytest.mark.covers("A15")
def test_a_language_that_we_do_not_speak_is_english_until_the_site_speaks_it(
    administrator: Client, django_capture_on_commit_callbacks: Any
) -> None:
    make_settings(language="ar")
    assert (
        "without a text of your own, visitors read the English one" in administrator.get(address("ar")).content.decode()
    )
    assert launcher.config(the_site().pk, "ar")["texts"]["write"] == "Write a message"
    assert launcher.boot(the_site().pk, "ar")["dir"] == "rtl"

    # What was made before is made anew at once.
    with django_capture_on_commit_callbacks(execute=True):
        save(administrator, "en", send="Send it")
        save(administrator, "ar", write="اكتب رسالة")

    texts = launcher.config(the_site().pk, "ar")["texts"]
    assert (texts["write"], texts["send"], texts["menu"]) == ("اكتب رسالة", "Send it", "Menu")


@pytest.mark.covers("D4")
def test_what_is_filled_in_must_stay_and_nothing_typed_is_lost(administrator: Client) -> None:
    html = save(
        administrator,
        event_joined="Nu är {person} här",
        typing="Någon skriver",
        event_left="{name} gick",
        write="x" * 301,
    )

    assert "{name} must stay: it is filled in." in html
    assert "Nothing is filled in for {person} here." not in html  # one thing at a time
    assert "at most 300 characters" in html
    assert "3 sentences were not saved" in html and "One sentence was changed." in html
    assert "Nu är {person} här</textarea>" in html
    assert list(TextOverride.objects.values_list("key", "text")) == [("event_left", "{name} gick")]
    assert "Nothing is filled in for {what} here." in save(administrator, send="Send {what}")


@pytest.mark.covers("D4")
def test_back_to_the_standard_text(administrator: Client) -> None:
    save(administrator, write="Mitt", send="Ditt", menu="Vårt")
    # The standard text, or nothing, is none of one's own; the button resets one.
    save(administrator, write="", send="Skicka")
    reply = administrator.post(address(), {"site": the_site().pk, "text:menu": "Vårt", "reset": "menu"})

    assert reply.status_code == 302
    assert not TextOverride.objects.exists()
    assert wording.of(the_site().pk, "sv")["menu"] == "Meny"


@pytest.mark.covers("D4")
def test_search_and_only_the_changed_ones(administrator: Client) -> None:
    save(administrator, write="Något eget", send="Iväg")

    assert shown(administrator.get(address(q="något+EGET")).content.decode()) == ["write"]
    assert shown(administrator.get(address(changed="1")).content.decode()) == ["write", "send"]
    assert "No sentence matches" in administrator.get(address(q="qqqq")).content.decode()
    assert "2 of " in administrator.get(address()).content.decode()


@pytest.mark.covers("D3")
def test_a_manager_changes_what_the_window_says_and_an_administrator_letters_and_consent_too() -> None:
    manager = signed_in_as(MANAGERS)
    listed = shown(manager.get(address()).content.decode())
    assert "write" in listed
    assert {"consent", "letter_receipt", "own_letter"}.isdisjoint(listed)

    save(manager, consent="Everything", letter_receipt="{case}", write="Skriv")

    assert list(TextOverride.objects.values_list("key", flat=True)) == ["write"]
    # Wagtail shows an operator out, to the admin's front page.
    assert signed_in_as(OPERATORS).get(ADDRESS).status_code in (302, 403)
    assert manager.post(ADDRESS, {"site": 10_000, "text:write": "Elsewhere"}).status_code in (302, 403)
    assert list(TextOverride.objects.values_list("text", flat=True)) == ["Skriv"]
