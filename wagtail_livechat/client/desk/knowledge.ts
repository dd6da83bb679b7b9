import type { KnowledgeFound, KnowledgeResult, OperatorCommand } from "../shared/protocol";

const NOTHING: readonly KnowledgeResult[] = [];

/** Searches beside the chat: one request per pause in typing, the newest one counts. */
export class Knowledge {
  private conversation = "";
  private asked = "";
  private answer: KnowledgeFound | null = null;

  constructor(
    private readonly send: (command: OperatorCommand) => boolean,
    private readonly changed: () => void,
  ) {}

  /** What was last searched for beside this conversation. */
  query(conversation: string): string {
    return conversation === this.conversation ? this.asked : "";
  }

  search(conversation: string, query: string): void {
    if (conversation === this.conversation && query === this.asked && (this.answer || !query)) return;
    this.conversation = conversation;
    this.asked = query;
    this.answer = null;
    if (query) this.send({ type: "knowledge.search", conversation, query });
    this.changed();
  }

  onAnswer(found: KnowledgeFound): void {
    // What was asked before the last key comes too late.
    if (found.query !== this.asked) return;
    this.answer = found;
    this.changed();
  }

  found(conversation: string, query: string): { results: readonly KnowledgeResult[]; isSearching: boolean } {
    const isCurrent = conversation === this.conversation && query === this.asked;
    return {
      results: (isCurrent && this.answer?.results) || NOTHING,
      isSearching: query !== "" && !(isCurrent && this.answer),
    };
  }
}
