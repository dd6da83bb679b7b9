import { localStore, readJson, type Store } from "../shared/store";

export interface Draft {
  readonly text: string;
  /** The composer is set to notes. */
  readonly note: boolean;
  /** The quick reply that the text began as. */
  readonly reply?: number;
}

const EMPTY: Draft = { text: "", note: false };

/** What was written and not sent, per conversation; survives a reload. */
export class Drafts {
  constructor(
    private readonly prefix: string,
    private readonly store: Store = localStore(),
  ) {}

  get(conversation: string): Draft {
    return { ...EMPTY, ...readJson<Partial<Draft>>(this.store, this.prefix + conversation) };
  }

  set(conversation: string, draft: Draft): void {
    if (draft.text || draft.note) this.store.set(this.prefix + conversation, JSON.stringify(draft));
    else this.store.remove(this.prefix + conversation);
  }

  /** Calls back when another tab has changed it. Returns how to stop. */
  watch(conversation: string, changed: () => void): () => void {
    const listener = ({ key }: StorageEvent): void => {
      if (key === null || key === this.prefix + conversation) changed();
    };
    addEventListener("storage", listener);
    return () => removeEventListener("storage", listener);
  }

  has(conversation: string): boolean {
    return this.get(conversation).text.trim() !== "";
  }

  remove(conversation: string): void {
    this.store.remove(this.prefix + conversation);
  }
}
