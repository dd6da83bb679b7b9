import type {
  DepartmentCard,
  DeskConversation,
  Entry,
  Library,
  Offer,
  OperatorCard,
  OperatorEvent,
  OperatorPresence,
  TeamConversation,
  Timeline,
} from "./protocol";
import { emptyTimeline, merge, withHead, type TimelineState } from "./timeline";
import { stillTyping, withTyping, withoutTyping, TYPING_FADES, type Typist } from "./typing";

const PREVIEW_LENGTH = 120;

/** All that the desk (or the presence client) knows from the server. */
export interface DeskState {
  /** False until the first snapshot. */
  readonly ready: boolean;
  readonly me: OperatorPresence | null;
  readonly operators: readonly OperatorPresence[];
  readonly departments: readonly DepartmentCard[];
  /** Quick replies, wrap-up reasons, tags. */
  readonly library: Library;
  readonly conversations: readonly DeskConversation[];
  readonly offers: readonly Offer[];
  /** What this operator and their colleagues write to each other. */
  readonly team: readonly TeamConversation[];
  /** The timelines that are open, by conversation. */
  readonly timelines: Readonly<Record<string, TimelineState>>;
  readonly typing: Readonly<Record<string, readonly Typist[]>>;
  /** How far this operator has looked, by conversation, as far as this client knows. */
  readonly seen: Readonly<Record<string, number>>;
}

export const initialDeskState: DeskState = {
  ready: false,
  me: null,
  operators: [],
  departments: [],
  library: { quick_replies: [], wrap_up_reasons: [], tags: [] },
  conversations: [],
  offers: [],
  team: [],
  timelines: {},
  typing: {},
  seen: {},
};

/** The state after `event`. Pure; `now` (milliseconds) is only for typing, which fades. Unknown events change nothing. */
export function deskReducer(state: DeskState, event: OperatorEvent, now: number): DeskState {
  switch (event.type) {
    case "desk.snapshot": {
      const stretches = new Map(event.timelines.map((timeline) => [timeline.conversation, timeline]));
      const listed = new Set([...event.conversations, ...event.team].map(({ id }) => id));
      const colleagues = new Map(event.team.map(({ id, members }) => [id, members[0]]));
      const timelines: Record<string, TimelineState> = {};
      for (const id of new Set([...Object.keys(state.timelines), ...stretches.keys()])) {
        const stretch = stretches.get(id);
        const have = state.timelines[id] ?? emptyTimeline(id);
        if (stretch) timelines[id] = merge(have, stretch);
        else if (listed.has(id)) timelines[id] = have;
      }
      return {
        ready: true,
        me: event.me,
        operators: event.operators,
        departments: event.departments,
        library: event.library,
        conversations: event.conversations,
        offers: event.offers,
        team: event.team.map((conversation) => lookedAt(state, conversation)),
        timelines,
        typing: Object.fromEntries(event.typing.map((id) => [id, [isTyping(colleagues.get(id), now)]])),
        seen: state.seen,
      };
    }
    case "desk.conversation.changed":
      return withConversation(state, event.conversation);
    case "conversation.removed": {
      const id = event.conversation;
      return {
        ...state,
        conversations: state.conversations.filter((conversation) => conversation.id !== id),
        offers: state.offers.filter((offer) => offer.conversation.id !== id),
        timelines: without(state.timelines, id),
        typing: without(state.typing, id),
        seen: without(state.seen, id),
      };
    }
    case "message.posted": {
      const { conversation, after, entry } = event;
      return withStretch(state, state.timelines[conversation], { conversation, after, upto: entry.seq, entries: [entry], has_more: false });
    }
    case "timeline.page": {
      const { conversation } = event.timeline;
      return withStretch(state, state.timelines[conversation] ?? emptyTimeline(conversation), event.timeline);
    }
    case "typing.changed": {
      if (event.party === "operator" && event.id === state.me?.id) return state;
      const list = withTyping(state.typing[event.conversation] ?? [], event, now);
      return { ...state, typing: { ...state.typing, [event.conversation]: list } };
    }
    case "presence.changed": {
      const { operator } = event;
      return {
        ...state,
        me: operator.id === state.me?.id ? operator : state.me,
        operators: upsert(state.operators, operator),
      };
    }
    case "operator.removed":
      return { ...state, operators: state.operators.filter(({ id }) => id !== event.operator) };
    case "departments.changed":
      return { ...state, departments: event.departments };
    case "team.changed":
      return { ...state, team: upsert(state.team, lookedAt(state, event.conversation)) };
    case "library.changed":
      return { ...state, library: event.library };
    case "offer.made":
      return { ...state, offers: upsert(state.offers, event.offer) };
    case "offer.closed":
      return {
        ...state,
        offers: state.offers.filter((offer) => offer.id !== event.offer),
        conversations: state.conversations.map((conversation) => {
          if (conversation.offer !== event.offer) return conversation;
          const { offer: _, ...rest } = conversation;
          return rest;
        }),
      };
    case "heartbeat": {
      let timelines = state.timelines;
      for (const [id, head] of Object.entries(event.heads)) {
        const have = timelines[id];
        if (!have) continue;
        const known = withHead(have, head);
        if (known !== have) timelines = { ...timelines, [id]: known };
      }
      return timelines === state.timelines ? state : { ...state, timelines };
    }
    default:
      return state;
  }
}

/** The operator has looked at everything up to `seq`: nothing of it is unread any more. Send `receipt.mark` as well. */
export function deskSeen(state: DeskState, conversation: string, seq: number): DeskState {
  if ((state.seen[conversation] ?? 0) >= seq) return state;
  const seen = { ...state.seen, [conversation]: seq };
  const colleague = state.team.find(({ id }) => id === conversation);
  if (colleague) return { ...state, seen, team: upsert(state.team, lookedAt({ seen }, colleague)) };
  const listed = state.conversations.find(({ id }) => id === conversation);
  if (!listed || listed.last_seq > seq || !listed.unread) return { ...state, seen };
  return { ...withConversation(state, { ...listed, unread: 0 }), seen };
}

/** The desk no longer shows this conversation. Send `conversation.close` as well. */
export function deskClose(state: DeskState, conversation: string): DeskState {
  return { ...state, timelines: without(state.timelines, conversation) };
}

/** Lets typing fade. */
export function deskTick(state: DeskState, now: number): DeskState {
  let typing = state.typing;
  for (const [id, list] of Object.entries(state.typing)) {
    const rest = stillTyping(list, now);
    if (rest !== list) typing = { ...typing, [id]: rest };
  }
  return typing === state.typing ? state : { ...state, typing };
}

/** `have` undefined: the timeline is not open, only its row in the lists is looked after. */
function withStretch(state: DeskState, have: TimelineState | undefined, stretch: Timeline): DeskState {
  const id = stretch.conversation;
  let next = state;
  if (have) next = { ...next, timelines: { ...next.timelines, [id]: merge(have, stretch) } };
  for (const entry of stretch.entries) {
    if (have?.loaded && entry.seq > have.cursor) next = withoutTypist(next, id, entry);
    next = withRow(next, id, entry);
  }
  return next;
}

/** What this person typed has arrived. */
function withoutTypist(state: DeskState, id: string, { author }: Entry): DeskState {
  const typing = state.typing[id];
  if (!typing) return state;
  const typist = author.kind === "visitor" ? null : (author.id ?? null);
  return { ...state, typing: { ...state.typing, [id]: withoutTyping(typing, author.kind, typist) } };
}

/** The row of the conversation, knowing one more entry: several may come in one page, and each counts. */
function withRow(state: DeskState, id: string, entry: Entry): DeskState {
  const listed = state.conversations.find((conversation) => conversation.id === id);
  // A seq that the list already counts (desk.conversation.changed came first, or this is a repeat) changes nothing.
  if (!listed || entry.seq <= listed.last_seq) return state;
  const said = entry.kind === "text" || entry.kind === "attachment";
  const unseen = said && listed.mine && entry.author.kind === "visitor" && entry.seq > (state.seen[id] ?? 0);
  const isPreviewed = entry.kind === "text" && (listed.mine || listed.state === "queued");
  return withConversation(state, {
    ...listed,
    last_seq: entry.seq,
    ...(said && { last_message_at: entry.created_at }),
    ...(isPreviewed && { preview: firstOf(entry.text), preview_author: entry.author.kind }),
    unread: listed.unread + (unseen ? 1 : 0),
  });
}

/** An offer carries its conversation: both places must agree. */
function withConversation(state: DeskState, conversation: DeskConversation): DeskState {
  return {
    ...state,
    conversations: upsert(state.conversations, conversation),
    offers: state.offers.map((offer) => (offer.conversation.id === conversation.id ? { ...offer, conversation } : offer)),
  };
}

/** The server counts what it was told of; this client may have looked at all of it a moment ago. */
function lookedAt({ seen }: Pick<DeskState, "seen">, conversation: TeamConversation): TeamConversation {
  const isSeen = conversation.unread > 0 && (seen[conversation.id] ?? 0) >= conversation.last_seq;
  return isSeen ? { ...conversation, unread: 0 } : conversation;
}

function isTyping(colleague: OperatorCard | undefined, now: number): Typist {
  const until = now + TYPING_FADES;
  if (!colleague) return { party: "visitor", id: null, name: "", until };
  return { party: "operator", id: colleague.id, name: colleague.name, until };
}

/** As much of a text as the server puts into lists, in code points. */
function firstOf(text: string): string {
  return [...text.slice(0, 2 * PREVIEW_LENGTH)].slice(0, PREVIEW_LENGTH).join("");
}

function upsert<T extends { id: string | number }>(list: readonly T[], item: T): readonly T[] {
  return list.some(({ id }) => id === item.id) ? list.map((old) => (old.id === item.id ? item : old)) : [...list, item];
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  if (!(key in record)) return record;
  const { [key]: _, ...rest } = record;
  return rest;
}
