import type { JSX, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { isOpen as isOngoing } from "./chat";
import { Composer } from "./Composer";
import { suggests, useText, useView } from "./context";
import { Header } from "./Header";
import { Lazy } from "./Lazy";
import { Log } from "./Log";
import { Notice } from "./Notice";
import { Tabs } from "./Tabs";

export function Panel(): JSX.Element {
  const { chat, config, close } = useView();
  const t = useText();
  const [asksEnd, setAsksEnd] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const { conversation, isOpen, pane } = chat;
  // What was looked at is kept while the visitor is in the chat.
  const looked = useRef(false);
  looked.current ||= pane !== "chat";
  const isEnded = !!conversation && !isOngoing(conversation.state);
  const toField = (): void => void requestAnimationFrame(() => field.current?.focus());
  const isShut = chat.status.state === "stopped" && chat.status.code === "closed";

  return (
    <section
      id="panel"
      role="dialog"
      tabIndex={-1}
      aria-label={t("dialog", { company: config.company })}
      hidden={!isOpen}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        if (asksEnd) setAsksEnd(false);
        else close();
      }}
    >
      <Header
        onEnd={() => {
          chat.show("chat");
          setAsksEnd(true);
        }}
      />
      {config.help && <Tabs />}
      <div class="pane" id="lc-chat" hidden={pane !== "chat"} {...(config.help && { role: "tabpanel", "aria-labelledby": "lc-tab-chat" })}>
        <Notice />
        <Log />
        {asksEnd && !isEnded ? (
          <Lazy
            part="AskEnd"
            props={{
              onAnswer(yes) {
                if (yes) chat.end();
                setAsksEnd(false);
                toField();
              },
            }}
          />
        ) : isEnded ? (
          <Lazy
            part="After"
            props={{
              onStart() {
                chat.startNew();
                toField();
              },
              onBack: toField,
            }}
          />
        ) : isShut ? null : (
          <Writing field={field} />
        )}
      </div>
      {looked.current && (
        <div class="pane" id="lc-help" hidden={pane === "chat"} role="tabpanel" aria-labelledby={`lc-tab-${pane}`}>
          <Lazy part="Help" props={{}} />
        </div>
      )}
    </section>
  );
}

/** Where the visitor writes: the field, or the form that the site asks to be filled in first. */
function Writing({ field }: { field: RefObject<HTMLTextAreaElement | null> }): JSX.Element | null {
  const { chat, config } = useView();
  const { conversation, site } = chat;
  const begun = chat.outbox.list().find((item) => item.conversation === null && !item.refused);
  const isNew = !conversation && !begun;
  const wanted = !isNew
    ? null
    : site === "offline" && config.forms.offline
      ? "case"
      : config.forms.prechat.length || Object.keys(chat.faults).length
        ? "chat"
        : null;
  // Who is in the middle of a message for later goes on with it, whoever comes.
  const [stays, setStays] = useState(false);
  useEffect(() => {
    if (wanted === "case") setStays(true);
    else if (!isNew || !chat.draft.trim()) setStays(false);
  });
  const as = isNew && stays ? "case" : wanted;

  if (begun?.begin?.as === "case") return null;
  if (as) {
    const onChatNow = as === wanted ? undefined : () => setStays(false);
    return <Lazy part="Intake" props={{ as, onChatNow }} key={as} />;
  }
  return (
    <>
      <NoAnswer />
      {isNew && suggests(chat) && <Lazy part="Suggest" props={{}} />}
      <Composer field={field} />
    </>
  );
}

/** Nobody has come for a while: the visitor may leave an address, and go. */
function NoAnswer(): JSX.Element | null {
  const { chat, config } = useView();
  const [, tick] = useState(0);
  const isWaiting = chat.conversation?.state === "queued" && config.forms.no_answer > 0 && !chat.keepsWaiting;
  const left = config.forms.no_answer * 1_000 - chat.waited;
  useEffect(() => {
    if (!isWaiting || left <= 0) return;
    const timer = setTimeout(() => tick((n) => n + 1), left + 50);
    return () => clearTimeout(timer);
  }, [isWaiting, chat.conversation?.queued_at]);
  return isWaiting && left <= 0 ? <Lazy part="Address" props={{}} /> : null;
}
