/** Moves the focus along `items`, as arrow keys, Home and End ask for. Returns where to, if this key asks for it. */
export function step(event: KeyboardEvent, items: HTMLElement[]): HTMLElement | undefined {
  const at = items.findIndex((item) => item.matches(":focus"));
  const forward = items[0] && getComputedStyle(items[0]).direction === "rtl" ? -1 : 1;
  const by = { ArrowDown: 1, ArrowUp: -1, ArrowRight: forward, ArrowLeft: -forward }[event.key];
  const to = by ? (at + by + items.length) % items.length : { Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return undefined;
  event.preventDefault();
  items[to]?.focus();
  return items[to];
}
