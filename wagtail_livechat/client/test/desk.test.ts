import assert from "node:assert/strict";
import { test } from "node:test";

import { browserName } from "../desk/browser";
import { Drafts } from "../desk/drafts";
import { colleagues, countOfWaiting, needsReply, sortIntoLists } from "../desk/lists";
import { clock, Formats } from "../offers/time";
import { deskReducer, deskSeen, initialDeskState } from "../shared/deskReducer";
import type { DeskConversation, OperatorPresence, PresenceStatus, TeamConversation } from "../shared/protocol";
import { safeStore } from "../shared/store";

let number = 0;

function conversation(change: Partial<DeskConversation>): DeskConversation {
  number += 1;
  return {
    id: String(number),
    case_number: `2026-${String(number).padStart(6, "0")}`,
    state: "active",
    site: "Shop",
    language: "en",
    visitor: { id: "v", name: "", email: "", phone: "", reference: "", language: "", online: true, conversations: 1, browser: "" },
    operators: [],
    mine: true,
    first_text: "",
    unread: 0,
    receipts: { delivered: 0, seen: 0 },
    last_seq: 1,
    waiting: [],
    company: "Shop",
    tags: [],
    wrap_up_note: "",
    wrap_up_required: false,
    archived: false,
    proactive: false,
    created_at: "2026-11-23T08:00:00.000Z",
    ...change,
  };
}

test("who has waited longest is first in the queue", () => {
  const late = conversation({ state: "queued", mine: false, queued_at: "2026-11-23T08:05:00.000Z" });
  const early = conversation({ state: "queued", mine: false, queued_at: "2026-11-23T08:01:00.000Z" });
  assert.deepEqual(sortIntoLists([late, early]).waiting, [early, late]);
});

test("of one's own, what waits for an answer comes first, the longest waiting on top, and the ended last", () => {
  const answered = conversation({ preview_author: "operator", last_message_at: "2026-11-23T08:30:00.000Z" });
  const asked = conversation({ preview_author: "visitor", last_message_at: "2026-11-23T08:20:00.000Z" });
  const askedEarlier = conversation({ preview_author: "visitor", last_message_at: "2026-11-23T08:10:00.000Z" });
  const ended = conversation({ state: "ended", preview_author: "visitor", last_message_at: "2026-11-23T08:40:00.000Z" });
  assert.deepEqual(sortIntoLists([ended, answered, asked, askedEarlier]).mine, [askedEarlier, asked, answered, ended]);
});

test("a colleague's ended conversation is in no list", () => {
  const lists = sortIntoLists([conversation({ mine: false, state: "ended" }), conversation({ mine: false })]);
  assert.deepEqual([lists.waiting.length, lists.mine.length, lists.others.length], [0, 0, 1]);
});

test("only an open conversation of one's own can wait for an answer", () => {
  assert.equal(needsReply(conversation({ preview_author: "visitor" })), true);
  assert.equal(needsReply(conversation({ preview_author: "operator" })), false);
  assert.equal(needsReply(conversation({ preview_author: "visitor", mine: false })), false);
  assert.equal(needsReply(conversation({ preview_author: "visitor", state: "ended" })), false);
});

const talk = (id: string, more: Partial<TeamConversation>): TeamConversation => ({
  id,
  members: [],
  name: "",
  closed: false,
  unread: 0,
  receipts: { delivered: 0, seen: 0 },
  last_seq: 1,
  ...more,
});

test("of colleagues, who wrote something new comes first, then who is there; those who were removed stay readable", () => {
  const operator = (id: number, name: string, status: PresenceStatus): OperatorPresence => ({
    id,
    name,
    status,
    load: 0,
    capacity: 5,
    departments: [],
    sites: [],
  });
  const operators = [operator(1, "Me", "available"), operator(2, "Bo", "offline"), operator(3, "Åsa", "away"), operator(4, "Ada", "available")];
  const team = [
    talk("t2", { members: [{ id: 2, name: "Bo" }], unread: 1 }),
    talk("t9", { name: "Gone", closed: true }),
    talk("t8", { name: "Gone, wrote nothing", closed: true, last_seq: 0 }),
  ];
  const found = colleagues(operators, team, 1);
  assert.deepEqual(found.map(({ name }) => name), ["Bo", "Ada", "Åsa", "Gone"]);
  assert.equal(found[0]!.talk?.id, "t2");
});

test("what a colleague asks stands before the queue", () => {
  const queued = conversation({ state: "queued", mine: false, queued_at: "2026-11-23T07:00:00.000Z" });
  const handedOver = conversation({ mine: false, offer: 7 });
  const lists = sortIntoLists([queued, handedOver, conversation({ mine: false })]);
  assert.deepEqual(lists.waiting, [handedOver, queued]);
  assert.equal(lists.others.length, 1);
});

test("the count in the title is offers, own conversations and colleagues with something unread", () => {
  const own = conversation({ unread: 4 });
  const foreign = conversation({ unread: 1, mine: false });
  const offer = { id: 1, kind: "new" as const, conversation: foreign, made_at: "2026-11-23T08:00:00.000Z" };
  assert.equal(countOfWaiting([own, foreign], [offer], [talk("t", { unread: 2 }), talk("u", {})]), 3);
});

test("a clock runs from seconds to hours and never backwards", () => {
  assert.equal(clock(5_000), "0:05");
  assert.equal(clock(65_999), "1:05");
  assert.equal(clock(3_661_000), "1:01:01");
  assert.equal(clock(-4_000), "0:00");
});

test("the common browsers are named, others shown as they are", () => {
  const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
  assert.equal(browserName(chrome), "Chrome 131, Windows");
  assert.equal(browserName(`${chrome} Edg/131.0.0.0`), "Edge 131, Windows");
  assert.equal(browserName("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"), "Firefox 132, Linux");
  const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
  assert.equal(browserName(phone), "Safari 18, iOS");
  assert.equal(browserName("curl/8.5"), "curl/8.5");
  assert.equal(browserName(""), "");
});

test("a language is named in the operator's language, an odd code stays a code", () => {
  const formats = new Formats("en");
  assert.equal(formats.languageName("sv"), "Swedish");
  assert.equal(formats.languageName("!"), "!");
});

test("a draft is kept with its kind, and an empty one leaves nothing behind", () => {
  const store = safeStore(() => undefined);
  const drafts = new Drafts("draft:", store);
  drafts.set("a", { text: "half a sen", note: true });
  assert.deepEqual(new Drafts("draft:", store).get("a"), { text: "half a sen", note: true });
  assert.equal(drafts.has("a"), true);
  drafts.set("a", { text: "", note: false });
  assert.deepEqual(store.keys("draft:"), []);
  assert.deepEqual(drafts.get("b"), { text: "", note: false });
});

test("a colleague's words that were looked at are not unread again when the server's count comes late", () => {
  const told = (last_seq: number, unread: number): TeamConversation => ({
    id: "t",
    members: [{ id: 5, name: "Oskar" }],
    name: "Oskar",
    closed: false,
    unread,
    receipts: { delivered: 0, seen: 0 },
    last_seq,
  });
  const changed = (state: typeof initialDeskState, conversation: TeamConversation): typeof initialDeskState =>
    deskReducer(state, { type: "team.changed", conversation }, 0);
  let state = changed(initialDeskState, told(2, 2));
  assert.equal(state.team[0]?.unread, 2);

  state = deskSeen(state, "t", 2);
  assert.equal(state.team[0]?.unread, 0);
  state = changed(state, told(2, 1));
  assert.equal(state.team[0]?.unread, 0);

  state = changed(state, told(3, 1));
  assert.equal(state.team[0]?.unread, 1);
  assert.equal(deskSeen(state, "t", 2).team[0]?.unread, 1);
});
