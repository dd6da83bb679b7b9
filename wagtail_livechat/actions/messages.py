"""Something is said, read, or being typed."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connections, router, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .. import broadcast, snapshots, veils
from ..caching import cache
from ..conf import conf
from ..exceptions import ClientIdConflict, Closed, ConversationEnded, Forbidden, NotFound, TooLong, Unavailable
from ..models import Conversation, Entry, Participation, QuickReply
from ..permissions import (
    OperatorActor,
    VisitorActor,
    is_member,
    readable_conversations,
    team_conversations,
    visible_conversations,
)
from . import timeline

TYPING_SECONDS = 6
"""How long "is typing" lasts without a repeat."""


SPEAKABLE = (*Conversation.OPEN_STATES, Conversation.State.INTERNAL)
"""States in which something may be said."""


def theirs(actor: VisitorActor | OperatorActor) -> Q:
    """Conversations in which the actor may speak."""
    if isinstance(actor, VisitorActor):
        return Q(visitor_id=actor.visitor_id)
    return Q(is_member(actor))


def author_of(actor: VisitorActor | OperatorActor) -> dict[str, Any]:
    if isinstance(actor, VisitorActor):
        return {"author": "visitor"}
    return {"author": "operator", "operator_id": actor.operator_id, "author_name": actor.name}


def post_message(conversation: UUID, *, actor: VisitorActor | OperatorActor, text: str, client_id: UUID) -> Entry:
    """Say ``text`` to the other side, or to a colleague. A retry with the same ``client_id`` returns the entry that is stored.

    Raises TooLong, ClientIdConflict (this id with another text), ConversationEnded, NotFound (no such conversation, or
    another visitor's), Forbidden (an operator who has not joined), Closed (nothing can be said there any more).
    """
    return _post(conversation, actor, text, client_id, Entry.Kind.TEXT, Entry.Audience.EVERYONE)


def post_note(conversation: UUID, *, actor: OperatorActor, text: str, client_id: UUID) -> Entry:
    """Write a note that only operators see. Raises as post_message does."""
    return _post(conversation, actor, text, client_id, Entry.Kind.NOTE, Entry.Audience.OPERATORS)


def _post(
    conversation: UUID, actor: VisitorActor | OperatorActor, text: str, client_id: UUID, kind: str, audience: str
) -> Entry:
    limit = conf.MESSAGE_MAX_LENGTH if isinstance(actor, VisitorActor) else conf.OPERATOR_MESSAGE_MAX_LENGTH
    if len(text) > limit:
        raise TooLong(
            format_lazy(
                _("A message may have at most {limit} characters; this one has {length}."),
                limit=limit,
                length=len(text),
            ),
            field="text",
        )
    fields = {
        "kind": kind,
        "audience": audience,
        **_stored_of(conversation, actor, text, kind),
        "client_id": client_id,
        "created_at": timezone.now(),
        **author_of(actor),
    }
    try:
        posted = _store(conversation, actor, fields)
        if posted is not None:
            row, entry = posted
            if row.state == Conversation.State.QUEUED:
                # Those who have not joined see the newest words of what waits.
                broadcast.conversation_changed(row.uuid, row.visitor_id)
            return entry
    except IntegrityError:
        # The client id is taken: rolled back whole, so that no number is lost.
        pass
    earlier = timeline.stored(conversation, client_id)
    found = _in_sight(actor, kind).filter(uuid=conversation).first()
    if earlier is not None and found is not None and same_author(earlier, actor):
        if not is_same(earlier, text) or earlier.kind != kind:
            raise ClientIdConflict(_("This message was already sent with another text."))
        return earlier
    raise _why_not(found, actor, is_used=earlier is not None)


def stored_text(text: str, site_id: int | None) -> dict[str, Any]:
    """The fields of an entry that says ``text``: as the site wants it stored; None: as all of them together do (see veils)."""
    body, redacted = veils.redact(text, site_id)
    return {"body": body, **({"data": {"redacted": redacted}} if redacted else {})}


def is_same(entry: Entry, text: str) -> bool:
    """Whether the entry is what became of ``text``. Of one that something was taken out of, its id has to be enough."""
    return entry.body == text or "redacted" in entry.data


def _stored_of(conversation: UUID, actor: VisitorActor | OperatorActor, text: str, kind: str) -> dict[str, Any]:
    """``stored_text`` of what this actor says there.

    An operator's answer to a visitor is stored as it is sent; a note and what is written to a colleague are not, since there
    they only repeat what visitors told.
    """
    if isinstance(actor, VisitorActor):
        return stored_text(text, actor.site_id)
    if veils.anyone_redacts():
        where = Conversation.everything.filter(uuid=conversation).values_list("site_id", "state").first()
        if where and (kind == Entry.Kind.NOTE or where[1] == Conversation.State.INTERNAL):
            return stored_text(text, where[0])
    return {"body": text}


def _store(
    conversation: UUID, actor: VisitorActor | OperatorActor, fields: dict[str, Any]
) -> tuple[Conversation, Entry] | None:
    """Take the number and store the entry with it; None if the actor may not speak there (any more)."""
    connection = connections[router.db_for_write(Entry)]
    if connection.vendor == "postgresql":
        identity = actor.visitor_id if isinstance(actor, VisitorActor) else actor.operator_id
        # One statement needs no transaction of its own; in another's, what fails must leave that one usable.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return timeline.post_at_once(conversation, fields["author"], identity, fields)
    changes: dict[str, Any] = {}
    if fields["kind"] == Entry.Kind.TEXT:  # A note says nothing to anybody: the conversation is as idle as before.
        changes["last_message_at"] = fields["created_at"]
        if isinstance(actor, OperatorActor):
            changes["first_reply_at"] = Coalesce(F("first_reply_at"), fields["created_at"])
    with transaction.atomic():
        row = timeline.take_seq(
            Q(("uuid", conversation), theirs(actor), Q(state__in=_states(fields["kind"]), blocked="")), **changes
        )
        return None if row is None else (row, timeline.append(row, **fields))


def _states(kind: str) -> tuple[str, ...]:
    # A note is about a visitor: there are none between colleagues.
    return SPEAKABLE if kind == Entry.Kind.TEXT else Conversation.OPEN_STATES


def same_author(entry: Entry, actor: VisitorActor | OperatorActor) -> bool:
    if isinstance(actor, VisitorActor):
        return entry.author == "visitor"
    return entry.author == "operator" and entry.operator_id == actor.operator_id


def _in_sight(actor: VisitorActor | OperatorActor, kind: str) -> QuerySet[Conversation]:
    """Conversations of which the actor may know, as far as entries of this kind go."""
    if isinstance(actor, VisitorActor):
        return Conversation.objects.filter(visitor_id=actor.visitor_id)
    return readable_conversations(actor) if kind == Entry.Kind.TEXT else visible_conversations(actor)


def refusal(
    conversation: UUID, actor: VisitorActor | OperatorActor, kind: str = Entry.Kind.TEXT, *, is_used: bool
) -> Exception:
    """Why an entry of this kind was not stored."""
    return _why_not(_in_sight(actor, kind).filter(uuid=conversation).first(), actor, is_used=is_used)


def _why_not(found: Conversation | None, actor: VisitorActor | OperatorActor, *, is_used: bool) -> Exception:
    if found is None:
        return NotFound(_("There is no such conversation."))
    if found.state in (Conversation.State.ENDED, Conversation.State.OFFLINE):
        return ConversationEnded(_("The conversation has ended."))
    if found.state == Conversation.State.INTERNAL and found.blocked:
        return Closed(_("Your colleague is not an operator any more. What you wrote to each other stays here."))
    if found.blocked:
        return Closed(_("Nothing can be sent here any more. The conversation can be handed over or ended."))
    if not Conversation.everything.filter(theirs(actor), pk=found.pk).exists():
        return Forbidden(_("Accept the conversation before you write in it."))
    if is_used:
        return ClientIdConflict(_("This message id is already in use."))
    # Whatever the database had against it is not the text's fault: a refusal for good would lose it.
    return Unavailable(_("This did not work just now."), retry_after=2)


def mark_receipt(conversation: UUID, *, actor: VisitorActor | OperatorActor, delivered: int, seen: int) -> None:
    """Raise how far this side has got. Lower values than before, and values beyond the head, change nothing.

    Raises NotFound if the actor takes no part.
    """
    # Numbers that only rise need no lock and no transaction: each UPDATE holds by itself, whatever comes between.
    if isinstance(actor, VisitorActor):
        mine = Conversation.objects.filter(uuid=conversation, visitor_id=actor.visitor_id)
        row = mine.values_list("pk", "visitor_id", "last_seq", "state").first()
        side, operator_id, looked = "visitor", None, False
    else:
        own = Participation.objects.filter(
            conversation__uuid=conversation, operator=actor.operator_id, state=Participation.State.JOINED
        )
        row = own.values_list(
            "conversation_id", "conversation__visitor_id", "conversation__last_seq", "conversation__state"
        ).first()
        side, operator_id, looked = "operator", actor.operator_id, False
    if row is None:
        raise NotFound(_("There is no such conversation."))
    pk, visitor_id, head, state = row
    seen = min(seen, head)
    delivered = max(seen, min(delivered, head))
    rows = Participation.objects.filter(conversation=pk, operator=operator_id)
    if state == Conversation.State.INTERNAL:
        # Between colleagues there are no sides: each has got as far as they have.
        if _raise(rows, delivered, seen, "delivered_seq", "seen_seq"):
            broadcast.team_changed(conversation, timeline.members(pk))
        return
    raised = _raise(Conversation.objects.filter(pk=pk), delivered, seen, f"{side}_delivered_seq", f"{side}_seen_seq")
    if operator_id:
        # Unread counts are each operator's own, whatever a colleague has read.
        looked = bool(seen) and bool(rows.filter(seen_seq__lt=seen).update(seen_seq=seen))
        rows.filter(delivered_seq__lt=delivered).update(delivered_seq=delivered)
    if raised or looked:
        broadcast.receipts_changed(conversation, visitor_id, operator_id=operator_id, unread=looked)


def _raise(rows: Any, delivered: int, seen: int, delivered_field: str, seen_field: str) -> bool:
    behind = Q(**{f"{delivered_field}__lt": delivered}) | Q(**{f"{seen_field}__lt": seen})
    changes = {delivered_field: Greatest(delivered_field, delivered), seen_field: Greatest(seen_field, seen)}
    return bool(rows.filter(behind).update(**changes))


def set_typing(conversation: UUID, *, actor: VisitorActor | OperatorActor, active: bool) -> None:
    """Show the other side that somebody is typing. Not stored, but for seconds in the cache, for those who poll."""
    row = Conversation.objects.filter(theirs(actor), uuid=conversation, state__in=Conversation.OPEN_STATES)
    visitor_id = row.values_list("visitor_id", flat=True).first()
    if visitor_id is None:
        _set_team_typing(conversation, actor, active)
        return
    operator_id = actor.operator_id if isinstance(actor, OperatorActor) else None
    cache.set(
        snapshots.typing_key(conversation, operator_id is not None), operator_id or 0, TYPING_SECONDS if active else 0
    )
    broadcast.typing_changed(conversation, visitor_id, operator_id=operator_id, active=active)


def _set_team_typing(conversation: UUID, actor: VisitorActor | OperatorActor, active: bool) -> None:
    ours = isinstance(actor, OperatorActor) and team_conversations(actor).filter(uuid=conversation, blocked="")
    pk = ours.values_list("pk", flat=True).first() if ours else None
    if pk is None or not isinstance(actor, OperatorActor):
        raise NotFound(_("There is no such conversation."))
    key = snapshots.team_typing_key(conversation, actor.operator_id)
    cache.set(key, 1, TYPING_SECONDS if active else 0)
    others = [member for member in timeline.members(pk) if member != actor.operator_id]
    broadcast.team_typing(conversation, others, operator_id=actor.operator_id, active=active)


def count_quick_reply(quick_reply_id: int) -> None:
    """A prepared answer was used."""
    QuickReply.objects.filter(pk=quick_reply_id).update(used=F("used") + 1)
