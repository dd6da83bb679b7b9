"""All that a client may see, in the protocol's shapes, for one reader.

Everything that leaves for a client's eyes is made here, from the database, with the reader's own rights: live events,
snapshots and HTTP answers cannot disagree. Each function asks a constant number of queries, however many conversations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple, cast
from uuid import UUID, uuid4

from django.db import connections, router
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import filelinks, schedule
from . import protocol as p
from .caching import cache
from .conf import conf
from .estimate import waiting_seconds
from .exceptions import Forbidden
from .models import (
    Conversation,
    Department,
    Entry,
    LiveChatSettings,
    Offer,
    OfferDecline,
    Operator,
    PageVisit,
    Participation,
    QuickReply,
    Tag,
    Visitor,
    WrapUpReason,
)
from .permissions import (
    OperatorActor,
    VisitorActor,
    is_member,
    readable_conversations,
    team_conversations,
    visible_conversations,
)
from .veils import CLEAR, DETAILS, Veil, veil_for, veils_for

PREVIEW_LENGTH = 120
"""Characters of a text that lists and offers show."""
PREVIEW_READ = PREVIEW_LENGTH + 400
"""Characters that are read for it: what is hidden has to be seen whole (the longest is an e-mail address)."""


def typing_key(conversation: UUID, is_operator: bool) -> str:
    """Cache key under which a side's typing is noted, for those who poll."""
    return f"livechat:typing:{conversation.hex}:{'o' if is_operator else 'v'}"


def team_typing_key(conversation: UUID, operator_id: int) -> str:
    """The same for a colleague in a team conversation."""
    return f"livechat:typing:{conversation.hex}:{operator_id}"


STATES_MARK = "livechat:site-states"
MARK_SECONDS = 24 * 3600
"""Far longer than a state is kept."""


def site_state_key(site_id: int) -> str:
    """Cache key of a site's online / busy / offline."""
    return f"livechat:site-state:{site_id}"


# ---------------------------------------------------------------------------------------------- entries


def entry_for(reader: VisitorActor | OperatorActor, entry: Entry) -> p.Entry:
    """The entry as ``reader`` may see it. The caller has checked that they may."""
    own = entry.author == ("visitor" if isinstance(reader, VisitorActor) else "operator")
    veil = _veil_over(reader, entry)
    text = veil.text(entry.body)
    data = veil.data(entry.data)
    if entry.kind == Entry.Kind.ATTACHMENT and "file" in entry.data:
        data = {**data, "url": filelinks.address(reader, entry.data["file"])}
    return p.Entry.model_construct(
        seq=entry.seq,
        kind=entry.kind,
        author=p.Author.model_construct(kind=entry.author, id=entry.operator_id, name=entry.author_name, picture=None),
        text=text,
        data=data,
        created_at=entry.created_at,
        client_id=entry.client_id if own else None,
        masked=None if text == entry.body else veil.kinds(entry.body),
    )


def _veil_over(reader: VisitorActor | OperatorActor, entry: Entry) -> Veil:
    """Whoever wrote something sees it as they wrote it."""
    if isinstance(reader, VisitorActor) or (entry.author == "operator" and entry.operator_id == reader.operator_id):
        return CLEAR
    # Where the query did not bring the site along it is asked for; what is forgotten costs a query and shows nothing.
    return veil_for(reader, entry.site if hasattr(entry, "site") else entry.conversation.site_id)


def with_site(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Entries with the site that says what is hidden in them."""
    return entries.annotate(site=F("conversation__site_id"))


def is_for(reader: VisitorActor | OperatorActor, entry: Entry) -> bool:
    """Whether ``reader``'s side may see this entry at all."""
    return isinstance(reader, OperatorActor) or entry.audience == Entry.Audience.EVERYONE


def readable(reader: VisitorActor | OperatorActor) -> Q:
    """Filter for Entry: of conversations that the reader may look at."""
    if isinstance(reader, VisitorActor):
        return Q(conversation__visitor_id=reader.visitor_id)
    own = Q(is_member(reader, "conversation"), conversation__state=Conversation.State.INTERNAL)
    if reader.sees_every_case:
        return ~Q(conversation__state=Conversation.State.INTERNAL) | own
    return Q(conversation__in=visible_conversations(reader)) | own


def timeline_after(
    reader: VisitorActor | OperatorActor, conversation: UUID, after: int, *, limit: int = p.PAGE_SIZE
) -> p.Timeline:
    """The stretch from ``after`` on, in one query for the visitor and for operators who take part.

    Numbers are dense and committed in order, so whatever the query finds is a prefix of what there will be: ``upto`` is
    the last number found, seen or hidden, and nothing can appear below it later.
    """
    found = _as_member(reader, conversation, after, limit + 1) if isinstance(reader, OperatorActor) else []
    if not found:
        wanted = Entry.objects.filter(readable(reader), conversation__uuid=conversation, seq__gt=after)
        found = list(with_site(wanted).order_by("seq")[: limit + 1])
    return _stretch(reader, conversation, after, found[:limit], has_more=len(found) > limit)


_AS_MEMBER = f"""
    SELECT e.*, c.site_id AS site
    FROM {Conversation._meta.db_table} c
    JOIN {Participation._meta.db_table} p ON p.conversation_id = c.id AND p.operator_id = %s AND p.state = %s
    JOIN {Entry._meta.db_table} e ON e.conversation_id = c.id
    WHERE c.uuid = %s AND e.seq > %s
    ORDER BY e.seq LIMIT %s"""  # noqa: S608 - table names are our own


def _as_member(reader: OperatorActor, conversation: UUID, after: int, limit: int) -> list[Entry]:
    """What came after ``after`` in a conversation in which this operator takes part, else nothing.

    Whoever takes part may read (see ``readable``), and nearly every look at a timeline is theirs: every message is told
    to them. That look is asked in SQL of our own, since of the ORM's the making alone takes longer than this does whole.
    """
    uuid = Conversation._meta.get_field("uuid").get_db_prep_value(conversation, connections[router.db_for_read(Entry)])
    joined = Participation.State.JOINED.value
    return list(Entry.objects.raw(_AS_MEMBER, [reader.operator_id, joined, uuid, after, limit]))


def timeline_before(
    reader: VisitorActor | OperatorActor, conversation: UUID, before: int | None, *, limit: int = p.PAGE_SIZE
) -> p.Timeline:
    """The newest stretch that ends before ``before`` (None: at the head)."""
    wanted = Entry.objects.filter(readable(reader), conversation__uuid=conversation)
    if before is not None:
        wanted = wanted.filter(seq__lt=before)
    found = list(with_site(wanted).order_by("-seq")[:limit])[::-1]
    if not found:
        return _stretch(reader, conversation, 0, [], has_more=False)
    return _stretch(reader, conversation, found[0].seq - 1, found, has_more=False)


def _stretch(
    reader: VisitorActor | OperatorActor, conversation: UUID, after: int, found: list[Entry], *, has_more: bool
) -> p.Timeline:
    return p.Timeline.model_construct(
        conversation=conversation,
        after=after,
        upto=found[-1].seq if found else after,
        entries=[entry_for(reader, entry) for entry in found if is_for(reader, entry)],
        has_more=has_more,
    )


def heads(conversations: Iterable[UUID]) -> dict[UUID, int]:
    """The last ``seq`` of each conversation."""
    return dict(Conversation.everything.filter(uuid__in=list(conversations)).values_list("uuid", "last_seq"))


class Pulse(NamedTuple):
    """As much of a conversation as shows whether its visitor knows the rest."""

    conversation: UUID
    visitor: int
    head: int
    told: tuple[Any, ...]
    """State, how far the operators have got (delivered, seen), how far the visitor has looked."""


def pulse(reader: VisitorActor, conversation: UUID) -> Pulse | None:
    """Of this conversation, if it is the visitor's."""
    return next(iter(_pulses(Q(uuid=conversation, visitor=reader.visitor_id))), None)


def pulses(conversations: Iterable[UUID], visitors: Iterable[int]) -> list[Pulse]:
    """Of these conversations, and of those that are open of these visitors, in one query."""
    return _pulses(Q(uuid__in=list(conversations)) | Q(visitor__in=list(visitors), state__in=Conversation.OPEN_STATES))


def _pulses(wanted: Q) -> list[Pulse]:
    told = ("state", "operator_delivered_seq", "operator_seen_seq", "visitor_seen_seq")
    rows = Conversation.objects.filter(wanted).values_list("uuid", "visitor_id", "last_seq", *told)
    return [Pulse(uuid, visitor, head, tuple(rest)) for uuid, visitor, head, *rest in rows]


# ------------------------------------------------------------------------------------------------ people


def card(operator: Operator) -> p.OperatorCard:
    """An operator as everyone may see them."""
    return p.OperatorCard(id=operator.pk, name=operator.name, picture=operator.picture_url or None)


def effective_status(operator: Operator, now: datetime) -> p.PresenceStatus:
    """The chosen status while the lease is held, else ``offline``."""
    alive = operator.last_seen is not None and operator.last_seen > now - timedelta(seconds=conf.GRACE_SECONDS)
    return cast(p.PresenceStatus, operator.status) if alive else "offline"


def operators_presence(ids: Iterable[int] | None = None, *, now: datetime | None = None) -> list[p.OperatorPresence]:
    """Active operators (all, or those of ``ids``) with their load."""
    now = now or timezone.now()
    operators = Operator.objects.filter(is_active=True).select_related("user").prefetch_related("departments", "sites")
    if ids is not None:
        operators = operators.filter(pk__in=list(ids))
    open_ones = Q(participations__state="joined", participations__conversation__state="active")
    return [
        p.OperatorPresence(
            **card(operator).model_dump(),
            status=effective_status(operator, now),
            load=operator.load,
            capacity=operator.capacity,
            departments=[department.pk for department in operator.departments.all()],
            sites=[site.pk for site in operator.sites.all()],
        )
        for operator in operators.annotate(load=Count("participations", filter=open_ones, distinct=True)).order_by("pk")
    ]


def departments() -> list[p.DepartmentCard]:
    """The active ones, in their order."""
    return [p.DepartmentCard(id=d.pk, name=d.name) for d in Department.objects.filter(is_active=True)]


class SiteStatus(NamedTuple):
    """A site's state, and until when it may be believed."""

    state: p.SiteState
    opens_at: datetime | None = None
    """When it opens next, if it is closed by its opening hours."""
    changes_at: datetime | None = None
    """When the opening hours open or close it."""


def site_state(site_id: int) -> p.SiteState:
    """``online``, ``busy`` (all at capacity) or ``offline``; from the cache, at most BOOT_SECONDS old."""
    return site_status(site_id).state


def site_status(site_id: int) -> SiteStatus:
    """The state and the next opening; from the cache, at most BOOT_SECONDS old, and never from before opening or closing."""
    known = cache.get_many([STATES_MARK, site_state_key(site_id)])
    mark = known.get(STATES_MARK)
    measured_under, status = known.get(site_state_key(site_id), (None, None))
    now = timezone.now()
    # The cache may hold on to it for longer than asked: by whole seconds, or because its clock is another.
    if status is None or measured_under != mark or (status.changes_at and status.changes_at <= now):
        status = _measure_site_state(site_id)
        # Kept with the mark from before measuring: if it has changed by now, nobody will take this one for current.
        cache.set(site_state_key(site_id), (mark, status), conf.BOOT_SECONDS)
    return cast(SiteStatus, status)


def forget_site_states() -> None:
    """Have every site's state measured anew. Call it after the change was committed."""
    cache.set(STATES_MARK, uuid4().hex, MARK_SECONDS)


def _measure_site_state(site_id: int) -> SiteStatus:
    chosen = LiveChatSettings.of(site_id)
    if not chosen.enabled or chosen.mode == LiveChatSettings.Mode.OFF:
        return SiteStatus("offline")
    changes_at = None
    if chosen.mode == LiveChatSettings.Mode.SCHEDULE:
        now = timezone.now()
        hours = chosen.hours()
        if not schedule.is_open(hours, now):
            opens_at = schedule.next_opening(hours, now)
            return SiteStatus("offline", opens_at, opens_at)
        changes_at = schedule.next_change(hours, now)
    serving = set(Department.serving(site_id).values_list("pk", flat=True))
    available = [
        operator
        for operator in operators_presence()
        if operator.status == "available"
        and (not operator.departments or serving & set(operator.departments))
        and (not operator.sites or site_id in operator.sites)
    ]
    if any(operator.load < operator.capacity for operator in available):
        state: p.SiteState = "online"
    elif available:
        state = "busy"
    else:
        # Opening hours are a promise: somebody will come, and who waits in vain may leave an address.
        state = "offline" if chosen.mode == LiveChatSettings.Mode.AUTO else "online"
    return SiteStatus(state, None, changes_at)


# ----------------------------------------------------------------------------------------------- visitor


def current_conversation(actor: VisitorActor, wanted: UUID | None = None) -> Conversation | None:
    """The visitor's open conversation, else the last one while it is still shown, else None."""
    mine = Conversation.objects.filter(visitor_id=actor.visitor_id).select_related("department").order_by("-pk")
    newest = mine.first()
    if newest is None or newest.is_open:
        return newest
    recent = timezone.now() - timedelta(hours=conf.SHOW_ENDED_HOURS)
    over_since = newest.queued_at if newest.state == Conversation.State.OFFLINE else newest.ended_at
    if over_since and (over_since > recent or newest.uuid == wanted):
        return newest
    return None


def reopen_until(conversation: Conversation) -> datetime | None:
    """Until when its visitor may go back to it; None if they may not."""
    if conversation.state != Conversation.State.ENDED or conversation.blocked or conversation.ended_at is None:
        return None
    return conversation.ended_at + timedelta(hours=conf.SHOW_ENDED_HOURS)


def visitor_conversation(conversation: Conversation) -> p.VisitorConversation:
    """A conversation as its visitor sees it."""
    position = queue_position(conversation)
    return p.VisitorConversation(
        id=conversation.uuid,
        case_number=conversation.case_number,
        state=cast(p.ConversationState, conversation.state),
        department=conversation.department.name if conversation.department else None,
        operators=_cards_by_conversation([conversation.pk])[conversation.pk],
        receipts=p.Receipts(delivered=conversation.operator_delivered_seq, seen=conversation.operator_seen_seq),
        queued_at=conversation.queued_at if conversation.state == Conversation.State.QUEUED else None,
        email=conversation.email or None,
        rating=conversation.rating,
        reopen_until=reopen_until(conversation),
        seen_seq=conversation.visitor_seen_seq,
        last_seq=conversation.last_seq,
        position=position,
        estimate=waiting_estimate(conversation.department_id, position) if position else None,
        started_at=conversation.created_at,
        ended_at=conversation.ended_at,
        ended_by=cast(p.Party, conversation.ended_by) or None,
    )


def _cards_by_conversation(ids: Iterable[int]) -> dict[int, list[p.OperatorCard]]:
    cards: dict[int, list[p.OperatorCard]] = defaultdict(list)
    joined = Participation.objects.filter(conversation__in=list(ids), state=Participation.State.JOINED)
    pairs = list(joined.order_by("joined_at", "pk").values_list("conversation_id", "operator_id"))
    # Operators are few and conversations many: each operator is read once.
    operators = Operator.objects.filter(pk__in={operator_id for _, operator_id in pairs}).select_related("user")
    by_id = {operator.pk: card(operator) for operator in operators} if pairs else {}
    for conversation_id, operator_id in pairs:
        if operator_id in by_id:
            cards[conversation_id].append(by_id[operator_id])
    return cards


def queue_position(conversation: Conversation) -> int | None:
    """Place in line from 1, among those who wait for the same department on any site; None when not waiting."""
    if conversation.state != Conversation.State.QUEUED:
        return None
    ahead = Conversation.objects.filter(
        Q(queued_at__lt=conversation.queued_at) | Q(queued_at=conversation.queued_at, pk__lt=conversation.pk),
        state=Conversation.State.QUEUED,
        department=conversation.department_id,
    )
    return ahead.count() + 1


def waiting_estimate(department_id: int | None, position: int) -> int | None:
    """Seconds that the wait at this place will take, from the department's last hour; None where too little was measured."""
    return waiting_seconds(_waits(department_id), position)


def _waits(department_id: int | None) -> list[Any]:
    """(seconds, place on arrival) of those who were answered within the last hour; from the cache, 30 s old at most."""
    key = f"livechat:waits:{department_id or 0}"
    waits: list[Any] | None = cache.get(key)
    if waits is None:
        answered = Conversation.objects.filter(
            department=department_id, answered_at__gt=timezone.now() - timedelta(hours=1), queue_place__isnull=False
        )
        waits = [
            ((answered_at - created_at).total_seconds(), place)
            for created_at, answered_at, place in answered.values_list("created_at", "answered_at", "queue_place")[:500]
            if answered_at
        ]
        cache.set(key, waits, 30)
    return waits


def queue_prospects() -> dict[UUID, tuple[int, int | None]]:
    """Every waiting conversation's place in line and its minutes to wait (see ``prospect``), in one query and one per department."""
    places: dict[int | None, int] = defaultdict(int)
    waits: dict[int | None, list[Any]] = {}
    result = {}
    waiting = Conversation.objects.filter(state=Conversation.State.QUEUED).order_by("queued_at", "pk")
    for uuid, department in waiting.values_list("uuid", "department_id"):
        places[department] += 1
        if department not in waits:
            waits[department] = _waits(department)
        result[uuid] = prospect(places[department], waiting_seconds(waits[department], places[department]))
    return result


def prospect(place: int, estimate: int | None) -> tuple[int, int | None]:
    """A place in line and a wait as visitors are told of them: in minutes, so that seconds make no message."""
    return place, None if estimate is None else -(-estimate // 60)


def visitor_snapshot(actor: VisitorActor, *, wanted: UUID | None = None, after: int = 0) -> p.VisitorSnapshot:
    """All that a visitor's client shows; ``wanted`` and ``after`` are what it already has."""
    conversation = current_conversation(actor, wanted)
    timeline = None
    typing: list[p.OperatorCard] = []
    shown = None
    if conversation is not None:
        shown = visitor_conversation(conversation)
        if conversation.uuid == wanted and after:
            timeline = timeline_after(actor, conversation.uuid, after)
        else:
            timeline = timeline_before(actor, conversation.uuid, None)
        typist = cache.get(typing_key(conversation.uuid, True))
        typing = [operator for operator in shown.operators if operator.id == typist]
    status = site_status(actor.site_id)
    return p.VisitorSnapshot(
        time=timezone.now(),
        heartbeat=round(conf.HEARTBEAT_SECONDS) or 1,
        site=status.state,
        opens_at=status.opens_at,
        conversation=shown,
        timeline=timeline,
        typing=typing,
    )


# -------------------------------------------------------------------------------------------------- desk


def listed_conversations(actor: OperatorActor) -> QuerySet[Conversation]:
    """What the operator's lists hold: all that is open, and their own ended ones until put away."""
    recent = timezone.now() - timedelta(hours=conf.SHOW_ENDED_HOURS)
    kept = Participation.objects.filter(
        conversation=OuterRef("pk"), operator=actor.operator_id, state=Participation.State.JOINED, is_listed=True
    )
    return visible_conversations(actor).filter(
        Q(state__in=[*Conversation.OPEN_STATES, Conversation.State.OFFLINE])
        | Q(Exists(kept), state=Conversation.State.ENDED, ended_at__gt=recent)
    )


def desk_conversations(actor: OperatorActor, conversations: QuerySet[Conversation]) -> list[p.DeskConversation]:
    """Conversations as the operator's lists show them, the longest waiting first. Four queries."""
    now = timezone.now()
    texts = Entry.objects.filter(conversation=OuterRef("pk"), kind=Entry.Kind.TEXT)
    own = Participation.objects.filter(
        conversation=OuterRef("pk"), operator=actor.operator_id, state=Participation.State.JOINED
    )
    unread = (
        Entry.objects.filter(conversation=OuterRef("pk"), author="visitor", seq__gt=OuterRef("own_seen"))
        .order_by()
        .values("conversation")
        .annotate(n=Count("pk"))
        .values("n")
    )
    others = (
        Conversation.objects.filter(visitor=OuterRef("visitor"))
        .order_by()
        .values("visitor")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows = list(
        conversations.select_related("visitor", "department", "site")
        .annotate(
            first_text=Subquery(texts.order_by("seq").values(t=Left("body", PREVIEW_READ))[:1]),
            newest_text=Subquery(texts.order_by("-seq").values(t=Left("body", PREVIEW_READ))[:1]),
            newest_author=Subquery(texts.order_by("-seq").values("author")[:1]),
            own_seen=Subquery(own.values("seen_seq")[:1]),
        )
        .annotate(unread=Coalesce(Subquery(unread), 0), of_visitor=Coalesce(Subquery(others), 1))
        .order_by("queued_at", "pk")
    )
    ids = [row.pk for row in rows]
    cards = _cards_by_conversation(ids)
    waiting = _waiting_offers(actor, ids)
    tags = _tags_by_conversation(ids)
    site_settings = {
        chosen.site_id: chosen for chosen in LiveChatSettings.objects.filter(site__in={r.site_id for r in rows})
    }
    strict = {site_id for site_id, chosen in site_settings.items() if chosen.wrap_up_required}
    if strict and not _has_reasons():
        strict = set()
    offers = dict(_pending_offers(actor).filter(conversation__in=ids).values_list("conversation_id", "pk"))
    veils = veils_for(actor, (row.site_id for row in rows))
    shown = []
    for row in rows:
        chosen = site_settings.get(row.site_id)
        extra = {
            "waiting": waiting[row.pk],
            "tags": tags[row.pk],
            "company": (chosen and chosen.company_name) or row.site.site_name or row.site.hostname,
            "wrap_up_required": row.site_id in strict,
        }
        shown.append(
            _desk_conversation(row, cards[row.pk], offers.get(row.pk), now, veils[cast(int, row.site_id)], extra)
        )
    return shown


def wants_reason(site_id: int | None) -> bool:
    """Whether operators of this site must say why they end a conversation: only where there is a reason to choose."""
    wanted = LiveChatSettings.objects.filter(site_id=site_id, wrap_up_required=True)
    return wanted.exists() and _has_reasons()


def _has_reasons() -> bool:
    return WrapUpReason.objects.filter(is_active=True).exists()


def _waiting_offers(actor: OperatorActor, ids: list[int]) -> dict[int, list[p.WaitingOffer]]:
    """Transfers and invitations of these conversations that nobody has answered."""
    waiting: dict[int, list[p.WaitingOffer]] = defaultdict(list)
    pending = Offer.objects.filter(conversation__in=ids, state=Offer.State.PENDING).exclude(kind=Offer.Kind.NEW)
    for offer in pending.select_related("operator__user", "department").order_by("made_at", "pk"):
        to = offer.operator.name if offer.operator else offer.department.name if offer.department else ""
        waiting[offer.conversation_id].append(
            p.WaitingOffer(
                id=offer.pk,
                kind=cast(Any, offer.kind),
                to=to,
                mine=offer.from_operator_id == actor.operator_id,
                deadline=offer.deadline,
            )
        )
    return waiting


def _tags_by_conversation(ids: list[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = defaultdict(list)
    through = Conversation.tags.through.objects.filter(conversation__in=ids).order_by("tag__name")
    for conversation_id, name in through.values_list("conversation_id", "tag__name"):
        tags[conversation_id].append(name)
    return tags


def team(actor: OperatorActor, wanted: Iterable[UUID] | None = None) -> list[p.TeamConversation]:
    """What the operator and their colleagues write to each other (all, or those of ``wanted``), the newest words first.

    Three queries, however many there are.
    """
    conversations = team_conversations(actor)
    if wanted is not None:
        conversations = conversations.filter(uuid__in=list(wanted))
    texts = Entry.objects.filter(conversation=OuterRef("pk"), kind=Entry.Kind.TEXT)
    own = Participation.objects.filter(conversation=OuterRef("pk"), operator=actor.operator_id)
    unread = (
        Entry.objects.filter(conversation=OuterRef("pk"), kind=Entry.Kind.TEXT, seq__gt=OuterRef("own_seen"))
        .exclude(operator=actor.operator_id)
        .order_by()
        .values("conversation")
        .annotate(n=Count("pk"))
        .values("n")
    )
    rows: list[Any] = list(
        conversations.annotate(
            newest_text=Subquery(texts.order_by("-seq").values(t=Left("body", PREVIEW_READ))[:1]),
            newest_author=Subquery(texts.order_by("-seq").values("operator")[:1]),
            own_seen=Subquery(own.values("seen_seq")[:1]),
        )
        .annotate(unread=Coalesce(Subquery(unread), 0))
        .order_by(F("last_message_at").desc(nulls_last=True), "pk")
    )
    veil = veil_for(actor, None)
    others: dict[int, list[Participation]] = defaultdict(list)
    joined = Participation.objects.filter(
        conversation__in=[row.pk for row in rows], state=Participation.State.JOINED
    ).exclude(operator=actor.operator_id)
    for part in joined.select_related("operator__user").order_by("pk") if rows else ():
        others[part.conversation_id].append(part)
    return [
        p.TeamConversation(
            id=row.uuid,
            members=[card(part.operator) for part in others[row.pk]],
            name=", ".join(part.operator.name for part in others[row.pk]) or row.left_by,
            closed=bool(row.blocked),
            preview=(CLEAR if row.newest_author == actor.operator_id else veil).short(row.newest_text, PREVIEW_LENGTH),
            preview_author=row.newest_author,
            unread=row.unread,
            receipts=p.Receipts(
                delivered=min((part.delivered_seq for part in others[row.pk]), default=0),
                seen=min((part.seen_seq for part in others[row.pk]), default=0),
            ),
            last_seq=row.last_seq,
            last_message_at=row.last_message_at,
        )
        for row in rows
    ]


def team_typists(actor: OperatorActor, conversations: list[p.TeamConversation]) -> list[UUID]:
    """Those in which a colleague is typing just now."""
    keys = {team_typing_key(c.id, member.id): c.id for c in conversations for member in c.members}
    return sorted({keys[key] for key in cache.get_many(list(keys))})


def library(actor: OperatorActor) -> p.Library:
    """Quick replies of the operator's departments, wrap-up reasons, and the tags that are in use."""
    replies = QuickReply.objects.filter(is_active=True)
    if actor.departments and not actor.sees_all:
        replies = replies.filter(Q(department__isnull=True) | Q(department__in=actor.departments))
    return p.Library(
        quick_replies=[
            p.QuickReply(
                id=reply.pk,
                name=reply.name,
                shortcut=reply.shortcut,
                text=reply.text,
                department=reply.department_id,
                language=reply.language,
            )
            for reply in replies
        ],
        wrap_up_reasons=[
            p.WrapUpReason(id=reason.pk, name=reason.name) for reason in WrapUpReason.objects.filter(is_active=True)
        ],
        tags=list(Tag.objects.values_list("name", flat=True)[:500]),
    )


def visitor_history(actor: OperatorActor, conversation: UUID) -> p.VisitorHistory:
    """Pages of the visitor's last visit (a gap of half an hour begins a new one), and their earlier conversations."""
    current = Conversation.objects.get(uuid=conversation)
    veil = veil_for(actor, current.site_id)
    visits = list(PageVisit.objects.filter(visitor=current.visitor_id)[:50])
    last_visit = list(visits[:1])
    for newer, older in pairwise(visits):
        if newer.at - older.at > timedelta(minutes=30):
            break
        last_visit.append(older)
    first = Entry.objects.filter(conversation=OuterRef("pk"), kind=Entry.Kind.TEXT).order_by("seq")
    earlier = (
        visible_conversations(actor)
        .filter(visitor=current.visitor_id)
        .exclude(pk=current.pk)
        .annotate(first_text=Subquery(first.values(t=Left("body", PREVIEW_READ))[:1]))
        .order_by("-pk")[:20]
    )
    return p.VisitorHistory(
        conversation=conversation,
        pages=[
            p.PageVisit(url=veil.address(visit.url), title=veil.text(visit.title), at=visit.at) for visit in last_visit
        ],
        earlier=[
            p.EarlierConversation(
                case_number=row.case_number,
                state=cast(Any, row.state),
                started_at=row.created_at,
                first_text=veil_for(actor, row.site_id).short(row.first_text, PREVIEW_LENGTH) or "",
            )
            for row in earlier
        ],
    )


def _desk_conversation(
    row: Any, operators: list[p.OperatorCard], offer: int | None, now: datetime, veil: Veil, extra: dict[str, Any]
) -> p.DeskConversation:
    mine = row.own_seen is not None
    visitor = row.visitor
    near = mine or row.state in (Conversation.State.QUEUED, Conversation.State.OFFLINE)
    details = visitor_details(visitor, veil)
    return p.DeskConversation(
        id=row.uuid,
        case_number=row.case_number,
        state=row.state,
        site=row.site.site_name or row.site.hostname,
        site_id=row.site_id,
        department=p.DepartmentCard(id=row.department.pk, name=row.department.name) if row.department else None,
        language=row.language,
        visitor=p.VisitorCard(
            id=visitor.uuid,
            **details,
            language=visitor.language,
            online=visitor.last_seen > now - timedelta(seconds=conf.GRACE_SECONDS),
            conversations=row.of_visitor,
            browser=visitor.user_agent,
            masked=[field for field in DETAILS if details[field] != getattr(visitor, field)] or None,
        ),
        page=page_ref(row, veil),
        operators=operators,
        mine=mine,
        first_text=veil.short(row.first_text, PREVIEW_LENGTH) or "",
        preview=veil.short(row.newest_text, PREVIEW_LENGTH) if near else None,
        preview_author=row.newest_author if near else None,
        unread=row.unread if mine else 0,
        receipts=p.Receipts(delivered=row.visitor_delivered_seq, seen=row.visitor_seen_seq),
        last_seq=row.last_seq,
        offer=offer,
        owner=row.operator_id if row.state == Conversation.State.ACTIVE else None,
        wrap_up_reason=row.wrap_up_reason_id,
        wrap_up_note=veil.text(row.wrap_up_note),
        rating=row.rating,
        consent=consent_of(row),
        archived=row.archived_at is not None,
        blocked=row.blocked or None,
        **extra,
        proactive=bool(row.auto_message),
        created_at=row.created_at,
        queued_at=row.queued_at,
        answered_at=row.answered_at,
        last_message_at=row.last_message_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by or None,
    )


def consent_of(row: Conversation) -> p.Consent | None:
    """What the visitor agreed to in this conversation. The sentence is the site's own: nothing in it is hidden."""
    if row.consented_at is None:
        return None
    return p.Consent(
        text=row.consent_text, language=row.consent_language, version=row.consent_version, at=row.consented_at
    )


def visitor_details(visitor: Visitor, veil: Veil) -> dict[str, str]:
    """Name, e-mail, phone and reference as they may be seen."""
    return {field: veil.detail(field, getattr(visitor, field)) for field in DETAILS}


def page_ref(row: Conversation, veil: Veil) -> p.PageRef | None:
    """The page that the conversation began on."""
    if not row.page_url:
        return None
    return p.PageRef(url=veil.address(row.page_url), title=veil.text(row.page_title), id=row.page_id)


def _pending_offers(actor: OperatorActor) -> QuerySet[Offer]:
    """Offers that the operator may say yes to: made to them, or open and not declined by them."""
    said_no = OfferDecline.objects.filter(offer=OuterRef("pk"), operator=actor.operator_id)
    return Offer.objects.filter(
        ~Exists(said_no),
        Q(operator__isnull=True) | Q(operator=actor.operator_id),
        state=Offer.State.PENDING,
        conversation__in=visible_conversations(actor),
    )


def offers_for(actor: OperatorActor, conversations: dict[UUID, p.DeskConversation]) -> list[p.Offer]:
    """The pending offers of these conversations, oldest first."""
    pending = _pending_offers(actor).filter(conversation__uuid__in=list(conversations))
    return [
        p.Offer(
            id=offer.pk,
            kind=cast(Any, offer.kind),
            conversation=conversations[offer.conversation.uuid],
            from_operator=card(offer.from_operator) if offer.from_operator else None,
            made_at=offer.made_at,
            deadline=offer.deadline,
        )
        for offer in pending.select_related("conversation", "from_operator__user").order_by("made_at", "pk")
    ]


def offer_outcome(offer_id: int) -> tuple[p.OfferOutcome, p.OperatorCard | None]:
    """How an offer that is no longer open ended: its state, and who took it."""
    offer = Offer.objects.select_related("answered_by__user").filter(pk=offer_id).first()
    if offer is None:
        return "withdrawn", None
    by = card(offer.answered_by) if offer.answered_by and offer.state == Offer.State.ACCEPTED else None
    return cast(p.OfferOutcome, "declined" if offer.state == Offer.State.PENDING else offer.state), by


def desk_snapshot(actor: OperatorActor, cursors: dict[UUID, int], *, with_timelines: bool = True) -> p.DeskSnapshot:
    """All that the desk shows; ``cursors`` are the timelines that the client has open, with what it has of each."""
    now = timezone.now()
    conversations = desk_conversations(actor, listed_conversations(actor))
    by_id = {conversation.id: conversation for conversation in conversations}
    wanted = {c.id: cursors.get(c.id, 0) for c in conversations if c.mine} if with_timelines else {}
    wanted.update(cursors)
    operators = operators_presence(now=now)
    me = next((operator for operator in operators if operator.id == actor.operator_id), None)
    if me is None:  # Deactivated or removed since their rights were looked at.
        raise Forbidden(_("You are not an operator of the live chat any more. Ask an administrator."))
    typing = cache.get_many([typing_key(c.id, False) for c in conversations if c.mine])
    written = team(actor)
    return p.DeskSnapshot(
        time=now,
        heartbeat=round(conf.HEARTBEAT_SECONDS) or 1,
        me=me,
        operators=operators,
        departments=departments(),
        conversations=conversations,
        offers=offers_for(actor, by_id),
        team=written,
        timelines=timelines(actor, wanted) if wanted else [],
        library=library(actor) if with_timelines else p.Library(),
        typing=[c.id for c in conversations if typing_key(c.id, False) in typing] + team_typists(actor, written),
        may_reveal=actor.may_reveal or None,
    )


def timelines(actor: OperatorActor, wanted: dict[UUID, int]) -> list[p.Timeline]:
    """A stretch of each conversation from its cursor (0: the newest stretch), in two queries however many there are."""
    last = dict(readable_conversations(actor).filter(uuid__in=list(wanted)).values_list("uuid", "last_seq"))
    starts = {uuid: (wanted[uuid] or max(0, head - p.PAGE_SIZE)) for uuid, head in last.items()}
    behind = {uuid: after for uuid, after in starts.items() if after < last[uuid]}
    found: dict[UUID, list[Entry]] = defaultdict(list)
    if behind:
        condition = Q()
        for uuid, after in behind.items():
            condition |= Q(conversation__uuid=uuid, seq__gt=after, seq__lte=after + p.PAGE_SIZE)
        for entry in (
            with_site(Entry.objects.filter(condition))
            .annotate(of=F("conversation__uuid"))
            .order_by("conversation", "seq")
        ):
            found[entry.of].append(entry)
    return [
        _stretch(actor, uuid, after, found[uuid], has_more=last[uuid] > after + p.PAGE_SIZE)
        for uuid, after in starts.items()
    ]
