import { backoff, jitter } from "./backoff";
import type { ErrorCode, ProtocolError } from "./protocol";

/**
 * How the line is, for a person to read.
 *
 * `live` does not tell how (socket or polling): it makes no difference to the person. `reconnecting` has the time of the
 * next try, in milliseconds of the clock. `stopped` is final: only a reload (`version`), or nothing (`closed`), helps.
 */
export type Status =
  | { readonly state: "connecting" }
  | { readonly state: "live"; readonly via: "socket" | "http" }
  | { readonly state: "reconnecting"; readonly at: number }
  | { readonly state: "offline" }
  | { readonly state: "stopped"; readonly code: ErrorCode };

interface Typed {
  type: string;
}

export interface ConnectionOptions<C extends Typed, E extends Typed> {
  /** Absolute or relative to the page; null where there are no WebSockets. */
  socketUrl: string | null;
  /** The first frame of every socket, with the cursor of that moment: start-up and recovery are the same. */
  hello: () => C;
  httpCommand: (command: C) => Promise<E[]>;
  /** Everything new, or null when nothing is. */
  httpPoll: () => Promise<E[] | null>;
  onEvent: (event: E) => void;
  onStatus: (status: Status) => void;
  /**
   * The server does not know who we are (any more). Resolve to true after getting a new token: the connection starts
   * anew. Otherwise it stops.
   */
  onUnauthorised?: () => Promise<boolean>;
  /** Milliseconds between polls, now. */
  pollDelay?: () => number;
  environment?: Partial<Environment>;
}

/** What the connection takes from the browser, so that tests can stand in for it. */
export interface Environment {
  WebSocket: typeof WebSocket | undefined;
  random: () => number;
  now: () => number;
  isOnline: () => boolean;
  /** Calls back on signs that the line or the machine changed. Returns how to stop. */
  listen: (on: (sign: "online" | "offline" | "shown" | "hidden" | "left") => void) => () => void;
}

const PONG_IS_LATE = 4_000;
const OPENING_IS_LATE = 8_000;
const SNAPSHOT_IS_LATE = 10_000;
/** A socket that dies sooner than this counts as one that could not be opened. */
const SHORT_LIFE = 5_000;
/** So many sockets in a row that were not opened or died young: something between us does not let them through. */
const GIVE_UP_AFTER = 2;
/** While polling, a socket is tried again this often; sooner when the server was away, since that may have been all. */
const SOCKET_AGAIN = 180_000;
const SOCKET_AGAIN_SOON = 2_000;
const TICK = 5_000;
const DEFAULT_HEARTBEAT = 20;

/**
 * Keeps a line to the server: WebSocket first, plain HTTP where sockets do not get through, and back again.
 *
 * It knows nothing of what is said, except the few events that are about the line itself.
 */
export class Connection<C extends Typed, E extends Typed> {
  private readonly env: Environment;
  private status: Status = { state: "connecting" };
  private running = false;
  private mode: "socket" | "http" = "socket";
  private socket: WebSocket | null = null;
  /** A socket that is tried while polling goes on. */
  private trial: WebSocket | null = null;
  /** Every new try makes answers to older ones void. */
  private generation = 0;
  private tries = 0;
  private youngDeaths = 0;
  private socketEverWorked = false;
  private bornAt = 0;
  private heardAt = 0;
  private tickedAt = 0;
  private heartbeat = DEFAULT_HEARTBEAT;
  private notBefore = 0;
  private polling = false;
  private pollFailed = false;
  private everLive = false;
  private fallBacks = 0;
  private socketAgainAt = 0;
  private renewing = false;
  private queue: Promise<unknown> = Promise.resolve();
  private timers = new Map<string, ReturnType<typeof setTimeout>>();
  private unlisten: () => void = () => {};

  constructor(private readonly options: ConnectionOptions<C, E>) {
    this.env = { ...browserEnvironment(), ...options.environment };
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.tries = 0;
    this.notBefore = 0;
    this.unlisten = this.env.listen((sign) => this.onSign(sign));
    this.tickedAt = this.env.now();
    this.heardAt = this.env.now();
    this.tick();
    this.setStatus({ state: "connecting" });
    this.connect();
  }

  stop(): void {
    this.running = false;
    this.status = { state: "connecting" };
    this.unlisten();
    this.drop();
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  isLive(): boolean {
    return this.status.state === "live";
  }

  /** Sends `command` if the line is live and answers whether it did. What must not be lost belongs in an outbox. */
  send(command: C): boolean {
    if (!this.isLive()) return false;
    if (this.mode === "http") {
      this.httpSend(command);
      return true;
    }
    if (this.socket?.readyState !== 1) return false;
    this.socket.send(JSON.stringify(command));
    return true;
  }

  /** Is the line still there? Asks, and starts anew if no answer comes soon. */
  check(): void {
    if (!this.running || this.status.state === "stopped") return;
    if (this.env.now() < this.notBefore) return;
    if (this.polling) {
      this.pollSoon(0);
    } else if (this.socket?.readyState === 1 && this.bornAt && this.heardAt >= this.bornAt) {
      if (this.timers.has("pong")) return;
      this.socket.send(JSON.stringify({ type: "ping" }));
      this.later("pong", PONG_IS_LATE, () => this.restart());
    } else if (!this.socket) {
      this.restart();
    }
  }

  /** A new line at once, e.g. with a new token. */
  restart(): void {
    if (!this.running) return;
    this.drop();
    this.tries = 0;
    this.connect();
  }

  // ------------------------------------------------------------------------------------------------ socket

  private connect(): void {
    this.cancel("retry");
    if (this.mode === "http" || !this.options.socketUrl || !this.env.WebSocket) {
      this.mode = "http";
      this.startPolling();
      return;
    }
    this.openSocket(false);
  }

  /** `quietly`: polling goes on, and stays if this comes to nothing. */
  private openSocket(quietly: boolean): void {
    const generation = ++this.generation;
    let opened = 0;
    let ready = false;
    let socket: WebSocket;
    const isCurrent = (): boolean => generation === this.generation && this.running;
    const over = (): void => {
      this.cancel("open");
      if (!isCurrent()) return;
      const young = !ready || this.env.now() - opened < SHORT_LIFE;
      this.generation += 1;
      this.socket = this.trial = null;
      this.cancel("pong");
      if (quietly && !ready) return;
      this.youngDeaths = young ? this.youngDeaths + 1 : 0;
      if (ready && !young) this.tries = 0;
      if (this.youngDeaths >= GIVE_UP_AFTER) this.fallBack();
      this.retry();
    };
    try {
      socket = new this.env.WebSocket!(absolute(this.options.socketUrl!));
    } catch {
      over();
      return;
    }
    this.later("open", OPENING_IS_LATE, () => {
      discard(socket);
      over();
    });
    if (quietly) {
      this.trial = socket;
    } else {
      this.socket = socket;
      this.bornAt = 0;
    }
    socket.onopen = () => {
      if (!isCurrent()) return;
      opened = this.env.now();
      this.later("open", SNAPSHOT_IS_LATE, () => {
        discard(socket);
        over();
      });
      socket.send(JSON.stringify(this.options.hello()));
    };
    socket.onmessage = ({ data }) => {
      if (!isCurrent()) return;
      const event = parse<E>(data);
      if (!event) return;
      if (!ready && event.type.endsWith(".snapshot")) {
        ready = true;
        this.cancel("open");
        this.stopPolling();
        this.mode = "socket";
        this.socket = socket;
        this.trial = null;
        this.socketEverWorked = true;
        this.bornAt = opened;
        this.heard(event);
        this.later("young", SHORT_LIFE, () => {
          this.youngDeaths = 0;
          this.fallBacks = 0;
          this.tries = 0;
        });
        this.options.onEvent(event);
        this.setStatus({ state: "live", via: "socket" });
        return;
      }
      this.heard(event);
      this.take(event, socket);
    };
    socket.onclose = over;
    socket.onerror = () => {};
  }

  private heard(event: E): void {
    this.heardAt = this.env.now();
    this.cancel("pong");
    const { heartbeat } = event as { heartbeat?: unknown };
    if (typeof heartbeat === "number" && heartbeat > 0) this.heartbeat = heartbeat;
    // The browser may have said that we are offline; what was just heard says otherwise.
    if (this.status.state === "offline" && this.socket && this.bornAt) this.setStatus({ state: "live", via: "socket" });
  }

  private retry(): void {
    this.cancel("young");
    const now = this.env.now();
    const wait = Math.max(backoff(this.tries, { random: this.env.random }), this.notBefore - now);
    this.tries += 1;
    // Sockets that something on the way refuses are no lost connection: HTTP is tried next, and only its failure is news.
    const isNews = this.everLive || this.pollFailed;
    if (!this.env.isOnline()) this.setStatus({ state: "offline" });
    else this.setStatus(isNews ? { state: "reconnecting", at: now + wait } : { state: "connecting" });
    this.later("retry", wait, () => this.connect());
  }

  /** Lets go of the socket without a word to the rest of the class. */
  private drop(): void {
    this.generation += 1;
    for (const socket of [this.socket, this.trial]) if (socket) discard(socket);
    this.socket = this.trial = null;
    this.bornAt = 0;
    for (const name of ["open", "pong", "retry", "young"]) this.cancel(name);
    this.stopPolling();
  }

  // -------------------------------------------------------------------------------------------------- HTTP

  private fallBack(): void {
    this.mode = "http";
    this.youngDeaths = 0;
    this.fallBacks += 1;
    this.socketAgainAt = this.env.now() + this.untilSocketAgain(this.socketEverWorked);
  }

  /** Soon where there is hope, later and later where sockets keep dying. */
  private untilSocketAgain(hope: boolean): number {
    const wait = hope ? SOCKET_AGAIN_SOON * 2 ** Math.min(this.fallBacks, 10) : SOCKET_AGAIN;
    return jitter(Math.min(wait, SOCKET_AGAIN), this.env.random);
  }

  private startPolling(): void {
    if (this.polling) return;
    this.polling = true;
    this.pollSoon(0);
  }

  private stopPolling(): void {
    this.polling = false;
    this.cancel("poll");
  }

  private pollSoon(ms: number): void {
    if (this.polling) this.later("poll", ms, () => void this.inTurn(() => this.poll()));
  }

  /** One request at a time: an older answer must not overtake a newer one. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.queue.then(work);
    this.queue = result.catch(() => {});
    return result;
  }

  private async poll(): Promise<void> {
    if (!this.polling) return;
    try {
      const events = await this.options.httpPoll();
      if (!this.polling) return;
      const refusal = events?.find(({ type }) => type === "error") as unknown as ProtocolError | undefined;
      for (const event of events ?? []) this.take(event);
      if (refusal) {
        if (this.isAboutTheLine(refusal)) return;
        throw refusal;
      }
    } catch (error) {
      if (this.polling) this.onPollFailure(error as Partial<ProtocolError>);
      return;
    }
    this.tries = 0;
    this.heardAt = this.env.now();
    this.setStatus({ state: "live", via: "http" });
    this.trySocketAgain();
    this.pollSoon(jitter(this.options.pollDelay?.() ?? 1_500, this.env.random));
  }

  private onPollFailure({ retry_after }: Partial<ProtocolError>): void {
    this.pollFailed = true;
    this.polling = false;
    if (retry_after) this.notBefore = this.env.now() + retry_after * 1000;
    this.retry();
  }

  /** The server answers: perhaps sockets work too (again). Quietly, and rarely where they never did. */
  private trySocketAgain(): void {
    if (!this.options.socketUrl || !this.env.WebSocket) return;
    const now = this.env.now();
    if (this.pollFailed) {
      this.pollFailed = false;
      this.socketAgainAt = Math.min(this.socketAgainAt, now + this.untilSocketAgain(true));
    }
    if (now < this.socketAgainAt) return;
    this.socketAgainAt = now + jitter(SOCKET_AGAIN, this.env.random);
    this.openSocket(true);
  }

  private httpSend(command: C): void {
    void this.inTurn(async () => {
      try {
        const events = await this.options.httpCommand(command);
        for (const event of events) this.take(event);
        // What a command set off is likely to be there already.
        this.pollSoon(jitter(300, this.env.random));
      } catch {
        // Not known whether it arrived. What matters is in the outbox; the poll finds out how the line is.
        this.pollSoon(0);
      }
    });
  }

  // ------------------------------------------------------------------------------------------------- events

  private take(event: E, socket?: WebSocket): void {
    if (event.type === "error") {
      const error = event as unknown as ProtocolError;
      if (error.retry_after && !error.ref) this.notBefore = this.env.now() + error.retry_after * 1000;
      if (this.isAboutTheLine(error)) {
        this.options.onEvent(event);
        if (error.code === "unauthorised" && this.options.onUnauthorised) void this.renew();
        else this.halt(error.code, socket);
        return;
      }
    }
    this.options.onEvent(event);
  }

  private isAboutTheLine(error: ProtocolError): boolean {
    if (error.code === "version" || error.code === "unauthorised") return true;
    // With a ref these refuse one command; without, the whole line (an operator who may no longer be one).
    return (error.code === "closed" || error.code === "forbidden") && !error.ref;
  }

  private async renew(): Promise<void> {
    if (this.renewing) return;
    this.renewing = true;
    this.drop();
    this.setStatus({ state: "reconnecting", at: this.env.now() });
    const renewed = await this.options.onUnauthorised!().catch(() => false);
    this.renewing = false;
    if (!this.running) return;
    // Through the backoff: a server that refuses every token it gives must not be hammered.
    if (renewed) this.retry();
    else this.halt("unauthorised");
  }

  private halt(code: ErrorCode, socket?: WebSocket): void {
    if (socket) discard(socket);
    this.stop();
    this.setStatus({ state: "stopped", code });
  }

  // -------------------------------------------------------------------------------------------- signs of life

  /** Timers stand still while a machine sleeps: a tick that comes much too late is a waking. */
  private tick(): void {
    const now = this.env.now();
    const slept = now - this.tickedAt > TICK + 15_000;
    const silent = this.mode === "socket" && this.bornAt > 0 && now - this.heardAt > 2_000 * this.heartbeat;
    this.tickedAt = now;
    // After a sleep the silence says nothing: ask first.
    if (slept) this.check();
    else if (silent) this.restart();
    this.later("tick", TICK, () => this.tick());
  }

  private onSign(sign: "online" | "offline" | "shown" | "hidden" | "left"): void {
    if (!this.running) return;
    if (sign === "offline") {
      this.setStatus({ state: "offline" });
      this.check();
    } else if (sign === "left") {
      // An open socket keeps the page out of the back/forward cache. `shown` comes when the page does.
      this.drop();
      this.setStatus({ state: "reconnecting", at: this.env.now() });
    } else if (sign !== "hidden") {
      this.check();
    }
  }

  // ------------------------------------------------------------------------------------------------- the rest

  private setStatus(status: Status): void {
    const old = this.status;
    this.status = status;
    if (status.state === "live") this.everLive = true;
    if (old.state !== "live" || status.state !== "live" || old.via !== status.via) this.options.onStatus(status);
  }

  private later(name: string, ms: number, work: () => void): void {
    this.cancel(name);
    this.timers.set(
      name,
      setTimeout(() => {
        this.timers.delete(name);
        work();
      }, ms),
    );
  }

  private cancel(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }
}

function discard(socket: WebSocket): void {
  socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
  try {
    socket.close();
  } catch {
    // Closing a socket that is not open yet may throw in some browsers; it is of no more use either way.
  }
}

function parse<E extends Typed>(data: unknown): E | null {
  try {
    const event = JSON.parse(String(data)) as E;
    return typeof event?.type === "string" ? event : null;
  } catch {
    return null;
  }
}

/** `WebSocket` takes relative addresses only in the newest browsers. */
function absolute(url: string): string {
  const base = globalThis.location?.href ?? "http://localhost/";
  return new URL(url, base).href.replace(/^http/, "ws");
}

function browserEnvironment(): Environment {
  return {
    WebSocket: globalThis.WebSocket,
    random: Math.random,
    now: Date.now,
    isOnline: () => globalThis.navigator?.onLine !== false,
    listen(on) {
      const { document, window } = globalThis;
      if (!window) return () => {};
      const controller = new AbortController();
      const { signal } = controller;
      window.addEventListener("online", () => on("online"), { signal });
      window.addEventListener("offline", () => on("offline"), { signal });
      window.addEventListener("pageshow", ({ persisted }) => persisted && on("shown"), { signal });
      window.addEventListener("pagehide", () => on("left"), { signal });
      document.addEventListener(
        "visibilitychange",
        () => on(document.visibilityState === "hidden" ? "hidden" : "shown"),
        { signal },
      );
      return () => controller.abort();
    },
  };
}
