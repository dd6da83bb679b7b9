import type { RefObject } from "preact";

import { Icon } from "../offers/Icon";
import { clock, useNow } from "../offers/time";
import type { DeskConversation } from "../shared/protocol";
import type { DeskApp } from "./app";
import { Avatar } from "./Avatar";
import { PageLink } from "./Conversation";
import { useMenu } from "./menu";

interface HeadProps {
  app: DeskApp;
  conversation: DeskConversation;
  heading: RefObject<HTMLHeadingElement | null>;
}

/** Who it is, what goes on, and what can be done. */
export function Head({ app, conversation, heading }: HeadProps) {
  const { t } = app;
  const { language, case_number: number, visitor } = conversation;
  return (
    <header class="lcd-head">
      <button type="button" class="lcd-tool lcd-head__back" aria-label={t("back")} onClick={() => app.show("lists")}>
        <Icon name="arrow-left" />
      </button>
      <Avatar name={visitor.name} isOnline={visitor.online} />
      <div class="lcd-head__texts">
        <h2 class="lcd-head__name" tabIndex={-1} ref={heading}>
          <bdi>{app.name(conversation)}</bdi>
        </h2>
        <p class="lcd-head__facts">
          <span class="lcd-head__case">{t("case", { number })}</span>
          <PageLink conversation={conversation} app={app} />
          {language && <span>{app.formats.languageName(language)}</span>}
          <Timer conversation={conversation} app={app} />
          {conversation.archived && (
            <span>
              <Icon name="folder-inverse" /> {t("archived")}
            </span>
          )}
        </p>
      </div>
      <Tools app={app} conversation={conversation} />
      {app.isOwner(conversation) && (
        <button type="button" class="button button-small button-secondary no lcd-head__end" onClick={() => app.askToEnd()}>
          {t("end")}
        </button>
      )}
      <button type="button" class="lcd-tool lcd-head__details" aria-label={t("details")} onClick={() => app.show("details")}>
        <Icon name="info-circle" />
      </button>
    </header>
  );
}

/** The two that are used most as buttons, all of them in a menu. */
function Tools({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t, config } = app;
  const menu = useMenu();
  const isOwner = app.isOwner(conversation);
  const isTransferring = conversation.waiting.some(({ kind }) => kind === "transfer");
  const record = config.urls.record.replace("{case}", encodeURIComponent(conversation.case_number));
  const item = (icon: string, text: string, act: () => void) => (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      class="lcd-menu__item"
      onClick={() => {
        menu.close();
        act();
      }}
    >
      <Icon name={icon} />
      <span class="lcd-menu__name">{text}</span>
    </button>
  );
  return (
    <div class="lcd-head__tools">
      {isOwner && (
        <>
          <button
            type="button"
            class="lcd-tool lcd-head__wide"
            aria-label={t("transfer")}
            title={t("transfer")}
            disabled={isTransferring}
            onClick={() => app.openDialog("transfer")}
          >
            <Icon name="redirect" />
          </button>
          <button
            type="button"
            class="lcd-tool lcd-head__wide"
            aria-label={t("invite")}
            title={t("invite")}
            onClick={() => app.openDialog("invite")}
          >
            <Icon name="group" />
          </button>
        </>
      )}
      <div class="lcd-more" ref={menu.root}>
        <button
          ref={menu.button}
          type="button"
          class="lcd-tool"
          aria-haspopup="menu"
          aria-expanded={menu.isOpen}
          aria-label={t("more")}
          title={t("more")}
          onClick={menu.toggle}
          onKeyDown={menu.onButtonKey}
        >
          <Icon name="dots-horizontal" />
        </button>
        {menu.isOpen && (
          <div class="lcd-menu" role="menu" aria-label={t("more")} onKeyDown={menu.onKey}>
            {isOwner && !isTransferring && item("redirect", t("transfer"), () => app.openDialog("transfer"))}
            {isOwner && item("group", t("invite"), () => app.openDialog("invite"))}
            {item("folder-inverse", t(conversation.archived ? "unarchive" : "archive"), () =>
              app.archive(conversation.id, !conversation.archived),
            )}
            {conversation.mine && conversation.state === "ended" && item("edit", t("wrap_up"), () => app.openDialog("wrap_up"))}
            {config.mayDraft && item("doc-empty", t("draft"), () => app.startPicking())}
            {record && item("history", t("record"), () => location.assign(record))}
            {config.mayBan && item("no-view", t("ban"), () => app.openDialog("ban"))}
          </div>
        )}
      </div>
    </div>
  );
}

/** What waits for a colleague's answer, and who else is in it. */
export function Strips({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t, view } = app;
  const { operators, waiting, blocked, state, mine } = conversation;
  if (state !== "active") return null;
  const isOwner = app.isOwner(conversation);
  const others = operators.filter(({ id }) => id !== view.desk.me?.id);
  const owner = operators.find(({ id }) => id === conversation.owner);
  return (
    <>
      {blocked && (
        <div class="lcd-strip lcd-strip--blocked" role="alert">
          <Icon name="warning" />
          <span class="lcd-strip__text">{t(`blocked_${blocked}`)}</span>
        </div>
      )}
      {waiting.map((offer) => (
        <div key={offer.id} class="lcd-strip" role="status">
          <Icon name="time" />
          <span class="lcd-strip__text">
            {t(`${offer.kind}_waiting`, { name: offer.to })}
            {offer.deadline && <Left until={offer.deadline} />}
          </span>
          {offer.mine && (
            <button type="button" class="button button-small button-secondary" onClick={() => app.withdraw(offer.id)}>
              {t("withdraw")}
            </button>
          )}
        </div>
      ))}
      {mine && others.length > 0 && (
        <div class="lcd-strip">
          <Icon name="group" />
          <span class="lcd-strip__text">
            {isOwner
              ? t("conference", { names: others.map(({ name }) => name).join(", ") })
              : t("conference_guest", { name: owner?.name ?? others[0]!.name })}
          </span>
          <button
            type="button"
            class="button button-small button-secondary"
            onClick={() => (isOwner ? app.endConference(conversation.id) : app.leaveConference(conversation.id))}
          >
            {t(isOwner ? "conference_end" : "conference_leave")}
          </button>
        </div>
      )}
    </>
  );
}

/** A running clock must not be read aloud every second. */
function Left({ until }: { until: string }) {
  const left = Math.max(0, Date.parse(until) - useNow());
  return (
    <span class="lcd-strip__time" aria-hidden="true">
      {" "}
      {clock(left)}
    </span>
  );
}

function Timer({ conversation, app }: { conversation: DeskConversation; app: DeskApp }) {
  const { state, queued_at, created_at, answered_at, ended_at } = conversation;
  if (state === "queued") return <Running since={queued_at ?? created_at} text={(time) => app.t("waiting_for", { time })} />;
  const since = answered_at ?? created_at;
  if (state === "active") return <Running since={since} text={(time) => time} label={app.t("duration")} />;
  return (
    <span title={app.t("duration")}>
      <Icon name="time" /> {clock(Date.parse(ended_at ?? since) - Date.parse(created_at))}
    </span>
  );
}

function Running({ since, text, label }: { since: string; text: (time: string) => string; label?: string }) {
  const time = clock(useNow() - Date.parse(since));
  return (
    <span {...(label ? { title: label } : {})}>
      <Icon name="time" /> {text(time)}
    </span>
  );
}
