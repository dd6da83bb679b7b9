import type { DeskState } from "../shared/deskReducer";
import type { Offer, OperatorCommand, OperatorEvent, ProtocolError } from "../shared/protocol";
import { uuid } from "../shared/uuid";
import type { Translate } from "./texts";

interface Asked {
  readonly offer: number;
  readonly conversation: string;
  readonly yes: boolean;
}

const ANSWER_IS_LATE = 8_000;

/** What ends soonest comes first, then who has waited longest. */
function byUrgency(a: Offer, b: Offer): number {
  const end = (offer: Offer): number => (offer.deadline ? Date.parse(offer.deadline) : Infinity);
  if (end(a) !== end(b)) return end(a) < end(b) ? -1 : 1;
  return Date.parse(a.made_at) - Date.parse(b.made_at) || a.id - b.id;
}

/** The operator's yes and no to offers: what is on its way, what came of it, and what they put out of sight. */
export class OfferAnswers {
  /** Offers whose answer is on its way. Another set after each change. */
  busy: ReadonlySet<number> = new Set();
  /** What came of the last answer, where it was not what the person wanted. */
  notice = "";
  private readonly asked = new Map<string, Asked>();
  private readonly hidden = new Set<number>();

  constructor(
    private readonly t: Translate,
    private readonly send: (command: OperatorCommand) => boolean,
    private readonly changed: () => void,
  ) {}

  /** The offers to put before the operator: who is not available is not asked. */
  shown({ me, offers }: DeskState): readonly Offer[] {
    const isAvailable = me?.status === "available";
    // What a colleague asks is asked of this person, so it is shown to those who are away, too.
    return offers.filter(({ id, kind }) => !this.hidden.has(id) && (isAvailable || kind !== "new")).sort(byUrgency);
  }

  accept(offer: number, conversation: string): void {
    this.answer({ offer, conversation, yes: true });
  }

  decline(offer: number, conversation: string): void {
    this.hidden.add(offer);
    this.answer({ offer, conversation, yes: false });
  }

  /** Out of the way, but still in the queue. */
  dismiss(offer: number): void {
    this.hidden.add(offer);
    this.changed();
  }

  readNotice(): void {
    this.notice = "";
    this.changed();
  }

  /** To be called with every event and the state after it. Returns the conversations that a yes from here has won. */
  onEvent(event: OperatorEvent, state: DeskState): string[] {
    if (event.type === "error") this.onError(event);
    const won: string[] = [];
    for (const [ref, { offer, conversation, yes }] of this.asked) {
      const isOurs = state.conversations.some(({ id, mine }) => mine && id === conversation);
      const isOver = yes ? isOurs : !state.offers.some(({ id }) => id === offer);
      if (!isOver) continue;
      this.over(ref);
      if (yes) won.push(conversation);
    }
    return won;
  }

  /** Nobody knows what became of the answers; the next snapshot tells. */
  onLineDown(): void {
    this.asked.clear();
    this.update();
  }

  private answer(asked: Asked): void {
    if (this.busy.has(asked.offer)) return;
    const ref = uuid();
    this.notice = "";
    this.asked.set(ref, asked);
    if (!this.send({ type: asked.yes ? "offer.accept" : "offer.decline", offer: asked.offer, ref })) {
      this.asked.delete(ref);
      this.notice = this.t("failed_line");
    }
    setTimeout(() => this.over(ref), ANSWER_IS_LATE);
    this.update();
  }

  private onError(error: ProtocolError): void {
    const asked = error.ref ? this.asked.get(error.ref) : undefined;
    if (!asked || !error.ref) return;
    if (error.code === "offer_taken" || error.code === "conversation_ended") this.hidden.add(asked.offer);
    this.notice = this.reason(error);
    this.over(error.ref);
  }

  private reason({ code, by, message }: ProtocolError): string {
    if (code === "offer_taken") return by ? this.t("offer_taken", { name: by.name }) : this.t("offer_gone");
    return code === "conversation_ended" ? this.t("offer_ended") : this.t("failed", { reason: message });
  }

  private over(ref: string): void {
    if (this.asked.delete(ref)) this.update();
  }

  private update(): void {
    this.busy = new Set([...this.asked.values()].map(({ offer }) => offer));
    this.changed();
  }
}
