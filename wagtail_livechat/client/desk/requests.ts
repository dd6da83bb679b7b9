import type { OperatorCommand, OperatorEvent } from "../shared/protocol";
import { uuid } from "../shared/uuid";

const ANSWER_IS_LATE = 10_000;

/** What came of a command: null if it was done, else why not, in words for the person. */
export type Outcome = string | null;

/** Commands whose outcome the person waits for. */
export class Requests {
  private readonly open = new Map<string, (outcome: Outcome) => void>();

  constructor(
    private readonly send: (command: OperatorCommand) => boolean,
    /** What is said when the line is down, or nothing came in time. */
    private readonly noLine: () => string,
  ) {}

  ask(command: OperatorCommand): Promise<Outcome> {
    const ref = uuid();
    return new Promise((resolve) => {
      const late = setTimeout(() => this.settle(ref, this.noLine()), ANSWER_IS_LATE);
      this.open.set(ref, (outcome) => {
        clearTimeout(late);
        resolve(outcome);
      });
      if (!this.send({ ...command, ref })) this.settle(ref, this.noLine());
    });
  }

  onEvent(event: OperatorEvent): void {
    if (event.ref) this.settle(event.ref, event.type === "error" ? event.message : null);
  }

  onLineDown(): void {
    for (const ref of [...this.open.keys()]) this.settle(ref, this.noLine());
  }

  private settle(ref: string, outcome: Outcome): void {
    const settle = this.open.get(ref);
    this.open.delete(ref);
    settle?.(outcome);
  }
}
