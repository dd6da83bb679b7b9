"""Files in a conversation: sent, stored once, given to those in it and to nobody else."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import (
    actor_of,
    make_department,
    make_open,
    make_operator,
    make_settings,
    make_visitor,
    make_waiting,
    visitor_actor,
)
from tests.lines import committing
from tests.pure.test_attachments import picture
from wagtail_livechat import snapshots
from wagtail_livechat.actions import files
from wagtail_livechat.actions.conversations import end_conversation
from wagtail_livechat.exceptions import BadFile, ClientIdConflict, ConversationEnded, Forbidden, NotFound
from wagtail_livechat.models import Attachment, Conversation, Entry
from wagtail_livechat.models.files import private_storage
from wagtail_livechat.permissions import SystemActor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    # Django asks for the storage once, when the model is made.
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", private_storage())
    return tmp_path / "media-livechat"


def send(conversation: Conversation, name: str = "photo.png", content: bytes | None = None, **options: Any) -> Entry:
    options = {"actor": visitor_actor(conversation.visitor), "client_id": uuid.uuid4(), **options}
    return files.post_file(conversation.uuid, name=name, content=content or picture(), **options)


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.covers("A8")
def test_a_file_is_an_entry_for_both_sides_and_is_kept_out_of_the_public_folder(folder: Path) -> None:
    operator = make_operator()
    conversation = make_open(operator)

    entry = send(conversation)

    kept = Attachment.objects.get()
    assert (entry.kind, entry.audience, entry.body) == ("attachment", "everyone", "photo.png")
    assert entry.data["file"] == str(kept.uuid) and (entry.data["width"], entry.data["height"]) == (40, 30)
    [path] = stored(folder)
    assert path.name == str(kept.uuid)
    for reader in (visitor_actor(conversation.visitor), actor_of(operator)):
        shown = snapshots.timeline_after(reader, conversation.uuid, entry.seq - 1).entries[0]
        assert str(kept.uuid) in shown.data["url"]


def test_an_operator_sends_one_too() -> None:
    operator = make_operator("Elin")
    entry = send(make_open(operator), "invoice.txt", b"17 kr", actor=actor_of(operator))

    assert (entry.author, entry.author_name) == ("operator", "Elin")


def test_a_second_try_is_stored_once_and_another_file_under_its_id_is_refused(folder: Path) -> None:
    conversation, client_id = make_waiting(), uuid.uuid4()

    first, again = send(conversation, client_id=client_id), send(conversation, client_id=client_id)

    assert first == again
    assert len(stored(folder)) == Attachment.objects.count() == 1
    with pytest.raises(ClientIdConflict):
        send(conversation, "other.png", client_id=client_id)


def test_what_the_site_does_not_take_is_refused_and_leaves_nothing(folder: Path) -> None:
    make_settings(attachment_types="pdf", attachment_megabytes=1)
    conversation = make_waiting()

    for name, content, reason in (
        ("photo.png", picture(), "type"),
        ("big.pdf", b"%PDF-" + b"x" * 1_000_000, "too_large"),
    ):
        with pytest.raises(BadFile) as refused:
            send(conversation, name, content)
        assert refused.value.reason == reason
    assert not Attachment.objects.exists() and stored(folder) == []


def test_nobody_sends_where_they_are_not_and_nothing_is_left_behind(folder: Path) -> None:
    conversation = make_waiting()
    ended = make_waiting()
    end_conversation(ended.uuid, actor=SystemActor())

    with pytest.raises(NotFound):
        send(conversation, actor=visitor_actor(make_visitor()))
    with pytest.raises(Forbidden):
        send(conversation, actor=actor_of(make_operator()))
    with pytest.raises(ConversationEnded):
        send(ended)
    assert not Attachment.objects.exists() and stored(folder) == []


def test_a_file_goes_with_its_conversation(folder: Path) -> None:
    conversation = make_waiting()
    send(conversation)

    with committing():
        conversation.delete()

    assert stored(folder) == []


# ------------------------------------------------------------------------------------------------- the doors


def url_for(entry: Entry, reader: Any) -> str:
    return str(snapshots.entry_for(reader, entry).data["url"])


@pytest.mark.covers("A8")
def test_a_file_is_given_as_a_download_that_no_browser_runs() -> None:
    conversation = make_waiting()
    entry = send(conversation, "räkning.txt", b"<script>alert(1)</script>")

    answer = Client().get(url_for(entry, visitor_actor(conversation.visitor)))

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "text/plain"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("attachment")
    assert "public" not in answer["Cache-Control"]


def test_an_address_is_good_for_its_file_and_its_visitor_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from django.utils import timezone

    conversation, other = make_waiting(), make_waiting()
    mine, theirs = send(conversation), send(other)
    address = url_for(mine, visitor_actor(conversation.visitor))
    path, _, signature = address.partition("?s=")
    stranger = url_for(mine, visitor_actor(other.visitor))
    client = Client()

    assert client.get(address).status_code == 200
    for wrong in (
        path,
        f"{path}?s={signature[:-1]}x",
        f"{path}?s={other.visitor_id}.{signature.partition('.')[2]}",
        f"{url_for(theirs, visitor_actor(other.visitor)).partition('?')[0]}?s={signature}",
        stranger,
    ):
        assert client.get(wrong).status_code == 404, wrong
    later = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.get(address).status_code == 404


def test_operators_get_the_files_of_conversations_that_they_may_see() -> None:
    sales = make_department("Sales")
    conversation = make_waiting(department_id=sales.pk)
    entry = send(conversation)
    inside, outside = make_operator(departments=[sales]), make_operator(departments=[make_department()])
    address = url_for(entry, actor_of(inside))

    seen = []
    for operator in (inside, outside):
        client = Client()
        client.force_login(operator.user)
        seen.append(client.get(address).status_code)

    assert seen == [200, 404]
    assert Client().get(address).status_code == 302, "to the log-in page"


def upload(visitor: Any, conversation: Conversation, **options: Any) -> Any:
    fields = {
        "conversation": str(conversation.uuid),
        "client_id": str(uuid.uuid4()),
        "file": SimpleUploadedFile("photo.png", picture(), "image/png"),
        **options,
    }
    headers = {"Origin": "http://testserver", "Authorization": f"Bearer {visitor.token}"}
    return Client().post("/livechat/files/", {k: v for k, v in fields.items() if v is not None}, headers=headers)


def test_a_file_comes_in_over_http() -> None:
    visitor = make_visitor()
    conversation = make_waiting(visitor)

    taken = upload(visitor, conversation)
    refused = upload(visitor, conversation, file=SimpleUploadedFile("page.html", b"<p>", "image/png"))
    missing = upload(visitor, conversation, file=None)
    strange = upload(make_visitor(), conversation)

    [event] = taken.json()["events"]
    assert (taken.status_code, event["type"], event["entry"]["kind"]) == (201, "message.posted", "attachment")
    assert (refused.status_code, refused.json()["events"][0]["code"]) == (400, "bad_file")
    assert (missing.status_code, strange.status_code) == (400, 404)


def test_a_foreign_page_uploads_nothing() -> None:
    visitor = make_visitor()
    conversation = make_waiting(visitor)

    answer = Client().post(
        "/livechat/files/",
        {"conversation": str(conversation.uuid)},
        headers={"Origin": "https://evil.example", "Authorization": f"Bearer {visitor.token}"},
    )

    assert answer.status_code == 403
