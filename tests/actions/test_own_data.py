"""Somebody's data: handed out whole, erased without a trace, by themselves, in the admin and by command; and kept no longer than said."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from tests.factories import (
    ADMINISTRATORS,
    MANAGERS,
    actor_of,
    make_open,
    make_operator,
    make_site,
    make_visitor,
    make_waiting,
    say,
    signed_in_as,
    the_site,
    visitor_actor,
)
from wagtail_livechat import signals, tasks
from wagtail_livechat.actions import erasure, letters, own_data, retention
from wagtail_livechat.actions.bans import ban_visitor, lift
from wagtail_livechat.actions.conversations import (
    archive,
    end_conversation,
    set_tags,
    start_conversation,
    update_visitor,
    wrap_up,
)
from wagtail_livechat.actions.files import post_file
from wagtail_livechat.actions.messages import post_note
from wagtail_livechat.actions.reveal import reveal
from wagtail_livechat.actions.sweep import sweep
from wagtail_livechat.actions.visitors import authenticate, note_page
from wagtail_livechat.exceptions import Closed, NotFound, Unauthorised
from wagtail_livechat.models import (
    Attachment,
    Ban,
    Conversation,
    Entry,
    Offer,
    OutgoingMail,
    PageVisit,
    PrivacyLink,
    PrivacySettings,
    Visitor,
)
from wagtail_livechat.permissions import SystemActor

pytestmark = [pytest.mark.django_db, pytest.mark.covers("E4")]

MARK = "quetzalcoatl"
"""Nothing else has this word in it."""
EMAIL = f"{MARK}@post.example"


def person(**fields: Any) -> Visitor:
    return make_visitor(
        **{"name": f"Ms {MARK}", "email": EMAIL, "ip_address": "198.51.100.77", "user_agent": f"{MARK}/1.0", **fields}
    )


def everything_about(visitor: Visitor) -> Conversation:
    """Leave a trace of this visitor wherever there is a place for one."""
    operator = make_operator(role=MANAGERS)
    actor = actor_of(operator)
    conversation = make_open(
        operator,
        visitor,
        text=f"I am {MARK}",
        page_url=f"https://shop.example/{MARK}",
        page_title=MARK,
        email=EMAIL,
        consent=True,
    )
    letters.queue(conversation, OutgoingMail.Kind.TRANSCRIPT, EMAIL, "en")
    post_file(
        conversation.uuid,
        actor=visitor_actor(visitor),
        name=f"{MARK}.txt",
        content=f"A list of {MARK}".encode(),
        client_id=uuid.uuid4(),
    )
    say(conversation, f"My dog is {MARK}, too")
    say(conversation, f"Hello {MARK}", by=operator)
    post_note(conversation.uuid, actor=actor, text=f"{MARK} is nice", client_id=uuid.uuid4())
    update_visitor(conversation.uuid, actor=actor, reference=f"{MARK}-1")
    set_tags(conversation.uuid, actor=actor, names=["dogs"])
    note_page(visitor_actor(visitor), url=f"https://shop.example/?q={MARK}", title=MARK)
    reveal(conversation.uuid, actor=actor, seq=1, reason=f"{MARK} wants it")
    wrap_up(conversation.uuid, actor=actor, reason_id=None, note=f"Told {MARK} all")
    ban_visitor(conversation.uuid, actor=actor, by_address=True, reason=f"{MARK} again")
    end_conversation(conversation.uuid, actor=SystemActor())
    archive(conversation.uuid, actor=actor)
    return conversation


def traces(*words: str) -> list[str]:
    """Tables of the whole database in which one of the words is."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            text = str(cursor.fetchall())
            if any(word in text for word in words):
                found.append(table)
    return found


# --------------------------------------------------------------------------------------------- erasure


def test_erasing_leaves_nothing_in_any_table_and_no_file(django_capture_on_commit_callbacks: Any) -> None:
    visitor, stranger = person(), make_visitor(name="Somebody else")
    conversation = everything_about(visitor)
    other = make_waiting(stranger, text="I stay")
    file = Path(Attachment.objects.get().file.path)
    words = (MARK, str(visitor.uuid), visitor.uuid.hex, conversation.uuid.hex, str(conversation.uuid), "198.51.100.77'")
    own_data.request_link(visitor.site_id, EMAIL, origin="http://testserver", language="en")
    assert len(traces(*words)) >= 6

    assert MARK in file.read_text()
    with django_capture_on_commit_callbacks(execute=True):
        counts = erasure.erase_visitors([visitor.pk])

    assert traces(*words) == []
    assert not file.exists()
    assert counts["visitor"] == 1
    assert counts["conversation"] == 1
    assert Conversation.objects.get().pk == other.pk
    assert not Entry.objects.exclude(conversation=other).exists()
    # Whose range it was goes; that it is kept out stays.
    assert list(Ban.objects.values_list("network", "visitor", "reason")) == [("198.51.100.77/32", None, "")]
    assert [entry.data for entry in ModelLogEntry.objects.filter(action="wagtail_livechat.reveal")] == [{}]


def test_erasing_may_be_repeated_and_ends_an_open_chat() -> None:
    visitor = person()
    conversation = make_waiting(visitor, text=MARK)
    offer = Offer.objects.get(conversation=conversation)

    erasure.shut_out([visitor.pk])  # as far as it came before somebody pulled the plug
    offer.refresh_from_db()
    conversation.refresh_from_db()
    first, second = erasure.erase_visitors([visitor.pk]), erasure.erase_visitors([visitor.pk])

    assert (conversation.state, offer.state) == ("ended", "withdrawn")
    assert first["conversation"] == 1
    assert second == {}
    assert traces(MARK) == []
    with pytest.raises(Unauthorised):
        authenticate(visitor.token)


def test_other_apps_erase_and_export_what_they_keep() -> None:
    visitor = person()
    conversation = make_waiting(visitor)
    heard: list[Any] = []

    def erasing(visitor_ids: Any, conversation_ids: Any, **kwargs: Any) -> None:
        heard.append((visitor_ids, conversation_ids))

    def exporting(visitor_ids: Any, **kwargs: Any) -> dict[str, Any]:
        return {"feedback": ["helpful"]}

    signals.erasing_visitors.connect(erasing)
    signals.exporting_visitors.connect(exporting)
    try:
        data = erasure.export_visitors([visitor.pk], with_notes=False)
        erasure.erase_visitors([visitor.pk])
    finally:
        signals.erasing_visitors.disconnect(erasing)
        signals.exporting_visitors.disconnect(exporting)

    assert heard == [([visitor.pk], [conversation.pk])]
    assert data["feedback"] == ["helpful"]


def test_every_table_that_points_to_a_visitor_is_emptied_with_them() -> None:
    """A table that is added later must be deleted with the visitor, or name its reason here."""
    stays = {"Ban"}  # see above
    for model in apps.get_app_config("wagtail_livechat").get_models():
        for field in model._meta.concrete_fields:
            if field.related_model in (Visitor, Conversation) and model.__name__ not in stays:
                behaviour = field.remote_field.on_delete.__name__
                assert behaviour == "CASCADE" or (model is Conversation and behaviour == "PROTECT"), (model, field)


# ---------------------------------------------------------------------------------------------- export


def test_an_export_has_everything_but_keys_and_asks_for_notes() -> None:
    visitor = person()
    conversation = everything_about(visitor)
    visitor.refresh_from_db()

    own = json.dumps(erasure.export_visitors([visitor.pk], with_notes=False))
    whole = json.dumps(erasure.export_visitors([visitor.pk], with_notes=True))

    for told in (
        f"I am {MARK}",
        f"Hello {MARK}",
        EMAIL,
        "198.51.100.77",
        f"?q={MARK}",
        conversation.case_number,
        f"{MARK}-1",
    ):
        assert told in own, told
    assert f"{MARK} is nice" not in own
    assert f"{MARK} is nice" in whole
    assert visitor.token_hash not in whole


def test_a_person_is_found_by_address_case_number_or_id_on_one_site() -> None:
    visitor, elsewhere = person(), person(site=make_site())
    conversation = make_waiting(visitor)

    assert set(erasure.find_visitors(email=EMAIL.upper())) == {visitor, elsewhere}
    assert set(erasure.find_visitors(email=EMAIL, site_id=the_site().pk)) == {visitor}
    assert set(erasure.find_visitors(case_number=f"#{conversation.case_number}")) == {visitor}
    assert set(erasure.find_visitors(uuid=visitor.uuid)) == {visitor}
    assert not erasure.find_visitors().exists()


# ------------------------------------------------------------------------------------------ by command


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_command_exports_and_erases(tmp_path: Any) -> None:
    visitor = person()
    everything_about(visitor)
    file = tmp_path / "export.html"

    run("livechat_visitor", "export", "--email", EMAIL, "--format", "html", "--output", str(file))
    data = json.loads(run("livechat_visitor", "export", "--visitor", str(visitor.uuid), "--with-notes"))
    counted = run("livechat_visitor", "erase", "--email", EMAIL, "--dry-run")
    erased = run("livechat_visitor", "erase", "--email", EMAIL)

    assert f"My dog is {MARK}, too" in file.read_text()
    assert data["visitors"][0]["email"] == EMAIL
    assert counted == "Would erase: visitors: 1, conversations: 1\n"
    assert "visitor: 1" in erased
    assert traces(MARK) == []
    kept = ModelLogEntry.objects.filter(action="wagtail_livechat.erase").get()
    assert kept.data["by"] == "command"
    with pytest.raises(CommandError, match="Nobody was found"):
        run("livechat_visitor", "erase", "--email", EMAIL)


def test_markup_in_what_was_written_is_text_in_the_export() -> None:
    visitor = make_visitor()
    make_waiting(visitor, text="<script>alert(1)</script>")

    page = run("livechat_visitor", "export", "--visitor", str(visitor.uuid), "--format", "html")

    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page


# ------------------------------------------------------------------------------------- by a mailed link


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Background work is done where it is asked for."""
    monkeypatch.setattr(tasks, "enqueue", lambda function, *args: function(*args))


def browser() -> Client:
    # Not the test client's own way around CSRF: these pages look at the Origin.
    return Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})


def ask_for_link(client: Client, email: str, capture: Any) -> Any:
    with capture(execute=True):
        return client.post("/livechat/my-data/", {"email": email})


def link_in_letter() -> str:
    (found,) = re.findall(r"http://testserver(/livechat/my-data/[\w-]+/)", mail.outbox[-1].body)
    return str(found)


def test_the_mailed_link_gives_the_data_once(at_once: None, django_capture_on_commit_callbacks: Any) -> None:
    everything_about(person())
    client = browser()
    assert client.get("/livechat/my-data/").status_code == 200

    answer = ask_for_link(client, EMAIL, django_capture_on_commit_callbacks)
    link = link_in_letter()
    looks = [client.get(link).status_code for _ in range(2)]  # a scanner of letters looks, too
    given = client.post(link, {"what": "json"})

    assert answer.status_code == 200
    assert mail.outbox[-1].to == [EMAIL]
    assert looks == [200, 200]
    assert f"I am {MARK}" in given.content.decode()
    assert f"{MARK} is nice" not in given.content.decode()
    assert given.headers["Content-Disposition"] == 'attachment; filename="live-chat-data.json"'
    assert client.post(link, {"what": "json"}).status_code == 404
    assert "used already" in client.get(link).content.decode()
    assert not PrivacyLink.objects.exists()
    assert link.split("/")[-2] not in str(list(PrivacyLink.objects.values()))


def test_the_mailed_link_erases_after_a_second_word(at_once: None, django_capture_on_commit_callbacks: Any) -> None:
    everything_about(person())
    client = browser()
    ask_for_link(client, EMAIL, django_capture_on_commit_callbacks)
    link = link_in_letter()

    unsure = client.post(link, {"what": "erase"})
    sure = client.post(link, {"what": "erase", "sure": "1"})

    assert "Tick the box" in unsure.content.decode()
    assert "It is deleted." in sure.content.decode()
    assert traces(MARK) == []
    kept = ModelLogEntry.objects.get(action="wagtail_livechat.erase")
    assert kept.data["by"] == "visitor"
    assert kept.user is None


def test_whether_an_address_is_known_is_not_told(at_once: None, django_capture_on_commit_callbacks: Any) -> None:
    person()
    client = browser()

    known = ask_for_link(client, EMAIL, django_capture_on_commit_callbacks).content.decode()
    unknown = ask_for_link(client, "nobody@post.example", django_capture_on_commit_callbacks).content.decode()

    assert known.replace(EMAIL, "") == unknown.replace("nobody@post.example", "")
    assert len(mail.outbox) == 1


def test_asking_is_refused_for_nonsense_for_other_sites_and_for_too_many(at_once: None) -> None:
    client = browser()

    assert client.post("/livechat/my-data/", {"email": "no address"}).status_code == 400
    assert (
        client.post("/livechat/my-data/", {"email": EMAIL}, headers={"origin": "https://evil.example"}).status_code
        == 403
    )
    answers = [client.post("/livechat/my-data/", {"email": EMAIL}).status_code for _ in range(7)]
    assert answers[0] == 200
    assert answers[-1] == 429
    page = client.get("/livechat/my-data/")
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in page.headers["Cache-Control"]
    assert not page.cookies
    assert b"<script" not in page.content
    assert b"style=" not in page.content


def test_a_link_that_is_too_old_is_good_no_more() -> None:
    visitor = person()
    link = PrivacyLink.objects.create(
        site=visitor.site, email=EMAIL, origin="http://testserver", token_hash="x" * 64, expires_at=timezone.now()
    )

    own_data.send_link(link.pk)

    assert mail.outbox == []
    assert "links" in retention.purge_all()
    with pytest.raises(NotFound):
        own_data.use("whatever")


# --------------------------------------------------------------------------------------- how long things stay

NOW = timezone.now()


def rules(**days: int) -> PrivacySettings:
    row, _ = PrivacySettings.objects.update_or_create(site=the_site(), defaults=days)
    return row


def ended(days_ago: int, visitor: Visitor | None = None, **fields: Any) -> Conversation:
    visitor = visitor or person()
    conversation = make_waiting(visitor, text=f"Hello from {MARK}")
    end_conversation(conversation.uuid, actor=SystemActor())
    then = NOW - timedelta(days=days_ago)
    Conversation.objects.filter(pk=conversation.pk).update(created_at=then, ended_at=then, **fields)
    Visitor.objects.filter(pk=visitor.pk).update(last_seen=then)
    return conversation


def test_without_rules_everything_is_kept() -> None:
    ended(5000)

    assert retention.purge_all() == {}
    assert Conversation.objects.count() == 1
    assert "kept for ever" in run("livechat_purge")


def test_old_conversations_go_with_their_visitors_and_others_stay() -> None:
    old, young, open_one = ended(31), ended(29), make_waiting(text="I wait")
    archived = ended(400, archived_at=NOW)
    elsewhere = ended(400, person(site=make_site()))
    row = rules(keep_conversations_days=30)

    expected = retention.preview(row)
    removed = retention.purge(row)

    assert expected == {"conversations": 1, "visitors": 1}
    assert removed == expected
    assert set(Conversation.objects.all()) == {young, open_one, archived, elsewhere}
    assert not Visitor.objects.filter(pk=old.visitor_id).exists()
    assert retention.purge(row) == {}
    kept = ModelLogEntry.objects.get(action="wagtail_livechat.purge")
    assert kept.data == {"conversations": 1, "visitors": 1}


def test_the_archive_has_a_time_of_its_own() -> None:
    ended(400, archived_at=NOW)

    assert retention.purge(rules(keep_conversations_days=1, keep_archived_days=500)) == {}
    assert retention.purge(rules(keep_conversations_days=1, keep_archived_days=365)) == {"archived": 1, "visitors": 1}


def test_what_was_written_goes_and_the_figures_stay(django_capture_on_commit_callbacks: Any) -> None:
    visitor = person()
    conversation = everything_about(visitor)
    Conversation.objects.filter(pk=conversation.pk).update(ended_at=NOW - timedelta(days=8), archived_at=None)
    Ban.objects.all().delete()
    entries = conversation.entries.count()

    file = Path(Attachment.objects.get().file.path)

    with django_capture_on_commit_callbacks(execute=True):
        removed = retention.purge(rules(keep_texts_days=7))

    assert removed == {"texts": 1}
    assert traces(MARK) == []
    assert not file.exists()
    conversation.refresh_from_db()
    # That, and when, they agreed is the site's own sentence and its proof: it goes with the conversation.
    assert conversation.consented_at is not None
    assert conversation.consent_text
    assert conversation.answered_at is not None
    assert conversation.entries.count() == entries
    assert retention.purge(rules(keep_texts_days=7)) == {}


def test_a_message_that_was_left_goes_when_it_is_old_also_if_nobody_dealt_with_it() -> None:
    case = start_conversation(
        actor=visitor_actor(person()), text=f"Call {MARK}", client_id=uuid.uuid4(), email=EMAIL, as_case=True
    ).conversation
    then = NOW - timedelta(days=31)
    Conversation.objects.filter(pk=case.pk).update(queued_at=then, created_at=then)
    Visitor.objects.update(last_seen=then)

    assert retention.purge(rules(keep_conversations_days=40)) == {}
    assert retention.purge(rules(keep_conversations_days=30)) == {"conversations": 1, "visitors": 1}
    assert traces(MARK) == []


def test_what_is_told_before_is_what_goes() -> None:
    """Rows that several rules reach are counted once, and the page, the command and the purge agree."""
    ended(31)
    ended(8)
    ended(8, archived_at=NOW)
    ended(400, archived_at=NOW)
    regular = person(ip_address="203.0.113.9")
    ended(31, regular)
    ended(8, regular)
    silent, known = person(), person()
    for visitor in (silent, known, regular):
        note_page(visitor_actor(visitor), url="https://shop.example/", title="Shop")
    make_waiting(known)
    then = NOW - timedelta(days=10)
    PageVisit.objects.update(at=then)
    Visitor.objects.filter(pk__in=[silent.pk, known.pk, regular.pk]).update(last_seen=then)
    Ban.objects.create(network="192.0.2.7/32", lifted_at=then)
    Ban.objects.create(network="192.0.2.0/24", lifted_at=then)
    row = rules(
        keep_conversations_days=30, keep_archived_days=365, keep_texts_days=7, keep_visits_days=9, keep_addresses_days=5
    )

    told = retention.preview(row)
    printed = run("livechat_purge", "--dry-run")
    page = signed_in_as(ADMINISTRATORS).get(PAGE).content.decode()
    removed = retention.purge(row)

    assert told == {
        "conversations": 2,
        "archived": 1,
        "texts": 2,
        "visitors": 3,
        "visits": 2,
        "addresses": 3,
        "bans": 1,
    }
    assert removed == told
    assert printed == "localhost: would remove " + ", ".join(f"{kind}: {count}" for kind, count in told.items()) + "\n"
    shown = re.findall(r"<tr><td>[^<]*</td>\s*<td>(\d+)</td></tr>", page)
    assert [int(count) for count in shown] == list(told.values())
    assert not any(retention.preview(row).values())
    assert retention.purge(row) == {}


def test_a_visitors_details_stay_while_something_of_theirs_can_be_read() -> None:
    visitor = person()
    ended(8, visitor)
    ended(2, visitor)

    retention.purge(rules(keep_texts_days=7))

    visitor.refresh_from_db()
    assert visitor.email == EMAIL


def test_pages_and_visitors_who_never_wrote_go() -> None:
    silent, talker, here = person(), person(), person()
    for visitor in (silent, talker, here):
        note_page(visitor_actor(visitor), url="https://shop.example/", title="Shop")
    make_waiting(talker)
    then = NOW - timedelta(days=10)
    PageVisit.objects.exclude(visitor=here).update(at=then)
    Visitor.objects.exclude(pk=here.pk).update(last_seen=then)

    removed = retention.purge(rules(keep_visits_days=7))

    # The page of whoever goes is counted with them.
    assert removed == {"visits": 1, "visitors": 1}
    assert set(Visitor.objects.all()) == {talker, here}
    assert PageVisit.objects.get().visitor == here


@pytest.mark.parametrize(
    ("address", "short"), [("198.51.100.77", "198.51.100.0"), ("2001:db8:aa:bb::1", "2001:db8:aa::")]
)
def test_ip_addresses_are_shortened_and_then_no_good_for_a_ban(address: str, short: str) -> None:
    visitor = person(ip_address=address)
    conversation = ended(8, visitor)
    row = rules(keep_addresses_days=7)

    assert retention.purge(row) == {"addresses": 1}
    assert retention.purge(row) == {}

    visitor.refresh_from_db()
    assert visitor.ip_address == short
    with pytest.raises(Exception, match="not known"):
        ban_visitor(conversation.uuid, actor=actor_of(make_operator()), by_address=True)


def test_the_address_of_a_ban_is_shortened_once_it_holds_no_more() -> None:
    holds = Ban.objects.create(network="192.0.2.7/32", created_at=NOW - timedelta(days=99))
    over = Ban.objects.create(network="198.51.100.77/32")
    lift(over.pk)
    Ban.objects.filter(pk=over.pk).update(lifted_at=NOW - timedelta(days=8))

    retention.purge(rules(keep_addresses_days=7))

    holds.refresh_from_db()
    over.refresh_from_db()
    assert (holds.network, over.network) == ("192.0.2.7/32", "198.51.100.0/24")


def test_who_is_kept_out_by_name_stays_known() -> None:
    conversation = ended(31)
    ban_visitor(conversation.uuid, actor=actor_of(make_operator()), by_address=False)
    token = make_visitor().token

    retention.purge(rules(keep_conversations_days=30, keep_visits_days=30))

    assert Visitor.objects.filter(pk=conversation.visitor_id).exists()
    assert authenticate(token)
    assert Ban.objects.filter(visitor=conversation.visitor_id).exists()


def test_the_sweep_purges_now_and_then() -> None:
    ended(31)
    rules(keep_conversations_days=30)

    first, second = sweep(), sweep()

    assert (first["purged"], second["purged"]) == (2, 0)


def test_the_command_counts_and_removes() -> None:
    ended(31)
    rules(keep_conversations_days=30)

    assert run("livechat_purge", "--dry-run") == "localhost: would remove conversations: 1, visitors: 1\n"
    assert Conversation.objects.count() == 1
    assert run("livechat_purge", "--site", "localhost") == "localhost: removed conversations: 1, visitors: 1\n"
    assert run("livechat_purge") == "localhost: removed nothing\n"
    with pytest.raises(CommandError, match="There are: localhost"):
        run("livechat_purge", "--site", "nowhere.example")


# ------------------------------------------------------------------------------------------- in the admin

PAGE = "/admin/livechat/privacy/"


def test_the_page_is_for_those_with_the_right() -> None:
    assert signed_in_as(ADMINISTRATORS).get(PAGE).status_code == 200
    assert signed_in_as(MANAGERS).get(PAGE).status_code in (302, 403)
    for action in ("try", "find", "export", "erase", "nonsense"):
        answer = signed_in_as(MANAGERS).post(PAGE, {"action": action, "who": EMAIL, "text": "x", "sure": "1"})
        assert answer.status_code in (302, 403)


@pytest.mark.covers("B16")
def test_the_tester_shows_what_the_rules_do_and_why() -> None:
    rules(countries="SE")

    page = signed_in_as(ADMINISTRATORS).post(
        PAGE,
        {"action": "try", "text": "Order 20123456, card 4111 1111 1111 1111 or 4111 1111 1111 1112, 811218-9876, a@b.se"},
    ).content.decode()  # fmt: skip

    assert "card ************1111 or 4111 1111 1111 1112, ***********, *@b.se" in page
    for reason in (
        "A card of Visa: beginning, length and check digit are right.",
        "A Swedish personal identity number: date and check digit are right.",
        "An e-mail address.",
        "Left: as long as a card number, but its check digit is wrong.",
        "Left: the words before it say that it is something else, such as an order.",
    ):
        assert reason in page


def test_the_page_says_what_would_be_removed_now() -> None:
    ended(31)
    rules(keep_conversations_days=30)

    page = signed_in_as(ADMINISTRATORS).get(PAGE).content.decode()

    assert re.search(r"<td>Conversations</td>\s*<td>1</td>", page)


def test_a_person_is_found_exported_and_erased_in_the_admin() -> None:
    everything_about(person())
    client = signed_in_as(ADMINISTRATORS)

    found = client.post(PAGE, {"action": "find", "who": EMAIL}).content.decode()
    given = client.post(PAGE, {"action": "export", "who": EMAIL, "format": "html", "notes": "1"})
    unsure = client.post(PAGE, {"action": "erase", "who": EMAIL}).content.decode()
    erased = client.post(PAGE, {"action": "erase", "who": EMAIL, "sure": "1"}).content.decode()

    assert EMAIL in found
    assert f"{MARK} is nice" in given.content.decode()
    assert "Tick the box" in unsure
    assert "It is deleted." in erased
    assert traces(MARK) == []
    actions = list(ModelLogEntry.objects.filter(action__startswith="wagtail_livechat.e").values_list("action", "user"))
    assert [action for action, _ in actions] == ["wagtail_livechat.erase", "wagtail_livechat.export"]
    assert all(user for _, user in actions)
    assert "Nobody was found" in client.post(PAGE, {"action": "find", "who": EMAIL}).content.decode()
    assert "Write an e-mail address" in client.post(PAGE, {"action": "find", "who": "Ms"}).content.decode()


def test_the_record_leads_to_the_visitors_data() -> None:
    conversation = make_waiting(person())
    record = f"/admin/livechat/conversations/inspect/{conversation.pk}/"
    client = signed_in_as(ADMINISTRATORS)

    (link,) = re.findall(r'href="([^"]*/privacy/[^"]*who[^"]*)"', client.get(record).content.decode())

    assert conversation.case_number in client.get(link.replace("&amp;", "&")).content.decode()
    assert "who=" not in signed_in_as(MANAGERS).get(record).content.decode()


def test_an_unknown_country_is_named() -> None:
    client = signed_in_as(ADMINISTRATORS)
    row = rules()
    address = f"/admin/settings/wagtail_livechat/privacysettings/{row.site_id}/"

    fields = {"masking": "mask", "exempt": "nobody", "countries": "SE, XX"}
    wrong = client.post(address, fields).content.decode()
    right = client.post(address, {**fields, "countries": "se dk", "keep_texts_days": "30"})

    assert "Not a country code: XX" in wrong
    assert right.status_code == 302
    row.refresh_from_db()
    assert (row.masking, row.country_codes, row.keep_texts_days) == ("mask", ["SE", "DK"], 30)


def test_an_erased_visitor_begins_anew() -> None:
    visitor = person()
    make_waiting(visitor)
    erasure.erase_visitors([visitor.pk])

    with pytest.raises((Unauthorised, Closed)):
        authenticate(visitor.token)
    assert make_waiting(make_visitor()).state == "queued"
