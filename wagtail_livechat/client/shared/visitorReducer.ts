import type { SiteState, Timeline, VisitorConversation, VisitorEvent } from "./protocol";
import { emptyTimeline, merge, withHead, type TimelineState } from "./timeline";
import { stillTyping, withTyping, withoutTyping, TYPING_FADES, type Typist } from "./typing";

/** All that a visitor's client knows from the server. */
export interface VisitorState {
  /** False until the first snapshot. */
  readonly ready: boolean;
  readonly site: SiteState;
  /** When the site opens next, if its opening hours close it now. */
  readonly opensAt: string | null;
  readonly conversation: VisitorConversation | null;
  readonly timeline: TimelineState | null;
  readonly typing: readonly Typist[];
}

export const initialVisitorState: VisitorState = {
  ready: false,
  site: "offline",
  opensAt: null,
  conversation: null,
  timeline: null,
  typing: [],
};

/** The state after `event`. Pure; `now` (milliseconds) is only for typing, which fades. Unknown events change nothing. */
export function visitorReducer(state: VisitorState, event: VisitorEvent, now: number): VisitorState {
  switch (event.type) {
    case "visitor.snapshot": {
      const conversation = event.conversation ?? null;
      let timeline = timelineFor(state, conversation);
      if (timeline && event.timeline?.conversation === timeline.conversation) timeline = merge(timeline, event.timeline);
      return {
        ready: true,
        site: event.site,
        opensAt: event.opens_at ?? null,
        conversation,
        timeline,
        typing: event.typing.map(({ id, name }) => ({ party: "operator", id, name, until: now + TYPING_FADES })),
      };
    }
    case "visitor.conversation.changed":
      // Another conversation than ours: it was started in another tab.
      return { ...state, conversation: event.conversation, timeline: timelineFor(state, event.conversation) };
    case "message.posted": {
      const { conversation, after, entry } = event;
      return withStretch(state, { conversation, after, upto: entry.seq, entries: [entry], has_more: false });
    }
    case "timeline.page":
      return withStretch(state, event.timeline);
    case "typing.changed":
      // The visitor's own typing, from another tab, is nothing to show.
      if (event.conversation !== state.conversation?.id || event.party === "visitor") return state;
      return { ...state, typing: withTyping(state.typing, event, now) };
    case "site.changed":
      return { ...state, site: event.state, opensAt: event.opens_at ?? null };
    case "heartbeat": {
      const head = state.timeline && event.heads[state.timeline.conversation];
      if (!state.timeline || head === undefined || head === null) return state;
      const timeline = withHead(state.timeline, head);
      return timeline === state.timeline ? state : { ...state, timeline };
    }
    default:
      return state;
  }
}

/** Lets typing fade. */
export function visitorTick(state: VisitorState, now: number): VisitorState {
  const typing = stillTyping(state.typing, now);
  return typing === state.typing ? state : { ...state, typing };
}

function withStretch(state: VisitorState, stretch: Timeline): VisitorState {
  const { conversation, timeline } = state;
  if (!conversation || !timeline || stretch.conversation !== timeline.conversation) return state;
  const come = timeline.loaded ? stretch.entries.filter(({ seq }) => seq > timeline.cursor) : [];
  return {
    ...state,
    conversation: { ...conversation, last_seq: Math.max(conversation.last_seq, stretch.upto) },
    timeline: merge(timeline, stretch),
    // What they typed has arrived.
    typing: come.reduce((typing, { author }) => withoutTyping(typing, author.kind, author.id ?? null), state.typing),
  };
}

function timelineFor(state: VisitorState, conversation: VisitorConversation | null): TimelineState | null {
  if (!conversation) return null;
  if (state.timeline?.conversation === conversation.id) return state.timeline;
  return emptyTimeline(conversation.id, conversation.last_seq);
}
