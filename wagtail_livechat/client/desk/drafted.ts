import type { DraftMade, DraftPrepared, OperatorEvent } from "../shared/protocol";

/** What the server said to the draft that is being made now. */
export class Drafted {
  prepared: DraftPrepared | null = null;
  made: DraftMade | null = null;

  constructor(private readonly changed: () => void) {}

  forget(): void {
    this.prepared = this.made = null;
    this.changed();
  }

  onEvent(event: OperatorEvent): void {
    if (event.type === "draft.prepared") this.prepared = event;
    else if (event.type === "draft.made") this.made = event;
    else return;
    this.changed();
  }
}
