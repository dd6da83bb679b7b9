import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../offers/Icon";
import type { TeamConversation } from "../shared/protocol";
import { lengthOf } from "../shared/text";
import type { DeskApp } from "./app";
import { Avatar } from "./Avatar";
import { Foot, onFieldKey, useGrowing } from "./field";
import { COMPOSE, INSERT, type Insert } from "./keyboard";
import type { Colleague } from "./lists";
import { Timeline } from "./Timeline";

/** The list of colleagues: who is there, and what they wrote. */
export function ColleagueRow({ app, colleague, isSelected }: { app: DeskApp; colleague: Colleague; isSelected: boolean }) {
  const { t } = app;
  const { name, picture, status, talk } = colleague;
  const unread = talk?.unread ?? 0;
  return (
    <li class={`lcd-row lcd-row--colleague ${isSelected ? "lcd-row--selected" : ""} ${unread ? "lcd-row--unread" : ""}`}>
      <button
        type="button"
        class="lcd-row__main"
        {...(isSelected ? { "aria-current": "true" as const } : {})}
        onClick={() => app.writeTo(colleague)}
      >
        <Avatar name={name} picture={picture} />
        <span class="lcd-row__texts">
          <span class="lcd-row__first">
            <bdi class="lcd-row__name">{name}</bdi>
            {unread > 0 && (
              <span class="lcd-count lcd-count--unread">
                <span aria-hidden="true">{unread}</span>
                <span class="w-sr-only">{t("unread", { count: unread })}</span>
              </span>
            )}
            <span class={`lcd-dot lcd-dot--${status}`} />
            <span class="w-sr-only">{t(status === "offline" ? "person_gone" : `status_${status}`)}</span>
          </span>
          {talk?.preview && (
            <span class="lcd-row__preview" dir="auto">
              {talk.preview_author === app.config.operator && `${t("you")}: `}
              {talk.preview}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}

/** The middle column, with a colleague. */
export function TeamTalk({ app, talk }: { app: DeskApp; talk: TeamConversation }) {
  const { t, view } = app;
  const { id, members, name, closed } = talk;
  const operator = view.desk.operators.find((one) => one.id === members[0]?.id);
  const status = operator?.status ?? "offline";
  return (
    <section class="lcd-conversation" aria-label={t("conversation")}>
      <header class="lcd-head">
        <button type="button" class="lcd-tool lcd-head__back" aria-label={t("back")} onClick={() => app.show("lists")}>
          <Icon name="arrow-left" />
        </button>
        <Avatar name={name} picture={operator?.picture ?? members[0]?.picture} />
        <div class="lcd-head__texts">
          <h2 class="lcd-head__name" tabIndex={-1}>
            <bdi>{name}</bdi>
          </h2>
          <p class="lcd-head__facts">
            <span>
              <span class={`lcd-dot lcd-dot--${status}`} /> {t(status === "offline" ? "person_gone" : `status_${status}`)}
            </span>
            <span>{t("team_private")}</span>
          </p>
        </div>
      </header>
      <Timeline
        key={id}
        app={app}
        receipts={talk.receipts}
        name={name}
        isTeam
        canWrite={!closed}
        timeline={view.desk.timelines[id]}
        pending={view.pending.filter((item) => item.conversation === id)}
        typing={view.desk.typing[id]}
        isFetching={app.following.older.has(id)}
        isLive={view.line.state === "live"}
      />
      {closed ? (
        <footer class="lcd-foot">
          <p>{t("team_closed", { name })}</p>
        </footer>
      ) : (
        <TeamComposer key={id} app={app} talk={talk} />
      )}
    </section>
  );
}

/** What is written is kept, key by key, until it is on its way. */
function TeamComposer({ app, talk }: { app: DeskApp; talk: TeamConversation }) {
  const { t, config } = app;
  const { id, name } = talk;
  const [text, setText] = useState(() => app.drafts.get(id).text);
  const field = useRef<HTMLTextAreaElement>(null);
  const left = config.maxLength - lengthOf(text.trim());
  const canSend = text.trim() !== "" && left >= 0;
  const change = (next: string): void => {
    setText(next);
    app.drafts.set(id, { text: next, note: false });
  };
  useGrowing(field, text);
  useLayoutEffect(() => {
    field.current?.focus();
    const unwatch = app.drafts.watch(id, () => {
      if (document.activeElement !== field.current || document.hidden) setText(app.drafts.get(id).text);
    });
    const onCompose = (): void => {
      setText(app.drafts.get(id).text);
      field.current?.focus();
    };
    const onInsert = (event: Event): void => change(app.drafts.get(id).text + (event as CustomEvent<Insert>).detail.text);
    document.addEventListener(COMPOSE, onCompose);
    document.addEventListener(INSERT, onInsert);
    return () => {
      unwatch();
      document.removeEventListener(COMPOSE, onCompose);
      document.removeEventListener(INSERT, onInsert);
      app.stoppedTyping(id);
    };
  }, [id]);
  const send = (): void => {
    if (!canSend) return;
    app.post(id, text.trim(), false);
    change("");
    field.current?.focus();
  };
  const label = t("write_reply", { name });
  return (
    <form
      class="lcd-composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
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
          const { value } = event.currentTarget;
          change(value);
          if (value) app.typed(id);
          else app.stoppedTyping(id);
        }}
        onBlur={() => app.stoppedTyping(id)}
        onKeyDown={(event) => onFieldKey(event, send)}
      />
      <Foot app={app} left={left} canSend={canSend} label={t("send")} />
    </form>
  );
}
