import { Asking } from "../shared/asking";
import type { OperatorCommand, OperatorEvent } from "../shared/protocol";

const ANSWER_IS_LATE = 10_000;

/** What came of a command: null if it was done, else why not, in words for the person. */
export type Outcome = string | null;

/** Commands whose outcome the person waits for. */
export class Requests {
  private readonly asking = new Asking<OperatorEvent>(ANSWER_IS_LATE);

  constructor(
    private readonly send: (command: OperatorCommand) => boolean,
    /** What is said when the line is down, or nothing came in time. */
    private readonly noLine: () => string,
  ) {}

  async ask(command: OperatorCommand): Promise<Outcome> {
    const answer = await this.asking.ask((ref) => this.send({ ...command, ref }));
    if (!answer) return this.noLine();
    return answer.type === "error" ? answer.message : null;
  }

  onEvent(event: OperatorEvent): void {
    this.asking.onEvent(event);
  }

  onLineDown(): void {
    this.asking.onLineDown();
  }
}
