import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import type { Boot } from "../loader/contract";
import type { Entry, VisitorConversation } from "../shared/protocol";
import { safeStore } from "../shared/store";
import type { Config } from "../widget/config";
import type { Chat as ChatClass } from "../widget/chat";

// The visitor's side without a picture, over a socket that the test plays. The browser is as much of one as it needs.

interface Message {
  type: string;
  [key: string]: unknown;
}

class FakeSocket {
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: Message[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  constructor() {
    FakeSocket.all.push(this);
  }
  send(data: string): void {
    this.sent.push(JSON.parse(data) as Message);
  }
  close(): void {
    this.readyState = 3;
  }
  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  says(...events: Message[]): void {
    for (const event of events) this.onmessage?.({ data: JSON.stringify(event) });
  }
  dies(): void {
    this.readyState = 3;
    this.onclose?.();
  }
}

class MemoryStorage {
  readonly map = new Map<string, string>();
  get length(): number {
    return this.map.size;
  }
  key = (i: number): string | null => [...this.map.keys()][i] ?? null;
  getItem = (key: string): string | null => this.map.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.map.set(key, value);
  removeItem = (key: string): void => void this.map.delete(key);
}

const fakeDocument = Object.assign(new EventTarget(), { visibilityState: "visible", title: "Shop" });
function define(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
define("document", fakeDocument);
define("window", Object.assign(new EventTarget(), { wagtailLivechat: {} }));
define("location", new URL("https://shop.example/page?a=1#part"));
define("navigator", { onLine: true });
define("WebSocket", FakeSocket);

const { Chat } = (await import("../widget/chat")) as { Chat: typeof ChatClass };

const config = {
  site: 1,
  lang: "sv",
  sound: true,
  limits: { message: 20 },
  urls: { socket: "/ws/", session: "/session/", commands: "/commands/", events: "/events/" },
  texts: {},
} as unknown as Config;
const boot = { state: "online" } as Boot;

let local: MemoryStorage;
let tab: MemoryStorage;
let requests: { url: string; body: unknown }[];
let session: () => Response;
let chat: ChatClass;

const C = "0d6f6f5e-54c1-4c5a-9f6f-0f4b7b8f2a10";
const conversation = (more: Partial<VisitorConversation> = {}): VisitorConversation => ({
  id: C,
  case_number: "2026-000001",
  state: "active",
  operators: [],
  receipts: { delivered: 0, seen: 0 },
  seen_seq: 0,
  last_seq: 1,
  started_at: "2026-11-23T09:00:00.000Z",
  ...more,
});
const entry = (seq: number, more: Partial<Entry> = {}): Entry => ({
  seq,
  kind: "text",
  author: { kind: "operator", id: 4, name: "Elin" },
  text: `text ${seq}`,
  data: {},
  created_at: "2026-11-23T09:00:00.000Z",
  ...more,
});
const snapshot = (shown?: VisitorConversation, entries: Entry[] = []): Message => ({
  type: "visitor.snapshot",
  version: 1,
  time: "2026-11-23T09:00:00.000Z",
  heartbeat: 20,
  site: "online",
  typing: [],
  ...(shown && {
    conversation: shown,
    timeline: { conversation: shown.id, after: 0, upto: shown.last_seq, entries, has_more: false },
  }),
});

function makeChat(): ChatClass {
  return new Chat(config, boot, 7, {
    local: safeStore(() => local as unknown as Storage),
    tab: safeStore(() => tab as unknown as Storage),
  });
}
const socket = (): FakeSocket => FakeSocket.all[FakeSocket.all.length - 1]!;
const sent = (type: string): Message[] => FakeSocket.all.flatMap((one) => one.sent).filter((m) => m.type === type);
async function settle(ms = 0): Promise<void> {
  for (let i = 0; i < 30; i += 1) await Promise.resolve();
  if (ms) mock.timers.tick(ms);
  for (let i = 0; i < 30; i += 1) await Promise.resolve();
}
async function openWith(shown?: VisitorConversation, entries: Entry[] = []): Promise<void> {
  chat.open();
  await settle();
  socket().opens();
  socket().says(snapshot(shown, entries));
}
function write(text: string): boolean {
  chat.setDraft(text);
  return chat.send();
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  FakeSocket.all = [];
  requests = [];
  local = new MemoryStorage();
  tab = new MemoryStorage();
  fakeDocument.visibilityState = "visible";
  session = () => new Response('{"token":"a-token-of-the-server"}', { status: 201 });
  define("fetch", (url: string, init: RequestInit) => {
    requests.push({ url, body: JSON.parse(String(init.body ?? "null")) });
    return Promise.resolve(session());
  });
  chat = makeChat();
});
afterEach(() => {
  chat.close();
  mock.timers.reset();
});

test("before the chat is opened nothing is stored, and nobody is asked for anything", async () => {
  chat.follow();
  await settle(5_000);

  assert.deepEqual([local.length, tab.length, requests.length, FakeSocket.all.length], [0, 0, 0, 0]);
});

test("opening gets a token, and the token goes into the first frame, not into an address", async () => {
  await openWith();

  assert.deepEqual(requests, [{ url: "/session/", body: { site: 1, language: "sv" } }]);
  assert.equal(sent("visitor.hello")[0]!.token, "a-token-of-the-server");
  assert.deepEqual(sent("visitor.hello")[0]!.page, { url: "https://shop.example/page?a=1", title: "Shop", id: 7 });
});

test("a session that cannot be had is asked for again; meanwhile the text waits", async () => {
  session = () => new Response("", { status: 503 });
  chat.open();
  await settle();
  assert.equal(chat.status.state, "reconnecting");
  write("hello");

  session = () => new Response('{"token":"a-token-of-the-server"}', { status: 201 });
  await settle(11_000);
  socket().opens();
  socket().says(snapshot());

  assert.equal(sent("conversation.start")[0]!.text, "hello");
});

test("a site that will not have us says so, and asks no more", async () => {
  session = () => new Response("{}", { status: 403 });
  chat.open();
  await settle(60_000);

  assert.deepEqual(chat.status, { state: "stopped", code: "closed" });
  assert.equal(requests.length, 1);
});

test("the first text starts a conversation, the second queues behind it", async () => {
  await openWith();
  write("one");
  write("two");
  const [first] = sent("conversation.start");
  assert.equal(sent("conversation.start").length, 1);

  const mine = entry(1, { author: { kind: "visitor", name: "" }, text: "one", client_id: String(first!.client_id) });
  socket().says(snapshot(conversation(), [mine]));

  assert.deepEqual(sent("conversation.start").map(({ text }) => text), ["one", "two"]);
  assert.deepEqual(chat.outbox.list().map(({ text }) => text), ["two"]);
});

test("in a conversation, texts go to it", async () => {
  await openWith(conversation(), [entry(1)]);
  write("hi");

  assert.equal(sent("message.post")[0]!.conversation, C);
});

test("an empty or too long text is not sent and not cut", async () => {
  await openWith();

  assert.equal(write("  \n "), false);
  assert.equal(write("x".repeat(21)), false);

  assert.equal(chat.draft, "x".repeat(21));
  assert.deepEqual(chat.outbox.list(), []);
  assert.equal(write("👋".repeat(20)), true);
});

test("what was written but not sent is there after a reload", async () => {
  await openWith();
  chat.setDraft("half a sent");
  window.dispatchEvent(new Event("pagehide"));

  assert.equal(makeChat().draft, "half a sent");
});

test("what was sent but not acknowledged is sent again after a reload, under the same id", async () => {
  await openWith();
  write("one");
  socket().dies();

  chat = makeChat();
  chat.follow();
  await settle();
  socket().opens();
  socket().says(snapshot());

  const [before, after] = sent("conversation.start");
  assert.equal(before!.client_id, after!.client_id);
});

test("a hole is fetched once, from the cursor", async () => {
  await openWith(conversation({ last_seq: 2 }), [entry(1), entry(2)]);

  socket().says({ type: "message.posted", conversation: C, after: 3, entry: entry(4) });
  socket().says({ type: "heartbeat", time: "", heads: { [C]: 4 } });

  assert.deepEqual(sent("timeline.fetch"), [{ type: "timeline.fetch", conversation: C, after: 2 }]);
});

test("what is looked at is seen; what comes while the window is closed is unread", async () => {
  await openWith(conversation(), [entry(1)]);
  await settle(300);
  assert.deepEqual(sent("receipt.mark"), [{ type: "receipt.mark", conversation: C, delivered: 1, seen: 1 }]);
  const heard: string[] = [];
  chat.onUnseen = (message) => heard.push(message);

  chat.close();
  socket().says({ type: "message.posted", conversation: C, after: 1, entry: entry(2) });
  await settle(300);

  assert.equal(chat.unread, 1);
  assert.deepEqual(heard, [`${C} 2`]);
  assert.deepEqual(sent("receipt.mark").slice(1), [{ type: "receipt.mark", conversation: C, delivered: 2, seen: 1 }]);
});

test("what another tab has seen is not unread here", async () => {
  await openWith(conversation(), [entry(1)]);
  chat.close();
  socket().says({ type: "message.posted", conversation: C, after: 1, entry: entry(2) });

  socket().says({ type: "visitor.conversation.changed", conversation: conversation({ last_seq: 2, seen_seq: 2 }) });

  assert.equal(chat.unread, 0);
});

test("coming back to unread messages, the first of them is marked; live ones are not", async () => {
  await openWith(conversation(), [entry(1)]);
  chat.close();
  socket().says({ type: "message.posted", conversation: C, after: 1, entry: entry(2) });
  chat.open();
  assert.equal(chat.newAfter, 1);

  write("I am back");
  socket().says({ type: "message.posted", conversation: C, after: 2, entry: entry(3) });

  assert.equal(chat.newAfter, null);
});

test("a refused text can be taken back into the field, before what is there", async () => {
  await openWith(conversation(), [entry(1)]);
  write("one");
  const { client_id } = sent("message.post")[0]!;
  socket().says({ type: "error", ref: client_id, code: "too_long", message: "No." });
  chat.setDraft("two");

  chat.edit(chat.outbox.list()[0]!);

  assert.equal(chat.draft, "one\ntwo");
  assert.deepEqual(chat.outbox.list(), []);
});

test("a text that came after the end can start a new conversation", async () => {
  await openWith(conversation(), [entry(1)]);
  write("one");
  const { client_id } = sent("message.post")[0]!;
  socket().says(
    { type: "error", ref: client_id, code: "conversation_ended", message: "Over." },
    { type: "visitor.conversation.changed", conversation: conversation({ state: "ended" }) },
  );

  chat.tryAgain(chat.outbox.list()[0]!);

  assert.deepEqual(sent("conversation.start").map((m) => [m.client_id, m.text]), [[client_id, "one"]]);
});

test("an ended conversation is left behind for a new one, until that one is there", async () => {
  await openWith(conversation({ state: "ended" }), [entry(1)]);
  assert.equal(chat.conversation?.state, "ended");

  chat.startNew();
  assert.equal(chat.leftBehind, C);
  assert.equal(chat.conversation ?? null, null);
  socket().says(snapshot(conversation({ id: "7c0e2c52-9d3c-4b57-8c39-5f0b8e3f6d21" })));

  assert.equal(chat.conversation?.state, "active");
  assert.equal(chat.leftBehind, null);
});

test("a token that is no longer good: a new one, and what waits starts a new conversation", async () => {
  await openWith(conversation(), [entry(1)]);
  write("one");
  session = () => new Response('{"token":"another-token-of-it"}', { status: 201 });

  socket().says({ type: "error", code: "unauthorised", message: "Who?" });
  await settle(600);
  socket().opens();
  socket().says(snapshot());

  assert.equal(sent("visitor.hello")[1]!.token, "another-token-of-it");
  assert.equal(sent("visitor.hello")[1]!.cursor, undefined);
  assert.equal(sent("conversation.start")[0]!.text, "one");
});

test("a closed window with nothing going on lets go of the line; a conversation holds it", async () => {
  await openWith();
  chat.close();
  assert.equal(socket().readyState, 3);

  await openWith(conversation(), [entry(1)]);
  chat.close();
  assert.equal(socket().readyState, 1);
  assert.equal(local.getItem("livechat:1:active"), "1");

  socket().says({ type: "visitor.conversation.changed", conversation: conversation({ state: "ended" }) });
  assert.equal(socket().readyState, 3);
  assert.equal(local.getItem("livechat:1:active"), null);
});

test("a form's answers go with the first message, empty ones not, and are forgotten when it has begun", async () => {
  await openWith();
  chat.setAnswer("name", "Ada");
  chat.setAnswer("email", "");
  chat.setDraft("Hello");
  chat.beginAs("case");

  const [first] = sent("case.leave");
  assert.deepEqual([first!.name, "email" in first!, first!.text], ["Ada", false, "Hello"]);
  assert.equal(sent("conversation.start").length, 0);

  const mine = entry(1, { author: { kind: "visitor", name: "" }, client_id: String(first!.client_id) });
  socket().says(snapshot(conversation({ state: "offline" }), [mine]));

  assert.deepEqual([chat.answers, local.getItem("livechat:1:answers")], [{}, null]);
  assert.equal(chat.canEnd(), false, "a case is nothing that can be ended here");
});

test("a form that is refused comes back with its faults, and nothing typed is lost", async () => {
  await openWith();
  chat.setAnswer("email", "ada@");
  chat.setDraft("Hello");
  chat.beginAs("chat");
  const ref = String(sent("conversation.start")[0]!.client_id);

  socket().says({ type: "error", ref, code: "bad_form", message: "", faults: { email: "email" } });

  assert.deepEqual([chat.draft, chat.answers, chat.faults], ["Hello", { email: "ada@" }, { email: "email" }]);
  assert.deepEqual(chat.outbox.list(), []);
  chat.setAnswer("email", "ada@mail.example");
  assert.deepEqual(chat.faults, {}, "who corrects a field is not reproached any longer");
});

test("answers survive a reload", async () => {
  await openWith();
  chat.setAnswer("name", "Ada");
  await settle(400);

  assert.deepEqual(makeChat().answers, { name: "Ada" });
});

test("what is asked is answered with what the server refused, or with nothing if it was done", async () => {
  await openWith(conversation({ state: "ended" }));
  const rate = () => chat.ask({ type: "conversation.rate", conversation: C, rating: 5 });
  const [done, refused] = [rate(), rate()];
  const [first, second] = sent("conversation.rate").map(({ ref }) => ref);

  socket().says({ type: "error", ref: second, code: "conflict", message: "" });
  socket().says({ type: "visitor.conversation.changed", ref: first, conversation: conversation({ state: "ended", rating: 5 }) });

  assert.equal(await done, null);
  assert.equal((await refused)?.code, "conflict");
});

test("what is asked in vain is said to be so", async () => {
  await openWith(conversation({ state: "ended" }));
  const asked = chat.ask({ type: "conversation.rate", conversation: C, rating: 5 });
  await settle(16_000);

  assert.equal((await asked)?.code, "unavailable");
});

test("who reads in another pane has not seen what comes in the chat, and finds it marked as new", async () => {
  await openWith(conversation(), [entry(1)]);
  const heard: string[] = [];
  chat.onUnseen = (message) => heard.push(message);
  chat.show("faq");
  socket().says({ type: "message.posted", conversation: C, after: 1, entry: entry(2) });
  await settle(300);

  assert.deepEqual([chat.isOpen, chat.isShown, chat.unread, heard], [true, false, 1, [`${C} 2`]]);
  assert.equal(sent("receipt.mark").some(({ seen }) => seen === 2), false);

  chat.show("chat");
  await settle(300);
  assert.deepEqual([chat.unread, chat.newAfter], [0, 1]);
  assert.equal(sent("receipt.mark").some(({ seen }) => seen === 2), true);
});

test("the pane is kept over a reload, where it still exists", async () => {
  await openWith();
  chat.show("help");

  assert.equal(makeChat().pane, "chat", "the site has no help any more");
  const withHelp = { ...config, help: { faq: false, articles: true, url: "", script: "" } } as Config;
  assert.equal(new Chat(withHelp, boot, 7, { tab: safeStore(() => tab as unknown as Storage) }).pane, "help");
});
