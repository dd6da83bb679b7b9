import { Alerts, TitleCount } from "../offers/alerts";
import { visitorName } from "../offers/OfferCards";
import { PrefStore, type Prefs } from "../offers/prefs";
import { translator, type Translate } from "../offers/texts";
import { Formats } from "../offers/time";
import { Connection, type Status } from "../shared/connection";
import { deskClose, deskReducer, deskSeen, deskTick, initialDeskState, type DeskState } from "../shared/deskReducer";
import { HttpDoor } from "../shared/http";
import { Flusher, Outbox, type Pending } from "../shared/outbox";
import {
  VERSION,
  type Cursor,
  type DeskConversation,
  type MessagePosted,
  type Offer,
  type OperatorCommand,
  type OperatorEvent,
  type ProtocolError,
} from "../shared/protocol";
import { localStore } from "../shared/store";
import { ReceiptMarker, TypingSignal } from "../shared/throttle";
import { hasHole } from "../shared/timeline";
import { uuid } from "../shared/uuid";
import type { Config } from "./config";
import { Drafts } from "./drafts";
import { compose } from "./keyboard";
import { countOfWaiting, sortIntoLists, type Lists } from "./lists";

/** What a person looks at, apart from what the server says. */
export interface View {
  readonly desk: DeskState;
  readonly lists: Lists;
  readonly line: Status;
  /** The conversation in the middle. */
  readonly selected: string | null;
  /** On narrow screens: which of the columns is shown. */
  readonly pane: "lists" | "conversation" | "details";
  readonly pending: readonly Pending[];
  /** Offers to put before the operator. */
  readonly offers: readonly Offer[];
  readonly busyOffers: ReadonlySet<number>;
  readonly offerNotice: string;
  /** A command that was refused, in words. */
  readonly notice: string;
  /** For screen readers. */
  readonly spoken: string;
  readonly prefs: Prefs;
  readonly dialog: "keys" | "end" | null;
  /** Conversations whose earlier part is being fetched. */
  readonly fetchingOlder: ReadonlySet<string>;
}

/** Most timelines that one hello may name. */
const MAX_CURSORS = 50;
const ANSWER_IS_LATE = 8_000;
/** Milliseconds. The server takes about ten commands a second. */
const BETWEEN_MARKS = 200;

/** The desk without its looks: holds the state, talks to the server, decides what is told to the person. */
export class DeskApp {
  readonly t: Translate;
  readonly formats: Formats;
  readonly drafts: Drafts;
  readonly alerts: Alerts;
  private readonly prefs = new PrefStore();
  private readonly title = new TitleCount();
  private readonly outbox: Outbox;
  private readonly flusher: Flusher;
  private readonly connection: Connection<OperatorCommand, OperatorEvent>;
  private readonly receipts = new Map<string, ReceiptMarker>();
  private readonly typing = new Map<string, TypingSignal>();
  private readonly listeners = new Set<() => void>();
  /** Commands whose refusal a person should read, and what to do when an answer comes. */
  private readonly asked = new Map<string, (error: ProtocolError) => void>();
  private readonly fetching = new Map<string, number>();
  private readonly dismissed = new Set<number>();
  /** Conversations to which yes was said, and whether to write in them at once. */
  private readonly accepting = new Map<string, boolean>();
  /** How far deliveries were reported, by conversation. */
  private readonly delivered = new Map<string, number>();
  private marking = false;
  private atBottom = true;
  private drawing = false;
  view: View;

  constructor(readonly config: Config) {
    const prefix = `livechat:desk:${config.operator}:`;
    this.t = translator(config.texts);
    this.formats = new Formats(config.language);
    this.drafts = new Drafts(`${prefix}draft:`);
    this.alerts = new Alerts(this.prefs);
    this.outbox = new Outbox(localStore(), `${prefix}out:`);
    this.flusher = new Flusher(this.outbox, (item) => this.sendPending(item));
    const door = new HttpDoor<OperatorCommand, OperatorEvent>({
      commandsUrl: config.urls.commands,
      eventsUrl: () => this.eventsUrl(),
      headers: () => ({ [config.csrf.header]: config.csrf.token }),
      credentials: "same-origin",
    });
    this.connection = new Connection<OperatorCommand, OperatorEvent>({
      socketUrl: config.urls.socket || null,
      hello: () => ({ type: "operator.hello", version: VERSION, surface: "desk", cursors: this.cursors() }),
      httpCommand: (command) => door.command(command),
      httpPoll: () => door.poll(),
      onEvent: (event) => this.onEvent(event),
      onStatus: (line) => this.onLine(line),
    });
    this.view = {
      desk: initialDeskState,
      lists: { waiting: [], mine: [], others: [] },
      line: { state: "connecting" },
      selected: selectedInAddress(),
      pane: selectedInAddress() ? "conversation" : "lists",
      pending: this.outbox.list(),
      offers: [],
      busyOffers: new Set(),
      offerNotice: "",
      notice: "",
      spoken: "",
      prefs: this.prefs.read(),
      dialog: null,
      fetchingOlder: new Set(),
    };
  }

  start(): void {
    this.outbox.subscribe(() => this.set({ pending: this.outbox.list() }));
    addEventListener("storage", (event) => {
      if (event.key === null || event.key === "livechat:prefs") this.set({ prefs: this.prefs.read() });
    });
    document.addEventListener("visibilitychange", () => this.markSeen());
    addEventListener("focus", () => this.markSeen());
    addEventListener("hashchange", () => {
      const id = selectedInAddress();
      if (id && id !== this.view.selected) this.select(id);
    });
    setInterval(() => this.setDesk(deskTick(this.view.desk, Date.now())), 1_000);
    this.connection.start();
  }

  /** Calls back after a change, at most once a frame. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  // ------------------------------------------------------------------------------------------- looking up

  conversation(id: string | null): DeskConversation | null {
    return (id && this.view.desk.conversations.find((conversation) => conversation.id === id)) || null;
  }

  get selected(): DeskConversation | null {
    return this.conversation(this.view.selected);
  }

  /** The composer of a conversation that was just accepted is about to get the focus. */
  get isAboutToWrite(): boolean {
    return [...this.accepting.values()].includes(true);
  }

  name(conversation: DeskConversation): string {
    return visitorName(conversation, this.t);
  }

  // --------------------------------------------------------------------------------- what the person does

  select(id: string | null, pane: View["pane"] = id ? "conversation" : "lists"): void {
    const before = this.view.selected;
    if (before && before !== id) this.leave(before);
    this.atBottom = true;
    this.set({ selected: id, pane, notice: "", dialog: null });
    rememberInAddress(id);
    if (!id) return;
    if (!this.view.desk.timelines[id]?.loaded) this.open(id);
    this.markSeen();
  }

  show(pane: View["pane"]): void {
    this.set({ pane });
  }

  /** The next (1) or the previous (-1) conversation in the order of the lists. */
  step(by: 1 | -1): void {
    const { waiting, mine, others } = this.view.lists;
    const all = [...waiting, ...mine, ...others];
    if (!all.length) return;
    const at = all.findIndex(({ id }) => id === this.view.selected);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    if (next) this.select(next.id);
  }

  /** `thenWrite`: the button that was pressed is gone in a moment, so the focus goes on to the composer. */
  accept(offer: number, thenWrite = true): void {
    const conversation =
      this.view.offers.find(({ id }) => id === offer)?.conversation ??
      this.view.desk.conversations.find((one) => one.offer === offer);
    if (!conversation || this.view.busyOffers.has(offer)) return;
    this.accepting.set(conversation.id, thenWrite);
    this.answerOffer(offer, { type: "offer.accept", offer }, () => this.accepting.delete(conversation.id));
  }

  /** The conversation on the screen if it is on offer, else the one that waits longest. */
  acceptNext(): void {
    const offer = this.selected?.offer ?? this.view.lists.waiting.find((one) => one.offer)?.offer;
    // By a key: the next one may be another yes.
    if (offer) this.accept(offer, false);
  }

  decline(offer: number): void {
    this.dismissed.add(offer);
    this.answerOffer(offer, { type: "offer.decline", offer }, () => {});
  }

  /** Out of the way, but still in the list. */
  dismissOffer(offer: number): void {
    this.dismissed.add(offer);
    this.set({});
  }

  setStatus(status: "available" | "away" | "offline"): void {
    this.ask({ type: "presence.set", status });
  }

  post(conversation: string, text: string, note: boolean): void {
    this.outbox.add(text, conversation, note ? "note" : "text");
    this.typing.get(conversation)?.stop();
    this.flusher.flush();
  }

  retry(clientId: string): void {
    this.outbox.retry(clientId);
  }

  discard(clientId: string): void {
    this.outbox.remove(clientId);
  }

  /** A key in the composer of a reply. */
  typed(conversation: string): void {
    let signal = this.typing.get(conversation);
    if (!signal) {
      signal = new TypingSignal((active) => this.connection.send({ type: "typing.set", conversation, active }));
      this.typing.set(conversation, signal);
    }
    signal.key();
  }

  stoppedTyping(conversation: string): void {
    this.typing.get(conversation)?.stop();
  }

  askToEnd(): void {
    const conversation = this.selected;
    if (conversation?.mine && conversation.state === "active") this.set({ dialog: "end" });
  }

  end(conversation: string): void {
    this.set({ dialog: null });
    this.ask({ type: "conversation.end", conversation });
  }

  /** An ended conversation leaves the list. */
  putAway(conversation: string): void {
    this.ask({ type: "conversation.close", conversation });
    this.drafts.remove(conversation);
    const desk = deskReducer(this.view.desk, { type: "conversation.removed", conversation }, Date.now());
    if (this.view.selected === conversation) this.select(null);
    this.setDesk(desk);
  }

  fetchOlder(conversation: string): void {
    const timeline = this.view.desk.timelines[conversation];
    if (!timeline?.loaded || timeline.floor <= 0 || this.view.fetchingOlder.has(conversation)) return;
    if (!this.connection.send({ type: "timeline.fetch", conversation, before: timeline.floor + 1 })) return;
    const done = (): void => {
      const rest = new Set(this.view.fetchingOlder);
      rest.delete(conversation);
      this.set({ fetchingOlder: rest });
    };
    this.set({ fetchingOlder: new Set([...this.view.fetchingOlder, conversation]) });
    setTimeout(done, ANSWER_IS_LATE);
  }

  /** The timeline on the screen was scrolled: is its end in sight? */
  scrolled(atBottom: boolean): void {
    this.atBottom = atBottom;
    if (atBottom) this.markSeen();
  }

  setPref(change: Partial<Prefs>): void {
    this.set({ prefs: this.prefs.write(change) });
    if (change.sound) this.alerts.blip();
  }

  openDialog(dialog: View["dialog"]): void {
    this.set({ dialog });
  }

  readNotice(): void {
    this.set({ notice: "", offerNotice: "" });
  }

  // --------------------------------------------------------------------------------------- what comes in

  private onEvent(event: OperatorEvent): void {
    const refused = this.flusher.onEvent(event);
    if (event.type === "error") {
      if (!refused) this.onError(event);
      return;
    }
    const before = this.view.desk;
    if (event.type === "conversation.removed" && event.conversation === this.view.selected) this.select(null);
    if (event.type === "timeline.page") this.gotPage(event.timeline.conversation);
    this.setDesk(deskReducer(before, event, Date.now()));
    if (event.type === "message.posted") this.tellOfMessage(event);
    if (event.type === "offer.made") this.tellOfOffer(event.offer);
    if (event.type === "desk.snapshot") this.afterSnapshot(before.ready);
    this.fillHoles();
    this.finishAccepts();
    this.markDelivered();
    this.markSeen();
  }

  private afterSnapshot(again: boolean): void {
    const { desk, selected } = this.view;
    for (const marker of this.receipts.values()) marker.again();
    // What was sent into a line that died is sent once more: marks only ever rise.
    this.delivered.clear();
    this.fetching.clear();
    // A conversation that is read along must be asked for again on every new line.
    const shown = this.selected;
    if (selected && !shown) this.select(null);
    else if (selected && (!shown?.mine || !desk.timelines[selected]?.loaded)) this.open(selected);
    if (!again) for (const offer of this.view.offers) this.tellOfOffer(offer);
  }

  private onLine(line: Status): void {
    if (line.state === "live") {
      this.set({ line });
      this.flusher.flush();
      return;
    }
    this.flusher.onLineDown();
    this.asked.clear();
    this.accepting.clear();
    this.set({ line, busyOffers: new Set(), fetchingOlder: new Set() });
  }

  private onError(error: ProtocolError): void {
    const handler = error.ref ? this.asked.get(error.ref) : undefined;
    if (error.ref) this.asked.delete(error.ref);
    handler?.(error);
  }

  private tellOfMessage({ conversation: id, entry }: MessagePosted): void {
    const conversation = this.conversation(id);
    if (!conversation?.mine || entry.author.kind !== "visitor" || entry.kind === "system") return;
    const name = this.name(conversation);
    const spoken = this.t("said", { name, text: entry.text });
    // The same words once more are only read if the text is another one.
    this.set({ spoken: spoken === this.view.spoken ? `${spoken}\u00a0` : spoken });
    if (this.isLookedAt(id)) return;
    this.alerts.alert(`m:${id}:${entry.seq}`, this.t("notify_message", { visitor: name }), entry.text, () => this.select(id));
  }

  private tellOfOffer({ id, conversation }: Offer): void {
    if (this.view.desk.me?.status !== "available") return;
    const title = this.t("notify_offer", { visitor: visitorName(conversation, this.t) });
    this.alerts.alert(`o:${id}`, title, conversation.first_text, () => this.select(conversation.id));
  }

  private gotPage(conversation: string): void {
    this.fetching.delete(conversation);
    if (!this.view.fetchingOlder.has(conversation)) return;
    const rest = new Set(this.view.fetchingOlder);
    rest.delete(conversation);
    this.set({ fetchingOlder: rest });
  }

  /** What was accepted here is shown as soon as it is ours. */
  private finishAccepts(): void {
    for (const [id, thenWrite] of this.accepting) {
      if (!this.conversation(id)?.mine) continue;
      this.select(id);
      if (!thenWrite) this.accepting.delete(id);
      // After the composer is drawn:
      else setTimeout(() => this.accepting.delete(id) && compose(false), 50);
    }
  }

  // ---------------------------------------------------------------------------------------- what goes out

  private sendPending(item: Pending): boolean {
    if (!item.conversation) return false;
    return this.connection.send({
      type: item.kind === "note" ? "note.post" : "message.post",
      ref: item.client_id,
      conversation: item.conversation,
      client_id: item.client_id,
      text: item.text,
    });
  }

  /** Sends a command whose refusal the person should read. */
  private ask(command: OperatorCommand, onError: (error: ProtocolError) => void = () => {}): void {
    const ref = uuid();
    this.asked.set(ref, (error) => {
      onError(error);
      this.set({ notice: this.t("failed", { reason: error.message }) });
    });
    if (this.connection.send({ ...command, ref })) return;
    this.asked.delete(ref);
    this.set({ notice: this.t("failed_line") });
  }

  private answerOffer(offer: number, command: OperatorCommand, failed: () => void): void {
    const ref = uuid();
    const busy = (on: boolean): ReadonlySet<number> =>
      new Set([...this.view.busyOffers].filter((id) => id !== offer).concat(on ? [offer] : []));
    const after = (offerNotice: string): void => this.set({ busyOffers: busy(false), offerNotice });
    this.asked.set(ref, (error) => {
      failed();
      if (error.code === "offer_taken" || error.code === "conversation_ended") this.dismissed.add(offer);
      after(this.offerError(error));
    });
    this.set({ busyOffers: busy(true), offerNotice: "" });
    if (!this.connection.send({ ...command, ref })) {
      failed();
      after(this.t("failed_line"));
    }
    setTimeout(() => this.view.busyOffers.has(offer) && this.set({ busyOffers: busy(false) }), ANSWER_IS_LATE);
  }

  private offerError(error: ProtocolError): string {
    if (error.code === "offer_taken") {
      return error.by ? this.t("offer_taken", { name: error.by.name }) : this.t("offer_gone");
    }
    return error.code === "conversation_ended" ? this.t("offer_ended") : this.t("failed", { reason: error.message });
  }

  private open(conversation: string): void {
    this.connection.send({ type: "conversation.open", conversation, after: this.view.desk.timelines[conversation]?.cursor ?? 0 });
  }

  /** Another conversation comes to the front: of one that is only read along nothing more is wanted. */
  private leave(id: string): void {
    this.stoppedTyping(id);
    const conversation = this.conversation(id);
    if (!conversation || conversation.mine) return;
    this.connection.send({ type: "conversation.close", conversation: id });
    this.setDesk(deskClose(this.view.desk, id));
  }

  private fillHoles(): void {
    const now = Date.now();
    for (const timeline of Object.values(this.view.desk.timelines)) {
      if (!timeline.loaded || !hasHole(timeline)) continue;
      const { conversation, cursor } = timeline;
      if (now - (this.fetching.get(conversation) ?? 0) < ANSWER_IS_LATE) continue;
      if (this.connection.send({ type: "timeline.fetch", conversation, after: cursor })) this.fetching.set(conversation, now);
    }
  }

  /** What is unread and listed here is delivered. One at a time: after a long absence there may be many of them. */
  private markDelivered(): void {
    if (this.marking) return;
    const next = this.view.desk.conversations.find(
      ({ id, mine, state, unread, last_seq }) =>
        mine && unread > 0 && state !== "ended" && (this.delivered.get(id) ?? 0) < last_seq,
    );
    if (!next || !this.connection.isLive()) return;
    this.delivered.set(next.id, next.last_seq);
    this.marker(next.id).mark(next.last_seq, 0);
    this.marking = true;
    setTimeout(() => {
      this.marking = false;
      this.markDelivered();
    }, BETWEEN_MARKS);
  }

  private markSeen(): void {
    const conversation = this.selected;
    if (!conversation?.mine || !this.isLookedAt(conversation.id)) return;
    const timeline = this.view.desk.timelines[conversation.id];
    if (!timeline?.loaded || !timeline.cursor) return;
    this.marker(conversation.id).mark(timeline.cursor, timeline.cursor);
    this.setDesk(deskSeen(this.view.desk, conversation.id, timeline.cursor));
  }

  private isLookedAt(id: string): boolean {
    return id === this.view.selected && !document.hidden && document.hasFocus() && this.atBottom;
  }

  private marker(conversation: string): ReceiptMarker {
    let marker = this.receipts.get(conversation);
    if (!marker) {
      marker = new ReceiptMarker((marks) => this.connection.send({ type: "receipt.mark", conversation, ...marks }));
      this.receipts.set(conversation, marker);
    }
    return marker;
  }

  /** The timelines that are open here: the one on the screen, then one's own. */
  private cursors(): Cursor[] {
    const { timelines } = this.view.desk;
    const ids = Object.keys(timelines).sort((a, b) => Number(b === this.view.selected) - Number(a === this.view.selected));
    return ids.slice(0, MAX_CURSORS).map((id) => ({ conversation: id, after: timelines[id]?.cursor ?? 0 }));
  }

  private eventsUrl(): string {
    const query = this.cursors().map(({ conversation, after }) => `cursor=${conversation}:${after ?? 0}`);
    return query.length ? `${this.config.urls.events}?${query.join("&")}` : this.config.urls.events;
  }

  // --------------------------------------------------------------------------------------------- the view

  private setDesk(desk: DeskState): void {
    if (desk === this.view.desk) return;
    const lists = desk.conversations === this.view.desk.conversations ? this.view.lists : sortIntoLists(desk.conversations);
    this.set({ desk, lists });
  }

  private set(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    const { me, offers, conversations } = this.view.desk;
    const shown = me?.status === "available" ? offers.filter(({ id }) => !this.dismissed.has(id)) : [];
    if (shown.length !== this.view.offers.length || shown.some((offer, i) => offer !== this.view.offers[i])) {
      this.view = { ...this.view, offers: shown };
    }
    this.title.show(countOfWaiting(conversations, shown));
    if (this.drawing) return;
    this.drawing = true;
    // Not requestAnimationFrame: it stands still while the tab is hidden.
    queueMicrotask(() => {
      this.drawing = false;
      for (const listener of this.listeners) listener();
    });
  }
}

const UUID = /^#([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** `#<uuid>` in the address: a link to a conversation, and what a reload comes back to. */
function selectedInAddress(): string | null {
  return UUID.exec(location.hash)?.[1] ?? null;
}

function rememberInAddress(id: string | null): void {
  history.replaceState(history.state, "", id ? `#${id}` : location.pathname + location.search);
}
