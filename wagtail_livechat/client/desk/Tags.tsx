import { useState } from "preact/hooks";

import { Icon } from "../offers/Icon";
import type { DeskConversation } from "../shared/protocol";
import type { DeskApp } from "./app";

/** As long as the server takes. */
const LONGEST = 50;

/** The conversation's tags; a new word becomes a tag. */
export function Tags({ app, conversation, known }: { app: DeskApp; conversation: DeskConversation; known: readonly string[] }) {
  const { t } = app;
  const { id } = conversation;
  const [text, setText] = useState("");
  /** On its way: the next word must be added to these, not to what the server last told. */
  const [wanted, setWanted] = useState<readonly string[] | null>(null);
  const tags = wanted ?? conversation.tags;
  const change = (next: readonly string[]): void => {
    setWanted(next);
    void app.tag(id, [...next]).then(() => setWanted((newest) => (newest === next ? null : newest)));
  };
  const add = (): void => {
    const name = text.trim().replace(/,+$/, "").trim();
    if (name && !tags.some((tag) => tag.toLocaleLowerCase() === name.toLocaleLowerCase())) change([...tags, name]);
    setText("");
  };
  return (
    <div class="lcd-tags">
      {tags.length > 0 && (
        <ul class="lcd-tags__list">
          {tags.map((tag) => (
            <li key={tag} class="lcd-tag">
              <bdi>{tag}</bdi>
              <button
                type="button"
                class="lcd-tag__x"
                aria-label={t("tag_remove", { name: tag })}
                onClick={() => change(tags.filter((other) => other !== tag))}
              >
                <Icon name="cross" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        type="text"
        class="lcd-input"
        list="lcd-known-tags"
        dir="auto"
        maxLength={LONGEST}
        aria-label={t("tag_add")}
        placeholder={t("tag_add")}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if ((event.key !== "Enter" && event.key !== ",") || event.isComposing) return;
          event.preventDefault();
          add();
        }}
        onBlur={add}
      />
      <datalist id="lcd-known-tags">
        {known
          .filter((tag) => !tags.includes(tag))
          .map((tag) => (
            <option key={tag} value={tag} />
          ))}
      </datalist>
    </div>
  );
}
