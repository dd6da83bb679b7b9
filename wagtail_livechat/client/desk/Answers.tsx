import { useEffect, useRef, useState } from "preact/hooks";

import { Icon } from "../offers/Icon";
import type { DeskConversation, KnowledgeResult } from "../shared/protocol";
import type { DeskApp } from "./app";
import { insert } from "./keyboard";
import { PageBrowser } from "./PageBrowser";
import { filled, fitting, matching, valuesFor } from "./quickReplies";

const PAUSE = 250;
const QUICK_SHOWN = 20;

/** Everything that can be said without writing it: quick replies, and what the site knows. */
export function Answers({ app, conversation }: { app: DeskApp; conversation: DeskConversation }) {
  const { t, view } = app;
  const { id } = conversation;
  const [query, setQuery] = useState(() => app.knowledge.query(id));
  const field = useRef<HTMLInputElement>(null);
  const wanted = query.trim();
  const canWrite = conversation.mine && conversation.state === "active" && !conversation.blocked;
  const replies = matching(fitting(view.desk.library.quick_replies, conversation), wanted).slice(0, QUICK_SHOWN);
  const { results, isSearching } = app.knowledge.found(id, wanted);

  useEffect(() => {
    if (app.searchesNow()) field.current?.focus();
  });
  useEffect(() => {
    const timer = setTimeout(() => app.knowledge.search(id, wanted), wanted ? PAUSE : 0);
    return () => clearTimeout(timer);
  }, [id, wanted]);

  const values = valuesFor(conversation, view.desk.me?.name ?? "");
  const kinds = [...new Set(results.map(({ kind }) => kind))];
  return (
    <div class="lcd-answers">
      <h2 class="w-sr-only">{t("panel_answers")}</h2>
      <div class="lcd-answers__search">
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          class="lcd-input"
          aria-label={t("answers_search")}
          placeholder={t("answers_search")}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
      </div>
      {replies.length > 0 && (
        <section>
          <h3 class="lcd-panel__title">{t("quick")}</h3>
          <ul>
            {replies.map((reply) => (
              <li key={reply.id} class="lcd-answer">
                <p class="lcd-answer__title">
                  <bdi>{reply.name}</bdi>
                  {reply.shortcut && <kbd>/{reply.shortcut}</kbd>}
                </p>
                <p class="lcd-answer__text" dir="auto">
                  {filled(reply.text, values)}
                </p>
                {canWrite && (
                  <button
                    type="button"
                    class="button button-small button-secondary"
                    aria-label={`${t("paste")}: ${reply.name}`}
                    onClick={() => insert({ text: filled(reply.text, values), reply: reply.id })}
                  >
                    {t("paste")}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      {kinds.map((kind) => (
        <section key={kind}>
          <h3 class="lcd-panel__title">{t(`kind_${kind}`)}</h3>
          <ul>
            {results
              .filter((result) => result.kind === kind)
              .map((result) => (
                <Found key={result.url + result.title} app={app} result={result} canWrite={canWrite} />
              ))}
          </ul>
        </section>
      ))}
      {!wanted && <PageBrowser app={app} conversation={conversation} canWrite={canWrite} />}
      <p class="lcd-panel__none" role="status">
        {isSearching
          ? t("answers_searching")
          : !wanted
            ? t("answers_help")
            : results.length + replies.length === 0
              ? t("answers_none", { query: wanted })
              : ""}
      </p>
    </div>
  );
}

function Found({ app, result, canWrite }: { app: DeskApp; result: KnowledgeResult; canWrite: boolean }) {
  const { t } = app;
  const { title, text, url } = result;
  return (
    <li class="lcd-answer">
      <p class="lcd-answer__title">
        {url ? (
          <a href={url} target="_blank" rel="noopener">
            <bdi>{title}</bdi>
          </a>
        ) : (
          <bdi>{title}</bdi>
        )}
      </p>
      {text && (
        <p class="lcd-answer__text" dir="auto">
          {text}
        </p>
      )}
      {canWrite && (
        <div class="lcd-answer__actions">
          {text && (
            <button
              type="button"
              class="button button-small button-secondary"
              aria-label={`${t("paste")}: ${title}`}
              onClick={() => insert({ text })}
            >
              {t("paste")}
            </button>
          )}
          {url && (
            <button
              type="button"
              class="button button-small button-secondary"
              aria-label={`${t("paste_link")}: ${title}`}
              onClick={() => insert({ text: url })}
            >
              {t("paste_link")}
            </button>
          )}
        </div>
      )}
    </li>
  );
}
