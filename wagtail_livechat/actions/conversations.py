"""A conversation begins, goes back to the queue, ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .. import broadcast, openers, pagewise, signals, snapshots, veils
from ..conf import conf
from ..exceptions import (
    ClientIdConflict,
    Closed,
    ConversationEnded,
    Forbidden,
    NotFound,
    ReasonRequired,
    TooLong,
    Unauthorised,
)
from ..intake import Answers
from ..models import (
    CaseCounter,
    Conversation,
    Department,
    Entry,
    LiveChatSettings,
    Operator,
    Participation,
    Tag,
    Visitor,
    WrapUpReason,
)
from ..permissions import Actor, OperatorActor, VisitorActor, visible_conversations
from . import cases, handout, offers, rollup, timeline
from .announcements import announce
from .messages import is_same, post_message, stored_text


def start_conversation(
    *,
    actor: VisitorActor,
    text: str,
    client_id: UUID,
    language: str = "",
    page_url: str = "",
    page_title: str = "",
    page_id: int | None = None,
    name: str = "",
    email: str = "",
    phone: str = "",
    reference: str = "",
    department_id: int | None = None,
    consent: bool = False,
    consent_version: str = "",
    as_case: bool = False,
    auto_message: str = "",
    opener: str = "",
) -> Entry:
    """Begin with the visitor's first message; if a conversation is open already, the message goes there.

    ``name`` to ``consent_version`` are what a form asked for. ``as_case``: nobody is there; it is to be answered by e-mail.
    ``opener``: what a link or button on the page was made with (see openers). The conversation is for the department that
    was asked for, else the opener's, else the page's, else the site's; whichever of these answers for the site.
    A retry with the same ``client_id`` returns the stored entry, also when its conversation has ended meanwhile.
    Raises TooLong, Closed, BadForm, ClientIdConflict, Unauthorised (the visitor is gone).
    """
    if len(text) > conf.MESSAGE_MAX_LENGTH:
        raise TooLong(
            format_lazy(
                _("A message may have at most {limit} characters; this one has {length}."),
                limit=conf.MESSAGE_MAX_LENGTH,
                length=len(text),
            ),
            field="text",
        )
    answers = Answers(name, email, phone, reference, department_id, consent, consent_version)
    while True:
        with transaction.atomic():
            # Locks the visitor, so that two tabs cannot both find nothing open.
            now = timezone.now()
            if not Visitor.objects.filter(pk=actor.visitor_id, revoked_at__isnull=True).update(last_seen=now):
                raise Unauthorised(_("This visit is not known here. A new one is begun."))
            earlier = (
                Entry.objects.filter(conversation__visitor_id=actor.visitor_id, client_id=client_id, author="visitor")
                .select_related("conversation")
                .first()
            )
            if earlier is not None:
                if not is_same(earlier, text):
                    raise ClientIdConflict(_("This message was already sent with another text."))
                return earlier
            current = Conversation.objects.filter(
                visitor_id=actor.visitor_id, state__in=Conversation.OPEN_STATES
            ).first()
            if current is None:
                chosen = LiveChatSettings.of(actor.site_id)
                answers = cases.checked(chosen, "offline" if as_case else "prechat", answers)
                cases.note_answers(actor, answers, language)
                page_id = _live_page(page_id)
                language = language or Visitor.objects.values_list("language", flat=True).get(pk=actor.visitor_id)
                return _create(
                    actor,
                    chosen,
                    now,
                    text,
                    client_id,
                    answers,
                    (openers.department(opener), pagewise.department(actor.site_id, page_id)),
                    as_case=as_case,
                    language=language[:35],
                    page_url=veils.redact_address(page_url, actor.site_id)[:2000],
                    page_title=veils.redact(page_title, actor.site_id)[0][:255],
                    page_id=page_id,
                    auto_message=auto_message[:255],
                )
        try:
            entry = post_message(current.uuid, actor=actor, text=text, client_id=client_id)
            entry.conversation = current
            return entry
        except ConversationEnded:
            continue  # It ended between the look and the post: begin a new one.


def _live_page(page_id: int | None) -> int | None:
    """The id, if it is that of a page: the number came from outside."""
    if page_id is None:
        return None
    page_model: Any = Conversation._meta.get_field("page").related_model
    return page_id if page_model.objects.filter(pk=page_id).exists() else None


def _create(
    actor: VisitorActor,
    chosen: LiveChatSettings,
    now: Any,
    text: str,
    client_id: UUID,
    answers: Answers,
    departments: tuple[int | None, ...],
    *,
    as_case: bool,
    **fields: Any,
) -> Entry:
    if not chosen.enabled:
        raise Closed(_("The chat is switched off on this site."))
    if as_case:
        fields["state"] = Conversation.State.OFFLINE
    conversation = Conversation.objects.create(
        case_number=_next_case_number(now.year),
        site_id=actor.site_id,
        visitor_id=actor.visitor_id,
        department_id=_department((answers.department, *departments), chosen),
        **cases.given(answers, chosen, fields["language"], now),
        last_seq=1,
        created_at=now,
        queued_at=now,
        last_message_at=now,
        **fields,
    )
    entry = timeline.append(
        conversation,
        kind=Entry.Kind.TEXT,
        audience=Entry.Audience.EVERYONE,
        author="visitor",
        **stored_text(text, actor.site_id),
        client_id=client_id,
        created_at=now,
    )
    if as_case:
        cases.file(conversation, chosen)
    else:
        place = snapshots.queue_position(conversation)
        Conversation.objects.filter(pk=conversation.pk).update(queue_place=place)
        handout.hand_out(conversation)
    broadcast.conversation_changed(conversation.uuid, conversation.visitor_id)
    _tell(signals.conversation_started, conversation)
    entry.conversation = conversation
    return entry


def _department(asked: tuple[int | None, ...], chosen: LiveChatSettings) -> int | None:
    """The first of those asked for that answers for this site, else the site's own, else none."""
    of_site = Department.serving(chosen.site_id)
    for candidate in (*asked, chosen.department_id):
        if candidate is not None and of_site.filter(pk=candidate).exists():
            return candidate
    return None


def _next_case_number(year: int) -> str:
    """``2026-000123``; dense within a year, since the counter's row is locked until commit."""
    if not CaseCounter.objects.filter(year=year).update(last=F("last") + 1):
        try:
            with transaction.atomic():
                CaseCounter.objects.create(year=year, last=1)
        except IntegrityError:  # Another first one of the year was quicker.
            CaseCounter.objects.filter(year=year).update(last=F("last") + 1)
    return f"{year}-{CaseCounter.objects.values_list('last', flat=True).get(year=year):06d}"


def _tell(signal: Any, conversation: Conversation) -> None:
    transaction.on_commit(
        lambda: signal.send_robust(sender=Conversation, conversation_id=conversation.pk),
        robust=True,
    )


def end_conversation(conversation: UUID, *, actor: Actor, reason: str = "") -> None:
    """End it for both sides. Ending what has ended is no mistake: the first one counts.

    ``reason`` of the system: ``idle`` or ``left``. Raises NotFound, Forbidden (an operator who has not joined).
    A case that waits for an answer by e-mail is ended by any operator who sees it, and has then been dealt with.
    """
    by, identity = _ender(conversation, actor)
    endable = [*Conversation.OPEN_STATES, *([Conversation.State.OFFLINE] if by == "operator" else [])]
    with transaction.atomic():
        now = timezone.now()
        row = timeline.take_seq(
            Q(("uuid", conversation), identity, Q(state__in=endable)),
            state=Conversation.State.ENDED,
            ended_at=now,
            ended_by=by,
        )
        if row is None:
            return
        details: dict[str, Any] = {"by": by, **({"reason": reason} if reason else {})}
        timeline.append_system(row, "ended", operator=actor if isinstance(actor, OperatorActor) else None, **details)
        offers.withdraw_offers(row)
        rollup.touch(row.pk)
        _announce_load(row)
        transaction.on_commit(handout.assign_waiting, robust=True)
        broadcast.conversation_changed(row.uuid, row.visitor_id)
        _tell(signals.conversation_ended, row)


def _ender(conversation: UUID, actor: Actor) -> tuple[str, Q]:
    if isinstance(actor, VisitorActor):
        if not Conversation.objects.filter(uuid=conversation, visitor_id=actor.visitor_id).exists():
            raise NotFound(_("There is no such conversation."))
        return "visitor", Q(visitor_id=actor.visitor_id)
    if isinstance(actor, OperatorActor):
        state = visible_conversations(actor).filter(uuid=conversation).values_list("state", flat=True).first()
        if state is None:
            raise NotFound(_("There is no such conversation."))
        if state == Conversation.State.OFFLINE:
            return "operator", Q()
        joined = Participation.objects.filter(
            conversation__uuid=conversation, operator=actor.operator_id, state=Participation.State.JOINED
        )
        if not joined.exists():
            raise Forbidden(_("Only who takes part in the conversation may end it."))
        return "operator", Q()
    return "system", Q()


def _announce_load(row: Conversation) -> None:
    joined = Participation.objects.filter(conversation_id=row.pk, state=Participation.State.JOINED)
    for operator_id in list(joined.values_list("operator_id", flat=True)):
        Operator.objects.filter(pk=operator_id).update(idle_since=timezone.now())
        announce(operator_id)


def put_away(conversation: UUID, *, actor: OperatorActor) -> None:
    """Take an ended conversation out of the operator's list. An open one stays."""
    changed = Participation.objects.filter(
        conversation__uuid=conversation,
        conversation__state=Conversation.State.ENDED,
        operator=actor.operator_id,
        is_listed=True,
    ).update(is_listed=False)
    if changed:
        visitor_id = Conversation.objects.values_list("visitor_id", flat=True).get(uuid=conversation)
        broadcast.conversation_changed(conversation, visitor_id)


def requeue(conversation_id: int, *, gone: Operator, unless_seen_since: datetime | None = None) -> bool:
    """Its operator is gone: a colleague who is in it has it from now on, else it is queued again. Returns whether it was done.

    Idempotent: of two sweeps at once, one finds the state already changed. ``unless_seen_since``: nothing is done if the
    operator has come back since; without it they are gone for good.
    """
    with transaction.atomic():
        now = timezone.now()
        mine = Q(("pk", conversation_id), Q(state=Conversation.State.ACTIVE, operator_id=gone.pk))
        if unless_seen_since is not None:
            # Asked under the conversation's lock: whoever is back by then keeps it.
            back = Operator.objects.filter(pk=gone.pk, last_seen__gt=unless_seen_since)
            if timeline.lock(mine) is None or back.exists():
                return False
        heir = _present_colleague(conversation_id, gone, now)
        if heir is not None:
            row = timeline.take_seq(mine, operator_id=heir)
            if row is None:
                return False
            offers.leave(row, gone.pk, now)
            timeline.append_system(row, "left", operator=OperatorActor(gone.pk, gone.name, frozenset()))
            broadcast.conversation_changed(row.uuid, row.visitor_id)
            return True
        row = timeline.take_seq(mine, state=Conversation.State.QUEUED, queued_at=now, operator_id=None)
        if row is None:
            return False
        offers.withdraw_offers(row)
        Participation.objects.filter(conversation_id=row.pk, state=Participation.State.JOINED).update(
            state=Participation.State.LEFT, left_at=now
        )
        timeline.append_system(row, "requeued", operator=OperatorActor(gone.pk, gone.name, frozenset()))
        handout.hand_out(row)
        broadcast.conversation_changed(row.uuid, row.visitor_id)
        announce(gone.pk)
        return True


def _present_colleague(conversation_id: int, gone: Operator, now: datetime) -> int | None:
    """Another operator who takes part and is connected."""
    alive = now - timedelta(seconds=conf.GRACE_SECONDS)
    return (
        Participation.objects.filter(
            conversation_id=conversation_id,
            state=Participation.State.JOINED,
            operator__is_active=True,
            operator__last_seen__gt=alive,
        )
        .exclude(operator=gone)
        .order_by("joined_at", "pk")
        .values_list("operator_id", flat=True)
        .first()
    )


def wrap_up(
    conversation: UUID, *, actor: OperatorActor, reason_id: int | None, note: str = "", required: bool = False
) -> None:
    """Say why it was ended, before or after the end. Raises ReasonRequired, NotFound (no such reason), Forbidden."""
    row = visible_conversations(actor).filter(uuid=conversation).first()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    # Nobody takes part in a case that was left: whoever sees it may deal with it, and has nobody to say goodbye to.
    is_case = row.state == Conversation.State.OFFLINE
    if (
        not is_case
        and not row.participations.filter(operator=actor.operator_id, state=Participation.State.JOINED).exists()
    ):
        raise Forbidden(_("Only who takes part in the conversation may do this."))
    if reason_id is None:
        if required and not is_case and row.wrap_up_reason_id is None and snapshots.wants_reason(row.site_id):
            raise ReasonRequired(_("Choose a reason before you end the conversation."), field="reason")
        reason = row.wrap_up_reason_id
    else:
        if not WrapUpReason.objects.filter(pk=reason_id, is_active=True).exists():
            raise NotFound(_("There is no such reason."))
        reason = reason_id
    # A note that comes back as it was shown is the one that is stored.
    if not note or note == veils.veil_for(actor, row.site_id).text(row.wrap_up_note):
        note = row.wrap_up_note
    note, _kinds = veils.redact(note, row.site_id)
    Conversation.objects.filter(pk=row.pk).update(wrap_up_reason=reason, wrap_up_note=note)
    broadcast.conversation_changed(row.uuid, row.visitor_id)


def archive(conversation: UUID, *, actor: OperatorActor, keep: bool = True) -> None:
    """Save the conversation to the archive, or take it out. Raises NotFound."""
    row = visible_conversations(actor).filter(uuid=conversation).values_list("pk", "visitor_id").first()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    Conversation.objects.filter(pk=row[0]).update(archived_at=timezone.now() if keep else None)
    broadcast.conversation_changed(conversation, row[1])


def set_tags(conversation: UUID, *, actor: OperatorActor, names: list[str]) -> None:
    """Replace the conversation's tags; new words become tags. Raises NotFound."""
    row = visible_conversations(actor).filter(uuid=conversation).first()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    names = [veils.redact(name, row.site_id)[0] for name in names]
    wanted = {name.casefold(): name for name in names if name}
    tags = [Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name) for name in wanted.values()]
    row.tags.set(tags)
    broadcast.conversation_changed(row.uuid, row.visitor_id)
    broadcast.library_changed()


def update_visitor(conversation: UUID, *, actor: OperatorActor, **details: str) -> None:
    """Correct a visitor's name, e-mail, phone or reference. Raises NotFound."""
    row = visible_conversations(actor).filter(uuid=conversation).select_related("visitor").first()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    # What comes back as it was shown is unchanged: stars must not replace what they hide.
    veil = veils.veil_for(actor, row.site_id)
    changed = {
        field: value for field, value in details.items() if value != veil.detail(field, getattr(row.visitor, field, ""))
    }
    Visitor.objects.filter(pk=row.visitor_id).update(**cases.stored_details(changed, row.site_id))
    # Wherever this visitor may be in somebody's list, ended conversations that were not put away among them.
    recent = timezone.now() - timedelta(hours=conf.SHOW_ENDED_HOURS)
    listed = Q(state__in=Conversation.OPEN_STATES) | Q(ended_at__gt=recent) | Q(pk=row.pk)
    for uuid in Conversation.objects.filter(listed, visitor_id=row.visitor_id).values_list("uuid", flat=True):
        broadcast.conversation_changed(uuid, row.visitor_id)
