import type { JSX } from "preact";
import { useRef } from "preact/hooks";

import { panesOf } from "./config";
import { useText, useView } from "./context";
import { step } from "./keys";

/** The chat, and the answers beside it. */
export function Tabs(): JSX.Element {
  const { chat, config } = useView();
  const t = useText();
  const bar = useRef<HTMLDivElement>(null);
  return (
    <div
      class="tabs"
      role="tablist"
      aria-label={t("tabs")}
      ref={bar}
      onKeyDown={(event) => step(event, [...bar.current!.querySelectorAll<HTMLElement>("button")])?.click()}
    >
      {panesOf(config).map((pane) => {
        const isHere = pane === chat.pane;
        const count = pane === "chat" && !isHere ? chat.unread : 0;
        return (
          <button
            type="button"
            role="tab"
            id={`lc-tab-${pane}`}
            key={pane}
            aria-selected={isHere}
            aria-controls={pane === "chat" ? "lc-chat" : "lc-help"}
            tabIndex={isHere ? 0 : -1}
            onClick={() => chat.show(pane)}
          >
            {t(`tab_${pane}`)}
            {count > 0 && (
              <span class="fresh">
                <span aria-hidden="true">{count}</span>
                <span class="hidden">{t("unread", { count })}</span>
              </span>
            )}
          </button>
        );
      })}
    </div>
  );
}
