import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Knowledge } from "../desk/knowledge";
import { Requests } from "../desk/requests";
import type { OperatorCommand, OperatorEvent } from "../shared/protocol";

const command: OperatorCommand = { type: "conference.leave", conversation: "c" };

test("a command is answered by the event that carries its mark", async () => {
  const sent: OperatorCommand[] = [];
  const requests = new Requests((one) => sent.push(one) > 0, () => "no line");
  const first = requests.ask(command);
  const second = requests.ask(command);

  requests.onEvent({ type: "pong", time: "" });
  requests.onEvent({ type: "error", code: "forbidden", message: "Not yours.", ref: sent[1]!.ref! });
  requests.onEvent({ type: "pong", time: "", ref: sent[0]!.ref! });

  assert.equal(await first, null);
  assert.equal(await second, "Not yours.");
});

test("without a line, and when nothing comes, the person is told so", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let isUp = false;
  const requests = new Requests(() => isUp, () => "no line");
  assert.equal(await requests.ask(command), "no line");
  isUp = true;
  const cut = requests.ask(command);
  requests.onLineDown();
  assert.equal(await cut, "no line");
  const late = requests.ask(command);
  mock.timers.tick(10_000);
  assert.equal(await late, "no line");
  mock.timers.reset();
});

test("of searches the newest one counts, whatever comes when", () => {
  const sent: OperatorCommand[] = [];
  const knowledge = new Knowledge((one) => sent.push(one) > 0, () => undefined);
  const answer = (query: string): OperatorEvent & { type: "knowledge.found" } => ({
    type: "knowledge.found",
    query,
    results: [{ title: query, url: "", text: "", kind: "page" }],
  });

  knowledge.search("c", "deli");
  knowledge.search("c", "delivery");
  knowledge.onAnswer(answer("delivery"));
  knowledge.onAnswer(answer("deli"));
  knowledge.search("c", "delivery");

  assert.equal(sent.length, 2);
  assert.deepEqual(knowledge.found("c", "delivery").results.map(({ title }) => title), ["delivery"]);
  assert.deepEqual(knowledge.found("c", "other"), { results: [], isSearching: true });
  assert.equal(knowledge.query("d"), "");
});
