"""The list of letters in the admin."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.core.mail import EmailMultiAlternatives

from tests.factories import ADMINISTRATORS, MANAGERS, make_waiting, signed_in_as, the_site
from wagtail_livechat.actions import letters
from wagtail_livechat.models import OutgoingMail, PrivacySettings

pytestmark = pytest.mark.django_db

LETTERS = "/admin/livechat/letters/"


@pytest.fixture
def failed() -> OutgoingMail:
    letters.queue(make_waiting(), OutgoingMail.Kind.TRANSCRIPT, "ada@mail.example", "en")
    OutgoingMail.objects.update(state="failed", error="ConnectionRefusedError: <no> server", attempts=8)
    return OutgoingMail.objects.get()


@pytest.mark.covers("A11")
def test_an_administrator_sees_which_letter_failed_and_why_and_sends_it_again(failed: OutgoingMail) -> None:
    administrator = signed_in_as(ADMINISTRATORS)
    address = f"{LETTERS}edit/{failed.pk}/"

    listed = administrator.get(LETTERS).content.decode()
    shown = administrator.get(address).content.decode()
    administrator.post(address, follow=True)

    assert "ada@mail.example" in listed and failed.conversation.case_number in listed
    assert "ConnectionRefusedError: &lt;no&gt; server" in shown and "Send again" in shown
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == ("waiting", 0)
    assert "Send again" not in administrator.get(address).content.decode()
    assert letters.send_due() == 1


def test_nobody_adds_or_deletes_letters_and_others_do_not_see_them(failed: OutgoingMail) -> None:
    administrator, manager = signed_in_as(ADMINISTRATORS), signed_in_as(MANAGERS)

    assert administrator.get(f"{LETTERS}new/").status_code == 302
    assert administrator.post(f"{LETTERS}delete/{failed.pk}/").status_code == 302
    assert manager.get(LETTERS).status_code == 302
    assert manager.post(f"{LETTERS}edit/{failed.pk}/").status_code == 302
    failed.refresh_from_db()
    assert failed.state == "failed"


@pytest.mark.covers("B16")
def test_a_visitors_address_is_hidden_in_the_list_of_letters_and_in_what_went_wrong() -> None:
    PrivacySettings.objects.update_or_create(site=the_site(), defaults={"masking": "mask"})
    letters.queue(make_waiting(), OutgoingMail.Kind.TRANSCRIPT, "melissa@gmail.com", "en")
    letters.queue(make_waiting(), OutgoingMail.Kind.CASE, "elin@shop.example", "en")
    with patch.object(EmailMultiAlternatives, "send", side_effect=OSError("550 <melissa@gmail.com>: no such user")):
        letters.send_due()
    OutgoingMail.objects.update(state="failed")
    administrator = signed_in_as(ADMINISTRATORS)
    letter = OutgoingMail.objects.get(recipient="melissa@gmail.com")
    administrator.post(f"{LETTERS}edit/{letter.pk}/", follow=True)

    pages = [administrator.get(LETTERS), administrator.get(f"{LETTERS}edit/{letter.pk}/")]
    pages.append(administrator.get("/admin/reports/site-history/"))
    by_part = administrator.get(LETTERS, {"q": "melissa"}).content.decode()
    by_whole = administrator.get(LETTERS, {"q": "melissa@gmail.com"}).content.decode()

    assert not [page for page in pages if "melissa" in page.content.decode()]
    assert "m******@gmail.com" in pages[0].content.decode()
    assert "elin@shop.example" in pages[0].content.decode()  # a colleague's own
    assert "550" in pages[1].content.decode()
    assert "m******@gmail.com" not in by_part
    assert "m******@gmail.com" in by_whole
