import { storageKey, type Boot } from "../loader/contract";
import { Asking } from "../shared/asking";
import { backoff } from "../shared/backoff";
import { Connection, type Status } from "../shared/connection";
import { HttpDoor } from "../shared/http";
import { Flusher, Outbox, type Beginning, type Pending } from "../shared/outbox";
import { VERSION, type ConversationState, type FieldFault, type PageRefInput, type ProtocolError, type StartConversation, type VisitorCommand, type VisitorEvent } from "../shared/protocol";
import { localStore, readJson, tabStore, type Store } from "../shared/store";
import { lengthOf } from "../shared/text";
import { ReceiptMarker, TypingSignal } from "../shared/throttle";
import { hasHole } from "../shared/timeline";
import { initialVisitorState, visitorReducer, visitorTick, type VisitorState } from "../shared/visitorReducer";
import { panesOf, type Config, type FieldName, type Pane } from "./config";

const FETCH_IS_LATE = 5_000;
const DRAFT_DELAY = 300;
const ANSWER_IS_LATE = 15_000;

export type Answers = Beginning["answers"];
export type Faults = Readonly<Record<string, FieldFault>>;

/** Whether anything can be said there. */
export function isOpen(state: ConversationState): boolean {
  return state === "queued" || state === "active";
}

/** What was filled in: an empty field was not. */
function given(answers: Answers): Partial<StartConversation> {
  return Object.fromEntries(Object.entries(answers).filter(([, value]) => value));
}

/**
 * The visitor's side of a conversation, without a picture: what is known, what waits, and what the person can do.
 *
 * The view reads its fields after each `onChange`.
 */
export class Chat {
  state: VisitorState = initialVisitorState;
  status: Status = { state: "connecting" };
  isOpen = false;
  pane: Pane;
  /** The ended conversation that the visitor has put behind them to begin a new one. */
  leftBehind: string | null = null;
  /** What is beyond this seq was new when the visitor came to look; null when nothing was. */
  newAfter: number | null = null;
  draft: string;
  /** What was typed into forms; kept over a reload until it has arrived. */
  answers: Answers;
  /** What the server had against the answers. */
  faults: Faults = {};
  /** Rises with every refusal of a form, so that the person can be taken to what is wrong. */
  faultsAt = 0;
  sound: boolean;
  /** The auto-message that the visitor came in by. */
  auto = "";
  /** What the link or button on the page carried that opened the chat. */
  opener = "";

  onChange: () => void = () => {};
  /** A message from the other side arrived that the visitor is not looking at; `message` names it, the same in all tabs. */
  onUnseen: (message: string) => void = () => {};

  readonly outbox: Outbox;
  private readonly store: Store;
  private readonly tab: Store;
  private readonly flusher: Flusher;
  private readonly connection: Connection<VisitorCommand, VisitorEvent>;
  private readonly door: HttpDoor<VisitorCommand, VisitorEvent>;
  private readonly typing: TypingSignal;
  private receipts: { conversation: string; marker: ReceiptMarker } | null = null;
  /** What this visitor has looked at, here; the server's `seen_seq` knows of other tabs too. */
  private seen = 0;
  /** The visitor has just come to look: what is unread now is new to them. */
  private arriving = true;
  private running = false;
  private fetching: { key: string; until: number } | null = null;
  private readonly asking = new Asking<VisitorEvent>(ANSWER_IS_LATE);
  /** Milliseconds that the server's clock is ahead of ours. */
  private skew = 0;
  private draftTimer: ReturnType<typeof setTimeout> | undefined;
  private fadeTimer: ReturnType<typeof setTimeout> | undefined;
  private sessionTries = 0;
  private sessionNotBefore = 0;

  constructor(
    readonly config: Config,
    private readonly boot: Boot,
    private readonly page: number | null,
    stores: { local?: Store; tab?: Store } = {},
  ) {
    this.store = stores.local ?? localStore();
    this.tab = stores.tab ?? tabStore();
    this.outbox = new Outbox(this.store, this.key("outbox:"));
    this.draft = this.store.get(this.key("draft")) ?? "";
    const pane = this.tab.get(this.key("pane")) as Pane | null;
    this.pane = pane && panesOf(config).includes(pane) ? pane : "chat";
    this.answers = readJson<Answers>(this.store, this.key("answers")) ?? {};
    const sound = this.store.get(this.key("sound"));
    this.sound = sound === null ? config.sound : sound === "1";

    this.door = new HttpDoor({
      commandsUrl: config.urls.commands,
      eventsUrl: () => this.eventsUrl(),
      headers: () => ({ Authorization: `Bearer ${this.token() ?? ""}` }),
    });
    this.connection = new Connection<VisitorCommand, VisitorEvent>({
      socketUrl: config.urls.socket,
      hello: () => this.hello(),
      httpCommand: (command) => this.door.command(command),
      httpPoll: () => this.door.poll(),
      onEvent: (event) => this.onEvent(event),
      onStatus: (status) => this.onStatus(status),
      onUnauthorised: () => this.renewSession(),
      pollDelay: () => this.pollDelay(),
    });
    this.flusher = new Flusher(this.outbox, (item) => this.sendItem(item));
    this.typing = new TypingSignal((active) => {
      const conversation = this.openConversation();
      if (conversation) this.connection.send({ type: "typing.set", conversation, active });
    });
    this.outbox.subscribe(() => this.changed());

    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") return this.saveDraft();
      this.arriving = this.unread > 0;
      this.look();
      this.changed();
    });
    window.addEventListener("pagehide", () => {
      this.receipts?.marker.flush();
      this.saveDraft();
    });
    window.addEventListener("storage", ({ key, newValue }) => {
      // Another tab has a new token (ours was refused there too, or this one never had any).
      if (key === this.key("token") && newValue && this.running) this.connection.restart();
    });
  }

  // -------------------------------------------------------------------------------------- what a person does

  open(): void {
    if (this.isOpen) return;
    this.isOpen = true;
    this.arriving = true;
    this.tab.set(this.key("open"), "1");
    this.run();
    this.look();
    this.changed();
  }

  show(pane: Pane): void {
    this.pane = pane;
    this.tab.set(this.key("pane"), pane);
    this.arriving = this.unread > 0;
    this.look();
    this.changed();
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.newAfter = null;
    this.tab.remove(this.key("open"));
    this.typing.stop();
    this.saveDraft();
    this.receipts?.marker.flush();
    this.restIfIdle();
    this.changed();
  }

  /** Follows a conversation that goes on, without opening the window. */
  follow(): void {
    if (this.token()) this.run();
  }

  setDraft(text: string): void {
    this.draft = text;
    clearTimeout(this.draftTimer);
    this.draftTimer = setTimeout(() => this.saveDraft(), DRAFT_DELAY);
    if (text.trim()) this.typing.key();
    else this.typing.stop();
    this.changed();
  }

  setAnswer(name: FieldName, value: string | number | boolean): void {
    this.answers = { ...this.answers, [name]: value };
    const { [name]: _, ...faults } = this.faults;
    this.faults = faults;
    clearTimeout(this.draftTimer);
    this.draftTimer = setTimeout(() => this.saveDraft(), DRAFT_DELAY);
    this.changed();
  }

  /** Says beside the fields what is wrong with them. */
  setFaults(faults: Faults): void {
    this.faults = faults;
    if (Object.keys(faults).length) this.faultsAt += 1;
    this.changed();
  }

  /** Sends the draft as the first message of a conversation, or as a case, with the answers. */
  beginAs(as: Beginning["as"]): boolean {
    return this.send({ as, answers: this.answers });
  }

  /** Asks the server for something, once. Answers with what it refused, or null if it was done. */
  async ask(command: VisitorCommand): Promise<Pick<ProtocolError, "code"> & Partial<ProtocolError> | null> {
    const event = await this.asking.ask((ref) => this.connection.send({ ...command, ref }));
    if (!event) return { code: "unavailable" };
    return event.type === "error" ? event : null;
  }

  /** What another door than the line's answered. */
  take(events: VisitorEvent[]): void {
    for (const event of events) this.onEvent(event);
  }

  /** Takes the draft on its way. Answers false, and keeps the text, when it is empty or too long. */
  send(begin?: Beginning): boolean {
    const text = this.draft.trim();
    if (!text || lengthOf(text) > this.config.limits.message) return false;
    // The text is in the outbox before it leaves the draft: a crash between the two shows it twice, never not at all.
    this.outbox.add(text, this.lane(), "text", begin ? { begin } : {});
    this.draft = "";
    this.faults = {};
    this.saveDraft();
    this.typing.stop();
    this.newAfter = null;
    this.leftBehind = this.leftBehind && this.state.conversation?.id === this.leftBehind ? this.leftBehind : null;
    this.markActive();
    this.changed();
    return true;
  }

  tryAgain(item: Pending): void {
    if (item.refused?.code === "client_id_conflict") {
      this.outbox.remove(item.client_id);
      this.outbox.add(item.text, this.lane());
    } else {
      this.outbox.retry(item.client_id, this.lane());
    }
  }

  /** Puts a refused text back into the field. */
  edit(item: Pending): void {
    this.draft = this.draft.trim() ? `${item.text}\n${this.draft}` : item.text;
    this.saveDraft();
    this.outbox.remove(item.client_id);
  }

  discard(item: Pending): void {
    this.outbox.remove(item.client_id);
    this.markActive();
  }

  end(): void {
    const conversation = this.openConversation();
    if (conversation) this.connection.send({ type: "conversation.end", conversation });
  }

  startNew(): void {
    this.leftBehind = this.state.conversation?.id ?? null;
    this.changed();
  }

  earlier(): void {
    const { timeline } = this.state;
    if (timeline?.loaded && timeline.floor > 0) this.fetchOnce({ before: timeline.floor + 1 });
  }

  setSound(on: boolean): void {
    this.sound = on;
    this.store.set(this.key("sound"), on ? "1" : "0");
    this.changed();
  }

  /** The line is bad and the person does not want to wait. */
  retryNow(): void {
    this.connection.restart();
  }

  // ------------------------------------------------------------------------------------------- what is known

  /** The conversation that is shown: not one that the visitor has left behind. */
  get conversation(): VisitorState["conversation"] {
    const { conversation } = this.state;
    return conversation && conversation.id !== this.leftBehind ? conversation : null;
  }

  get site(): VisitorState["site"] {
    return this.state.ready ? this.state.site : this.boot.state;
  }

  /** When the site opens next, if its opening hours close it now. */
  get opensAt(): string | null {
    return (this.state.ready ? this.state.opensAt : this.boot.opens_at) ?? null;
  }

  /** Messages of the other side beyond what was looked at in any tab. */
  get unread(): number {
    const { conversation, timeline } = this.state;
    if (!conversation || !timeline) return 0;
    const seen = Math.max(conversation.seen_seq, this.seen);
    return timeline.entries.filter((e) => e.seq > seen && e.kind !== "system" && e.author.kind !== "visitor").length;
  }

  /** Milliseconds for which the visitor has waited in line. */
  get waited(): number {
    const since = this.conversation?.queued_at;
    return since ? Math.max(0, Date.now() + this.skew - Date.parse(since)) : 0;
  }

  /** The visitor was asked for an address and would rather wait. */
  get keepsWaiting(): boolean {
    return this.tab.get(this.key("waiting")) === this.conversation?.id;
  }

  keepWaiting(): void {
    this.tab.set(this.key("waiting"), this.conversation?.id ?? "");
    this.changed();
  }

  isLive(): boolean {
    return this.connection.isLive();
  }

  canEnd(): boolean {
    return this.openConversation() !== null && this.isLive();
  }

  // --------------------------------------------------------------------------------------------------- line

  private run(): void {
    if (this.running) return;
    this.running = true;
    void this.begin();
  }

  private async begin(): Promise<void> {
    while (this.running && !this.token()) {
      const answer = await this.newSession();
      if (answer === "refused") {
        this.running = false;
        this.onStatus({ state: "stopped", code: "closed" });
        return;
      }
      if (answer === "failed") {
        const wait = Math.max(500 + backoff(this.sessionTries++), this.sessionNotBefore - Date.now());
        this.onStatus(
          navigator.onLine ? { state: "reconnecting", at: Date.now() + wait } : { state: "offline" },
        );
        await new Promise((done) => setTimeout(done, wait));
      }
    }
    if (this.running) this.connection.start();
  }

  private async newSession(): Promise<"ok" | "refused" | "failed"> {
    try {
      const answer = await fetch(this.config.urls.session, {
        method: "POST",
        credentials: "omit",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ site: this.config.site, language: this.config.lang }),
      });
      if (answer.status === 403) return "refused";
      // Never longer than a minute: that an address has had enough sessions may change when the network does.
      this.sessionNotBefore = Date.now() + 1000 * Math.min(60, Number(answer.headers.get("Retry-After")) || 0);
      if (!answer.ok) return "failed";
      const { token } = (await answer.json()) as { token?: string };
      if (!token) return "failed";
      // Another tab may have been faster; one visitor should be one visitor.
      if (!this.token()) this.store.set(this.key("token"), token);
      this.sessionTries = 0;
      return "ok";
    } catch {
      return "failed";
    }
  }

  /** The token is no longer good: a new visitor, who still wants to say what waits in the outbox. */
  private async renewSession(): Promise<boolean> {
    this.store.remove(this.key("token"));
    this.store.remove(this.key("active"));
    this.state = { ...initialVisitorState, site: this.state.site, opensAt: this.state.opensAt };
    this.seen = 0;
    this.door.reset();
    this.flusher.onLineDown();
    for (const item of this.outbox.list()) if (item.conversation) this.outbox.retry(item.client_id, null);
    this.changed();
    const answer = await this.newSession();
    if (answer === "failed") {
      this.connection.stop();
      void this.begin();
    }
    return answer === "ok";
  }

  private hello(): VisitorCommand {
    const { timeline } = this.state;
    const token = this.token();
    return {
      type: "visitor.hello",
      version: VERSION,
      ...(token && { token }),
      ...(timeline?.loaded && { cursor: { conversation: timeline.conversation, after: timeline.cursor } }),
      page: this.pageRef(),
    };
  }

  private eventsUrl(): string {
    const url = new URL(this.config.urls.events, location.href);
    const { timeline } = this.state;
    if (timeline?.loaded) {
      url.searchParams.set("conversation", timeline.conversation);
      url.searchParams.set("after", String(timeline.cursor));
    }
    return url.href;
  }

  private pollDelay(): number {
    if (document.visibilityState === "hidden") return 10_000;
    if (!this.openConversation()) return this.isOpen ? 8_000 : 20_000;
    return this.isOpen ? 1_500 : 3_000;
  }

  private pageRef(): PageRefInput {
    return {
      url: (window.wagtailLivechat!.href ?? location.href).split("#")[0]!.slice(0, 2_000),
      title: document.title.slice(0, 255),
      ...(this.page && { id: this.page }),
    };
  }

  private onStatus(status: Status): void {
    const wasLive = this.status.state === "live";
    this.status = status;
    if (status.state === "live") {
      this.fetching = null;
      this.flusher.flush();
      this.fill();
      this.receipts?.marker.again();
      this.restIfIdle();
    } else if (wasLive) {
      this.flusher.onLineDown();
    }
    if (status.state === "stopped") this.running = false;
    this.changed();
  }

  private onEvent(event: VisitorEvent): void {
    const before = this.state;
    this.flusher.onEvent(event);
    if (event.type === "visitor.snapshot") this.skew = Date.parse(event.time) - Date.now();
    this.asking.onEvent(event);
    if (event.type === "error" && event.code === "bad_form") this.onBadForm(event);
    if (event.type === "timeline.page" || event.type === "error") this.fetching = null;
    this.state = visitorReducer(before, event, Date.now());
    const { conversation, timeline } = this.state;
    if (this.leftBehind && conversation?.id !== this.leftBehind) this.leftBehind = null;
    if (conversation?.id !== before.conversation?.id) this.seen = 0;
    // It has begun: what the form was told is the server's now.
    if (conversation && conversation.id !== before.conversation?.id) this.forgetAnswers();
    if (this.state.typing.length) this.fadeTyping();
    if (this.connection.isLive()) this.fill();
    this.flusher.flush();
    this.markActive();

    const isNews = before.ready && timeline && before.timeline?.conversation === timeline.conversation;
    const newest = timeline?.entries[timeline.entries.length - 1];
    if (isNews && newest && newest.seq > before.timeline!.cursor) {
      if (newest.author.kind !== "visitor" && newest.kind !== "system" && !this.isLooking()) {
        this.onUnseen(`${timeline.conversation} ${newest.seq}`);
      }
    }
    this.look();
    this.restIfIdle();
    this.changed();
  }

  private forgetAnswers(): void {
    this.answers = {};
    this.store.remove(this.key("answers"));
  }

  /** The text goes back into the form, which shows what is wrong. */
  private onBadForm({ ref, faults }: ProtocolError): void {
    const item = ref ? this.outbox.get(ref) : null;
    if (!item) return;
    this.answers = item.begin?.answers ?? this.answers;
    this.edit(item);
    this.setFaults(faults ?? {});
  }

  private sendItem(item: Pending): boolean {
    const { client_id, text } = item;
    if (item.conversation) {
      return this.connection.send({ type: "message.post", ref: client_id, conversation: item.conversation, client_id, text });
    }
    const { as, answers } = item.begin ?? {};
    return this.connection.send({
      ...given(answers ?? {}),
      type: as === "case" ? "case.leave" : "conversation.start",
      ref: client_id,
      client_id,
      text,
      page: this.pageRef(),
      language: this.config.lang,
      ...(this.auto && { auto_message: this.auto }),
      ...(this.opener && { opener: this.opener }),
    });
  }

  /** Which conversation a new text is for. While one waits that starts a conversation, later ones queue behind it. */
  private lane(): string | null {
    const starting = this.outbox.list().some((item) => item.conversation === null && !item.refused);
    return starting ? null : this.openConversation();
  }

  openConversation(): string | null {
    const { conversation } = this.state;
    return conversation && isOpen(conversation.state) ? conversation.id : null;
  }

  private fill(): void {
    const { timeline } = this.state;
    if (timeline && hasHole(timeline)) this.fetchOnce({ after: timeline.loaded ? timeline.cursor : 0 });
  }

  private fetchOnce(stretch: { after: number } | { before: number }): void {
    const { timeline } = this.state;
    const key = `${timeline!.conversation} ${JSON.stringify(stretch)}`;
    const now = Date.now();
    if (this.fetching?.key === key && now < this.fetching.until) return;
    this.fetching = { key, until: now + FETCH_IS_LATE };
    this.connection.send({ type: "timeline.fetch", conversation: timeline!.conversation, ...stretch });
  }

  // ----------------------------------------------------------------------------------------------- attention

  /** The chat can be seen in the window. */
  get isShown(): boolean {
    return this.isOpen && this.pane === "chat";
  }

  isLooking(): boolean {
    return this.isShown && document.visibilityState === "visible";
  }

  /** What is on the screen now counts as seen; what has arrived, as delivered. */
  private look(): void {
    const { conversation, timeline } = this.state;
    if (!conversation || !timeline) return;
    const theirs = timeline.entries.filter(({ author }) => author.kind !== "visitor");
    const last = theirs[theirs.length - 1]?.seq ?? 0;
    const looking = this.isLooking();
    if (looking && this.arriving && this.state.ready) {
      this.arriving = false;
      this.newAfter = this.unread ? Math.max(conversation.seen_seq, this.seen) : null;
    }
    if (looking) this.seen = Math.max(this.seen, last);
    if (this.receipts?.conversation !== conversation.id) {
      this.receipts?.marker.stop();
      const { id } = conversation;
      this.receipts = {
        conversation: id,
        marker: new ReceiptMarker((marks) => this.connection.send({ type: "receipt.mark", conversation: id, ...marks })),
      };
    }
    if (last) this.receipts.marker.mark(last, Math.min(this.seen, last));
  }

  private fadeTyping(): void {
    clearTimeout(this.fadeTimer);
    this.fadeTimer = setTimeout(() => {
      const state = visitorTick(this.state, Date.now());
      if (state !== this.state) {
        this.state = state;
        this.changed();
      }
      if (state.typing.length) this.fadeTyping();
    }, 1_000);
  }

  /** A closed window with nothing going on needs no line. */
  private restIfIdle(): void {
    if (this.isOpen || !this.running || !this.connection.isLive()) return;
    if (this.openConversation() || this.outbox.list().some((item) => !item.refused)) return;
    this.running = false;
    this.connection.stop();
  }

  /** Tells the loader of the next page whether there is anything to follow. */
  private markActive(): void {
    const key = this.key("active");
    const active = this.openConversation() !== null || this.outbox.list().length > 0;
    if (active === (this.store.get(key) !== null)) return;
    if (active) this.store.set(key, "1");
    else if (this.state.ready) this.store.remove(key);
  }

  private saveDraft(): void {
    clearTimeout(this.draftTimer);
    const key = this.key("draft");
    if (this.draft) this.store.set(key, this.draft);
    else if (this.store.get(key) !== null) this.store.remove(key);
    if (Object.keys(this.answers).length) this.store.set(this.key("answers"), JSON.stringify(this.answers));
  }

  token(): string | null {
    return this.store.get(this.key("token"));
  }

  private key(name: string): string {
    return storageKey(this.config.site, name);
  }

  private changed(): void {
    this.onChange();
  }
}
