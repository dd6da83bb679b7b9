import type { DeskState } from "../shared/deskReducer";
import type { OperatorCommand } from "../shared/protocol";
import { ReceiptMarker } from "../shared/throttle";

/** Milliseconds. The server takes about ten commands a second. */
const BETWEEN_MARKS = 200;

/** Tells the server how far this operator has got in their own conversations. */
export class Reading {
  private readonly markers = new Map<string, ReceiptMarker>();
  /** How far deliveries were reported, by conversation. */
  private readonly delivered = new Map<string, number>();
  private isPausing = false;

  constructor(
    private readonly state: () => DeskState,
    private readonly send: (command: OperatorCommand) => boolean,
  ) {}

  /** What is unread and listed here is delivered. One at a time: after a long absence there may be many of them. */
  markDelivered(): void {
    if (this.isPausing) return;
    const next = this.state().conversations.find(
      ({ id, mine, state, unread, last_seq }) =>
        mine && unread > 0 && state !== "ended" && (this.delivered.get(id) ?? 0) < last_seq,
    );
    if (!next) return;
    this.delivered.set(next.id, next.last_seq);
    this.marker(next.id).mark(next.last_seq, 0);
    this.isPausing = true;
    setTimeout(() => {
      this.isPausing = false;
      this.markDelivered();
    }, BETWEEN_MARKS);
  }

  markSeen(conversation: string, seq: number): void {
    this.marker(conversation).mark(seq, seq);
  }

  /** A new line: what was sent into the old one may be lost, and marks only ever rise. */
  again(): void {
    this.delivered.clear();
    for (const marker of this.markers.values()) marker.again();
  }

  private marker(conversation: string): ReceiptMarker {
    let marker = this.markers.get(conversation);
    if (!marker) {
      marker = new ReceiptMarker((marks) => this.send({ type: "receipt.mark", conversation, ...marks }));
      this.markers.set(conversation, marker);
    }
    return marker;
  }
}
