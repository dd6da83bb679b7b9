"""An answer becomes a draft of an FAQ or an article, so that it need not be given again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .. import drafts
from ..drafts import Made, Place, Wanted
from ..exceptions import Conflict, Forbidden, NotFound
from ..masking import KINDS, Rules, mask
from ..masking.rules import regions_of
from ..models import Conversation, Entry, LiveChatSettings
from ..permissions import OperatorActor, visible_conversations

TITLE_MAX_LENGTH = 255
_LONG_NUMBER = re.compile(r"\d{5,}")
_NAME = re.compile(r"\w{3,}")


def places(conversation: UUID, *, actor: OperatorActor) -> list[Place]:
    """Where a draft may go: FAQ by category, article by category. Raises NotFound, Forbidden, Conflict (no helpdesk)."""
    row, keeper = _about(conversation, actor)
    found: list[Place] = keeper.places(row.site_id, row.language)
    return found


def can_tell(conversation: UUID, *, actor: OperatorActor) -> bool:
    """Whether the visitor has left an address to which one could write that it is published."""
    return bool(_address(_about(conversation, actor)[0]))


def make(
    conversation: UUID,
    *,
    actor: OperatorActor,
    seqs: Iterable[int],
    kind: str,
    place: str,
    title: str,
    tell: bool = False,
) -> Made:
    """Make a draft of the operators' messages among ``seqs``; of the visitor's, where there are no others.

    Personal numbers, addresses and the visitor's name are taken out, whatever the site's own rules are: it is meant for
    everybody. Raises NotFound (no such conversation, message or place), Forbidden, Conflict (no helpdesk, or nobody to tell).
    """
    row, keeper = _about(conversation, actor)
    wanted = sorted(set(seqs))
    said = list(
        row.entries.filter(seq__in=wanted, kind=Entry.Kind.TEXT, audience=Entry.Audience.EVERYONE).order_by("seq")
    )
    if not wanted or len(said) != len(wanted):
        raise NotFound(_("There is no such message in this conversation."))
    if tell and not _address(row):
        raise Conflict(_("The visitor has left no e-mail address."))
    where = next((one for one in keeper.places(row.site_id, row.language) if (one.kind, one.id) == (kind, place)), None)
    if where is None:
        raise NotFound(_("There is no such category any more. Choose another one."))
    answers = [entry for entry in said if entry.author != "visitor"] or said
    with transaction.atomic():
        made: Made = keeper.make(
            Wanted(
                conversation_id=row.pk,
                site_id=cast(int, row.site_id),
                language=row.language,
                title=" ".join(public(title, row).split())[:TITLE_MAX_LENGTH],
                paragraphs=tuple(public(entry.body, row) for entry in answers),
                seqs=tuple(wanted),
                tell=tell,
            ),
            where,
            get_user_model().objects.get(pk=actor.user_id),
        )
    return made


def _about(conversation: UUID, actor: OperatorActor) -> tuple[Conversation, Any]:
    row = visible_conversations(actor).select_related("visitor").filter(uuid=conversation).first()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    if not actor.may_draft:
        raise Forbidden(_("You may not make drafts of answers."))
    keeper = drafts.provider()
    if keeper is None:
        raise Conflict(_("There is no helpdesk on this site."))
    return row, keeper


def _address(row: Conversation) -> str:
    return row.email or row.visitor.email


def public(text: str, row: Conversation) -> str:
    """``text`` as everybody may read it: without personal numbers and addresses, long numbers, and the visitor's name."""
    country = LiveChatSettings.of(row.site_id).country
    regions = regions_of([row.language, *([f"x-{country}"] if country else [])])
    hidden = mask(text, Rules(frozenset(KINDS), regions))
    hidden = _LONG_NUMBER.sub(lambda match: "*" * len(match[0]), hidden)
    for part in _NAME.findall(row.visitor.name):
        hidden = re.sub(rf"\b{re.escape(part)}\b", "…", hidden, flags=re.IGNORECASE)
    return hidden.strip()
