"""The two statements that every change of a conversation begins with: take the next ``seq``, then append."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.db import connections, router
from django.db.models import F, Q, QuerySet, sql

from .. import broadcast
from ..models import Conversation, Entry, Participation

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
    rows = Conversation.everything.filter(where)
    changes["last_seq"] = F("last_seq") + 1
    if connections[rows.db].vendor == "postgresql":
        return _update_returning(rows, changes)
    if not rows.update(**changes):
        return None
    return Conversation.everything.only(*READ_BACK).get(where_identity(where))


def _update_returning(rows: QuerySet[Conversation], changes: dict[str, Any]) -> Conversation | None:
    """The UPDATE that Django makes of it, which reads back by itself: one round trip less while the row is locked."""
    query: Any = rows.query.chain(sql.UpdateQuery)
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
    if conversation.state == Conversation.State.INTERNAL:
        fields["audience"] = Entry.Audience.OPERATORS
    entry = Entry.objects.create(conversation_id=conversation.pk, seq=conversation.last_seq, **fields)
    _announce(conversation, entry)
    return entry


def _announce(conversation: Conversation, entry: Entry) -> None:
    if conversation.state == Conversation.State.INTERNAL:
        broadcast.team_changed(conversation.uuid, members(conversation.pk), entry.seq)
    else:
        broadcast.entry_posted(conversation.uuid, conversation.visitor_id, entry.seq)


def members(conversation_id: int) -> list[int]:
    """The operators who take part."""
    joined = Participation.objects.filter(conversation=conversation_id, state=Participation.State.JOINED)
    return list(joined.order_by("pk").values_list("operator_id", flat=True))


def post_at_once(
    conversation: UUID, speaker: str, speaker_id: int, fields: dict[str, Any]
) -> tuple[Conversation, Entry] | None:
    """On PostgreSQL: what take_seq and append do, for an entry of a visitor or of an operator who has joined.

    One statement is one transaction with one round trip, where otherwise BEGIN, UPDATE, INSERT and COMMIT make four. The
    UPDATE still comes first: the INSERT takes its number from the row that the UPDATE gives back. Returns None if the
    conversation is not open or not theirs, so nothing was changed; raises IntegrityError as append does.
    """
    using = router.db_for_write(Entry)
    entry = Entry(**fields)
    parameters = {
        **{field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields},
        "data": json.dumps(entry.data),
        "uuid": conversation,
        "speaker": speaker_id,
    }
    with connections[using].cursor() as cursor:
        cursor.execute(_POST_AT_ONCE[speaker, entry.kind == Entry.Kind.TEXT], parameters)
        found = cursor.fetchone()
    if found is None:
        return None
    entry.pk, row_id, visitor_id, state, entry.seq = found
    entry.conversation_id = row_id
    entry._state.adding, entry._state.db = False, using
    row = Conversation(pk=row_id, uuid=conversation, visitor_id=visitor_id, state=state, last_seq=entry.seq)
    if state == Conversation.State.INTERNAL:
        entry.audience = Entry.Audience.OPERATORS
    _announce(row, entry)
    return row, entry


def _post_at_once(speaker: str, said: bool) -> str:
    theirs = {
        "visitor": "c.visitor_id = %(speaker)s",
        "operator": f"""EXISTS (SELECT 1 FROM {Participation._meta.db_table} p WHERE p.conversation_id = c.id
            AND p.operator_id = %(speaker)s AND p.state = 'joined')""",  # noqa: S608 - table names are our own
    }
    # As _store in messages has it: a note says nothing to anybody, and none is written to a colleague.
    states = "'queued', 'active', 'internal'" if said and speaker == "operator" else "'queued', 'active'"
    changes = ", last_message_at = %(created_at)s" if said else ""
    if said and speaker == "operator":
        changes += ", first_reply_at = COALESCE(c.first_reply_at, %(created_at)s)"
    return f"""
        WITH taken AS (
            UPDATE {Conversation._meta.db_table} c
            SET last_seq = c.last_seq + 1{changes}
            WHERE c.uuid = %(uuid)s AND c.state IN ({states}) AND c.blocked = '' AND {theirs[speaker]}
            RETURNING c.id, c.visitor_id, c.state, c.last_seq
        ), stored AS (
            INSERT INTO {Entry._meta.db_table} (conversation_id, seq, client_id, kind, audience, author, operator_id,
                author_name, body, data, created_at)
            SELECT id, last_seq, %(client_id)s::uuid, %(kind)s::text,
                CASE state WHEN 'internal' THEN 'operators' ELSE %(audience)s::text END, %(author)s::text,
                %(operator_id)s::bigint, %(author_name)s::text, %(body)s::text, %(data)s::jsonb, %(created_at)s::timestamptz
            FROM taken
            RETURNING id
        )
        SELECT stored.id, taken.* FROM stored, taken"""  # noqa: S608 - table names are our own


_POST_AT_ONCE = {
    (speaker, said): _post_at_once(speaker, said) for speaker in ("visitor", "operator") for said in (False, True)
}


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
