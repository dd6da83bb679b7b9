import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { Icon } from "../offers/Icon";
import { path } from "../offers/OfferCards";
import { clock } from "../offers/time";
import type { DeskConversation, VisitorHistory } from "../shared/protocol";
import type { DeskApp } from "./app";
import { Answers } from "./Answers";
import { useAsked } from "./asked";
import { Avatar } from "./Avatar";
import { browserName } from "./browser";
import { PageLink } from "./Conversation";
import { Problem } from "./Dialog";
import { memo } from "./memo";
import { VeiledDetail } from "./Reveal";
import type { RevealedHere } from "./veiled";
import { Tags } from "./Tags";

const PANELS = ["visitor", "answers"] as const;

/** Beside the conversation: who it is, or what could be said. */
export function SidePanel({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t, view } = app;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    event.stopPropagation();
    const next = view.panel === "visitor" ? "answers" : "visitor";
    app.showPanel(next);
    document.getElementById(`lcd-tab-${next}`)?.focus();
  };
  return (
    <aside class="lcd-panel" aria-label={t(view.panel === "visitor" ? "panel" : "panel_answers")}>
      <div class="lcd-panel__top">
        <div class="lcd-tabs" role="tablist" onKeyDown={onKeyDown}>
          {PANELS.map((panel) => (
            <button
              key={panel}
              id={`lcd-tab-${panel}`}
              type="button"
              role="tab"
              class="lcd-tabs__tab"
              aria-selected={panel === view.panel}
              aria-controls="lcd-panel-content"
              tabIndex={panel === view.panel ? 0 : -1}
              onClick={() => app.showPanel(panel)}
            >
              {t(panel === "visitor" ? "panel" : "panel_answers")}
            </button>
          ))}
        </div>
        <button type="button" class="lcd-tool lcd-panel__back" aria-label={t("close")} onClick={() => app.show("conversation")}>
          <Icon name="cross" />
        </button>
      </div>
      <div class="lcd-panel__content w-scrollbar-thin" id="lcd-panel-content" role="tabpanel" tabIndex={0} aria-labelledby={`lcd-tab-${view.panel}`}>
        {view.panel === "answers" ? (
          <Answers key={conversation.id} app={app} conversation={conversation} />
        ) : (
          <Visitor
            key={conversation.id}
            app={app}
            conversation={conversation}
            operators={view.desk.operators}
            tags={view.desk.library.tags}
            history={view.histories[conversation.id]}
            mayReveal={view.mayReveal}
            revealed={view.revealed[conversation.id]}
          />
        )}
      </div>
    </aside>
  );
}

interface VisitorProps {
  app: DeskApp;
  conversation: DeskConversation;
  operators: DeskApp["view"]["desk"]["operators"];
  tags: readonly string[];
  history: VisitorHistory | undefined;
  /** These two only have it drawn anew when they change. */
  mayReveal: boolean;
  revealed: RevealedHere | undefined;
}

/** Who it is and where they are. */
const Visitor = memo(function Visitor({ app, conversation, operators, tags, history }: VisitorProps) {
  const { t, formats, config } = app;
  const { visitor, page, state, created_at, answered_at } = conversation;
  const [isEditing, setEditing] = useState(false);
  const language = conversation.language || visitor.language;
  const reason = app.view.desk.library.wrap_up_reasons.find(({ id }) => id === conversation.wrap_up_reason);
  return (
    <>
      <header class="lcd-panel__head">
        <Avatar name={visitor.name} />
        <div>
          <h2 class="lcd-panel__name">
            <bdi>{app.name(conversation)}</bdi>
          </h2>
          <p class="lcd-panel__where">
            <span class={`lcd-dot lcd-dot--${visitor.online ? "available" : "offline"}`} />
            {t(visitor.online ? "online" : "away_now")}
          </p>
        </div>
      </header>
      <Group
        title={t("details")}
        action={
          !isEditing && (
            <button type="button" class="lcd-link" onClick={() => setEditing(true)}>
              <Icon name="edit" /> {t("edit_details")}
            </button>
          )
        }
      >
        {isEditing ? (
          <Details app={app} conversation={conversation} onDone={() => setEditing(false)} />
        ) : (
          <>
            {DETAILS.map(([field]) => (
              <Fact
                key={field}
                name={t(field)}
                value={visitor[field] && <VeiledDetail app={app} conversation={conversation} detail={field} />}
                {...(field === "name" || field === "email" ? { none: t("not_given") } : {})}
              />
            ))}
          </>
        )}
        <Fact name={t("language")} value={language && formats.languageName(language)} />
        <Fact name={t("browser")} value={browserName(visitor.browser)} title={visitor.browser} />
      </Group>
      <Group title={t("tags")}>
        <Tags app={app} conversation={conversation} known={tags} />
      </Group>
      <Group title={t("conversation")}>
        <Fact name={t("first_page")} value={<PageLink conversation={conversation} app={app} />} />
        {page?.title && page.url && <Fact name={t("address")} value={path(page.url)} />}
        <Fact name={t("site")} value={conversation.site} />
        <Fact name={t("department")} value={conversation.department?.name} />
        <Fact name={t("started")} value={formats.fullOf(created_at)} />
        {answered_at && <Fact name={t("answered_after")} value={clock(Date.parse(answered_at) - Date.parse(created_at))} />}
        {state === "ended" && conversation.ended_at && (
          <Fact name={t("duration")} value={clock(Date.parse(conversation.ended_at) - Date.parse(created_at))} />
        )}
        <Fact name={t("wrap_up_reason")} value={reason?.name} />
        <Fact name={t("wrap_up_note")} value={conversation.wrap_up_note} />
        {conversation.consent && (
          <Fact
            name={t("consent")}
            value={conversation.consent.text}
            title={t("consent_of", { language: formats.languageName(conversation.consent.language), version: conversation.consent.version })}
          />
        )}
        {conversation.consent && <Fact name={t("consent_at")} value={formats.fullOf(conversation.consent.at)} />}
        {conversation.proactive && <p class="lcd-panel__mark">{t("proactive")}</p>}
      </Group>
      <Group title={t("pages")}>
        <Pages app={app} history={history} />
      </Group>
      <Group title={t("earlier")}>
        <Earlier app={app} conversation={conversation} history={history} />
      </Group>
      <Group title={t("taking_part")}>
        {conversation.operators.length === 0 && <p class="lcd-panel__none">{t("nobody")}</p>}
        <ul class="lcd-panel__people">
          {conversation.operators.map((operator) => (
            <li key={operator.id}>
              <Avatar name={operator.name} picture={operator.picture} />
              <bdi>{operator.name}</bdi>
              <span class={`lcd-dot lcd-dot--${operators.find(({ id }) => id === operator.id)?.status ?? "offline"}`} />
            </li>
          ))}
        </ul>
      </Group>
      {config.mayBan && (
        <div class="lcd-panel__group">
          <button type="button" class="button button-small button-secondary no" onClick={() => app.openDialog("ban")}>
            {t("ban")}
          </button>
        </div>
      )}
    </>
  );
});

/** Field, keyboard on phones, longest that the server takes. */
const DETAILS = [
  ["name", "text", 255],
  ["email", "email", 254],
  ["phone", "tel", 64],
  ["reference", "text", 255],
] as const;

/** What is known of the visitor, to correct and to add to. */
function Details({ app, conversation, onDone }: { app: DeskApp; conversation: DeskConversation; onDone: () => void }) {
  const { t } = app;
  const { name, email, phone, reference } = conversation.visitor;
  const [values, setValues] = useState({ name, email, phone, reference });
  const asked = useAsked(app);
  const save = (): void => {
    const trimmed = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value.trim()])) as typeof values;
    asked.ask({ type: "visitor.update", conversation: conversation.id, ...trimmed }, onDone);
  };
  return (
    <form
      class="lcd-form lcd-details"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onDone();
      }}
    >
      {DETAILS.map(([field, inputMode, longest], at) => (
        <label key={field} class="lcd-form__field">
          <span class="lcd-form__label">{t(field)}</span>
          <input
            type="text"
            inputMode={inputMode}
            class="lcd-input"
            dir="auto"
            autoComplete="off"
            autoFocus={at === 0}
            maxLength={longest}
            value={values[field]}
            onInput={(event) => setValues({ ...values, [field]: event.currentTarget.value })}
          />
        </label>
      ))}
      <Problem text={asked.problem} />
      <div class="lcd-dialog__actions">
        <button type="submit" class="button button-small" disabled={asked.isBusy}>
          {t("save")}
        </button>
        <button type="button" class="button button-small button-secondary" onClick={onDone}>
          {t("cancel")}
        </button>
      </div>
    </form>
  );
}

function Pages({ app, history }: { app: DeskApp; history: VisitorHistory | undefined }) {
  const { t, formats } = app;
  if (!history) return <p class="lcd-panel__none">{t("loading")}</p>;
  if (!history.pages.length) return <p class="lcd-panel__none">{t("pages_none")}</p>;
  return (
    <ol class="lcd-visits">
      {history.pages.map((page) => (
        <li key={`${page.at} ${page.url}`}>
          <PageLink conversation={{ page }} app={app} />
          <time dateTime={page.at} title={formats.fullOf(page.at)}>
            {formats.shortOf(page.at)}
          </time>
        </li>
      ))}
    </ol>
  );
}

function Earlier({ app, conversation, history }: { app: DeskApp; conversation: DeskConversation; history: VisitorHistory | undefined }) {
  const { t, formats, config } = app;
  if (conversation.visitor.conversations <= 1) return <p class="lcd-panel__none">{t("first_one")}</p>;
  if (!history) return <p class="lcd-panel__none">{t("loading")}</p>;
  if (!history.earlier.length) return <p class="lcd-panel__none">{t("earlier_none")}</p>;
  return (
    <ol class="lcd-earlier">
      {history.earlier.map(({ case_number: number, started_at, first_text }) => {
        const record = config.urls.record.replace("{case}", encodeURIComponent(number));
        return (
          <li key={number}>
            <p class="lcd-earlier__first">
              {record ? <a href={record}>{number}</a> : <span>{number}</span>}
              <time dateTime={started_at}>{formats.shortOf(started_at)}</time>
            </p>
            <p class="lcd-earlier__text" dir="auto">
              {first_text || t("no_text")}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

function Group({ title, action, children }: { title: string; action?: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="lcd-panel__group">
      <div class="lcd-panel__titles">
        <h3 class="lcd-panel__title">{title}</h3>
        {action}
      </div>
      {children}
    </section>
  );
}

interface FactProps {
  name: string;
  value: ComponentChildren;
  /** Shown where there is no value; without it the fact is left out. */
  none?: string;
  title?: string;
}

function Fact({ name, value, none, title }: FactProps) {
  if (!value && !none) return null;
  return (
    <dl class="lcd-fact">
      <dt>{name}</dt>
      <dd class={value ? "" : "lcd-panel__none"} {...(title ? { title } : {})}>
        <bdi>{value || none}</bdi>
      </dd>
    </dl>
  );
}
