"""With masking on, nobody whom the site does not exempt sees a personal number: in any event, snapshot or page of the admin."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    actor_of,
    bodies,
    make_open,
    make_operator,
    make_settings,
    make_user,
    make_visitor,
    make_waiting,
    say,
    signed_in,
    the_site,
    visitor_actor,
)
from wagtail_livechat import handlers, protocol, snapshots, veils
from wagtail_livechat.actions.bans import ban_visitor
from wagtail_livechat.actions.conversations import (
    end_conversation,
    set_tags,
    start_conversation,
    update_visitor,
    wrap_up,
)
from wagtail_livechat.actions.files import post_file
from wagtail_livechat.actions.messages import post_message, post_note
from wagtail_livechat.actions.reveal import reveal as reveal_hidden
from wagtail_livechat.actions.team import open_with as open_with_colleague
from wagtail_livechat.actions.visitors import note_page
from wagtail_livechat.correspondence import compose
from wagtail_livechat.exceptions import BadInput, ClientIdConflict, Forbidden, NotFound
from wagtail_livechat.masking import KINDS
from wagtail_livechat.models import (
    Attachment,
    Ban,
    Conversation,
    Entry,
    Operator,
    OutgoingMail,
    PageVisit,
    PrivacySettings,
    Visitor,
)
from wagtail_livechat.permissions import OperatorActor

pytestmark = [pytest.mark.django_db, pytest.mark.covers("B16")]

CARD = "4111 1111 1111 1111"
IBAN = "SE45 5000 0000 0583 9825 7466"
IDENTITY = "811218-9876"
EMAIL = "melissa@gmail.com"
PHONE = "+447966197542"
NAME = "070-123 45 67"
CANARIES = (CARD, IBAN, IDENTITY, EMAIL, PHONE, NAME)
TEXT = f"Card {CARD}, account {IBAN}, I am {IDENTITY}, {EMAIL}, {PHONE}."
HIDDEN = "Card ************1111, account ********************7466, I am ***********, m******@gmail.com, *********7542."


def leaks(shown: object) -> list[str]:
    """The canaries that are in there: whole, or half of them."""
    text = shown if isinstance(shown, str) else json.dumps(shown, default=str)
    # Over the end of a line too, however often that was written as a backslash and an n.
    squeezed = "".join(re.sub(r"\\+n", " ", text).split())
    return [one for one in CANARIES if one in text or one.replace(" ", "")[: len(one) // 2 + 2] in squeezed]


def turn_on(mode: str = "mask", **fields: Any) -> PrivacySettings:
    row, _ = PrivacySettings.objects.update_or_create(
        site=the_site(), defaults={"masking": mode, "countries": "SE DK", **fields}
    )
    return row


@pytest.fixture
def elin() -> Operator:
    return make_operator("Elin")


def personal_visitor() -> Visitor:
    return make_visitor(name=NAME, email=EMAIL, phone=PHONE, reference=IDENTITY)


def open_with(operator: Operator, *texts: str) -> Conversation:
    first, *rest = texts
    conversation = make_open(
        operator,
        personal_visitor(),
        text=first,
        page_url=f"https://shop.example/?mail={EMAIL.replace('@', '%40')}",
        page_title=f"Cart of {EMAIL}",
    )
    for text in rest:
        say(conversation, text)
    return conversation


def send_file(conversation: Conversation, *, name: str, client_id: uuid.UUID | None = None) -> Entry:
    return post_file(
        conversation.uuid,
        actor=visitor_actor(conversation.visitor),
        name=name,
        content=b"Just text.",
        client_id=client_id or uuid.uuid4(),
    )


def shown_to(session: handlers.Session, *commands: protocol.Command) -> str:
    handle = handlers.handle_operator if isinstance(session, handlers.OperatorSession) else handlers.handle_visitor
    events = [event for command in commands for event in handle(session, command)]  # type: ignore[arg-type]
    return "\n".join(protocol.encode(event) for event in events)


def test_an_operator_sees_stars_in_every_event_and_snapshot(elin: Operator) -> None:
    turn_on()
    waiting = make_waiting(personal_visitor(), text=TEXT, page_url="https://shop.example/", page_title=EMAIL)
    conversation = open_with(elin, "Hello", TEXT)
    end_conversation(open_with(elin, TEXT).uuid, actor=actor_of(elin))
    note_page(visitor_actor(conversation.visitor), url=f"https://shop.example/{EMAIL}", title=f"For {PHONE}")
    wrap_up(conversation.uuid, actor=actor_of(elin), reason_id=None, note=f"Paid with {CARD}")
    session = handlers.OperatorSession(actor_of(elin))

    told = shown_to(
        session,
        protocol.OperatorHello(version=protocol.VERSION),
        protocol.OpenConversation(conversation=waiting.uuid),
        protocol.FetchTimeline(conversation=conversation.uuid, after=0),
        protocol.FetchVisitor(conversation=conversation.uuid),
    )
    say(conversation, TEXT)
    told += "\n".join(
        protocol.encode(event)
        for event in [
            *handlers.catch_up(session, [conversation.uuid]),
            *handlers.conversations_changed(session, [conversation.uuid, waiting.uuid]),
            *handlers.missed(handlers.OperatorSession(actor_of(elin))),
        ]
    )

    assert not leaks(told)
    assert HIDDEN in told
    assert '"masked":["card","iban","national_id","email","phone"]' in told
    assert '"masked":["name","email","phone","reference"]' in told
    assert "*******4567" in told


def test_a_number_that_the_preview_would_cut_is_hidden_before_it_is_cut(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, "x" * (snapshots.PREVIEW_LENGTH - 12) + " " + CARD)

    (shown,) = snapshots.desk_conversations(actor_of(elin), Conversation.objects.filter(pk=conversation.pk))

    assert len(shown.first_text) == snapshots.PREVIEW_LENGTH
    assert shown.first_text.endswith("x ***********")


def test_the_visitor_sees_what_they_wrote(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, TEXT)
    session = handlers.VisitorSession(visitor_actor(conversation.visitor))

    told = shown_to(session, protocol.VisitorHello(version=protocol.VERSION, token="t" * 43))

    assert TEXT in told
    assert bodies(conversation) == [TEXT]


def test_whoever_wrote_a_note_sees_it_and_colleagues_see_stars(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, "Hello")
    post_note(conversation.uuid, actor=actor_of(elin), text=f"Their card: {CARD}", client_id=uuid.uuid4())
    say(conversation, f"You gave us {CARD}", by=elin)

    own = snapshots.timeline_after(actor_of(elin), conversation.uuid, 0)
    colleagues = snapshots.timeline_after(actor_of(make_operator("Oskar")), conversation.uuid, 0)

    assert [entry.text for entry in own.entries if CARD in entry.text] == [f"Their card: {CARD}", f"You gave us {CARD}"]
    assert not leaks([entry.text for entry in colleagues.entries])


def test_only_the_chosen_kinds_are_hidden_and_only_on_this_site(elin: Operator) -> None:
    turn_on(mask_emails=False, mask_phones=False)

    veil = veils.veil_for(actor_of(elin), the_site().pk)

    assert veil.text(f"{EMAIL} {CARD}") == f"{EMAIL} ************1111"
    assert veil.detail("phone", PHONE) == PHONE
    assert veils.veil_for(actor_of(elin), the_site().pk + 1).text(CARD) == CARD


def test_who_has_the_right_sees_all_only_where_the_site_says_so() -> None:
    row = turn_on()
    boss = make_operator("Boss")
    boss.user.user_permissions.add(Permission.objects.get(codename="see_masked"))

    before = veils.veil_for(actor_of(boss), the_site().pk).text(CARD)
    row.exempt = PrivacySettings.Exempt.RIGHT
    row.save()

    assert before == "************1111"
    assert veils.veil_for(actor_of(boss), the_site().pk).text(CARD) == CARD
    assert veils.veil_for(actor_of(make_operator()), the_site().pk).text(CARD) != CARD
    assert veils.veil_for(None, the_site().pk).text(CARD) != CARD


def test_what_belongs_to_no_site_is_hidden_as_strictly_as_any() -> None:
    turn_on(mask_emails=False)

    assert veils.veil_for(None, None).text(f"{CARD} {EMAIL}") == f"************1111 {EMAIL}"


def test_a_panel_that_is_saved_unchanged_keeps_what_is_under_the_stars(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, "Hello")
    (shown,) = snapshots.desk_conversations(actor_of(elin), Conversation.objects.filter(pk=conversation.pk))

    update_visitor(
        conversation.uuid,
        actor=actor_of(elin),
        name=shown.visitor.name,
        email=shown.visitor.email,
        phone="+46701234567",
        reference=shown.visitor.reference,
    )

    visitor = Visitor.objects.get(pk=conversation.visitor_id)
    assert (visitor.name, visitor.email, visitor.phone, visitor.reference) == (NAME, EMAIL, "+46701234567", IDENTITY)


def test_a_wrap_up_note_that_comes_back_as_it_was_shown_is_unchanged(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, "Hello")
    wrap_up(conversation.uuid, actor=actor_of(elin), reason_id=None, note=f"Paid with {CARD}")

    wrap_up(conversation.uuid, actor=actor_of(elin), reason_id=None, note="Paid with ************1111")

    conversation.refresh_from_db()
    assert conversation.wrap_up_note == f"Paid with {CARD}"


def test_what_a_colleague_writes_is_hidden_in_list_and_timeline_and_its_writer_sees_it(elin: Operator) -> None:
    turn_on()
    oskar = make_operator("Oskar")
    talk = open_with_colleague(oskar.pk, actor=actor_of(elin))
    say(talk, f"Refund {CARD}", by=elin)

    def shown_to_operator(operator: Operator) -> str:
        session = handlers.OperatorSession(actor_of(operator))
        return shown_to(
            session,
            protocol.OperatorHello(version=protocol.VERSION),
            protocol.OpenConversation(conversation=talk.uuid),
        )

    assert not leaks(shown_to_operator(oskar))
    assert "Refund ************1111" in shown_to_operator(oskar)
    assert f"Refund {CARD}" in shown_to_operator(elin)
    boss = make_operator("Boss", role=MANAGERS)
    with pytest.raises(NotFound):
        reveal_hidden(talk.uuid, actor=actor_of(boss), seq=1, reason="Curious")


def test_the_name_of_a_file_is_hidden_wherever_it_is_shown(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, "Hello")
    entry = send_file(conversation, name=f"{EMAIL} {CARD}.txt")

    shown = snapshots.entry_for(actor_of(elin), entry)
    answer = signed_in(elin.user).get(f"/admin/livechat/files/{entry.data['file']}/")

    assert not leaks(protocol.encode(protocol.MessagePosted(conversation=conversation.uuid, after=0, entry=shown)))
    assert shown.masked == ["card", "email"]
    assert answer.status_code == 200
    assert not leaks(str(answer.headers))


def test_copies_for_those_who_answer_show_stars_and_the_visitor_gets_what_they_wrote(elin: Operator) -> None:
    turn_on()
    make_settings(company_name="Shop")
    conversation = open_with(elin, TEXT)
    letters = {
        kind: compose(OutgoingMail(conversation=conversation, kind=kind, recipient="x@shop.example", language="en"))
        for kind in (OutgoingMail.Kind.CASE, OutgoingMail.Kind.RECEIPT)
    }

    def whole(letter: Any) -> str:
        return f"{letter.message().as_string()} {letter.subject} {letter.body} {letter.alternatives}"

    assert not leaks(whole(letters[OutgoingMail.Kind.CASE]))
    assert "m******@gmail.com" in letters[OutgoingMail.Kind.CASE].body
    assert TEXT in letters[OutgoingMail.Kind.RECEIPT].body


# ------------------------------------------------------------------------------------------- redact


def test_redacted_text_is_stored_nowhere(elin: Operator) -> None:
    turn_on("redact")
    visitor = make_visitor()
    conversation = make_open(
        elin, visitor, text=TEXT, name=NAME, page_url=f"https://shop.example/?m={EMAIL}", page_title=PHONE
    )
    say(conversation, TEXT)
    post_note(conversation.uuid, actor=actor_of(elin), text=TEXT, client_id=uuid.uuid4())
    note_page(visitor_actor(visitor), url=f"https://shop.example/{EMAIL}", title=TEXT)
    update_visitor(conversation.uuid, actor=actor_of(elin), reference=IDENTITY)
    wrap_up(conversation.uuid, actor=actor_of(elin), reason_id=None, note=TEXT)
    set_tags(conversation.uuid, actor=actor_of(elin), names=["vip", EMAIL])
    ban_visitor(conversation.uuid, actor=actor_of(elin), by_address=False, reason=TEXT)

    stored = [list(model.objects.values()) for model in (Visitor, Conversation, Entry, PageVisit, Ban)] + [
        list(conversation.tags.values_list("name", flat=True))
    ]

    assert not leaks(stored)
    assert bodies(conversation) == [HIDDEN, HIDDEN]
    first = Entry.objects.get(conversation=conversation, seq=1)
    assert first.data == {"redacted": ["card", "iban", "national_id", "email", "phone"]}
    assert snapshots.entry_for(visitor_actor(visitor), first).text == HIDDEN


def test_an_address_that_was_asked_for_is_kept_to_answer_to_and_hidden(elin: Operator) -> None:
    turn_on("redact")
    conversation = make_open(elin, make_visitor(), email=EMAIL)

    (shown,) = snapshots.desk_conversations(actor_of(elin), Conversation.objects.filter(pk=conversation.pk))

    assert Visitor.objects.get(pk=conversation.visitor_id).email == EMAIL
    assert shown.visitor.email == "m******@gmail.com"


def test_what_else_is_written_into_such_a_field_is_removed(elin: Operator) -> None:
    turn_on("redact")
    conversation = make_open(elin, make_visitor(), email=CARD)

    update_visitor(conversation.uuid, actor=actor_of(elin), phone=IBAN, reference="20123456")

    visitor = Visitor.objects.get(pk=conversation.visitor_id)
    assert not leaks([visitor.email, visitor.phone])
    assert visitor.reference == "20123456"


def test_what_colleagues_write_to_each_other_is_redacted(elin: Operator) -> None:
    turn_on("redact")
    oskar = make_operator("Oskar")
    talk = open_with_colleague(oskar.pk, actor=actor_of(elin))
    again = uuid.uuid4()

    first = post_message(talk.uuid, actor=actor_of(elin), text=TEXT, client_id=again)
    second = post_message(talk.uuid, actor=actor_of(elin), text=TEXT, client_id=again)

    assert first.pk == second.pk
    assert Entry.objects.get(pk=first.pk).body == HIDDEN
    assert snapshots.entry_for(actor_of(elin), first).data == {"redacted": list(KINDS)}


def test_the_name_of_a_file_is_redacted(elin: Operator) -> None:
    turn_on("redact")
    conversation = open_with(elin, "Hello")
    again = uuid.uuid4()

    entry = send_file(conversation, name=f"{EMAIL} {CARD}.txt", client_id=again)
    repeated = send_file(conversation, name=f"{EMAIL} {CARD}.txt", client_id=again)

    assert entry.pk == repeated.pk
    assert not leaks([list(Entry.objects.values()), list(Attachment.objects.values())])
    assert entry.data["redacted"] == ["card", "email"]


def test_an_answer_is_sent_as_it_was_written(elin: Operator) -> None:
    turn_on("redact")
    conversation = make_open(elin)

    say(conversation, f"Pay to {IBAN}", by=elin)

    assert bodies(conversation)[-1] == f"Pay to {IBAN}"


def test_a_message_that_is_sent_again_is_the_one_that_was_redacted(elin: Operator) -> None:
    turn_on("redact")
    conversation = make_open(elin)
    actor, again, other = visitor_actor(conversation.visitor), uuid.uuid4(), uuid.uuid4()

    first = post_message(conversation.uuid, actor=actor, text=TEXT, client_id=again)
    second = post_message(conversation.uuid, actor=actor, text=TEXT, client_id=again)
    begun = start_conversation(actor=actor, text=TEXT, client_id=again)
    post_message(conversation.uuid, actor=actor, text="Nothing to hide", client_id=other)

    assert first.pk == second.pk == begun.pk
    with pytest.raises(ClientIdConflict):
        post_message(conversation.uuid, actor=actor, text="Something else", client_id=other)


def test_what_was_stored_before_redacting_began_is_hidden(elin: Operator) -> None:
    conversation = open_with(elin, TEXT)
    turn_on("redact")

    (entry, *_) = snapshots.timeline_after(actor_of(elin), conversation.uuid, 0).entries

    assert entry.text == HIDDEN


# --------------------------------------------------------------------------------------- the admin


def admin(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_the_admins_pages_show_stars(elin: Operator) -> None:
    turn_on()
    make_settings(company_name="Shop")
    conversation = open_with(elin, TEXT, "and more")
    ban_visitor(conversation.uuid, actor=actor_of(elin), by_address=False, reason=f"Sent {CARD}")
    client = admin(make_user(groups=[ADMINISTRATORS], is_superuser=True))

    pages = {
        address: client.get(address).content.decode()
        for address in (
            "/admin/livechat/conversations/",
            f"/admin/livechat/conversations/inspect/{conversation.pk}/",
            "/admin/livechat/bans/",
            "/admin/reports/site-history/",
            "/admin/",
        )
    }

    assert {address: leaks(page) for address, page in pages.items() if leaks(page)} == {}
    assert "*******4567" in pages["/admin/livechat/conversations/"]
    assert HIDDEN in pages[f"/admin/livechat/conversations/inspect/{conversation.pk}/"]


@pytest.mark.parametrize("word", ["1111", "4111", "melissa", "9876", "811218", "447966197542", "0583", "070-123"])
def test_searching_does_not_tell_what_is_hidden(elin: Operator, word: str) -> None:
    turn_on()
    conversation = open_with(elin, f"Hej på dig. {TEXT}")
    client = admin(make_user(groups=[MANAGERS]))

    found = client.get("/admin/livechat/conversations/", {"q": word}).content.decode()

    # What is shown may be found: the last four digits of the card.
    assert (conversation.case_number in found) == (word == "1111")


@pytest.mark.parametrize("word", ["card", "account", "gmail.com", EMAIL, "7466", "på"])
def test_searching_finds_what_may_be_seen(elin: Operator, word: str) -> None:
    turn_on()
    conversation = open_with(elin, f"Hej på dig. {TEXT}")
    other = make_open(make_operator(), make_visitor(), text="Hello")
    client = admin(make_user(groups=[MANAGERS]))

    found = client.get("/admin/livechat/conversations/", {"q": word}).content.decode()

    assert conversation.case_number in found
    assert other.case_number not in found


# ------------------------------------------------------------------------------------------- reveal


def log_entries() -> list[Any]:
    from wagtail.models import ModelLogEntry

    return list(ModelLogEntry.objects.filter(action="wagtail_livechat.reveal"))


def test_one_message_is_revealed_and_it_is_kept_who_when_and_why(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, TEXT, CARD)
    boss = make_operator("Boss", role=MANAGERS)
    session = handlers.OperatorSession(actor_of(boss))

    told = shown_to(
        session,
        protocol.RevealMasked(conversation=conversation.uuid, seq=1, reason=f"Refund to {CARD} by phone", ref="r"),
    )

    assert TEXT in told
    (entry,) = log_entries()
    assert entry.user == boss.user
    assert entry.object_id == str(conversation.pk)
    assert entry.data == {"seq": 1, "reason": "Refund to ************1111 by phone"}
    # Only what was asked for, and only once.
    assert not leaks([e.text for e in snapshots.timeline_after(session.actor, conversation.uuid, 0).entries])
    report = admin(make_user(groups=[ADMINISTRATORS], is_superuser=True)).get("/admin/reports/site-history/")
    assert "Refund to ************1111 by phone" in report.content.decode()


def test_one_detail_is_revealed(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, "Hello")
    session = handlers.OperatorSession(actor_of(make_operator(role=MANAGERS)))

    told = shown_to(session, protocol.RevealMasked(conversation=conversation.uuid, detail="phone", reason="Call back"))

    assert json.loads(told)["text"] == PHONE
    assert log_entries()[0].data == {"detail": "phone", "reason": "Call back"}


def test_without_the_right_nothing_is_revealed_or_logged(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, TEXT)

    with pytest.raises(Forbidden):
        shown_to(
            handlers.OperatorSession(actor_of(elin)),
            protocol.RevealMasked(conversation=conversation.uuid, seq=1, reason="I am curious"),
        )
    assert log_entries() == []


def test_a_reveal_names_one_thing_that_there_is(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, TEXT)
    boss = handlers.OperatorSession(actor_of(make_operator(role=MANAGERS)))

    for fields, refusal in (
        ({}, BadInput),
        ({"seq": 1, "detail": "name"}, BadInput),
        ({"seq": 99}, NotFound),
    ):
        with pytest.raises(refusal):
            shown_to(boss, protocol.RevealMasked(conversation=conversation.uuid, reason="Why not", **fields))
    assert log_entries() == []


def test_an_operator_is_told_whether_they_may_reveal(elin: Operator) -> None:
    hello = protocol.OperatorHello(version=protocol.VERSION)

    may = shown_to(handlers.OperatorSession(actor_of(make_operator(role=MANAGERS))), hello)

    assert '"may_reveal":true' in may
    assert "may_reveal" not in shown_to(handlers.OperatorSession(actor_of(elin)), hello)


def test_an_actor_that_says_nothing_of_rights_has_none() -> None:
    assert not OperatorActor(1, "", frozenset()).sees_masked
    assert not OperatorActor(1, "", frozenset()).may_reveal


# ---------------------------------------------------------------------------------- reveal, in the record


def record_of(conversation: Conversation) -> str:
    return f"/admin/livechat/conversations/inspect/{conversation.pk}/"


def test_the_record_reveals_one_message_once_to_whoever_may(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, TEXT, f"Again {CARD}")
    boss = make_operator("Boss", role=MANAGERS)
    client, url = admin(boss.user), record_of(conversation)

    before = client.get(url).content.decode()
    after = client.post(url, {"what": "1", "reason": "The refund failed"}).content.decode()
    later = client.get(url).content.decode()

    assert not leaks(before)
    # Two messages; name, e-mail, phone, reference.
    assert before.count('class="livechat-record__reveal"') == 6
    assert TEXT in after
    assert "Revealed to you alone" in after
    assert f"Again {CARD}" not in after
    assert not leaks(later)
    (entry,) = log_entries()
    assert (entry.user, entry.data) == (boss.user, {"seq": 1, "reason": "The refund failed"})


def test_the_record_reveals_one_detail(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, TEXT)
    boss = make_operator("Boss", role=MANAGERS)

    page = admin(boss.user).post(record_of(conversation), {"what": "name", "reason": "To greet them"}).content.decode()

    assert set(leaks(page)) == {NAME}
    assert [entry.data for entry in log_entries()] == [{"detail": "name", "reason": "To greet them"}]


@pytest.mark.parametrize(
    "asked",
    [
        {"what": "1", "reason": " "},
        {"what": "99", "reason": "x"},
        {"what": "token_hash", "reason": "x"},
        {"what": "", "reason": "x"},
        {"what": "9" * 30, "reason": "x"},
    ],
)
def test_the_record_says_why_it_reveals_nothing(elin: Operator, asked: dict[str, str]) -> None:
    turn_on()
    conversation = open_with(elin, TEXT)
    boss = make_operator("Boss", role=MANAGERS)

    answer = admin(boss.user).post(record_of(conversation), asked)

    assert answer.status_code == 200
    assert not leaks(answer.content.decode())
    assert "Revealed to you alone" not in answer.content.decode()
    assert log_entries() == []


def test_without_the_right_the_record_has_no_button_and_reveals_nothing(elin: Operator) -> None:
    turn_on()
    conversation = open_with(elin, TEXT)
    client = admin(elin.user)

    page = client.get(record_of(conversation)).content.decode()
    answer = client.post(record_of(conversation), {"what": "1", "reason": "Please"}).content.decode()

    assert "livechat-record__reveal" not in page
    assert not leaks(answer)
    assert "You may not reveal what is hidden" in answer
    assert log_entries() == []
    stranger = admin(make_user(groups=["Editors"]))
    assert stranger.post(record_of(conversation), {"what": "1", "reason": "Please"}).status_code == 302
    assert log_entries() == []
