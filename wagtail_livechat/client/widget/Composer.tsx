import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { lengthOf } from "../shared/text";
import { useText, useView } from "./context";
import { Icon } from "./icons";
import { Lazy } from "./Lazy";

/** The counter shows when this much of the limit is left. */
const COUNT_FROM = 0.8;

export function Composer({ field }: { field: RefObject<HTMLTextAreaElement | null> }): JSX.Element {
  const { chat, config, gesture } = useView();
  const t = useText();
  const { draft, isShown } = chat;
  const { message: limit } = config.limits;
  const length = lengthOf(draft.trim());
  const isOver = length > limit;

  useLayoutEffect(() => {
    const area = field.current!;
    // Grows with its text; the style sheet says how far. What is not shown has no height to measure.
    if (!isShown) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [draft, isShown]);

  const send = (): void => {
    gesture();
    chat.send();
    field.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method is composing, Enter belongs to it (229: the same, as Safari says it).
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };

  const insert = (emoji: string): void => {
    const area = field.current!;
    area.setRangeText(emoji, area.selectionStart, area.selectionEnd, "end");
    chat.setDraft(area.value);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class="field">
        <textarea
          ref={field}
          rows={1}
          // An empty field runs as the window does, with the words that stand in for text.
          dir={draft ? "auto" : undefined}
          enterkeyhint="send"
          placeholder={t("write")}
          aria-label={t("write")}
          aria-invalid={isOver}
          aria-describedby="lc-count"
          value={draft}
          onInput={({ currentTarget }) => chat.setDraft(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {config.files.types.length > 0 && chat.openConversation() && <Lazy part="Attach" props={{}} />}
        <EmojiButton onPick={insert} field={field} />
        <button type="submit" class="send" aria-label={t("send")} title={t("send")} aria-disabled={!length || isOver}>
          <Icon name="send" flip />
        </button>
      </div>
      <p id="lc-count" class={isOver ? "count over" : "count"}>
        {!isOver && length >= limit * COUNT_FROM && t("left_of", { count: length, limit })}
      </p>
      <p class="count over" role="status">
        {isOver && t("over_limit", { count: length - limit })}
      </p>
    </form>
  );
}

interface EmojiButtonProps {
  onPick: (emoji: string) => void;
  field: RefObject<HTMLTextAreaElement | null>;
}

function EmojiButton({ onPick, field }: EmojiButtonProps): JSX.Element {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);

  const shut = (): void => {
    setOpen(false);
    field.current?.focus();
  };

  return (
    <div
      class="emoji"
      ref={box}
      // Around the button too: until the grid has the focus, Escape must not close the whole window.
      onKeyDown={(event) => {
        if (!isOpen || event.key !== "Escape") return;
        shut();
        event.preventDefault();
        event.stopPropagation();
      }}
      onFocusOut={({ relatedTarget }) => {
        if (!box.current?.contains(relatedTarget as Node | null)) setOpen(false);
      }}
    >
      <button
        type="button"
        class="plain"
        aria-label={t("emoji")}
        title={t("emoji")}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="emoji" />
      </button>
      {isOpen && (
        <Lazy
          part="Emoji"
          props={{
            onPick(emoji) {
              onPick(emoji);
              shut();
            },
          }}
        />
      )}
    </div>
  );
}
