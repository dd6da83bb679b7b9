import type { Entry } from "./protocol";

/**
 * What a client has of one conversation: all entries that it may see with `floor < seq <= cursor`.
 *
 * Entries that the reader may not see are absent from the stretch, so seqs may jump; the cursor says what is covered.
 */
export interface TimelineState {
  readonly conversation: string;
  /** False until the first stretch has come: then `floor` and `cursor` mean nothing yet. */
  readonly loaded: boolean;
  readonly floor: number;
  readonly cursor: number;
  /** The highest seq known to exist. */
  readonly head: number;
  /** In order of seq, each once. */
  readonly entries: readonly Entry[];
}

/** A piece of timeline as events carry it. */
export interface Stretch {
  readonly after: number;
  readonly upto: number;
  readonly entries: readonly Entry[];
  readonly has_more?: boolean;
}

export function emptyTimeline(conversation: string, head = 0): TimelineState {
  return { conversation, loaded: false, floor: 0, cursor: 0, head, entries: [] };
}

/**
 * `state` with `stretch` merged in. Entries that are already there are kept as they are; a stretch beyond the cursor is
 * not taken (there is a hole before it), only its end is remembered: see `hasHole`.
 */
export function merge(state: TimelineState, stretch: Stretch): TimelineState {
  const { after, entries } = stretch;
  const upto = Math.max(after, stretch.upto);
  const head = Math.max(state.head, upto + (stretch.has_more ? 1 : 0));
  if (!state.loaded) {
    return { ...state, loaded: true, floor: after, cursor: upto, head, entries: inOrder([], entries, after, upto) };
  }
  if (after > state.cursor || upto < state.floor) return head === state.head ? state : { ...state, head };
  const floor = Math.min(state.floor, after);
  const cursor = Math.max(state.cursor, upto);
  if (floor === state.floor && cursor === state.cursor && head === state.head) return state;
  return { ...state, floor, cursor, head, entries: inOrder(state.entries, entries, after, upto) };
}

/** `state` knowing that entries up to `head` exist. */
export function withHead(state: TimelineState, head: number): TimelineState {
  return head > state.head ? { ...state, head } : state;
}

/** True when entries exist that are not here: fetch what comes after the cursor (all, if nothing was loaded yet). */
export function hasHole(state: TimelineState): boolean {
  return !state.loaded || state.head > state.cursor;
}

function inOrder(have: readonly Entry[], come: readonly Entry[], after: number, upto: number): readonly Entry[] {
  const bySeq = new Map(have.map((entry) => [entry.seq, entry]));
  let added = false;
  for (const entry of come) {
    if (entry.seq > after && entry.seq <= upto && !bySeq.has(entry.seq)) {
      bySeq.set(entry.seq, entry);
      added = true;
    }
  }
  return added ? [...bySeq.values()].sort((a, b) => a.seq - b.seq) : have;
}
