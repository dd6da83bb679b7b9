"""The ceilings: bare Channels consumers, as anyone would write them, on the same server, layer and database.

Served with the very flags that the site is served with. What they leave out is all that a chat needs beyond moving bytes:
who somebody is, what they may do, limits, order, resuming.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")

from django.core.asgi import get_asgi_application

get_asgi_application()

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from wagtail_livechat.models import Conversation, Entry

THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="bare-db")
"""As many as the chat has. Channels' default, one thread for the whole process, would be a lower ceiling."""


class Echo(AsyncWebsocketConsumer):
    """Joins the groups of its address; what it receives goes to everybody in the first of them."""

    async def connect(self) -> None:
        asked = parse_qs(self.scope["query_string"].decode())
        self.rooms = [f"bare.{name}" for name in asked["groups"][0].split(",")]
        for room in self.rooms:
            await self.channel_layer.group_add(room, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        for room in self.rooms:
            await self.channel_layer.group_discard(room, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await self.channel_layer.group_send(self.rooms[0], {"type": "said", "text": text_data})

    async def said(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])


def store_with_sql(conversation: int, client_id: str, text: str) -> int:
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE wagtail_livechat_conversation SET last_seq = last_seq + 1, last_message_at = %s WHERE id = %s",
            [now, conversation],
        )
        cursor.execute("SELECT last_seq FROM wagtail_livechat_conversation WHERE id = %s", [conversation])
        seq: int = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO wagtail_livechat_entry"
            " (conversation_id, seq, client_id, kind, audience, author, author_name, body, data, created_at)"
            " VALUES (%s, %s, %s, 'text', 'everyone', 'visitor', '', %s, '{}', %s)",
            [conversation, seq, UUID(client_id), text, now],
        )
    return seq


def store_with_orm(conversation: int, client_id: str, text: str) -> int:
    now = timezone.now()
    with transaction.atomic():
        rows = Conversation.objects.filter(pk=conversation)
        rows.update(last_seq=F("last_seq") + 1, last_message_at=now)
        seq: int = rows.values_list("last_seq", flat=True).get()
        Entry.objects.create(
            conversation_id=conversation, seq=seq, client_id=UUID(client_id), kind="text", audience="everyone",
            author="visitor", body=text, created_at=now,
        )  # fmt: skip
    return seq


class Store(AsyncWebsocketConsumer):
    """The same UPDATE, read back and INSERT in one transaction, then an acknowledgement."""

    store = staticmethod(database_sync_to_async(store_with_sql, thread_sensitive=False, executor=THREADS))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        asked = json.loads(text_data or "")
        seq = await self.store(asked["conversation"], asked["client_id"], asked["text"])
        await self.send(text_data=json.dumps({"type": "stored", "seq": seq, "client_id": asked["client_id"]}))


class StoreOrm(Store):
    """The same through Django's ORM."""

    store = staticmethod(database_sync_to_async(store_with_orm, thread_sensitive=False, executor=THREADS))


class Idle(AsyncWebsocketConsumer):
    """Accepts, joins one group, and is there."""

    async def connect(self) -> None:
        self.room = "bare." + self.scope["query_string"].decode()
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.room, self.channel_name)


CONSUMERS = {
    "/echo": Echo.as_asgi(),
    "/store": Store.as_asgi(),
    "/store-orm": StoreOrm.as_asgi(),
    "/idle": Idle.as_asgi(),
}


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await CONSUMERS[scope["path"]](scope, receive, send)
    elif scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"bare"})
