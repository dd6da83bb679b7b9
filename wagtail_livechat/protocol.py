"""The wire protocol: what clients may ask (commands) and what they are told (events).

Pure: values in, values out. Every door (WebSocket, HTTP) speaks exactly this, as flat JSON objects with a
``type``. Commands are imperative and may be refused; events are facts in the past tense. ``ref`` is the
client's own mark on a command; the answer (an event or an ``error``) carries the same ``ref``.

Times are ISO 8601 strings in UTC. Ids of conversations and client ids are UUID strings; ``seq`` counts the
entries of one conversation from 1 without gaps.

A reader keeps a *cursor* per conversation: it has everything up to and including that ``seq``. A piece of
timeline always says which stretch it covers, ``(after, upto]``. If ``after`` is beyond the cursor there is a
hole, and the reader asks for ``timeline.fetch`` from its cursor; entries at or below the cursor are duplicates.
Entries that a reader may not see (a visitor and an internal note) are absent from a stretch that covers them, so the
cursor moves past them and nobody waits for what will never come.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Annotated, Any, Literal, Union
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
)

from .exceptions import BadInput

VERSION = 1
"""Raised when a client of the older version could not go on. A server refuses other versions with ``version``."""

MAX_FRAME_BYTES = 65_536
"""Longest command, in bytes of UTF-8. Longer ones are refused with close code 1009 (HTTP: 413)."""

MAX_DEPTH = 8
"""Deepest nesting of a command's JSON; no command needs more than two."""

PAGE_SIZE = 100
"""Most entries in one stretch of timeline."""

# ---------------------------------------------------------------------------------------------- text

_SURROGATES = re.compile("[\ud800-\udfff]")
# Control characters other than tab and line feed say nothing to a reader and break databases (NUL), spreadsheets and logs.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def clean_text(value: Any) -> Any:
    """Text as it may be stored: line ends are LF, no control characters, no lone surrogates."""
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", value))


def clean_line(value: Any) -> Any:
    """The same for one-line fields: line breaks become spaces, the ends are trimmed."""
    if not isinstance(value, str):
        return value
    return " ".join(clean_text(value).split())


def _strict_uuid(value: Any) -> Any:
    # pydantic's lax mode takes URNs, braces and bytes; one spelling keeps client ids comparable on both sides.
    if isinstance(value, str) and not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", value):
        raise ValueError("must be a UUID")
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


Id = Annotated[UUID, BeforeValidator(_strict_uuid)]
Text = Annotated[str, BeforeValidator(clean_text), AfterValidator(_not_blank), Field(max_length=10_000)]
Line = Annotated[str, BeforeValidator(clean_line), Field(max_length=255)]
Address = Annotated[str, BeforeValidator(clean_line), Field(max_length=2000)]
Seq = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]
Key = Annotated[int, Field(ge=1, le=2**53, strict=True)]
Time = Annotated[
    datetime,
    PlainSerializer(
        lambda v: v.isoformat(timespec="milliseconds").replace("+00:00", "Z"), return_type=str, when_used="json"
    ),
]
Language = Annotated[str, BeforeValidator(clean_line), Field(max_length=35, pattern=r"^[A-Za-z0-9-]*$")]
SiteState = Literal["online", "busy", "offline"]
ConversationState = Literal["queued", "active", "ended", "offline"]
PresenceStatus = Literal["available", "away", "offline", "rona"]
OfferOutcome = Literal["accepted", "declined", "expired", "withdrawn"]
Party = Literal["visitor", "operator", "system", "bot"]
MaskedKind = Literal["card", "iban", "national_id", "email", "phone"]
VisitorDetail = Literal["name", "email", "phone", "reference"]


class Shape(BaseModel):
    """Strict in both directions: an unknown field is a mistake, not an extension."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Command(Shape):
    ref: Annotated[str, Field(max_length=64)] | None = None


class Event(Shape):
    ref: str | None = None


# ------------------------------------------------------------------------------------- shared shapes


class Author(Shape):
    kind: Party
    id: int | None = None
    name: str = ""
    picture: str | None = None


class Entry(Shape):
    """One entry of a timeline. ``data`` carries what a system entry is about, e.g. ``{"event": "joined"}``."""

    seq: Seq
    kind: Literal["text", "attachment", "note", "system"]
    author: Author
    text: str
    data: dict[str, Any] = {}
    created_at: Time
    client_id: UUID | None = None
    """Only in entries of the reader's own side: it finds the waiting copy in the outbox."""
    masked: list[MaskedKind] | None = None
    """What is hidden from this reader in ``text``, and may be revealed by ``masked.reveal``. ``data.redacted`` lists what was
    taken out before it was stored, which nobody can reveal."""


class Timeline(Shape):
    """All entries of ``conversation`` that the reader may see with ``after < seq <= upto``."""

    conversation: UUID
    after: Seq
    upto: Seq
    entries: list[Entry]
    has_more: bool = False
    """True when there are entries beyond ``upto``: fetch again from there."""


class Receipts(Shape):
    """How far the other side has got: entries up to ``delivered`` are on a screen, up to ``seen`` were looked at."""

    delivered: Seq = 0
    seen: Seq = 0


class PageRef(Shape):
    """The page a visitor is on. ``id`` is the Wagtail page's id where the tag knows it."""

    url: Address = ""
    title: Line = ""
    id: Key | None = None


class OperatorCard(Shape):
    """An operator as everyone may see them."""

    id: int
    name: str
    picture: str | None = None


class OperatorPresence(OperatorCard):
    """An operator as colleagues see them. ``load`` is the number of open conversations."""

    status: PresenceStatus
    load: int
    capacity: int
    departments: list[int] = []
    sites: list[int] = []
    """Of these sites alone they take conversations. Empty: of all."""


class DepartmentCard(Shape):
    id: int
    name: str


class VisitorConversation(Shape):
    """A conversation as its visitor sees it."""

    id: UUID
    case_number: str
    state: ConversationState
    department: str | None = None
    operators: list[OperatorCard]
    receipts: Receipts
    """The operators' side."""
    queued_at: Time | None = None
    """Since when it waits, while queued."""
    email: str | None = None
    """The address that this visitor gave in this conversation."""
    rating: int | None = None
    reopen_until: Time | None = None
    """It has ended, and until then its visitor may go back to it."""
    seen_seq: Seq = 0
    """How far this visitor has looked, in any tab: what is beyond it counts as unread."""
    last_seq: Seq
    position: int | None = None
    """Place in line from 1 while queued."""
    estimate: int | None = None
    """Seconds that the wait is thought to take, from waits of the last hour; absent where too little was measured."""
    started_at: Time
    ended_at: Time | None = None
    ended_by: Party | None = None


class VisitorCard(Shape):
    id: UUID
    name: str
    email: str = ""
    phone: str = ""
    reference: str = ""
    language: str = ""
    online: bool = False
    conversations: int = 1
    """Number of this visitor's conversations, this one included."""
    browser: str = ""
    masked: list[VisitorDetail] | None = None
    """Details in which something is hidden from this reader."""


class WaitingOffer(Shape):
    """A transfer or an invitation of this conversation that waits for its answer."""

    id: int
    kind: Literal["transfer", "conference"]
    to: str
    """The operator's or the department's name."""
    mine: bool
    """The reader made it, and may withdraw it."""
    deadline: Time | None = None


class QuickReply(Shape):
    id: int
    name: str
    shortcut: str = ""
    text: str
    department: int | None = None
    language: str = ""


class WrapUpReason(Shape):
    id: int
    name: str


class Library(Shape):
    """What operators work with: prepared answers, reasons, tags."""

    quick_replies: list[QuickReply] = []
    wrap_up_reasons: list[WrapUpReason] = []
    tags: list[str] = []


class Consent(Shape):
    """What the visitor agreed to, as they read it."""

    text: str
    language: str = ""
    """Of the chat in which they read it."""
    version: str = ""
    """The same for the same sentence."""
    at: Time


class DeskConversation(Shape):
    """A conversation as an operator sees it in lists. Personal text is masked for the reader.

    State ``offline``: left while nobody was there, or answered by nobody; it waits for an answer by e-mail."""

    id: UUID
    case_number: str
    state: ConversationState
    site: str
    site_id: int | None = None
    department: DepartmentCard | None = None
    language: str = ""
    visitor: VisitorCard
    page: PageRef | None = None
    operators: list[OperatorCard]
    mine: bool
    first_text: str = ""
    preview: str | None = None
    """The newest text; only for conversations that are the reader's own or in the queue."""
    preview_author: Party | None = None
    unread: int = 0
    receipts: Receipts
    """The visitor's side."""
    last_seq: Seq
    offer: int | None = None
    """The pending offer to accept, if it is open to the reader."""
    waiting: list[WaitingOffer] = []
    owner: int | None = None
    """The operator who has it; others in ``operators`` were asked in."""
    company: str = ""
    tags: list[str] = []
    wrap_up_reason: int | None = None
    wrap_up_note: str = ""
    wrap_up_required: bool = False
    rating: int | None = None
    """What the visitor gave, 1 to 5."""
    consent: Consent | None = None
    archived: bool = False
    blocked: Literal["department", "site"] | None = None
    """Why nothing can be said here any more, only handed over or ended."""
    proactive: bool = False
    created_at: Time
    queued_at: Time | None = None
    answered_at: Time | None = None
    last_message_at: Time | None = None
    ended_at: Time | None = None
    ended_by: Party | None = None


class TeamConversation(Shape):
    """What the reader and a colleague write to each other. Nobody else sees it."""

    id: UUID
    members: list[OperatorCard]
    """The others in it; whether they are there, the list of operators says. Empty if the colleague was removed."""
    name: str
    """The colleague's, which outlives the colleague."""
    closed: bool = False
    """The colleague is no operator any more: it can be read, but nothing can be sent."""
    preview: str | None = None
    """The newest text."""
    preview_author: int | None = None
    """The operator who wrote it, unless they were removed."""
    unread: int = 0
    receipts: Receipts
    """The colleague's."""
    last_seq: Seq
    last_message_at: Time | None = None


class Offer(Shape):
    """Someone must say yes. ``deadline`` is None for an open queue."""

    id: int
    kind: Literal["new", "transfer", "conference"]
    conversation: DeskConversation
    from_operator: OperatorCard | None = None
    made_at: Time
    deadline: Time | None = None


class Cursor(Shape):
    conversation: Id
    after: Seq = 0


# ----------------------------------------------------------------------------------- commands, both


class Ping(Command):
    """Asks for a ``pong``: is the line alive?"""

    type: Literal["ping"] = "ping"


class PostMessage(Command):
    """Post a text. The acknowledgement is ``message.posted`` with the same ``client_id``; retry until it comes."""

    type: Literal["message.post"] = "message.post"
    conversation: Id
    client_id: Id
    text: Text
    quick_reply: Key | None = None
    """The prepared answer that the text began as, so that its use is counted."""


class FetchTimeline(Command):
    """The stretch after ``after``, or the newest stretch that ends before ``before``. Answer: ``timeline.page``."""

    type: Literal["timeline.fetch"] = "timeline.fetch"
    conversation: Id
    after: Seq = 0
    before: Seq | None = None


class MarkReceipt(Command):
    """This side has entries up to ``delivered`` on a screen and has looked at those up to ``seen``. Only ever rises."""

    type: Literal["receipt.mark"] = "receipt.mark"
    conversation: Id
    delivered: Seq = 0
    seen: Seq = 0


class SetTyping(Command):
    """Repeat every 3 s while typing; it fades by itself after 6 s."""

    type: Literal["typing.set"] = "typing.set"
    conversation: Id
    active: Annotated[bool, Field(strict=True)]


class EndConversation(Command):
    type: Literal["conversation.end"] = "conversation.end"
    conversation: Id
    reason: Key | None = None
    """An operator's wrap-up reason; refused with ``reason_required`` where the site wants one."""
    note: Annotated[str, BeforeValidator(clean_text), Field(max_length=5000)] = ""


# --------------------------------------------------------------------------------- commands, visitor


class VisitorHello(Command):
    """The first frame of a visitor's socket, and the whole of an HTTP poll. Answer: ``visitor.snapshot``."""

    type: Literal["visitor.hello"] = "visitor.hello"
    version: Annotated[int, Field(strict=True)]
    token: Annotated[str, Field(min_length=16, max_length=128)] | None = None
    """On a socket only; over HTTP the token is in the Authorization header."""
    cursor: Cursor | None = None
    page: PageRef | None = None


Agreement = Annotated[bool, Field(strict=True)] | Annotated[str, Field(pattern=r"^[0-9a-f]{1,64}$")]
"""Whether the visitor agreed. With the version of the sentence that they read, as ``config`` gave it, another one is refused."""


class Beginning(Command):
    """What a visitor begins with: the first message, and what a form asked for."""

    client_id: Id
    text: Text
    page: PageRef | None = None
    language: Language = ""
    name: Line = ""
    email: Line = ""
    phone: Line = ""
    reference: Line = ""
    department: Key | None = None
    consent: Agreement = False
    auto_message: Line = ""
    opener: Line = ""
    """What the link or button on the page carried that opened the chat (its attribute ``data-livechat-open``)."""


class StartConversation(Beginning):
    """Start a conversation with its first message, or, if one is open already, post into that.

    Answer: ``visitor.snapshot`` with the conversation and ``message.posted`` for the message. Refused with ``bad_form``
    where the site asks for more than was given, or what was given cannot be used."""

    type: Literal["conversation.start"] = "conversation.start"


class LeaveCase(Beginning):
    """Leave a message while nobody is there: a case that is answered by e-mail. Answers and refusals as for
    ``conversation.start``; into an open conversation it is posted as a message."""

    type: Literal["case.leave"] = "case.leave"


class LeaveAddress(Command):
    """Nobody answers: leave an address and go. The conversation becomes a case that is answered by e-mail.

    Answer: ``visitor.conversation.changed``. Refused with ``bad_form``."""

    type: Literal["conversation.leave_address"] = "conversation.leave_address"
    conversation: Id
    name: Line = ""
    email: Line
    consent: Agreement = False


class RateConversation(Command):
    """How was it? Asked when it has ended; the last answer counts. Answer: ``visitor.conversation.changed``."""

    type: Literal["conversation.rate"] = "conversation.rate"
    conversation: Id
    rating: Annotated[int, Field(strict=True, ge=1, le=5)]
    comment: Annotated[str, BeforeValidator(clean_text), Field(max_length=2000)] = ""


class ReopenConversation(Command):
    """Back to a conversation that has ended: to the same operator if they are there, else to the queue.

    Answer: ``visitor.conversation.changed``."""

    type: Literal["conversation.reopen"] = "conversation.reopen"
    conversation: Id


class RequestTranscript(Command):
    """Have the conversation sent to its visitor's address, which ``email`` gives if none was given before.

    Answer: ``visitor.conversation.changed``. Refused with ``bad_form``, ``conflict`` (another address), ``rate_limited``."""

    type: Literal["transcript.request"] = "transcript.request"
    conversation: Id
    email: Line = ""


VisitorCommand = Annotated[
    Union[  # noqa: UP007 - a discriminated union reads better as one
        Ping,
        VisitorHello,
        StartConversation,
        LeaveCase,
        LeaveAddress,
        RateConversation,
        ReopenConversation,
        RequestTranscript,
        PostMessage,
        FetchTimeline,
        MarkReceipt,
        SetTyping,
        EndConversation,
    ],
    Field(discriminator="type"),
]

# -------------------------------------------------------------------------------- commands, operator


class OperatorHello(Command):
    """The first frame of an operator's socket, and the whole of an HTTP poll. Answer: ``desk.snapshot``.

    ``cursors``: the timelines that the client has open, each with what it already has."""

    type: Literal["operator.hello"] = "operator.hello"
    version: Annotated[int, Field(strict=True)]
    surface: Literal["desk", "presence"] = "desk"
    cursors: Annotated[list[Cursor], Field(max_length=50)] = []


class SetPresence(Command):
    """``rona`` is not for choosing: it is what the system sets when an offer was not answered."""

    type: Literal["presence.set"] = "presence.set"
    status: Literal["available", "away", "offline"]


class AcceptOffer(Command):
    """Take the offered conversation. One wins; the others are told ``offer_taken`` and by whom."""

    type: Literal["offer.accept"] = "offer.accept"
    offer: Key


class DeclineOffer(Command):
    type: Literal["offer.decline"] = "offer.decline"
    offer: Key


class OpenConversation(Command):
    """Look at a conversation: answers ``timeline.page`` and sends what follows until ``conversation.close``."""

    type: Literal["conversation.open"] = "conversation.open"
    conversation: Id
    after: Seq = 0


class CloseConversation(Command):
    """Stop following a conversation. Says nothing to the visitor, ends nothing."""

    type: Literal["conversation.close"] = "conversation.close"
    conversation: Id


class WithdrawOffer(Command):
    """Take back a transfer or an invitation."""

    type: Literal["offer.withdraw"] = "offer.withdraw"
    offer: Key


class TransferConversation(Command):
    """Hand over to an operator or a department; it stays until somebody accepts."""

    type: Literal["conversation.transfer"] = "conversation.transfer"
    conversation: Id
    operator: Key | None = None
    department: Key | None = None


class InviteOperator(Command):
    type: Literal["conference.invite"] = "conference.invite"
    conversation: Id
    operator: Key


class LeaveConference(Command):
    type: Literal["conference.leave"] = "conference.leave"
    conversation: Id


class EndConference(Command):
    """All who were asked in go; the conversation goes on."""

    type: Literal["conference.end"] = "conference.end"
    conversation: Id


class WrapUp(Command):
    """Reason and note of a conversation, also after its end."""

    type: Literal["conversation.wrap_up"] = "conversation.wrap_up"
    conversation: Id
    reason: Key | None = None
    note: Annotated[str, BeforeValidator(clean_text), Field(max_length=5000)] = ""


class ArchiveConversation(Command):
    type: Literal["conversation.archive"] = "conversation.archive"
    conversation: Id
    keep: Annotated[bool, Field(strict=True)] = True


class TagConversation(Command):
    type: Literal["conversation.tag"] = "conversation.tag"
    conversation: Id
    tags: Annotated[list[Annotated[str, BeforeValidator(clean_line), Field(max_length=50)]], Field(max_length=20)]


class UpdateVisitor(Command):
    type: Literal["visitor.update"] = "visitor.update"
    conversation: Id
    name: Line = ""
    email: Annotated[str, BeforeValidator(clean_line), Field(max_length=254)] = ""
    phone: Annotated[str, BeforeValidator(clean_line), Field(max_length=64)] = ""
    reference: Line = ""


class FetchVisitor(Command):
    """Pages of this visit and earlier conversations. Answer: ``visitor.history``."""

    type: Literal["visitor.fetch"] = "visitor.fetch"
    conversation: Id


class BanVisitor(Command):
    """Keep out the visitor, or the address they come from; the chat ends."""

    type: Literal["visitor.ban"] = "visitor.ban"
    conversation: Id
    by_address: Annotated[bool, Field(strict=True)]
    reason: Line = ""
    hours: Annotated[int, Field(strict=True, ge=1, le=24 * 366)] | None = None
    """How long; without it, for good."""


class RevealMasked(Command):
    """Show what masking hides in one entry (``seq``) or one detail of the visitor; name one of the two.

    It is kept in the log who did so, when and why. Answer: ``masked.revealed``, to this connection alone."""

    type: Literal["masked.reveal"] = "masked.reveal"
    conversation: Id
    seq: Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)] | None = None
    detail: VisitorDetail | None = None
    reason: Annotated[str, BeforeValidator(clean_line), AfterValidator(_not_blank), Field(max_length=255)]


class SearchKnowledge(Command):
    """Answer: ``knowledge.found``."""

    type: Literal["knowledge.search"] = "knowledge.search"
    conversation: Id
    query: Annotated[str, BeforeValidator(clean_line), Field(min_length=2, max_length=200)]


class BrowsePages(Command):
    """The live, public pages below ``parent``, or below the site's first page. Answer: ``pages.listed``."""

    type: Literal["pages.browse"] = "pages.browse"
    conversation: Id
    parent: Key | None = None


class PrepareDraft(Command):
    """Where an answer of this conversation could go as an FAQ or an article. Answer: ``draft.prepared``."""

    type: Literal["draft.prepare"] = "draft.prepare"
    conversation: Id


class MakeDraft(Command):
    """Make a draft of these messages. Personal numbers are taken out of it. Answer: ``draft.made``."""

    type: Literal["draft.make"] = "draft.make"
    conversation: Id
    seqs: Annotated[list[Seq], Field(min_length=1, max_length=50)]
    kind: Literal["faq", "article"]
    place: Line
    """One of those that ``draft.prepared`` named."""
    title: Annotated[str, BeforeValidator(clean_line), Field(min_length=1, max_length=255)]
    tell: Annotated[bool, Field(strict=True)] = False
    """The visitor said that they would like an e-mail when it is published."""


class PostNote(Command):
    """A note that only operators see."""

    type: Literal["note.post"] = "note.post"
    conversation: Id
    client_id: Id
    text: Text


class OpenTeam(Command):
    """Write to a colleague: the conversation with them, begun if there is none, is followed until ``conversation.close``.

    Answers ``team.changed`` and ``timeline.page``. In it work ``message.post``, ``timeline.fetch``, ``receipt.mark``,
    ``typing.set`` and, to look at it by its id, ``conversation.open``."""

    type: Literal["team.open"] = "team.open"
    operator: Key


OperatorCommand = Annotated[
    Union[  # noqa: UP007
        OpenTeam,
        WithdrawOffer,
        TransferConversation,
        InviteOperator,
        LeaveConference,
        EndConference,
        WrapUp,
        ArchiveConversation,
        TagConversation,
        UpdateVisitor,
        FetchVisitor,
        BanVisitor,
        RevealMasked,
        SearchKnowledge,
        BrowsePages,
        PrepareDraft,
        MakeDraft,
        Ping,
        OperatorHello,
        SetPresence,
        AcceptOffer,
        DeclineOffer,
        OpenConversation,
        CloseConversation,
        PostMessage,
        PostNote,
        FetchTimeline,
        MarkReceipt,
        SetTyping,
        EndConversation,
    ],
    Field(discriminator="type"),
]

# ---------------------------------------------------------------------------------------- events


class Pong(Event):
    type: Literal["pong"] = "pong"
    time: Time


class VisitorSnapshot(Event):
    """All that a visitor's client shows. It replaces what the client had, except entries, which are merged."""

    type: Literal["visitor.snapshot"] = "visitor.snapshot"
    version: int = VERSION
    time: Time
    heartbeat: int
    """Seconds between heartbeats; silence for twice that long means the line is dead."""
    site: SiteState
    opens_at: Time | None = None
    """When the site opens next, if it is closed by its opening hours."""
    conversation: VisitorConversation | None = None
    timeline: Timeline | None = None
    typing: list[OperatorCard] = []


class DeskSnapshot(Event):
    """All that the desk shows. It replaces what the client had, except entries, which are merged."""

    type: Literal["desk.snapshot"] = "desk.snapshot"
    version: int = VERSION
    time: Time
    heartbeat: int
    me: OperatorPresence
    operators: list[OperatorPresence]
    departments: list[DepartmentCard]
    conversations: list[DeskConversation]
    offers: list[Offer]
    team: list[TeamConversation] = []
    """The reader's conversations with colleagues, the newest words first."""
    timelines: list[Timeline] = []
    """Of the reader's own conversations and of those it asked for by cursor."""
    library: Library = Library()
    typing: list[UUID] = []
    """Own conversations whose visitor, and team conversations whose colleague, is typing just now."""
    may_reveal: bool | None = None
    """Whether the reader may ask ``masked.reveal``."""


class MessagePosted(Event):
    """One new entry; ``after`` is the reader's cursor before it. To its sender: stored and acknowledged."""

    type: Literal["message.posted"] = "message.posted"
    conversation: UUID
    after: Seq
    entry: Entry


class TimelinePage(Event):
    """A stretch of timeline: several entries at once, the answer to a fetch, or what filled a hole."""

    type: Literal["timeline.page"] = "timeline.page"
    timeline: Timeline


class VisitorConversationChanged(Event):
    """The visitor's conversation as it now is (joined, queued again, ended, receipts, place in line)."""

    type: Literal["visitor.conversation.changed"] = "visitor.conversation.changed"
    conversation: VisitorConversation


class DeskConversationChanged(Event):
    """A conversation in the operator's lists as it now is."""

    type: Literal["desk.conversation.changed"] = "desk.conversation.changed"
    conversation: DeskConversation


class ConversationRemoved(Event):
    """The conversation is no longer in the operator's lists (ended by a colleague, out of sight, erased)."""

    type: Literal["conversation.removed"] = "conversation.removed"
    conversation: UUID


class TypingChanged(Event):
    """Not stored anywhere. Fades after 6 s without a repeat. ``name`` is that of a colleague in a team conversation."""

    type: Literal["typing.changed"] = "typing.changed"
    conversation: UUID
    party: Party
    id: int | None = None
    name: str = ""
    active: bool


class SiteChanged(Event):
    """The launcher's state."""

    type: Literal["site.changed"] = "site.changed"
    state: SiteState
    opens_at: Time | None = None
    """When the site opens next, if it is closed by its opening hours."""


class PresenceChanged(Event):
    """A colleague (or oneself, from another tab) as they now are; ``offline`` when gone."""

    type: Literal["presence.changed"] = "presence.changed"
    operator: OperatorPresence


class OperatorRemoved(Event):
    """A colleague is no operator any more: removed or deactivated."""

    type: Literal["operator.removed"] = "operator.removed"
    operator: int


class DepartmentsChanged(Event):
    """All active departments, in their order."""

    type: Literal["departments.changed"] = "departments.changed"
    departments: list[DepartmentCard]


class TeamChanged(Event):
    """A conversation with a colleague as it now is."""

    type: Literal["team.changed"] = "team.changed"
    conversation: TeamConversation


class OfferMade(Event):
    type: Literal["offer.made"] = "offer.made"
    offer: Offer


class OfferClosed(Event):
    """The offer is no longer open to the reader. ``by`` is who took it."""

    type: Literal["offer.closed"] = "offer.closed"
    offer: int
    state: OfferOutcome
    by: OperatorCard | None = None


class LibraryChanged(Event):
    type: Literal["library.changed"] = "library.changed"
    library: Library


class PageVisit(Shape):
    url: str
    title: str = ""
    at: Time


class EarlierConversation(Shape):
    case_number: str
    state: ConversationState
    started_at: Time
    first_text: str = ""


class VisitorHistory(Event):
    """What is known of a visitor: pages of the last visit, newest first, and earlier conversations."""

    type: Literal["visitor.history"] = "visitor.history"
    conversation: UUID
    pages: list[PageVisit]
    earlier: list[EarlierConversation]


class MaskedRevealed(Event):
    """What an entry or a detail says. It is not told again: a client that forgets it has to ask anew."""

    type: Literal["masked.revealed"] = "masked.revealed"
    conversation: UUID
    seq: Seq | None = None
    detail: VisitorDetail | None = None
    text: str


class KnowledgeResult(Shape):
    title: str
    url: str
    text: str = ""
    kind: Literal["page", "faq", "article"]


class KnowledgeFound(Event):
    type: Literal["knowledge.found"] = "knowledge.found"
    query: str
    results: list[KnowledgeResult]


class PageRow(Shape):
    id: int
    title: str
    url: str
    has_more: bool
    """There are pages below it."""


class PagesListed(Event):
    """Pages that may be sent. ``trail``: the way from the site's first page to where this is."""

    type: Literal["pages.listed"] = "pages.listed"
    conversation: UUID
    trail: list[PageRow]
    pages: list[PageRow]


class DraftPlace(Shape):
    kind: Literal["faq", "article"]
    id: str
    label: str


class DraftPrepared(Event):
    type: Literal["draft.prepared"] = "draft.prepared"
    conversation: UUID
    places: list[DraftPlace]
    can_tell: bool
    """The visitor has left an address."""


class DraftMade(Event):
    type: Literal["draft.made"] = "draft.made"
    conversation: UUID
    kind: Literal["faq", "article"]
    title: str
    url: str
    """Where it is edited; empty for those who may not."""
    submitted: bool
    """It goes through a workflow."""


class Heartbeat(Event):
    """Sent every ``heartbeat`` seconds. A head beyond the cursor is a hole: fetch."""

    type: Literal["heartbeat"] = "heartbeat"
    time: Time
    heads: dict[UUID, Seq]


ErrorCode = Literal[
    "bad_json",
    "bad_command",
    "bad_form",
    "bad_file",
    "unknown_type",
    "version",
    "unauthorised",
    "forbidden",
    "not_found",
    "conversation_ended",
    "client_id_conflict",
    "too_long",
    "offer_taken",
    "at_capacity",
    "conflict",
    "reason_required",
    "rate_limited",
    "too_large",
    "closed",
    "unavailable",
]


FieldFault = Literal["required", "email", "domain", "phone", "too_long", "choice", "changed"]


class Error(Event):
    """A refused command (``ref`` says which), or why the socket is about to close.

    ``retry_after`` in seconds: the same command may succeed then. Without it, trying again changes nothing."""

    type: Literal["error"] = "error"
    code: ErrorCode
    message: str
    field: str | None = None
    faults: dict[str, FieldFault] | None = None
    """With ``bad_form``: what is wrong with each field."""
    retry_after: float | None = None
    by: OperatorCard | None = None
    """Who was first, with ``offer_taken``."""


VISITOR_COMMANDS: tuple[type[Command], ...] = (
    Ping,
    VisitorHello,
    StartConversation,
    LeaveCase,
    LeaveAddress,
    RateConversation,
    ReopenConversation,
    RequestTranscript,
    PostMessage,
    FetchTimeline,
    MarkReceipt,
    SetTyping,
    EndConversation,
)
OPERATOR_COMMANDS: tuple[type[Command], ...] = (
    OpenTeam,
    WithdrawOffer,
    TransferConversation,
    InviteOperator,
    LeaveConference,
    EndConference,
    WrapUp,
    ArchiveConversation,
    TagConversation,
    UpdateVisitor,
    FetchVisitor,
    BanVisitor,
    RevealMasked,
    SearchKnowledge,
    BrowsePages,
    PrepareDraft,
    MakeDraft,
    Ping,
    OperatorHello,
    SetPresence,
    AcceptOffer,
    DeclineOffer,
    OpenConversation,
    CloseConversation,
    PostMessage,
    PostNote,
    FetchTimeline,
    MarkReceipt,
    SetTyping,
    EndConversation,
)
VISITOR_EVENTS: tuple[type[Event], ...] = (
    Pong,
    VisitorSnapshot,
    MessagePosted,
    TimelinePage,
    VisitorConversationChanged,
    TypingChanged,
    SiteChanged,
    Heartbeat,
    Error,
)
OPERATOR_EVENTS: tuple[type[Event], ...] = (
    Pong,
    DeskSnapshot,
    MessagePosted,
    TimelinePage,
    DeskConversationChanged,
    ConversationRemoved,
    TypingChanged,
    PresenceChanged,
    OperatorRemoved,
    DepartmentsChanged,
    TeamChanged,
    OfferMade,
    OfferClosed,
    LibraryChanged,
    VisitorHistory,
    MaskedRevealed,
    KnowledgeFound,
    PagesListed,
    DraftPrepared,
    DraftMade,
    Heartbeat,
    Error,
)

_visitor: TypeAdapter[Any] = TypeAdapter(VisitorCommand)
_operator: TypeAdapter[Any] = TypeAdapter(OperatorCommand)


# One pass whatever comes: possessive, so that nothing is tried twice, and a string that never ends is one too. (With
# backtracking, 64 kB of backslashes and quotes kept the event loop busy for 20 s.)
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NO_BRACKETS = re.compile(r"[^\[\]{}]+")


def _depth_of(raw: str) -> int:
    """Deepest nesting of brackets outside strings, without parsing (the parser itself recurses)."""
    depth = deepest = 0
    for bracket in _NO_BRACKETS.sub("", _STRINGS.sub("", raw)):
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth -= 1
    return deepest


def _no_constants(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


# Made once: json.loads makes one for every call that has a parse_constant.
_DECODER = json.JSONDecoder(parse_constant=_no_constants)


def decode(raw: str | bytes) -> dict[str, Any]:
    """A command's JSON as a dict.

    Raises BadInput with ``too_large`` (over MAX_FRAME_BYTES) or ``bad_json`` (not UTF-8, not JSON, not an object,
    nested deeper than MAX_DEPTH); never anything else, whatever the bytes.
    """
    size = len(raw) if isinstance(raw, bytes) else len(raw.encode("utf-8", "surrogatepass"))
    if size > MAX_FRAME_BYTES:
        raise BadInput("too_large", f"A command may have at most {MAX_FRAME_BYTES} bytes.")
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
        # As many brackets as that, in strings or not, are needed for being too deep; a usual command has one.
        if text.count("[") + text.count("{") > MAX_DEPTH and _depth_of(text) > MAX_DEPTH:
            raise BadInput("bad_json", f"Nested deeper than {MAX_DEPTH}.")
        value = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise BadInput("bad_json", "This is not JSON.") from error
    if not isinstance(value, dict):
        raise BadInput("bad_json", "A command is a JSON object.")
    return value


def ref_of(value: dict[str, Any]) -> str | None:
    """The mark of a command that is refused, if it can be sent back (a lone surrogate is no text)."""
    ref = value.get("ref")
    return ref if isinstance(ref, str) and len(ref) <= 64 and not _SURROGATES.search(ref) else None


def _parse(adapter: TypeAdapter[Any], known: frozenset[str], value: dict[str, Any]) -> Any:
    ref = ref_of(value)
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in known:
        raise BadInput("unknown_type", "There is no command of this type.", ref=ref)
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        raise BadInput(
            "bad_command", f"{where}: {first['msg']}" if where else first["msg"], field=where or None, ref=ref
        ) from error


_VISITOR_TYPES = frozenset(c.model_fields["type"].default for c in VISITOR_COMMANDS)
_OPERATOR_TYPES = frozenset(c.model_fields["type"].default for c in OPERATOR_COMMANDS)


def parse_visitor_command(raw: str | bytes) -> Any:
    """The visitor's command in ``raw``. Raises BadInput."""
    return _parse(_visitor, _VISITOR_TYPES, decode(raw))


def parse_operator_command(raw: str | bytes) -> Any:
    """The operator's command in ``raw``. Raises BadInput."""
    return _parse(_operator, _OPERATOR_TYPES, decode(raw))


def encode(event: Event) -> str:
    """An event as JSON text; fields that are None are left out."""
    return event.model_dump_json(exclude_none=True)
