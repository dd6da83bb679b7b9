"""A file is sent into a conversation."""

from __future__ import annotations

from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import attachments, veils
from ..exceptions import BadFile, ClientIdConflict
from ..models import Attachment, Conversation, Entry, LiveChatSettings
from ..permissions import OperatorActor, VisitorActor
from . import timeline
from .messages import author_of, is_same, refusal, same_author, theirs


def limits(site_id: int) -> tuple[frozenset[str], int]:
    """(endings, bytes) of what may be sent on a site; no endings: nothing."""
    chosen = LiveChatSettings.of(site_id)
    return chosen.endings, chosen.attachment_megabytes * 1_000_000


def post_file(
    conversation: UUID, *, actor: VisitorActor | OperatorActor, name: str, content: bytes, client_id: UUID
) -> Entry:
    """Send a file to the other side. A retry with the same ``client_id`` returns the entry that is stored.

    Raises BadFile (not allowed here, or not what it says it is), and as post_message does.
    """
    earlier = timeline.stored(conversation, client_id)
    if earlier is not None:
        return _same(earlier, conversation, actor, name)
    site_id = Conversation.objects.filter(theirs(actor), uuid=conversation).values_list("site_id", flat=True).first()
    if site_id is None:
        raise refusal(conversation, actor, Entry.Kind.ATTACHMENT, is_used=False)
    allowed, limit = limits(site_id)
    by_visitor = isinstance(actor, VisitorActor)
    try:
        checked = attachments.check(name, content, allowed=allowed, limit=limit)
    except attachments.BadFile as error:
        raise BadFile(error.reason) from error
    # As of a text: what a visitor wrote into a file's name is stored as the site wants it.
    kept_name, redacted = veils.redact(checked.name, site_id) if by_visitor else (checked.name, [])
    stored_as = None
    try:
        with transaction.atomic():
            now = timezone.now()
            row = timeline.take_seq(
                Q(("uuid", conversation), theirs(actor), Q(state__in=Conversation.OPEN_STATES, blocked="")),
                last_message_at=now,
            )
            if row is None:
                raise refusal(conversation, actor, Entry.Kind.ATTACHMENT, is_used=False)
            kept = Attachment(
                conversation_id=row.pk,
                name=kept_name,
                content_type=checked.content_type,
                size=len(checked.content),
                created_at=now,
            )
            kept.file.save(checked.name, ContentFile(checked.content), save=False)
            stored_as = kept.file.name
            kept.save()
            data = {"file": str(kept.uuid), "name": kept.name, "type": kept.content_type, "size": kept.size}
            if redacted:
                data["redacted"] = redacted
            if checked.width:
                data.update(width=checked.width, height=checked.height)
            return timeline.append(
                row,
                kind=Entry.Kind.ATTACHMENT,
                audience=Entry.Audience.EVERYONE,
                body=kept.name,
                data=data,
                client_id=client_id,
                created_at=now,
                **author_of(actor),
            )
    except BaseException as error:
        if stored_as:
            # The row was rolled back; the file does not know.
            Attachment._meta.get_field("file").storage.delete(stored_as)  # type: ignore[union-attr]
        earlier = timeline.stored(conversation, client_id) if isinstance(error, IntegrityError) else None
        if earlier is None:
            raise
        return _same(earlier, conversation, actor, name)


def _same(earlier: Entry, conversation: UUID, actor: VisitorActor | OperatorActor, name: str) -> Entry:
    if not same_author(earlier, actor) or not Conversation.objects.filter(theirs(actor), uuid=conversation).exists():
        raise refusal(conversation, actor, Entry.Kind.ATTACHMENT, is_used=True)
    if earlier.kind != Entry.Kind.ATTACHMENT or not is_same(earlier, attachments.clean_name(name)):
        raise ClientIdConflict(_("This message was already sent with another file."))
    return earlier
