/** How long somebody has to stop typing before anything is asked. */
const PAUSE = 350;

/**
 * Asks once per pause of what is typed, and only shows the answer to the newest question.
 *
 * `show` is given null while nothing is known: nothing asked yet, too short, or a question that failed.
 */
export class Pause<T> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private question = "";

  constructor(
    private readonly ask: (question: string) => Promise<T>,
    private readonly show: (answer: T | null, question: string) => void,
    private readonly shortest: number,
  ) {}

  type(text: string): void {
    const question = text.trim();
    if (question === this.question) return;
    this.question = question;
    clearTimeout(this.timer);
    if (question.length < this.shortest) return this.show(null, question);
    this.timer = setTimeout(() => {
      this.ask(question).then(
        (answer) => this.question === question && this.show(answer, question),
        () => this.question === question && this.show(null, question),
      );
    }, PAUSE);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.question = "";
  }
}
