import { uuid } from "./uuid";

/** Commands whose answer somebody waits for: the event that carries the command's mark. */
export class Asking<E extends { ref?: string }> {
  private readonly open = new Map<string, (answer: E | null) => void>();

  constructor(private readonly lateAfter: number) {}

  /** `send` gets the mark, and answers false if the line is down. Resolves to null then, and when nothing comes in time. */
  ask(send: (ref: string) => boolean): Promise<E | null> {
    const ref = uuid();
    return new Promise((resolve) => {
      const late = setTimeout(() => this.settle(ref, null), this.lateAfter);
      this.open.set(ref, (answer) => {
        clearTimeout(late);
        resolve(answer);
      });
      if (!send(ref)) this.settle(ref, null);
    });
  }

  onEvent(event: E): void {
    if (event.ref) this.settle(event.ref, event);
  }

  /** Nothing that was asked for will come. */
  onLineDown(): void {
    for (const ref of [...this.open.keys()]) this.settle(ref, null);
  }

  private settle(ref: string, answer: E | null): void {
    const settle = this.open.get(ref);
    this.open.delete(ref);
    settle?.(answer);
  }
}
