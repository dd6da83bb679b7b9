import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

import type { DeskApp } from "./app";

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

/** Characters that are left, once they get few. */
export function Left({ app, left }: { app: DeskApp; left: number }) {
  const { t, config } = app;
  if (left >= config.maxLength * (1 - COUNT_FROM)) return null;
  return (
    <span class={`lcd-composer__left ${left < 0 ? "lcd-composer__left--over" : ""}`} role="status">
      {left < 0 ? t("over", { count: -left }) : t("left", { count: left })}
    </span>
  );
}
