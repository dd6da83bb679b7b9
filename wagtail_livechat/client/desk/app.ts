import { Alerts, TitleCount } from "../offers/alerts";
import { OfferAnswers } from "../offers/answers";
import { visitorName } from "../offers/OfferCards";
import { PrefStore, type Prefs } from "../offers/prefs";
import { translator, type Translate } from "../offers/texts";
import { Formats } from "../offers/time";
import { Connection, type Status } from "../shared/connection";
import { deskClose, deskReducer, deskSeen, deskTick, type DeskState } from "../shared/deskReducer";
import { HttpDoor } from "../shared/http";
import { Flusher, Outbox, type Pending } from "../shared/outbox";
import {
  VERSION,
  type DeskConversation,
  type MessagePosted,
  type Offer,
  type OperatorCommand,
  type OperatorEvent,
  type TeamConversation,
} from "../shared/protocol";
import { localStore } from "../shared/store";
import { TypingSignal } from "../shared/throttle";
import { rememberInAddress, selectedInAddress } from "./address";
import type { Config } from "./config";
import { Drafted } from "./drafted";
import { Drafts } from "./drafts";
import { Files } from "./files";
import { Following } from "./following";
import { Knowledge } from "./knowledge";
import { countOfWaiting, sortIntoLists, type Colleague } from "./lists";
import { Pages } from "./PageBrowser";
import { Reading } from "./reading";
import { Requests, type Outcome } from "./requests";
import { nothingRevealed, withoutRevealed, withRevealed, type Hidden } from "./veiled";
import { initialView, type View } from "./view";

/**
 * The desk without its looks: holds the view, lets the person act, and decides what they are told.
 *
 * Long because it is the one place where its parts (line, outbox, offers, reading, following) meet; each is its own.
 */
export class DeskApp {
  readonly t: Translate;
  readonly formats: Formats;
  readonly drafts: Drafts;
  readonly answers: OfferAnswers;
  readonly files: Files;
  readonly following: Following;
  readonly knowledge: Knowledge;
  readonly drafted: Drafted;
  readonly pages: Pages;
  view: View;
  private readonly prefs: PrefStore;
  private readonly alerts: Alerts;
  private readonly title = new TitleCount();
  private readonly reading: Reading;
  private readonly outbox: Outbox;
  private readonly flusher: Flusher;
  private readonly connection: Connection<OperatorCommand, OperatorEvent>;
  private readonly typing = new Map<string, TypingSignal>();
  private readonly listeners = new Set<() => void>();
  private readonly requests: Requests;
  private wantsToSearch = false;
  /** A colleague's conversation is being opened: what is typed now is meant for it. */
  private isOpening = false;
  /** Conversations to which yes was said by a button that will be gone: the focus goes on to the composer. */
  private readonly toWrite = new Set<string>();
  private composeIn: string | null = null;
  private atBottom = true;
  private drawing = false;

  constructor(readonly config: Config) {
    const prefix = `livechat:desk:${config.operator}:`;
    const send = (command: OperatorCommand): boolean => this.connection.send(command);
    const state = (): DeskState => this.view.desk;
    const redraw = (): void => this.set({});
    this.prefs = new PrefStore(localStore(), () => config.prefs);
    this.alerts = new Alerts(this.prefs);
    this.t = translator(config.texts);
    this.formats = new Formats(config.language);
    this.drafts = new Drafts(`${prefix}draft:`);
    this.answers = new OfferAnswers(this.t, send, redraw);
    this.files = new Files({
      url: config.urls.upload,
      headers: { [config.csrf.header]: config.csrf.token },
      t: this.t,
      onEvents: (events) => events.forEach((event) => this.onEvent(event)),
      redraw,
    });
    this.following = new Following(state, send, redraw);
    this.knowledge = new Knowledge(send, redraw);
    this.drafted = new Drafted(redraw);
    this.pages = new Pages(send, redraw);
    this.requests = new Requests(send, () => this.t("failed_line"));
    this.reading = new Reading(state, send);
    this.outbox = new Outbox(localStore(), `${prefix}out:`);
    this.flusher = new Flusher(this.outbox, (item) => this.sendPending(item));
    this.connection = this.connect();
    this.view = initialView(selectedInAddress(), this.outbox.list(), this.prefs.read());
  }

  start(): void {
    this.outbox.subscribe(() => this.set({ pending: this.outbox.list() }));
    addEventListener("storage", ({ key }) => {
      if (key === null || key === PrefStore.KEY) this.set({ prefs: this.prefs.read() });
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

  /** Calls back after a change. Returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private connect(): Connection<OperatorCommand, OperatorEvent> {
    const { urls, csrf } = this.config;
    const cursors = () => this.following.cursors(this.view.selected);
    const door = new HttpDoor<OperatorCommand, OperatorEvent>({
      commandsUrl: urls.commands,
      eventsUrl: () => {
        const query = cursors().map(({ conversation, after }) => `cursor=${conversation}:${after ?? 0}`);
        return query.length ? `${urls.events}?${query.join("&")}` : urls.events;
      },
      headers: () => ({ [csrf.header]: csrf.token }),
      credentials: "same-origin",
    });
    return new Connection<OperatorCommand, OperatorEvent>({
      socketUrl: urls.socket || null,
      hello: () => ({ type: "operator.hello", version: VERSION, surface: "desk", cursors: cursors() }),
      httpCommand: (command) => door.command(command),
      httpPoll: () => door.poll(),
      onEvent: (event) => this.onEvent(event),
      onStatus: (line) => this.onLine(line),
    });
  }

  // ------------------------------------------------------------------------------------------- looking up

  conversation(id: string | null): DeskConversation | null {
    return (id && this.view.desk.conversations.find((conversation) => conversation.id === id)) || null;
  }

  get selected(): DeskConversation | null {
    return this.conversation(this.view.selected);
  }

  /** What is written with a colleague, if that is on the screen. */
  get talk(): TeamConversation | null {
    return this.view.desk.team.find(({ id }) => id === this.view.selected) ?? null;
  }

  isListed(id: string | null): boolean {
    return this.conversation(id) !== null || this.view.desk.team.some((talk) => talk.id === id);
  }

  /** A reply can be written in the conversation on the screen. */
  get canWrite(): boolean {
    const { selected } = this;
    return selected !== null && selected.mine && selected.state === "active" && !selected.blocked;
  }

  /** It is this operator's own, not one that they were asked into. */
  isOwner({ mine, state, owner }: DeskConversation): boolean {
    return mine && state === "active" && owner === this.config.operator;
  }

  /** The composer of a conversation that was just accepted is about to get the focus. */
  get isAboutToWrite(): boolean {
    return this.toWrite.size > 0 || this.composeIn !== null || this.isOpening;
  }

  name(conversation: DeskConversation): string {
    return visitorName(conversation, this.t);
  }

  // --------------------------------------------------------------------------------- what the person does

  select(id: string | null, pane: View["pane"] = id ? "conversation" : "lists"): void {
    const before = this.view.selected;
    if (before && before !== id) this.leave(before);
    this.atBottom = true;
    this.composeIn = null;
    this.set({ selected: id, pane, notice: "", dialog: null, picked: null });
    rememberInAddress(id);
    if (!id) return;
    if (!this.view.desk.timelines[id]?.loaded) this.following.open(id);
    if (this.conversation(id)) this.lookUp(id);
    this.markSeen();
  }

  /** Opens what is written with a colleague; it begins with the first word. */
  async writeTo({ operator, talk }: Colleague): Promise<void> {
    if (talk) {
      this.select(talk.id);
      return;
    }
    if (operator === null) return;
    this.isOpening = true;
    const refused = await this.ask({ type: "team.open", operator });
    this.isOpening = false;
    const begun = this.view.desk.team.find(({ members }) => members.some(({ id }) => id === operator));
    if (begun) this.select(begun.id);
    else if (refused !== null) this.set({ notice: this.t("failed", { reason: refused }) });
  }

  /** Asks anew for the pages and earlier conversations of the visitor on the screen. */
  private lookUp(conversation: string): void {
    this.connection.send({ type: "visitor.fetch", conversation });
  }

  showPanel(panel: View["panel"]): void {
    this.set({ panel });
  }

  /** By a key: the cursor goes into the search field. */
  showAnswers(): boolean {
    if (!this.selected) return false;
    this.wantsToSearch = true;
    this.set({ panel: "answers", pane: "details" });
    return true;
  }

  /** Once after `showAnswers`. */
  searchesNow(): boolean {
    const wants = this.wantsToSearch;
    this.wantsToSearch = false;
    return wants;
  }

  show(pane: View["pane"]): void {
    this.set({ pane });
  }

  /** The next (1) or the previous (-1) conversation in the order of the lists. */
  step(by: 1 | -1): void {
    const { waiting, mine, others } = this.view.lists;
    const all = [...waiting, ...mine, ...others];
    const at = all.findIndex(({ id }) => id === this.view.selected);
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    if (next) this.select(next.id);
  }

  /** `thenWrite`: the button that was pressed is gone in a moment, so the focus goes on to the composer. */
  accept(offer: number, thenWrite = true): void {
    const conversation = this.conversationOf(offer);
    if (!conversation) return;
    this.answers.accept(offer, conversation);
    if (thenWrite && this.answers.busy.has(offer)) this.toWrite.add(conversation);
  }

  /** The conversation on the screen if it is on offer, else the one that waits longest. */
  acceptNext(): void {
    const { lists, desk } = this.view;
    // An offer may be told a moment before its conversation is in the list.
    const offer = this.selected?.offer ?? lists.waiting.find((one) => one.offer)?.offer ?? desk.offers[0]?.id;
    // By a key: the next one may be another yes.
    if (offer) this.accept(offer, false);
  }

  decline(offer: number): void {
    const conversation = this.conversationOf(offer);
    if (conversation) this.answers.decline(offer, conversation);
  }

  setStatus(status: "available" | "away" | "offline"): void {
    void this.tell({ type: "presence.set", status });
  }

  post(conversation: string, text: string, note: boolean, quickReply?: number): void {
    const more = note || quickReply === undefined ? {} : { quick_reply: quickReply };
    this.outbox.add(text, conversation, note ? "note" : "text", more);
    this.stoppedTyping(conversation);
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

  /** The composer of `conversation` was just drawn: shall it take the focus? Yes once, after its offer was accepted. */
  takesFocus(conversation: string): boolean {
    const takes = this.composeIn === conversation;
    if (takes) this.composeIn = null;
    return takes;
  }

  stoppedTyping(conversation: string): void {
    this.typing.get(conversation)?.stop();
  }

  askToEnd(): void {
    const conversation = this.selected;
    // Who was asked in leaves; who has the conversation ends it.
    if (conversation && this.isOwner(conversation)) this.set({ dialog: "end" });
  }

  /** A message that was left has been dealt with. */
  closeCase(conversation: string): void {
    void this.tell({ type: "conversation.end", conversation });
  }

  withdraw(offer: number): void {
    void this.tell({ type: "offer.withdraw", offer });
  }

  leaveConference(conversation: string): void {
    void this.tell({ type: "conference.leave", conversation });
  }

  endConference(conversation: string): void {
    void this.tell({ type: "conference.end", conversation });
  }

  archive(conversation: string, keep: boolean): void {
    void this.tell({ type: "conversation.archive", conversation, keep });
  }

  tag(conversation: string, tags: string[]): Promise<void> {
    return this.tell({ type: "conversation.tag", conversation, tags });
  }

  /** An ended conversation leaves the list. */
  putAway(conversation: string): void {
    void this.tell({ type: "conversation.close", conversation });
    this.drafts.remove(conversation);
    const desk = deskReducer(this.view.desk, { type: "conversation.removed", conversation }, Date.now());
    if (this.view.selected === conversation) this.select(null);
    this.setDesk(desk);
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

  /** Messages are chosen now, one after the other. */
  startPicking(): void {
    this.set({ picked: new Set() });
  }

  stopPicking(): void {
    this.set({ picked: null });
  }

  pick(seq: number, isPicked: boolean): void {
    const picked = new Set(this.view.picked);
    if (isPicked) picked.add(seq);
    else picked.delete(seq);
    this.set({ picked });
  }

  openDialog(dialog: View["dialog"]): void {
    this.set({ dialog });
  }

  askToReveal(revealing: Hidden): void {
    this.set({ revealing, dialog: "reveal" });
  }

  hideAgain(hidden: Hidden): void {
    const { selected, revealed } = this.view;
    if (selected) this.set({ revealed: withoutRevealed(revealed, selected, hidden) });
  }

  readNotice(): void {
    this.set({ notice: "" });
  }

  // --------------------------------------------------------------------------------------- what comes in

  private onEvent(event: OperatorEvent): void {
    const isOfText = this.flusher.onEvent(event);
    const before = this.view.desk;
    if (!isOfText) this.requests.onEvent(event);
    this.drafted.onEvent(event);
    this.pages.onEvent(event);
    if (event.type === "knowledge.found") this.knowledge.onAnswer(event);
    else if (event.type === "visitor.history") {
      this.set({ histories: { ...this.view.histories, [event.conversation]: event } });
    } else if (event.type === "masked.revealed") {
      this.set({ revealed: withRevealed(this.view.revealed, event) });
    } else if (event.type !== "error") {
      if (event.type === "conversation.removed" && event.conversation === this.view.selected) this.select(null);
      if (event.type === "timeline.page") this.following.gotPage(event.timeline.conversation);
      this.setDesk(deskReducer(before, event, Date.now()));
    }
    if (event.type === "message.posted") this.tellOfMessage(event);
    if (event.type === "team.changed") this.tellOfTeam(event.conversation, before);
    if (event.type === "offer.made") this.tellOfOffer(event.offer);
    if (event.type === "desk.snapshot") {
      this.mayReveal(event.may_reveal ?? false);
      this.afterSnapshot(before.ready);
    }
    for (const id of this.answers.onEvent(event, this.view.desk)) this.taken(id);
    if (!this.answers.busy.size) this.toWrite.clear();
    this.following.fillHoles();
    this.reading.markDelivered();
    this.markSeen();
  }

  /** Without the right nothing stays on the screen of what was shown by it. */
  private mayReveal(mayReveal: boolean): void {
    this.set({ mayReveal, ...(!mayReveal && { revealed: nothingRevealed }) });
  }

  private afterSnapshot(again: boolean): void {
    this.reading.again();
    const { selected } = this.view;
    if (selected && !this.isListed(selected)) this.select(null);
    if (!again) for (const offer of this.view.offers) this.tellOfOffer(offer);
  }

  /** Now, and not with the snapshot, commands are taken. */
  private afterGreeting(): void {
    this.flusher.flush();
    const { selected, desk } = this.view;
    if (!selected || !this.isListed(selected)) return;
    const shown = this.selected;
    // What is only read along must be asked for again on every new line.
    if (!shown?.mine || !desk.timelines[selected]?.loaded) this.following.open(selected);
    if (shown) this.lookUp(shown.id);
  }

  private onLine(line: Status): void {
    this.set({ line });
    if (line.state === "live") {
      this.afterGreeting();
      return;
    }
    if (line.state === "stopped") this.mayReveal(false);
    this.flusher.onLineDown();
    this.answers.onLineDown();
    this.following.onLineDown();
    this.requests.onLineDown();
    this.toWrite.clear();
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

  private tellOfTeam({ id, unread, name, preview, last_seq }: TeamConversation, before: DeskState): void {
    const known = before.team.find((talk) => talk.id === id);
    if (!unread || (known && known.last_seq >= last_seq) || this.isLookedAt(id)) return;
    this.alerts.alert(`t:${id}:${last_seq}`, this.t("notify_message", { visitor: name }), preview ?? "", () => this.select(id));
  }

  private tellOfOffer({ id, conversation }: Offer): void {
    if (this.view.desk.me?.status !== "available") return;
    const title = this.t("notify_offer", { visitor: this.name(conversation) });
    this.alerts.alert(`o:${id}`, title, conversation.first_text, () => this.select(conversation.id));
  }

  /** What was accepted here is shown as soon as it is ours. */
  private taken(id: string): void {
    this.select(id);
    if (!this.toWrite.delete(id)) return;
    this.composeIn = id;
    // Should there be no composer after all, the single keys must not stay switched off.
    setTimeout(() => this.takesFocus(id), 1_000);
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
      ...(item.quick_reply !== undefined && { quick_reply: item.quick_reply }),
    });
  }

  /** Has the server do something; the caller shows what came of it. */
  ask(command: OperatorCommand): Promise<Outcome> {
    return this.requests.ask(command);
  }

  /** Has the server do something; a refusal is shown above the desk. */
  private async tell(command: OperatorCommand): Promise<void> {
    const refused = await this.ask(command);
    if (refused !== null) this.set({ notice: this.t("failed", { reason: refused }) });
  }

  /** Another conversation comes to the front: of one that is only read along nothing more is wanted. */
  private leave(id: string): void {
    this.stoppedTyping(id);
    if (!this.isListed(id) || this.conversation(id)?.mine) return;
    this.connection.send({ type: "conversation.close", conversation: id });
    this.setDesk(deskClose(this.view.desk, id));
  }

  private markSeen(): void {
    const conversation = this.talk ?? (this.selected?.mine ? this.selected : null);
    if (!conversation || !this.isLookedAt(conversation.id)) return;
    const timeline = this.view.desk.timelines[conversation.id];
    if (!timeline?.loaded || !timeline.cursor) return;
    this.reading.markSeen(conversation.id, timeline.cursor);
    this.setDesk(deskSeen(this.view.desk, conversation.id, timeline.cursor));
  }

  private isLookedAt(id: string): boolean {
    return id === this.view.selected && !document.hidden && document.hasFocus() && this.atBottom;
  }

  private conversationOf(offer: number): string | undefined {
    const { offers, conversations } = this.view.desk;
    return offers.find(({ id }) => id === offer)?.conversation.id ?? conversations.find((one) => one.offer === offer)?.id;
  }

  // --------------------------------------------------------------------------------------------- the view

  private setDesk(desk: DeskState): void {
    if (desk === this.view.desk) return;
    const lists = desk.conversations === this.view.desk.conversations ? this.view.lists : sortIntoLists(desk.conversations);
    this.set({ desk, lists });
  }

  private set(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    this.view = { ...this.view, offers: this.answers.shown(this.view.desk) };
    this.title.show(countOfWaiting(this.view.desk.conversations, this.view.offers, this.view.desk.team));
    if (this.drawing) return;
    this.drawing = true;
    // Not requestAnimationFrame: it stands still while the tab is hidden.
    queueMicrotask(() => {
      this.drawing = false;
      for (const listener of this.listeners) listener();
    });
  }
}
