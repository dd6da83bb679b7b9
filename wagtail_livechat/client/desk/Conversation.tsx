import { useLayoutEffect, useRef } from "preact/hooks";

import { Icon } from "../offers/Icon";
import { path } from "../offers/OfferCards";
import { clock, useNow } from "../offers/time";
import { LINK_ATTRIBUTES, pieces } from "../shared/links";
import type { DeskConversation } from "../shared/protocol";
import type { DeskApp } from "./app";
import { Avatar } from "./Avatar";
import { Composer } from "./Composer";
import { Timeline } from "./Timeline";

/** The middle column. */
export function Conversation({ app, conversation }: { app: DeskApp; conversation: DeskConversation | null }) {
  const { t, view } = app;
  const heading = useRef<HTMLHeadingElement>(null);
  const id = conversation?.id;

  useLayoutEffect(() => {
    // On a narrow screen the list is gone now: the focus must not stay on what is not there.
    const focused = document.activeElement;
    const isGone = focused instanceof HTMLElement && focused !== document.body && focused.offsetParent === null;
    if (id && isGone) heading.current?.focus();
  }, [id, view.pane]);

  if (!conversation) return <Nothing app={app} />;
  const timeline = view.desk.timelines[conversation.id];
  const pending = view.pending.filter((item) => item.conversation === conversation.id);
  return (
    <section class="lcd-conversation" aria-label={t("conversation")}>
      <header class="lcd-head">
        <button type="button" class="lcd-tool lcd-head__back" aria-label={t("back")} onClick={() => app.show("lists")}>
          <Icon name="arrow-left" />
        </button>
        <Avatar name={conversation.visitor.name} isOnline={conversation.visitor.online} />
        <div class="lcd-head__texts">
          <h2 class="lcd-head__name" tabIndex={-1} ref={heading}>
            <bdi>{app.name(conversation)}</bdi>
          </h2>
          <p class="lcd-head__facts">
            <span class="lcd-head__case">{t("case", { number: conversation.case_number })}</span>
            <PageLink conversation={conversation} app={app} />
            {conversation.language && <span>{app.formats.languageName(conversation.language)}</span>}
            <Timer conversation={conversation} app={app} />
          </p>
        </div>
        {conversation.mine && conversation.state === "active" && (
          <button type="button" class="button button-small button-secondary no lcd-head__end" onClick={() => app.askToEnd()}>
            {t("end")}
          </button>
        )}
        <button type="button" class="lcd-tool lcd-head__details" aria-label={t("details")} onClick={() => app.show("details")}>
          <Icon name="info-circle" />
        </button>
      </header>
      <Timeline
        key={conversation.id}
        app={app}
        conversation={conversation}
        timeline={timeline}
        pending={pending}
        typing={view.desk.typing[conversation.id]}
        isFetching={app.following.older.has(conversation.id)}
        isLive={view.line.state === "live"}
      />
      <Foot app={app} conversation={conversation} />
    </section>
  );
}

/** What can be done with the conversation: answer, take, put away, or only read. */
function Foot({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t } = app;
  const { id, state, mine, offer, operators } = conversation;
  if (mine && state === "active") return <Composer key={id} app={app} conversation={conversation} />;
  if (state === "ended") {
    const record = app.config.urls.record.replace("{case}", encodeURIComponent(conversation.case_number));
    return (
      <footer class="lcd-foot">
        <p>{t(`ended_by_${conversation.ended_by === "bot" ? "system" : (conversation.ended_by ?? "system")}`)}</p>
        <div class="lcd-foot__actions">
          {record && (
            <a class="button button-small button-secondary" href={record}>
              {t("record")}
            </a>
          )}
          <button type="button" class="button button-small" onClick={() => app.putAway(id)}>
            {t("put_away")}
          </button>
        </div>
      </footer>
    );
  }
  if (state === "offline") {
    return (
      <footer class="lcd-foot">
        <p>{t("offline_case")}</p>
        <div class="lcd-foot__actions">
          <button type="button" class="button button-small" onClick={() => app.end(id)}>
            {t("offline_done")}
          </button>
        </div>
      </footer>
    );
  }
  return (
    <footer class="lcd-foot">
      <p>
        {state === "queued"
          ? t("read_only_queue")
          : t("read_only", { names: operators.map(({ name }) => name).join(", ") })}
      </p>
      {offer !== undefined && (
        <div class="lcd-foot__actions">
          <button type="button" class="button" disabled={app.answers.busy.has(offer)} onClick={() => app.accept(offer)}>
            {t("accept")}
          </button>
          <button
            type="button"
            class="button button-secondary"
            disabled={app.answers.busy.has(offer)}
            onClick={() => app.decline(offer)}
          >
            {t("decline")}
          </button>
        </div>
      )}
    </footer>
  );
}

/** The page that the conversation began on; only ordinary web addresses become links. */
export function PageLink({ conversation: { page }, app }: { conversation: DeskConversation; app: DeskApp }) {
  if (!page?.url && !page?.title) return <span>{app.t("page_unknown")}</span>;
  const text = page.title || path(page.url);
  const [link] = pieces(page.url);
  return typeof link === "object" && /^https?:/.test(link.href) ? (
    <a class="lcd-page" href={link.href} title={page.url} {...LINK_ATTRIBUTES}>
      <bdi>{text}</bdi>
    </a>
  ) : (
    <bdi>{text}</bdi>
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

function Nothing({ app }: { app: DeskApp }) {
  const { t, view } = app;
  const { desk, lists } = view;
  if (!desk.ready) return <section class="lcd-conversation lcd-nothing" aria-busy="true" />;
  const isQuiet = !lists.waiting.length && !lists.mine.length;
  const isAway = desk.me?.status !== "available";
  return (
    <section class="lcd-conversation lcd-nothing" aria-label={t("conversation")}>
      <Icon name="livechat" class="lcd-nothing__icon" />
      <h2 class="lcd-nothing__title">{t(isQuiet ? "quiet" : "choose")}</h2>
      <p>{t(isAway ? "quiet_away" : isQuiet ? "quiet_help" : "choose_help")}</p>
      {isAway && (
        <button type="button" class="button" onClick={() => app.setStatus("available")}>
          {t("go_available")}
        </button>
      )}
    </section>
  );
}
