/** A piece of text: plain, or a link that is safe to follow. */
export type Piece = string | { href: string; text: string };

// Without invisible and direction-changing characters: they make a link look like another one.
const CANDIDATE =
  /\b(?:https?:\/\/|mailto:)[^\s<>"'`\u0000-\u001f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/gi;

/** `text` cut into plain pieces and links. Links are only http, https and mailto; joined, the pieces give `text` again. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const shown = withoutTrailingPunctuation(match[0]);
    const href = hrefOf(shown);
    if (!href) continue;
    if (match.index > end) found.push(text.slice(end, match.index));
    found.push({ href, text: shown });
    end = match.index + shown.length;
  }
  if (end < text.length) found.push(text.slice(end));
  return found;
}

/** Attributes for an anchor that shows a stranger's link. */
export const LINK_ATTRIBUTES = { rel: "noopener nofollow", target: "_blank" } as const;

function hrefOf(shown: string): string | null {
  const candidate = /^(https?:\/\/|mailto:)/i.test(shown) ? shown : `mailto:${shown}`;
  try {
    const url = new URL(candidate);
    if (url.protocol === "mailto:") return url.pathname.includes("@") ? url.href : null;
    return (url.protocol === "http:" || url.protocol === "https:") && url.hostname ? url.href : null;
  } catch {
    return null;
  }
}

const OPENING: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** A sentence's own full stop or bracket is not part of the link that ends it. One pass: strangers write long texts. */
function withoutTrailingPunctuation(text: string): string {
  const count: Record<string, number> = {};
  for (const char of text) count[char] = (count[char] ?? 0) + 1;
  let end = text.length;
  for (; end > 0; end -= 1) {
    const last = text[end - 1]!;
    const opening = OPENING[last];
    if (!/[.,;:!?)\]}*_~…]/.test(last)) break;
    if (opening && (count[opening] ?? 0) >= count[last]!) break;
    count[last]! -= 1;
  }
  return text.slice(0, end);
}
