import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { isValidElement, type ComponentChildren, type VNode } from "preact";

import type { Item, Node } from "../help/contract";
import { Gone, Library, withoutNumbers } from "../help/library";
import { draw, marked } from "../help/nodes";
import { Pause } from "../help/pause";
import { paneFor, Places } from "../help/places";
import { panesOf } from "../widget/config";

Object.defineProperty(globalThis, "location", { value: new URL("https://shop.example/page"), configurable: true });

let requests: { url: URL; method: string; headers: Record<string, string>; body: unknown }[];
let answer: (path: string) => Response;

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  requests = [];
  answer = () => new Response('{"results":[]}');
  Object.defineProperty(globalThis, "fetch", {
    configurable: true,
    value: (address: string, init: RequestInit) => {
      const url = new URL(address, "https://shop.example");
      const { method = "GET", headers = {}, body = "null" } = init;
      requests.push({ url, method, headers: headers as Record<string, string>, body: JSON.parse(String(body)) });
      return Promise.resolve(answer(url.pathname));
    },
  });
});
afterEach(() => mock.timers.reset());

async function settle(ms = 0): Promise<void> {
  for (let i = 0; i < 30; i += 1) await Promise.resolve();
  if (ms) mock.timers.tick(ms);
  for (let i = 0; i < 30; i += 1) await Promise.resolve();
}

const library = (token: string | null = null): Library =>
  new Library({ url: "/livechat/help/", site: 1, lang: "sv", page: 7, token: () => token });
const item: Item = { kind: "article", id: 9, title: "", body: [], version: "v3", url: null, updated: "", author: null };

// ------------------------------------------------------------------------------------------------- what is drawn

/** The tree as text, every attribute with it. */
function markup(drawn: ComponentChildren): string {
  if (Array.isArray(drawn)) return drawn.map(markup).join("");
  if (!isValidElement(drawn)) return drawn === null || drawn === undefined ? "" : String(drawn);
  const { type, props } = drawn as VNode<Record<string, unknown>>;
  const { children, ...attributes } = props;
  const written = Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [` ${name}=${String(value)}`]));
  return `<${String(type)}${written.join("")}>${markup(children as ComponentChildren)}</${String(type)}>`;
}

test("an answer is drawn from its nodes, its headings below the answer's own", () => {
  const nodes: Node[] = [["h2", {}, ["Care"]], ["p", {}, ["Wash it ", ["b", {}, ["cold"]], "."]], ["ol", { class: "steps", start: "2" }, []]];

  assert.equal(markup(draw(nodes)), "<h4>Care</h4><p>Wash it <b>cold</b>.</p><ol class=steps start=2></ol>");
});

test("a link opens beside the page, and only leads to where a click may lead", () => {
  const to = (href: string): string => markup(draw([["a", { href }, ["there"]]]));

  assert.equal(to("/delivery/"), "<a href=https://shop.example/delivery/ target=_blank rel=noopener>there</a>");
  assert.equal(to("mailto:a@b.example"), "<a href=mailto:a@b.example target=_blank rel=noopener>there</a>");
  for (const bad of ["javascript:alert(1)", " jAvAscript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "blob:x", ""]) {
    const drawn = to(bad);
    assert.ok(drawn === "there" || drawn.startsWith("<a href=https://shop.example/"), drawn);
  }
});

test("what is not ours to draw is not drawn: elements, handlers, styles, foreign class names", () => {
  const nodes = [
    ["script", {}, ["alert(1)"]],
    ["iframe", { src: "https://elsewhere.example/" }, []],
    ["p", { onclick: "alert(1)", style: "color:red", dangerouslySetInnerHTML: { __html: "<b>x</b>" }, class: "row callout h-end" }, ["text"]],
    ["img", { src: "data:image/svg+xml,x" }, []],
    ["img", { src: "javascript:alert(1)" }, []],
    ["svg", {}, [["a", { href: "javascript:alert(1)" }, ["svg link"]]]],
  ] as unknown as Node[];

  assert.equal(markup(draw(nodes)), "alert(1)<p class=callout>text</p>svg link");
});

test("pictures are fetched when they come into view, films when they are played", () => {
  const image = markup(draw([["img", { src: "/media/a.jpg", alt: "A bag", width: "300" }, []]]));
  const video = markup(draw([["video", { src: "/media/a.mp4" }, []]]));

  assert.equal(image, "<img alt=A bag src=https://shop.example/media/a.jpg width=300 loading=lazy decoding=async></img>");
  assert.match(video, /controls=true preload=metadata/);
});

test("a wide table can be scrolled by keyboard", () => {
  assert.equal(markup(draw([["table", {}, []]])), "<div class=h-wide tabIndex=0 role=group><table></table></div>");
});

test("the words of a search are marked, whatever they are made of", () => {
  assert.equal(markup(marked("Return a rucksack", "how return")), "<mark>Return</mark> a rucksack");
  assert.equal(markup(marked("Återköp (pris)", "återköp ( * [")), "<mark>Återköp</mark> (pris)");
  assert.equal(markup(marked("a+b", "+ ?")), "a+b");
  assert.equal(markup(marked("Vad kostar en reparation?", "tar rep")), "Vad kostar en <mark>reparation</mark>?");
});

// -------------------------------------------------------------------------------------------------- what is asked

test("one question is asked per pause, and an answer to an earlier one is not shown", async () => {
  const asked: string[] = [];
  const shown: [string[] | null, string][] = [];
  const open: ((found: string[]) => void)[] = [];
  const pause = new Pause<string[]>(
    (question) => {
      asked.push(question);
      return new Promise((done) => open.push(done));
    },
    (found, question) => shown.push([found, question]),
    4,
  );

  for (const text of ["h", "ho", "how", "how l", "how lo"]) {
    pause.type(text);
    await settle(100);
  }
  assert.deepEqual(asked, []);
  await settle(400);
  assert.deepEqual(asked, ["how lo"]);

  pause.type("how long  ");
  await settle(400);
  open[1]!(["second"]);
  open[0]!(["first"]);
  await settle();
  assert.deepEqual(shown.filter(([found]) => found), [[["second"], "how long"]]);

  pause.type("how long");
  await settle(400);
  assert.equal(asked.length, 2, "a space more is the same question");

  pause.type("ho");
  await settle(400);
  assert.deepEqual(shown[shown.length - 1], [null, "ho"], "too short: nothing is shown");
  assert.equal(asked.length, 2);
});

test("a question that cannot be asked shows nothing, and can be asked again", async () => {
  const shown: unknown[] = [];
  let fails = true;
  const pause = new Pause<string>(() => (fails ? Promise.reject(new Error()) : Promise.resolve("found")), (found) => shown.push(found), 2);
  pause.type("bags");
  await settle(400);
  assert.deepEqual(shown, [null]);

  fails = false;
  pause.type("bags?");
  await settle(400);
  assert.deepEqual(shown, [null, "found"]);
});

test("what is asked carries no cookie, no address of a person and no long number", async () => {
  await library().search("Where is 4111 1111 1111 1111, ordered by ada@mail.example in 2026?");

  assert.equal(requests[0]!.url.search, "?site=1&lang=sv&q=Where+is+%2C+ordered+by+in+2026%3F");
  assert.equal(withoutNumbers("19800101-1234 070-174 06 05"), "");
  assert.equal(withoutNumbers("Call (555) 123-4567 or ٠٧٠١٧٤٠٦٠٥ today"), "Call or today", "brackets, digits of any script");
  assert.equal(withoutNumbers("x".repeat(300)).length, 200);
  assert.equal(withoutNumbers("👋".repeat(201)), "👋".repeat(200), "nothing is cut in two");
});

test("what is less than two letters is not asked", async () => {
  assert.deepEqual(await library().search(" a "), []);
  assert.deepEqual(requests, []);
});

test("an answer is fetched once; one that failed is fetched again; one that is gone is said to be", async () => {
  const shelf = library();
  answer = () => new Response("", { status: 503 });
  await assert.rejects(shelf.item("article", 9));
  answer = () => new Response(JSON.stringify(item));
  await shelf.item("article", 9);
  await shelf.item("article", 9);
  assert.deepEqual(requests.map(({ url }) => url.pathname), ["/livechat/help/article/9/", "/livechat/help/article/9/"]);

  answer = () => new Response("", { status: 404 });
  await assert.rejects(shelf.item("faq", 1), Gone);
});

test("what became of a question is told once, in the words of the contract, and without a number", async () => {
  const shelf = library();
  answer = () => new Response(null, { status: 204 });
  shelf.looked("Where is parcel 123456789?", "asked");
  shelf.looked("Where is parcel 123456789?", "asked");
  shelf.looked("Where is parcel", "answered", "faq", 3);
  shelf.looked("  ", "nothing");
  await settle();

  assert.deepEqual(requests.map(({ url, method, body }) => [url.pathname, method, body]), [
    ["/livechat/help/looked/", "POST", { site: 1, lang: "sv", q: "Where is parcel ?", outcome: "asked", page: 7 }],
    ["/livechat/help/looked/", "POST", { site: 1, lang: "sv", q: "Where is parcel", outcome: "answered", kind: "faq", id: 3, page: 7 }],
  ]);
});

test("a vote names the version, and its voter only by the token that is in the chat's own storage", async () => {
  answer = () => new Response('{"helpful":true}');
  await library("a-token").vote(item, false, "Too short");
  await library().vote(item, true);

  assert.deepEqual(requests.map(({ body }) => body), [
    { site: 1, kind: "article", id: 9, version: "v3", helpful: false, comment: "Too short" },
    { site: 1, kind: "article", id: 9, version: "v3", helpful: true },
  ]);
  assert.deepEqual(requests.map(({ headers }) => headers.Authorization), ["Bearer a-token", undefined]);
  answer = () => new Response("", { status: 429 });
  await assert.rejects(library().vote(item, true));
});

// --------------------------------------------------------------------------------------------------- where one is

test("each pane keeps its own place, and how far down it was read; a reload keeps them too", () => {
  const stored = new Map<string, string>();
  const store = { get: (key: string) => stored.get(key) ?? null, set: (key: string, value: string) => void stored.set(key, value) };
  const places = new Places(store, "key");
  places.type("faq", "return");
  places.scrolled("help", 40.4);
  places.go("help", { at: "category", id: 3 });
  places.go("help", { at: "answer", kind: "article", id: 9 });
  places.scrolled("help", 200);

  const again = new Places(store, "key");
  assert.deepEqual([again.view("help"), again.scroll("help")], [{ at: "answer", kind: "article", id: 9 }, 200]);
  assert.equal(again.of("faq").q, "return");
  assert.equal(again.back("help"), true);
  assert.equal(again.back("help"), true);
  assert.deepEqual([again.view("help"), again.scroll("help"), again.back("help")], [{ at: "first" }, 40, false]);
});

test("what cannot be stored or read is remembered while the page lives", () => {
  const blocked = new Places(
    {
      get: () => "{not json",
      set: () => {
        throw new Error("blocked");
      },
    },
    "key",
  );
  blocked.go("faq", { at: "answer", kind: "faq", id: 1 });

  assert.deepEqual(blocked.view("faq"), { at: "answer", kind: "faq", id: 1 });
});

test("there is a tab only where there is something, and an answer is shown in one that there is", () => {
  const help = { url: "", script: "" };
  assert.deepEqual(panesOf({ help: null }), ["chat"]);
  assert.deepEqual(panesOf({ help: { ...help, faq: true, articles: true } }), ["chat", "faq", "help"]);
  assert.deepEqual(panesOf({ help: { ...help, faq: false, articles: true } }), ["chat", "help"]);

  assert.equal(paneFor({ kind: "faq" }, ["chat", "faq", "help"]), "faq");
  assert.equal(paneFor({ kind: "faq" }, ["chat", "help"]), "help");
  assert.equal(paneFor({ kind: "article" }, ["chat", "faq"]), "faq");
});
