import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

export interface Menu {
  isOpen: boolean;
  root: RefObject<HTMLDivElement | null>;
  button: RefObject<HTMLButtonElement | null>;
  toggle: () => void;
  /** Closes it and gives the focus back to the button. */
  close: () => void;
  onKey: (event: KeyboardEvent) => void;
  onButtonKey: (event: KeyboardEvent) => void;
}

/** A menu button after the ARIA practices: arrows, Home and End move, Escape closes, Tab closes and goes on. */
export function useMenu(firstItem: () => number = () => 0): Menu {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const items = (): HTMLElement[] => [...(root.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];

  // At once, not after the next picture: a quick hand has pressed the next key by then.
  useLayoutEffect(() => {
    if (!isOpen) return;
    items()[firstItem()]?.focus();
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
  return {
    isOpen,
    root,
    button,
    toggle: () => setOpen(!isOpen),
    close,
    onKey: (event) => {
      const all = items();
      const at = all.indexOf(document.activeElement as HTMLElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
      if (to !== undefined) all[to % all.length]?.focus();
      else if (event.key === "Escape") close();
      else if (event.key === "Tab") setOpen(false);
      else return;
      if (event.key !== "Tab") event.preventDefault();
      event.stopPropagation();
    },
    onButtonKey: (event) => {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      event.preventDefault();
      setOpen(true);
    },
  };
}
