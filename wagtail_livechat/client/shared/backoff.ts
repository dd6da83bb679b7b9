export interface Backoff {
  base?: number;
  cap?: number;
  random?: () => number;
}

/**
 * Milliseconds to wait before try number `tries` + 1: anywhere between 0 and `base`·2^tries, at most `cap`.
 *
 * Full jitter, because after a restart of the server every client starts its backoff at the same moment: waiting "about"
 * the same time would bring them all back at once.
 */
export function backoff(tries: number, { base = 500, cap = 10_000, random = Math.random }: Backoff = {}): number {
  return Math.floor(random() * Math.min(cap, base * 2 ** Math.min(tries, 30)));
}

/** `ms` give or take a fifth, so that many clients on one clock drift apart. */
export function jitter(ms: number, random: () => number = Math.random): number {
  return Math.round(ms * (0.8 + 0.4 * random()));
}
