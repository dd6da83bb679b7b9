import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

import type { DeskApp } from "./app";
import { focusSelected } from "./keyboard";

/** The counter appears when so much of the limit is used. */
const COUNT_FROM = 0.8;

/** A text field is as high as its text, up to what the style sheet allows. */
export function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  }, [text]);
}

/** While an input method composes (and in Safari just after), the keys belong to it. */
export function isComposed(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** Enter sends; Escape leaves the field, so that single keys are shortcuts again. */
export function onFieldKey(event: KeyboardEvent, send: () => void): void {
  if (isComposed(event)) return;
  if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey) {
    event.preventDefault();
    send();
  } else if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    (event.currentTarget as HTMLElement).blur();
    focusSelected();
  }
}

interface FootProps {
  app: DeskApp;
  left: number;
  canSend: boolean;
  label: string;
}

/** Below a field: how it is used, what is left, and the button. */
export function Foot({ app, left, canSend, label }: FootProps) {
  return (
    <div class="lcd-composer__foot">
      <span class="lcd-composer__hint" id="lcd-composer-hint">
        {app.t("hint")}
      </span>
      <Left app={app} left={left} />
      <button type="submit" class="button button-small lcd-composer__send" disabled={!canSend}>
        {label}
      </button>
    </div>
  );
}

/** Characters that are left, once they get few. */
function Left({ app, left }: { app: DeskApp; left: number }) {
  const { t, config } = app;
  if (left >= config.maxLength * (1 - COUNT_FROM)) return null;
  return (
    <span class={`lcd-composer__left ${left < 0 ? "lcd-composer__left--over" : ""}`} role="status">
      {left < 0 ? t("over", { count: -left }) : t("left", { count: left })}
    </span>
  );
}
