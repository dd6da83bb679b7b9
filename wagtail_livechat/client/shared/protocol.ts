// Written by `manage.py livechat_protocol` from wagtail_livechat/protocol.py. Do not edit.

export const VERSION = 1;
export const MAX_FRAME_BYTES = 65536;
export const PAGE_SIZE = 100;

export type SiteState = "online" | "busy" | "offline";
export type ConversationState = "queued" | "active" | "ended" | "offline";
export type PresenceStatus = "available" | "away" | "offline" | "rona";
export type OfferOutcome = "accepted" | "declined" | "expired" | "withdrawn";
export type Party = "visitor" | "operator" | "system" | "bot";
export type MaskedKind = "card" | "iban" | "national_id" | "email" | "phone";
export type VisitorDetail = "name" | "email" | "phone" | "reference";
export type ErrorCode = "bad_json" | "bad_command" | "bad_form" | "bad_file" | "unknown_type" | "version" | "unauthorised" | "forbidden" | "not_found" | "conversation_ended" | "client_id_conflict" | "too_long" | "offer_taken" | "at_capacity" | "conflict" | "reason_required" | "rate_limited" | "too_large" | "closed" | "unavailable";
export type FieldFault = "required" | "email" | "domain" | "phone" | "too_long" | "choice" | "changed";

/** Take the offered conversation. One wins; the others are told `offer_taken` and by whom. */
export interface AcceptOffer {
  ref?: string;
  type: "offer.accept";
  offer: number;
}

export interface ArchiveConversation {
  ref?: string;
  type: "conversation.archive";
  conversation: string;
  keep?: boolean;
}

export interface Author {
  kind: Party;
  id?: number;
  name: string;
  picture?: string;
}

/** Keep out the visitor, or the address they come from; the chat ends. */
export interface BanVisitor {
  ref?: string;
  type: "visitor.ban";
  conversation: string;
  by_address: boolean;
  reason?: string;
  /** How long; without it, for good. */
  hours?: number;
}

/** The live, public pages below `parent`, or below the site's first page. Answer: `pages.listed`. */
export interface BrowsePages {
  ref?: string;
  type: "pages.browse";
  conversation: string;
  parent?: number;
}

/** Stop following a conversation. Says nothing to the visitor, ends nothing. */
export interface CloseConversation {
  ref?: string;
  type: "conversation.close";
  conversation: string;
}

/** What the visitor agreed to, as they read it. */
export interface Consent {
  text: string;
  /** Of the chat in which they read it. */
  language: string;
  /** The same for the same sentence. */
  version: string;
  at: string;
}

/** The conversation is no longer in the operator's lists (ended by a colleague, out of sight, erased). */
export interface ConversationRemoved {
  ref?: string;
  type: "conversation.removed";
  conversation: string;
}

export interface Cursor {
  conversation: string;
  after?: number;
}

export interface DeclineOffer {
  ref?: string;
  type: "offer.decline";
  offer: number;
}

export interface DepartmentCard {
  id: number;
  name: string;
}

/** All active departments, in their order. */
export interface DepartmentsChanged {
  ref?: string;
  type: "departments.changed";
  departments: DepartmentCard[];
}

/**
 * A conversation as an operator sees it in lists. Personal text is masked for the reader.
 *
 * State `offline`: left while nobody was there, or answered by nobody; it waits for an answer by e-mail.
 */
export interface DeskConversation {
  id: string;
  case_number: string;
  state: ConversationState;
  site: string;
  site_id?: number;
  department?: DepartmentCard;
  language: string;
  visitor: VisitorCard;
  page?: PageRef;
  operators: OperatorCard[];
  mine: boolean;
  first_text: string;
  /** The newest text; only for conversations that are the reader's own or in the queue. */
  preview?: string;
  preview_author?: Party;
  unread: number;
  /** The visitor's side. */
  receipts: Receipts;
  last_seq: number;
  /** The pending offer to accept, if it is open to the reader. */
  offer?: number;
  waiting: WaitingOffer[];
  /** The operator who has it; others in `operators` were asked in. */
  owner?: number;
  company: string;
  tags: string[];
  wrap_up_reason?: number;
  wrap_up_note: string;
  wrap_up_required: boolean;
  /** What the visitor gave, 1 to 5. */
  rating?: number;
  consent?: Consent;
  archived: boolean;
  /** Why nothing can be said here any more, only handed over or ended. */
  blocked?: "department" | "site";
  proactive: boolean;
  created_at: string;
  queued_at?: string;
  answered_at?: string;
  last_message_at?: string;
  ended_at?: string;
  ended_by?: Party;
}

/** A conversation in the operator's lists as it now is. */
export interface DeskConversationChanged {
  ref?: string;
  type: "desk.conversation.changed";
  conversation: DeskConversation;
}

/** All that the desk shows. It replaces what the client had, except entries, which are merged. */
export interface DeskSnapshot {
  ref?: string;
  type: "desk.snapshot";
  version: number;
  time: string;
  heartbeat: number;
  me: OperatorPresence;
  operators: OperatorPresence[];
  departments: DepartmentCard[];
  conversations: DeskConversation[];
  offers: Offer[];
  /** The reader's conversations with colleagues, the newest words first. */
  team: TeamConversation[];
  /** Of the reader's own conversations and of those it asked for by cursor. */
  timelines: Timeline[];
  library: Library;
  /** Own conversations whose visitor, and team conversations whose colleague, is typing just now. */
  typing: string[];
  /** Whether the reader may ask `masked.reveal`. */
  may_reveal?: boolean;
}

export interface DraftMade {
  ref?: string;
  type: "draft.made";
  conversation: string;
  kind: "faq" | "article";
  title: string;
  /** Where it is edited; empty for those who may not. */
  url: string;
  /** It goes through a workflow. */
  submitted: boolean;
}

export interface DraftPlace {
  kind: "faq" | "article";
  id: string;
  label: string;
}

export interface DraftPrepared {
  ref?: string;
  type: "draft.prepared";
  conversation: string;
  places: DraftPlace[];
  /** The visitor has left an address. */
  can_tell: boolean;
}

export interface EarlierConversation {
  case_number: string;
  state: ConversationState;
  started_at: string;
  first_text: string;
}

/** All who were asked in go; the conversation goes on. */
export interface EndConference {
  ref?: string;
  type: "conference.end";
  conversation: string;
}

export interface EndConversation {
  ref?: string;
  type: "conversation.end";
  conversation: string;
  /** An operator's wrap-up reason; refused with `reason_required` where the site wants one. */
  reason?: number;
  note?: string;
}

/** One entry of a timeline. `data` carries what a system entry is about, e.g. `{"event": "joined"}`. */
export interface Entry {
  seq: number;
  kind: "text" | "attachment" | "note" | "system";
  author: Author;
  text: string;
  data: Record<string, unknown>;
  created_at: string;
  /** Only in entries of the reader's own side: it finds the waiting copy in the outbox. */
  client_id?: string;
  /** What is hidden from this reader in `text`, and may be revealed by `masked.reveal`. `data.redacted` lists what was taken out before it was stored, which nobody can reveal. */
  masked?: MaskedKind[];
}

/**
 * A refused command (`ref` says which), or why the socket is about to close.
 *
 * `retry_after` in seconds: the same command may succeed then. Without it, trying again changes nothing.
 */
export interface ProtocolError {
  ref?: string;
  type: "error";
  code: ErrorCode;
  message: string;
  field?: string;
  /** With `bad_form`: what is wrong with each field. */
  faults?: Record<string, FieldFault>;
  retry_after?: number;
  /** Who was first, with `offer_taken`. */
  by?: OperatorCard;
}

/** The stretch after `after`, or the newest stretch that ends before `before`. Answer: `timeline.page`. */
export interface FetchTimeline {
  ref?: string;
  type: "timeline.fetch";
  conversation: string;
  after?: number;
  before?: number;
}

/** Pages of this visit and earlier conversations. Answer: `visitor.history`. */
export interface FetchVisitor {
  ref?: string;
  type: "visitor.fetch";
  conversation: string;
}

/** Sent every `heartbeat` seconds. A head beyond the cursor is a hole: fetch. */
export interface Heartbeat {
  ref?: string;
  type: "heartbeat";
  time: string;
  heads: Record<string, number>;
}

export interface InviteOperator {
  ref?: string;
  type: "conference.invite";
  conversation: string;
  operator: number;
}

export interface KnowledgeFound {
  ref?: string;
  type: "knowledge.found";
  query: string;
  results: KnowledgeResult[];
}

export interface KnowledgeResult {
  title: string;
  url: string;
  text: string;
  kind: "page" | "faq" | "article";
}

/**
 * Nobody answers: leave an address and go. The conversation becomes a case that is answered by e-mail.
 *
 * Answer: `visitor.conversation.changed`. Refused with `bad_form`.
 */
export interface LeaveAddress {
  ref?: string;
  type: "conversation.leave_address";
  conversation: string;
  name?: string;
  email: string;
  consent?: boolean | string;
}

/**
 * Leave a message while nobody is there: a case that is answered by e-mail. Answers and refusals as for
 * `conversation.start`; into an open conversation it is posted as a message.
 */
export interface LeaveCase {
  ref?: string;
  client_id: string;
  text: string;
  page?: PageRefInput;
  language?: string;
  name?: string;
  email?: string;
  phone?: string;
  reference?: string;
  department?: number;
  consent?: boolean | string;
  auto_message?: string;
  opener?: string;
  type: "case.leave";
}

export interface LeaveConference {
  ref?: string;
  type: "conference.leave";
  conversation: string;
}

/** What operators work with: prepared answers, reasons, tags. */
export interface Library {
  quick_replies: QuickReply[];
  wrap_up_reasons: WrapUpReason[];
  tags: string[];
}

export interface LibraryChanged {
  ref?: string;
  type: "library.changed";
  library: Library;
}

/** Make a draft of these messages. Personal numbers are taken out of it. Answer: `draft.made`. */
export interface MakeDraft {
  ref?: string;
  type: "draft.make";
  conversation: string;
  seqs: number[];
  kind: "faq" | "article";
  /** One of those that `draft.prepared` named. */
  place: string;
  title: string;
  /** The visitor said that they would like an e-mail when it is published. */
  tell?: boolean;
}

/** This side has entries up to `delivered` on a screen and has looked at those up to `seen`. Only ever rises. */
export interface MarkReceipt {
  ref?: string;
  type: "receipt.mark";
  conversation: string;
  delivered?: number;
  seen?: number;
}

/** What an entry or a detail says. It is not told again: a client that forgets it has to ask anew. */
export interface MaskedRevealed {
  ref?: string;
  type: "masked.revealed";
  conversation: string;
  seq?: number;
  detail?: VisitorDetail;
  text: string;
}

/** One new entry; `after` is the reader's cursor before it. To its sender: stored and acknowledged. */
export interface MessagePosted {
  ref?: string;
  type: "message.posted";
  conversation: string;
  after: number;
  entry: Entry;
}

/** Someone must say yes. `deadline` is None for an open queue. */
export interface Offer {
  id: number;
  kind: "new" | "transfer" | "conference";
  conversation: DeskConversation;
  from_operator?: OperatorCard;
  made_at: string;
  deadline?: string;
}

/** The offer is no longer open to the reader. `by` is who took it. */
export interface OfferClosed {
  ref?: string;
  type: "offer.closed";
  offer: number;
  state: OfferOutcome;
  by?: OperatorCard;
}

export interface OfferMade {
  ref?: string;
  type: "offer.made";
  offer: Offer;
}

/** Look at a conversation: answers `timeline.page` and sends what follows until `conversation.close`. */
export interface OpenConversation {
  ref?: string;
  type: "conversation.open";
  conversation: string;
  after?: number;
}

/**
 * Write to a colleague: the conversation with them, begun if there is none, is followed until `conversation.close`.
 *
 * Answers `team.changed` and `timeline.page`. In it work `message.post`, `timeline.fetch`, `receipt.mark`,
 * `typing.set` and, to look at it by its id, `conversation.open`.
 */
export interface OpenTeam {
  ref?: string;
  type: "team.open";
  operator: number;
}

/** An operator as everyone may see them. */
export interface OperatorCard {
  id: number;
  name: string;
  picture?: string;
}

/**
 * The first frame of an operator's socket, and the whole of an HTTP poll. Answer: `desk.snapshot`.
 *
 * `cursors`: the timelines that the client has open, each with what it already has.
 */
export interface OperatorHello {
  ref?: string;
  type: "operator.hello";
  version: number;
  surface?: "desk" | "presence";
  cursors?: Cursor[];
}

/** An operator as colleagues see them. `load` is the number of open conversations. */
export interface OperatorPresence {
  id: number;
  name: string;
  picture?: string;
  status: PresenceStatus;
  load: number;
  capacity: number;
  departments: number[];
  /** Of these sites alone they take conversations. Empty: of all. */
  sites: number[];
}

/** A colleague is no operator any more: removed or deactivated. */
export interface OperatorRemoved {
  ref?: string;
  type: "operator.removed";
  operator: number;
}

/** The page a visitor is on. `id` is the Wagtail page's id where the tag knows it. */
export interface PageRef {
  url: string;
  title: string;
  id?: number;
}

/** The page a visitor is on. `id` is the Wagtail page's id where the tag knows it. */
export interface PageRefInput {
  url?: string;
  title?: string;
  id?: number;
}

export interface PageRow {
  id: number;
  title: string;
  url: string;
  /** There are pages below it. */
  has_more: boolean;
}

export interface PageVisit {
  url: string;
  title: string;
  at: string;
}

/** Pages that may be sent. `trail`: the way from the site's first page to where this is. */
export interface PagesListed {
  ref?: string;
  type: "pages.listed";
  conversation: string;
  trail: PageRow[];
  pages: PageRow[];
}

/** Asks for a `pong`: is the line alive? */
export interface Ping {
  ref?: string;
  type: "ping";
}

export interface Pong {
  ref?: string;
  type: "pong";
  time: string;
}

/** Post a text. The acknowledgement is `message.posted` with the same `client_id`; retry until it comes. */
export interface PostMessage {
  ref?: string;
  type: "message.post";
  conversation: string;
  client_id: string;
  text: string;
  /** The prepared answer that the text began as, so that its use is counted. */
  quick_reply?: number;
}

/** A note that only operators see. */
export interface PostNote {
  ref?: string;
  type: "note.post";
  conversation: string;
  client_id: string;
  text: string;
}

/** Where an answer of this conversation could go as an FAQ or an article. Answer: `draft.prepared`. */
export interface PrepareDraft {
  ref?: string;
  type: "draft.prepare";
  conversation: string;
}

/** A colleague (or oneself, from another tab) as they now are; `offline` when gone. */
export interface PresenceChanged {
  ref?: string;
  type: "presence.changed";
  operator: OperatorPresence;
}

export interface QuickReply {
  id: number;
  name: string;
  shortcut: string;
  text: string;
  department?: number;
  language: string;
}

/** How was it? Asked when it has ended; the last answer counts. Answer: `visitor.conversation.changed`. */
export interface RateConversation {
  ref?: string;
  type: "conversation.rate";
  conversation: string;
  rating: number;
  comment?: string;
}

/** How far the other side has got: entries up to `delivered` are on a screen, up to `seen` were looked at. */
export interface Receipts {
  delivered: number;
  seen: number;
}

/**
 * Back to a conversation that has ended: to the same operator if they are there, else to the queue.
 *
 * Answer: `visitor.conversation.changed`.
 */
export interface ReopenConversation {
  ref?: string;
  type: "conversation.reopen";
  conversation: string;
}

/**
 * Have the conversation sent to its visitor's address, which `email` gives if none was given before.
 *
 * Answer: `visitor.conversation.changed`. Refused with `bad_form`, `conflict` (another address), `rate_limited`.
 */
export interface RequestTranscript {
  ref?: string;
  type: "transcript.request";
  conversation: string;
  email?: string;
}

/**
 * Show what masking hides in one entry (`seq`) or one detail of the visitor; name one of the two.
 *
 * It is kept in the log who did so, when and why. Answer: `masked.revealed`, to this connection alone.
 */
export interface RevealMasked {
  ref?: string;
  type: "masked.reveal";
  conversation: string;
  seq?: number;
  detail?: VisitorDetail;
  reason: string;
}

/** Answer: `knowledge.found`. */
export interface SearchKnowledge {
  ref?: string;
  type: "knowledge.search";
  conversation: string;
  query: string;
}

/** `rona` is not for choosing: it is what the system sets when an offer was not answered. */
export interface SetPresence {
  ref?: string;
  type: "presence.set";
  status: "available" | "away" | "offline";
}

/** Repeat every 3 s while typing; it fades by itself after 6 s. */
export interface SetTyping {
  ref?: string;
  type: "typing.set";
  conversation: string;
  active: boolean;
}

/** The launcher's state. */
export interface SiteChanged {
  ref?: string;
  type: "site.changed";
  state: SiteState;
  /** When the site opens next, if it is closed by its opening hours. */
  opens_at?: string;
}

/**
 * Start a conversation with its first message, or, if one is open already, post into that.
 *
 * Answer: `visitor.snapshot` with the conversation and `message.posted` for the message. Refused with `bad_form`
 * where the site asks for more than was given, or what was given cannot be used.
 */
export interface StartConversation {
  ref?: string;
  client_id: string;
  text: string;
  page?: PageRefInput;
  language?: string;
  name?: string;
  email?: string;
  phone?: string;
  reference?: string;
  department?: number;
  consent?: boolean | string;
  auto_message?: string;
  opener?: string;
  type: "conversation.start";
}

export interface TagConversation {
  ref?: string;
  type: "conversation.tag";
  conversation: string;
  tags: string[];
}

/** A conversation with a colleague as it now is. */
export interface TeamChanged {
  ref?: string;
  type: "team.changed";
  conversation: TeamConversation;
}

/** What the reader and a colleague write to each other. Nobody else sees it. */
export interface TeamConversation {
  id: string;
  /** The others in it; whether they are there, the list of operators says. Empty if the colleague was removed. */
  members: OperatorCard[];
  /** The colleague's, which outlives the colleague. */
  name: string;
  /** The colleague is no operator any more: it can be read, but nothing can be sent. */
  closed: boolean;
  /** The newest text. */
  preview?: string;
  /** The operator who wrote it, unless they were removed. */
  preview_author?: number;
  unread: number;
  /** The colleague's. */
  receipts: Receipts;
  last_seq: number;
  last_message_at?: string;
}

/** All entries of `conversation` that the reader may see with `after < seq <= upto`. */
export interface Timeline {
  conversation: string;
  after: number;
  upto: number;
  entries: Entry[];
  /** True when there are entries beyond `upto`: fetch again from there. */
  has_more: boolean;
}

/** A stretch of timeline: several entries at once, the answer to a fetch, or what filled a hole. */
export interface TimelinePage {
  ref?: string;
  type: "timeline.page";
  timeline: Timeline;
}

/** Hand over to an operator or a department; it stays until somebody accepts. */
export interface TransferConversation {
  ref?: string;
  type: "conversation.transfer";
  conversation: string;
  operator?: number;
  department?: number;
}

/** Not stored anywhere. Fades after 6 s without a repeat. `name` is that of a colleague in a team conversation. */
export interface TypingChanged {
  ref?: string;
  type: "typing.changed";
  conversation: string;
  party: Party;
  id?: number;
  name: string;
  active: boolean;
}

export interface UpdateVisitor {
  ref?: string;
  type: "visitor.update";
  conversation: string;
  name?: string;
  email?: string;
  phone?: string;
  reference?: string;
}

export interface VisitorCard {
  id: string;
  name: string;
  email: string;
  phone: string;
  reference: string;
  language: string;
  online: boolean;
  /** Number of this visitor's conversations, this one included. */
  conversations: number;
  browser: string;
  /** Details in which something is hidden from this reader. */
  masked?: VisitorDetail[];
}

/** A conversation as its visitor sees it. */
export interface VisitorConversation {
  id: string;
  case_number: string;
  state: ConversationState;
  department?: string;
  operators: OperatorCard[];
  /** The operators' side. */
  receipts: Receipts;
  /** Since when it waits, while queued. */
  queued_at?: string;
  /** The address that this visitor gave in this conversation. */
  email?: string;
  rating?: number;
  /** It has ended, and until then its visitor may go back to it. */
  reopen_until?: string;
  /** How far this visitor has looked, in any tab: what is beyond it counts as unread. */
  seen_seq: number;
  last_seq: number;
  /** Place in line from 1 while queued. */
  position?: number;
  /** Seconds that the wait is thought to take, from waits of the last hour; absent where too little was measured. */
  estimate?: number;
  started_at: string;
  ended_at?: string;
  ended_by?: Party;
}

/** The visitor's conversation as it now is (joined, queued again, ended, receipts, place in line). */
export interface VisitorConversationChanged {
  ref?: string;
  type: "visitor.conversation.changed";
  conversation: VisitorConversation;
}

/** The first frame of a visitor's socket, and the whole of an HTTP poll. Answer: `visitor.snapshot`. */
export interface VisitorHello {
  ref?: string;
  type: "visitor.hello";
  version: number;
  /** On a socket only; over HTTP the token is in the Authorization header. */
  token?: string;
  cursor?: Cursor;
  page?: PageRefInput;
}

/** What is known of a visitor: pages of the last visit, newest first, and earlier conversations. */
export interface VisitorHistory {
  ref?: string;
  type: "visitor.history";
  conversation: string;
  pages: PageVisit[];
  earlier: EarlierConversation[];
}

/** All that a visitor's client shows. It replaces what the client had, except entries, which are merged. */
export interface VisitorSnapshot {
  ref?: string;
  type: "visitor.snapshot";
  version: number;
  time: string;
  /** Seconds between heartbeats; silence for twice that long means the line is dead. */
  heartbeat: number;
  site: SiteState;
  /** When the site opens next, if it is closed by its opening hours. */
  opens_at?: string;
  conversation?: VisitorConversation;
  timeline?: Timeline;
  typing: OperatorCard[];
}

/** A transfer or an invitation of this conversation that waits for its answer. */
export interface WaitingOffer {
  id: number;
  kind: "transfer" | "conference";
  /** The operator's or the department's name. */
  to: string;
  /** The reader made it, and may withdraw it. */
  mine: boolean;
  deadline?: string;
}

/** Take back a transfer or an invitation. */
export interface WithdrawOffer {
  ref?: string;
  type: "offer.withdraw";
  offer: number;
}

/** Reason and note of a conversation, also after its end. */
export interface WrapUp {
  ref?: string;
  type: "conversation.wrap_up";
  conversation: string;
  reason?: number;
  note?: string;
}

export interface WrapUpReason {
  id: number;
  name: string;
}

export type VisitorCommand =
  | Ping
  | VisitorHello
  | StartConversation
  | LeaveCase
  | LeaveAddress
  | RateConversation
  | ReopenConversation
  | RequestTranscript
  | PostMessage
  | FetchTimeline
  | MarkReceipt
  | SetTyping
  | EndConversation;

export type OperatorCommand =
  | OpenTeam
  | WithdrawOffer
  | TransferConversation
  | InviteOperator
  | LeaveConference
  | EndConference
  | WrapUp
  | ArchiveConversation
  | TagConversation
  | UpdateVisitor
  | FetchVisitor
  | BanVisitor
  | RevealMasked
  | SearchKnowledge
  | BrowsePages
  | PrepareDraft
  | MakeDraft
  | Ping
  | OperatorHello
  | SetPresence
  | AcceptOffer
  | DeclineOffer
  | OpenConversation
  | CloseConversation
  | PostMessage
  | PostNote
  | FetchTimeline
  | MarkReceipt
  | SetTyping
  | EndConversation;

export type VisitorEvent =
  | Pong
  | VisitorSnapshot
  | MessagePosted
  | TimelinePage
  | VisitorConversationChanged
  | TypingChanged
  | SiteChanged
  | Heartbeat
  | ProtocolError;

export type OperatorEvent =
  | Pong
  | DeskSnapshot
  | MessagePosted
  | TimelinePage
  | DeskConversationChanged
  | ConversationRemoved
  | TypingChanged
  | PresenceChanged
  | OperatorRemoved
  | DepartmentsChanged
  | TeamChanged
  | OfferMade
  | OfferClosed
  | LibraryChanged
  | VisitorHistory
  | MaskedRevealed
  | KnowledgeFound
  | PagesListed
  | DraftPrepared
  | DraftMade
  | Heartbeat
  | ProtocolError;
