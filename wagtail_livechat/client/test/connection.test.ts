import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";

import { Connection, type Environment, type Status } from "../shared/connection";
import { HttpDoor, HttpFailure } from "../shared/http";

interface Message {
  type: string;
  [key: string]: unknown;
}

class FakeSocket {
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    return FakeSocket.all[FakeSocket.all.length - 1]!;
  }
  readyState = 0;
  sent: Message[] = [];
  isClosedByUs = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  send(data: string): void {
    this.sent.push(JSON.parse(data) as Message);
  }
  close(): void {
    this.readyState = 3;
    this.isClosedByUs = true;
  }
  // What the server and the network do:
  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  says(event: Message | string): void {
    this.onmessage?.({ data: typeof event === "string" ? event : JSON.stringify(event) });
  }
  dies(): void {
    this.readyState = 3;
    this.onclose?.();
  }
  comesAlive(): void {
    this.opens();
    this.says(SNAPSHOT);
  }
}

const SNAPSHOT: Message = { type: "visitor.snapshot", heartbeat: 20 };

let events: Message[];
let statuses: Status[];
let polls: number;
let commands: Message[];
let answer: () => Promise<Message[] | null>;
let sign: (what: "online" | "offline" | "shown" | "hidden" | "left") => void;
let isOnline: boolean;
let connection: Connection<Message, Message>;

function make(options: Partial<ConstructorParameters<typeof Connection<Message, Message>>[0]> = {}): void {
  connection = new Connection<Message, Message>({
    socketUrl: "ws://example.test/ws",
    hello: () => ({ type: "visitor.hello", cursor: events.length }),
    httpCommand: (command) => {
      commands.push(command);
      return Promise.resolve([{ type: "message.posted", ref: command.ref }]);
    },
    httpPoll: () => {
      polls += 1;
      return answer();
    },
    onEvent: (event) => events.push(event),
    onStatus: (status) => statuses.push(status),
    environment: {
      WebSocket: FakeSocket as unknown as NonNullable<Environment["WebSocket"]>,
      // The longest wait that the backoff may choose.
      random: () => 0.999999,
      isOnline: () => isOnline,
      listen: (on) => {
        sign = on;
        return () => {};
      },
    },
    ...options,
  });
  connection.start();
}

/** Lets promises that are done go on. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}
async function pass(ms: number): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    mock.timers.tick(Math.min(100, end - Date.now()));
    await settle();
  }
}
const state = (): string => statuses[statuses.length - 1]!.state;
const types = (socket: FakeSocket): string[] => socket.sent.map(({ type }) => type);

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_000 });
  FakeSocket.all = [];
  [events, statuses, commands, polls, isOnline] = [[], [], [], 0, true];
  answer = () => Promise.resolve([SNAPSHOT]);
});
afterEach(() => {
  connection.stop();
  mock.timers.reset();
});

describe("socket", () => {
  test("hello is the first frame, and the line is live with the snapshot, not before", () => {
    make();
    FakeSocket.last.opens();
    assert.deepEqual(types(FakeSocket.last), ["visitor.hello"]);
    assert.equal(connection.send({ type: "message.post" }), false);

    FakeSocket.last.says(SNAPSHOT);

    assert.equal(state(), "live");
    assert.equal(connection.send({ type: "message.post" }), true);
    assert.deepEqual(types(FakeSocket.last), ["visitor.hello", "message.post"]);
  });

  test("a dead socket is followed by a new one that says hello with the cursor of that moment", async () => {
    make();
    FakeSocket.last.comesAlive();
    await pass(6_000);
    FakeSocket.last.says({ type: "message.posted" });
    FakeSocket.last.dies();
    assert.equal(state(), "reconnecting");

    await pass(500);
    FakeSocket.last.opens();

    assert.equal(FakeSocket.all.length, 2);
    assert.deepEqual(FakeSocket.last.sent, [{ type: "visitor.hello", cursor: 2 }]);
  });

  test("garbage from the line is passed over", () => {
    make();
    FakeSocket.last.comesAlive();

    for (const frame of ["{", "null", "[]", '"x"', "7"]) FakeSocket.last.says(frame);

    assert.deepEqual(events, [SNAPSHOT]);
  });

  test("silence for two heartbeats means that the line is dead", async () => {
    make();
    FakeSocket.last.comesAlive();
    await pass(30_000);
    FakeSocket.last.says({ type: "heartbeat" });
    await pass(39_000);
    assert.equal(FakeSocket.all.length, 1);

    await pass(8_000);

    assert.equal(FakeSocket.all[0]!.isClosedByUs, true);
    assert.equal(FakeSocket.all.length, 2);
  });

  test("back on the network: the line is asked, and a dead one replaced after four seconds", async () => {
    make();
    FakeSocket.last.comesAlive();
    await pass(6_000);

    sign("online");
    assert.deepEqual(types(FakeSocket.last), ["visitor.hello", "ping"]);
    await pass(4_000);

    assert.equal(FakeSocket.all.length, 2);
  });

  test("back in the tab: a line that answers stays", async () => {
    make();
    FakeSocket.last.comesAlive();
    sign("shown");
    await pass(1_000);
    FakeSocket.last.says({ type: "pong" });
    await pass(10_000);

    assert.equal(FakeSocket.all.length, 1);
  });

  test("while waiting for the next try, a sign of life ends the waiting", async () => {
    make();
    FakeSocket.last.comesAlive();
    await pass(6_000);
    FakeSocket.last.dies();
    sign("online");

    assert.equal(FakeSocket.all.length, 2);
  });

  test("after a sleep the line is asked before it is believed dead", async () => {
    make();
    FakeSocket.last.comesAlive();
    await pass(1_000);

    mock.timers.setTime(Date.now() + 3_600_000);
    await pass(100);

    assert.deepEqual(types(FakeSocket.last), ["visitor.hello", "ping"]);
  });

  test("without a network it says so, and with the first word from the server no longer", () => {
    make();
    FakeSocket.last.comesAlive();
    isOnline = false;
    sign("offline");
    assert.equal(state(), "offline");

    FakeSocket.last.says({ type: "pong" });

    assert.equal(state(), "live");
  });

  test("leaving the page closes the socket, coming back opens another", () => {
    make();
    FakeSocket.last.comesAlive();
    sign("left");
    assert.equal(FakeSocket.last.isClosedByUs, true);

    sign("shown");

    assert.equal(FakeSocket.all.length, 2);
  });

  test("words of a socket that was given up are not heard", async () => {
    make();
    const old = FakeSocket.last;
    old.comesAlive();
    const { onmessage } = old;
    connection.restart();

    onmessage?.({ data: '{"type":"message.posted"}' });

    assert.deepEqual(events, [SNAPSHOT]);
  });
});

describe("refusals of the line", () => {
  for (const code of ["version", "closed", "forbidden"]) {
    test(`${code} is final`, async () => {
      make();
      FakeSocket.last.opens();
      FakeSocket.last.says({ type: "error", code });
      FakeSocket.last.dies();
      await pass(60_000);

      assert.deepEqual(statuses[statuses.length - 1], { state: "stopped", code });
      assert.equal(FakeSocket.all.length, 1);
    });
  }

  test("closed with a ref refuses one command, not the line", () => {
    make();
    FakeSocket.last.comesAlive();
    FakeSocket.last.says({ type: "error", code: "closed", ref: "x" });

    assert.equal(state(), "live");
    assert.equal(events.length, 2);
  });

  test("unauthorised: a new token, a new line", async () => {
    let renewed = 0;
    make({
      onUnauthorised: () => {
        renewed += 1;
        return Promise.resolve(true);
      },
    });
    FakeSocket.last.opens();
    FakeSocket.last.says({ type: "error", code: "unauthorised" });
    await pass(600);

    assert.equal(renewed, 1);
    assert.equal(FakeSocket.all.length, 2);
  });

  test("unauthorised with nothing to renew is final", async () => {
    make({ onUnauthorised: () => Promise.resolve(false) });
    FakeSocket.last.opens();
    FakeSocket.last.says({ type: "error", code: "unauthorised" });
    await settle();

    assert.deepEqual(statuses[statuses.length - 1], { state: "stopped", code: "unauthorised" });
  });

  test("rate limited: not before the time that the server names", async () => {
    make();
    FakeSocket.last.opens();
    FakeSocket.last.says({ type: "error", code: "rate_limited", retry_after: 20 });
    FakeSocket.last.dies();
    await pass(19_000);
    assert.equal(FakeSocket.all.length, 1);

    await pass(1_500);

    assert.equal(FakeSocket.all.length, 2);
  });
});

describe("plain HTTP", () => {
  async function withoutSockets(): Promise<void> {
    make();
    FakeSocket.last.dies();
    await pass(600);
    FakeSocket.last.dies();
    await pass(1_100);
  }

  test("two sockets that could not be opened: polling, and nobody is told", async () => {
    await withoutSockets();

    assert.deepEqual(statuses[statuses.length - 1], { state: "live", via: "http" });
    assert.ok(statuses.slice(0, -1).every(({ state }) => state === "connecting"), "no word of a lost connection");
    assert.deepEqual(events, [SNAPSHOT]);
    await pass(6_000);
    assert.ok(polls >= 3);
  });

  test("sockets that open and die at once count too", async () => {
    make();
    for (let i = 0; i < 2; i += 1) {
      FakeSocket.last.comesAlive();
      FakeSocket.last.dies();
      await pass(2_000);
    }

    assert.deepEqual(statuses[statuses.length - 1], { state: "live", via: "http" });
  });

  test("a socket that hangs while opening counts too", async () => {
    make();
    await pass(8_000 + 600 + 8_000 + 1_100);

    assert.deepEqual(statuses[statuses.length - 1], { state: "live", via: "http" });
  });

  test("commands are posted one at a time, and their events are taken", async () => {
    await withoutSockets();
    connection.send({ type: "message.post", ref: "1" });
    connection.send({ type: "message.post", ref: "2" });
    await settle();

    assert.deepEqual(commands.map(({ ref }) => ref), ["1", "2"]);
    assert.deepEqual(events.slice(1).map(({ ref }) => ref), ["1", "2"]);
  });

  test("no news is good news", async () => {
    await withoutSockets();
    answer = () => Promise.resolve(null);
    await pass(10_000);

    assert.equal(state(), "live");
    assert.equal(events.length, 1);
  });

  test("the server away: told, and tried again until it is back", async () => {
    await withoutSockets();
    answer = () => Promise.reject(new HttpFailure(502));
    await pass(3_000);
    assert.equal(state(), "reconnecting");

    answer = () => Promise.resolve([SNAPSHOT]);
    await pass(10_000);

    assert.equal(state(), "live");
  });

  test("a refusal for a while is no live line", async () => {
    await withoutSockets();
    answer = () => Promise.resolve([{ type: "error", code: "unavailable", retry_after: 5 }]);
    await pass(3_000);

    assert.equal(state(), "reconnecting");
  });

  test("the socket is tried again after some minutes, quietly, and takes over when it works", async () => {
    await withoutSockets();
    await pass(220_000);
    assert.equal(FakeSocket.all.length, 3);
    assert.equal(state(), "live");

    FakeSocket.last.comesAlive();
    const before = polls;
    await pass(30_000);

    assert.deepEqual(statuses[statuses.length - 1], { state: "live", via: "socket" });
    assert.equal(polls, before);
  });

  test("a quiet try that fails changes nothing", async () => {
    await withoutSockets();
    await pass(220_000);
    const told = statuses.length;
    FakeSocket.last.dies();
    const before = polls;
    await pass(10_000);

    assert.equal(statuses.length, told);
    assert.ok(polls > before + 3);
  });

  test("sockets that worked before are tried again within seconds: it may have been a restart", async () => {
    make();
    FakeSocket.last.comesAlive();
    await pass(6_000);
    answer = () => Promise.reject(new HttpFailure(0));
    FakeSocket.last.dies();
    for (let i = 0; i < 3; i += 1) {
      await pass(1_100);
      FakeSocket.last.dies();
    }
    answer = () => Promise.resolve([SNAPSHOT]);
    const before = FakeSocket.all.length;
    await pass(20_000);

    assert.ok(FakeSocket.all.length > before);
  });

  test("where there are no sockets at all, it polls from the start", async () => {
    make({ socketUrl: null });
    await settle();
    await pass(100);

    assert.equal(FakeSocket.all.length, 0);
    assert.equal(state(), "live");
  });

  test("unauthorised over HTTP: a new token, and on", async () => {
    await withoutSockets();
    connection.stop();
    let renewed = 0;
    answer = () => Promise.resolve(renewed ? [SNAPSHOT] : [{ type: "error", code: "unauthorised" }]);
    make({
      socketUrl: null,
      onUnauthorised: () => {
        renewed += 1;
        return Promise.resolve(true);
      },
    });
    await pass(2_000);

    assert.equal(renewed, 1);
    assert.equal(state(), "live");
  });
});

describe("the HTTP door", () => {
  const json = (body: unknown, init: ResponseInit = {}): Response => new Response(JSON.stringify(body), init);
  let requests: { url: string; init: RequestInit }[];
  const door = (answers: Response[], url = (): string => "/events/?after=1"): HttpDoor<Message, Message> => {
    requests = [];
    return new HttpDoor<Message, Message>({
      commandsUrl: "/commands/",
      eventsUrl: url,
      headers: () => ({ Authorization: "Bearer t" }),
      fetch: (to, init) => {
        requests.push({ url: String(to), init: init! });
        return Promise.resolve(answers.shift()!);
      },
    });
  };

  test("a poll sends back the tag of the last answer, for the same address only", async () => {
    let after = 1;
    const it = door(
      [json({ events: [] }, { headers: { ETag: '"a"' } }), new Response(null, { status: 304 }), json({ events: [] })],
      () => `/events/?after=${after}`,
    );

    await it.poll();
    assert.equal(await it.poll(), null);
    after = 2;
    await it.poll();

    const tags = requests.map(({ init }) => (init.headers as Record<string, string>)["If-None-Match"]);
    assert.deepEqual(tags, [undefined, '"a"', undefined]);
  });

  test("a refusal is an answer", async () => {
    const refused = [{ type: "error", code: "too_long" }];

    assert.deepEqual(await door([json({ events: refused }, { status: 400 })]).command({ type: "x" }), refused);
  });

  test("what is not from the server is a failure", async () => {
    for (const bad of [new Response("<h1>Bad gateway</h1>", { status: 502 }), json({ token: 1 }), json([]), new Response("")]) {
      await assert.rejects(door([bad]).poll(), HttpFailure);
    }
  });

  test("no cookie goes along", async () => {
    await door([json({ events: [] })]).command({ type: "ping" });

    assert.equal(requests[0]!.init.credentials, "omit");
    assert.equal((requests[0]!.init.headers as Record<string, string>)["Authorization"], "Bearer t");
  });
});
