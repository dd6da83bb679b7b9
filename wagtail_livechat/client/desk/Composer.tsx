import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../offers/Icon";
import type { DeskConversation, QuickReply } from "../shared/protocol";
import { lengthOf } from "../shared/text";
import type { DeskApp } from "./app";
import type { Draft } from "./drafts";
import { FileButton, FileList, pastedFiles, useDrop } from "./FileList";
import { Foot, isComposed, onFieldKey, useGrowing } from "./field";
import { COMPOSE, INSERT, type Compose, type Insert } from "./keyboard";
import { filled, fitting, leftovers, matching, typedQuery, valuesFor } from "./quickReplies";

const SHOWN = 50;

/** Where a reply or a note is written. What is written is kept, key by key, until it is on its way. */
export function Composer({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t, config } = app;
  const { id } = conversation;
  const [draft, setDraft] = useState<Draft>(() => app.drafts.get(id));
  /** What was typed after the `/`, or null while the list of quick replies is closed. */
  const [query, setQuery] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  /** Placeholders that were found when the person wanted to send. */
  const [mistakes, setMistakes] = useState<readonly string[]>([]);
  const field = useRef<HTMLTextAreaElement>(null);
  const { text, note } = draft;
  const left = config.maxLength - lengthOf(text.trim());
  const hasFiles = !note && app.files.of(id).some(({ state }) => state === "ready");
  const canSend = (text.trim() !== "" || hasFiles) && left >= 0;
  const isDragged = useDrop(app, id);
  const fits = fitting(app.view.desk.library.quick_replies, conversation);
  const found = query === null || note ? [] : matching(fits, query).slice(0, SHOWN);
  const isListed = found.length > 0 || (query === "" && !note && !fits.length);

  const change = (next: Draft): void => {
    setDraft(next);
    app.drafts.set(id, next);
  };

  /** Puts `more` where the caret is, in place of the `/word` before it. */
  const insert = ({ text: more, reply }: Insert): void => {
    const now = app.drafts.get(id);
    const area = field.current;
    const at = area && document.activeElement === area ? area.selectionEnd : now.text.length;
    let before = now.text.slice(0, at);
    const typed = query === null ? null : typedQuery(before);
    if (typed !== null) before = before.slice(0, before.length - typed.length - 1);
    const after = now.text.slice(at);
    const space = before && !/\s$/.test(before) ? " " : "";
    const text = before + space + more + after;
    change({ ...now, text, ...(reply !== undefined && { reply }) });
    setQuery(null);
    setMistakes([]);
    const caret = before.length + space.length + more.length;
    // At once: the next key is for what was inserted, not for the button that did it.
    area?.focus();
    // After it has been drawn.
    setTimeout(() => area?.setSelectionRange(caret, caret));
  };

  const paste = (reply: QuickReply): void => {
    const values = valuesFor(conversation, app.view.desk.me?.name ?? "");
    insert({ text: filled(reply.text, values), reply: reply.id });
  };

  // Not later than it is drawn: the next key may be for it.
  useLayoutEffect(() => {
    if (app.takesFocus(id)) field.current?.focus();
    const unwatch = app.drafts.watch(id, () => {
      // What was sent in another tab must not stay here, ready to be sent again. Who is writing here is left alone.
      if (document.activeElement !== field.current || document.hidden) setDraft(app.drafts.get(id));
    });
    return () => {
      unwatch();
      app.stoppedTyping(id);
    };
  }, [id]);

  useLayoutEffect(() => {
    const onCompose = (event: Event): void => {
      const { note: asNote, quick } = (event as CustomEvent<Compose>).detail;
      // From storage: an edited refusal was put there a moment ago.
      change({ ...app.drafts.get(id), note: asNote });
      field.current?.focus();
      if (quick) openList();
    };
    const onInsert = (event: Event): void => insert((event as CustomEvent<Insert>).detail);
    document.addEventListener(COMPOSE, onCompose);
    document.addEventListener(INSERT, onInsert);
    return () => {
      document.removeEventListener(COMPOSE, onCompose);
      document.removeEventListener(INSERT, onInsert);
    };
  });

  useGrowing(field, text);

  const openList = (): void => {
    setActive(0);
    setQuery("");
  };

  const send = (anyway = false): void => {
    if (!canSend) return;
    const found = draft.reply === undefined || note || anyway ? [] : leftovers(text);
    setMistakes(found);
    if (found.length) return;
    if (text.trim()) app.post(id, text.trim(), note, draft.reply);
    if (hasFiles) app.files.send(id);
    // The next one is a reply again: a note that was meant for the visitor does less harm than the reverse.
    change({ text: "", note: false });
    setQuery(null);
    field.current?.focus();
  };

  const onListKey = (event: KeyboardEvent): boolean => {
    if (event.key === "Escape") setQuery(null);
    else if (!found.length) return false;
    else if (event.key === "ArrowDown") setActive((active + 1) % found.length);
    else if (event.key === "ArrowUp") setActive((active - 1 + found.length) % found.length);
    else if (event.key === "Enter" || event.key === "Tab") paste(found[Math.min(active, found.length - 1)]!);
    else return false;
    return true;
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey && !isComposed(event);
    if (isListed && isPlain && onListKey(event)) {
      event.preventDefault();
      event.stopPropagation();
    } else onFieldKey(event, send);
  };

  const mode = (isNote: boolean, label: string, icon: string) => (
    <button
      type="button"
      class="lcd-composer__mode"
      aria-pressed={note === isNote}
      onClick={() => {
        change({ ...draft, note: isNote });
        setMistakes([]);
        app.stoppedTyping(id);
        field.current?.focus();
      }}
    >
      <Icon name={icon} /> {label}
    </button>
  );

  const label = note ? t("write_note") : t("write_reply", { name: app.name(conversation) });
  const option = (at: number): string => `lcd-quick-${at}`;
  return (
    <form
      class={`lcd-composer ${note ? "lcd-composer--note" : ""} ${isDragged ? "lcd-composer--drop" : ""}`}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {isListed && (
        <QuickReplyList
          app={app}
          found={found}
          active={Math.min(active, found.length - 1)}
          option={option}
          onPick={paste}
          onPoint={setActive}
        />
      )}
      <div class="lcd-composer__modes">
        {mode(false, t("reply"), "livechat")}
        {mode(true, t("note"), "livechat-note")}
        {!note && (
          <button
            type="button"
            class="lcd-composer__mode lcd-composer__quick"
            aria-haspopup="listbox"
            aria-expanded={isListed}
            title={t("quick_open")}
            // The focus stays in the text: the list is moved through from there.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => {
              field.current?.focus();
              if (isListed) setQuery(null);
              else openList();
            }}
          >
            <kbd aria-hidden="true">/</kbd> {t("quick")}
          </button>
        )}
        {!note && <FileButton app={app} conversation={id} />}
      </div>
      {mistakes.length > 0 && (
        <div class="lcd-problem lcd-composer__mistake" role="alert">
          <span>
            {mistakes.length === 1 && mistakes[0] === "name"
              ? t("quick_left_name")
              : t("quick_left", { names: mistakes.map((name) => `<${name}>`).join(", ") })}
          </span>
          <button type="button" class="button button-small button-secondary" onClick={() => send(true)}>
            {t("quick_send")}
          </button>
        </div>
      )}
      <textarea
        ref={field}
        class="lcd-composer__field"
        rows={2}
        dir="auto"
        aria-label={label}
        placeholder={label}
        aria-describedby="lcd-composer-hint"
        aria-invalid={left < 0 || mistakes.length > 0}
        aria-autocomplete="list"
        {...(found.length
          ? { "aria-controls": "lcd-quick", "aria-activedescendant": option(Math.min(active, found.length - 1)) }
          : {})}
        value={text}
        onInput={(event) => {
          const { value, selectionEnd } = event.currentTarget;
          // Without text it is no longer the quick reply that it was.
          change(value ? { ...draft, text: value } : { text: "", note });
          setMistakes([]);
          const typed = note ? null : typedQuery(value.slice(0, selectionEnd));
          if (typed !== query) setActive(0);
          setQuery(typed);
          if (note) return;
          if (value) app.typed(id);
          else app.stoppedTyping(id);
        }}
        onBlur={() => {
          app.stoppedTyping(id);
          setQuery(null);
        }}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const files = pastedFiles(event);
          if (!files.length) return;
          event.preventDefault();
          app.files.add(id, files);
        }}
      />
      <FileList app={app} conversation={id} isNote={note} />
      {isDragged && <p class="lcd-composer__drop">{t("file_drop")}</p>}
      <Foot app={app} left={left} canSend={canSend} label={t(note ? "save_note" : "send")} />
    </form>
  );
}

interface QuickReplyListProps {
  app: DeskApp;
  found: readonly QuickReply[];
  active: number;
  option: (at: number) => string;
  onPick: (reply: QuickReply) => void;
  onPoint: (at: number) => void;
}

/** Above the text field, which keeps the focus. */
function QuickReplyList({ app, found, active, option, onPick, onPoint }: QuickReplyListProps) {
  const { t } = app;
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);
  if (!found.length) return <p class="lcd-quick lcd-quick--none">{t("quick_none")}</p>;
  return (
    <ul class="lcd-quick w-scrollbar-thin" id="lcd-quick" role="listbox" aria-label={t("quick")} ref={list}>
      {found.map((reply, at) => (
        <li
          key={reply.id}
          id={option(at)}
          class="lcd-quick__item"
          role="option"
          aria-selected={at === active}
          // Not click: the field must not lose the focus.
          onPointerDown={(event) => {
            event.preventDefault();
            if (event.button === 0) onPick(reply);
          }}
          onPointerMove={() => at !== active && onPoint(at)}
        >
          <span class="lcd-quick__name">
            <bdi>{reply.name}</bdi>
            {reply.shortcut && <kbd>/{reply.shortcut}</kbd>}
          </span>
          <span class="lcd-quick__text" dir="auto">
            {reply.text}
          </span>
        </li>
      ))}
    </ul>
  );
}
