import type { ComponentChildren } from "preact";

import { Icon } from "../offers/Icon";
import { path } from "../offers/OfferCards";
import { clock } from "../offers/time";
import type { DeskConversation, OperatorPresence } from "../shared/protocol";
import type { DeskApp } from "./app";
import { Avatar } from "./Avatar";
import { browserName } from "./browser";
import { PageLink } from "./Conversation";
import { memo } from "./memo";

interface VisitorPanelProps {
  app: DeskApp;
  conversation: DeskConversation;
  operators: readonly OperatorPresence[];
}

/** Who it is and where they are. */
export const VisitorPanel = memo(function VisitorPanel({ app, conversation, operators }: VisitorPanelProps) {
  const { t, formats } = app;
  const { visitor, page, state, created_at, answered_at } = conversation;
  const language = conversation.language || visitor.language;
  return (
    <aside class="lcd-panel w-scrollbar-thin" aria-label={t("panel")}>
      <header class="lcd-panel__head">
        <button type="button" class="lcd-tool lcd-panel__back" aria-label={t("close")} onClick={() => app.show("conversation")}>
          <Icon name="cross" />
        </button>
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
      <Group title={t("details")}>
        <Fact name={t("name")} value={visitor.name} none={t("not_given")} />
        <Fact name={t("email")} value={visitor.email} none={t("not_given")} />
        <Fact name={t("phone")} value={visitor.phone} />
        <Fact name={t("reference")} value={visitor.reference} />
        <Fact name={t("language")} value={language && formats.languageName(language)} />
        <Fact name={t("browser")} value={browserName(visitor.browser)} title={visitor.browser} />
        <Fact
          name={t("conversations")}
          value={visitor.conversations > 1 ? String(visitor.conversations) : t("first_one")}
        />
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
        {conversation.proactive && <p class="lcd-panel__mark">{t("proactive")}</p>}
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
    </aside>
  );
});

function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="lcd-panel__group">
      <h3 class="lcd-panel__title">{title}</h3>
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
