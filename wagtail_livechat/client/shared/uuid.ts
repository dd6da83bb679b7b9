/** A random UUID (version 4). `crypto.randomUUID` exists only in secure contexts; a site may still be on plain http. */
export function uuid(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return fromBytes(crypto.getRandomValues(new Uint8Array(16)));
}

/** The version 4 UUID of 16 random bytes. */
export function fromBytes(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte, i) =>
    (i === 6 ? (byte & 0x0f) | 0x40 : i === 8 ? (byte & 0x3f) | 0x80 : byte).toString(16).padStart(2, "0"),
  ).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
