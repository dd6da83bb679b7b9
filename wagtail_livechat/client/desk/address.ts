const UUID = /^#([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** `#<uuid>` in the address: a link to a conversation, and what a reload comes back to. */
export function selectedInAddress(): string | null {
  return UUID.exec(location.hash)?.[1] ?? null;
}

export function rememberInAddress(id: string | null): void {
  history.replaceState(history.state, "", id ? `#${id}` : location.pathname + location.search);
}
