"""An operator is invited by e-mail: a link that is good once, while it is fresh, and the newest only."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from tests.factories import ADMINISTRATORS, MANAGERS, OPERATORS, make_department, make_site, make_user
from wagtail_livechat import notices
from wagtail_livechat.actions import invitations, letters, roles
from wagtail_livechat.exceptions import Conflict
from wagtail_livechat.models import Invitation, Operator, OutgoingMail

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D2")]

PASSWORD = "correct horse battery"
ORIGIN = "http://testserver"


def invite(email: str = "rut@shop.example", **options: Any) -> Invitation:
    by = options.pop("by", None) or make_user(groups=[ADMINISTRATORS])
    return invitations.invite(email, **{"role": OPERATORS, "by": by, "origin": ORIGIN, **options})


def link_of_letter() -> str:
    """In the newest letter."""
    letters.send_due()
    return re.search(r"http://testserver(\S+)", mail.outbox[-1].body)[1]  # type: ignore[index]


def choose(client: Client, link: str, password: str = PASSWORD) -> Any:
    page = client.get(link, follow=True)
    if "new_password1" not in page.content.decode():
        return page
    where = page.redirect_chain[-1][0]
    return client.post(where, {"new_password1": password, "new_password2": password}, follow=True)


def test_the_invited_has_role_departments_sites_and_name_at_once_and_gets_in_by_the_link() -> None:
    sales, outlet = make_department("Sales"), make_site()
    invite(first_name="Rut", display_name="Rut from Sales", departments=[sales], sites=[outlet], capacity=3)
    operator = Operator.objects.get()
    assert (operator.name, operator.capacity, roles.role_of(operator.user)) == ("Rut from Sales", 3, OPERATORS)
    assert (list(operator.departments.all()), list(operator.sites.all())) == ([sales], [outlet])
    client = Client()

    answer = choose(client, link_of_letter())

    assert answer.redirect_chain[-1][0] == "/admin/livechat/desk/"
    assert answer.status_code == 200
    operator.refresh_from_db()
    assert operator.is_active
    user = get_user_model().objects.get(pk=operator.user_id)
    assert user.is_active
    assert user.check_password(PASSWORD)
    assert Client().login(username="rut@shop.example", password=PASSWORD)


def test_until_then_nothing_is_offered_or_written_to_them_and_nobody_gets_in() -> None:
    invitation = invite()

    assert not invitation.operator.is_active
    assert not invitation.operator.user.is_active
    assert not invitation.operator.user.has_usable_password()
    assert not Client().login(username="rut@shop.example", password="")


def test_the_link_is_good_once() -> None:
    invite()
    link = link_of_letter()
    choose(Client(), link)

    again = choose(Client(), link, "another password entirely")

    assert "This link leads nowhere any more" in again.content.decode()
    assert Client().login(username="rut@shop.example", password=PASSWORD)


def test_looking_at_the_link_does_not_use_it_up() -> None:
    invite()
    link = link_of_letter()
    for _ in range(3):
        assert "new_password1" in Client().get(link, follow=True).content.decode()
        Client().head(link)

    assert choose(Client(), link).redirect_chain[-1][0] == "/admin/livechat/desk/"


def test_the_token_is_in_no_address_that_a_page_is_shown_at_and_in_no_row() -> None:
    invite()
    link = link_of_letter()
    token = link.rstrip("/").rsplit("/", 1)[-1]

    page = Client().get(link, follow=True)

    assert token not in page.redirect_chain[-1][0]
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    for row in (*OutgoingMail.objects.values(), *Invitation.objects.values(), *get_user_model().objects.values()):
        assert token not in str(row)


def test_an_old_link_leads_nowhere(settings: Any) -> None:
    invite()
    link = link_of_letter()
    settings.PASSWORD_RESET_TIMEOUT = 3600

    with mock.patch.object(notices.Tokens, "_now", return_value=datetime.now() + timedelta(hours=2)):
        assert "This link leads nowhere any more" in choose(Client(), link).content.decode()


def test_sent_again_the_first_link_is_worthless_and_the_second_good() -> None:
    invitation = invite()
    first = link_of_letter()
    invitations.resend(invitation.pk, origin=ORIGIN)
    second = link_of_letter()

    assert "This link leads nowhere any more" in choose(Client(), first).content.decode()
    assert choose(Client(), second).redirect_chain[-1][0] == "/admin/livechat/desk/"
    with pytest.raises(Conflict):
        invitations.resend(invitation.pk, origin=ORIGIN)


def test_a_letter_that_still_waits_does_not_leave_when_another_is_written() -> None:
    invitation = invite()
    invitations.resend(invitation.pk, origin=ORIGIN)

    letters.send_due()

    assert len(mail.outbox) == 1


def test_withdrawn_the_link_is_worthless_and_the_account_gone() -> None:
    invitation = invite()
    link = link_of_letter()

    invitations.withdraw(invitation.pk)

    assert not get_user_model().objects.filter(username="rut@shop.example").exists()
    assert not OutgoingMail.objects.exists()
    assert "This link leads nowhere any more" in choose(Client(), link).content.decode()
    with pytest.raises(Conflict):
        invitations.withdraw(invitation.pk)
    invite()  # the address is free again


def test_whoever_has_accepted_cannot_be_withdrawn() -> None:
    invitation = invite()
    choose(Client(), link_of_letter())

    with pytest.raises(Conflict):
        invitations.withdraw(invitation.pk)
    assert get_user_model().objects.filter(username="rut@shop.example").exists()


def test_a_token_for_resetting_passwords_is_none_for_an_invitation() -> None:
    """Nor the other way round: a link does what its letter says."""
    from django.contrib.auth.tokens import default_token_generator

    user = invite().operator.user
    assert not notices.tokens.check_token(user, default_token_generator.make_token(user))
    assert not default_token_generator.check_token(user, notices.tokens.make_token(user))
    assert not notices.tokens.check_token(make_user(), notices.tokens.make_token(make_user()))


@pytest.mark.parametrize("email", ["rut@shop.example", "RUT@shop.example"])
def test_whoever_has_an_account_is_not_invited_again(email: str) -> None:
    make_user("rut")

    with pytest.raises(ValidationError, match="There is a user with this address"):
        invite(email)


def test_nobody_gives_a_role_that_may_do_more_than_they_may() -> None:
    from django.contrib.auth.models import Permission

    by = make_user(groups=[OPERATORS])
    by.user_permissions.add(Permission.objects.get(codename="add_operator"))
    by = get_user_model().objects.get(pk=by.pk)

    assert roles.grantable_by(by) == [OPERATORS]
    for role in (MANAGERS, ADMINISTRATORS):
        with pytest.raises(ValidationError, match="You may not give this role"):
            invite(role=role, by=by)
    assert roles.grantable_by(make_user(groups=[ADMINISTRATORS])) == [OPERATORS, MANAGERS, ADMINISTRATORS]


def test_the_letter_says_who_invites_to_what_in_its_language_and_as_text_and_html() -> None:
    by = make_user(groups=[ADMINISTRATORS], first_name="Astrid")
    invite(by=by, display_name="<b>Rut</b>\r\nBcc: all@shop.example", language="sv")

    letters.send_due()

    [letter] = mail.outbox
    assert letter.to == ["rut@shop.example"]
    assert "Astrid" in letter.body
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    assert "&lt;b&gt;Rut" in html
    assert "<b>Rut" not in html
    assert "\n" not in letter.subject
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
