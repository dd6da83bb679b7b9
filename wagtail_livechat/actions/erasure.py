"""A visitor's data: all of it handed out, or all of it gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, Site

from .. import broadcast, signals, snapshots
from ..caching import cache
from ..models import Ban, Conversation, Entry, PrivacyLink, PrivacySettings, Visitor
from ..permissions import SystemActor
from . import bans
from .conversations import end_conversation

ERASED = "wagtail_livechat.erase"
EXPORTED = "wagtail_livechat.export"

# The key to somebody's chat, and what only we need.
_SECRET = {"token_hash", "is_present", "address_shortened"}
# Rows about operators' work, in which there is nothing of the visitor.
_OPERATORS_OWN = {"Participation", "Offer"}


def find_visitors(
    *, site_id: int | None = None, email: str = "", case_number: str = "", uuid: UUID | None = None
) -> models.QuerySet[Visitor]:
    """Visitors by one of: the e-mail address they gave, a case number, their id. A browser is a visitor, so may be several."""
    found = Visitor.objects.all() if site_id is None else Visitor.objects.filter(site=site_id)
    if email:
        return found.filter(email__iexact=email.strip())
    if case_number:
        return found.filter(conversations__case_number=case_number.strip().lstrip("#")).distinct()
    return found.filter(uuid=uuid) if uuid else found.none()


# ------------------------------------------------------------------------------------------------- export


def export_visitors(visitor_ids: Iterable[int], *, with_notes: bool) -> dict[str, Any]:
    """All that is stored about these visitors, as JSON values. Nothing is masked: it is theirs.

    ``with_notes``: what operators noted among themselves, too.
    """
    ids = list(visitor_ids)
    visitors = Visitor.objects.filter(pk__in=ids).select_related("site").order_by("pk")
    data: dict[str, Any] = {
        "exported_at": timezone.now().isoformat(),
        "visitors": [_exported(visitor, with_notes) for visitor in visitors],
    }
    for _, more in signals.exporting_visitors.send(sender=Visitor, visitor_ids=ids):
        if isinstance(more, dict):
            data.update(more)
    return data


def _exported(visitor: Visitor, with_notes: bool) -> dict[str, Any]:
    return {
        **_row(visitor),
        "site": visitor.site.hostname,
        **_related(visitor, with_notes),
        "conversations": [
            {**_row(conversation), **_related(conversation, with_notes)}
            for conversation in visitor.conversations.order_by("pk")
        ],
    }


def _row(instance: models.Model) -> dict[str, Any]:
    """The columns of a row, without keys of our own."""
    shown = {}
    for field in instance._meta.concrete_fields:
        if field.name in _SECRET or field.primary_key or field.is_relation:
            continue
        value = field.value_from_object(instance)
        if value not in (None, "", {}):
            shown[field.name] = value if isinstance(value, str | int | float | bool | dict | list) else str(value)
    return shown


def _related(instance: models.Model, with_notes: bool) -> dict[str, Any]:
    """Rows of other tables that point here, of whatever kind there is."""
    shown: dict[str, Any] = {}
    for relation in instance._meta.related_objects:
        model = relation.related_model
        if model in (Conversation, Ban) or model.__name__ in _OPERATORS_OWN or not relation.one_to_many:
            continue
        rows = model._default_manager.filter(**{relation.field.name: instance}).order_by("pk")
        if model is Entry and not with_notes:
            rows = rows.filter(audience=Entry.Audience.EVERYONE)
        if found := [_row(row) for row in rows]:
            shown[str(model._meta.verbose_name_plural)] = found
    return shown


# -------------------------------------------------------------------------------------------------- erase


def erase_visitors(visitor_ids: Iterable[int]) -> dict[str, int]:
    """Delete these visitors and all that is stored about them. Returns how many rows of what.

    May be repeated, also after it was interrupted: what is done first shuts them out, and their row goes last.
    """
    ids = list(visitor_ids)
    shut_out(ids)
    counts: Counter[str] = Counter()
    with transaction.atomic():
        conversations = list(Conversation.objects.filter(visitor__in=ids).values_list("pk", "uuid", "visitor_id"))
        keys = [pk for pk, _, _ in conversations]
        signals.erasing_visitors.send(sender=Visitor, visitor_ids=ids, conversation_ids=keys)
        clean_logs(Conversation, keys)
        affected = Ban.objects.filter(visitor__in=ids)
        clean_logs(Ban, list(affected.values_list("pk", flat=True)))
        # A range stays kept out; whose it was, and what was said of them, goes.
        affected.exclude(network="").update(visitor=None, reason="")
        addresses = Visitor.objects.filter(pk__in=ids).exclude(email="").values("site", "email")
        for one in addresses:
            PrivacyLink.objects.filter(site=one["site"], email__iexact=one["email"]).delete()
        counts.update(delete_conversations(conversations))
        counts.update(_deleted(Visitor.objects.filter(pk__in=ids).delete()))
    cache.delete(bans.CACHE_KEY)
    return dict(counts)


def shut_out(visitor_ids: list[int]) -> None:
    """End their chats, politely, and let their tokens be good no more."""
    Visitor.objects.filter(pk__in=visitor_ids).update(revoked_at=timezone.now())
    open_ones = Conversation.objects.filter(visitor__in=visitor_ids, state__in=Conversation.OPEN_STATES)
    for uuid in list(open_ones.values_list("uuid", flat=True)):
        end_conversation(uuid, actor=SystemActor(), reason="closed")
    for visitor_id in visitor_ids:
        broadcast.recheck_visitor(visitor_id)


def delete_conversations(rows: Iterable[tuple[int, UUID, int]]) -> dict[str, int]:
    """Delete ended conversations (key, uuid, the visitor's key) with all that belongs to them; desks that show them hear of it."""
    rows = list(rows)
    for _, uuid, visitor_id in rows:
        cache.delete(snapshots.typing_key(uuid, True))
        cache.delete(snapshots.typing_key(uuid, False))
        broadcast.conversation_changed(uuid, visitor_id)
    return _deleted(Conversation.objects.filter(pk__in=[pk for pk, _, _ in rows]).delete())


def _deleted(result: tuple[int, dict[str, int]]) -> dict[str, int]:
    """What Django's delete says, by the model's own name."""
    return {label.rpartition(".")[2].lower(): count for label, count in result[1].items() if count}


def clean_logs(model: type[models.Model], keys: list[int]) -> None:
    """That something was done stays in Wagtail's log; what was said about it goes."""
    content_type = ContentType.objects.get_for_model(model)
    about = ModelLogEntry.objects.filter(content_type=content_type, object_id__in=[str(key) for key in keys])
    about.update(data={})
    if model is Ban:
        about.update(label=str(Ban._meta.verbose_name))


def note(action: str, sites: Iterable[int], *, user: Any = None, **data: Any) -> None:
    """Keep in Wagtail's log that it was done, by whom and how much of it: nothing about whom it was about."""
    for site in Site.objects.filter(pk__in=set(sites)):
        log(PrivacySettings.for_site(site), action, user=user, data=data)
