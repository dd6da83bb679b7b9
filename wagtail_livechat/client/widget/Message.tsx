import type { JSX } from "preact";

import { LINK_ATTRIBUTES, pieces } from "../shared/links";

/** Text of a stranger: links become links, everything else stays text. `dir=auto`: each message has its own direction. */
export function MessageText({ text }: { text: string }): JSX.Element {
  return (
    <p class="text" dir="auto">
      {pieces(text).map((piece) =>
        typeof piece === "string" ? (
          piece
        ) : (
          <a href={piece.href} {...LINK_ATTRIBUTES}>
            {piece.text}
          </a>
        ),
      )}
    </p>
  );
}
