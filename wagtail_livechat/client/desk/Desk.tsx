import { useEffect, useReducer } from "preact/hooks";

import { OfferCards } from "../offers/OfferCards";
import type { DeskConversation } from "../shared/protocol";
import type { DeskApp } from "./app";
import { Conversation } from "./Conversation";
import { DraftDialog } from "./DraftDialog";
import { BanDialog, KeysDialog, WrapUpDialog } from "./dialogs";
import { ListColumn } from "./ListColumn";
import { PeopleDialog } from "./PeopleDialog";
import { RevealDialog } from "./Reveal";
import { TeamTalk } from "./Team";
import { TopBar } from "./TopBar";
import { SidePanel } from "./VisitorPanel";

/** The whole desk: lists, conversation, visitor; on narrow screens one of them at a time. */
export function Desk({ app }: { app: DeskApp }) {
  const [, draw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => app.subscribe(() => draw(undefined)), [app]);
  const { view, t } = app;
  const conversation = app.selected;
  return (
    <div class={`lcd__frame lcd--${view.pane}`}>
      <TopBar app={app} me={view.desk.me} line={view.line} prefs={view.prefs} ready={view.desk.ready} />
      <Banner app={app} />
      <Orphans app={app} />
      <div class="lcd__columns">
        <ListColumn
          app={app}
          lists={view.lists}
          selected={view.selected}
          ready={view.desk.ready}
          busy={app.answers.busy}
          operators={view.desk.operators}
          team={view.desk.team}
        />
        {app.talk ? <TeamTalk app={app} talk={app.talk} /> : <Conversation app={app} conversation={conversation} />}
        {conversation && <SidePanel app={app} conversation={conversation} />}
      </div>
      <div class="lcd__offers">
        <OfferCards
          offers={view.offers}
          shown={1}
          t={t}
          formats={app.formats}
          busy={app.answers.busy}
          notice={app.answers.notice}
          onAccept={(offer) => app.accept(offer.id)}
          onDecline={(offer) => app.decline(offer.id)}
          onDismiss={(offer) => app.answers.dismiss(offer.id)}
          onNoticeRead={() => app.answers.readNotice()}
        />
      </div>
      <div class="w-sr-only" role="status" aria-live="polite">
        {view.spoken}
      </div>
      {view.dialog === "keys" && <KeysDialog app={app} />}
      {conversation && <ConversationDialog app={app} conversation={conversation} />}
    </div>
  );
}

/** The dialog about the conversation on the screen, if one is open. */
function ConversationDialog({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const about = { app, conversation };
  switch (app.view.dialog) {
    case "end":
    case "wrap_up":
      return <WrapUpDialog {...about} ends={app.view.dialog === "end"} />;
    case "transfer":
    case "invite":
      return <PeopleDialog {...about} purpose={app.view.dialog} />;
    case "draft":
      return <DraftDialog {...about} />;
    case "ban":
      return <BanDialog {...about} />;
    case "reveal":
      return <RevealDialog {...about} />;
    default:
      return null;
  }
}

/** What went wrong and concerns the whole desk. */
function Banner({ app }: { app: DeskApp }) {
  const { line, notice, desk } = app.view;
  const { t } = app;
  if (line.state === "stopped") {
    const who = line.code === "unauthorised" || line.code === "forbidden";
    return (
      <div class="lcd-banner lcd-banner--stopped" role="alert">
        <span>{t(who ? "line_unauthorised" : line.code === "version" ? "line_version" : "line_closed")}</span>
        {who ? (
          <a class="button button-small" href={`${app.config.urls.login}?next=${encodeURIComponent(app.config.urls.desk)}`}>
            {t("line_login")}
          </a>
        ) : (
          <button type="button" class="button button-small" onClick={() => location.reload()}>
            {t("line_reload")}
          </button>
        )}
      </div>
    );
  }
  if (desk.ready && (line.state === "offline" || line.state === "reconnecting")) {
    return (
      <div class="lcd-banner" role="status">
        {t("line_offline_kept")}
      </div>
    );
  }
  if (!notice && desk.me?.status === "rona") {
    return (
      <div class="lcd-banner" role="alert">
        <span>{t("rona")}</span>
        <button type="button" class="button button-small" onClick={() => app.setStatus("available")}>
          {t("go_available")}
        </button>
      </div>
    );
  }
  if (!notice) return null;
  return (
    <div class="lcd-banner" role="alert">
      <span>{notice}</span>
      <button type="button" class="button button-small button-secondary" onClick={() => app.readNotice()}>
        {t("dismiss")}
      </button>
    </div>
  );
}

/** Texts that were refused and whose conversation is no longer in the lists: shown here, or they would be lost. */
function Orphans({ app }: { app: DeskApp }) {
  const { t, view } = app;
  if (!view.desk.ready) return null;
  const orphans = view.pending.filter(({ refused, conversation }) => refused && !app.isListed(conversation));
  return (
    <>
      {orphans.map(({ client_id, text, refused }) => (
        <div key={client_id} class="lcd-banner" role="alert">
          <span>
            {t("refused", { reason: refused?.message ?? "" })} <q dir="auto">{text}</q>
          </span>
          <button type="button" class="button button-small button-secondary" onClick={() => app.discard(client_id)}>
            {t("discard")}
          </button>
        </div>
      ))}
    </>
  );
}
