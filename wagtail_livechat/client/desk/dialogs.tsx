import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { DeskConversation } from "../shared/protocol";
import type { DeskApp } from "./app";
import { KEYS } from "./keyboard";

/** A modal dialog. The browser keeps the focus in it, closes it on Escape and gives the focus back. */
function Dialog({ app, title, children }: { app: DeskApp; title: string; children: ComponentChildren }) {
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
      onClick={(event) => event.target === dialog.current && app.openDialog(null)}
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

export function KeysDialog({ app }: { app: DeskApp }) {
  const { t, view } = app;
  return (
    <Dialog app={app} title={t("keys")}>
      <label class="lcd-dialog__switch">
        <input
          type="checkbox"
          checked={view.prefs.keys}
          onChange={(event) => app.setPref({ keys: event.currentTarget.checked })}
        />{" "}
        {t("keys_on")}
      </label>
      <dl class="lcd-keys">
        {KEYS.map(([keys, text]) => (
          <div key={text} class="lcd-keys__row">
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{t(text)}</dd>
          </div>
        ))}
      </dl>
      <div class="lcd-dialog__actions">
        <button type="button" class="button" onClick={() => app.openDialog(null)}>
          {t("close")}
        </button>
      </div>
    </Dialog>
  );
}

export function EndDialog({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t } = app;
  return (
    <Dialog app={app} title={t("end_question", { name: app.name(conversation) })}>
      <p>{t("end_help")}</p>
      <div class="lcd-dialog__actions">
        <button type="button" class="button no" onClick={() => app.end(conversation.id)}>
          {t("end_yes")}
        </button>
        {/* Focused first: whoever typed `e` while looking elsewhere ends nothing with the next Enter. */}
        <button type="button" autoFocus class="button button-secondary" onClick={() => app.openDialog(null)}>
          {t("cancel")}
        </button>
      </div>
    </Dialog>
  );
}
