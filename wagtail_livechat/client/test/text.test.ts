import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { backoff, jitter } from "../shared/backoff";
import { pieces, type Piece } from "../shared/links";
import { fill, initials, lengthOf } from "../shared/text";
import { ReceiptMarker, TypingSignal } from "../shared/throttle";
import { fromBytes, uuid } from "../shared/uuid";

const links = (text: string): [string, string][] =>
  pieces(text).flatMap((piece): [string, string][] => (typeof piece === "string" ? [] : [[piece.text, piece.href]]));
const joined = (found: Piece[]): string => found.map((piece) => (typeof piece === "string" ? piece : piece.text)).join("");

test("web and mail addresses become links", () => {
  assert.deepEqual(links("See https://example.com/a?b=1#c, or write to a.b+c@example.com."), [
    ["https://example.com/a?b=1#c", "https://example.com/a?b=1#c"],
    ["a.b+c@example.com", "mailto:a.b+c@example.com"],
  ]);
});

test("a sentence's punctuation is not part of a link, a link's own brackets are", () => {
  assert.deepEqual(links("(https://example.com/x_(y))")[0]![0], "https://example.com/x_(y)");
  assert.deepEqual(links("https://example.com/!?")[0]![0], "https://example.com/");
});

test("nothing but http, https and mailto is ever a link", () => {
  for (const text of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x file:///etc/passwd ftp://example.com",
    "https://",
    "http://[",
    "mailto:",
    "java\tscript:alert(1)",
  ]) {
    assert.deepEqual(links(text), [], text);
  }
});

test("markup stays text, and ends a link", () => {
  assert.deepEqual(links('<a href="https://example.com/">'), [["https://example.com/", "https://example.com/"]]);
});

test("invisible and direction-changing characters are not part of a link", () => {
  assert.deepEqual(links("https://example.com/\u202egpj.exe")[0]![0], "https://example.com/");
  assert.deepEqual(links("https://exa\u200bmple.com")[0]![0], "https://exa");
});

test("joined, the pieces are the text", () => {
  for (const text of ["", "a", "https://a.example b https://c.example.", "\u202e<b>@@ mailto:x https://x y@z.example\n\n"]) {
    assert.equal(joined(pieces(text)), text);
  }
});

test("a very long text without end is cut up quickly", () => {
  const started = performance.now();
  pieces("a@".repeat(5_000));
  pieces("https://" + "(".repeat(10_000));
  pieces("https://" + ")".repeat(10_000));
  pieces("x.".repeat(5_000) + "@");

  assert.ok(performance.now() - started < 1_000);
});

test("length is counted in code points, as the server does", () => {
  assert.equal(lengthOf("a👋é"), 3);
  assert.equal(lengthOf("👩‍👩‍👧"), 5);
});

test("only named values are filled in", () => {
  assert.equal(fill("{a} of {b} {c}", { a: 1, b: "{a}" }), "1 of {a} {c}");
});

test("initials of a name", () => {
  assert.equal(initials("Elin Maria Berg"), "EB");
  assert.equal(initials("  åsa "), "Å");
  assert.equal(initials(""), "");
});

test("a UUID is one without crypto.randomUUID too", () => {
  const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  assert.match(uuid(), shape);
  assert.match(fromBytes(new Uint8Array(16).fill(255)), shape);
  assert.equal(fromBytes(new Uint8Array(16)), "00000000-0000-4000-8000-000000000000");
});

test("backoff is anywhere between nothing and its cap, which doubles up to ten seconds", () => {
  const most = [0, 1, 2, 3, 4, 5, 6, 99].map((n) => backoff(n, { random: () => 0.9999999 }));

  assert.deepEqual(most, [499, 999, 1999, 3999, 7999, 9999, 9999, 9999]);
  assert.equal(backoff(9, { random: () => 0 }), 0);
  assert.deepEqual([jitter(1000, () => 0), jitter(1000, () => 1)], [800, 1200]);
});

test("typing is told at once, then every three seconds, and ends by itself", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const said: boolean[] = [];
  const signal = new TypingSignal((active) => said.push(active));

  for (let i = 0; i < 40; i += 1) {
    signal.key();
    mock.timers.tick(100);
  }
  assert.deepEqual(said, [true, true]);
  mock.timers.tick(5_000);
  assert.deepEqual(said, [true, true, false]);
  signal.stop();

  assert.deepEqual(said, [true, true, false]);
  mock.timers.reset();
});

test("many receipts make one mark, which only rises and waits for the line", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const said: unknown[] = [];
  let isUp = false;
  const marker = new ReceiptMarker((marks) => {
    if (isUp) said.push(marks);
    return isUp;
  });

  marker.mark(1, 0);
  mock.timers.tick(250);
  isUp = true;
  marker.mark(2, 0);
  marker.mark(3, 2);
  marker.mark(1, 1);
  mock.timers.tick(250);
  marker.again();
  mock.timers.tick(250);

  assert.deepEqual(said, [{ delivered: 3, seen: 2 }]);
  mock.timers.reset();
});

test("who closes the window at once after looking has still looked", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const said: unknown[] = [];
  const marker = new ReceiptMarker((marks) => said.push(marks) > 0);

  marker.mark(2, 2);
  marker.flush();
  mock.timers.tick(1_000);
  marker.flush();

  assert.deepEqual(said, [{ delivered: 2, seen: 2 }]);
  mock.timers.reset();
});
