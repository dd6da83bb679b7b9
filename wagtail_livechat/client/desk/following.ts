import type { DeskState } from "../shared/deskReducer";
import type { Cursor, OperatorCommand } from "../shared/protocol";
import { hasHole } from "../shared/timeline";

/** Most timelines that one hello may name. */
const MAX_CURSORS = 50;
const ANSWER_IS_LATE = 8_000;

/** Asks for timelines: the newest part of one that is opened, what fills a hole, and earlier parts. */
export class Following {
  /** Conversations whose earlier part is being fetched. Another set after each change. */
  older: ReadonlySet<string> = new Set();
  private readonly asked = new Map<string, number>();

  constructor(
    private readonly state: () => DeskState,
    private readonly send: (command: OperatorCommand) => boolean,
    private readonly changed: () => void,
  ) {}

  open(conversation: string): void {
    this.send({ type: "conversation.open", conversation, after: this.state().timelines[conversation]?.cursor ?? 0 });
  }

  fetchOlder(conversation: string): void {
    const timeline = this.state().timelines[conversation];
    if (!timeline?.loaded || timeline.floor <= 0 || this.older.has(conversation)) return;
    if (!this.send({ type: "timeline.fetch", conversation, before: timeline.floor + 1 })) return;
    this.setOlder([...this.older, conversation]);
    setTimeout(() => this.gotPage(conversation), ANSWER_IS_LATE);
  }

  fillHoles(): void {
    const now = Date.now();
    for (const timeline of Object.values(this.state().timelines)) {
      if (!timeline.loaded || !hasHole(timeline)) continue;
      const { conversation, cursor } = timeline;
      if (now - (this.asked.get(conversation) ?? 0) < ANSWER_IS_LATE) continue;
      if (this.send({ type: "timeline.fetch", conversation, after: cursor })) this.asked.set(conversation, now);
    }
  }

  gotPage(conversation: string): void {
    this.asked.delete(conversation);
    if (this.older.has(conversation)) this.setOlder([...this.older].filter((id) => id !== conversation));
  }

  /** Nothing that was asked for will come. */
  onLineDown(): void {
    this.asked.clear();
    this.setOlder([]);
  }

  /** The timelines that are open here, `first` before the others. */
  cursors(first: string | null): Cursor[] {
    const { timelines } = this.state();
    const ids = Object.keys(timelines).sort((a, b) => Number(b === first) - Number(a === first));
    return ids.slice(0, MAX_CURSORS).map((id) => ({ conversation: id, after: timelines[id]?.cursor ?? 0 }));
  }

  private setOlder(ids: readonly string[]): void {
    this.older = new Set(ids);
    this.changed();
  }
}
