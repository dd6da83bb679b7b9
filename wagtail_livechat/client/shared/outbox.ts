import type { ErrorCode, ProtocolError, Timeline } from "./protocol";
import { readJson, type Store } from "./store";
import { uuid } from "./uuid";

/** A text that the server has not acknowledged yet. */
export interface Pending {
  readonly client_id: string;
  /** null: it starts a conversation. */
  readonly conversation: string | null;
  readonly kind: "text" | "note";
  readonly text: string;
  /** When it was written, milliseconds; also its place in line. */
  readonly at: number;
  readonly tries: number;
  /** The prepared answer that it began as. */
  readonly quick_reply?: number;
  /** How it begins a conversation, where a form was filled in. */
  readonly begin?: Beginning;
  /** Why the server refused it. It waits for the person: try again, edit, or give up. */
  readonly refused?: { readonly code: ErrorCode; readonly message: string };
}

export interface Beginning {
  /** `case`: a message left while nobody is there. */
  readonly as: "chat" | "case";
  readonly answers: Readonly<Record<string, string | number | boolean>>;
}

/**
 * Texts that wait for their acknowledgement, in storage that survives a reload and is shared by the tabs of a site.
 *
 * One key per text: two tabs that rewrote one shared list could each drop what the other had just added. That several
 * tabs may send the same text is harmless, since the server stores a `client_id` once.
 */
export class Outbox {
  private readonly listeners = new Set<() => void>();
  private newest = 0;

  constructor(
    private readonly store: Store,
    private readonly prefix: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** What waits, oldest first. */
  list(): Pending[] {
    return this.store
      .keys(this.prefix)
      .map((key) => readJson<Pending>(this.store, key))
      .filter((item): item is Pending => typeof item?.client_id === "string" && typeof item.text === "string")
      .sort((a, b) => a.at - b.at || (a.client_id < b.client_id ? -1 : 1));
  }

  get(clientId: string): Pending | null {
    return readJson<Pending>(this.store, this.prefix + clientId);
  }

  add(
    text: string,
    conversation: string | null,
    kind: Pending["kind"] = "text",
    more: Pick<Pending, "begin" | "quick_reply"> = {},
  ): Pending {
    // Two texts in one millisecond keep their order.
    this.newest = Math.max(this.now(), this.newest + 1);
    const item: Pending = { client_id: uuid(), conversation, kind, text, at: this.newest, tries: 0, ...more };
    this.put(item);
    return item;
  }

  /** The server has it. */
  acknowledge(clientId: string): void {
    if (this.get(clientId)) this.remove(clientId);
  }

  /** The server will not take it as it is. It stays until the person decides. */
  refuse(clientId: string, code: ErrorCode, message: string): void {
    const item = this.get(clientId);
    if (item) this.put({ ...item, refused: { code, message } });
  }

  tried(clientId: string): void {
    const item = this.get(clientId);
    if (item) this.put({ ...item, tries: item.tries + 1 }, false);
  }

  /** The person wants a refused text to be sent again: the same text, so the same client id, perhaps to another conversation. */
  retry(clientId: string, conversation?: string | null): void {
    const item = this.get(clientId);
    if (!item) return;
    const { refused: _, ...rest } = item;
    this.put({ ...rest, conversation: conversation === undefined ? item.conversation : conversation, tries: 0 });
  }

  /** The person takes the text back. */
  remove(clientId: string): void {
    this.store.remove(this.prefix + clientId);
    this.changed();
  }

  /** Calls `listener` after every change, here or in another tab. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    const other = (event: StorageEvent): void => {
      if (event.key === null || event.key.startsWith(this.prefix)) listener();
    };
    this.listeners.add(listener);
    globalThis.addEventListener?.("storage", other);
    return () => {
      this.listeners.delete(listener);
      globalThis.removeEventListener?.("storage", other);
    };
  }

  private put(item: Pending, tell = true): void {
    this.store.set(this.prefix + item.client_id, JSON.stringify(item));
    if (tell) this.changed();
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

/** The client ids that `event` acknowledges: those of the entries that it carries. */
export function acknowledged(event: { type: string }): string[] {
  const { entry, timeline, timelines } = event as {
    entry?: { client_id?: string };
    timeline?: Timeline;
    timelines?: Timeline[];
  };
  const entries = [entry, ...[timeline, ...(timelines ?? [])].flatMap((stretch) => stretch?.entries ?? [])];
  return entries.flatMap((one) => (one?.client_id ? [one.client_id] : []));
}

/** Codes after which the very same command may succeed a little later, even when the server names no time. */
const PASSING = new Set<ErrorCode>(["rate_limited", "unavailable"]);
const ACKNOWLEDGEMENT_IS_LATE = 10_000;

/**
 * Sends what waits in an outbox: in order, and per conversation one at a time, so that a refusal or a lost line cannot
 * change the order in which a person wrote. A text that starts a conversation may end up in one that is open already, so
 * it waits for all that was written before it, and all that was written after it waits.
 *
 * `send` gets a text with its `client_id`, which is to be the command's `ref` too; it answers false if the line is down.
 */
export class Flusher {
  private readonly waiting = new Map<string, { clientId: string; timer: ReturnType<typeof setTimeout> }>();
  private readonly unsubscribe: () => void;

  constructor(
    private readonly outbox: Outbox,
    private readonly send: (item: Pending) => boolean,
  ) {
    this.unsubscribe = outbox.subscribe(() => this.flush());
  }

  /** Sends the first text of every conversation in which none is on its way. */
  flush(): void {
    const seen = new Set<string>();
    for (const item of this.outbox.list()) {
      const lane = item.conversation ?? "";
      if (item.refused || seen.has(lane)) continue;
      if (seen.has("") || (!lane && seen.size)) break;
      seen.add(lane);
      const flying = this.waiting.get(lane);
      if (flying && this.outbox.get(flying.clientId)) continue;
      if (flying) this.land(lane);
      this.hold(lane, item.client_id, ACKNOWLEDGEMENT_IS_LATE);
      if (this.send(item)) this.outbox.tried(item.client_id);
      else this.land(lane);
    }
  }

  /** To be called with every event, before it is shown. Returns true for a refusal of a text of this outbox. */
  onEvent(event: { type: string }): boolean {
    let refused = false;
    for (const clientId of acknowledged(event)) this.outbox.acknowledge(clientId);
    if (event.type === "error") refused = this.onError(event as ProtocolError);
    return refused;
  }

  /** The line went down: whatever was on its way is sent again on the next one. */
  onLineDown(): void {
    for (const lane of [...this.waiting.keys()]) this.land(lane);
  }

  /** No more sending, e.g. when the element leaves the page. */
  stop(): void {
    this.unsubscribe();
    this.onLineDown();
  }

  private onError(error: ProtocolError): boolean {
    const item = error.ref ? this.outbox.get(error.ref) : null;
    if (!item) return false;
    // The session is renewed, or the person told; the text itself is not at fault.
    if (error.code === "unauthorised" || error.code === "version") return true;
    if (error.retry_after !== undefined || PASSING.has(error.code)) {
      this.hold(item.conversation ?? "", item.client_id, Math.min(Math.max(error.retry_after ?? 2, 0.25), 60) * 1000);
      return true;
    }
    this.land(item.conversation ?? "");
    this.outbox.refuse(item.client_id, error.code, error.message);
    return true;
  }

  /** Keeps the lane for `clientId`; if nothing has come by then, the first in line is sent again. */
  private hold(lane: string, clientId: string, ms: number): void {
    this.land(lane);
    const timer = setTimeout(() => {
      this.land(lane);
      this.flush();
    }, ms);
    this.waiting.set(lane, { clientId, timer });
  }

  private land(lane: string): void {
    clearTimeout(this.waiting.get(lane)?.timer);
    this.waiting.delete(lane);
  }
}
