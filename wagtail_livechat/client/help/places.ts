import type { Pane } from "../widget/config";
import type { Found, Kind } from "./contract";

/** Where somebody is in one of the panes: its first page, a category, or an answer. */
export type View =
  | { at: "first" }
  | { at: "category"; id: number }
  | { at: "answer"; kind: Kind; id: number; /** The question that it was suggested for. */ question?: string }
  | { at: "thanks"; question: string };

/** Where it is written down: the tab's storage. */
export interface Remembers {
  get(key: string): string | null;
  set(key: string, value: string): void;
}

export interface Place {
  q: string;
  stack: View[];
  /** How far down each view of the stack was left. */
  scroll: number[];
}

const nowhere = (): Place => ({ q: "", stack: [{ at: "first" }], scroll: [0] });

/** Where the visitor is in each pane; kept while they are in the chat, and when they go to another page in this tab. */
export class Places {
  private readonly all: Record<string, Place>;

  constructor(
    private readonly store: Remembers,
    private readonly key: string,
  ) {
    try {
      this.all = JSON.parse(store.get(key) ?? "{}") as Record<string, Place>;
    } catch {
      this.all = {}; // Another version wrote it, or the storage is blocked.
    }
  }

  of(pane: Pane): Place {
    return (this.all[pane] ??= nowhere());
  }

  view(pane: Pane): View {
    const { stack } = this.of(pane);
    return stack[stack.length - 1]!;
  }

  type(pane: Pane, q: string): void {
    this.of(pane).q = q;
    this.scrolled(pane, 0);
  }

  go(pane: Pane, view: View): void {
    const place = this.of(pane);
    place.stack.push(view);
    place.scroll.push(0);
    this.save();
  }

  /** Instead of the view that is shown. */
  turn(pane: Pane, view: View): void {
    const place = this.of(pane);
    place.stack[place.stack.length - 1] = view;
    this.scrolled(pane, 0);
  }

  /** One view back. Answers false where there is none. */
  back(pane: Pane): boolean {
    const place = this.of(pane);
    if (place.stack.length < 2) return false;
    place.stack.pop();
    place.scroll.pop();
    this.save();
    return true;
  }

  scrolled(pane: Pane, top: number): void {
    const { stack, scroll } = this.of(pane);
    scroll[stack.length - 1] = Math.round(top);
    this.save();
  }

  scroll(pane: Pane): number {
    const { stack, scroll } = this.of(pane);
    return scroll[stack.length - 1] ?? 0;
  }

  private save(): void {
    try {
      this.store.set(this.key, JSON.stringify(this.all));
    } catch {
      // The storage is blocked or full: then it is remembered while the page lives.
    }
  }
}

/** The pane that an answer belongs to, where there is such a pane. */
export function paneFor({ kind }: Pick<Found, "kind">, panes: readonly Pane[]): Pane {
  const wanted = kind === "faq" ? "faq" : "help";
  return panes.includes(wanted) ? wanted : (panes.find((pane) => pane !== "chat") ?? "chat");
}
