import assert from "node:assert/strict";
import { test } from "node:test";

import type { Entry } from "../shared/protocol";
import { emptyTimeline, hasHole, merge, withHead, type Stretch, type TimelineState } from "../shared/timeline";

const entry = (seq: number): Entry => ({
  seq,
  kind: "text",
  author: { kind: "visitor", name: "" },
  text: `text ${seq}`,
  data: {},
  created_at: "2026-11-23T09:00:00.000Z",
});
const stretch = (after: number, upto: number, hidden: number[] = []): Stretch => ({
  after,
  upto,
  entries: Array.from({ length: upto - after }, (_, i) => entry(after + i + 1)).filter(({ seq }) => !hidden.includes(seq)),
});
const seqs = (state: TimelineState): number[] => state.entries.map(({ seq }) => seq);

test("the first stretch may begin anywhere: older history is left for later", () => {
  const state = merge(emptyTimeline("c"), stretch(40, 45));

  assert.deepEqual([state.floor, state.cursor, seqs(state)], [40, 45, [41, 42, 43, 44, 45]]);
  assert.equal(hasHole(state), false);
});

test("nothing loaded is a hole: everything is missing", () => {
  assert.equal(hasHole(emptyTimeline("c")), true);
});

test("a message beyond the cursor is not taken, but remembered as a hole", () => {
  const state = merge(merge(emptyTimeline("c"), stretch(0, 2)), stretch(3, 4));

  assert.deepEqual([state.cursor, state.head, seqs(state)], [2, 4, [1, 2]]);
  assert.equal(hasHole(state), true);
});

test("a fetch from the cursor fills the hole", () => {
  const holed = merge(merge(emptyTimeline("c"), stretch(0, 2)), stretch(3, 4));

  const state = merge(holed, stretch(2, 4));

  assert.deepEqual(seqs(state), [1, 2, 3, 4]);
  assert.equal(hasHole(state), false);
});

test("duplicates and overlaps are dropped by seq, and change nothing", () => {
  const state = merge(emptyTimeline("c"), stretch(0, 5));

  assert.equal(merge(state, stretch(2, 4)), state);
  assert.deepEqual(seqs(merge(state, stretch(3, 7))), [1, 2, 3, 4, 5, 6, 7]);
});

test("earlier history joins on at the floor, not with a gap below it", () => {
  const state = merge(emptyTimeline("c"), stretch(40, 42));

  assert.deepEqual(seqs(merge(state, stretch(38, 40))), [39, 40, 41, 42]);
  assert.equal(merge(state, stretch(10, 20)).floor, 40);
});

test("entries that the reader may not see move the cursor, and nobody waits for them", () => {
  const state = merge(merge(emptyTimeline("c"), stretch(0, 2)), stretch(2, 5, [3, 5]));

  assert.deepEqual([state.cursor, seqs(state)], [5, [1, 2, 4]]);
  assert.equal(hasHole(state), false);
});

test("a page that is not the last leaves a hole to fetch", () => {
  const state = merge(emptyTimeline("c"), { ...stretch(0, 3), has_more: true });

  assert.equal(hasHole(state), true);
  assert.equal(hasHole(merge(state, stretch(3, 4))), false);
});

test("a heartbeat's head beyond the cursor is a hole; an old one is nothing", () => {
  const state = merge(emptyTimeline("c"), stretch(0, 3));

  assert.equal(hasHole(withHead(state, 4)), true);
  assert.equal(withHead(state, 2), state);
});

test("stretches in any order, repeated and overlapping, give one order", () => {
  // A small generator with a seed, so that a failure can be repeated.
  let seed = 7;
  const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
  for (let round = 0; round < 300; round += 1) {
    let state = merge(emptyTimeline("c"), stretch(0, 1));
    while (state.cursor < 12) {
      const after = random(12);
      state = merge(state, stretch(after, Math.min(12, after + 1 + random(4))));
      if (hasHole(state) && random(3) === 0) state = merge(state, stretch(state.cursor, Math.min(12, state.cursor + 2)));
      assert.deepEqual(seqs(state), Array.from({ length: state.cursor }, (_, i) => i + 1));
    }
  }
});
