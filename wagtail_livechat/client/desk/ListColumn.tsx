import { Icon } from "../offers/Icon";
import { clock, useNow } from "../offers/time";
import type { DeskConversation, OperatorPresence, TeamConversation } from "../shared/protocol";
import type { DeskApp } from "./app";
import { Avatar } from "./Avatar";
import { colleagues, isWaiting, lastTime, needsReply, type Lists } from "./lists";
import { memo } from "./memo";
import { ColleagueRow } from "./Team";

const TAGS_SHOWN = 2;

interface ListColumnProps {
  app: DeskApp;
  lists: Lists;
  selected: string | null;
  ready: boolean;
  /** Offers whose answer is on its way. */
  busy: ReadonlySet<number>;
  operators: readonly OperatorPresence[];
  team: readonly TeamConversation[];
}

/** All conversations in three lists. One row is in the tab order; the arrows move through all of them. */
export const ListColumn = memo(function ListColumn({ app, lists, selected, ready, busy, operators, team }: ListColumnProps) {
  const { t } = app;
  const { waiting, mine, others } = lists;
  const people = colleagues(operators, team, app.config.operator);
  const all = [...waiting, ...mine, ...others];
  const tabStop = all.some(({ id }) => id === selected) ? selected : all[0]?.id;
  const rows = (list: readonly DeskConversation[]) =>
    list.map((conversation) => (
      <Row
        key={conversation.id}
        app={app}
        conversation={conversation}
        isSelected={conversation.id === selected}
        isTabStop={conversation.id === tabStop}
        isBusy={conversation.offer !== undefined && busy.has(conversation.offer)}
      />
    ));
  return (
    <nav class="lcd-lists w-scrollbar-thin" aria-label={t("lists")} aria-busy={!ready}>
      {!ready ? (
        <p class="lcd-lists__none">{t("loading")}</p>
      ) : (
        <>
          <List title={t("list_waiting")} count={waiting.length} none={t("none_waiting")} isUrgent={waiting.length > 0}>
            {rows(waiting)}
          </List>
          <List title={t("list_mine")} count={mine.length} none={t("none_mine")}>
            {rows(mine)}
          </List>
          {others.length > 0 && (
            <List title={t("list_others")} count={others.length} none="">
              {rows(others)}
            </List>
          )}
          {people.length > 0 && (
            <List title={t("colleagues")} count={people.filter(({ status }) => status !== "offline").length} isAlways none="">
              {people.map((colleague) => (
                <ColleagueRow
                  key={colleague.operator ?? colleague.talk?.id}
                  app={app}
                  colleague={colleague}
                  isSelected={colleague.talk !== undefined && colleague.talk.id === selected}
                />
              ))}
            </List>
          )}
        </>
      )}
    </nav>
  );
});

interface ListProps {
  title: string;
  count: number;
  none: string;
  isUrgent?: boolean;
  /** Its rows are drawn whatever the count says. */
  isAlways?: boolean;
  children: preact.ComponentChildren;
}

function List({ title, count, none, isUrgent, isAlways, children }: ListProps) {
  return (
    <section class="lcd-list">
      <h2 class="lcd-list__title">
        {title} <span class={`lcd-count ${isUrgent ? "lcd-count--urgent" : ""}`}>{count}</span>
      </h2>
      {count || isAlways ? <ul class="lcd-list__rows">{children}</ul> : <p class="lcd-lists__none">{none}</p>}
    </section>
  );
}

interface RowProps {
  app: DeskApp;
  conversation: DeskConversation;
  isSelected: boolean;
  isTabStop: boolean;
  isBusy: boolean;
}

const Row = memo(function Row({ app, conversation, isSelected, isTabStop, isBusy }: RowProps) {
  const { t } = app;
  const { id, state, unread, offer } = conversation;
  const name = app.name(conversation);
  const waitsForYes = isWaiting(conversation);
  const waits = needsReply(conversation);
  return (
    <li class={`lcd-row lcd-row--${waitsForYes ? "queued" : state} ${isSelected ? "lcd-row--selected" : ""} ${unread ? "lcd-row--unread" : ""}`}>
      <button
        type="button"
        class="lcd-row__main"
        tabIndex={isTabStop ? 0 : -1}
        {...(isSelected ? { "aria-current": "true" as const } : {})}
        onClick={() => app.select(id)}
      >
        <Avatar name={conversation.visitor.name} isOnline={state === "ended" ? null : conversation.visitor.online} />
        <span class="lcd-row__texts">
          <span class="lcd-row__first">
            <bdi class="lcd-row__name">{name}</bdi>
            <RowTime conversation={conversation} app={app} isRunning={state === "queued" || waits} />
          </span>
          <span class="lcd-row__second">
            <span class="lcd-row__preview" dir="auto">
              <Preview app={app} conversation={conversation} isSelected={isSelected} />
            </span>
            {waits && !unread && (
              <span class="lcd-row__waits" title={t("needs_reply")}>
                <span class="w-sr-only">{t("needs_reply")}</span>
              </span>
            )}
            {unread > 0 && (
              <span class="lcd-count lcd-count--unread">
                <span aria-hidden="true">{unread}</span>
                <span class="w-sr-only">{t("unread", { count: unread })}</span>
              </span>
            )}
          </span>
          <Meta conversation={conversation} app={app} />
        </span>
      </button>
      {waitsForYes && offer !== undefined && (
        <button
          type="button"
          class="button button-small lcd-row__accept"
          tabIndex={isTabStop ? 0 : -1}
          disabled={isBusy}
          aria-label={`${t("accept")}: ${name}`}
          onClick={() => app.accept(offer)}
        >
          {t("accept")}
        </button>
      )}
    </li>
  );
});

function Preview({ app, conversation, isSelected }: { app: DeskApp; conversation: DeskConversation; isSelected: boolean }) {
  const { t } = app;
  const { id, mine, state, operators } = conversation;
  // Of the one on the screen the draft is in the composer, where it grows with each key.
  if (!isSelected && mine && state === "active" && app.drafts.has(id)) {
    return (
      <>
        <Icon name="edit" /> {app.drafts.get(id).text}
      </>
    );
  }
  if (!mine && state === "active") return <>{t("with", { names: operators.map(({ name }) => name).join(", ") })}</>;
  const text = conversation.preview ?? conversation.first_text;
  if (!text) return <>{t("no_text")}</>;
  return (
    <>
      {conversation.preview_author === "operator" && `${t("you")}: `}
      {text}
    </>
  );
}

function Meta({ conversation, app }: { conversation: DeskConversation; app: DeskApp }) {
  const { department, proactive, state, tags, waiting } = conversation;
  const [offer] = waiting;
  const parts = [
    state === "ended" ? app.t("list_ended") : "",
    offer && !isWaiting(conversation) ? app.t(`${offer.kind}_waiting`, { name: offer.to }) : (department?.name ?? ""),
  ].filter(Boolean);
  if (!parts.length && !proactive && !tags.length) return null;
  return (
    <span class="lcd-row__meta">
      {proactive && <Icon name="mail" />}
      {parts.join(" · ")}
      {tags.slice(0, TAGS_SHOWN).map((tag) => (
        <bdi key={tag} class="lcd-row__tag">
          {tag}
        </bdi>
      ))}
    </span>
  );
}

function RowTime({ conversation, app, isRunning }: { conversation: DeskConversation; app: DeskApp; isRunning: boolean }) {
  return isRunning ? (
    <Running conversation={conversation} app={app} />
  ) : (
    <time class="lcd-row__time" dateTime={lastTime(conversation)}>
      {app.formats.shortOf(lastTime(conversation))}
    </time>
  );
}

function Running({ conversation, app }: { conversation: DeskConversation; app: DeskApp }) {
  const since = conversation.state === "queued" || conversation.state === "offline" ? (conversation.queued_at ?? conversation.created_at) : lastTime(conversation);
  const waited = useNow() - new Date(since).getTime();
  const level = waited > 120_000 ? "late" : waited > 45_000 ? "soon" : "fresh";
  return (
    <span class={`lcd-row__time lcd-row__time--${level}`}>
      <span class="w-sr-only">{app.t("waited", { time: "" })}</span>
      {clock(waited)}
    </span>
  );
}
