"""Operators in the admin: added, invited, edited, removed; and what each changes about themselves."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.models import ModelLogEntry

from tests.desk.test_settings_admin import as_shown
from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    OPERATORS,
    make_department,
    make_open,
    make_operator,
    make_site,
    make_user,
    say,
    signed_in,
    the_site,
)
from tests.pure.test_attachments import picture
from wagtail_livechat.actions import letters, roles
from wagtail_livechat.actions.roles import CHANGED
from wagtail_livechat.models import Entry, Invitation, Operator

pytestmark = [pytest.mark.django_db, pytest.mark.covers("D2")]

OPERATORS_URL = "/admin/livechat/operators/"
INVITE_URL = "/admin/livechat/invite/"


@pytest.fixture
def administrator() -> Any:
    return make_user(groups=[ADMINISTRATORS], first_name="Astrid")


@pytest.fixture
def client(administrator: Any) -> Client:
    return signed_in(administrator)


def png(name: str = "me.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(size=(120, 60)), "image/png")


def told() -> list[tuple[str, dict[str, Any], Any]]:
    """(whose, what, by whom) of every change of role, in order."""
    entries = ModelLogEntry.objects.filter(action=CHANGED).order_by("timestamp", "pk")
    return [(entry.label, entry.data, entry.user) for entry in entries]


def test_an_existing_user_is_made_an_operator_with_a_role(client: Client, administrator: Any) -> None:
    user, sales, outlet = make_user("rut"), make_department("Sales"), make_site()
    fields = {**as_shown(client.get(f"{OPERATORS_URL}create/").content.decode())}

    answer = client.post(
        f"{OPERATORS_URL}create/",
        {**fields, "user": user.pk, "role": MANAGERS, "display_name": "Rut", "departments": [sales.pk],
         "sites": [outlet.pk], "capacity": 3, "upload": png()},
    )  # fmt: skip

    assert answer.status_code == 302
    operator = Operator.objects.get(user=user)
    assert (operator.name, operator.capacity, operator.takes_offline_messages) == ("Rut", 3, True)
    assert (list(operator.departments.all()), list(operator.sites.all())) == ([sales], [outlet])
    assert roles.role_of(user) == MANAGERS
    assert operator.picture.title == "Rut"
    assert operator.picture_url
    assert told()[-1] == ("rut", {"role": MANAGERS, "given": True}, administrator)
    shown = client.get(OPERATORS_URL).content.decode()
    assert "Manager" in shown
    assert "Sales" in shown


def test_a_role_is_changed_and_the_log_says_so_in_words(client: Client) -> None:
    operator = make_operator("Rut")
    address = f"{OPERATORS_URL}edit/{operator.pk}/"
    ModelLogEntry.objects.all().delete()

    client.post(address, {**as_shown(client.get(address).content.decode()), "role": MANAGERS})

    assert roles.role_of(operator.user) == MANAGERS
    assert [(what["role"], what["given"]) for _, what, _ in told()] == [(OPERATORS, False), (MANAGERS, True)]
    entry = ModelLogEntry.objects.filter(action=CHANGED).latest("pk")
    assert str(entry.message) == f"Gave the role {MANAGERS}"


def test_a_role_that_is_given_in_wagtails_own_user_editor_is_in_the_log_too() -> None:
    user, group = make_user("rut"), Group.objects.get(name=OPERATORS)
    group.user_set.add(user)
    user.groups.clear()
    user.groups.set([Group.objects.get(name="Editors")])

    assert [(what["role"], what["given"]) for _, what, _ in told()] == [(OPERATORS, True), (OPERATORS, False)]


def test_an_operator_who_may_do_more_keeps_their_role() -> None:
    """Whoever may edit operators, but not administer, takes no administrator's role away, and gives none."""
    chief = make_operator(role=ADMINISTRATORS)
    helper = make_user(groups=[OPERATORS])
    helper.user_permissions.add(*Permission.objects.filter(codename__in=["change_operator", "add_operator"]))
    client = signed_in(helper)
    address = f"{OPERATORS_URL}edit/{chief.pk}/"
    shown = as_shown(client.get(address).content.decode())

    client.post(address, {**shown, "role": OPERATORS, "display_name": "Chief"})
    chief.refresh_from_db()
    assert (chief.display_name, roles.role_of(chief.user)) == ("Chief", ADMINISTRATORS)

    other = make_operator()
    address = f"{OPERATORS_URL}edit/{other.pk}/"
    client.post(address, {**as_shown(client.get(address).content.decode()), "role": ADMINISTRATORS})
    assert roles.role_of(other.user) == OPERATORS


def test_the_user_of_an_operator_stays_the_same(client: Client) -> None:
    operator, other = make_operator("Rut"), make_user()
    address = f"{OPERATORS_URL}edit/{operator.pk}/"

    client.post(address, {**as_shown(client.get(address).content.decode()), "user": other.pk})

    assert Operator.objects.get(pk=operator.pk).user_id == operator.user_id


def test_removed_an_operator_loses_the_role_and_history_keeps_the_name(client: Client) -> None:
    operator = make_operator("Rut")
    conversation = make_open(operator)
    say(conversation, "Here I am", by=operator)
    page = client.get(f"{OPERATORS_URL}delete/{operator.pk}/").content.decode()
    assert "Rut will answer no more" in page

    client.post(f"{OPERATORS_URL}delete/{operator.pk}/")

    assert not Operator.objects.exists()
    user = get_user_model().objects.get(pk=operator.user_id)
    assert roles.role_of(user) == ""
    assert signed_in(user).get("/admin/livechat/desk/").status_code in (302, 403)
    assert Entry.objects.get(body="Here I am").author_name == "Rut"
    conversation.refresh_from_db()
    assert conversation.state == "queued"
    assert "Rut" in client.get(f"/admin/livechat/record/{conversation.case_number}/", follow=True).content.decode()


# ----------------------------------------------------------------------------------------------- invitations


def ask(client: Client, **fields: Any) -> Any:
    shown = as_shown(client.get(INVITE_URL).content.decode())
    return client.post(INVITE_URL, {**shown, "email": "rut@shop.example", "capacity": 4, **fields}, follow=True)


def test_somebody_is_invited_sent_the_letter_again_and_the_invitation_is_withdrawn(client: Client) -> None:
    sales = make_department("Sales")

    page = ask(client, first_name="Rut", departments=[sales.pk], role=OPERATORS, upload=png()).content.decode()

    assert "rut@shop.example is invited" in page
    assert "Invited" in page
    operator = Operator.objects.get()
    assert (operator.capacity, list(operator.departments.all())) == (4, [sales])
    assert operator.picture_url
    invitation = Invitation.objects.get()
    address = f"/admin/livechat/invitations/{invitation.pk}/"
    assert address in page
    letters.send_due()
    assert "Sent" in client.get(address).content.decode()

    page = client.post(address, {"what": "resend"}, follow=True).content.decode()
    assert "The letter is sent again" in page
    letters.send_due()
    assert [letter.to for letter in mail.outbox] == [["rut@shop.example"]] * 2

    page = client.post(address, {"what": "withdraw"}, follow=True).content.decode()
    assert "The invitation is withdrawn" in page
    assert not get_user_model().objects.filter(username="rut@shop.example").exists()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "not one"}, "Enter a valid email address."),
        ({"email": "rut@shop.example"}, "There is a user with this address. Add them to the operators instead."),
        ({"role": "Editors"}, "Select a valid choice."),
        ({"upload": SimpleUploadedFile("me.png", b"<svg onload=alert(1)>", "image/png")}, "not a picture that can be used"),
        ({"upload": SimpleUploadedFile("me.svg", b"<svg/>", "image/svg+xml")}, "not a picture that can be used"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_and_nobody_is_invited(client: Client, fields: dict[str, Any], sentence: str) -> None:
    make_user("rut")

    answer = ask(client, **{"email": "other@shop.example", **fields})

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    assert not Invitation.objects.exists()
    assert not mail.outbox


# ------------------------------------------------------------------------------------------ one's own profile


def named(operator: Operator) -> Any:
    """Wagtail's account page asks everybody for both names."""
    user = operator.user
    user.first_name, user.last_name = "Rut", "Berg"
    user.save()
    return user


def test_an_operator_changes_their_own_name_picture_sound_and_notifications_and_nothing_else() -> None:
    operator = make_operator("Rut", capacity=2)
    client = signed_in(named(operator))
    page = client.get("/admin/account/").content.decode()
    assert 'name="livechat-display_name"' in page

    answer = client.post(
        "/admin/account/",
        {**as_shown(page), "livechat-display_name": "Rut B.", "livechat-plays_sound": "", "livechat-notifies": "on",
         "livechat-upload": png(), "livechat-capacity": 50, "livechat-is_active": "", "livechat-user": 1},
    )  # fmt: skip

    assert answer.status_code == 302
    operator.refresh_from_db()
    assert (operator.name, operator.plays_sound, operator.notifies) == ("Rut B.", False, True)
    assert (operator.capacity, operator.is_active) == (2, True)
    assert operator.picture.uploaded_by_user == operator.user
    assert operator.picture_url
    assert operator.alerts == "notify"
    config = client.get("/admin/livechat/desk/").content.decode()
    assert '"prefs": {"sound": false, "notify": true}' in config

    page = client.get("/admin/account/").content.decode()
    client.post("/admin/account/", {**as_shown(page), "livechat-remove_picture": "on"})
    operator.refresh_from_db()
    assert (operator.picture, operator.picture_url) == (None, "")


def test_a_picture_is_drawn_anew_without_what_hides_in_it() -> None:
    from PIL import Image

    stream = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (60, 60), "red").save(stream, "JPEG", exif=exif)
    operator = make_operator()
    client = signed_in(named(operator))
    page = client.get("/admin/account/").content.decode()

    upload = SimpleUploadedFile("me.jpg", stream.getvalue(), "image/jpeg")
    client.post("/admin/account/", {**as_shown(page), "livechat-upload": upload})

    operator.refresh_from_db()
    assert b"taken at home" not in operator.picture.file.read()


def test_whoever_is_no_operator_has_no_profile_of_the_chat() -> None:
    for user in (make_user(groups=["Editors"]), make_user(groups=[OPERATORS])):
        assert "livechat-display_name" not in signed_in(user).get("/admin/account/").content.decode()


def test_the_admin_of_one_site_says_which_sites_an_operator_answers_for(client: Client) -> None:
    operator = make_operator("Rut")
    operator.sites.set([the_site()])

    assert the_site().hostname in client.get(OPERATORS_URL).content.decode()
