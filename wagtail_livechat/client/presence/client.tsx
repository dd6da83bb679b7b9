import { render } from "preact";

import { countOfWaiting } from "../desk/lists";
import { Alerts, TitleCount } from "../offers/alerts";
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
  type ProtocolError,
} from "../shared/protocol";
import { uuid } from "../shared/uuid";
import { showCount } from "./sidebar";

export interface PresenceConfig {
  urls: { socket: string; commands: string; events: string; desk: string };
  language: string;
  texts: Texts;
}

const ANSWER_IS_LATE = 8_000;
const POLL = 5_000;

/** The operator is here although they do something else: keeps their lease, tells them who waits, takes their yes. */
export class PresenceClient {
  private readonly t: Translate;
  private readonly formats: Formats;
  private readonly alerts = new Alerts();
  private readonly title = new TitleCount();
  private readonly connection: Connection<OperatorCommand, OperatorEvent>;
  private readonly dismissed = new Set<number>();
  /** Answers on their way: ref -> the offer, and whether it was a yes. */
  private readonly asked = new Map<string, { offer: Offer; yes: boolean }>();
  private state: DeskState = initialDeskState;
  private notice = "";
  private root: HTMLElement | null = null;

  constructor(private readonly config: PresenceConfig) {
    this.t = translator(config.texts);
    this.formats = new Formats(config.language);
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
        if (state !== "live") this.asked.clear();
        if (state === "stopped") this.state = initialDeskState;
        this.draw();
      }),
    });
  }

  start(): void {
    this.connection.start();
  }

  /** The count on the menu item; the sidebar may just have been drawn anew. */
  badge(): void {
    const count = countOfWaiting(this.state.conversations, this.shown());
    this.title.show(count);
    showCount(count, this.t("count", { count }));
  }

  private onEvent(event: OperatorEvent): void {
    const before = this.state;
    if (event.type === "error") this.onError(event);
    this.state = deskReducer(before, event, Date.now());
    if (event.type === "offer.made") this.tellOfOffer(event.offer);
    if (event.type === "desk.snapshot" && !before.ready) for (const offer of this.shown()) this.tellOfOffer(offer);
    this.tellOfMessages(before.conversations);
    this.followAccepted(event);
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

  private answer(offer: Offer, yes: boolean): void {
    const ref = uuid();
    this.notice = "";
    if (!yes) this.dismissed.add(offer.id);
    this.asked.set(ref, { offer, yes });
    if (!this.connection.send({ type: yes ? "offer.accept" : "offer.decline", offer: offer.id, ref })) {
      this.asked.delete(ref);
      this.notice = this.t("failed_line");
    }
    setTimeout(() => this.asked.delete(ref) && this.draw(), ANSWER_IS_LATE);
    this.draw();
  }

  private onError(error: ProtocolError): void {
    const asked = error.ref ? this.asked.get(error.ref) : undefined;
    if (!asked || !error.ref) return;
    this.asked.delete(error.ref);
    if (error.code === "offer_taken") {
      this.dismissed.add(asked.offer.id);
      this.notice = error.by ? this.t("offer_taken", { name: error.by.name }) : this.t("offer_gone");
    } else if (error.code === "conversation_ended") {
      this.dismissed.add(asked.offer.id);
      this.notice = this.t("offer_ended");
    } else {
      this.notice = this.t("failed", { reason: error.message });
    }
  }

  /** The yes was the first: on to the desk, where the conversation is. */
  private followAccepted(event: OperatorEvent): void {
    if (event.type === "error" || !event.ref) return;
    const asked = this.asked.get(event.ref);
    if (!asked) return;
    if (!asked.yes) {
      this.asked.delete(event.ref);
      return;
    }
    const { id } = asked.offer.conversation;
    if (!this.state.conversations.some((conversation) => conversation.id === id && conversation.mine)) return;
    this.asked.delete(event.ref);
    this.toDesk(id);
  }

  private toDesk(conversation: string): void {
    location.assign(`${this.config.urls.desk}#${conversation}`);
  }

  private shown(): readonly Offer[] {
    const { me, offers } = this.state;
    return me?.status === "available" ? offers.filter(({ id }) => !this.dismissed.has(id)) : [];
  }

  private draw(): void {
    this.badge();
    if (!this.root) {
      this.root = document.createElement("div");
      this.root.className = "livechat-presence";
      document.body.append(this.root);
    }
    const dismiss = (offer: Offer): void => {
      this.dismissed.add(offer.id);
      this.draw();
    };
    const unread = (): void => {
      this.notice = "";
      this.draw();
    };
    render(
      <OfferCards
        offers={this.shown()}
        shown={2}
        t={this.t}
        formats={this.formats}
        busy={new Set([...this.asked.values()].map(({ offer }) => offer.id))}
        notice={this.notice}
        onAccept={(offer) => this.answer(offer, true)}
        onDecline={(offer) => this.answer(offer, false)}
        onDismiss={dismiss}
        onNoticeRead={unread}
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
