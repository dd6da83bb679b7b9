import assert from "node:assert/strict";
import { test } from "node:test";

import { filled, fitting, leftovers, matching, typedQuery, valuesFor } from "../desk/quickReplies";
import type { DeskConversation, QuickReply } from "../shared/protocol";

const reply = (id: number, more: Partial<QuickReply> = {}): QuickReply => ({
  id,
  name: `Reply ${id}`,
  shortcut: "",
  text: "Text",
  language: "",
  ...more,
});
const conversation = (more: object = {}): DeskConversation =>
  ({ case_number: "2026-000123", company: "Norrgran", language: "sv", visitor: { name: "Ada", language: "en" }, ...more }) as DeskConversation;

test("placeholders are filled in, one without a value stays to be seen", () => {
  const values = valuesFor(conversation({ visitor: { name: "", language: "" } }), "Erik");
  const text = filled("Hi <name>,\nthis is <operator> of <company> about <case>. <price>?", values);
  assert.equal(text, "Hi <name>,\nthis is Erik of Norrgran about 2026-000123. <price>?");
  assert.deepEqual(leftovers(text), ["name", "price"]);
});

test("nobody is greeted with the stars of a hidden name", () => {
  const hidden = conversation({ visitor: { name: "*******4567", masked: ["name"], language: "" } });
  assert.equal(filled("Hi <name>", valuesFor(hidden, "Erik")), "Hi <name>");
});

test("< and > that are no placeholder are just text", () => {
  const text = "1 < 2 > 0, <3, <- here ->, < name >, a<b";
  assert.equal(filled(text, { name: "Ada" }), text);
  assert.deepEqual(leftovers(text), []);
});

test("a value is text, whatever is in it", () => {
  assert.equal(filled("<name>", { name: "$& <case>", case: "1" }), "$& <case>");
  assert.equal(filled("<constructor>", {}), "<constructor>");
});

test("a slash that begins a word asks for quick replies", () => {
  assert.equal(typedQuery("/"), "");
  assert.equal(typedQuery("Well /lev"), "lev");
  assert.equal(typedQuery("Well\n/väg-1"), "väg-1");
  for (const text of ["and/or", "http://x", "/a b", "", "1/2"]) assert.equal(typedQuery(text), null, text);
});

test("only those of the conversation's department and language are offered", () => {
  const replies = [
    reply(1),
    reply(2, { department: 5 }),
    reply(3, { department: 6 }),
    reply(4, { language: "sv" }),
    reply(5, { language: "de" }),
  ];
  const ids = (more: object): number[] => fitting(replies, conversation(more)).map(({ id }) => id);
  assert.deepEqual(ids({ department: { id: 5, name: "" } }), [1, 2, 4]);
  assert.deepEqual(ids({ language: "de-AT" }), [1, 5]);
  assert.deepEqual(ids({ language: "", visitor: { name: "", language: "" } }), [1, 4, 5], "an unknown language hides nothing");
});

test("the shortcut counts most, then the name, then the text; ties keep the editors' order", () => {
  const replies = [
    reply(1, { name: "Greeting", text: "about delivery" }),
    reply(2, { name: "Late delivery" }),
    reply(3, { name: "Other", shortcut: "Del" }),
    reply(4, { name: "Delivery times" }),
  ];
  assert.deepEqual(
    matching(replies, "del").map(({ id }) => id),
    [3, 2, 4, 1],
  );
  assert.deepEqual(matching(replies, " ").length, 4);
  assert.deepEqual(matching(replies, "zzz"), []);
});
