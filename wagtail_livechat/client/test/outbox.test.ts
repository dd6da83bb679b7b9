import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { acknowledged, Flusher, Outbox, type Pending } from "../shared/outbox";
import { safeStore, type Store } from "../shared/store";

/** A localStorage, as far as the store uses it. */
class FakeStorage {
  readonly map = new Map<string, string>();
  broken = false;
  get length(): number {
    return this.map.size;
  }
  key(i: number): string | null {
    return [...this.map.keys()][i] ?? null;
  }
  getItem(key: string): string | null {
    return this.map.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    if (this.broken) throw new DOMException("full", "QuotaExceededError");
    this.map.set(key, value);
  }
  removeItem(key: string): void {
    this.map.delete(key);
  }
}

let storage: FakeStorage;
let store: Store;
let outbox: Outbox;
let sent: Pending[];
let lineIsUp: boolean;
let flusher: Flusher;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  storage = new FakeStorage();
  store = safeStore(() => storage as unknown as Storage);
  outbox = new Outbox(store, "o:", () => 5);
  sent = [];
  lineIsUp = true;
  flusher = new Flusher(outbox, (item) => {
    if (lineIsUp) sent.push(item);
    return lineIsUp;
  });
});
afterEach(() => {
  flusher.stop();
  mock.timers.reset();
});

const texts = (items: readonly { text: string }[]): string[] => items.map(({ text }) => text);
const acknowledge = (item: Pending): boolean =>
  flusher.onEvent({ type: "message.posted", entry: { client_id: item.client_id } } as { type: string });
const refuse = (item: Pending, code: string, retryAfter?: number): boolean =>
  flusher.onEvent({ type: "error", ref: item.client_id, code, message: "No.", retry_after: retryAfter } as { type: string });

test("what is written in one millisecond keeps its order", () => {
  for (const text of ["a", "b", "c", "d"]) outbox.add(text, "c1");

  assert.deepEqual(texts(outbox.list()), ["a", "b", "c", "d"]);
});

test("one at a time per conversation: the next leaves when the first is acknowledged", () => {
  const first = outbox.add("a", "c1");
  outbox.add("b", "c1");
  outbox.add("x", "c2");
  assert.deepEqual(texts(sent), ["a", "x"]);

  acknowledge(first);

  assert.deepEqual(texts(sent), ["a", "x", "b"]);
});

test("what starts a conversation keeps its place among texts of a conversation that is known meanwhile", () => {
  const first = outbox.add("a", null);
  const second = outbox.add("b", null);
  // Another tab, or the answer to the first, has made the conversation known.
  const third = outbox.add("c", "c1");
  acknowledge(first);
  refuse(second, "rate_limited", 3);
  outbox.add("d", "c1");
  assert.deepEqual(texts(sent), ["a", "b"]);

  mock.timers.tick(3_100);
  acknowledge(second);
  acknowledge(third);

  assert.deepEqual(texts(sent), ["a", "b", "b", "c", "d"]);
});

test("a text for a new conversation waits for what was written to the old one", () => {
  const first = outbox.add("a", "c1");
  const second = outbox.add("b", "c2");
  outbox.add("c", null);
  outbox.add("d", null);
  acknowledge(first);
  assert.deepEqual(texts(sent), ["a", "b"]);

  acknowledge(second);

  assert.deepEqual(texts(sent), ["a", "b", "c"]);
});

test("a refused start holds nothing up, tried again it goes first", () => {
  const first = outbox.add("a", null);
  const second = outbox.add("b", "c1");
  refuse(first, "closed");
  assert.deepEqual(texts(sent), ["a", "b"]);
  outbox.add("c", "c1");

  outbox.retry(first.client_id);
  acknowledge(second);

  assert.deepEqual(texts(sent), ["a", "b", "a"]);
});

test("a text leaves only when it is acknowledged, and is sent again on the next line", () => {
  lineIsUp = false;
  const item = outbox.add("a", "c1");
  lineIsUp = true;
  flusher.flush();
  flusher.onLineDown();
  flusher.flush();
  assert.deepEqual(texts(sent), ["a", "a"]);
  assert.equal(sent[0]!.client_id, sent[1]!.client_id);

  acknowledge(item);

  assert.deepEqual(outbox.list(), []);
});

test("a late acknowledgement is asked for again", () => {
  outbox.add("a", "c1");

  mock.timers.tick(10_000);

  assert.deepEqual(texts(sent), ["a", "a"]);
});

test("a reload finds what waits", () => {
  lineIsUp = false;
  outbox.add("a", null);

  const afterReload = new Outbox(safeStore(() => storage as unknown as Storage), "o:");

  assert.deepEqual(texts(afterReload.list()), ["a"]);
});

test("two tabs that write at once lose nothing of each other", () => {
  lineIsUp = false;
  const other = new Outbox(safeStore(() => storage as unknown as Storage), "o:", () => 6);
  outbox.add("mine", "c1");
  other.add("theirs", "c1");

  assert.deepEqual(texts(outbox.list()), ["mine", "theirs"]);
  assert.deepEqual(texts(other.list()), ["mine", "theirs"]);
});

test("storage that throws is no reason to lose a text", () => {
  lineIsUp = false;
  storage.broken = true;

  const item = outbox.add("a", "c1");

  assert.deepEqual(texts(outbox.list()), ["a"]);
  outbox.acknowledge(item.client_id);
  assert.deepEqual(outbox.list(), []);
});

test("foreign and damaged values under our names are left alone", () => {
  storage.map.set("o:x", "{");
  storage.map.set("o:y", "7");

  assert.deepEqual(outbox.list(), []);
});

test("a refused text stays with its reason, and the next one is sent", () => {
  const first = outbox.add("a", "c1");
  outbox.add("b", "c1");

  assert.equal(refuse(first, "too_long"), true);
  flusher.flush();

  assert.deepEqual(texts(sent), ["a", "b"]);
  assert.equal(outbox.get(first.client_id)?.refused?.code, "too_long");
});

test("try again sends the same text under the same id, if wanted to another conversation", () => {
  const first = outbox.add("a", "c1");
  refuse(first, "conversation_ended");

  outbox.retry(first.client_id, null);

  assert.equal(sent[1]!.client_id, first.client_id);
  assert.equal(sent[1]!.conversation, null);
  assert.equal(outbox.get(first.client_id)?.refused, undefined);
});

test("a refusal that passes is waited out, and keeps the order", () => {
  const first = outbox.add("a", "c1");
  outbox.add("b", "c1");

  refuse(first, "rate_limited", 3);
  flusher.flush();
  mock.timers.tick(2_900);
  assert.deepEqual(texts(sent), ["a"]);
  mock.timers.tick(200);

  assert.deepEqual(texts(sent), ["a", "a"]);
  assert.equal(outbox.get(first.client_id)?.refused, undefined);
});

test("someone else's refusal is none of ours", () => {
  outbox.add("a", "c1");

  assert.equal(flusher.onEvent({ type: "error", ref: "f1", code: "not_found" } as { type: string }), false);
  assert.equal(outbox.list().length, 1);
});

test("any event with the entry is an acknowledgement", () => {
  const timeline = { entries: [{ client_id: "a" }, {}] };

  assert.deepEqual(acknowledged({ type: "visitor.snapshot", timeline } as { type: string }), ["a"]);
  assert.deepEqual(acknowledged({ type: "timeline.page", timeline } as { type: string }), ["a"]);
  assert.deepEqual(acknowledged({ type: "desk.snapshot", timelines: [timeline, timeline] } as { type: string }), ["a", "a"]);
  assert.deepEqual(acknowledged({ type: "pong" }), []);
});
