import { useEffect } from "preact/hooks";

import { Icon } from "../offers/Icon";
import type { DeskConversation, OperatorCommand, OperatorEvent, PageRow, PagesListed } from "../shared/protocol";
import type { DeskApp } from "./app";
import { insert } from "./keyboard";

/** The pages that were last looked through, one section at a time. */
export class Pages {
  private listed: PagesListed | null = null;

  constructor(
    private readonly send: (command: OperatorCommand) => boolean,
    private readonly changed: () => void,
  ) {}

  browse(conversation: string, parent?: number): void {
    this.send({ type: "pages.browse", conversation, ...(parent !== undefined && { parent }) });
  }

  onEvent(event: OperatorEvent): void {
    if (event.type !== "pages.listed") return;
    this.listed = event;
    this.changed();
  }

  of(conversation: string): PagesListed | null {
    return this.listed?.conversation === conversation ? this.listed : null;
  }
}

/** The site's live, public pages in the visitor's language, to be sent as a link. */
export function PageBrowser({ app, conversation, canWrite }: { app: DeskApp; conversation: DeskConversation; canWrite: boolean }) {
  const { t, pages, view } = app;
  const { id } = conversation;
  const isLive = view.line.state === "live";
  const listed = pages.of(id);
  useEffect(() => {
    if (isLive && !pages.of(id)) pages.browse(id);
  }, [id, isLive]);
  if (!listed) return null;
  const here = listed.trail[listed.trail.length - 1];
  return (
    <section class="lcd-pages">
      <h3 class="lcd-panel__title">{t("pages_browse")}</h3>
      <nav class="lcd-pages__trail" aria-label={t("pages_browse")}>
        {listed.trail.slice(0, -1).map((page) => (
          <span key={page.id}>
            <button type="button" class="lcd-pages__up" onClick={() => pages.browse(id, page.id)}>
              <bdi>{page.title}</bdi>
            </button>
            <span aria-hidden="true"> / </span>
          </span>
        ))}
        {here && <bdi aria-current="true">{here.title}</bdi>}
      </nav>
      <ul>
        {here && <Row app={app} page={{ ...here, has_more: false }} canWrite={canWrite} />}
        {listed.pages.map((page) => (
          <Row key={page.id} app={app} page={page} canWrite={canWrite} onOpen={() => pages.browse(id, page.id)} />
        ))}
      </ul>
      {listed.pages.length === 0 && <p class="lcd-panel__none">{t("pages_none_here")}</p>}
    </section>
  );
}

function Row({ app, page, canWrite, onOpen }: { app: DeskApp; page: PageRow; canWrite: boolean; onOpen?: () => void }) {
  const { t } = app;
  const { title, url } = page;
  return (
    <li class="lcd-pages__row">
      <a href={url} target="_blank" rel="noopener" class="lcd-pages__title">
        <bdi>{title}</bdi>
      </a>
      {canWrite && url && (
        <button
          type="button"
          class="button button-small button-secondary"
          aria-label={`${t("paste_link")}: ${title}`}
          onClick={() => insert({ text: url })}
        >
          {t("paste_link")}
        </button>
      )}
      {page.has_more && onOpen && (
        <button type="button" class="lcd-tool" aria-label={t("pages_open", { title })} title={t("pages_open", { title })} onClick={onOpen}>
          <Icon name="arrow-right" />
        </button>
      )}
    </li>
  );
}
