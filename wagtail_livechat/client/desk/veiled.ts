import type { MaskedRevealed } from "../shared/protocol";

export type Detail = NonNullable<MaskedRevealed["detail"]>;

/** What lies under stars: one message by its number, or one detail of the visitor. */
export type Hidden = { readonly seq: number } | { readonly detail: Detail };

/** What was revealed of one conversation, by `keyOf`. */
export type RevealedHere = Readonly<Record<string, string>>;

/** The same of all, by conversation. */
export type Revealed = Readonly<Record<string, RevealedHere>>;

export const nothingRevealed: Revealed = {};

export function keyOf(hidden: Hidden): string {
  return "seq" in hidden ? `seq:${hidden.seq}` : `detail:${hidden.detail}`;
}

export function withRevealed(all: Revealed, { conversation, seq, detail, text }: MaskedRevealed): Revealed {
  const hidden: Hidden | null = seq !== undefined ? { seq } : detail !== undefined ? { detail } : null;
  return hidden ? { ...all, [conversation]: { ...all[conversation], [keyOf(hidden)]: text } } : all;
}

export function withoutRevealed(all: Revealed, conversation: string, hidden: Hidden): Revealed {
  const { [keyOf(hidden)]: _, ...rest } = all[conversation] ?? {};
  return { ...all, [conversation]: rest };
}
