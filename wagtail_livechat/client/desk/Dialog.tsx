import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { DeskApp } from "./app";
import type { Asked } from "./asked";

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

interface FormDialogProps extends Omit<DialogProps, "keeps"> {
  submitLabel: string;
  /** It cannot be taken back. */
  isGrave?: boolean;
  asked: Asked;
  onSubmit: () => void;
}

/** A dialog with fields, what the server had against them, and the two ways out. */
export function FormDialog({ app, title, submitLabel, isGrave, asked, onSubmit, children }: FormDialogProps) {
  return (
    <Dialog app={app} title={title} keeps>
      <form
        class="lcd-form"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        <Problem text={asked.problem} />
        <div class="lcd-dialog__actions">
          <button type="submit" class={`button ${isGrave ? "no" : ""}`} disabled={asked.isBusy}>
            {submitLabel}
          </button>
          {/* Focused first: whoever typed a key while looking elsewhere does nothing with the next Enter. */}
          <button type="button" autoFocus class="button button-secondary" onClick={() => app.openDialog(null)}>
            {app.t("cancel")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
