import type { TypingChanged } from "./protocol";

/** Someone who is typing, until `until` (milliseconds) unless they say so again. */
export interface Typist {
  readonly party: string;
  readonly id: number | null;
  readonly name: string;
  readonly until: number;
}

/** The protocol says that typing fades after this time without a repeat. */
export const TYPING_FADES = 6_000;

export function withTyping(list: readonly Typist[], event: TypingChanged, now: number): readonly Typist[] {
  const id = event.id ?? null;
  const rest = withoutTyping(list, event.party, id);
  return event.active ? [...rest, { party: event.party, id, name: event.name, until: now + TYPING_FADES }] : rest;
}

/** `list` without this person: they stopped, or what they typed has arrived. */
export function withoutTyping(list: readonly Typist[], party: string, id: number | null): readonly Typist[] {
  const rest = list.filter((typist) => typist.party !== party || typist.id !== id);
  return rest.length === list.length ? list : rest;
}

export function stillTyping(list: readonly Typist[], now: number): readonly Typist[] {
  const rest = list.filter((typist) => typist.until > now);
  return rest.length === list.length ? list : rest;
}
