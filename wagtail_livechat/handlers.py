"""What each command does and what each hint leads to, whatever carries them: the lower half of every client-facing door.

A session is one connection's knowledge: who it is, and how far it has been told. The socket consumers keep theirs for as
long as they live; an HTTP door makes one for a request. All functions are synchronous and touch the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import knowledge, snapshots
from . import protocol as p
from .actions import (
    bans,
    cases,
    conversations,
    drafting,
    feedback,
    files,
    messages,
    offers,
    presence,
    reveal,
    team,
    teamwork,
    visitors,
)
from .exceptions import BadForm, BadInput, Forbidden, LiveChatError, NotFound, WrongVersion
from .intake import Answers
from .models import Conversation, Entry, Offer, Operator
from .permissions import OperatorActor, VisitorActor, readable_conversations, visible_conversations


@dataclass(slots=True)
class VisitorSession:
    actor: VisitorActor
    conversation: UUID | None = None
    """The one that this connection shows."""
    cursors: dict[UUID, int] = field(default_factory=dict)
    state: str | None = None
    prospect: tuple[int, int | None] | None = None
    """Place in line and minutes to wait, as the client was last told."""
    site: tuple[Any, ...] | None = None
    """The site's state and next opening as the client was last told."""
    told: tuple[Any, ...] | None = None
    """The conversation as the client was last told, as far as its timeline does not say it: see ``behind``."""
    shown: p.VisitorConversation | None = None
    """The same, whole."""


@dataclass(slots=True)
class OperatorSession:
    actor: OperatorActor
    surface: str = "desk"
    cursors: dict[UUID, int] = field(default_factory=dict)
    """Timelines that are pushed to this connection, with how far."""
    following: dict[UUID, int] = field(default_factory=dict)
    """Conversation -> its visitor's key, whose group this connection is in."""
    known: dict[UUID, int] = field(default_factory=dict)
    """Conversations in the client's lists, each with a mark of how it was last told."""
    offers: set[int] = field(default_factory=set)
    """Offers that the client was told of."""
    colleagues: dict[int, p.OperatorPresence | None] = field(default_factory=dict)
    """All operators as the client was last told; None where that is not known."""
    departments: list[p.DepartmentCard] | None = None
    """The same."""
    team: dict[UUID, p.TeamConversation] = field(default_factory=dict)
    """The same of what colleagues write to each other."""


Session = VisitorSession | OperatorSession


def check_version(version: int) -> None:
    """Raises WrongVersion unless this is ours."""
    if version != p.VERSION:
        raise WrongVersion(_("This page is from before an update. Reload it; nothing is lost."))


def error_event(error: LiveChatError, ref: str | None = None) -> p.Error:
    """The refusal as the client hears it."""
    by = error.by
    return p.Error(
        ref=error.ref or ref,
        code=cast(p.ErrorCode, error.code),
        message=str(error.message),
        field=error.field,
        faults=cast(Any, error.faults) if isinstance(error, BadForm) else None,
        retry_after=error.retry_after,
        by=snapshots.card(by) if isinstance(by, Operator) else None,
    )


def forget(session: Session) -> None:
    """It is not known what of the last events arrived (reading them failed half-way): let the heartbeat tell it all again."""
    if isinstance(session, VisitorSession):
        session.told = session.site = None
    else:
        session.known = dict.fromkeys(session.known, 0)
        session.departments = None
        session.team = {}
        session.colleagues = dict.fromkeys(session.colleagues)


# ------------------------------------------------------------------------------------- telling what is new


def _told(session: Session, stretch: p.Timeline, ref: str | None = None) -> list[p.Event]:
    """The stretch as an event, and the cursor moved past it. Nothing if it is empty."""
    cursor = session.cursors.get(stretch.conversation)
    if cursor is not None and stretch.upto <= cursor and not ref:
        return []
    session.cursors[stretch.conversation] = max(cursor or 0, stretch.upto)
    if len(stretch.entries) == 1 and stretch.entries[0].seq == stretch.upto and not stretch.has_more:
        return [
            p.MessagePosted.model_construct(
                ref=ref, conversation=stretch.conversation, after=stretch.after, entry=stretch.entries[0]
            )
        ]
    return [p.TimelinePage.model_construct(ref=ref, timeline=stretch)]


def _acknowledge(session: Session, conversation: UUID, entry: Entry, ref: str | None) -> list[p.Event]:
    """The stored entry for its sender. What came before it and was not told yet is told first."""
    events: list[p.Event] = []
    cursor = session.cursors.get(conversation)
    while cursor is not None and cursor < entry.seq - 1:
        events += _told(session, snapshots.timeline_after(session.actor, conversation, cursor))
        if session.cursors[conversation] <= cursor:
            break
        cursor = session.cursors[conversation]
    if cursor is not None and cursor == entry.seq - 1:
        session.cursors[conversation] = entry.seq
    events.append(
        p.MessagePosted.model_construct(
            ref=ref, conversation=conversation, after=entry.seq - 1, entry=snapshots.entry_for(session.actor, entry)
        )
    )
    return events


def catch_up(session: Session, wanted: Iterable[UUID]) -> list[p.Event]:
    """What was appended to these timelines since this connection was last told."""
    events: list[p.Event] = []
    for conversation in wanted:
        cursor = session.cursors.get(conversation)
        while cursor is not None:
            stretch = snapshots.timeline_after(session.actor, conversation, cursor)
            events += _told(session, stretch)
            cursor = stretch.upto if stretch.has_more else None
    return events


def _fetch(session: Session, command: p.FetchTimeline) -> list[p.Event]:
    if command.before is not None:
        stretch = snapshots.timeline_before(session.actor, command.conversation, command.before)
    else:
        stretch = snapshots.timeline_after(session.actor, command.conversation, command.after)
    if not stretch.entries and not stretch.has_more and stretch.upto == stretch.after:
        _must_read(session, command.conversation)
    return [p.TimelinePage.model_construct(ref=command.ref, timeline=stretch)]


def _must_read(session: Session, conversation: UUID) -> None:
    if isinstance(session, VisitorSession):
        seen = Conversation.objects.filter(uuid=conversation, visitor_id=session.actor.visitor_id)
    else:
        seen = readable_conversations(session.actor).filter(uuid=conversation)
    if not seen.exists():
        raise NotFound(_("There is no such conversation."))


def _must_see(session: OperatorSession, conversation: UUID) -> None:
    """Raises NotFound unless it is a visitor's that this operator may look at."""
    if not visible_conversations(session.actor).filter(uuid=conversation).exists():
        raise NotFound(_("There is no such conversation."))


# --------------------------------------------------------------------------------------------- both sides


def _ping(session: Session, command: p.Ping) -> list[p.Event]:
    return [p.Pong(ref=command.ref, time=timezone.now())]


def _post(session: Session, command: p.PostMessage) -> list[p.Event]:
    if command.quick_reply is not None and isinstance(session, OperatorSession):
        messages.count_quick_reply(command.quick_reply)
    entry = messages.post_message(
        command.conversation, actor=session.actor, text=command.text, client_id=command.client_id
    )
    return _acknowledge(session, command.conversation, entry, command.ref)


def post_file(session: Session, conversation: UUID, *, name: str, content: bytes, client_id: UUID) -> list[p.Event]:
    """A file, which no command can carry: doors that take bodies of that size bring it here. Raises LiveChatError."""
    entry = files.post_file(conversation, actor=session.actor, name=name, content=content, client_id=client_id)
    return _acknowledge(session, conversation, entry, str(client_id))


def _receipt(session: Session, command: p.MarkReceipt) -> list[p.Event]:
    messages.mark_receipt(command.conversation, actor=session.actor, delivered=command.delivered, seen=command.seen)
    return []


def _typing(session: Session, command: p.SetTyping) -> list[p.Event]:
    messages.set_typing(command.conversation, actor=session.actor, active=command.active)
    return []


# ----------------------------------------------------------------------------------------------- visitor


def visitor_hello(session: VisitorSession, command: p.VisitorHello) -> list[p.Event]:
    """The snapshot. Start-up and recovery are the same."""
    check_version(command.version)
    if command.page is not None:
        visitors.note_page(session.actor, url=command.page.url, title=command.page.title)
    wanted, after = (command.cursor.conversation, command.cursor.after) if command.cursor else (None, 0)
    return [_visitor_snapshot(session, wanted, after, command.ref)]


def _visitor_snapshot(
    session: VisitorSession, wanted: UUID | None, after: int, ref: str | None = None
) -> p.VisitorSnapshot:
    snapshot = snapshots.visitor_snapshot(session.actor, wanted=wanted, after=after)
    session.conversation = snapshot.conversation.id if snapshot.conversation else None
    session.cursors = {}
    if snapshot.timeline is not None:
        session.cursors[snapshot.timeline.conversation] = snapshot.timeline.upto
    _remember(session, snapshot.conversation)
    session.site = (snapshot.site, snapshot.opens_at)
    return snapshot.model_copy(update={"ref": ref})


def _remember(session: VisitorSession, conversation: p.VisitorConversation | None) -> None:
    session.state = conversation.state if conversation else None
    place = conversation.position if conversation else None
    session.prospect = snapshots.prospect(place, conversation.estimate) if conversation and place else None
    session.told = None
    session.shown = conversation
    if conversation is not None:
        receipts = conversation.receipts
        session.told = (conversation.state, receipts.delivered, receipts.seen, conversation.seen_seq)


def _start(session: VisitorSession, command: p.StartConversation | p.LeaveCase) -> list[p.Event]:
    page = command.page
    entry = conversations.start_conversation(
        actor=session.actor,
        text=command.text,
        client_id=command.client_id,
        language=command.language,
        page_url=page.url if page else "",
        page_title=page.title if page else "",
        page_id=page.id if page else None,
        name=command.name,
        email=command.email,
        phone=command.phone,
        reference=command.reference,
        department_id=command.department,
        consent=bool(command.consent),
        consent_version=_version_agreed_to(command),
        as_case=isinstance(command, p.LeaveCase),
        auto_message=command.auto_message,
        opener=command.opener,
    )
    uuid = entry.conversation.uuid
    snapshot = _visitor_snapshot(session, session.conversation, 0, command.ref)
    acknowledgement = p.MessagePosted(
        ref=command.ref, conversation=uuid, after=entry.seq - 1, entry=snapshots.entry_for(session.actor, entry)
    )
    return [snapshot, acknowledgement]


def _version_agreed_to(command: p.StartConversation | p.LeaveCase | p.LeaveAddress) -> str:
    return command.consent if isinstance(command.consent, str) else ""


def _visitor_end(session: VisitorSession, command: p.EndConversation) -> list[p.Event]:
    conversations.end_conversation(command.conversation, actor=session.actor)
    return catch_up(session, [command.conversation]) + visitor_state(session)


def _leave_address(session: VisitorSession, command: p.LeaveAddress) -> list[p.Event]:
    answers = Answers(
        name=command.name,
        email=command.email,
        consent=bool(command.consent),
        consent_version=_version_agreed_to(command),
    )
    cases.leave_address(command.conversation, actor=session.actor, answers=answers)
    return catch_up(session, [command.conversation]) + visitor_state(session, command.ref)


def _rate(session: VisitorSession, command: p.RateConversation) -> list[p.Event]:
    feedback.rate(command.conversation, actor=session.actor, rating=command.rating, comment=command.comment)
    return visitor_state(session, command.ref)


def _reopen(session: VisitorSession, command: p.ReopenConversation) -> list[p.Event]:
    feedback.reopen(command.conversation, actor=session.actor)
    return catch_up(session, [command.conversation]) + visitor_state(session, command.ref)


def _transcript(session: VisitorSession, command: p.RequestTranscript) -> list[p.Event]:
    feedback.request_transcript(command.conversation, actor=session.actor, email=command.email)
    return visitor_state(session, command.ref)


def visitor_state(session: VisitorSession, ref: str | None = None) -> list[p.Event]:
    """The visitor's conversation as it now is; a snapshot if it is another one than this connection shows."""
    conversation = snapshots.current_conversation(session.actor, session.conversation)
    if conversation is None or conversation.uuid != session.conversation:
        return [_visitor_snapshot(session, session.conversation, 0, ref)]
    shown = snapshots.visitor_conversation(conversation)
    _remember(session, shown)
    return [p.VisitorConversationChanged(ref=ref, conversation=shown)]


def receipts_changed(session: VisitorSession) -> list[p.Event]:
    """How far each side has got in the conversation, which changes with every message and is one query."""
    shown = session.shown
    pulse = snapshots.pulse(session.actor, shown.id) if shown and shown.id == session.conversation else None
    if shown is None or pulse is None or session.told is None or pulse.told[0] != session.told[0]:
        return visitor_state(session)
    if pulse.told == session.told:
        return []
    _, delivered, seen, own = pulse.told
    receipts = p.Receipts(delivered=delivered, seen=seen)
    changed = shown.model_copy(update={"receipts": receipts, "seen_seq": own, "last_seq": pulse.head})
    _remember(session, changed)
    return [p.VisitorConversationChanged(conversation=changed)]


def site_changed(session: VisitorSession) -> list[p.Event]:
    """The site's state, if it is another than this client was told."""
    state, opens_at, _ = snapshots.site_status(session.actor.site_id)
    if (state, opens_at) == session.site:
        return []
    session.site = (state, opens_at)
    return [p.SiteChanged(state=state, opens_at=opens_at)]


def behind(sessions: Iterable[VisitorSession]) -> list[set[str]]:
    """For each connection the kinds of hints that it must have missed: what it knows is not what is stored.

    Hints may be lost; this, asked at every heartbeat for all connections at once, is what makes up for it.
    """
    sessions = list(sessions)
    pulses = snapshots.pulses(
        [session.conversation for session in sessions if session.conversation],
        [session.actor.visitor_id for session in sessions],
    )
    by_id = {pulse.conversation: pulse for pulse in pulses}
    open_of = {pulse.visitor: pulse.conversation for pulse in pulses if pulse.told[0] in Conversation.OPEN_STATES}
    sites = {session.actor.site_id for session in sessions}
    states = {site_id: snapshots.site_status(site_id)[:2] for site_id in sites}
    missed = []
    for session in sessions:
        kinds = set()
        shown = session.conversation
        pulse = by_id.get(shown) if shown else None
        if shown and pulse and pulse.head > session.cursors.get(shown, 0):
            kinds.add("entry")
        if open_of.get(session.actor.visitor_id, shown) != shown or (pulse and pulse.told != session.told):
            kinds.add("conversation")
        if states[session.actor.site_id] != session.site:
            kinds.add("site")
        missed.append(kinds)
    return missed


VISITOR_HANDLERS: dict[type[p.Command], Callable[[VisitorSession, Any], list[p.Event]]] = {
    p.Ping: _ping,
    p.VisitorHello: visitor_hello,
    p.StartConversation: _start,
    p.LeaveCase: _start,
    p.LeaveAddress: _leave_address,
    p.RateConversation: _rate,
    p.ReopenConversation: _reopen,
    p.RequestTranscript: _transcript,
    p.PostMessage: _post,
    p.FetchTimeline: _fetch,
    p.MarkReceipt: _receipt,
    p.SetTyping: _typing,
    p.EndConversation: _visitor_end,
}


def handle_visitor(session: VisitorSession, command: p.Command) -> list[p.Event]:
    """Do what a visitor asks. Raises LiveChatError when refused."""
    return VISITOR_HANDLERS[type(command)](session, command)


# ---------------------------------------------------------------------------------------------- operator


def operator_groups(actor: OperatorActor, cursors: dict[UUID, int]) -> dict[UUID, int]:
    """What a connection of this operator must follow: conversation -> its visitor's key.

    Their own, and those that the client has open.
    """
    listed = snapshots.listed_conversations(actor)
    mine = listed.filter(participations__operator=actor.operator_id, participations__state="joined")
    asked = visible_conversations(actor).filter(uuid__in=list(cursors))
    return dict(mine.values_list("uuid", "visitor_id")) | dict(asked.values_list("uuid", "visitor_id"))


def operator_hello(session: OperatorSession, command: p.OperatorHello) -> list[p.Event]:
    """The snapshot. Start-up and recovery are the same."""
    check_version(command.version)
    presence.renew_leases([session.actor.operator_id])
    session.surface = command.surface
    on_desk = command.surface == "desk"
    cursors = {cursor.conversation: cursor.after for cursor in command.cursors} if on_desk else {}
    snapshot = snapshots.desk_snapshot(session.actor, cursors, with_timelines=on_desk)
    session.cursors = {timeline.conversation: timeline.upto for timeline in snapshot.timelines}
    session.known = {conversation.id: _mark(conversation) for conversation in snapshot.conversations}
    session.colleagues = {operator.id: operator for operator in snapshot.operators}
    session.departments = snapshot.departments
    session.team = {conversation.id: conversation for conversation in snapshot.team}
    session.offers = {offer.id for offer in snapshot.offers}
    return [snapshot.model_copy(update={"ref": command.ref})]


_TOLD_BY_ENTRIES = {"last_seq", "last_message_at", "preview", "preview_author"}
_NOT_FOR_COLLEAGUES = {"last_seq", "last_message_at", "receipts"}


def _mark(conversation: p.DeskConversation) -> int:
    """What has to be told anew when it changes.

    Of one's own conversations the entries tell the rest; of a colleague's, nobody is told of every message.
    """
    return hash(conversation.model_dump_json(exclude=_TOLD_BY_ENTRIES if conversation.mine else _NOT_FOR_COLLEAGUES))


def _set_presence(session: OperatorSession, command: p.SetPresence) -> list[p.Event]:
    presence.set_status(command.status, actor=session.actor)
    return _with_ref(operators_changed(session, [session.actor.operator_id]), command.ref)


def _with_ref(events: list[p.Event], ref: str | None) -> list[p.Event]:
    return [event.model_copy(update={"ref": ref}) for event in events]


def operators_changed(session: OperatorSession, ids: Iterable[int]) -> list[p.Event]:
    """These operators as they now are, or that they are no operators any more."""
    ids = set(ids)
    operators = snapshots.operators_presence(ids)
    session.colleagues.update((operator.id, operator) for operator in operators)
    return [p.PresenceChanged(operator=operator) for operator in operators] + _operators_removed(
        session, ids - {operator.id for operator in operators}
    )


def _operators_removed(session: OperatorSession, ids: Iterable[int]) -> list[p.Event]:
    gone = sorted(session.colleagues.keys() & set(ids))
    for pk in gone:
        del session.colleagues[pk]
    return [p.OperatorRemoved(operator=pk) for pk in gone]


def departments_changed(session: OperatorSession) -> list[p.Event]:
    """The departments, if they are others than this client was told."""
    departments = snapshots.departments()
    if departments == session.departments:
        return []
    session.departments = departments
    return [p.DepartmentsChanged(departments=departments)]


def _accept(session: OperatorSession, command: p.AcceptOffer) -> list[p.Event]:
    conversation = offers.accept_offer(command.offer, actor=session.actor)
    return _with_ref(
        offers_changed(session, {command.offer: conversation.uuid})
        + conversations_changed(session, [conversation.uuid]),
        command.ref,
    )


def _decline(session: OperatorSession, command: p.DeclineOffer) -> list[p.Event]:
    offers.decline_offer(command.offer, actor=session.actor)
    session.offers.discard(command.offer)
    state, by = snapshots.offer_outcome(command.offer)
    return [p.OfferClosed(ref=command.ref, offer=command.offer, state=state, by=by)]


def _open(session: OperatorSession, command: p.OpenConversation) -> list[p.Event]:
    found = readable_conversations(session.actor).filter(uuid=command.conversation)
    row = found.values_list("visitor_id").first()
    if row is None:
        raise NotFound(_("There is no such conversation."))
    if row[0] is not None:  # What colleagues write is announced to themselves.
        session.following[command.conversation] = row[0]
    return [_opened(session, command.conversation, command.after, command.ref)]


def _opened(session: OperatorSession, conversation: UUID, after: int, ref: str | None) -> p.Event:
    if after:
        stretch = snapshots.timeline_after(session.actor, conversation, after)
    else:
        stretch = snapshots.timeline_before(session.actor, conversation, None)
    session.cursors[conversation] = stretch.upto
    return p.TimelinePage.model_construct(ref=ref, timeline=stretch)


def _open_team(session: OperatorSession, command: p.OpenTeam) -> list[p.Event]:
    uuid = team.open_with(command.operator, actor=session.actor).uuid
    session.team.pop(uuid, None)  # Whoever asks is told, known or not.
    return [*_with_ref(team_changed(session, [uuid]), command.ref), _opened(session, uuid, 0, command.ref)]


def team_changed(session: OperatorSession, wanted: Iterable[UUID] | None = None) -> list[p.Event]:
    """Those of the operator's conversations with colleagues (or of ``wanted``) that are not as the client was told."""
    changed = [now for now in snapshots.team(session.actor, wanted) if session.team.get(now.id) != now]
    session.team.update((now.id, now) for now in changed)
    return [p.TeamChanged(conversation=now) for now in changed]


def _withdraw(session: OperatorSession, command: p.WithdrawOffer) -> list[p.Event]:
    conversation = offers.withdraw_offer(command.offer, actor=session.actor)
    return _with_ref(conversations_changed(session, [conversation]), command.ref)


def _transfer(session: OperatorSession, command: p.TransferConversation) -> list[p.Event]:
    if (command.operator is None) == (command.department is None):
        raise BadInput("bad_command", "Name an operator or a department.", ref=command.ref)
    teamwork.transfer(
        command.conversation, actor=session.actor, operator_id=command.operator, department_id=command.department
    )
    return _with_ref(conversations_changed(session, [command.conversation]), command.ref)


def _invite(session: OperatorSession, command: p.InviteOperator) -> list[p.Event]:
    teamwork.invite(command.conversation, actor=session.actor, operator_id=command.operator)
    return _with_ref(conversations_changed(session, [command.conversation]), command.ref)


def _leave_conference(session: OperatorSession, command: p.LeaveConference) -> list[p.Event]:
    teamwork.leave_conference(command.conversation, actor=session.actor)
    return _with_ref(conversations_changed(session, [command.conversation]), command.ref)


def _end_conference(session: OperatorSession, command: p.EndConference) -> list[p.Event]:
    teamwork.end_conference(command.conversation, actor=session.actor)
    return _with_ref(conversations_changed(session, [command.conversation]), command.ref)


def _wrap_up(session: OperatorSession, command: p.WrapUp) -> list[p.Event]:
    conversations.wrap_up(command.conversation, actor=session.actor, reason_id=command.reason, note=command.note)
    return _with_ref(conversations_changed(session, [command.conversation]), command.ref)


def _archive(session: OperatorSession, command: p.ArchiveConversation) -> list[p.Event]:
    conversations.archive(command.conversation, actor=session.actor, keep=command.keep)
    return _with_ref(conversations_changed(session, [command.conversation]), command.ref)


def _tag(session: OperatorSession, command: p.TagConversation) -> list[p.Event]:
    conversations.set_tags(command.conversation, actor=session.actor, names=command.tags)
    return _with_ref(conversations_changed(session, [command.conversation]), command.ref)


def _update_visitor(session: OperatorSession, command: p.UpdateVisitor) -> list[p.Event]:
    conversations.update_visitor(
        command.conversation,
        actor=session.actor,
        name=command.name,
        email=command.email,
        phone=command.phone,
        reference=command.reference,
    )
    return _with_ref(conversations_changed(session, [command.conversation]), command.ref)


def _fetch_visitor(session: OperatorSession, command: p.FetchVisitor) -> list[p.Event]:
    _must_see(session, command.conversation)
    return [snapshots.visitor_history(session.actor, command.conversation).model_copy(update={"ref": command.ref})]


def _ban(session: OperatorSession, command: p.BanVisitor) -> list[p.Event]:
    if not session.actor.may_ban:
        raise Forbidden(_("You may not ban visitors."))
    until = timezone.now() + timedelta(hours=command.hours) if command.hours else None
    bans.ban_visitor(
        command.conversation,
        actor=session.actor,
        by_address=command.by_address,
        reason=command.reason,
        expires_at=until,
        user_id=session.actor.user_id,
    )
    return _with_ref(conversations_changed(session, [command.conversation]), command.ref)


def _reveal(session: OperatorSession, command: p.RevealMasked) -> list[p.Event]:
    text = reveal.reveal(
        command.conversation, actor=session.actor, reason=command.reason, seq=command.seq, detail=command.detail
    )
    return [
        p.MaskedRevealed(
            ref=command.ref, conversation=command.conversation, seq=command.seq, detail=command.detail, text=text
        )
    ]


def _search(session: OperatorSession, command: p.SearchKnowledge) -> list[p.Event]:
    _must_see(session, command.conversation)
    row = Conversation.objects.only("language", "site_id").get(uuid=command.conversation)
    found = knowledge.search(command.query, language=row.language, site_id=cast(int, row.site_id))
    results = [p.KnowledgeResult(title=f.title, url=f.url, text=f.text, kind=cast(Any, f.kind)) for f in found]
    return [p.KnowledgeFound(ref=command.ref, query=command.query, results=results)]


def _browse(session: OperatorSession, command: p.BrowsePages) -> list[p.Event]:
    _must_see(session, command.conversation)
    row = Conversation.objects.only("language", "site_id").get(uuid=command.conversation)
    trail, pages = knowledge.browse(command.parent, language=row.language, site_id=cast(int, row.site_id))
    return [
        p.PagesListed(
            ref=command.ref,
            conversation=command.conversation,
            trail=[_page_row(page) for page in trail],
            pages=[_page_row(page) for page in pages],
        )
    ]


def _page_row(page: Any) -> p.PageRow:
    return p.PageRow(id=page.pk, title=page.title, url=page.full_url or "", has_more=page.numchild > 0)


def _prepare_draft(session: OperatorSession, command: p.PrepareDraft) -> list[p.Event]:
    places = drafting.places(command.conversation, actor=session.actor)
    return [
        p.DraftPrepared(
            ref=command.ref,
            conversation=command.conversation,
            places=[p.DraftPlace(kind=cast(Any, one.kind), id=one.id, label=one.label) for one in places],
            can_tell=drafting.can_tell(command.conversation, actor=session.actor),
        )
    ]


def _make_draft(session: OperatorSession, command: p.MakeDraft) -> list[p.Event]:
    made = drafting.make(
        command.conversation,
        actor=session.actor,
        seqs=command.seqs,
        kind=command.kind,
        place=command.place,
        title=command.title,
        tell=command.tell,
    )
    return [
        p.DraftMade(
            ref=command.ref,
            conversation=command.conversation,
            kind=cast(Any, made.kind),
            title=made.title,
            url=made.url,
            submitted=made.is_submitted,
        )
    ]


def library_changed(session: OperatorSession) -> list[p.Event]:
    """Quick replies, reasons and tags as they now are for this operator."""
    return [p.LibraryChanged(library=snapshots.library(session.actor))]


def _close(session: OperatorSession, command: p.CloseConversation) -> list[p.Event]:
    conversations.put_away(command.conversation, actor=session.actor)
    changed = conversations_changed(session, [command.conversation])
    if not any(isinstance(event, p.DeskConversationChanged) and event.conversation.mine for event in changed):
        session.following.pop(command.conversation, None)
        session.cursors.pop(command.conversation, None)
    return _with_ref(changed, command.ref)


def _note(session: OperatorSession, command: p.PostNote) -> list[p.Event]:
    entry = messages.post_note(
        command.conversation, actor=session.actor, text=command.text, client_id=command.client_id
    )
    return _acknowledge(session, command.conversation, entry, command.ref)


def _operator_end(session: OperatorSession, command: p.EndConversation) -> list[p.Event]:
    conversations.wrap_up(
        command.conversation, actor=session.actor, reason_id=command.reason, note=command.note, required=True
    )
    conversations.end_conversation(command.conversation, actor=session.actor)
    return catch_up(session, [command.conversation]) + _with_ref(
        conversations_changed(session, [command.conversation]), command.ref
    )


def conversations_changed(
    session: OperatorSession, wanted: Iterable[UUID], read: Iterable[p.DeskConversation] | None = None
) -> list[p.Event]:
    """These conversations as they now are in the operator's lists, and the timelines of those that became theirs.

    ``read``: the lists, where the caller has them already."""
    wanted = set(wanted)
    listed = snapshots.listed_conversations(session.actor).filter(uuid__in=wanted)
    visitor_of = dict(listed.values_list("uuid", "visitor_id"))
    if read is None:
        read = snapshots.desk_conversations(session.actor, listed)
    events: list[p.Event] = []
    for conversation in read:
        if conversation.id not in visitor_of:
            continue
        session.known[conversation.id] = _mark(conversation)
        events.append(p.DeskConversationChanged(conversation=conversation))
        if conversation.mine and session.surface == "desk" and conversation.id not in session.cursors:
            session.following[conversation.id] = visitor_of[conversation.id]
            events += _told(session, snapshots.timeline_before(session.actor, conversation.id, None))
        elif conversation.mine:
            session.following.setdefault(conversation.id, visitor_of[conversation.id])
    for gone in wanted - visitor_of.keys():
        if gone in session.known:
            del session.known[gone]
            events.append(p.ConversationRemoved(conversation=gone))
    return events


def offers_changed(session: OperatorSession, wanted: dict[int, UUID]) -> list[p.Event]:
    """Offers (-> their conversation) that were made or are no longer open, as this operator is concerned."""
    listed = snapshots.listed_conversations(session.actor).filter(uuid__in=list(wanted.values()))
    by_id = {conversation.id: conversation for conversation in snapshots.desk_conversations(session.actor, listed)}
    pending = {offer.id: offer for offer in snapshots.offers_for(session.actor, by_id)} if by_id else {}
    events: list[p.Event] = []
    for offer_id in wanted:
        if offer_id in pending:
            if offer_id not in session.offers:
                session.offers.add(offer_id)
                conversation = pending[offer_id].conversation
                session.known[conversation.id] = _mark(conversation)
                events.append(p.OfferMade(offer=pending[offer_id]))
        elif offer_id in session.offers:
            session.offers.discard(offer_id)
            state, by = snapshots.offer_outcome(offer_id)
            events.append(p.OfferClosed(offer=offer_id, state=state, by=by))
    return events


def missed(session: OperatorSession) -> list[p.Event]:
    """What differs from what this operator was told: hints may be lost, so every heartbeat looks.

    Timelines are not looked at here: their heads are in the heartbeat itself.
    """
    listed = snapshots.desk_conversations(session.actor, snapshots.listed_conversations(session.actor))
    by_id = {conversation.id: conversation for conversation in listed}
    changed = [uuid for uuid, now in by_id.items() if session.known.get(uuid) != _mark(now)]
    changed += session.known.keys() - by_id.keys()
    events = conversations_changed(session, changed, listed) if changed else []
    pending = {offer.id: offer.conversation.id for offer in snapshots.offers_for(session.actor, by_id)}
    strange = pending.keys() ^ session.offers
    if strange:
        closed = Offer.objects.filter(pk__in=strange - pending.keys())
        wanted = {pk: uuid for pk, uuid in pending.items() if pk in strange}
        events += offers_changed(session, wanted | dict(closed.values_list("pk", "conversation__uuid")))
    operators = snapshots.operators_presence()
    for operator in operators:
        if session.colleagues.get(operator.id) != operator:
            session.colleagues[operator.id] = operator
            events.append(p.PresenceChanged(operator=operator))
    events += _operators_removed(session, session.colleagues.keys() - {operator.id for operator in operators})
    return events + departments_changed(session) + team_changed(session)


OPERATOR_HANDLERS: dict[type[p.Command], Callable[[OperatorSession, Any], list[p.Event]]] = {
    p.Ping: _ping,
    p.OperatorHello: operator_hello,
    p.SetPresence: _set_presence,
    p.AcceptOffer: _accept,
    p.DeclineOffer: _decline,
    p.WithdrawOffer: _withdraw,
    p.TransferConversation: _transfer,
    p.InviteOperator: _invite,
    p.LeaveConference: _leave_conference,
    p.EndConference: _end_conference,
    p.WrapUp: _wrap_up,
    p.ArchiveConversation: _archive,
    p.TagConversation: _tag,
    p.UpdateVisitor: _update_visitor,
    p.FetchVisitor: _fetch_visitor,
    p.BanVisitor: _ban,
    p.RevealMasked: _reveal,
    p.SearchKnowledge: _search,
    p.BrowsePages: _browse,
    p.PrepareDraft: _prepare_draft,
    p.MakeDraft: _make_draft,
    p.OpenTeam: _open_team,
    p.OpenConversation: _open,
    p.CloseConversation: _close,
    p.PostMessage: _post,
    p.PostNote: _note,
    p.FetchTimeline: _fetch,
    p.MarkReceipt: _receipt,
    p.SetTyping: _typing,
    p.EndConversation: _operator_end,
}


def handle_operator(session: OperatorSession, command: p.Command) -> list[p.Event]:
    """Do what an operator asks. Raises LiveChatError when refused."""
    return OPERATOR_HANDLERS[type(command)](session, command)
