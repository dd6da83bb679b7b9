import type { DeskApp } from "./app";

/** Single keys, as in a mail client; the sheet under `?` lists them. */
export const KEYS: readonly (readonly [keys: readonly string[], text: string])[] = [
  [["j", "↓"], "key_next"],
  [["k", "↑"], "key_previous"],
  [["a"], "key_accept"],
  [["r"], "key_reply"],
  [["n"], "key_note"],
  [["/"], "key_quick"],
  [["s"], "key_answers"],
  [["t"], "key_transfer"],
  [["i"], "key_invite"],
  [["e"], "key_end"],
  [["d"], "key_draft"],
  [["Esc"], "key_escape"],
  [["Enter"], "key_send"],
  [["Shift+Enter"], "key_break"],
  [["?"], "key_keys"],
];

/** Puts the cursor into the composer, as a reply or as a note; `quick` opens the list of quick replies. */
export const COMPOSE = "livechat:compose";

export interface Compose {
  readonly note: boolean;
  readonly quick?: boolean;
}

export function compose(note: boolean, quick = false): void {
  document.dispatchEvent(new CustomEvent<Compose>(COMPOSE, { detail: { note, quick } }));
}

/** Puts a text into the composer, where its cursor is. */
export const INSERT = "livechat:insert";

export interface Insert {
  readonly text: string;
  /** The quick reply that it is. */
  readonly reply?: number;
}

export function insert(what: Insert): void {
  document.dispatchEvent(new CustomEvent<Insert>(INSERT, { detail: what }));
}

/** On the window and capturing, because Wagtail binds `?` to its own list of shortcuts. */
export function listenForKeys(app: DeskApp): void {
  addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || app.view.dialog || !app.view.prefs.keys) return;
      // Who has just accepted may be writing already, a moment before the composer is there.
      if (app.isAboutToWrite) return;
      const inMenu = event.target instanceof Element && event.target.closest("[role=menu], [aria-haspopup]");
      if (inMenu && event.key.startsWith("Arrow")) return;
      if (!act(app, event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
}

function act(app: DeskApp, { key, target }: KeyboardEvent): boolean {
  switch (key) {
    case "d":
      if (!app.selected || !app.config.mayDraft || app.view.picked) return false;
      app.startPicking();
      return true;
    case "j":
    case "k":
      app.step(key === "j" ? 1 : -1);
      return true;
    case "ArrowDown":
    case "ArrowUp":
      // Elsewhere the arrows scroll.
      if (!(target instanceof Element) || !target.closest(".lcd-lists")) return false;
      app.step(key === "ArrowDown" ? 1 : -1);
      focusSelected();
      return true;
    case "a":
      app.acceptNext();
      return true;
    case "r":
    case "n":
      if (!app.selected && !app.talk) return false;
      compose(key === "n");
      return true;
    case "/":
      if (!app.canWrite) return false;
      compose(false, true);
      return true;
    case "s":
      return app.showAnswers();
    case "t":
    case "i":
      if (!app.selected || !app.isOwner(app.selected)) return false;
      app.openDialog(key === "t" ? "transfer" : "invite");
      return true;
    case "e":
      app.askToEnd();
      return true;
    case "?":
      app.openDialog("keys");
      return true;
    default:
      return false;
  }
}

/** After the list has been drawn, and unless the person has gone elsewhere meanwhile. */
export function focusSelected(): void {
  setTimeout(() => {
    const focused = document.activeElement;
    if (focused && focused !== document.body && !focused.closest(".lcd-lists")) return;
    document.querySelector<HTMLElement>(".lcd-row__main[aria-current=true]")?.focus();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  );
}
