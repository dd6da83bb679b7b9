import { useLayoutEffect, useRef } from "preact/hooks";

import { Icon } from "../offers/Icon";
import { path } from "../offers/OfferCards";
import { LINK_ATTRIBUTES, pieces } from "../shared/links";
import type { DeskConversation } from "../shared/protocol";
import type { DeskApp } from "./app";
import { Composer } from "./Composer";
import { PickBar } from "./DraftDialog";
import { Head, Strips } from "./Head";
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
      <Head app={app} conversation={conversation} heading={heading} />
      <Strips app={app} conversation={conversation} />
      <Timeline
        key={conversation.id}
        app={app}
        receipts={conversation.receipts}
        name={app.name(conversation)}
        canWrite={conversation.mine && conversation.state === "active"}
        timeline={timeline}
        pending={pending}
        typing={conversation.state === "ended" ? undefined : view.desk.typing[conversation.id]}
        isFetching={app.following.older.has(conversation.id)}
        isLive={view.line.state === "live"}
        picked={view.picked}
      />
      {view.picked ? <PickBar app={app} picked={view.picked} /> : <Foot app={app} conversation={conversation} />}
    </section>
  );
}

/** What can be done with the conversation: answer, take, put away, or only read. */
function Foot({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t } = app;
  const { id, state, mine, offer, operators } = conversation;
  if (mine && state === "active" && conversation.blocked) return <Blocked app={app} conversation={conversation} />;
  if (mine && state === "active") return <Composer key={id} app={app} conversation={conversation} />;
  if (state === "ended") {
    const isUnexplained = mine && conversation.wrap_up_reason === undefined && !conversation.wrap_up_note;
    const mustExplain = isUnexplained && conversation.wrap_up_required;
    const record = app.config.urls.record.replace("{case}", encodeURIComponent(conversation.case_number));
    return (
      <footer class="lcd-foot">
        <p>{t(`ended_by_${conversation.ended_by === "bot" ? "system" : (conversation.ended_by ?? "system")}`)}</p>
        <div class="lcd-foot__actions">
          {isUnexplained && (
            <button
              type="button"
              class={`button button-small ${mustExplain ? "" : "button-secondary"}`}
              onClick={() => app.openDialog("wrap_up")}
            >
              {t("wrap_up")}
            </button>
          )}
          {record && (
            <a class="button button-small button-secondary" href={record}>
              {t("record")}
            </a>
          )}
          {!mustExplain && (
            <button type="button" class="button button-small" onClick={() => app.putAway(id)}>
              {t("put_away")}
            </button>
          )}
        </div>
      </footer>
    );
  }
  if (state === "offline") {
    return (
      <footer class="lcd-foot">
        <p>{t("offline_case")}</p>
        <div class="lcd-foot__actions">
          <button type="button" class="button button-small" onClick={() => app.closeCase(id)}>
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

/** Nothing can be sent any more. What was being written is shown, so that it is not lost. */
function Blocked({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t } = app;
  const { text } = app.drafts.get(conversation.id);
  return (
    <footer class="lcd-foot">
      {text && <q dir="auto">{text}</q>}
      <div class="lcd-foot__actions">
        {app.isOwner(conversation) && (
          <button type="button" class="button button-small" onClick={() => app.openDialog("transfer")}>
            {t("transfer")}
          </button>
        )}
        {app.isOwner(conversation) && (
          <button type="button" class="button button-small button-secondary no" onClick={() => app.askToEnd()}>
            {t("end")}
          </button>
        )}
      </div>
    </footer>
  );
}

/** The page that the conversation began on; only ordinary web addresses become links. */
export function PageLink({ conversation: { page }, app }: { conversation: Pick<DeskConversation, "page">; app: DeskApp }) {
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
