import { storageKey } from "../loader/contract";
import type { View } from "../widget/context";
import { Library } from "./library";
import { Places } from "./places";

/** What the parts of the help share, for as long as the page lives. */
export interface Shelf {
  library: Library;
  places: Places;
  /** What was answered to "did this help?", by the answer's version. */
  votes: Map<string, boolean>;
  /** The question for which suggestions were looked at and turned down. */
  turnedDown: string;
  /** What gets the focus when it is drawn: by its `data-at`. */
  focus: string;
}

const inTab = {
  get: (key: string) => sessionStorage.getItem(key),
  set: (key: string, value: string) => sessionStorage.setItem(key, value),
};

let shelf: Shelf | undefined;

export function shelfOf({ chat, config, launcher }: View): Shelf {
  return (shelf ??= {
    library: new Library({
      url: config.help!.url,
      site: config.site,
      lang: config.lang,
      page: launcher.page,
      token: () => chat.token(),
    }),
    places: new Places(inTab, storageKey(config.site, "help")),
    votes: new Map(),
    turnedDown: "",
    focus: "",
  });
}

/** To the chat, with the words that somebody wants an answer to, if they have not begun to write something else. */
export function ask({ chat, launcher }: View, words: string): void {
  if (chat.conversation && !chat.openConversation()) chat.startNew();
  if (!chat.conversation && !chat.draft.trim()) chat.setDraft(words);
  if (shelf) shelf.turnedDown = chat.draft.trim();
  chat.show("chat");
  requestAnimationFrame(() => launcher.root.querySelector<HTMLElement>("#lc-chat textarea")?.focus());
}
