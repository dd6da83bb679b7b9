"""The two statements that every change of a conversation begins with: take the next ``seq``, then append."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import F, Q, QuerySet, sql

from .. import broadcast
from ..models import Conversation, Entry

# What the callers need after taking a number; reading the whole row would cost more than the insert.
READ_BACK = (
    "id",
    "uuid",
    "visitor_id",
    "last_seq",
    "state",
    "first_reply_at",
    "operator_id",
    "department_id",
    "site_id",
)


def take_seq(where: Q, **changes: Any) -> Conversation | None:
    """Raise ``last_seq`` of the one conversation that ``where`` names, apply ``changes``, and read it back.

    This UPDATE is the conversation's lock until the transaction ends, on SQLite as on PostgreSQL (where SELECT FOR UPDATE
    would do nothing on the first), which is why it comes first and why numbers are dense and committed in order.
    Returns None if no row matches: the caller says why. Must run inside a transaction.
    """
    rows = Conversation.objects.filter(where)
    changes["last_seq"] = F("last_seq") + 1
    if connections[rows.db].vendor == "postgresql":
        return _update_returning(rows, changes)
    if not rows.update(**changes):
        return None
    return Conversation.objects.only(*READ_BACK).get(where_identity(where))


def _update_returning(rows: QuerySet[Conversation], changes: dict[str, Any]) -> Conversation | None:
    """The UPDATE that Django makes of it, which reads back by itself: one round trip less while the row is locked."""
    query = rows.query.chain(sql.UpdateQuery)
    query.add_update_values(changes)
    query.clear_ordering(force=True)
    statement, parameters = query.get_compiler(rows.db).as_sql()
    # In the order of the model, as from_db wants them.
    fields = [field for field in Conversation._meta.concrete_fields if field.attname in READ_BACK]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connections[rows.db].cursor() as cursor:
        cursor.execute(f"{statement} RETURNING {columns}", parameters)
        row = cursor.fetchone()
    # PostgreSQL's driver gives every one of these columns in the type that the field has.
    return None if row is None else Conversation.from_db(rows.db, [field.attname for field in fields], row)


def lock(where: Q) -> Conversation | None:
    """Lock the one conversation that ``where`` names until the transaction ends, without a new number. None: no such row."""
    if not Conversation.objects.filter(where).update(last_seq=F("last_seq")):
        return None
    return Conversation.objects.get(where_identity(where))


def where_identity(where: Q) -> Q:
    """The part of ``where`` that names the row: its state may just have been changed."""
    for child in where.children:
        if isinstance(child, tuple) and child[0] in ("pk", "uuid"):
            return Q(child)
    raise ValueError("take_seq needs a pk or a uuid")


def append(conversation: Conversation, **fields: Any) -> Entry:
    """Insert the entry with the number that ``take_seq`` just took, and announce it after commit."""
    entry = Entry.objects.create(conversation_id=conversation.pk, seq=conversation.last_seq, **fields)
    broadcast.entry_posted(conversation.uuid, conversation.visitor_id, entry.seq)
    return entry


def append_system(
    conversation: Conversation, event: str, *, operator: Any = None, for_visitor: bool = True, **data: Any
) -> Entry:
    """A line that both sides see, e.g. ``joined``, or operators only; ``operator`` is who it is about."""
    return append(
        conversation,
        kind=Entry.Kind.SYSTEM,
        audience=Entry.Audience.EVERYONE if for_visitor else Entry.Audience.OPERATORS,
        author="system",
        operator_id=operator.operator_id if operator else None,
        author_name=operator.name if operator else "",
        data={"event": event, **data},
    )


def stored(conversation_uuid: UUID, client_id: UUID) -> Entry | None:
    """The entry that an earlier try of the same command left, if any."""
    return Entry.objects.filter(conversation__uuid=conversation_uuid, client_id=client_id).first()
