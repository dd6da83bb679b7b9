import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { DeskApp } from "./app";

interface DialogProps {
  app: DeskApp;
  title: string;
  children: ComponentChildren;
  /** With fields in it, a click beside the dialog must not throw away what was typed. */
  keeps?: boolean;
}

/** A modal dialog. The browser keeps the focus in it, closes it on Escape and gives the focus back. */
export function Dialog({ app, title, children, keeps }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="lcd-dialog"
      aria-labelledby="lcd-dialog-title"
      onClose={() => app.openDialog(null)}
      onClick={(event) => !keeps && event.target === dialog.current && app.openDialog(null)}
    >
      <div class="lcd-dialog__inner">
        <h2 id="lcd-dialog-title" class="lcd-dialog__title">
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  );
}

/** Why the server did not do it. */
export function Problem({ text }: { text: string }) {
  return text ? (
    <p class="lcd-problem" role="alert">
      {text}
    </p>
  ) : null;
}
