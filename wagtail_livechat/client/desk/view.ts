import type { Prefs } from "../offers/prefs";
import type { Status } from "../shared/connection";
import { initialDeskState, type DeskState } from "../shared/deskReducer";
import type { Pending } from "../shared/outbox";
import type { Offer, VisitorHistory } from "../shared/protocol";
import type { Lists } from "./lists";
import { nothingRevealed, type Hidden, type Revealed } from "./veiled";

/** All that is drawn: what the server says, and what the person looks at. */
export interface View {
  readonly desk: DeskState;
  readonly lists: Lists;
  readonly line: Status;
  /** The conversation in the middle. */
  readonly selected: string | null;
  /** On narrow screens: which of the columns is shown. */
  readonly pane: "lists" | "conversation" | "details";
  readonly pending: readonly Pending[];
  /** Offers to put before the operator. */
  readonly offers: readonly Offer[];
  /** A command that was refused, in words. */
  readonly notice: string;
  /** For screen readers. */
  readonly spoken: string;
  readonly prefs: Prefs;
  readonly dialog: "keys" | "end" | "wrap_up" | "transfer" | "invite" | "ban" | "reveal" | "draft" | null;
  /** Messages that are being chosen for a draft, by seq; null: nothing is chosen now. */
  readonly picked: ReadonlySet<number> | null;
  /** Beside the conversation: who it is, or what could be said. */
  readonly panel: "visitor" | "answers";
  /** What is known of the visitors that were looked at, by conversation. */
  readonly histories: Readonly<Record<string, VisitorHistory>>;
  /** This operator may look under the stars, one message or detail at a time. */
  readonly mayReveal: boolean;
  /** What the dialog asks to be shown. */
  readonly revealing: Hidden | null;
  /** What was shown of it. In memory alone: gone with the page, or when the right is. */
  readonly revealed: Revealed;
}

export function initialView(selected: string | null, pending: readonly Pending[], prefs: Prefs): View {
  return {
    desk: initialDeskState,
    lists: { waiting: [], mine: [], others: [] },
    line: { state: "connecting" },
    selected,
    pane: selected ? "conversation" : "lists",
    pending,
    offers: [],
    notice: "",
    spoken: "",
    prefs,
    dialog: null,
    picked: null,
    panel: "visitor",
    histories: {},
    mayReveal: false,
    revealing: null,
    revealed: nothingRevealed,
  };
}
