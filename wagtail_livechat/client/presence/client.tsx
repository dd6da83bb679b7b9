import { render } from "preact";

import { countOfWaiting } from "../desk/lists";
import { Alerts, TitleCount } from "../offers/alerts";
import { OfferAnswers } from "../offers/answers";
import { OfferCards, visitorName } from "../offers/OfferCards";
import { translator, type Texts, type Translate } from "../offers/texts";
import { Formats } from "../offers/time";
import { Connection } from "../shared/connection";
import { deskReducer, initialDeskState, type DeskState } from "../shared/deskReducer";
import { HttpDoor } from "../shared/http";
import {
  VERSION,
  type DeskConversation,
  type Offer,
  type OperatorCommand,
  type OperatorEvent,
} from "../shared/protocol";
import { showCount } from "./sidebar";

export interface PresenceConfig {
  urls: { socket: string; commands: string; events: string; desk: string };
  language: string;
  texts: Texts;
}

const POLL = 5_000;

/** The operator is here although they do something else: keeps their lease, tells them who waits, takes their yes. */
export class PresenceClient {
  private readonly t: Translate;
  private readonly formats: Formats;
  private readonly alerts = new Alerts();
  private readonly title = new TitleCount();
  private readonly connection: Connection<OperatorCommand, OperatorEvent>;
  private readonly answers: OfferAnswers;
  private state: DeskState = initialDeskState;
  private root: HTMLElement | null = null;

  /** `news`: called when anything was told. */
  constructor(
    private readonly config: PresenceConfig,
    private readonly news: () => void,
  ) {
    this.t = translator(config.texts);
    this.formats = new Formats(config.language);
    this.answers = new OfferAnswers(this.t, (command) => this.connection.send(command), () => this.draw());
    const door = new HttpDoor<OperatorCommand, OperatorEvent>({
      commandsUrl: config.urls.commands,
      eventsUrl: () => `${config.urls.events}?surface=presence`,
      headers: csrfHeaders,
      credentials: "same-origin",
    });
    this.connection = new Connection<OperatorCommand, OperatorEvent>({
      socketUrl: config.urls.socket || null,
      hello: () => ({ type: "operator.hello", version: VERSION, surface: "presence" }),
      httpCommand: (command) => door.command(command),
      httpPoll: () => door.poll(),
      pollDelay: () => POLL,
      onEvent: guarded((event: OperatorEvent) => this.onEvent(event)),
      onStatus: guarded(({ state }: { state: string }) => {
        if (state === "stopped") this.state = initialDeskState;
        if (state === "live") this.draw();
        else this.answers.onLineDown();
      }),
    });
  }

  start(): void {
    this.connection.start();
  }

  /** The count on the menu item; the sidebar may just have been drawn anew. */
  badge(): void {
    const count = countOfWaiting(this.state.conversations, this.answers.shown(this.state), this.state.team);
    this.title.show(count);
    showCount(count, this.t("count", { count }));
  }

  private onEvent(event: OperatorEvent): void {
    const before = this.state;
    if (event.type !== "pong") this.news();
    this.state = deskReducer(before, event, Date.now());
    if (event.type === "offer.made") this.tellOfOffer(event.offer);
    if (event.type === "desk.snapshot" && !before.ready) for (const offer of this.answers.shown(this.state)) this.tellOfOffer(offer);
    this.tellOfMessages(before.conversations);
    // The yes was the first: on to the desk, where the conversation is.
    for (const id of this.answers.onEvent(event, this.state)) this.toDesk(id);
    this.draw();
  }

  private tellOfOffer({ id, conversation }: Offer): void {
    if (this.state.me?.status !== "available") return;
    const title = this.t("notify_offer", { visitor: visitorName(conversation, this.t) });
    this.alerts.alert(`o:${id}`, title, conversation.first_text, () => this.toDesk(conversation.id));
  }

  /** The lists tell of new messages; the messages themselves are not sent here. */
  private tellOfMessages(before: readonly DeskConversation[]): void {
    const old = new Map(before.map((conversation) => [conversation.id, conversation]));
    for (const conversation of this.state.conversations) {
      const was = old.get(conversation.id);
      if (!conversation.mine || !was || conversation.unread <= was.unread) continue;
      const title = this.t("notify_message", { visitor: visitorName(conversation, this.t) });
      this.alerts.alert(`m:${conversation.id}:${conversation.last_seq}`, title, conversation.preview ?? "", () =>
        this.toDesk(conversation.id),
      );
    }
  }

  private toDesk(conversation: string): void {
    location.assign(`${this.config.urls.desk}#${conversation}`);
  }

  private draw(): void {
    this.badge();
    if (!this.root) {
      this.root = document.createElement("div");
      this.root.className = "livechat-presence";
      document.body.append(this.root);
    }
    render(
      <OfferCards
        offers={this.answers.shown(this.state)}
        shown={2}
        t={this.t}
        formats={this.formats}
        busy={this.answers.busy}
        notice={this.answers.notice}
        onAccept={({ id, conversation }) => this.answers.accept(id, conversation.id)}
        onDecline={({ id, conversation }) => this.answers.decline(id, conversation.id)}
        onDismiss={({ id }) => this.answers.dismiss(id)}
        onNoticeRead={() => this.answers.readNotice()}
      />,
      this.root,
    );
  }
}

/** Wagtail puts the token into every page's configuration. */
function csrfHeaders(): Record<string, string> {
  const { CSRF_HEADER_NAME, CSRF_TOKEN } = (readWagtailConfig() ?? {}) as Record<string, string | undefined>;
  return CSRF_TOKEN ? { [CSRF_HEADER_NAME ?? "X-CSRFToken"]: CSRF_TOKEN } : {};
}

function readWagtailConfig(): unknown {
  try {
    return JSON.parse(document.getElementById("wagtail-config")?.textContent ?? "null");
  } catch {
    return null;
  }
}

/** An error in here is reported and goes no further. */
function guarded<A>(work: (argument: A) => void): (argument: A) => void {
  return (argument) => {
    try {
      work(argument);
    } catch (error) {
      console.warn("Live chat:", error);
    }
  };
}
