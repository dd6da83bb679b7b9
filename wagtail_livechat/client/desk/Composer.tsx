import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../offers/Icon";
import type { DeskConversation } from "../shared/protocol";
import { lengthOf } from "../shared/text";
import type { DeskApp } from "./app";
import type { Draft } from "./drafts";
import { COMPOSE, focusSelected } from "./keyboard";

/** The counter appears when so much of the limit is used. */
const COUNT_FROM = 0.8;

/** Where a reply or a note is written. What is written is kept, key by key, until it is on its way. */
export function Composer({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t, config } = app;
  const { id } = conversation;
  const [draft, setDraft] = useState<Draft>(() => app.drafts.get(id));
  const field = useRef<HTMLTextAreaElement>(null);
  const { text, note } = draft;
  const left = config.maxLength - lengthOf(text.trim());
  const canSend = text.trim() !== "" && left >= 0;

  const change = (next: Draft): void => {
    setDraft(next);
    app.drafts.set(id, next);
  };

  // Not later than it is drawn: the next key may be for it.
  useLayoutEffect(() => {
    if (app.takesFocus(id)) field.current?.focus();
    const onCompose = (event: Event): void => {
      const { note: asNote } = (event as CustomEvent<{ note: boolean }>).detail;
      // From storage: an edited refusal was put there a moment ago.
      change({ ...app.drafts.get(id), note: asNote });
      field.current?.focus();
    };
    document.addEventListener(COMPOSE, onCompose);
    // What was sent in another tab must not stay here, ready to be sent again. Who is writing here is left alone.
    const unwatch = app.drafts.watch(id, () => {
      if (document.activeElement !== field.current || document.hidden) setDraft(app.drafts.get(id));
    });
    return () => {
      unwatch();
      document.removeEventListener(COMPOSE, onCompose);
      app.stoppedTyping(id);
    };
  }, [id]);

  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + area.offsetHeight - area.clientHeight}px`;
  }, [text]);

  const send = (): void => {
    if (!canSend) return;
    app.post(id, text.trim(), note);
    // The next one is a reply again: a note that was meant for the visitor does less harm than the reverse.
    change({ text: "", note: false });
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes (and in Safari just after), Enter belongs to it.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      field.current?.blur();
      focusSelected();
    }
  };

  const mode = (isNote: boolean, label: string, icon: string) => (
    <button
      type="button"
      class="lcd-composer__mode"
      aria-pressed={note === isNote}
      onClick={() => {
        change({ text, note: isNote });
        app.stoppedTyping(id);
        field.current?.focus();
      }}
    >
      <Icon name={icon} /> {label}
    </button>
  );

  const label = note ? t("write_note") : t("write_reply", { name: app.name(conversation) });
  return (
    <form
      class={`lcd-composer ${note ? "lcd-composer--note" : ""}`}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="lcd-composer__modes">
        {mode(false, t("reply"), "livechat")}
        {mode(true, t("note"), "livechat-note")}
      </div>
      <textarea
        ref={field}
        class="lcd-composer__field"
        rows={2}
        dir="auto"
        aria-label={label}
        placeholder={label}
        aria-describedby="lcd-composer-hint"
        aria-invalid={left < 0}
        value={text}
        onInput={(event) => {
          const value = event.currentTarget.value;
          change({ text: value, note });
          if (note) return;
          if (value) app.typed(id);
          else app.stoppedTyping(id);
        }}
        onBlur={() => app.stoppedTyping(id)}
        onKeyDown={onKeyDown}
      />
      <div class="lcd-composer__foot">
        <span class="lcd-composer__hint" id="lcd-composer-hint">
          {t("hint")}
        </span>
        {left < config.maxLength * (1 - COUNT_FROM) && (
          <span class={`lcd-composer__left ${left < 0 ? "lcd-composer__left--over" : ""}`} role="status">
            {left < 0 ? t("over", { count: -left }) : t("left", { count: left })}
          </span>
        )}
        <button type="submit" class="button button-small lcd-composer__send" disabled={!canSend}>
          {note ? t("save_note") : t("send")}
        </button>
      </div>
    </form>
  );
}
