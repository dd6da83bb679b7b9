import type { JSX } from "preact";

import { Icon } from "../widget/icons";

/** Beside those of the widget. */
const PATHS = {
  search: "M11 18a7 7 0 1 1 0-14 7 7 0 0 1 0 14zM16.5 16.5L21 21",
  back: "M19 12H5M11 6l-6 6 6 6",
  next: "M9 6l6 6-6 6",
  close: "M6 6l12 12M18 6L6 18",
  faq: "M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18zM9.2 9.3a2.9 2.9 0 1 1 4.2 2.6c-.9.5-1.4 1-1.4 2M12 17h.01",
  article: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  up: "M7 11v9H4v-9zM7 11l4-8a2.5 2.5 0 0 1 2.5 2.5V9H19a1.7 1.7 0 0 1 1.7 2l-1.3 7.4a2 2 0 0 1-2 1.6H7",
  down: "M17 13V4h3v9zM17 13l-4 8a2.5 2.5 0 0 1-2.5-2.5V15H5a1.7 1.7 0 0 1-1.7-2l1.3-7.4A2 2 0 0 1 6.6 4H17",
} as const;

/** A sign that means nothing by itself: the words are beside it. `flip`: it points, so it turns with the direction of reading. */
export function Glyph({ name, flip = false }: { name: keyof typeof PATHS; flip?: boolean }): JSX.Element {
  return <Icon d={PATHS[name]} flip={flip} />;
}
