import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../offers/Icon";
import type { OperatorPresence } from "../shared/protocol";
import type { DeskApp } from "./app";

const CHOICES = ["available", "away", "offline"] as const;

/** The operator's own status: a menu button after the ARIA practices (arrows, Home, End, Escape, Tab closes). */
export function StatusMenu({ app, me }: { app: DeskApp; me: OperatorPresence }) {
  const { t } = app;
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const items = (): HTMLElement[] => [...(root.current?.querySelectorAll<HTMLElement>("[role=menuitemradio]") ?? [])];

  // At once, not after the next picture: a quick hand has pressed the next key by then.
  useLayoutEffect(() => {
    if (!isOpen) return;
    const current = Math.max(0, CHOICES.indexOf(me.status as (typeof CHOICES)[number]));
    items()[current]?.focus();
    const outside = (event: Event): void => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [isOpen]);

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) all[to % all.length]?.focus();
    else if (event.key === "Escape") close();
    else if (event.key === "Tab") setOpen(false);
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="lcd-status" ref={root}>
      <button
        ref={button}
        type="button"
        class="lcd-status__button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={`${t("status")}: ${t(`status_${me.status}`)}`}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            setOpen(true);
          }
        }}
      >
        <span class={`lcd-dot lcd-dot--${me.status}`} />
        <span class="lcd-status__text">{t(`status_${me.status}`)}</span>
        <span class="lcd-status__load" title={t("load_help")}>
          {t("load", { load: me.load, capacity: me.capacity })}
        </span>
        <Icon name="arrow-down" />
      </button>
      {isOpen && (
        <div class="lcd-menu" role="menu" aria-label={t("status")} onKeyDown={onKey}>
          {CHOICES.map((status) => (
            <button
              key={status}
              type="button"
              role="menuitemradio"
              tabIndex={-1}
              class="lcd-menu__item"
              aria-checked={status === me.status}
              onClick={() => {
                app.setStatus(status);
                close();
              }}
            >
              <span class={`lcd-dot lcd-dot--${status}`} />
              <span class="lcd-menu__texts">
                <span class="lcd-menu__name">{t(`status_${status}`)}</span>
                <span class="lcd-menu__help">{t(`status_${status}_help`)}</span>
              </span>
              {status === me.status && <Icon name="check" />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
