"""Messages that are left while nobody is there, and the letters about them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from tests.factories import (
    actor_of,
    events_of,
    make_department,
    make_open,
    make_operator,
    make_settings,
    make_visitor,
    make_waiting,
    the_site,
    visitor_actor,
)
from wagtail_livechat import launcher, mailcheck, snapshots
from wagtail_livechat.actions import cases, letters
from wagtail_livechat.actions.conversations import end_conversation, start_conversation
from wagtail_livechat.actions.messages import post_note
from wagtail_livechat.exceptions import BadForm, ClientIdConflict, Closed, Conflict, NotFound
from wagtail_livechat.intake import Answers, version_of
from wagtail_livechat.models import Conversation, Offer, OutgoingMail, Visitor

pytestmark = pytest.mark.django_db


def leave(text: str = "Do you mend zips?", *, visitor: Visitor | None = None, **options: Any) -> Conversation:
    options = {"name": "Ada", "email": "ada@mail.example", "client_id": uuid.uuid4(), **options}
    entry = start_conversation(actor=visitor_actor(visitor or make_visitor()), text=text, as_case=True, **options)
    return Conversation.objects.get(pk=entry.conversation_id)


def recipients() -> list[tuple[str, str]]:
    return sorted(OutgoingMail.objects.values_list("kind", "recipient"))


def sent_to(address: str) -> Any:
    [letter] = [letter for letter in mail.outbox if letter.to == [address]]
    return letter


# ------------------------------------------------------------------------------------------------ the case


@pytest.mark.covers("A11")
def test_a_message_that_is_left_is_a_case_with_a_number_that_is_offered_to_nobody() -> None:
    make_operator()

    case = leave()

    assert case.state == "offline"
    assert case.case_number
    assert (case.email, case.visitor.name, case.visitor.email) == ("ada@mail.example", "Ada", "ada@mail.example")
    assert not Offer.objects.exists()


def test_the_same_message_sent_twice_is_one_case() -> None:
    visitor, client_id = make_visitor(), uuid.uuid4()
    first = leave(visitor=visitor, client_id=client_id)

    again = leave(visitor=visitor, client_id=client_id)

    assert first == again
    assert recipients() == [("receipt", "ada@mail.example")]
    with pytest.raises(ClientIdConflict):
        leave("Something else", visitor=visitor, client_id=client_id)


def test_who_has_a_conversation_open_writes_there() -> None:
    conversation = make_waiting()

    entry = start_conversation(
        actor=visitor_actor(conversation.visitor), text="More", client_id=uuid.uuid4(), as_case=True
    )

    assert entry.conversation_id == conversation.pk
    assert not OutgoingMail.objects.exists()


def test_nobody_leaves_a_case_where_the_chat_is_switched_off() -> None:
    visitor = make_visitor()
    make_settings(enabled=False)

    with pytest.raises(Closed):
        leave(visitor=visitor)


@pytest.mark.covers("A3")
def test_what_the_site_asks_for_is_needed() -> None:
    make_settings(offline_email="required", offline_phone="required", offline_consent="required")

    with pytest.raises(BadForm) as refused:
        leave(email="ada@")

    assert refused.value.faults == {"email": "email", "phone": "required", "consent": "required"}
    assert not Conversation.objects.exists(), "and no case number was used up"


@pytest.mark.covers("A3")
def test_the_form_before_the_chat_is_held_to_the_same_rules() -> None:
    sales = make_department("Sales")
    make_settings(prechat_name="required", prechat_department="required", prechat_phone="shown", country="SE")
    visitor = make_visitor()

    with pytest.raises(BadForm) as refused:
        make_waiting(visitor, phone="12")
    conversation = make_waiting(visitor, name="Ada", department_id=sales.pk, phone="070-174 06 05")

    assert refused.value.faults == {"name": "required", "phone": "phone", "department": "required"}
    assert conversation.department == sales
    visitor.refresh_from_db()
    assert (visitor.name, visitor.phone) == ("Ada", "+46 70 174 06 05")


def test_a_further_message_is_asked_nothing() -> None:
    make_settings(prechat_name="required")
    visitor = make_visitor()
    first = make_waiting(visitor, name="Ada")

    entry = start_conversation(actor=visitor_actor(visitor), text="And", client_id=uuid.uuid4())

    assert entry.conversation_id == first.pk


@pytest.mark.covers("A4")
def test_an_address_that_mail_cannot_reach_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailcheck, "takes_no_mail", lambda domain: domain == "gmial.example")

    with pytest.raises(BadForm) as refused:
        leave(email="ada@gmial.example")

    assert refused.value.faults == {"email": "domain"}


def test_what_was_consented_to_is_kept_as_it_was_read() -> None:
    make_settings(offline_consent="required", consent_text="Store it for a year.")

    case = leave(consent=True)
    make_settings(consent_text="Something else")

    case.refresh_from_db()
    assert case.consent_text == "Store it for a year."
    assert case.consented_at is not None
    assert case.consent_version == version_of("Store it for a year.")


@pytest.mark.covers("E4")
@pytest.mark.parametrize(("page", "spoken"), [("sv", "sv"), ("no", "nb"), ("fi", "en"), ("de-at", "de")])
def test_consent_is_kept_in_the_language_in_which_it_was_read(page: str, spoken: str) -> None:
    make_settings(offline_consent="required")
    shown = launcher.config(the_site().pk, page)["forms"]

    case = leave(language=page, consent=True, consent_version=shown["consent_id"])

    case.refresh_from_db()
    assert (case.consent_text, case.consent_language) == (shown["consent"], spoken)
    assert case.consent_version == shown["consent_id"]
    (seen,) = snapshots.desk_conversations(actor_of(make_operator()), Conversation.objects.filter(pk=case.pk))
    assert seen.consent is not None
    assert (seen.consent.text, seen.consent.language, seen.consent.at) == (
        shown["consent"],
        spoken,
        case.consented_at,
    )


@pytest.mark.covers("E4")
def test_nobody_is_taken_to_have_agreed_to_a_sentence_that_they_did_not_read() -> None:
    make_settings(offline_consent="required", consent_text="Store it for a year.")
    shown = launcher.config(the_site().pk, "en")["forms"]["consent_id"]
    make_settings(consent_text="Store it for ever.")

    with pytest.raises(BadForm) as refused:
        leave(consent=True, consent_version=shown)

    assert refused.value.faults == {"consent": "changed"}
    assert not Conversation.objects.exists()


def test_the_desk_lists_a_case_until_somebody_has_dealt_with_it() -> None:
    operator = make_operator()
    case = leave()
    actor = actor_of(operator)

    listed = snapshots.desk_snapshot(actor, {}).conversations
    end_conversation(case.uuid, actor=actor)

    assert [(row.id, row.state, row.preview) for row in listed] == [(case.uuid, "offline", "Do you mend zips?")]
    assert snapshots.desk_snapshot(actor, {}).conversations == []
    case.refresh_from_db()
    assert (case.state, case.ended_by) == ("ended", "operator")


def test_an_operator_of_another_department_deals_with_no_case_of_this_one() -> None:
    sales = make_department("Sales")
    case = leave(department_id=sales.pk)

    with pytest.raises(NotFound):
        end_conversation(case.uuid, actor=actor_of(make_operator(departments=[make_department()])))


def test_the_visitor_is_shown_the_case_and_may_begin_anew() -> None:
    visitor = make_visitor()
    case = leave(visitor=visitor)

    shown = snapshots.visitor_snapshot(visitor_actor(visitor)).conversation
    next_one = make_waiting(visitor)

    assert shown is not None
    assert (shown.state, shown.case_number, shown.email) == ("offline", case.case_number, "ada@mail.example")
    assert next_one != case
    Conversation.objects.filter(pk=next_one.pk).delete()
    Conversation.objects.update(queued_at=timezone.now() - timedelta(days=2))
    assert snapshots.visitor_snapshot(visitor_actor(visitor)).conversation is None


# --------------------------------------------------------------------------------------------- nobody answers


@pytest.mark.covers("A7")
def test_who_waits_in_vain_leaves_an_address_and_the_case_is_kept() -> None:
    make_operator()
    conversation = make_waiting(text="Hello?")
    actor = visitor_actor(conversation.visitor)

    for _ in range(2):
        cases.leave_address(conversation.uuid, actor=actor, answers=Answers(email="ada@mail.example"))

    conversation.refresh_from_db()
    assert (conversation.state, conversation.email) == ("offline", "ada@mail.example")
    assert events_of(conversation) == ["left_address"]
    assert not Offer.objects.filter(state="pending").exists()
    assert ("receipt", "ada@mail.example") in recipients()


def test_an_address_is_needed_to_leave_one() -> None:
    conversation = make_waiting()

    with pytest.raises(BadForm) as refused:
        cases.leave_address(conversation.uuid, actor=visitor_actor(conversation.visitor), answers=Answers())

    assert refused.value.faults == {"email": "required"}


def test_somebody_answered_just_then() -> None:
    conversation = make_open()

    with pytest.raises(Conflict):
        cases.leave_address(
            conversation.uuid, actor=visitor_actor(conversation.visitor), answers=Answers(email="ada@mail.example")
        )

    conversation.refresh_from_db()
    assert (conversation.state, conversation.email) == ("active", "")


def test_nobody_leaves_an_address_in_anothers_conversation() -> None:
    conversation = make_waiting()

    with pytest.raises(NotFound):
        cases.leave_address(
            conversation.uuid, actor=visitor_actor(make_visitor()), answers=Answers(email="eve@mail.example")
        )


# ------------------------------------------------------------------------------------------------ letters


@pytest.mark.covers("A11")
def test_visitor_operators_and_support_get_a_letter_each() -> None:
    make_settings(support_email="Support@shop.example")
    sales = make_department("Sales", email="sales@shop.example")
    taker = make_operator(departments=[sales])
    make_operator(takes_offline_messages=False)
    make_operator(departments=[make_department()])
    make_operator(is_active=False)
    also_support = make_operator()
    also_support.user.email = "support@shop.example"
    also_support.user.save()

    leave(department_id=sales.pk)

    assert recipients() == [
        ("case", "Support@shop.example"),
        ("case", "sales@shop.example"),
        ("case", taker.user.email),
        ("receipt", "ada@mail.example"),
    ]


def test_the_letters_say_what_was_left_and_belong_to_one_thread() -> None:
    make_settings(support_email="support@shop.example", company_name="Norrgran")
    operator = make_operator("Elin")
    case = leave("Do you mend <zips>?\nMine broke.", language="en")

    assert letters.send_due() == 3

    receipt, copy = sent_to("ada@mail.example"), sent_to(operator.user.email)
    assert case.case_number in receipt.subject and case.case_number in copy.subject
    assert "Do you mend <zips>?\nMine broke." in receipt.body
    [(html, kind)] = receipt.alternatives
    assert kind == "text/html" and "Do you mend &lt;zips&gt;?" in html
    assert "Ada" in copy.body and "ada@mail.example" in copy.body and f"#{case.uuid}" in copy.body
    assert receipt.reply_to == ["support@shop.example"]
    assert copy.reply_to == ["ada@mail.example"]
    for letter in mail.outbox:
        assert letter.extra_headers["Auto-Submitted"] == "auto-generated"
        assert str(case.uuid) in letter.extra_headers["References"]
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 3


def test_the_letter_to_the_visitor_is_in_their_language_or_in_the_sites_own_words() -> None:
    leave(language="sv")
    make_settings(receipt_text="Hej <name>! <case> hos <company>.", company_name="Norrgran")
    letters.send_due()

    assert f"Hej Ada! {Conversation.objects.get().case_number} hos Norrgran." in sent_to("ada@mail.example").body


def test_hostile_text_is_only_text_in_a_letter() -> None:
    make_operator()
    leave(
        "<script>alert(1)</script> {{ settings.SECRET_KEY }} {% debug %}",
        name="Ada Bcc: eve@mail.example",
        page_title="</td><img src=x>",
        page_url="https://shop.example/",
    )

    assert letters.send_due() == 2

    for letter in mail.outbox:
        letter.message().as_bytes()
        html = letter.alternatives[0][0]
        assert "<script>" not in html and "<img" not in html
        assert "{{ settings.SECRET_KEY }}" in letter.body
        assert letter.recipients() == letter.to


def test_notes_are_in_no_letter() -> None:
    operator = make_operator("Elin")
    conversation = make_open(operator)
    post_note(conversation.uuid, actor=actor_of(operator), text="SECRET", client_id=uuid.uuid4())
    letters.queue(conversation, OutgoingMail.Kind.TRANSCRIPT, "ada@mail.example", "en")

    letters.send_due()

    [letter] = mail.outbox
    assert "SECRET" not in letter.body + letter.alternatives[0][0]
    assert "Elin joined the chat" in letter.body


class Refusing:
    """A mail server that says no so many times."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.tries = 0

    def __call__(self, *args: Any, **kwargs: Any) -> int:
        self.tries += 1
        if self.tries <= self.times:
            raise ConnectionRefusedError("no mail server there")
        return 1


@pytest.mark.covers("A11")
def test_a_letter_that_could_not_be_sent_is_tried_again_later_and_later(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Refusing(times=2)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", server)
    leave()
    now = timezone.now()

    assert letters.send_due(now) == 0
    assert letters.send_due(now + timedelta(seconds=50)) == 0
    assert server.tries == 1, "not yet"
    assert letters.send_due(timezone.now() + timedelta(seconds=61)) == 0
    assert letters.send_due(timezone.now() + timedelta(minutes=4)) == 0
    assert letters.send_due(timezone.now() + timedelta(minutes=6)) == 1

    letter = OutgoingMail.objects.get()
    assert (letter.state, letter.attempts, letter.error) == ("sent", 3, "")
    assert letters.send_due(timezone.now() + timedelta(days=9)) == 0
    assert server.tries == 3


def test_a_letter_that_never_gets_through_fails_in_the_open_and_can_be_sent_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Refusing(times=len(letters.PAUSES) + 1)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", server)
    leave()
    for _ in range(20):
        letters.send_due(timezone.now() + timedelta(days=2))

    letter = OutgoingMail.objects.get()
    assert letter.state == "failed"
    assert "no mail server there" in letter.error
    assert server.tries == len(letters.PAUSES) + 1

    letters.send_again(letter.pk)
    assert letters.send_due() == 1


def test_a_letter_whose_sender_died_is_not_sent_twice() -> None:
    leave()
    OutgoingMail.objects.update(state="sending", claimed_at=timezone.now() - timedelta(hours=1))

    assert letters.send_due() == 0

    letter = OutgoingMail.objects.get()
    assert letter.state == "failed"
    assert "may have arrived" in letter.error
    assert mail.outbox == []


@pytest.mark.covers("D4")
def test_copies_are_in_the_language_of_the_desk_unless_an_operator_has_chosen_one() -> None:
    from wagtail.users.models import UserProfile

    make_settings(admin_language="sv", support_email="help@shop.example")
    usual, chooser = make_operator(), make_operator()
    UserProfile.objects.create(user=chooser.user, preferred_language="de")

    leave(language="en")

    languages = dict(OutgoingMail.objects.filter(kind="case").values_list("recipient", "language"))
    assert languages == {"help@shop.example": "sv", usual.user.email: "sv", chooser.user.email: "de"}
    assert OutgoingMail.objects.get(kind="receipt").language == "en"
