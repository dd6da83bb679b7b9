import { TYPING_FADES } from "./typing";

/**
 * Says "typing" once at the first key and then every half of the time in which it fades; says "stopped" when asked, or
 * when no key came for a while.
 */
export class TypingSignal {
  private said: number | null = null;
  private idle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly send: (active: boolean) => void,
    private readonly now: () => number = Date.now,
  ) {}

  key(): void {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.stop(), TYPING_FADES - 1_000);
    if (this.said !== null && this.now() - this.said < TYPING_FADES / 2) return;
    this.said = this.now();
    this.send(true);
  }

  stop(): void {
    clearTimeout(this.idle);
    if (this.said === null) return;
    this.said = null;
    this.send(false);
  }
}

/** Coalesces receipts of one conversation: many entries make one `receipt.mark`, which only ever rises. */
export class ReceiptMarker {
  private want = { delivered: 0, seen: 0 };
  private sent = { delivered: 0, seen: 0 };
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `send` answers false when the line is down; `again()` then repeats on the next live line. */
  constructor(
    private readonly send: (marks: { delivered: number; seen: number }) => boolean,
    private readonly delay = 250,
  ) {}

  mark(delivered: number, seen: number): void {
    this.want.seen = Math.max(this.want.seen, seen);
    this.want.delivered = Math.max(this.want.delivered, delivered, this.want.seen);
    this.schedule();
  }

  /** The line is live again: what was not sent is sent. */
  again(): void {
    this.schedule();
  }

  /** The timer of a marker that is no longer needed. */
  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Now: whoever is about to leave has no quarter of a second left. */
  flush(): void {
    this.stop();
    if (this.isBehind() && this.send({ ...this.want })) this.sent = { ...this.want };
  }

  private schedule(): void {
    if (this.timer === undefined && this.isBehind()) this.timer = setTimeout(() => this.flush(), this.delay);
  }

  private isBehind(): boolean {
    return this.want.delivered > this.sent.delivered || this.want.seen > this.sent.seen;
  }
}
